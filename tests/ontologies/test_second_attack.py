"""What a reviewer proved to be wrong, and what must hold instead."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from conftest import nacre
from nacre_aas import files, jsonization
from nacre_aas.errors import InputError
from nacre_ontologies import dictionary, rdf, samm
from nacre_ontologies.errors import QueryError
from nacre_ontologies.formats import Format
from nacre_ontologies.policy import Policy, redact
from nacre_ontologies.store import Endpoint, LocalStore

IRDI = "0173-1#02-AAO677#002"


def reference(value: str) -> dict[str, Any]:
    return {"type": "ExternalReference", "keys": [{"type": "GlobalReference", "value": value}]}


def number(name: str, value: str, **more: Any) -> dict[str, Any]:
    said = {"modelType": "Property", "idShort": name, "valueType": "xs:double", "value": value}
    return {**said, **more}


def submodel(identifier: str, *elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    said = {"modelType": "Submodel", "id": identifier, "idShort": "SM"}
    return {**said, "submodelElements": [*elements], **more}


def written(path: Path, *submodels: dict[str, Any], **more: Any) -> str:
    path.write_text(json.dumps({"submodels": [*submodels], **more}), "utf-8")
    return str(path)


# -- nothing is dropped in silence -----------------------------------------------------------------


def test_what_was_not_understood_is_said(tmp_path: Path) -> None:
    broken = {"modelType": "Propperty", "idShort": "B", "valueType": "xs:string"}
    name = written(tmp_path / "a.json", submodel("urn:a", number("A", "1"), broken))
    shown = nacre("shacl", name)
    assert shown.returncode == 1
    assert b"SER-012" in shown.stdout
    for command in (["similar", name, name], ["query", "missing-concepts", name]):
        assert b"could not be understood" in nacre(*command).stderr


def test_rules_that_need_the_order_of_keys_are_named(tmp_path: Path) -> None:
    keys = ["Submodel", "SubmodelElementList", "Property"]
    target = {
        "type": "ModelReference",
        "keys": [{"type": kind, "value": "x"} for kind in keys],
    }
    element = {"modelType": "ReferenceElement", "idShort": "R", "value": target}
    name = written(tmp_path / "a.json", submodel("urn:a", element))
    graph = tmp_path / "a.nt"
    assert nacre("export", name, "--force", "-o", str(graph)).returncode == 0
    lines = graph.read_text("utf-8").splitlines(keepends=True)
    graph.write_text("".join(each for each in lines if "nacre/structure#" not in each), "utf-8")
    said = json.loads(nacre("shacl", str(graph), "--json").stdout)
    assert "AASd-128" in json.dumps(said)


# -- policies --------------------------------------------------------------------------------------


@pytest.mark.parametrize("pattern", ["0173-1#02-AAO677#*", "0173-1#02-AAO677*", IRDI])
def test_no_spelling_of_an_irdi_leaves(pattern: str) -> None:
    spellings = [IRDI, "https://api.eclass-cdp.com/0173-1-02-AAO677-002", "0173-1-02-AAO677-002"]
    elements = [
        number(f"P{index}", "9", semanticId=reference(each)) for index, each in enumerate(spellings)
    ]
    other = number("Other", "1", semanticId=reference("0173-1#02-AAO678#002"))
    data = {"submodels": [submodel("urn:a", *elements, other)]}
    content = files.load("x.json", data=json.dumps(data).encode())[0]
    (left,) = redact(content, Policy(["*"], [pattern])).environment.submodels or (None,)
    assert left is not None
    assert [each.id_short for each in left.submodel_elements or ()] == ["Other"]


def test_a_star_shares_no_more_than_it_says() -> None:
    policy = Policy(["https://example.com/nameplate/*"])
    names = ["https://example.com/nameplate/1/0", "https://example.com/nameplates-of-others/1"]
    data = {"submodels": [submodel(f"urn:{each}", semanticId=reference(each)) for each in names]}
    for each in data["submodels"]:
        del each["submodelElements"]
    content = files.load("x.json", data=json.dumps(data).encode())[0]
    left = redact(content, policy).environment.submodels or ()
    assert [each.id for each in left] == [f"urn:{names[0]}"]


def test_a_star_hides_other_spellings_and_shares_none() -> None:
    names = ["https://example.com/prices/1", "http://www.example.com/Price", "urn:example:price"]
    elements = [number(f"P{at}", "1", semanticId=reference(each)) for at, each in enumerate(names)]
    data = json.dumps({"submodels": [submodel("urn:a", *elements)]}).encode()
    policy = Policy(["*"], ["https://example.com/price*"])
    (left,) = redact(files.load("x.json", data=data)[0], policy).environment.submodels or (None,)
    assert left is not None
    assert [each.id_short for each in left.submodel_elements or ()] == ["P2"]
    shared = submodel("urn:b", number("A", "1"), semanticId=reference("0173-1#01-AHF578#003"))
    content = files.load("x.json", data=json.dumps({"submodels": [shared]}).encode())[0]
    assert not redact(content, Policy(["https://*"])).environment.submodels
    assert redact(content, Policy(["0173-1#01-AHF578#*"])).environment.submodels


def test_what_is_a_case_of_a_hidden_concept_or_refers_to_it_is_hidden() -> None:
    price = "https://example.com/concepts/price"
    referring = reference("urn:other") | {"referredSemanticId": reference(price)}
    spelled = ("https://example.com/concepts/pric%65", "https://EXAMPLE.com:443/concepts/price#")
    ids = [*map(reference, spelled), referring, reference("urn:case"), reference("urn:free")]
    elements = [number(f"P{at}", "1", semanticId=each) for at, each in enumerate(ids)]
    case = {"modelType": "ConceptDescription", "id": "urn:case", "isCaseOf": [reference(price)]}
    document = {"submodels": [submodel("urn:a", *elements)], "conceptDescriptions": [case]}
    content = files.load("x.json", data=json.dumps(document).encode())[0]
    found = redact(content, Policy(["*"], [price])).environment
    (left,) = found.submodels or (None,)
    assert left is not None
    assert [each.id_short for each in left.submodel_elements or ()] == ["P4"]
    assert not found.concept_descriptions


def test_what_a_policy_hides_in_one_file_says_nothing_about_the_next() -> None:
    price = "https://example.com/concepts/price"
    case = {"modelType": "ConceptDescription", "id": "urn:case", "isCaseOf": [reference(price)]}
    elements = [number("Price", "1", semanticId=reference("urn:case"))]
    policy = Policy(["*"], [price])
    for concepts, kept in (([case], []), ([case | {"isCaseOf": [reference("urn:x")]}], ["Price"])):
        document = {"submodels": [submodel("urn:a", *elements)], "conceptDescriptions": concepts}
        found = redact(files.load("x.json", data=json.dumps(document).encode())[0], policy)
        (left,) = found.environment.submodels or (None,)
        assert left is not None
        assert [each.id_short for each in left.submodel_elements or ()] == kept
        assert bool(found.unused) is bool(kept)


def test_specific_asset_ids_can_be_hidden() -> None:
    secret = {"name": "customer", "value": "SECRET", "semanticId": reference(IRDI)}
    asset = {"assetKind": "Instance", "globalAssetId": "urn:x", "specificAssetIds": [secret]}
    shell = {"modelType": "AssetAdministrationShell", "id": "urn:s", "assetInformation": asset}
    data = json.dumps({"assetAdministrationShells": [shell]}).encode()
    found = redact(files.load("x.json", data=data)[0], Policy(["*"], [IRDI]))
    assert b"SECRET" not in jsonization.dumps(found.environment)
    assert [*found.digests] == ["urn:s"]


# -- stores ----------------------------------------------------------------------------------------


def test_no_text_hides_that_another_endpoint_is_asked() -> None:
    inside = '""" " """'
    query = (
        f"SELECT * {{ BIND({inside} AS ?a) SERVICE <http://127.0.0.1:9/> {{ ?s ?p ?o }} "
        f"BIND({inside} AS ?b) }}"
    )
    with pytest.raises(QueryError, match="SERVICE"):
        LocalStore().query(query)
    with pytest.raises(QueryError, match="SERVICE"):
        LocalStore().query("SELECT * { SERVICE<http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert LocalStore().query('SELECT ("SERVICE" AS ?a) {}').rows


def test_a_malformed_graph_leaves_the_one_that_is_there() -> None:
    store = LocalStore()
    store.load(rdf.parse("<urn:a> <urn:b> <urn:c> .", Format.TURTLE), "urn:g")
    with pytest.raises(InputError):
        store.load(rdf.parse("<urn:d> <urn:e> <urn:f> . oops", Format.TURTLE), "urn:g")
    assert len(store.query("SELECT * { ?s ?p ?o }").rows) == 1
    with pytest.raises(InputError):
        store.load(rdf.parse("<urn:d> <urn:e> <urn:f> . oops", Format.TURTLE), "urn:new")
    assert len(store.query("SELECT * { ?s ?p ?o }").rows) == 1


def test_blank_nodes_of_two_files_stay_two(tmp_path: Path) -> None:
    names = [str(tmp_path / f"{each}.ttl") for each in "ab"]
    for name in names:
        Path(name).write_text(f'_:x <urn:in> "{Path(name).name}" .', "utf-8")
    (tmp_path / "q.rq").write_text("SELECT DISTINCT ?s { ?s <urn:in> ?file }", "utf-8")
    shown = nacre("query", "--sparql", str(tmp_path / "q.rq"), *names, "--json")
    assert len(json.loads(shown.stdout)["rows"]) == 2


def test_an_update_keeps_blank_nodes_whole_and_texts_in_one_piece() -> None:
    updates: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            import urllib.parse

            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            updates.append(urllib.parse.parse_qs(body)["update"][0])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    blank = ox.BlankNode("x")
    quads = [
        ox.Quad(blank, ox.NamedNode("urn:p"), ox.Literal(f"{each}\u2028")) for each in range(1500)
    ]
    quads.append(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("a\u2028b")))
    try:
        Endpoint(f"http://127.0.0.1:{server.server_port}/").load(quads, "urn:g")
    finally:
        server.shutdown()
        server.server_close()
    store = ox.Store()
    for each in updates:
        store.update(each)
    found = list(store)
    assert len(found) == 1501
    assert len({str(each.subject) for each in found}) == 2


