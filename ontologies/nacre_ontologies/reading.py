"""A structure graph back to an environment.

The graph becomes the JSON of the same environment, which the reader of JSON then judges like any
other file: what is wrong is explained there. What the graph says beyond the AAS mapping is
listed, never dropped silently.
"""

import dataclasses
import functools
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import pyoxigraph as ox

from nacre_aas.canonical import ORDERED
from nacre_aas.collector import collector_paused
from nacre_aas.document import COLLECTIONS
from nacre_aas.errors import LimitExceededError, NoContentError
from nacre_aas.model import Environment, Record, Reference, SubmodelElementList
from nacre_aas.schema import Attribute, Kind, attributes, classes, has_model_type
from nacre_aas.versions import Metamodel
from nacre_aas.wording import counted
from nacre_ontologies.terms import INDEX, NEXT, TYPE, literal_name, property_name, version_of

_CLASSES = {record.__name__: record for record in classes()}
_COLLECTION_OF = {record.__name__: name for name, record in COLLECTIONS.items()}

#: A node of a graph: the IRI, `_:` and the name of a blank node, or a literal.
_Node = str | ox.Literal


@dataclasses.dataclass(frozen=True)
class GraphReading:
    """What was read from a graph.

    `json` is the environment, `version` that of the terms; `left_out` counts, by predicate or
    reason, what the graph says beyond the mapping; `unordered` counts, by attribute, the lists whose
    order it does not say, and `without_order` are the JSON pointers of the references among what has them.
    """

    json: bytes
    version: Metamodel
    left_out: Counter[str]
    unordered: Counter[str] = dataclasses.field(default_factory=Counter)
    without_order: tuple[str, ...] = ()

    def losses(self) -> list[str]:
        """What of the graph is not in the environment, or is there by chance, in words."""
        beyond = (f"{reason} (x{count}) of the graph" for reason, count in self.left_out.items())
        return [*beyond, *self.disorder()]

    def disorder(self) -> list[str]:
        """What order the graph does not say, in words."""
        return [
            f"the order of {counted(count, 'list')} of `{name}`, which `nx:index` does not say: "
            "the members stand as in the text"
            for name, count in self.unordered.items()
        ]


def read(quads: Iterable[ox.Quad]) -> GraphReading:
    """The environment that a structure graph describes; the names of graphs do not matter.

    Raises:
        NoContentError: no shell, submodel or concept description is in it.
        LimitExceededError: nodes contain themselves, or are shared without end.
    """
    with collector_paused():
        graph = _Graph(quads)
        try:
            return graph.reading()
        except RecursionError:
            raise LimitExceededError("the graph is nested too deeply, or in a circle") from None


