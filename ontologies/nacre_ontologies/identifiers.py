"""Identifiers and IRIs: which ids are IRIs, and what stands for those that are not.

An id that is an absolute IRI (RFC 3987, without spaces and other signs that parsers refuse) names
its node itself. Any other id becomes `https://w3id.org/nacre/id/` and the percent-encoded id. The
nodes below an identifiable are named by that same address, whatever its id, with the way of idShorts
in the fragment: `https://w3id.org/nacre/id/{id}#ContactInformation.Phone%5B0%5D/semanticId`. The id as it
was written stands in `aas:Identifiable/id`, so nothing depends on decoding an IRI.
"""

import functools
import re
from urllib.parse import quote

from nacre_ontologies.terms import NACRE

#: Below this stand ids that are no IRIs, and the nodes below identifiables.
ID = NACRE + "id/"

#: The letters beyond ASCII of RFC 3987 (`ucschar`), which may stand wherever `_` may.
_UCS = re.compile(
    r"[\u00A0-\uD7FF\uF900-\uFDCF\uFDF0-\uFFEF"
    r"\U00010000-\U0001FFFD\U00020000-\U0002FFFD\U00030000-\U0003FFFD]"
)
_PCT = r"%[0-9A-Fa-f]{2}"
_UNRESERVED = r"A-Za-z0-9\-._~"
_PCHAR = rf"(?:[{_UNRESERVED}!$&'()*+,;=:@]|{_PCT})"
_AUTHORITY = (
    rf"(?:(?:[{_UNRESERVED}!$&'()*+,;=:]|{_PCT})*@)?"
    rf"(?:[{_UNRESERVED}!$&'()*+,;=]|{_PCT})*(?::[0-9]*)?"
)
_IRI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+\-.]*:(?://{_AUTHORITY}(?:/{_PCHAR}*)*|(?:{_PCHAR}|/(?!/))(?:{_PCHAR}|/)*)?"
    rf"(?:\?(?:{_PCHAR}|[/?])*)?(?:\#(?:{_PCHAR}|[/?])*)?"
)


@functools.lru_cache(65536)
def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI that every RDF parser takes.

    >>> is_iri("urn:x:1"), is_iri("0173-1#02-AAO677#002"), is_iri("https://x.y/a b")
    (True, False, False)
    """
    return len(text) > text.find(":") + 1 and _IRI.fullmatch(_UCS.sub("_", text)) is not None


@functools.lru_cache(65536)
def node_base(identifier: str) -> str:
    """The address below which the nodes of an identifiable are named."""
    return ID + quote(identifier, safe="")


@functools.lru_cache(65536)
def iri_of(identifier: str) -> str:
    """The IRI of an identifier: itself if it is an IRI, else an address of ours that holds it.

    >>> iri_of("0173-1#02-AAO677#002")
    'https://w3id.org/nacre/id/0173-1%2302-AAO677%23002'
    """
    if is_iri(identifier) and not identifier.startswith(ID):
        return identifier
    return node_base(identifier)


@functools.lru_cache(65536)
def segment(id_short: str) -> str:
    """An idShort as a step of a path; what no idShort may hold is percent-encoded."""
    return quote(id_short, safe="").replace(".", "%2E")
