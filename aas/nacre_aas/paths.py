"""Paths: how a person names an element, an attribute of it, or a text in a language.

A path is `Submodel/Collection/Element`, where the first step is the idShort or id of a shell,
submodel or concept description, and the others are idShorts or positions (`List/0` or `List[0]`).
Behind a colon stands an attribute, with dots down to those of its parts:
`Motor:assetInformation.globalAssetId`. A member of a list of attributes is named in brackets, by its
position or by what tells it from the others: `Motor:assetInformation.specificAssetIds[serialNumber]`.
A text in a language is `Nameplate/ManufacturerName@de` or `Motor:description@de`.
"""

import difflib
import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple

from nacre_aas.document import identifiables
from nacre_aas.errors import EditError
from nacre_aas.model import (
    Blob,
    Environment,
    File,
    Identifiable,
    Key,
    MultiLanguageProperty,
    OperationVariable,
    Property,
    Range,
    Record,
    Referable,
    Reference,
    ReferenceElement,
    SubmodelElementList,
)
from nacre_aas.schema import (
    Attribute,
    Kind,
    attributes,
    attributes_by_json_name,
    elements_below,
    position_of,
)
from nacre_aas.wording import counted, some_of

_POSITION = re.compile(r"\[([0-9]+)\]")
_STEP = r"[A-Za-z]\w*(?:\[[^\]]*\])?"
_ATTRIBUTE = re.compile(rf"{_STEP}(?:\.{_STEP})*(?:@[\w-]*)?")
_STEPS = re.compile(r"(?:^|\.)(?P<name>\w+)(?:\[(?P<bracket>[^\]]*)\]|@(?P<language>[\w-]*))?")

#: What tells the members of a list from each other, and what such a member says.
_TELLING, _SAYING = ("name", "type", "language"), ("value", "text")
_STRING = "xs:string"


def find(environment: Environment, path: str) -> Referable:
    """The identifiable or element at a path.

    Raises:
        EditError: there is none, or the first step is ambiguous.
    """
    return trail(environment, path)[-1]


def trail(environment: Environment, path: str) -> list[Referable]:
    """The records on the way down a path, from the identifiable to what it names; raises as `find` does."""
    record, rest = _start(environment, path)
    found: list[Referable] = [record]
    for step in _steps(rest):
        found.append(_step(found[-1], step, path))
    return found


def starts(environment: Environment, path: str) -> list[tuple[int, Identifiable]]:
    """The identifiables whose id or idShort a path begins with, and how long that is."""
    return [
        (len(name), record)
        for record in identifiables(environment)
        for name in (record.id, record.id_short)
        if name and (path == name or path.startswith((f"{name}/", f"{name}[")))
    ]


def _start(environment: Environment, path: str) -> tuple[Identifiable, str]:
    candidates = starts(environment, path)
    if not candidates:
        named = (each.id_short or each.id for each in identifiables(environment))
        known = [name for name in named if name]  # a faulty one may have neither
        near = difflib.get_close_matches(re.split(r"[/\[]", path)[0], known, 1, 0.5)
        hint = f"did you mean `{near[0]}`?" if near else f"the file has {some_of(known)}"
        raise EditError(f"nothing has the idShort or id that `{path}` starts with", hint)
    longest = max(length for length, _ in candidates)
    best = {id(record): record for length, record in candidates if length == longest}
    if len(best) > 1:
        ids = ", ".join(f"`{record.id}`" for record in best.values())
        raise EditError(f"`{path}` is ambiguous", f"use the id instead of the idShort: {ids}")
    return next(iter(best.values())), path[longest:]


def _steps(rest: str) -> list[str]:
    return [step for step in _POSITION.sub(r"/\1", rest).split("/") if step]


def _members(record: Record) -> list[Record | None]:
    return [
        child.value if isinstance(child, OperationVariable) else child
        for _, child in elements_below(record)
    ]


def _step(record: Record, step: str, path: str) -> Referable:
    members = _members(record)
    for member in members:
        if isinstance(member, Referable) and member.id_short == step:
            return member
    position = position_of(step)
    if position is not None and position < len(members):
        member = members[position]
        assert isinstance(member, Referable)
        return member
    if isinstance(record, SubmodelElementList):
        hint = f"the list has {counted(len(members), 'member')}, from 0"
        raise EditError(f"`{path}`: there is no `{step}`", hint)
    known = [each.id_short for each in members if isinstance(each, Referable) and each.id_short]
    near = difflib.get_close_matches(step, known, 1, 0.5)
    hint = f"did you mean `{near[0]}`?" if near else f"here are {some_of(known) or 'no elements'}"
    raise EditError(f"`{path}`: there is no `{step}`", hint)


