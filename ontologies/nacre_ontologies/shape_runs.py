"""Runs shapes over files: which shapes, which engine, and results as findings at their elements."""

import dataclasses
import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from nacre_aas.constraints import RULES, Rule
from nacre_aas.document import Path, Problem, finding_of, names_on_the_way
from nacre_aas.document import Reading as DocumentReading
from nacre_aas.errors import InputError, about
from nacre_aas.findings import Finding, Location, Severity
from nacre_aas.model import Identifiable
from nacre_aas.schema import classes
from nacre_aas.versions import Metamodel
from nacre_aas.wording import some_of
from nacre_ontologies import bounded, rdf, rules, structure, structure_shapes, template_shapes
from nacre_ontologies.formats import Format, format_of
from nacre_ontologies.locating import Locator, readable
from nacre_ontologies.shacl import Graph, Report, Result, Shapes, UnsupportedShapesError, validate
from nacre_ontologies.shacl.components import COMPONENTS, SECONDARY
from nacre_ontologies.shacl.graph import is_blank, is_literal, lexical
from nacre_ontologies.shacl.literals import in_one_language
from nacre_ontologies.shacl.paths import Predicate, predicates
from nacre_ontologies.shacl.shapes import without_focus
from nacre_ontologies.sources import Source
from nacre_ontologies.terms import INDEX, OWL, SH, class_iri, namespace, version_of
from nacre_submodels import catalogue
from nacre_submodels.catalogue import Entry
from nacre_submodels.check import entry_for

COMPILED, PYSHACL = "compiled", "pyshacl"
#: Seconds that running shapes over one file may take, unless told otherwise.
TIMEOUT = 600.0
_IMPORTS = ox.NamedNode(OWL + "imports")
_SPARQL = ox.NamedNode(SH + "sparql")
#: Constraints whose result depends on whether a node satisfies another shape.
_OF_SHAPES = frozenset(
    ox.NamedNode(SH + word) for word in ("node", "not", "and", "or", "xone", "qualifiedValueShape")
)

#: The parameters of SHACL Core, which SPARQL needs none of.
_CORE = COMPONENTS.keys() | SECONDARY

_SEVERITIES = {
    SH + "Violation": Severity.ERROR,
    SH + "Warning": Severity.WARNING,
    SH + "Info": Severity.NOTE,
}


class LongRunError(InputError):
    """Running the shapes took more time or memory than there is."""

    code = "SHX-005"


@dataclasses.dataclass(frozen=True)
class ShapeFile:
    """Shapes of the user's own."""

    name: str
    data: bytes

    def quads(self) -> Iterator[ox.Quad]:
        """The statements of the file.

        Raises:
            MalformedDocumentError: it breaks the syntax of its format.
        """
        format_ = format_of(self.name, self.data) or Format.TURTLE
        with about(self.name):
            yield from rdf.parse(self.data, format_, apart=True)


@dataclasses.dataclass
class Run:
    """What running shapes over one file gave; `not_checked` says what was not, by rule code."""

    report: Report
    findings: list[Finding]
    not_checked: dict[str, list[str]]