class _Graph:
    """The statements by subject and predicate, and what is built from them."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.nodes: dict[str, dict[str, list[_Node]]] = {}
        self.size = self.built = 0
        self.left_out: Counter[str] = Counter()
        self.unordered: Counter[str] = Counter()
        self.without_order: set[int] = set()  # of the objects of references
        self.visited: set[str] = set()
        seen: set[tuple[str, str, str]] = set()
        literals: dict[str, _Node] = {}
        named = ox.NamedNode
        for quad in quads:
            subject, object_ = quad.subject, quad.object
            key = subject.value if type(subject) is named else str(subject)
            predicate = quad.predicate.value
            if isinstance(object_, ox.Literal):
                text = str(object_)
                node: _Node = literals.setdefault(text, object_)
            else:
                text = node = object_.value if type(object_) is named else str(object_)
            if (key, predicate, text) in seen:
                continue  # the same statement in two graphs, or twice
            seen.add((key, predicate, text))
            self.nodes.setdefault(key, {}).setdefault(predicate, []).append(node)
            self.size += 1

    def reading(self) -> GraphReading:
        found: dict[str, list[Any]] = {}
        versions = Counter[Metamodel]()
        for key, statements in self.nodes.items():
            name, version = self._class(statements)
            if name in _COLLECTION_OF and version is not None:
                versions[version] += 1
                found.setdefault(_COLLECTION_OF[name], []).append(
                    self._object(key, (), frozenset())
                )
            elif name == Environment.__name__ and version is not None:
                versions[version] += 1
                self.visited.add(key)
        for statements in self.nodes.values():
            if len(statements.get(TYPE, ())) > 1:
                more = len({name for name, _ in self._classes(statements)}) - 1
                if more > 0:
                    self.left_out["classes of what has another one as well"] += more
        if not versions:
            raise NoContentError("the graph has no shell, submodel or concept description")
        for key in self.nodes.keys() - self.visited:
            count = sum(map(len, self.nodes[key].values()))
            self.left_out["statements about other things"] += count
        ordered = {name: found[name] for name in COLLECTIONS if name in found}
        version = versions.most_common(1)[0][0]
        if len(versions) > 1:
            self.left_out["the other metamodel versions in which terms are written"] += 1
        pointers = tuple(_pointers(ordered, "", self.without_order)) if self.without_order else ()
        data = msgspec.json.encode(ordered)
        return GraphReading(data, version, self.left_out, self.unordered, pointers)

    @staticmethod
    def _class(statements: dict[str, list[_Node]]) -> tuple[str, Metamodel | None]:
        """The AAS class of a node, and the version of the mapping it is named in; of several the first by name."""
        found = _Graph._classes(statements)
        return found[0] if found else ("", None)

    @staticmethod
    def _classes(statements: dict[str, list[_Node]]) -> list[tuple[str, Metamodel | None]]:
        """The AAS classes of a node but those above others, by name, each with the version it is named in."""
        named = [
            (type_.rpartition("/")[2], version_of(type_))
            for type_ in statements.get(TYPE, ())
            if isinstance(type_, str)
        ]
        known = [each for each in named if each[1] is not None and each[0] in _CLASSES]
        if len(known) < 2:
            return known
        above = {
            one
            for one, other in itertools.permutations(known, 2)
            if one[0] != other[0] and issubclass(_CLASSES[other[0]], _CLASSES[one[0]])
        }
        return sorted({*known} - above, key=str)

    def _object(self, key: str, targets: tuple[type[Record], ...], above: frozenset[str]) -> Any:
        """The JSON object of a node."""
        statements = self.nodes[key]
        self.visited.add(key)
        self.built += 1
        if key in above or self.built > 4 * self.size + 1000:
            raise LimitExceededError(f"the node {key} is part of itself, or shared without end")
        name, _ = self._class(statements)
        record = _CLASSES.get(name) or (targets[0] if len(targets) == 1 else None)
        made: dict[str, Any] = {}
        if record is None or has_model_type(record):
            made["modelType"] = name or None
        known = {} if record is None else _by_property(record)
        below = above | {key}
        without: list[Attribute] = []
        for predicate, values in statements.items():
            attribute = known.get(_property(predicate))
            if attribute is None:
                if predicate not in (TYPE, INDEX, NEXT):
                    self.left_out[predicate] += len(values)
                continue
            made[attribute.json_name] = self._value(attribute, values, below)
            if attribute.is_list and len(values) > 1 and not self._is_numbered(values):
                without.append(attribute)
        for attribute in without:
            if record is not None and _keeps_order(record, attribute, made):
                self.unordered[attribute.json_name] += 1
                if record is Reference:
                    self.without_order.add(id(made))
        return made

    def _value(self, attribute: Attribute, values: list[_Node], above: frozenset[str]) -> Any:
        if attribute.is_list and len(values) > 1:
            values = sorted(values, key=self._index)
        found = [self._member(attribute, value, above) for value in values]
        return found if attribute.is_list or len(found) > 1 else found[0]

    def _index(self, node: _Node) -> float:
        """The position of a member; those without one keep their order after the others."""
        if not isinstance(node, str):
            return float("inf")
        stated = self.nodes.get(node, {}).get(INDEX, ())
        found = {
            int(each.value[:9])
            for each in stated
            if isinstance(each, ox.Literal) and each.value.isdecimal()
        }
        return found.pop() if len(found) == len(stated) == 1 else float("inf")

    def _is_numbered(self, values: list[_Node]) -> bool:
        """Whether each member has a position of its own."""
        positions = {self._index(each) for each in values}
        return len(positions) == len(values) and float("inf") not in positions

    def _member(self, attribute: Attribute, node: _Node, above: frozenset[str]) -> Any:
        if attribute.targets:
            if isinstance(node, str) and node in self.nodes:
                return self._object(node, attribute.targets, above)
            return node if isinstance(node, str) else node.value
        if isinstance(node, ox.Literal):
            if node.language is not None:
                self.left_out[f"the language tag `{node.language}` of a text"] += 1
            if attribute.kind is Kind.BOOLEAN:
                return {"true": True, "1": True, "false": False, "0": False}.get(
                    node.value, node.value
                )
            return node.value
        if attribute.kind is Kind.ENUMERATION:
            return _words(attribute.literals).get(node.rpartition("/")[2], node)
        return node


def _pointers(value: Any, at: str, wanted: set[int]) -> Iterator[str]:
    """Where some objects stand in a JSON document."""
    if isinstance(value, dict):
        if id(value) in wanted:
            yield at
        for name, each in value.items():
            yield from _pointers(each, f"{at}/{name}", wanted)
    elif isinstance(value, list):
        for position, each in enumerate(value):
            yield from _pointers(each, f"{at}/{position}", wanted)


def _keeps_order(record: type[Record], attribute: Attribute, made: dict[str, Any]) -> bool:
    """Whether the order of a list has meaning in a record."""
    if record is SubmodelElementList and attribute.name == "value":
        return made.get("orderRelevant") is not False
    return (record, attribute.name) in ORDERED


@functools.cache
def _by_property(record: type[Record]) -> dict[str, Attribute]:
    return {property_name(record, each.name, each.json_name): each for each in attributes(record)}


@functools.lru_cache(4096)
def _property(predicate: str) -> str:
    """`DeclaringClass/attribute` of a predicate of the mapping; nothing for other predicates."""
    return "" if version_of(predicate) is None else "/".join(predicate.rsplit("/", 2)[-2:])


@functools.cache
def _words(literals: tuple[str, ...]) -> dict[str, str]:
    return {literal_name(word): word for word in literals}
