"""What may leave: a policy hides what it names in every spelling, and shares no more than it says."""

import json
from typing import Any

import pytest
from test_meaning import concept, property_, twin

from documents import numeric, reference, submodel
from nacre_aas import files, jsonization
from nacre_aas.model import Environment
from nacre_ontologies import meaning
from nacre_ontologies.policy import Policy, redact

# -- hiding concepts -------------------------------------------------------------------------------


def _hidden(*elements: dict[str, Any], without: str) -> str:
    document = {
        "submodels": [
            {
                "modelType": "Submodel",
                "id": "urn:public",
                "semanticId": reference("urn:shared"),
                "submodelElements": list(elements),
            },
            {
                "modelType": "Submodel",
                "id": "urn:private",
                "submodelElements": [property_("Margin", "urn:c:margin", "SECRET")],
            },
        ],
        "conceptDescriptions": [
            concept("urn:c:margin", "mm", "SECRET"),
            concept(without, "mm", "SECRET"),
        ],
    }
    content = files.load("x.json", data=json.dumps(document).encode())[0]
    left = redact(content, Policy(["urn:shared"], [without])).environment
    assert isinstance(left, Environment)
    return jsonization.dumps(left).decode() + meaning.n_triples(left)


def secret(meaning_: str, **more: Any) -> dict[str, Any]:
    return {**property_("P", meaning_, "SECRET", "xs:string"), **more}


@pytest.mark.parametrize(
    "element",
    [
        secret("urn:c:price"),
        secret("URN:C:PRICE"),
        secret(" urn:c:price"),
        secret("urn:other", supplementalSemanticIds=[reference("urn:c:price")]),
        {
            "modelType": "Operation",
            "idShort": "Op",
            "inputVariables": [{"value": secret("urn:c:price")}],
        },
        {
            "modelType": "SubmodelElementList",
            "idShort": "List",
            "typeValueListElement": "Property",
            "valueTypeListElement": "xs:string",
            "semanticIdListElement": reference("urn:c:price"),
            "value": [{"modelType": "Property", "valueType": "xs:string", "value": "SECRET"}],
        },
    ],
)
def test_a_hidden_concept_does_not_leave_by_another_door(element: dict[str, Any]) -> None:
    assert "SECRET" not in _hidden(element, without="urn:c:price")


def test_both_spellings_of_an_irdi_are_one() -> None:
    address = "https://api.eclass-cdp.com/0173-1-02-AAO677-002"
    assert "SECRET" not in _hidden(secret(address), without="0173-1#02-AAO677#002")


IRDI = "0173-1#02-AAO677#002"


@pytest.mark.parametrize("pattern", ["0173-1#02-AAO677#*", "0173-1#02-AAO677*", IRDI])
def test_no_spelling_of_an_irdi_leaves(pattern: str) -> None:
    spellings = [IRDI, "https://api.eclass-cdp.com/0173-1-02-AAO677-002", "0173-1-02-AAO677-002"]
    elements = [
        numeric(f"P{index}", "9", semanticId=reference(each))
        for index, each in enumerate(spellings)
    ]
    other = numeric("Other", "1", semanticId=reference("0173-1#02-AAO678#002"))
    data = {"submodels": [submodel("urn:a", *elements, other)]}
    content = files.load("x.json", data=json.dumps(data).encode())[0]
    (left,) = redact(content, Policy(["*"], [pattern])).environment.submodels or (None,)
    assert left is not None
    assert [each.id_short for each in left.submodel_elements or ()] == ["Other"]


def test_what_is_a_case_of_a_hidden_concept_or_refers_to_it_is_hidden() -> None:
    price = "https://example.com/concepts/price"
    referring = reference("urn:other") | {"referredSemanticId": reference(price)}
    spelled = ("https://example.com/concepts/pric%65", "https://EXAMPLE.com:443/concepts/price#")
    ids = [*map(reference, spelled), referring, reference("urn:case"), reference("urn:free")]
    elements = [numeric(f"P{at}", "1", semanticId=each) for at, each in enumerate(ids)]
    case = {"modelType": "ConceptDescription", "id": "urn:case", "isCaseOf": [reference(price)]}
    document = {"submodels": [submodel("urn:a", *elements)], "conceptDescriptions": [case]}
    content = files.load("x.json", data=json.dumps(document).encode())[0]
    found = redact(content, Policy(["*"], [price])).environment
    (left,) = found.submodels or (None,)
    assert left is not None
    assert [each.id_short for each in left.submodel_elements or ()] == ["P4"]
    assert not found.concept_descriptions


