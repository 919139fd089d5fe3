"""The checks of meaning that `nacre validate` adds: whether what is said fits together.

They run on the records, without making a triple: units of concepts against templates, dictionaries and
names; values against each other; bills of material; twin profiles; records of maintenance and
traceability. A check notes what it cannot judge.
"""

import dataclasses
import datetime as dt
import functools
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from nacre_aas.checking import Flag, IdentifiableCheck
from nacre_aas.constraints.context import Concepts, Context, contents
from nacre_aas.constraints.registry import Broken
from nacre_aas.model import (
    AssetAdministrationShell,
    ConceptDescription,
    DataSpecificationIec61360,
    Entity,
    HasSemantics,
    Identifiable,
    MultiLanguageProperty,
    Property,
    Range,
    Record,
    Reference,
    RelationshipElement,
    Submodel,
    SubmodelElement,
    SubmodelElementCollection,
    SubmodelElementList,
)
from nacre_aas.schema import elements, elements_below
from nacre_aas.wording import shortened
from nacre_aas.xsd import value_of
from nacre_ontologies import rules, units
from nacre_ontologies.dictionary import Dictionary
from nacre_ontologies.semantic_ids import looks_upwards
from nacre_submodels import catalogue
from nacre_submodels.catalogue import Entry
from nacre_submodels.compiler import semantic_id
from nacre_submodels.semantics import VERSION, near_key
from nacre_submodels.template import walk

_OWN = "https://w3id.org/nacre/submodel/"

#: Words at the end of an English name that say which quantity it is, and its dimensions in QUDT.
_LENGTH = ("A0E0L1I0M0H0T0D0",)
#: Mass alone, and per length, area, volume and amount of substance.
_MASS = ("A0E0L0I0M1H0T0D0", *(f"A0E0L-{n}I0M1H0T0D0" for n in (1, 2, 3)), "A-1E0L0I0M1H0T0D0")
#: Volume alone, and per time, mass and amount of substance.
_VOLUME = tuple(
    f"A{n}E0L3I0M{m}H0T{t}D0" for n, m, t in ((0, 0, 0), (0, 0, -1), (0, -1, 0), (-1, 0, 0))
)
#: Of frequencies and of rotations.
_PER_TIME = "A0E0L0I0M0H0T-1D0"
_QUANTITIES = {
    **dict.fromkeys(("width", "height", "depth", "diameter", "thickness"), _LENGTH),
    "length": (*_LENGTH, "A0E0L0I0M0H0T1D0"),  # of a cycle, of a warranty
    "mass": _MASS,
    "weight": (*_MASS, "A0E0L1I0M1H0T-2D0"),
    "voltage": ("A0E-1L2I0M1H0T-3D0",),
    "temperature": ("A0E0L0I0M0H1T0D0",),
    "pressure": ("A0E0L-1I0M1H0T-2D0",),
    "power": ("A0E0L2I0M1H0T-3D0",),
    "torque": ("A0E0L2I0M1H0T-2D0",),
    "frequency": (_PER_TIME,),
    "area": ("A0E0L2I0M0H0T0D0",),
    **dict.fromkeys(("duration", "time"), ("A0E0L0I0M0H0T1D0",)),
    "volume": _VOLUME,
    "current": ("A0E1L0I0M0H0T0D0",),
    **dict.fromkeys(("speed", "velocity"), ("A0E0L1I0M0H0T-1D0", _PER_TIME, "A0E0L-2I0M1H0T-1D0")),
    "acceleration": ("A0E0L1I0M0H0T-2D0", "A0E0L0I0M0H0T-2D0"),
}
#: Words before them that make another quantity of it: a pulse width is a time, luminous power a flux.
_OTHERWISE = frozenset(
    (
        "band",
        "calorific",
        "computing",
        "luminous",
        "nominal",
        "processing",
        "pulse",
        "specific",
        "thermoelectric",
    )
)
#: Types whose literals begin with those of the coarser ones.
_CALENDAR = {"xs:gYear", "xs:gYearMonth", "xs:date", "xs:dateTime"}
#: Units without a dimension say how much of something, not what it is.
_DIMENSIONLESS = "A0E0L0I0M0H0T0D1"
#: The elements of a submodel by their semantic ids.
_Named = dict[str, list[SubmodelElement]]


