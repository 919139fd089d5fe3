"""Template shapes over the meaning graph accept instances, and find what is wrong with their values."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from nacre_aas.model import AssetAdministrationShell as Shell
from nacre_aas.model import AssetInformation, Environment, Key, Property, Reference, Submodel
from nacre_ontologies import meaning, meaning_shapes, rdf
from nacre_ontologies.formats import Format
from nacre_ontologies.shacl import Graph, Shapes, validate
from nacre_submodels import catalogue
from nacre_submodels.builder import build
from nacre_submodels.catalogue import Entry
from nacre_submodels.samples import SUBMODEL_ID, sample
from nacre_submodels.template import Element, Interval, Template

SH = "http://www.w3.org/ns/shacl#"


def broken(submodel: Submodel, template: Template) -> list[str]:
    """The rules that shapes say are broken by a submodel of an asset."""
    to_it = Reference(type="ModelReference", keys=[Key(type="Submodel", value=submodel.id)])
    shell = Shell(
        id="urn:shell",
        asset_information=AssetInformation(asset_kind="Instance", global_asset_id="urn:asset"),
        submodels=[to_it],
    )
    text = meaning.n_triples(Environment(asset_administration_shells=[shell], submodels=[submodel]))
    shapes = Shapes(Graph(rdf.parse(meaning_shapes.document(template), Format.TURTLE)))
    report = validate(Graph(rdf.parse(text, Format.N_TRIPLES)), shapes)
    return sorted(each.rule or "" for each in report.results if each.severity == SH + "Violation")


@pytest.mark.parametrize("entry", catalogue.shipped().entries, ids=lambda each: each.file)
def test_instances_of_every_template_are_accepted(entry: Entry) -> None:
    template = catalogue.shipped().template(entry)
    for required_only in (True, False):
        values = sample(template, required_only=required_only)
        submodel = build(template, values, SUBMODEL_ID).submodel
        assert broken(submodel, template) == []


def _speed(**more: Any) -> Template:
    element = Element(
        model_type="Property",
        id_short="Speed",
        semantic_id="urn:speed",
        value_type="xs:int",
        minimum=1,
        maximum=1,
        allowed_range=Interval(Decimal(0), Decimal(3000)),
    )
    changed = msgspec.structs.replace(element, **more)
    return Template(name="T", id="urn:t", semantic_id="urn:t", elements=(changed,))


def _instance(value: str | None, type_: Any = "xs:int") -> Submodel:
    meant = Reference(
        type="ExternalReference", keys=[Key(type="GlobalReference", value="urn:speed")]
    )
    of = Reference(type="ExternalReference", keys=[Key(type="GlobalReference", value="urn:t")])
    speed = Property(id_short="Speed", semantic_id=meant, value_type=type_, value=value)
    return Submodel(id="urn:sm", semantic_id=of, submodel_elements=[speed])


@pytest.mark.parametrize(
    ("submodel", "expected"),
    [
        (_instance("2900"), []),
        (_instance("2900.0", "xs:double"), ["SMT-009"]),
        (_instance("3001"), ["SMT-012"]),
        (_instance(None), ["SMT-001"]),
    ],
)
def test_values_are_judged_as_what_they_are(submodel: Submodel, expected: list[str]) -> None:
    assert broken(submodel, _speed()) == expected


def test_values_outside_a_list_are_found() -> None:
    template = _speed(allowed_range=None, allowed_values=("1000", "2000"))
    assert broken(_instance("2000"), template) == []
    assert broken(_instance("3000"), template) == ["SMT-010"]
