"""The meaning graph, the vocabulary and the units behind it."""

import importlib.resources
import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from graphfiles import environments
from hypothesis import given
from hypothesis import strategies as st

from conftest import nacre
from documents import reference, submodel, written
from nacre_aas import files
from nacre_aas.model import Environment
from nacre_ontologies import meaning, provenance, rdf, units
from nacre_ontologies.formats import Format
from nacre_ontologies.identifiers import node_base
from nacre_ontologies.meaning import NV
from nacre_ontologies.semantic_ids import concept_iri
from nacre_ontologies.shacl import Graph
from nacre_ontologies.terms import TYPE, XSD

VOCABULARY = Path(str(importlib.resources.files("nacre_ontologies") / "vocab" / "nacre.ttl"))
ASSET = "https://example.com/asset/1"


def twin(*elements: dict[str, Any], concepts: tuple[dict[str, Any], ...] = ()) -> Environment:
    """A shell with one submodel."""
    document = {
        "assetAdministrationShells": [
            {
                "modelType": "AssetAdministrationShell",
                "id": "urn:shell",
                "assetInformation": {"assetKind": "Instance", "globalAssetId": ASSET},
                "submodels": [
                    {"type": "ModelReference", "keys": [{"type": "Submodel", "value": "urn:sm"}]}
                ],
            }
        ],
        "submodels": [
            {"modelType": "Submodel", "id": "urn:sm", "submodelElements": list(elements)}
        ],
        **({"conceptDescriptions": list(concepts)} if concepts else {}),
    }
    return files.load("x.json", data=json.dumps(document).encode())[0]


def property_(name: str, meaning_: str, value: str, type_: str = "xs:double") -> dict[str, Any]:
    return {
        "modelType": "Property",
        "idShort": name,
        "semanticId": reference(meaning_),
        "valueType": type_,
        "value": value,
    }


def concept(identifier: str, unit: str, name: str = "Quantity") -> dict[str, Any]:
    return {
        "modelType": "ConceptDescription",
        "id": identifier,
        "embeddedDataSpecifications": [
            {
                "dataSpecification": reference(
                    "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3"
                ),
                "dataSpecificationContent": {
                    "modelType": "DataSpecificationIec61360",
                    "preferredName": [{"language": "en", "text": name}],
                    "dataType": "REAL_MEASURE",
                    "unit": unit,
                    "definition": [{"language": "en", "text": "x"}],
                },
            }
        ],
    }


def graph(content: Environment) -> Graph:
    return Graph(rdf.parse(meaning.n_triples(content), Format.N_TRIPLES))


# -- the graph -------------------------------------------------------------------------------------


def test_the_asset_is_the_subject_and_semantic_ids_are_the_predicates() -> None:
    found = graph(twin(property_("Speed", "0173-1#02-AAO677#002", "2900", "xs:int")))
    value = found.one(ASSET, "https://api.eclass-cdp.com/0173-1-02-AAO677-002")
    assert value == f'"2900"^^<{XSD}int>'


def test_a_value_with_a_unit_is_a_quantity_as_well() -> None:
    found = graph(twin(property_("L", "urn:c", "5"), concepts=(concept("urn:c", "mm"),)))
    quantity = found.one(ASSET, NV + "quantity")
    assert quantity == node_base("urn:sm") + "#L"
    assert found.one(quantity, meaning.QUDT + "hasUnit") == units.UNIT + "MilliM"
    assert found.one(quantity, meaning.QUDT + "numericValue") == f'"5"^^<{XSD}double>'


def test_literals_keep_their_spelling_and_wrong_ones_are_plain_text() -> None:
    found = graph(twin(property_("A", "urn:a", "007", "xs:int"), property_("B", "urn:b", "x")))
    assert found.one(ASSET, "urn:a") == f'"007"^^<{XSD}int>'
    assert found.one(ASSET, "urn:b") == '"x"'


