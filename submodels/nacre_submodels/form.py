"""Forms: what a person fills in to get a package (docs/forms.md specifies the format).

A form is TOML, or the same structure as JSON. It names a template for each submodel; keys are the
idShorts of the template. Every value can be pointed at, so that what does not fit is said with file,
line and column.
"""

import dataclasses
import json
import re
import textwrap
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from nacre_aas import strict_json
from nacre_aas.positions import position_of, positions
from nacre_aas.wording import lower_first, shortened
from nacre_submodels import toml_places
from nacre_submodels.builder import RESERVED, Number, ValuePath, example_of, is_free, said_of
from nacre_submodels.errors import FormError
from nacre_submodels.template import Element, Template
from nacre_submodels.toml_places import Place, TomlPath

FORM_VERSION = 1
#: How many values a form lists.
_SHOWN = 30
#: A whole number that TOML's reader would write otherwise.
_OTHER_INTEGER = re.compile(r"\+[0-9][0-9_]*|-0|0[xob]\w+|-?[0-9]+(?:_[0-9]+)+")
#: A time that TOML's reader would cut.
_FINER_TIME = re.compile(
    r"(?:\d{4}-\d\d-\d\d[Tt ])?\d\d:\d\d:\d\d\.\d{6}\d*[1-9](?:[Zz]|[+-]\d\d:\d\d)?"
)


#: A whole number beyond what Python reads; in JSON beside texts.
_LONG = re.compile(r"[+-]?[0-9][0-9_]{4300,}")
_LONG_IN_JSON = re.compile(
    r'"(?:[^"\\]|\\.)*"|(?<![0-9.eE+-])(-?[0-9]{4301,})(?![0-9.eE])', re.DOTALL
)
_FORM_DEPTH = "a form has a table for each level of its template"


class Spot(NamedTuple):
    """Where something stands in a form: line and column from 1, the line, and the column in it."""

    line: int
    column: int
    text: str
    text_column: int
    #: Whether it is there, but behind a comment sign.
    is_comment: bool = False


@dataclasses.dataclass(frozen=True)
class Form:
    """A form that was read: its content, and where each of its values stands.

    A row of a table `is_table`, one of JSON `is_json`, others are TOML; `notes` are what was not read.
    """

    content: dict[str, Any]
    locate: Callable[[ValuePath], Spot | None]
    is_table: bool = False
    is_json: bool = False
    notes: tuple[str, ...] = ()

    @property
    def submodels(self) -> dict[str, Any]:
        """The submodels by their keys."""
        found = self.content.get("submodel", {})
        return found if isinstance(found, dict) else {}

    def in_its_notation(self, hint: str) -> str:
        """A hint that is written for TOML, as it is to be written here."""
        return _SETTING.sub(r'"\1": ', hint) if self.is_json else hint

    @property
    def hint_if_empty(self) -> str:
        """What to do about a value that is empty."""
        if self.is_table:
            return "fill in the cell, or leave nothing in it if it is optional"
        way = "remove it" if self.is_json else "put a `#` before the line"
        return f"fill it in, or {way} if it is optional"


#: A key of TOML before its value, in a hint.
_SETTING = re.compile(r'(?<![\w"])([A-Za-z_]\w*) = (?=[\w"\[{.])')


def read_toml(text: str) -> Form:
    """Read a form.

    Raises:
        FormError: it is no TOML.
    """
    try:
        content = tomllib.loads(text, parse_float=Number)
    except RecursionError:
        raise FormError("the form is nested too deeply", _FORM_DEPTH) from None
    except ValueError as error:
        if not isinstance(error, tomllib.TOMLDecodeError):
            literals = toml_places.scan(text).literals
            long = (at for at, each in literals if _LONG.fullmatch(each))
            raise _long_number(text, next(long, None)) from None
        match = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        reason = re.sub(r" \(at .*\)$", "", str(error))
        end = len(text.splitlines()) or 1
        line, column = (int(match[1]), int(match[2])) if match else (end, 1)
        raise FormError(
            f"the form is no TOML: {reason[:1].lower()}{reason[1:]}",
            "texts stand in quotes, lists in brackets; `nacre help forms` has examples",
            line,
            column,
        ) from None
    scanned = toml_places.scan(text)
    _keeps_literals(text, scanned.literals)
    return Form(content, lambda path: _nearest(text, scanned.places, path))


