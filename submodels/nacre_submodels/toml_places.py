"""Where in a TOML text a key or a value stands, also one behind a comment sign.

`tomllib` has read the text before, so that nothing here has to be refused: what is scanned is
known to be TOML. A value that a key assigns stands at its key, a member of an array where it begins.
"""

import contextlib
import dataclasses
import re
import tomllib
from collections.abc import Iterator
from typing import NamedTuple

#: Keys of tables and positions in arrays, from the top down.
TomlPath = tuple[str | int, ...]

_KEY = r"(?:[A-Za-z0-9_-]+|\"(?:[^\"\\]|\\.)*\"|'[^']*')"
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_ASSIGNMENT = re.compile(rf"(?P<lead>[ \t]*(?P<comment>#\s*)?)(?P<keys>{_KEYS})\s*=.*")
_TABLE = re.compile(
    rf"(?P<lead>\s*(?P<comment>#\s*)?)(?P<open>\[\[?)\s*(?P<keys>{_KEYS})\s*\]\]?\s*(?:#.*)?"
)
_TO_KEY_VALUE = re.compile(rf"(?P<keys>{_KEYS})\s*=")
#: Blanks, line ends, commas and comments: what may stand between two values.
_BETWEEN = re.compile(r"(?:[\s,]|#[^\n]*)*")
_SCALAR = re.compile(
    r'"""(?:[^\\]|\\.)*?"""+'
    r"|'''.*?'''+"
    r'|"(?:[^"\\]|\\.)*"'
    r"|'[^']*'"
    r"|[^,\]}#\n]+",
    re.DOTALL,
)


class Place(NamedTuple):
    """Where something stands: its offset in the text, and whether it is behind a comment sign."""

    offset: int
    is_comment: bool = False


class Assignment(NamedTuple):
    """A line that gives a key a value; its keys, and whether it is behind a comment sign."""

    keys: tuple[str, ...]
    is_comment: bool


def assignment(line: str) -> Assignment | None:
    """The assignment that a line is or begins, if it is one."""
    match = _ASSIGNMENT.fullmatch(line)
    return None if match is None else Assignment(_split(match["keys"]), bool(match["comment"]))


@dataclasses.dataclass(frozen=True)
class TomlText:
    """A well-formed TOML text: where its tables, keys and values stand, and its literals that are no texts.

    `literals` are numbers, times and truth values as they are written, with their offsets.
    """

    places: dict[TomlPath, Place]
    literals: list[tuple[int, str]]


def scan(text: str) -> TomlText:
    """Look through a well-formed TOML text; what stands in it comes before what is in its comments."""
    scanner = _Scanner(text)
    found: dict[TomlPath, Place] = {}
    for path, place in scanner.all():
        if not (place.is_comment and path in found):
            found[path] = place
    return TomlText(found, scanner.literals)


class _Scanner:
    """Goes through a text line by line, and through a value with all of its lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.literals: list[tuple[int, str]] = []
        #: How many members the arrays of tables have so far.
        self.counts: dict[tuple[str, ...], int] = {}

    def all(self) -> Iterator[tuple[TomlPath, Place]]:
        table: TomlPath = ()
        commented: TomlPath = ()
        while self.at < len(self.text):
            start = self.at
            end = self.text.find("\n", start)
            end = len(self.text) if end < 0 else end
            line = self.text[start:end].rstrip("\r")
            self.at = end + 1
            if (match := _TABLE.fullmatch(line)) is not None:
                commented = path = self._table(match)
                if not match["comment"]:
                    table = path
                yield path, Place(start + len(match["lead"]), bool(match["comment"]))
            elif (match := _ASSIGNMENT.fullmatch(line)) is not None:
                keys = _split(match["keys"])
                place = Place(start + len(match["lead"]), bool(match["comment"]))
                if place.is_comment:
                    yield (*commented, *keys), place
                else:
                    yield (*table, *keys), place
                    self.at = self.text.index("=", start + match.end("keys")) + 1
                    yield from self._inside((*table, *keys))
                    end = self.text.find("\n", self.at)
                    self.at = len(self.text) if end < 0 else end + 1

    def _table(self, match: re.Match[str]) -> TomlPath:
        """The path of a table whose head was read."""
        keys = _split(match["keys"])
        is_member = match["open"] == "[["
        if match["comment"]:
            return self._with_positions(keys, later=is_member)
        if is_member:
            self.counts[keys] = self.counts.get(keys, -1) + 1
            for below in [each for each in self.counts if each[: len(keys)] == keys != each]:
                del self.counts[below]  # another member begins to count anew
        return self._with_positions(keys)

    def _with_positions(self, keys: tuple[str, ...], *, later: bool = False) -> TomlPath:
        """A table's path with the positions that arrays of tables have on the way."""
        path: list[str | int] = []
        for depth, key in enumerate(keys, start=1):
            path.append(key)
            if keys[:depth] in self.counts and not (later and depth == len(keys)):
                path.append(self.counts[keys[:depth]])
        return tuple(path)

    def _inside(self, path: TomlPath) -> Iterator[tuple[TomlPath, Place]]:
        """Read the value that comes next, and tell the places of what is in it."""
        self._skip()
        opened = self.text[self.at : self.at + 1]
        if opened not in ("[", "{"):
            self._scalar(opened)
            return
        self.at += 1
        self._skip()
        position = 0
        while self.at < len(self.text) and self.text[self.at] not in "]}":
            start = self.at
            if opened == "[":
                below = (*path, position)
            else:
                match = _TO_KEY_VALUE.match(self.text, self.at)
                if match is None:
                    return
                below = (*path, *_split(match["keys"]))
                self.at = match.end()
            yield below, Place(start)
            yield from self._inside(below)
            self._skip()
            position += 1
        self.at += 1

    def _scalar(self, first: str) -> None:
        match = _SCALAR.match(self.text, self.at)
        if match is not None and first not in ("'", '"'):
            self.literals.append((self.at, match[0].strip()))
        self.at = match.end() if match else len(self.text)

    def _skip(self) -> None:
        match = _BETWEEN.match(self.text, self.at)
        self.at = match.end() if match else self.at


def _split(keys: str) -> tuple[str, ...]:
    return tuple(map(_plain, re.findall(_KEY, keys)))


def _plain(key: str) -> str:
    """A key as its reader has it; one in a comment need not be any."""
    if "\\" in key:
        with contextlib.suppress(tomllib.TOMLDecodeError):
            return next(iter(tomllib.loads(f"{key} = 0")))
    return key[1:-1] if key[:1] in ("'", '"') else key
