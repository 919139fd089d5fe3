"""Where in a text a JSON value or an XML element stands: only for what somebody asks for.

JSON values on the way are skipped by the C scanner of the standard library, so that a hundred
places in a large file cost about as much as parsing it once. XML elements are found by counting
start tags, which is twice as fast as a second parser that knows lines.
"""

import itertools
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from nacre_aas.document import Path

_decoder: Any = json.JSONDecoder(parse_int=float)  # numbers may have any length
_scan = _decoder.scan_once
_scan_string = _decoder.parse_string
_SPACE = r"[ \t\n\r]*"
#: Match a mark and the blanks around it; in a well-formed text they always do.
_space: Any = re.compile(_SPACE).match
_colon: Any = re.compile(f"{_SPACE}:{_SPACE}").match
_comma: Any = re.compile(f"{_SPACE},?{_SPACE}").match
_END = object()
#: The first two characters of a start tag, or all of what may hold something that looks like one.
_TAG = re.compile(r"<(?:[^/!?]|!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>)", re.DOTALL)


class Position(NamedTuple):
    """Line and column, both from 1; a piece of the line, and the column in that piece."""

    line: int
    column: int
    text: str
    text_column: int


def positions(text: str, paths: Iterable[Path]) -> dict[Path, Position]:
    """The positions of values in a well-formed JSON text.

    A path that the text does not have gets the position of the deepest value on the way to it.
    """
    wanted = set(paths)
    trie: dict[Any, Any] = {}
    for path in wanted:
        node = trie
        for step in path:
            node = node.setdefault(step, {})
        node[_END] = path
    offsets: dict[Path, int] = {}
    _visit(text, _space(text).end(), trie, offsets)
    return _with_lines(text, offsets)


def tag_positions(text: str, numbers: Mapping[Path, int]) -> dict[Path, Position]:
    """The positions of start tags in a well-formed XML text, given their numbers from 0."""
    last = max(numbers.values(), default=-1)
    tags = (match.start() for match in _TAG.finditer(text) if match.end() - match.start() == 2)
    starts = list(itertools.islice(tags, last + 1))
    found = {path: starts[number] for path, number in numbers.items() if number < len(starts)}
    return _with_lines(text, found)


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


def _visit(text: str, index: int, node: dict[Any, Any], offsets: dict[Path, int]) -> int:
    """Note the offsets below the value at `index`; return the index behind the value."""
    if _END in node:
        offsets[node[_END]] = index
        if len(node) == 1:
            return int(_scan(text, index)[1])
    pending = {step: below for step, below in node.items() if step is not _END}
    if pending and text[index] == "{":
        end = _visit_object(text, index, pending, offsets)
    elif pending and text[index] == "[":
        end = _visit_array(text, index, pending, offsets)
    else:
        end = _scan(text, index)[1]
    for below in pending.values():
        _note_all(below, index, offsets)
    return end


def _visit_object(text: str, index: int, pending: dict[Any, Any], offsets: dict[Path, int]) -> int:
    index = _space(text, index + 1).end()
    while text[index] != "}":
        key, index = _scan_string(text, index + 1)
        index = _colon(text, index).end()
        below = pending.pop(key, None)
        index = _visit(text, index, below, offsets) if below else _scan(text, index)[1]
        index = _comma(text, index).end()
    return index + 1


def _visit_array(text: str, index: int, pending: dict[Any, Any], offsets: dict[Path, int]) -> int:
    index = _space(text, index + 1).end()
    position = 0
    while text[index] != "]":
        below = pending.pop(position, None)
        index = _visit(text, index, below, offsets) if below else _scan(text, index)[1]
        index = _comma(text, index).end()
        position += 1
    return index + 1


def _note_all(node: dict[Any, Any], index: int, offsets: dict[Path, int]) -> None:
    for step, below in node.items():
        if step is _END:
            offsets[below] = index
        else:
            _note_all(below, index, offsets)
