"""What a file is: its content says it or the user, and a folder may hold files of several kinds."""

import json
from pathlib import Path

import pytest

from conftest import nacre
from documents import PUMP, numeric, submodel, written
from nacre_cli.options import InputFormat
from nacre_ontologies.formats import Format, format_of


def test_what_a_file_is_can_be_told(tmp_path: Path) -> None:
    graph = tmp_path / "pump.json"
    assert nacre("export", str(PUMP), "--to", "jsonld", "-o", str(graph)).returncode == 0
    assert nacre("validate", str(graph)).returncode == 0  # the content says it as well
    for command in (("validate",), ("show",), ("export", "--to", "json")):
        done = nacre(*command, str(graph), "--from", "jsonld")
        assert done.returncode == 0, done.stderr
    read = nacre("export", "--from", "jsonld", "--to", "json", "-", stdin=graph.read_bytes())
    assert json.loads(read.stdout) == json.loads(nacre("export", str(PUMP), "--to", "json").stdout)


@pytest.mark.parametrize("told", ["xml", "aasx", "ttl"])
def test_a_file_that_is_not_what_was_told_is_refused(told: str) -> None:
    assert nacre("validate", str(PUMP), "--from", "json").returncode == 0
    for command in ("validate", "show"):
        done = nacre(command, str(PUMP), "--from", told)
        assert done.returncode == 3
        assert b"SER-001" in done.stdout + done.stderr


def test_every_format_of_rdf_can_be_told() -> None:
    assert {*InputFormat} == {"aasx", "json", "xml", *Format}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"PK\3\4" + b"\0" * 26 + b"<x:RDF> in a file that is not compressed", None),
        (
            b"<environment xmlns='https://admin-shell.io/aas/3/1'><!-- <rdf:RDF> --></environment>",
            None,
        ),
        (b"<?xml version='1.0'?>\n<!-- a -> b --><rdf:RDF xmlns:rdf='urn:x'/>", Format.RDF_XML),
        (b"<!DOCTYPE rdf:RDF [<!ENTITY a 'b'>]>\n<rdf:RDF xmlns:rdf='urn:x'/>", Format.RDF_XML),
        (b"<RDF/>", Format.RDF_XML),
        (b"<RDFx/>", None),
    ],
)
def test_only_a_root_called_rdf_makes_rdf_xml(data: bytes, expected: Format | None) -> None:
    assert format_of("x.aasx", data) == expected


def test_a_name_that_says_the_wrong_thing_does_not_decide(tmp_path: Path) -> None:
    for name, target in (("pump.ttl", "json"), ("pump.json", "ttl"), ("pump.nt", "aasx")):
        path = tmp_path / name
        path.write_bytes(nacre("export", str(PUMP), "--to", target).stdout)
        assert nacre("validate", str(path)).returncode == 0


def test_turtle_is_judged_by_any_name(tmp_path: Path) -> None:
    name = written(tmp_path / "a.json", submodel("urn:a", numeric("A", "1")))
    graph = tmp_path / "a.turtle"
    assert nacre("export", name, "--to", "ttl", "-o", str(graph)).returncode == 0
    bare = tmp_path / "graph"
    bare.write_bytes(graph.read_bytes())
    for command in ("validate", "show", "shacl"):
        assert nacre(command, str(graph)).returncode == 0
        assert nacre(command, str(bare)).returncode == 0
        assert nacre(command, "-", stdin=graph.read_bytes()).returncode == 0


def test_a_folder_may_hold_other_things(tmp_path: Path) -> None:
    written(tmp_path / "a.json", submodel("urn:a", numeric("A", "1")))
    (tmp_path / "package.json").write_text('{"name": "x"}', "utf-8")
    (tmp_path / "b.ttl").write_text("<urn:a> <urn:b> <urn:c> .", "utf-8")
    query = tmp_path / "q.rq"
    query.write_text("SELECT * { <urn:a> <urn:b> ?c }", "utf-8")
    assert nacre("query", "--sparql", str(query), str(tmp_path)).returncode == 0
    assert nacre("shacl", str(tmp_path)).returncode == 0


def test_a_folder_stands_for_its_graphs_too(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:p> 1 .")
    (tmp_path / "shapes").mkdir()
    shape = tmp_path / "shapes" / "s.shacl"
    prefixes = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.com/> . "
    shape.write_text(prefixes + "ex:S sh:targetNode <urn:a> ; sh:nodeKind sh:Literal .")
    done = nacre("shacl", str(tmp_path), "--shapes", str(shape), "--format", "concise")
    assert done.returncode == 1
    assert b"a.ttl: SHX-001" in done.stdout


@pytest.mark.parametrize(
    ("metadata", "says"),
    [
        ({"cursor": "abc"}, b"the server has more, behind the cursor `abc`"),
        ({}, b"no environment\n"),
    ],
)
def test_a_page_of_a_server_says_that_there_are_more(metadata: dict[str, str], says: bytes) -> None:
    page = {"paging_metadata": metadata, "result": [submodel("urn:a", numeric("A", "1"))]}
    done = nacre("validate", "-", stdin=json.dumps(page).encode())
    assert done.returncode == 0
    assert says in done.stdout
