"""AASX packages (IDTA-01005): which part is what, and every rule of packages as a finding.

A package whose structure is wrong but understandable is still read: if relationships do not lead
to an environment, every part that looks like one is tried.
"""

import dataclasses
import posixpath
import re
import urllib.parse
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from nacre_aas import opc, pdf
from nacre_aas.constraints import packages as rules
from nacre_aas.constraints.context import Attached
from nacre_aas.constraints.registry import Rule
from nacre_aas.document import (
    COLLECTIONS,
    Document,
    Problem,
    environment,
    finding_of,
    identifiables,
    names_on_the_way,
)
from nacre_aas.document import Path as DocumentPath
from nacre_aas.errors import (
    InputError,
    MalformedDocumentError,
    NotAPackageError,
    SerializationError,
    UnsupportedVersionError,
)
from nacre_aas.findings import Finding, Location
from nacre_aas.jsonization import JsonDocument
from nacre_aas.jsonization import dumps as dump_json
from nacre_aas.model import (
    AssetAdministrationShell,
    ConceptDescription,
    Environment,
    File,
    Resource,
)
from nacre_aas.opc import Limits, Package, Relationship
from nacre_aas.schema import elements, paths_of, walk
from nacre_aas.versions import Metamodel
from nacre_aas.xmlization import XmlDocument
from nacre_aas.xmlization import dumps as dump_xml

_BASE = "http://admin-shell.io/aasx/relationships/"
_DEPRECATED_BASE = "http://www.admin-shell.io/aasx/relationships/"
ORIGIN, SPECIFICATION, SUPPLEMENT = (
    _BASE + word for word in ("aasx-origin", "aas-spec", "aas-suppl")
)
_KNOWN_TYPES = frozenset((ORIGIN, SPECIFICATION, SUPPLEMENT))

ORIGIN_NAME = "/aasx/aasx-origin"
JSON_NAME, XML_NAME = "/aasx/data.json", "/aasx/data.xml"
#: Where files are put that a user adds.
FILES_FOLDER = "/aasx/files/"
#: The part that holds Nacre's own evidence, which is no content of the twin.
EVIDENCE_PART = "/nacre/evidence.json"

_SPECIFICATION_TYPES = re.compile(
    r"(?:application|text)/(?:[\w.+-]*\b)?(?P<format>json|xml)\b.*", re.IGNORECASE
)
_IMAGE = re.compile(r"image/.+", re.IGNORECASE)
_EXTENSIONS = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "rels": opc.RELATIONSHIPS_TYPE,
    "step": "model/step",
    "stp": "model/step",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "xml": "application/xml",
}


@dataclasses.dataclass(frozen=True)
class Supplement:
    """A part that is carried along: its content type and content."""

    content_type: str
    content: bytes


@dataclasses.dataclass
class Aasx:
    """What a package holds besides Open Packaging Conventions bookkeeping.

    `documents` are the parts with environments by name; `findings` what is wrong with the package
    itself. `supplements` holds every other part, `thumbnail` the name of one of them. `origin` and
    `relationships` (by source part) are as they were found, but for deprecated types and wrong
    target modes, which stand corrected. `attached` is what was seen of each supplementary file.
    """

    documents: dict[str, Document] = dataclasses.field(default_factory=dict)
    findings: list[Finding] = dataclasses.field(default_factory=list)
    supplements: dict[str, Supplement] = dataclasses.field(default_factory=dict)
    thumbnail: str | None = None
    core_properties: tuple[str, bytes] | None = None
    origin: tuple[str, bytes] | None = None
    relationships: dict[str, list[Relationship]] = dataclasses.field(default_factory=dict)
    attached: dict[str, Attached] = dataclasses.field(default_factory=dict)

    def attached_to(self, document: str) -> Callable[[str], Attached | None]:
        """What is known of the file that a File in one of the documents names."""

        def look(value: str) -> Attached | None:
            return self.attached.get(opc.equivalent(_absolute(value, document)))

        return look

    def add_file(
        self,
        name: str,
        data: bytes,
        *,
        replaces: str | None = None,
        content_type: str | None = None,
        reserved: Collection[str] = (),
    ) -> str:
        """Put a file into the package; the name of its part.

        A file of the same name and content is stored once, one with other content gets a number,
        unless it is the part that this one `replaces`. What is `reserved` is the name of something
        else that is not in the package. Without a `content_type` the name tells it.
        """
        part = FILES_FOLDER + opc.quote_segment(name)
        number = 1
        while (twin := _spelled(self.supplements, part)) or part in reserved:
            if twin and twin == replaces:
                part = twin
                break
            if twin and self.supplements[twin].content == data:
                return twin  # with the content type that it has
            number += 1
            part = FILES_FOLDER + opc.quote_segment(
                f"{Path(name).stem}-{number}{Path(name).suffix}"
            )
        self.supplements[part] = Supplement(content_type or guess_type(part), data)
        return part


