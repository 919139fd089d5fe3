"""Paths, values and merging."""

import json

import pytest

from documents import one_submodel
from nacre_aas import aasx, jsonization
from nacre_aas.aasx import Aasx, Supplement
from nacre_aas.editing import attach, remove, set_value
from nacre_aas.errors import EditError
from nacre_aas.merging import merge, merge_packages, set_apart
from nacre_aas.model import (
    Environment,
    File,
    Property,
    ReferenceElement,
    SubmodelElementCollection,
    SubmodelElementList,
)
from nacre_aas.paths import find, split_attribute, value_at
from nacre_aas.schema import copied

DOCUMENT = {
    "assetAdministrationShells": [
        {
            "modelType": "AssetAdministrationShell",
            "id": "urn:x:aas",
            "idShort": "Motor",
            "assetInformation": {
                "assetKind": "Instance",
                "globalAssetId": "urn:x:a",
                "specificAssetIds": [{"name": "serialNumber", "value": "1"}],
            },
            "submodels": [
                {
                    "type": "ModelReference",
                    "keys": [{"type": "Submodel", "value": "https://example.com/sm/1"}],
                }
            ],
        }
    ],
    "conceptDescriptions": [
        {"modelType": "ConceptDescription", "id": "urn:cd", "idShort": "Speed"}
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
                {
                    "modelType": "ReferenceElement",
                    "idShort": "Link",
                    "value": {
                        "type": "ModelReference",
                        "keys": [
                            {"type": "Submodel", "value": "https://example.com/sm/1"},
                            {"type": "SubmodelElementList", "value": "Marks"},
                            {"type": "SubmodelElementCollection", "value": "0"},
                            {"type": "Property", "value": "Mark"},
                        ],
                    },
                },
                {"modelType": "File", "idShort": "Manual", "contentType": "application/pdf"},
                {"modelType": "Blob", "idShort": "Icon", "contentType": "image/png"},
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
    assert value_at(environment, "Plate/Serial") == "0042"
    assert "de: Kreiselpumpe\nfr: Pompe" in value_at(environment, "Plate/Name")
    assert value_at(environment, "Plate/Name@fr") == "Pompe"
    assert value_at(environment, "Plate/Limits") == "1..9"
    assert value_at(environment, "Motor:assetInformation.globalAssetId") == "urn:x:b"


@pytest.mark.parametrize(
    "path",
    [
        "Motor:administration.version",
        "Motor:assetInformation.specificAssetIds[serialNumber]",
        "Motor:assetInformation.specificAssetIds[batch]",
        "Motor:assetInformation.specificAssetIds[0].value",
        "Motor:assetInformation.specificAssetIds[urn:of.a:scheme]",
        "Motor:assetInformation.defaultThumbnail.path",
        "Nameplate:description@de",
        "Nameplate:description[en]",
        "Nameplate/Serial:semanticId",
        "Nameplate/Serial:supplementalSemanticIds[0]",
        "Nameplate/Serial:qualifiers[SMT/Cardinality]",
        "Nameplate/Serial:extensions[note]",
    ],
)
def test_attributes_are_set_and_what_is_above_them_is_made(
    environment: Environment, path: str
) -> None:
    set_value(environment, path, "(GlobalReference)urn:new" if "Id" in path else "7")
    expected = "(GlobalReference)urn:new" if "Id" in path else "7"
    assert value_at(environment, path) == expected


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("urn:elsewhere", ["(GlobalReference)urn:elsewhere"]),
        ("Nameplate", ["(Submodel)https://example.com/sm/1"]),
        (
            "Nameplate/Marks[0]/Mark",
            [
                "(Submodel)https://example.com/sm/1",
                "(SubmodelElementList)Marks",
                "(SubmodelElementCollection)0",
                "(Property)Mark",
            ],
        ),
        ("(Submodel)urn:a,b, (Property)P", ["(Submodel)urn:a,b", "(Property)P"]),
        ("(Submodel)urn:a / (Property)P", ["(Submodel)urn:a", "(Property)P"]),
        ("[ModelRef](Submodel)urn:a", ["(Submodel)urn:a"]),
        ("0173-1#02-AAA001#001", ["(GlobalReference)0173-1#02-AAA001#001"]),
        ("urn:cd", ["(ConceptDescription)urn:cd"]),
        ("Speed", ["(ConceptDescription)urn:cd"]),
    ],
)
def test_a_reference_is_a_path_an_identifier_or_its_keys(
    environment: Environment, text: str, keys: list[str]
) -> None:
    set_value(environment, "Nameplate/Link", text)
    element = find(environment, "Nameplate/Link")
    assert isinstance(element, ReferenceElement)
    assert element.value is not None
    assert [f"({key.type}){key.value}" for key in element.value.keys] == keys
    is_external = keys[0].startswith("(GlobalReference)")
    assert element.value.type == ("ExternalReference" if is_external else "ModelReference")


