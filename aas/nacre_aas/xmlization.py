"""AAS in XML (IDTA-01001, "Mapping to XML"): reading and writing, derived from the records.

There is one reader: it builds records and names every problem on its way. An element that is an
attribute has the attribute's name; a member of a list has the name of its class with a small first
letter; the order of elements is the order of attributes in the records.

The standard library's parser builds the tree that is read, which is several times faster to walk
than lxml's. It knows no lines: when somebody asks where a problem stands, the start tags of the
text are counted. Only to edit a text lxml parses it again, with its comments; its elements come in
the same order.
"""

import difflib
import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from nacre_aas._etree import etree
from nacre_aas.collector import collector_paused
from nacre_aas.compiling import PerClass, compiled
from nacre_aas.constraints import attributes as attribute_rules
from nacre_aas.constraints import catalogue
from nacre_aas.constraints.registry import Rule
from nacre_aas.document import (
    COLLECTIONS,
    LARGE,
    Differences,
    Part,
    Path,
    Place,
    Problem,
    Reading,
)
from nacre_aas.errors import (
    LimitExceededError,
    MalformedDocumentError,
    NoContentError,
    SerializationError,
    UnsupportedVersionError,
)
from nacre_aas.explaining import unknown_literal
from nacre_aas.model import Environment, Identifiable, Record
from nacre_aas.positions import tag_positions
from nacre_aas.schema import Attribute, Kind, Trace, attributes, classes, path_of, xml_name
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
        self._plain = b"\0" not in data[:4] and not _has_attributes(data)
        self._readings: dict[Path, Reading] = {}
        self.data = data
        root = parse(data)
        self.versions, self._namespace = self._identify(root)
        self._read_root(root)

    def read(self, part: Part, *, explain: bool = False) -> Reading:  # noqa: ARG002
        """Read one identifiable; see `Document.read`."""
        if part.path in self._readings:
            return self._readings[part.path]
        reader = self._reader()
        way: Trace = None
        for step in part.path:
            way = (way, step)
        try:
            record = reader.record(part.record, part.source, way)
        except RecursionError:
            raise _too_deep() from None
        reading = Reading(record, reader.problems, reader.differences)
        if not self.is_large:
            self._readings[part.path] = reading
        return reading

    def locate(self, problems: Iterable[Problem]) -> dict[Path, Place]:
        """Find where problems stand; see `Document.locate`."""
        tree = _Tree(self._root)
        elements: dict[Path, Any] = {}
        for problem in problems:
            if problem.path not in elements:
                elements[problem.path] = tree.element_of(problem)
        numbers = tree.numbers(elements.values())
        found = tag_positions(
            _text(self.data), {path: numbers[id(each)] for path, each in elements.items()}
        )
        places = {}
        for path, each in elements.items():
            position = found.get(path)
            xpath = tree.xpath(each)
            places[path] = Place(None, xpath, *position) if position else Place(None, xpath)
        return places

    def elements_of(self, problems: Iterable[Problem]) -> list[tuple[Problem, Any]]:
        """The elements of lxml that problems are about, to edit them with all around them."""
        root = _parse_all(self.data)
        tree = _Tree(self._root)
        own = list(self._root.iter())
        elements = [] if root is None else list(root.iter(etree.Element))
        if len(elements) != len(own):
            return []  # the two parsers disagree: no place is better than a wrong one
        numbers = tree.numbers(own)
        return [(each, elements[numbers[id(tree.element_of(each))]]) for each in problems]

    def comments(self) -> int:
        """How many XML comments stand in the text: records have no place for them."""
        root = _parse_all(self.data) if "<!--" in _text(self.data) else None
        return 0 if root is None else int(root.xpath("count(//comment())"))

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
        if name != "environment":
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
        reader = self._reader()
        reader.xml_attributes(root, None)
        seen: list[str] = []
        for element in root:
            self._read_collection(reader, element, seen)
        for text in (root.text, *(element.tail for element in root)):
            if text is not None and text.strip(_BLANKS):
                reader.stray_text(root, text, None)
        self.problems += reader.problems
        if not self.parts and not self.problems:
            self.problems.append(
                Problem(catalogue.EMPTY, "the environment is empty", (), None, None, root)
            )

    def _read_collection(self, reader: "_Reader", element: Any, seen: list[str]) -> None:
        """Note the members of one of the three lists of an environment."""
        entry = reader.tables[Environment].get(element.tag)
        if entry is None:
            reader.unexpected(element, (None, _local(element)), "in Environment")
            return
        name = entry.attribute.json_name
        way: Trace = (None, name)
        if name in seen:
            reader.problem(catalogue.TWICE, f"element `{name}` stands twice", way, element)
            return
        if seen and list(COLLECTIONS).index(name) < list(COLLECTIONS).index(seen[-1]):
            reader.problem(catalogue.ORDER, f"element `{name}` stands too late", way, element)
        seen.append(name)
        reader.xml_attributes(element, way)
        if not len(element):
            message = f"`{name}` is an empty list"
            reader.problem(attribute_rules.EMPTY_LIST, message, way, element)
        for text in (element.text, *(member.tail for member in element)):
            if text is not None and text.strip(_BLANKS):
                reader.stray_text(element, text, way)
        for position, member in enumerate(element):
            if member.tag in entry.choices:
                self.parts.append(Part(COLLECTIONS[name], (name, position), member))
            else:
                reader.unexpected(member, (way, position), f"in `{name}`")

    def _reader(self) -> "_Reader":
        return _Reader(self._namespace, plain=self._plain)