def read(source: Path | bytes, limits: Limits | None = None, *, keep: bool = True) -> Aasx:
    """Read a package; `keep` loads the supplementary parts, otherwise they are only checked.

    Raises:
        InputError: it is no ZIP archive, is encrypted, over a limit, or holds no environment.
    """
    with Package(source, limits) as package:
        return _Reader(package, keep=keep).read()


class _Reader:
    def __init__(self, package: Package, *, keep: bool) -> None:
        self.package = package
        self.keep = keep
        self.result = Aasx()
        self.structure: set[str] = set()
        self.refused: dict[str, InputError] = {}
        self.broken: dict[str, MalformedDocumentError] = {}
        #: The parts that were looked at as environments.
        self.tried: set[str] = set()

    def read(self) -> Aasx:
        self._check_names()
        self.types = self._content_types()
        package_arrows = self._relationships("/")
        self._read_thumbnail(package_arrows)
        self._read_core_properties(package_arrows)
        for name in self._specifications(package_arrows):
            self._read_specification(name)
        if not self.result.documents:
            self._guess_specifications()
        self._check_refused()
        self._check_supplements()
        self._check_types()
        return self.result

    def _report(
        self,
        rule: Rule,
        message: str,
        part: str | None = None,
        line: int | None = None,
        element: tuple[str, ...] = (),
    ) -> None:
        location = Location(part=part, line=line, element=element)
        self.result.findings.append(rule.finding(message, location))

    # -- names, types, relationships ------------------------------------------------------------

    def _check_names(self) -> None:
        for name in self.package.bad_names:
            self._report(rules.BAD_NAME, f"`{name}` is no part name", "/" + name)
        for name, other in self.package.doubled_names:
            message = f"the part `{name}` has the same name as `{other}`"
            if name == other:
                message = f"there are two parts `{name}`"
            self._report(rules.DOUBLED_NAME, message, name)
        for name, written in self.package.slanted_names:
            message = f"`{written}` begins with a slash, or has backslashes"
            self._report(rules.SLANTED_NAME, message, name)
        for name in self.package.unescaped_names:
            message = f"part `{name}` has a name with characters that are to be escaped"
            self._report(rules.UNESCAPED_NAME, message, name)
        for name in self.package.wrongly_compressed:
            message = f"part `{name}` is neither stored as it is nor deflated"
            self._report(rules.COMPRESSION, message, name)

    def _content_types(self) -> opc.ContentTypes:
        name = self.package.find(opc.CONTENT_TYPES_NAME)
        if name is None:
            message = "the package has no `[Content_Types].xml`"
            self._report(rules.CONTENT_TYPES, message)
            return opc.ContentTypes({}, {})
        self.structure.add(name)
        try:
            types = opc.parse_content_types(self.package.read(name))
            for each in types.doubled:
                message = f"`{each}` has two content types"
                self._report(rules.CONTENT_TYPES, message, name)
            return types  # noqa: TRY300
        except MalformedDocumentError as error:
            self._report(rules.CONTENT_TYPES, error.message, name, error.line)
            return opc.ContentTypes({}, {})

    def _relationships(self, source: str) -> list[Relationship]:
        if source in self.result.relationships:
            return self.result.relationships[source]
        name = self.package.find(opc.relationships_name(source))
        if name is None:
            return []
        self.structure.add(name)
        self.result.relationships[source] = []
        if opc.is_relationships_name(source):
            message = f"`{name}` gives relationships to a part that holds relationships"
            self._report(rules.BAD_RELATIONSHIPS, message, name)
        try:
            arrows, wrong = opc.parse_relationships(self.package.read(name))
        except MalformedDocumentError as error:
            self._report(rules.UNREADABLE_RELATIONSHIPS, error.message, name, error.line)
            return []
        if wrong is not None:
            message = f"the relationships are in the namespace `{wrong}`"
            self._report(rules.BAD_RELATIONSHIPS, message, name)
        current = [self._current(arrow, source, name) for arrow in arrows]
        self._check_ids(arrows, name)
        self.result.relationships[source] = current
        return current

    def _check_ids(self, arrows: Iterable[Relationship], part: str) -> None:
        seen: set[str] = set()
        for arrow in arrows:
            if not arrow.id:
                found = "no id"
            elif not opc.is_relationship_id(arrow.id):
                found = f"the id `{arrow.id}`, which is no XML name"
            elif arrow.id in seen:
                found = f"the id `{arrow.id}` of another one"
            else:
                seen.add(arrow.id)
                continue
            message = f"the relationship to `{arrow.target}` has {found}"
            self._report(rules.RELATIONSHIP_ID, message, part, arrow.line)

    def _current(self, arrow: Relationship, source: str, part: str) -> Relationship:
        """Check a relationship, and give it the current type if it has a deprecated one."""
        if arrow.type.startswith(_DEPRECATED_BASE):
            message = f"relationship type `{arrow.type}` is deprecated"
            self._report(rules.DEPRECATED, message, part, arrow.line)
            current = _BASE + arrow.type.removeprefix(_DEPRECATED_BASE)
            arrow = dataclasses.replace(arrow, type=current)
        if arrow.type.startswith(_BASE) and arrow.type not in _KNOWN_TYPES:
            message = f"relationship type `{arrow.type}` is not in the specification"
            self._report(rules.UNKNOWN_TYPE, message, part, arrow.line)
        if arrow.mode not in (None, "Internal", "External"):
            message = f"TargetMode `{arrow.mode}` is neither `Internal` nor `External`"
            self._report(rules.BAD_RELATIONSHIPS, message, part, arrow.line)
        target = self.package.find(arrow.part_name(source))
        if arrow.external and target is not None:
            message = f"the relationship to `{target}` has TargetMode `External`"
            self._report(rules.EXTERNAL, message, part, arrow.line)
            arrow = dataclasses.replace(arrow, external=False)
        elif arrow.external and arrow.type in _KNOWN_TYPES:
            message = f"the relationship leads out of the package, to `{arrow.target}`"
            self._report(rules.LEADS_OUT, message, part, arrow.line)
        elif not arrow.external and target is None and arrow.type == ORIGIN:
            message = f"the origin part `{arrow.target}` is not in the package"
            self._report(rules.NO_ORIGIN, message, part, arrow.line)
        elif not arrow.external and target is None:
            message = f"the relationship points to `{arrow.target}`, which is not in the package"
            self._report(rules.NO_TARGET, message, part, arrow.line)
        return arrow

    def _targets(self, arrows: list[Relationship], type_: str, source: str) -> list[str]:
        """The parts that relationships of a type point to, as far as they exist."""
        names = (
            self.package.find(arrow.part_name(source))
            for arrow in arrows
            if arrow.type == type_ and not arrow.external
        )
        return list(dict.fromkeys(name for name in names if name is not None))

    # -- the parts with a role ------------------------------------------------------------------

    def _read_thumbnail(self, arrows: list[Relationship]) -> None:
        names = self._targets(arrows, opc.THUMBNAIL, "/")
        if len(names) > 1:
            self._report(rules.THUMBNAIL, f"the package has {len(names)} thumbnails", names[1])
        for name in names[:1]:
            self.result.thumbnail = name
            found = self.types.of(name)
            if found is not None and not _IMAGE.fullmatch(found):
                message = f"the thumbnail is declared as `{found}`, expected a picture"
                self._report(rules.THUMBNAIL, message, name)

    def _read_core_properties(self, arrows: list[Relationship]) -> None:
        names = self._targets(arrows, opc.CORE_PROPERTIES, "/")
        self.structure.update(names)
        if len(names) > 1:
            message = f"the package has {len(names)} parts with core properties"
            self._report(rules.CORE_PROPERTIES, message, names[1])
        for name in names[:1]:
            content = self._content(name)
            if content is None:
                continue
            try:
                opc.parse_xml(content)
                self.result.core_properties = name, content
            except MalformedDocumentError as error:
                self._report(rules.CORE_PROPERTIES, error.message, name, error.line)

    def _specifications(self, package_arrows: list[Relationship]) -> list[str]:
        """The parts with environments that the relationships lead to."""
        claimed = [arrow for arrow in package_arrows if arrow.type == ORIGIN]
        origins = self._targets(package_arrows, ORIGIN, "/")
        if not claimed:
            self._report(rules.NO_ORIGIN, "the package has no relationship of type `aasx-origin`")
        if len(claimed) > 1:
            message = f"the package has {len(claimed)} relationships of type `aasx-origin`"
            part = self.package.find(opc.relationships_name("/"))
            self._report(rules.SEVERAL_ORIGINS, message, part, claimed[1].line)
        names: list[str] = []
        usual = [self.package.find(ORIGIN_NAME) or ORIGIN_NAME]
        missing = [arrow.part_name("/") for arrow in claimed[:1] if self._may_be_made(arrow)]
        sources = origins or missing or usual
        for origin in sources:
            if origin in self.package.items:
                self.structure.add(origin)
                content = self._content(origin)
                if content is not None and content.strip().lower() not in _EMPTY_ORIGINS:
                    self._report(rules.ORIGIN_CONTENT, "the origin part has content", origin)
                    content = b""
                if self.result.origin is None:
                    self.result.origin = origin, content or b""
            elif claimed and self.result.origin is None:
                self.result.origin = origin, b""  # as it is to be
            arrows = self._relationships(origin)
            names += self._targets(arrows, SPECIFICATION, origin)
            if not any(arrow.type == SPECIFICATION for arrow in arrows):
                message = "the origin part has no relationship of type `aas-spec`"
                self._report(rules.NO_SPECIFICATION, message, origin)
        return list(dict.fromkeys(names))

    def _may_be_made(self, arrow: Relationship) -> bool:
        """Whether there may be a part where a relationship of the package points to."""
        name = arrow.part_name("/")
        is_above = any(each.startswith(f"{name}/") for each in self.package.items)
        return is_inside(arrow.target) and opc.is_part_name(name) and not is_above

    def _read_specification(self, name: str) -> None:
        self.tried.add(name)
        content = self._content(name)
        if content is None:
            return
        try:
            document = open_document(content)
        except InputError as error:
            self.refused[name] = error
            return
        self.structure.add(name)
        self.result.documents[name] = document
        found = self.types.of(name)
        declared = _SPECIFICATION_TYPES.fullmatch(found) if found else None
        actual = "json" if isinstance(document, JsonDocument) else "xml"
        if found and (declared is None or declared["format"].lower() != actual):
            message = f"the part is declared as `{found}`, but it is {actual.upper()}"
            self._report(rules.SPECIFICATION_TYPE, message, name)

    def _guess_specifications(self) -> None:
        """Try every part that looks like an environment and is not known to be something else."""
        for name in self.package.items:
            if (
                opc.extension(name) in ("json", "xml")
                and name not in self.structure | self.refused.keys()
            ):
                self.tried.add(name)
                content = self._content(name)
                if content is None:
                    continue
                try:
                    self.result.documents[name] = open_document(content)
                except InputError as error:
                    if isinstance(error, UnsupportedVersionError):
                        self.refused[name] = error
                    continue
                self.structure.add(name)

    def _check_refused(self) -> None:
        if not self.result.documents:
            damaged = {name: self.broken[name] for name in self.tried & self.broken.keys()}
            for name, error in {**self.refused, **dict(sorted(damaged.items()))}.items():
                error.part = name
                raise error
            raise NotAPackageError(
                "the archive holds no AAS environment", "expected a part such as `/aasx/data.json`"
            )
        for name, error in self.refused.items():
            self._report(rules.UNREADABLE_SPECIFICATION, error.message, name, error.line)

    # -- supplementary files --------------------------------------------------------------------

    def _check_supplements(self) -> None:
        announced: set[str] = set()
        for name in self.result.documents:
            announced.update(self._targets(self._relationships(name), SUPPLEMENT, name))
        mentioned: set[str] = set()
        for part, document in self.result.documents.items():
            breaches: list[tuple[Problem, tuple[str, ...]]] = []
            for place in _file_paths(document):
                found = self.package.find(_absolute(place.value, part))
                if found is None:
                    message = f"`{place.value}` is not in the package"
                    breaches.append(
                        (Problem(rules.FILE_NOWHERE, message, place.path), place.element)
                    )
                    continue
                mentioned.add(found)
                declared = self.types.of(found)
                if not _agree(declared, place.content_type):
                    message = (
                        f"`{found}` is `{place.content_type}` here and `{declared}` for the package"
                    )
                    at = (*place.path[:-1], "contentType")
                    breaches.append((Problem(rules.WRONG_TYPE, message, at), place.element))
                if found not in announced and found != self.result.thumbnail:
                    message = f"`{found}` has no relationship of type `aas-suppl`"
                    breaches.append(
                        (Problem(rules.NO_SUPPLEMENT, message, place.path), place.element)
                    )
                    announced.add(found)
            self._report_in_document(document, part, breaches)
        reached = announced | mentioned | self._reached()
        if self.result.thumbnail is not None:
            reached.add(self.result.thumbnail)
        for name in self.package.items:
            if name in self.structure:
                continue
            if name not in reached and name[1:] not in self.package.bad_names:
                message = f"part `{name}` is in the package, but nothing refers to it"
                self._report(rules.UNREFERENCED, message, name)
            elif name in announced - mentioned and name != self.result.thumbnail:
                message = f"no element mentions the supplementary file `{name}`"
                self._report(rules.IDLE_SUPPLEMENT, message, name)
            self._keep(name)

    def _report_in_document(
        self, document: Document, part: str, breaches: list[tuple[Problem, tuple[str, ...]]]
    ) -> None:
        places = document.locate([problem for problem, _ in breaches]) if breaches else {}
        self.result.findings += [
            finding_of(problem, places[problem.path], part=part, element=element)
            for problem, element in breaches
        ]

    def _reached(self) -> set[str]:
        """Parts that any relationship leads to, such as signatures and evidence."""
        for name in list(self.package.items):
            if "/_rels/" in name:
                folder, _, file = name.rpartition("/_rels/")
                self._relationships(f"{folder}/{file.removesuffix('.rels')}")
        targets = (
            self.package.find(arrow.part_name(source))
            for source, arrows in self.result.relationships.items()
            for arrow in arrows
        )
        return {name for name in targets if name is not None}

    def _keep(self, name: str) -> None:
        content = self._content(name)
        if content is None or name in self.structure:
            return
        seen = next((kind for mark, kind in _MARKS.items() if content.startswith(mark)), None)
        declared = self.types.of(name)
        if (
            seen is not None
            and _essence(declared) in _MARKS.values()
            and not _agree(declared, seen)
        ):
            message = f"`{name}` is declared as `{declared}`, but its content is `{seen}`"
            self._report(rules.WRONG_TYPE, message, name)
        if pdf.is_pdf(content):
            found = Attached(is_pdf=True, conformance=pdf.conformance(content))
        else:
            found = Attached(is_pdf=False)
        self.result.attached[opc.equivalent(name)] = found
        if self.keep:
            self.result.supplements[name] = Supplement(
                self.types.of(name) or guess_type(name), content
            )

    def _content(self, name: str) -> bytes | None:
        """The content of a part; a damaged one is reported once and is `None`."""
        if name in self.broken:
            return None
        try:
            return self.package.read(name)
        except MalformedDocumentError as error:
            self.broken[name] = error
            self.structure.add(name)
            self._report(rules.BROKEN_PART, error.message, name)
            return None

    def _check_types(self) -> None:
        if not self.types.defaults and not self.types.overrides and not self._has_types():
            return
        for name in self.package.items:
            known = name == opc.CONTENT_TYPES_NAME or name[1:] in self.package.bad_names
            if not known and self.types.of(name) is None:
                self._report(rules.NO_TYPE, f"part `{name}` has no content type", name)

    def _has_types(self) -> bool:
        return not any(each.code == rules.CONTENT_TYPES.code for each in self.result.findings)


