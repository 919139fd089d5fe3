"""Literals as values: whether they are well-formed, and how they compare (SPARQL 1.1 §17.3)."""

import datetime as dt
import functools
import math
import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Self

from nacre_aas import xsd
from nacre_ontologies.shacl.graph import STRING, literal
from nacre_ontologies.terms import XSD

_INTEGERS = [
    "byte",
    "int",
    "integer",
    "long",
    "negativeInteger",
    "nonNegativeInteger",
    "nonPositiveInteger",
    "positiveInteger",
    "short",
    "unsignedByte",
    "unsignedInt",
    "unsignedLong",
    "unsignedShort",
]
_NUMERIC = {XSD + name for name in (*_INTEGERS, "decimal", "double", "float")}
_CHECKED = {
    XSD + name: f"xs:{name}"
    for name in (
        *_INTEGERS,
        *("decimal", "double", "float", "boolean", "date", "dateTime", "time", "duration"),
        *("gDay", "gMonth", "gMonthDay", "gYear", "gYearMonth", "hexBinary", "base64Binary"),
    )
}
_DATE_TIME = re.compile(
    r"(-?\d{4,})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?"
)


@functools.lru_cache(65536)
def has_datatype(term: str, datatype: str) -> bool:
    """Whether a term is a well-formed literal of a datatype (SHACL §4.1.2)."""
    text, found, _ = literal(term)
    if found != datatype:
        return False
    name = _CHECKED.get(datatype)
    return name is None or xsd.problem(text.strip(" \t\n\r"), name) is None


#: Types of points on a line, and of durations that have an order.
_ON_A_LINE = frozenset(XSD + name for name in ("dateTime", "date", "time"))
_DAYS = XSD + "dayTimeDuration"
_DURATIONS = frozenset((_DAYS, XSD + "yearMonthDuration"))
#: Characters from which no order of times is looked for: Python reads no years of so many digits.
_LONGEST_TIME = 400
#: Kind of value, and what values of that kind are compared by.
_Value = tuple[str, Any]


@functools.lru_cache(65536)
def _value(term: str) -> _Value | None:
    """What a literal is compared by; `None` for what has no order."""
    if term[:1] != '"':
        return None
    text, datatype, _ = literal(term)
    if datatype in _CHECKED and not has_datatype(term, datatype):
        return None
    if datatype in _NUMERIC:
        return "number", _number(text.strip())
    if datatype == STRING:
        return "string", text
    if datatype == XSD + "boolean":
        return "boolean", text.strip() in ("true", "1")
    if datatype in _ON_A_LINE and len(text) < _LONGEST_TIME:
        return datatype, _instant(text.strip())
    if datatype in _DURATIONS and len(text) < _LONGEST_TIME:
        return _duration(text.strip(), datatype)
    return None


def _duration(text: str, datatype: str) -> _Value | None:
    """A duration of days and times, or of years and months; one of both has no order."""
    if xsd.problem(text, "xs:duration") is not None:
        return None
    months, seconds = xsd.extent(text)
    own, other = (seconds, months) if datatype == _DAYS else (months, seconds)
    return (datatype, Fraction(own)) if not other else None


def _number(text: str) -> Fraction | float:
    if text.lstrip("+-").upper() in ("INF", "NAN"):
        return float(text.replace("INF", "inf").replace("NaN", "nan"))
    try:
        return Fraction(Decimal(text)) if len(text) < 400 else float(text)
    except (InvalidOperation, OverflowError):
        return float(text)


def _instant(text: str) -> tuple[Fraction, bool]:
    """Seconds on the time line, and whether a time zone fixes them there; a time is one of any day."""
    if text[2:3] == ":":
        text = "2000-01-01T" + re.sub("^24", "00", text)
    match = _DATE_TIME.fullmatch(text)
    assert match is not None
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    days = dt.date(2000 + year % 400, month, day).toordinal() + (year - year % 400) // 400 * 146097
    seconds = Fraction(days * 86400)
    if match[4] is not None:
        seconds += int(match[4]) * 3600 + int(match[5]) * 60 + int(match[6])
        seconds += Fraction(f"0.{match[7] or 0}")
    zone = match[8]
    if zone is not None and zone != "Z":
        offset = int(zone[1:3]) * 3600 + int(zone[4:6]) * 60
        seconds -= offset if zone[0] == "+" else -offset
    return seconds, zone is not None


#: The farthest that a time zone can move a time without one (XML Schema 1.1 Part 2 §D.2.1).
_DAY = 14 * 3600


def compare(left: str, right: str) -> int | None:
    """-1, 0 or 1; `None` if the two have no order: different kinds, or a time zone is missing."""
    first, second = _value(left), _value(right)
    if first is None or second is None or first[0] != second[0]:
        return None
    a, b = first[1], second[1]
    if isinstance(a, tuple):
        if a[1] != b[1]:
            distance = a[0] - b[0]
            return None if abs(distance) <= _DAY else (1 if distance > 0 else -1)
        a, b = a[0], b[0]
    if any(isinstance(each, float) and math.isnan(each) for each in (a, b)):
        return None
    return int(a > b) - int(a < b)


def language_matches(language: str, range_: str) -> bool:
    """Basic filtering of language tags (RFC 4647 §3.3.1)."""
    tag, wanted = language.lower(), range_.lower()
    return bool(tag) and (wanted in ("*", tag) or tag.startswith(wanted + "-"))


# -- messages --------------------------------------------------------------------------------------


class Message(str):
    """A text for people, which may have a language."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str = "") -> Self:
        """A text in a language; the empty language is none."""
        made = super().__new__(cls, text)
        made.language = language
        return made


def language_of(message: str) -> str:
    """The language of a message; empty for one that names none."""
    return message.language if isinstance(message, Message) else ""


def in_one_language(messages: tuple[str, ...]) -> list[str]:
    """Of messages in several languages the English ones and those of no language; else the first's."""
    languages = [*map(language_of, messages)]
    for wanted in ("en", languages[0] if languages else ""):
        kept = [
            each
            for each, language in zip(messages, languages, strict=True)
            if not language or language_matches(language, wanted)
        ]
        if kept:
            return kept
    return list(messages)
