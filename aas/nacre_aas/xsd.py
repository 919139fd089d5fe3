"""Lexical and value space of the XML Schema 1.0 types that `DataTypeDefXsd` names.

`problem(text, value_type)` says in words why a literal is not one of its type, or `None`.
Sources: W3C XML Schema Part 2 (second edition) §3.2 and §3.3; IDTA-01001 §5.3.11.
"""

import calendar
import contextlib
import datetime as dt
import math
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from nacre_aas.uri import is_any_uri

_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_YEAR = r"(-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_NO_YEAR_ZERO = "(?!-?0000)"
_MONTH = r"(0[1-9]|1[0-2])"
_DAY = r"(0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_TIME_OF_DURATION = (
    r"T(?:[0-9]+H(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?"
    r"|[0-9]+M(?:[0-9]+(?:\.[0-9]+)?S)?|[0-9]+(?:\.[0-9]+)?S)"
)
_DATE_OF_DURATION = r"(?:[0-9]+Y(?:[0-9]+M)?(?:[0-9]+D)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)"

_DURATION = re.compile(rf"-?P(?:{_DATE_OF_DURATION}(?:{_TIME_OF_DURATION})?|{_TIME_OF_DURATION})")
_DATE = re.compile(rf"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}")
_DATE_TIME = re.compile(rf"{_YEAR}-{_MONTH}-{_DAY}T{_CLOCK}{_ZONE}")
_DATE_TIME_UTC = re.compile(rf"{_YEAR}-{_MONTH}-{_DAY}T{_CLOCK}(?:Z|\+00:00|-00:00)")
_MONTH_DAY = re.compile(rf"--{_MONTH}-{_DAY}{_ZONE}")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|-?INF|NaN")

#: A fraction of a second below the microseconds of `datetime`.
_FINER_THAN_PYTHON = re.compile(r"\.[0-9]{6}[0-9]*[1-9]")
_LARGEST_FLOAT = 3.4028235677973366e38  # half a unit above the largest single-precision number
_NO_XML_CHARACTER = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _matches(pattern: str, expected: str) -> Callable[[str], str | None]:
    compiled = re.compile(pattern)

    def check(text: str) -> str | None:
        return None if compiled.fullmatch(text) else expected

    return check


def _with_calendar(pattern: re.Pattern[str], expected: str) -> Callable[[str], str | None]:
    def check(text: str) -> str | None:
        match = pattern.fullmatch(text)
        if match is None:
            return expected
        year, month, day = match[1], int(match[2]), int(match[3])
        if year.lstrip("-") == "0000":
            return "there is no year 0000"
        # The calendar repeats itself every 400 years, so four digits tell how long a month is. Before
        # the common era the leap years are 1, 5, 9, ... (proleptic Gregorian calendar).
        leap = calendar.isleap(int(year[-4:]) - (year[0] == "-"))
        length = 29 if month == 2 and leap else calendar.monthrange(2001, month)[1]
        return None if day <= length else f"month {month} of that year has only {length} days"

    return check


def _month_day(text: str) -> str | None:
    match = _MONTH_DAY.fullmatch(text)
    if match is None:
        return "expected `--MM-DD` with an optional time zone"
    length = calendar.monthrange(2000, int(match[1]))[1]
    return None if int(match[2]) <= length else f"that month has only {length} days"


def _integer(low: int | None, high: int | None) -> Callable[[str], str | None]:
    def check(text: str) -> str | None:
        if _INTEGER.fullmatch(text) is None:
            return "expected an integer: an optional sign and digits"
        digits = text.lstrip("+-").lstrip("0") or "0"
        is_negative = text[0] == "-"
        if len(digits) > 4000:  # Python refuses to convert longer ones; compare by sign alone
            outside = low is not None if is_negative else high is not None
            return "it is outside the range of the type" if outside else None
        number = -int(digits) if is_negative else int(digits)
        if low is not None and number < low:
            return f"the smallest value is {low}"
        if high is not None and number > high:
            return f"the largest value is {high}"
        return None

    return check


def _floating(largest: float) -> Callable[[str], str | None]:
    def check(text: str) -> str | None:
        if _DOUBLE.fullmatch(text) is None:
            return "expected a number such as `1.5E3`, `INF`, `-INF` or `NaN`"
        if text.lstrip("-") in ("INF", "NaN"):
            return None
        number = abs(float(text))
        return "it is too large for the type" if math.isinf(number) or number >= largest else None

    return check


def _base64(text: str) -> str | None:
    compact = re.sub(r"[ \t\r\n]", "", text)
    valid = len(compact) % 4 == 0 and re.fullmatch(
        r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?",
        compact,
    )
    if valid and text == text.strip():  # blanks stand between characters only
        return None
    return "expected Base64: groups of four of A-Z, a-z, 0-9, + and /"