def test_parts_hang_together_over_entities_and_relationships() -> None:
    part = {
        "modelType": "Entity",
        "idShort": "Motor",
        "semanticId": reference("https://admin-shell.io/idta/HierarchicalStructures/Node/1/0"),
        "entityType": "SelfManagedEntity",
        "globalAssetId": "https://example.com/motor",
        "statements": [
            {
                "modelType": "Entity",
                "idShort": "Bearing",
                "semanticId": reference(
                    "https://admin-shell.io/idta/HierarchicalStructures/Node/1/1"
                ),
                "entityType": "CoManagedEntity",
            }
        ],
    }
    root = {
        "modelType": "Entity",
        "idShort": "EntryNode",
        "semanticId": reference("https://admin-shell.io/idta/HierarchicalStructures/EntryNode/1/0"),
        "entityType": "SelfManagedEntity",
        "globalAssetId": ASSET,
        "statements": [part],
    }
    found = graph(twin(root))
    has_part = meaning.DCTERMS + "hasPart"
    assert found.one(ASSET, has_part) == "https://example.com/motor"
    bearing = found.one("https://example.com/motor", has_part) or ""
    assert bearing.endswith("#EntryNode.Motor.Bearing")
    assert found.one(bearing, TYPE) == NV + "Part"


def test_every_readable_file_has_a_well_formed_meaning_graph(shared: Path) -> None:
    for path, content in environments(shared):
        text = meaning.n_triples(content)
        assert sum(1 for _ in rdf.parse(text, Format.N_TRIPLES)) == text.count("\n"), path
        assert meaning.n_triples(content) == text


def test_an_irdi_becomes_the_address_that_published_templates_use() -> None:
    eclass = "https://api.eclass-cdp.com/0173-1-02-AAO677-002"
    assert concept_iri(" 0173-1#02-AAO677#002 ") == concept_iri(eclass) == eclass
    assert concept_iri("0112/2///61987#ABA565#009").startswith("https://w3id.org/nacre/id/")


# -- the vocabulary --------------------------------------------------------------------------------


def _vocabulary() -> Graph:
    return Graph(rdf.parse(VOCABULARY.read_bytes(), Format.TURTLE))


def test_every_term_has_a_label_and_a_comment_in_english_and_german() -> None:
    found = _vocabulary()
    terms = {each for each in found.column(TYPE).single if each.startswith(NV)}
    assert len(terms) > 80
    for term in terms:
        for name in ("label", "comment"):
            texts = list(found.objects(term, f"http://www.w3.org/2000/01/rdf-schema#{name}"))
            assert sorted(text[-3:] for text in texts) == ["@de", "@en"], (term, name)


def test_every_term_that_is_written_is_in_the_vocabulary(shared: Path) -> None:
    known = {each for each in _vocabulary().column(TYPE).single if each.startswith(NV)}
    used: set[str] = set()
    for _, content in environments(shared):
        found = graph(content)
        used |= {each for each in found.columns if each.startswith(NV)}
        used |= {each for each in found.column(TYPE).objects if each.startswith(NV)}
    assert len(used) > 20
    assert used <= known


def test_every_activity_of_the_ledger_is_a_class() -> None:
    from nacre_ledger.event import Activity

    known = _vocabulary().column(TYPE).single
    assert {provenance.activity_class(each) for each in Activity} <= known.keys()


def _closed(statements: str) -> Any:
    import owlrl
    import rdflib

    found = rdflib.Graph()
    found.parse(VOCABULARY)
    found.parse(data=f"@prefix nv: <{NV}> .\n{statements}", format="turtle")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(found)
    return found


@pytest.mark.parametrize(
    ("flows", "level"),
    [
        ("", "TwinnedAsset"),
        ("nv:flowToAsset true ;", "TwinnedAsset"),
        ("nv:flowFromAsset true ;", "AssetWithShadow"),
        ("nv:flowFromAsset true ; nv:flowToAsset true ;", "AssetWithTwin"),
        (
            "nv:flowFromAsset true ; nv:flowToAsset true ; nv:predictionModel <urn:m> ;",
            "AssetWithPredictiveTwin",
        ),
    ],
)
def test_a_reasoner_infers_the_integration_level_from_the_data_flows(
    flows: str, level: str
) -> None:
    import rdflib

    found = _closed(f"<urn:a> {flows} nv:hasShell <urn:s> . <urn:s> a nv:Shell .")
    types = {str(each) for each in found.objects(rdflib.URIRef("urn:a"), rdflib.RDF.type)}
    levels = ["TwinnedAsset", "AssetWithShadow", "AssetWithTwin", "AssetWithPredictiveTwin"]
    assert [each for each in levels if NV + each in types] == levels[: levels.index(level) + 1]