@dataclasses.dataclass(frozen=True)
class MeaningCheck:
    """Checks meaning; with a `dictionary` also that semantic ids are in it."""

    dictionary: Dictionary | None = None

    def begin(self, context: Context) -> IdentifiableCheck:
        """The function that judges the identifiables of one document."""
        return _Begun(context, self.dictionary).check


class _Begun:
    """What is known while the identifiables of one document pass by."""

    def __init__(self, context: Context, dictionary: Dictionary | None) -> None:
        self.context = context
        self.concepts = context.concepts or Concepts()
        self.dictionary = dictionary
        self.assets_of: dict[str, list[str]] = {}
        self.assets: set[str] = set()
        self.parts = _Parts()
        #: When what was done to an asset, and where that is said.
        self.maintained: dict[str, list[tuple[str, str, Property]]] = {}
        #: Value of a property of an asset: where it was seen first, and what it was.
        self.stated: dict[tuple[str, str, bool], tuple[str, SubmodelElement, str | None]] = {}

    def check(self, record: Identifiable) -> Iterable[Flag]:
        if isinstance(record, AssetAdministrationShell):
            self._note_shell(record)
            return ()
        if isinstance(record, ConceptDescription):
            return list(self._concept(record))
        if isinstance(record, Submodel) and record.kind != "Template":
            return list(self._submodel(record))
        return ()

    def _note_shell(self, shell: AssetAdministrationShell) -> None:
        information = shell.asset_information
        asset = information.global_asset_id if information is not None else None
        if asset is not None:
            self.assets.add(asset)
        for reference in shell.submodels or ():
            target = semantic_id(reference)
            if target is not None:
                self.assets_of.setdefault(target, []).append(asset or shell.id)

    # -- concepts ----------------------------------------------------------------------------------

    def _concept(self, concept: ConceptDescription) -> Iterator[Flag]:
        for content in contents(concept.embedded_data_specifications):
            yield from self._units_of(content)
            unit = units.stated(content)
            if unit is None:
                continue
            word, expected = _quantity_in_name(content)
            if expected and unit.dimension != _DIMENSIONLESS and unit.dimension not in expected:
                article = "an" if word[0] in "aeiou" else "a"
                stated = content.unit if units.resolve(content.unit) == unit else unit.symbol
                message = f"{article} {word} is given in `{stated}`"
                yield Flag(content, rules.UNLIKELY_UNIT, Broken(message, ("unit",)))

    def _units_of(self, content: DataSpecificationIec61360) -> Iterator[Flag]:
        by_id = units.resolve(None, semantic_id(content.unit_id))
        if content.unit is None:
            return
        if units.is_no_unit(content.unit):
            message = f"`{content.unit}` is no unit"
            yield Flag(content, rules.NO_UNIT, Broken(message, ("unit",)))
            return
        by_text = units.resolve(content.unit)
        if by_text is None and by_id is None:
            self.context.open_point(rules.UNKNOWN_UNIT.code, f"unit `{content.unit}` is not known")
        if by_text is not None and by_id is not None and by_text != by_id:
            message = f"`unit` is `{content.unit}` ({by_text.name}), but `unitId` is {by_id.name}"
            yield Flag(content, rules.UNITS_DIFFER, Broken(message, ("unitId",)))

    # -- submodels ---------------------------------------------------------------------------------

    def _submodel(self, submodel: Submodel) -> Iterator[Flag]:
        expected = _expected_units(submodel)
        named: dict[str, list[SubmodelElement]] = {}
        given: dict[int, str | None] = {}  # the meaning that a list gives its members (AASd-107)
        for element in elements(submodel):
            if not isinstance(element, SubmodelElement):
                continue
            if isinstance(element, SubmodelElementList):
                its = semantic_id(element.semantic_id_list_element)
                given.update((id(member), its) for member in element.value or ())
            meaning = semantic_id(element.semantic_id) or given.get(id(element))
            if meaning is None:
                continue
            named.setdefault(meaning, []).append(element)
            yield from self._unit_fits(element, meaning, expected)
        if self.dictionary is not None:
            yield from self._known(submodel, named)
        assets = dict.fromkeys(self.assets_of.get(submodel.id or "", ()))
        if assets:
            yield from self._contradictions(assets, submodel)
        yield from self.parts.check(submodel)
        if not self.parts.held <= self.assets:
            reason = "circles through parts whose own shells are in other files"
            self.context.open_point(rules.PART_OF_ITSELF.code, reason)
        special = _SPECIAL.get((semantic_id(submodel.semantic_id) or "").removeprefix(_OWN))
        if special is not None:
            yield from special(self, submodel, named)

    def _unit_fits(
        self, element: SubmodelElement, meaning: str, expected: dict[str, str]
    ) -> Iterator[Flag]:
        """The unit of a value against the one that template or dictionary give the quantity."""
        if not isinstance(element, (Property, Range)):
            return
        own = contents(element.embedded_data_specifications)
        concept = self.concepts.of(element.semantic_id)
        content = own[0] if own else concept
        found = None if content is None else units.stated(content)
        if found is None:
            return
        wanted = units.resolve(expected.get(meaning))
        source = "the template"
        if own and concept is not None and units.stated(concept) is not None:
            wanted, source = units.stated(concept), "its concept"
        elif self.dictionary is not None:
            resolved = self.dictionary.resolve(meaning)
            if resolved is not None and resolved.concept.unit is not None:
                wanted, source = resolved.concept.unit, "the dictionary"
            elif resolved is not None and resolved.concept.unknown is not None:
                reason = f"unit `{resolved.concept.unknown}` of the dictionary is not known"
                self.context.open_point(rules.UNKNOWN_UNIT.code, reason)
        if wanted is None or wanted == found:
            return
        if wanted.dimension != found.dimension:
            message = f"{found.name} is no unit of a quantity that {source} gives in {wanted.name}"
            yield Flag(element, rules.WRONG_DIMENSION, Broken(message))
            return
        sample = Decimal(0 if found.offset or wanted.offset else 1)
        factor = units.converted(sample, found, wanted)
        if factor is None:
            reason = f"{found.name} against {wanted.name} of {source}: neither turns into the other"
            self.context.open_point(rules.OTHER_SCALE.code, reason)
        elif factor != 1 or sample != 1:
            equal = f"{sample} {found.name} = {factor:f} {wanted.name}"
            message = f"the value is in {found.name}, {source} has {wanted.name}: {equal}"
            yield Flag(element, rules.OTHER_SCALE, Broken(message))

    def _known(self, submodel: Submodel, named: dict[str, list[SubmodelElement]]) -> Iterator[Flag]:
        """Semantic ids against the dictionary; each is reported once."""
        assert self.dictionary is not None
        own = semantic_id(submodel.semantic_id)
        owners: list[tuple[str, Record]] = [] if own is None else [(own, submodel)]
        owners += [(meaning, members[0]) for meaning, members in named.items()]
        for meaning, record in owners:
            if meaning.startswith(_OWN):
                continue
            resolved = self.dictionary.resolve(meaning)
            if resolved is None:
                message, hint = f"the dictionary has no `{shortened(meaning)}`", None
            elif resolved.difference is not None:
                near = resolved.concept.identifier
                message = (
                    f"`{shortened(meaning)}` differs {resolved.difference} from the dictionary"
                )
                hint = f"the dictionary has `{near}`"
            else:
                continue
            yield Flag(
                record, rules.NOT_IN_DICTIONARY, Broken(message, ("semanticId",), None, hint)
            )

    def _contradictions(self, assets: Iterable[str], submodel: Submodel) -> Iterator[Flag]:
        """A property that stands in each of two submodels of an asset has one value, if it has one in each.

        One of them stands in the submodel itself, the other there or in a collection of it: two collections
        are rather about two things, and what stands deeper is about a document or a part.
        """
        at_top = {id(each) for _, each in elements_below(submodel)}
        near = _near_the_top(submodel)
        own = semantic_id(submodel.semantic_id)
        name = submodel.id_short or submodel.id or ""
        #: Pairs that are compared already, by another semantic id or for another asset that shares both.
        compared: set[tuple[int, int]] = set()
        for meaning, members in _by_concept(submodel).items():
            element = members[0]
            if id(element) not in near or not _says_something(element):
                continue
            if len(members) > 1 and not self._all_say(members):
                continue  # which of several values is meant is not known
            is_direct = id(element) in at_top
            for asset in assets:
                for other in (True, False) if is_direct else (True,):
                    key = (asset, meaning, other)
                    place, first, kind = self.stated.get(key, (name, element, own))
                    if first is element or (own is not None and kind == own):
                        continue  # several submodels of one kind are about several things
                    if (id(first), id(element)) in compared:
                        continue
                    compared.add((id(first), id(element)))
                    for attribute, difference in self._differences(first, element):
                        message = f"{difference} in `{place}`"
                        yield Flag(element, rules.CONTRADICTION, Broken(message, (attribute,)))
                self.stated.setdefault((asset, meaning, is_direct), (name, element, own))

    def _all_say(self, members: list[Any]) -> bool:
        """Whether elements of one concept say the same."""
        first = members[0]
        return all(
            type(each) is type(first)
            and _says_something(each)
            and next(self._differences(first, each, is_strict=True), None) is None
            for each in members[1:]
        )

    def _differences(
        self, first: Any, second: Any, *, is_strict: bool = False
    ) -> Iterator[tuple[str, str]]:
        """In what two values of one property differ, by attribute; if `is_strict` also where that is not known."""
        if isinstance(first, (Property, Range)) and type(first) is type(second):
            for name in ("value",) if isinstance(first, Property) else ("min", "max"):
                one, other = getattr(first, name), getattr(second, name)
                if (
                    one
                    and other
                    and not self._is_same(first, one, second, other, is_strict=is_strict)
                ):
                    mine, theirs = (
                        self._with_unit(*each) for each in ((first, one), (second, other))
                    )
                    yield name, f"the {name} is `{theirs}`, but `{mine}`"
            return
        texts = _texts(first)
        if isinstance(first, Property) or isinstance(second, Property):
            one, other = (
                {each.value or ""} if isinstance(each, Property) else set(_texts(each).values())
                for each in (first, second)
            )
            if one and other and one.isdisjoint(other):
                said = f"the value is `{shortened(min(other))}`, but `{shortened(min(one))}`"
                yield "value", said
            return
        for language, text in _texts(second).items():
            if texts.get(language, text) != text:
                said = f"the text is `{shortened(text)}`, but `{shortened(texts[language])}`"
                yield "value", said
                return

    def _with_unit(self, element: Any, literal: str) -> str:
        unit = units.of_value(element, self.concepts)
        return shortened(literal) + (f" {unit.name}" if unit is not None else "")

    def _is_same(self, first: Any, one: str, second: Any, other: str, is_strict: bool) -> bool:
        """Whether two literals are one value, or one quantity in different units."""
        mine, theirs = (units.of_value(each, self.concepts) for each in (first, second))
        if mine is None or theirs is None or mine == theirs:
            if one == other:
                return True
            if value_of(one, first.value_type) == value_of(other, second.value_type):
                return True
        if {
            first.value_type,
            second.value_type,
        } <= _CALENDAR and first.value_type != second.value_type:
            return one.startswith(other) or other.startswith(one)  # 2020 and 2020-05-01
        if mine is None or theirs is None:
            return False
        try:
            turned, stated = units.converted(Decimal(one), mine, theirs), Decimal(other)
            if turned is None and mine.dimension == theirs.dimension == _PER_TIME and not is_strict:
                reason = f"{mine.name} against {theirs.name}: neither turns into the other"
                self.context.open_point(rules.CONTRADICTION.code, reason)
                return True  # frequencies and rotations: which of them is meant is not known
            return turned is not None and abs(turned - stated) <= abs(stated) * Decimal("1e-9")
        except ArithmeticError:  # no number, or one beyond what can be compared
            return False


