"""The constraint components of SHACL Core (SHACL §4), each over a whole set of nodes at once.

A component is made from its parameters in the shapes graph and gives its violations among focus
nodes. Most judge value nodes one by one: those say which of a set of values are bad, whoever has
them. `COMPONENTS` finds a component by its parameter.
"""

import functools
import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from collections.abc import (
    Set as AbstractSet,
)
from typing import TYPE_CHECKING, ClassVar, NamedTuple, TypeVar

from nacre_ontologies.shacl import literals, paths
from nacre_ontologies.shacl.graph import is_blank, is_literal, lexical, literal
from nacre_ontologies.shacl.paths import Path, Predicate
from nacre_ontologies.terms import SH, STRUCTURE, TYPE, XSD

if TYPE_CHECKING:
    from nacre_ontologies.shacl.engine import Run
    from nacre_ontologies.shacl.shapes import Builder, Shape


class Violation(NamedTuple):
    """A focus node that breaks a constraint; the value that does, and its path if that is another."""

    focus: str
    value: str | None = None
    path: Path | None = None


class Component(ABC):
    """A constraint of one shape."""

    #: Name of the component in the SHACL vocabulary, without `ConstraintComponent`.
    name: ClassVar[str]
    #: What is said of a violation if the shape has no words of its own.
    words: ClassVar[str] = ""
    #: Whether it finds the few nodes that conform without looking at the others: it goes first.
    selects: ClassVar[bool] = False

    @property
    def iri(self) -> str:
        """What `sh:sourceConstraintComponent` says."""
        return f"{SH}{self.name}ConstraintComponent"

    @property
    def message(self) -> str:
        """The words, with the parameters where they help."""
        return self.words

    @abstractmethod
    def violations(
        self, run: "Run", shape: "Shape", focus: AbstractSet[str]
    ) -> Iterable[Violation]:
        """The violations among focus nodes."""

    def failing(self, run: "Run", shape: "Shape", focus: AbstractSet[str]) -> set[str]:
        """The focus nodes that have violations."""
        return {violation.focus for violation in self.violations(run, shape, focus)}

    def conforming(self, run: "Run", shape: "Shape", focus: AbstractSet[str]) -> AbstractSet[str]:
        """The focus nodes that have no violations."""
        return focus - self.failing(run, shape, focus)


class ValueComponent(Component):
    """A constraint on each value node by itself."""

    def failing(self, run: "Run", shape: "Shape", focus: AbstractSet[str]) -> set[str]:
        """The focus nodes that have bad values."""
        if shape.path is None:
            return set(self.bad(run, focus))
        return super().failing(run, shape, focus)

    def violations(
        self, run: "Run", shape: "Shape", focus: AbstractSet[str]
    ) -> Iterator[Violation]:
        """The pairs of focus node and bad value."""
        if shape.path is None:
            yield from (Violation(node, node) for node in self.bad(run, focus))
            return
        column = None
        if isinstance(shape.path, Predicate):
            column = run.graph.column(shape.path.iri)
            if 2 * len(focus) >= len(column.single):
                bad = self.bad(run, column.objects)
                if bad:
                    for node, value in column.pairs():
                        if value in bad and node in focus:
                            yield Violation(node, value)
                return
        found = run.values(shape.path, focus)
        bad = self.bad(run, {value for values in found.values() for value in values})
        if bad:
            for node, values in found.items():
                yield from (Violation(node, value) for value in values if value in bad)

    @abstractmethod
    def bad(self, run: "Run", values: AbstractSet[str]) -> Collection[str]:
        """Those among values that break the constraint."""


Make = Callable[["Builder", str, Sequence[str]], Sequence[Component]]
#: What makes the components of a shape node from the values of a parameter.
COMPONENTS: dict[str, Make] = {}
#: Parameters that say more about another one.
SECONDARY: set[str] = {SH + "flags"}

C = TypeVar("C", bound=type[Component])


def _each(parameter: str) -> Callable[[C], C]:
    """One component for each value of a parameter."""

    def register(kind: C) -> C:
        def make(builder: "Builder", node: str, values: Sequence[str]) -> list[Component]:
            return [kind(builder, node, value) for value in values]  # type: ignore[call-arg]

        COMPONENTS[parameter if ":" in parameter else SH + parameter] = make
        return kind

    return register


