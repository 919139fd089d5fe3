"""What `make thorough` writes about templates: pages of docs/evidence."""

import contextlib
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aas_submodel_validate import validate as smtv_validate
from aas_test_engines import file as engine

from nacre_aas import files, jsonization
from nacre_aas.constraints import RULES
from nacre_aas.findings import Severity
from nacre_aas.model import (
    Environment,
    LangStringTextType,
    MultiLanguageProperty,
    Property,
    SubmodelElement,
    SubmodelElementCollection,
    SubmodelElementList,
)
from nacre_aas.schema import walk as records
from nacre_submodels import catalogue, conformance
from nacre_submodels.builder import build
from nacre_submodels.check import TemplateCheck
from nacre_submodels.compiler import templates_of
from nacre_submodels.lint import LintCheck
from nacre_submodels.samples import sample
from nacre_submodels.template import walk

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("NACRE_SHARED", ROOT.parent / "shared")) / "data"
sys.path.insert(0, str(ROOT / "tests" / "property"))  # the mutations are those of the tests

NAMES = (
    "02002", "02003", "02004", "02006", "02007", "HierarchicalStructures", "02023", "02035-1",
    "02035-2", "02035-4", "02035-5", "02035-7",
)  # fmt: skip


def _smtv(data: bytes, profile: str | None) -> set[str]:
    report = smtv_validate(data, format="json", profile=profile)
    return {
        f"{each.rule.id} {each.violation}"
        for each in report.findings
        if each.severity.value in ("error", "warning")
    }


def _nacre(data: bytes) -> set[str]:
    report = files.validate("x.json", data=data, checks=[TemplateCheck()])
    return {
        f"{each.code} {each.message} {each.location.element}"
        for each in report.findings
        if each.severity is not Severity.NOTE
    }


def compare(name: str) -> tuple[str, dict[str, int], list[str]]:
    """Counts for one template, and the mutations that only the other tool finds."""
    from mutations import mutated

    found = catalogue.shipped()
    template = found.template(found.find(name))
    values = sample(template)
    profile = {"02004": "02004", "02035-2": "02035-2"}.get(name)

    def made() -> Any:
        return build(template, values, "https://example.com/sm/1").submodel

    def data(submodel: Any) -> bytes:
        return jsonization.dumps(Environment(submodels=[submodel]))

    bare = data(made())
    own, theirs = _nacre(bare), _smtv(bare, profile)
    counts = dict.fromkeys(("mutations", "both", "nacre only", "smtv only", "neither"), 0)
    missed = []
    for number, (mutation, submodel) in enumerate(mutated(made, template.elements)):
        text = data(submodel)
        ours, other = bool(_nacre(text) - own), False
        with contextlib.suppress(Exception):
            other = bool(_smtv(text, profile) - theirs)
        counts["mutations"] += 1
        key = {(True, True): "both", (True, False): "nacre only", (False, True): "smtv only"}
        counts[key.get((ours, other), "neither")] += 1
        if other and not ours:
            missed.append(f"{mutation.name} (no. {number})")
    return template.label, counts, missed


