"""Paths, values and merging."""

import json

import pytest

from nacre_aas import jsonization
from nacre_aas.editing import find, merge, set_value, split_attribute, value_of
from nacre_aas.errors import EditError
from nacre_aas.model import Environment, Property

DOCUMENT = {
    "assetAdministrationShells": [
        {
            "modelType": "AssetAdministrationShell",
            "id": "urn:x:aas",
            "idShort": "Motor",
            "assetInformation": {"assetKind": "Instance", "globalAssetId": "urn:x:a"},
        }
    ],
    "submodels": [
        {
            "modelType": "Submodel",
            "id": "https://example.com/sm/1",
            "idShort": "Nameplate",
            "submodelElements": [
                {"modelType": "Property", "idShort": "Serial", "valueType": "xs:int", "value": "1"},
                {
                    "modelType": "MultiLanguageProperty",
                    "idShort": "Name",
                    "value": [
                        {"language": "en", "text": "Pump"},
                        {"language": "de", "text": "Pumpe"},
                    ],
                },
                {
                    "modelType": "SubmodelElementList",
                    "idShort": "Marks",
                    "typeValueListElement": "SubmodelElementCollection",
                    "value": [
                        {
                            "modelType": "SubmodelElementCollection",
                            "value": [
                                {
                                    "modelType": "Property",
                                    "idShort": "Mark",
                                    "valueType": "xs:string",
                                }
                            ],
                        }
                    ],
                },
                {"modelType": "Range", "idShort": "Limits", "valueType": "xs:int", "min": "1"},
            ],
        }
    ],
}


@pytest.fixture
def environment() -> Environment:
    return jsonization.loads(json.dumps(DOCUMENT).encode())


@pytest.mark.parametrize(
    "path",
    [
        "Nameplate/Marks/0/Mark",
        "Nameplate/Marks[0]/Mark",
        "https://example.com/sm/1/Marks/0/Mark",
        "https://example.com/sm/1/Marks[0]/Mark",
    ],
)
def test_a_path_is_ids_short_names_and_positions(environment: Environment, path: str) -> None:
    assert find(environment, path).id_short == "Mark"


def test_values_are_set_by_type(environment: Environment) -> None:
    set_value(environment, "Nameplate/Serial", "0042")
    set_value(environment, "Nameplate/Name@de", "Kreiselpumpe")
    set_value(environment, "Nameplate/Name@fr", "Pompe")
    set_value(environment, "Nameplate/Limits:max", "9")
    set_value(environment, "Motor:assetInformation.globalAssetId", "urn:x:b")
    set_value(environment, "https://example.com/sm/1:idShort", "Plate")
    assert value_of(find(environment, "Plate/Serial")) == "0042"
    assert "de: Kreiselpumpe\nfr: Pompe" in value_of(find(environment, "Plate/Name"))
    assert value_of(find(environment, "Plate/Limits")) == "1..9"
    shells = environment.asset_administration_shells
    assert shells is not None
    assert shells[0].asset_information.global_asset_id == "urn:x:b"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("Nameplate/Serial", "abc"),
        ("Nameplate/Limits:min", "1_0"),
        ("Nameplate/Limits", "1"),
        ("Nameplate/Name", "Pump"),
        ("Nameplate/Marks", "x"),
        ("Nameplate/Nothing", "x"),
        ("Nothing/Serial", "x"),
        ("Motor:assetInformation.assetKind", "instance"),
        ("Motor:nothing", "x"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_hint(
    environment: Environment, path: str, value: str
) -> None:
    before = jsonization.dumps(environment)
    with pytest.raises(EditError) as caught:
        set_value(environment, path, value)
    assert caught.value.message
    assert jsonization.dumps(environment) == before


def test_the_colons_of_an_id_are_no_attribute(environment: Environment) -> None:
    assert split_attribute(environment, "urn:x:aas") == ("urn:x:aas", "", "")
    assert split_attribute(environment, "urn:x:aas:category")[2] == "category"


def test_merging_joins_equal_and_names_unequal(environment: Environment) -> None:
    same = jsonization.loads(jsonization.dumps(environment))
    merged, conflicts = merge({"a": environment, "b": same})
    assert merged == environment
    assert not conflicts
    element = find(same, "Nameplate/Serial")
    assert isinstance(element, Property)
    element.value = "2"
    ((conflict,),) = (merge({"a": environment, "b": same})[1],)
    assert conflict == "`https://example.com/sm/1` in a and `https://example.com/sm/1` in b"
