"""Shapes: parsed from a shapes graph into values that the engine can run."""

import dataclasses
import itertools
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from nacre_aas.errors import InputError
from nacre_ontologies.shacl import paths
from nacre_ontologies.shacl.components import (
    COMPONENTS,
    PLAIN,
    SECONDARY,
    SINGLE,
    UNSUPPORTED,
    Component,
)
from nacre_ontologies.shacl.graph import (
    NIL,
    SUBCLASS_OF,
    Graph,
    closure,
    is_blank,
    is_literal,
    lexical,
    literal,
)
from nacre_ontologies.shacl.literals import Message
from nacre_ontologies.shacl.paths import Path
from nacre_ontologies.terms import NACRE, OWL, RDFS, SH, TYPE, XSD

#: The code of a rule of ours, on the shape that checks it.
RULE = NACRE + "structure#rule"


class ShapesError(InputError):
    """The shapes are not well-formed."""

    code = "SHX-002"


class UnsupportedShapesError(InputError):
    """The shapes say what the compiled engine does not do; `pyshacl_may` says whether pyshacl does."""

    code = "SHX-003"
    pyshacl_may = False


@dataclasses.dataclass(eq=False)
class Shape:
    """A node shape, or with a `path` a property shape (SHACL §2).

    `rule` is the code of the rule that the shape checks, if it names one. `shared` says that several
    shapes refer to it, so that what is found out about a node is worth remembering.
    """

    node: str
    path: Path | None = None
    components: list[Component] = dataclasses.field(default_factory=list)
    properties: list["Shape"] = dataclasses.field(default_factory=list)
    severity: str = SH + "Violation"
    messages: tuple[str, ...] = ()
    deactivated: bool = False
    rule: str | None = None
    shared: bool = False


@dataclasses.dataclass(frozen=True)
class Targets:
    """Where a shape applies (SHACL §2.1.3)."""

    shape: Shape
    nodes: Sequence[str] = ()
    classes: Sequence[str] = ()
    subjects_of: Sequence[str] = ()
    objects_of: Sequence[str] = ()

    def focus(self, graph: Graph) -> AbstractSet[str]:
        """The focus nodes in a graph."""
        if len(self.classes) == 1 and not (self.nodes or self.subjects_of or self.objects_of):
            return graph.instances(self.classes[0])
        found = set(self.nodes)
        for each in self.classes:
            found |= graph.instances(each)
        for each in self.subjects_of:
            found.update(graph.column(each).single)
        for each in self.objects_of:
            found |= graph.column(each).objects
        return found


class Shapes:
    """All shapes of a shapes graph that have targets."""

    def __init__(self, graph: Graph) -> None:
        """Compile a shapes graph.

        Raises:
            ShapesError: a shape is ill-formed, or part of itself.
            UnsupportedShapesError: a shape needs what the compiled engine does not do.
        """
        self.graph = graph
        self.builder = Builder(graph)
        self._refuse_what_is_beyond()
        self.targets = list(self._targets())
        for node in _typed(graph):
            self.builder.refuse_unknown(node)

    def _refuse_what_is_beyond(self) -> None:
        """Refuse what would change the verdict and hangs on no shape that is built."""
        for name, pyshacl_may in (("target", True), ("rule", True), ("entailment", False)):
            for node in self.graph.column(SH + name).single:
                raise self.builder.unsupported(node, f"sh:{name}", pyshacl_may=pyshacl_may)

    def _targets(self) -> Iterator[Targets]:
        for node, where in _declared(self.graph):
            yield Targets(self.builder.shape(node), **where)


def without_focus(shapes: Graph, graph: Graph) -> tuple[dict[str, set[str]], bool]:
    """The shapes that apply to nothing in a graph, with the classes they are for, and whether any shape does.

    Of SPARQL targets nothing is known, and of deactivated shapes nothing is said.
    """
    declared = {node: at for node, at in _declared(shapes) if not _is_off(shapes, node)}
    idle = [node for node, at in declared.items() if not Targets(Shape(node), **at).focus(graph)]
    used = {node for column in shapes.columns.values() for node in column.objects}
    aimed = shapes.column(SH + "target")
    lost = (each for each in _typed(shapes) if each not in declared and each not in used)
    found: dict[str, set[str]] = {each: set() for each in lost if not _is_off(shapes, each)}
    for each in idle:
        classes, *others = (declared[each][name] for name in ("classes", *_OTHER_TARGETS))
        found[each] = set() if any(others) else set(classes)
    found = {each: classes for each, classes in found.items() if not aimed.of(each)}
    return found, len(idle) < len(declared) or bool(aimed.single)


#: What a shape may be for beside classes, as fields of `Targets`.
_OTHER_TARGETS = ("nodes", "subjects_of", "objects_of")


def _is_off(graph: Graph, node: str) -> bool:
    return any(lexical(each) in ("true", "1") for each in graph.objects(node, SH + "deactivated"))


