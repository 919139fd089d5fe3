"""Rules in words: what a rule's example alone does not show."""

import json
import zlib
from pathlib import Path

import pytest

from nacre_aas import examples, files, jsonization, pdf
from nacre_aas.model import (
    AssetAdministrationShell,
    AssetInformation,
    Environment,
    Key,
    Reference,
)
from nacre_submodels import catalogue
from nacre_submodels.builder import build
from nacre_submodels.check import TemplateCheck
from nacre_submodels.examples import EXAMPLES
from nacre_submodels.packs import own
from nacre_submodels.packs.battery import is_cas_number
from nacre_submodels.samples import sample


@pytest.mark.parametrize(
    "number", ["7732-18-5", "64-17-5", "7440-02-0", "7440-48-4", "7439-92-1", "1310-66-3"]
)
def test_the_last_digit_of_a_cas_number_checks_the_others(number: str) -> None:
    assert is_cas_number(number)
    for place, digit in enumerate(number):
        for other in "0123456789":
            if digit != "-" and other != digit:
                changed = number[:place] + other + number[place + 1 :]
                # The last digit is a sum modulo 10: a change whose weight shares a factor can hide.
                weight = len(number.replace("-", "")[:-1]) - len(number[:place].replace("-", ""))
                hidden = weight * (int(other) - int(digit)) % 10 == 0 and place < len(number) - 1
                assert is_cas_number(changed) == (hidden and changed[0] != "0")


@pytest.mark.parametrize(
    "text", ["", "7732-18", "7732185", "07732-18-5", "7732-18-5 ", "EC 231-791-2"]
)
def test_other_texts_are_no_cas_numbers(text: str) -> None:
    assert not is_cas_number(text)


@pytest.mark.parametrize(
    ("before", "after", "expected"), [("60", "40", []), ("60", "41", ["SMT-171"])]
)
def test_recycled_shares_of_one_material_are_parts_of_one_whole(
    before: str, after: str, expected: list[str]
) -> None:
    found = catalogue.shipped()
    template = found.template(found.find("02035-7"))
    values = sample(template)
    content = values["RecycledContentInformation"][0]
    content |= {"PreConsumerShare": before, "PostConsumerShare": after}
    data = jsonization.dumps(Environment(submodels=[build(template, values, "urn:a").submodel]))
    report = files.validate("x", data=data, checks=[TemplateCheck()])
    assert [each.code for each in report.findings if each.code == "SMT-171"] == expected


CLAIM = b'<rdf:Description pdfaid:part="3"><pdfaid:conformance>U</pdfaid:conformance>'


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.4 <pdfaid:part>1</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>", "1a"),
        (b"%PDF-2.0 " + CLAIM.replace(b"3", b"4").split(b"<pdfaid:conf")[0], "4"),
        (b"%PDF-1.7 " + CLAIM, "3u"),
        (
            b"%PDF-1.7 1 0 obj <</Filter /FlateDecode /Type/Metadata /Subtype/XML>>\nstream\r\n"
            + zlib.compress(b" " * 5000 + CLAIM)
            + b"\nendstream",
            "3u",
        ),
        (b"%PDF-1.7 <</Type /Metadata>>\nstream\nnothing that can be inflated", None),
        (b"%PDF-1.7", None),
        (b"%PDF-1.7 " + b"/Type/Metadata stream\n" * 200_000, None),
    ],
)
def test_what_a_pdf_says_to_conform_to(data: bytes, expected: str | None) -> None:
    assert pdf.conformance(data) == (expected and f"PDF/A-{expected}")


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("/aasx/manual.pdf", "%PDF-1.7", ["no PDF of the document version says that it is PDF/A"]),
        ("manual.pdf", "%PDF-1.7", ["no PDF of the document version says that it is PDF/A"]),
        ("/aasx/manual.pdf", "GIF89a", ["`/aasx/manual.pdf` is called a PDF and is none"]),
        ("/aasx/manual.pdf", "%PDF-1.7 " + CLAIM.decode(), []),
        ("https://example.com/manual.pdf", "%PDF-1.7", []),
    ],
)
def test_a_document_version_needs_pdf_a(path: str, content: str, said: list[str]) -> None:
    example = EXAMPLES["SMT-109"].example.wrong
    document = json.loads(example.parts["aasx/data.json"].replace("/aasx/manual.pdf", path))
    data = examples.content(examples.package_with(document, content))
    found = files.validate("x.aasx", data=data, checks=[TemplateCheck()]).findings
    assert [each.message for each in found if each.code == "SMT-109"] == said


