"""The structure graph: official terms, nothing lost, in every format and for every parser."""

import json
import re
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import strategies
from graphfiles import corpus, environments
from hypothesis import given

from conftest import nacre
from nacre_aas import files, jsonization, model
from nacre_aas.canonical import canonical
from nacre_aas.digest import digest
from nacre_aas.errors import LimitExceededError, MalformedDocumentError, NoContentError
from nacre_aas.findings import Severity
from nacre_aas.model import Entity, Environment, Submodel
from nacre_aas.schema import Kind, attributes, classes
from nacre_aas.versions import EXISTS, Metamodel
from nacre_ontologies import rdf, reading, structure, terms
from nacre_ontologies.formats import Format
from nacre_ontologies.identifiers import iri_of
from nacre_ontologies.sources import as_json, validate_graph

V = Metamodel.V3_1
FORMATS = (Format.N_TRIPLES, Format.TURTLE, Format.JSON_LD, Format.N_QUADS, Format.TRIG)


def again(content: Environment, format_: Format, *, blank_nodes: bool = False) -> Environment:
    text = structure.n_triples(content, V, blank_nodes=blank_nodes)
    if format_.holds_named_graphs:
        text = structure.n_quads(text, "https://example.com/graph")
    data = rdf.converted(text, format_, rdf.aas_prefixes(V))
    found = reading.read(rdf.parse(data, format_))
    assert not found.left_out
    return files.load("x.json", data=found.json)[0]


# -- terms -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [Metamodel.V3_0, Metamodel.V3_1])
def test_the_terms_are_those_of_the_published_ontology(shared: Path, version: Metamodel) -> None:
    text = (shared / "spec" / version.labels[0] / "rdf-ontology.ttl").read_text("utf-8")
    base = terms.namespace(version)
    published = set(re.findall(rf"<{re.escape(base)}(\w+/\w+)> rdf:type owl:\w+Property", text))
    ours = {
        terms.property_name(record, each.name, each.json_name)
        for record in classes()
        for each in attributes(record)
        if EXISTS.get((record.__name__, each.name), version) & version
    }
    assert ours == published
    words = set(re.findall(rf"<{re.escape(base)}(\w+/\w+)> rdf:type aas:\w+ ;", text))
    used = {
        terms.literal_iri(each, word, version).removeprefix(base)
        for record in classes()
        for each in attributes(record)
        if each.kind is Kind.ENUMERATION
        for word in each.literals
    }
    newer = {"AssetKind/Batch"} | ({"AssetKind/Role"} if version is Metamodel.V3_0 else set())
    assert used - newer == words


# -- nothing is lost -------------------------------------------------------------------------------


def test_every_readable_file_comes_back_from_every_format(shared: Path) -> None:
    seen = 0
    for path, content in environments(shared):
        expected, root = canonical(content), digest(content).root
        for format_ in (Format.TURTLE, Format.N_QUADS, Format.JSON_LD):
            found = again(content, format_)
            assert canonical(found) == expected, (path, format_)
            assert digest(found).root == root
        assert canonical(again(content, Format.N_TRIPLES, blank_nodes=True)) == expected, path
        seen += 1
    assert seen > 500


@given(strategies.environments())
def test_any_environment_comes_back(content: Environment) -> None:
    for format_ in FORMATS:
        assert canonical(again(content, format_)) == canonical(content)
    assert canonical(again(content, Format.TURTLE, blank_nodes=True)) == canonical(content)


def _load(document: dict[str, Any]) -> Environment:
    return files.load("x.json", data=json.dumps(document).encode())[0]


def _list(*names: str, ordered: bool) -> dict[str, Any]:
    members = [{"modelType": "Property", "valueType": "xs:string", "value": name} for name in names]
    element = {
        "modelType": "SubmodelElementList",
        "idShort": "Steps",
        "orderRelevant": ordered,
        "typeValueListElement": "Property",
        "valueTypeListElement": "xs:string",
        "value": members,
    }
    return {"submodels": [{"modelType": "Submodel", "id": "urn:x", "submodelElements": [element]}]}


def test_the_digest_over_rdf_sees_order_that_matters_and_no_other() -> None:
    for ordered in (True, False):
        forward = again(_load(_list("depressurise", "open", ordered=ordered)), Format.TURTLE)
        backward = again(_load(_list("open", "depressurise", ordered=ordered)), Format.JSON_LD)
        assert (digest(forward).root == digest(backward).root) is not ordered


