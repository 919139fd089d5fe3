"""Canonical bytes of any record: equal for equal content, whatever file it came from.

The canonical form of a record is RFC 8785 (JCS) over its JSON, after two normalisations that
docs/digest.md specifies: attributes with their default are left out (`orderRelevant` true, `kind`
Instance, ...), and arrays whose order has no meaning are sorted by the canonical bytes of their
members. Order has meaning in Reference keys, in the value of a SubmodelElementList unless
orderRelevant is false, and among operation variables. Literals stay as written, and the metamodel
version is no input.
"""

import functools
import hashlib
from collections.abc import Callable
from typing import Any

import msgspec

from nacre_aas.collector import collector_paused
from nacre_aas.compiling import PerClass, compiled
from nacre_aas.languages import order_of
from nacre_aas.model import (
    AbstractLangString,
    Extension,
    HasKind,
    Operation,
    Qualifier,
    Record,
    Reference,
    SubmodelElementList,
)
from nacre_aas.schema import Attribute, attributes

_encode = msgspec.json.Encoder(order="sorted").encode

#: Attributes that mean the same when left out: (class, attribute) -> default.
DEFAULTS: dict[tuple[type[Record], str], Any] = {
    (HasKind, "kind"): "Instance",
    (Qualifier, "kind"): "ConceptQualifier",
    (Extension, "value_type"): "xs:string",
    (SubmodelElementList, "order_relevant"): True,
}

#: Lists whose order has meaning; that of a SubmodelElementList depends on orderRelevant.
ORDERED: frozenset[tuple[type[Record], str]] = frozenset(
    (
        (Reference, "keys"),
        (Operation, "input_variables"),
        (Operation, "output_variables"),
        (Operation, "inoutput_variables"),
    )
)


def canonical(record: Record) -> bytes:
    """The canonical bytes of a record."""
    with collector_paused():
        return canonical_part(record)


def canonical_part(record: Record) -> bytes:
    """The same for callers that go over many small records and have paused the collector."""
    changes = _NORMALISE[record.__class__](record)
    return _encode(record if changes is None else msgspec.structs.replace(record, **changes))


def sha256(record: Record) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal: equality of two records in one word."""
    return hashlib.sha256(canonical(record)).hexdigest()


# -- normalising --------------------------------------------------------------------------------
#
# For each class a function is compiled that returns what is to be changed in a record, or None if the
# record is normal already.

_Normalise = Callable[[Any], dict[str, Any] | None]


def _normalised(record: Record) -> Any:
    """A copy with sorted lists and without defaults; `None` if the record is normal already."""
    changes = _NORMALISE[record.__class__](record)
    return None if changes is None else msgspec.structs.replace(record, **changes)


def _sorted(members: list[Any]) -> list[Any]:
    """The canonical bytes of members without order, in order: no level above encodes them again."""
    return [*map(msgspec.Raw, sorted(map(_encode, members)))]


def _texts(members: list[Any]) -> list[Any] | None:
    """The same for texts, whose canonical bytes begin with their language; `None` if they stand in order."""
    order = order_of(members)
    if order is None:
        return _sorted(members)
    return [members[position] for position in order] or None


def _deep(members: list[Any], ordered: bool) -> list[Any] | None:
    """Members that may need work themselves; `None` if nothing changes."""
    changed: list[Any] | None = None
    for position, member in enumerate(members):
        changes = _NORMALISE[member.__class__](member)
        if changes is not None:
            if changed is None:
                changed = members.copy()
            changed[position] = msgspec.structs.replace(member, **changes)
    if ordered or len(members) < 2:
        return changed
    return _sorted(changed or members)


def _compile(record: type[Record]) -> _Normalise:
    names: dict[str, Any] = {
        "sort": _sorted,
        "texts": _texts,
        "deep": _deep,
        "normalise": _normalised,
    }
    lines = ["changes = None"]
    for attribute in attributes(record):
        name = attribute.name
        default = default_of(record, name)
        if default is not None:
            lines.append(
                f"if r.{name} == {default!r}: changes = {{**(changes or {{}}), {name!r}: None}}"
            )
        call = _call(record, attribute)
        if call is not None:
            test = "is not None" if "deep" in call or "normalise" in call else "and len(v) > 1"
            lines += [
                f"v = r.{name}",
                f"if v {test}:",
                f"    v = {call}",
                f"    if v is not None: changes = {{**(changes or {{}}), {name!r}: v}}",
            ]
    lines.append("return changes")
    return compiled(f"normalising {record.__name__}", "r", lines, names)


_NORMALISE = PerClass(_compile)


def _call(record: type[Record], attribute: Attribute) -> str | None:
    """The expression that normalises the value `v` of an attribute, if there is anything to do."""
    if not attribute.targets:
        return None
    deep = any(_touches(target, frozenset()) for target in attribute.targets)
    ordered = repr((record, attribute.name) in ORDERED)
    if record is SubmodelElementList and attribute.name == "value":
        ordered = "r.order_relevant is not False"
    if not attribute.is_list:
        return "normalise(v)" if deep else None
    if deep:
        return f"deep(v, {ordered})"
    if ordered == "True":
        return None
    return "texts(v)" if issubclass(attribute.targets[0], AbstractLangString) else "sort(v)"


@functools.cache
def default_of(record: type[Record], name: str) -> Any:
    """What an attribute means that is left out, if that is the same as another value."""
    for (owner, attribute), value in DEFAULTS.items():
        if attribute == name and issubclass(record, owner):
            return value
    return None


@functools.cache
def _touches(record: type[Record], seen: frozenset[type[Record]]) -> bool:
    """Whether normalising can change a record of a class, or one below it."""
    if record in seen:
        return False
    return any(default_of(record, each.name) is not None for each in attributes(record)) or any(
        (each.is_list and (record, each.name) not in ORDERED)
        or any(_touches(target, seen | {record}) for target in each.targets)
        for each in attributes(record)
        if each.targets
    )


def is_ordered(record: Record, name: str) -> bool:
    """Whether the order of a list of a record has meaning."""
    if isinstance(record, SubmodelElementList) and name == "value":
        return record.order_relevant is not False
    return (type(record), name) in ORDERED
