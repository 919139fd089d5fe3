"""What a run of shapes over a graph found, and the W3C report graph of it (SHACL §3.6)."""

import dataclasses
from collections import Counter
from collections.abc import Iterator

import pyoxigraph as ox

from nacre_ontologies import rdf
from nacre_ontologies.formats import Format
from nacre_ontologies.shacl.graph import is_blank, is_literal, literal
from nacre_ontologies.shacl.literals import language_of
from nacre_ontologies.shacl.paths import (
    Alternative,
    Inverse,
    Path,
    Predicate,
    Repeated,
    Sequence,
)
from nacre_ontologies.terms import PREFIXES, RDF, SH, XSD


@dataclasses.dataclass(frozen=True)
class Result:
    """One violation: terms as in `nacre_ontologies.shacl.graph`.

    `shape` and `component` say which constraint it is of; `rule` is the code of the rule behind the
    shape, if it names one.
    """

    focus: str
    path: Path | None
    value: str | None
    shape: str
    component: str
    severity: str
    messages: tuple[str, ...] = ()
    rule: str | None = None

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What two engines must agree on."""
        path = "" if self.path is None else repr(self.path)
        return self.focus, path, self.value or "", self.severity, self.component


@dataclasses.dataclass(frozen=True)
class Report:
    """All results, in a fixed order; `engine` says what made them."""

    results: tuple[Result, ...]
    engine: str = "compiled"

    @property
    def conforms(self) -> bool:
        """Whether there are no results."""
        return not self.results

    @property
    def keys(self) -> Counter[tuple[str, str, str, str, str]]:
        """The results as engines are compared by."""
        return Counter(each.key for each in self.results)

    def turtle(self) -> bytes:
        """The report graph in Turtle."""
        return rdf.serialize(self._triples(), Format.TURTLE, {"sh": SH, **PREFIXES})

    def _triples(self) -> Iterator[ox.Triple]:
        report = ox.BlankNode("report")
        yield ox.Triple(report, ox.NamedNode(RDF + "type"), ox.NamedNode(SH + "ValidationReport"))
        conforms = ox.Literal("true" if self.conforms else "false", datatype=_BOOLEAN)
        yield ox.Triple(report, ox.NamedNode(SH + "conforms"), conforms)
        for number, each in enumerate(self.results):
            node = ox.BlankNode(f"result{number}")
            yield ox.Triple(report, ox.NamedNode(SH + "result"), node)
            yield ox.Triple(node, ox.NamedNode(RDF + "type"), ox.NamedNode(SH + "ValidationResult"))
            for name, term in (
                ("focusNode", each.focus),
                ("value", each.value),
                ("sourceShape", each.shape),
                ("sourceConstraintComponent", each.component),
                ("resultSeverity", each.severity),
            ):
                if term is not None:
                    yield ox.Triple(node, ox.NamedNode(SH + name), _term(term))
            for message in each.messages:
                language = language_of(message) or None
                text = ox.Literal(str(message), language=language)
                yield ox.Triple(node, ox.NamedNode(SH + "resultMessage"), text)
            if each.path is not None:
                parts = list[ox.Triple]()
                end = _path(each.path, f"path{number}", parts)
                yield ox.Triple(node, ox.NamedNode(SH + "resultPath"), end)
                yield from parts


_BOOLEAN = ox.NamedNode(XSD + "boolean")
_Node = ox.NamedNode | ox.BlankNode


def _term(term: str) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if is_blank(term):
        return ox.BlankNode(term[2:])
    if not is_literal(term):
        return ox.NamedNode(term)
    text, datatype, language = literal(term)
    if language:
        return ox.Literal(text, language=language)
    return ox.Literal(text, datatype=ox.NamedNode(datatype))


def _path(path: Path, name: str, out: list[ox.Triple]) -> _Node:
    """The node of a path; what describes it goes to `out`."""
    if isinstance(path, Predicate):
        return ox.NamedNode(path.iri)
    node = ox.BlankNode(name)
    match path:
        case Inverse(inner):
            out.append(ox.Triple(node, _sh("inversePath"), _path(inner, name + "i", out)))
        case Alternative(paths):
            head = _list(paths, name + "a", out)
            out.append(ox.Triple(node, _sh("alternativePath"), head))
        case Repeated(inner, minimum, unbounded):
            word = ("oneOrMore" if minimum else "zeroOrMore") if unbounded else "zeroOrOne"
            out.append(ox.Triple(node, _sh(word + "Path"), _path(inner, name + "r", out)))
        case Sequence(paths):
            return _list(paths, name + "s", out)
    return node


def _list(paths: tuple[Path, ...], name: str, out: list[ox.Triple]) -> _Node:
    nodes = [ox.BlankNode(f"{name}{at}") for at in range(len(paths))]
    ends: list[_Node] = [*nodes[1:], ox.NamedNode(RDF + "nil")]
    for at, (path, node, end) in enumerate(zip(paths, nodes, ends, strict=True)):
        first = _path(path, f"{name}{at}f", out)
        out.append(ox.Triple(node, ox.NamedNode(RDF + "first"), first))
        out.append(ox.Triple(node, ox.NamedNode(RDF + "rest"), end))
    return nodes[0]


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(SH + name)