_EMPTY_ORIGINS = (b"", b"intentionally empty", b"intentionally empty.")


def open_document(data: bytes) -> Document:
    """A JSON or XML document, told apart by its first character.

    Raises:
        InputError: it is neither, is malformed, of an old version, or without AAS content.
    """
    head = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    if head[:1] == b"<":
        return XmlDocument(data)
    return JsonDocument(data)


#: What files begin with, by their content types.
_MARKS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
}


def _essence(content_type: str | None) -> str | None:
    """A content type without parameters, by its usual name."""
    plain = (content_type or "").partition(";")[0].strip().lower().replace("/x-", "/")
    return {
        "image/jpg": "image/jpeg",
        "image/pjpeg": "image/jpeg",
        "text/xml": "application/xml",
    }.get(plain, plain or None)


def _agree(first: str | None, second: str | None) -> bool:
    """Whether two content types are the same, as far as both are said."""
    return first is None or second is None or _essence(first) == _essence(second)


@dataclasses.dataclass(frozen=True)
class _FilePath:
    """A file inside the package that a document names: where, in which element, its path and type."""

    value: str
    content_type: str | None
    path: DocumentPath
    element: tuple[str, ...]


def _file_paths(document: Document) -> Iterator[_FilePath]:
    """The paths of files inside the package that elements and thumbnails name."""
    for part in document.parts:
        if part.record is ConceptDescription:
            continue
        reading = document.read(part)
        record = reading.record
        if record is None:
            continue
        name = record.id_short or record.id or ""
        if isinstance(record, AssetAdministrationShell):
            information = record.asset_information
            thumbnail = information.default_thumbnail if information is not None else None
            if thumbnail is not None and is_inside(thumbnail.path):
                step = ("assetInformation", "defaultThumbnail", "path")
                yield _FilePath(thumbnail.path, thumbnail.content_type, part.path + step, (name,))
            continue
        found = {
            id(each): each
            for each in elements(record)
            if isinstance(each, File) and each.value and is_inside(each.value)
        }
        paths = paths_of(record, found.values()) if found else {}
        for each in (found[identity] for identity in paths):
            path = part.path + reading.in_document((*paths[id(each)], "value"))
            way, _ = names_on_the_way(reading, paths[id(each)])
            yield _FilePath(each.value or "", each.content_type, path, way)


