"""A twin as the tree that AAS users know: class, idShort, value and unit."""

import dataclasses
from collections.abc import Iterator

from nacre_aas.constraints.context import Concepts
from nacre_aas.model import (
    AssetAdministrationShell,
    AssetInformation,
    Blob,
    ConceptDescription,
    Entity,
    Environment,
    File,
    MultiLanguageProperty,
    Operation,
    OperationVariable,
    Property,
    Range,
    Record,
    Referable,
    ReferenceElement,
    RelationshipElement,
    Submodel,
    SubmodelElementCollection,
    SubmodelElementList,
)
from nacre_aas.schema import elements_below
from nacre_aas.wording import counted

#: The badges of the AASX Package Explorer, which users know.
BADGES: dict[str, str] = {
    "AssetAdministrationShell": "AAS",
    "Submodel": "Sub",
    "ConceptDescription": "CD",
    "SubmodelElementCollection": "Coll",
    "SubmodelElementList": "List",
    "Property": "Prop",
    "MultiLanguageProperty": "MLP",
    "ReferenceElement": "Ref",
    "RelationshipElement": "Rel",
    "AnnotatedRelationshipElement": "RelA",
    "BasicEventElement": "Evt",
    "Capability": "Cap",
    "Entity": "Ent",
    "Operation": "Opr",
}


@dataclasses.dataclass(frozen=True)
class Line:
    """One line of the tree: depth, badge, name, what stands behind it, and the record."""

    depth: int
    badge: str
    name: str
    text: str
    record: Record


def tree(environment: Environment) -> Iterator[Line]:
    """The lines of a whole environment: shells with their submodels, then what is left."""
    concepts = Concepts(environment.concept_descriptions or ())
    submodels = {each.id: each for each in environment.submodels or ()}
    shown: set[str] = set()
    for shell in environment.asset_administration_shells or ():
        yield _line(shell, 0, concepts)
        for reference in shell.submodels or ():
            identifier = reference.keys[-1].value if reference.keys else None
            if identifier in submodels:
                shown.add(identifier)
                yield from lines(submodels[identifier], 1, concepts)
            else:
                yield Line(1, "Sub", f"<{identifier or ''}>", "not in this file", reference)
    for submodel in environment.submodels or ():
        if submodel.id not in shown:
            yield from lines(submodel, 0, concepts)
    for description in environment.concept_descriptions or ():
        yield _line(description, 0, concepts)


def lines(record: Referable, depth: int, concepts: Concepts) -> Iterator[Line]:
    """The lines of a record and everything below it."""
    yield _line(record, depth, concepts)
    for position, (step, child) in enumerate(elements_below(record)):
        element = child.value if isinstance(child, OperationVariable) else child
        if not isinstance(element, Referable):
            continue  # a variable without its element
        found = list(lines(element, depth + 1, concepts))
        if element.id_short is None:
            found[0] = dataclasses.replace(found[0], name=f"[{position}]")
        if isinstance(child, OperationVariable):
            word = str(step[0]).removesuffix("Variables")
            found[0] = dataclasses.replace(found[0], text=f"{word} {found[0].text}".strip())
        yield from found


def _line(record: Referable, depth: int, concepts: Concepts) -> Line:
    name = type(record).__name__
    shown = record.id_short or f"<{getattr(record, 'id', '') or ''}>"
    return Line(depth, BADGES.get(name, name), shown, _text(record, concepts), record)


def _text(record: Referable, concepts: Concepts) -> str:
    match record:
        case AssetAdministrationShell():
            information = record.asset_information
            if information is None:
                return f"[{record.id}]"
            asset = information.global_asset_id or _specific(information)
            return f"[{record.id}] of [{asset}, {information.asset_kind}]"
        case Submodel():
            kind = f" {record.kind}" if record.kind == "Template" else ""
            return f"[{record.id}]{kind}"
        case ConceptDescription():
            return f"[{record.id}]"
        case Property():
            return f"= {_quoted(record.value)}{_unit(record, concepts)}"
        case MultiLanguageProperty():
            return "= " + ", ".join(
                f"{_quoted(text.text)}@{text.language}" for text in record.value or ()
            )
        case Range():
            return f"= {record.min or '…'} .. {record.max or '…'}{_unit(record, concepts)}"
        case File():
            return f"→ {record.value or '(no file)'} ({record.content_type or 'unknown type'})"
        case Blob():
            return f"({len(record.value or '') * 3 // 4} bytes, {record.content_type or 'unknown type'})"
        case ReferenceElement():
            return f"→ {_keys(record.value)}"
        case RelationshipElement():
            return f"{_keys(record.first)} ↔ {_keys(record.second)}"
        case Entity():
            return f"{record.entity_type or ''} {record.global_asset_id or ''}".strip()
        case SubmodelElementCollection() | SubmodelElementList() | Operation():
            count = sum(1 for _ in elements_below(record))
            return f"({counted(count, 'element')})"
        case _:
            return ""


def _specific(information: AssetInformation) -> str:
    ids = information.specific_asset_ids or ()
    return ", ".join(f"{each.name} {each.value}" for each in ids)


def _unit(record: Property | Range, concepts: Concepts) -> str:
    content = concepts.of(record.semantic_id)
    return f" [{content.unit}]" if content is not None and content.unit else ""


def _quoted(value: str | None) -> str:
    if value is None:
        return "(no value)"
    flat = value.replace("\n", "⏎")
    return f'"{flat}"' if len(flat) <= 100 else f'"{flat[:97]}…"'


def _keys(reference: object) -> str:
    keys = getattr(reference, "keys", None) or ()
    return " / ".join(f"({key.type}) {key.value}" for key in keys) or "(nothing)"
