"""Rules of primitive types and attributes, and the cross-checks that users ask for.

The codes `MET-…` are Nacre's own names for demands that the specification makes without a
constraint number, or (as warnings) for what it does not demand but every reader expects.
"""

from collections.abc import Callable, Sequence
from typing import Any, get_args

from nacre_aas.constraints.metamodel import quoted, typed
from nacre_aas.constraints.registry import (
    Broken,
    Verdict,
    applies,
    constraint,
    declare,
    rule_of,
)
from nacre_aas.findings import Fix, Severity
from nacre_aas.model import (
    AssetAdministrationShell,
    BasicEventElement,
    DataSpecificationIec61360,
    EventPayload,
    Extension,
    Property,
    Range,
    Record,
    Reference,
    SubmodelElementList,
)
from nacre_aas.model.referencing import AasSubmodelElements
from nacre_aas.wording import shortened
from nacre_aas.xsd import NUMERIC, ordered, problem, value_of

_METAMODEL = "IDTA-01001"

ID_SHORT = declare(
    "AASd-002",
    "idShort with forbidden characters",
    "An idShort is a name for programs: it starts with a letter and has letters, digits and "
    "underscores only. Since 3.1 hyphens are allowed inside, and two characters are the least.",
    "rename it; references to it must change too",
    "IDTA-01001, Constraint AASd-002",
)
XML_CHARACTERS = declare(
    "AASd-130",
    "character that XML forbids",
    "Strings consist of the characters that XML 1.0 allows: no control characters except tab, "
    "line feed and carriage return.",
    "remove the character",
    "IDTA-01001, Constraint AASd-130",
)
REQUIRED = declare(
    "MET-001",
    "required attribute is missing",
    "Some attributes must be there. Which ones differs a little between versions.",
    "add the attribute",
    f"{_METAMODEL}, class tables",
)
UNKNOWN_IN_VERSION = declare(
    "MET-002",
    "attribute of a later version",
    "The attribute exists in the metamodel, but only in later versions: createdAt and "
    "updatedAt are new in 3.2.",
    "remove the attribute, or deliver in the later version",
    f"{_METAMODEL}, change notes",
)
LITERAL = declare(
    "MET-003",
    "unknown word in an enumeration",
    "Some attributes take one word out of a fixed list. AssetKind `Role` is new in 3.1 and "
    "`Batch` in 3.2.",
    "use one of the words of the list, in exactly that case",
    f"{_METAMODEL}, enumerations",
)
EMPTY_LIST = declare(
    "MET-004",
    "empty list",
    "A list is either left out or has at least one member.",
    "remove the attribute",
    f"{_METAMODEL}, annex UML tables (0..*)",
    fix=Fix("remove the empty list", safe=True),
)
TOO_SHORT = declare(
    "MET-005",
    "empty string",
    "Names, identifiers and texts have at least one character.",
    "fill it in, or remove the attribute",
    f"{_METAMODEL} §5.3.11",
    fix=Fix("remove the empty attribute", safe=True),
)
TOO_LONG = declare(
    "MET-006",
    "string is too long",
    "Strings have a longest length: 128 characters for names, 2048 for identifiers (2000 in "
    "3.0), 1023 for texts, 64 for labels, 18 for short names.",
    "shorten it",
    f"{_METAMODEL} §5.3.11",
)
LANGUAGE_TAG = declare(
    "MET-007",
    "malformed language tag",
    "Languages are given as BCP 47 tags: `en`, `de-CH`, `zh-Hans`.",
    "write the tag as BCP 47 asks",
    f"{_METAMODEL} §5.3.11, RFC 5646",
)
CONTENT_TYPE = declare(
    "MET-008",
    "malformed content type",
    "Content types are media types such as `application/pdf` or `image/png`.",
    "write the media type",
    f"{_METAMODEL} §5.3.11, RFC 2046",
)
VERSION = declare(
    "MET-011",
    "version or revision is no integer",
    "Version and revision are integers of at most four digits; dotted versions are two of "
    "them: `2.1` is version `2`, revision `1`.",
    "split a dotted version into `version` and `revision`",
    f"{_METAMODEL} §5.3.11, VersionType",
    fix=Fix("split a dotted version into version and revision", safe=True),
)
PATH = declare(
    "MET-012",
    "path is no URI reference",
    "The path of a file is a URI reference since 3.1, so blanks and umlauts are percent-encoded.",
    "write blanks as `%20`",
    f"{_METAMODEL} §5.3.11, PathType",
)
TIME = declare(
    "MET-013",
    "malformed time or duration",
    "Times of events are UTC (`2026-05-31T08:00:00Z`), intervals are durations (`PT5M`).",
    "write it as XML Schema asks",
    f"{_METAMODEL} §5.3.11, DateTimeUtc",
)
BASE64 = declare(
    "MET-014",
    "content of a blob is no Base64",
    "The content of a Blob is Base64 text.",
    "encode the content",
    f"{_METAMODEL} §5.3.11, BlobType",
)
_VALUE = declare(
    "MET-009",
    "value is not of its type",
    "The value of a property, range or extension is text, but it must be a literal of its "
    "valueType, written as XML Schema asks: no thousands separators, a point for decimals.",
    "correct the value or its `valueType`",
    f"{_METAMODEL} §5.3.11, ValueDataType",
)
LANGUAGES = declare(
    "MET-010",
    "one language twice",
    "A text is given at most once in each language.",
    "merge the texts of the language",
    f"{_METAMODEL} §5.3.11, MultiLanguageTextType",
)