def is_inside(path: str | None) -> bool:
    """Whether a path names a part of the package: a relative reference, or a `file:` URI of it."""
    if not path:
        return False
    parts = _split_reference(path)
    if parts is None or parts.netloc:
        return False
    return parts.scheme in ("", "file") or len(parts.scheme) == 1  # no scheme, a drive of Windows


def _split_reference(path: str) -> urllib.parse.SplitResult | None:
    try:
        return urllib.parse.urlsplit(path)
    except ValueError:
        return None


def _absolute(path: str, part: str) -> str:
    """The part name that a File value means: absolute, or relative to the part it stands in."""
    parts = _split_reference(path)
    plain = opc.unescaped(parts.path if parts is not None else path)
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), plain)).replace("//", "/")


def guess_type(name: str) -> str:
    """A content type by the extension of a part name."""
    return _EXTENSIONS.get(opc.extension(name), "application/octet-stream")


# -- the whole content --------------------------------------------------------------------------


def merged(package: Aasx) -> Environment:
    """The environment of a package."""
    return joined(environment(document)[0] for document in package.documents.values())


def joined(environments: Iterable[Environment]) -> Environment:
    """One environment of several; an id that stands in two of them counts once, the first time."""
    first, *others = environments
    seen = {record.id for record in identifiables(first)}
    result = Environment(**{name: getattr(first, name) for name in _COLLECTION_ATTRIBUTES})
    for other in others:
        for name in _COLLECTION_ATTRIBUTES:
            members = [each for each in getattr(other, name) or () if each.id not in seen]
            if members:
                setattr(result, name, [*(getattr(result, name) or ()), *members])
        seen.update(record.id for record in identifiables(other))
    return result