class _Tree:
    """A tree in which the elements are looked up that problems are about."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self._parents: dict[int, Any] = {}
        self._xpaths: dict[int, str] = {id(root): "/" + _local(root)}

    def numbers(self, elements: Iterable[Any]) -> dict[int, int]:
        """The numbers of elements in document order, by their `id`."""
        order = list(self.root.iter())
        found: dict[int, int] = {}
        number = 0
        for element in elements:
            try:  # most come in document order
                number = order.index(element, number)
            except ValueError:
                return {id(each): number for number, each in enumerate(order)}
            found[id(element)] = number
        return found

    def element_of(self, problem: Problem) -> Any:
        """The element that a problem is about, or the deepest one on the way to it."""
        if problem.source is not None:
            return problem.source
        element = self.root
        for step in problem.path:
            members = self._below(element)
            if isinstance(step, int):
                below = members[step] if step < len(members) else None
            else:
                wrapped = len(members) == 1 and _local(element) in _CHOICE_ATTRIBUTES
                if wrapped and _local(members[0]) != step:
                    members = self._below(members[0])
                below = next((child for child in members if _local(child) == step), None)
            if below is None:
                return element
            element = below
        return element

    def xpath(self, element: Any) -> str:
        """An XPath of local names with positions, readable and without namespaces."""
        path = self._xpaths.get(id(element))
        if path is not None:
            return path
        if id(element) not in self._parents:
            self._parents = {id(child): each for each in self.root.iter() for child in each}
        parent = self._parents[id(element)]
        above = self.xpath(parent)
        names = [_local(child) for child in parent]
        total = Counter(names)
        counts: Counter[str] = Counter()
        for child, name in zip(parent, names, strict=True):
            counts[name] += 1
            number = f"[{counts[name]}]" if total[name] > 1 else ""
            self._xpaths[id(child)] = f"{above}/{name}{number}"
        return self._xpaths[id(element)]

    def _below(self, element: Any) -> Any:
        if len(element) and id(element[0]) not in self._parents:
            self._parents.update(dict.fromkeys(map(id, element), element))
        return element


_ROOTS: dict[str, type[Identifiable]] = {xml_name(kind): kind for kind in COLLECTIONS.values()}


class _Entry(NamedTuple):
    """What an XML element means inside a class."""

    order: int
    name: str
    #: The kind of a plain value, `None` for a list.
    kind: Kind | None
    attribute: Attribute
    #: What may stand in it: classes by their element, or values by the words for them.
    choices: dict[str | None, Any]


class _Tables(dict[type[Record], dict[str, _Entry]]):
    """For each class its attributes by the tags of their elements, in one namespace."""

    def __init__(self, namespace: str) -> None:
        super().__init__()
        self.prefix = f"{{{namespace}}}" if namespace else ""

    def __missing__(self, record: type[Record]) -> dict[str, _Entry]:
        self[record] = {
            self.prefix + each.json_name: _Entry(
                order,
                each.name,
                None if each.is_list else each.kind,
                each,
                self._choices(each),
            )
            for order, each in enumerate(attributes(record))
        }
        return self[record]

    def _choices(self, attribute: Attribute) -> dict[str | None, Any]:
        if attribute.kind is Kind.BOOLEAN:
            return dict(_BOOLEANS)
        if attribute.kind is Kind.ENUMERATION:
            return {word: word for word in attribute.literals}
        return {self.prefix + xml_name(target): target for target in attribute.targets}


_tables = functools.cache(_Tables)


@functools.cache
def _nothing(record: type[Record]) -> dict[str, Any]:
    return {each.name: None for each in attributes(record)}


@functools.cache
def _required(record: type[Record]) -> tuple[tuple[str, str], ...]:
    return tuple((each.name, each.json_name) for each in attributes(record) if each.required)


class _Reader:
    """Builds records from elements.

    `plain` says that no element of the document has attributes, so that none needs a look.
    """

    def __init__(self, namespace: str, *, plain: bool) -> None:
        self.namespace = namespace
        self.tables = _tables(namespace)
        self.plain = plain
        self.problems: list[Problem] = []
        self.differences = Differences()

    def problem(
        self, rule: Rule, message: str, way: Trace, source: Any, hint: str | None = None
    ) -> Any:
        """Note a problem."""
        self.problems.append(Problem(rule, message, path_of(way), None, hint, source))
        return _BAD

    def unexpected(self, element: Any, way: Trace, where: str, near: str | None = None) -> None:
        """Note an element that has no meaning where it stands, and the tag that it is taken for."""
        namespace, name = _split(element.tag)
        if namespace != self.namespace:
            message = f"`{name}` is in the namespace `{namespace}`"
            self.problem(catalogue.NAMESPACE, message, way, element)
        else:
            message = f"element `{name}` has no meaning {where}"
            hint = f"did you mean `{_split(near)[1]}`?" if near is not None else None
            self.problem(catalogue.UNKNOWN_ATTRIBUTE, message, way, element, hint)

    def xml_attributes(self, element: Any, way: Trace) -> None:
        """Note attributes; only those that say where a schema lies have a place."""
        for name in element.keys():  # noqa: SIM118 - an element is no mapping
            if name not in _LOCATIONS:
                message = f"unexpected XML attribute `{_split(name)[1]}`"
                self.problem(catalogue.XML_ATTRIBUTE, message, way, element)

    def stray_text(self, element: Any, text: str, way: Trace) -> None:
        """Note text between elements."""
        message = f"text `{text.strip()[:40]}` where elements are expected"
        self.problem(catalogue.WRONG_TYPE, message, way, element)

    def record(self, record: type[Record], element: Any, way: Trace) -> Any:  # noqa: PLR0915
        """Build what can be built of a record."""
        if not self.plain:
            self.xml_attributes(element, way)
        text = element.text
        if text and not (text.isspace() and text.isascii()):  # XML knows no other white space
            self.stray_text(element, text, way)
        table = self.tables[record]
        plain = self.plain
        values: dict[str, Any] = {}
        bad: set[str] | None = None
        misspelt: dict[str, str] | None = None
        last = -1
        for child in element:
            text = child.tail
            if text and not (text.isspace() and text.isascii()):
                self.stray_text(element, text, way)
            entry = table.get(child.tag)
            if entry is None:
                taken = values.keys() | (bad or set())
                free = (
                    tag
                    for tag, each in table.items()
                    if each.name not in taken and element.find(tag) is None
                )
                near = _nearly(child, free)
                self.unexpected(child, (way, _local(child)), f"in {record.__name__}", near)
                if near is None:
                    continue
                entry = table[near]
                misspelt = (misspelt or {}) | {entry.attribute.json_name: _local(child)}
            order, name, kind, attribute, choices = entry
            if order <= last:
                json_name = attribute.json_name
                if name in values or (bad is not None and name in bad):
                    message = f"element `{json_name}` stands twice"
                    self.problem(catalogue.TWICE, message, (way, json_name), child)
                    continue
                message = f"element `{json_name}` stands too late"
                self.problem(catalogue.ORDER, message, (way, json_name), child)
            else:
                last = order
            value: Any
            if kind is _TEXT:
                value = child.text
                if not value or len(child) or not plain:
                    value = self.text(attribute, child, (way, attribute.json_name))
            elif kind is _RECORD:
                value = self.record(attribute.targets[0], child, (way, attribute.json_name))
            elif kind is None:
                value = self.list(attribute.json_name, choices, child, (way, attribute.json_name))
            elif kind is _CHOICE:
                value = self.choice(attribute.json_name, choices, child, (way, attribute.json_name))
            else:
                value = choices.get(child.text, _BAD)
                if value is _BAD or len(child) or not plain:
                    value = self.word(attribute, child, (way, attribute.json_name))
            if value is _BAD:
                bad = (bad or set()) | {name}
            else:
                values[name] = value
        try:
            made = record(**values)
        except TypeError:  # a required attribute is missing
            for name, json_name in _required(record):
                if name not in values and (bad is None or name not in bad):
                    message = f"`{json_name}` is required"
                    self.problem(attribute_rules.REQUIRED, message, way, element)
            made = record(**_nothing(record) | values)
        if misspelt is not None:
            self.differences.misspelt(made, misspelt)
        return made

    def text(self, attribute: Attribute, element: Any, way: Trace) -> Any:
        """A string, which may have to hold something."""
        text = self.plain_text(element, way)
        assert attribute.text is not None
        if text or not attribute.text.min_length:
            return text
        message = f"`{attribute.json_name}` is an empty string"
        return self.problem(attribute_rules.TOO_SHORT, message, way, element)

    def plain_text(self, element: Any, way: Trace) -> Any:
        """The text of an element that may be empty, but has nothing else in it."""
        self.xml_attributes(element, way)
        if len(element):
            message = f"`{_local(element)}` holds elements, expected text"
            return self.problem(catalogue.WRONG_TYPE, message, way, element)
        return element.text or ""

    def word(self, attribute: Attribute, element: Any, way: Trace) -> Any:
        """A boolean, or a word of an enumeration."""
        text = self.plain_text(element, way)
        if attribute.kind is Kind.BOOLEAN and text is not _BAD:
            word = _BOOLEANS.get(text.strip(_BLANKS))
            if word is None:
                message = f"`{attribute.json_name}` is `{text[:40]}`, expected `true` or `false`"
                return self.problem(catalogue.WRONG_TYPE, message, way, element)
            return word
        if text is _BAD or text in attribute.literals:
            return text
        message, _, hint = unknown_literal(attribute, text, ())
        return self.problem(attribute_rules.LITERAL, message, way, element, hint)

    def list(
        self, name: str, targets: dict[str | None, type[Record]], element: Any, way: Trace
    ) -> Any:
        """The members of a list, each an element named after its class."""
        if not self.plain:
            self.xml_attributes(element, way)
        text = element.text
        if text and not (text.isspace() and text.isascii()):
            self.stray_text(element, text, way)
        members: list[Any] = []
        left_out: list[int] = []
        for position, child in enumerate(element):
            text = child.tail
            if text and not (text.isspace() and text.isascii()):
                self.stray_text(element, text, way)
            record = targets.get(child.tag)
            if record is None:
                near = _nearly(child, targets)
                self.unexpected(child, (way, position), f"in `{name}`", near)
                record = targets.get(near)
            if record is None:
                left_out.append(position)
            else:
                members.append(self.record(record, child, (way, position)))
        if not len(element):
            message = f"`{name}` is an empty list"
            return self.problem(attribute_rules.EMPTY_LIST, message, way, element)
        if left_out and members:
            kept = [n for n in range(len(element)) if n not in left_out]
            self.differences.left_out(members, kept)
        return members or _BAD

    def choice(
        self, name: str, targets: dict[str | None, type[Record]], element: Any, way: Trace
    ) -> Any:
        """The one element inside another, named after its class."""
        if not self.plain:
            self.xml_attributes(element, way)
        text = element.text
        if text and not (text.isspace() and text.isascii()):
            self.stray_text(element, text, way)
        found: Any = None
        for child in element:
            text = child.tail
            if text and not (text.isspace() and text.isascii()):
                self.stray_text(element, text, way)
            record = targets.get(child.tag)
            if record is None:
                near = _nearly(child, targets)
                self.unexpected(child, way, f"in `{name}`", near)
                record = targets.get(near)
            if record is None:
                found = found or _BAD
            elif found is None or found is _BAD:
                found = self.record(record, child, way)
            else:
                self.problem(catalogue.TWICE, f"`{name}` holds two elements", way, child)
        if found is None:
            return self.problem(attribute_rules.REQUIRED, f"`{name}` is empty", way, element)
        return found


def _nearly(element: Any, tags: Iterable[str | None]) -> str | None:
    """The tag that a misspelt element is taken for, so that it hides nothing below it."""
    known = {_split(tag)[1]: tag for tag in tags if tag is not None}
    near = difflib.get_close_matches(_local(element), known, 1, 0.8)
    return known[near[0]] if near else None


#: White space as XML 1.0 §2.3 has it.
_BLANKS = " \t\r\n"
_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
_LOCATIONS = frozenset((f"{_INSTANCE}schemaLocation", f"{_INSTANCE}noNamespaceSchemaLocation"))
_TEXT, _RECORD, _CHOICE = Kind.TEXT, Kind.RECORD, Kind.CHOICE
#: What every attribute has, and text seldom; looked for behind the start tag of the root.
_ATTRIBUTE_VALUE = re.compile(rb"=\s*[\"']")
_BOOLEANS: dict[str | None, bool] = {"true": True, "1": True, "false": False, "0": False}
_CHOICE_ATTRIBUTES = frozenset(("value", "dataSpecificationContent"))


def parse(data: bytes) -> Any:
    """Parse into the tree of the standard library, without document type declarations.

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
    if not data or data.isspace():
        raise MalformedDocumentError("the file is empty")
    try:
        with collector_paused():
            return ET.fromstring(data)  # noqa: S314 - declarations were refused above
    except ET.ParseError as error:
        line, column = error.position
        reason = str(error).split(": line")[0]
        raise MalformedDocumentError(
            f"not well-formed XML: {reason}", None, line, column + 1
        ) from None
    except (ValueError, LookupError) as error:
        raise MalformedDocumentError(f"not well-formed XML: {error}") from None


