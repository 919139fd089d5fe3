"""IDTA 02004 Handover Documentation: documents as VDI 2770 has them."""

import re
from collections.abc import Iterator
from typing import Any

from nacre_aas.checking import Flag
from nacre_aas.constraints.registry import Broken, declare
from nacre_aas.findings import Severity
from nacre_aas.model import (
    File,
    MultiLanguageProperty,
    SubmodelElement,
    SubmodelElementList,
)
from nacre_aas.schema import elements_below
from nacre_submodels.packs.looking import (
    Elements,
    element_at,
    means,
    members_of,
    text_of,
)
from nacre_submodels.packs.pack import in_code, pack

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
    "A document version is handed over as PDF/A at least; other formats come in addition.",
    "add the document as PDF/A",
    f"{_HANDOVER}, DigitalFile; VDI 2770",
    severity=Severity.WARNING,
)

NO_PDF_A = declare(
    "SMT-109",
    "document version without PDF/A",
    "A document version is handed over as PDF/A at least. A PDF/A says in its metadata that it is one; "
    "whether it keeps what it says, and what lies outside of the package, is not looked at.",
    "save the document as PDF/A, such as PDF/A-2b",
    f"{_HANDOVER}, DigitalFile; ISO 19005-1 §6.7.11",
    severity=Severity.WARNING,
)

#: Without blanks and in capitals.
_VDI_NAMES = ("VDI2770BLATT1:2020", "VDI2770:2020", "VDI2770:2018")
_DOCUMENT = ("0173-1#02-ABI500#003/0173-1#01-AHF579#003", "Document")
_CLASSIFICATION = ("0173-1#02-ABI502#003/0173-1#01-AHF581#003", "DocumentClassification")
_DOCUMENT_ID = ("0173-1#02-ABI501#003/0173-1#01-AHF580#003", "DocumentId")
_VERSION = ("0173-1#02-ABI503#003/0173-1#01-AHF582#003", "DocumentVersion")


@pack("02004", "02035-2")
def _handover(found: Elements) -> Iterator[Flag]:
    seen: set[tuple[str, str]] = set()
    for document in found.named(*_DOCUMENT):
        yield from _classifications(document)
        yield from _document_ids(document, seen)
        for version in _below(document, "DocumentVersions", *_VERSION):
            yield from _version(version)
            yield from _archival(version, found)


def _below(record: Any, list_name: str, *names: str) -> list[Any]:
    """The members of a list below a record, or the elements themselves where there is no list."""
    found = element_at(record, list_name)
    if isinstance(found, SubmodelElementList):
        return members_of(found)
    return [
        child
        for _, child in elements_below(record)
        if isinstance(child, SubmodelElement)
        and (child.id_short in names or any(means(child, name) for name in names))
    ]


def _classifications(document: Any) -> Iterator[Flag]:
    found = _below(document, "DocumentClassifications", *_CLASSIFICATION)
    by_vdi = []
    for each in found:
        system = element_at(each, "0173-1#02-ABH997#003", "ClassificationSystem")
        name = re.sub(r"[\s_-]", "", text_of(system) or "").upper()
        if not name.startswith("VDI2770"):
            continue
        by_vdi.append(each)
        if name not in _VDI_NAMES:
            message = f"the classification system is called `{text_of(system)}`"
            yield Flag(system, VDI_SYSTEM, Broken(message, ("value",)))
        class_id = element_at(each, "0173-1#02-ABH996#003", "ClassId")
        if text_of(class_id) and text_of(class_id) not in VDI_2770_CLASSES:
            message = f"`{text_of(class_id)}` is no class of VDI 2770"
            yield Flag(class_id, VDI_CLASS, Broken(message, ("value",)))
        class_name = element_at(each, "0173-1#02-ABJ219#002", "ClassName")
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
        mark = text_of(element_at(each, "0173-1#02-ABH995#003", "DocumentIsPrimary", "IsPrimary"))
        primary += mark in ("true", "1")
        domain = text_of(element_at(each, "0173-1#02-ABH994#003", "DocumentDomainId"))
        name = element_at(each, "0173-1#02-AAO099#004", "DocumentIdentifier", "ValueId")
        pair = (domain or "", text_of(name) or "")
        if pair[1] and pair in seen:
            message = f"`{pair[1]}` of `{pair[0]}` already names another document"
            yield Flag(name, SAME_DOCUMENT, Broken(message, ("value",)))
        seen.add(pair)
    if len(ids) > 1 and primary != 1:
        message = f"the document has {len(ids)} ids, of which {primary} are primary"
        yield Flag(document, PRIMARY, Broken(message))


def _version(version: Any) -> Iterator[Flag]:
    status = element_at(version, "0173-1#02-ABI001#003", "StatusValue")
    if text_of(status) and text_of(status) not in ("InReview", "Released"):
        message = f"`{text_of(status)}` is no status of a document version"
        yield Flag(status, STATUS, Broken(message, ("value",)))
    languages = element_at(version, "0173-1#02-AAN468#008", "Language", "Languages")
    yield from in_code(members_of(languages))
    files = _files(version)
    if files and not any(map(_is_called_pdf, files)):
        yield Flag(version, NO_PDF, Broken("no file of the document version is a PDF"))


def _archival(version: Any, found: Elements) -> Iterator[Flag]:
    """What its PDFs say of themselves, if all of them lie in the package."""
    called = [each for each in _files(version) if _is_called_pdf(each)]
    known = [attached for each in called if (attached := found.attached(each.value or ""))]
    if not called or len(known) < len(called) or any(each.conformance for each in known):
        return
    false = next((file for file, seen in zip(called, known, strict=True) if not seen.is_pdf), None)
    if false is not None:
        yield Flag(
            false, NO_PDF_A, Broken(f"`{false.value}` is called a PDF and is none", ("value",))
        )
    else:
        message = "no PDF of the document version says that it is PDF/A"
        yield Flag(called[0], NO_PDF_A, Broken(message, ("value",)))


def _files(version: Any) -> list[File]:
    """The digital files of a document version that are given."""
    found = _below(version, "DigitalFiles", "DigitalFile", "0173-1#02-ABK126#002")
    return [each for each in found if isinstance(each, File) and each.value]


def _is_called_pdf(file: File) -> bool:
    """Whether content type or name say that a file is a PDF."""
    name = (file.value or "").lower().split("?")[0]
    return (file.content_type or "").lower() == "application/pdf" or name.endswith(".pdf")