_COLLECTION_ATTRIBUTES = tuple(Environment.__struct_fields__)
assert len(_COLLECTION_ATTRIBUTES) == len(COLLECTIONS)


def write(
    content: Environment,
    *,
    version: Metamodel = Metamodel.V3_1,
    as_xml: bool = False,
    package: Aasx | None = None,
) -> bytes:
    """A package with an environment in one part, and everything else of another package.

    The same input gives the same bytes.
    """
    old = package or Aasx()
    name = XML_NAME if as_xml else JSON_NAME
    data = dump_xml(content, version) if as_xml else dump_json(content, indent=2)
    announced = announced_by(old)
    rest = {
        source: [arrow for arrow in arrows if arrow.type != SPECIFICATION]
        for source, arrows in old.relationships.items()
        if source not in old.documents
    }
    joined = {(arrow.type, arrow.target): arrow for arrow in announced}
    relationships = rest | ({name: list(joined.values())} if joined else {})
    used = {name: {_absolute(path, name) for path in _own_paths(content)}}
    moved = dataclasses.replace(old, relationships=relationships)
    return _pack(moved, {name: data}, used, keep_dangling=False)


def announced_by(package: Aasx) -> list[Relationship]:
    """The relationships of the parts with environments, with targets that hold from any part."""
    return [
        arrow
        if arrow.external
        else dataclasses.replace(arrow, target=opc.escaped_name(arrow.part_name(source)))
        for source in package.documents
        for arrow in package.relationships.get(source, ())
        if arrow.part_name(source) not in package.documents
    ]