def _parse_all(data: bytes) -> Any:
    """Parse a text that `parse` accepted into lxml's tree, with its comments.

    lxml is pickier about namespaces, so it is told to go on; `None` if it cannot.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, recover=True
    )
    return etree.fromstring(data, parser)


def _too_deep() -> LimitExceededError:
    return LimitExceededError(
        "the document is nested too deeply", "the specification advises at most 32 levels"
    )


def _text(data: bytes) -> str:
    """The text, well enough decoded to show lines of it."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return data.decode(encoding, "replace")


def _has_attributes(data: bytes) -> bool:
    """Whether anything behind the start tag of the root looks like an attribute."""
    root = re.search(rb"<[^!?]", data)
    end = data.find(b">", root.start() if root is not None else 0)
    return _ATTRIBUTE_VALUE.search(data, max(end, 0)) is not None


def _split(tag: Any) -> tuple[str, str]:
    """Namespace and local name of a tag in Clark notation."""
    if tag[:1] == "{":
        namespace, _, name = tag[1:].partition("}")
        return namespace, name
    return "", tag


def _local(element: Any) -> str:
    return _split(element.tag)[1]


# -- writing ------------------------------------------------------------------------------------
#
# For each class a function is compiled from the type model.


def dumps(record: Environment, version: Metamodel = Metamodel.V3_1) -> bytes:
    """An environment as indented UTF-8 XML in the namespace of a metamodel version.

    Raises:
        SerializationError: a string holds a character that XML forbids.
    """
    lines: list[str] = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<environment xmlns="{xml_namespace(version)}">')
    with collector_paused():
        _WRITERS[Environment](record, "  ", lines)
    lines.append("</environment>\n")
    return "\n".join(lines).encode()


