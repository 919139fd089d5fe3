"""Findings: what is wrong inside an input that could be read. They are values, not exceptions."""

import enum

import msgspec


class Severity(enum.StrEnum):
    """How much a finding weighs: only an `error` makes a document non-conformant."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for a note, 1 for a warning, 2 for an error."""
        return ("note", "warning", "error").index(self.value)


class Location(msgspec.Struct, frozen=True):
    """Where a finding stands; what is not known is `None` and never invented.

    `pointer` is an RFC 6901 JSON pointer, `xpath` an XPath, `line` and `column` count from 1 and
    refer to `part` if the file is a package. `element` holds the idShorts (or ids) from the
    identifiable down.
    """

    file: str = ""
    part: str | None = None
    pointer: str | None = None
    xpath: str | None = None
    line: int | None = None
    column: int | None = None
    element: tuple[str, ...] = ()
    semantic_id: str | None = None


class Fix(msgspec.Struct, frozen=True):
    """A repair that `nacre validate --fix` can make; an unsafe one may change the meaning."""

    description: str
    safe: bool


class Finding(msgspec.Struct, frozen=True):
    """One statement about an input, with where it is and what to do."""

    code: str
    severity: Severity
    message: str
    location: Location = Location()
    hint: str | None = None
    spec: str | None = None
    fix: Fix | None = None
    #: A piece of the line to show, and the column in it.
    source_line: str | None = None
    source_column: int | None = None