def test_a_meaning_is_an_external_reference_by_the_id_of_its_concept(
    environment: Environment,
) -> None:
    for text in ("Speed", "urn:cd"):
        set_value(environment, "Nameplate/Serial:semanticId", text)
        assert value_at(environment, "Nameplate/Serial:semanticId") == "(GlobalReference)urn:cd"


def test_references_behind_a_member_that_goes_move_up(environment: Environment) -> None:
    marks = find(environment, "Nameplate/Marks")
    assert isinstance(marks, SubmodelElementList)
    assert marks.value is not None
    marks.value = [marks.value[0], copied(marks.value[0])]
    set_value(environment, "Nameplate/Link", "Nameplate/Marks[1]/Mark")
    remove(environment, "Nameplate/Marks[0]")
    set_value(environment, "Nameplate/Marks[0]/Mark", "left")
    assert value_at(environment, "Nameplate/Link").endswith(
        "(SubmodelElementCollection)0, (Property)Mark"
    )


def test_of_members_of_one_name_a_position_says_which(environment: Environment) -> None:
    ids = "Motor:assetInformation.specificAssetIds"
    set_value(environment, f"{ids}[1].name", "serialNumber")
    with pytest.raises(EditError, match="several members"):
        set_value(environment, f"{ids}[serialNumber]", "9")
    set_value(environment, f"{ids}[1]", "9")
    assert value_at(environment, f"{ids}[0]") == "1"


def test_a_file_that_two_name_is_replaced_for_one(environment: Environment) -> None:
    package = Aasx()
    attach(environment, package, "Nameplate/Manual", "a.txt", b"1")
    attach(environment, package, "Motor:assetInformation.defaultThumbnail", "a.txt", b"1")
    attach(environment, package, "Nameplate/Manual", "a.txt", b"2")
    assert value_at(environment, "Nameplate/Manual") == "/aasx/files/a-2.txt"
    assert package.supplements["/aasx/files/a.txt"].content == b"1"


def test_references_follow_what_gets_a_new_name(environment: Environment) -> None:
    assert set_value(environment, "Nameplate:id", "urn:plate") == 2
    assert set_value(environment, "Nameplate:idShort", "Plate") == 0
    assert set_value(environment, "Plate/Marks:idShort", "Signs") == 1
    assert value_at(environment, "Motor:submodels[0]") == "(Submodel)urn:plate"
    assert value_at(environment, "Plate/Link") == (
        "(Submodel)urn:plate, (SubmodelElementList)Signs, (SubmodelElementCollection)0, (Property)Mark"
    )


def test_things_are_removed(environment: Environment) -> None:
    with pytest.raises(EditError, match="a reference leads to it"):
        remove(environment, "Nameplate/Marks[0]")
    for path in (
        "Nameplate/Link:value",
        "Nameplate/Name@de",
        "Nameplate/Marks[0]",
        "Nameplate/Limits:min",
        "Motor:assetInformation.specificAssetIds[serialNumber]",
    ):
        remove(environment, path)
    assert value_at(environment, "Nameplate/Name") == "en: Pump"
    assert value_at(environment, "Nameplate/Limits") == ".."
    assert b"serialNumber" not in jsonization.dumps(environment)
    with pytest.raises(EditError, match="no `0`"):
        find(environment, "Nameplate/Marks[0]")
    with pytest.raises(EditError, match="required"):
        remove(environment, "Nameplate/Serial:valueType")
    remove(environment, "Nameplate")
    assert environment.submodels is None
    shells = environment.asset_administration_shells
    assert shells is not None
    assert shells[0].submodels is None


