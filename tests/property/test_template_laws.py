"""Laws of templates: what is made from one passes, and every single thing made wrong is found."""

import itertools
import json
import random
from typing import Any

import msgspec
import pytest
from mutations import coded, mutations

from conftest import is_thorough
from nacre_aas import files, jsonization
from nacre_aas.findings import Severity
from nacre_aas.model import Environment
from nacre_submodels import catalogue, conformance
from nacre_submodels.builder import build
from nacre_submodels.catalogue import Entry
from nacre_submodels.check import TemplateCheck
from nacre_submodels.samples import SUBMODEL_ID, literal, sample
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
    built = build(template, values, SUBMODEL_ID)
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


def _count(submodel: Any, elements: tuple[Element, ...]) -> int:
    return sum(1 for _ in mutations(submodel.submodel_elements or [], elements))


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
        every = mutations(submodel.submodel_elements or [], template.elements)
        mutation = next(itertools.islice(every, number, None))
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


@pytest.mark.parametrize(
    "name",
    [
        "https://admin-shell.io/zvei/nameplate/1/0/ContactInformations",
        "https://admin-shell.io/zvei/nameplate/2/0/Nameplate",
    ],
)
def test_the_official_test_engine_agrees_on_the_templates_that_it_knows(name: str) -> None:
    """Except for optional elements with another semantic id: to us they are open content."""
    from aas_test_engines import file

    found = catalogue.shipped()
    template = found.template(found.find(name))
    values = coded(sample(template))

    def verdicts(submodel: Any) -> tuple[bool, bool]:
        data = jsonization.dumps(Environment(submodels=[submodel]))
        report = files.validate("x.json", data=data, checks=[TemplateCheck()])
        own = not any(each.severity is Severity.ERROR for each in report.findings)
        return own, file.check_json_data(json.loads(data)).ok()

    own, theirs = verdicts(_made(template, values))
    assert (own, theirs) == (True, True)
    total = sum(
        1 for _ in mutations(_made(template, values).submodel_elements or [], template.elements)
    )
    for number in random.Random(7).sample(range(total), min(total, 40)):
        submodel = _made(template, values)
        every = mutations(submodel.submodel_elements or [], template.elements)
        mutation = next(itertools.islice(every, number, None))
        if mutation.name == "semantic id":
            continue
        mutation.apply()
        ours, engine = verdicts(submodel)
        if not engine:
            assert not ours, (mutation.name, number)
