"""Hostile and broken input: one readable line, the right code, and no exception."""

import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from nacre_aas import files, links
from nacre_aas.errors import EditError
from nacre_aas.examples import EXAMPLES, content
from nacre_aas.findings import Severity
from nacre_aas.jsonization import loads
from nacre_aas.opc import Limits
from nacre_aas.paths import find
from nacre_aas.schema import elements_below
from nacre_aas.syntax import SYNTAX
from nacre_aas.versions import ALL
from nacre_aas.xsd import problem

GOOD = json.dumps(EXAMPLES["AASd-117"].right)
INDENTED = json.dumps(EXAMPLES["AASd-117"].right, indent=2)
XML = '<environment xmlns="https://admin-shell.io/aas/3/1">{}</environment>'
DEEP = 10_000


def external(value: str) -> dict[str, Any]:
    return {"type": "ExternalReference", "keys": [{"type": "GlobalReference", "value": value}]}


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def nested_json() -> bytes:
    head = '{"submodels":[{"modelType":"Submodel","id":"a","submodelElements":['
    level = '{"modelType":"SubmodelElementCollection","idShort":"Cc","value":['
    return (head + level * DEEP + "]}" * DEEP + "]}]}").encode()


def nested_xml() -> bytes:
    level, end = "<submodelElementCollection><value>", "</value></submodelElementCollection>"
    inside = level * DEEP + end * DEEP
    body = f"<submodels><submodel><id>a</id><submodelElements>{inside}</submodelElements></submodel></submodels>"
    return XML.format(body).encode()


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
    + XML.format("<submodels>&j;</submodels>")
)
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + XML.format("&a;")