def _says_something(element: SubmodelElement) -> bool:
    """Whether an element states a value that another submodel may state otherwise."""
    if isinstance(element, Range):
        return bool(element.min or element.max)
    return isinstance(element, (Property, MultiLanguageProperty)) and bool(element.value)


def _texts(element: Any) -> dict[str, str]:
    if not isinstance(element, MultiLanguageProperty):
        return {}
    return {(each.language or "").lower(): each.text or "" for each in element.value or ()}


def _quantity_in_name(content: DataSpecificationIec61360) -> tuple[str, tuple[str, ...]]:
    """The quantity that the English name ends with, and its dimensions."""
    for each in content.preferred_name or ():
        if (each.language or "").lower().startswith("en") and each.text and each.text.strip():
            *before, word = each.text.lower().split()
            # Longer names are as often about something else: time at temperature.
            if len(before) < 2 and not _OTHERWISE.intersection(before):
                return word, _QUANTITIES.get(word, ())
    return "", ()


def _by_concept(submodel: Submodel) -> dict[str, list[SubmodelElement]]:
    """The elements of a submodel by each of their semantic ids, however it is spelt and versioned."""
    found: dict[str, list[SubmodelElement]] = {}
    for element in elements(submodel):
        if isinstance(element, SubmodelElement):
            references = (element.semantic_id, *(element.supplemental_semantic_ids or ()))
            for key in {_concept_key(each) for each in map(semantic_id, references) if each}:
                found.setdefault(key, []).append(element)
    return found


