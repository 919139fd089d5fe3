"""What the qualifiers of a template say: every spelling that is found in published templates.

A qualifier type is understood without regard to case, blanks, a repeated `SMT/` and, where values
are numbered, a number at its end. `CONSTRAINTS` are the ones that bind, `NO_CONSTRAINT` those that
are known and do not; docs/templates.md is made from both.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec.structs import replace

from nacre_aas.model import Qualifier
from nacre_aas.wording import shortened
from nacre_submodels import expressions
from nacre_submodels.template import Interval

#: Normalised qualifier type -> what it says.
CONSTRAINTS = {
    "cardinality": "how often an element may stand in its parent; without it any number, a variable of an operation once",
    "multiplicity": "the same as cardinality (an older name)",
    "eitheror": "a group of elements of which one is present, or none where all of them are optional",
    "allowedvalue": "one allowed value, several separated by `;` or `|`, or a regular expression (of several repetitions: for values up to 400 characters)",
    "allowedrange": "intervals of allowed numbers, such as `[0,100]` or `[0,10]|[20,30)`",
    "allowedidshort": "a pattern for the idShort of instances",
    "requiredlang": "a language that a text must be given in",
    "formchoices": "the choices that a form offers (another value is a warning)",
    "enumeration": "the choices that a form offers",
}
#: Known, and no demand on an instance.
NO_CONSTRAINT = {
    "examplevalue": "an example; left in an instance it is a warning",
    "example": "an example",
    "defaultvalue": "the value that holds where none is given",
    "initialvalue": "the value that a form begins with",
    "value": "an example",
    "presetidshort": "a proposal for the idShort",
    "editidshort": "whether an editor lets the idShort be changed",
    "editdescription": "whether an editor lets the description be changed",
    "naming": "advice on naming, in words",
    "constraint": "a condition in words, which no machine can judge",
    "select": "a condition on attributes of an interface description, in words",
    "accessmode": "whether a value may be read or written through an interface",
    "forminfo": "text of a form",
    "formtitle": "title in a form",
    "formtag": "mark of a form",
    "formurl": "link of a form",
    "note": "a remark",
    "comment": "a remark",
    "requiredatdql": "the data quality level from which a consumer asks for the element",
    "lifecyclequal": "the phase of life that the element belongs to",
    "loadstatus": "a condition of measurement",
    "datatype": "the data type in words",
    "predicaterelation": "how capabilities are compared",
    "predicaterelationtemplate": "how capabilities are compared",
    "relevance": "a remark",
    "required": "how capabilities are matched",
    "offered": "how capabilities are matched",
    "notassigned": "how capabilities are matched",
}

#: Every kind that is known.
ALL = CONSTRAINTS.keys() | NO_CONSTRAINT.keys()

_COUNTS = ("zero", "one", "two", "three", "four", "five")
_WORDS: dict[str, tuple[int, int | None]] = {
    **{word: (number, number) for number, word in enumerate(_COUNTS)},
    **{f"{word}tomany": (number, None) for number, word in enumerate(_COUNTS)},
    "zerotoone": (0, 1),
}
_NUMBERS = re.compile(
    r"\[?\s*([0-9]{1,9})\s*(?:(?:\.\.|,|-)\s*([0-9]{1,9}|\*|n|inf)\s*)?\]?", re.IGNORECASE
)
_INTERVAL = re.compile(
    r"(?P<left>[\[(\]])\s*(?P<low>[^,;]*?)\s*[,;]\s*(?P<high>[^,;]*?)\s*(?P<right>[\])\[])"
)
_COMPARISON = re.compile(r"(?P<sign><=|>=|<|>|≤|≥)\s*(?P<number>[-+.\deE]+)")


#: What the guideline puts before a type, `SMT/`, and what looks like it.
_PREFIX = re.compile(r"^(?:idta/)?(?:smt[/:.\\]?)+")


def kind(type_: str | None) -> str:
    """A qualifier type as the tables of this module spell it."""
    text = re.sub(r"[\s_-]", "", type_ or "").casefold()
    text = _PREFIX.sub("", text).partition("/")[0]
    bare = text.rstrip("0123456789")
    return bare if bare in CONSTRAINTS or bare in NO_CONSTRAINT else text


def is_proper(type_: str | None) -> bool:
    """Whether a type is spelled as the guideline for templates spells it."""
    return (type_ or "") in _PROPER or (kind(type_) == "allowedvalue" and "SMT/" in (type_ or ""))


_PROPER = frozenset(
    "SMT/" + word
    for word in (
        "Cardinality",
        "EitherOr",
        "AllowedValue",
        "AllowedRange",
        "AllowedIdShort",
        "RequiredLang",
        "ExampleValue",
        "DefaultValue",
        "InitialValue",
    )
)


def cardinality(text: str | None) -> tuple[int, int | None] | None:
    """Least and greatest number that a cardinality allows; `None` if it makes no sense."""
    plain = (text or "").strip()
    word = re.sub(r"[^a-z]", "", plain.casefold())
    if word in _WORDS:
        return _WORDS[word]
    match = _NUMBERS.fullmatch(plain)
    if match is not None:
        low, high = int(match[1]), match[2]
        most = low if high is None else int(high) if high.isdigit() else None
        return (low, most) if most is None or low <= most else None
    near = difflib.get_close_matches(word, _WORDS, 1, 0.85)
    return _WORDS[near[0]] if near else None


def is_proper_cardinality(text: str | None) -> bool:
    """Whether a cardinality is one of the four words that the guideline has."""
    return text in ("ZeroToOne", "One", "ZeroToMany", "OneToMany")


#: What a regular expression has and a value hardly: an anchor, a class, a repetition, an alternative in a group.
_EXPRESSION = re.compile(r"^\^|[\])][*+?{]|\.[*+]|\\[dDsSwW.]|\\[pP]\{|\([^()|]*\|[^()]*\)")


def allowed_values(text: str | None) -> tuple[str, ...] | None:
    """The allowed values of a list; `None` for a regular expression."""
    return None if _EXPRESSION.search(text or "") else values(text)


def value_pattern(text: str | None) -> str | None:
    """The regular expression that a value must keep to; `None` for a list, or if it makes no sense."""
    plain = (text or "").strip()
    return expressions.understood(plain) if _EXPRESSION.search(plain) else None


def values(text: str | None) -> tuple[str, ...]:
    """The values of a list that is separated by `;` or `|`."""
    return tuple(part.strip() for part in re.split(r"[;|]", text or "") if part.strip())


def languages(text: str | None) -> tuple[str, ...]:
    """The languages of a list, which no comma is part of."""
    return tuple(part for each in values(text) for part in re.split(r"[,\s]+", each) if part)


def interval(text: str | None) -> Interval | None:
    """Intervals such as `[0,100]`, `(0;inf)|[200,300]`, `>= 0` or `ZeroToInf`; `None` if one makes no sense."""
    return joined([_interval(each) for each in (text or "").split("|")])


def joined(intervals: Sequence[Interval | None]) -> Interval | None:
    """What is in one of several intervals; `None` if one is missing."""
    known = [each for each in intervals if each is not None]
    if not known or len(known) < len(intervals):
        return None
    first, *others = known
    return replace(first, others=(*first.others, *others))


def _interval(text: str) -> Interval | None:
    plain = text.strip()
    if re.sub(r"[^a-z]", "", plain.casefold()) == "zerotoinf":
        return Interval(Decimal(0), None)
    match = _COMPARISON.fullmatch(plain)
    try:
        if match is not None:
            number, included = Decimal(match["number"]), match["sign"] not in "<>"
            if match["sign"] in ("<", "<=", "≤"):
                return Interval(None, number, high_included=included)
            return Interval(number, None, low_included=included)
        match = _INTERVAL.fullmatch(plain.replace("..", ","))
        if match is None:
            return None
        low, high = _end(match["low"], "-"), _end(match["high"], "+")
    except InvalidOperation:
        return None
    if low is not None and high is not None and low > high:
        return None  # no number is in it
    return Interval(low, high, match["left"] == "[", match["right"] == "]")


#: How the end of an interval that is open is written; one without a sign is the upper one.
_OPEN = ("", "*", "n")
_INFINITE = ("inf", "infinity", "∞")


def _end(text: str, sign: str) -> Decimal | None:
    """The lower (`-`) or upper (`+`) end of an interval; `None` for one that is open."""
    word = text.strip().casefold()
    signed = word if sign == "+" and word[:1] != "+" else word[1:] if word[:1] == sign else None
    if word in _OPEN or signed in _INFINITE:
        return None
    found = Decimal(text.strip())
    if not found.is_finite():
        raise InvalidOperation
    return found


def id_short_pattern(text: str | None) -> str | None:
    r"""A regular expression for idShorts: `Time[\d{2,3}]`, `Document{00}`, `Document{0:00}`.

    In the notation of templates a backslash pattern in brackets stands for digits, not for a set.
    """
    plain = (text or "").strip()
    plain = re.sub(r"\[(\\d(?:\{[\d,]+\}|[+*])?)\]", r"\1", plain)
    plain = re.sub(r"['\"]?\{(?:0:)?(0+)\}['\"]?", lambda match: rf"\d{{{len(match[1])},}}", plain)
    plain = re.sub(r"__(0+)__", r"(?:__)?\\d+(?:__)?", plain)
    return None if not plain or " " in plain else expressions.understood(plain)


#: How the value of a qualifier is read, by its kind; `None` says that it makes no sense.
READERS: dict[str, Callable[[str | None], Any]] = {
    "allowedvalue": lambda text: value_pattern(text) or allowed_values(text) or None,
    "requiredlang": lambda text: languages(text) or None,
    "allowedrange": interval,
    "allowedidshort": id_short_pattern,
    "eitheror": lambda text: (text or "").strip() or None,
}


def unread(qualifiers: Iterable[Qualifier], owner: str) -> Iterator[str]:
    """What the qualifiers of an element say that makes no sense."""
    for each in qualifiers:
        found = kind(each.type)
        reader = cardinality if found in ("cardinality", "multiplicity") else READERS.get(found)
        if reader is not None and reader(each.value) is None:
            yield f"`{each.type}` `{shortened(each.value or '')}` of `{owner}`"


def of_kind(qualifiers: list[Qualifier] | None, *kinds: str) -> list[Qualifier]:
    """The qualifiers of some kinds, in their order."""
    return [each for each in qualifiers or () if kind(each.type) in kinds]
