"""The structure shapes: every rule is said or its absence explained, and verdicts are those of the records."""

import json
from pathlib import Path

import pytest
from graphfiles import corpus, graph_of

from conftest import is_thorough, nacre
from documents import numeric, submodel, written
from nacre_aas.constraints import RULES
from nacre_aas.document import environment
from nacre_aas.errors import InputError
from nacre_aas.files import open_file
from nacre_aas.syntax import SYNTAX
from nacre_aas.validation import judge
from nacre_aas.versions import Metamodel
from nacre_ontologies import rdf, structure_shapes
from nacre_ontologies.formats import Format
from nacre_ontologies.shacl import Graph, Shapes, reference, validate
from nacre_ontologies.shacl.graph import lexical
from nacre_ontologies.shape_runs import metamodel_shapes
from nacre_ontologies.structure_shapes import NOT_IN_SHACL, PARTLY_IN_SHACL, RULES_IN_SHACL

SH = "http://www.w3.org/ns/shacl#"
#: Rules of attributes, which have their shapes from the records.
OF_ATTRIBUTES = {"MET-001", "MET-003", "MET-005", "MET-006", "AASd-130"} | {
    each.code for each in SYNTAX.values()
}
#: Rules of which a reader leaves out what is wrong, so that the records no longer show it.
LEFT_OUT_BY_READERS = {"MET-003", "MET-005"}
#: What a record then lacks is missing for the shapes.
SAID_INSTEAD = {"MET-001", "RDF-002"}


def test_every_rule_of_the_metamodel_is_said_or_explained() -> None:
    said = OF_ATTRIBUTES | RULES_IN_SHACL.keys()
    assert not said & NOT_IN_SHACL.keys()
    assert PARTLY_IN_SHACL.keys() <= said
    families = ("AASd", "AASc", "MET")
    assert {code for code in RULES if code.startswith(families)} == said | NOT_IN_SHACL.keys()


@pytest.mark.parametrize("version", list(Metamodel))
def test_the_shapes_are_well_formed(shared: Path, version: Metamodel) -> None:
    """By the shapes of SHACL for shapes, in both engines."""
    text = structure_shapes.document(version)
    meta = shared / "ontologies" / "w3c" / "shacl-shacl.ttl"
    shapes = Graph(rdf.parse(text, Format.TURTLE))
    assert validate(shapes, Shapes(Graph(rdf.parse(meta.read_bytes(), Format.TURTLE)))).conforms
    if version is Metamodel.V3_1 and is_thorough():  # pyshacl takes most of a minute
        report = reference.validate(
            rdf.parse(text, Format.TURTLE), rdf.parse(meta.read_bytes(), Format.TURTLE)
        )
        assert report.conforms


def test_official_rdf_examples_are_accepted_and_rejected(shared: Path) -> None:
    """But for what `NOT_SAID` names, and for rules about order where the file has none."""
    beyond = ("too_large", "key_value_after_submodel_element_list")
    seen = 0
    for row in corpus(shared, "ttl"):
        version = Metamodel.of(row.version)
        graph = Graph(rdf.parse(row.path.read_bytes(), Format.TURTLE))
        results = validate(graph, metamodel_shapes(version)).results
        rejected = any(each.severity == SH + "Violation" for each in results)
        if not any(word in row.path.name for word in beyond):
            assert rejected is (row.expected == "invalid"), row.path
        seen += 1
    assert seen > 70


def test_shapes_and_records_give_the_same_verdict(shared: Path) -> None:
    """Code by code, for every file of the corpus and every version that it may be of."""
    seen = 0
    for row in corpus(shared, "json", "xml", "aasx"):
        try:
            documents = open_file(str(row.path)).documents.values()
        except InputError:
            continue
        for document in documents:
            try:
                content, _ = environment(document)
            except InputError:
                continue
            for version in document.versions & (Metamodel.V3_0 | Metamodel.V3_1 | Metamodel.V3_2):
                judgement = judge(document, version)
                said = {each.rule.code for each in judgement.issues}
                results = validate(graph_of(content, version), metamodel_shapes(version)).results
                found = {each.rule for each in results}
                if version & judgement.conformant:
                    assert not [each for each in results if each.severity == SH + "Violation"]
                assert found - said <= SAID_INSTEAD, (row.path, version)
                missed = said & (OF_ATTRIBUTES | RULES_IN_SHACL.keys()) - found
                assert missed <= LEFT_OUT_BY_READERS | PARTLY_IN_SHACL.keys(), (row.path, version)
                seen += 1
    assert seen > 500


def test_both_engines_agree_focus_node_by_focus_node(shared: Path) -> None:
    text = structure_shapes.document(Metamodel.V3_0)
    shapes = list(rdf.parse(text, Format.TURTLE))
    rows = [row for row in corpus(shared, "ttl") if row.version == "3.0"]
    for row in [*rows[::9], *[each for each in rows if each.expected == "invalid"][::7]]:
        data = row.path.read_bytes()
        ours = validate(Graph(rdf.parse(data, Format.TURTLE)), metamodel_shapes(Metamodel.V3_0))
        theirs = reference.validate(rdf.parse(data, Format.TURTLE), shapes)
        assert len(ours.results) == len(theirs.results), row.path
        named = [
            {key for key in each.keys if "_:" not in f"{key[0]}{key[2]}"} for each in (ours, theirs)
        ]
        assert named[0] == named[1], row.path


def test_every_shape_has_a_message_and_a_rule() -> None:
    graph = Graph(rdf.parse(structure_shapes.document(Metamodel.V3_1), Format.TURTLE))
    severities = graph.column(SH + "severity").single
    assert severities
    for node in severities:
        rule = lexical(graph.one(node, "https://w3id.org/nacre/structure#rule") or '""')
        assert rule in RULES
        assert graph.one(node, SH + "message")


# -- results as the command gives them -------------------------------------------------------------


def test_rules_that_need_the_order_of_keys_are_named(tmp_path: Path) -> None:
    keys = ["Submodel", "SubmodelElementList", "Property"]
    target = {
        "type": "ModelReference",
        "keys": [{"type": kind, "value": "x"} for kind in keys],
    }
    element = {"modelType": "ReferenceElement", "idShort": "R", "value": target}
    name = written(tmp_path / "a.json", submodel("urn:a", element))
    graph = tmp_path / "a.nt"
    assert nacre("export", name, "--lossy", "-o", str(graph)).returncode == 0
    lines = graph.read_text("utf-8").splitlines(keepends=True)
    graph.write_text("".join(each for each in lines if "nacre/structure#" not in each), "utf-8")
    said = json.loads(nacre("shacl", str(graph), "--json").stdout)
    assert "AASd-128" in json.dumps(said)


def test_tildes_and_umlauts_in_names_are_located(tmp_path: Path) -> None:
    wrong = {"valueType": "xs:int", "value": "x"}
    names = ["a", "a~b", "Äb"]
    elements = [{**numeric(each, "1"), **wrong} for each in names]
    name = written(tmp_path / "a.json", submodel("urn:a", *elements))
    shown = json.loads(nacre("shacl", name, "--json").stdout)
    located = {
        each["location"].get("line") is not None
        for each in shown["findings"]
        if each["code"] == "SHX-001" or "location" in each
    }
    assert located == {True}
