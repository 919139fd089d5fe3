"""Every rule has a page, an example that breaks it, and a repair that does not."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from nacre_aas import files, jsonization, xmlization
from nacre_aas.constraints import RULES
from nacre_aas.constraints.metamodel import aasd_007, aasd_014
from nacre_aas.constraints.registry import RECORD_RULES, Broken
from nacre_aas.examples import EXAMPLES, content
from nacre_aas.findings import Severity
from nacre_aas.model import (
    DataSpecificationIec61360,
    Entity,
    Environment,
    Key,
    LangStringPreferredNameTypeIec61360,
    Property,
    Reference,
    Submodel,
)
from nacre_aas.versions import Metamodel

CODES = sorted(
    code for code in RULES if not code.startswith(("SMT-", "LED-", "RDF-", "SHX-", "SEM-"))
)


def codes(source: object, metamodel: str | None) -> tuple[set[str], set[str]]:
    """All codes found in an example, and those of errors."""
    version = Metamodel.of(metamodel) if metamodel else None
    report = files.validate("example", data=content(source), metamodel=version)
    found = {finding.code for finding in report.findings}
    errors = {each.code for each in report.findings if each.severity is Severity.ERROR}
    if report.refusal is not None:
        found.add(report.refusal.code)
        errors.add(report.refusal.code)
    return found, errors


@pytest.mark.parametrize("code", [code for code in CODES if EXAMPLES[code].wrong is not None])
def test_the_example_of_a_rule_breaks_it(code: str) -> None:
    example = EXAMPLES[code]
    assert code in codes(example.wrong, example.metamodel)[0]


@pytest.mark.parametrize("code", [code for code in CODES if EXAMPLES[code].right is not None])
def test_the_repaired_example_is_good(code: str) -> None:
    example = EXAMPLES[code]
    found, errors = codes(example.right, example.metamodel)
    assert code not in found
    assert not errors


@pytest.mark.parametrize(("value", "warns"), [("urn:a:1", False), ("urn:a:2", True)])
def test_a_specific_asset_id_may_repeat_the_global_asset_id(value: str, *, warns: bool) -> None:
    asset = {
        "assetKind": "Instance",
        "globalAssetId": "urn:a:1",
        "specificAssetIds": [{"name": "globalAssetId", "value": value}],
    }
    shell = {
        "modelType": "AssetAdministrationShell",
        "id": "urn:a:shell",
        "assetInformation": asset,
    }
    found, errors = codes(json.dumps({"assetAdministrationShells": [shell]}), None)
    assert ("AASd-116" in found) is warns
    assert not errors


def test_a_missing_file_is_its_own_code(tmp_path: object) -> None:
    report = files.validate(f"{tmp_path}/missing.aasx")
    assert report.refusal is not None
    assert report.refusal.code == "SER-006"


@pytest.mark.parametrize("code", CODES)
def test_a_rule_explains_itself(code: str) -> None:
    rule = RULES[code]
    assert rule.text.endswith(".")
    assert not rule.hint.endswith(".")
    assert not rule.name.endswith(".")
    assert rule.clause


@pytest.mark.parametrize("code", [code for code in CODES if code in EXAMPLES])
def test_both_readers_give_the_same_codes(code: str) -> None:
    example = EXAMPLES[code]
    if example.wrong is None:
        return
    version = Metamodel.of(example.metamodel) if example.metamodel else None
    fast, slow = (
        files.validate("x", data=content(example.wrong), metamodel=version, explain=explain)
        for explain in (False, True)
    )
    assert [each.code for each in fast.findings] == [each.code for each in slow.findings]
    assert fast.versions == slow.versions


def test_no_rule_minds_a_reference_of_one_global_key() -> None:
    """Which is why the walk over records passes by them."""
    plain = Reference(
        type="ExternalReference", keys=[Key(type="GlobalReference", value="https://acme.example")]
    )
    rules = [each for each in RECORD_RULES if issubclass(Reference, each.target)]
    assert len(rules) >= 8
    assert not any(each.function(plain) for each in rules)


@pytest.mark.parametrize("write", [jsonization.dumps, xmlization.dumps])
@pytest.mark.parametrize("explain", [False, True])
def test_the_length_of_a_plain_reference_is_judged_by_every_reader(
    write: Callable[[Environment], bytes], explain: bool
) -> None:
    key = Key(type="GlobalReference", value="x" * 3000)
    meaning = Reference(type="ExternalReference", keys=[key])
    data = write(Environment(submodels=[Submodel(id="urn:a", semantic_id=meaning)]))
    found = files.validate("x", data=data, explain=explain).findings
    assert [each.code for each in found] == ["MET-006"]


@pytest.mark.parametrize(
    ("value_type", "value", "coded", "is_broken"),
    [
        ("xs:double", "1", "1.0", False),
        ("xs:double", "1", "1.5", True),
        ("xs:boolean", "1", "true", False),
        ("xs:string", "1", "1.0", True),
    ],
)
def test_a_coded_value_is_compared_as_a_value(
    value_type: Any, value: str, coded: str, is_broken: bool
) -> None:
    content = DataSpecificationIec61360(
        preferred_name=[LangStringPreferredNameTypeIec61360(language="en", text="x")], value=coded
    )
    element = Property(value_type=value_type, value=value)
    assert (aasd_007(element, content) is not None) is is_broken


def test_what_is_not_said_of_a_member_is_missing_and_not_none() -> None:
    made = {
        "modelType": "SubmodelElementList",
        "idShort": "Ll",
        "typeValueListElement": "Property",
        "valueTypeListElement": "xs:int",
        "value": [{"modelType": "Property"}],
    }
    data = json.dumps(
        {"submodels": [{"modelType": "Submodel", "id": "urn:s", "submodelElements": [made]}]}
    ).encode()
    assert [each.code for each in files.validate("x", data=data).findings] == ["MET-001"]


def test_the_hint_of_a_co_managed_entity_is_the_remedy() -> None:
    found = aasd_014(Entity(entity_type="CoManagedEntity", global_asset_id="urn:a"))
    assert isinstance(found, Broken)
    assert found.hint == "remove the asset id, or make the entity `SelfManagedEntity`"
