"""Checks that need the whole environment: doubled ids and model references that lead nowhere.

Identifiables are read one by one, so what is kept between them is small: the ids, and the model
references that could not be resolved at once.
"""

import dataclasses
from collections.abc import Callable, Iterator, Sequence

from nacre_aas.checking import Flag
from nacre_aas.constraints import attributes as attribute_rules
from nacre_aas.constraints.registry import Broken
from nacre_aas.model import (
    Identifiable,
    Key,
    Record,
    Referable,
    Reference,
    Submodel,
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


@dataclasses.dataclass
class Links:
    """The ids of an environment, and its open references by the number of the part they are in."""

    owners: dict[str, int] = dataclasses.field(default_factory=dict)
    doubled: list[tuple[int, int, str]] = dataclasses.field(default_factory=list)
    open: dict[int, list[Reference]] = dataclasses.field(default_factory=dict)

    def add(self, number: int, record: Identifiable, references: Sequence[Reference]) -> None:
        """Take note of a part: its id and the model references in it."""
        if record.id is not None:
            first = self.owners.setdefault(record.id, number)
            if first != number:
                self.doubled.append((number, first, record.id))
        if not references:
            return
        open_ = [
            reference
            for reference in references
            if reference.keys[0].type in _LOCAL
            and (len(reference.keys) > 1 or reference.keys[0].value not in self.owners)
        ]
        if open_:
            self.open[number] = open_

    def dangling(
        self, read: Callable[[int], Record | None]
    ) -> Iterator[tuple[int, Reference, str]]:
        """References that lead nowhere: part, reference, and the reason (empty: out of the file).

        `read(number)` gives the record of a part again.
        """
        targets: dict[int, Record | None] = {}
        members: _Members = {}
        for number, references in self.open.items():
            for reference in references:
                owner = self.owners.get(reference.keys[0].value)
                if owner is None:
                    yield number, reference, ""
                elif len(reference.keys) > 1:
                    if owner not in targets:
                        if len(targets) > 64:
                            targets.clear()
                            members.clear()
                        targets[owner] = read(owner)
                    target = targets[owner]
                    missing = _missing_step(target, reference.keys[1:], members)
                    if isinstance(target, Submodel) and missing is not None:
                        yield number, reference, missing


def doubled_id(record: Identifiable, identifier: str) -> Flag:
    """The flag for a record whose id stood earlier."""
    message = f"the id `{identifier}` is already used in this file"
    return Flag(record, attribute_rules.DUPLICATE_ID, Broken(message, ("id",)))


def dangling_reference(reference: Reference, missing: str) -> Flag:
    """The flag for a reference that leads nowhere."""
    if not missing:
        key = reference.keys[0]
        message = f"{key.type} `{key.value}` is not in this file"
        return Flag(reference, attribute_rules.DANGLING, Broken(message, ("keys", 0, "value")))
    message = f"the submodel `{reference.keys[0].value}` has no element `{missing}`"
    return Flag(reference, attribute_rules.DANGLING_INSIDE, Broken(message))


def is_expected(flag: Flag, path: tuple[str | int, ...]) -> bool:
    """Whether a reference that leads out of the file stands where that is to be expected."""
    if flag.rule is not attribute_rules.DANGLING:
        return False
    names = [step for step in path if isinstance(step, str)]
    return names[-3] in _OUTWARD  # behind it stand `keys` and `value`


#: The elements below records by idShort, by the `id` of the record: many references lead to one parent.
_Members = dict[int, dict[str, Record]]


def _missing_step(record: Record | None, keys: Sequence[Key], members: _Members) -> str | None:
    """The idShort path down to the first key that leads nowhere."""
    taken = []
    for key in keys:
        if key.type == "FragmentReference":
            return None
        taken.append(key.value)
        record = _step(record, key, members)
        if record is None:
            return "/".join(taken)
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
