"""What `make thorough` writes about templates: pages of docs/evidence."""

import contextlib
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from aas_submodel_validate import validate as smtv_validate

from nacre_aas import files, jsonization
from nacre_aas.constraints import RULES
from nacre_aas.findings import Severity
from nacre_aas.model import Environment
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
    from mutations import mutations

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
    total = sum(1 for _ in mutations(made().submodel_elements or [], template.elements))
    for number in range(total):
        submodel = made()
        mutation = list(mutations(submodel.submodel_elements or [], template.elements))[number]
        mutation.apply()
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


def published() -> tuple[str, bool]:
    """Every template of the catalogue: whether it has clean instances, and its mutations."""
    from mutations import mutations

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
        total = sum(1 for _ in mutations(made().submodel_elements or [], template.elements))
        found = 0
        for number in range(total):
            submodel = made()
            mutation = list(mutations(submodel.submodel_elements or [], template.elements))[number]
            mutation.apply()
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