# -- value types (§4.1) ----------------------------------------------------------------------------


@_each("class")
class Class(ValueComponent):
    """`sh:class`."""

    name = "Class"

    def __init__(self, builder: "Builder", node: str, value: str) -> None:
        self.class_ = builder.iri(node, "class", value)

    @property
    def message(self) -> str:
        """The class that is asked for."""
        return f"the value is no {_short(self.class_)}"

    def bad(self, run: "Run", values: AbstractSet[str]) -> AbstractSet[str]:
        """Those that are no instances."""
        return values - run.graph.instances(self.class_)

    def conforming(self, run: "Run", shape: "Shape", focus: AbstractSet[str]) -> AbstractSet[str]:
        """Those that are instances."""
        if shape.path is not None:
            return super().conforming(run, shape, focus)
        return focus & run.graph.instances(self.class_)


@_each("datatype")
class Datatype(ValueComponent):
    """`sh:datatype`."""

    name = "Datatype"

    def __init__(self, builder: "Builder", node: str, value: str) -> None:
        self.datatype = builder.iri(node, "datatype", value)
        #: A string without language is written without a datatype, and cannot be ill-formed.
        self.is_string = self.datatype == XSD + "string"

    @property
    def message(self) -> str:
        """The datatype that is asked for."""
        return f"the value is no literal of {_short(self.datatype)}"

    def bad(self, run: "Run", values: AbstractSet[str]) -> list[str]:
        """Those that are no well-formed literals of the datatype."""
        if self.is_string:
            return [each for each in values if each[0] != '"' or each[-1] != '"']
        return [
            each
            for each in values
            if each[0] != '"' or not literals.has_datatype(each, self.datatype)
        ]


_KINDS: dict[str, tuple[bool, bool, bool]] = {  # blank node, IRI, literal
    "BlankNode": (True, False, False),
    "IRI": (False, True, False),
    "Literal": (False, False, True),
    "BlankNodeOrIRI": (True, True, False),
    "BlankNodeOrLiteral": (True, False, True),
    "IRIOrLiteral": (False, True, True),
}


@_each("nodeKind")
class NodeKind(ValueComponent):
    """`sh:nodeKind`."""

    name = "NodeKind"

    def __init__(self, builder: "Builder", node: str, value: str) -> None:
        kind = value.removeprefix(SH)
        if kind not in _KINDS:
            raise builder.mistake(node, f"sh:nodeKind is {value}")
        self.kind, (self.blank, self.iris, self.literals) = kind, _KINDS[kind]

    @property
    def message(self) -> str:
        """The kind that is asked for."""
        return f"the value is no {self.kind}"

    def bad(self, run: "Run", values: AbstractSet[str]) -> list[str]:
        """Those of another kind."""
        return [
            each
            for each in values
            if not (
                self.literals if is_literal(each) else self.blank if is_blank(each) else self.iris
            )
        ]


# -- cardinality (§4.2) ----------------------------------------------------------------------------


def _counts(run: "Run", shape: "Shape", focus: AbstractSet[str]) -> Iterator[tuple[str, int]]:
    assert shape.path is not None
    found: Mapping[str, Iterable[str]] = run.values(shape.path, focus)
    for node in focus:
        values = found.get(node, ())
        yield node, sum(1 for _ in values)


@_each("minCount")
class MinCount(Component):
    """`sh:minCount`."""

    name = "MinCount"

    def __init__(self, builder: "Builder", node: str, value: str) -> None:
        self.count = builder.integer(node, "minCount", value)
        builder.needs_path(node, "sh:minCount")

    @property
    def message(self) -> str:
        """How many are asked for."""
        return f"there are fewer than {self.count} values"

    def violations(
        self, run: "Run", shape: "Shape", focus: AbstractSet[str]
    ) -> Iterator[Violation]:
        """Focus nodes with too few values."""
        if self.count <= 0:
            return
        if isinstance(shape.path, Predicate) and self.count == 1:
            single = run.graph.column(shape.path.iri).single
            yield from (Violation(node) for node in focus if node not in single)
            return
        yield from (Violation(n) for n, count in _counts(run, shape, focus) if count < self.count)