def test_a_file_becomes_a_file_a_blob_or_a_thumbnail(environment: Environment) -> None:
    package = Aasx()
    attach(environment, package, "Nameplate/Manual", "manual.pdf", b"%PDF-1.7")
    attach(environment, package, "Nameplate/Icon", "icon.png", b"\x89PNG")
    attach(environment, package, "Motor:assetInformation.defaultThumbnail", "a.jpg", b"JPEG")
    written = aasx.read(aasx.write(environment, package=package))
    again = aasx.merged(written)
    assert value_at(again, "Nameplate/Manual") == "/aasx/files/manual.pdf"
    assert value_at(again, "Nameplate/Icon") == "iVBORw=="
    assert written.thumbnail == "/aasx/files/a.jpg"
    assert not written.findings
    with pytest.raises(EditError, match="not a File"):
        attach(environment, package, "Nameplate/Serial", "a.txt", b"")
    with pytest.raises(EditError, match="names no file"):
        attach(environment, package, "Motor:administration", "a.txt", b"")


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
        ("Motor:assetInformation", "x"),
        ("Motor:assetInformation.specificAssetIds", "x"),
        ("Motor:assetInformation.specificAssetIds[5]", "x"),
        ("Motor:displayName", "x"),
        ("Motor:submodels[3]", "urn:x"),
        ("Motor:submodels[x]", "urn:x"),
        ("Nameplate/Link", ""),
        ("Nameplate/Link", "Nameplate/Seriall"),
        ("Nameplate/Link", "Nothing"),
        ("Nameplate/Link", "(Foo)urn:a"),
        ("Motor:assetInformation.specificAssetIds[3]", "x"),
        ("Nameplate/Serial:valueType.x", "x"),
        ("Nameplate:submodelElements[0]", "x"),
        ("Nameplate:a b", "x"),
        ("Nameplate:administration.versoin", "x"),
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


def test_an_id_may_have_the_mark_of_a_language(environment: Environment) -> None:
    set_value(environment, "Nameplate:id", "urn:plate@home")
    set_value(environment, "urn:plate@home/Name@de", "Pumpe 2")
    assert value_at(environment, "urn:plate@home/Name@de") == "Pumpe 2"
    assert find(environment, "urn:plate@home").id_short == "Nameplate"
    remove(environment, "urn:plate@home/Name@de")
    assert value_at(environment, "urn:plate@home/Name") == "en: Pump"


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


def packed(identifier: str, content: bytes) -> tuple[Environment, Aasx]:
    manual = File(id_short="Manual", content_type="text/plain", value="/aasx/files/manual.txt")
    part = Supplement("text/plain", content)
    environment = one_submodel(manual, id=identifier)
    data = aasx.write(environment, package=Aasx(supplements={"/aasx/files/manual.txt": part}))
    package = aasx.read(data)
    return aasx.merged(package), package


def test_merged_packages_keep_both_files_of_one_name() -> None:
    contents = {"a": packed("urn:a", b"1"), "b": packed("urn:b", b"2"), "c": packed("urn:c", b"1")}
    assert set_apart(contents) == ["/aasx/files/manual.txt of b is now /aasx/files/manual-2.txt"]
    merged, conflicts = merge({name: environment for name, (environment, _) in contents.items()})
    package, left_out = merge_packages({name: package for name, (_, package) in contents.items()})
    assert (conflicts, left_out) == ([], [])
    written = aasx.read(aasx.write(merged, package=package))
    assert not written.findings
    manuals = {
        each.id: aasx.part_of(written, value_at(merged, f"{each.id}/Manual"))
        for each in merged.submodels or ()
    }
    assert {name: part and part.content for name, part in manuals.items()} == {
        "urn:a": b"1",
        "urn:b": b"2",
        "urn:c": b"1",
    }


@pytest.mark.parametrize("path", ["Nameplate@de", "Nameplate/Serial@de", "Nameplate/Marks@de"])
def test_a_language_belongs_to_texts(environment: Environment, path: str) -> None:
    before = jsonization.dumps(environment)
    for change in (
        lambda: set_value(environment, path, "7"),
        lambda: remove(environment, path),
        lambda: value_at(environment, path),
    ):
        with pytest.raises(EditError, match="no texts by language"):
            change()
    assert jsonization.dumps(environment) == before


