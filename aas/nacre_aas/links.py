"""Checks that need the whole environment: doubled ids, and model references that lead astray.

Identifiables are read one by one, so what is kept between them is small: the ids, and the model
references that could not be resolved at once.
"""

import dataclasses
import functools
from collections.abc import Callable, Iterator, Sequence

from nacre_aas.checking import Flag
from nacre_aas.constraints import attributes as attribute_rules
from nacre_aas.constraints.registry import Broken, Rule
from nacre_aas.model import (
    Identifiable,
    Key,
    Record,
    Referable,
    Reference,
    SubmodelElementList,
)
from nacre_aas.schema import elements_below, position_of

#: Keys that name something expected to be in the same environment.
_LOCAL = ("AssetAdministrationShell", "Submodel", "Identifiable")


#: Attributes whose references give meaning or origin, and so lead out of the file as a rule.
_OUTWARD = frozenset(
    (
        "creator",
        "dataSpecification",
        "derivedFrom",
        "externalSubjectId",
        "isCaseOf",
        "referredSemanticId",
        "semanticId",
        "semanticIdListElement",
        "supplementalSemanticIds",
        "unitId",
        "valueId",
    )
)


@dataclasses.dataclass(frozen=True)
class Astray:
    """What is wrong with a reference: the rule, and how it is broken."""

    rule: Rule
    broken: Broken


@dataclasses.dataclass
class Links:
    """The ids of an environment, and its open references by the number of the part they are in.

    `owners` has for each id the number of its part and the class of its record.
    """

    owners: dict[str, tuple[int, type[Identifiable]]] = dataclasses.field(default_factory=dict)
    doubled: list[tuple[int, int, str]] = dataclasses.field(default_factory=list)
    open: dict[int, list[Reference]] = dataclasses.field(default_factory=dict)

    def add(self, number: int, record: Identifiable, references: Sequence[Reference]) -> None:
        """Take note of a part: its id and the model references in it."""
        if record.id is not None:
            first, _ = self.owners.setdefault(record.id, (number, type(record)))
            if first != number:
                self.doubled.append((number, first, record.id))
        if not references:
            return
        open_ = [
            reference
            for reference in references
            if reference.keys[0].type in _LOCAL
            and (len(reference.keys) > 1 or not self._resolves(reference.keys[0]))
        ]
        if open_:
            self.open[number] = open_

    def _resolves(self, key: Key) -> bool:
        owner = self.owners.get(key.value)
        return owner is not None and key.type in _names_of(owner[1])

    def astray(
        self, read: Callable[[int], Record | None]
    ) -> Iterator[tuple[int, Reference, Astray]]:
        """References that lead nowhere or to something else: part, reference, and what is wrong.

        `read(number)` gives the record of a part again.
        """
        targets: dict[int, Record | None] = {}
        members: _Members = {}
        for number, references in self.open.items():
            for reference in references:
                key = reference.keys[0]
                if key.value not in self.owners:
                    message = f"{key.type} `{key.value}` is not in this file"
                    broken = Broken(message, ("keys", 0, "value"))
                    yield number, reference, Astray(attribute_rules.DANGLING, broken)
                    continue
                owner, class_ = self.owners[key.value]
                if key.type not in _names_of(class_):
                    yield number, reference, _other_kind(0, key, class_)
                elif len(reference.keys) > 1 and key.type == "Submodel":
                    if owner not in targets:
                        if len(targets) > 64:
                            targets.clear()
                            members.clear()
                        targets[owner] = read(owner)
                    astray = _astray_inside(targets[owner], reference.keys, members)
                    if astray is not None:
                        yield number, reference, astray


def doubled_id(record: Identifiable, identifier: str) -> Flag:
    """The flag for a record whose id stood earlier."""
    message = f"the id `{identifier}` is already used in this file"
    return Flag(record, attribute_rules.DUPLICATE_ID, Broken(message, ("id",)))


def astray_reference(reference: Reference, astray: Astray) -> Flag:
    """The flag for a reference that leads nowhere, or to something else than it says."""
    return Flag(reference, astray.rule, astray.broken)


def _other_kind(position: int, key: Key, class_: type[Record]) -> Astray:
    message = f"`{key.value}` is a {class_.__name__}, and the key says {key.type}"
    broken = Broken(message, ("keys", position, "type"))
    return Astray(attribute_rules.OTHER_KIND, broken)


@functools.cache
def _names_of(class_: type[Record]) -> frozenset[str]:
    """What a key may call a record of a class: the class or one that it specialises."""
    return frozenset(each.__name__ for each in class_.__mro__)


def is_expected(flag: Flag, path: tuple[str | int, ...]) -> bool:
    """Whether a reference that leads out of the file stands where that is to be expected.

    A template and the concept description of its submodel often share an id: where the key says Submodel, the
    template is meant, which is elsewhere.
    """
    if flag.rule not in (attribute_rules.DANGLING, attribute_rules.OTHER_KIND):
        return False
    names = [step for step in path if isinstance(step, str)]
    return names[-3] in _OUTWARD  # behind it stand `keys` and `value` or `type`


#: The elements below records by idShort, by the `id` of the record: many references lead to one parent.
_Members = dict[int, dict[str, Record]]


def _astray_inside(record: Record | None, keys: Sequence[Key], members: _Members) -> Astray | None:
    """What is wrong with the keys behind the first, which lead down from a submodel."""
    for position, key in enumerate(keys[1:], start=1):
        if key.type == "FragmentReference":
            return None
        record = _step(record, key, members)
        if record is None:
            missing = "/".join(each.value for each in keys[1 : position + 1])
            message = f"the submodel `{keys[0].value}` has no element `{missing}`"
            return Astray(attribute_rules.DANGLING_INSIDE, Broken(message))
        if key.type not in _names_of(type(record)):
            return _other_kind(position, key, type(record))
    return None


def _step(record: Record | None, key: Key, known: _Members) -> Record | None:
    if record is None:
        return None
    if isinstance(record, SubmodelElementList):
        position = position_of(key.value)
        members = record.value or []
        return members[position] if position is not None and position < len(members) else None
    named = known.get(id(record))
    if named is None:
        named = known[id(record)] = {}
        for _, child in elements_below(record):
            element = child if isinstance(child, Referable) else getattr(child, "value", None)
            if isinstance(element, Referable) and element.id_short is not None:
                named.setdefault(element.id_short, element)
    return named.get(key.value)