def test_an_answer_without_statements_is_none(tmp_path: Path) -> None:
    graph = tmp_path / "a.ttl"
    graph.write_text("<urn:a> <urn:b> <urn:c> .", "utf-8")
    query = tmp_path / "q.rq"
    query.write_text("CONSTRUCT { ?s ?p ?o } WHERE { ?s <urn:nothing> ?o . ?s ?p ?o }", "utf-8")
    assert nacre("query", "--sparql", str(query), str(graph)).returncode == 1
    assert nacre("query", "--sparql", str(query), str(graph), "--json").returncode == 2


def test_named_queries_answer_for_every_version(tmp_path: Path) -> None:
    element = number("A", "1", semanticId=reference("urn:unknown"))
    name = written(tmp_path / "a.json", submodel("urn:a", element))
    for version in ("3.0", "3.1"):
        package = str(tmp_path / f"{version}.xml")
        assert nacre("export", name, "--metamodel", version, "-o", package).returncode == 0
        assert b"urn:unknown" in nacre("query", "missing-concepts", package).stdout


# -- numbers, names, other traps -------------------------------------------------------------------


@pytest.mark.parametrize("value", ["NaN", "INF", "9E999999", "-9E999999"])
def test_special_numbers_stop_nothing(tmp_path: Path, value: str) -> None:
    def unit(text: str) -> dict[str, Any]:
        content = {
            "modelType": "DataSpecificationIec61360",
            "preferredName": [{"language": "en", "text": "length"}],
            "unit": text,
        }
        name = "https://admin-shell.io/DataSpecifications/DataSpecificationIec61360/3/0"
        described = {
            "dataSpecification": reference(name),
            "dataSpecificationContent": content,
        }
        return {"embeddedDataSpecifications": [described], "semanticId": reference("urn:length")}

    first = submodel("urn:a", number("A", value, **unit("km")))
    second = submodel("urn:b", number("B", "5", **unit("mm")))
    asset = {"assetKind": "Instance", "globalAssetId": "urn:x"}
    keys = [{"type": "Submodel", "value": each} for each in ("urn:a", "urn:b")]
    shell = {
        "modelType": "AssetAdministrationShell",
        "id": "urn:s",
        "assetInformation": asset,
        "submodels": [{"type": "ModelReference", "keys": [each]} for each in keys],
    }
    name = written(tmp_path / "a.json", first, second, assetAdministrationShells=[shell])
    assert nacre("validate", name).returncode in (0, 1)
    assert nacre("similar", name, name).returncode == 0


