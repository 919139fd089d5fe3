"""The AASd constraints of IDTA-01001, one function each, in the order of their numbers.

A function gets a record and returns `None` where the constraint holds. It may meet records whose
required attributes are missing, since one mistake must not hide the others.

Not here: AASd-002 and AASd-130, which every string is checked for (`attributes`), and AASd-115,
which states an assumption and cannot be broken.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar, get_args

from nacre_aas import model
from nacre_aas.constraints.context import Context
from nacre_aas.constraints.registry import Broken, Verdict, constraint
from nacre_aas.findings import Severity
from nacre_aas.model import (
    AdministrativeInformation,
    AnnotatedRelationshipElement,
    AssetInformation,
    DataElement,
    DataSpecificationIec61360,
    Entity,
    HasExtensions,
    HasSemantics,
    MultiLanguageProperty,
    Operation,
    OperationVariable,
    Property,
    Qualifiable,
    Qualifier,
    Range,
    Record,
    Referable,
    Reference,
    SpecificAssetId,
    Submodel,
    SubmodelElement,
    SubmodelElementCollection,
    SubmodelElementList,
)
from nacre_aas.model.referencing import AasIdentifiables, AasSubmodelElements, KeyTypes
from nacre_aas.versions import ONLY_3_0, SINCE_3_2
from nacre_aas.wording import shortened
from nacre_aas.xsd import problem, value_of

IDENTIFIABLES = frozenset(get_args(AasIdentifiables))
GLOBALLY_IDENTIFIABLES = IDENTIFIABLES | {"GlobalReference"}
_SUBMODEL_ELEMENTS = frozenset(get_args(AasSubmodelElements))
FRAGMENT_KEYS = _SUBMODEL_ELEMENTS | {"FragmentReference"}
REFERABLES = frozenset(get_args(KeyTypes)) - {"GlobalReference", "FragmentReference"}


Item = TypeVar("Item")


def quoted(words: Iterable[object]) -> str:
    """Words in backticks, separated by commas."""
    return ", ".join(f"`{word}`" for word in words)


def values(reference: Reference | None) -> tuple[str, ...] | None:
    """The key values of a reference, which is what two references are compared by."""
    if reference is None or not reference.keys:
        return None
    return tuple(key.value for key in reference.keys)


def _repeated(items: Iterable[Item | None]) -> Iterator[tuple[int, Item]]:
    """Positions and values of the members that stood earlier in the sequence."""
    seen: set[Item] = set()
    for position, item in enumerate(items):
        if item is None:
            continue
        if item in seen:
            yield position, item
        seen.add(item)


@constraint(
    "AASd-005",
    "revision without version",
    AdministrativeInformation,
    text="A revision is a step within a version. If there is no version, there can be no revision.",
    hint="add `version`, or remove `revision`",
    when="revision",
)
def aasd_005(administration: AdministrativeInformation) -> Verdict:
    """A revision requires a version."""
    if administration.version is None:
        return Broken("`revision` is set, but `version` is not", ("revision",))
    return None


@constraint(
    "AASd-006",
    "qualifier value differs from its coded value",
    Qualifier,
    text="When a qualifier has both a value and a valueId, the value must be the one that the "
    "concept behind valueId stands for. Checked when that concept is in the same environment.",
    hint="write the value of the concept, or remove `valueId`",
    when="value_id",
    concept_of="value_id",
)
def aasd_006(qualifier: Qualifier, content: DataSpecificationIec61360) -> Verdict:
    """Qualifier/value equals the value of the concept that valueId refers to."""
    return _against_coded_value(qualifier.value, qualifier.value_type, content)


@constraint(
    "AASd-007",
    "property value differs from its coded value",
    Property,
    text="When a property has both a value and a valueId, the value must be the one that the "
    "concept behind valueId stands for. Checked when that concept is in the same environment.",
    hint="write the value of the concept, or remove `valueId`",
    when="value_id",
    concept_of="value_id",
)
def aasd_007(element: Property, content: DataSpecificationIec61360) -> Verdict:
    """Property/value equals the value of the concept that valueId refers to."""
    return _against_coded_value(element.value, element.value_type, content)


def _against_coded_value(
    value: str | None, value_type: str, content: DataSpecificationIec61360
) -> Verdict:
    if value is None or content.value is None:
        return None
    if value_of(content.value, value_type) == value_of(value, value_type):
        return None
    return Broken(f"the value is `{value}`, but `valueId` stands for `{content.value}`", ("value",))


@constraint(
    "AASd-012",
    "texts with a coded value are not compared",
    MultiLanguageProperty,
    text="When a multi-language property has both texts and a valueId, every text must mean what "
    "the concept behind valueId means. No machine can judge that: Nacre compares the texts with "
    "the names of the concept in the same language and notes where they differ.",
    hint="compare the text with the concept",
    severity=Severity.NOTE,
    when="value_id",
    concept_of="value_id",
)
def aasd_012(element: MultiLanguageProperty, content: DataSpecificationIec61360) -> Verdict:
    """The texts are names of the concept, as far as words can tell."""
    names = {name.language: name.text for name in content.preferred_name or ()}
    return [
        Broken(
            f"the text in `{text.language}` is not the preferred name "
            f"`{names[text.language]}` of the concept in `valueId`",
            ("value", position),
        )
        for position, text in enumerate(element.value or ())
        if text.language in names and text.text not in (names[text.language], content.value)
    ]


@constraint(
    "AASd-014",
    "asset id of an entity",
    Entity,
    text="A self-managed entity is an asset of its own, so it names that asset with globalAssetId "
    "or specificAssetIds. In metamodel 3.0 a co-managed entity must not have either.",
    hint="add `globalAssetId`, or make the entity `CoManagedEntity`",
)
def aasd_014(entity: Entity) -> Verdict:
    """A self-managed entity has an asset id."""
    has_asset_id = entity.global_asset_id is not None or bool(entity.specific_asset_ids)
    if entity.entity_type == "SelfManagedEntity":
        if not has_asset_id:
            return Broken(
                "a self-managed entity has neither `globalAssetId` nor `specificAssetIds`"
            )
    elif has_asset_id and entity.entity_type is not None:
        return Broken(
            "a co-managed entity must not have an asset id in metamodel 3.0",
            ("globalAssetId" if entity.global_asset_id is not None else "specificAssetIds",),
            ONLY_3_0,
            "remove the asset id, or make the entity `SelfManagedEntity`",
        )
    return None


@constraint(
    "AASd-020",
    "qualifier value is not of its type",
    Qualifier,
    text="The value of a qualifier is text, but it must be a literal of the type in valueType, "
    "written as XML Schema asks: `true` for xs:boolean, `2026-05-31` for xs:date.",
    hint="correct the value or its `valueType`",
    when="value",
)
def aasd_020(qualifier: Qualifier) -> Verdict:
    """Qualifier/value is in the value space of Qualifier/valueType."""
    if qualifier.value_type == "xs:string":
        return None  # as most are
    return typed("value", qualifier.value, qualifier.value_type)


def typed(name: str, literal: str | None, value_type: str | None) -> Broken | None:
    """Say that a literal is not of its type, if it is not."""
    if literal is None or value_type is None or value_type == "xs:string":
        return None  # what a string may hold is the matter of AASd-130
    reason = problem(literal, value_type)
    if reason is None:
        return None
    return Broken(f"`{shortened(literal)}` is not a literal of `{value_type}`: {reason}", (name,))


@constraint(
    "AASd-021",
    "two qualifiers of one type",
    Qualifiable,
    text="An element has at most one qualifier of each type.",
    hint="remove one of them, or give it another `type`",
    when="qualifiers",
)
def aasd_021(element: Qualifiable) -> Verdict:
    """Qualifier/type is unique within an element."""
    qualifiers = element.qualifiers or ()
    if len(qualifiers) < 2:
        return None
    types = [qualifier.type for qualifier in qualifiers]
    if len(set(types)) == len(types):
        return None
    return [
        Broken(f"there is already a qualifier of type `{type_}`", ("qualifiers", position, "type"))
        for position, type_ in _repeated(types)
    ]


#: Where the named children of a record stand: attribute, and its name in JSON.
_NAME_SPACES: dict[type[Record], tuple[str, str]] = {
    Submodel: ("submodel_elements", "submodelElements"),
    SubmodelElementCollection: ("value", "value"),
    SubmodelElementList: ("value", "value"),
    Entity: ("statements", "statements"),
    AnnotatedRelationshipElement: ("annotations", "annotations"),
}


def _name_space(record: Record) -> tuple[str, Sequence[Referable]]:
    """The JSON name of the attribute that holds the named children of a record, and the children."""
    attribute, name = _NAME_SPACES[type(record)]
    return name, getattr(record, attribute) or ()


@constraint(
    "AASd-022",
    "two elements of one idShort",
    Submodel,
    SubmodelElementCollection,
    SubmodelElementList,
    Entity,
    AnnotatedRelationshipElement,
    text="Elements side by side must have different idShorts, since the idShort is their name in "
    "every path. Upper and lower case count as different.",
    hint="rename one of them; references to it must change too",
)
def aasd_022(record: Record) -> Verdict:
    """The idShort of a non-identifiable referable is unique in its name space."""
    attribute, members = _name_space(record)
    if len(members) < 2:
        return None
    names = [member.id_short for member in members]
    if len(set(names)) == len(names):
        return None
    return [
        Broken(f"there is already an element `{name}` here", (attribute, position, "idShort"))
        for position, name in _repeated(names)
    ]


@constraint(
    "AASd-077",
    "two extensions of one name",
    HasExtensions,
    text="The names of the extensions of an element are different.",
    hint="rename or remove one of them",
    when="extensions",
)
def aasd_077(element: HasExtensions) -> Verdict:
    """Extension/name is unique within an element."""
    return [
        Broken(f"there is already an extension `{name}`", ("extensions", position, "name"))
        for position, name in _repeated(each.name for each in element.extensions or ())
    ]


@constraint(
    "AASd-090",
    "category of a data element",
    DataElement,
    text="In metamodel 3.0 the category of a data element is CONSTANT, PARAMETER or VARIABLE. "
    "Later versions removed the constraint and deprecated `category`.",
    hint="use one of the three words, or remove `category`",
    versions=ONLY_3_0,
    when="category",
)
def aasd_090(element: DataElement) -> Verdict:
    """The category of a data element is one of three words."""
    if element.category in ("CONSTANT", "PARAMETER", "VARIABLE"):
        return None
    return Broken(
        f"`category` is `{element.category}`, expected `CONSTANT`, `PARAMETER` or `VARIABLE`",
        ("category",),
    )


@constraint(
    "AASd-107",
    "list member has another semantic id than the list says",
    SubmodelElementList,
    text="When a list says which semantic id its members have (semanticIdListElement), a member "
    "that states one must state the same.",
    hint="make the two equal, or remove the `semanticId` of the member",
    when="semantic_id_list_element",
)
def aasd_107(element: SubmodelElementList) -> Verdict:
    """Members agree with semanticIdListElement."""
    expected = values(element.semantic_id_list_element)
    return [
        Broken(
            f"`semanticId` is {quoted(values(member.semantic_id) or ())}, "
            f"but the list says {quoted(expected or ())}",
            ("value", position, "semanticId"),
        )
        for position, member in enumerate(element.value or ())
        if member.semantic_id is not None and values(member.semantic_id) != expected
    ]


@constraint(
    "AASd-108",
    "list member of another class than the list says",
    SubmodelElementList,
    text="All members of a list are of the class in typeValueListElement.",
    hint="correct `typeValueListElement`, or move the element out of the list",
    when="value",
)
def aasd_108(element: SubmodelElementList) -> Verdict:
    """Members are of the class in typeValueListElement."""
    name = element.type_value_list_element
    if name is None:
        return None
    expected = getattr(model, name)
    return [
        Broken(
            f"the member is a `{type(member).__name__}`, but the list holds `{name}`",
            ("value", position),
        )
        for position, member in enumerate(element.value or ())
        if not isinstance(member, expected)
    ]


@constraint(
    "AASd-109",
    "value type of a list of properties or ranges",
    SubmodelElementList,
    text="A list of properties or ranges says in valueTypeListElement which value type its members "
    "have, and every member has that type.",
    hint="set `valueTypeListElement`, and the same `valueType` in every member",
)
def aasd_109(element: SubmodelElementList) -> Verdict:
    """Properties and ranges of a list agree with valueTypeListElement."""
    if element.type_value_list_element not in ("Property", "Range"):
        return None
    expected = element.value_type_list_element
    if expected is None:
        return Broken(
            f"a list of `{element.type_value_list_element}` has no `valueTypeListElement`"
        )
    return [
        Broken(
            f"`valueType` is `{member.value_type}`, but the list says `{expected}`",
            ("value", position, "valueType"),
        )
        for position, member in enumerate(element.value or ())
        if isinstance(member, (Property, Range)) and member.value_type not in (None, expected)
    ]


@constraint(
    "AASd-114",
    "list members of different semantic ids",
    SubmodelElementList,
    text="Members of one list that state a semantic id state the same one.",
    hint="make them equal, or use a collection instead of a list",
    when="value",
)
def aasd_114(element: SubmodelElementList) -> Verdict:
    """Members that have a semantic id have the same one."""
    first = None
    for position, member in enumerate(element.value or ()):
        if member.semantic_id is None:
            continue
        found = values(member.semantic_id)
        if first is None:
            first = found
        elif found != first:
            return Broken(
                f"`semanticId` is {quoted(found or ())}, "
                f"but an earlier member has {quoted(first or ())}",
                ("value", position, "semanticId"),
            )
    return None


@constraint(
    "AASd-116",
    "reserved name of a specific asset id",
    AssetInformation,
    Entity,
    text="The name `globalAssetId`, in any case of letters, is reserved for the globalAssetId of "
    "the asset: a specific asset id of that name says the same as the attribute.",
    hint="remove it and use the attribute `globalAssetId`",
    severity=Severity.WARNING,
    when="specific_asset_ids",
)
def aasd_116(asset: AssetInformation | Entity) -> Verdict:
    """A specific asset id named `globalAssetId` is that of the asset."""
    return [
        Broken(
            f"`{each.name}` is a reserved name, and its value is not the `globalAssetId`",
            ("specificAssetIds", position, "name"),
        )
        for position, each in enumerate(asset.specific_asset_ids or ())
        if each.name is not None
        and each.name.lower() == "globalassetid"
        and each.value != asset.global_asset_id
    ]


@constraint(
    "AASd-117",
    "element without idShort",
    Submodel,
    SubmodelElementCollection,
    Entity,
    AnnotatedRelationshipElement,
    OperationVariable,
    text="Every submodel element has an idShort, unless it stands directly in a list, where its "
    "position is its name.",
    hint="add an `idShort` that is unique among its neighbours",
)
def aasd_117(record: Record) -> Verdict:
    """A referable outside a list has an idShort."""
    if isinstance(record, OperationVariable):
        value = record.value
        if value is not None and value.id_short is None:
            return Broken("the element has no `idShort`", ("value",))
        return None
    attribute, members = _name_space(record)
    return [
        Broken("the element has no `idShort`", (attribute, position))
        for position, member in enumerate(members)
        if member.id_short is None
    ]


@constraint(
    "AASd-118",
    "supplemental semantic id without a main one",
    HasSemantics,
    text="Supplemental semantic ids add to a main semantic id, so there must be one.",
    hint="make one of them the `semanticId`",
    when="supplemental_semantic_ids",
)
def aasd_118(element: HasSemantics) -> Verdict:
    """Supplemental semantic ids require a semantic id."""
    if element.semantic_id is None:
        return Broken(
            "there are `supplementalSemanticIds`, but no `semanticId`", ("supplementalSemanticIds",)
        )
    return None


def _template_qualifiers(element: Qualifiable) -> list[tuple[str, int, str]]:
    return [
        ("qualifiers", position, "kind")
        for position, qualifier in enumerate(element.qualifiers or ())
        if qualifier.kind == "TemplateQualifier"
    ]


@constraint(
    "AASd-119",
    "template qualifier on an instance",
    Submodel,
    text="Template qualifiers, such as the cardinality of a template, belong to submodels of kind "
    "Template.",
    hint="remove the qualifier, or set `kind` to `Template`",
    when="qualifiers",
)
def aasd_119(submodel: Submodel) -> Verdict:
    """A submodel with a template qualifier is a template."""
    if submodel.kind == "Template":
        return None
    return [
        Broken("a submodel of kind `Instance` has a template qualifier", place)
        for place in _template_qualifiers(submodel)
    ]


@constraint(
    "AASd-120",
    "idShort in a list",
    SubmodelElementList,
    text="In metamodel 3.0 the members of a list have no idShort; later versions allow it.",
    hint="remove the `idShort`; the position in the list is the name",
    versions=ONLY_3_0,
    when="value",
)
def aasd_120(element: SubmodelElementList) -> Verdict:
    """Members of a list have no idShort in 3.0."""
    return [
        Broken("a member of a list must not have an `idShort`", ("value", position, "idShort"))
        for position, member in enumerate(element.value or ())
        if member.id_short is not None
    ]


@constraint(
    "AASd-121",
    "reference starts in the middle",
    Reference,
    text="The first key of a reference names something that can be found by its id alone: a "
    "GlobalReference, shell, submodel or concept description.",
    hint="let the first key be the shell, submodel or concept description that holds the target",
    by_shape=True,
)
def aasd_121(reference: Reference) -> Verdict:
    """The first key is globally identifiable."""
    first = reference.keys[0].type
    if first in GLOBALLY_IDENTIFIABLES:
        return None
    return Broken(f"the first key is a `{first}`", ("keys", 0, "type"))


@constraint(
    "AASd-122",
    "external reference starts inside a model",
    Reference,
    text="The first key of an external reference is a GlobalReference.",
    hint="use `GlobalReference`, or make it a `ModelReference`",
    by_shape=True,
)
def aasd_122(reference: Reference) -> Verdict:
    """The first key of an external reference is a GlobalReference."""
    first = reference.keys[0].type
    if reference.type != "ExternalReference" or first == "GlobalReference":
        return None
    return Broken(f"the first key of an external reference is a `{first}`", ("keys", 0, "type"))


@constraint(
    "AASd-123",
    "model reference starts outside the model",
    Reference,
    text="The first key of a model reference is a shell, submodel or concept description.",
    hint="start at the identifiable that holds the target, or make it an `ExternalReference`",
    by_shape=True,
)
def aasd_123(reference: Reference) -> Verdict:
    """The first key of a model reference is an identifiable."""
    first = reference.keys[0].type
    if reference.type != "ModelReference" or first in IDENTIFIABLES:
        return None
    return Broken(f"the first key of a model reference is a `{first}`", ("keys", 0, "type"))


@constraint(
    "AASd-124",
    "external reference ends inside a model",
    Reference,
    text="The last key of an external reference is a GlobalReference or a FragmentReference.",
    hint="use `GlobalReference` or `FragmentReference`",
    by_shape=True,
)
def aasd_124(reference: Reference) -> Verdict:
    """The last key of an external reference is generic."""
    last = reference.keys[-1].type
    if reference.type != "ExternalReference" or last in ("GlobalReference", "FragmentReference"):
        return None
    place = ("keys", len(reference.keys) - 1, "type")
    return Broken(f"the last key of an external reference is a `{last}`", place)


@constraint(
    "AASd-125",
    "model reference leaves its identifiable",
    Reference,
    text="All keys of a model reference after the first are submodel elements or fragments.",
    hint="refer to the other identifiable directly",
    by_shape=True,
)
def aasd_125(reference: Reference) -> Verdict:
    """The keys after the first are fragment keys."""
    if reference.type != "ModelReference":
        return None
    return [
        Broken(
            f"key {position + 1} of a model reference is a `{key.type}`", ("keys", position, "type")
        )
        for position, key in enumerate(reference.keys)
        if position and key.type not in FRAGMENT_KEYS
    ]


@constraint(
    "AASd-126",
    "fragment in the middle of a model reference",
    Reference,
    text="Only the last key of a model reference may be a FragmentReference.",
    hint="end the reference at the fragment",
    by_shape=True,
)
def aasd_126(reference: Reference) -> Verdict:
    """A fragment is the last key."""
    if reference.type != "ModelReference":
        return None
    return [
        Broken("a `FragmentReference` is followed by another key", ("keys", position, "type"))
        for position, key in enumerate(reference.keys[:-1])
        if key.type == "FragmentReference"
    ]


@constraint(
    "AASd-127",
    "fragment of something without fragments",
    Reference,
    text="A FragmentReference follows a File or a Blob: nothing else has fragments.",
    hint="refer to a `File` or `Blob` before the fragment",
    by_shape=True,
)
def aasd_127(reference: Reference) -> Verdict:
    """A fragment follows a file or blob."""
    if reference.type != "ModelReference":
        return None
    return [
        Broken(f"a `FragmentReference` follows a `{before.type}`", ("keys", position, "type"))
        for position, (before, key) in enumerate(pairwise(reference.keys), start=1)
        if key.type == "FragmentReference" and before.type not in ("File", "Blob")
    ]


@constraint(
    "AASd-128",
    "list position is no number",
    Reference,
    text="After a SubmodelElementList the next key of a model reference gives the position in the "
    "list: an integer from 0.",
    hint="write the position as a number, counted from 0",
    by_path=True,
)
def aasd_128(reference: Reference) -> Verdict:
    """The key after a list is a position."""
    keys = reference.keys or ()
    if len(keys) < 2 or reference.type != "ModelReference":
        return None
    return [
        Broken(f"`{key.value}` is no position in a list", ("keys", position, "value"))
        for position, (before, key) in enumerate(pairwise(keys), start=1)
        if before.type == "SubmodelElementList"
        and key.value is not None
        and not (key.value.isascii() and key.value.isdigit())
    ]


@constraint(
    "AASd-129",
    "template qualifier inside an instance",
    SubmodelElement,
    text="Elements with a template qualifier, at any depth, belong to a submodel of kind Template. "
    "Since 3.2 the elements of operation variables are excepted.",
    hint="remove the qualifier, or set `kind` of the submodel to `Template`",
    when="qualifiers",
    with_context=True,
)
def aasd_129(element: SubmodelElement, context: Context) -> Verdict:
    """Elements with a template qualifier are part of a template."""
    if context.in_template:
        return None
    versions = ~SINCE_3_2 if context.operations else None
    message = "an element of a submodel of kind `Instance` has a template qualifier"
    return [Broken(message, place, versions) for place in _template_qualifiers(element)]


@constraint(
    "AASd-131",
    "asset without an id",
    AssetInformation,
    text="A shell says which asset it represents: by globalAssetId, or by at least one "
    "specificAssetId.",
    hint="add `globalAssetId`, for example the URL on the type plate",
)
def aasd_131(information: AssetInformation) -> Verdict:
    """AssetInformation has an asset id."""
    if information.global_asset_id is None and not information.specific_asset_ids:
        return Broken("asset information has neither `globalAssetId` nor a `specificAssetId`")
    return None


@constraint(
    "AASd-133",
    "external subject is a model reference",
    SpecificAssetId,
    text="The subject for whom a specific asset id is meant stands outside the model, so "
    "externalSubjectId is an external reference.",
    hint="use `ExternalReference` with a `GlobalReference`",
    when="external_subject_id",
)
def aasd_133(specific_asset_id: SpecificAssetId) -> Verdict:
    """SpecificAssetId/externalSubjectId is an external reference."""
    subject = specific_asset_id.external_subject_id
    if subject is not None and subject.type == "ModelReference":
        return Broken("`externalSubjectId` is a model reference", ("externalSubjectId", "type"))
    return None


@constraint(
    "AASd-134",
    "two operation variables of one idShort",
    Operation,
    text="All variables of an operation, input, output and in-output together, have different "
    "idShorts.",
    hint="rename one of them",
)
def aasd_134(operation: Operation) -> Verdict:
    """The idShorts of all operation variables are unique."""
    places = [
        ((name, position, "value", "idShort"), variable.value.id_short)
        for name, variables in (
            ("inputVariables", operation.input_variables),
            ("outputVariables", operation.output_variables),
            ("inoutputVariables", operation.inoutput_variables),
        )
        for position, variable in enumerate(variables or ())
        if variable.value is not None
    ]
    return [
        Broken(f"there is already a variable `{name}`", places[position][0])
        for position, name in _repeated(name for _, name in places)
    ]


@constraint(
    "AASd-137",
    "external reference into a model",
    Reference,
    text="No key of an external reference is a shell, submodel, submodel element or concept "
    "description. New in metamodel 3.2, where earlier versions implied it.",
    hint="use `GlobalReference` keys, or make it a `ModelReference`",
    versions=SINCE_3_2,
    by_shape=True,
)
def aasd_137(reference: Reference) -> Verdict:
    """External references have no keys of model elements."""
    if reference.type != "ExternalReference":
        return None
    return [
        Broken(f"an external reference has a `{key.type}` key", ("keys", position, "type"))
        for position, key in enumerate(reference.keys)
        if key.type in REFERABLES
    ]


@constraint(
    "AASd-138",
    "list of a template without exactly one member",
    SubmodelElementList,
    text="In a template a list shows what its members look like with exactly one member; the same "
    "holds for lists in operation variables. New in metamodel 3.2.",
    hint="leave one member in the list",
    versions=SINCE_3_2,
    with_context=True,
)
def aasd_138(element: SubmodelElementList, context: Context) -> Verdict:
    """Lists of templates and operation variables have exactly one member."""
    members = len(element.value or ())
    if members == 1 or not (context.in_template or context.operations):
        return None
    return Broken(f"the list has {members} members")