@_each("maxCount")
class MaxCount(Component):
    """`sh:maxCount`."""

    name = "MaxCount"

    def __init__(self, builder: "Builder", node: str, value: str) -> None:
        self.count = builder.integer(node, "maxCount", value)
        builder.needs_path(node, "sh:maxCount")

    @property
    def message(self) -> str:
        """How many are allowed."""
        return f"there are more than {self.count} values"

    def violations(
        self, run: "Run", shape: "Shape", focus: AbstractSet[str]
    ) -> Iterator[Violation]:
        """Focus nodes with too many values."""
        if isinstance(shape.path, Predicate) and self.count > 0:
            multiple = run.graph.column(shape.path.iri).multiple
            for node in focus & multiple.keys() if multiple else ():
                if len(multiple[node]) > self.count:
                    yield Violation(node)
            return
        yield from (Violation(n) for n, count in _counts(run, shape, focus) if count > self.count)


# -- value ranges (§4.3) ---------------------------------------------------------------------------


class _Bound(ValueComponent):
    """A bound; `good` are the outcomes of comparing a value with it that are allowed."""

    good: ClassVar[tuple[int, ...]]
    order: ClassVar[str]

    def __init__(self, builder: "Builder", node: str, value: str) -> None:
        if not is_literal(value):
            raise builder.mistake(node, f"sh:{self.name[0].lower()}{self.name[1:]} is no literal")
        self.bound = value

    @property
    def message(self) -> str:
        """The bound."""
        return f"the value is not {self.order} {lexical(self.bound)}"

    def bad(self, run: "Run", values: AbstractSet[str]) -> list[str]:
        """Those outside, and those that cannot be compared."""
        return [each for each in values if literals.compare(each, self.bound) not in self.good]


@_each("minExclusive")
class MinExclusive(_Bound):
    """`sh:minExclusive`."""

    name, good, order = "MinExclusive", (1,), "more than"


@_each("minInclusive")
class MinInclusive(_Bound):
    """`sh:minInclusive`."""

    name, good, order = "MinInclusive", (0, 1), "at least"


@_each("maxExclusive")
class MaxExclusive(_Bound):
    """`sh:maxExclusive`."""

    name, good, order = "MaxExclusive", (-1,), "less than"


@_each("maxInclusive")
class MaxInclusive(_Bound):
    """`sh:maxInclusive`."""

    name, good, order = "MaxInclusive", (-1, 0), "at most"


# -- strings (§4.4) --------------------------------------------------------------------------------


@_each("minLength")
class MinLength(ValueComponent):
    """`sh:minLength`."""

    name = "MinLength"

    def __init__(self, builder: "Builder", node: str, value: str) -> None:
        self.length = builder.integer(node, "minLength", value)

    @property
    def message(self) -> str:
        """The length that is asked for."""
        return f"the value is shorter than {self.length} characters"

    def bad(self, run: "Run", values: AbstractSet[str]) -> list[str]:
        """Those that are shorter, and blank nodes."""
        short = self.length + 2  # a term of this length holds at least as much beside its quotes
        return [
            each
            for each in values
            if (len(each) < short or "\\" in each or each[:1] != '"' or each[-1] != '"')
            and _length(each, -1) < self.length
        ]


@_each("maxLength")
class MaxLength(ValueComponent):
    """`sh:maxLength`."""

    name = "MaxLength"

    def __init__(self, builder: "Builder", node: str, value: str) -> None:
        self.length = builder.integer(node, "maxLength", value)

    @property
    def message(self) -> str:
        """The length that is allowed."""
        return f"the value is longer than {self.length} characters"

    def bad(self, run: "Run", values: AbstractSet[str]) -> list[str]:
        """Those that are longer, and blank nodes."""
        return [
            each
            for each in values
            if (len(each) > self.length or each[:2] == "_:")
            and _length(each, self.length + 1) > self.length
        ]


def _length(term: str, of_blank: int) -> int:
    text = lexical(term)
    return of_blank if text is None else len(text)


class Pattern(ValueComponent):
    """`sh:pattern`, with `sh:flags`."""

    name = "Pattern"

    def __init__(self, pattern: str, matches: Callable[[str], object]) -> None:
        self.pattern = pattern
        self.matches = matches

    @property
    def message(self) -> str:
        """The pattern."""
        return f"the value does not match {self.pattern}"

    def bad(self, run: "Run", values: AbstractSet[str]) -> list[str]:
        """Those that do not match, and blank nodes."""
        matches = self.matches
        found = []
        for each in values:
            plain = each[0] == '"' == each[-1] and "\\" not in each
            text = each[1:-1] if plain else lexical(each)
            if text is None or not matches(text):
                found.append(each)
        return found


