"""References and keys, IDTA-01001 §5.3.10 "Referencing"."""

from typing import Literal

from nacre_aas.model._record import NonEmpty, Record
from nacre_aas.model.datatypes import Identifier

ReferenceTypes = Literal["ExternalReference", "ModelReference"]

AasSubmodelElements = Literal[
    "AnnotatedRelationshipElement",
    "BasicEventElement",
    "Blob",
    "Capability",
    "DataElement",
    "Entity",
    "EventElement",
    "File",
    "MultiLanguageProperty",
    "Operation",
    "Property",
    "Range",
    "ReferenceElement",
    "RelationshipElement",
    "SubmodelElement",
    "SubmodelElementCollection",
    "SubmodelElementList",
]
AasIdentifiables = Literal[
    "AssetAdministrationShell", "ConceptDescription", "Identifiable", "Submodel"
]
GenericGloballyIdentifiables = Literal["GlobalReference"]
GenericFragmentKeys = Literal["FragmentReference"]

KeyTypes = Literal[
    AasSubmodelElements,
    AasIdentifiables,
    GenericGloballyIdentifiables,
    GenericFragmentKeys,
    "Referable",
]


class Key(Record):
    """One step of a reference: what kind of thing, and its identifier or idShort."""

    type: KeyTypes
    value: Identifier


class Reference(Record):
    """A pointer to a model element of the same or another environment, or to something outside.

    The order of `keys` is significant.
    """

    type: ReferenceTypes
    referred_semantic_id: "Reference | None" = None
    keys: NonEmpty[Key]