_Writer = Callable[[Any, str, list[str]], None]
#: Characters that are escaped, and those that XML cannot hold at all.
_ESCAPED = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}


def _escape(text: str) -> str:
    try:
        return _ESCAPED.sub(lambda match: _ESCAPES[match[0]], text)
    except KeyError as error:
        raise SerializationError(
            f"XML cannot hold the character U+{ord(error.args[0]):04X}",
            "`nacre validate` says where it stands (AASd-130)",
        ) from None


def _write_record(tag: str, record: Record, pad: str, lines: list[str]) -> None:
    """A record inside an element."""
    start = len(lines)
    lines.append(f"{pad}<{tag}>")
    _WRITERS[record.__class__](record, pad + "  ", lines)
    if len(lines) == start + 1:
        lines[start] = f"{pad}<{tag}/>"
    else:
        lines.append(f"{pad}</{tag}>")


def _write_members(members: Iterable[Record], pad: str, lines: list[str]) -> None:
    """Records inside elements that are named after their classes."""
    for member in members:
        _write_record(_TAGS[member.__class__], member, pad, lines)


_TAGS = {each: xml_name(each) for each in classes()}


def _compile_writer(record: type[Record]) -> _Writer:
    names: dict[str, Any] = {
        "escape": _escape,
        "escaped": _ESCAPED.search,
        "write_record": _write_record,
        "write_members": _write_members,
    }
    body: list[str] = []
    for each in attributes(record):
        tag = each.json_name
        body += [f"v = r.{each.name}", "if v is not None:"]
        if each.wraps_in_xml:
            members = "v" if each.is_list else "(v,)"
            body += [
                f"    lines.append(pad + '<{tag}>')",
                f"    write_members({members}, pad + '  ', lines)",
                f"    lines.append(pad + '</{tag}>')",
            ]
        elif each.kind is Kind.RECORD:
            body.append(f"    write_record({tag!r}, v, pad, lines)")
        elif each.kind is Kind.BOOLEAN:
            body.append(
                f"    lines.append(pad + ('<{tag}>true</{tag}>' if v else '<{tag}>false</{tag}>'))"
            )
        else:
            if each.kind is Kind.TEXT:
                body.append("    if escaped(v): v = escape(v)")
            body.append(f"    lines.append(f'{{pad}}<{tag}>{{v}}</{tag}>')")
    return compiled(f"writer of {record.__name__}", "r, pad, lines", body, names)


_WRITERS = PerClass(_compile_writer)