@applies(_VALUE, Property, when="value")
def property_value(element: Property) -> Verdict:
    """Property/value is of Property/valueType."""
    return typed("value", element.value, element.value_type)


@applies(_VALUE, Range)
def range_values(element: Range) -> Verdict:
    """Range/min and Range/max are of Range/valueType."""
    ends = (
        typed("min", element.min, element.value_type),
        typed("max", element.max, element.value_type),
    )
    return [end for end in ends if end is not None]


@applies(_VALUE, Extension, when="value")
def extension_value(extension: Extension) -> Verdict:
    """Extension/value is of Extension/valueType, which is xs:string by default."""
    return typed("value", extension.value, extension.value_type or "xs:string")


@constraint(
    "MET-015",
    "longest interval of an input event",
    BasicEventElement,
    text="maxInterval says how often an event is sent at least, which has no meaning for events "
    "that are received.",
    hint="remove `maxInterval`, or use direction `output`",
    clause=f"{_METAMODEL} §5.3.7, BasicEventElement/maxInterval",
    when="max_interval",
)
def maximum_interval(element: BasicEventElement) -> Verdict:
    """maxInterval is for output only."""
    if element.direction == "input":
        return Broken("an event with direction `input` has `maxInterval`", ("maxInterval",))
    return None


_MODEL_REFERENCE = declare(
    "MET-016",
    "reference to the wrong kind of thing",
    "Some attributes may only refer to model elements of one kind: `submodels` to submodels, "
    "`derivedFrom` to a shell, `observed` to an element.",
    "use a `ModelReference` that ends at an element of the right kind",
    f"{_METAMODEL}, class tables (ModelReference<...>)",
)

_EVENT_KINDS = ("BasicEventElement", "EventElement")
ELEMENT_KINDS = (
    *get_args(AasSubmodelElements),
    "AssetAdministrationShell",
    "ConceptDescription",
    "Identifiable",
    "Referable",
    "Submodel",
)


def _refers_to(reference: Reference | None, kinds: Sequence[str], *at: str | int) -> list[Broken]:
    if reference is None or not reference.keys or reference.type is None:
        return []
    last = reference.keys[-1].type
    if reference.type == "ModelReference" and (last in kinds or last is None):
        return []
    shown = quoted(kinds) if len(kinds) < 3 else "a model element"
    found = "an external reference" if reference.type == "ExternalReference" else f"`{last}`"
    return [Broken(f"expected a model reference to {shown}, found {found}", at)]


@applies(_MODEL_REFERENCE, AssetAdministrationShell)
def shell_references(shell: AssetAdministrationShell) -> Verdict:
    """derivedFrom refers to a shell, submodels to submodels."""
    broken = _refers_to(shell.derived_from, ("AssetAdministrationShell",), "derivedFrom")
    for position, reference in enumerate(shell.submodels or ()):
        broken += _refers_to(reference, ("Submodel",), "submodels", position)
    return broken


