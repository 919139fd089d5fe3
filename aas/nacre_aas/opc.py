"""Open Packaging Conventions (ECMA-376 part 2, ISO/IEC 29500-2): packages as ZIP archives.

Knows parts, content types and relationships, and nothing of AAS. Reading never trusts what headers
say: sizes are counted while unpacking. Writing is deterministic: equal parts give equal bytes.
"""

import dataclasses
import io
import posixpath
import re
import struct
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Self

from nacre_aas._etree import etree
from nacre_aas.errors import LimitExceededError, MalformedDocumentError, NotAPackageError
from nacre_aas.wording import lower_first

CONTENT_TYPES_NAME = "/[Content_Types].xml"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
RELATIONSHIPS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
CORE_PROPERTIES_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
THUMBNAIL = f"{RELATIONSHIPS}/metadata/thumbnail"
CORE_PROPERTIES = f"{RELATIONSHIPS}/metadata/core-properties"

_MIB = 1 << 20
_CHUNK = _MIB
#: In bytes: ZIP counts the length of a name in two.
_LONGEST_NAME = 0xFFFF
#: The ways of compressing a part that packages have (ISO/IEC 29500-2 annex B).
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ID = re.compile(r"[^\W\d][\w.-]*")  # xsd:ID, unique in a part (ISO/IEC 29500-2 §9.3)
_ESCAPED_SLASH = re.compile("%2f|%5c", re.IGNORECASE)
_SEPARATORS = re.compile(r"[?#\[\]]")
_BARE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_UNESCAPED = re.compile(r'[\x01-\x20"#<>?\[\]^`{|}\x7f]|%(?![0-9A-Fa-f]{2})')
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclasses.dataclass(frozen=True)
class Limits:
    """What a package may cost to unpack: bytes of all parts, number of parts, bytes per byte.

    The ratio holds for every part above `ratio_from` bytes.
    """

    max_size: int = 1024 * _MIB
    max_parts: int = 65_536
    max_ratio: int = 200
    ratio_from: int = 16 * _MIB


@dataclasses.dataclass(frozen=True)
class Relationship:
    """A typed arrow from a part (or the package) to another part.

    `line` is where it is written; `mode` what stands as its target mode there.
    """

    id: str
    type: str
    target: str
    external: bool
    line: int | None = None
    mode: str | None = None

    def part_name(self, source: str) -> str:
        """The part that an internal target names, resolved against the source part."""
        path = unescaped(self.target.split("#")[0].split("?")[0])
        base = posixpath.dirname(source) or "/"
        return posixpath.normpath(posixpath.join(base, path)).replace("//", "/")


