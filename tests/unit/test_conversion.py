"""From version to version, with nothing lost in silence."""

import json

import pytest

from documents import one_submodel
from nacre_aas import files, jsonization, xmlization
from nacre_aas.conversion import convert
from nacre_aas.errors import SerializationError
from nacre_aas.examples import EXAMPLES
from nacre_aas.model import Entity, Environment
from nacre_aas.versions import Metamodel


def load(document: object) -> Environment:
    return jsonization.loads(json.dumps(document).encode())


NEW = {
    "assetAdministrationShells": [
        {
            "modelType": "AssetAdministrationShell",
            "id": "a",
            "administration": {"createdAt": "2026-05-31T08:00:00Z", "version": "1"},
            "assetInformation": {"assetKind": "Batch", "globalAssetId": "urn:x:a"},
        }
    ],
    "submodels": [
        {
            "modelType": "Submodel",
            "id": "b",
            "submodelElements": [
                {"modelType": "File", "idShort": "Manual", "value": "/m.pdf"},
                {"modelType": "Entity", "idShort": "Part"},
                {"modelType": "Property", "idShort": "my-speed", "valueType": "xs:int"},
                {
                    "modelType": "SubmodelElementList",
                    "idShort": "Marks",
                    "typeValueListElement": "Capability",
                    "value": [{"modelType": "Capability", "idShort": "First"}],
                },
            ],
        }
    ],
}


def test_down_to_3_0_says_everything_that_changes() -> None:
    old, losses = convert(load(NEW), Metamodel.V3_0)
    said = "\n".join(f"{loss.path} {loss.message}" for loss in losses)
    for part in ("createdAt", "Batch", "contentType", "entityType", "First", "my-speed"):
        assert part in said, part
    data = jsonization.dumps(old)
    report = files.validate("x", data=data, metamodel=Metamodel.V3_0)
    assert {finding.code for finding in report.findings} <= {"AASd-002"}  # the rename is the user's


def test_the_original_is_left_alone_and_going_up_loses_nothing() -> None:
    content = load(NEW)
    before = jsonization.dumps(content)
    _, losses = convert(content, Metamodel.V3_2)
    assert jsonization.dumps(content) == before
    assert not losses


def test_xml_refuses_characters_that_it_cannot_hold() -> None:
    content = load(EXAMPLES["AASd-130"].right)
    element = content.submodels[0].submodel_elements[0]  # type: ignore[index]
    for character in ("\u0000", "\u000b", "\ufffe"):
        element.value = character  # type: ignore[union-attr]
        with pytest.raises(SerializationError):
            xmlization.dumps(content)


def test_a_file_that_fits_every_version_loses_nothing() -> None:
    content = load(EXAMPLES["AASd-005"].right)
    for version in (Metamodel.V3_0, Metamodel.V3_1, Metamodel.V3_2):
        same, losses = convert(content, version)
        assert (same, losses) == (content, [])


def test_an_entity_with_an_asset_id_becomes_self_managed_in_3_0() -> None:
    for attributes in ({"global_asset_id": "g"}, {}):
        content = one_submodel(Entity(id_short="Ee", **attributes))  # type: ignore[arg-type]
        result, losses = convert(content, Metamodel.V3_0)
        (made,) = (result.submodels or [])[0].submodel_elements or []
        assert isinstance(made, Entity)
        assert made.entity_type == ("SelfManagedEntity" if attributes else "CoManagedEntity")
        assert not any("AASd-014" in each.message for each in losses)