def test_a_reasoner_finds_the_vocabulary_consistent_and_misuse_not() -> None:
    error = "http://www.daml.org/2002/03/agents/agent-ont#error"
    assert not [each for each in _closed("").predicates() if str(each) == error]
    wrong = _closed("<urn:x> a nv:Shell , nv:Document .")
    assert [each for each in wrong.predicates() if str(each) == error]


def _hermit(folder: Path, statements: str) -> Any:
    """What the DL reasoner HermiT makes of the vocabulary and some statements."""
    import owlready2

    if shutil.which("java") is None:
        pytest.skip("HermiT needs Java, and there is none")
    text = VOCABULARY.read_text("utf-8") + statements
    triples = (quad.triple for quad in rdf.parse(text, Format.TURTLE))
    path = folder / "vocabulary.nt"
    path.write_bytes(rdf.serialize(triples, Format.N_TRIPLES))
    world = owlready2.World()
    with world.get_ontology(path.as_uri()).load():
        owlready2.sync_reasoner_hermit(world, debug=0)
    return world


def test_a_dl_reasoner_agrees(tmp_path: Path) -> None:
    import owlready2

    flows = "<urn:a> nv:hasShell <urn:s> ; nv:flowFromAsset true ; nv:flowToAsset true ."
    world = _hermit(tmp_path, f"{flows} <urn:s> a nv:Shell .")
    assert not list(world.inconsistent_classes())
    assert [each.name for each in world["urn:a"].is_a] == ["AssetWithTwin"]
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        _hermit(tmp_path, "<urn:x> a nv:Shell , nv:Document .")


def test_the_vocabulary_keeps_to_owl_2_rl() -> None:
    """What RL leaves out does not occur: existentials and unions as superclasses, cardinalities."""
    found = _vocabulary()
    owl = "http://www.w3.org/2002/07/owl#"
    for name in (
        "unionOf",
        "complementOf",
        "cardinality",
        "minCardinality",
        "allValuesFrom",
        "oneOf",
    ):
        assert not found.column(owl + name).single
    subclass_of = found.column("http://www.w3.org/2000/01/rdf-schema#subClassOf")
    assert all(not each.startswith("_:") for each in subclass_of.objects)