def reference_to(way: Sequence[Referable]) -> Reference:
    """The model reference to what a trail leads to: ids, idShorts, and positions in lists as keys."""
    values = [getattr(way[0], "id", "")]
    for parent, child in itertools.pairwise(way):
        if isinstance(parent, SubmodelElementList):
            values.append(str(next(n for n, each in enumerate(_members(parent)) if each is child)))
        else:
            values.append(child.id_short or "")
    keys = [
        Key(type=type(record).__name__, value=value)  # type: ignore[arg-type]
        for record, value in zip(way, values, strict=True)
    ]
    return Reference(type="ModelReference", keys=keys)


def split_attribute(environment: Environment, path: str) -> tuple[str, str, str]:
    """Split off the attribute; the colons of an id at the start are none."""
    start = _end_of_id(environment, path)
    if start:
        before, colon, attribute = path[start:].partition(":")
        return path[:start] + before, colon, attribute
    for match in re.finditer(":", path):
        if _ATTRIBUTE.fullmatch(path, match.end()):
            return path[: match.start()], ":", path[match.end() :]
    return path, "", ""


def _end_of_id(environment: Environment, path: str) -> int:
    """Where the id ends that a path begins with: the longest, up to a mark of paths; 0 if it begins with none."""
    return max(
        (
            len(each.id)
            for each in identifiables(environment)
            if each.id and path.startswith(each.id) and path[len(each.id) :][:1] in ("", *"/[:@")
        ),
        default=0,
    )


def split_language(environment: Environment, path: str) -> tuple[str, str]:
    """Split off the language behind the last step of a path; an `@` of an id at the start marks none."""
    start = _end_of_id(environment, path)
    before, at, language = path[start:].rpartition("@")
    return (path[:start] + before, language) if at and "/" not in language else (path, "")


# -- attributes ---------------------------------------------------------------------------------


class Place(NamedTuple):
    """An attribute of a record and, in a list, what names the member: a position or a name."""

    owner: Record
    attribute: Attribute
    member: str | None


def place_of(record: Record, text: str, *, make: bool = False) -> Place:
    """The attribute that a text such as `administration.version` names; `make` makes what is above it.

    Raises:
        EditError: there is none of that name.
    """
    if not _ATTRIBUTE.fullmatch(text):
        raise EditError(f"`{text}` names no attribute", "write it as `administration.version`")
    *way, last = (
        (match["name"], match["bracket"] if match["language"] is None else match["language"])
        for match in _STEPS.finditer(text)
    )
    _refuse_unknown(type(record), [name for name, _ in (*way, last)])
    for name, member in way:
        record = _below(Place(record, _attribute(type(record), name), member), make=make)
    return Place(record, _attribute(type(record), last[0]), last[1])


def _refuse_unknown(class_: type[Record], names: list[str]) -> None:
    """Refuse a way of attributes that no record can have, before anything is made."""
    for name, below in itertools.pairwise(names):
        attribute = _attribute(class_, name)
        if not attribute.targets:
            raise EditError(f"`{name}` has no attribute `{below}`")
        class_ = attribute.targets[0]
        if attribute.kind is Kind.CHOICE:
            return
    _attribute(class_, names[-1])


def _attribute(class_: type[Record], name: str) -> Attribute:
    known = attributes_by_json_name(class_)
    if name not in known:
        near = difflib.get_close_matches(name, known, 1, 0.5)
        hint = f"did you mean `{near[0]}`?" if near else f"it has {', '.join(known)}"
        raise EditError(f"{class_.__name__} has no attribute `{name}`", hint)
    return known[name]


def _below(place: Place, *, make: bool) -> Record:
    """The record at a place, made new where there is none and that is wanted."""
    found = getattr(place.owner, place.attribute.name)
    if not place.attribute.is_list:
        if found is None and make:
            found = _new(place.attribute)
            setattr(place.owner, place.attribute.name, found)
        if found is None:
            raise EditError(f"there is no `{place.attribute.json_name}` here")
        assert isinstance(found, Record)
        return found
    position = member_position(place, make=make)
    members: list[Record] = getattr(place.owner, place.attribute.name)
    return members[position]