def test_tildes_and_umlauts_in_names_are_located(tmp_path: Path) -> None:
    wrong = {"valueType": "xs:int", "value": "x"}
    names = ["a", "a~b", "Äb"]
    elements = [{**number(each, "1"), **wrong} for each in names]
    name = written(tmp_path / "a.json", submodel("urn:a", *elements))
    shown = json.loads(nacre("shacl", name, "--json").stdout)
    located = {
        each["location"].get("line") is not None
        for each in shown["findings"]
        if each["code"] == "SHX-001" or "location" in each
    }
    assert located == {True}


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
    assert nacre("export", name, "--graph", "meaning", "--force", "-o", to).returncode == 0
    assert list(rdf.parse(Path(to).read_text("utf-8"), Format.TURTLE))


SAMM = (
    "@prefix samm: <urn:samm:org.eclipse.esmf.samm:meta-model:2.1.0#> . "
    "@prefix samm-c: <urn:samm:org.eclipse.esmf.samm:characteristic:2.1.0#> . "
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix : <urn:samm:com.example:1.0.0#> . "
    ":A a samm:Aspect ; samm:properties (:p) ; samm:operations () . "
    ":p a samm:Property ; samm:characteristic :c . "
)


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        (":c a samm-c:Trait ; samm-c:baseCharacteristic :c .", "contains itself"),
        (":c a samm:Characteristic ; samm:dataType xsd:token .", "data type"),
        (
            ":c a samm:Characteristic ; samm:dataType xsd:string . :p samm:preferredName :x .",
            "no text",
        ),
    ],
)
def test_aspects_that_trap_a_reader_end(text: str, lost: str) -> None:
    found = samm.to_templates(rdf.parse(SAMM + text, Format.TURTLE))
    assert lost in str(found.left_out)