def _long_number(text: str, at: int | None) -> FormError:
    """What is said of a whole number that has more digits than Python reads."""
    place = (None, None) if at is None else position_of(text, at)[:2]
    message = "a whole number in the form has thousands of digits"
    return FormError(message, "write it in quotes, if it is meant", *place)


def _keeps_literals(text: str, literals: Iterable[tuple[int, str]]) -> None:
    """Refuse numbers and times that TOML's reader does not keep."""
    for offset, literal in literals:
        for pattern, said in (
            (_FINER_TIME, "is finer than a microsecond"),
            (_OTHER_INTEGER, "is a number that TOML does not keep as it is written"),
        ):
            if pattern.fullmatch(literal):
                place = position_of(text, offset)
                hint = "write it in quotes, so that nothing of it is lost"
                raise FormError(f"`{shortened(literal)}` {said}", hint, place.line, place.column)


def read_json(text: str) -> Form:
    """Read a form that is written as JSON.

    Raises:
        FormError: it is no JSON object.
    """
    try:
        content = strict_json.loads(text, parse_float=Number)
    except json.JSONDecodeError as error:
        raise FormError(
            f"the form is no JSON: {lower_first(error.msg)}", None, error.lineno, error.colno
        ) from None
    except ValueError:
        found = (match.start(1) for match in _LONG_IN_JSON.finditer(text) if match[1])
        raise _long_number(text, next(found, None)) from None
    except RecursionError:
        raise FormError("the form is nested too deeply", _FORM_DEPTH) from None
    if not isinstance(content, dict):
        raise FormError("the form is no JSON object", "`nacre help forms` has examples")

    def locate(path: ValuePath) -> Spot | None:
        found = positions(text.encode(), [path])[path]
        return Spot(*found)

    return Form(content, locate, is_json=True)


def _nearest(text: str, places: Mapping[TomlPath, Place], path: ValuePath) -> Spot | None:
    """The place of a path, or of the deepest thing on the way to it."""
    for length in range(len(path), 0, -1):
        found = places.get(path[:length])
        if found is None or (length < len(path) and found.is_comment):
            below = [  # written in one with what is below it, such as `a.b = 1`
                place
                for known, place in places.items()
                if known[:length] == path[:length] and not place.is_comment
            ]
            found = min(below, default=None)
        if found is not None:
            return Spot(*position_of(text, found.offset), found.is_comment)
    return None


# -- writing a form -------------------------------------------------------------------------------


def form(
    templates: Sequence[Template], language: str = "en", names: Sequence[str] | None = None
) -> str:
    """An empty form for templates: what is required stands open, the rest behind comment signs.

    `names` are what `nacre generate` finds each template by; by default their semantic ids.
    """
    names = [each.semantic_id or each.id for each in templates] if names is None else names
    lines = [
        "# A form for `nacre generate`. Fill in what stands open; remove the `#` of what you also have.",
        f"form = {FORM_VERSION}",
        *([] if language == "en" else [f"language = {json.dumps(language)}"]),
        "",
        "[shell]",
        '# id = "https://example.com/aas/4711"    # default: made from the id of the asset',
        '# idShort = "Pump4711"',
        '# thumbnail = "photo.png"',
        "",
        "[asset]",
        'globalAssetId = ""    # required; for example the URL on the type plate',
        '# kind = "Instance"    # Instance, Type, Batch, Role or NotApplicable',
        '# specificAssetIds = { serialNumber = "4711" }',
    ]
    for template, name, key in zip(templates, names, _keys(templates), strict=True):
        lines += ["", *_comment(template.label, ""), *_submodel(template, language, name, key)]
    return "\n".join(lines) + "\n"


def _keys(templates: Sequence[Template]) -> list[str]:
    """The keys of the submodels of a form, each once."""
    keys: list[str] = []
    for template in templates:
        key = name = re.sub(r"__0+__$", "", template.name)
        number = 1
        while key in keys:
            number += 1
            key = f"{name}{number}"
        keys.append(key)
    return keys