def run(
    source: Source,
    shapes: Sequence[ShapeFile] = (),
    *,
    engine: str | None = None,
    version: Metamodel | None = None,
    timeout: float = TIMEOUT,
) -> Run:
    """Run shapes over a file: its metamodel's and its templates', or the user's own.

    Without an `engine` shapes beyond the compiled one go to pyshacl.

    Raises:
        InputError: the file or the shapes are malformed, or the engine cannot run the shapes.
    """
    version = version or _spoken_of(shapes) or source.version

    def work() -> tuple[Report, dict[str, list[str]], bool]:
        return _run(source, shapes, engine, version)

    try:
        report, not_checked, applies = bounded.run(work, timeout)
    except (TimeoutError, MemoryError, EOFError):
        raise LongRunError(
            f"the shapes were not through within {timeout:g} s, or needed too much memory",
            "raise --timeout, or look for patterns and paths that go on without end",
        ) from None
    found = list(findings(source, report.results))
    imported = {q.object for each in shapes for q in each.quads() if q.predicate == _IMPORTS}
    for name in sorted(str(each).strip("<>") for each in imported):
        message = f"`{name}` is imported by the shapes, and was not run"
        found.append(rules.IMPORTS.finding(message, Location(source.name)))
    if engine is None and report.engine == PYSHACL:
        message = "all shapes were run by pyshacl, which some of them need"
        found.append(rules.OTHER_ENGINE.finding(message, Location(source.name)))
    if not applies:
        message = "no shape applies to anything in the graph"
        found.append(rules.NOTHING_APPLIES.finding(message, Location(source.name)))
    return Run(report, found, not_checked)


def _spoken_of(shapes: Sequence[ShapeFile]) -> Metamodel | None:
    """The metamodel version in whose terms shapes speak, if it is one: others apply to nothing."""
    terms = (
        each for file in shapes for quad in file.quads() for each in (quad.predicate, quad.object)
    )
    found = {version_of(each.value) for each in terms if isinstance(each, ox.NamedNode)} - {None}
    return found.pop() if len(found) == 1 else None


def _run(
    source: Source, shapes: Sequence[ShapeFile], engine: str | None, version: Metamodel
) -> tuple[Report, dict[str, list[str]], bool]:
    """The report, what was not checked, and whether any shape had a focus node."""
    quads = source.quads if shapes else source.structure_quads
    graph = Graph(quads(version))
    not_checked: dict[str, list[str]] = {}
    applies = True
    report: Report | None = None
    if engine in (None, COMPILED):
        try:
            made = _own(shapes) if shapes else _shipped(source, graph, version)
            if not shapes:
                applies = any(each.focus(graph) for some in made for each in some.targets)
            report = Report(
                tuple(each for some in made for each in validate(graph, some).results), COMPILED
            )
        except UnsupportedShapesError as error:
            if engine == COMPILED or not error.pyshacl_may:
                raise
            report = _together(source, graph, version, shapes)
    if engine == PYSHACL and shapes:
        try:  # pyshacl passes over what it does not understand
            _own(shapes)
        except UnsupportedShapesError as error:
            if not error.pyshacl_may:
                raise
    if report is None:
        from nacre_ontologies.shacl import reference

        texts = shapes or [ShapeFile("shapes.ttl", each) for each in _texts(source, graph, version)]
        statements = [quad for each in texts for quad in each.quads()]
        if not shapes:
            _, applies = without_focus(Graph(statements), graph)
        report = reference.validate(quads(version), statements)
    if shapes:
        own = Graph(quad for each in shapes for quad in each.quads())
        idle, applies = without_focus(own, graph)
        if applies:
            _say_what_is_idle(idle, version, not_checked)
    else:
        _say_what_lacks_order(graph, version, not_checked)
    return report, not_checked, applies


def _say_what_is_idle(
    idle: Mapping[str, set[str]], version: Metamodel, not_checked: dict[str, list[str]]
) -> None:
    """Name the shapes that apply to nothing, but for those of classes that a file simply has none of."""
    known = {class_iri(each, version) for each in classes()}
    meant = [node for node, of in idle.items() if not of or of - known]
    names = [f"`{each}`" for each in meant if not is_blank(each)]
    if len(names) < len(meant):
        names.append(f"{len(meant) - len(names)} without a name")
    if names:
        reason = f"shapes that apply to nothing: {some_of(names)}"
        not_checked[rules.NOTHING_APPLIES.code] = [reason]


