"""Rules that stand only in the words of a template's specification, as small packs per template.

A pack is a function over a submodel, registered for the number of a specification. It looks for
elements by semantic id (whatever version an IRDI has) or idShort and says what is wrong with them.
Each rule cites where its words stand.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from nacre_aas.checking import Flag
from nacre_aas.constraints.registry import Broken, declare
from nacre_aas.findings import Severity
from nacre_aas.model import (
    File,
    MultiLanguageProperty,
    Property,
    Submodel,
    SubmodelElement,
    SubmodelElementList,
)
from nacre_aas.schema import elements, elements_below
from nacre_submodels.compiler import semantic_id
from nacre_submodels.semantics import near_key
from nacre_submodels.template import Template

# -- looking around ------------------------------------------------------------------------------


class _Elements:
    """All elements of a submodel, by idShort and by what they mean."""

    def __init__(self, submodel: Submodel) -> None:
        self.submodel = submodel
        self.every: list[Any] = [x for x in elements(submodel) if isinstance(x, SubmodelElement)]
        self.by_name: dict[str, list[Any]] = {}
        by_name = self.by_name
        for element in self.every:
            own = semantic_id(element.semantic_id)
            for key in (element.id_short, own and near_key(own)):
                if key in by_name:
                    by_name[key].append(element)
                elif key is not None:
                    by_name[key] = [element]

    def named(self, *names: str) -> list[Any]:
        """The elements with one of some idShorts or semantic ids (in any version), each once."""
        found = {
            id(element): element
            for name in names
            for key in (name, near_key(name))
            for element in self.by_name.get(key, ())
        }
        return list(found.values())


def _is(element: Any, name: str) -> bool:
    """Whether an element has a semantic id, in any version."""
    own = semantic_id(element.semantic_id)
    return own is not None and near_key(own) == near_key(name)


def _child(record: Any, *names: str) -> Any:
    """The element below a record with one of some idShorts, or else of some semantic ids."""
    below = [x for _, x in elements_below(record) if isinstance(x, SubmodelElement)]
    for child in below:
        if child.id_short in names:
            return child
    meanings = [name for name in names if "/" in name or "#" in name]
    if meanings:
        for child in below:
            if any(_is(child, name) for name in meanings):
                return child
    return None


def _names_below(record: Any) -> set[str]:
    names = (getattr(child, "id_short", None) for _, child in elements_below(record))
    return {name for name in names if name}


def _value(element: Any) -> str | None:
    return element.value if isinstance(element, Property) else None


def _members(element: Any) -> list[Any]:
    if isinstance(element, SubmodelElementList):
        return list(element.value or ())
    return [] if element is None else [element]


# -- packs -----------------------------------------------------------------------------------------


class Pack(NamedTuple):
    """The rules in words of one specification that a machine can judge.

    `key` is the number of the specification, or the semantic id of a template without one.
    """

    key: str
    rules: Callable[[_Elements], Iterator[Flag]]

    def check(self, submodel: Submodel) -> Iterator[Flag]:
        """What a submodel breaks."""
        return self.rules(_Elements(submodel))


_PACKS: dict[str, Pack] = {}


def pack_for(template: Template) -> Pack | None:
    """The pack of a template, if there is one."""
    return _PACKS.get(template.number or template.semantic_id or "")


def open_point(template: Template, pack: Pack | None) -> str:
    """What a verdict by a template does not cover."""
    if pack is None:
        return (
            f"what the specification of {template.label} says in words; there are no rules for it"
        )
    return f"what the specification of {template.label} says in words, beyond the rules of its pack"


_Rules = Callable[[_Elements], Iterator[Flag]]


def _pack(*keys: str) -> Callable[[_Rules], _Rules]:
    def register(function: _Rules) -> _Rules:
        for key in keys:
            _PACKS[key] = Pack(key, function)
        return function

    return register


# -- IDTA 02004 Handover Documentation -----------------------------------------------------------

_HANDOVER = "IDTA 02004-2-0, Document and DocumentVersion"
_VDI = "VDI 2770 Blatt 1, document classes"
#: The classes of documents of VDI 2770.
VDI_2770_CLASSES = {
    "01-01": "Identification",
    "02-01": "Technical specification",
    "02-02": "Drawings, plans",
    "02-03": "Assemblies",
    "02-04": "Certificates, declarations",
    "03-01": "Commissioning, de-commissioning",
    "03-02": "Operation",
    "03-03": "General safety",
    "03-04": "Inspection, maintenance, testing",
    "03-05": "Repair",
    "03-06": "Spare parts",
    "04-01": "Contract documents",
}
NO_VDI_CLASS = declare(
    "SMT-101",
    "document without VDI 2770 class",
    "Every document is classified by VDI 2770 at least, so that any receiver finds the manual.",
    'add a classification with ClassificationSystem "VDI2770:2020"',
    f"{_HANDOVER}; {_VDI}",
)
VDI_CLASS = declare(
    "SMT-102",
    "no class of VDI 2770",
    "VDI 2770 has twelve classes of documents; the ClassId is the number of one of them.",
    "use one of " + ", ".join(VDI_2770_CLASSES),
    _VDI,
)
VDI_NAME = declare(
    "SMT-103",
    "class of VDI 2770 without English name",
    "The name of the class is given in English at least.",
    "add the English name of the class",
    f"{_HANDOVER}, ClassName",
)
VDI_SYSTEM = declare(
    "SMT-104",
    "VDI 2770 under another name",
    "The classification system of VDI 2770 is called `VDI 2770 Blatt 1:2020` by the specification and "
    "`VDI2770:2020` by the template.",
    'write "VDI 2770 Blatt 1:2020"',
    f"{_HANDOVER}, ClassificationSystem",
    severity=Severity.WARNING,
)
PRIMARY = declare(
    "SMT-105",
    "not one primary document id",
    "Of several ids of a document one is marked as the primary one.",
    "set DocumentIsPrimary of one of them to true",
    f"{_HANDOVER}, DocumentIsPrimary",
    severity=Severity.WARNING,
)
STATUS = declare(
    "SMT-106",
    "status of a document that VDI 2770 does not have",
    "The status of a document version is InReview or Released.",
    "use InReview or Released",
    f"{_HANDOVER}, StatusValue; VDI 2770",
    severity=Severity.WARNING,
)
SAME_DOCUMENT = declare(
    "SMT-107",
    "two documents with one id",
    "Domain and identifier together name a document; here they name two.",
    "give each document an id of its own",
    f"{_HANDOVER}, DocumentId",
    severity=Severity.WARNING,
)
NO_PDF = declare(
    "SMT-108",
    "document version without PDF",
    "A document version is handed over as PDF/A at least; other formats come in addition. Whether a PDF "
    "is PDF/A is not looked at.",
    "add the document as PDF/A",
    f"{_HANDOVER}, DigitalFile; VDI 2770",
    severity=Severity.WARNING,
)

#: Without blanks and in capitals.
_VDI_NAMES = ("VDI2770BLATT1:2020", "VDI2770:2020", "VDI2770:2018")
_DOCUMENT = ("0173-1#02-ABI500#003/0173-1#01-AHF579#003", "Document")
_CLASSIFICATION = ("0173-1#02-ABI502#003/0173-1#01-AHF581#003", "DocumentClassification")
_DOCUMENT_ID = ("0173-1#02-ABI501#003/0173-1#01-AHF580#003", "DocumentId")
_VERSION = ("0173-1#02-ABI503#003/0173-1#01-AHF582#003", "DocumentVersion")


@_pack("02004", "02035-2")
def _handover(found: _Elements) -> Iterator[Flag]:
    seen: set[tuple[str, str]] = set()
    for document in found.named(*_DOCUMENT):
        yield from _classifications(document)
        yield from _document_ids(document, seen)
        for version in _below(document, "DocumentVersions", *_VERSION):
            yield from _version(version)


def _below(record: Any, list_name: str, *names: str) -> list[Any]:
    """The members of a list below a record, or the elements themselves where there is no list."""
    found = _child(record, list_name)
    if isinstance(found, SubmodelElementList):
        return _members(found)
    return [
        child
        for _, child in elements_below(record)
        if isinstance(child, SubmodelElement)
        and (child.id_short in names or any(_is(child, name) for name in names))
    ]


def _classifications(document: Any) -> Iterator[Flag]:
    found = _below(document, "DocumentClassifications", *_CLASSIFICATION)
    by_vdi = []
    for each in found:
        system = _child(each, "0173-1#02-ABH997#003", "ClassificationSystem")
        name = re.sub(r"[\s_-]", "", _value(system) or "").upper()
        if not name.startswith("VDI2770"):
            continue
        by_vdi.append(each)
        if name not in _VDI_NAMES:
            message = f"the classification system is called `{_value(system)}`"
            yield Flag(system, VDI_SYSTEM, Broken(message, ("value",)))
        class_id = _child(each, "0173-1#02-ABH996#003", "ClassId")
        if _value(class_id) and _value(class_id) not in VDI_2770_CLASSES:
            message = f"`{_value(class_id)}` is no class of VDI 2770"
            yield Flag(class_id, VDI_CLASS, Broken(message, ("value",)))
        class_name = _child(each, "0173-1#02-ABJ219#002", "ClassName")
        if isinstance(class_name, MultiLanguageProperty):
            languages = {(text.language or "")[:2].lower() for text in class_name.value or ()}
            if "en" not in languages:
                yield Flag(class_name, VDI_NAME, Broken("the name of the class is not in English"))
    if found and not by_vdi:
        yield Flag(document, NO_VDI_CLASS, Broken("no classification of the document is VDI 2770"))


def _document_ids(document: Any, seen: set[tuple[str, str]]) -> Iterator[Flag]:
    ids = _below(document, "DocumentIds", *_DOCUMENT_ID)
    primary = 0
    for each in ids:
        mark = _value(_child(each, "0173-1#02-ABH995#003", "DocumentIsPrimary", "IsPrimary"))
        primary += mark in ("true", "1")
        domain = _value(_child(each, "0173-1#02-ABH994#003", "DocumentDomainId"))
        name = _child(each, "0173-1#02-AAO099#004", "DocumentIdentifier", "ValueId")
        pair = (domain or "", _value(name) or "")
        if pair[1] and pair in seen:
            message = f"`{pair[1]}` of `{pair[0]}` already names another document"
            yield Flag(name, SAME_DOCUMENT, Broken(message, ("value",)))
        seen.add(pair)
    if len(ids) > 1 and primary != 1:
        message = f"the document has {len(ids)} ids, of which {primary} are primary"
        yield Flag(document, PRIMARY, Broken(message))


def _version(version: Any) -> Iterator[Flag]:
    status = _child(version, "0173-1#02-ABI001#003", "StatusValue")
    if _value(status) and _value(status) not in ("InReview", "Released"):
        message = f"`{_value(status)}` is no status of a document version"
        yield Flag(status, STATUS, Broken(message, ("value",)))
    files = [
        each
        for each in _below(version, "DigitalFiles", "DigitalFile", "0173-1#02-ABK126#002")
        if isinstance(each, File) and each.value
    ]
    if files and not any(
        (each.content_type or "").lower() == "application/pdf"
        or (each.value or "").lower().split("?")[0].endswith(".pdf")
        for each in files
    ):
        yield Flag(version, NO_PDF, Broken("no file of the document version is a PDF"))


# -- IDTA 02006 Digital Nameplate ----------------------------------------------------------------

_NAMEPLATE = "IDTA 02006"
URI = declare(
    "SMT-111",
    "address of the product that is no absolute URI",
    "URIOfTheProduct identifies the product in the world and leads to its data, also as the code on the "
    "type plate (IEC 61406).",
    "write an absolute URI such as https://example.com/p/4711",
    f"{_NAMEPLATE}, URIOfTheProduct; IEC 61406-1",
)
ADDRESS = declare(
    "SMT-112",
    "incomplete address of the manufacturer",
    "The nameplate shows the postal address of the manufacturer: street, postal code, town and country.",
    "add the missing part of the address",
    "IDTA 02006-2-0 §3.2; Directive 2006/42/EC, Annex I 1.7.3",
    severity=Severity.WARNING,
)
YEAR = declare(
    "SMT-113",
    "year of construction that is no year",
    "YearOfConstruction is a year of four digits.",
    "write the year as 2031",
    f"{_NAMEPLATE}, YearOfConstruction",
    severity=Severity.WARNING,
)
COUNTRY = declare(
    "SMT-114",
    "country that is no ISO 3166 code",
    "CountryOfOrigin is the code of two letters of ISO 3166-1.",
    "write the code, such as DE",
    f"{_NAMEPLATE}, CountryOfOrigin; ISO 3166-1",
    severity=Severity.WARNING,
)
DATES = declare(
    "SMT-115",
    "dates in the wrong order",
    "What begins must not end before.",
    "check both dates",
    "the meaning of the elements",
)

FAMILY_OR_TYPE = declare(
    "SMT-116",
    "neither family nor type of the product",
    "A nameplate of version 2.0 says at least one of product family and product type.",
    "add ManufacturerProductFamily or ManufacturerProductType",
    "IDTA 02006-2-0, ManufacturerProductFamily and ManufacturerProductType",
)
_NAMEPLATE_2 = "https://admin-shell.io/zvei/nameplate/2/0/Nameplate"
_ADDRESS = "https://admin-shell.io/zvei/nameplate/1/0/ContactInformations/AddressInformation"
_ADDRESS_PARTS = {
    "Street": "0173-1#02-AAO128#002",
    "Zipcode": "0173-1#02-AAO129#002",
    "CityTown": "0173-1#02-AAO132#002",
    "NationalCode": "0173-1#02-AAO134#002",
}


@_pack("02006", "02035-1")
def _nameplate(found: _Elements) -> Iterator[Flag]:
    for uri in found.named("URIOfTheProduct", "0112/2///61987#ABN590#002"):
        value = _value(uri)
        if value and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:\S+", value):
            yield Flag(uri, URI, Broken(f"`{value}` is no absolute URI", ("value",)))
    for address in found.named(_ADDRESS, "AddressInformation"):
        missing = [
            name for name, meaning in _ADDRESS_PARTS.items() if not _child(address, name, meaning)
        ]
        if missing:
            words = ", ".join(f"`{name}`" for name in missing)
            yield Flag(address, ADDRESS, Broken(f"the address has no {words}"))
    for year in found.named("YearOfConstruction"):
        value = _value(year)
        if value and not re.fullmatch(r"\d{4}", value):
            yield Flag(year, YEAR, Broken(f"`{value}` is no year", ("value",)))
    for country in found.named("CountryOfOrigin"):
        value = _value(country)
        if value and not re.fullmatch(r"[A-Z]{2}", value):
            yield Flag(country, COUNTRY, Broken(f"`{value}` is no code of ISO 3166-1", ("value",)))
    for owner in (found.submodel, *found.named("0112/2///61360_7#AAS009#001", "Marking")):
        yield from _in_order(owner, "IssueDate", "ExpiryDate")
    yield from _in_order(found.submodel, "DateOfManufacture", "DateOfPuttingIntoService")
    yield from _contact(found)
    if semantic_id(found.submodel.semantic_id) == _NAMEPLATE_2 and not any(
        map(found.named, ("ManufacturerProductFamily", "ManufacturerProductType"))
    ):
        message = "there is neither `ManufacturerProductFamily` nor `ManufacturerProductType`"
        yield Flag(found.submodel, FAMILY_OR_TYPE, Broken(message))


def _in_order(owner: Any, first: str, second: str) -> Iterator[Flag]:
    """Two dates of one parent stand in their order (as far as ISO 8601 texts of one zone tell)."""
    begin, end = _child(owner, first), _child(owner, second)
    start, stop = _value(begin), _value(end)
    if start and stop and stop[:10] < start[:10] and stop[:4].isdigit() and start[:4].isdigit():
        message = f"`{second}` is `{stop}`, but `{first}` is `{start}`"
        yield Flag(end, DATES, Broken(message, ("value",)))


# -- IDTA 02023 Carbon Footprint, 02002 Contact Information, 02003 Technical Data -----------------


@_pack("02023", "02035-3")
def _carbon_footprint(found: _Elements) -> Iterator[Flag]:
    for footprint in found.every:
        if not isinstance(footprint, Property):
            yield from _in_order(footprint, "PublicationDate", "ExpirationDate")


EMAIL = declare(
    "SMT-121",
    "e-mail address that is none",
    "EmailAddress is an address that mail can be sent to.",
    "write it as name@example.com",
    "IDTA 02002-1-0, EmailAddress; RFC 5322",
    severity=Severity.WARNING,
)


CODED = declare(
    "SMT-122",
    "coded value that the specification does not list",
    "The role of a contact, and the kinds of telephone, fax and e-mail, are values of ECLASS that the "
    "specification lists.",
    "use the IRDI of one of the listed values",
    "IDTA 02002-1-0, ContactInformation; ECLASS",
    severity=Severity.WARNING,
)
_ROLES = tuple(f"0173-1#07-AAS{number}#001" for number in range(927, 932))
_PLACES = tuple(f"0173-1#07-AAS{number}#001" for number in range(754, 760))
#: Semantic id -> the values that the specification lists for it.
_CODED = {
    "0173-1#02-AAO204#003": _ROLES,
    "0173-1#02-AAO137#003": _PLACES,
    "0173-1#02-AAO196#003": (_PLACES[0], _PLACES[2], _PLACES[4]),
    "0173-1#02-AAO199#003": (_PLACES[0], _PLACES[2], _PLACES[3], _PLACES[4]),
}


@_pack("02002")
def _contact(found: _Elements) -> Iterator[Flag]:
    for email in found.named("EmailAddress", "0173-1#02-AAO198#002"):
        value = _value(email)
        if value and not re.fullmatch(r"(mailto:)?[^@\s]+@[^@\s]+\.[^@\s]+", value):
            yield Flag(email, EMAIL, Broken(f"`{value}` is no e-mail address", ("value",)))
    for meaning, listed in _CODED.items():
        for element in found.named(meaning):
            value = _value(element)
            if value and value not in listed:
                message = f"`{value}` is not one of the listed values"
                hint = f"use one of {', '.join(listed)}"
                yield Flag(element, CODED, Broken(message, ("value",), None, hint))


# -- IDTA 02008 Time Series Data ------------------------------------------------------------------

RECORD_COUNT = declare(
    "SMT-131",
    "number of records that is not the number of records",
    "RecordCount says how many records a segment has; here it has another number.",
    "correct RecordCount",
    "IDTA 02008-1-1, Segment/RecordCount",
)
RECORD_SHAPE = declare(
    "SMT-132",
    "record unlike the metadata",
    "All records of a segment have the elements that Metadata/Record declares.",
    "give each record the elements of Metadata/Record",
    "IDTA 02008-1-1, Metadata/Record",
    severity=Severity.WARNING,
)

_SERIES = "https://admin-shell.io/idta/TimeSeries"


@_pack("02008")
def _time_series(found: _Elements) -> Iterator[Flag]:
    metadata = _child(found.submodel, f"{_SERIES}/Metadata/1/1", "Metadata")
    declared = None if metadata is None else _child(metadata, f"{_SERIES}/Record/1/1", "Record")
    wanted = _names_below(declared) if declared is not None else set()
    for segment in found.named(f"{_SERIES}/Segments/InternalSegment/1/1"):
        records = _child(segment, f"{_SERIES}/Records/1/1", "Records")
        rows = [child for _, child in elements_below(records)] if records is not None else []
        count = _child(segment, "RecordCount")
        if _value(count) and str(len(rows)) != (_value(count) or "").strip():
            message = f"`RecordCount` is {_value(count)}, but there are {len(rows)} records"
            yield Flag(count, RECORD_COUNT, Broken(message, ("value",)))
        for row in rows:
            missing = sorted(wanted - _names_below(row))
            if missing:
                words = ", ".join(f"`{name}`" for name in missing[:4])
                yield Flag(row, RECORD_SHAPE, Broken(f"the record has no {words}"))
        yield from _in_order(segment, "StartTime", "EndTime")


# -- IDTA 02011 Hierarchical Structures -----------------------------------------------------------

ARCHETYPE = declare(
    "SMT-141",
    "relation against the archetype",
    "A structure of archetype OneDown says HasPart, one of OneUp says IsPartOf; Full may say both.",
    "use the other relation, or the archetype Full",
    "IDTA 02011-1-1, ArcheType",
    severity=Severity.WARNING,
)


@_pack("02011")
def _structures(found: _Elements) -> Iterator[Flag]:
    archetype = _value(_child(found.submodel, "ArcheType"))
    wrong = {"OneDown": "IsPartOf", "OneUp": "HasPart"}.get(archetype or "")
    if wrong is not None:
        base = "https://admin-shell.io/idta/HierarchicalStructures"
        for relation in found.named(f"{base}/{wrong}/1/0"):
            message = f"a structure of archetype `{archetype}` has `{wrong}`"
            yield Flag(relation, ARCHETYPE, Broken(message))


# -- IDTA 02003 Technical Data --------------------------------------------------------------------

PRODUCT_CLASS = declare(
    "SMT-151",
    "product class that its system cannot have",
    "A class of ECLASS is an IRDI or a number of eight digits; one of UNSPSC has eight digits.",
    "check the class with the classification system",
    "IDTA 02003-2-0, ProductClassId",
    severity=Severity.WARNING,
)


@_pack("02003", "02035-4")
def _technical_data(found: _Elements) -> Iterator[Flag]:
    for each in found.named(
        "0173-1#02-ABK162#002/0173-1#01-AHX839#002", "ProductClassificationItem"
    ):
        system = (
            _value(_child(each, "ClassificationSystem", "0173-1#02-ABL424#001")) or ""
        ).upper()
        class_id = _child(each, "ProductClassId", "0173-1#02-ABG776#003")
        value = re.sub(r"[\s-]", "", _value(class_id) or "")
        if not value:
            continue
        plain = re.fullmatch(r"\d{8}", value) is not None
        irdi = re.match(r"01731", value) is not None
        if ("ECLASS" in system and not (plain or irdi)) or ("UNSPSC" in system and not plain):
            message = f"`{_value(class_id)}` is no class of {system}"
            yield Flag(class_id, PRODUCT_CLASS, Broken(message, ("value",)))


# -- our own templates ----------------------------------------------------------------------------

_OWN = "https://w3id.org/nacre/submodel"
LEVEL = declare(
    "SMT-161",
    "integration level that the data flows do not bear out",
    "A digital shadow has an automatic data flow from the asset, a digital twin in both directions, and a "
    "predictive twin a model that foresees besides; a digital model has none of them.",
    "correct the level, or the flows",
    "docs/adr/0004, TwinProfile",
)
EXCLUDED = declare(
    "SMT-162",
    "modules that exclude each other",
    "A module names the modules that cannot go with it, and one of them is there.",
    "remove one of the modules",
    "docs/adr/0004, TwinProfile",
)
LIMITS = declare(
    "SMT-163",
    "measured value outside its limits",
    "The record gives limits for the measurement, and the value is outside them.",
    "nothing, if that is what was found; the record is about it",
    "docs/adr/0004, MaintenanceRecord",
    severity=Severity.NOTE,
)
CUSTODY = declare(
    "SMT-164",
    "gap or overlap in custody",
    "The periods of custody follow each other without gap and without overlap.",
    "correct the times, or add the missing holder",
    "docs/adr/0004, TraceabilityRecord",
    severity=Severity.WARNING,
)
#: Integration level -> whether there is a flow from the asset, and one to it.
_FLOWS = {
    "digital model": (False, False),
    "digital shadow": (True, False),
    "digital twin": (True, True),
    "predictive twin": (True, True),
}


@_pack(f"{_OWN}/TwinProfile/1/0")
def _twin_profile(found: _Elements) -> Iterator[Flag]:
    level = _child(found.submodel, "IntegrationLevel")
    claimed = _value(level) or ""
    flows = tuple(
        _value(_child(found.submodel, name)) in ("true", "1")
        for name in ("FlowFromAsset", "FlowToAsset")
    )
    if claimed in _FLOWS and flows != _FLOWS[claimed]:
        shown = next((each for each, bears in _FLOWS.items() if bears == flows), "no level at all")
        message = f"`{claimed}` is claimed, but the data flows are those of `{shown}`"
        yield Flag(level, LEVEL, Broken(message, ("value",)))
    elif claimed == "predictive twin" and _child(found.submodel, "PredictionModel") is None:
        yield Flag(level, LEVEL, Broken("a predictive twin has a `PredictionModel`", ("value",)))
    modules = _members(_child(found.submodel, "Modules"))
    names = {text.text for each in modules for text in _texts(_child(each, "ModuleName"))}
    for each in modules:
        for excluded in _members(_child(each, "Excludes")):
            if _value(excluded) in names:
                message = f"`{_value(excluded)}` is excluded, but it is there"
                yield Flag(excluded, EXCLUDED, Broken(message, ("value",)))


def _texts(element: Any) -> list[Any]:
    return list(element.value or ()) if isinstance(element, MultiLanguageProperty) else []


@_pack(f"{_OWN}/MaintenanceRecord/1/0")
def _maintenance(found: _Elements) -> Iterator[Flag]:
    for record in _members(_child(found.submodel, "Records")):
        yield from _in_order(record, "StartedAt", "EndedAt")
        for each in _members(_child(record, "Measurements")):
            value, limits = _child(each, "MeasuredValue"), _child(each, "Limits")
            if limits is None or not _value(value):
                continue
            number, low, high = (_number(x) for x in (_value(value), limits.min, limits.max))
            outside = number is not None and (
                (low is not None and number < low) or (high is not None and number > high)
            )
            if outside:
                message = f"`{_value(value)}` is outside {limits.min or ''}..{limits.max or ''}"
                yield Flag(value, LIMITS, Broken(message, ("value",)))


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


@_pack(f"{_OWN}/TraceabilityRecord/1/0")
def _traceability(found: _Elements) -> Iterator[Flag]:
    before: str | None = None
    for period in _members(_child(found.submodel, "Custody")):
        yield from _in_order(period, "FromTime", "ToTime")
        begin = _child(period, "FromTime")
        if before is not None and _value(begin) and _value(begin) != before:
            message = f"custody begins at `{_value(begin)}`, the one before ended at `{before}`"
            yield Flag(begin, CUSTODY, Broken(message, ("value",)))
        before = _value(_child(period, "ToTime"))
