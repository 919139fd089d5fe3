"""From a node of a structure graph back to the record that it came from."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from nacre_aas.document import Path
from nacre_aas.model import Identifiable, OperationVariable, Record, Referable
from nacre_aas.schema import attributes_by_json_name, elements_below, position_of
from nacre_ontologies.identifiers import segment

_POSITION = re.compile(r"%5B(\d+)%5D")
#: Steps of an address: an idShort after nothing or a dot, a position in brackets, an attribute.
_STEP = re.compile(r"%5B\d+%5D|/[^/]+|\.?(?:[^./%]|%(?!5B\d+%5D)[0-9A-F]{2})+")


class Locator:
    """Finds records by the addresses of their nodes."""

    def __init__(self, subjects: Iterable[tuple[Identifiable, str, str]]) -> None:
        """Take identifiables with their IRI and the address below which their nodes are named."""
        self._by_iri: dict[str, Identifiable] = {}
        self._by_base: dict[str, Identifiable] = {}
        for record, subject, base in subjects:
            self._by_iri[subject] = record
            self._by_base[base] = record

    def find(self, node: str) -> tuple[Identifiable, Path] | None:
        """The identifiable that a node belongs to, and the path of JSON names and positions to it."""
        record = self._by_iri.get(node)
        if record is not None:
            return record, ()
        base, mark, way = node.partition("#")
        record = self._by_base.get(base + mark)
        if record is None:
            return None
        path = _path(record, way)
        return None if path is None else (record, path)


def _path(record: Record, way: str) -> Path | None:
    steps: list[str | int] = []
    value: Any = record
    for step in _STEP.findall(way):
        if step.startswith("/"):
            name = step[1:]
            if isinstance(value, list):
                at = position_of(name)
                if at is None or at >= len(value):
                    return None
                steps.append(at)
                value = value[at]
                continue
            kind: type[Record] = type(value)
            attribute = attributes_by_json_name(kind).get(name)
            if attribute is None:
                return None
            steps.append(name)
            value = getattr(value, attribute.name)
            continue
        found = _element(value, step.removeprefix("."))
        if found is None:
            return None
        below, value = found
        steps += below
    return tuple(steps)


def _element(value: Any, step: str) -> tuple[Path, Record] | None:
    """The element directly below a record that a step names."""
    position = _POSITION.fullmatch(step)
    name, _, copy = step.rpartition("~")
    for path, member in elements_below(value):
        if isinstance(member, OperationVariable) or not isinstance(member, Referable):
            continue
        if position is not None:
            if member.id_short is None and path[-1] == position_of(position[1]):
                return path, member
            continue
        own = segment(member.id_short or "")
        if own == step or (own == name and path[-1] == position_of(copy)):
            return path, member
    return None


def readable(node: str) -> str:
    """The address of a node as people read it: the way of idShorts, or the IRI."""
    _, mark, way = node.partition("#")
    return unquote(way) if mark and way else node
