"""How alike two products are, as members of a family: by function and by structure, with the reasons.

A twin is seen from five sides, each a set of features: its parts and how they hang together, its
capabilities and operations, the properties that it has, the values that these take, the templates of its
submodels. Two twins are compared side by side by the weighted Jaccard index; sides that neither has do
not count. Values that are numbers with a unit are compared in its coherent unit.
"""

import dataclasses
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from nacre_aas.constraints.context import Concepts
from nacre_aas.model import (
    Capability,
    Entity,
    Environment,
    MultiLanguageProperty,
    Operation,
    Property,
    Submodel,
    SubmodelElement,
)
from nacre_aas.schema import elements, elements_below
from nacre_aas.xsd import NUMERIC
from nacre_ontologies import units
from nacre_submodels.compiler import semantic_id
from nacre_submodels.semantics import near_key

#: The sides, and how much each counts.
WEIGHTS: Mapping[str, float] = {
    "parts": 3.0,
    "functions": 2.0,
    "properties": 2.0,
    "values": 1.0,
    "templates": 1.0,
}
#: Properties that tell one product from the next of its kind, by the end of their idShort.
_INDIVIDUAL = ("SerialNumber", "DateOfManufacture", "URIOfTheProduct", "BatchNumber", "Date")


#: Semantic ids of IDTA 02011 that all parts have, and that of the product itself.
_JUST_A_PART = re.compile(r"https?://admin-shell\.io/idta/HierarchicalStructures/Node/")
_PRODUCT = re.compile(r"https?://admin-shell\.io/idta/HierarchicalStructures/EntryNode/")
#: Names that say no more than that something is a part.
_ANY_PART = frozenset(("", "component", "element", "entity", "item", "node", "part", "position"))


@dataclasses.dataclass(frozen=True)
class Part:
    """A part: what kind of part it is, as far as that is said, its asset, and what it is in."""

    kind: str | None
    asset: str | None
    above: "Part | None" = None

    def feature(self, shared: Collection[str] = ()) -> str:
        """What it is compared by: its asset if that is `shared`, else its kind; individuals of one kind are alike."""
        own = self.asset if self.asset in shared else self.kind or self.asset or "part"
        return str(own) if self.above is None else f"{self.above.feature(shared)} > {own}"


@dataclasses.dataclass(frozen=True)
class Profile:
    """A twin as features: side -> feature -> how often; `labels` say how people call a feature."""

    name: str
    sides: Mapping[str, Mapping[str, int]]
    labels: Mapping[str, str] = dataclasses.field(default_factory=dict)
    parts: tuple[Part, ...] = ()

    def seen_beside(self, other: "Profile") -> "Profile":
        """The same twin, with those parts by their assets that the other has as well."""
        shared = {each.asset for each in self.parts if each.asset} & {
            each.asset for each in other.parts
        }
        if not shared:
            return self
        parts = Counter(each.feature(shared) for each in self.parts)
        return dataclasses.replace(self, sides={**self.sides, "parts": parts})


