"""Graphs of rdflib, for users' own code: in and out, with literals as they are written."""

import contextlib
import logging
import threading
import warnings
from collections.abc import Generator, Iterable
from typing import Any

import pyoxigraph as ox

from nacre_aas import files
from nacre_aas.model import Environment
from nacre_aas.versions import Metamodel
from nacre_ontologies import meaning, rdf, reading, structure
from nacre_ontologies.formats import Format

_LITERALS = threading.RLock()


def structure_graph(environment: Environment, version: Metamodel = Metamodel.V3_1) -> Any:
    """The structure graph of an environment as an `rdflib.Graph`."""
    return from_quads(rdf.parse(structure.n_triples(environment, version), Format.N_TRIPLES))


def meaning_graph(environment: Environment) -> Any:
    """The meaning graph of an environment as an `rdflib.Graph`."""
    return from_quads(rdf.parse(meaning.n_triples(environment), Format.N_TRIPLES))


def environment_of(graph: Any) -> Environment:
    """The environment that a structure graph in rdflib describes.

    Raises:
        InputError: there is no AAS content in it, or it is nested without end.
    """
    found = reading.read(ox.Quad(t.subject, t.predicate, t.object) for t in to_quads(graph))
    return files.load("graph", data=found.json)[0]


def from_quads(quads: Iterable[Any]) -> Any:
    """Statements as an `rdflib.Graph`, with blank nodes and literals as they are."""
    import rdflib

    graph = rdflib.Graph()
    with literals_as_written():
        for quad in quads:
            graph.add(tuple(term_of(term) for term in (quad.subject, quad.predicate, quad.object)))
    return graph


def term_of(term: Any) -> Any:
    """A term of pyoxigraph as one of rdflib."""
    import rdflib

    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language is not None:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(
        term.value, datatype=None if datatype == rdflib.XSD.string else datatype, normalize=False
    )


@contextlib.contextmanager
def literals_as_written() -> Generator[None]:
    """Keep rdflib from rewriting `0061707` to `61707`, and from talking about ill-typed literals.

    pyshacl turns the switch back after each run, so it is set anew for each.
    """
    import rdflib

    logger = logging.getLogger("rdflib.term")
    with _LITERALS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before, level = rdflib.NORMALIZE_LITERALS, logger.level
        rdflib.NORMALIZE_LITERALS = False
        logger.setLevel(logging.CRITICAL + 1)
        logging.disable(logging.CRITICAL)  # pyshacl says on stderr what it raises as well
        try:
            yield
        finally:
            rdflib.NORMALIZE_LITERALS = before
            logger.setLevel(level)
            logging.disable(logging.NOTSET)


def to_quads(graph: Any) -> Iterable[ox.Triple]:
    """The statements of an `rdflib.Graph`."""
    for triple in graph:
        yield ox.Triple(*(_ox_term(term) for term in triple))


def _ox_term(term: Any) -> Any:
    import rdflib

    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(
        str(term), datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None
    )
