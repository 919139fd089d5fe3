"""Makes an instance from a template and plain values.

Values are what a form or a table row holds: text, numbers, booleans, dates, lists, and dictionaries
by idShort. Every element gets the class, value type and semantic ids that the template has. What
does not fit is a `Trouble` with its path in the values; nothing is dropped without one.
"""

import base64
import binascii
import datetime as dt
import decimal
import difflib
import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Self, get_args

from nacre_aas import model
from nacre_aas.aasx import guess_type
from nacre_aas.model import (
    Blob,
    Entity,
    File,
    MultiLanguageProperty,
    Property,
    Range,
    Reference,
    ReferenceElement,
    Submodel,
    SubmodelElement,
    SubmodelElementCollection,
    SubmodelElementList,
)
from nacre_aas.model.referencing import KeyTypes
from nacre_aas.wording import shortened, some_of
from nacre_aas.xsd import NUMERIC, problem
from nacre_submodels.semantics import ARBITRARY
from nacre_submodels.template import Element, Template

#: Keys of dictionaries and positions in lists, from the submodel down.
ValuePath = tuple[str | int, ...]


#: What stands for one value.
_PLAIN = (str, bool, int, float, decimal.Decimal, dt.date, dt.time)


class Trouble(NamedTuple):
    """Something in the values that does not fit; `element` is the one it is about."""

    path: ValuePath
    message: str
    hint: str
    element: Element | None = None


class Attachment(NamedTuple):
    """A file that a value names, and the element that is to hold its place in the package."""

    path: ValuePath
    local: str
    element: File


class Mention(NamedTuple):
    """A reference that was written as a text: an id, or the way to an element."""

    path: ValuePath
    text: str
    reference: Reference


class Built(NamedTuple):
    """A submodel, where each of its records came from (by `id`), and what did not fit.

    `typed` are the entities (by `id`) whose `entityType` the values say.
    """

    submodel: Submodel
    origins: dict[int, ValuePath]
    troubles: list[Trouble]
    attachments: list[Attachment]
    mentions: list[Mention]
    typed: frozenset[int]


def build(
    template: Template,
    values: Mapping[str, Any],
    identifier: str,
    *,
    language: str = "en",
) -> Built:
    """An instance of a template with an id; a bare text stands in `language` where one is needed."""
    builder = _Builder(language)
    submodel = Submodel(
        id=identifier,
        id_short=template.name if re.fullmatch(r"[A-Za-z]\w*", template.name) else None,
        kind="Instance",
        semantic_id=reference(template.semantic_id, template.semantic_id_type),
        supplemental_semantic_ids=_references(template.supplemental_semantic_ids)
        if template.semantic_id
        else None,
    )
    builder.origins[id(submodel)] = ()
    submodel.submodel_elements = builder.elements(template.elements, values, ()) or None
    return Built(
        submodel,
        builder.origins,
        builder.troubles,
        builder.attachments,
        builder.mentions,
        frozenset(builder.typed),
    )


def reference(value: str | None, kind: str | None = None) -> Reference | None:
    """A semantic id as a reference of the type that the template has."""
    if value is None:
        return None
    if kind == "ModelReference":
        key = model.Key(type="ConceptDescription", value=value)
        return Reference(type="ModelReference", keys=[key])
    return external_reference(value)


def _give_meaning(made: SubmodelElement, element: Element) -> None:
    made.semantic_id = reference(element.semantic_id, element.semantic_id_type)
    made.supplemental_semantic_ids = (
        _references(element.supplemental_semantic_ids) if made.semantic_id else None
    )


def external_reference(value: str) -> Reference:
    """A semantic id as a reference to something outside of every environment."""
    key = model.Key(type="GlobalReference", value=value)
    return Reference(type="ExternalReference", keys=[key])


def _references(values: tuple[str, ...]) -> list[Reference] | None:
    return [external_reference(value) for value in values] or None


def _may_be_called(element: Element, name: str) -> bool:
    """Whether the template allows a name by a pattern."""
    pattern = element.allowed_id_short
    return pattern is not None and re.fullmatch(pattern, name) is not None


#: The elements of something in which anything may stand.
ANYTHING = (Element(model_type="SubmodelElement"),)


def is_free(element: Element) -> bool:
    """Whether an element stands for any content, under names of one's own."""
    return (element.semantic_id or "").startswith(ARBITRARY)


