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
from typing import Any, NamedTuple

import msgspec

from nacre_aas.model import (
    Environment,
    Extension,
    HasKind,
    Operation,
    Qualifier,
    Record,
    Reference,
    SubmodelElementList,
)
from nacre_aas.schema import attributes

_encoder = msgspec.json.Encoder(order="sorted")

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
    changed = _normalised(record)
    return _encoder.encode(record if changed is None else changed)


def sha256(record: Record) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal: equality of two records in one word."""
    return hashlib.sha256(canonical(record)).hexdigest()


class _Step(NamedTuple):
    """An attribute that may need work: a list, or a record below."""

    name: str
    is_list: bool
    is_record: bool
    ordered: bool
    default: Any


@functools.cache
def _steps(record: type[Record]) -> tuple[_Step, ...]:
    steps = []
    for attribute in attributes(record):
        key = (record, attribute.name)
        default = next(
            (
                value
                for (owner, name), value in DEFAULTS.items()
                if name == attribute.name and issubclass(record, owner)
            ),
            None,
        )
        deep = bool(attribute.targets) and _can_change(attribute.targets)
        if attribute.is_list or deep or default is not None:
            steps.append(_Step(attribute.name, attribute.is_list, deep, key in ORDERED, default))
    return tuple(steps)


def _can_change(targets: tuple[type[Record], ...]) -> bool:
    """Whether records of these classes hold anything that normalisation touches."""
    return any(_touches(target, frozenset()) for target in targets)


@functools.cache
def _touches(record: type[Record], seen: frozenset[type[Record]]) -> bool:
    if record in seen:
        return False
    if any(issubclass(record, owner) for owner, _ in DEFAULTS):
        return True
    return any(
        (each.is_list and (record, each.name) not in ORDERED)
        or any(_touches(target, seen | {record}) for target in each.targets)
        for each in attributes(record)
        if each.targets
    )


def _normalised(record: Record) -> Any:
    """A copy with sorted lists and without defaults; `None` if the record is normal already."""
    changes: dict[str, Any] = {}
    for name, is_list, is_record, ordered, default in _steps(record.__class__):
        value = getattr(record, name)
        if value is None:
            continue
        if is_list:
            changed = _normalised_list(record, value, is_record, ordered)
            if changed is not None:
                changes[name] = changed
        elif default is not None:
            if value == default:
                changes[name] = None
        else:
            changed = _normalised(value)
            if changed is not None:
                changes[name] = changed
    if not changes:
        return None
    return msgspec.structs.replace(record, **changes)


def _normalised_list(
    record: Record, members: list[Any], is_record: bool, ordered: bool
) -> list[Any] | None:
    if isinstance(record, SubmodelElementList) and is_record:
        ordered = ordered or (record.order_relevant is not False and members is record.value)
    changed = None
    if is_record:
        normal = [_normalised(member) for member in members]
        if any(each is not None for each in normal):
            members = [
                member if each is None else each
                for member, each in zip(members, normal, strict=True)
            ]
            changed = members
    if ordered or len(members) < 2:
        return changed
    encoded = [_encoder.encode(member) for member in members]
    in_order = sorted(encoded)
    if in_order == encoded:
        return changed
    return [msgspec.Raw(each) for each in in_order]


def is_ordered(record: Record, name: str) -> bool:
    """Whether the order of a list of a record has meaning."""
    if isinstance(record, SubmodelElementList) and name == "value":
        return record.order_relevant is not False
    return (type(record), name) in ORDERED


def same_content(one: Environment, other: Environment) -> bool:
    """Whether two environments mean the same."""
    return canonical(one) == canonical(other)
