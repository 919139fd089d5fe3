"""Repairs of documents: safe ones lose nothing, and what is repaired is good."""

import json

import pytest

from nacre_aas import files
from nacre_aas.constraints import RULES
from nacre_aas.examples import EXAMPLES, content
from nacre_aas.fixes import repair

DOCUMENT_RULES = sorted(
    code for code, rule in RULES.items() if rule.fix and not code.startswith(("AASX", "SMT", "LED"))
)


@pytest.mark.parametrize("code", DOCUMENT_RULES)
def test_a_fault_with_a_repair_is_repaired(code: str) -> None:
    fix = RULES[code].fix
    assert fix is not None
    result = repair("x.json", data=content(EXAMPLES[code].wrong), unsafe=not fix.safe)
    assert result.done == [code]
    assert result.data is not None
    report = files.validate("x.json", data=result.data)
    assert not report.findings
    assert result.diff.startswith("--- x.json")


def test_nothing_is_repaired_where_nothing_is_wrong() -> None:
    assert repair("x", data=content(EXAMPLES["AASd-005"].right)).data is None


def test_an_unsafe_repair_needs_to_be_asked_for() -> None:
    assert repair("x", data=content(EXAMPLES["SER-010"].wrong)).data is None


def test_a_dotted_version_becomes_version_and_revision() -> None:
    result = repair("x", data=content(EXAMPLES["MET-011"].wrong))
    shell = json.loads(result.data or b"")["assetAdministrationShells"][0]
    assert shell["administration"] == {"version": "2", "revision": "1"}


def test_an_identifier_that_is_empty_is_not_removed() -> None:
    document = {"submodels": [{"modelType": "Submodel", "id": "", "idShort": ""}]}
    result = repair("x", data=json.dumps(document).encode())
    assert json.loads(result.data or b"")["submodels"] == [{"modelType": "Submodel", "id": ""}]


XML = (
    '<environment xmlns="https://admin-shell.io/aas/3/1">'
    "<assetAdministrationShells/><submodels><submodel><idShort/>"
    "<administration><version>1.2</version></administration><id>a</id></submodel></submodels>"
    "</environment>"
)


def test_xml_is_repaired_in_place() -> None:
    result = repair("x.xml", data=XML.encode())
    assert sorted(result.done) == ["MET-004", "MET-005", "MET-011"]
    assert b"<version>1</version><revision>2</revision>" in (result.data or b"")
    assert not files.validate("x.xml", data=result.data).findings


@pytest.mark.parametrize(
    "number", ["3.14159265358979323846264", "1.50", "1E2", "-0", "1e400", "9" * 5000]
)
def test_a_repair_keeps_the_digits_of_numbers(number: str) -> None:
    text = (
        '{"submodels": [{"modelType": "Submodel", "id": "urn:x", "description": [],'
        '"submodelElements": [{"modelType": "Property", "idShort": "Aa",'
        f' "valueType": "xs:double", "value": {number}}}]}}]}}'
    )
    fixed = repair("x.json", data=text.encode())
    assert fixed.done == ["MET-004"]
    assert fixed.data is not None
    assert f'"value":{number}' in fixed.data.decode()


@pytest.mark.parametrize("indent", [None, 2, 4])
@pytest.mark.parametrize(("end", "last"), [("\n", "\n"), ("\r\n", "\r\n"), ("\n", "")])
def test_a_repair_changes_only_the_lines_that_it_is_about(
    end: str, last: str, indent: int | None
) -> None:
    separators = (",", ":") if indent is None else None

    def written() -> str:
        text = json.dumps(made, indent=indent, separators=separators)
        return text.replace("\n", end) + last

    made = {"submodels": [{"modelType": "Submodel", "id": "urn:x", "description": []}]}
    fixed = repair("x.json", data=written().encode())
    assert fixed.data is not None
    del made["submodels"][0]["description"]
    assert fixed.data.decode() == written()