def counts(templates: Sequence[Template]) -> tuple[int, int]:
    """How many fields a form opens, and how many it has behind comment signs."""
    lines = [line for each in templates for line in _submodel(each, "en", "", each.name)]
    assigned = [found for line in lines if (found := toml_places.assignment(line)) is not None]
    own = [each for each in assigned if ".".join(each.keys) not in RESERVED["Submodel"]]
    opened = sum(1 for each in own if not each.is_comment)
    return opened, len(own) - opened


def _submodel(template: Template, language: str, name: str, key: str) -> list[str]:
    table = f"submodel.{_toml_key(key)}"
    lines = [
        f"[{table}]",
        f"template = {json.dumps(name, ensure_ascii=False)}",
        '# id = "https://example.com/sm/4711"    # default: made from the id of the asset',
    ]
    return lines + _fields(template.elements, table, language, "Submodel", optional=False)


def _key(element: Element, inside: str) -> str:
    """The key of an element in the table of a submodel, or of an element of some type."""
    name = element.id_short or ""
    return f"_{name}" if name in RESERVED.get(inside, ()) else _toml_key(name)


def _fields(
    elements: tuple[Element, ...], table: str, language: str, inside: str, *, optional: bool
) -> list[str]:
    """The lines of a table: single values first, then the tables below it, as TOML asks."""
    named = list(
        {each.id_short: each for each in elements if each.id_short and each.maximum != 0}.values()
    )
    lines: list[str] = []
    for element in named:
        if not _is_table(element):
            lines += ["", *_description(element, language, named)]
            sign = "# " if optional or not element.minimum or element.either_or else ""
            lines.append(f"{sign}{_key(element, inside)} = {_placeholder(element, language)}")
    for element in named:
        if _is_table(element):
            lines += ["", *_description(element, language, named)]
            path = f"{table}.{_key(element, inside)}"
            lines += _table(element, path, language, optional=optional)
    return lines


def _table(element: Element, path: str, language: str, *, optional: bool) -> list[str]:
    hidden = optional or not element.minimum or bool(element.either_or)
    sign = "# " if hidden else ""
    head = f"{sign}[[{path}]]" if _is_array(element) else f"{sign}[{path}]"
    if element.model_type != "SubmodelElementList":
        return [head, *_inside(element, path, language, optional=hidden)]
    lines: list[str] = []
    for member in _members(element):
        lines += ["", head, *_inside(member, path, language, optional=hidden)]
    return lines[1:]


def _inside(element: Element, path: str, language: str, *, optional: bool) -> list[str]:
    """The lines below the head of a table."""
    asset: list[str] = []
    if _is_self_managed(element):
        sign = "# " if optional else ""
        asset = [
            "",
            "## globalAssetId: required; the asset that it is",
            f'{sign}globalAssetId = ""',
        ]
    inside = element.model_type
    return [*asset, *_fields(element.elements, path, language, inside, optional=optional)]


def _is_self_managed(element: Element) -> bool:
    """Whether an entity has an asset id of its own (AASd-014)."""
    return element.entity_type == "SelfManagedEntity"


def _members(element: Element) -> list[Element]:
    """The members of a list that a form has a place for: those that are required, or else the first."""
    return [each for each in element.elements if each.minimum] or list(element.elements[:1])


def _is_table(element: Element) -> bool:
    """Whether a form gives an element a table of its own."""
    if element.model_type in ("SubmodelElementCollection", "Entity"):
        return bool(element.elements)
    return (
        element.model_type == "SubmodelElementList"
        and bool(element.elements)
        and element.elements[0].model_type in ("SubmodelElementCollection", "Entity")
    )


def _is_array(element: Element) -> bool:
    return element.model_type == "SubmodelElementList" or element.maximum is None


def _offer(element: Element) -> Iterator[str]:
    """Which values are at hand, if they are listed."""
    offered = element.offered
    if not offered:
        return
    if element.value_type == "xs:boolean":
        offered = tuple(each.lower() for each in offered)
    if any("," in each for each in offered):
        offered = tuple(json.dumps(each, ensure_ascii=False) for each in offered)
    more = f", … ({len(offered)} in all)" if len(offered) > _SHOWN else ""
    yield "one of " + ", ".join(offered[:_SHOWN]) + more