def _of_name(elements: tuple[Element, ...], name: str, value: Any) -> Element:
    """The element that a value is for; some templates have two of one name."""
    fitting = [each for each in elements if each.id_short == name]
    kind = _kind_of(value)
    return next((each for each in fitting if each.model_type == kind), fitting[0])


#: What a key says in the table of a submodel or an element, so that elements of such names have `_` before them.
RESERVED = {
    "Submodel": frozenset(("template", "id")),
    "Entity": frozenset(("globalAssetId", "specificAssetIds", "entityType")),
    "AnnotatedRelationshipElement": frozenset(("first", "second")),
}
_TAKEN = frozenset(name for names in RESERVED.values() for name in names)


class _Builder:
    def __init__(self, language: str) -> None:
        self.language = language
        self.origins: dict[int, ValuePath] = {}
        self.troubles: list[Trouble] = []
        self.attachments: list[Attachment] = []
        self.mentions: list[Mention] = []
        self.typed: set[int] = set()
        #: The names that a form gives itself where elements are being built.
        self.named: set[str] = set()
        #: The children of the elements that are being built, from the submodel down.
        self.way: list[tuple[Element, ...]] = []

    def trouble(
        self, path: ValuePath, message: str, hint: str, element: Element | None = None
    ) -> None:
        """Note what does not fit."""
        self.troubles.append(Trouble(path, message, hint, element))

    def elements(
        self, elements: tuple[Element, ...], values: Mapping[str, Any], path: ValuePath
    ) -> list[Any]:
        """The elements of a submodel, collection or entity, in the order of the template."""
        self.way.append(elements)
        made: list[Any] = []
        known: set[str] = set()
        outer, self.named = self.named, set(values)
        for element in elements:
            key = element.id_short or ""
            if key in _TAKEN and f"_{key}" in values:  # where the name alone says something else
                key = f"_{key}"
            if key not in known and values.get(key) is not None:
                fitting = _of_name(elements, element.id_short or "", values[key])
                made += self._several(fitting, values[key], (*path, key))
            known.add(key)
        for key, value in values.items():
            if key in known:
                continue
            fitting_names = [each for each in elements if _may_be_called(each, key)]
            if fitting_names:
                kinds = {each.model_type: each for each in reversed(fitting_names)}
                one = value[0] if isinstance(value, list) and value else value
                meant = kinds.get(_kind_of(one), fitting_names[0])
                made += self._several(meant, value, (*path, key), key)
            else:
                made += self._unknown(elements, key, value, (*path, key))
        self.way.pop()
        self.named = outer
        return made

    def _several(
        self, element: Element, value: Any, path: ValuePath, name: str | None = None
    ) -> Iterator[Any]:
        """One element, or as many as there are values where the template allows several.

        Each is called as it says itself, by the `name`, or as the template asks.
        """
        if not isinstance(value, list) or element.model_type == "SubmodelElementList":
            said, value = self._own_name(element, value, path)
            made = self.element(element, value, path)
            if made is not None:
                made.id_short = said or name or _first_name(element)
                yield made
            return
        if element.maximum == 1:
            message = f"`{element.name}` may stand here once only, and the value is a list"
            self.trouble(path, message, "give one value", element)
            return
        count = len(value)
        fresh = (_numbered_name(element, position, count) for position in itertools.count())
        free = (each for each in fresh if each == element.id_short or each not in self.named)
        names = [name or each for each in itertools.islice(free, count)]
        often = Counter(names)
        for position, each in enumerate(value):
            said, content = self._own_name(element, each, (*path, position))
            if said is None and often[names[position]] > 1:
                message = f"`{element.name}` stands several times, and each has a name of its own"
                hint = f"write each under its name, of the pattern {element.allowed_id_short}"
                self.trouble(path, message, hint, element)
                return
            made = self.element(element, content, (*path, position))
            if made is not None:
                made.id_short = said or names[position]
                yield made

    def _own_name(self, element: Element, value: Any, path: ValuePath) -> tuple[str | None, Any]:
        """The idShort that a table gives its element, and the table without it."""
        is_table = element.model_type in ("SubmodelElementCollection", "Entity")
        is_child = any(each.id_short == "idShort" for each in element.elements)
        if not is_table or not isinstance(value, dict) or "idShort" not in value or is_child:
            return None, value
        rest = {key: each for key, each in value.items() if key != "idShort"}
        name, here = value["idShort"], (*path, "idShort")
        pattern = element.allowed_id_short
        if not isinstance(name, str):
            self.trouble(here, "`idShort` is no text", "write it in quotes")
        elif pattern and name != element.id_short and not re.fullmatch(pattern, name):
            message = f"`{element.name}` cannot be called `{name}`"
            self.trouble(here, message, f"write a name of the pattern {pattern}", element)
        else:
            return name, rest
        return None, rest

    def _unknown(
        self, elements: tuple[Element, ...], key: str, value: Any, path: ValuePath
    ) -> Iterator[Any]:
        """A value that no element has the name of: free content where the template has a place."""
        free = list(filter(is_free, elements))
        kind = _kind_of(value)
        match = next((each for each in free if each.model_type == kind), None)
        if match is None and elements == ANYTHING:
            match = Element(model_type=kind)
        if match is None and free and kind == "Property":
            match = Element(model_type="Property", semantic_id=free[0].semantic_id)
        if match is not None:
            made = self.element(match, value, path)
            if made is not None:
                made.id_short = key
                yield made
            return
        names = [each.id_short for each in elements if each.id_short]
        near = difflib.get_close_matches(key, names, 1, 0.6)
        hint = f"did you mean `{near[0]}`?" if near else f"here are {some_of(names)}"
        if not names:
            hint = "remove it"
        self.trouble(path, f"the template has no `{key}` here", hint)

    def element(self, element: Element, value: Any, path: ValuePath) -> Any:
        """One element; `None` if the value does not fit at all."""
        maker = _MAKERS.get(element.model_type)
        if maker is None:
            message = f"a {element.model_type} cannot be made from a form"
            self.trouble(path, message, "add it to the package by another way", element)
            return None
        if element.model_type not in _OF_TEXT and isinstance(value, str):
            value = {} if _EMPTY_TABLE.fullmatch(value) else value
        made: SubmodelElement | None = maker(self, element, value, path)
        if made is None:
            return None
        if element.value_type is None or (element.value_type == "xs:string" and is_free(element)):
            if isinstance(made, Property):
                made.value_type = _type_of(value)
            elif isinstance(made, Range):
                made.value_type = _type_of_both(value.values())
        _give_meaning(made, element)
        self.origins[id(made)] = path
        return made

    def below(self, element: Element) -> tuple[Element, ...]:
        """The children that the template has for an element."""
        if element.recurs:
            return self.way[-element.recurs]
        is_open = element.semantic_id is None and self.way[-1:] == [ANYTHING]
        return element.elements or (ANYTHING if is_open else ())

    def literal(
        self, value: Any, type_: str | None, element: Element, path: ValuePath
    ) -> str | None:
        """A value as a literal of an XSD type."""
        if not isinstance(value, _PLAIN):
            self.trouble(path, f"`{element.name}` is one value", hint_for(element), element)
            return None
        if isinstance(value, bool) and type_ == "xs:string":  # spelled as the template does
            word = literal_of(value, type_)
            words = {each.casefold(): each for each in element.offered}
            said = (word, word.capitalize(), word.upper())
            pattern = element.allowed_pattern
            value = words.get(word) or next(
                (each for each in said if pattern and re.fullmatch(pattern, each)), value
            )
        try:
            text = literal_of(value, type_)
        except (ValueError, decimal.InvalidOperation):
            message = f"`{element.name}` is a number that cannot be written as `{type_}`"
            self.trouble(path, message, "write it in quotes", element)
            return None
        reason = problem(text, type_ or "xs:string") if text else None
        if reason is not None:
            message = f"`{shortened(text)}` is not a literal of `{type_}`: {reason}"
            self.trouble(path, message, hint_for(element), element)
            return None
        return text