class Package:
    """A package opened for reading.

    Raises:
        MalformedDocumentError: not a ZIP archive, or a broken one.
        NotAPackageError: its parts are encrypted.
        LimitExceededError: more parts than allowed.
    """

    def __init__(self, source: Path | bytes, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        stream: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
        try:
            _refuse_too_many_parts(stream, self.limits)
            self._zip = zipfile.ZipFile(stream)
        except (
            zipfile.BadZipFile,
            EOFError,
            struct.error,
            ValueError,
            NotImplementedError,
        ) as error:
            stream.close()
            raise MalformedDocumentError(
                f"not a readable ZIP archive: {lower_first(str(error))}",
                "the file may be truncated; fetch it again",
            ) from None
        self._stream = stream
        infos = self._zip.infolist()
        if any(info.flag_bits & 0x1 for info in infos):
            stream.close()
            raise NotAPackageError(
                "the archive is encrypted, which packages must not be",
                "ask for the file without a password; encryption is added outside the package",
            )
        self._unpacked = 0
        self._counted: set[str] = set()
        self.items: dict[str, zipfile.ZipInfo] = {}
        #: Names of ZIP items that are no part names, and of parts that stand twice.
        self.bad_names: list[str] = []
        self.doubled_names: list[tuple[str, str]] = []
        #: Parts whose ZIP items begin with a slash or have backslashes, and how those are written.
        self.slanted_names: list[tuple[str, str]] = []
        #: Names of parts with characters that no part name has unless they are escaped.
        self.unescaped_names: list[str] = []
        #: Names of parts that are compressed in a way that packages do not have.
        self.wrongly_compressed: list[str] = []
        seen: dict[str, str] = {}
        for info in infos:
            written = info.filename
            if not written:
                self.bad_names.append(written)
                continue
            if info.is_dir():
                continue
            plain = written.replace("\\", "/").lstrip("/")
            name = "/" + plain
            if plain.endswith("/") and not info.file_size:
                continue  # a folder
            if _leaves_the_package(written):
                self.bad_names.append(written)
                continue
            if _is_bad_name(plain):
                self.bad_names.append(plain)
            elif plain != written:
                self.slanted_names.append((name, written))
            elif _UNESCAPED.search(name) and equivalent(name) != equivalent(CONTENT_TYPES_NAME):
                self.unescaped_names.append(name)
            other = seen.setdefault(equivalent(name), name)
            if other is not name:
                self.doubled_names.append((name, other))
            self.items[name] = info
            if info.compress_type not in _COMPRESSIONS:
                self.wrongly_compressed.append(name)
        self.bad_names += [name[1:] for name in _derived(self.items)]
        self._by_equivalence = {equivalent(name): name for name in reversed(self.items)}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
        self._stream.close()

    def find(self, name: str) -> str | None:
        """The spelling in the archive of a part name; case and escapes make no difference, if it is not there."""
        return name if name in self.items else self._by_equivalence.get(equivalent(name))

    def read(self, name: str) -> bytes:
        """The content of a part.

        Raises:
            MalformedDocumentError: the part cannot be unpacked.
            LimitExceededError: it is larger or more tightly packed than allowed.
        """
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of a part, piece by piece; raises as `read` does."""
        info = self.items[name]
        limits, size = self.limits, 0
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if name not in self._counted:
                        self._unpacked += len(chunk)
                    if self._unpacked > limits.max_size:
                        raise LimitExceededError(
                            f"the parts are larger than {size_text(limits.max_size)} together",
                            "if you trust the sender, raise `--max-size`",
                        )
                    if size > limits.ratio_from and size > limits.max_ratio * info.compress_size:
                        raise LimitExceededError(
                            f"part `{name}` unpacks to more than {limits.max_ratio} times its size",
                            "if you trust the sender, raise `--max-ratio`",
                        )
                    yield chunk
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            OSError,
            ValueError,  # offsets that cannot be, names that are no UTF-8
            struct.error,
        ) as error:
            raise MalformedDocumentError(
                f"part `{name}` cannot be unpacked: {lower_first(str(error) or 'it ends early')}"
            ) from None
        self._counted.add(name)


def size_text(count: int) -> str:
    """A number of bytes as people write it."""
    for unit in ("bytes", "KiB", "MiB"):
        if count < 10_240:
            return f"{count} {unit}"
        count //= 1024
    return f"{count} GiB" if count < 10_240 else f"{count // 1024} TiB"


def _refuse_too_many_parts(stream: BinaryIO, limits: Limits) -> None:
    """Count the entries of the central directory before anything is built from them."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - 66_000))
    tail = stream.read()
    end = tail.rfind(b"PK\5\6")
    if end >= 0 and len(tail) >= end + 22:
        directory, offset = struct.unpack("<II", tail[end + 12 : end + 20])
        wide = offset == 0xFFFFFFFF or directory == 0xFFFFFFFF
        if directory > 46 * limits.max_parts or wide:
            stream.seek(0 if wide else max(0, size - directory - 66_000))
            entries = _count(stream, b"PK\1\2", limits.max_parts)
            if entries > limits.max_parts:
                raise LimitExceededError(f"the archive has more than {limits.max_parts} parts")
    stream.seek(0)


def _count(stream: BinaryIO, mark: bytes, enough: int) -> int:
    found, rest = 0, b""
    while found <= enough and (chunk := stream.read(_CHUNK)):
        text = rest + chunk
        found += text.count(mark)
        rest = text[-len(mark) + 1 :]
    return found


def _derived(names: Iterable[str]) -> Iterator[str]:
    """The names that go on behind another one, `/a` and `/a/b` (ISO/IEC 29500-2 §9.1.1)."""
    above = None  # what is below it comes next where a slash sorts before everything
    for key, name in sorted((name.lower().replace("/", "\0"), name) for name in names):
        if above is not None and key.startswith(above):
            yield name
        else:
            above = key + "\0"


def is_part_name(name: str) -> bool:
    """Whether a part may be called so, and have relationships in a ZIP archive."""
    is_short = len(name.encode("utf-8", "replace")) + len("/_rels/.rels") <= _LONGEST_NAME
    return is_short and name.startswith("/") and not _is_bad_name(name[1:])


def _is_bad_name(name: str) -> bool:
    """Whether a ZIP item name is no part name (ISO/IEC 29500-2 §9.1.1): absolute, `..`, empty, `%2F`."""
    segments = name.split("/")
    return (
        not name
        or "\\" in name
        or "\0" in name
        or _ESCAPED_SLASH.search(name) is not None
        or any(segment in ("", ".", "..") or segment.endswith(".") for segment in segments)
    )


def _leaves_the_package(name: str) -> bool:
    """Whether a ZIP item name could write outside a folder it is unpacked to: such are not read."""
    name = name.lstrip("/")  # which is the same as without
    segments = name.replace("\\", "/").split("/")
    return not name or name[0] == "\\" or "\0" in name or ".." in segments or ":" in segments[0]


def equivalent(name: str) -> str:
    """Part names are the same whatever their case, escapes, and empty segments."""
    return posixpath.normpath("/" + urllib.parse.unquote(name)).lstrip("/").lower()


# -- content types and relationships ------------------------------------------------------------


@dataclasses.dataclass
class ContentTypes:
    """The content types stream: a type by extension, and by part name where that is given."""

    defaults: dict[str, str]
    overrides: dict[str, str]
    #: Extensions and parts that have two types.
    doubled: list[str] = dataclasses.field(default_factory=list)

    def of(self, name: str) -> str | None:
        """The content type of a part, if one is declared."""
        found = self.overrides.get(equivalent(name))
        if found is None:
            found = self.defaults.get(extension(name))
        return found


def extension(name: str) -> str:
    """The extension of a part name: what follows the last dot of the last segment."""
    return posixpath.basename(name).rpartition(".")[2].lower()


def parse_content_types(data: bytes) -> ContentTypes:
    """Parse `[Content_Types].xml`.

    Raises:
        MalformedDocumentError: not XML, or without the elements of the schema.
    """
    root = parse_xml(data)
    if root.tag != f"{{{CONTENT_TYPES}}}Types":
        raise MalformedDocumentError(f"the root element is `{root.tag}`, expected `Types`")
    types = ContentTypes({}, {})
    for element in root.iter(f"{{{CONTENT_TYPES}}}Default"):
        name, type_ = element.get("Extension", "").lower(), element.get("ContentType", "")
        if types.defaults.setdefault(name, type_) != type_:
            types.doubled.append(name)
    for element in root.iter(f"{{{CONTENT_TYPES}}}Override"):
        name, type_ = equivalent(element.get("PartName", "")), element.get("ContentType", "")
        if types.overrides.setdefault(name, type_) != type_:
            types.doubled.append(element.get("PartName", ""))
    return types


def parse_relationships(data: bytes) -> tuple[list[Relationship], str | None]:
    """Parse a relationships part; second the wrong namespace that it may be in.

    Raises:
        MalformedDocumentError: not XML, or with a relationship that lacks type or target.
    """
    root = parse_xml(data)
    found = []
    namespace, _, name = str(root.tag).rpartition("}")
    if name != "Relationships":
        raise MalformedDocumentError(f"the root element is `{root.tag}`, expected `Relationships`")
    for element in root.iter(f"{namespace}}}Relationship" if namespace else "Relationship"):
        type_, target = element.get("Type"), element.get("Target")
        if type_ is None or target is None:
            raise MalformedDocumentError(
                "a relationship has no `Type` or no `Target`", None, element.sourceline
            )
        mode = element.get("TargetMode")
        id_, line = element.get("Id", ""), element.sourceline
        found.append(Relationship(id_, type_, target, mode == "External", line, mode))
    wrong = namespace.lstrip("{")
    return found, None if wrong == RELATIONSHIPS else wrong


def relationships_name(source: str) -> str:
    """The part that holds the relationships of a part; `/` is the package."""
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", name + ".rels")


def is_relationships_name(name: str) -> bool:
    """Whether a part is one that holds relationships."""
    folder, file = posixpath.split(name)
    return posixpath.basename(folder) == "_rels" and file.endswith(".rels")


def parse_xml(data: bytes) -> Any:
    """Parse XML without entities, network or document type declaration.

    Raises:
        MalformedDocumentError: it is not well-formed.
    """
    if re.search(rb"<!DOCTYPE", data[:4096]):
        raise MalformedDocumentError("a document type declaration is refused")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise MalformedDocumentError(
            f"not well-formed XML: {str(error).split(', line')[0]}", None, line
        ) from None


# -- writing ------------------------------------------------------------------------------------


def write(
    parts: Mapping[str, tuple[str, bytes]], relationships: Mapping[str, list[Relationship]]
) -> bytes:
    """A package as bytes: parts by name with content type and content, relationships by source.

    Every part gets an override, so that no extension decides. The content types stream stands
    first, as readers that stream expect; dates are fixed.
    """
    items = {name: content for name, (_, content) in parts.items()}
    for source, arrows in relationships.items():
        items[relationships_name(source)] = _format_relationships(arrows)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        types = _format_content_types({name: type_ for name, (type_, _) in parts.items()})
        _write_item(archive, CONTENT_TYPES_NAME, types)
        for name in sorted(items):
            _write_item(archive, name, items[name])
    return stream.getvalue()


def _write_item(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(escaped_name(name)[1:], _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o644 << 16
    archive.writestr(info, content)


def _format_content_types(types: Mapping[str, str]) -> bytes:
    root = etree.Element(f"{{{CONTENT_TYPES}}}Types", nsmap={None: CONTENT_TYPES})
    etree.SubElement(root, "Default", Extension="rels", ContentType=RELATIONSHIPS_TYPE)
    for name in sorted(types):
        etree.SubElement(root, "Override", PartName=escaped_name(name), ContentType=types[name])
    return _serialize(root)


def _format_relationships(arrows: list[Relationship]) -> bytes:
    root = etree.Element(f"{{{RELATIONSHIPS}}}Relationships", nsmap={None: RELATIONSHIPS})
    ids: set[str] = set()
    for number, arrow in enumerate(arrows, start=1):
        id_ = arrow.id
        while not is_relationship_id(id_) or id_ in ids:
            id_ = f"rel{number}" if id_ != f"rel{number}" else f"rel{number}x{len(ids)}"
        ids.add(id_)
        element = etree.SubElement(
            root, "Relationship", Id=id_, Type=arrow.type, Target=escaped(arrow.target)
        )
        if arrow.external:
            element.set("TargetMode", "External")
    return _serialize(root)


def is_relationship_id(text: str) -> bool:
    """Whether a text is an `xsd:ID`: an XML name without colon."""
    return _ID.fullmatch(text) is not None


def unescaped(reference: str) -> str:
    """A reference without escapes, but for that of the percent sign, which another escape could follow."""
    return urllib.parse.unquote(reference.replace("%25", "%2525"))


def escaped_name(name: str) -> str:
    """A part name with everything escaped that no part name has; escapes stay as they are."""
    if equivalent(name) == equivalent(CONTENT_TYPES_NAME):
        return CONTENT_TYPES_NAME
    return _SEPARATORS.sub(lambda match: f"%{ord(match[0]):02X}", escaped(name))


def escaped(name: str) -> str:
    """A reference with everything escaped that a URI does not allow; escapes stay as they are."""
    return urllib.parse.quote(_BARE_PERCENT.sub("%25", name), safe="/%!$&'()*+,;=:@-._~?#[]")


def quote_segment(name: str) -> str:
    """A file's name as the last segment of a part name: what a URI gives a meaning to is escaped."""
    return urllib.parse.quote(name, safe="!$&'()*+,;=:@-._~")


def _serialize(root: Any) -> bytes:
    for element in root:
        element.tag = f"{{{root.nsmap[None]}}}{element.tag}"
    etree.cleanup_namespaces(root)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data