def member_position(place: Place, *, make: bool) -> int:
    """Where in a list the member is that a place names; `make` adds one that is not there yet.

    Raises:
        EditError: it is not there, or not said which one is meant.
    """
    name, attribute = place.attribute.json_name, place.attribute
    members: list[Record] = getattr(place.owner, attribute.name) or []
    telling = _one_of(_TELLING, attribute)
    known = [] if telling is None else [str(getattr(each, telling.name)) for each in members]
    if not place.member:
        word = "0" if telling is None else telling.name
        shown = f"{name}@%s" if word == "language" else f"{name}[%s]"
        known = known or [str(at) for at in range(len(members))] or [word.upper()]
        which = ", ".join(f"`{shown % each}`" for each in known)
        raise EditError(f"`{name}` is a list", f"say which one: {which}")
    if known.count(place.member) > 1:
        many = [str(at) for at, each in enumerate(known) if each == place.member]
        raise EditError(
            f"`{name}` has several members `{place.member}`", f"say which one: {', '.join(many)}"
        )
    if place.member in known:
        return known.index(place.member)
    position = position_of(place.member)
    if position is not None and position >= len(members):
        telling = None  # a number is a position, and no name of something new
    if position is not None and position < len(members):
        return position
    if not make or (position is None and telling is None) or (position or 0) > len(members):
        raise EditError(
            f"`{name}` has no `{place.member}`", f"it has {counted(len(members), 'member')}"
        )
    added = _new(attribute)
    if telling is not None:
        setattr(added, telling.name, place.member)
    setattr(place.owner, attribute.name, [*members, added])
    return len(members)


def said_by(attribute: Attribute) -> Attribute | None:
    """The attribute that holds what a member of a list says, such as the `value` of a specific asset id."""
    return _one_of(_SAYING, attribute) if _one_of(_TELLING, attribute) else None


def _one_of(names: tuple[str, ...], attribute: Attribute) -> Attribute | None:
    known = attributes_by_json_name(attribute.targets[0])
    return next((known[name] for name in names if name in known and known[name].text), None)


def _new(attribute: Attribute) -> Record:
    """A record that may stand in an attribute, with its required texts still empty.

    Its values are strings, until another type is set.

    Raises:
        EditError: several classes may stand there, or it needs more than texts.
    """
    class_ = attribute.targets[0]
    required = [each for each in attributes(class_) if each.required]
    made = {each.name: _STRING if _STRING in each.literals else "" for each in required}
    if attribute.kind is Kind.CHOICE or any(
        each.text is None and not made[each.name] for each in required
    ):
        raise EditError(f"`{attribute.json_name}` cannot be made from one value")
    return class_(**made)


def value_at(environment: Environment, path: str) -> str:
    """The bare value of the element, or of the attribute of one, at a path as text.

    Raises:
        EditError: there is nothing there, or it has no value of its own.
    """
    way, _, attribute = split_attribute(environment, path)
    if attribute:
        return _text_at(place_of(find(environment, way), attribute), attribute)
    plain, language = split_language(environment, way)
    record = find(environment, plain)
    if language:
        if not isinstance(record, MultiLanguageProperty):
            raise EditError(f"a {type(record).__name__} has no texts by language")
        return _text_at(place_of(record, f"value@{language}"), way)
    match record:
        case Property() | File() | Blob():
            return record.value or ""
        case Range():
            return f"{record.min or ''}..{record.max or ''}"
        case MultiLanguageProperty():
            return "\n".join(f"{text.language}: {text.text}" for text in record.value or ())
        case ReferenceElement():
            return "" if record.value is None else text_of(record.value)
        case _:
            raise EditError(
                f"a {type(record).__name__} has no value of its own", "name one of its elements"
            )


def _text_at(place: Place, shown: str) -> str:
    value = getattr(place.owner, place.attribute.name)
    if value is None:
        raise EditError(f"there is no `{shown}` here")
    if place.attribute.is_list:
        value = value[member_position(place, make=False)]
        said = said_by(place.attribute)
        value = value if said is None else getattr(value, said.name)
    if isinstance(value, Reference):
        return text_of(value)
    if not isinstance(value, (str, bool)):
        raise EditError(f"`{shown}` has no text value")
    return value if isinstance(value, str) else str(value).lower()


def text_of(reference: Reference) -> str:
    """A reference as text: its keys, each with its type in parentheses, as IDTA-01001 writes them."""
    return ", ".join(f"({key.type}){key.value}" for key in reference.keys)