REFUSED: dict[str, tuple[bytes, str]] = {
    "empty file": (b"", "SER-001"),
    "blanks only": (b" \n\t ", "SER-001"),
    "a PDF": (b"%PDF-1.7 ...", "SER-001"),
    "truncated JSON": (GOOD.encode()[:-5], "SER-001"),
    "two documents": (GOOD.encode() * 2, "SER-001"),
    "duplicate key": (GOOD.replace('"id":', '"id": "x", "id":', 1).encode(), "SER-001"),
    "duplicate collection": (b'{"submodels": [], "submodels": []}', "SER-001"),
    "lone surrogate": (GOOD.replace("Speed", "\\ud800").encode(), "SER-001"),
    "lone surrogate beside another fault": (
        GOOD.replace("Speed", "\\udc00").replace("xs:int", "").encode(),
        "SER-001",
    ),
    "lone surrogate in a key": (b'{"submodels": [{"\\ud800": 1}]}', "SER-001"),
    "NaN": (b'{"submodels": [NaN]}', "SER-001"),
    "Infinity in an unknown place": (b'{"submodels": [{"x": Infinity}]}', "SER-001"),
    "invalid UTF-8": (GOOD.encode().replace(b"Speed", b"Sp\xff"), "SER-001"),
    "duplicate key in an indented text": (
        INDENTED.replace('"id":', '"id": "x",\n "id":', 1).encode(),
        "SER-001",
    ),
    "line break in a string of an indented text": (
        INDENTED.replace("Speed", "Sp\n   eed").encode(),
        "SER-001",
    ),
    "invalid UTF-8 in an indented text": (
        INDENTED.encode().replace(b"Speed", b"Sp\xff"),
        "SER-001",
    ),
    "two indented documents": (INDENTED.encode() * 2, "SER-001"),
    "UTF-16 cut in half": (GOOD.encode("utf-16")[:-1], "SER-001"),
    "deep JSON": (nested_json(), "SER-002"),
    "deep list": (b"[" * DEEP + b"]" * DEEP, "SER-002"),
    "deep XML": (nested_xml(), "SER-002"),
    "truncated XML": (XML.format("<submodels>").encode(), "SER-001"),
    "entity expansion": (ENTITIES.encode(), "SER-001"),
    "external entity": (EXTERNAL.encode(), "SER-001"),
    "external entity in UTF-16": (EXTERNAL.encode("utf-16"), "SER-001"),
    "foreign XML": (b"<html><body/></html>", "SER-004"),
    "metamodel 2 XML": (b'<aasenv xmlns="http://www.admin-shell.io/aas/2/0"/>', "SER-003"),
    "metamodel 1 XML": (b'<aasenv xmlns="http://www.admin-shell.io/aas/1/0"/>', "SER-003"),
    "an empty list": (b"[]", "SER-004"),
    "a number": (b"42", "SER-004"),
    "something else": (b'{"foo": []}', "SER-004"),
    "ZIP without AAS": (zipped(**{"readme.txt": b"hello"}), "SER-005"),
    "empty ZIP": (zipped(), "SER-005"),
    "truncated ZIP": (content(EXAMPLES["AASX-002"].right)[:-30], "SER-001"),
    "beginning of a ZIP": (b"PK\3\4", "SER-001"),
    "random bytes": (bytes(range(256)) * 10, "SER-001"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_one_line(name: str) -> None:
    data, code = REFUSED[name]
    start = time.perf_counter()
    report = files.validate(name, data=data)
    assert report.refusal is not None, report.findings
    assert report.refusal.code == code
    assert "\n" not in report.refusal.message
    assert not report.findings
    assert time.perf_counter() - start < 5  # a hang is a failure; a slow machine is not


def test_a_damaged_archive_is_a_report_whatever_is_cut() -> None:
    good = content(EXAMPLES["AASX-002"].right)
    for start in range(0, len(good), 7):
        for length in (1, 5, 40):
            report = files.validate("x", data=good[:start] + good[start + length :])
            assert report.refusal is not None or report.versions or report.findings


def test_xml_that_only_one_parser_accepts_is_still_a_report() -> None:
    data = XML.replace("aas/3/1", "aas/3/1\u0080").format("").encode()
    report = files.validate("x", data=data)
    assert report.refusal is not None or report.findings


def test_a_number_of_any_length_is_a_finding() -> None:
    data = b'{"submodels":[{"modelType":"Submodel","id":' + b"9" * 5000 + b"}]}"
    report = files.validate("x", data=data)
    assert [finding.code for finding in report.findings] == ["SER-011"]


def test_a_refusal_names_line_and_column() -> None:
    refusal = files.validate("x", data=b'{\n "submodels": [,]\n}').refusal
    assert (refusal.line, refusal.column) == (2, 16)  # type: ignore[union-attr]
    refusal = files.validate("x", data=b'{"a": 1,\n  "a": 2}').refusal
    assert (refusal.line, refusal.column) == (2, 3)  # type: ignore[union-attr]


def test_an_encrypted_package_is_refused() -> None:
    data = bytearray(zipped(**{"aasx/data.json": GOOD.encode()}))
    data[6] |= 1  # the flag in the local header and in the central directory
    data[data.rindex(b"PK\1\2") + 8] |= 1
    refusal = files.validate("x", data=bytes(data)).refusal
    assert refusal is not None
    assert "encrypted" in refusal.message


def package_with(**more: bytes) -> bytes:
    parts = {name: text.encode() for name, text in EXAMPLES["AASX-002"].right.parts.items()}
    return zipped(**{**parts, **more})


def test_a_bomb_is_stopped_while_it_unpacks() -> None:
    bomb = package_with(**{"aasx/zeros.pdf": bytes(64 << 20)})
    assert len(bomb) < 200_000
    report = files.validate("bomb", data=bomb)
    assert report.refusal is not None
    assert report.refusal.code == "SER-002"
    assert "--max-ratio" in (report.refusal.hint or "")
    allowed = files.validate("bomb", data=bomb, limits=Limits(max_ratio=10_000))
    assert allowed.refusal is None


def test_all_parts_together_have_a_limit() -> None:
    data = package_with(**{f"aasx/{n}.pdf": bytes(range(256)) * 256 for n in range(40)})
    report = files.validate("x", data=data, limits=Limits(max_size=2 << 20))
    assert report.refusal is not None
    assert "--max-size" in (report.refusal.hint or "")


def test_a_header_that_lies_about_the_size_does_not_help() -> None:
    bomb = bytearray(package_with(**{"aasx/zeros.pdf": bytes(64 << 20)}))
    directory = bomb.rindex(b"PK\1\2", 0, bomb.rindex(b"zeros.pdf"))
    bomb[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    report = files.validate("bomb", data=bytes(bomb))
    codes = {finding.code for finding in report.findings}
    assert report.refusal is not None or "AASX-020" in codes


def test_too_many_parts_are_refused_before_they_are_listed() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(3000):
            archive.writestr(str(number), b"")
    refusal = files.validate("x", data=stream.getvalue(), limits=Limits(max_parts=1000)).refusal
    assert refusal is not None
    assert refusal.code == "SER-002"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../evil.json", "AASX-012"),
        ("/abs.json", "AASX-029"),
        ("a//b.json", "AASX-012"),
        ("a/./b.json", "AASX-012"),
        ("c:\\x.json", "AASX-012"),
    ],
)
def test_names_that_leave_the_package_are_findings_and_not_read(
    name: str, code: str, tmp_path: Path
) -> None:
    report = files.validate("x", data=package_with(**{name: b"{}"}))
    assert code in {finding.code for finding in report.findings}
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_json_in_other_encodings_is_read_with_a_warning(encoding: str) -> None:
    report = files.validate("x", data=GOOD.encode(encoding))
    assert report.versions
    assert [finding.code for finding in report.findings] == ["SER-019"]


def test_one_wrong_value_anywhere_is_a_finding_not_a_refusal() -> None:
    for wrong in ("1", "null", "[]", "{}", "true", '""', "[[]]", '[{"x": 1}]'):
        for key in ("assetAdministrationShells", "submodels", "conceptDescriptions"):
            report = files.validate("x", data=f'{{"{key}": {wrong}}}'.encode())
            assert report.refusal is None, (key, wrong)
            assert not report.versions, (key, wrong)


def test_an_empty_environment_is_valid_with_a_note() -> None:
    report = files.validate("x", data=b"{}")
    assert report.versions.labels == ("3.0", "3.1", "3.2")
    assert [finding.code for finding in report.findings] == ["SER-018"]


def test_a_long_base64_value_is_no_problem() -> None:
    blob = {"modelType": "Blob", "idShort": "Bb", "contentType": "a/b", "value": "AAAA" * 500_000}
    document = {"submodels": [{"modelType": "Submodel", "id": "a", "submodelElements": [blob]}]}
    assert files.validate("x", data=json.dumps(document).encode()).versions


@pytest.mark.parametrize("harmless", ["", "\n", '"', "\\u0001"])
def test_no_number_of_harmless_escapes_hides_a_forbidden_character(harmless: str) -> None:
    element = {"modelType": "Property", "idShort": "P1", "valueType": "xs:string"}
    element["value"] = harmless * 5000
    submodel = {"modelType": "Submodel", "id": "a", "submodelElements": [element]}
    good = files.validate("x", data=json.dumps({"submodels": [submodel]}).encode())
    assert not [each for each in good.findings if each.code == "AASd-130"]
    element["value"] += "\u0001"
    bad = files.validate("x", data=json.dumps({"submodels": [submodel]}).encode())
    assert "AASd-130" in {each.code for each in bad.findings}


_LACKING: dict[str, dict[str, object]] = {
    "submodels": {"id": "urn:sm"},
    "conceptDescriptions": {"id": "urn:cd"},
    "assetAdministrationShells": {
        "id": "urn:a",
        "assetInformation": {"assetKind": "Instance", "globalAssetId": "urn:g"},
    },
}


@pytest.mark.parametrize("name", sorted(_LACKING))
@pytest.mark.parametrize("lost", [{"category": None}, {"administration": {"version": None}}])
def test_a_class_that_is_not_named_and_a_null_do_not_make_up_for_each_other(
    name: str, lost: dict[str, object]
) -> None:
    data = json.dumps({name: [_LACKING[name] | lost]}).encode()
    report = files.validate("x", data=data)
    assert {"SER-012", "SER-013"} <= {each.code for each in report.findings}
    assert not report.versions


def test_a_class_that_is_not_named_and_one_named_twice_do_not_make_up_for_each_other() -> None:
    twice = b'{"modelType":"Submodel","modelType":"Submodel","id":"b"}'
    report = files.validate("x", data=b'{"submodels":[{"id":"a"},' + twice + b"]}")
    assert report.refusal is not None
    assert "`modelType` stands twice" in report.refusal.message


_INNER = [
    {"modelType": "Property", "idShort": None, "valueType": "xs:int", "value": 5},
    {"modelType": "Property", "idShort": "1bad", "valueType": "xs:int", "unknown": True},
    {"modelType": "SubmodelElementCollection", "idShort": "Dd", "value": []},
    {"modelType": "Range", "idShort": "Rr", "valueType": "xs:integer2"},
]
_BELOW = {"SER-013", "SER-011", "AASd-002", "SER-010", "MET-004", "MET-003"}


@pytest.mark.parametrize("named", [{}, {"modelType": None}, {"modelType": "Collection"}])
def test_an_element_without_class_hides_nothing_below_it(named: dict[str, object]) -> None:
    outer = {"idShort": "Cc", "value": _INNER, **named}
    submodel = {"modelType": "Submodel", "id": "a", "submodelElements": [outer]}
    for document in ({"submodels": [submodel]}, {"submodels": [submodel | {"kind": "Instance"}]}):
        report = files.validate("x", data=json.dumps(document).encode())
        assert {"SER-012", *_BELOW} <= {each.code for each in report.findings}


def test_a_misspelt_xml_element_hides_nothing_below_it() -> None:
    bad = "<property><idShort>1bad</idShort><valueType>xs:int</valueType></property>"
    wrong = f"<submodelElementColection><idShort>Cc</idShort><value>{bad}</value></submodelElementColection>"
    body = f"<submodels><submodel><id>a</id><submodelElements>{wrong}</submodelElements></submodel></submodels>"
    report = files.validate("x", data=XML.format(body).encode())
    assert {"SER-010", "AASd-002"} <= {each.code for each in report.findings}


MISSPELT = {
    "submodels": [
        {
            "modelType": "Submodel",
            "id": "urn:x",
            "submodelElement": [
                {"modelType": "Property", "idShort": "Aa", "valuetype": "xs:int", "value": "x"},
                3,
                {
                    "modelType": "Capability",
                    "idShort": "Bb",
                    "semanticID": {
                        "type": "ModelReference",
                        "keys": [{"type": "GlobalReference", "value": "x"}],
                    },
                },
            ],
        }
    ]
}


def test_a_misspelt_attribute_hides_nothing_below_it() -> None:
    found = files.validate("x", data=json.dumps(MISSPELT).encode()).findings
    assert [(each.code, each.location.pointer) for each in found] == [
        ("SER-010", "/submodels/0/submodelElement"),
        ("SER-010", "/submodels/0/submodelElement/0/valuetype"),
        ("MET-009", "/submodels/0/submodelElement/0/value"),
        ("SER-011", "/submodels/0/submodelElement/1"),
        ("SER-010", "/submodels/0/submodelElement/2/semanticID"),
        ("AASd-123", "/submodels/0/submodelElement/2/semanticID/keys/0/type"),
    ]
    assert found[2].location.element == ("urn:x", "Aa")
    assert found[0].hint == "did you mean `submodelElements`?"


def test_an_attribute_is_not_taken_for_one_that_is_there_or_looks_otherwise() -> None:
    element = {"modelType": "Property", "idShort": "Aa", "valueType": "xs:int", "value": "1"}
    for name, value in (("valueTypes", "xs:date"), ("displayNames", "text")):
        submodel = {
            "modelType": "Submodel",
            "id": "a",
            "submodelElements": [{**element, name: value}],
        }
        found = files.validate("x", data=json.dumps({"submodels": [submodel]}).encode()).findings
        assert [each.code for each in found] == ["SER-010"]


def test_a_misspelt_xml_attribute_hides_nothing_below_it() -> None:
    body = (
        "<submodels><submodel><id>urn:x</id><submodelElement>"
        "<property><idShort>Aa</idShort><valuetype>xs:int</valuetype><value>x</value></property>"
        "</submodelElement></submodel></submodels>"
    )
    found = files.validate("x", data=XML.format(body).encode()).findings
    place = "/environment/submodels/submodel/submodelElement"
    assert [(each.code, each.location.xpath) for each in found] == [
        ("SER-010", place),
        ("SER-010", f"{place}/property/valuetype"),
        ("MET-009", f"{place}/property/value"),
    ]
    assert found[1].hint == "did you mean `valueType`?"


def test_a_pair_of_a_value_list_without_value() -> None:
    """A number beside it is compared with the values that are there."""
    pair: dict[str, Any] = {"valueId": external("urn:one")}
    content = {
        "modelType": "DataSpecificationIec61360",
        "preferredName": [{"language": "en", "text": "Speed"}],
        "valueList": {
            "valueReferencePairs": [pair, {"value": "6", "valueId": external("urn:six")}]
        },
    }
    concept = {
        "modelType": "ConceptDescription",
        "id": "urn:speed",
        "embeddedDataSpecifications": [
            {
                "dataSpecification": external(
                    "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3"
                ),
                "dataSpecificationContent": content,
            }
        ],
    }
    speed = {
        "modelType": "Property",
        "idShort": "Speed",
        "valueType": "xs:int",
        "value": "5",
        "semanticId": external("urn:speed"),
    }
    submodel = {"modelType": "Submodel", "id": "urn:s", "submodelElements": [speed]}
    document = {"submodels": [submodel], "conceptDescriptions": [concept]}

    def codes() -> list[str]:
        data = json.dumps(document).encode()
        return [each.code for each in files.validate("x.json", data=data).findings]

    assert "MET-025" in codes()
    speed["value"] = "06"
    assert "MET-025" not in codes()
    # a member of a list means what the list says of its members
    meaning = speed.pop("semanticId")
    del speed["idShort"]
    submodel["submodelElements"] = [
        {
            "modelType": "SubmodelElementList",
            "idShort": "Speeds",
            "typeValueListElement": "Property",
            "valueTypeListElement": "xs:int",
            "semanticIdListElement": meaning,
            "value": [speed],
        }
    ]
    assert "MET-025" not in codes()
    speed["value"] = "5"
    assert "MET-025" in codes()


def test_two_misspelt_elements_are_not_taken_for_one_attribute() -> None:
    data = b"""<submodel xmlns="https://admin-shell.io/aas/3/1"><idShor>A</idShor><idShort1>B</idShort1>
    <id>urn:s</id></submodel>"""
    found = files.validate("x.xml", data=data).findings
    hints = [each.hint or "" for each in found if each.code == "SER-010"]
    assert [each.startswith("did you mean `idShort`") for each in hints] == [True, False]
    assert "SER-014" not in {each.code for each in found}


MANY = "9" * 5000  # digits, more than Python turns into a number


def of_type(value_type: str, value: str) -> dict[str, Any]:
    return {"modelType": "Property", "idShort": "P", "valueType": value_type, "value": value}


def link(*keys: tuple[str, str]) -> dict[str, Any]:
    way = [{"type": kind, "value": value} for kind, value in (("Submodel", "urn:s"), *keys)]
    value = {"type": "ModelReference", "keys": way}
    return {"modelType": "ReferenceElement", "idShort": "R", "value": value}


@pytest.mark.parametrize(
    "element",
    [
        of_type("xs:date", f"{MANY}-01-01"),
        of_type("xs:dateTime", f"-{MANY}-02-29T00:00:00.{MANY}Z"),
        of_type("xs:integer", MANY),
        of_type("xs:double", f"1e-{MANY}"),
        of_type("xs:duration", f"P{MANY}Y"),
        {"modelType": "Range", "idShort": "P", "valueType": "xs:decimal", "min": MANY, "max": "1"},
        {"modelType": "Range", "idShort": "P", "valueType": "xs:date", "max": f"{MANY}-01-01"},
        link(("SubmodelElementList", "L"), ("Property", MANY)),
        link(("SubmodelElementList", "L"), ("Property", "\u00b2")),
    ],
)
def test_thousands_of_digits_are_judged_like_others(element: dict[str, Any]) -> None:
    member = {"modelType": "Property", "valueType": "xs:int", "value": "1"}
    steps = {
        "modelType": "SubmodelElementList",
        "idShort": "L",
        "typeValueListElement": "Property",
        "valueTypeListElement": "xs:int",
        "value": [member],
    }
    submodel = {"modelType": "Submodel", "id": "urn:s", "submodelElements": [steps, element]}
    report = files.validate("x.json", data=json.dumps({"submodels": [submodel]}).encode())
    assert report.refusal is None


def test_long_years_have_the_months_of_short_ones() -> None:
    assert problem(f"{MANY}-02-28", "xs:date") is None
    assert problem(f"{MANY[:-2]}96-02-29", "xs:date") is None
    assert problem(f"{MANY[:-2]}00-02-29", "xs:date") is not None
    assert problem(f"-{MANY[:-2]}97-02-29", "xs:date") is None
    assert problem("-0005-02-29", "xs:date") is None
    assert problem("-0004-02-29", "xs:date") is not None


@pytest.mark.parametrize("step", [MANY, "\u00b2", "1", "-1"])
def test_a_position_that_a_list_does_not_have(step: str) -> None:
    member = {"modelType": "Property", "valueType": "xs:int", "value": "1"}
    steps = {"modelType": "SubmodelElementList", "idShort": "L", "value": [member]}
    steps |= {"typeValueListElement": "Property", "valueTypeListElement": "xs:int"}
    submodel = {"modelType": "Submodel", "id": "urn:s", "idShort": "S", "submodelElements": [steps]}
    content = loads(json.dumps({"submodels": [submodel]}).encode())
    with pytest.raises(EditError) as raised:
        find(content, f"S/L/{step}")
    assert raised.value.hint == "the list has 1 member, from 0"


def test_many_references_to_the_parts_of_one_element_look_at_it_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A bill of material has as many relations as parts, all below one entity."""
    looked: list[object] = []

    def counted_below(record: Any) -> Any:
        looked.append(record)
        return elements_below(record)

    monkeypatch.setattr(links, "elements_below", counted_below)
    count = 50
    parts = [of_type("xs:int", "1") | {"idShort": f"P{each}"} for each in range(count)]
    relations = [
        link(("SubmodelElementCollection", "Box"), ("Property", f"P{each}"))
        | {"idShort": f"R{each}"}
        for each in range(count + 1)
    ]
    box = {"modelType": "SubmodelElementCollection", "idShort": "Box", "value": parts}
    submodel = {"modelType": "Submodel", "id": "urn:s", "submodelElements": [box, *relations]}
    found = files.validate("x.json", data=json.dumps({"submodels": [submodel]}).encode()).findings
    assert [each.message for each in found if each.code == "MET-022"] == [
        f"the submodel `urn:s` has no element `Box/P{count}`"
    ]
    assert len(looked) == 2  # the submodel and the collection


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("\u00a0<id>x</id>", "SER-011"),
        ("<id>x</id>\u2003", "SER-011"),
        ('<id xsi:nil="true">x</id>', "SER-017"),
        ('<id xsi:type="range">x</id>', "SER-017"),
        ('<id xsi:schemaLocation="a b">x</id>', None),
        ("\t<id>x</id>\r\n ", None),
    ],
)
def test_xml_has_four_blanks_and_two_attributes(inside: str, code: str | None) -> None:
    text = (
        '<environment xmlns="https://admin-shell.io/aas/3/1"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<submodels><submodel>{inside}</submodel></submodels></environment>"
    )
    found = [each.code for each in files.validate("x.xml", data=text.encode()).findings]
    assert found == ([code] if code else [])


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"identification": {"id": "x", "idType": "IRI"}}, "identifiers stand in"),
        ({"modelType": {"name": "Submodel"}, "id": "x"}, "`modelType` is an object"),
    ],
)
def test_an_old_version_is_told_by_what_stands_there(more: dict[str, Any], reason: str) -> None:
    data = json.dumps({"submodels": [more]}).encode()
    refusal = files.validate("x.json", data=data).refusal
    assert refusal is not None
    assert reason in refusal.message


def test_a_very_long_id_short_is_judged_in_linear_time() -> None:
    for text in ("a" * 300_000 + "!", "a" * 300_000 + "-", "a-" * 150_000):
        found = SYNTAX["idShort"].check(text)
        assert found is not None
        assert found[0] is ALL


def test_a_bare_shell_with_submodels_is_no_environment() -> None:
    shell = {
        "modelType": "AssetAdministrationShell",
        "id": "urn:a",
        "assetInformation": {"assetKind": "Instance", "globalAssetId": "urn:g"},
        "submodels": [{"type": "ModelReference", "keys": [{"type": "Submodel", "value": "urn:s"}]}],
    }
    report = files.validate("x.json", data=json.dumps(shell).encode())
    assert [each.code for each in report.findings if each.severity is Severity.ERROR] == []
