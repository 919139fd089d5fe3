"""For every rule of templates the smallest document that breaks it, and the same document repaired.

Most examples are instances of one small template, `DEMO`; those of lint are templates themselves,
those of packs instances of the template that the pack is for.
"""

import copy
from collections.abc import Callable
from typing import Any, NamedTuple

from nacre_aas.examples import Example, content, package_with
from nacre_aas.jsonization import loads
from nacre_submodels import builder, catalogue
from nacre_submodels.compiler import templates_of
from nacre_submodels.samples import sample
from nacre_submodels.template import outline

_ID = "https://example.com/demo"


class TemplateExample(NamedTuple):
    """An example, and how it is judged: against `DEMO`, against known templates, or by lint."""

    example: Example
    against: str = "demo"


def example_of(code: str) -> Example | None:
    """The example of a rule, with the command that shows it."""
    found = EXAMPLES.get(code)
    if found is None:
        return None
    if found.against == "lint":
        return found.example._replace(command="template lint example.json")
    if found.against == "known":
        return found.example
    return found.example._replace(
        command="validate example.json --template template.json",
        template=_demanded_of(found.example),
    )


def _demanded_of(example: Example) -> dict[str, Any]:
    """What `DEMO` demands of the elements that an example has."""
    documents = (example.wrong, example.right or {})
    elements = [each for document in documents for each in _elements(document)]
    used = {_semantic_id(each) for each in elements} | {each.get("idShort") for each in elements}
    required, *others = _elements(DEMO)
    kept = [each for each in others if each["idShort"] in used or _semantic_id(each) in used]
    return {"submodels": [DEMO["submodels"][0] | {"submodelElements": [required, *kept]}]}


def outline_of(template: object) -> list[str]:
    """What the template of an example demands, as a person reads it."""
    (compiled,) = templates_of(loads(content(template)))
    return outline(compiled)


def _elements(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        element
        for submodel in document.get("submodels", ())
        for element in submodel.get("submodelElements", ())
    ]


def _semantic_id(element: dict[str, Any]) -> str | None:
    reference = element.get("semanticId")
    return reference["keys"][0]["value"] if reference else None


def _reference(value: str) -> dict[str, Any]:
    return {
        "type": "ExternalReference",
        "keys": [{"type": "GlobalReference", "value": value}],
    }


def _qualifier(type_: str, value: str | None, kind: str = "TemplateQualifier") -> dict[str, Any]:
    made = {"kind": kind, "type": type_, "valueType": "xs:string", "value": value}
    return {key: each for key, each in made.items() if each is not None}


def _element(name: str, kind: str = "Property", /, **more: Any) -> dict[str, Any]:
    made = {"modelType": kind, "idShort": name, "semanticId": _reference(f"{_ID}/{name}")}
    if kind == "Property":
        made["valueType"] = "xs:string"
    return made | more


def _asked(cardinality: str, *others: tuple[str, str]) -> list[dict[str, Any]]:
    stated = (("SMT/Cardinality", cardinality), *others)
    return [_qualifier(type_, value) for type_, value in stated]