def _facts_of_member(member: Element) -> str:
    """What each member of a list of values is, and how many there are."""
    facts = [said_of(member), *_offer(member)]
    if member.allowed_range is not None:
        facts.append(f"in {member.allowed_range}")
    if member.minimum > 1 or member.maximum not in (1, None):
        most = "or more" if member.maximum is None else f"to {member.maximum}"
        facts.append(
            f"{member.minimum} of them"
            if member.minimum == member.maximum
            else f"{member.minimum} {most} of them"
        )
    return ", ".join(facts)


def _description(
    element: Element, language: str, beside: tuple[Element, ...] | list[Element]
) -> list[str]:
    """What an element is, as comment lines; `beside` are those of its parent."""
    text = element.texts.get(language) or element.texts.get("en") or ""
    text = re.sub(r"\s+", " ", text).strip()
    facts = ["required" if element.minimum else "optional"]
    group = [each for each in beside if each.either_or and each.either_or == element.either_or]
    if group:
        how = "exactly" if any(each.minimum for each in group) else "at most"
        facts = [f"{how} one of {', '.join(each.name for each in group)}"]
    facts.append(said_of(element))
    if element.model_type == "SubmodelElementList" and not _is_table(element):
        facts += [f"each {_facts_of_member(each)}" for each in element.elements[:1]]
    if element.model_type == "AnnotatedRelationshipElement" and element.elements:
        names = ", ".join(each.name for each in element.elements)
        facts.append(f"beside its two ends it may hold {names}")
    if is_free(element):
        facts.append("better under a name of your own instead of this one")
    if element.unit:
        facts.append(f"in {element.unit}")
    facts += _offer(element)
    if element.allowed_pattern is not None:
        facts.append(f"of the pattern {element.allowed_pattern}")
    if element.allowed_range is not None:
        facts.append(f"in {element.allowed_range}")
    if element.allowed_id_short is not None:
        facts.append(f"under a name of the pattern {element.allowed_id_short}")
    if element.maximum is None and element.model_type != "SubmodelElementList":
        facts.append("also as a list of several")
    if element.recurs:
        facts.append("may hold others of its kind")
    example = example_of(element)
    if example:
        facts.append(f"for example {example}")
    head = f"{element.id_short}: {'; '.join(facts)}"
    return [*_comment(head, "## "), *(_comment(text, "#  ") if text else [])]


def _comment(text: str, sign: str) -> list[str]:
    plain = re.sub(r"\s+", " ", text).replace("\x7f", " ")
    return [
        f"{sign or '# '}{line}"
        for line in textwrap.wrap(plain, 96, break_long_words=False, break_on_hyphens=False)
    ]


def _required(element: Element) -> list[Element]:
    return [each for each in element.elements if each.minimum and each.id_short]


def _placeholder(element: Element, language: str) -> str:
    """What a field holds before it is filled in."""
    match element.model_type:
        case "MultiLanguageProperty":
            languages = element.required_languages or (language,)
            single = "{ " + ", ".join(f'{_toml_key(each)} = ""' for each in languages) + " }"
        case "File":
            single = f'{{ path = "", contentType = "{element.content_type or "application/pdf"}" }}'
        case "Range":
            single = '{ min = "", max = "" }'
        case "Blob":
            type_ = element.content_type or "application/octet-stream"
            single = f'{{ value = "", contentType = "{type_}" }}'
        case "BasicEventElement":
            observed = '{ keys = [["Submodel", ""]] }'
            single = f'{{ observed = {observed}, direction = "output", state = "on" }}'
        case "RelationshipElement" | "AnnotatedRelationshipElement":
            inside = element.model_type
            named = [
                f"{_key(each, inside)} = {_placeholder(each, language)}"
                for each in _required(element)
            ]
            ends = ['first = ""', 'second = ""']
            single = f"{{ {', '.join(ends + named)} }}"
        case "SubmodelElementList":
            members = (_placeholder(each, language) for each in _members(element))
            return f"[{', '.join(members)}]"
        case "Entity" if _is_self_managed(element):
            single = '{ globalAssetId = "" }'
        case "SubmodelElementCollection" | "Entity" | "Capability" | "Operation":
            single = "{ }"
        case _:
            single = '""'
    return single


def _toml_key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else f'"{key}"'
