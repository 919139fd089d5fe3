"""From a submodel of kind Template to one `Template` value."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from nacre_aas.constraints.context import contents
from nacre_aas.jsonization import dumps
from nacre_aas.model import (
    Blob,
    ConceptDescription,
    DataSpecificationIec61360,
    Entity,
    Environment,
    File,
    MultiLanguageProperty,
    Operation,
    OperationVariable,
    Property,
    Record,
    Reference,
    Submodel,
    SubmodelElement,
    SubmodelElementList,
)
from nacre_aas.schema import elements_below
from nacre_submodels import qualifiers
from nacre_submodels.expressions import exactly
from nacre_submodels.template import Element, Template, example_digest

#: Value types whose examples are recognised; a date or number could as well be meant.
_TEXTS = (None, "xs:string", "xs:anyURI")
_NUMBERED = re.compile(r"__0+__$|\{0+\}$")
#: (model type, semantic id) of the elements on the way down, for structures that contain themselves.
_Way = tuple[tuple[str, str | None], ...]


def semantic_id(reference: Reference | None) -> str | None:
    """What a reference means: the value of its last key."""
    return reference.keys[-1].value if reference is not None and reference.keys else None


def compile_template(
    submodel: Submodel,
    concepts: Iterable[ConceptDescription] = (),
    **origin: Any,
) -> Template:
    """Compile one submodel; `origin` are `number`, `version`, `title` and the like."""
    known = {each.id: each for each in concepts}
    compiler = _Compiler(known)
    elements = tuple(
        element
        for each in submodel.submodel_elements or ()
        if (element := compiler.element(each, ())) is not None
    )
    administration = submodel.administration
    if "version" not in origin and administration is not None and administration.version:
        revision = f".{administration.revision}" if administration.revision else ""
        origin["version"] = administration.version + revision
    return Template(
        name=submodel.id_short or "Submodel",
        id=submodel.id,
        semantic_id=semantic_id(submodel.semantic_id),
        semantic_id_type=None if submodel.semantic_id is None else submodel.semantic_id.type,
        supplemental_semantic_ids=_supplemental(submodel),
        elements=elements,
        names=_texts(submodel.display_name),
        texts=_texts(submodel.description),
        unread=tuple(compiler.unread),
        concepts=tuple(msgspec.json.decode(dumps(known[each])) for each in sorted(compiler.used)),
        **origin,
    )


def templates_of(environment: Environment, **origin: Any) -> list[Template]:
    """The templates of a file: its submodels of kind Template."""
    return [
        compile_template(each, environment.concept_descriptions or (), **origin)
        for each in environment.submodels or ()
        if each.kind == "Template"
    ]


def _supplemental(record: Submodel | SubmodelElement) -> tuple[str, ...]:
    found = (semantic_id(each) for each in record.supplemental_semantic_ids or ())
    return tuple(each for each in found if each)


def _texts(texts: Any) -> dict[str, str]:
    return {each.language: each.text for each in texts or () if each.language and each.text}


class _Compiler:
    def __init__(self, concepts: Mapping[str, ConceptDescription]) -> None:
        self.concepts = concepts
        self.used: set[str] = set()
        self.unread: list[str] = []

    def element(self, record: Record, way: _Way, variables: str | None = None) -> Element | None:
        if isinstance(record, OperationVariable):
            record = record.value
        if not isinstance(record, SubmodelElement):
            return None
        meaning = semantic_id(record.semantic_id)
        kind = type(record).__name__
        below = (*way, (kind, meaning))
        is_operation = isinstance(record, Operation)
        found = (
            self.element(child, below, str(path[0]) if is_operation else None)
            for path, child in elements_below(record)
        )
        elements = tuple(each for each in found if each is not None)
        name = record.id_short or kind
        self.unread += qualifiers.unread(record.qualifiers or (), name)
        stated = self._cardinality(record)
        low, high = stated or ((0, None) if variables is None else (1, 1))
        examples = _examples(record)
        content = self._content(meaning)
        supplemental = _supplemental(record)
        self.used.update(self.concepts.keys() & set(supplemental))
        return Element(
            model_type=kind,
            id_short=record.id_short,
            semantic_id=meaning,
            semantic_id_type=None if record.semantic_id is None else record.semantic_id.type,
            supplemental_semantic_ids=supplemental,
            value_type=getattr(record, "value_type", None),
            minimum=low,
            maximum=high,
            elements=elements,
            recurs=0 if elements else _levels_up((kind, meaning), way),
            variables=variables,
            names=_texts(record.display_name) | (_texts(content.preferred_name) if content else {}),
            texts=(_texts(content.definition) if content else {}) | _texts(record.description),
            examples=examples,
            listed_values=_listed_values(content) if isinstance(record, Property) else (),
            example_digests=_digests(record, examples),
            unit=None if content is None else content.unit,
            data_type=None if content is None else content.data_type,
            content_type=getattr(record, "content_type", None),
            entity_type=record.entity_type if isinstance(record, Entity) else None,
            **_list_rules(record),
            **_value_rules(record),
        )

    def _cardinality(self, record: SubmodelElement) -> tuple[int, int | None] | None:
        for qualifier in qualifiers.of_kind(record.qualifiers, "cardinality", "multiplicity"):
            found = qualifiers.cardinality(qualifier.value)
            if found is not None:
                return found
        return None

    def _content(self, meaning: str | None) -> DataSpecificationIec61360 | None:
        concept = self.concepts.get(meaning or "")
        if concept is None:
            return None
        self.used.add(concept.id)
        found = contents(concept.embedded_data_specifications)
        return found[0] if found else None


def _listed_values(content: DataSpecificationIec61360 | None) -> tuple[str, ...]:
    """The values that a concept lists; a list of one is an example."""
    found = None if content is None else content.value_list
    pairs = (found and found.value_reference_pairs) or ()
    values = tuple(each.value for each in pairs if each.value)
    return values if len(values) > 1 else ()


def _levels_up(own: tuple[str, str | None], way: _Way) -> int:
    """How many levels up the element stands that an element without children repeats; 0 if none."""
    if own[0] not in ("SubmodelElementCollection", "Entity", "SubmodelElementList") or not own[1]:
        return 0
    for distance, above in enumerate(reversed(way), start=1):
        if above == own:
            return distance
    return 0


def _list_rules(record: SubmodelElement) -> dict[str, Any]:
    if not isinstance(record, SubmodelElementList):
        return {}
    return {
        "order_relevant": record.order_relevant,
        "type_value_list_element": record.type_value_list_element,
        "value_type_list_element": record.value_type_list_element,
        "semantic_id_list_element": semantic_id(record.semantic_id_list_element),
    }


def _one_of(patterns: list[str]) -> str:
    return patterns[0] if len(patterns) == 1 else "|".join(f"(?:{each})" for each in patterns)


def _value_rules(record: SubmodelElement) -> dict[str, Any]:
    found = qualifiers.of_kind
    own = record.qualifiers
    allowed = [
        value
        for each in found(own, "allowedvalue")
        for value in qualifiers.allowed_values(each.value) or ()
    ]
    choices = [
        value
        for each in found(own, "formchoices", "enumeration")
        for value in qualifiers.values((each.value or "").replace(",", ";"))
    ]
    patterns = (qualifiers.value_pattern(each.value) for each in found(own, "allowedvalue"))
    expressions = [each for each in patterns if each is not None]
    literal = [exactly(each) for each in dict.fromkeys(allowed)]
    ranges = [qualifiers.interval(each.value) for each in found(own, "allowedrange")]
    groups = [each.value for each in found(own, "eitheror") if each.value]
    names = [qualifiers.id_short_pattern(each.value) for each in found(own, "allowedidshort")]
    defaults = [each.value for each in found(own, "defaultvalue") if each.value]
    languages = [
        part for each in found(own, "requiredlang") for part in qualifiers.languages(each.value)
    ]
    numbered = record.id_short is not None and _NUMBERED.search(record.id_short) is not None
    pattern = qualifiers.id_short_pattern(record.id_short) if numbered else None
    return {
        "allowed_values": () if expressions else tuple(dict.fromkeys(allowed)),
        "choices": tuple(dict.fromkeys(choices)),
        "allowed_pattern": _one_of(expressions + literal) if expressions else None,
        "allowed_range": qualifiers.joined([each for each in ranges if each is not None]),
        "either_or": groups[0].strip().casefold() if groups else None,
        "allowed_id_short": next((each for each in names if each is not None), pattern),
        "default": defaults[0] if defaults else None,
        "required_languages": tuple(dict.fromkeys(languages)),
    }


def _digests(record: SubmodelElement, examples: tuple[str, ...]) -> tuple[str, ...]:
    """What example values are recognised by; several examples are a vocabulary, no examples."""
    stated = qualifiers.of_kind(record.qualifiers, "examplevalue")
    if len(stated) > 1 or getattr(record, "value_type", None) not in _TEXTS:
        return ()
    return tuple(sorted({mark for each in examples if (mark := example_digest(each))}))


#: A text that stands in quotes.
_QUOTED = re.compile(r"\s*[\"'“”„]([^\"'“”„]+)[\"'“”]\s*")


def _examples(record: SubmodelElement) -> tuple[str, ...]:
    """Example values: those of qualifiers, and what stands in the template itself."""
    found = qualifiers.of_kind(
        record.qualifiers, "examplevalue", "example", "value", "initialvalue", "defaultvalue"
    )
    examples = [each.value for each in found if each.value]
    examples += [each.rpartition("@")[0] for each in examples if "@" in each[-8:]]
    examples += [match[1] for each in examples if (match := _QUOTED.fullmatch(each))]
    if isinstance(record, (Property, File, Blob)) and record.value:
        examples.append(record.value)
    if isinstance(record, MultiLanguageProperty):
        examples += [each.text for each in record.value or () if each.text]
    return tuple(dict.fromkeys(examples))
