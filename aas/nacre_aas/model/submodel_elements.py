"""Submodel elements, IDTA-01001 §5.3.7."""

from typing import Literal

from nacre_aas.model._record import NonEmpty, Record
from nacre_aas.model.common import HasDataSpecification, HasSemantics, Qualifiable, Referable
from nacre_aas.model.core import SpecificAssetId
from nacre_aas.model.datatypes import (
    BlobType,
    ContentType,
    DataTypeDefXsd,
    DateTimeUtc,
    Duration,
    Identifier,
    LangStringTextType,
    MessageTopicType,
    PathType,
    ValueDataType,
)
from nacre_aas.model.referencing import AasSubmodelElements, Reference

Direction = Literal["input", "output"]
StateOfEvent = Literal["off", "on"]
EntityType = Literal["CoManagedEntity", "SelfManagedEntity"]


class SubmodelElement(
    Referable, HasSemantics, Qualifiable, HasDataSpecification, abstract=True, tag=True
):
    """An element of a submodel."""


class DataElement(SubmodelElement, abstract=True):
    """A submodel element that is not composed of other elements."""


class EventElement(SubmodelElement, abstract=True):
    """A submodel element that defines an event."""


class Property(DataElement):
    """A single value; `value` is the literal exactly as written."""

    value_type: DataTypeDefXsd
    value: ValueDataType | None = None
    value_id: Reference | None = None


class MultiLanguageProperty(DataElement):
    """A text in several languages."""

    value: NonEmpty[LangStringTextType] | None = None
    value_id: Reference | None = None


class Range(DataElement):
    """An interval of values; both ends are literals exactly as written."""

    value_type: DataTypeDefXsd
    min: ValueDataType | None = None
    max: ValueDataType | None = None


class ReferenceElement(DataElement):
    """A reference to another element or to something outside."""

    value: Reference | None = None


class Blob(DataElement):
    """Binary content inside the model, as Base64 text; `content_type` is required in 3.0."""

    value: BlobType | None = None
    content_type: ContentType | None = None


class File(DataElement):
    """The address of a file; `content_type` is required in 3.0."""

    value: PathType | None = None
    content_type: ContentType | None = None


class RelationshipElement(SubmodelElement):
    """A relation between two elements; `first` and `second` are required in 3.0."""

    first: Reference | None = None
    second: Reference | None = None


class AnnotatedRelationshipElement(RelationshipElement):
    """A relation that is annotated with data elements."""

    annotations: "NonEmpty[AnyDataElement] | None" = None


class SubmodelElementCollection(SubmodelElement):
    """A set of elements that belong together; their order has no meaning."""

    value: "NonEmpty[AnySubmodelElement] | None" = None


class SubmodelElementList(SubmodelElement):
    """A list of elements of one kind; `order_relevant` is true if left out."""

    order_relevant: bool | None = None
    semantic_id_list_element: Reference | None = None
    type_value_list_element: AasSubmodelElements
    value_type_list_element: DataTypeDefXsd | None = None
    value: "NonEmpty[AnySubmodelElement] | None" = None


class Entity(SubmodelElement):
    """A part of an asset, with or without a shell of its own; `entity_type` is required in 3.0."""

    statements: "NonEmpty[AnySubmodelElement] | None" = None
    entity_type: EntityType | None = None
    global_asset_id: Identifier | None = None
    specific_asset_ids: NonEmpty[SpecificAssetId] | None = None


class BasicEventElement(EventElement):
    """An event that reports changes of another element."""

    observed: Reference
    direction: Direction
    state: StateOfEvent
    message_topic: MessageTopicType | None = None
    message_broker: Reference | None = None
    last_update: DateTimeUtc | None = None
    min_interval: Duration | None = None
    max_interval: Duration | None = None


class EventPayload(Record):
    """What a `BasicEventElement` sends; never part of an environment."""

    source: Reference
    source_semantic_id: Reference | None = None
    observable_reference: Reference
    observable_semantic_id: Reference | None = None
    topic: MessageTopicType | None = None
    subject_id: Reference | None = None
    time_stamp: DateTimeUtc
    payload: BlobType | None = None


class OperationVariable(Record):
    """The element that describes a variable of an operation."""

    value: "AnySubmodelElement"


class Operation(SubmodelElement):
    """An operation with input, output and in-output variables."""

    input_variables: NonEmpty[OperationVariable] | None = None
    output_variables: NonEmpty[OperationVariable] | None = None
    inoutput_variables: NonEmpty[OperationVariable] | None = None


class Capability(SubmodelElement):
    """The implementation-independent description of what an asset can do."""


AnyDataElement = Blob | File | MultiLanguageProperty | Property | Range | ReferenceElement
AnySubmodelElement = (
    AnyDataElement
    | AnnotatedRelationshipElement
    | BasicEventElement
    | Capability
    | Entity
    | Operation
    | RelationshipElement
    | SubmodelElementCollection
    | SubmodelElementList
)