def test_a_graph_without_order_keeps_the_members() -> None:
    text = structure.n_triples(_load(_list("a", "b", "c", ordered=True)), V)
    without = "".join(line for line in text.splitlines(True) if terms.INDEX not in line)
    found = reading.read(rdf.parse(without, Format.N_TRIPLES))
    content = files.load("x.json", data=found.json)[0]
    (submodel,) = content.submodels or []
    (element,) = submodel.submodel_elements or []
    assert isinstance(element, model.SubmodelElementList)
    assert sorted(
        each.value or "" for each in element.value or () if isinstance(each, model.Property)
    ) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "identifier",
    [
        "0173-1#02-AAO677#002",
        "urn:a:b",
        "https://example.com/a b",
        "https://example.com/ä",
        "no iri at all",
        "http://[broken",
        "https://w3id.org/nacre/id/x",
        'quote"<>\\^`{|}',
        "a#b#c",
        "x:",
        "_:b0",
        "ünï:cödé",
    ],
)
def test_ids_that_are_no_iris_come_back(identifier: str) -> None:
    content = _load({"submodels": [{"modelType": "Submodel", "id": identifier}]})
    for format_ in FORMATS:
        assert canonical(again(content, format_)) == canonical(content)
    list(ox.parse(f"<{iri_of(identifier)}> <a:a> <a:a> .", format=ox.RdfFormat.N_TRIPLES))


def test_two_things_of_one_id_stay_two_and_are_named() -> None:
    shell = {
        "modelType": "AssetAdministrationShell",
        "id": "urn:x",
        "assetInformation": {"assetKind": "Instance", "globalAssetId": "urn:a"},
    }
    submodel = {"modelType": "Submodel", "id": "urn:x"}
    content = _load({"assetAdministrationShells": [shell], "submodels": [submodel]})
    assert structure.doubled(content) == ["urn:x"]
    assert canonical(again(content, Format.TURTLE)) == canonical(content)


def test_literals_are_written_as_they_are() -> None:
    literals = ["0061707", "1E3", "2024-02-29T24:00:00+00:00", "none", " x ", "\t\n\r", '"\\', "𝒳"]
    elements = [
        {"modelType": "Property", "idShort": f"P{at}", "valueType": "xs:string", "value": each}
        for at, each in enumerate(literals)
    ]
    content = _load(
        {"submodels": [{"modelType": "Submodel", "id": "urn:x", "submodelElements": elements}]}
    )
    for format_ in FORMATS:
        (submodel,) = again(content, format_).submodels or []
        found = [
            each.value
            for each in submodel.submodel_elements or ()
            if isinstance(each, model.Property)
        ]
        assert found == literals


# -- other people's parsers and files --------------------------------------------------------------


def test_rdflib_and_a_json_ld_processor_read_the_same_statements() -> None:
    import rdflib
    from pyld import jsonld

    content = _load(_list("a", "b", ordered=True))
    text = structure.n_triples(content, V)
    ours = {line for line in text.splitlines() if line}
    graph = rdflib.Graph()
    graph.parse(data=rdf.converted(text, Format.TURTLE, rdf.aas_prefixes(V)), format="turtle")
    theirs = graph.serialize(format="nt", encoding="utf-8").decode()
    assert {_plain(line) for line in theirs.splitlines() if line} == {_plain(line) for line in ours}
    document = json.loads(rdf.converted(text, Format.JSON_LD))
    expanded: str = jsonld.to_rdf(document, {"format": "application/n-quads"})
    assert {_plain(line) for line in expanded.splitlines() if line} == {
        _plain(line) for line in ours
    }


def _plain(line: str) -> str:
    return line.replace("^^<http://www.w3.org/2001/XMLSchema#string>", "")


def test_official_rdf_examples_get_the_verdict_of_their_makers(shared: Path) -> None:
    seen = 0
    for row in corpus(shared, "ttl"):
        data = row.path.read_bytes()
        if not data.strip() or b"rdf:type" not in data:
            continue  # the smallest environment of 3.0: a file without a statement
        found = reading.read(rdf.parse(data, Format.TURTLE))
        report = files.validate("x.json", data=found.json, metamodel=Metamodel.of(row.version))
        assert report.refusal is None
        verdict = "invalid" if report.count(Severity.ERROR) else "valid"
        assert verdict == row.expected, row.path
        assert found.version is Metamodel.of(row.version)
        seen += 1
    assert seen > 70


# -- bad input -------------------------------------------------------------------------------------

_AAS = "@prefix aas: <https://admin-shell.io/aas/3/1/> .\n"


def _read(text: str) -> reading.GraphReading:
    return reading.read(rdf.parse(_AAS + text, Format.TURTLE))


def test_malformed_turtle_names_the_place() -> None:
    with pytest.raises(MalformedDocumentError) as caught:
        _read("<a> <b> .\n")
    assert caught.value.line == 2


def test_a_graph_of_something_else_is_no_content() -> None:
    with pytest.raises(NoContentError):
        _read("<a> <b> <c> .")


def test_nodes_in_a_circle_end() -> None:
    text = """<a> a aas:Submodel ; <https://admin-shell.io/aas/3/1/Submodel/submodelElements> _:x .
    _:x a aas:SubmodelElementCollection ;
      <https://admin-shell.io/aas/3/1/SubmodelElementCollection/value> _:x ."""
    with pytest.raises(LimitExceededError):
        _read(text)


def test_nodes_shared_without_end_end() -> None:
    value = "<https://admin-shell.io/aas/3/1/SubmodelElementCollection/value>"
    lines = [
        "<a> a aas:Submodel ; <https://admin-shell.io/aas/3/1/Submodel/submodelElements> _:n0 ."
    ]
    for level in range(30):
        below = f"_:n{level + 1} , _:m{level + 1}"
        lines += [
            f"_:{side}{level} a aas:SubmodelElementCollection ; {value} {below} ." for side in "nm"
        ]
    with pytest.raises(LimitExceededError):
        _read("\n".join(lines))