def with_absolute_paths(environments: Mapping[str | None, Environment]) -> None:
    """Let files be named by paths that hold wherever their environments are put, by the parts they are in."""
    for name, content in environments.items():
        if name is None or posixpath.dirname(name) == posixpath.dirname(JSON_NAME):
            continue
        for _, record in walk(content):
            value = file_of(record) if isinstance(record, (File, Resource)) else None
            if value is None or not is_inside(value) or value.startswith(("/", "file:")):
                continue
            rest = re.search(r"[?#].*", value, re.DOTALL)
            steps = _absolute(value, name).split("/")
            plain = map(urllib.parse.unquote, steps)
            path = "/".join(map(opc.quote_segment, plain)) + (rest[0] if rest else "")
            if isinstance(record, File):
                record.value = path
            elif isinstance(record, Resource):
                record.path = path


def rewrite(
    package: Aasx,
    documents: dict[str, bytes],
    dropped: frozenset[str] = frozenset(),
    *,
    keep_dangling: bool = True,
) -> bytes:
    """The package with new content in some of its documents; everything else stays where it is.

    Its bookkeeping is written anew, and so is right afterwards. `dropped` names supplementary parts
    to leave out; `keep_dangling` keeps relationships to parts that do not exist.
    """
    texts = {
        name: documents.get(name, document.data) for name, document in package.documents.items()
    }
    kept = {name: part for name, part in package.supplements.items() if name not in dropped}
    used = {
        name: {_absolute(each.value, name) for each in _file_paths(open_document(text))}
        for name, text in texts.items()
    }
    smaller = dataclasses.replace(package, supplements=kept)
    return _pack(smaller, texts, used, keep_dangling=keep_dangling)


