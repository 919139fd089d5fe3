"""Every single change that makes an instance of a template non-conformant."""

import copy
import itertools
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from nacre_aas.model import Capability, Submodel, SubmodelElementCollection
from nacre_submodels.template import Element

#: Values of ECLASS that specifications list, and others of a form that they ask for.
CODED = {
    "RoleOfContactPerson": "0173-1#07-AAS931#001",
    "TypeOfTelephone": "0173-1#07-AAS754#001",
    "TypeOfFaxNumber": "0173-1#07-AAS754#001",
    "TypeOfEmailAddress": "0173-1#07-AAS754#001",
    "URIOfTheProduct": "https://example.com/p/1",
    "EmailAddress": "a@example.com",
    "DateOfManufacture": "2031-05-17",
}


def coded(values: Any) -> Any:
    """Values with what the specifications list for them."""
    if isinstance(values, dict):
        return {
            key: CODED[key] if key in CODED and isinstance(each, str) else coded(each)
            for key, each in values.items()
        }
    return [coded(each) for each in values] if isinstance(values, list) else values


class Mutation(NamedTuple):
    """A change of an instance, the codes that may name it, and whether it must be an error."""

    name: str
    codes: frozenset[str]
    apply: Any


def mutations(members: list[Any], elements: tuple[Element, ...]) -> Iterator[Mutation]:
    """Every single change of the elements of one parent that makes the instance non-conformant."""
    by_name = {element.id_short: element for element in elements if element.id_short}
    for position, member in enumerate(members):
        element = by_name.get(member.id_short)
        if element is None or (element.semantic_id or "").startswith("https://admin-shell.io/SMT/"):
            continue
        twins = [e for e in elements if e.semantic_id == element.semantic_id]
        if len(twins) > 1 or element.either_or or element.semantic_id is None:
            continue
        if element.minimum:
            yield Mutation("dropped", frozenset(("SMT-001",)), _drop(members, position))
        if element.maximum == 1:
            yield Mutation("doubled", frozenset(("SMT-002",)), _double(members, position))
        if element.model_type == "Property":
            yield Mutation("retyped", frozenset(("SMT-008",)), _retype(members, position))
            yield Mutation("value type", frozenset(("SMT-009",)), _value_type(member))
            if element.allowed_values:
                yield Mutation("forbidden", frozenset(("SMT-010",)), _set(member, "?forbidden?"))
            if element.allowed_range is not None:
                yield Mutation("out of range", frozenset(("SMT-012",)), _set(member, "-1e300"))
        codes = frozenset(("SMT-004", "SMT-005", "SMT-006", "SMT-007", "SMT-017", "SMT-001"))
        yield Mutation("semantic id", codes, _semantic_id(member))
    for member in members:
        element = by_name.get(getattr(member, "id_short", None) or "")
        below = getattr(member, "value", None)
        if (
            element is not None
            and isinstance(below, list)
            and element.model_type.endswith("Collection")
        ):
            yield from mutations(below, element.elements)
        elif element is not None and isinstance(below, list) and len(element.elements) == 1:
            for each in below:
                if isinstance(each, SubmodelElementCollection) and each.value:
                    yield from mutations(each.value, element.elements[0].elements)


def mutated(
    made: Callable[[], Submodel], elements: tuple[Element, ...]
) -> Iterator[tuple[Mutation, Submodel]]:
    """Each single mutation, with an instance of its own that it is applied to."""
    for number in itertools.count():
        submodel = made()
        every = mutations(submodel.submodel_elements or [], elements)
        mutation = next(itertools.islice(every, number, None), None)
        if mutation is None:
            return
        mutation.apply()
        yield mutation, submodel


def _drop(members: list[Any], position: int) -> Any:
    return lambda: members.pop(position)


def _double(members: list[Any], position: int) -> Any:
    def apply() -> None:
        twin = copy.deepcopy(members[position])
        twin.id_short = f"{twin.id_short}Twin"
        members.append(twin)

    return apply


def _retype(members: list[Any], position: int) -> Any:
    def apply() -> None:
        old = members[position]
        members[position] = Capability(id_short=old.id_short, semantic_id=old.semantic_id)

    return apply


def _value_type(member: Any) -> Any:
    def apply() -> None:
        member.value_type = "xs:gMonth" if member.value_type != "xs:gMonth" else "xs:string"

    return apply


def _set(member: Any, value: str) -> Any:
    def apply() -> None:
        member.value = value

    return apply


def _semantic_id(member: Any) -> Any:
    def apply() -> None:
        member.semantic_id.keys[0].value = "https://example.com/something/else"
        member.supplemental_semantic_ids = None

    return apply
