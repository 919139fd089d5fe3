"""Rules of graphs and shapes: the codes `RDF-001` and `SHX-001` and up."""

from nacre_aas.constraints.registry import declare
from nacre_aas.findings import Severity

_MAPPING = "IDTA-01001, mapping to RDF"
_SHACL = "W3C SHACL"

SEVERAL = declare(
    "RDF-001",
    "several values where one belongs",
    "The attribute has one value in the metamodel, but the graph states several. That happens when "
    "one IRI is used for two things: RDF merges what is said of them.",
    "give the two things different IRIs",
    _MAPPING,
)
UNKNOWN_PROPERTY = declare(
    "RDF-002",
    "property that the class does not have",
    "The node has a property that the mapping does not give to its class.",
    "remove the statement, or correct the class or the property",
    _MAPPING,
)
WRONG_NODE = declare(
    "RDF-003",
    "value of another kind",
    "The property leads to something else than the mapping says: a text where a node belongs, a "
    "node of another class, or a literal of another datatype.",
    "write the value as the mapping asks",
    _MAPPING,
)
DOUBLED = declare(
    "RDF-004",
    "one id for two things",
    "Two identifiables have the same id. In RDF their statements would merge into one node; the "
    "second one is written under an address of its own.",
    "give them different ids",
    _MAPPING,
    severity=Severity.WARNING,
)
LEFT_OUT = declare(
    "RDF-005",
    "statements beyond the mapping",
    "The graph says things that the AAS metamodel has no place for. They are left out when the "
    "graph becomes an AAS file.",
    "keep the graph itself if they are needed",
    _MAPPING,
    severity=Severity.NOTE,
)
SHAPE = declare(
    "SHX-001",
    "shape not satisfied",
    "A node of the graph does not satisfy a shape. The shape says what it asks for.",
    "change what the shape complains about, or ask the author of the shapes",
    _SHACL,
)
ILL_FORMED = declare(
    "SHX-002",
    "shapes that are not well-formed",
    "The shapes break the syntax rules of SHACL, so no engine can say what they mean.",
    "correct the shapes; `nacre shacl shapes.ttl --shapes meta` names the places",
    _SHACL,
)
UNSUPPORTED = declare(
    "SHX-003",
    "shapes beyond the compiled engine",
    "The shapes use something outside SHACL Core, such as SHACL-SPARQL. The compiled engine refuses "
    "them rather than give a wrong verdict.",
    "run them with `--engine pyshacl`",
    _SHACL,
)