def _typed(graph: Graph) -> list[str]:
    """The nodes that call themselves shapes."""
    types = graph.column(TYPE).inverse
    return sorted({x for kind in ("NodeShape", "PropertyShape") for x in types.of(SH + kind)})


def _declared(graph: Graph) -> Iterator[tuple[str, dict[str, Sequence[str]]]]:
    """The shapes with targets, and these by the fields of `Targets`."""
    names = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")
    columns = [graph.column(SH + name) for name in names]
    nodes = dict.fromkeys(node for column in columns for node in column.single)
    implicit = _implicit_classes(graph)
    for node in dict.fromkeys((*nodes, *sorted(implicit))):
        at, of, subjects, objects = ([*column.of(node)] for column in columns)
        classes = [*of, node] if node in implicit else of
        yield node, {
            "nodes": at, "classes": classes, "subjects_of": subjects, "objects_of": objects
        }  # fmt: skip


def _implicit_classes(graph: Graph) -> set[str]:
    """Shapes that are classes: they apply to their instances (SHACL §2.1.3.3)."""
    types = graph.column(TYPE).inverse
    below = closure((RDFS + "Class", OWL + "Class"), graph.column(SUBCLASS_OF).inverse)
    classes = {node for class_ in below for node in types.of(class_)}
    return classes & set(_typed(graph))