def _submodel(kind: str, *elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    submodel = {
        "modelType": "Submodel",
        "id": f"{_ID}/{kind}",
        "idShort": "Demo",
        "kind": kind,
        "semanticId": _reference(_ID),
        **more,
    }
    return {"submodels": [submodel | ({"submodelElements": list(elements)} if elements else {})]}


_STATE = [_reference("https://example.com/dictionary/state")]


def _template() -> dict[str, Any]:
    return _submodel(
        "Template",
        _element("SerialNumber", qualifiers=_asked("One", ("SMT/ExampleValue", "SN-12345678"))),
        _element(
            "Share",
            valueType="xs:double",
            qualifiers=_asked("ZeroToOne", ("SMT/AllowedRange", "[0,100]")),
        ),
        _element(
            "State",
            qualifiers=_asked("ZeroToOne", ("SMT/AllowedValue", "new;used")),
            supplementalSemanticIds=_STATE,
        ),
        _element("Grade", qualifiers=_asked("ZeroToOne", ("FormChoices", "A;B"))),
        _element(
            "Title",
            "MultiLanguageProperty",
            qualifiers=_asked("ZeroToOne", ("SMT/RequiredLang", "en")),
        ),
        _element(
            "Photo01",
            "File",
            contentType="image/png",
            qualifiers=_asked("ZeroToMany", ("SMT/AllowedIdShort", r"Photo[\d{2}]")),
        ),
        _element("Net", qualifiers=_asked("ZeroToOne", ("SMT/EitherOr", "weight"))),
        _element("Gross", qualifiers=_asked("ZeroToOne", ("SMT/EitherOr", "weight"))),
        _element(
            "Codes",
            "SubmodelElementList",
            orderRelevant=False,
            typeValueListElement="Property",
            valueTypeListElement="xs:string",
            qualifiers=_asked("ZeroToOne"),
            value=[
                {
                    "modelType": "Property",
                    "semanticId": _reference(f"{_ID}/Code"),
                    "valueType": "xs:string",
                    "qualifiers": _asked("One"),
                }
            ],
        ),
        _element("Plant", "Entity", entityType="CoManagedEntity", qualifiers=_asked("ZeroToOne")),
    )


#: The template of most examples, as metamodel JSON.
DEMO = _template()
_SERIAL = _element("SerialNumber", value="4711")


def _instance(*more: dict[str, Any], serial: dict[str, Any] | None = None) -> dict[str, Any]:
    return _submodel("Instance", serial or _SERIAL, *more)


def _pair(wrong: dict[str, Any], right: dict[str, Any]) -> TemplateExample:
    return TemplateExample(Example(_instance(wrong), _instance(right)))


def _codes(count: int = 1, **more: Any) -> dict[str, Any]:
    return (
        _element(
            "Codes",
            "SubmodelElementList",
            orderRelevant=False,
            typeValueListElement="Property",
            valueTypeListElement="xs:string",
            value=[
                {"modelType": "Property", "valueType": "xs:string", "value": f"C{number}"}
                for number in range(count)
            ],
        )
        | more
    )


def _photo(name: str) -> dict[str, Any]:
    return _element(
        name,
        "File",
        semanticId=_reference(f"{_ID}/Photo01"),
        contentType="image/png",
        value="https://example.com/photo.png",
    )


def _serial(**more: Any) -> dict[str, Any]:
    return _instance(serial=_SERIAL | more)


def _other_id(value: str) -> dict[str, Any]:
    return {"semanticId": _reference(value)}


_SHELL = {
    "assetAdministrationShells": [
        {
            "modelType": "AssetAdministrationShell",
            "id": "https://example.com/aas/1",
            "assetInformation": {"assetKind": "Instance", "globalAssetId": "https://example.com/1"},
            "submodels": [
                {
                    "type": "ModelReference",
                    "keys": [{"type": "Submodel", "value": f"{_ID}/Template"}],
                }
            ],
        }
    ]
}


def _title(language: str) -> dict[str, Any]:
    texts = [{"language": language, "text": "Pump"}]
    return _element("Title", "MultiLanguageProperty", value=texts)


def _instances() -> dict[str, TemplateExample]:
    good = _instance()
    return {
        "SMT-001": TemplateExample(
            Example(_submodel("Instance", _element("State", value="new")), good)
        ),
        "SMT-002": TemplateExample(
            Example(_instance({**_SERIAL, "idShort": "SerialNumber2"}), good)
        ),
        "SMT-003": _pair(_codes(2), _codes(1)),
        "SMT-004": _pair(
            _element("State", value="new", **_other_id("https://example.com/else")),
            _element("State", value="new"),
        ),
        "SMT-005": TemplateExample(Example(_serial(**_other_id("https://example.com/else")), good)),
        "SMT-006": _pair(
            _element("State", value="new", **_other_id(f"{_ID}/state")),
            _element("State", value="new"),
        ),
        "SMT-007": TemplateExample(Example(_serial(**_other_id(f"{_ID}/serialnumber")), good)),
        "SMT-008": TemplateExample(
            Example(
                _instance(
                    serial={
                        **_title("en"),
                        "idShort": "SerialNumber",
                        **_other_id(f"{_ID}/SerialNumber"),
                    }
                ),
                good,
            )
        ),
        "SMT-009": TemplateExample(Example(_serial(valueType="xs:int"), good)),
        "SMT-010": _pair(_element("State", value="old"), _element("State", value="used")),
        "SMT-011": _pair(_element("Grade", value="C"), _element("Grade", value="B")),
        "SMT-012": _pair(
            _element("Share", valueType="xs:double", value="101"),
            _element("Share", valueType="xs:double", value="99.5"),
        ),
        "SMT-013": _pair(_title("de"), _title("en")),
        "SMT-014": _pair(_photo("Picture"), _photo("Photo01")),
        "SMT-015": TemplateExample(
            Example(
                _instance(_element("Net", value="1"), _element("Gross", value="2")),
                _instance(_element("Net", value="1")),
            )
        ),
        "SMT-016": _pair(_codes(orderRelevant=True), _codes()),
        "SMT-017": TemplateExample(Example(_instance(_element("Colour", value="red")), good)),
        "SMT-018": TemplateExample(Example(_serial(value="SN-12345678"), good)),
        "SMT-019": TemplateExample(
            Example(
                _serial(qualifiers=[_qualifier("SMT/Cardinality", "One", "ConceptQualifier")]), good
            )
        ),
        "SMT-020": TemplateExample(
            Example(
                _SHELL | _submodel("Template", _SERIAL),
                _SHELL | _submodel("Instance", _SERIAL, id=f"{_ID}/Template"),
            ),
            "known",
        ),
        "SMT-023": TemplateExample(
            Example(_instance(serial={k: v for k, v in _SERIAL.items() if k != "value"}), good)
        ),
    }


# -- known templates and packs ---------------------------------------------------------------------

Change = Callable[[dict[str, Any]], Any]


def _known(name: str, wrong: Change, right: Change | None = None) -> TemplateExample:
    """An instance of a known template, with its sample values changed."""
    broken, repaired = (_sampled(name, change) for change in (wrong, right or dict.copy))
    return TemplateExample(Example(broken, repaired), "known")


def _sampled(name: str, change: Change) -> dict[str, Any]:
    """An instance of a known template with sample values and a change to them."""
    found = catalogue.shipped()
    template = found.template(found.find(name))
    values = copy.deepcopy(sample(template))
    change(values)
    built = builder.build(template, values, "https://example.com/sm/1")
    for _, part, element in built.attachments:
        element.value = part
    return _json(built.submodel)


def _archival() -> TemplateExample:
    """A manual in a package, as any PDF and as PDF/A."""

    def manual(values: dict[str, Any]) -> None:
        _version(values, DigitalFiles=[{"path": "/aasx/manual.pdf"}])

    document = _sampled("02004", manual)
    claim = ' <rdf:Description pdfaid:part="2" pdfaid:conformance="B"/>'
    broken, repaired = (package_with(document, f"%PDF-1.7{each}") for each in ("", claim))
    return TemplateExample(Example(broken, repaired), "known")


def _json(submodel: Any) -> dict[str, Any]:
    import msgspec

    from nacre_aas.jsonization import dumps

    return {"submodels": [msgspec.json.decode(dumps(submodel))]}


def _classification(values: dict[str, Any], **more: Any) -> None:
    good = {
        "ClassId": "03-02",
        "ClassName": {"en": "Operation"},
        "ClassificationSystem": "VDI2770:2020",
    }
    document = values["Documents"][0]
    document["DocumentClassifications"] = [good | more]
    version = document["DocumentVersions"][0]
    version["StatusValue"] = "Released"


def _version(values: dict[str, Any], **more: Any) -> None:
    _classification(values)
    values["Documents"][0]["DocumentVersions"][0] |= more


def _ids(values: dict[str, Any], *ids: tuple[str, str]) -> None:
    _classification(values)
    values["Documents"][0]["DocumentIds"] = [
        {
            "DocumentDomainId": "https://example.com",
            "DocumentIdentifier": name,
            "DocumentIsPrimary": mark,
        }
        for name, mark in ids
    ]


def _nameplate(values: dict[str, Any], **more: Any) -> None:
    values |= {"YearOfConstruction": "2031", "CountryOfOrigin": "DE"} | more


def _address(values: dict[str, Any]) -> None:
    _nameplate(values)
    values["AddressInformation"].pop("Street")


def _dates(values: dict[str, Any], expiry: str) -> None:
    _nameplate(values)
    values["Markings"] = [
        {
            "MarkingName": "CE",
            "IssueDate": "2031-05-17",
            "ExpiryDate": expiry,
            "MarkingFile": {"path": "https://example.com/ce.pdf"},
        }
    ]


def _segments(values: dict[str, Any], count: str, **record: Any) -> None:
    values["Metadata"]["Record"] = {"Time": "1", "sampleAccelerationX": "2"}
    segment = {"RecordCount": count, "Records": {"Record": [{"Time": "1"} | record]}}
    values["Segments"] = {"InternalSegment": segment}


def _profile(values: dict[str, Any], level: str, *, excludes: str = "Frame") -> None:
    values |= {"IntegrationLevel": level, "FlowFromAsset": "true", "FlowToAsset": "false"}
    module = {"ModuleName": {"en": "Seat"}, "ModuleKind": "personalised", "Excludes": [excludes]}
    values["Modules"] = [module]


def _modules(values: dict[str, Any], *names: str) -> None:
    _profile(values, "digital shadow")
    values["Modules"] = [{"ModuleName": {"en": each}, "ModuleKind": "common"} for each in names]


def _record(values: dict[str, Any], measured: str) -> None:
    values["Records"][0] |= {
        "StartedAt": "2031-05-17T08:00:00Z",
        "EndedAt": "2031-05-17T09:00:00Z",
        "Measurements": [
            {
                "QuantityName": {"en": "Vibration"},
                "MeasuredValue": measured,
                "Unit": "mm/s",
                "Limits": {"min": "0", "max": "4.5"},
            }
        ],
    }


def _custody(values: dict[str, Any], begin: str) -> None:
    first = {"Holder": "a", "FromTime": "2031-01-01T00:00:00Z", "ToTime": "2031-02-01T00:00:00Z"}
    values["Custody"] = [first, {"Holder": "b", "FromTime": begin}]


def _shipped(values: dict[str, Any], step: str, **more: Any) -> None:
    common = {"EventId": "urn:uuid:1", "EventTime": "2031-01-01T00:00:00Z", "BizStep": step}
    values["Events"] = [common | {"EventType": "ObjectEvent", "Action": "OBSERVE"} | more]


def _twice(values: dict[str, Any], **second: Any) -> None:
    """A second event, as the first one but for what is said."""
    _shipped(values, "shipping")
    values["Events"].append(values["Events"][0] | second)


def _class_of(values: dict[str, Any], number: str) -> None:
    values["ProductClassifications"] = [
        {"ClassificationSystem": "ECLASS", "ProductClassId": number, "ProductClassCodedName": "x"}
    ]


def _relation(values: dict[str, Any], archetype: str) -> None:
    values["ArcheType"] = archetype


def _entry_node() -> TemplateExample:
    """A structure whose entry node is another asset than that of its shell."""

    def structure(asset: str) -> dict[str, Any]:
        document = _sampled(
            "HierarchicalStructures", lambda v: v["EntryNode"].update(globalAssetId=asset)
        )
        key = {"type": "Submodel", "value": document["submodels"][0]["id"]}
        shell = {
            "modelType": "AssetAdministrationShell",
            "id": f"{_ID}/aas",
            "assetInformation": {"assetKind": "Instance", "globalAssetId": f"{_ID}/pump"},
            "submodels": [{"type": "ModelReference", "keys": [key]}],
        }
        return {"assetAdministrationShells": [shell], **document}

    return TemplateExample(Example(structure(f"{_ID}/mill"), structure(f"{_ID}/pump")), "known")


def _lithium(values: dict[str, Any], number: str) -> None:
    values["BatteryMaterials"][0]["BatteryMaterialIdentifier"] = number
    values["HazardousSubstances"][0]["HazardousSubstanceIdentifier"] = number


_REACHABLE: dict[str, Any] = {
    "Phone": {"TelephoneNumber": {"en": "1"}},
    "Fax": {"FaxNumber": {"en": "1"}},
    "Email": {"EmailAddress": "a@example.com"},
}


def _shared(number: str) -> TemplateExample:
    """A submodel of a template whose semantic id another one has, and one that says which is meant."""
    found = catalogue.shipped()
    template = found.template(found.find(number))
    values = sample(template, required_only=True)
    wrong = _json(builder.build(template, values, f"{_ID}/Instance").submodel)
    right = copy.deepcopy(wrong)
    right["submodels"][0]["administration"] = {"templateId": template.id}
    return TemplateExample(Example(wrong, right), "known")


def _packs() -> dict[str, TemplateExample]:
    near = _submodel(
        "Instance", _SERIAL, **_other_id("https://admin-shell.io/idta/Nameplate/3/0/Nameplate")
    )
    old = _submodel(
        "Instance", _SERIAL, **_other_id("https://admin-shell.io/zvei/nameplate/2/0/Nameplate")
    )
    return {
        "SMT-021": TemplateExample(Example(old), "known"),
        "SMT-022": TemplateExample(Example(near), "known"),
        "SMT-024": _shared("02035-2"),
        "SMT-025": _pair(
            _element(
                "State",
                value="new",
                supplementalSemanticIds=_STATE,
                **_other_id("https://example.com/else"),
            ),
            _element("State", value="new", supplementalSemanticIds=_STATE),
        ),
        "SMT-026": _pair(_codes(1), _codes(1, semanticIdListElement=_reference(f"{_ID}/Code"))),
        "SMT-101": _known(
            "02004", lambda v: _classification(v, ClassificationSystem="Own"), _classification
        ),
        "SMT-102": _known("02004", lambda v: _classification(v, ClassId="09-09"), _classification),
        "SMT-103": _known(
            "02004", lambda v: _classification(v, ClassName={"de": "Betrieb"}), _classification
        ),
        "SMT-104": _known(
            "02004", lambda v: _classification(v, ClassificationSystem="VDI 2770"), _classification
        ),
        "SMT-105": _known(
            "02004",
            lambda v: _ids(v, ("A", "false"), ("B", "false")),
            lambda v: _ids(v, ("A", "true"), ("B", "false")),
        ),
        "SMT-106": _known("02004", lambda v: _version(v, StatusValue="done"), _version),
        "SMT-107": _known(
            "02004",
            lambda v: _ids(v, ("A", "true"), ("A", "false")),
            lambda v: _ids(v, ("A", "true"), ("B", "false")),
        ),
        "SMT-108": _known(
            "02004",
            lambda v: _version(
                v,
                DigitalFiles=[
                    {"path": "https://example.com/x.docx", "contentType": "application/msword"}
                ],
            ),
            _version,
        ),
        "SMT-109": _archival(),
        "SMT-111": _known(
            "02006", lambda v: _nameplate(v, URIOfTheProduct="www.example.com"), _nameplate
        ),
        "SMT-112": _known("02006", _address, _nameplate),
        "SMT-113": _known("02006", lambda v: _nameplate(v, YearOfConstruction="31"), _nameplate),
        "SMT-114": _known("02006", lambda v: _nameplate(v, CountryOfOrigin="Germany"), _nameplate),
        "SMT-115": _known(
            "02006", lambda v: _dates(v, "2030-01-01"), lambda v: _dates(v, "2032-01-01")
        ),
        "SMT-121": _known(
            "02002",
            lambda v: v["ContactInformation"]["Email"].update(EmailAddress="nobody"),
            lambda v: v["ContactInformation"]["Email"].update(EmailAddress="a@example.com"),
        ),
        "SMT-116": _known(
            "https://admin-shell.io/zvei/nameplate/2/0/Nameplate",
            lambda v: [
                v.pop(name) for name in ("ManufacturerProductFamily", "ManufacturerProductType")
            ],
        ),
        "SMT-117": _known(
            "02002",
            lambda v: v["ContactInformation"].update(Language="english"),
            lambda v: v["ContactInformation"].update(
                Language="en",
                **_REACHABLE,
            ),
        ),
        "SMT-122": _known(
            "02002",
            lambda v: v["ContactInformation"].update(RoleOfContactPerson="boss"),
            lambda v: v["ContactInformation"].update(
                RoleOfContactPerson="0173-1#07-AAS931#001",
                **_REACHABLE,
            ),
        ),
        "SMT-131": _known(
            "02008",
            lambda v: _segments(v, "7", sampleAccelerationX="2"),
            lambda v: _segments(v, "1", sampleAccelerationX="2"),
        ),
        "SMT-132": _known(
            "02008",
            lambda v: _segments(v, "1"),
            lambda v: _segments(v, "1", sampleAccelerationX="2"),
        ),
        "SMT-141": _known(
            "HierarchicalStructures",
            lambda v: _relation(v, "OneDown"),
            lambda v: _relation(v, "Full"),
        ),
        "SMT-142": _entry_node(),
        "SMT-151": _known(
            "02003", lambda v: _class_of(v, "pump"), lambda v: _class_of(v, "36410101")
        ),
        "SMT-171": _known(
            "02035-7",
            lambda v: v.update(RenewableContent="120"),
            lambda v: v.update(RenewableContent="12"),
        ),
        "SMT-172": _known(
            "02035-5", lambda v: v["EnergyThroughput"].update(EnergyThroughputValue="-1")
        ),
        "SMT-173": _known(
            "02035-6", lambda v: _lithium(v, "7439-93-3"), lambda v: _lithium(v, "7439-93-2")
        ),
        "SMT-174": _known(
            "02035-7",
            lambda v: v["SafetyMeasures"].update(ExtinguishingAgents=["Foam"]),
            lambda v: v["SafetyMeasures"].update(ExtinguishingAgents=["ABC powder"]),
        ),
        "SMT-160": _known(
            "TwinProfile",
            lambda v: _modules(v, "Seat", "Seat"),
            lambda v: _modules(v, "Seat", "Bed"),
        ),
        "SMT-161": _known(
            "TwinProfile",
            lambda v: _profile(v, "digital twin"),
            lambda v: _profile(v, "digital shadow"),
        ),
        "SMT-162": _known(
            "TwinProfile",
            lambda v: _profile(v, "digital shadow", excludes="Seat"),
            lambda v: _profile(v, "digital shadow"),
        ),
        "SMT-163": _known(
            "MaintenanceRecord", lambda v: _record(v, "7.1"), lambda v: _record(v, "2.3")
        ),
        "SMT-164": _known(
            "TraceabilityRecord",
            lambda v: _custody(v, "2031-03-01T00:00:00Z"),
            lambda v: _custody(v, "2031-02-01T00:00:00Z"),
        ),
        "SMT-165": _known(
            "TraceabilityRecord",
            lambda v: _shipped(v, "shiping"),
            lambda v: _shipped(v, "shipping"),
        ),
        "SMT-166": _known(
            "TraceabilityRecord",
            lambda v: _shipped(v, "packing", EventType="AggregationEvent", Action="ADD"),
            lambda v: _shipped(
                v, "packing", EventType="AggregationEvent", Action="ADD", ParentId="urn:box"
            ),
        ),
        "SMT-167": _known(
            "TraceabilityRecord",
            lambda v: _twice(v, EventTime="2031-02-01T00:00:00Z"),
            lambda v: _twice(v, EventTime="2031-02-01T00:00:00Z", EventId="urn:uuid:2"),
        ),
        "SMT-168": _known(
            "TraceabilityRecord",
            lambda v: _twice(v, EventTime="2030-12-01T00:00:00Z", EventId="urn:uuid:2"),
            lambda v: _twice(v, EventTime="2031-02-01T00:00:00Z", EventId="urn:uuid:2"),
        ),
        "SMT-169": _known(
            "TraceabilityRecord",
            lambda v: _shipped(v, "shipping", Source="urn:maker", Destination="urn:maker"),
            lambda v: _shipped(v, "shipping", Source="urn:maker", Destination="urn:buyer"),
        ),
    }


# -- templates themselves --------------------------------------------------------------------------


def _lint(wrong: dict[str, Any], right: dict[str, Any] | None = None) -> TemplateExample:
    good = _element("SerialNumber", qualifiers=_asked("One"))
    return TemplateExample(
        Example(_submodel("Template", wrong), _submodel("Template", right or good)), "lint"
    )


def _stated(*qualifiers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return _element("SerialNumber", qualifiers=list(qualifiers), **more)


def _in_list(cardinality: str) -> dict[str, Any]:
    member = {
        "modelType": "Property",
        "semanticId": _reference(f"{_ID}/Code"),
        "valueType": "xs:string",
        "qualifiers": _asked(cardinality),
    }
    return _codes(value=[member], qualifiers=_asked("One"))


def _lints() -> dict[str, TemplateExample]:
    nameless = {"modelType": "Property", "valueType": "xs:string", "qualifiers": _asked("One"),
                "semanticId": _reference(f"{_ID}/x")}  # fmt: skip
    first = _element("First", qualifiers=_asked("One"))
    no_id = _element("SerialNumber", qualifiers=_asked("One"))
    no_id.pop("semanticId")
    without = _submodel("Template", first)
    without["submodels"][0].pop("semanticId")
    good = _submodel("Template", first)
    return {
        "SMT-201": _lint(_element("SerialNumber")),
        "SMT-202": _lint(_stated(_qualifier("Multiplicity", "One"))),
        "SMT-203": _lint(_stated(_qualifier("SMT/Cardinality", "ZerotoOne"))),
        "SMT-204": _lint(_stated(_qualifier("SMT/Cardinality", "often"))),
        "SMT-205": _lint(_stated(_qualifier("SMT/Cardinality", "One", "ConceptQualifier"))),
        "SMT-206": _lint(no_id),
        "SMT-207": _lint(
            _stated(_qualifier("SMT/Cardinality", "One"), _qualifier("Multiplicity", "ZeroToOne"))
        ),
        "SMT-208": _lint(_in_list("One"), _in_list("OneToMany")),
        "SMT-209": _lint(
            _stated(*_asked("One", ("SMT/ExampleValue", "soon")), valueType="xs:date"),
            _stated(*_asked("One", ("SMT/ExampleValue", "2031-05-17")), valueType="xs:date"),
        ),
        "SMT-210": _lint(_stated(*_asked("One", ("SMT/Cardinalty", "One")))),
        "SMT-211": _lint(_stated(*_asked("One"), **_other_id(f"{_ID}/SerialNumber "))),
        "SMT-212": TemplateExample(
            Example(
                _submodel("Template", first, first | {"idShort": "Second"}),
                _submodel("Template", first, _element("Second", qualifiers=_asked("One"))),
            ),
            "lint",
        ),
        "SMT-213": TemplateExample(Example(without, good), "lint"),
        "SMT-214": _lint(
            _element("Box", "SubmodelElementCollection", qualifiers=_asked("One"), value=[nameless])
        ),
        "SMT-215": _lint(_stated(*_asked("One", ("SMT/AllowedRange", "some")))),
        "SMT-216": TemplateExample(Example(_submodel("Instance", first), good), "lint"),
        "SMT-217": _lint(
            _stated(*_asked("One", ("SMT/AllowedValue", "a;b"), ("SMT/ExampleValue", "c"))),
            _stated(*_asked("One", ("SMT/AllowedValue", "a;b"), ("SMT/ExampleValue", "b"))),
        ),
        "SMT-219": _lint(
            _stated(*_asked("One", ("SMT/AllowedValue", "1;many")), valueType="xs:int"),
            _stated(*_asked("One", ("SMT/AllowedValue", "1;2")), valueType="xs:int"),
        ),
        "SMT-220": _lint(_stated(*_asked("One", ("SMT/RequiredLang", "de")))),
        "SMT-221": _lint(_stated(*_asked("One", ("SMT/EitherOr", "Sizes")))),
        "SMT-222": _lint(
            _stated(*_asked("One", ("SMT/AllowedIdShort", r"\d{2,3}"))),
            _stated(*_asked("One", ("SMT/AllowedIdShort", r"Serial[\d{2,3}]"))),
        ),
        "SMT-218": _lint(_stated(*_asked("One")) | {"idShort": "{arbitrary}"}),
    }


#: By code; `SMT-030` to `SMT-033` are said where there is no document, and have none.
EXAMPLES: dict[str, TemplateExample] = {**_instances(), **_packs(), **_lints()}