class Number(float):
    """A number of a form that keeps how it was written."""

    text: str

    def __new__(cls, text: str) -> Self:
        """A number from its text."""
        made = super().__new__(cls, text)
        made.text = text.replace("_", "")
        return made


def literal_of(value: Any, type_: str | None) -> str:
    """How a value of a form is written in XSD; numbers stay as they were written where they can.

    Raises:
        ValueError: a number that the type has no literal for.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat().replace("+00:00", "Z")
    if not isinstance(value, float):
        return str(value)
    text = value.text if isinstance(value, Number) else repr(float(value))
    word = text.lstrip("+-").lower()
    if word in ("inf", "nan") and type_ in ("xs:double", "xs:float"):
        return {"inf": "-INF" if text.startswith("-") else "INF", "nan": "NaN"}[word]
    if type_ == "xs:decimal" and "e" in word:
        return f"{decimal.Decimal(text):f}"
    return text


#: What a text fills, so that `{}` is one.
_OF_TEXT = frozenset(("Property", "MultiLanguageProperty"))
#: How a cell says that an element is there and has nothing in it, as in TOML.
_EMPTY_TABLE = re.compile(r"\s*\{\s*\}\s*")


def _kind_of(value: Any) -> str:
    if isinstance(value, dict):
        if "path" in value:
            return "File"
        if value and value.keys() <= {"min", "max"}:  # before languages: both look like one
            return "Range"
        if value and all(
            isinstance(each, str) and key.partition("-")[0] in _LANGUAGES
            for key, each in value.items()
        ):
            return "MultiLanguageProperty"
        return "SubmodelElementCollection"
    return "SubmodelElementList" if isinstance(value, list) else "Property"


def _type_of(value: Any) -> Any:
    if isinstance(value, bool):
        return "xs:boolean"
    if isinstance(value, int):
        return "xs:integer"
    if isinstance(value, float):
        return "xs:double"
    if isinstance(value, dt.datetime):
        return "xs:dateTime"
    return "xs:date" if isinstance(value, dt.date) else "xs:string"


def _type_of_both(ends: Iterable[Any]) -> Any:
    """The type of the two ends of a range: a whole number is a number, too."""
    types = {_type_of(each) for each in ends}
    if types == {"xs:integer", "xs:double"}:
        return "xs:double"
    return types.pop() if len(types) == 1 else "xs:string"


#: What is taken as a language where a table could be one of names as well: those of Europe, and the
#: most spoken ones (ISO 639-1), but for `id`, `is`, `no` and the like.
_LANGUAGES = frozenset(
    (  # noqa: SIM905 - a list of them would take a page
        "ar bg bn bs ca cs da de el en es et fa fi fr ga he hi hr hu it ja ka kk ko lb "
        "lt lv mk mt nb nl nn pl pt ro ru sk sl sq sr sv th tr uk vi zh "
    ).split()
)
_KEY_TYPES = get_args(KeyTypes)
_PLACEHOLDER = re.compile(r"__0+__|\{0+\}|\[\\d[^\]]*\]")


def _first_name(element: Element) -> str | None:
    """The idShort of a single element: the template's, with a number where it has a place for one."""
    return _numbered_name(element, 0, 1)


