"""The AASc-3a constraints of IDTA-01003-a, one function each, in the order of their numbers."""

import functools
import re
from collections.abc import Iterable, Iterator

from nacre_aas.constraints.metamodel import quoted
from nacre_aas.constraints.registry import Broken, Verdict, constraint
from nacre_aas.findings import Severity
from nacre_aas.model import (
    AbstractLangString,
    ConceptDescription,
    DataSpecificationIec61360,
    EmbeddedDataSpecification,
    ValueReferencePair,
)

TEMPLATE = re.compile(
    r"https?://admin-shell\.io/DataSpecificationTemplates/DataSpecificationI(?:ec|EC)61360/3(?:/[01])?/?"
)


@functools.lru_cache(1024)
def _names_template(identifier: str) -> bool:
    return TEMPLATE.fullmatch(identifier) is not None


MEASURES = frozenset(
    ("INTEGER_MEASURE", "REAL_MEASURE", "RATIONAL_MEASURE", "INTEGER_CURRENCY", "REAL_CURRENCY")
)
TYPES_OF_VALUES = MEASURES | {
    "BOOLEAN",
    "DATE",
    "INTEGER_COUNT",
    "RATIONAL",
    "REAL_COUNT",
    "STRING",
    "STRING_TRANSLATABLE",
    "TIME",
    "TIMESTAMP",
}
TYPES_OF_REFERENCES = frozenset(("STRING", "IRI", "IRDI"))
TYPES_OF_DOCUMENTS = frozenset(("FILE", "BLOB", "HTML"))


def _in_english(texts: Iterable[AbstractLangString] | None) -> bool:
    for text in texts or ():
        language = text.language
        if language == "en" or (language and language.partition("-")[0].lower() == "en"):
            return True
    return False


def _located(
    concept: ConceptDescription,
) -> Iterator[tuple[tuple[str | int, ...], DataSpecificationIec61360]]:
    for position, specification in enumerate(concept.embedded_data_specifications or ()):
        content = specification.data_specification_content
        if content is not None:
            path = ("embeddedDataSpecifications", position, "dataSpecificationContent")
            yield path, content


def _data_type(
    concept: ConceptDescription, categories: tuple[str, ...], allowed: frozenset[str] | None
) -> Verdict:
    """What is wrong with the data type of a concept of certain categories."""
    if concept.category not in categories:
        return None
    broken = []
    for path, content in _located(concept):
        found = content.data_type
        if found is None:
            message = f"a concept of category `{concept.category}` has no `dataType`"
            broken.append(Broken(message, path))
        elif allowed is not None and found not in allowed:
            message = (
                f"`dataType` is `{found}`; for category `{concept.category}` it is one of "
                f"{quoted(sorted(allowed))}"
            )
            broken.append(Broken(message, (*path, "dataType")))
    return broken


def _clause(code: str) -> str:
    return f"IDTA-01003-a, Constraint {code}"


@constraint(
    "AASc-3a-002",
    "no English preferred name",
    DataSpecificationIec61360,
    text="The preferred name of a concept is given at least in English.",
    hint="add a `preferredName` with language `en`",
    clause=_clause("AASc-3a-002"),
)
def aasc_3a_002(content: DataSpecificationIec61360) -> Verdict:
    """preferredName is there in English."""
    if content.preferred_name is None or _in_english(content.preferred_name):
        return None
    return Broken("`preferredName` has no English text", ("preferredName",))


@constraint(
    "AASc-3a-003",
    "concept in a value list has no value",
    ValueReferencePair,
    text="A concept that a value list refers to states its value. Checked when that concept is in "
    "the same environment.",
    hint="set `value` in the data specification of that concept",
    clause=_clause("AASc-3a-003"),
    when="value_id",
    concept_of="value_id",
)
def aasc_3a_003(_pair: ValueReferencePair, content: DataSpecificationIec61360) -> Verdict:
    """A concept behind ValueList/valueId has a value."""
    if content.value is not None:
        return None
    return Broken("the concept in `valueId` has no `value`", ("valueId",))


