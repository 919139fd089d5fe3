"""Laws of templates: what is made from one passes, and every single thing made wrong is found."""

import copy
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import pytest

from conftest import is_thorough
from nacre_aas import files, jsonization
from nacre_aas.model import Capability, Environment, SubmodelElementCollection
from nacre_submodels import catalogue, conformance
from nacre_submodels.builder import build
from nacre_submodels.catalogue import Entry
from nacre_submodels.samples import literal, sample
from nacre_submodels.template import Element, Template

ENTRIES = catalogue.shipped().entries
#: Templates that no instance with all elements satisfies, and why (docs/evidence/published.md).
NO_CLEAN_INSTANCE = {
    "MaintenanceInstructions": "two elements of one collection have the same idShort",
    "CapabilityDescription": "a list whose members have different semantic ids (AASd-114)",
    "ProductionCalendar": "a required element of a collection has no idShort",
}


def _template(entry: Entry) -> Template:
    return catalogue.shipped().template(entry)


def _made(template: Template, values: dict[str, Any]) -> Any:
    built = build(template, values, "https://example.com/sm/1")
    assert built.troubles == []
    return built.submodel


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.file)
@pytest.mark.parametrize("required_only", [True, False])
def test_an_instance_made_from_a_template_passes(entry: Entry, required_only: bool) -> None:
    template = _template(entry)
    submodel = _made(template, sample(template, required_only=required_only))
    flags = conformance.check(submodel, template)
    data = jsonization.dumps(Environment(submodels=[submodel]))
    findings = files.validate("x.json", data=data).findings
    if entry.name in NO_CLEAN_INSTANCE:
        return
    assert [(flag.rule.code, flag.broken.message) for flag in flags] == []
    assert [(each.code, each.message) for each in findings] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.file)
def test_a_template_survives_its_own_format(entry: Entry) -> None:
    template = _template(entry)
    again = catalogue.loads(catalogue.dumps(template))
    assert msgspec.json.encode(again) == msgspec.json.encode(template)


# -- mutations -----------------------------------------------------------------------------------


class Mutation(NamedTuple):
    """A change of an instance, the codes that may name it, and whether it must be an error."""

    name: str
    codes: frozenset[str]
    apply: Any


def _mutations(members: list[Any], elements: tuple[Element, ...]) -> Iterator[Mutation]:
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
            yield from _mutations(below, element.elements)
        elif element is not None and isinstance(below, list) and len(element.elements) == 1:
            for each in below:
                if isinstance(each, SubmodelElementCollection) and each.value:
                    yield from _mutations(each.value, element.elements[0].elements)


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


def _count(submodel: Any, elements: tuple[Element, ...]) -> int:
    return sum(1 for _ in _mutations(submodel.submodel_elements or [], elements))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.file)
def test_every_mutation_is_found(entry: Entry) -> None:
    template = _template(entry)
    values = sample(template)
    total = _count(_made(template, values), template.elements)
    numbers = (
        range(total) if is_thorough() else random.Random(7).sample(range(total), min(total, 25))
    )
    before = {
        (flag.rule.code, flag.broken.message)
        for flag in conformance.check(_made(template, values), template)
    }
    for number in numbers:
        submodel = _made(template, values)
        mutation = list(_mutations(submodel.submodel_elements or [], template.elements))[number]
        mutation.apply()
        flags = conformance.check(submodel, template)
        found = {
            flag.rule.code for flag in flags if (flag.rule.code, flag.broken.message) not in before
        }
        assert found & mutation.codes, (mutation.name, number, sorted(found))


def test_samples_are_literals() -> None:
    for entry in ENTRIES:
        for element in _template(entry).elements:
            if element.model_type == "Property" and element.allowed_values:
                assert literal(element)