def _concept_key(meaning: str) -> str:
    """Equal for IRDIs of one concept, also within addresses, and for IRIs that differ by version only."""
    key = near_key(meaning)
    return key if key.startswith("irdi:") else VERSION.sub("", meaning.strip())


def _near_the_top(submodel: Submodel) -> set[int]:
    """The elements of a submodel and of the collections directly in it."""
    found: set[int] = set()
    for _, member in elements_below(submodel):
        found.add(id(member))
        if isinstance(member, SubmodelElementCollection):
            found.update(id(below) for _, below in elements_below(member))
    return found


def _expected_units(submodel: Submodel) -> dict[str, str]:
    """The units that the template of a submodel gives its properties, by semantic id."""
    own = semantic_id(submodel.semantic_id)
    entries = catalogue.shipped().entries_for([own]) if own is not None else []
    return _units_of_template(entries[0]) if entries else {}


@functools.lru_cache(64)
def _units_of_template(entry: Entry) -> dict[str, str]:
    found = ((e.semantic_id, e.unit) for _, e in walk(catalogue.shipped().template(entry)))
    return {meaning: unit for meaning, unit in found if meaning and unit}


# -- bills of material -----------------------------------------------------------------------------


class _Parts:
    """What is a part of what, over nesting and relations of all submodels that passed by."""

    def __init__(self) -> None:
        self.below: dict[str, set[str]] = {}
        #: The assets that the last submodel has as parts.
        self.held: set[str] = set()

    def check(self, submodel: Submodel) -> Iterator[Flag]:
        """Entities and relations by which an asset becomes a part of itself."""
        self.held = set()
        upwards = looks_upwards(submodel)
        nodes: dict[tuple[str, ...], str] = {}
        nested: list[tuple[str, str, Record]] = []
        relations: list[RelationshipElement] = []
        waiting: list[tuple[Record, tuple[str, ...], str | None]] = [(submodel, (), None)]
        while waiting:
            record, way, above = waiting.pop()
            for _, member in elements_below(record):
                name = getattr(member, "id_short", None) or ""
                here, whole = (*way, name), above
                if isinstance(member, RelationshipElement):
                    relations.append(member)
                elif isinstance(member, Entity):
                    whole = member.global_asset_id or f"{submodel.id} {'/'.join(here)}"
                    nodes[here] = whole
                    if above is not None:
                        self.held.update(filter(None, (member.global_asset_id,)))
                        pair = (whole, above) if upwards else (above, whole)
                        nested.append((*pair, member))
                waiting.append((member, here, whole))
        stated = [each for each in (self._stated(one, nodes) for one in relations) if each]
        inverted = {(part, whole) for whole, part, _ in stated}
        kept = (each for each in nested if each[:2] not in inverted)  # unless it looks upwards
        for whole, part, record in (*kept, *stated):
            if whole == part or self._reaches(part, whole):
                at = (
                    ("globalAssetId",)
                    if isinstance(record, Entity) and record.global_asset_id
                    else ()
                )
                shown = shortened(part.partition(" ")[2] or part)
                message = f"`{shown}` is a part of itself"
                yield Flag(record, rules.PART_OF_ITSELF, Broken(message, at))
            else:
                self.below.setdefault(whole, set()).add(part)

    @staticmethod
    def _stated(
        relation: RelationshipElement, nodes: Mapping[tuple[str, ...], str]
    ) -> tuple[str, str, Record] | None:
        """Whole and part of a relation between two entities of the submodel."""
        kind = _PART_RELATIONS.fullmatch(semantic_id(relation.semantic_id) or "")
        first, second = (
            None if end is None else nodes.get(tuple(key.value for key in (end.keys or ())[1:]))
            for end in (relation.first, relation.second)
        )
        if kind is None or first is None or second is None:
            return None
        return (first, second, relation) if kind[1] == "HasPart" else (second, first, relation)

    def _reaches(self, start: str, end: str) -> bool:
        """Whether something is below something, at any depth."""
        seen, waiting = {start}, [start]
        while waiting:
            for each in self.below.get(waiting.pop(), ()):
                if each == end:
                    return True
                if each not in seen:
                    seen.add(each)
                    waiting.append(each)
        return False


