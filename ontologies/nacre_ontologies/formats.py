"""Which files are RDF, and in which of its formats: by their name, or by how they begin.

Nothing heavy is imported here, so that a look at a file costs nothing.
"""

import enum
import re
from pathlib import PurePath


class Format(enum.StrEnum):
    """A format of RDF, by the word that names it on the command line."""

    TURTLE = "ttl"
    TRIG = "trig"
    N_TRIPLES = "nt"
    N_QUADS = "nq"
    JSON_LD = "jsonld"
    RDF_XML = "rdf"

    @property
    def holds_named_graphs(self) -> bool:
        """Whether the format names the graphs that triples are in."""
        return self in (Format.TRIG, Format.N_QUADS, Format.JSON_LD)


#: The endings of RDF files.
SUFFIXES = {f".{each}": each for each in Format} | {
    ".turtle": Format.TURTLE,
    ".owl": Format.RDF_XML,
}

_TURTLE = re.compile(
    rb"(?:\s|#[^\n]*\n)*(?:@prefix\b|@base\b|prefix\s|base\s|_:|<[^>\s]*>\s)", re.IGNORECASE
)
_LINES = re.compile(rb"\s*(?:#[^\n]*\n\s*)*(?:<[^>\s]*>|_:\S+)\s+<[^>\s]*>\s[^\n]*\.\s*(?:\n|$)")
_JSON_LD = re.compile(rb'[\[{].{0,4000}?"@(?:context|graph|id|type)"\s*:', re.DOTALL)
_RDF_XML = re.compile(rb"\s*(?:<\?xml[^>]*>)?.{0,2000}?<(?:\w+:)?RDF\b", re.DOTALL)


def format_of(name: str, data: bytes) -> Format | None:
    """The RDF format of a file by its name or, if that says nothing, its content; `None`: no RDF."""
    by_name = SUFFIXES.get(PurePath(name).suffix.lower())
    if by_name is not None:
        return by_name
    head = data[:8192].removeprefix(b"\xef\xbb\xbf")
    if head.lstrip()[:1] in (b"{", b"["):
        return Format.JSON_LD if _JSON_LD.match(head.lstrip()) else None
    if _RDF_XML.match(head):
        return Format.RDF_XML
    if _LINES.match(head):
        return Format.N_QUADS
    return Format.TURTLE if _TURTLE.match(head) else None