class Builder:
    """Makes shapes from the nodes of a shapes graph, each once."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.made: dict[str, Shape] = {}
        self.open: list[str] = []
        #: Parameters of constraint components that the shapes graph declares itself.
        self.declared = {
            path
            for component in graph.instances(SH + "ConstraintComponent")
            for parameter in graph.objects(component, SH + "parameter")
            for path in graph.objects(parameter, SH + "path")
        }
        self.predicates: dict[str, list[str]] = {}
        for predicate, column in graph.columns.items():
            if predicate.startswith(SH) or predicate in COMPONENTS or predicate in self.declared:
                for subject in column.single:
                    self.predicates.setdefault(subject, []).append(predicate)

    def shape(self, node: str) -> Shape:
        """The shape of a node.

        Raises:
            ShapesError: it is ill-formed, or part of itself.
            UnsupportedShapesError: it needs what the compiled engine does not do.
        """
        made = self.made.get(node)
        if made is not None:
            made.shared = True
            return made
        if node in self.open:
            raise UnsupportedShapesError(
                f"{self._named(node)} refers to itself",
                "SHACL leaves the meaning of recursion open",
            )
        if len(self.open) > 200:
            raise UnsupportedShapesError("the shapes are nested too deeply")
        if is_literal(node):
            raise ShapesError(f"{node} stands where a shape is expected")
        self.open.append(node)
        made = self._make(node)
        self.open.pop()
        self.made[node] = made
        return made

    def _make(self, node: str) -> Shape:
        made = Shape(node, self._path(node))
        made.messages = tuple(
            Message(self.string(node, "message", each), literal(each).language)
            for each in self.values(node, "message")
        )
        made.rule = next((lexical(each) for each in self.graph.objects(node, RULE)), None)
        for each in self.values(node, "severity"):
            if is_literal(each):
                raise self.mistake(node, f"sh:severity is {each}, expected an IRI")
            made.severity = each
        made.deactivated = any(
            self.boolean(node, "deactivated", each) for each in self.values(node, "deactivated")
        )
        if made.deactivated:
            return made
        for predicate in self.predicates.get(node, ()):
            values = list(self.graph.objects(node, predicate))
            self._refuse_misuse(node, predicate, values)
            make = COMPONENTS.get(predicate)
            if make is not None:
                made.components += make(self, node, values)
        made.components.sort(key=lambda each: not each.selects)
        made.properties = [self._property(node, each) for each in self.values(node, "property")]
        return made

    def _refuse_misuse(self, node: str, predicate: str, values: list[str]) -> None:
        """Refuse what no component makes anything of, and what stands too often."""
        name = predicate.removeprefix(SH)
        if predicate not in COMPONENTS:
            if predicate in self.declared or predicate in UNSUPPORTED:
                pyshacl_may = predicate in self.declared or name == "sparql"
                raise self.unsupported(node, f"<{predicate}>", pyshacl_may=pyshacl_may)
            self._refuse_unknown(node, predicate)
        if predicate in SINGLE and len(values) > 1:
            raise self.mistake(node, f"sh:{name} stands more than once")

    def refuse_unknown(self, node: str) -> None:
        """Refuse a shape with a misspelt term, also one that nothing leads to: the slip may be in its target."""
        if _is_off(self.graph, node):
            return
        for predicate in self.predicates.get(node, ()):
            if not (
                predicate in COMPONENTS or predicate in self.declared or predicate in UNSUPPORTED
            ):
                self._refuse_unknown(node, predicate)

    def _refuse_unknown(self, node: str, predicate: str) -> None:
        if predicate not in PLAIN and predicate not in SECONDARY:
            raise self.unsupported(node, f"<{predicate}>, which is no term of SHACL 1.0")

    def _property(self, node: str, value: str) -> Shape:
        made = self.shape(value)
        if made.path is None and not made.deactivated:
            raise self.mistake(node, f"sh:property {value} has no sh:path")
        return made

    def _path(self, node: str) -> Path | None:
        found = self.values(node, "path")
        if not found:
            return None
        path = paths.parse(self.graph, found[0]) if len(found) == 1 else None
        if path is None:
            raise self.mistake(node, "sh:path is not one well-formed path")
        return path

    # -- what components ask for ---------------------------------------------------------------

    def values(self, node: str, name: str) -> list[str]:
        """The values of a parameter."""
        return list(self.graph.objects(node, SH + name))

    def siblings(self, node: str, shape: str) -> list[Shape]:
        """The qualified shapes of the property shapes beside one (SHACL §4.7.3)."""
        column, qualified = self.graph.column(SH + "property"), set[str]()
        for parent in column.inverse.of(node):
            for beside in column.of(parent):
                qualified |= set(self.values(beside, "qualifiedValueShape"))
        return [self.shape(each) for each in sorted(qualified - {shape})]

    def members(self, node: str, name: str, head: str) -> list[str]:
        """The members of a list that is the value of a parameter.

        Raises:
            ShapesError: it is no list, or a circle.
        """
        found = [] if head == NIL else self.graph.members(head)
        if found is None:
            raise self.mistake(node, f"the value of sh:{name} is no well-formed list")
        return found

    def iri(self, node: str, name: str, value: str) -> str:
        """A value that must be an IRI.

        Raises:
            ShapesError: it is none.
        """
        if is_literal(value) or is_blank(value):
            raise self.mistake(node, f"sh:{name} is no IRI")
        return value

    def integer(self, node: str, name: str, value: str) -> int:
        """A value that must be an integer.

        Raises:
            ShapesError: it is none.
        """
        is_integer = is_literal(value) and literal(value).datatype == XSD + "integer"
        text = literal(value).lexical if is_integer else ""
        if re.fullmatch(r"\+?[0-9]{1,18}|-0+", text) is None:
            raise self.mistake(node, f"sh:{name} is {value}, expected an integer from 0")
        return int(text)

    def boolean(self, node: str, name: str, value: str) -> bool:
        """A value that must be a boolean.

        Raises:
            ShapesError: it is none.
        """
        text = lexical(value)
        is_boolean = is_literal(value) and literal(value).datatype == XSD + "boolean"
        if not is_boolean or text not in ("true", "false", "1", "0"):
            raise self.mistake(node, f"sh:{name} is {value}, expected true or false")
        return text in ("true", "1")

    def string(self, node: str, name: str, value: str) -> str:
        """A value that must be a text.

        Raises:
            ShapesError: it is none.
        """
        if not is_literal(value):
            raise self.mistake(node, f"sh:{name} is no text")
        return literal(value).lexical

    def strings(self, node: str, name: str) -> list[str]:
        """The texts of a parameter."""
        return [self.string(node, name, each) for each in self.values(node, name)]

    def needs_path(self, node: str, what: str) -> None:
        """Refuse a parameter that only property shapes have.

        Raises:
            ShapesError: the shape has no path.
        """
        if not self.values(node, "path"):
            raise self.mistake(node, f"{what} stands on a node shape")

    def mistake(self, node: str, message: str) -> ShapesError:
        """That a shape is ill-formed."""
        return ShapesError(f"{self._named(node)}: {message}")

    def _named(self, node: str) -> str:
        """A shape as its author knows it: by its IRI, or by the one that it stands in and its path."""
        if not is_blank(node):
            return f"shape {node}"
        nodes = dict.fromkeys((node, *reversed(self.open)))
        inner = list(itertools.takewhile(is_blank, nodes))
        owner = next((each for each in nodes if not is_blank(each)), "without a name")
        way = (path for each in reversed(inner) for path in self.values(each, "path"))
        read = (paths.parse(self.graph, path) if is_blank(path) else path for path in way)
        said = (path if isinstance(path, str) else paths.predicates(path) for path in read if path)
        return f"shape {owner}" + "".join(f", sh:path {path}" for path in said)

    def unsupported(
        self, node: str, message: str, *, pyshacl_may: bool = False
    ) -> UnsupportedShapesError:
        """That a shape is beyond the compiled engine."""
        hint = "`--engine pyshacl` runs it" if pyshacl_may else "remove it from the shapes"
        error = UnsupportedShapesError(
            f"{self._named(node)}: the engine does not know {message}", hint
        )
        error.pyshacl_may = pyshacl_may
        return error
