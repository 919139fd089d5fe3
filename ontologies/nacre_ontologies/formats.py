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
_RDF_XML = re.compile(  # what may stand before a root element, and one called RDF
    rb"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*<(?:[\w.-]+:)?RDF[\s>/]",
    re.DOTALL,
)


def format_of(name: str, data: bytes) -> Format | None:
    """The RDF format of a file by its name or, if that says nothing or is wrong, its content.

    `None` says that it is no RDF. TriG is Turtle that may name graphs, so that is what Turtle is read as
    without a name.
    """
    head = data[:8192].removeprefix(b"\xef\xbb\xbf").lstrip()
    by_name = SUFFIXES.get(PurePath(name).suffix.lower())
    if by_name is not None and not _belies(by_name, head):
        return by_name
    if head[:1] in (b"{", b"["):
        return Format.JSON_LD if _JSON_LD.match(head) else None
    if _RDF_XML.match(head):
        return Format.RDF_XML
    if _LINES.match(head):
        return Format.N_QUADS
    return Format.TRIG if _TURTLE.match(head) else None


def _belies(by_name: Format, head: bytes) -> bool:
    """Whether a text begins as no text of a format can."""
    if by_name in (Format.TURTLE, Format.N_TRIPLES, Format.N_QUADS) and head[:1] == b"{":
        return True
    return head[:4] == b"PK\3\4" or (by_name is not Format.RDF_XML and head[:5] == b"<?xml")