def test_a_meaning_that_is_written_like_an_id_does_not_follow(environment: Environment) -> None:
    set_value(environment, "Nameplate:semanticId", "(GlobalReference)https://example.com/sm/1")
    assert set_value(environment, "Nameplate:id", "urn:new") == 2
    meaning = value_at(environment, "Nameplate:semanticId")
    assert meaning == "(GlobalReference)https://example.com/sm/1"
    set_value(environment, "Nameplate:semanticId", "urn:cd")
    assert set_value(environment, "Speed:id", "urn:other") == 1
    assert value_at(environment, "Nameplate:semanticId") == "(GlobalReference)urn:other"


def test_references_in_other_documents_of_a_package_follow(environment: Environment) -> None:
    shells = Environment(asset_administration_shells=environment.asset_administration_shells)
    environment.asset_administration_shells = None
    assert set_value(environment, "Nameplate:id", "urn:new", [shells]) == 2
    assert value_at(shells, "Motor:submodels[0]") == "(Submodel)urn:new"
    remove(environment, "Nameplate", [shells])
    with pytest.raises(EditError, match="there is no"):
        value_at(shells, "Motor:submodels")


def test_an_absent_attribute_has_no_value(environment: Environment) -> None:
    for path in ("Motor:description", "Motor:administration.version", "Nameplate:qualifiers[0]"):
        with pytest.raises(EditError):
            value_at(environment, path)


def test_an_id_may_begin_like_another(environment: Environment) -> None:
    set_value(environment, "Speed:id", "https://example.com/sm/1:2")
    assert value_at(environment, "https://example.com/sm/1:2:idShort") == "Speed"
    assert value_at(environment, "https://example.com/sm/1:idShort") == "Nameplate"
    set_value(environment, "Nameplate:semanticId", "https://example.com/sm/1/foo")
    meaning = value_at(environment, "Nameplate:semanticId")
    assert meaning == "(GlobalReference)https://example.com/sm/1/foo"


def test_a_member_that_refers_to_itself_can_go(environment: Environment) -> None:
    marks = find(environment, "Nameplate/Marks/0")
    assert isinstance(marks, SubmodelElementCollection)
    link = copied(find(environment, "Nameplate/Link"))
    marks.value = [*(marks.value or []), link]
    remove(environment, "Nameplate/Link")
    remove(environment, "Nameplate/Marks[0]")
    assert b'Mark"' not in jsonization.dumps(environment)


def test_a_file_that_is_named_in_two_ways_is_kept(environment: Environment) -> None:
    package = Aasx()
    attach(environment, package, "Nameplate/Manual", "a.txt", b"1")
    thumbnail = "Motor:assetInformation.defaultThumbnail"
    set_value(environment, f"{thumbnail}.path", "file:/aasx/files/a.txt")
    attach(environment, package, "Nameplate/Manual", "a.txt", b"2")
    assert package.supplements["/aasx/files/a.txt"].content == b"1"


def test_merged_packages_join_equal_files_and_leave_evidence_out() -> None:
    first, second = packed("urn:a", b"1"), packed("urn:b", b"1")
    environment, package = second
    package.supplements["/aasx/files/MANUAL.txt"] = package.supplements.pop(
        "/aasx/files/manual.txt"
    )
    (submodel,) = environment.submodels or []
    set_value(environment, f"{submodel.id}/Manual", "/aasx/files/MANUAL.txt")
    for number, (_, each) in enumerate((first, second)):
        content = str(number).encode()
        each.supplements[aasx.EVIDENCE_PART] = Supplement("application/json", content)
    contents = {"a": first, "b": second}
    assert set_apart(contents) == ["/aasx/files/MANUAL.txt of b is now /aasx/files/manual.txt"]
    merged, _ = merge({name: each for name, (each, _) in contents.items()})
    joined, left_out = merge_packages({name: each for name, (_, each) in contents.items()})
    assert len(left_out) == 2
    assert list(joined.supplements) == ["/aasx/files/manual.txt"]
    assert value_at(merged, "urn:b/Manual") == "/aasx/files/manual.txt"
