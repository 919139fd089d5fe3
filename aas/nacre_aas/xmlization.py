"""AAS in XML (IDTA-01001, "Mapping to XML"): reading and writing, derived from the records.

There is one reader: it builds records and names every problem on its way. An element that is an
attribute has the attribute's name; a member of a list has the name of its class with a small first
letter; the order of elements is the order of attributes in the records.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from nacre_aas._etree import etree
from nacre_aas.constraints import attributes as attribute_rules
from nacre_aas.constraints import catalogue
from nacre_aas.constraints.registry import Rule
from nacre_aas.document import COLLECTIONS, LARGE, Part, Path, Place, Problem, Reading
from nacre_aas.errors import (
    LimitExceededError,
    MalformedDocumentError,
    NoContentError,
    UnsupportedVersionError,
)
from nacre_aas.explaining import unknown_literal
from nacre_aas.model import Environment, Identifiable, Record
from nacre_aas.schema import Attribute, Kind, attributes, xml_name
from nacre_aas.versions import ALL, XML_NAMESPACES, Metamodel, xml_namespace

_PROLOG = re.compile(r"(?:\s|\ufeff|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_OLD_NAMESPACE = re.compile(
    r"https?://(?:www\.)?admin-shell\.io/(?:aas|IEC61360|aas_common)/([0-9]+)/([0-9]+)(/.*)?"
)
_BAD: Any = object()


class XmlDocument:
    """An XML text whose identifiables are read one by one."""

    def __init__(self, data: bytes) -> None:
        self.problems: list[Problem] = []
        self.parts: list[Part] = []
        self.clean_characters = True  # an XML parser accepts no others
        self.is_large = len(data) > LARGE
        self.data = data
        root = _parse(data)
        self.versions, self._namespace = self._identify(root)
        self._read_root(root)

    def read(self, part: Part, *, explain: bool = False) -> Reading:  # noqa: ARG002
        """Read one identifiable; see `Document.read`."""
        reader = _Reader(self._namespace)
        try:
            record = reader.record(part.record, part.source, part.path)
        except RecursionError:
            raise _too_deep() from None
        return Reading(record, reader.problems, reader.positions)

    def locate(self, problems: Iterable[Problem]) -> dict[Path, Place]:
        """Find where problems stand; see `Document.locate`."""
        lines: list[str] | None = None
        found: dict[Path, Place] = {}
        root = self._root
        tree = root.getroottree()
        for problem in problems:
            if problem.path in found:
                continue
            element = (
                problem.source if problem.source is not None else self.element_at(problem.path)
            )
            if lines is None:
                lines = _text(self.data).split("\n")
            line = element.sourceline
            text = lines[line - 1][:400].rstrip("\r") if line and line <= len(lines) else None
            found[problem.path] = Place(
                None, _xpath(tree.getpath(element), element), line, None, text
            )
        return found

    def element_at(self, path: Path) -> Any:
        """The element at a path, or the deepest one on the way to it."""
        element = self._root
        for step in path:
            members = [child for child in element if isinstance(child.tag, str)]
            if isinstance(step, int):
                below = members[step] if step < len(members) else None
            else:
                wrapped = len(members) == 1 and _local(element) in _CHOICE_ATTRIBUTES
                if wrapped and _local(members[0]) != step:
                    element = members[0]
                    members = [child for child in element if isinstance(child.tag, str)]
                below = next((child for child in members if _local(child) == step), None)
            if below is None:
                return element
            element = below
        return element

    def serialized(self) -> bytes:
        """The text of the document as it is now, after repairs."""
        data: bytes = etree.tostring(
            self._root.getroottree(), xml_declaration=True, encoding="UTF-8"
        )
        return data + b"\n"

    def _identify(self, root: Any) -> tuple[Metamodel, str]:
        """The metamodel version by the namespace of the root."""
        self._root = root
        namespace, name = _split(root.tag)
        if namespace in XML_NAMESPACES:
            return XML_NAMESPACES[namespace], namespace
        old = _OLD_NAMESPACE.fullmatch(namespace)
        if old is not None:
            number = f"{old[1]}.{old[2]}" + (" (pre-release)" if old[3] or old[1] == "3" else "")
            raise UnsupportedVersionError(
                f"written for AAS metamodel {number} (XML namespace `{namespace}`)",
                "convert it to metamodel 3 with the tool that made it",
            )
        if name != "environment" and name not in _ROOTS:
            raise NoContentError(
                f"the XML root is `{name}`, which holds no AAS content",
                "expected `environment` in the namespace https://admin-shell.io/aas/3/0, 3/1 or 3/2",
            )
        shown = f"`{namespace}`" if namespace else "no namespace"
        self.problems.append(
            Problem(catalogue.NAMESPACE, f"the root is in {shown}", (), None, None, root)
        )
        return ALL, namespace

    def _read_root(self, root: Any) -> None:
        name = _local(root)
        self._bare = name != "environment"
        if self._bare:
            if name not in _ROOTS:
                raise NoContentError(
                    f"the XML root is `{name}`, which holds no AAS content",
                    "expected `environment`, `assetAdministrationShell`, `submodel` or "
                    "`conceptDescription`",
                )
            self.parts.append(Part(_ROOTS[name], (), root))
            message = f"the document holds a bare `{_ROOTS[name].__name__}`, no environment"
            self.problems.append(Problem(catalogue.PARTIAL, message, (), None, None, root))
            return
        reader = _Reader(self._namespace)
        reader.attributes_of_xml(root, ())
        for attribute, element, path in reader.members(Environment, root, ()):
            kind = COLLECTIONS[attribute.json_name]
            members = [child for child in element if isinstance(child.tag, str)]
            if not members:
                message = f"`{attribute.json_name}` is an empty list"
                reader.problem(attribute_rules.EMPTY_LIST, message, path, element)
            for position, member in enumerate(members):
                place = (*path, position)
                if member.tag == f"{{{self._namespace}}}{xml_name(kind)}":
                    self.parts.append(Part(kind, place, member))
                else:
                    reader.unexpected(member, place, f"in `{attribute.json_name}`")
        self.problems += reader.problems
        if not self.parts and not self.problems:
            self.problems.append(
                Problem(catalogue.EMPTY, "the environment is empty", (), None, None, root)
            )


_ROOTS: dict[str, type[Identifiable]] = {xml_name(kind): kind for kind in COLLECTIONS.values()}


class _Entry(NamedTuple):
    """What an XML element means inside a class."""

    order: int
    attribute: Attribute


@functools.cache
def _table(record: type[Record], namespace: str) -> dict[str, _Entry]:
    prefix = f"{{{namespace}}}" if namespace else ""
    return {
        prefix + attribute.json_name: _Entry(order, attribute)
        for order, attribute in enumerate(attributes(record))
    }


@functools.cache
def _targets(attribute_key: tuple[type[Record], ...], namespace: str) -> dict[str, type[Record]]:
    prefix = f"{{{namespace}}}" if namespace else ""
    return {prefix + xml_name(target): target for target in attribute_key}


@functools.cache
def _nothing(record: type[Record]) -> dict[str, Any]:
    return dict.fromkeys(record.__struct_fields__)


@functools.cache
def _required(record: type[Record]) -> tuple[tuple[str, str], ...]:
    return tuple((each.name, each.json_name) for each in attributes(record) if each.required)


class _Reader:
    """Builds records from elements."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self.problems: list[Problem] = []
        self.positions: dict[int, list[int]] = {}

    def problem(
        self, rule: Rule, message: str, path: Path, source: Any, hint: str | None = None
    ) -> Any:
        """Note a problem."""
        self.problems.append(Problem(rule, message, path, None, hint, source))
        return _BAD

    def unexpected(self, element: Any, path: Path, where: str) -> None:
        """Note an element that has no meaning where it stands."""
        namespace, name = _split(element.tag)
        if namespace != self.namespace:
            message = f"`{name}` is in the namespace `{namespace}`"
            self.problem(catalogue.NAMESPACE, message, path, element)
        else:
            message = f"element `{name}` has no meaning {where}"
            self.problem(catalogue.UNKNOWN_ATTRIBUTE, message, path, element)

    def attributes_of_xml(self, element: Any, path: Path) -> None:
        """Note attributes; only those of XML Schema itself have a place."""
        for name in element.attrib:
            if not name.startswith("{http://www.w3.org/2001/XMLSchema-instance}"):
                message = f"unexpected XML attribute `{_split(name)[1]}`"
                self.problem(catalogue.XML_ATTRIBUTE, message, path, element)

    def members(
        self, record: type[Record], element: Any, path: Path
    ) -> Iterator[tuple[Attribute, Any, Path]]:
        """The attributes of a record with their elements, in document order."""
        table = _table(record, self.namespace)
        last, seen = -1, 0
        if element.text is not None and element.text.strip():
            self._stray_text(element, element.text, path)
        for child in element:
            tag = child.tag
            entry = table.get(tag)
            if child.tail is not None and child.tail.strip():
                self._stray_text(element, child.tail, path)
            if entry is None:
                if isinstance(tag, str):
                    self.unexpected(child, (*path, _local(child)), f"in {record.__name__}")
                continue
            order, attribute = entry
            name = attribute.json_name
            place = (*path, name)
            if order <= last:
                if seen & (1 << order):
                    self.problem(catalogue.TWICE, f"element `{name}` stands twice", place, child)
                    continue
                self.problem(catalogue.ORDER, f"element `{name}` stands too late", place, child)
            else:
                last = order
            seen |= 1 << order
            if child.attrib:
                self.attributes_of_xml(child, place)
            yield attribute, child, place

    def record(self, record: type[Record], element: Any, path: Path) -> Any:
        """Build what can be built of a record."""
        if element.attrib:
            self.attributes_of_xml(element, path)
        values = _nothing(record).copy()
        bad: set[str] = set()
        for attribute, child, place in self.members(record, element, path):
            if attribute.kind is Kind.TEXT:
                value = child.text
                if value is None or len(child):
                    value = self._text(child, place)
                if value == "" and attribute.text is not None and attribute.text.min_length:
                    message = f"`{attribute.json_name}` is an empty string"
                    value = self.problem(attribute_rules.TOO_SHORT, message, place, child)
            elif attribute.is_list:
                value = self._list(attribute, child, place)
            elif attribute.kind is Kind.RECORD:
                value = self.record(attribute.targets[0], child, place)
            elif attribute.kind is Kind.CHOICE:
                value = self._choice(attribute, child, place)
            else:
                value = self._word(attribute, child, place)
            if value is _BAD:
                bad.add(attribute.name)
            else:
                values[attribute.name] = value
        for name, json_name in _required(record):
            if values[name] is None and name not in bad:
                message = f"`{json_name}` is required"
                self.problem(attribute_rules.REQUIRED, message, path, element)
        return record(**values)

    def _stray_text(self, element: Any, text: str, path: Path) -> None:
        shown = text.strip()[:40]
        message = f"text `{shown}` where elements are expected"
        self.problem(catalogue.WRONG_TYPE, message, path, element)

    def _text(self, element: Any, path: Path) -> Any:
        """Text that is empty, or interrupted by comments."""
        parts = [element.text or ""]
        for child in element:
            if isinstance(child.tag, str):
                name = _local(element)
                message = f"`{name}` holds elements, expected text"
                return self.problem(catalogue.WRONG_TYPE, message, path, element)
            if not isinstance(child, etree._Comment | etree._ProcessingInstruction):
                message = f"`{_local(element)}` refers to an entity, which is refused"
                return self.problem(catalogue.WRONG_TYPE, message, path, element)
            parts.append(child.tail or "")
        return "".join(parts)

    def _word(self, attribute: Attribute, element: Any, path: Path) -> Any:
        text = self._text(element, path)
        if text is _BAD:
            return _BAD
        if attribute.kind is Kind.BOOLEAN:
            word = _BOOLEANS.get(text.strip())
            if word is None:
                message = f"`{attribute.json_name}` is `{text[:40]}`, expected `true` or `false`"
                return self.problem(catalogue.WRONG_TYPE, message, path, element)
            return word
        if text in attribute.literals:
            return text
        message, path, hint = unknown_literal(attribute, text, path)
        return self.problem(attribute_rules.LITERAL, message, path, element, hint)

    def _list(self, attribute: Attribute, element: Any, path: Path) -> Any:
        targets = _targets(attribute.targets, self.namespace)
        members: list[Any] = []
        kept: list[int] = []
        position = -1
        if element.text is not None and element.text.strip():
            self._stray_text(element, element.text, path)
        for child in element:
            tag = child.tag
            record = targets.get(tag)
            if child.tail is not None and child.tail.strip():
                self._stray_text(element, child.tail, path)
            if record is None:
                if isinstance(tag, str):
                    position += 1
                    self.unexpected(child, (*path, position), f"in `{attribute.json_name}`")
                continue
            position += 1
            members.append(self.record(record, child, (*path, position)))
            kept.append(position)
        if position < 0:
            message = f"`{attribute.json_name}` is an empty list"
            return self.problem(attribute_rules.EMPTY_LIST, message, path, element)
        if not kept:
            return _BAD
        if len(kept) <= position:
            self.positions[id(members)] = kept
        return members

    def _choice(self, attribute: Attribute, element: Any, path: Path) -> Any:
        targets = _targets(attribute.targets, self.namespace)
        found: Any = None
        for child in element:
            if not isinstance(child.tag, str):
                continue
            record = targets.get(child.tag)
            if record is None:
                self.unexpected(child, path, f"in `{attribute.json_name}`")
                found = found or _BAD
            elif found is None or found is _BAD:
                found = self.record(record, child, path)
            else:
                message = f"`{attribute.json_name}` holds two elements"
                self.problem(catalogue.TWICE, message, path, child)
        if found is None:
            message = f"`{attribute.json_name}` is empty"
            return self.problem(attribute_rules.REQUIRED, message, path, element)
        return found