def test_what_a_policy_hides_in_one_file_says_nothing_about_the_next() -> None:
    price = "https://example.com/concepts/price"
    case = {"modelType": "ConceptDescription", "id": "urn:case", "isCaseOf": [reference(price)]}
    elements = [numeric("Price", "1", semanticId=reference("urn:case"))]
    policy = Policy(["*"], [price])
    for concepts, kept in (([case], []), ([case | {"isCaseOf": [reference("urn:x")]}], ["Price"])):
        document = {"submodels": [submodel("urn:a", *elements)], "conceptDescriptions": concepts}
        found = redact(files.load("x.json", data=json.dumps(document).encode())[0], policy)
        (left,) = found.environment.submodels or (None,)
        assert left is not None
        assert [each.id_short for each in left.submodel_elements or ()] == kept
        assert bool(found.unused) is bool(kept)


def test_specific_asset_ids_can_be_hidden() -> None:
    secret = {"name": "customer", "value": "SECRET", "semanticId": reference(IRDI)}
    asset = {"assetKind": "Instance", "globalAssetId": "urn:x", "specificAssetIds": [secret]}
    shell = {"modelType": "AssetAdministrationShell", "id": "urn:s", "assetInformation": asset}
    data = json.dumps({"assetAdministrationShells": [shell]}).encode()
    found = redact(files.load("x.json", data=data)[0], Policy(["*"], [IRDI]))
    assert b"SECRET" not in jsonization.dumps(found.environment)
    assert [*found.digests] == ["urn:s"]


def test_a_submodel_that_a_policy_leaves_out_by_name_stays() -> None:
    """Also where everything else is shared: hiding goes before sharing."""
    name = "https://example.com/prices/1/0"
    secret = submodel("urn:secret", numeric("P", "1"), semanticId=reference(name))
    data = {"submodels": [secret, submodel("urn:free", numeric("Q", "1"))]}
    content = files.load("x.json", data=json.dumps(data).encode())[0]
    for pattern in (name, "https://example.com/prices/*"):
        found = redact(content, Policy(["*"], [pattern]))
        assert [each.id for each in found.environment.submodels or ()] == ["urn:free"]
        assert "urn:secret" in found.digests
        assert found.unused == ()


# -- patterns --------------------------------------------------------------------------------------


def test_brackets_in_a_pattern_are_brackets() -> None:
    assert "SECRET" not in _hidden(secret("urn:c:price[eur]"), without="urn:c:price[eur]")


def test_a_pattern_that_hides_nothing_is_named() -> None:
    content = twin(property_("A", "urn:a", "1"))
    assert redact(content, Policy(["*"], ["urn:nothing"])).unused == ("urn:nothing",)


def test_a_star_shares_no_more_than_it_says() -> None:
    policy = Policy(["https://example.com/nameplate/*"])
    names = ["https://example.com/nameplate/1/0", "https://example.com/nameplates-of-others/1"]
    data = {"submodels": [submodel(f"urn:{each}", semanticId=reference(each)) for each in names]}
    for each in data["submodels"]:
        del each["submodelElements"]
    content = files.load("x.json", data=json.dumps(data).encode())[0]
    left = redact(content, policy).environment.submodels or ()
    assert [each.id for each in left] == [f"urn:{names[0]}"]


def test_a_star_hides_other_spellings_and_shares_none() -> None:
    names = ["https://example.com/prices/1", "http://www.example.com/Price", "urn:example:price"]
    elements = [numeric(f"P{at}", "1", semanticId=reference(each)) for at, each in enumerate(names)]
    data = json.dumps({"submodels": [submodel("urn:a", *elements)]}).encode()
    policy = Policy(["*"], ["https://example.com/price*"])
    (left,) = redact(files.load("x.json", data=data)[0], policy).environment.submodels or (None,)
    assert left is not None
    assert [each.id_short for each in left.submodel_elements or ()] == ["P2"]
    shared = submodel("urn:b", numeric("A", "1"), semanticId=reference("0173-1#01-AHF578#003"))
    content = files.load("x.json", data=json.dumps({"submodels": [shared]}).encode())[0]
    assert not redact(content, Policy(["https://*"])).environment.submodels
    assert redact(content, Policy(["0173-1#01-AHF578#*"])).environment.submodels