def _patterns(builder: "Builder", node: str, values: Sequence[str]) -> list[Component]:
    flags = "".join(builder.strings(node, "flags"))
    return [
        Pattern(text, regular_expression(builder, node, text, flags))
        for text in (builder.string(node, "pattern", value) for value in values)
    ]


COMPONENTS[SH + "pattern"] = _patterns

_FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.NOFLAG}


def regular_expression(
    builder: "Builder", node: str, pattern: str, flags: str
) -> Callable[[str], object]:
    """The function that finds a pattern of XPath (XQuery Functions §5.6.1) in a text.

    Raises:
        ShapesError: it is no regular expression.
        UnsupportedShapesError: it says what Python's expressions cannot.
    """
    if "q" in flags:
        pattern, flags = re.escape(pattern), flags.replace("q", "")
    if unknown := set(flags) - _FLAGS.keys():
        raise builder.mistake(node, f"sh:flags has `{''.join(sorted(unknown))}`")
    try:
        return re.compile(
            _translated(pattern, "s" in flags, "m" in flags, "x" in flags),
            sum(_FLAGS[each] for each in set(flags)),
        ).search
    except _SubtractionError:
        raise builder.unsupported(node, f"the subtraction in the pattern `{pattern}`") from None
    except (re.error, ValueError, OverflowError, RecursionError) as error:
        if "bad escape" in str(error):
            raise builder.unsupported(node, f"an escape in the pattern `{pattern}`") from None
        raise builder.mistake(node, f"sh:pattern `{pattern}`: {error}") from None


class _SubtractionError(Exception):
    """`[a-z-[aeiou]]`: Python's expressions have no such thing."""


def _translated(pattern: str, dot_all: bool, lines: bool, spaced: bool = False) -> str:
    """`$` is the very end and `.` no end of a line, where Python is more generous.

    With the flag `x` blanks outside classes mean nothing; Python's flag would also take comments away.
    """
    out, in_class, at = list[str](), False, 0
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\":
            out.append(_escape(pattern[at : at + 2], in_class=in_class))
            at += 2
            continue
        if not in_class and (wrong := _NOT_XPATH.match(pattern, at)):
            raise ValueError(f"`{wrong[0]}` is no part of an expression of XPath")
        if sign == "[" and not in_class:
            in_class = True
            if pattern[at + 1 : at + 2] == "^":
                out.append("[^")
                at += 2
                continue
        elif sign == "[":
            if out and out[-1].endswith("-") and not out[-1].endswith("\\-"):
                raise _SubtractionError
            sign = "\\["
        elif sign == "]":
            in_class = False
        elif spaced and not in_class and sign in " \t\n\r":
            sign = ""
        elif sign == "$" and not in_class and not lines:
            sign = r"\Z"
        elif sign == "." and not in_class and not dot_all:
            sign = r"[^\n\r]"
        out.append(sign)
        at += 1
    return "".join(out)


#: What Python understands and XPath has not: other groups, greed that gives nothing back, no lower bound.
_NOT_XPATH = re.compile(r"\(\?(?!:)|(?:[*+?]|(?<!\\)\})\+|\{,")
#: Escapes of Python that XPath has not; the official shapes of AAS use `\x09` and `\u0009`, of which the meaning is plain.
_NOT_ESCAPES = frozenset("abefghjkmoqvyzABEFGHJKLMNOQRTVXYZ0")
#: White space of XML Schema, and all else.
_BLANK, _NOT_BLANK = r" \t\n\r", r"\x00-\x08\x0b\x0c\x0e-\x1f!-\U0010ffff"


def _escape(text: str, *, in_class: bool) -> str:
    r"""An escape as Python has it; `\w` and `\s` mean something else there (XML Schema Part 2, appendix F)."""
    sign = text[1:]
    if sign in _NOT_ESCAPES:
        raise ValueError(f"`{text}` is no escape of XPath")
    inner = {
        "s": lambda: _BLANK,
        "S": lambda: _NOT_BLANK,
        "w": lambda: _words()[0],
        "W": lambda: _words()[1],
    }.get(sign)
    if inner is None:
        return text
    return inner() if in_class else f"[{inner()}]"


