"""Compares the verdicts about seeded mutations with those of aas-submodel-validate (`smtv`).

    python tools/compare_smtv.py [-o docs/evidence/smtv.md]

For each of its twelve templates the instance with all elements is made, and each single mutation of it.
A mutation counts as found if a tool reports an error or warning that it does not report about the
instance itself.
"""

import argparse
import contextlib
import sys
from pathlib import Path
from typing import Any

from aas_submodel_validate import validate as smtv_validate

from nacre_aas import files, jsonization
from nacre_aas.findings import Severity
from nacre_aas.model import Environment
from nacre_submodels import catalogue
from nacre_submodels.builder import build
from nacre_submodels.check import TemplateCheck
from nacre_submodels.samples import sample

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


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "property"))
    lines = [
        "# Against aas-submodel-validate",
        "",
        "Made by `tools/compare_smtv.py`: each single mutation of the instance with all elements, found by",
        "an error or warning that the tool does not report about the instance itself. A changed semantic id",
        "of an optional element is a note to Nacre (templates are open) unless it is a near miss or its",
        "idShort is known.",
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
    text = "\n".join(lines) + "\n"
    print(text)
    if options.output is not None:
        options.output.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
