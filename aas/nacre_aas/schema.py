"""The type model: what every class of the metamodel consists of, read off the records.

Readers, writers, checks, digests and comparisons walk these tables; none knows a class by name.
"""

import dataclasses
import enum
import functools
import re
import types
import typing
from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from nacre_aas import model
from nacre_aas.model import Record
from nacre_aas.model.datatypes import TextType


class Kind(enum.Enum):
    """What the value of an attribute, or the member of a list, is."""

    TEXT = enum.auto()
    BOOLEAN = enum.auto()
    ENUMERATION = enum.auto()
    RECORD = enum.auto()
    CHOICE = enum.auto()


@dataclasses.dataclass(frozen=True)
class Attribute:
    """One attribute of a class.

    `targets` are the record classes that may stand here (one for `RECORD`, several or a tagged
    one for `CHOICE`); `literals` the words of an enumeration; `text` the demands on a string.
    """

    name: str
    json_name: str
    required: bool
    is_list: bool
    kind: Kind
    text: TextType | None = None
    literals: tuple[str, ...] = ()
    targets: tuple[type[Record], ...] = ()

    @functools.cached_property
    def by_model_type(self) -> dict[str, type[Record]]:
        """The classes that may stand here, by the word in `modelType`."""
        return {target.__name__: target for target in self.targets}

    @functools.cached_property
    def by_xml_name(self) -> dict[str, type[Record]]:
        """The classes that may stand here, by the name of their XML element."""
        return {xml_name(target): target for target in self.targets}

    @property
    def wraps_in_xml(self) -> bool:
        """Whether the XML element of the attribute encloses elements named after classes."""
        return self.is_list or self.kind is Kind.CHOICE


def xml_name(record: type[Record]) -> str:
    """The XML element of a class: its name with a small first letter."""
    return record.__name__[0].lower() + record.__name__[1:]


def has_model_type(record: type[Record]) -> bool:
    """Whether JSON names the class in `modelType`."""
    return record.__tagged__ or record.__alone__


@functools.cache
def attributes(record: type[Record]) -> tuple[Attribute, ...]:
    """The attributes of a class, in the order of the XML schema."""
    hints = typing.get_type_hints(record, include_extras=True)
    names = dict(zip(record.__struct_fields__, record.__struct_encode_fields__, strict=True))
    required = {field.name for field in msgspec.structs.fields(record) if field.required}
    return tuple(
        _attribute(name, json_name, hints[name], required=name in required)
        for name, json_name in names.items()
        if json_name != "modelType"
    )


@functools.cache
def attributes_by_json_name(record: type[Record]) -> dict[str, Attribute]:
    """The attributes of a class by their name in JSON and XML."""
    return {attribute.json_name: attribute for attribute in attributes(record)}


@functools.cache
def classes() -> tuple[type[Record], ...]:
    """All classes that have instances, in alphabetical order."""
    found = (getattr(model, name) for name in model.__all__)
    return tuple(
        item
        for item in found
        if isinstance(item, type) and issubclass(item, Record) and item.__struct_fields__
    )


def children(record: Record) -> Iterator[tuple[tuple[str | int, ...], Record]]:
    """The records directly below one, each with its path of JSON names and positions."""
    yield from _below(record, _record_attributes(type(record)))


#: What an operation holds its variables in, by JSON name.
VARIABLES = ("inputVariables", "outputVariables", "inoutputVariables")


def elements_below(record: Record) -> Iterator[tuple[tuple[str | int, ...], Record]]:
    """The submodel elements and operation variables directly below a record, with their paths."""
    yield from _below(record, _element_attributes(type(record)))


_POSITION = re.compile("[0-9]{1,18}")


def position_of(step: str) -> int | None:
    """The position in a list that a step of a path names; `None` if no list can have it."""
    return int(step) if _POSITION.fullmatch(step) else None


@functools.cache
def required_names(*, lists: bool) -> frozenset[str]:
    """The JSON names of lists (or of everything else) that some class requires."""
    return frozenset(
        each.json_name
        for record in classes()
        for each in attributes(record)
        if each.required and each.is_list is lists
    )


def copied(record: Any) -> Any:
    """A copy of a record and of everything below it; strings are shared."""
    changes: dict[str, Any] = {}
    for name, _, is_list in _record_attributes(record.__class__):
        value = getattr(record, name)
        if value is not None:
            changes[name] = [copied(each) for each in value] if is_list else copied(value)
    return msgspec.structs.replace(record, **changes)


def elements(record: Record) -> Iterator[Record]:
    """All submodel elements and operation variables below a record, at any depth."""
    stack = [record]
    while stack:
        current = stack.pop()
        for name, _, is_list in _element_attributes(current.__class__):
            value = getattr(current, name)
            if value is not None:
                below = value if is_list else [value]
                yield from below
                stack += below