def _numbered_name(element: Element, position: int, count: int) -> str | None:
    name = element.id_short
    if name is None:
        return None
    number = f"{position + 1:02}"
    if _PLACEHOLDER.search(name):
        return _PLACEHOLDER.sub(number, name)
    pattern = element.allowed_id_short
    if pattern and (count > 1 or not re.fullmatch(pattern, name)):
        base = re.match(r"\w*?(?=\\d|\[\\d|\(\?:__)", pattern)
        stems = (base[0] if base else name, name, name.rstrip("0123456789"))
        candidates = (f"{stem}{number}" for stem in stems)
        return next((each for each in candidates if re.fullmatch(pattern, each)), name)
    return name if count == 1 else f"{name}{number}"


#: What people call the values of elements and types, where that is another word.
_PLAIN_WORDS = {
    "xs:string": "a text",
    "xs:anyURI": "a URL or another URI",
    "xs:boolean": "true or false",
    "xs:date": "a date such as 2031-05-17",
    "xs:dateTime": "a time such as 2031-05-17T08:30:00Z",
    "xs:time": "a time of day such as 08:30:00",
    "xs:gYear": "a year",
    "xs:duration": "a duration such as P1Y6M",
    "xs:hexBinary": "hexadecimal digits",
    "xs:base64Binary": "a text in base64",
    "xs:decimal": "a number",
    "xs:double": "a number",
    "xs:float": "a number",
    "MultiLanguageProperty": "a text by language",
    "File": "a file",
    "Range": "a least and a greatest value",
    "ReferenceElement": "an id, or the way to an element such as Nameplate/SerialNumber",
    "RelationshipElement": "two ids or ways to elements that belong together",
    "AnnotatedRelationshipElement": "two ids or ways to elements that belong together",
    "SubmodelElementCollection": "a table",
    "SubmodelElementList": "a list",
    "Operation": "an empty table { } if it is offered",
}


