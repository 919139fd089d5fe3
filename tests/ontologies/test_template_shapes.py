"""Template shapes agree with `nacre validate` on instances of every template, good and mutated."""

import itertools
import random
from typing import Any

import pytest
from graphfiles import graph_of
from mutations import mutations

from conftest import is_thorough
from nacre_aas.findings import Severity
from nacre_aas.model import Environment, Operation, OperationVariable, Property, Submodel
from nacre_aas.versions import Metamodel
from nacre_ontologies import rdf, structure, template_shapes
from nacre_ontologies.formats import Format
from nacre_ontologies.shacl import Graph, Shapes, reference, validate
from nacre_submodels import catalogue, conformance, rules
from nacre_submodels.builder import build, external_reference
from nacre_submodels.catalogue import Entry
from nacre_submodels.samples import SUBMODEL_ID, sample
from nacre_submodels.template import Element, Template

V = Metamodel.V3_1
SH = "http://www.w3.org/ns/shacl#"
ENTRIES = catalogue.shipped().entries
#: Templates that contradict themselves: several elements that nothing tells apart, each required or
#: allowed once. `nacre validate` takes the first of them, the shapes count them together.
SELF_CONTRADICTING = ("MaintenanceInstructions", "ProductionCalendar")


def _template(entry: Entry) -> Template:
    return catalogue.shipped().template(entry)


def _instance(template: Template, *, required_only: bool = False) -> Submodel:
    values = sample(template, required_only=required_only)
    return build(template, values, SUBMODEL_ID).submodel


def _shapes(template: Template) -> Shapes:
    return Shapes(Graph(rdf.parse(template_shapes.document(template, V), Format.TURTLE)))


def _verdicts(submodel: Submodel, template: Template, shapes: Shapes) -> tuple[bool, bool]:
    """Whether records and shapes reject a submodel."""
    flags = conformance.check(submodel, template)
    report = validate(graph_of(Environment(submodels=[submodel])), shapes)
    return (
        any(flag.rule.severity is Severity.ERROR for flag in flags),
        any(each.severity == SH + "Violation" for each in report.results),
    )


@pytest.mark.timeout(3600)  # all mutations of the largest template take long
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.file)
def test_instances_and_their_mutations_get_the_verdict_of_the_records(entry: Entry) -> None:
    if entry.name in SELF_CONTRADICTING:
        pytest.skip("the template contradicts itself")
    template = _template(entry)
    shapes = _shapes(template)
    for required_only in (True, False):
        submodel = _instance(template, required_only=required_only)
        assert _verdicts(submodel, template, shapes) == (False, False)
    count = sum(1 for _ in mutations(submodel.submodel_elements or [], template.elements))
    drawn = range(count) if is_thorough() else random.Random(11).sample(range(count), min(count, 6))
    for number in sorted(drawn):
        submodel = _instance(template)
        every = mutations(submodel.submodel_elements or [], template.elements)
        mutation = next(itertools.islice(every, number, None))
        mutation.apply()
        if mutation.codes <= template_shapes.NOT_IN_SHACL.keys():
            continue
        by_records, by_shapes = _verdicts(submodel, template, shapes)
        assert by_shapes is by_records, mutation.name


@pytest.mark.parametrize("number", ["02006", "02011", "02017"])
def test_pyshacl_runs_the_shapes_with_the_same_results(number: str) -> None:
    """Also those of the deepest template, whose nested shapes once broke its limit on depth."""
    entry = next(each for each in ENTRIES if each.number == number)
    template = _template(entry)
    text = template_shapes.document(template, V)
    submodel = _instance(template, required_only=True)
    if submodel.submodel_elements:
        submodel.submodel_elements.pop()
    content = Environment(submodels=[submodel])
    ours = validate(graph_of(content), _shapes(template))
    theirs = reference.validate(
        rdf.parse(structure.n_triples(content, V), Format.N_TRIPLES), rdf.parse(text, Format.TURTLE)
    )
    assert ours.keys == theirs.keys


def test_every_rule_of_templates_is_said_or_explained() -> None:
    text = "".join(template_shapes.document(_template(each), V) for each in ENTRIES)
    codes = {code for code in vars(rules).values() if hasattr(code, "code")}
    for rule in codes:
        said = f'"{rule.code}"' in text
        assert said is not (rule.code in template_shapes.NOT_IN_SHACL), rule.code


def test_a_result_stands_at_its_element() -> None:
    entry = next(each for each in ENTRIES if each.number == "02006")
    template = _template(entry)
    submodel = _instance(template)
    submodel.submodel_elements = [
        each for each in submodel.submodel_elements or [] if each.id_short != "SerialNumber"
    ]
    members = [each for each in submodel.submodel_elements if isinstance(each, Property)]
    members[0].value_type = "xs:gMonth"
    report = validate(graph_of(Environment(submodels=[submodel])), _shapes(template))
    found = {(each.rule, each.focus.rpartition("#")[2]) for each in report.results}
    assert ("SMT-009", members[0].id_short) in found


