"""Differences: what changed, what moved, and a patch that really turns one into the other."""

import copy
import json
from typing import Any

from documents import one_submodel
from nacre_aas import jsonization
from nacre_aas.diff import changes, json_patch
from nacre_aas.model import Environment

BASE: dict[str, Any] = {
    "submodels": [
        {
            "modelType": "Submodel",
            "id": "https://example.com/sm",
            "submodelElements": [
                {"modelType": "Property", "idShort": "Speed", "valueType": "xs:int", "value": "3"},
                {
                    "modelType": "SubmodelElementCollection",
                    "idShort": "Inner",
                    "value": [
                        {
                            "modelType": "Property",
                            "idShort": "Deep",
                            "valueType": "xs:int",
                            "value": "7",
                        }
                    ],
                },
                {
                    "modelType": "SubmodelElementList",
                    "idShort": "Steps",
                    "typeValueListElement": "Capability",
                    "value": [
                        {"modelType": "Capability", "category": name} for name in ("aa", "bb", "cc")
                    ],
                },
            ],
        }
    ]
}


def load(document: Any) -> Environment:
    return jsonization.loads(json.dumps(document).encode())


def edited(edit: Any) -> tuple[Environment, Environment]:
    other = copy.deepcopy(BASE)
    edit(other["submodels"][0]["submodelElements"], other)
    return load(BASE), load(other)


def test_equal_content_has_no_differences() -> None:
    old, new = edited(lambda elements, _: elements.reverse())
    assert changes(old, new) == []


def test_a_value_change_names_the_attribute() -> None:
    old, new = edited(lambda elements, _: elements[0].update(value="4"))
    (change,) = changes(old, new)
    assert (change.kind, change.path) == ("changed", "https://example.com/sm/Speed")
    assert (change.attribute, change.old, change.new) == ("value", '"3"', '"4"')


def test_a_rename_is_a_rename() -> None:
    old, new = edited(lambda elements, _: elements[0].update(idShort="Velocity"))
    (change,) = changes(old, new)
    assert (change.kind, change.to) == ("renamed", "https://example.com/sm/Velocity")


def test_another_id_of_the_same_content_is_a_rename() -> None:
    """Whatever slashes the ids have."""
    other = "urn:other/place:sm"
    old, new = edited(lambda _, document: document["submodels"][0].update(id=other))
    (change,) = changes(old, new)
    assert (change.kind, change.path, change.to) == ("renamed", "https://example.com/sm", other)


MEANING = {"type": "ExternalReference", "keys": [{"type": "GlobalReference", "value": "urn:m"}]}


def test_a_new_version_of_a_submodel_is_a_rename_with_its_changes() -> None:
    """Under another id, which it names itself, and with another value inside."""

    def release(_: Any, other: Any, number: str = "2") -> None:
        submodel = other["submodels"][0]
        submodel["id"] = f"https://example.com/sm/{number}"
        submodel["idShort"] = "Pump"
        submodel["submodelElements"][0] |= {"value": number, "semanticId": MEANING}
        keys = [{"type": "Submodel", "value": submodel["id"]}]
        itself = {"type": "ModelReference", "keys": keys}
        way = {"modelType": "ReferenceElement", "idShort": "Way", "value": itself}
        submodel["submodelElements"].append(way)

    old = edited(lambda elements, other: release(elements, other, "1"))[1]
    new = edited(release)[1]
    found = changes(old, new)
    place = "https://example.com/sm/2"
    assert [(each.kind, each.path, each.attribute) for each in found] == [
        ("renamed", "https://example.com/sm/1", None),
        ("changed", f"{place}/Speed", "value"),
        ("changed", f"{place}/Way", "value"),
    ]
    assert found[0].to == place


def test_an_element_of_one_meaning_is_renamed_though_its_value_changes() -> None:
    def rename(elements: Any, _: Any, name: str = "Velocity", value: str = "4") -> None:
        elements[0] |= {"idShort": name, "value": value, "semanticId": MEANING}

    old = edited(lambda elements, other: rename(elements, other, "Speed", "3"))[1]
    found = changes(old, edited(rename)[1])
    assert [(each.kind, each.attribute, each.to) for each in found] == [
        ("renamed", None, "https://example.com/sm/Velocity"),
        ("changed", "value", None),
    ]


def test_a_move_is_a_move() -> None:
    def edit(elements: Any, _: Any) -> None:
        elements.append(elements[1]["value"].pop())
        del elements[1]["value"]

    (change,) = [each for each in changes(*edited(edit)) if each.kind == "moved"]
    assert change.path == "https://example.com/sm/Inner/Deep"
    assert change.to == "https://example.com/sm/Deep"


def test_a_member_put_into_a_list_is_one_addition() -> None:
    def edit(elements: Any, _: Any) -> None:
        elements[2]["value"].insert(1, {"modelType": "Capability", "category": "new"})

    (change,) = changes(*edited(edit))
    assert (change.kind, change.path) == ("added", "https://example.com/sm/Steps[1]")


def test_a_swap_in_an_ordered_list_is_seen_and_in_an_unordered_one_is_not() -> None:
    def swap(elements: Any, _: Any) -> None:
        elements[2]["value"].reverse()

    assert changes(*edited(swap))
    old, new = edited(swap)
    for environment in (old, new):
        environment.submodels[0].submodel_elements[2].order_relevant = False  # type: ignore[index,union-attr]
    assert changes(old, new) == []


def applied(document: Any, patch: list[dict[str, Any]]) -> Any:
    """A plain RFC 6902 processor for the three operations that Nacre writes."""
    result = copy.deepcopy(document)
    for operation in patch:
        *way, last = [
            step.replace("~1", "/").replace("~0", "~") for step in operation["path"].split("/")[1:]
        ]
        target = result
        for step in way:
            target = target[int(step)] if isinstance(target, list) else target[step]
        if isinstance(target, list):
            index = int(last)
            if operation["op"] == "add":
                target.insert(index, operation["value"])
            elif operation["op"] == "remove":
                del target[index]
            else:
                target[index] = operation["value"]
        elif operation["op"] == "remove":
            del target[last]
        else:
            target[last] = operation["value"]
    return result


def test_the_patch_turns_the_old_document_into_the_new() -> None:
    def edit(elements: Any, document: Any) -> None:
        elements[0]["value"] = "5"
        elements[2]["value"] = [elements[2]["value"][i] for i in (2, 0)] + [
            {"modelType": "Capability", "category": "dd"}
        ]
        del elements[1]
        document["conceptDescriptions"] = [{"modelType": "ConceptDescription", "id": "a/b~c"}]

    old, new = edited(edit)
    before, after = (json.loads(jsonization.dumps(each)) for each in (old, new))
    assert applied(before, json_patch(old, new)) == after


def test_what_is_left_out_is_what_it_means() -> None:
    """As the digest has it: `kind` Instance and `orderRelevant` true may be left out."""
    from nacre_aas.digest import digest

    one, other = one_submodel(), one_submodel(kind="Instance")
    assert digest(one).root == digest(other).root
    assert changes(one, other) == []
    assert changes(one, one_submodel(kind="Template")) != []
