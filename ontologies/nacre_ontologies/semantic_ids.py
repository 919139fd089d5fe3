"""Semantic ids as IRIs: IRDIs by the registered scheme of their dictionary, anything else as it is.

An IRDI of ECLASS becomes the address that the published templates use for it,
`https://api.eclass-cdp.com/0173-1-02-AAO677-002`. IEC CDD publishes no address that follows from an
IRDI, so those, and ids that are no IRIs, stand under `https://w3id.org/nacre/id/`.
"""

import functools
import re

from nacre_aas.model import Property, Reference, Submodel
from nacre_ontologies.identifiers import iri_of

_ECLASS = re.compile(r"0173-1#(\d\d)-([A-Z]{3}\d{3})(?:#(\d{3}))?")
_ECLASS_ADDRESS = "https://api.eclass-cdp.com/0173-1-"


@functools.lru_cache(65536)
def concept_iri(semantic_id: str) -> str:
    """The IRI of a concept.

    >>> concept_iri("0173-1#02-AAO677#002")
    'https://api.eclass-cdp.com/0173-1-02-AAO677-002'
    """
    word = semantic_id.strip()
    match = _ECLASS.fullmatch(word)
    if match is None:
        return iri_of(word)
    return _ECLASS_ADDRESS + "-".join(part for part in match.groups() if part)


def looks_upwards(submodel: Submodel) -> bool:
    """Whether a bill of material is one of the archetype OneUp, whose nodes stand in their parts (IDTA 02011)."""
    return any(
        isinstance(each, Property) and each.id_short == "ArcheType" and each.value == "OneUp"
        for each in submodel.submodel_elements or ()
    )


def concept_of(reference: Reference | None) -> str | None:
    """The IRI of the concept that a semantic id names; `None` if there is none."""
    if reference is None or not reference.keys or not reference.keys[-1].value:
        return None
    return concept_iri(reference.keys[-1].value)