def _pack(
    package: Aasx, documents: dict[str, bytes], used: dict[str, set[str]], *, keep_dangling: bool
) -> bytes:
    """Write a package: parts as they are, relationships completed where something is missing.

    `used` names, for each document, the parts that its elements refer to: they are to be announced.
    """
    if lost := not_carried_over(package):
        raise SerializationError(
            f"part of the package cannot be carried over: {lost[0].message}",
            "`nacre validate` lists all such parts; ask for a package that is whole",
        )
    origin_name, origin = package.origin or (ORIGIN_NAME, b"Intentionally empty")
    parts = {origin_name: ("text/plain", origin)}
    for name, text in documents.items():
        is_json = isinstance(open_document(text), JsonDocument)
        parts[name] = ("application/json" if is_json else "application/xml", text)
    if package.core_properties is not None:
        parts[package.core_properties[0]] = (opc.CORE_PROPERTIES_TYPE, package.core_properties[1])
    for name, part in package.supplements.items():
        if "/_rels/" not in name:
            parts.setdefault(name, (part.content_type, part.content))
    arrows = {
        source: [
            arrow
            for arrow in found
            if arrow.external or keep_dangling or _spelled(parts, arrow.part_name(source))
        ]
        for source, found in package.relationships.items()
        if source == "/" or source in parts
    }
    others = [arrow for arrow in arrows.get("/", ()) if arrow.type != ORIGIN]
    target = opc.escaped_name(origin_name)
    arrows["/"] = [Relationship("origin", ORIGIN, target, external=False), *others]
    for name in documents:
        _announce(arrows.setdefault(origin_name, []), SPECIFICATION, name, origin_name)
    if package.core_properties is not None:
        _announce(arrows["/"], opc.CORE_PROPERTIES, package.core_properties[0], "/")
    if package.thumbnail in parts:
        _announce(arrows["/"], opc.THUMBNAIL, package.thumbnail or "", "/")
    for name, targets in used.items():
        for target in sorted(targets):
            spelled = _spelled(parts, target)
            if spelled is not None:
                _announce(arrows.setdefault(name, []), SUPPLEMENT, spelled, name)
    return opc.write(parts, {source: found for source, found in arrows.items() if found})


