"""Property paths (SHACL §2.3.1): parsed from a shapes graph, followed from a set of nodes."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from nacre_ontologies.shacl.graph import FIRST, Column, Graph, closure, is_blank, is_literal
from nacre_ontologies.terms import SH


class Predicate(NamedTuple):
    """One step along a predicate."""

    iri: str


class Inverse(NamedTuple):
    """A path followed backwards."""

    path: "Path"


class Sequence(NamedTuple):
    """Paths one after the other."""

    paths: tuple["Path", ...]


class Alternative(NamedTuple):
    """Any of several paths."""

    paths: tuple["Path", ...]


class Repeated(NamedTuple):
    """A path followed several times: at least `minimum`, and only once unless `unbounded`."""

    path: "Path"
    minimum: int
    unbounded: bool


Path = Predicate | Inverse | Sequence | Alternative | Repeated

_REPEATED = {
    SH + "zeroOrMorePath": (0, True),
    SH + "oneOrMorePath": (1, True),
    SH + "zeroOrOnePath": (0, False),
}


def parse(shapes: Graph, node: str, depth: int = 0) -> Path | None:
    """The path that a node of a shapes graph describes; `None` if it describes none."""
    if depth > 50 or is_literal(node):
        return None
    if not is_blank(node):
        return Predicate(node)
    if shapes.one(node, FIRST) is not None:
        members = shapes.members(node)
        found = [parse(shapes, each, depth + 1) for each in members or ()]
        paths = tuple(each for each in found if each is not None)
        return Sequence(paths) if len(paths) > 1 and len(paths) == len(found) else None
    for inner in shapes.objects(node, SH + "inversePath"):
        path = parse(shapes, inner, depth + 1)
        return None if path is None else Inverse(path)
    for inner in shapes.objects(node, SH + "alternativePath"):
        found = [parse(shapes, each, depth + 1) for each in shapes.members(inner) or ()]
        paths = tuple(each for each in found if each is not None)
        return Alternative(paths) if len(paths) > 1 and len(paths) == len(found) else None
    for predicate, (minimum, unbounded) in _REPEATED.items():
        for inner in shapes.objects(node, predicate):
            path = parse(shapes, inner, depth + 1)
            return None if path is None else Repeated(path, minimum, unbounded)
    return None


#: The value nodes of each focus node; a focus node without any may be left out.
Values = Mapping[str, Iterable[str]]


def follow(graph: Graph, path: Path, focus: AbstractSet[str]) -> Values:
    """The value nodes of each focus node, once each."""
    match path:
        case Predicate(iri):
            return _from_column(graph.column(iri), focus)
        case Inverse(Predicate(iri)):
            return _from_column(graph.column(iri).inverse, focus)
        case Inverse(inner):
            return follow(graph, _turned(inner), focus)
        case Sequence(paths):
            found = follow(graph, paths[0], focus)
            for each in paths[1:]:
                found = _further(graph, found, each)
            return found
        case Alternative(paths):
            together: dict[str, dict[str, None]] = {}
            for each in paths:
                for node, values in follow(graph, each, focus).items():
                    together.setdefault(node, {}).update(dict.fromkeys(values))
            return together
        case Repeated(inner, minimum, unbounded):
            return {node: _repeated(graph, inner, minimum, unbounded, node) for node in focus}


def _from_column(column: Column, focus: AbstractSet[str]) -> Values:
    single, multiple = column.single, column.multiple
    nodes = focus & single.keys() if len(focus) > len(single) else focus
    return {
        node: multiple[node] if node in multiple else (single[node],)
        for node in nodes
        if node in single
    }


def _further(graph: Graph, found: Values, path: Path) -> Values:
    middle = {value for values in found.values() for value in values}
    after = follow(graph, path, middle)
    return {
        node: dict.fromkeys(end for value in values for end in after.get(value, ()))
        for node, values in found.items()
    }


def _repeated(graph: Graph, path: Path, minimum: int, unbounded: bool, node: str) -> Iterable[str]:
    first = follow(graph, path, {node}).get(node, ())
    if not unbounded:
        return dict.fromkeys((node, *first))
    if isinstance(path, Predicate):
        found = closure(first, graph.column(path.iri))
    else:
        found = set(first)
        waiting = found
        while waiting:
            further = follow(graph, path, waiting)
            waiting = {end for values in further.values() for end in values} - found
            found = found | waiting
    return found | {node} if minimum == 0 else found


def _turned(path: Path) -> Path:
    """The path that leads back."""
    match path:
        case Inverse(inner):
            return inner
        case Sequence(paths):
            return Sequence(tuple(_turned(each) for each in reversed(paths)))
        case Alternative(paths):
            return Alternative(tuple(map(_turned, paths)))
        case Repeated(inner, minimum, unbounded):
            return Repeated(_turned(inner), minimum, unbounded)
        case Predicate():
            return Inverse(path)


def predicates(path: Path) -> str:
    """A path as SPARQL writes it, with the last parts of IRIs: for messages."""
    match path:
        case Predicate(iri):
            return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]
        case Inverse(inner):
            return f"^{predicates(inner)}"
        case Sequence(paths):
            return "/".join(map(predicates, paths))
        case Alternative(paths):
            return "(" + "|".join(map(predicates, paths)) + ")"
        case Repeated(inner, minimum, unbounded):
            sign = ("+" if minimum else "*") if unbounded else "?"
            return predicates(inner) + sign