def _together(
    source: Source, graph: Graph, version: Metamodel, files: Sequence[ShapeFile]
) -> Report | None:
    """The results of the compiled engine, and those of pyshacl for SPARQL; `None` if they cannot be parted."""
    from nacre_ontologies.shacl import reference

    statements = [quad for each in files for quad in each.quads()]
    if _asks_inside(statements):
        return None
    core = [quad for quad in statements if quad.predicate != _SPARQL]
    try:
        own = validate(graph, Shapes(Graph(core))).results
    except UnsupportedShapesError:
        return None
    rest = [quad for quad in statements if quad.predicate.value not in _CORE]
    found = reference.validate(source.quads(version), rest).results
    asked = (each for each in found if each.component == SH + "SPARQLConstraintComponent")
    results = sorted((*own, *asked), key=lambda each: (each.key, each.shape))
    return Report(tuple(results), f"{COMPILED}, {PYSHACL} for sh:sparql")


def _asks_inside(statements: Sequence[ox.Quad]) -> bool:
    """Whether a constraint in SPARQL decides what another constraint says of a node."""
    below: dict[Any, list[Any]] = {}
    for quad in statements:
        below.setdefault(quad.subject, []).append(quad.object)
    reached = [quad.object for quad in statements if quad.predicate in _OF_SHAPES]
    seen = set(reached)
    for node in reached:  # grows meanwhile
        fresh = [each for each in below.get(node, ()) if each not in seen]
        seen.update(fresh)
        reached += fresh
    return any(quad.predicate == _SPARQL and quad.subject in seen for quad in statements)


def _own(files: Sequence[ShapeFile]) -> list[Shapes]:
    graph = Graph()
    for each in files:
        graph.add(each.quads())
    return [Shapes(graph)]


def _shipped(source: Source, graph: Graph, version: Metamodel) -> list[Shapes]:
    """The structure shapes of a version, and the shapes of the templates that a graph uses."""
    return [
        metamodel_shapes(version),
        *(template_shapes_of(each, version) for each in templates_of(source, graph, version)),
    ]


def _texts(source: Source, graph: Graph, version: Metamodel) -> list[bytes]:
    known = catalogue.known()
    return [
        structure_shapes.document(version).encode(),
        *(
            template_shapes.document(known.template(each), version).encode()
            for each in templates_of(source, graph, version)
        ),
    ]


@functools.cache
def metamodel_shapes(version: Metamodel) -> Shapes:
    """The structure shapes of a version, compiled."""
    text = structure_shapes.document(version)
    return Shapes(Graph(rdf.parse(text, Format.TURTLE)))


@functools.lru_cache(64)
def template_shapes_of(entry: Entry, version: Metamodel) -> Shapes:
    """The shapes of a template of the catalogue, compiled."""
    text = template_shapes.document(catalogue.known().template(entry), version)
    return Shapes(Graph(rdf.parse(text, Format.TURTLE)))


def templates_of(source: Source, graph: Graph, version: Metamodel) -> list[Entry]:
    """The templates of the catalogue that the submodels of a graph are judged by."""
    base, known = namespace(version), catalogue.known()
    found: dict[str, Entry] = {}
    are_shared = False
    for node in sorted(graph.instances(base + "Submodel")):
        names: list[str] = []
        for attribute in ("semanticId", "supplementalSemanticIds"):
            nodes = [node]
            for name in (f"HasSemantics/{attribute}", "Reference/keys", "Key/value"):
                column = graph.column(base + name)
                nodes = [value for each in nodes for value in column.of(each)]
            names += sorted(lexical(each) or "" for each in nodes)
        entries = known.entries_for(names)
        are_shared |= len({each.specification for each in entries}) > 1
        found |= {each.file: each for each in entries[:1]}
    if are_shared:  # what stands in a submodel says which of its templates is meant
        judged = (entry_for(each, known) for each in source.content.submodels or ())
        found = {each.file: each for each in judged if each is not None}
    return list(found.values())