def said_of(element: Element) -> str:
    """What a person writes as the value of an element, and the name of its type or class."""
    if element.model_type == "Range":
        return f"{_PLAIN_WORDS['Range']} (Range of {element.value_type or 'xs:string'})"
    name = element.value_type or element.model_type
    if name in _PLAIN_WORDS:
        return f"{_PLAIN_WORDS[name]} ({name})"
    return f"a whole number ({name})" if name in NUMERIC else name


def example_of(element: Element) -> str | None:
    """An example as it is written in a form: a text without the mark of its language."""
    if not element.examples:
        return None
    text = element.examples[0]
    return (
        re.sub(r"@[a-z]{2,3}(-\w+)?$", "", text)
        if element.model_type == "MultiLanguageProperty"
        else text
    )


def hint_for(element: Element) -> str:
    """What to write for an element."""
    said = example_of(element)
    example = f", such as `{shortened(said)}`" if said else ""
    match element.model_type:
        case "Property":
            return f"write {said_of(element)}{example}"
        case "MultiLanguageProperty":
            return 'write texts by language: { en = "...", de = "..." }'
        case "File":
            return 'write { path = "manual.pdf", contentType = "application/pdf" }'
        case "Range":
            return "write { min = ..., max = ... }"
        case "SubmodelElementList":
            return "write a list: [...]"
        case "ReferenceElement":
            return 'write the id that it points to, or the way to an element such as "Nameplate/SerialNumber"'
        case "RelationshipElement" | "AnnotatedRelationshipElement":
            return 'write { first = "...", second = "..." }'
        case "BasicEventElement":
            observed = '{ keys = [["Submodel", "https://..."]] }'
            return f'write {{ observed = {observed}, direction = "output", state = "on" }}'
        case "Operation" | "Capability":
            return "write an empty table: { }"
        case _:
            return "write a table with its elements"


# -- one maker for each class --------------------------------------------------------------------


def _property(run: _Builder, element: Element, value: Any, path: ValuePath) -> Any:
    type_: Any = element.value_type or "xs:string"
    text = run.literal(value, type_, element, path)
    return None if text is None else Property(value_type=type_, value=text)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _texts(run: _Builder, element: Element, value: Any, path: ValuePath) -> Any:
    if _is_number(value):
        value = literal_of(value, "xs:string")
    texts = {run.language: value} if isinstance(value, str) else value
    if isinstance(texts, dict):  # a number is a text in every language
        texts = {
            key: literal_of(each, "xs:string") if _is_number(each) else each
            for key, each in texts.items()
        }
    if not isinstance(texts, dict) or not all(isinstance(each, str) for each in texts.values()):
        run.trouble(path, f"`{element.name}` takes texts by language", hint_for(element), element)
        return None
    if not texts:
        run.trouble(path, f"`{element.name}` is empty", hint_for(element), element)
        return None
    found = [model.LangStringTextType(language=key, text=text) for key, text in texts.items()]
    return MultiLanguageProperty(value=found)


def _range(run: _Builder, element: Element, value: Any, path: ValuePath) -> Any:
    if not isinstance(value, dict) or not value.keys() <= {"min", "max"}:
        run.trouble(path, f"`{element.name}` takes min and max", hint_for(element), element)
        return None
    type_: Any = element.value_type or "xs:string"
    ends = {key: run.literal(value[key], type_, element, (*path, key)) for key in value}
    return Range(value_type=type_, min=ends.get("min"), max=ends.get("max"))


def _has_only(
    run: _Builder, element: Element, value: Any, path: ValuePath, *keys: str
) -> dict[str, str] | None:
    """A table of texts with no other than some keys, the first of which is needed; else `None`."""
    given = {keys[0]: value} if isinstance(value, str) else value
    if not isinstance(given, dict) or keys[0] not in given:
        run.trouble(path, f"`{element.name}` takes `{keys[0]}`", hint_for(element), element)
        return None
    for key, each in given.items():
        if key not in keys:
            near = difflib.get_close_matches(key, keys, 1, 0.6)
            hint = f"did you mean `{near[0]}`?" if near else f"it has {', '.join(keys)}"
            run.trouble((*path, key), f"`{element.name}` has no `{key}`", hint, element)
            return None
        if not isinstance(each, str):
            run.trouble((*path, key), f"`{key}` is no text", "write it in quotes", element)
            return None
    return given


