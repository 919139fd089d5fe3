"""The two graphs of an environment put together, and named."""

from nacre_aas.digest import digest
from nacre_aas.model import Environment
from nacre_aas.versions import Metamodel
from nacre_ontologies import meaning, rdf, structure
from nacre_ontologies.formats import Format
from nacre_ontologies.terms import NACRE, RDFS
from nacre_ontologies.units import UNIT

#: Names of graphs: the digest of the environment, and which of its graphs it is.
GRAPH = NACRE + "graph/"
STRUCTURE, MEANING = "structure", "meaning"


def graph_name(environment: Environment, kind: str) -> str:
    """The IRI of a graph of an environment: equal for equal content, whatever file it came from."""
    return f"{GRAPH}{digest(environment).root.hex()}/{kind}"


def is_meaning(graph: str) -> bool:
    """Whether the name of a graph is that of a meaning graph of ours."""
    return graph.startswith(GRAPH) and graph.endswith(f"/{MEANING}")


def n_quads(
    environment: Environment,
    version: Metamodel,
    *,
    with_structure: bool = True,
    with_meaning: bool = False,
    blank_nodes: bool = False,
    named: bool = False,
) -> str:
    """The graphs that are asked for, in one text; `named` says in which graph a statement is."""
    parts = []
    if with_structure:
        text = structure.n_triples(environment, version, blank_nodes=blank_nodes)
        parts.append((text, STRUCTURE))
    if with_meaning:
        parts.append((meaning.n_triples(environment), MEANING))
    return "".join(
        structure.n_quads(text, graph_name(environment, kind)) if named else text
        for text, kind in parts
    )


def written(text: str, format_: Format, version: Metamodel) -> bytes:
    """N-Quads in a format, with the prefixes of our graphs."""
    prefixes = {
        **rdf.aas_prefixes(version),
        "rdfs": RDFS,
        "nv": meaning.NV,
        "dcterms": meaning.DCTERMS,
        "qudt": meaning.QUDT,
        "unit": UNIT,
    }
    return rdf.converted(text, format_, prefixes)