@pytest.mark.parametrize(
    ("number", "path", "value", "code"),
    [
        ("02006", ("URIOfTheProduct",), "https://example.com/p/4711?x=%20#a", None),
        ("02006", ("URIOfTheProduct",), "urn:example:4711", None),
        ("02006", ("URIOfTheProduct",), "example.com/p/4711", "SMT-111"),
        ("02006", ("URIOfTheProduct",), "https://", "SMT-111"),
        ("02006", ("URIOfTheProduct",), "http:example.com", "SMT-111"),
        ("02002", ("ContactInformation", "Email", "EmailAddress"), "a.b+c@d-e.co.uk", None),
        ("02002", ("ContactInformation", "Email", "EmailAddress"), "a@b\u00fccher.example", None),
        ("02002", ("ContactInformation", "Email", "EmailAddress"), "a@xn--bcher.xn--p1ai", None),
        ("02002", ("ContactInformation", "Email", "EmailAddress"), "a@@b.example", "SMT-121"),
        ("02002", ("ContactInformation", "Email", "EmailAddress"), "a@b..example", "SMT-121"),
        ("02002", ("ContactInformation", "Email", "EmailAddress"), "<a@b.example>", "SMT-121"),
        ("02002", ("ContactInformation", "Language"), "de-AT", None),
        ("02002", ("ContactInformation", "Language"), "english", "SMT-117"),
        ("02002", ("ContactInformation", "Language"), "en, de", "SMT-117"),
    ],
)
def test_addresses_and_languages_are_told_from_what_looks_like_them(
    number: str, path: tuple[str, ...], value: str, code: str | None
) -> None:
    found = catalogue.shipped()
    template = found.template(found.find(number))
    values = sample(template)
    at = values
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    data = jsonization.dumps(Environment(submodels=[build(template, values, "urn:a").submodel]))
    report = files.validate("x", data=data, checks=[TemplateCheck()])
    said = [each.code for each in report.findings if each.message.startswith(f"`{value}` is no ")]
    assert said == ([code] if code else [])


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"BizStep": "shipping"}, []),
        ({"BizStep": "urn:epcglobal:cbv:bizstep:shipping"}, []),
        ({"BizStep": "https://ref.gs1.org/cbv/BizStep-shipping"}, []),
        ({"BizStep": "https://ref.gs1.org/cbv/BizStep-shiping"}, ["SMT-165"]),
        ({"BizStep": "https://acme.example/steps/polishing"}, []),
        ({"BizStep": "polishing"}, ["SMT-165"]),
        ({"BizStep": "0173-1#07-ABC123#001"}, []),
        ({"BizStep": "urn:epcglobal:cbv:disp:in_transit"}, ["SMT-165"]),
        ({"EventType": "AssociationEvent"}, ["SMT-166"]),
        ({"Disposition": "shipping"}, ["SMT-165"]),
        ({"EventType": "TransactionEvent", "Action": ""}, ["SMT-166"]),
        ({"EventType": "TransformationEvent", "Action": ""}, ["SMT-166"]),
        ({"EventType": "TransformationEvent", "Action": "", "Outputs": ["urn:a"]}, []),
        ({"EventType": "AssociationEvent", "Action": "ADD"}, ["SMT-166"]),
        ({"EventType": "AggregationEvent"}, []),
    ],
)
def test_events_of_a_traceability_record_are_those_of_epcis(
    event: dict[str, object], expected: list[str]
) -> None:
    found = catalogue.shipped()
    template = found.template(found.find("TraceabilityRecord"))
    given = {"EventId": "urn:e", "EventTime": "2031-01-01T00:00:00Z", "EventType": "ObjectEvent"}
    one = {name: each for name, each in (given | {"Action": "OBSERVE"} | event).items() if each}
    built = build(template, {"Events": [one]}, "urn:s")
    data = jsonization.dumps(Environment(submodels=[built.submodel]))
    report = files.validate("x.json", data=data, checks=[TemplateCheck()])
    assert [each.code for each in report.findings] == expected


EVENT = {"EventType": "ObjectEvent", "Action": "OBSERVE"}
EARLY = EVENT | {"EventId": "urn:1", "EventTime": "2031-01-01T00:00:00Z"}
LATE = EVENT | {"EventId": "urn:2", "EventTime": "2031-01-02T00:00:00Z"}
EVIDENCE = {"LogOrigin": "example.com/log", "EntryNumber": "7", "LeafHash": "AB" * 32}