@pytest.mark.parametrize(
    "value", ["1", "1.0", "+1.00", "01", "2.5", "7", "007.0", "1.1", "-1", "10", "", "25", "70"]
)
def test_listed_numbers_are_the_same_however_they_are_spelt(value: str) -> None:
    listed = ("1.0", "2.50", "007")
    meaning = "urn:number"
    element = Element(
        model_type="Property",
        id_short="Aa",
        semantic_id=meaning,
        value_type="xs:decimal",
        allowed_values=listed,
    )
    template = Template(name="Tt", id="urn:t", semantic_id="urn:tt", elements=(element,))
    given = Property(value_type="xs:decimal", id_short="Aa", value=value)
    given.semantic_id = external_reference(meaning)
    submodel = Submodel(
        id="urn:s", semantic_id=external_reference("urn:tt"), submodel_elements=[given]
    )
    by_records, by_shapes = _verdicts(submodel, template, _shapes(template))
    assert (
        by_records
        is by_shapes
        is (value not in ("", "1", "1.0", "+1.00", "01", "2.5", "7", "007.0"))
    )


@pytest.mark.parametrize(
    ("value_type", "listed", "value", "expected"),
    [
        ("xs:double", ("1.0", "2"), "3", True),
        ("xs:double", ("1.0", "2"), "1", False),
        ("xs:double", ("1e3",), "1000", False),
        ("xs:time", ("12:00:00.0",), "12:00:00", False),
        ("xs:time", ("00:00:00",), "24:00:00", False),
        ("xs:date", ("2024-01-01",), "2024-01-02", True),
        ("xs:date", ("2024-01-01",), "2024-01-01", False),
        ("xs:int", ("1", "not available", "n/a#x"), "2", True),
        ("xs:int", ("1", "not available", "n/a#x"), "1", False),
    ],
)
def test_listed_values_of_other_types_are_held_as_far_as_spellings_tell(
    value_type: str, listed: tuple[str, ...], value: str, expected: bool
) -> None:
    kind: Any = value_type
    element = Element(
        model_type="Property",
        id_short="Aa",
        semantic_id="urn:a",
        value_type=value_type,
        allowed_values=listed,
    )
    template = Template(name="Tt", id="urn:t", semantic_id="urn:tt", elements=(element,))
    given = Property(value_type=kind, id_short="Aa", value=value)
    given.semantic_id = external_reference("urn:a")
    submodel = Submodel(
        id="urn:s", semantic_id=external_reference("urn:tt"), submodel_elements=[given]
    )
    assert _verdicts(submodel, template, _shapes(template)) == (expected, expected)


def test_variables_of_one_meaning_are_told_apart_by_their_lists() -> None:
    made = [
        Element(
            model_type="Property",
            id_short=name,
            semantic_id="urn:mode",
            value_type=value_type,
            minimum=1,
            maximum=1,
            variables=held,
        )
        for name, value_type, held in (
            ("ModeIn", "xs:int", "inputVariables"),
            ("ModeOut", "xs:string", "outputVariables"),
        )
    ]
    run = Element(
        model_type="Operation", id_short="Run", semantic_id="urn:run", elements=tuple(made)
    )
    template = Template(name="Tt", id="urn:t", semantic_id="urn:tt", elements=(run,))
    submodel = build(template, {"Run": {}}, SUBMODEL_ID).submodel
    assert _verdicts(submodel, template, _shapes(template)) == (False, False)


def test_variables_count_in_the_list_that_they_stand_in() -> None:
    def variable(name: str, held: str) -> Element:
        return Element(
            model_type="Property",
            id_short=name,
            semantic_id=f"urn:{name}",
            value_type="xs:string",
            minimum=1,
            maximum=1,
            variables=held,
        )

    asked = (variable("In", "inputVariables"), variable("Out", "outputVariables"))
    run = Element(model_type="Operation", id_short="Run", semantic_id="urn:run", elements=asked)
    template = Template(name="Tt", id="urn:t", semantic_id="urn:tt", elements=(run,))

    def verdicts(first: str, second: str) -> tuple[bool, bool]:
        made = [
            OperationVariable(
                value=Property(
                    value_type="xs:string",
                    id_short=name,
                    semantic_id=external_reference(f"urn:{name}"),
                )
            )
            for name in (first, second)
        ]
        operation = Operation(
            id_short="Run",
            semantic_id=external_reference("urn:run"),
            input_variables=made[:1],
            output_variables=made[1:],
        )
        submodel = Submodel(
            id="urn:s", semantic_id=external_reference("urn:tt"), submodel_elements=[operation]
        )
        return _verdicts(submodel, template, _shapes(template))

    assert verdicts("In", "Out") == (False, False)
    assert verdicts("Out", "In") == (True, True)