@functools.cache
def _words() -> tuple[str, str]:
    """The ranges of what is in words, all but punctuation, separators and others, and of what is not."""
    ends: list[list[int]] = [[], []]
    before = None
    for code in range(0x110000):
        is_word = unicodedata.category(chr(code))[0] not in "PZC"
        if is_word is not before:
            if before is not None:
                ends[not before].append(code - 1)
            ends[not is_word].append(code)
            before = is_word
    ends[not before].append(0x10FFFF)
    words, others = (
        "".join(
            f"\\U{low:08x}-\\U{high:08x}" for low, high in zip(each[::2], each[1::2], strict=True)
        )
        for each in ends
    )
    return words, others


class LanguageIn(ValueComponent):
    """`sh:languageIn`."""

    name = "LanguageIn"

    def __init__(self, ranges: Sequence[str]) -> None:
        self.ranges = ranges

    @property
    def message(self) -> str:
        """The languages."""
        return f"the language is none of {', '.join(self.ranges)}"

    def bad(self, run: "Run", values: AbstractSet[str]) -> list[str]:
        """Those without a language, or with another."""
        return [each for each in values if not (is_literal(each) and self._fits(each))]

    def _fits(self, term: str) -> bool:
        language = literal(term).language
        return any(literals.language_matches(language, each) for each in self.ranges)


def _language_in(builder: "Builder", node: str, values: Sequence[str]) -> list[Component]:
    return [
        LanguageIn([lexical(each) or "" for each in builder.members(node, "languageIn", value)])
        for value in values
    ]


COMPONENTS[SH + "languageIn"] = _language_in


@_each("uniqueLang")
class UniqueLang(Component):
    """`sh:uniqueLang`."""

    name = "UniqueLang"
    words = "there are several texts in one language"

    def __init__(self, builder: "Builder", node: str, value: str) -> None:
        builder.boolean(node, "uniqueLang", value)
        self.active = lexical(value) == "true"  # §4.4.5: the literal `true`, no other spelling
        builder.needs_path(node, "sh:uniqueLang")

    def violations(
        self, run: "Run", shape: "Shape", focus: AbstractSet[str]
    ) -> Iterator[Violation]:
        """Once for each language that stands twice."""
        if not self.active or shape.path is None:
            return
        for node, values in run.values(shape.path, focus).items():
            languages = [literal(each).language.lower() for each in values if is_literal(each)]
            for each in sorted(set(languages) - {""}):
                if languages.count(each) > 1:
                    yield Violation(node)


# -- property pairs (§4.5) -------------------------------------------------------------------------


class _Pair(Component):
    """A constraint on the values of the path and those of another predicate."""

    def __init__(self, builder: "Builder", node: str, value: str) -> None:
        self.other = builder.iri(node, self.name[0].lower() + self.name[1:], value)

    @property
    def message(self) -> str:
        """The other predicate."""
        return f"the value does not stand to {_short(self.other)} as {self.name} asks"

    def violations(
        self, run: "Run", shape: "Shape", focus: AbstractSet[str]
    ) -> Iterator[Violation]:
        """The values that do not stand to the others as they must."""
        other = run.graph.column(self.other)
        found = None if shape.path is None else run.values(shape.path, focus)
        for node in focus:
            own = [node] if found is None else list(found.get(node, ()))
            yield from (Violation(node, each) for each in self.wrong(own, list(other.of(node))))

    @abstractmethod
    def wrong(self, own: list[str], others: list[str]) -> Iterable[str]:
        """The values to be reported."""


@_each("equals")
class Equals(_Pair):
    """`sh:equals`."""

    name = "Equals"

    def wrong(self, own: list[str], others: list[str]) -> Iterator[str]:
        """Those that one side has alone."""
        yield from (each for each in own if each not in others)
        yield from (each for each in others if each not in own)


@_each("disjoint")
class Disjoint(_Pair):
    """`sh:disjoint`."""

    name = "Disjoint"

    def wrong(self, own: list[str], others: list[str]) -> list[str]:
        """Those that both sides have."""
        return [each for each in own if each in others]