# -- one rule for what a file is -------------------------------------------------------------------


def test_turtle_is_judged_by_any_name(tmp_path: Path) -> None:
    name = written(tmp_path / "a.json", submodel("urn:a", number("A", "1")))
    graph = tmp_path / "a.turtle"
    assert nacre("export", name, "--to", "ttl", "-o", str(graph)).returncode == 0
    bare = tmp_path / "graph"
    bare.write_bytes(graph.read_bytes())
    for command in ("validate", "show", "shacl"):
        assert nacre(command, str(graph)).returncode == 0
        assert nacre(command, str(bare)).returncode == 0
        assert nacre(command, "-", stdin=graph.read_bytes()).returncode == 0


def test_a_folder_may_hold_other_things(tmp_path: Path) -> None:
    written(tmp_path / "a.json", submodel("urn:a", number("A", "1")))
    (tmp_path / "package.json").write_text('{"name": "x"}', "utf-8")
    (tmp_path / "b.ttl").write_text("<urn:a> <urn:b> <urn:c> .", "utf-8")
    query = tmp_path / "q.rq"
    query.write_text("SELECT * { <urn:a> <urn:b> ?c }", "utf-8")
    assert nacre("query", "--sparql", str(query), str(tmp_path)).returncode == 0
    assert nacre("shacl", str(tmp_path)).returncode == 0


def test_findings_overwrite_only_by_force(tmp_path: Path) -> None:
    name = written(tmp_path / "a.json", submodel("urn:a", number("A", "1")))
    output = tmp_path / "out.json"
    output.write_text("mine", "utf-8")
    shown = nacre("shacl", name, "--format", "json", "-o", str(output))
    assert shown.returncode == 2
    assert output.read_text("utf-8") == "mine"
    shown = nacre("shacl", name, "--format", "json", "-o", str(output), "--force")
    assert shown.returncode == 0


def test_an_endless_cell_is_no_dictionary(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text("x" * 200_000, "utf-8")
    with pytest.raises(InputError, match="no table"):
        dictionary.load([str(path)])


def test_a_submodel_that_a_policy_leaves_out_by_name_stays() -> None:
    """Also where everything else is shared: hiding goes before sharing."""
    name = "https://example.com/prices/1/0"
    secret = submodel("urn:secret", number("P", "1"), semanticId=reference(name))
    data = {"submodels": [secret, submodel("urn:free", number("Q", "1"))]}
    content = files.load("x.json", data=json.dumps(data).encode())[0]
    for pattern in (name, "https://example.com/prices/*"):
        found = redact(content, Policy(["*"], [pattern]))
        assert [each.id for each in found.environment.submodels or ()] == ["urn:free"]
        assert "urn:secret" in found.digests
        assert found.unused == ()