@applies(_MODEL_REFERENCE, BasicEventElement)
def event_references(element: BasicEventElement) -> Verdict:
    """Observed and messageBroker refer to model elements."""
    return [
        *_refers_to(element.observed, ELEMENT_KINDS, "observed"),
        *_refers_to(element.message_broker, ELEMENT_KINDS, "messageBroker"),
    ]


@applies(_MODEL_REFERENCE, EventPayload)
def payload_references(payload: EventPayload) -> Verdict:
    """Source refers to an event, observableReference to a model element."""
    return [
        *_refers_to(payload.source, _EVENT_KINDS, "source"),
        *_refers_to(payload.observable_reference, ELEMENT_KINDS, "observableReference"),
    ]


@constraint(
    "MET-023",
    "range is upside down",
    Range,
    text="The smallest value of a range is not greater than the largest.",
    hint="swap `min` and `max`",
    clause="not demanded by the specification",
    severity=Severity.WARNING,
    when="min",
)
def range_order(element: Range) -> Verdict:
    """Min is not greater than max."""
    low, high, value_type = element.min, element.max, element.value_type
    if low is None or high is None or value_type is None:
        return None
    if problem(low, value_type) or problem(high, value_type) or ordered(low, high, value_type):
        return None
    return Broken(f"`min` is `{shortened(low)}`, greater than `max` `{shortened(high)}`", ("min",))


#: Value types that can hold the values of a data type of IEC 61360.
_VALUE_TYPES: dict[str, frozenset[str]] = {
    **dict.fromkeys(("REAL_MEASURE", "REAL_COUNT", "REAL_CURRENCY"), NUMERIC),
    **dict.fromkeys(("RATIONAL", "RATIONAL_MEASURE"), NUMERIC | {"xs:string"}),
    **dict.fromkeys(
        ("INTEGER_MEASURE", "INTEGER_COUNT", "INTEGER_CURRENCY"),
        NUMERIC - {"xs:decimal", "xs:double", "xs:float"},
    ),
    "BOOLEAN": frozenset(("xs:boolean",)),
    "DATE": frozenset(
        (
            "xs:date",
            "xs:gYear",
            "xs:gYearMonth",
            "xs:gMonth",
            "xs:gMonthDay",
            "xs:gDay",
            "xs:dateTime",
        )
    ),
    "TIME": frozenset(("xs:time", "xs:dateTime")),
    "TIMESTAMP": frozenset(("xs:dateTime",)),
    **dict.fromkeys(("IRI", "IRDI"), frozenset(("xs:anyURI", "xs:string"))),
    **dict.fromkeys(("HTML", "STRING_TRANSLATABLE"), frozenset(("xs:string",))),
}


@constraint(
    "MET-024",
    "value type does not fit the concept",
    Property,
    Range,
    text="The concept behind the semanticId says of which data type the values are; the valueType "
    "should be able to hold them. Of STRING nothing is said: published concepts have it for numbers and dates "
    "too. Checked when the concept is in the same environment.",
    hint="use a `valueType` that fits, or correct the `dataType` of the concept",
    clause="not demanded by the specification; IDTA-01003-a, DataTypeIec61360",
    severity=Severity.WARNING,
    when="semantic_id",
    concept_of="semantic_id",
)
def value_type_of_concept(element: Record, content: DataSpecificationIec61360) -> Verdict:
    """ValueType can hold the data type of the concept."""
    assert isinstance(element, Property | Range)
    if content.data_type is None or element.value_type is None:
        return None
    fitting = _VALUE_TYPES.get(content.data_type)
    if fitting is None or element.value_type in fitting:
        return None
    return Broken(
        f"`valueType` is `{element.value_type}`, but the concept has `{content.data_type}`",
        ("valueType",),
    )