_PART_RELATIONS = re.compile(
    r"https?://admin-shell\.io/idta/HierarchicalStructures/(HasPart|IsPartOf)/.*"
)


# -- Nacre's own submodels -------------------------------------------------------------------------


def _value(named: _Named, base: str, name: str) -> tuple[Any, str | None]:
    """The only property of a name in a submodel, and its value."""
    members = named.get(f"{_OWN}{base}/{name}", [])
    element = members[0] if len(members) == 1 else None
    return element, element.value if isinstance(element, Property) else None


_LEVELS = ("digital model", "digital shadow", "digital twin", "predictive twin")


def inferred_level(from_asset: bool, to_asset: bool, foresees: bool) -> str:
    """The integration level that data flows give, as the vocabulary defines it.

    >>> inferred_level(True, True, False)
    'digital twin'
    """
    if not from_asset:
        return _LEVELS[0]
    if not to_asset:
        return _LEVELS[1]
    return _LEVELS[3] if foresees else _LEVELS[2]


def _profile(_run: _Begun, _submodel: Submodel, named: _Named) -> Iterator[Flag]:
    base = "TwinProfile/1/0"
    element, claimed = _value(named, base, "IntegrationLevel")
    flows = [_value(named, base, name)[1] for name in ("FlowFromAsset", "FlowToAsset")]
    if claimed in _LEVELS and all(each in ("true", "false", "1", "0") for each in flows):
        model = named.get(f"{_OWN}{base}/PredictionModel", [None])[0]
        foresees = model is not None and getattr(model, "value", None) is not None
        from_asset, to_asset = (each in ("true", "1") for each in flows)
        inferred = inferred_level(from_asset, to_asset, foresees)
        if inferred != claimed:
            message = f"the profile claims a {claimed}, its data flows give a {inferred}"
            yield Flag(element, rules.LEVEL, Broken(message, ("value",)))
    yield from _excluded(named, base)


