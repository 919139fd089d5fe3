"""The type model against the official schemas of 3.0 and 3.1."""

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from nacre_aas import model
from nacre_aas.schema import Attribute, Kind, attributes, attributes_by_json_name, classes
from nacre_aas.versions import EXISTS, LITERALS, MAX_LENGTH, NONE, REQUIRED, Metamodel

VERSIONS = ["3.0", "3.1"]
XSD = "{http://www.w3.org/2001/XMLSchema}"


def definition(schema: dict[str, Any], name: str) -> tuple[dict[str, Any], set[str]]:
    """All properties of a class and the required ones, with those of its parents."""
    properties: dict[str, Any] = {}
    required: set[str] = set()

    def add(node: dict[str, Any]) -> None:
        if "$ref" in node:
            add(schema["definitions"][node["$ref"].rpartition("/")[2]])
        for part in node.get("allOf", ()):
            add(part)
        for key, value in node.get("properties", {}).items():
            properties[key] = {**properties.get(key, {}), **value}
        required.update(node.get("required", ()))

    add(schema["definitions"][name])
    return properties, required


def limits(node: dict[str, Any]) -> tuple[int | None, int | None]:
    found: dict[str, int] = {}
    for part in (node, *node.get("allOf", ())):
        found |= {key: part[key] for key in ("minLength", "maxLength") if key in part}
    return found.get("minLength"), found.get("maxLength")


def limit_in(attribute: Attribute, version: Metamodel) -> int | None:
    assert attribute.text is not None
    versions, earlier = MAX_LENGTH.get(attribute.text.name, (NONE, None))
    return earlier if version & versions else attribute.text.max_length


@pytest.mark.parametrize("label", VERSIONS)
@pytest.mark.parametrize("record", classes(), ids=lambda record: record.__name__)
def test_a_class_is_as_the_official_json_schema_has_it(
    record: type[model.Record], label: str, shared: Path
) -> None:
    version = Metamodel.of(label)
    schema = json.loads((shared / "spec" / label / "aas.json").read_text("utf-8"))
    properties, required = definition(schema, record.__name__)
    own = {
        name: attribute
        for name, attribute in attributes_by_json_name(record).items()
        if EXISTS.get((record.__name__, attribute.name), version) & version
    }
    assert own.keys() == properties.keys() - {"modelType"}
    demanded = {
        name
        for name, attribute in own.items()
        if attribute.required or REQUIRED.get((record.__name__, attribute.name), NONE) & version
    }
    assert demanded == required - {"modelType"}
    for name, attribute in own.items():
        if attribute.kind is Kind.TEXT:
            assert limits(properties[name]) == (
                attribute.text.min_length or None,  # type: ignore[union-attr]
                limit_in(attribute, version),
            ), name
        if attribute.kind is Kind.ENUMERATION:
            reference = properties[name]["$ref"].rpartition("/")[2]
            words = {
                literal
                for literal in attribute.literals
                if LITERALS.get((record.__name__, attribute.name, literal), version) & version
            }
            assert words == set(schema["definitions"][reference]["enum"]), name


@pytest.mark.parametrize("record", classes(), ids=lambda record: record.__name__)
def test_the_order_of_attributes_is_that_of_the_official_xml_schema(
    record: type[model.Record], shared: Path
) -> None:
    root = etree.parse(shared / "spec" / "3.1" / "AAS.xsd").getroot()
    groups = {group.get("name"): group for group in root.findall(f"{XSD}group")}

    def names(group: Any) -> list[str]:
        found: list[str] = []
        for child in group.find(f"{XSD}sequence"):
            if child.tag == f"{XSD}group":
                found += names(groups[child.get("ref")])
            else:
                found.append(child.get("name"))
        return found

    name = record.__name__[0].lower() + record.__name__[1:]
    expected = names(groups[name])
    found = [
        each.json_name for each in attributes(record) if (record.__name__, each.name) not in EXISTS
    ]
    assert found == expected


def test_every_class_of_the_metamodel_is_there(shared: Path) -> None:
    schema = json.loads((shared / "spec/3.1/aas.json").read_text("utf-8"))
    words = {name for name, node in schema["definitions"].items() if "enum" in node}
    helpers = {name for name in schema["definitions"] if name.endswith(("_choice", "_abstract"))}
    expected = schema["definitions"].keys() - words - helpers
    assert expected == set(model.__all__) - {"AnyDataElement", "AnySubmodelElement", "Record"}
