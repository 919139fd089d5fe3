"""Canonical forms of graphs: the W3C suite, our own graphs, and graphs made to take for ever."""

from pathlib import Path

import pytest
import strategies
from hypothesis import given

from nacre_aas import files
from nacre_aas.canonical import canonical
from nacre_aas.errors import LimitExceededError
from nacre_aas.model import Environment
from nacre_aas.versions import Metamodel
from nacre_ontologies import rdf, rdflib_graphs, structure
from nacre_ontologies.canonicalization import canonical_n_quads
from nacre_ontologies.formats import Format

V = Metamodel.V3_1


def test_the_w3c_suite_passes_whole(shared: Path) -> None:
    folder = shared / "vectors" / "rdfc10" / "tests" / "rdfc10"
    passed = 0
    for path in sorted(folder.glob("*-rdfc10.nq")):
        data = path.with_name(path.name.replace("-rdfc10", "-in")).read_bytes()
        sha384 = path.name.startswith("test075")
        found = canonical_n_quads(rdf.parse(data, Format.N_QUADS), sha384=sha384)
        assert found == path.read_text("utf-8"), path.name
        passed += 1
    assert passed == 64


def test_a_poison_graph_ends(shared: Path) -> None:
    data = (shared / "vectors" / "rdfc10" / "tests" / "rdfc10" / "test074-in.nq").read_bytes()
    with pytest.raises(LimitExceededError):
        canonical_n_quads(rdf.parse(data, Format.N_QUADS), timeout=1)


def test_a_clique_of_blank_nodes_ends() -> None:
    nodes = [f"_:n{at}" for at in range(11)]
    text = "".join(f"{a} <urn:p> {b} .\n" for a in nodes for b in nodes if a != b)
    with pytest.raises(LimitExceededError):
        canonical_n_quads(rdf.parse(text, Format.N_TRIPLES), timeout=1)


@given(strategies.environments())
def test_our_graphs_are_canonical_once_sorted(content: Environment) -> None:
    text = structure.n_triples(content, V)
    found = canonical_n_quads(rdf.parse(text, Format.N_TRIPLES))
    assert set(found.splitlines()) == set(text.splitlines())
    blank = structure.n_triples(content, V, blank_nodes=True)
    lines = blank.splitlines(keepends=True)
    turned = canonical_n_quads(rdf.parse("".join(reversed(lines)), Format.N_TRIPLES))
    assert canonical_n_quads(rdf.parse(blank, Format.N_TRIPLES)) == turned


@given(strategies.environments())
def test_rdflib_graphs_come_back(content: Environment) -> None:
    graph = rdflib_graphs.structure_graph(content)
    assert canonical(rdflib_graphs.environment_of(graph)) == canonical(content)


def test_a_file_as_an_rdflib_graph() -> None:
    import rdflib

    document = b'{"submodels": [{"modelType": "Submodel", "id": "urn:x"}]}'
    content = files.load("x.json", data=document)[0]
    graph = rdflib_graphs.structure_graph(content)
    found = graph.value(rdflib.URIRef("urn:x"), rdflib.RDF.type)
    assert str(found) == "https://admin-shell.io/aas/3/1/Submodel"
    assert len(rdflib_graphs.meaning_graph(content)) == 1