def _reverse(**more: str) -> dict[str, object]:
    state = {"State": "reused", "Since": "2031-01-03T00:00:00Z"}
    return {"Events": [EARLY], "ReverseLogistics": state | more}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"Events": [EARLY, LATE]}, []),
        ({"Events": [EARLY, LATE | {"EventId": "urn:1"}]}, ["SMT-167"]),
        ({"Events": [LATE, EARLY]}, ["SMT-168"]),
        # one slip of the pen is one finding, however long the history is
        (
            {
                "Events": [
                    EARLY | {"EventId": f"urn:{year}", "EventTime": f"{year}-01-01T00:00:00Z"}
                    for year in (2030, 2035, 2031, 2032, 2033)
                ]
            },
            ["SMT-168"],
        ),
        # without a time zone nobody knows which of two near times was first
        ({"Events": [LATE, EARLY | {"EventTime": "2031-01-01T20:00:00"}]}, []),
        ({"Events": [EARLY | {"Source": "urn:a", "Destination": "urn:a"}]}, ["SMT-169"]),
        (_reverse(PredecessorAsset="urn:a", SuccessorAsset="urn:b"), []),
        (_reverse(PredecessorAsset="urn:a", SuccessorAsset="urn:a"), ["SMT-169"]),
        (_reverse(PredecessorAsset="urn:asset"), ["SMT-169"]),
        ({"Events": [EARLY | {"Evidence": EVIDENCE}]}, []),
        ({"Events": [EARLY | {"Evidence": EVIDENCE | {"LeafHash": "AB"}}]}, ["SMT-010"]),
    ],
)
def test_events_have_an_identifier_a_place_in_time_and_two_parties(
    values: dict[str, object], expected: list[str]
) -> None:
    assert _judged("TraceabilityRecord", values) == expected


@pytest.mark.parametrize(
    ("measured", "expected"), [("1", []), ("7", ["SMT-163"]), ("NaN", ["SMT-163"])]
)
def test_a_measurement_is_held_against_its_limits(measured: str, expected: list[str]) -> None:
    found = catalogue.shipped()
    values = sample(found.template(found.find("MaintenanceRecord")), required_only=True)
    name, limits = {"en": "Vibration"}, {"min": "0", "max": "4.5"}
    one = {"QuantityName": name, "MeasuredValue": measured, "Unit": "mm/s", "Limits": limits}
    values["Records"][0]["Measurements"] = [one]
    assert _judged("MaintenanceRecord", values) == expected


@pytest.mark.parametrize(
    ("level", "from_asset", "to_asset", "expected"),
    [
        ("digital model", "false", "false", []),
        ("digital model", "false", "true", ["SMT-161"]),
        ("digital model", "true", "false", ["SMT-161"]),
        ("digital shadow", "true", "false", []),
        ("digital shadow", "false", "true", ["SMT-161"]),
        ("digital twin", "true", "true", []),
    ],
)
def test_the_level_of_a_twin_is_that_of_its_data_flows(
    level: str, from_asset: str, to_asset: str, expected: list[str]
) -> None:
    found = catalogue.shipped()
    values = sample(found.template(found.find("TwinProfile")), required_only=True)
    flows = {"FlowFromAsset": from_asset, "FlowToAsset": to_asset}
    assert _judged("TwinProfile", values | flows | {"IntegrationLevel": level}) == expected


def _judged(name: str, values: dict[str, object]) -> list[str]:
    """The codes that an instance of one of our templates gets, as the submodel of the asset `urn:asset`."""
    found = catalogue.shipped()
    submodel = build(found.template(found.find(name)), values, "urn:s").submodel
    reference = Reference(type="ModelReference", keys=[Key(type="Submodel", value="urn:s")])
    about = AssetInformation(asset_kind="Instance", global_asset_id="urn:asset")
    shell = AssetAdministrationShell(id="urn:aas", asset_information=about, submodels=[reference])
    content = Environment(asset_administration_shells=[shell], submodels=[submodel])
    report = files.validate("x.json", data=jsonization.dumps(content), checks=[TemplateCheck()])
    return [each.code for each in report.findings]


@pytest.mark.parametrize(("name", "file"), [("BizStep", "bizstep"), ("Disposition", "disposition")])
def test_the_words_of_the_cbv_are_those_of_gs1(shared: Path, name: str, file: str) -> None:
    folder = shared / "ontologies" / "epcis" / "JSON-LD-Context"
    context = json.loads((folder / f"cbv-context-{file}.jsonld").read_text("utf-8"))["@context"]
    assert {each for each in context if each[0] != "@" and each != "cbv"} == own.WORDS[name]