def _string(text: str) -> str | None:
    return "it holds a character that XML forbids" if _NO_XML_CHARACTER.search(text) else None


def _any_uri(text: str) -> str | None:
    return None if is_any_uri(text) else "expected a URI reference (RFC 2396)"


_CHECKS: dict[str, Callable[[str], str | None]] = {
    "xs:anyURI": _any_uri,
    "xs:base64Binary": _base64,
    "xs:boolean": _matches("true|false|1|0", "expected `true`, `false`, `1` or `0`"),
    "xs:byte": _integer(-(2**7), 2**7 - 1),
    "xs:date": _with_calendar(_DATE, "expected `YYYY-MM-DD` with an optional time zone"),
    "xs:dateTime": _with_calendar(
        _DATE_TIME, "expected `YYYY-MM-DDThh:mm:ss` with an optional time zone"
    ),
    "xs:decimal": _matches(
        r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", "expected digits with an optional decimal point"
    ),
    "xs:double": _floating(math.inf),
    "xs:duration": _matches(_DURATION.pattern, "expected a duration such as `P1Y2M` or `PT1H30M`"),
    "xs:float": _floating(_LARGEST_FLOAT),
    "xs:gDay": _matches(rf"---{_DAY}{_ZONE}", "expected `---DD` with an optional time zone"),
    "xs:gMonth": _matches(rf"--{_MONTH}{_ZONE}", "expected `--MM` with an optional time zone"),
    "xs:gMonthDay": _month_day,
    "xs:gYear": _matches(
        rf"{_NO_YEAR_ZERO}{_YEAR}{_ZONE}", "expected `YYYY`, not 0000, with an optional time zone"
    ),
    "xs:gYearMonth": _matches(
        rf"{_NO_YEAR_ZERO}{_YEAR}-{_MONTH}{_ZONE}",
        "expected `YYYY-MM`, not year 0000, with an optional time zone",
    ),
    "xs:hexBinary": _matches("(?:[0-9a-fA-F]{2})*", "expected pairs of hexadecimal digits"),
    "xs:int": _integer(-(2**31), 2**31 - 1),
    "xs:integer": _integer(None, None),
    "xs:long": _integer(-(2**63), 2**63 - 1),
    "xs:negativeInteger": _integer(None, -1),
    "xs:nonNegativeInteger": _integer(0, None),
    "xs:nonPositiveInteger": _integer(None, 0),
    "xs:positiveInteger": _integer(1, None),
    "xs:short": _integer(-(2**15), 2**15 - 1),
    "xs:string": _string,
    "xs:time": _matches(rf"{_CLOCK}{_ZONE}", "expected `hh:mm:ss` with an optional time zone"),
    "xs:unsignedByte": _integer(0, 2**8 - 1),
    "xs:unsignedInt": _integer(0, 2**32 - 1),
    "xs:unsignedLong": _integer(0, 2**64 - 1),
    "xs:unsignedShort": _integer(0, 2**16 - 1),
}

_date_time_utc = _with_calendar(_DATE_TIME_UTC, "expected `YYYY-MM-DDThh:mm:ssZ`, time zone UTC")

#: Types whose values are numbers and can be compared with each other.
NUMERIC = frozenset(
    name for name in _CHECKS if name.lower().endswith(("integer", "int", "short", "long", "byte"))
) | {"xs:decimal", "xs:double", "xs:float"}


def problem(text: str, value_type: str) -> str | None:
    """Say why `text` is not a literal of `value_type` (such as `xs:int`), or `None` if it is."""
    return _CHECKS[value_type](text)


def date_time_utc_problem(text: str) -> str | None:
    """Say why `text` is not a `DateTimeUtc` (IDTA-01001 §5.3.11), or `None` if it is."""
    return _date_time_utc(text)


def base64_problem(text: str) -> str | None:
    """Say why `text` is not Base64, or `None` if it is."""
    return _base64(text)


def duration_problem(text: str) -> str | None:
    """Say why `text` is not a duration, or `None` if it is."""
    return _CHECKS["xs:duration"](text)


def ordered(low: str, high: str, value_type: str) -> bool:
    """Whether `low` is not greater than `high`; true where the type has no total order."""
    if value_type in NUMERIC:
        if "NaN" in (low, high):
            return True
        return _number(low) <= _number(high)
    if value_type in _PYTHON:
        one, other = value_of(low, value_type), value_of(high, value_type)
        if isinstance(one, dt.datetime) and isinstance(other, dt.datetime):
            return (one.tzinfo is None) != (other.tzinfo is None) or one <= other
        return True
    if value_type == "xs:duration":
        (months, seconds), (most, longest) = extent(low), extent(high)
        return months < most or seconds < longest or (months, seconds) == (most, longest)
    if value_type in ("xs:gYear", "xs:gYearMonth"):
        years = _year(low), _year(high)
        return years[0] is None or years[1] is None or years[0] <= years[1]
    return True


