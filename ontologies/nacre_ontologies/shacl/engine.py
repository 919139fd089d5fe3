"""The compiled engine: every constraint over all its focus nodes at once.

Most constraints judge values regardless of who has them, and most values of a predicate are equal to
others: so a constraint is put to the distinct values of a column, and only what is bad is traced
back to its focus nodes. Shapes within shapes are memoised by node.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from nacre_aas.collector import collector_paused
from nacre_ontologies.shacl import paths
from nacre_ontologies.shacl.graph import Graph
from nacre_ontologies.shacl.paths import Inverse, Path, Values
from nacre_ontologies.shacl.report import Report, Result
from nacre_ontologies.shacl.shapes import Shape, Shapes


def validate(graph: Graph, shapes: Shapes) -> Report:
    """Run shapes over a graph (SHACL §3.4)."""
    run = Run(graph)
    found = list[Result]()
    with collector_paused():
        for targets in shapes.targets:
            found += run.results(targets.shape, targets.focus(graph))
    found.sort(key=lambda each: (each.key, each.shape))
    return Report(tuple(found))


class Run:
    """What one validation knows: the graph, and which nodes fail which shapes."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._judged: dict[Shape, tuple[set[str], set[str]]] = {}
        self._conforming: dict[tuple[Shape, AbstractSet[str]], AbstractSet[str]] = {}
        self._reaching: dict[tuple[Path, str], frozenset[str]] = {}

    def values(self, path: Path, focus: AbstractSet[str]) -> Values:
        """The value nodes of each focus node."""
        return paths.follow(self.graph, path, focus)

    def reaching(self, path: Path, value: str) -> frozenset[str]:
        """The nodes from which a path leads to a value."""
        known = self._reaching.get((path, value))
        if known is None:
            found = paths.follow(self.graph, Inverse(path), {value}).get(value, ())
            known = self._reaching[path, value] = frozenset(found)
        return known

    def results(
        self, shape: Shape, focus: AbstractSet[str], ways: Mapping[str, int] | None = None
    ) -> Iterator[Result]:
        """The violations of a shape, and of the property shapes within it.

        `ways` says in how many ways a focus node was reached: each gives a result of its own.
        """
        if shape.deactivated or not focus:
            return
        for component in shape.components:
            for focus_node, value, path in component.violations(self, shape, focus):
                result = Result(
                    focus_node,
                    path or shape.path,
                    value,
                    shape.node,
                    component.iri,
                    shape.severity,
                    shape.messages or (component.message,),
                    shape.rule,
                )
                yield from (result,) * (1 if ways is None else ways[focus_node])
        if not shape.properties:
            return
        if shape.path is not None:
            ways = self._ways(shape.path, focus, ways)
            focus = ways.keys()
        for each in shape.properties:
            yield from self.results(each, focus, ways)

    def failing(self, shape: Shape, nodes: AbstractSet[str]) -> set[str]:
        """Those of some nodes that do not conform to a shape (SHACL §3.4.2)."""
        if shape.deactivated or not nodes:
            return set()
        if not shape.shared:
            return self._fail(shape, nodes)
        judged, failed = self._judged.setdefault(shape, (set(), set()))
        fresh = nodes - judged
        if fresh:
            failed |= self._fail(shape, fresh)
            judged |= fresh
        return failed & nodes

    def conforming(self, shape: Shape, nodes: AbstractSet[str]) -> AbstractSet[str]:
        """Those of some nodes that conform to a shape.

        The same as all but the failing, found from the other side: where a shape asks for a value, the
        few nodes that have it are looked at, not the many that do not.
        """
        if shape.deactivated or not nodes:
            return nodes
        key = (shape, nodes)
        if shape.shared and isinstance(nodes, frozenset) and key in self._conforming:
            return self._conforming[key]
        left = nodes
        for component in shape.components:
            left = component.conforming(self, shape, left)
            if not left:
                break
        if shape.properties and left:
            if shape.path is None:
                for each in shape.properties:
                    left = self.conforming(each, left)
            else:
                left = left - self.failing(shape, left)
        if shape.shared and isinstance(nodes, frozenset):
            self._conforming[key] = left
        return left

    def _fail(self, shape: Shape, nodes: AbstractSet[str]) -> set[str]:
        left: AbstractSet[str] = nodes
        found = set[str]()
        for component in shape.components:  # who has failed is not asked again
            bad = component.failing(self, shape, left)
            if bad:
                found |= bad
                left = left - bad
            if not left:
                return found
        if not shape.properties:
            return found
        if shape.path is None:
            for each in shape.properties:
                bad = self.failing(each, left)
                if bad:
                    found |= bad
                    left = left - bad
            return found
        values = self.values(shape.path, left)
        below = {value for several in values.values() for value in several}
        bad = set[str]().union(*(self.failing(each, below) for each in shape.properties))
        if bad:
            found.update(node for node, several in values.items() if not bad.isdisjoint(several))
        return found

    def _ways(
        self, path: Path, focus: AbstractSet[str], ways: Mapping[str, int] | None
    ) -> Counter[str]:
        """The value nodes of focus nodes, and in how many ways each is reached."""
        found = Counter[str]()
        for node, several in self.values(path, focus).items():
            for value in several:
                found[value] += 1 if ways is None else ways[node]
        return found
