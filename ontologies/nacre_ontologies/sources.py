"""Files as graphs: an AAS file becomes its structure graph, an RDF file is taken as it is."""

import dataclasses
import functools
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from nacre_aas import files
from nacre_aas.document import Problem, finding_of
from nacre_aas.errors import NoContentError
from nacre_aas.files import STDIN, OpenFile, Report, read_bytes, read_head
from nacre_aas.findings import Finding, Location, Severity
from nacre_aas.model import Environment
from nacre_aas.opc import Limits
from nacre_aas.validation import judge
from nacre_aas.versions import ALL, Metamodel, newest_common
from nacre_ontologies import graphs, meaning, rdf, reading, rules, structure, structure_shapes
from nacre_ontologies.formats import Format, format_of
from nacre_ontologies.reading import GraphReading
from nacre_ontologies.shacl.report import Result
from nacre_ontologies.terms import NACRE, SH

#: With which all terms of the metamodel begin.
_TERMS = b"https://admin-shell.io/aas/3/"
#: Rules of ours that follow the keys of references, which have to stand in order for that.
_ABOUT_KEYS = ("MET-016", "MET-021", "MET-022", "MET-027")
#: The graph that RDF from standard input goes to.
STDIN_GRAPH = "urn:stdin"


@dataclasses.dataclass
class Source:
    """A file whose kind is known: `format` is that of an RDF file, `opened` is an AAS file.

    An RDF file is not held in memory but read again when its statements are asked for; `data` is what
    came from standard input.
    """

    name: str
    data: bytes | None = None
    format: Format | None = None
    opened: OpenFile | None = None
    environment: Environment = dataclasses.field(default_factory=Environment)
    problems: list[Problem] = dataclasses.field(default_factory=list)

    def unread(self) -> Iterator[Finding]:
        """What of an AAS file could not be read, and so is not in its graph."""
        if self.opened is None:
            return
        for part, document in self.opened.documents.items():
            _, problems = self.opened.environments[part]
            lost = [each for each in problems if each.rule.severity is Severity.ERROR]
            places = document.locate(lost) if lost else {}
            for problem in lost:
                yield finding_of(problem, places.get(problem.path), file=self.name, part=part)

    @functools.cached_property
    def version(self) -> Metamodel:
        """The metamodel version whose terms the structure graph uses.

        Raises:
            InputError: an RDF file is malformed.
        """
        if self.opened is None:
            return self.reading.version if self.reading is not None else Metamodel.V3_1
        versions = ALL
        for document in self.opened.documents.values():
            versions &= judge(document).judged
        return newest_common(versions)

    @functools.cached_property
    def reading(self) -> GraphReading | None:
        """The AAS content of an RDF file; `None` if there is none."""
        try:
            return reading.read(_structure(self.quads()))
        except NoContentError:
            return None

    @property
    def content(self) -> Environment:
        """The AAS content, of an RDF file as well."""
        if self.opened is not None or self.reading is None:
            return self.environment
        return files.load(self.name, data=self.reading.json)[0]

    def quads(self, version: Metamodel | None = None, *, apart: bool = False) -> Iterator[ox.Quad]:
        """The statements of the file; `apart` gives blank nodes names that no other file has.

        Raises:
            MalformedDocumentError: an RDF file breaks the syntax of its format.
        """
        if self.format is None:
            text = structure.n_triples(self.environment, version or self.version)
            yield from rdf.parse(text, Format.N_TRIPLES)
        elif self.data is not None:
            yield from rdf.parse(self.data, self.format, apart=apart)
        else:
            with Path(self.name).open("rb") as stream:
                yield from rdf.parse(stream, self.format, apart=apart)

    def structure_quads(self, version: Metamodel | None = None) -> Iterator[ox.Quad]:
        """The statements of the file without those of our own meaning graphs; raises as `quads` does."""
        return _structure(self.quads(version))

    def named_graphs(self) -> Iterator[tuple[str, Iterator[ox.Quad]]]:
        """The graphs of the file for a store, by name: structure and meaning, or the RDF as it is.

        The structure graph is in the terms that the named queries know, those of metamodel 3.1. To RDF
        that holds twins by their structure alone, what they mean is added, and those terms.

        Raises:
            MalformedDocumentError: while reading, an RDF file breaks the syntax of its format.
        """
        content = self.environment
        if self.opened is None:
            yield graph_of(self.name), self.quads(apart=True)
            twins = self._twins_alone()
            if twins is None:
                return
            content, version = twins
            if version != Metamodel.V3_1:
                text = structure.n_triples(content, Metamodel.V3_1)
                name = graphs.graph_name(content, graphs.STRUCTURE)
                yield name, rdf.parse(text, Format.N_TRIPLES)
        else:
            yield graphs.graph_name(content, graphs.STRUCTURE), self.quads(Metamodel.V3_1)
        yield (
            graphs.graph_name(content, graphs.MEANING),
            rdf.parse(meaning.n_triples(content), Format.N_TRIPLES),
        )

    def _twins_alone(self) -> tuple[Environment, Metamodel] | None:
        """The twins in an RDF file that says nothing of what they mean, and the version of its terms."""
        head = self.data[:8192] if self.data is not None else read_head(self.name)
        if _TERMS not in head or any(
            isinstance(each.graph_name, ox.NamedNode) and graphs.is_meaning(each.graph_name.value)
            for each in self.quads()
        ):
            return None
        found = self.reading
        if found is None:
            return None
        return files.load(self.name, data=found.json)[0], found.version


