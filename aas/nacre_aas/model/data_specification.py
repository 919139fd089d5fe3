"""The data specification IEC 61360, IDTA-01003-a "Specification"."""

from typing import Literal

from nacre_aas.model._record import LoneRecordType, NonEmpty, Record
from nacre_aas.model.datatypes import (
    LangStringDefinitionTypeIec61360,
    LangStringPreferredNameTypeIec61360,
    LangStringShortNameTypeIec61360,
    String,
    ValueTypeIec61360,
)
from nacre_aas.model.referencing import Reference

DataTypeIec61360 = Literal[
    "BLOB",
    "BOOLEAN",
    "DATE",
    "FILE",
    "HTML",
    "INTEGER_COUNT",
    "INTEGER_CURRENCY",
    "INTEGER_MEASURE",
    "IRDI",
    "IRI",
    "RATIONAL",
    "RATIONAL_MEASURE",
    "REAL_COUNT",
    "REAL_CURRENCY",
    "REAL_MEASURE",
    "STRING",
    "STRING_TRANSLATABLE",
    "TIME",
    "TIMESTAMP",
]


class DataSpecificationContent(Record, metaclass=LoneRecordType, abstract=True):
    """Content of a data specification template; IEC 61360 is the only one published."""


class ValueReferencePair(Record):
    """A coded value and the identifier of its concept."""

    value: ValueTypeIec61360
    value_id: Reference | None = None


class ValueList(Record):
    """The enumerated values that a property may take."""

    value_reference_pairs: NonEmpty[ValueReferencePair]


class LevelType(Record):
    """Which of minimum, nominal, typical and maximum a value may be given for."""

    min: bool
    nom: bool
    typ: bool
    max: bool


class DataSpecificationIec61360(DataSpecificationContent):
    """Describes a property, a value list or a value in the terms of IEC 61360."""

    preferred_name: NonEmpty[LangStringPreferredNameTypeIec61360]
    short_name: NonEmpty[LangStringShortNameTypeIec61360] | None = None
    unit: String | None = None
    unit_id: Reference | None = None
    source_of_definition: String | None = None
    symbol: String | None = None
    data_type: DataTypeIec61360 | None = None
    definition: NonEmpty[LangStringDefinitionTypeIec61360] | None = None
    value_format: String | None = None
    value_list: ValueList | None = None
    value: ValueTypeIec61360 | None = None
    level_type: LevelType | None = None


class EmbeddedDataSpecification(Record):
    """A data specification together with its content."""

    data_specification: Reference
    data_specification_content: DataSpecificationIec61360
