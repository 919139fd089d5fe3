"""What the tests of graphs share: the W3C suite, the corpus, and graphs made from files."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from conftest import is_thorough
from nacre_aas import files
from nacre_aas.errors import InputError
from nacre_aas.model import Environment
from nacre_aas.versions import Metamodel
from nacre_ontologies import rdf, structure
from nacre_ontologies.formats import Format
from nacre_ontologies.shacl import Graph, paths
from nacre_ontologies.terms import SH, TYPE

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"

Key = tuple[str, str, str, str, str]


class Row(NamedTuple):
    """A line of the manifest of the corpus."""

    path: Path
    kind: str
    version: str
    expected: str
    reason: str


def corpus(shared: Path, *kinds: str) -> list[Row]:
    """The files of some kinds; a seeded part of them unless everything is to be run."""
    with (shared / "corpus" / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        rows = [
            Row(
                shared / "corpus" / row["path"],
                row["format"],
                row["version"],
                row["expected"],
                row["kind"],
            )
            for row in csv.DictReader(stream)
            if row["format"] in kinds
        ]
    return rows if is_thorough() else rows[::7]


def environments(shared: Path) -> Iterator[tuple[Path, Environment]]:
    """What is in every readable file of the corpus, and in the templates."""
    paths_ = [row.path for row in corpus(shared, "json", "xml", "aasx")]
    templates = sorted((shared / "templates").rglob("*.json"))
    for path in paths_ + (templates if is_thorough() else templates[::6]):
        try:
            content, _, _ = files.load(str(path))
        except InputError:
            continue
        yield path, content


def graph_of(content: Environment, version: Metamodel = Metamodel.V3_1) -> Graph:
    return Graph(rdf.parse(structure.n_triples(content, version), Format.N_TRIPLES))


def turtle(text: str) -> Graph:
    """A small graph with the usual prefixes."""
    prefixes = "".join(
        f"@prefix {name}: <{iri}> .\n"
        for name, iri in {
            "sh": SH,
            "ex": "http://example.com/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "nx": "https://w3id.org/nacre/structure#",
        }.items()
    )
    return Graph(rdf.parse(prefixes + text, Format.TURTLE))


# -- the W3C SHACL test suite ----------------------------------------------------------------------


class Case(NamedTuple):
    """A test of the suite: files, and what they must give; `results` is `None` for a failure."""

    name: str
    data: Path
    shapes: Path
    conforms: bool
    results: Counter[Key] | None


def _graph(path: Path) -> Graph:
    return Graph(rdf.parse(path.read_bytes(), Format.TURTLE, base=path.as_uri()))


def suite(shared: Path, part: str = "core") -> Iterator[Case]:
    folder = shared / "vectors" / "shacl" / "data-shapes-test-suite" / "tests" / part
    for path in sorted(folder.rglob("*.ttl")):
        graph = _graph(path)
        for test in graph.column(TYPE).inverse.of(SHT + "Validate"):
            action, result = graph.one(test, MF + "action"), graph.one(test, MF + "result")
            assert action is not None
            assert result is not None
            data, shapes = (
                Path((graph.one(action, SHT + name) or "").removeprefix("file://"))
                for name in ("dataGraph", "shapesGraph")
            )
            conforms = "true" in (graph.one(result, SH + "conforms") or "")
            expected = None if result == SHT + "Failure" else Counter(_expected(graph, result))
            yield Case(f"{path.parent.name}/{path.stem}", data, shapes, conforms, expected)


def _expected(graph: Graph, report: str) -> Iterator[Key]:
    for result in graph.objects(report, SH + "result"):
        path = graph.one(result, SH + "resultPath")
        yield anonymous(
            (
                graph.one(result, SH + "focusNode") or "",
                "" if path is None else repr(paths.parse(graph, path)),
                graph.one(result, SH + "value") or "",
                graph.one(result, SH + "resultSeverity") or "",
                graph.one(result, SH + "sourceConstraintComponent") or "",
            )
        )


def anonymous(key: Key) -> Key:
    """A result without the names of blank nodes, which are anybody's choice."""
    focus, path, value, severity, component = key
    hidden = ["_:" if each.startswith("_:") else each for each in (focus, value)]
    return hidden[0], path, hidden[1], severity, component


def load_case(case: Case) -> tuple[Graph, Graph]:
    return _graph(case.data), _graph(case.shapes)