class _Less(_Pair):
    good: ClassVar[tuple[int, ...]]

    def __init__(self, builder: "Builder", node: str, value: str) -> None:
        super().__init__(builder, node, value)
        builder.needs_path(node, f"sh:{self.name[0].lower()}{self.name[1:]}")

    def wrong(self, own: list[str], others: list[str]) -> list[str]:
        """Once for each pair that is in no such order."""
        return [a for a in own for b in others if literals.compare(a, b) not in self.good]


@_each("lessThan")
class LessThan(_Less):
    """`sh:lessThan`."""

    name, good = "LessThan", (-1,)


@_each("lessThanOrEquals")
class LessThanOrEquals(_Less):
    """`sh:lessThanOrEquals`."""

    name, good = "LessThanOrEquals", (-1, 0)


# -- logic and shapes (§4.6, §4.7) -----------------------------------------------------------------


@_each("not")
class Not(ValueComponent):
    """`sh:not`."""

    name = "Not"
    words = "the value fits the shape that it must not fit"

    def __init__(self, builder: "Builder", _node: str, value: str) -> None:
        self.shape = builder.shape(value)

    def bad(self, run: "Run", values: AbstractSet[str]) -> AbstractSet[str]:
        """Those that conform."""
        return run.conforming(self.shape, values)


@_each("node")
class Node(ValueComponent):
    """`sh:node`."""

    name = "Node"
    words = "the value does not fit the shape that it must fit"
    selects = True

    def __init__(self, builder: "Builder", node: str, value: str) -> None:
        self.shape = builder.shape(value)
        if self.shape.path is not None:
            raise builder.mistake(node, f"sh:node {value} is a property shape, which has a sh:path")

    def conforming(self, run: "Run", shape: "Shape", focus: AbstractSet[str]) -> AbstractSet[str]:
        """Those that conform to the other shape."""
        if shape.path is not None:
            return super().conforming(run, shape, focus)
        return run.conforming(self.shape, focus)

    def bad(self, run: "Run", values: AbstractSet[str]) -> AbstractSet[str]:
        """Those that do not conform."""
        return run.failing(self.shape, values)


class _Several(ValueComponent):
    """A constraint over a list of shapes."""

    def __init__(self, builder: "Builder", node: str, value: str) -> None:
        name = self.name.lower()
        self.shapes = [builder.shape(each) for each in builder.members(node, name, value)]


@_each("and")
class And(_Several):
    """`sh:and`."""

    name = "And"
    words = "the value does not fit all of the shapes that it must fit"

    def bad(self, run: "Run", values: AbstractSet[str]) -> AbstractSet[str]:
        """Those that fail one of the shapes."""
        return set[str]().union(*(run.failing(each, values) for each in self.shapes))


@_each("or")
class Or(_Several):
    """`sh:or`."""

    name = "Or"
    words = "the value fits none of the shapes of which it must fit one"
    selects = True

    def conforming(self, run: "Run", shape: "Shape", focus: AbstractSet[str]) -> AbstractSet[str]:
        """Those that conform to one of the shapes."""
        if shape.path is not None:
            return super().conforming(run, shape, focus)
        return set[str]().union(*(run.conforming(each, focus) for each in self.shapes))

    def bad(self, run: "Run", values: AbstractSet[str]) -> AbstractSet[str]:
        """Those that fail all of the shapes."""
        left: AbstractSet[str] = values
        for each in self.shapes:
            if not left:
                break
            left = run.failing(each, left)
        return left


@_each("xone")
class Xone(_Several):
    """`sh:xone`."""

    name = "Xone"
    words = "the value does not fit exactly one of the shapes"

    def bad(self, run: "Run", values: AbstractSet[str]) -> list[str]:
        """Those that do not fit exactly one."""
        failing = [run.failing(each, values) for each in self.shapes]
        return [value for value in values if sum(value not in each for each in failing) != 1]


class _Qualified(Component):
    """How many value nodes fit a shape; `siblings` are shapes that these must not fit."""

    def __init__(self, shape: "Shape", count: int) -> None:
        self.shape = shape
        self.count = count
        self.siblings: list[Shape] = []

    def fitting(
        self, run: "Run", shape: "Shape", focus: AbstractSet[str]
    ) -> Iterator[tuple[str, int]]:
        """How many values of each focus node fit."""
        assert shape.path is not None
        found = run.values(shape.path, focus)
        values = {value for each in found.values() for value in each}
        fit = values - run.failing(self.shape, values)
        for each in self.siblings:
            fit &= run.failing(each, fit)
        for node in focus:
            yield node, sum(value in fit for value in found.get(node, ()))


