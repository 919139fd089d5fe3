"""What a sceptical user tried, and what must hold against it."""

import json
from pathlib import Path
from typing import Any

import pytest
from test_meaning import concept, property_, reference, twin

from conftest import ROOT, nacre
from nacre_aas import files, jsonization
from nacre_aas.model import Environment
from nacre_ontologies import meaning, rdf
from nacre_ontologies.formats import Format
from nacre_ontologies.policy import Policy, redact
from nacre_ontologies.shacl import ShapesError, UnsupportedShapesError
from nacre_ontologies.shape_runs import LongRunError, ShapeFile, run
from nacre_ontologies.sources import Source, open_source

PUMP = ROOT / "examples" / "pump.json"
PREFIXES = (
    "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.com/> . "
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
)


def shapes(text: str) -> ShapeFile:
    return ShapeFile("shapes.ttl", (PREFIXES + text).encode())


def source(text: str) -> Source:
    return Source("data.ttl", (PREFIXES + text).encode(), Format.TURTLE)


def codes(data: str, *texts: str, **options: Any) -> list[str]:
    return [each.code for each in run(source(data), [*map(shapes, texts)], **options).findings]


# -- shapes ----------------------------------------------------------------------------------------


def test_a_target_in_sparql_is_not_passed_over() -> None:
    target = (
        "[ a sh:SPARQLTarget ; sh:select 'SELECT ?this WHERE { ?this a <http://example.com/T> }' ]"
    )
    shape = f"ex:S a sh:NodeShape ; sh:target {target} ; sh:nodeKind sh:Literal ."
    assert codes("ex:a a ex:T .", shape) == ["SHX-001"]
    with pytest.raises(UnsupportedShapesError):
        codes("ex:a a ex:T .", shape, engine="compiled")


@pytest.mark.parametrize(
    "text",
    [
        "ex:S sh:targetNode ex:a ; sh:js ex:code .",
        "<> sh:entailment <http://www.w3.org/ns/entailment/RDFS> . ex:S sh:targetNode ex:a ; sh:nodeKind sh:IRI .",
        "ex:S sh:targetNode ex:a ; sh:node ex:S .",
        "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:maxCnt 1 ] .",
    ],
)
def test_what_no_engine_runs_gets_no_verdict(text: str) -> None:
    with pytest.raises(UnsupportedShapesError):
        codes("ex:a ex:p 1 .", text)


@pytest.mark.parametrize(
    "parameter",
    [
        'sh:minCount "5"',
        "sh:maxCount -1",
        'sh:minCount "+-5"^^xsd:integer',
        "sh:minCount 1 , 2",
        "sh:lessThan [ ]",
        "sh:message <http://example.com/x>",
    ],
)
def test_ill_formed_parameters_are_refused(parameter: str) -> None:
    with pytest.raises(ShapesError):
        codes(
            "ex:a ex:p 1 .",
            f"ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; {parameter} ] .",
        )


def test_blank_nodes_of_two_files_are_two() -> None:
    one = "ex:T sh:targetNode ex:a ; sh:property _:b . _:b sh:path ex:p ; sh:maxCount 5 ."
    other = "ex:U sh:targetNode ex:z ; sh:property _:b . _:b sh:path ex:p ; sh:maxCount 0 ."
    assert codes("ex:a ex:p 1 .", one, other) == []


def test_blanks_mean_nothing_with_the_flag_x_and_hash_signs_do() -> None:
    shape = 'ex:S sh:targetObjectsOf ex:p ; sh:pattern "a # b" ; sh:flags "x" .'
    assert codes('ex:x ex:p "a#b" .', shape) == []
    assert codes('ex:x ex:p "abc" .', shape) == ["SHX-001"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ex:S a sh:NodeShape ; sh:nodeKind sh:IRI .",
        "ex:S sh:targetClass ex:Nothing ; sh:nodeKind sh:IRI .",
    ],
)
def test_that_nothing_was_checked_is_said(text: str) -> None:
    assert codes("ex:a ex:p 1 .", text) == ["SHX-004"]


def test_shapes_without_end_end() -> None:
    shape = 'ex:S sh:targetObjectsOf ex:p ; sh:pattern "^(a+)+$" .'
    with pytest.raises(LongRunError):
        codes(f'ex:x ex:p "{"a" * 60}b" .', shape, timeout=1)


def test_shapes_ask_nobody_else() -> None:
    rule = (
        "sh:construct 'CONSTRUCT { ?a ?b ?c } WHERE { SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } }'"
    )
    shape = f"ex:S sh:targetNode ex:a ; sh:rule [ a sh:SPARQLRule ; {rule} ] ."
    with pytest.raises(ShapesError):
        codes("ex:a ex:p 1 .", shape)


@pytest.mark.parametrize("word", ["SERV\\\\u0049CE", "\\\\U00000053ERVICE", "service"])
def test_shapes_that_spell_out_another_endpoint_are_refused(word: str) -> None:
    ask = f"SELECT $this WHERE {{ {word} <http://127.0.0.1:9/> {{ $this ?a ?b }} }}"
    shape = f'ex:S sh:targetNode ex:a ; sh:sparql [ sh:select """{ask}""" ] .'
    with pytest.raises(ShapesError):
        codes("ex:a ex:p 1 .", shape)