def test_what_the_graph_says_beyond_the_mapping_is_counted() -> None:
    found = _read(
        '<a> a aas:Submodel ; <https://admin-shell.io/aas/3/1/Identifiable/id> "a"@en ; '
        "<http://example.com/p> 5 . <b> <c> <d> ."
    )
    assert found.left_out == {
        "http://example.com/p": 1,
        "the language tag `en` of a text": 1,
        "statements about other things": 1,
    }
    assert jsonization.loads(found.json).submodels is not None


@pytest.mark.parametrize("version", [Metamodel.V3_0, Metamodel.V3_1])
def test_a_graph_is_judged_by_the_version_that_its_terms_name(version: Metamodel) -> None:
    """An entity without `entityType` is one since 3.1."""
    content = Environment(
        submodels=[Submodel(id="urn:s", submodel_elements=[Entity(id_short="Part")])]
    )
    text = structure.n_triples(content, version)
    report = validate_graph("x.nt", as_json(text.encode(), Format.N_TRIPLES))
    assert bool(report.count(Severity.ERROR)) is (version is Metamodel.V3_0)
    assert report.judged == version


def _steps(pattern: str) -> str:
    """The graph of a list and of a reference whose keys are wrong in any order but their own; positions
    that a pattern matches are left out."""
    key = {"type": "GlobalReference", "value": "urn:list"}
    steps = {
        "modelType": "SubmodelElementList",
        "idShort": "Steps",
        "semanticId": {
            "type": "ExternalReference",
            "keys": [key, {**key, "type": "FragmentReference"}],
        },
        "typeValueListElement": "Property",
        "valueTypeListElement": "xs:int",
        "value": [{"modelType": "Property", "valueType": "xs:int", "value": "30"}] * 2,
    }
    submodel = {"modelType": "Submodel", "id": "urn:s", "submodelElements": [steps]}
    content = jsonization.loads(json.dumps({"submodels": [submodel]}).encode())
    lines = reversed(structure.n_triples(content, V).splitlines())
    position = re.compile(f'{terms.INDEX}> "{pattern}"')
    return "\n".join(line for line in lines if position.search(line) is None) + "\n"


@pytest.mark.parametrize("pattern", ["1", "[01]"])
def test_an_order_that_the_graph_does_not_say_is_said(pattern: str, tmp_path: Path) -> None:
    assert not as_json(_steps("never").encode(), Format.N_TRIPLES).unordered
    (tmp_path / "g.nt").write_text(_steps(pattern), "utf-8")
    strict = nacre("export", "g.nt", "--to", "json", "-o", "g.json", "--strict", cwd=tmp_path)
    assert strict.returncode == 1
    assert b"the order of 1 list of `value`" in strict.stderr
    assert b"the order of 1 list of `keys`" in strict.stderr
    for command in ("validate", "shacl"):
        done = nacre(command, "g.nt", "--json", cwd=tmp_path)
        assert done.returncode == 0, done.stdout
        said = {each["code"] for each in json.loads(done.stdout)["summary"]["not_checked"]}
        assert {"AASd-122", "AASd-125"} <= said


def test_a_member_with_two_positions_has_none() -> None:
    text = _steps("never")
    first = next(line for line in text.splitlines() if f'{terms.INDEX}> "0"' in line)
    both = text + first.replace('"0"', '"1"') + "\n"
    assert as_json(both.encode(), Format.N_TRIPLES).unordered


def test_what_is_wrong_in_any_order_is_found_beside_keys_without_order(tmp_path: Path) -> None:
    wrong = {"type": "ModelReference", "keys": [{"type": "Property", "value": "x"}]}
    elements = [
        {"modelType": "ReferenceElement", "idShort": "Wrong", "value": wrong},
        {
            "modelType": "ReferenceElement",
            "idShort": "Right",
            "value": {
                "type": "ModelReference",
                "keys": [
                    {"type": "Submodel", "value": "urn:s"},
                    {"type": "ReferenceElement", "value": "Wrong"},
                ],
            },
        },
    ]
    submodel = {"modelType": "Submodel", "id": "urn:s", "submodelElements": elements}
    content = jsonization.loads(json.dumps({"submodels": [submodel]}).encode())
    lines = structure.n_triples(content, V).splitlines()
    text = "\n".join(line for line in reversed(lines) if terms.INDEX not in line) + "\n"
    (tmp_path / "g.nt").write_text(text, "utf-8")
    done = nacre("validate", "g.nt", "--json", cwd=tmp_path)
    assert done.returncode == 1
    found = json.loads(done.stdout)["findings"]
    errors = {
        (each["code"], *each["location"]["element"])
        for each in found
        if each["severity"] == "error"
    }
    assert {name for _, *names in errors for name in names[1:]} == {"Wrong"}
    assert {"AASd-121", "AASd-123"} & {code for code, *_ in errors}
