"""Stores: the embedded one and a real SPARQL server answer alike, and bad ones end in one line."""

from pathlib import Path

import pytest
from endpoints import no_folder
from test_meaning import ASSET, concept, property_, twin

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
        values = {p.name: "urn:c" for p in each.parameters}  # Virtuoso wants paths with a beginning
        store.query(each.bound(values))
        with pytest.raises(QueryError):
            each.bound({**values, "nothing": "x"})


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
        ("/denied", StoreError),
        ("/broken", StoreError),
        ("/bad", QueryError),
        ("/nonsense", StoreError),
    ],
)
def test_a_server_that_answers_badly(misbehaving: str, path: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        Endpoint(misbehaving + path).query("SELECT * WHERE { ?s ?p ?o }", timeout=0.5)


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