def narrowed(package: Aasx, content: Environment) -> Aasx:
    """The package with those parts alone that an environment refers to, and without core properties."""
    wanted = {
        opc.equivalent(_absolute(path, document))
        for path in _own_paths(content)
        for document in list(package.documents) or [JSON_NAME]
    }
    kept = {
        name: part for name, part in package.supplements.items() if opc.equivalent(name) in wanted
    }
    thumbnail = package.thumbnail if package.thumbnail in kept else None
    return dataclasses.replace(package, supplements=kept, thumbnail=thumbnail, core_properties=None)


def part_of(package: Aasx, value: str) -> Supplement | None:
    """The supplementary part that the value of a File element means."""
    name = part_name_of(package, value)
    return None if name is None else package.supplements[name]


def file_of(record: File | Resource) -> str | None:
    """What a record says of where its file is."""
    return record.value if isinstance(record, File) else record.path


def part_name_of(package: Aasx, value: str) -> str | None:
    """The name of the supplementary part that the value of a File element means."""
    if not is_inside(value):
        return None
    for document in list(package.documents) or [JSON_NAME]:
        found = _spelled(package.supplements, _absolute(value, document))
        if found is not None:
            return found
    return None


def not_carried_over(package: Aasx) -> list[Finding]:
    """The findings about parts that could not be read, and so would be lost in a new package."""
    unread = (rules.BROKEN_PART.code, rules.BAD_NAME.code)
    return [
        each
        for each in package.findings
        if each.code == rules.DOUBLED_NAME.code
        or (each.code in unread and each.location.part not in package.supplements)
    ]


def _spelled(parts: Collection[str], name: str) -> str | None:
    """The spelling among the parts of a part name."""
    if name in parts:
        return name
    wanted = opc.equivalent(name)
    return next((each for each in parts if opc.equivalent(each) == wanted), None)


def _announce(arrows: list[Relationship], type_: str, target: str, source: str) -> None:
    """Add a relationship unless there is one of that type to the target already."""
    wanted = opc.equivalent(target)
    if any(
        arrow.type == type_ and opc.equivalent(arrow.part_name(source)) == wanted
        for arrow in arrows
    ):
        return
    ids = {arrow.id for arrow in arrows}
    number = len(arrows) + 1
    while f"rel{number}" in ids:
        number += 1
    named = opc.escaped_name(target)
    arrows.append(Relationship(f"rel{number}", type_, named, external=False))


def _own_paths(content: Environment) -> Iterator[str]:
    for submodel in content.submodels or ():
        for each in elements(submodel):
            if isinstance(each, File) and each.value and is_inside(each.value):
                yield each.value