@dataclasses.dataclass(frozen=True)
class Side:
    """How alike two twins are on one side; `shared` and the others name some features."""

    name: str
    similarity: float
    shared: tuple[str, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Comparison:
    """How alike two twins are, from 0 to 1, and from which sides that follows."""

    similarity: float
    sides: tuple[Side, ...]


def profile(name: str, environment: Environment) -> Profile:
    """The features of a twin."""
    sides: dict[str, Counter[str]] = {side: Counter() for side in WEIGHTS}
    labels: dict[str, str] = {}
    parts: list[Part] = []
    concepts = Concepts(environment.concept_descriptions or ())
    for submodel in environment.submodels or ():
        if submodel.kind == "Template":
            continue
        template = semantic_id(submodel.semantic_id)
        if template is not None:
            sides["templates"][near_key(template)] += 1
            labels.setdefault(near_key(template), submodel.id_short or template)
        parts += _parts(submodel)
        for element in elements(submodel):
            if isinstance(element, SubmodelElement):
                for side, feature, label in _features(element, concepts):
                    sides[side][feature] += 1
                    labels.setdefault(feature, label)
    sides["parts"].update(each.feature() for each in parts)
    return Profile(name, sides, labels, tuple(parts))


def _features(element: SubmodelElement, concepts: Concepts) -> Iterator[tuple[str, str, str]]:
    """The features of an element: side, feature, and how people call it."""
    meaning = semantic_id(element.semantic_id)
    key = near_key(meaning) if meaning else (element.id_short or "")
    label = element.id_short or meaning or ""
    if isinstance(element, (Capability, Operation)):
        yield "functions", key, label
    elif isinstance(element, (Property, MultiLanguageProperty)) and key:
        yield "properties", key, label
        if not (element.id_short or "").endswith(_INDIVIDUAL):
            for value in _values(element, concepts):
                yield "values", f"{key} = {value}", f"{label} = {value}"


def _values(element: Property | MultiLanguageProperty, concepts: Concepts) -> Iterator[str]:
    """The values of an element as they are compared: the text in each language, or one value."""
    if isinstance(element, MultiLanguageProperty):
        for each in element.value or ():
            if each.text:
                yield f"{each.text.strip().casefold()} ({(each.language or '').lower()})"
    elif element.value:
        yield _value(element, element.value, concepts)


def _value(element: Property, text: str, concepts: Concepts) -> str:
    """A value as it is compared: numbers to three digits, in the coherent unit."""
    if element.value_type not in NUMERIC:
        return text
    unit = units.of_value(element, concepts)
    try:
        number = Decimal(text)
        if unit is not None and unit.multiplier is not None:
            number = (number + unit.offset) * unit.multiplier
    except ArithmeticError:  # no number, or one beyond what can be compared
        return text
    if not math.isfinite(float(number)):
        return text
    return f"{float(number):.3g}" + ("" if unit is None else f" {unit.coherent or '(a ratio)'}")


def _parts(submodel: Submodel) -> Iterator[Part]:
    """Each part with what it is in; what stands at the top of a bill of material is the product itself."""
    waiting: list[tuple[Any, Part | None]] = [(submodel, None)]
    while waiting:
        record, above = waiting.pop()
        for _, member in elements_below(record):
            here = above
            if isinstance(member, Entity) and not _PRODUCT.match(
                semantic_id(member.semantic_id) or ""
            ):
                here = Part(_kind_of_part(member), member.global_asset_id or None, above)
                yield here
            waiting.append((member, here))


def _kind_of_part(entity: Entity) -> str | None:
    """What a part is by its semantic id or else by its name; `None` if these say only that it is a part."""
    meaning = semantic_id(entity.semantic_id)
    if meaning is not None and not _JUST_A_PART.match(meaning):
        return near_key(meaning)
    name = (entity.id_short or "").rstrip("0123456789_")
    return None if name.casefold() in _ANY_PART else name


def compare(first: Profile, second: Profile) -> Comparison:
    """How alike two twins are."""
    first, second = first.seen_beside(second), second.seen_beside(first)
    sides = [
        _side(name, first, second) for name in WEIGHTS if first.sides[name] or second.sides[name]
    ]
    total = sum(WEIGHTS[side.name] for side in sides)
    found = sum(WEIGHTS[side.name] * side.similarity for side in sides)
    return Comparison(found / total if total else 1.0, tuple(sides))


def _side(name: str, one: Profile, other: Profile) -> Side:
    first, second = one.sides[name], other.sides[name]
    keys = first.keys() | second.keys()
    least = sum(min(first.get(key, 0), second.get(key, 0)) for key in keys)
    most = sum(max(first.get(key, 0), second.get(key, 0)) for key in keys)
    labels = {**other.labels, **one.labels}

    def called(features: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(labels.get(each, each) for each in features))

    return Side(
        name,
        least / most if most else 1.0,
        called(first.keys() & second.keys()),
        called(first.keys() - second.keys()),
        called(second.keys() - first.keys()),
    )


def families(profiles: Sequence[Profile], at_least: float) -> list[list[Profile]]:
    """Twins in families: each joins the family whose first member it is most like, if that is enough.

    The twin with most features founds the first family. Only twins that share a rare enough feature are
    compared, so that a large fleet is not compared pair by pair. One without features is its own family.
    """
    order = sorted(
        profiles, key=lambda each: (-sum(sum(s.values()) for s in each.sides.values()), each.name)
    )
    found: list[list[Profile]] = []
    by_feature: dict[str, set[int]] = {}
    for each in order:
        near = Counter(
            number for feature in _all_features(each) for number in by_feature.get(feature, ())
        )
        best, score = -1, at_least
        for number, _ in near.most_common(50):
            similarity = compare(found[number][0], each).similarity
            if similarity >= score and (best < 0 or similarity > score):
                best, score = number, similarity
        if best >= 0:
            found[best].append(each)
            continue
        for feature in _all_features(each):
            by_feature.setdefault(feature, set()).add(len(found))
        found.append([each])
    return found


def _all_features(each: Profile) -> Iterable[str]:
    return [f"{side}:{feature}" for side, features in each.sides.items() for feature in features]