class QualifiedMinCount(_Qualified):
    """`sh:qualifiedMinCount`."""

    name = "QualifiedMinCount"

    @property
    def message(self) -> str:
        """How many are asked for."""
        return f"fewer than {self.count} values fit the shape"

    def violations(
        self, run: "Run", shape: "Shape", focus: AbstractSet[str]
    ) -> Iterator[Violation]:
        """Focus nodes with too few values that fit."""
        if self.count > 0:
            for node, count in self.fitting(run, shape, focus):
                if count < self.count:
                    yield Violation(node)


class QualifiedMaxCount(_Qualified):
    """`sh:qualifiedMaxCount`."""

    name = "QualifiedMaxCount"

    @property
    def message(self) -> str:
        """How many are allowed."""
        return f"more than {self.count} values fit the shape"

    def violations(
        self, run: "Run", shape: "Shape", focus: AbstractSet[str]
    ) -> Iterator[Violation]:
        """Focus nodes with too many values that fit."""
        for node, count in self.fitting(run, shape, focus):
            if count > self.count:
                yield Violation(node)


def _qualified(builder: "Builder", node: str, values: Sequence[str]) -> list[Component]:
    builder.needs_path(node, "sh:qualifiedValueShape")
    found: list[Component] = []
    disjoint = any(
        builder.boolean(node, "qualifiedValueShapesDisjoint", each)
        for each in builder.values(node, "qualifiedValueShapesDisjoint")
    )
    for value in values:
        for kind, parameter in (
            (QualifiedMinCount, "qualifiedMinCount"),
            (QualifiedMaxCount, "qualifiedMaxCount"),
        ):
            for count in builder.values(node, parameter):
                made = kind(builder.shape(value), builder.integer(node, parameter, count))
                if disjoint:
                    made.siblings = builder.siblings(node, value)
                found.append(made)
    return found


COMPONENTS[SH + "qualifiedValueShape"] = _qualified
SECONDARY.update(
    SH + name for name in ("qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint")
)


# -- other (§4.8) ----------------------------------------------------------------------------------


class Closed(Component):
    """`sh:closed`, with `sh:ignoredProperties`."""

    name = "Closed"
    words = "the node has a property that its shape does not know"

    def __init__(self, allowed: AbstractSet[str]) -> None:
        self.allowed = allowed

    def violations(
        self, run: "Run", shape: "Shape", focus: AbstractSet[str]
    ) -> Iterator[Violation]:
        """Each statement of another predicate."""
        nodes: Mapping[str, Iterable[str]]
        if shape.path is None:
            nodes = {node: (node,) for node in focus}
        else:
            nodes = run.values(shape.path, focus)
        owners: dict[str, list[str]] = {}
        for owner, values in nodes.items():
            for value in values:
                owners.setdefault(value, []).append(owner)
        for predicate, column in run.graph.columns.items():
            if predicate in self.allowed:
                continue
            single = column.single
            few, many = (owners, single) if len(owners) < len(single) else (single, owners)
            for node in [each for each in few if each in many]:
                for owner in owners[node]:
                    for value in column.of(node):
                        yield Violation(owner, value, Predicate(predicate))


def _closed(builder: "Builder", node: str, values: Sequence[str]) -> list[Component]:
    if not any(builder.boolean(node, "closed", value) for value in values):
        return []
    allowed = set[str]()
    for head in builder.values(node, "ignoredProperties"):
        allowed |= set(builder.members(node, "ignoredProperties", head))
    for each in builder.values(node, "property"):
        for path in builder.values(each, "path"):
            if not is_blank(path):
                allowed.add(path)
    return [Closed(frozenset(allowed))]


COMPONENTS[SH + "closed"] = _closed
SECONDARY.add(SH + "ignoredProperties")