def _file(run: _Builder, element: Element, value: Any, path: ValuePath) -> Any:
    given = _has_only(run, element, value, path, "path", "contentType")
    if given is None:
        return None
    local = given["path"]
    made = File(content_type=given.get("contentType") or guess_type(local))
    made.value = local or None
    if local and not re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", local):
        run.attachments.append(Attachment((*path, "path"), local, made))
    return made


def _blob(run: _Builder, element: Element, value: Any, path: ValuePath) -> Any:
    given = _has_only(run, element, value, path, "value", "contentType")
    if given is None:
        return None
    try:
        base64.b64decode(given["value"], validate=True)
    except (binascii.Error, ValueError):
        run.trouble((*path, "value"), "the value is no base64 text", "encode the bytes in base64")
        return None
    type_ = given.get("contentType") or element.content_type or "application/octet-stream"
    return Blob(content_type=type_, value=given["value"])


def _reference_of(run: _Builder, element: Element, value: Any, path: ValuePath) -> Any:
    """A reference from an id, the way to an element, or `{type, keys}` with keys such as `["Submodel", "..."]`."""
    if isinstance(value, str) and value:
        made = external_reference(value)
        run.mentions.append(Mention(path, value, made))
        return made
    given: dict[str, Any] = value if isinstance(value, dict) else {}
    if given.keys() <= {"keys", "type"} and isinstance(given.get("keys"), list) and given["keys"]:
        keys = []
        for key in given["keys"]:
            if not (
                isinstance(key, list) and len(key) == 2 and all(isinstance(x, str) for x in key)
            ):
                break
            if key[0] not in _KEY_TYPES:
                near = difflib.get_close_matches(key[0], _KEY_TYPES, 1, 0.6)
                hint = f"did you mean `{near[0]}`?" if near else "such as Submodel, Property"
                run.trouble(path, f"there is no type of key `{key[0]}`", hint, element)
                return None
            keys.append(model.Key(type=key[0], value=key[1]))
        else:
            external = keys[0].type == "GlobalReference"
            default = "ExternalReference" if external else "ModelReference"
            return Reference(type=given.get("type", default), keys=keys)
    hint = 'write an id, or { keys = [["Submodel", "https://..."], ["Property", "Name"]] }'
    run.trouble(path, f"`{element.name}` takes a reference", hint, element)
    return None


def _reference_element(run: _Builder, element: Element, value: Any, path: ValuePath) -> Any:
    reference = _reference_of(run, element, value, path)
    return None if reference is None else ReferenceElement(value=reference)


def _relationship(run: _Builder, element: Element, value: Any, path: ValuePath) -> Any:
    annotated = element.model_type == "AnnotatedRelationshipElement"
    if (
        not isinstance(value, dict)
        or not {"first", "second"} <= value.keys()
        or (len(value) > 2 and not annotated)
    ):
        run.trouble(path, f"`{element.name}` joins two things", hint_for(element), element)
        return None
    ends = [_reference_of(run, element, value[key], (*path, key)) for key in ("first", "second")]
    if None in ends:
        return None
    kind: Any = getattr(model, element.model_type)
    made = kind(first=ends[0], second=ends[1])
    rest = {key: each for key, each in value.items() if key not in ("first", "second")}
    if rest and annotated:
        made.annotations = run.elements(run.below(element), rest, path) or None
    return made


def _collection(run: _Builder, element: Element, value: Any, path: ValuePath) -> Any:
    if not isinstance(value, dict):
        run.trouble(path, f"`{element.name}` takes elements by name", hint_for(element), element)
        return None
    return SubmodelElementCollection(value=run.elements(run.below(element), value, path) or None)