def graph_of(name: str) -> str:
    """The IRI of a file as a graph."""
    return STDIN_GRAPH if name == STDIN else Path(name).resolve().as_uri()


def unread_result(name: str, code: str, message: str) -> Result:
    """What of a file is not in its graph, as a result of shapes: without it, the file does not conform."""
    rule = f"{NACRE}rule/{code}"
    return Result(graph_of(name), None, None, rule, rule, SH + "Violation", (message,))


def open_source(name: str, limits: Limits | None = None) -> Source:
    """Open a file of either kind.

    Raises:
        InputError: nothing can be said about the file.
    """
    if name != STDIN:
        format_ = format_of(name, read_head(name, limits))
        if format_ is not None:
            return Source(name, None, format_)
    data = read_bytes(name, limits)
    if name == STDIN:
        format_ = format_of(name, data)
        if format_ is not None:
            return Source(name, data, format_)
    environment, opened, problems = files.load(name, data=data, limits=limits)
    return Source(name, None, None, opened, environment, problems)


def as_json(data: bytes, format_: Format) -> GraphReading:
    """The AAS content of RDF, as the JSON of the same environment.

    Raises:
        InputError: it is malformed, or without AAS content.
    """
    return reading.read(_structure(rdf.parse(data, format_)))


def _structure(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Statements without those of our own meaning graphs, which follow from the others."""
    for quad in quads:
        graph = quad.graph_name
        if not (isinstance(graph, ox.NamedNode) and graphs.is_meaning(graph.value)):
            yield quad


def validate_graph(name: str, found: GraphReading, **options: object) -> Report:
    """Judge the AAS content of an RDF file; findings name elements, but no places in the file."""
    if options.get("metamodel") is None:  # the terms name a version, as the namespace of XML does
        options["metamodel"] = found.version
    report = files.validate(name, data=found.json, **options)  # type: ignore[arg-type]
    report.format = "rdf"
    if found.unordered["keys"]:
        _without_order(report, found)
    report.findings = [_without_place(each) for each in report.findings]
    for reason in found.disorder():
        report.findings.append(rules.NO_ORDER.finding(reason, Location(name)))
    for reason, count in found.left_out.items():
        message = f"{reason} (x{count}) is beyond the AAS mapping"
        report.findings.append(rules.LEFT_OUT.finding(message, Location(name)))
    return report


def _without_order(report: Report, found: GraphReading) -> None:
    """Take back what was said about keys by an order that the graph does not have."""
    codes = (*structure_shapes.about_order(found.version), *_ABOUT_KEYS)
    places = tuple(f"{each}/" for each in found.without_order)

    def is_about_them(finding: Finding) -> bool:
        return f"{finding.location.pointer}/".startswith(places)

    report.findings = [
        each for each in report.findings if each.code not in codes or not is_about_them(each)
    ]
    if not report.count(Severity.ERROR):
        report.versions = report.judged
    for code in codes:
        report.not_checked[code] = found.disorder()


def _without_place(finding: Finding) -> Finding:
    from msgspec.structs import replace

    location = replace(finding.location, pointer=None, line=None, column=None)
    return replace(finding, location=location, source_line=None, source_column=None)