def _say_what_lacks_order(
    graph: Graph, version: Metamodel, not_checked: dict[str, list[str]]
) -> None:
    """Say where rules about the order of keys could not be judged."""
    keys = graph.column(namespace(version) + "Reference/keys")
    index = graph.column(INDEX).single
    without = sum(1 for several in keys.multiple.values() if any(k not in index for k in several))
    if without:
        reason = f"{without} references of several keys have no order in the graph"
        for code in (*structure_shapes.about_order(version), rules.NO_ORDER.code):
            not_checked[code] = [reason]


# -- results as findings ---------------------------------------------------------------------------


def findings(source: Source, results: Sequence[Result]) -> Iterator[Finding]:
    """Each result as a finding, at the element that its node came from."""
    opened = source.opened
    if opened is None:
        yield from (_bare(source, each) for each in results)
        return
    locator = Locator(structure.subjects(source.environment))
    by_part: dict[str | None, list[tuple[Problem, tuple[str, ...], str | None]]] = {}
    places = _places(source)
    for result in results:
        found = _record_of(locator, result)
        place = None if found is None else places.get(id(found[0]))
        if found is None or place is None:
            yield _bare(source, result)
            continue
        part, start, reading = place
        path = start + reading.in_document(found[1])
        problem = Problem(_rule(result), _message(result), path)
        names = names_on_the_way(reading, found[1])
        by_part.setdefault(part, []).append((problem, *names))
    for part, entries in by_part.items():
        positions = opened.documents[part].locate([problem for problem, _, _ in entries])
        for problem, element, semantic_id in entries:
            yield finding_of(
                problem,
                positions.get(problem.path),
                file=source.name,
                part=part,
                element=element,
                semantic_id=semantic_id,
            )


def _places(source: Source) -> dict[int, tuple[str | None, Path, DocumentReading]]:
    """Where each identifiable of the environment stands: part, path, and how it was read.

    The environment joins the parts of a package in their order, each identifiable as it was read.
    """
    assert source.opened is not None
    found: dict[int, tuple[str | None, Path, DocumentReading]] = {}
    wanted = {
        (type(record), record.id): record for record, _, _ in structure.subjects(source.environment)
    }
    for part, document in source.opened.documents.items():
        for each in document.parts:
            reading = document.read(each)
            record = reading.record
            if isinstance(record, Identifiable):
                ours = wanted.get((type(record), record.id))
                if ours is not None:
                    found.setdefault(id(ours), (part, each.path, reading))
    return found


def _record_of(locator: Locator, result: Result) -> tuple[Identifiable, Path] | None:
    """What a result is about: the value if it is a node of the file, else the attribute of the focus."""
    if result.value is not None and not is_literal(result.value):
        found = locator.find(result.value)
        if found is not None:
            return found
    found = locator.find(result.focus)
    if found is not None and isinstance(result.path, Predicate) and result.value is not None:
        record, path = found
        return record, (*path, result.path.iri.rpartition("/")[2])
    return found


def _bare(source: Source, result: Result) -> Finding:
    location = Location(source.name, element=(readable(result.focus),))
    return _rule(result).finding(_message(result), location)


def _rule(result: Result) -> Rule:
    rule = RULES.get(result.rule or "", rules.SHAPE)
    severity = _SEVERITIES.get(result.severity, Severity.ERROR)
    return rule if rule.severity is severity else dataclasses.replace(rule, severity=severity)


def _message(result: Result) -> str:
    words = "; ".join(in_one_language(result.messages))
    if result.rule == rules.UNKNOWN_PROPERTY.code and result.path is not None:
        return f"{words}: `{predicates(result.path)}`"
    if result.rule is None:
        path = "" if result.path is None else f" of `{predicates(result.path)}`"
        value = "" if result.value is None else f" (`{_shown(result.value)}`)"
        return f"{words}{path}{value}"
    if result.value is not None and is_literal(result.value):
        return f"{words}: `{_shown(result.value)}`"
    return words


def _shown(term: str) -> str:
    text = lexical(term) or term
    return text if len(text) < 80 else f"{text[:77]}..."