def _excluded(named: _Named, base: str) -> Iterator[Flag]:
    modules: dict[str, Any] = {}
    excludes: list[tuple[str, str, SubmodelElement]] = []
    for module in named.get(f"{_OWN}{base}/Module", []):
        names: set[str] = set()
        others: list[tuple[str, SubmodelElement]] = []
        for element in elements(module):
            if isinstance(element, MultiLanguageProperty) and _is(element, base, "ModuleName"):
                names |= {text.text for text in element.value or () if text.text}
            if (
                isinstance(element, Property)
                and _is(element, base, "ExcludedModule")
                and element.value
            ):
                others.append((element.value, element))
        modules.update(dict.fromkeys(names, module))
        own = min(names, default="a module")
        excludes += [(own, other, element) for other, element in others if other not in names]
    for own, other, element in excludes:
        if other in modules:
            message = f"`{own}` cannot go with `{other}`, and both are in the product"
            yield Flag(element, rules.EXCLUDED, Broken(message, ("value",)))


def _is(element: HasSemantics, base: str, name: str) -> bool:
    reference: Reference | None = element.semantic_id
    return semantic_id(reference) == f"{_OWN}{base}/{name}"


def _rows(
    named: _Named, base: str, row: str, *names: str
) -> Iterator[tuple[Any, dict[str, Property]]]:
    """The collections of a kind, each with its properties of some names."""
    wanted = {f"{_OWN}{base}/{name}": name for name in names}
    for record in named.get(f"{_OWN}{base}/{row}", []):
        found: dict[str, Property] = {}
        for element in elements(record):
            if isinstance(element, Property) and element.value:
                name = wanted.get(semantic_id(element.semantic_id) or "")
                if name is not None:
                    found[name] = element
        yield record, found


