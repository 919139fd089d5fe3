"""The compiled template: what a submodel template demands, as one value.

It holds every constraint that a machine can check and, when compiled from a file, the texts and
examples too. The catalogue that ships holds the same without texts and examples (`without_texts`),
and gives the same verdicts.
"""

import hashlib
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

#: `VDI2770:2020`, `ISO 9001:2015`.
_STANDARD = re.compile(
    r"(?:ISO|IEC|EN|DIN|VDI|VDE|ANSI|ASTM|IEEE|ECLASS)[A-Z /-]*[ -]?\d[\d.-]*(?::\d{4})?"
)
#: Classes that say nothing without a value.
_VALUED = frozenset(("Property", "MultiLanguageProperty", "File", "ReferenceElement"))
#: A path in a template: idShorts from the submodel down, `[]` for the members of a list.
TemplatePath = tuple[str, ...]


def plain(number: Decimal) -> str:
    """A number as people write it: whole ones without a point."""
    whole = abs(number) < 10**15 and number == number.to_integral_value()
    return str(int(number)) if whole else str(number)


class Interval(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """Allowed numbers; an end that is `None` is open. What is in one of `others` is allowed, too."""

    low: Decimal | None = None
    high: Decimal | None = None
    low_included: bool = True
    high_included: bool = True
    others: tuple["Interval", ...] = ()

    def holds(self, number: Decimal) -> bool:
        """Whether a number is in the interval."""
        low = self.low is None or number > self.low or (self.low_included and number == self.low)
        high = (
            self.high is None or number < self.high or (self.high_included and number == self.high)
        )
        return (low and high) or any(each.holds(number) for each in self.others)

    def __str__(self) -> str:
        left = "[" if self.low_included and self.low is not None else "("
        right = "]" if self.high_included and self.high is not None else ")"
        low = "-∞" if self.low is None else f"{plain(self.low)}"
        high = "∞" if self.high is None else f"{plain(self.high)}"
        return " or ".join((f"{left}{low}, {high}{right}", *map(str, self.others)))


class Element(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True):
    """One element of a template.

    `minimum` and `maximum` are how often it may stand in its parent (`None`: any number). Elements
    of one `either_or` group exclude each other. `allowed_values` or else `allowed_pattern` bind, `choices` are what
    a form offers. `allowed_id_short` and `allowed_pattern` are regular expressions. `recurs` says that instances of it nest: its
    children are those of the element so many levels up. `variables` is, for a variable of an operation, the
    list that it stands in (`inputVariables`, ...). `example_digests` recognise example values without holding them.
    """

    model_type: str
    id_short: str | None = None
    semantic_id: str | None = None
    supplemental_semantic_ids: tuple[str, ...] = ()
    value_type: str | None = None
    minimum: int = 0
    maximum: int | None = None
    either_or: str | None = None
    allowed_values: tuple[str, ...] = ()
    allowed_pattern: str | None = None
    choices: tuple[str, ...] = ()
    allowed_range: Interval | None = None
    required_languages: tuple[str, ...] = ()
    allowed_id_short: str | None = None
    default: str | None = None
    content_type: str | None = None
    entity_type: str | None = None
    order_relevant: bool | None = None
    type_value_list_element: str | None = None
    value_type_list_element: str | None = None
    semantic_id_list_element: str | None = None
    unit: str | None = None
    data_type: str | None = None
    semantic_id_type: str | None = None
    elements: tuple["Element", ...] = ()
    recurs: int = 0
    variables: str | None = None
    example_digests: tuple[str, ...] = ()
    #: Only in a template that was compiled from a file: name, description, examples, and the values that
    #: its concept lists.
    names: dict[str, str] = {}
    texts: dict[str, str] = {}
    examples: tuple[str, ...] = ()
    listed_values: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """How messages call it."""
        return self.id_short or f"member of type {self.model_type}"

    @property
    def needs_value(self) -> bool:
        """Whether it says nothing of what the template requires if it has no value; a variable gets it later."""
        return bool(self.minimum and self.model_type in _VALUED and self.variables is None)

    def asks(self) -> tuple[object, ...]:
        """What it asks of an instance, but for how often that stands there; samples that repeat each other are equal."""
        below = tuple(
            (each.id_short, each.minimum, each.maximum, each.asks()) for each in self.elements
        )
        values = self.value_type, self.allowed_values, self.allowed_pattern, self.allowed_range
        kind = self.model_type, self.semantic_id, self.choices, self.required_languages
        return *kind, *values, self.either_or, below

    @property
    def offered(self) -> tuple[str, ...]:
        """The values that it may take, or that are at hand, as far as they are listed."""
        return self.allowed_values or self.choices or self.listed_values


class Template(
    msgspec.Struct, frozen=True, eq=False, omit_defaults=True, rename="camel", kw_only=True
):
    """A submodel template.

    `number` is the one of the specification (`02006`), `version` such as `3.0.1`; both are empty for
    a company's own template. `semantic_id` is the one that instances carry.
    """

    name: str
    id: str
    semantic_id: str | None = None
    supplemental_semantic_ids: tuple[str, ...] = ()
    semantic_id_type: str | None = None
    title: str = ""
    number: str = ""
    version: str = ""
    variant: str = ""
    deprecated: bool = False
    elements: tuple[Element, ...] = ()
    names: dict[str, str] = {}
    texts: dict[str, str] = {}
    #: What the qualifiers of the file say that makes no sense, so that nothing is checked by it.
    unread: tuple[str, ...] = ()
    #: ConceptDescriptions of the file as metamodel JSON, for packages that are built from it.
    concepts: tuple[dict[str, Any], ...] = ()

    @property
    def label(self) -> str:
        """How messages call it: `IDTA 02006-3.0.1 Nameplate`."""
        head = f"IDTA {self.number}-{self.version} " if self.number else ""
        tail = f" ({self.variant})" if self.variant else ""
        return f"{head}{self.name}{tail}"


def walk(template: Template) -> Iterator[tuple[TemplatePath, Element]]:
    """Every element of a template with its path, parents first."""
    yield from _below((), template.elements)


def _below(path: TemplatePath, elements: tuple[Element, ...]) -> Iterator[tuple[TemplatePath, Any]]:
    for element in elements:
        here = (*path, element.id_short or "[]")
        yield here, element
        yield from _below(here, element.elements)


def outline(template: Template) -> list[str]:
    """What a template demands, a line for each element."""
    return [
        "  " * (len(path) - 1) + "  ".join((path[-1], *_demands(element)))
        for path, element in walk(template)
    ]


def _demands(element: Element) -> Iterator[str]:
    yield f"{element.minimum}..{'*' if element.maximum is None else element.maximum}"
    is_range = element.model_type == "Range"
    yield f"Range of {element.value_type}" if is_range else element.value_type or element.model_type
    facts = []
    if element.offered:
        facts.append(f"one of {', '.join(element.offered)}")
    if element.allowed_pattern is not None:
        facts.append(f"of the pattern `{element.allowed_pattern}`")
    if element.allowed_range is not None:
        facts.append(f"in {element.allowed_range}")
    if element.required_languages:
        facts.append(f"in the languages {', '.join(element.required_languages)}")
    if element.allowed_id_short is not None:
        facts.append(f"named `{element.allowed_id_short}`")
    if element.either_or:
        facts.append(f"either-or `{element.either_or}`")
    if element.content_type:
        facts.append(element.content_type)
    if element.unit:
        facts.append(f"in {element.unit}")
    if element.recurs:
        facts.append("holds others of its kind")
    if facts:
        yield "; ".join(facts)


def without_texts(template: Template) -> Template:
    """The same constraints without descriptions, examples and concepts."""
    return msgspec.structs.replace(
        template,
        names={},
        texts={},
        concepts=(),
        elements=tuple(map(_without_texts, template.elements)),
    )


def _without_texts(element: Element) -> Element:
    return msgspec.structs.replace(
        element,
        names={},
        texts={},
        examples=(),
        listed_values=(),
        elements=tuple(map(_without_texts, element.elements)),
    )


def example_digest(value: str) -> str | None:
    """What an example value is recognised by; `None` for one that could as well be meant.

    Single words, numbers, dates and names of standards are examples and honest values alike.
    """
    text = value.strip()
    is_plain = text.isalpha() or not any(map(str.isalpha, text))
    if len(text) < 8 or is_plain or _STANDARD.fullmatch(text):
        return None
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
