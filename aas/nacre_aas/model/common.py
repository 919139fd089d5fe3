"""Attributes that many classes share, IDTA-01001 §5.3.2 "Common attributes"."""

from typing import Literal

from nacre_aas.model._record import LoneRecordType, NonEmpty, Record
from nacre_aas.model.data_specification import EmbeddedDataSpecification
from nacre_aas.model.datatypes import (
    DataTypeDefXsd,
    DateTimeUtc,
    Identifier,
    IdShortType,
    LangStringNameType,
    LangStringTextType,
    NameType,
    RevisionType,
    ValueDataType,
    VersionType,
)
from nacre_aas.model.referencing import Reference

ModellingKind = Literal["Instance", "Template"]
QualifierKind = Literal["ConceptQualifier", "TemplateQualifier", "ValueQualifier"]


class HasSemantics(Record, abstract=True):
    """An element with a semantic definition and supplemental ones."""

    semantic_id: Reference | None = None
    supplemental_semantic_ids: NonEmpty[Reference] | None = None


class Extension(HasSemantics):
    """A proprietary extension of an element; `value_type` is `xs:string` if left out."""

    name: NameType
    value_type: DataTypeDefXsd | None = None
    value: ValueDataType | None = None
    refers_to: NonEmpty[Reference] | None = None


class Qualifier(HasSemantics):
    """A type-value pair that says more about an element; `kind` is `ConceptQualifier` if left out."""

    kind: QualifierKind | None = None
    type: NameType
    value_type: DataTypeDefXsd
    value: ValueDataType | None = None
    value_id: Reference | None = None


class HasExtensions(Record, abstract=True):
    """An element that may carry extensions."""

    extensions: NonEmpty[Extension] | None = None


class HasDataSpecification(Record, abstract=True):
    """An element that may carry data specifications."""

    embedded_data_specifications: NonEmpty[EmbeddedDataSpecification] | None = None


class HasKind(Record, abstract=True):
    """A template or an instance; `Instance` if left out."""

    kind: ModellingKind | None = None


class Qualifiable(Record, abstract=True):
    """An element that may carry qualifiers."""

    qualifiers: NonEmpty[Qualifier] | None = None


class AdministrativeInformation(HasDataSpecification):
    """Version, creator and origin of an identifiable element.

    `created_at` and `updated_at` exist since metamodel 3.2.
    """

    version: VersionType | None = None
    revision: RevisionType | None = None
    creator: Reference | None = None
    created_at: DateTimeUtc | None = None
    updated_at: DateTimeUtc | None = None
    template_id: Identifier | None = None


class Referable(HasExtensions, abstract=True):
    """An element that can be referred to by its idShort within its name space."""

    category: NameType | None = None
    id_short: IdShortType | None = None
    display_name: NonEmpty[LangStringNameType] | None = None
    description: NonEmpty[LangStringTextType] | None = None


class Identifiable(Referable, metaclass=LoneRecordType, abstract=True):
    """An element with a globally unique identifier."""

    administration: AdministrativeInformation | None = None
    id: Identifier
