"""The terms of SAMM 2.x (`urn:samm:org.eclipse.esmf.samm:…`) and its names, as both directions need them."""

import dataclasses
import re
from typing import Any

from nacre_ontologies.shacl.graph import LANG_STRING
from nacre_ontologies.terms import XSD

#: What a term of SAMM begins with: its vocabulary and version.
TERM = re.compile(
    r"urn:samm:org\.eclipse\.esmf\.samm:(meta-model|characteristic|entity|unit):([\d.]+)#"
)
#: The URN of a namespace with its version.
NAMESPACE = re.compile(r"urn:samm:[\w.-]+:\d+\.\d+\.\d+")
#: The version that is written.
VERSION = "2.3.0"
#: Characteristics that SAMM defines itself: name -> data type.
READY_MADE = {
    "Timestamp": XSD + "dateTime",
    "Text": XSD + "string",
    "MultiLanguageText": LANG_STRING,
    "Boolean": XSD + "boolean",
    "Locale": XSD + "string",
    "Language": XSD + "string",
    "UnitReference": f"urn:samm:org.eclipse.esmf.samm:meta-model:{VERSION}#curie",
    "ResourcePath": XSD + "anyURI",
    "MimeType": XSD + "string",
}


@dataclasses.dataclass(frozen=True)
class Converted:
    """A result, and what of the source it does not hold: place and reason."""

    content: Any
    left_out: tuple[tuple[str, str], ...]


def short(iri: str) -> str:
    """The name of a term of SAMM; nothing for other IRIs."""
    match = TERM.match(iri)
    return "" if match is None else iri[match.end() :]


def name_of(node: str) -> str:
    """The name of a node in its namespace."""
    return node.rpartition("#")[2] or node


def plain_name(name: str) -> str:
    """A name as an idShort: letters, digits and underscores, a letter first."""
    cleaned = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return cleaned if cleaned[:1].isalpha() else f"x{cleaned}"


def long_enough(name: str) -> str:
    """An idShort of two characters at least, as metamodel 3.1 asks."""
    return name if len(name) > 1 else f"{name}_"