def test_a_folder_stands_for_its_graphs_too(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:p> 1 .")
    (tmp_path / "shapes").mkdir()
    shape = tmp_path / "shapes" / "s.shacl"
    shape.write_text(PREFIXES + "ex:S sh:targetNode <urn:a> ; sh:nodeKind sh:Literal .")
    done = nacre("shacl", str(tmp_path), "--shapes", str(shape), "--format", "concise")
    assert done.returncode == 1
    assert b"a.ttl: SHX-001" in done.stdout


_RDF = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'


# -- files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deep.jsonld", b'{"@id":"urn:a","urn:p":' * 5000 + b"1" + b"}" * 5000),
        ("bomb.rdf", b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + _RDF + b">&b;</rdf:RDF>"),
        ("deep.rdf", _RDF + b' xmlns:p="urn:p:">' + b"<rdf:Description><p:q>" * 4000 + b"</p:q></rdf:Description>" * 4000 + b"</rdf:RDF>"),
    ],
)  # fmt: skip
def test_traps_for_parsers_end_in_one_line(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for command in ("validate", "shacl"):
        done = nacre(command, str(path))
        assert done.returncode in (0, 3), (command, done)
        assert b"Traceback" not in done.stderr + done.stdout
    assert nacre("validate", str(path)).returncode == 3


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_bytes(b"\xef\xbb\xbf<urn:a> <urn:b> 1 .")
    assert len(list(rdf.parse(path.read_bytes(), Format.TURTLE))) == 1
    assert len(list(open_source(str(path)).quads())) == 1


def test_an_operation_variable_without_value_breaks_nothing(tmp_path: Path) -> None:
    operation = {"modelType": "Operation", "idShort": "Op", "inputVariables": [{}]}
    path = tmp_path / "x.json"
    path.write_text(
        json.dumps(
            {
                "submodels": [
                    {"modelType": "Submodel", "id": "urn:x", "submodelElements": [operation]}
                ]
            }
        )
    )
    for arguments in (
        ("query", "aspects", str(path)),
        ("export", str(path), "--to", "nq", "--force"),
    ):
        assert nacre(*arguments).returncode in (0, 1)


def test_a_graph_of_both_kinds_comes_back_without_a_loss(tmp_path: Path) -> None:
    both = tmp_path / "both.nq"
    assert nacre("export", str(PUMP), "-o", str(both), "--graph", "both").returncode == 0
    done = nacre("export", str(both), "--to", "json", "--strict")
    assert done.returncode == 0, done.stderr


def test_a_text_is_no_quantity() -> None:
    content = twin(property_("L", "urn:c", "5 kg", "xs:string"), concepts=(concept("urn:c", "mm"),))
    assert "numericValue" not in meaning.n_triples(content)


def test_asking_makes_no_store(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear")
    for place in (tmp_path, tmp_path / "typo"):
        done = nacre("query", "assets", "--store", str(place))
        assert done.returncode == 3
    assert [each.name for each in tmp_path.iterdir()] == ["letter.txt"]


def test_a_namespace_of_samm_is_one() -> None:
    assert nacre("samm", "from-template", "nameplate", "--namespace", "bad ns>").returncode == 2


# -- what may leave --------------------------------------------------------------------------------


def _hidden(*elements: dict[str, Any], without: str) -> str:
    document = {
        "submodels": [
            {
                "modelType": "Submodel",
                "id": "urn:public",
                "semanticId": reference("urn:shared"),
                "submodelElements": list(elements),
            },
            {
                "modelType": "Submodel",
                "id": "urn:private",
                "submodelElements": [property_("Margin", "urn:c:margin", "SECRET")],
            },
        ],
        "conceptDescriptions": [
            concept("urn:c:margin", "mm", "SECRET"),
            concept(without, "mm", "SECRET"),
        ],
    }
    content = files.load("x.json", data=json.dumps(document).encode())[0]
    left = redact(content, Policy(["urn:shared"], [without])).environment
    assert isinstance(left, Environment)
    return jsonization.dumps(left).decode() + meaning.n_triples(left)


def secret(meaning_: str, **more: Any) -> dict[str, Any]:
    return {**property_("P", meaning_, "SECRET", "xs:string"), **more}


@pytest.mark.parametrize(
    "element",
    [
        secret("urn:c:price"),
        secret("URN:C:PRICE"),
        secret(" urn:c:price"),
        secret("urn:other", supplementalSemanticIds=[reference("urn:c:price")]),
        {
            "modelType": "Operation",
            "idShort": "Op",
            "inputVariables": [{"value": secret("urn:c:price")}],
        },
        {
            "modelType": "SubmodelElementList",
            "idShort": "List",
            "typeValueListElement": "Property",
            "valueTypeListElement": "xs:string",
            "semanticIdListElement": reference("urn:c:price"),
            "value": [{"modelType": "Property", "valueType": "xs:string", "value": "SECRET"}],
        },
    ],
)
def test_a_hidden_concept_does_not_leave_by_another_door(element: dict[str, Any]) -> None:
    assert "SECRET" not in _hidden(element, without="urn:c:price")


def test_both_spellings_of_an_irdi_are_one() -> None:
    address = "https://api.eclass-cdp.com/0173-1-02-AAO677-002"
    assert "SECRET" not in _hidden(secret(address), without="0173-1#02-AAO677#002")


def test_brackets_in_a_pattern_are_brackets() -> None:
    assert "SECRET" not in _hidden(secret("urn:c:price[eur]"), without="urn:c:price[eur]")


def test_a_pattern_that_hides_nothing_is_named() -> None:
    content = twin(property_("A", "urn:a", "1"))
    assert redact(content, Policy(["*"], ["urn:nothing"])).unused == ("urn:nothing",)