_REVIVES = ("refurbishment", "reuse", "commissioning")


def _after_the_end(
    rows: Iterable[tuple[str, str, Property]],
) -> Iterator[tuple[str, str, Property, str, Property]]:
    """What was done after a decommissioning: time, activity and where, and both of the end."""
    end: tuple[str, Property] | None = None
    for started, activity, element in sorted(rows, key=lambda each: _moment(each[0])):
        if activity == "decommissioning":
            end = started, element
        elif activity in _REVIVES:
            end = None
        elif end is not None and activity != "correction" and _is_after(started, end[0]):
            yield started, activity, element, *end


def _maintenance(run: _Begun, submodel: Submodel, named: _Named) -> Iterator[Flag]:
    """What was done to an asset after its decommissioning, in any of its records."""
    own = [
        (found["StartedAt"].value or "", found["Activity"].value or "", found["Activity"])
        for _, found in _rows(named, "MaintenanceRecord/1/0", "Record", "Activity", "StartedAt")
        if len(found) == 2 and _is_time(found["StartedAt"].value)
    ]
    unsaid = {id(element) for _, _, element in own}
    identifier = submodel.id or ""
    for asset in dict.fromkeys(run.assets_of.get(identifier, [identifier])):
        rows = run.maintained.setdefault(asset, [])
        rows += own
        for started, activity, element, ended, end in _after_the_end(rows):
            if id(element) in unsaid:
                culprit, message = (
                    element,
                    f"{activity} at {started}, after the decommissioning at {ended}",
                )
            elif id(end) in unsaid:
                culprit = end
                message = f"decommissioned at {ended}, but {activity} at {started} stands in another record"
            else:
                continue
            unsaid.discard(id(culprit))
            yield Flag(culprit, rules.AFTER_END, Broken(message, ("value",)))


def _custody(_run: _Begun, _submodel: Submodel, named: _Named) -> Iterator[Flag]:
    rows = [
        (found["EventTime"].value or "", found.get("Source"), found.get("Destination"))
        for _, found in _rows(
            named, "TraceabilityRecord/1/0", "Event", "EventTime", "Source", "Destination"
        )
        if "EventTime" in found and _is_time(found["EventTime"].value)
    ]
    holder: str | None = None
    for time, source, destination in _in_turn(rows):
        if source is not None and holder is not None and source.value != holder:
            message = f"at {time} `{source.value}` gives the asset away, but `{holder}` has it"
            yield Flag(source, rules.CUSTODY, Broken(message, ("value",)))
        if destination is not None:
            holder = destination.value
    yield from _periods(named)


#: In seconds: a period may be told to the day, and without a zone.
_TO_THE_DAY = (24 + 14) * 60 * 60