def _list(run: _Builder, element: Element, value: Any, path: ValuePath) -> Any:
    if not isinstance(value, list):
        run.trouble(path, f"`{element.name}` takes a list", hint_for(element), element)
        return None
    member_type: Any = element.type_value_list_element or "SubmodelElement"
    members = run.below(element)
    fitting = [each for each in members if each.model_type == member_type] or list(members)
    if not members and member_type == "SubmodelElement":
        members = ANYTHING
    elif not fitting and member_type in _MAKERS:
        fitting = [
            Element(
                model_type=member_type,
                value_type=element.value_type_list_element,
                semantic_id=element.semantic_id_list_element,
            )
        ]
    made = []
    run.way.append(members)
    for position, each in enumerate(value):
        below = (
            Element(model_type=_kind_of(each)) if members == ANYTHING else _member(fitting, each)
        )
        if below is None:
            run.trouble(
                (*path, position), f"a list of {member_type} holds no such value", "remove it"
            )
            continue
        record = run.element(below, each, (*path, position))
        if record is not None:
            made.append(record)
    run.way.pop()
    value_type: Any = element.value_type_list_element
    if member_type == "SubmodelElement" and len({type(each) for each in made}) == 1:
        types = {getattr(each, "value_type", None) for each in made}
        if len(types) == 1:  # AASd-108 and AASd-109: the list says what its members are
            member_type, value_type = type(made[0]).__name__, types.pop()
    elif value_type is None and member_type in ("Property", "Range"):
        value_type = fitting[0].value_type or "xs:string"  # left out in some templates
    return SubmodelElementList(
        order_relevant=element.order_relevant,
        semantic_id_list_element=reference(element.semantic_id_list_element),
        type_value_list_element=member_type,
        value_type_list_element=value_type,
        value=made or None,
    )


def _member(members: list[Element], value: Any) -> Element | None:
    """The kind of member that a value is meant as: the one that has most of its keys."""
    if len(members) < 2:
        return members[0] if members else None
    kind = _kind_of(value)
    same = [each for each in members if each.model_type == kind] or members
    if not isinstance(value, dict):
        return same[0]
    return max(same, key=lambda each: sum(child.id_short in value for child in each.elements))


def _entity(run: _Builder, element: Element, value: Any, path: ValuePath) -> Any:
    if not isinstance(value, dict):
        run.trouble(path, f"`{element.name}` takes elements by name", hint_for(element), element)
        return None
    rest = dict(value)
    asset = rest.pop("globalAssetId", None)
    if asset is not None and not isinstance(asset, str):
        run.trouble((*path, "globalAssetId"), "`globalAssetId` is no text", "write it in quotes")
        return None
    specific = specific_asset_ids(run.trouble, rest.pop("specificAssetIds", None), path)
    kinds = ("SelfManagedEntity", "CoManagedEntity")
    if rest.get("entityType") is not None and rest["entityType"] not in kinds:
        hint = f"use {' or '.join(kinds)}"
        run.trouble((*path, "entityType"), "`entityType` is no kind of entity", hint)
        return None
    default: Any = (
        "SelfManagedEntity" if asset or specific else element.entity_type or "CoManagedEntity"
    )
    kind: Any = rest.pop("entityType", None)
    made = Entity(
        entity_type=kind or default,
        global_asset_id=asset,
        specific_asset_ids=specific,
        statements=run.elements(run.below(element), rest, path) or None,
    )
    if kind:
        run.typed.add(id(made))
    return made


def specific_asset_ids(
    trouble: Callable[[ValuePath, str, str], None], value: Any, path: ValuePath
) -> list[model.SpecificAssetId] | None:
    """Asset ids by their names, from a table of texts or numbers."""
    if value is None:
        return None
    here = (*path, "specificAssetIds")
    hint = 'write { serialNumber = "4711" }'
    if not isinstance(value, dict):
        trouble(here, "`specificAssetIds` is no table", hint)
        return None
    made = []
    for name, each in value.items():
        if isinstance(each, (dict, list)) or not str(each).strip():
            trouble((*here, name), f"`{name}` is no text", hint)
        else:
            made.append(model.SpecificAssetId(name=name, value=literal_of(each, "xs:string")))
    return made or None