def against_smtv() -> tuple[str, bool]:
    """Verdicts about seeded mutations, beside those of aas-submodel-validate."""
    lines = [
        "Each single mutation of the instance with all elements, found by an error or warning that the",
        "tool does not report about the instance itself.",
        "",
        "| template | mutations | both | Nacre only | smtv only | neither |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    missed_all = []
    for name in NAMES:
        label, counts, missed = compare(name)
        lines.append(f"| {label} | " + " | ".join(str(n) for n in counts.values()) + " |")
        missed_all += [f"- {label}: {each}" for each in missed]
    lines += ["", "Found by smtv only:", "", *(missed_all or ["- none"])]
    return "\n".join(lines), not missed_all


#: What decides where the official test engine and Nacre differ, by words in what the one says that refuses.
_ENGINE_REFUSES = {
    "no value": "an element without a value: IDTA-01001 gives `Property/value` and `MultiLanguageProperty/value` the "
    "cardinality 0..1, and a cardinality of the template asks for the element; SMT-023 warns where it is required",
    "is not a valid": "a value of ECLASS that IDTA 02002-1-0 lists: the template has no qualifier that allows only "
    "these, so another is a warning (SMT-122)",
    "No elements": "a contact without content: all elements of ContactInformation are ZeroToOne or ZeroToMany in "
    "IDTA 02002-1-0, and IDTA-01001 gives `SubmodelElementCollection/value` the cardinality 0..*",
}
_NACRE_REFUSES = {
    "Markings": "IDTA 02006-2-0, Markings: the engine has no rules for it",
    "AssetSpecificProperties": "IDTA 02006-2-0, AssetSpecificProperties: the engine has no rules for it",
    "CompanyLogo": "IDTA 02006-2-0, CompanyLogo: the engine has no rules for it",
    "IPCommunication": "IDTA 02002-1-0, IPCommunication: what it requires, the engine does not miss",
    **dict.fromkeys(
        ("NationalCode", "CityTown", "Street", "Zipcode"),
        "IDTA 02006-2-0, ContactInformation: the address is One there; the engine has the cardinalities of "
        "IDTA 02002-1-0",
    ),
    "URIOfTheProduct": "IDTA 02006-2-0, URIOfTheProduct: a URI (IEC 61406), which the engine does not check",
}


def against_engine() -> tuple[str, bool]:
    """Verdicts of the official test engine on the templates that it knows, and what decides each difference."""
    lines = [
        "The instance with all elements, each single mutation of it, and each of its elements with another value,",
        "without value and without content. A verdict is whether there is an error.",
        "",
        "| template | instances | both accept | both refuse | Nacre only refuses | engine only refuses |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    decided: Counter[str] = Counter()
    open_ = []
    for name in (
        "https://admin-shell.io/zvei/nameplate/2/0/Nameplate",
        "https://admin-shell.io/zvei/nameplate/1/0/ContactInformations",
    ):
        template = catalogue.shipped().template(catalogue.shipped().find(name))
        counts: Counter[tuple[bool, bool]] = Counter()
        for what, submodel in _changed(template):
            data = jsonization.dumps(Environment(submodels=[submodel]))
            found = files.validate("x.json", data=data, checks=[TemplateCheck()]).findings
            errors = [each for each in found if each.severity is Severity.ERROR]
            refusals = list(_refusals(engine.check_json_data(json.loads(data))))
            counts[bool(errors), bool(refusals)] += 1
            if bool(errors) == bool(refusals):
                continue
            if errors:
                said = [f"{'/'.join(each.location.element)} {each.message}" for each in errors]
                table = _NACRE_REFUSES
            else:
                said, table = refusals, _ENGINE_REFUSES
            reasons = {
                next((why for part, why in table.items() if part in each), None) for each in said
            }
            if None in reasons:
                open_.append(f"- {template.label}, {what}: {'; '.join(said)}")
            decided.update(each for each in reasons if each)
        row = (counts[key] for key in ((False, False), (True, True), (True, False), (False, True)))
        cells = [template.label, counts.total(), *row]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    lines += ["", "What decides the differences:", ""]
    lines += [f"- {count} x {reason}." for reason, count in decided.most_common()]
    lines += ["", "Differences that nothing decides:", "", *(open_ or ["- none"])]
    return "\n".join(lines), not open_


def _refusals(result: Any) -> Iterator[str]:
    """What the engine refuses, and why."""
    if not result.ok() and not result.sub_results:
        yield result.message
    for each in result.sub_results:
        yield from _refusals(each)


def _changed(template: Any) -> Iterator[tuple[str, Any]]:
    """An instance with all elements, and what is changed in each of its copies."""
    from mutations import coded, mutated

    values = coded(sample(template))

    def made() -> Any:
        return build(template, values, "https://example.com/sm/1").submodel

    def every(submodel: Any) -> list[Any]:
        return [each for _, each in records(submodel) if isinstance(each, SubmodelElement)]

    yield "nothing", made()
    for number, (mutation, submodel) in enumerate(mutated(made, template.elements)):
        yield f"mutation {number} ({mutation.name})", submodel
    for number, element in enumerate(every(made())):
        for change, value in _VALUES.get(type(element), {}).items():
            submodel = made()
            every(submodel)[number].value = value
            yield f"`{element.id_short}` {change}", submodel


_VALUES: dict[type, dict[str, Any]] = {
    Property: {"with another value": "another value", "without value": None},
    MultiLanguageProperty: {
        "with another value": [LangStringTextType(language="de", text="anders")],
        "without value": None,
    },
    SubmodelElementCollection: {"without content": None},
    SubmodelElementList: {"without content": None},
}


def published() -> tuple[str, bool]:
    """Every template of the catalogue: whether it has clean instances, and its mutations."""
    from mutations import mutated

    lines = [
        "From each template the smallest and the largest instance are made and checked against it and the",
        "metamodel; then each single mutation that makes the largest one non-conformant is made and must",
        "be found.",
        "",
        "| template | elements | smallest | largest | mutations | found |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    totals, good = [0, 0], True
    for entry in catalogue.shipped().entries:
        template = catalogue.shipped().template(entry)
        words = [_clean(template, required_only=each) for each in (True, False)]
        values = sample(template)

        def made(template: Any = template, values: Any = values) -> Any:
            return build(template, values, "https://example.com/sm/1").submodel

        before = _flagged(made(), template)
        total = found = 0
        for mutation, submodel in mutated(made, template.elements):
            total += 1
            fresh = _flagged(submodel, template) - before
            found += bool({code for code, _ in fresh} & mutation.codes)
        totals[0] += total
        totals[1] += found
        good = good and found == total
        count = sum(1 for _ in walk(template))
        lines.append(
            f"| {template.label} | {count} | {words[0]} | {words[1]} | {total} | {found} |"
        )
    lines += ["", f"{totals[0]} mutations, {totals[1]} found."]
    return "\n".join(lines), good


def _flagged(submodel: Any, template: Any) -> set[tuple[str, str]]:
    return {(flag.rule.code, flag.broken.message) for flag in conformance.check(submodel, template)}


def _clean(template: Any, *, required_only: bool) -> str:
    submodel = build(template, sample(template, required_only=required_only), "https://x.org/1")
    data = jsonization.dumps(Environment(submodels=[submodel.submodel]))
    codes = {code for code, _ in _flagged(submodel.submodel, template)}
    codes |= {each.code for each in files.validate("x.json", data=data).findings}
    return "clean" if not codes else ", ".join(sorted(codes))


def linted() -> tuple[str, bool]:
    """Every template file: what it holds, and what the linter says."""
    lines = ["| file | templates | elements | findings |", "| --- | --- | --- | --- |"]
    totals: Counter[str] = Counter()
    good = True
    base = SHARED / "templates"
    paths = sorted(path for path in base.rglob("*") if path.suffix in (".json", ".aasx"))
    for path in paths:
        report = files.validate(str(path), checks=[LintCheck()])
        if report.refusal is not None:
            lines.append(f"| {path.relative_to(base)} | - | - | {report.refusal.code} |")
            continue
        content, _, _ = files.load(str(path))
        found = templates_of(content)
        count = sum(1 for template in found for _ in walk(template))
        codes = Counter(each.code for each in report.findings if each.code.startswith("SMT"))
        totals.update(codes)
        shown = ", ".join(f"{code} × {n}" for code, n in sorted(codes.items())) or "none"
        good = good and (bool(found) or "SMT-216" in codes or not content.submodels)
        lines.append(f"| {path.relative_to(base)} | {len(found)} | {count} | {shown} |")
    names = [f"{code} ({RULES[code].name}) {n}" for code, n in sorted(totals.items())]
    head = [f"{len(paths)} files. " + "; ".join(names) + ".", ""]
    return "\n".join([*head, *lines]), good


def instances() -> tuple[str, bool]:
    """The official example instances: what the template check finds in them."""
    lines = []
    base = SHARED / "templates"
    for path in sorted(base.rglob("*")):
        if "xample" not in path.name and "ample" not in path.name:
            continue
        if path.suffix not in (".json", ".aasx") or "without_example" in path.name:
            continue
        report = files.validate(str(path), checks=[TemplateCheck()])
        lines += [f"## {path.relative_to(base)}", ""]
        if report.refusal is not None:
            lines += [f"No verdict: {report.refusal.message}.", ""]
            continue
        said = [
            f"- {each.severity} {each.code}, line {each.location.line}: {each.message}"
            for each in report.findings
            if each.code.startswith("SMT")
        ]
        said += [f"- not checked: {x}" for y in report.not_checked.values() for x in y]
        lines += [*(said or ["- nothing"]), ""]
    return "\n".join(lines), True