def _periods(named: _Named) -> Iterator[Flag]:
    """The periods of custody: each begins with a hand-over of the record, from the last holder to the next."""
    base = "TraceabilityRecord/1/0"
    names = ("EventId", "EventTime", "Source", "Destination")
    every = [row for _, row in _rows(named, base, "Event", *names)]
    events = {row["EventId"].value: row for row in every if "EventId" in row}
    periods = [
        found
        for _, found in _rows(named, base, "CustodyPeriod", "Holder", "FromTime", "HandOverEvent")
        if {"Holder", "FromTime"} <= found.keys() and _is_time(found["FromTime"].value)
    ]
    #: To whom something was given, and when.
    given = [
        (each["Destination"].value, each["EventTime"].value or "")
        for each in every
        if {"Destination", "EventTime"} <= each.keys()
    ]
    before: str | None = None
    since = ""
    for found in sorted(periods, key=lambda each: _moment(each["FromTime"].value or "")):
        holder, hand_over = found["Holder"], found.get("HandOverEvent")
        event = events.get(hand_over.value) if hand_over is not None else None
        message = None
        start = found["FromTime"].value or ""
        first, last = (_moment(time)[0] for time in (since, start))
        is_given = any(
            to == holder.value and first - _TO_THE_DAY <= _moment(time)[0] <= last + _TO_THE_DAY
            for to, time in given
        )
        if hand_over is None and before not in (None, holder.value) and not is_given:
            message = (
                f"`{holder.value}` holds the asset after `{before}`, and no hand-over is named"
            )
        elif hand_over is not None and event is None and events:
            message = f"the record has no event `{hand_over.value}`"
        elif event is not None:
            to, giver = (
                event[name].value if name in event else None for name in ("Destination", "Source")
            )
            if to is not None and to != holder.value:
                message = f"`{holder.value}` holds the asset, and its event gives it to `{to}`"
            elif None not in (giver, before) and giver != before:
                message = (
                    f"the event of the hand-over is from `{giver}`, and `{before}` had the asset"
                )
        if message is not None:
            yield Flag(hand_over or holder, rules.CUSTODY, Broken(message, ("value",)))
        before, since = holder.value, start


#: Transfers of one time beyond which nobody looks how they hang together.
_MANY = 100
_Transfer = tuple[str, Property | None, Property | None]


def _in_turn(rows: Iterable[_Transfer]) -> Iterator[_Transfer]:
    """Transfers by their times; those of one time by who gives to whom, as far as they hang together."""
    holder: str | None = None
    ordered = sorted(rows, key=lambda each: _moment(each[0]))
    for _, same in itertools.groupby(ordered, lambda each: _moment(each[0])[0]):
        waiting = list(same)
        if len(waiting) > _MANY:  # which no asset goes through at once
            yield from waiting
            continue
        while waiting:
            taken = {each[2].value for each in waiting if each[2] is not None}
            fitting = (
                each
                for each in waiting
                if each[1] is None
                or (each[1].value == holder if holder else each[1].value not in taken)
            )
            row = next(fitting, waiting[0])
            waiting.remove(row)
            holder = row[2].value if row[2] is not None else holder
            yield row


#: How far local times can lie from UTC, in seconds (XML Schema Part 2, order of dateTime).
_ZONES = 14 * 3600


def _is_after(one: str, other: str) -> bool:
    """Whether a time is surely after another one, also where only one of them says its zone."""
    zoned = [re.search(r"(?:Z|[+-]\d\d:\d\d)$", each.strip()) is not None for each in (one, other)]
    unsure = 0 if zoned[0] is zoned[1] else _ZONES
    return _moment(one)[0] > _moment(other)[0] + unsure


def _is_time(text: str | None) -> bool:
    """Whether a text is a time; what is none is the matter of the metamodel, and stands nowhere in a row."""
    return _moment(text or "")[0] < float("inf")


def _moment(text: str) -> tuple[float, str]:
    """A time as a number to sort by; what is no time goes last."""
    for kind in ("xs:dateTime", "xs:date"):
        moment = value_of(text, kind)
        if isinstance(moment, dt.datetime):
            return moment.replace(tzinfo=moment.tzinfo or dt.UTC).timestamp(), text
    return float("inf"), text


_SPECIAL: dict[str, Callable[[_Begun, Submodel, _Named], Iterator[Flag]]] = {
    "TwinProfile/1/0": _profile,
    "MaintenanceRecord/1/0": _maintenance,
    "TraceabilityRecord/1/0": _custody,
}
