"""Where in a text a JSON value or an XML element stands: only for what somebody asks for.

JSON values on the way are cut out by the C decoder without a look inside, which leaves the way from
one to the next. XML elements are found by counting start tags, which is twice as fast as a second
parser that knows lines.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from nacre_aas.document import Path

_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_items = msgspec.json.Decoder(list[msgspec.Raw]).decode
_SPACE = rb"[ \t\n\r]*"
#: What stands before the first value of an object or a list, and between two values.
_to_value: Any = re.compile(
    rb'%b[{\[,]?%b(?:"(?:[^"\\]|\\.)*"%b:%b)?' % ((_SPACE,) * 4), re.DOTALL
).match
_END = object()
#: A start tag's first two characters, or all of what may hold something that looks like one.
_START = re.compile(r"<[^/!?]")
_TAG = re.compile(r"<(?:[^/!?]|!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>)", re.DOTALL)


class Position(NamedTuple):
    """Line and column, both from 1; a piece of the line, and the column in that piece."""

    line: int
    column: int
    text: str
    text_column: int


def positions(data: bytes, paths: Iterable[Path]) -> dict[Path, Position]:
    """The positions of values in a well-formed JSON text in UTF-8.

    A path that the text does not have gets the position of the deepest value on the way to it.
    """
    trie: dict[Any, Any] = {}
    for path in set(paths):
        node = trie
        for step in path:
            node = node.setdefault(step, {})
        node[_END] = path
    offsets: dict[Path, int] = {}
    value = memoryview(data.lstrip())
    _visit(value, len(data) - len(value), trie, offsets)
    text = data.decode()
    return _with_lines(text, offsets if len(text) == len(data) else _in_characters(data, offsets))


def tag_positions(text: str, numbers: Mapping[Path, int]) -> dict[Path, Position]:
    """The positions of start tags in a well-formed XML text, given their numbers from 0."""
    tags: Iterator[re.Match[str]] = _START.finditer(text)
    if "<!" in text or text.find("<?", 1) >= 0:
        tags = (match for match in _TAG.finditer(text) if match.end() == match.start() + 2)
    starts: dict[int, int] = {}
    passed = 0
    for number in sorted(set(numbers.values())):
        match = next(itertools.islice(tags, number - passed, None), None)
        if match is None:
            break
        starts[number] = match.start()
        passed = number + 1
    found = {path: starts[number] for path, number in numbers.items() if number in starts}
    return _with_lines(text, found)


def position_of(text: str, offset: int) -> Position:
    """The position of a character of a text."""
    return _with_lines(text, {(): offset})[()]


def _with_lines(text: str, offsets: dict[Path, int]) -> dict[Path, Position]:
    found = {}
    line, start, end = 0, 0, -1  # of the line that the last offset stood in
    for path, offset in sorted(offsets.items(), key=lambda item: item[1]):
        if offset > end:
            line += text.count("\n", max(end, 0), offset) + (end < 0)
            start = text.rfind("\n", 0, offset) + 1
            end = text.find("\n", offset)
            end = len(text) if end < 0 else end
        shown = start if offset - start <= 60 else offset - 30
        excerpt = text[shown : min(end, shown + 100)].rstrip("\r")
        excerpt = ("..." if shown > start else "") + excerpt + ("..." if shown + 100 < end else "")
        caret = offset - shown + (4 if shown > start else 1)
        found[path] = Position(line, offset - start + 1, excerpt, caret)
    return found


def _visit(value: memoryview, start: int, node: dict[Any, Any], offsets: dict[Path, int]) -> None:
    """Note the offsets of a value, which begins at `start`, and of what is wanted below it."""
    if _END in node:
        offsets[node[_END]] = start
    pending = {step: below for step, below in node.items() if step is not _END}
    at = 0
    for step, member in _below(value) if pending else ():
        at = _to_value(value, at).end()
        below = pending.pop(step, None)
        if below is not None:
            _visit(member, start + at, below, offsets)
            if not pending:
                break
        at += len(member)
    for below in pending.values():
        _note_all(below, start, offsets)


def _below(value: memoryview) -> Iterator[tuple[str | int, memoryview]]:
    """The members of an object or a list, in the order of the text."""
    found: Iterable[tuple[str | int, Any]] = ()
    first = bytes(value[:1])
    if first == b"{":
        found = _members(value).items()
    elif first == b"[":
        found = enumerate(_items(value))
    return ((step, memoryview(member)) for step, member in found)


def _in_characters(data: bytes, offsets: dict[Path, int]) -> dict[Path, int]:
    """Offsets in bytes as offsets in characters."""
    found = {}
    before = characters = 0
    for path, offset in sorted(offsets.items(), key=lambda item: item[1]):
        characters += len(data[before:offset].decode())
        before = offset
        found[path] = characters
    return found


def _note_all(node: dict[Any, Any], index: int, offsets: dict[Path, int]) -> None:
    for step, below in node.items():
        if step is _END:
            offsets[below] = index
        else:
            _note_all(below, index, offsets)