def extent(text: str) -> tuple[int, Decimal]:
    """The months and the seconds of a duration, of which neither can be said in the other."""
    date, _, time = text.lstrip("-").partition("T")
    found = {letter: Decimal(n) for n, letter in re.findall(r"([0-9]+)([YMD])", date)}
    clock = {letter: Decimal(n) for n, letter in re.findall(r"([0-9.]+)([HMS])", time)}
    sign = -1 if text.startswith("-") else 1
    none = Decimal()
    months = 12 * found.get("Y", none) + found.get("M", none)
    minutes = 1440 * found.get("D", none) + 60 * clock.get("H", none) + clock.get("M", none)
    return sign * int(months), sign * (60 * minutes + clock.get("S", none))


def _year(text: str) -> tuple[int, int] | None:
    """Year and month of a `gYear` or `gYearMonth` without a zone, as far as Python has the number."""
    match = re.fullmatch(r"(-?[0-9]{4,4000})(?:-([0-9]{2}))?", text)
    return (int(match[1]), int(match[2] or 0)) if match is not None else None


def _number(text: str) -> Decimal | float:
    """A literal as a number; a double where the exponent is beyond what a decimal can have."""
    plain = text.replace("INF", "Infinity")
    try:
        return Decimal(plain)
    except InvalidOperation:
        return float(plain)


def value_of(text: str, value_type: str) -> object:
    """What a literal means: equal for literals of one value, as far as Python has it; else the text."""
    check = _CHECKS.get(value_type)
    if check is None or check(text) is not None or text == "NaN":
        return text
    if value_type == "xs:boolean":
        return {"1": "true", "0": "false"}.get(text, text)
    if value_type == "xs:hexBinary":
        return text.upper()
    if value_type == "xs:base64Binary":
        return re.sub(r"\s", "", text)
    if value_type == "xs:duration":
        return extent(text)
    if value_type in NUMERIC:
        return _number(text)
    if value_type in _PYTHON and _FINER_THAN_PYTHON.search(text) is None:
        # Beyond the years 1 to 9999 there is only the text.
        with contextlib.suppress(ValueError, OverflowError):
            moment = _PYTHON[value_type](text.replace("Z", "+00:00"))
            return moment.astimezone(dt.UTC) if moment.tzinfo else moment
    return text


def surely_before(first: str, second: str) -> bool:
    """Whether one date or time lies before another, whatever the time zone of one without a zone.

    A date is all of its day. What is neither a date nor a time lies before nothing.

    >>> surely_before("2024-05-01T11:30:00+02:00", "2024-05-01T10:00:00Z")
    True
    >>> surely_before("2024-05-01", "2024-05-01T10:00:00")
    False
    """
    one, other = _span(first), _span(second)
    if one is None or other is None:
        return False
    margin = dt.timedelta() if one.has_zone == other.has_zone else dt.timedelta(hours=14)
    return one.end <= other.start - margin


class _Span(NamedTuple):
    """From when to when something is, without its end: a day, or a microsecond."""

    start: dt.datetime
    end: dt.datetime
    has_zone: bool


def _span(text: str) -> _Span | None:
    """When a date or a time is, in UTC if it has a zone."""
    is_date = _DATE.fullmatch(text) is not None
    if not is_date and _DATE_TIME.fullmatch(text) is None:
        return None
    try:
        found = _PYTHON["xs:date" if is_date else "xs:dateTime"](text.replace("Z", "+00:00"))
        start = found.astimezone(dt.UTC).replace(tzinfo=None) if found.tzinfo else found
        end = start + (dt.timedelta(days=1) if is_date else dt.timedelta(microseconds=1))
    except (ValueError, OverflowError):  # beyond the years 1 to 9999
        return None
    return _Span(start, end, found.tzinfo is not None)


def _date_in_zone(text: str) -> dt.datetime:
    """A date as its first moment."""
    return dt.datetime.fromisoformat(f"{text[:10]}T00:00:00{text[10:]}")


def _date_time(text: str) -> dt.datetime:
    """A date and time; the end of a day, 24:00:00, is the beginning of the next (XSD 1.1 part 2 §3.3.7)."""
    at_end = re.sub("T24:00:00(?:[.]0+)?", "T00:00:00", text)
    return dt.datetime.fromisoformat(at_end) + dt.timedelta(days=at_end != text)


_PYTHON: dict[str, Callable[[str], dt.datetime]] = {
    "xs:dateTime": _date_time,
    "xs:date": _date_in_zone,
    "xs:time": lambda text: dt.datetime.fromisoformat(
        f"2000-01-01T{re.sub('^24:00:00(?:[.]0+)?', '00:00:00', text)}"
    ),
}
