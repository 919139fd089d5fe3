"""Stores: the embedded one and a real SPARQL server answer alike, and bad ones end in one line."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest
from endpoints import no_folder
from test_meaning import ASSET, concept, property_, twin

from conftest import nacre
from documents import PUMP
from nacre_aas.errors import InputError
from nacre_aas.versions import Metamodel
from nacre_ontologies import graphs, meaning, queries, rdf, structure
from nacre_ontologies.errors import QueryError, QueryTimeoutError, StoreError
from nacre_ontologies.formats import Format
from nacre_ontologies.sources import open_source
from nacre_ontologies.store import Answer, Endpoint, LocalStore, Store, open_store

CONTENT = twin(
    property_("L", "urn:c", "5"),
    property_("S", "urn:s", 'a"b\\c\nd é 𝒳', "xs:string"),
    property_("N", "urn:n", "0061707", "xs:int"),
    concepts=(concept("urn:c", "mm"),),
)
ENDLESS = (
    "SELECT (COUNT(*) AS ?n) WHERE { "
    + " ".join(f"?s{at} ?p{at} ?o{at} ." for at in range(12))
    + " }"
)


def load(store: Store) -> Store:
    name = graphs.graph_name(CONTENT, graphs.MEANING)
    store.load(rdf.parse(meaning.n_triples(CONTENT), Format.N_TRIPLES), name)
    return store


@pytest.fixture(params=["embedded", "virtuoso"])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "embedded":
        return load(LocalStore())
    return load(Endpoint(request.getfixturevalue("virtuoso")))


def rows(answer: Answer) -> list[list[str | None]]:
    return [[None if term is None else str(term.value) for term in row] for row in answer.rows]


def test_named_queries_are_answered(store: Store) -> None:
    named = queries.named()
    asked = named["values"].bound({"concept": "urn:c", "asset": ASSET})
    ((asset, value, unit),) = rows(store.query(asked))
    assert (asset, unit) == (ASSET, "http://qudt.org/vocab/unit/MilliM")
    assert float(value or "") == 5  # a store may spell a literal its own way
    assert rows(store.query(named["aspects"].bound({}))) == [[ASSET, "urn:sm", None, None]]
    assert rows(store.query(named["parts"].bound({"asset": ASSET}))) == []


def test_a_graph_is_replaced_not_added_to(store: Store) -> None:
    name = "urn:graph:replaced"
    ask = f"SELECT ?o WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
    for value in ("one", "two"):
        store.load(rdf.parse(f'<urn:a> <urn:b> "{value}" .', Format.N_TRIPLES), name)
        assert rows(store.query(ask)) == [[value]]


def test_construct_and_ask(store: Store) -> None:
    answer = store.query(
        f"CONSTRUCT {{ ?s <urn:x> ?o }} WHERE {{ ?s <urn:s> ?o . <{ASSET}> ?p ?o }}"
    )
    (quad,) = rdf.parse(answer.data, Format.N_TRIPLES)
    assert getattr(quad.object, "value", None) == 'a"b\\c\nd é 𝒳'
    assert rows(store.query(f"ASK {{ <{ASSET}> ?p ?o }}")) == [["true"]]
    assert rows(store.query("ASK { <urn:nobody> ?p ?o }")) == [["false"]]


def test_no_query_is_refused(store: Store) -> None:
    with pytest.raises((QueryError, StoreError)):
        store.query("SELEC")


def test_every_named_query_runs_and_names_its_parameters(store: Store) -> None:
    for each in queries.named().values():
        assert each.question.endswith("?")
        values = {p.name: "urn:c" for p in each.parameters}
        store.query(each.bound(values))
        store.query(each.bound({p.name: "urn:c" for p in each.parameters if not p.optional}))
        with pytest.raises(QueryError):
            each.bound({**values, "nothing": "x"})


def test_parts_of_parts_are_found_in_circles_too(store: Store) -> None:
    text = "\n".join(
        f"<urn:{whole}> <http://purl.org/dc/terms/hasPart> <urn:{part}> ."
        for whole, part in ("ab", "bc", "cb")
    )
    store.load(rdf.parse(text, Format.N_TRIPLES), "urn:graph:circle")
    named = queries.named()
    found = rows(store.query(named["parts"].bound({})))
    assert [f"{whole}{part}"[4::5] for whole, part, _ in found if whole and part] == [
        "ab",
        "ac",
        "bb",
        "bc",
        "cb",
        "cc",
    ]
    found = rows(store.query(named["where-used"].bound({"part": "urn:c"})))
    assert [asset for _, asset in found] == ["urn:a", "urn:b", "urn:c"]


def test_parameters_cannot_leave_their_place() -> None:
    query = queries.named()["values"]
    for value in ("x> } DROP ALL #", '" } #', "0173-1#02-AAO677#002", "a b"):
        bound = query.bound({"concept": value})
        assert rows(load(LocalStore()).query(bound)) == []
        assert "DROP ALL" not in bound


# -- what goes wrong -------------------------------------------------------------------------------


def test_an_endless_query_ends() -> None:
    with pytest.raises(QueryTimeoutError):
        load(LocalStore()).query(ENDLESS, timeout=0.5)


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/slow", QueryTimeoutError),
        ("/dripping", QueryTimeoutError),
        ("/dropped", StoreError),
        ("/foreign", StoreError),
        ("/short", StoreError),
        ("/denied", StoreError),
        ("/broken", StoreError),
        ("/bad", QueryError),
        ("/nonsense", StoreError),
    ],
)
def test_a_server_that_answers_badly(misbehaving: str, path: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        Endpoint(misbehaving + path).query("CONSTRUCT WHERE { ?s ?p ?o }", timeout=0.5)


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        Endpoint("http://127.0.0.1:9/sparql").query("ASK {}")
    with pytest.raises(StoreError):
        open_store("ftp://127.0.0.1/sparql")
    with pytest.raises(StoreError):
        open_store(str(no_folder(tmp_path / "file")))
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "letter.txt").write_text("Dear")
    for create in (True, False):  # a folder with something else in it is never written to
        with pytest.raises(StoreError):
            open_store(str(tmp_path / "documents"), create=create)
    with pytest.raises(StoreError):
        open_store(str(tmp_path / "typo"))
    assert not (tmp_path / "typo").exists()


def test_nothing_is_asked_of_others() -> None:
    for text in (
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "ASK { service silent ?x {} }",
    ):
        with pytest.raises(QueryError):
            LocalStore().query(text)
    assert rows(LocalStore().query('ASK { ?s ?p "a SERVICE" }')) == [["false"]]


def test_a_folder_keeps_what_was_put_into_it(tmp_path: Path) -> None:
    load(open_store(str(tmp_path / "store"), create=True))
    again = open_store(str(tmp_path / "store"))
    assert rows(again.query(f"ASK {{ <{ASSET}> ?p ?o }}")) == [["true"]]


def test_an_endless_answer_is_not_read_to_its_end(
    misbehaving: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nacre_ontologies.store._LARGEST_ANSWER", 10)
    with pytest.raises(StoreError, match="answers with more than"):
        Endpoint(misbehaving + "/nonsense").query("ASK {}")


def test_several_versions_of_a_twin_multiply_no_rows(store: Store) -> None:
    """Each version is a graph of its own, with the same quantity in it."""
    for number in range(4):
        content = twin(property_("Length", "urn:c", "5"), concepts=(concept("urn:c", "mm"),))
        text = meaning.n_triples(content)
        store.load(rdf.parse(text, Format.N_TRIPLES), f"urn:version:{number}")
    named = queries.named()
    for name in ("values", "quantities"):
        found = rows(
            store.query(named[name].bound({"concept": "urn:c"} if name == "values" else {}))
        )
        assert len(found) == 1, name


def test_a_graph_that_is_none_and_a_store_that_takes_no_end(misbehaving: str) -> None:
    with pytest.raises(StoreError, match="no SPARQL answer"):
        Endpoint(misbehaving + "/nonsense").query("CONSTRUCT WHERE { ?s ?p ?o }")
    quads = rdf.parse("<urn:a> <urn:b> <urn:c> .", Format.N_TRIPLES)
    with pytest.raises(QueryTimeoutError):
        Endpoint(misbehaving + "/slow").load(quads, "urn:g", timeout=0.5)


@pytest.mark.parametrize("version", [Metamodel.V3_0, Metamodel.V3_1])
def test_named_queries_answer_from_our_own_export(tmp_path: Path, version: Metamodel) -> None:
    inner = {
        "modelType": "SubmodelElementCollection",
        "idShort": "Inner",
        "value": [
            property_("Length", "urn:length", "5"),
            {
                "modelType": "File",
                "idShort": "Manual",
                "contentType": "application/pdf",
                "value": "https://acme.example/m.pdf",
            },
        ],
    }
    other = {
        "modelType": "ReferenceElement",
        "idShort": "Other",
        "value": {
            "type": "ExternalReference",
            "keys": [{"type": "GlobalReference", "value": "https://acme.example/m.pdf"}],
        },
    }
    content = twin(inner, other, concepts=(concept("urn:length", "m"),))
    path = tmp_path / "twin.nt"
    path.write_text(structure.n_triples(content, version), "utf-8")
    store = LocalStore()
    for graph, quads in open_source(str(path)).named_graphs():
        store.load(quads, graph)
    for name, given, answers in (
        ("values", {"concept": "urn:length"}, 1),
        ("values", {"concept": "urn:length", "asset": ASSET}, 1),
        ("quantities", {"asset": ASSET}, 1),
        ("documents", {"asset": ASSET}, 1),
        ("documents", {"asset": "urn:other"}, 0),
        ("assets", {}, 1),
    ):
        rows = store.query(queries.named()[name].bound(given)).rows
        assert len(rows) == answers, name
        if name != "assets" and rows:
            assert str(rows[0][0]) == f"<{ASSET}>"


def test_asking_makes_no_store(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear")
    for place in (tmp_path, tmp_path / "typo"):
        done = nacre("query", "assets", "--store", str(place))
        assert done.returncode == 3
    assert [each.name for each in tmp_path.iterdir()] == ["letter.txt"]


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


@pytest.mark.parametrize("damage", ["CURRENT", "MANIFEST", "cut", "gone", "flipped"])
def test_a_damaged_store_is_said_to_be_one(tmp_path: Path, damage: str) -> None:
    store = tmp_path / "kept"
    assert nacre("query", "assets", str(PUMP), "--store", str(store)).returncode == 0
    tables = sorted(store.glob("*.sst"))
    assert tables
    if damage in ("CURRENT", "MANIFEST"):
        next(store.glob(f"{damage}*")).write_text("garbage\n")
    for table in tables:
        data = table.read_bytes()
        if damage == "cut":
            table.write_bytes(data[:100])
        elif damage == "gone":
            table.unlink()
        elif damage == "flipped":
            table.write_bytes(bytes(each ^ 0xFF for each in data))
    for files_ in ([], [str(PUMP)]):
        done = nacre("query", "assets", *files_, "--store", str(store))
        assert done.returncode == 3, done.stderr
        assert b"error[RDF-00" in done.stderr