@constraint(
    "MET-025",
    "value is not in the value list of the concept",
    Property,
    text="The concept behind the semanticId lists the values that a property may take. Checked "
    "when the concept is in the same environment; the value may be written as the value or as the "
    "identifier of the listed concept.",
    hint="use one of the listed values",
    clause="not demanded by the specification; IDTA-01003-a, DataSpecificationIec61360/valueList",
    severity=Severity.WARNING,
    when="value",
    concept_of="semantic_id",
)
def value_of_concept(element: Property, content: DataSpecificationIec61360) -> Verdict:
    """Value is one of the value list of the concept."""
    if content.value_list is None or not element.value:
        return None
    pairs = content.value_list.value_reference_pairs or ()
    values = [pair.value for pair in pairs if pair.value]
    if not values:
        return None
    allowed = set(values)
    allowed |= {
        pair.value_id.keys[-1].value for pair in pairs if pair.value_id and pair.value_id.keys
    }
    own = value_of(element.value, element.value_type)
    if element.value in allowed or any(value_of(v, element.value_type) == own for v in allowed):
        return None
    listed = quoted(values[:5]) + (", ..." if len(values) > 5 else "")
    return Broken(
        f"`{element.value}` is not in the value list of the concept: {listed}", ("value",)
    )


@constraint(
    "MET-026",
    "unit on something that is no number",
    Property,
    Range,
    text="The concept behind the semanticId has a physical unit, so its values should be numbers. "
    "Checked when the concept is in the same environment.",
    hint="use a numeric `valueType`, or remove the unit of the concept",
    clause="not demanded by the specification; IDTA-01003-a, DataSpecificationIec61360/unit",
    severity=Severity.WARNING,
    when="semantic_id",
    concept_of="semantic_id",
)
def unit_of_concept(element: Record, content: DataSpecificationIec61360) -> Verdict:
    """A concept with a unit has numeric values."""
    assert isinstance(element, Property | Range)
    if content.unit is None or element.value_type is None:
        return None
    if content.data_type is not None or element.value_type in NUMERIC | {"xs:string"}:
        return None
    return Broken(
        f"the concept has the unit `{content.unit}`, but `valueType` is `{element.value_type}`",
        ("valueType",),
    )


def _of_members(
    judge: Callable[[Any, DataSpecificationIec61360], Verdict], targets: tuple[type[Record], ...]
) -> Callable[..., Verdict]:
    """The same for the members of a list that have their meaning from semanticIdListElement."""

    def function(element: SubmodelElementList, content: DataSpecificationIec61360) -> Verdict:
        judged = (
            (position, judge(member, content))
            for position, member in enumerate(element.value or ())
            if isinstance(member, targets) and getattr(member, "semantic_id", None) is None
        )
        return [
            broken._replace(at=("value", position, *broken.at))
            for position, broken in judged
            if isinstance(broken, Broken)
        ]

    return function


for _code, _targets, _judge in (
    ("MET-024", (Property, Range), value_type_of_concept),
    ("MET-025", (Property,), value_of_concept),
    ("MET-026", (Property, Range), unit_of_concept),
):
    applies(
        rule_of(_code), SubmodelElementList, when="value", concept_of="semantic_id_list_element"
    )(_of_members(_judge, _targets))

DUPLICATE_ID = declare(
    "MET-020",
    "one id twice",
    "Every shell, submodel and concept description has an id of its own; a reference to a "
    "doubled id is ambiguous.",
    "remove one of them, or give it its own id",
    f"{_METAMODEL} §5.3.2, Identifiable/id; within one file not demanded",
    severity=Severity.WARNING,
)
DANGLING = declare(
    "MET-021",
    "reference to something that is not here",
    "A model reference names a shell or submodel that is not in this file. It may exist "
    "elsewhere; in a package that is meant to be complete it is a mistake.",
    "add the missing part, or correct the identifier",
    "not demanded by the specification",
    severity=Severity.WARNING,
)
DANGLING_INSIDE = declare(
    "MET-022",
    "reference to an element that its submodel does not have",
    "A model reference names an element by its path, and the submodel is here but has no such "
    "element.",
    "correct the path of idShorts",
    "not demanded by the specification",
    severity=Severity.WARNING,
)
OTHER_KIND = declare(
    "MET-027",
    "reference to something of another kind",
    "Each key of a model reference says of which class the thing is that it leads to. What it leads to is in "
    "this file, and is neither of that class nor of one below it.",
    "correct the `type` of the key, or the path",
    "not demanded by the specification, which gives Key/type for this",
    severity=Severity.WARNING,
)