# -- units -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mm", "MilliM"), ("kg m2", "KiloGM-M2"), ("kg m²", "KiloGM-M2"), ("kgm²", "KiloGM-M2"),
        ("Nm", "N-M"), ("1/min", "PER-MIN"), ("m3/h", "M3-PER-HR"), ("°C", "DEG_C"), ("ºC", "DEG_C"),
        ("kilowattHour", "KiloW-HR"), ("percent", "PERCENT"), ("%", "PERCENT"), ("µF", "MicroFARAD"),
        ("\u2126", "OHM"), ("\u03a9", "OHM"), ("rpm", "REV-PER-MIN"), ("mW", "MilliW"), ("MW", "MegaW"),
        ("EUR", "CCY_EUR"), ("y", "YR"), ("Kg", "KiloGM"), ("U/min", "REV-PER-MIN"), ("Stk", "NUM"),
        ("min⁻¹", "PER-MIN"), ("m³·h⁻¹", "M3-PER-HR"), ("s^-1", "PER-SEC"), ("m·s⁻²", "M-PER-SEC2"),
        ("W·m⁻²·K⁻¹", "W-PER-M2-K"), ("J kg^-1 K^-1", "J-PER-KiloGM-K"), ("Grad Celsius", "DEG_C"),
    ],
)  # fmt: skip
def test_units_are_found_as_people_write_them(text: str, name: str) -> None:
    found = units.resolve(text)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    ("identifier", "name"),
    [
        ("0112/2///62720#UAA862", "MilliM"),
        ("0112/2///62720#UAA033#001", "DEG_C"),
        ("0173-1#05-AAA551#004", "M"),
        ("\n\t 0173-1#05-AAA650#002\n", "PER-MIN"),
        ("https://api.eclass-cdp.com/0173-1-05-AAA567-006", "DEG_C"),
        ("https://qudt.org/vocab/unit/DEG_C", "DEG_C"),
        ("urn:samm:org.eclipse.esmf.samm:unit:2.1.0#kilogram", "KiloGM"),
        ("urn:samm:org.eclipse.esmf.samm:unit:2.3.0#secondUnitOfTime", "SEC"),
        ("urn:samm:org.eclipse.esmf.samm:unit:2.3.0#degreeUnitOfAngle", "DEG"),
        ("MMT", "MilliM"),
    ],
)
def test_units_are_found_by_their_codes(identifier: str, name: str) -> None:
    found = units.resolve(None, identifier)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "STRING",
        "Boolean",
        "C",
        "f",
        "1.0",
        "CO2eq",
        "kg CO2/kWh",
        "10-3",
        "N-m",
        "m/s-",
        "Grad",
    ],
)
def test_what_is_no_unit_is_not_guessed(text: str) -> None:
    assert units.resolve(text) is None


#: Units of published templates that QUDT does not have, and a symbol that is no unit (`f`, a factor).
NOT_IN_QUDT = {
    *("C", "C02eq", "CO2eq", "EUR/usage", "ct/kWh", "f", "kW/s", "kg CO2/kWh", "m/rev"),
    *("m/𝑠³", "rad/𝑠³"),
}


def test_of_the_units_of_published_templates_all_that_qudt_has_are_known(shared: Path) -> None:
    found: dict[str, bool] = {}
    for path in sorted((shared / "templates").rglob("*.json")):
        for line in path.read_text("utf-8", "replace").splitlines():
            key, _, value = line.strip().partition('"unit": "')
            if not key and value:
                text = json.loads('"' + value.rstrip(","))
                if not units.is_no_unit(text):
                    found[text.strip()] = units.resolve(text) is not None
    assert len(found) > 60
    assert {text for text, known in found.items() if not known} == NOT_IN_QUDT


def test_a_value_is_converted_only_where_that_means_something() -> None:
    def turn(value: str, source: str, target: str) -> str | None:
        found = units.converted(Decimal(value), units.unit(source), units.unit(target))
        return None if found is None else f"{found:f}"

    assert turn("25.4", "MilliM", "M") == "0.0254"
    assert turn("20", "DEG_C", "DEG_F") == "68"
    assert turn("1", "N-M", "J") is None  # a torque is no energy
    assert turn("1450", "PER-MIN", "REV-PER-MIN") == "1450"  # 1/min, of something that turns
    assert turn("60", "REV-PER-MIN", "PER-SEC") == "1"
    assert turn("1", "PER-MIN", "HZ") == turn("1", "PER-MIN", "PER-SEC")
    assert turn("1", "PERCENT", "RAD") is None
    assert turn("1", "CCY_EUR", "CCY_USD") is None
    assert turn("1", "DeciB", "UNITLESS") is None
    assert turn("1", "KiloGM", "M") is None


@given(
    st.decimals(min_value=-(10**6), max_value=10**6, places=3),
    st.sampled_from(["MilliM", "KiloM", "IN"]),
)
def test_there_and_back_is_the_same(value: Decimal, name: str) -> None:
    there = units.converted(value, units.unit("M"), units.unit(name))
    assert there is not None
    back = units.converted(there, units.unit(name), units.unit("M"))
    assert back is not None
    assert abs(back - value) <= abs(value) * Decimal("1e-9")