@constraint(
    "AASc-3a-004",
    "data type of a property or value",
    ConceptDescription,
    text="A concept of category PROPERTY or VALUE has a data type for values, not one for "
    "references or documents.",
    hint="set `dataType` to the type of the values",
    clause=_clause("AASc-3a-004"),
    when="category",
)
def aasc_3a_004(concept: ConceptDescription) -> Verdict:
    """PROPERTY and VALUE have a data type for values."""
    return _data_type(concept, ("PROPERTY", "VALUE"), TYPES_OF_VALUES)


@constraint(
    "AASc-3a-005",
    "data type of a reference",
    ConceptDescription,
    text="A concept of category REFERENCE has the data type STRING, IRI or IRDI.",
    hint="set `dataType` to one of the three",
    clause=_clause("AASc-3a-005"),
    when="category",
)
def aasc_3a_005(concept: ConceptDescription) -> Verdict:
    """REFERENCE has a data type for references."""
    return _data_type(concept, ("REFERENCE",), TYPES_OF_REFERENCES)


@constraint(
    "AASc-3a-006",
    "data type of a document",
    ConceptDescription,
    text="A concept of category DOCUMENT has the data type FILE, BLOB or HTML.",
    hint="set `dataType` to one of the three",
    clause=_clause("AASc-3a-006"),
    when="category",
)
def aasc_3a_006(concept: ConceptDescription) -> Verdict:
    """DOCUMENT has a data type for documents."""
    return _data_type(concept, ("DOCUMENT",), TYPES_OF_DOCUMENTS)


@constraint(
    "AASc-3a-007",
    "qualifier type without data type",
    ConceptDescription,
    text="A concept of category QUALIFIER_TYPE has a data type.",
    hint="set `dataType`",
    clause=_clause("AASc-3a-007"),
    when="category",
)
def aasc_3a_007(concept: ConceptDescription) -> Verdict:
    """QUALIFIER_TYPE has a data type."""
    return _data_type(concept, ("QUALIFIER_TYPE",), None)


@constraint(
    "AASc-3a-008",
    "concept without English definition",
    ConceptDescription,
    text="A concept is defined at least in English, unless it describes a single value.",
    hint="add a `definition` with language `en`",
    clause=_clause("AASc-3a-008"),
    when="embedded_data_specifications",
)
def aasc_3a_008(concept: ConceptDescription) -> Verdict:
    """definition is there in English, unless value is set."""
    return [
        Broken("there is no English `definition`", path)
        for path, content in _located(concept)
        if content.value is None and not _in_english(content.definition)
    ]


@constraint(
    "AASc-3a-009",
    "measure without unit",
    DataSpecificationIec61360,
    text="A concept whose data type is a measure or a currency says in which unit.",
    hint="add `unit` or `unitId`",
    clause=_clause("AASc-3a-009"),
    when="data_type",
)
def aasc_3a_009(content: DataSpecificationIec61360) -> Verdict:
    """Measures and currencies have a unit."""
    if content.data_type not in MEASURES or content.unit is not None or content.unit_id:
        return None
    return Broken(
        f"`dataType` is `{content.data_type}`, but there is no `unit` or `unitId`", ("dataType",)
    )


@constraint(
    "AASc-3a-010",
    "value and value list",
    DataSpecificationIec61360,
    text="A concept describes either one value or a list of values, not both.",
    hint="remove `value` or `valueList`",
    clause=_clause("AASc-3a-010"),
    when="value",
)
def aasc_3a_010(content: DataSpecificationIec61360) -> Verdict:
    """Not both of value and valueList."""
    if content.value_list is None:
        return None
    return Broken("there is a `value` and a `valueList`", ("valueList",))


@constraint(
    "AASc-3a-050",
    "unknown identifier of the data specification",
    EmbeddedDataSpecification,
    text="Content of IEC 61360 is announced by the identifier of that data specification template, "
    "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3 (earlier "
    "spellings are known too). The official examples themselves do not keep to this, so it is a "
    "warning.",
    hint="use the identifier of the template",
    clause=_clause("AASc-3a-050"),
    severity=Severity.WARNING,
)
def aasc_3a_050(specification: EmbeddedDataSpecification) -> Verdict:
    """dataSpecification names the IEC 61360 template."""
    reference = specification.data_specification
    if reference is None or not reference.keys or specification.data_specification_content is None:
        return None
    found = reference.keys[0].value or ""
    if _names_template(found):
        return None
    return Broken(f"`{found}` is not the identifier of IEC 61360", ("dataSpecification",))