_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_CHOICE_ATTRIBUTES = frozenset(("value", "dataSpecificationContent"))


def _parse(data: bytes) -> Any:
    """Parse without entities, network or document type declarations.

    Raises:
        MalformedDocumentError: not well-formed, or with a document type declaration.
        LimitExceededError: nested too deeply.
    """
    head = _text(data[:65536])
    match = _PROLOG.match(head)
    if match is not None and head[match.end() : match.end() + 9].upper() == "<!DOCTYPE":
        raise MalformedDocumentError(
            "the XML has a document type declaration, which is refused",
            "AAS files need none; it can hide external content and entity expansion",
            head.count("\n", 0, match.end()) + 1,
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        message = error.msg or "syntax error"
        if "Excessive depth" in message or "depth" in message.lower():
            raise _too_deep() from None
        line, column = error.position
        if not data.strip():
            raise MalformedDocumentError("the file is empty") from None
        raise MalformedDocumentError(
            f"not well-formed XML: {message.split(', line')[0]}", None, line or None, column or None
        ) from None
    except ValueError as error:
        raise MalformedDocumentError(f"not well-formed XML: {error}") from None


def _too_deep() -> LimitExceededError:
    return LimitExceededError(
        "the document is nested too deeply", "the specification advises at most 32 levels"
    )


def _text(data: bytes) -> str:
    """The text, well enough decoded to show lines of it."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return data.decode(encoding, "replace")


def _split(tag: Any) -> tuple[str, str]:
    """Namespace and local name of a tag in Clark notation."""
    if tag[:1] == "{":
        namespace, _, name = tag[1:].partition("}")
        return namespace, name
    return "", tag


def _local(element: Any) -> str:
    return _split(element.tag)[1]


def _xpath(path: str, element: Any) -> str:
    """A readable XPath: local names with positions instead of `*[3]`."""
    steps = []
    while element is not None:
        parent = element.getparent()
        name = _local(element) if isinstance(element.tag, str) else "node()"
        if parent is None:
            steps.append(name)
        else:
            twins = [child for child in parent if child.tag == element.tag]
            number = f"[{twins.index(element) + 1}]" if len(twins) > 1 else ""
            steps.append(name + number)
        element = parent
    return "/" + "/".join(reversed(steps)) if steps else path


# -- writing ------------------------------------------------------------------------------------


def dumps(record: Environment, version: Metamodel = Metamodel.V3_1) -> bytes:
    """An environment as indented UTF-8 XML in the namespace of a metamodel version."""
    lines: list[str] = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<environment xmlns="{xml_namespace(version)}">')
    _write(record, 1, lines)
    lines.append("</environment>\n")
    return "\n".join(lines).encode()


_ESCAPED = re.compile("[&<>\r]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}


def _escape(text: str) -> str:
    return _ESCAPED.sub(lambda match: _ESCAPES[match[0]], text) if _ESCAPED.search(text) else text


class _Plan(NamedTuple):
    """How an attribute is written."""

    name: str
    tag: str
    kind: Kind
    is_list: bool


@functools.cache
def _plan(record: type[Record]) -> tuple[_Plan, ...]:
    return tuple(
        _Plan(each.name, each.json_name, each.kind, each.is_list) for each in attributes(record)
    )


@functools.cache
def _tag(record: type[Record]) -> str:
    return xml_name(record)


def _write(record: Record, depth: int, lines: list[str]) -> None:
    pad = "  " * depth
    for name, tag, kind, is_list in _plan(record.__class__):
        value = getattr(record, name)
        if value is None:
            continue
        if is_list:
            lines.append(f"{pad}<{tag}>")
            for member in value:
                _write_element(member, depth + 1, lines)
            lines.append(f"{pad}</{tag}>")
        elif kind is Kind.TEXT:
            lines.append(f"{pad}<{tag}>{_escape(value)}</{tag}>")
        elif kind is Kind.ENUMERATION:
            lines.append(f"{pad}<{tag}>{value}</{tag}>")
        elif kind is Kind.BOOLEAN:
            lines.append(f"{pad}<{tag}>{'true' if value else 'false'}</{tag}>")
        elif kind is Kind.CHOICE:
            lines.append(f"{pad}<{tag}>")
            _write_element(value, depth + 1, lines)
            lines.append(f"{pad}</{tag}>")
        else:
            _write_enclosed(tag, value, depth, lines)


def _write_element(record: Record, depth: int, lines: list[str]) -> None:
    _write_enclosed(_tag(record.__class__), record, depth, lines)


def _write_enclosed(tag: str, record: Record, depth: int, lines: list[str]) -> None:
    pad, start = "  " * depth, len(lines)
    lines.append(f"{pad}<{tag}>")
    _write(record, depth + 1, lines)
    if len(lines) == start + 1:
        lines[start] = f"{pad}<{tag}/>"
    else:
        lines.append(f"{pad}</{tag}>")