def test_a_structure_that_looks_upwards_says_who_is_part_of_whom() -> None:
    base = "https://admin-shell.io/idta/HierarchicalStructures"

    def end(*names: str) -> dict[str, Any]:
        keys = [{"type": "Submodel", "value": "urn:sm"}]
        return {
            "type": "ModelReference",
            "keys": keys + [{"type": "Entity", "value": each} for each in names],
        }

    bicycle = {
        "modelType": "Entity",
        "idShort": "Bicycle",
        "entityType": "SelfManagedEntity",
        "globalAssetId": "urn:bicycle",
        "semanticId": reference(f"{base}/Node/1/0"),
    }
    entry = {
        "modelType": "Entity",
        "idShort": "Entry",
        "entityType": "SelfManagedEntity",
        "globalAssetId": ASSET,
        "semanticId": reference(f"{base}/EntryNode/1/0"),
        "statements": [
            bicycle,
            {
                "modelType": "RelationshipElement",
                "idShort": "R",
                "semanticId": reference(f"{base}/IsPartOf/1/0"),
                "first": end("Entry"),
                "second": end("Entry", "Bicycle"),
            },
        ],
    }
    text = meaning.n_triples(twin(entry))
    part, whole = "<http://purl.org/dc/terms/hasPart>", "<http://purl.org/dc/terms/isPartOf>"
    assert f"<{ASSET}> {whole} <urn:bicycle> ." in text
    assert f"<urn:bicycle> {part} <{ASSET}> ." in text
    assert f"<{ASSET}> {part} <urn:bicycle> ." not in text


def test_a_text_is_no_quantity() -> None:
    content = twin(property_("L", "urn:c", "5 kg", "xs:string"), concepts=(concept("urn:c", "mm"),))
    assert "numericValue" not in meaning.n_triples(content)


def test_the_key_of_an_index_is_no_iri(tmp_path: Path) -> None:
    keys = [
        {"type": "Submodel", "value": "urn:a"},
        {"type": "SubmodelElementList", "value": "L"},
        {"type": "Property", "value": "0 > x"},
    ]
    target = {"modelType": "ReferenceElement", "idShort": "R"}
    target["value"] = {"type": "ModelReference", "keys": keys}  # type: ignore[assignment]
    name = written(tmp_path / "a.json", submodel("urn:a", target))
    to = str(tmp_path / "a.ttl")
    assert nacre("export", name, "--graph", "meaning", "--lossy", "-o", to).returncode == 0
    assert list(rdf.parse(Path(to).read_text("utf-8"), Format.TURTLE))


def test_an_entity_in_an_entity_is_a_part_whatever_it_means() -> None:
    """As the check for parts of themselves reads it (SEM-006)."""

    def entity(name: str, asset: str, *below: dict[str, Any], **more: Any) -> dict[str, Any]:
        said = {"modelType": "Entity", "idShort": name, "entityType": "SelfManagedEntity"}
        return {
            **said,
            "globalAssetId": asset,
            **({"statements": [*below]} if below else {}),
            **more,
        }

    base = "https://admin-shell.io/idta/HierarchicalStructures"
    inner = entity("Aa", "urn:inner")
    entry = {"semanticId": reference(f"{base}/EntryNode/1/0")}
    found = graph(twin(entity("EntryNode", ASSET, entity("Bb", "urn:part", inner), **entry)))
    has_part = meaning.DCTERMS + "hasPart"
    assert found.one(ASSET, has_part) == "urn:part"
    assert found.one("urn:part", has_part) == "urn:inner"


@pytest.mark.parametrize("format_", ["ttl", "trig", "jsonld"])
def test_languages_are_written_as_they_are(format_: str) -> None:
    """Case has no meaning in a language tag, and is kept all the same; what only looks like one is left."""
    text = (
        '<urn:a> <urn:b> "colour"@en-GB .\n'
        '<urn:a> <urn:b> "Farbe"@de .\n'
        '<urn:a> <urn:b> "say \\"@en-gb \\\\"@en-GB .\n'
    )
    made = rdf.converted(text, Format(format_)).decode()
    assert made.count("en-GB") == 2
    assert made.count("en-gb") == 1
    assert {*rdf.parse(made, Format(format_))} == {*rdf.parse(text, Format.N_QUADS)}
