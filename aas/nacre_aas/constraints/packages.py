"""The rules of packages (`AASX-…`): IDTA-01005 over the Open Packaging Conventions.

`nacre_aas.aasx` applies them while it reads a package.
"""

from nacre_aas.constraints.registry import declare
from nacre_aas.findings import Fix, Severity

_OPC = "ISO/IEC 29500-2"
_AASX = "IDTA-01005"

CONTENT_TYPES = declare(
    "AASX-001",
    "content types are missing or malformed",
    "Every package has a part `[Content_Types].xml` that says of which type each part is.",
    "let Nacre write it: `--fix`",
    f"{_OPC} §10.1.2",
    fix=Fix("write the content types again", safe=True),
)
NO_TYPE = declare(
    "AASX-002",
    "part without content type",
    "Every part has a content type, by its extension or by its name.",
    "let Nacre declare it: `--fix`",
    f"{_OPC} §10.1.2.1",
    severity=Severity.WARNING,
    fix=Fix("declare the content type by the extension of the part", safe=True),
)
SPECIFICATION_TYPE = declare(
    "AASX-003",
    "content type of the AAS part",
    "The part with the environment is declared as JSON or XML, whichever it is.",
    "declare `application/json` or `application/xml`",
    f"{_AASX}, File Structure and File Name Conventions",
    severity=Severity.WARNING,
    fix=Fix("declare the type that the part has", safe=True),
)
NO_ORIGIN = declare(
    "AASX-004",
    "no origin",
    "The package points to its origin part with exactly one relationship of type aasx-origin, and has that part; "
    "readers find everything from there.",
    "let Nacre add it: `--fix`",
    f"{_AASX}, ECMA-376 Relationships (aasx-origin)",
    fix=Fix("add the origin part and its relationship", safe=True),
)
SEVERAL_ORIGINS = declare(
    "AASX-005",
    "several origin relationships",
    "There is exactly one aasx-origin relationship, so that every reader finds the same.",
    "leave one of them",
    f"{_AASX}, ECMA-376 Relationships (aasx-origin)",
    fix=Fix("leave one origin for all", safe=True),
)
DEPRECATED = declare(
    "AASX-006",
    "deprecated relationship type",
    "Relationship types that start with http://www.admin-shell.io/ are deprecated in favour of "
    "http://admin-shell.io/.",
    "let Nacre replace it: `--fix`",
    f"{_AASX}, ECMA-376 Relationships (name spaces)",
    severity=Severity.WARNING,
    fix=Fix("use the current relationship type", safe=True),
)
UNREFERENCED = declare(
    "AASX-007",
    "unreferenced part",
    "The part is in the package, but nothing refers to it, so no reader will show it.",
    "refer to it with a `File` element, or remove it with `--unsafe-fixes`",
    f"{_OPC} §9.3",
    severity=Severity.WARNING,
    fix=Fix("remove the part", safe=False),
)
NO_TARGET = declare(
    "AASX-008",
    "relationship to a part that is not there",
    "The target of an internal relationship is a part of the package.",
    "add the part, or remove the relationship",
    f"{_OPC} §9.3",
    fix=Fix("remove the relationship", safe=False),
)
EXTERNAL = declare(
    "AASX-009",
    "relationship is marked as external",
    "The target is a part of this package, so the relationship must not have TargetMode "
    "External: a strict reader would look for it on the network.",
    "let Nacre correct it: `--fix`",
    f"{_OPC} §9.3.2, {_AASX}",
    fix=Fix("make the relationship internal", safe=True),
)
BAD_RELATIONSHIPS = declare(
    "AASX-010",
    "malformed relationships",
    "A relationships part is XML of the schema of Open Packaging Conventions, and has no relationships itself.",
    "let Nacre write it again: `--fix`",
    f"{_OPC} §9.3",
    fix=Fix("write the relationships again", safe=True),
)
NO_SPECIFICATION = declare(
    "AASX-011",
    "no relationship to the environment",
    "The origin part points to the environment with at least one relationship of type aas-spec.",
    "let Nacre add it: `--fix`",
    f"{_AASX}, ECMA-376 Relationships (aas-spec)",
    fix=Fix("add the relationship to the environment", safe=True),
)
BAD_NAME = declare(
    "AASX-012",
    "forbidden part name",
    "Part names are relative paths without empty segments, `.`, `..` or backslashes. An archive "
    "with such names may try to write outside the folder it is unpacked to; Nacre does not read "
    "such parts.",
    "make the package again with a tool that keeps to the rules",
    f"{_OPC} §9.1.1",
)
DOUBLED_NAME = declare(
    "AASX-013",
    "two parts of one name",
    "Part names differ in more than upper and lower case; otherwise readers disagree on which "
    "part is meant.",
    "rename one of the parts",
    f"{_OPC} §9.1.1",
)
FILE_NOWHERE = declare(
    "AASX-014",
    "file that is not in the package",
    "A File element or thumbnail names a path in the package, and there is no such part.",
    "add the file, or correct the path",
    f"{_AASX}, ECMA-376 Relationships (aas-suppl)",
    severity=Severity.WARNING,
)
NO_SUPPLEMENT = declare(
    "AASX-015",
    "file without its relationship",
    "A file that an element refers to is announced by a relationship of type aas-suppl from "
    "the part with the environment.",
    "let Nacre add it: `--fix`",
    f"{_AASX}, ECMA-376 Relationships (aas-suppl)",
    severity=Severity.WARNING,
    fix=Fix("add the relationship", safe=True),
)
IDLE_SUPPLEMENT = declare(
    "AASX-016",
    "supplementary file that no element mentions",
    "The part is announced as a supplementary file, but no File element has its path.",
    "refer to it with a `File` element",
    f"{_AASX}, ECMA-376 Relationships (aas-suppl)",
    severity=Severity.NOTE,
)
THUMBNAIL = declare(
    "AASX-017",
    "thumbnail",
    "A package has at most one thumbnail, and it is a picture.",
    "leave one picture",
    f"{_OPC} §13",
    severity=Severity.WARNING,
)
CORE_PROPERTIES = declare(
    "AASX-018",
    "core properties",
    "A package has at most one part with core properties, and it is well-formed XML.",
    "remove the part; it describes the package only",
    f"{_OPC} §11",
)
SERIALIZATIONS_DIFFER = declare(
    "AASX-019",
    "two serializations that differ",
    "A package may hold the same environment as JSON and as XML. Here the two share ids but "
    "not their content, so readers see different twins.",
    "write both from one source",
    f"{_AASX}, File Structure and File Name Conventions",
    severity=Severity.WARNING,
)
BROKEN_PART = declare(
    "AASX-020",
    "part that cannot be unpacked",
    "The content of the part is damaged: its checksum or its compression is wrong.",
    "fetch the package again",
    f"{_OPC} annex B",
)
UNREADABLE_SPECIFICATION = declare(
    "AASX-021",
    "part with an environment that cannot be read",
    "One of several parts with environments is not well-formed or of an old version.",
    "remove or replace it",
    f"{_AASX}, ECMA-376 Relationships (aas-spec)",
)
UNKNOWN_TYPE = declare(
    "AASX-022",
    "unknown AAS relationship type",
    "The relationship type stands under admin-shell.io, but the specification has none of that "
    "name (aas-spec-split was removed in 3.0).",
    "use aasx-origin, aas-spec or aas-suppl",
    f"{_AASX}, ECMA-376 Relationships",
    severity=Severity.WARNING,
)
ORIGIN_CONTENT = declare(
    "AASX-023",
    "origin part with content",
    "The origin part is empty, or holds the text `Intentionally empty`.",
    "let Nacre empty it: `--unsafe-fixes`",
    f"{_AASX}, ECMA-376 Relationships (aasx-origin)",
    severity=Severity.WARNING,
    fix=Fix("empty the origin part", safe=False),
)
RELATIONSHIP_ID = declare(
    "AASX-024",
    "relationship without a proper id",
    "Every relationship has an id: an XML name that no other relationship of the same part has. Readers that "
    "keep relationships by their id lose those that share one.",
    "let Nacre give it one: `--fix`",
    f"{_OPC} §9.3 (Relationship element, attribute Id: xsd:ID)",
    severity=Severity.WARNING,
    fix=Fix("give the relationship an id", safe=True),
)
COMPRESSION = declare(
    "AASX-025",
    "compression that packages do not have",
    "Parts are stored as they are or deflated. Other tools cannot read a part that is compressed with bzip2, LZMA "
    "or anything else, although some ZIP programs can.",
    "let Nacre deflate it: `--fix`",
    f"{_OPC} annex B",
    fix=Fix("deflate the part", safe=True),
)
UNREADABLE_RELATIONSHIPS = declare(
    "AASX-026",
    "relationships that cannot be read",
    "The part with relationships is no well-formed XML of that kind. What it says beyond what follows from the "
    "content, such as the thumbnail, is lost when it is written again.",
    "restore the part; `--unsafe-fixes` writes what follows from the content",
    f"{_OPC} §9.3",
    fix=Fix("write the relationships that follow from the content", safe=False),
)
UNESCAPED_NAME = declare(
    "AASX-027",
    "part name that is not escaped",
    "A part name has blanks and other characters that no URI has as `%20` and the like. Some readers do not find "
    "a part whose name stands in the archive as it is spoken.",
    "let Nacre escape it: `--fix`",
    f"{_OPC} §9.1.1, RFC 3986 §2.1",
    severity=Severity.WARNING,
    fix=Fix("escape the name", safe=True),
)
WRONG_TYPE = declare(
    "AASX-028",
    "content type that the file does not have",
    "The element, the package and the file itself say the same of what the file is; by a wrong content type "
    "it is opened with the wrong program, or not at all.",
    "correct the content type of the element, or let the part be written again with the right one",
    f"{_OPC} §10.1.2.1; IDTA-01001 §5.3.7, File/contentType",
    severity=Severity.WARNING,
)
SLANTED_NAME = declare(
    "AASX-029",
    "part name with a leading slash or backslashes",
    "The names in the archive are those of the parts without the slash that they begin with, and folders end "
    "with `/`. Many readers find no part by another name; Nacre reads them as they are meant.",
    "let Nacre write them right: `--fix`",
    f"{_OPC} §9.1.1 and annex B",
    fix=Fix("write the name as packages have it", safe=True),
)
LEADS_OUT = declare(
    "AASX-030",
    "relationship that leads out of the package",
    "Origin, environments and supplementary files are parts of the package. A reader that follows the "
    "relationship to another place shows other content than one that does not.",
    "put the file into the package, or remove the relationship",
    f"{_AASX}; {_OPC} §9.3.2",
)