@_each("hasValue")
class HasValue(Component):
    """`sh:hasValue`."""

    name = "HasValue"
    selects = True

    def __init__(self, _builder: "Builder", _node: str, value: str) -> None:
        self.value = value

    @property
    def message(self) -> str:
        """The value that is asked for."""
        return f"{_short(self.value)} is missing"

    def violations(
        self, run: "Run", shape: "Shape", focus: AbstractSet[str]
    ) -> Iterator[Violation]:
        """Focus nodes that lack the value."""
        yield from map(Violation, self.failing(run, shape, focus))

    def failing(self, run: "Run", shape: "Shape", focus: AbstractSet[str]) -> set[str]:
        """Focus nodes that lack the value: those not among the nodes from which it is reached."""
        if shape.path is None:
            return set(focus) - {self.value}
        if isinstance(shape.path, Predicate):
            column = run.graph.column(shape.path.iri)
            single, multiple, value = column.single, column.multiple, self.value
            return {
                node
                for node in focus
                if single.get(node) != value and value not in multiple.get(node, ())
            }
        return set(focus) - run.reaching(shape.path, self.value)

    def conforming(self, run: "Run", shape: "Shape", focus: AbstractSet[str]) -> AbstractSet[str]:
        """Those from which the value is reached."""
        if shape.path is None:
            return focus & {self.value}
        return focus & run.reaching(shape.path, self.value)


class In(ValueComponent):
    """`sh:in`."""

    name = "In"

    def __init__(self, allowed: Sequence[str]) -> None:
        self.allowed = frozenset(allowed)

    @property
    def message(self) -> str:
        """Some of the allowed values."""
        shown = sorted(map(_short, self.allowed))
        more = ", ..." if len(shown) > 8 else ""
        return f"the value is none of {', '.join(shown[:8])}{more}"

    def bad(self, run: "Run", values: AbstractSet[str]) -> AbstractSet[str]:
        """Those that are not in the list."""
        return values - self.allowed


def _in(builder: "Builder", node: str, values: Sequence[str]) -> list[Component]:
    return [In(builder.members(node, "in", value)) for value in values]


COMPONENTS[SH + "in"] = _in


# -- ours ------------------------------------------------------------------------------------------


@_each(STRUCTURE + "uniqueBy")
class UniqueBy(Component):
    """`nx:uniqueBy`: the value nodes of the path differ in what another path leads to.

    Ours, declared as a SPARQL-based constraint component in the shapes that use it, so that every
    engine with SHACL-SPARQL runs it; here it needs no SPARQL.
    """

    name = "UniqueBy"

    def __init__(self, builder: "Builder", node: str, value: str) -> None:
        self.by = builder.iri(node, "nx:uniqueBy", value)
        builder.needs_path(node, "nx:uniqueBy")

    @property
    def iri(self) -> str:
        """It stands in our name space."""
        return f"{STRUCTURE}{self.name}ConstraintComponent"

    @property
    def message(self) -> str:
        """What they must differ in."""
        return f"another value has the same {_short(self.by)}"

    def violations(
        self, run: "Run", shape: "Shape", focus: AbstractSet[str]
    ) -> Iterator[Violation]:
        """Each value that shares the key with another one."""
        assert shape.path is not None
        keys = run.graph.column(self.by)
        for node, values in run.values(shape.path, focus).items():
            members = list(values)
            if len(members) < 2:
                continue
            owners: dict[str, list[str]] = {}
            for each in members:
                for key in keys.of(each):
                    owners.setdefault(key, []).append(each)
            for several in owners.values():
                if len(several) > 1:
                    yield from (Violation(node, each) for each in several)


def _short(term: str) -> str:
    """The end of an IRI or the text of a literal: for messages."""
    if is_literal(term):
        return f"`{literal(term).lexical}`"
    return term if is_blank(term) else f"`{paths.predicates(Predicate(term))}`"


#: Parameters that no component of ours knows, and that change what a shape means.
UNSUPPORTED = {
    SH + name
    for name in ("sparql", "js", "expression", "target", "nodeByExpression", "reifierShape")
}
#: Predicates of shapes that are no constraints.
PLAIN = {
    SH + name
    for name in (
        *("path", "property", "targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf"),
        *("severity", "message", "deactivated", "name", "description", "order", "group"),
        *("defaultValue", "declare", "shapesGraph", "suggestedShapesGraph", "prefixes"),
    )
} | {TYPE}
#: Parameters that stand at most once on a shape (SHACL, appendix A).
SINGLE = {
    SH + name
    for name in (
        *("datatype", "nodeKind", "minCount", "maxCount", "minExclusive", "minInclusive"),
        *("maxExclusive", "maxInclusive", "minLength", "maxLength", "languageIn", "uniqueLang"),
        *("in", "qualifiedValueShape", "closed"),
    )
}
