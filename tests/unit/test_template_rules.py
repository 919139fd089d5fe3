"""Every rule of templates: its example breaks it, the repair does not."""

import json
from pathlib import Path
from typing import Any

import pytest
from formfiles import asked, corp, element

from documents import written
from nacre_aas import files, jsonization
from nacre_aas.constraints import RULES
from nacre_aas.examples import Example, content
from nacre_submodels import lint, packs, rules
from nacre_submodels.check import TemplateCheck, read_templates
from nacre_submodels.examples import EXAMPLES, example_of
from nacre_submodels.lint import LintCheck, repair

_MODULES = (lint, packs, rules)


def _codes(example: Example, source: object, folder: Path) -> list[str]:
    """What is found where the command of the example is run."""
    check: TemplateCheck | LintCheck
    if example.command == "template lint example.json":
        check = LintCheck()
    elif example.command is None:
        check = TemplateCheck()
    else:
        assert example.command == "validate example.json --template template.json"
        path = folder / "template.json"
        path.write_bytes(content(example.template))
        check = TemplateCheck(str(path))
    report = files.validate("x", data=content(source), checks=[check])
    assert report.refusal is None, report.refusal
    return [finding.code for finding in report.findings]


@pytest.mark.parametrize("code", sorted(EXAMPLES))
def test_the_example_breaks_the_rule_and_its_repair_does_not(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NACRE_TEMPLATES", str(tmp_path / "none"))
    example = example_of(code)
    assert example is not None
    assert code in _codes(example, example.wrong, tmp_path)
    if example.right is not None:
        assert code not in _codes(example, example.right, tmp_path)


def test_every_rule_has_an_example_or_needs_none() -> None:
    assert _MODULES
    codes = {code for code in RULES if code.startswith("SMT-")}
    assert codes - EXAMPLES.keys() == {"SMT-030", "SMT-031", "SMT-032", "SMT-033"}


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("SMT/Cardinality", f"{'9' * 5000}..{'9' * 5000}"),
        ("SMT/AllowedIdShort", f"T[\\d{{{'9' * 5000}}}]"),
        ("SMT/AllowedIdShort", f"a{{{1 << 32}}}"),
        ("SMT/AllowedIdShort", "(" * 5000 + ")" * 5000),
        ("SMT/AllowedRange", f"[{'9' * 5000},{'9' * 5000}]"),
    ],
)
def test_a_qualifier_with_thousands_of_digits_is_a_finding(
    type_: str, value: str, tmp_path: Path
) -> None:
    element: dict[str, Any] = {"modelType": "Property", "idShort": "P", "valueType": "xs:int"}
    element["qualifiers"] = [{"type": type_, "valueType": "xs:string", "value": value}]
    submodel: dict[str, Any] = {"modelType": "Submodel", "id": "urn:s", "kind": "Template"}
    submodel["administration"] = {"version": "9" * 5000}
    submodel["submodelElements"] = [element]
    path = tmp_path / "template.json"
    path.write_text(json.dumps({"submodels": [submodel]}), "utf-8")
    (template,) = read_templates(str(path))
    assert template.elements[0].id_short == "P"


def test_a_repair_makes_no_second_qualifier_of_one_type(tmp_path: Path) -> None:
    both = asked(("Multiplicity", "One"), ("SMT/Cardinality", "One"))
    name = written(tmp_path / "t.json", corp("Template", element("Aa", qualifiers=both)))
    content, _, _ = files.load(name)
    before = files.validate(name, checks=[LintCheck()])
    repair(content)
    after = files.validate("x.json", data=jsonization.dumps(content), checks=[LintCheck()])
    assert {each.code for each in before.findings} == {each.code for each in after.findings}
