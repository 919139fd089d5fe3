"""Rules that readers apply while they read: serialization (`SER-…`)."""

from nacre_aas.constraints.registry import declare
from nacre_aas.findings import Fix, Severity

MALFORMED = declare(
    "SER-001",
    "not well-formed",
    "The file is not JSON, XML or ZIP, or breaks the syntax of its format: a missing bracket, "
    "one key twice in an object, half a surrogate pair, NaN, a truncated archive. Nothing "
    "can be said about its content, so there is no verdict.",
    "export the file again, or mend the place that is named",
    "RFC 8259, XML 1.0, ECMA-376-2 annex B",
)
LIMIT = declare(
    "SER-002",
    "over a limit",
    "The file is larger, deeper or more tightly packed than the limits allow, which protect "
    "against archives made to exhaust memory.",
    "if you trust the sender, raise `--max-size` or `--max-ratio`",
    "Nacre's limits",
)
OLD_VERSION = declare(
    "SER-003",
    "written for metamodel 1 or 2",
    "The file was written for a metamodel before 3.0, which has other classes and names. There "
    "is no verdict about it.",
    "convert it with the tool that made it, or ask the sender for metamodel 3",
    "IDTA-01001, change notes",
)
NO_CONTENT = declare(
    "SER-004",
    "no AAS content",
    "The document is well-formed but holds neither a shell nor a submodel nor a concept "
    "description.",
    "check that this is the right file",
    "IDTA-01001 §5.3.9",
)
NO_PACKAGE = declare(
    "SER-005",
    "archive without AAS, or encrypted",
    "The ZIP archive is no AASX package: no part in it holds an environment, or its parts are "
    "encrypted, which packages must not be.",
    "check that this is the right file; encryption is added outside the package",
    "IDTA-01005, ISO/IEC 29500-2 M3.9",
)
NO_ACCESS = declare(
    "SER-006",
    "file cannot be read",
    "The file does not exist or may not be read.",
    "check the name and the permissions",
    "operating system",
)
UNKNOWN_ATTRIBUTE = declare(
    "SER-010",
    "unknown attribute",
    "The metamodel has no attribute of this name in this class. A reader that ignores it loses "
    "what it says.",
    "correct the spelling, or move the content into an extension",
    "IDTA-01001, JSON and XML schemas",
    fix=Fix("remove the unknown attribute", safe=False),
)
WRONG_TYPE = declare(
    "SER-011",
    "value of the wrong type",
    "The value is of another JSON type than the attribute: a number where a string is due "
    "(all values of properties are strings), an object where a list is due. In XML: text that "
    "is no boolean, or text where elements are due.",
    "write the value in the type that is named",
    "IDTA-01001, JSON and XML schemas",
)
MODEL_TYPE = declare(
    "SER-012",
    "class of an element is missing or wrong",
    "Every referable object names its class in modelType; in XML the name of the element does.",
    "set `modelType` to the class of the element",
    "IDTA-01001, mapping to JSON",
)
NULL = declare(
    "SER-013",
    "null instead of leaving out",
    "An attribute without a value is left out; null is not allowed.",
    "remove the attribute",
    "IDTA-01001, mapping to JSON",
    fix=Fix("remove the attribute that is null", safe=True),
)
TWICE = declare(
    "SER-014",
    "XML element twice",
    "An attribute stands once; of two equal elements a reader would lose one.",
    "remove or merge one of them",
    "IDTA-01001, XML schema",
)
ORDER = declare(
    "SER-015",
    "XML elements in the wrong order",
    "The XML schema prescribes the order of the elements.",
    "write the file again with `nacre export --to xml`",
    "IDTA-01001, XML schema",
)
NAMESPACE = declare(
    "SER-016",
    "XML element of a foreign namespace",
    "All elements of an environment are in the namespace of its metamodel version.",
    "use one namespace throughout",
    "IDTA-01001, XML schema",
)
XML_ATTRIBUTE = declare(
    "SER-017",
    "unexpected XML attribute",
    "The XML schema uses elements only; attributes carry nothing.",
    "remove the attribute",
    "IDTA-01001, XML schema",
)
EMPTY = declare(
    "SER-018",
    "empty environment",
    "The environment is valid but holds nothing.",
    "check that this is the right file",
    "IDTA-01001 §5.3.9",
    severity=Severity.NOTE,
)
ENCODING = declare(
    "SER-019",
    "JSON in another encoding than UTF-8",
    "JSON is exchanged in UTF-8 without a byte order mark. The file was understood, but other "
    "readers may refuse it.",
    "save the file as UTF-8 without a byte order mark",
    "RFC 8259 §8.1",
    severity=Severity.WARNING,
)
PARTIAL = declare(
    "SER-020",
    "not an environment but a part of one",
    "The document holds a bare shell, submodel or concept description, a list of them, or a "
    "page of a server's answer. It is checked as if it stood in an environment.",
    "for a file to exchange, put it into an environment",
    "IDTA-01001 §5.3.9, IDTA-01002",
    severity=Severity.NOTE,
)