def _event(run: _Builder, element: Element, value: Any, path: ValuePath) -> Any:
    given: dict[str, Any] = value if isinstance(value, dict) else {}
    said = {
        key: each for key, each in given.items() if key in ("direction", "state", "messageTopic")
    }
    for key, allowed in (("direction", ("input", "output")), ("state", ("on", "off"))):
        if said.get(key) not in allowed:
            hint = f"write {key} = {' or '.join(map(json.dumps, allowed))}"
            run.trouble((*path, key), f"`{element.name}` says no `{key}`", hint, element)
            return None
    unknown = next((key for key in given if key != "observed" and key not in said), None)
    if unknown is not None:
        hint = "it has observed, direction, state and messageTopic"
        run.trouble((*path, unknown), f"`{element.name}` has no `{unknown}`", hint, element)
        return None
    if not isinstance(said.get("messageTopic", ""), str):
        run.trouble((*path, "messageTopic"), "`messageTopic` is no text", "write it in quotes")
        return None
    observed = _reference_of(run, element, given.get("observed"), (*path, "observed"))
    if observed is None:
        return None
    return model.BasicEventElement(
        observed=observed,
        direction=said["direction"],
        state=said["state"],
        message_topic=said.get("messageTopic"),
    )


def _capability(run: _Builder, element: Element, value: Any, path: ValuePath) -> Any:
    if value is not True and value != {}:
        message = f"`{element.name}` is a Capability, which has no value"
        run.trouble(path, message, "write an empty table: { }", element)
        return None
    return model.Capability()


def _operation(run: _Builder, element: Element, value: Any, path: ValuePath) -> Any:
    if value is not True and value != {}:
        message = f"`{element.name}` is an Operation, whose variables are those of the template"
        run.trouble(path, message, hint_for(element), element)
        return None
    lists: dict[str, list[model.OperationVariable]] = {}
    if any(each.model_type == "BasicEventElement" for each in _all_below(element)):
        message = f"`{element.name}` has an event as variable, which cannot be made from a form"
        run.trouble(path, message, "leave it out, and add it with another tool", element)
        return None
    for each in element.elements:
        variable = model.OperationVariable(value=_without_value(each))
        lists.setdefault(each.variables or "", []).append(variable)
    return model.Operation(
        input_variables=lists.get("inputVariables"),
        output_variables=lists.get("outputVariables"),
        inoutput_variables=lists.get("inoutputVariables"),
    )


def _all_below(element: Element) -> Iterator[Element]:
    for each in element.elements:
        yield each
        yield from _all_below(each)


def _without_value(element: Element, *, is_member: bool = False) -> Any:
    """An element that says what its value would be, as a variable of an operation does."""
    kind: Any = getattr(model, element.model_type)
    said = {name: getattr(element, name) for name in kind.__struct_fields__ if name in _DESCRIBING}
    silent = {name: word for name, word in _DESCRIBED.items() if said.get(name, "") is None}
    made = kind(**(said | silent))
    made.id_short = None if is_member else _first_name(element)
    _give_meaning(made, element)
    is_list = element.model_type == "SubmodelElementList"
    alternatives: set[str] = set()
    below = []
    for each in element.elements:
        if each.maximum != 0 and each.either_or not in alternatives:
            below.append(_without_value(each, is_member=is_list))
            alternatives |= {each.either_or} if each.either_or else set()
    if isinstance(made, SubmodelElementList):
        made.semantic_id_list_element = reference(element.semantic_id_list_element)
    if isinstance(made, (SubmodelElementList, SubmodelElementCollection)):
        made.value = below or None
    elif isinstance(made, Entity):
        made.statements = below or None
    return made


#: What elements say of their values, and what is said where a template is silent.
_DESCRIBING = frozenset(
    (
        "value_type",
        "content_type",
        "entity_type",
        "order_relevant",
        "type_value_list_element",
        "value_type_list_element",
    )
)
_DESCRIBED = {"value_type": "xs:string", "content_type": "application/octet-stream"}


_Maker = Callable[[_Builder, Element, Any, ValuePath], Any]
_MAKERS: dict[str, _Maker] = {
    "Property": _property,
    "MultiLanguageProperty": _texts,
    "Range": _range,
    "File": _file,
    "Blob": _blob,
    "ReferenceElement": _reference_element,
    "RelationshipElement": _relationship,
    "AnnotatedRelationshipElement": _relationship,
    "SubmodelElementCollection": _collection,
    "SubmodelElementList": _list,
    "Entity": _entity,
    "BasicEventElement": _event,
    "Capability": _capability,
    "Operation": _operation,
}