def walk(record: Record) -> Iterator[tuple[tuple[str | int, ...], Record]]:
    """A record and all records below it, each with its path from the first, in document order."""
    stack: list[tuple[tuple[str | int, ...], Record]] = [((), record)]
    while stack:
        path, current = stack.pop()
        yield path, current
        stack += reversed([(path + step, child) for step, child in children(current)])


#: The way down to something: (trace of what is above it, step). Made into a path when needed.
Trace = tuple[Any, str | int] | None


def paths_of(record: Record, records: Collection[Record]) -> dict[int, tuple[str | int, ...]]:
    """The paths of records below one, by their `id()`, in document order.

    Paths are put together only for what is wanted, and only attributes that can lead there are gone into,
    so that a large record is walked quickly.
    """
    wanted = {id(each) for each in records}
    kinds = frozenset(each.__class__ for each in records)
    found: dict[int, tuple[str | int, ...]] = {}
    stack: list[tuple[Record, Trace]] = [(record, None)]
    while stack and len(found) < len(wanted):
        current, trace = stack.pop()
        if id(current) in wanted:
            found[id(current)] = path_of(trace)
        below: list[tuple[Record, Trace]] = []
        for name, json_name, is_list in _ways_to(kinds, current.__class__):
            value = getattr(current, name)
            if value is None:
                continue
            if is_list:
                step = (trace, json_name)
                below += [(member, (step, at)) for at, member in enumerate(value)]
            else:
                below.append((value, (trace, json_name)))
        stack += reversed(below)
    return found


def path_of(trace: Trace) -> tuple[str | int, ...]:
    """The path that a trace stands for."""
    steps: list[str | int] = []
    while trace is not None:
        trace, step = trace
        steps.append(step)
    return tuple(reversed(steps))


def _below(
    record: Record, names: tuple[tuple[str, str, bool], ...]
) -> Iterator[tuple[tuple[str | int, ...], Record]]:
    for name, json_name, is_list in names:
        value = getattr(record, name)
        if value is None:
            continue
        if is_list:
            for position, member in enumerate(value):
                yield (json_name, position), member
        else:
            yield (json_name,), value


@functools.cache
def _record_attributes(record: type[Record]) -> tuple[tuple[str, str, bool], ...]:
    return tuple(
        (attribute.name, attribute.json_name, attribute.is_list)
        for attribute in attributes(record)
        if attribute.targets
    )


@functools.lru_cache(4096)
def _ways_to(
    kinds: frozenset[type[Record]], record: type[Record]
) -> tuple[tuple[str, str, bool], ...]:
    """The attributes of a class below which records of some classes can stand."""
    return tuple(
        (attribute.name, attribute.json_name, attribute.is_list)
        for attribute in attributes(record)
        if any(_classes_from(target) & kinds for target in attribute.targets)
    )


@functools.cache
def _classes_from(record: type[Record]) -> frozenset[type[Record]]:
    """A class and all that can stand below it."""
    found: set[type[Record]] = set()
    stack = [record]
    while stack:
        current = stack.pop()
        if current not in found:
            found.add(current)
            stack += [target for each in attributes(current) for target in each.targets]
    return frozenset(found)


@functools.cache
def _element_attributes(record: type[Record]) -> tuple[tuple[str, str, bool], ...]:
    return tuple(
        (attribute.name, attribute.json_name, attribute.is_list)
        for attribute in attributes(record)
        if any(
            issubclass(target, (model.SubmodelElement, model.OperationVariable))
            for target in attribute.targets
        )
    )


def _attribute(name: str, json_name: str, hint: Any, *, required: bool) -> Attribute:
    hint = _without_none(hint)
    bare, extras = _without_annotation(hint)
    if typing.get_origin(bare) is list:
        (member,) = typing.get_args(bare)
        return dataclasses.replace(
            _attribute(name, json_name, member, required=required), is_list=True
        )
    if bare is str:
        text = next(extra for extra in extras if isinstance(extra, TextType))
        return Attribute(name, json_name, required, False, Kind.TEXT, text=text)
    if bare is bool:
        return Attribute(name, json_name, required, False, Kind.BOOLEAN)
    if typing.get_origin(bare) is typing.Literal:
        literals = typing.get_args(bare)
        return Attribute(name, json_name, required, False, Kind.ENUMERATION, literals=literals)
    targets = typing.get_args(bare) or (bare,)
    kind = Kind.CHOICE if _is_choice(*targets) else Kind.RECORD
    return Attribute(name, json_name, required, False, kind, targets=targets)


def _is_choice(first: type[Record], *others: type[Record]) -> bool:
    return bool(others) or issubclass(first, model.DataSpecificationContent)


def _without_none(hint: Any) -> Any:
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        rest = tuple(part for part in typing.get_args(hint) if part is not type(None))
        return rest[0] if len(rest) == 1 else typing.Union[rest]  # noqa: UP007 - built at run time
    return hint


def _without_annotation(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    if typing.get_origin(hint) is typing.Annotated:
        bare, *extras = typing.get_args(hint)
        return bare, tuple(extras)
    return hint, ()
