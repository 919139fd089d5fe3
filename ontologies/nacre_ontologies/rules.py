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
LEFT_OUT = declare(
    "RDF-005",
    "statements beyond the mapping",
    "The graph says things that the AAS metamodel has no place for. They are left out when the "
    "graph becomes an AAS file.",
    "keep the graph itself if they are needed",
    _MAPPING,
    severity=Severity.NOTE,
)
NO_ORDER = declare(
    "RDF-010",
    "order that the graph does not say",
    "The keys of a reference and the members of an ordered list stand in a graph without order; `nx:index` gives "
    "each its position. Where it is missing, or two have the same, the order is that of the text by chance, and "
    "rules about it are not checked.",
    "give each member its `nx:index`, from 0; `nacre export --to ttl` does",
    "docs/rdf.md; " + _MAPPING,
    severity=Severity.NOTE,
)
OTHER_ENGINE = declare(
    "SHX-007",
    "shapes run by pyshacl",
    "Rules, targets, components and nested constraints in SPARQL are run by pyshacl together with all others. Where it "
    "differs from the text of SHACL, such as for values that have no order, so does the verdict.",
    "`nacre help shacl` lists the differences; run what needs no SPARQL from a file of its own",
    "SHACL; docs/shacl.md",
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
    "correct the shapes where the message says",
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

NOTHING_APPLIES = declare(
    "SHX-004",
    "shapes that apply to nothing",
    "None of the shapes has a focus node in the graph, so nothing was checked: no targets, targets of "
    "another metamodel version, or no shapes in the file.",
    "check the targets of the shapes, and `--metamodel`",
    _SHACL,
    severity=Severity.WARNING,
)
IMPORTS = declare(
    "SHX-006",
    "shapes that import others",
    "The shapes import another graph (owl:imports). Nothing is fetched, so the shapes in it were not run.",
    "name the file with those shapes by a further --shapes",
    _SHACL,
    severity=Severity.WARNING,
)
TOO_LONG_RUN = declare(
    "SHX-005",
    "shapes that take too long",
    "Running the shapes was ended after the time that --timeout allows, or needed more memory than "
    "there is.",
    "raise --timeout, or look for patterns and paths that go on without end",
    "raised where there is no verdict",
)

# -- meaning ---------------------------------------------------------------------------------------

_MEANING = "Nacre's own: what is said must fit together (docs/rdf.md)"

NO_UNIT = declare(
    "SEM-001",
    "unit that is none",
    "The unit of a concept is the name of a data type or a placeholder.",
    "remove `unit`, or give the real one",
    f"{_MEANING}; IDTA-01003-a, DataSpecificationIec61360/unit",
    severity=Severity.NOTE,
)
UNITS_DIFFER = declare(
    "SEM-002",
    "unit and unitId differ",
    "A concept gives its unit as text and by an identifier, and the two are different units.",
    "correct the one that is wrong",
    f"{_MEANING}; IDTA-01003-a, DataSpecificationIec61360/unitId",
    severity=Severity.WARNING,
)
WRONG_DIMENSION = declare(
    "SEM-003",
    "unit of another dimension",
    "The unit of a value cannot be one of this quantity: the template, the dictionary or the concept "
    "gives it in a unit of another dimension, such as a length in millimetres for one in kilograms.",
    "correct the unit, or the semantic id",
    f"{_MEANING}; dimension vectors of QUDT",
)
OTHER_SCALE = declare(
    "SEM-004",
    "unit of another scale",
    "Template or dictionary give the quantity in another unit of the same dimension. Programs that "
    "take the number without its unit are wrong by the factor.",
    "give the value in the unit of the template, or make sure that readers look at the unit",
    f"{_MEANING}; conversion factors of QUDT",
    severity=Severity.NOTE,
)
CONTRADICTION = declare(
    "SEM-005",
    "two values of one property",
    "Two submodels of one asset state the same property, by semantic id, with different values.",
    "correct the value that is wrong",
    _MEANING,
    severity=Severity.WARNING,
)
PART_OF_ITSELF = declare(
    "SEM-006",
    "asset that is a part of itself",
    "In the bill of material an asset contains itself, directly or over other parts.",
    "correct the bill of material",
    f"{_MEANING}; IDTA 02011",
)
LEVEL = declare(
    "SEM-007",
    "claimed integration level does not fit the data flows",
    "A shadow needs data that flow from the asset by themselves, a twin also such as flow to it, a "
    "predictive twin also a model that foresees. The profile claims another level than its flows give.",
    "correct the level, or the flows",
    f"{_MEANING}; submodel TwinProfile",
    severity=Severity.WARNING,
)
EXCLUDED = declare(
    "SEM-008",
    "modules that exclude each other",
    "A product has two modules of which one says that it cannot go with the other.",
    "choose one of them",
    f"{_MEANING}; submodel TwinProfile",
)
AFTER_END = declare(
    "SEM-009",
    "maintenance after decommissioning",
    "A record says that work was done on an asset after it was taken out of use, and no record in "
    "between says that it was put to use again.",
    "check the times, or record the refurbishment",
    f"{_MEANING}; submodel MaintenanceRecord",
    severity=Severity.WARNING,
)
CUSTODY = declare(
    "SEM-010",
    "custody without hand-over",
    "An event gives the asset away from somebody who, by the event before, did not have it; or a period of "
    "custody begins without an event that gives the asset to its holder.",
    "record the hand-over that is missing, or correct source and destination",
    f"{_MEANING}; submodel TraceabilityRecord",
    severity=Severity.WARNING,
)
NOT_IN_DICTIONARY = declare(
    "SEM-011",
    "semantic id that the dictionary does not have",
    "A dictionary was given, and the semantic id of an element is not in it.",
    "use the id of the dictionary, or add the concept to it",
    f"{_MEANING}; --dictionary",
    severity=Severity.WARNING,
)
UNKNOWN_UNIT = declare(
    "SEM-012",
    "unit that no table knows",
    "The unit is neither in QUDT nor among the spellings that Nacre knows, so nothing can be said of "
    "its dimension. Listed among what was not checked.",
    "write the unit as its symbol, or give `unitId`",
    f"{_MEANING}; units of QUDT",
    severity=Severity.NOTE,
)
UNLIKELY_UNIT = declare(
    "SEM-013",
    "unit that does not fit the name",
    "The English name of a concept ends with a quantity such as length, and its unit is one of another "
    "dimension.",
    "correct the unit, or the name",
    f"{_MEANING}; dimension vectors of QUDT",
    severity=Severity.WARNING,
)
QUERY = declare(
    "RDF-006",
    "query that cannot be run",
    "The text is no SPARQL 1.1 query, or lacks a parameter.",
    "the message says where it breaks",
    "W3C SPARQL 1.1 Query Language",
)
QUERY_TIMEOUT = declare(
    "RDF-007",
    "query that takes too long",
    "The query was ended after the time that --timeout allows.",
    "narrow the query, or raise --timeout",
    "raised where there is no verdict",
)
NO_STORE = declare(
    "RDF-008",
    "store that does not answer",
    "The folder is no store, the endpoint is not there, or what it says is no SPARQL answer.",
    "check the address; `nacre query --store` takes a folder or the URL of a SPARQL endpoint",
    "W3C SPARQL 1.1 Protocol",
)
BAD_POLICY = declare(
    "RDF-009",
    "policy that is none",
    "The file that says what may leave the house is no TOML, or has keys that no policy has.",
    "write it as `nacre help rdf` shows",
    "raised where there is no verdict",
)
