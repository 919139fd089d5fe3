"""Graphs at the command line: export both ways, shacl, shapes, query, vocab."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from conftest import nacre
from documents import PUMP, numeric, reference, submodel, written
from nacre_aas import files, jsonization
from nacre_aas.canonical import canonical
from nacre_aas.model import Environment
from nacre_submodels import catalogue
from nacre_submodels.builder import build
from nacre_submodels.samples import sample

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.com/> .
ex:S a sh:NodeShape ; sh:targetClass <https://admin-shell.io/aas/3/1/Property> ;
  sh:property [ sh:path <https://admin-shell.io/aas/3/1/Property/value> ; sh:maxLength 3 ;
    sh:message "at most three characters" ] .
"""
SPARQL_SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.com/> .
ex:S a sh:NodeShape ; sh:targetClass <https://admin-shell.io/aas/3/1/Submodel> ;
  sh:sparql [ sh:message "never" ; sh:select "SELECT $this WHERE { $this a <urn:x> }" ] .
"""


@pytest.mark.parametrize("suffix", ["ttl", "trig", "nt", "nq", "jsonld"])
def test_a_file_becomes_a_graph_and_comes_back(tmp_path: Path, suffix: str) -> None:
    graph, back = tmp_path / f"pump.{suffix}", tmp_path / "pump.aasx"
    assert nacre("export", str(PUMP), "-o", str(graph)).returncode == 0
    done = nacre("export", str(graph), "--to", "aasx", "-o", str(back))
    assert done.returncode == 0, done.stderr
    assert canonical(files.load(str(back))[0]) == canonical(files.load(str(PUMP))[0])
    assert nacre("validate", str(graph)).returncode == 0


def test_a_graph_from_standard_input(tmp_path: Path) -> None:
    turtle = nacre("export", str(PUMP), "--to", "ttl").stdout
    done = nacre("export", "-", "--to", "json", stdin=turtle)
    assert done.returncode == 0
    assert canonical(files.load("x", data=done.stdout)[0]) == canonical(files.load(str(PUMP))[0])
    assert not list(tmp_path.iterdir())


def test_show_and_diff_read_graphs(tmp_path: Path) -> None:
    graph = tmp_path / "pump.ttl"
    assert nacre("export", str(PUMP), "-o", str(graph)).returncode == 0
    assert nacre("diff", str(PUMP), str(graph)).returncode == 0
    assert nacre("show", str(graph), "TechnicalData/RatedSpeed", "--value").stdout == b"2900\n"


def test_both_graphs_keep_their_names() -> None:
    done = nacre("export", str(PUMP), "--to", "nq", "--graph", "both")
    names = {line.split()[-2].rpartition(b"/")[2] for line in done.stdout.splitlines()}
    assert names == {b"structure>", b"meaning>"}


def test_shacl_finds_a_breach_at_its_line(tmp_path: Path) -> None:
    document = json.loads(PUMP.read_text("utf-8"))
    document["submodels"][0]["idShort"] = "1st"
    path = tmp_path / "pump.json"
    path.write_text(json.dumps(document, indent=2), "utf-8")
    for engine in ("compiled", "pyshacl"):
        done = nacre("shacl", str(path), "--json", "--engine", engine)
        assert done.returncode == 1
        (finding,) = [f for f in json.loads(done.stdout)["findings"] if f["severity"] == "error"]
        assert finding["code"] == "AASd-002"
        line = path.read_text("utf-8").splitlines()[finding["location"]["line"] - 1]
        assert '"1st"' in line
    assert nacre("shacl", str(PUMP)).returncode == 0


def test_shapes_of_the_users_own(tmp_path: Path) -> None:
    shapes = tmp_path / "ours.ttl"
    shapes.write_text(SHAPES, "utf-8")
    done = nacre(
        "shacl", str(PUMP), "--shapes", str(shapes), "--metamodel", "3.1", "--format", "concise"
    )
    assert done.returncode == 1
    assert b"SHX-001 at most three characters" in done.stdout
    graph = nacre(
        "shacl", str(PUMP), "--shapes", str(shapes), "--metamodel", "3.1", "--format", "ttl"
    )
    assert b"sh:ValidationReport" in graph.stdout
    assert graph.returncode == 1


def test_shapes_beyond_the_compiled_engine_go_to_pyshacl(tmp_path: Path) -> None:
    shapes = tmp_path / "ours.ttl"
    shapes.write_text(SPARQL_SHAPES, "utf-8")
    assert nacre("shacl", str(PUMP), "--shapes", str(shapes)).returncode == 0
    done = nacre("shacl", str(PUMP), "--shapes", str(shapes), "--engine", "compiled")
    assert done.returncode == 3
    assert b"--engine pyshacl" in done.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.ttl", b"<a> <b> .\n"),
        ("empty.ttl", b""),
        ("binary.ttl", b"\xff\xfe\x00\x01"),
        ("broken.jsonld", b'{"@id": '),
        ("remote.jsonld", b'{"@context": "https://example.com/context", "@id": "urn:a", "p": 1}'),
        ("broken.nq", b"<a> <b> <c> <d> <e> .\n"),
        ("other.ttl", b"<urn:a> <urn:b> <urn:c> .\n"),
    ],
)
def test_bad_graphs_end_in_one_line(tmp_path: Path, name: str, content: bytes) -> None:
    path, target = tmp_path / name, tmp_path / "out.json"
    path.write_bytes(content)
    for command in (["validate"], ["export", "--to", "json", "-o", str(target)]):
        done = nacre(command[0], str(path), *command[1:])
        assert done.returncode == 3, (command, done.stdout, done.stderr)
        assert b"Traceback" not in done.stderr + done.stdout
        assert not target.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"@prefix sh: <http://www.w3.org/ns/shacl#> . <a> sh:targetNode <b> ; sh:in <c> .",
        b"not turtle",
        b"@prefix sh: <http://www.w3.org/ns/shacl#> . <a> sh:targetNode <b> ; sh:node <a> .",
    ],
)
def test_bad_shapes_are_no_verdict_about_the_file(tmp_path: Path, content: bytes) -> None:
    shapes = tmp_path / "bad.ttl"
    shapes.write_bytes(content)
    done = nacre("shacl", str(PUMP), "--shapes", str(shapes), "--engine", "compiled")
    assert done.returncode == 3
    assert done.stderr.startswith(b"error[S")
    assert b"Traceback" not in done.stderr


def test_shapes_are_written_as_turtle(tmp_path: Path) -> None:
    target = tmp_path / "shapes.ttl"
    assert nacre("shapes", "metamodel", "-o", str(target)).returncode == 0
    assert nacre("shacl", str(PUMP), "--shapes", str(target), "--metamodel", "3.1").returncode == 0
    done = nacre("shapes", "template", "nameplate")
    assert done.returncode == 0
    assert b"sh:NodeShape" in done.stdout
    assert nacre("shapes", "template", "no such template").returncode == 3


def test_questions_are_answered_in_every_format() -> None:
    assert b"parts" in nacre("query").stdout
    arguments = (
        "query",
        "values",
        str(PUMP),
        "--param",
        "concept=https://acme.example/concepts/rated-speed",
    )
    assert b"2900" in nacre(*arguments).stdout
    document = json.loads(nacre(*arguments, "--json").stdout)
    assert document["rows"][0]["unit"] == "http://qudt.org/vocab/unit/PER-MIN"
    assert nacre(*arguments, "--format", "csv").stdout.startswith(b"asset,value,unit\r\n")
    results = json.loads(nacre(*arguments, "--format", "results").stdout)
    assert results["results"]["bindings"][0]["value"]["value"] == "2900"
    assert nacre("query", "parts", str(PUMP)).returncode == 1


def test_a_question_of_the_users_own() -> None:
    question = b"CONSTRUCT { ?s a <urn:x> } WHERE { ?s a <https://w3id.org/nacre/vocab#Asset> }"
    done = nacre("query", "--sparql", "-", str(PUMP), stdin=question)
    assert done.returncode == 0
    assert b"<https://acme.example/p/4711> a <urn:x>" in done.stdout
    assert nacre("query", "--sparql", "-", str(PUMP), stdin=b"SELEC").returncode == 3
    assert nacre("query", "nothing", str(PUMP)).returncode == 2
    assert nacre("query", "values", str(PUMP)).returncode == 2
    assert nacre("query", "parts").returncode == 2


def test_the_vocabulary_is_printed() -> None:
    done = nacre("vocab")
    assert done.returncode == 0
    assert b"nv:Asset a owl:Class" in done.stdout


# -- federation ------------------------------------------------------------------------------------


def test_several_stores_are_asked_and_their_answers_named(tmp_path: Path) -> None:
    stores = [str(tmp_path / name) for name in ("one", "two")]
    question = b"SELECT ?asset WHERE { ?asset a <https://w3id.org/nacre/vocab#Asset> }"
    for store in stores:
        done = nacre("query", "assets", str(PUMP), "--store", store)
        assert done.returncode == 0, done.stderr
    arguments = ("query", "--sparql", "-", "--store", stores[0], "--store", stores[1])
    rows = json.loads(nacre(*arguments, "--json", stdin=question).stdout)["rows"]
    assert {(row["source"], row["asset"]) for row in rows} == {
        (store, "https://acme.example/p/4711") for store in stores
    }
    away = "http://127.0.0.1:9/sparql"
    done = nacre(*arguments, "--store", away, "--json", stdin=question)
    assert done.returncode == 3
    assert len(json.loads(done.stdout)["rows"]) == 2
    assert f"error[RDF-008]: {away} does not answer".encode() in done.stderr


def test_a_policy_says_what_may_leave(tmp_path: Path) -> None:
    from nacre_aas.digest import digest

    policy = tmp_path / "policy.toml"
    policy.write_text('[share]\nsubmodels = ["https://admin-shell.io/idta/nameplate/*"]\n')
    done = nacre("export", str(PUMP), "--to", "json", "--policy", str(policy))
    assert done.returncode == 0
    names = [each["idShort"] for each in json.loads(done.stdout)["submodels"]]
    assert names == ["Nameplate"]
    whole = digest(files.load(str(PUMP))[0])
    hidden = whole.nodes["https://acme.example/sm/4711/technical"].digest.hex()
    assert whole.root.hex().encode() in done.stderr
    graph = nacre(
        "export", str(PUMP), "--to", "ttl", "--graph", "meaning", "--policy", str(policy)
    ).stdout
    assert f'nv:digest "{hidden}"'.encode() in graph
    assert b"2900" not in graph


@pytest.mark.parametrize(
    "content",
    ["not toml [", "[other]\n", "[share]\nsubmodels = 5\n", "[share]\nsubmodels = []\nmore = 1\n"],
)
def test_a_policy_that_is_none_lets_nothing_leave(tmp_path: Path, content: str) -> None:
    policy, target = tmp_path / "policy.toml", tmp_path / "out.json"
    policy.write_text(content)
    done = nacre("export", str(PUMP), "--to", "json", "--policy", str(policy), "-o", str(target))
    assert done.returncode == 3
    assert not target.exists()


def test_what_is_left_out_takes_its_files_with_it(tmp_path: Path) -> None:
    policy, whole, part = (tmp_path / name for name in ("policy.toml", "whole.aasx", "part.aasx"))
    manual = tmp_path / "manual.txt"
    manual.write_text("secret")
    policy.write_text('[share]\nsubmodels = ["urn:nothing"]\n')
    assert nacre("export", str(PUMP), "-o", str(whole)).returncode == 0
    done = nacre("set", str(whole), "--file", f"Nameplate/OperatingManual={manual}")
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(whole) as archive:
        assert [name for name in archive.namelist() if "manual" in name]
    done = nacre("export", str(whole), "-o", str(part), "--policy", str(policy))
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(part) as archive:
        assert not [name for name in archive.namelist() if "manual" in name]


def test_validate_loads_no_graph_library() -> None:
    program = (
        "import sys; from nacre_cli.app import execute; execute(['validate', sys.argv[1]]); "
        "print(*(m for m in ('rdflib', 'pyoxigraph', 'pyshacl', 'web3') if m in sys.modules), 'end')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(PUMP)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "end"


def test_programs_can_follow_the_progress(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.json").write_bytes(PUMP.read_bytes())
    for command in (("validate", "--json"), ("shacl", "--json"), ("query", "assets")):
        done = nacre(*command, str(tmp_path), "--progress", "json")
        assert done.returncode == 0
        assert b"progress" not in done.stdout
        told = [json.loads(line) for line in done.stderr.splitlines()]
        assert told[-1] == {
            "schema": "nacre.progress/v1", "done": 3, "total": 3, "unit": "files"
        }  # fmt: skip


# -- names of graphs, questions to several files, and time -----------------------------------------


def test_graphs_with_names_come_back_in_every_format() -> None:
    plain = json.loads(nacre("export", str(PUMP), "--to", "json").stdout)
    for target in ("trig", "nq", "jsonld"):
        both = nacre("export", str(PUMP), "--to", target, "--graph", "both").stdout
        done = nacre("export", "-", "--to", "json", "--strict", stdin=both)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == plain


def test_a_graph_of_both_kinds_comes_back_without_a_loss(tmp_path: Path) -> None:
    both = tmp_path / "both.nq"
    assert nacre("export", str(PUMP), "-o", str(both), "--graph", "both").returncode == 0
    done = nacre("export", str(both), "--to", "json", "--strict")
    assert done.returncode == 0, done.stderr


def test_a_query_that_names_its_graphs_asks_no_others() -> None:
    query = b"SELECT ?s FROM <urn:none> WHERE { ?s a ?o }"
    assert nacre("query", "--sparql", "-", str(PUMP), stdin=query).returncode == 1
    named = (
        b"SELECT ?from ?service WHERE { ?from a ?service }"  # variables, no words of the language
    )
    assert nacre("query", "--sparql", "-", str(PUMP), stdin=named).returncode == 0


def test_blank_nodes_of_two_files_stay_two(tmp_path: Path) -> None:
    names = [str(tmp_path / f"{each}.ttl") for each in "ab"]
    for name in names:
        Path(name).write_text(f'_:x <urn:in> "{Path(name).name}" .', "utf-8")
    (tmp_path / "q.rq").write_text("SELECT DISTINCT ?s { ?s <urn:in> ?file }", "utf-8")
    shown = nacre("query", "--sparql", str(tmp_path / "q.rq"), *names, "--json")
    assert len(json.loads(shown.stdout)["rows"]) == 2


def test_an_answer_without_statements_is_none(tmp_path: Path) -> None:
    graph = tmp_path / "a.ttl"
    graph.write_text("<urn:a> <urn:b> <urn:c> .", "utf-8")
    query = tmp_path / "q.rq"
    query.write_text("CONSTRUCT { ?s ?p ?o } WHERE { ?s <urn:nothing> ?o . ?s ?p ?o }", "utf-8")
    assert nacre("query", "--sparql", str(query), str(graph)).returncode == 1
    assert nacre("query", "--sparql", str(query), str(graph), "--json").returncode == 2


def test_named_queries_answer_for_every_version(tmp_path: Path) -> None:
    element = numeric("A", "1", semanticId=reference("urn:unknown"))
    name = written(tmp_path / "a.json", submodel("urn:a", element))
    for version in ("3.0", "3.1"):
        package = str(tmp_path / f"{version}.xml")
        assert nacre("export", name, "--metamodel", version, "-o", package).returncode == 0
        assert b"urn:unknown" in nacre("query", "missing-concepts", package).stdout


def test_an_endless_timeout_is_one() -> None:
    for command in (("shacl",), ("query", "assets")):
        assert nacre(*command, str(PUMP), "--timeout", "inf").returncode == 0
    away = ("query", "assets", "--store", "http://127.0.0.1:9/sparql", "--timeout")
    for seconds in ("inf", "1e300", "nan"):
        assert nacre(*away, seconds).returncode == 3


def test_a_node_of_two_classes_is_read_in_one_way_and_named(tmp_path: Path) -> None:
    made = []
    for name, classes in (("a", "aas:Property, aas:Range"), ("b", "aas:Range, aas:Property")):
        text = (
            "@prefix aas: <https://admin-shell.io/aas/3/1/> .\n"
            '<urn:s> a aas:Submodel ; <https://admin-shell.io/aas/3/1/Identifiable/id> "urn:s" ;\n'
            f" <https://admin-shell.io/aas/3/1/Submodel/submodelElements> [ a {classes} ;\n"
            '  <https://admin-shell.io/aas/3/1/Referable/idShort> "Aa" ;\n'
            "  <https://admin-shell.io/aas/3/1/Property/valueType> "
            "<https://admin-shell.io/aas/3/1/DataTypeDefXsd/Int> ] .\n"
        )
        (tmp_path / f"{name}.ttl").write_text(text, "utf-8")
        done = nacre("export", f"{name}.ttl", "--to", "json", cwd=tmp_path)
        assert b"classes of what has another one as well" in done.stderr
        made.append(done.stdout)
    assert made[0] == made[1]
    again = (tmp_path / "a.ttl").read_text("utf-8")
    for classes, kind in (
        ("aas:RelationshipElement, aas:SubmodelElement", "RelationshipElement"),  # of a reasoner
        ("<https://admin-shell.io/aas/3/0/Property>, aas:Property", "Property"),
    ):
        text = again.replace("aas:Property, aas:Range", classes)
        (tmp_path / "c.ttl").write_text(text, "utf-8")
        done = nacre("export", "c.ttl", "--to", "json", "--lossy", cwd=tmp_path)
        (element,) = json.loads(done.stdout)["submodels"][0]["submodelElements"]
        assert element["modelType"] == kind
        assert b"classes of what" not in done.stderr


def test_both_graphs_conform_where_they_are_apart(tmp_path: Path) -> None:
    for suffix in ("nq", "trig", "jsonld"):
        name = str(tmp_path / f"both.{suffix}")
        assert nacre("export", str(PUMP), "--graph", "both", "-o", name).returncode == 0
        assert nacre("shacl", name).returncode == 0, suffix


def test_a_language_that_rdf_does_not_have_is_left_off(tmp_path: Path) -> None:
    words = [{"language": "x", "text": "word"}]
    asset = {"assetKind": "Instance", "globalAssetId": "urn:g"}
    shell = {"modelType": "AssetAdministrationShell", "id": "urn:a", "assetInformation": asset}
    shells = [shell | {"description": words}]
    name = written(
        tmp_path / "x.json",
        submodel("urn:s", numeric("Aa", "1")),
        assetAdministrationShells=shells,
    )
    done = nacre("export", name, "--to", "nt", "--graph", "meaning")
    assert done.returncode == 0, done.stderr
    assert b'"word" .' in done.stdout


def test_a_parameter_is_given_once() -> None:
    given = ("--param", "concept=urn:a", "--param", "concept=urn:b")
    assert nacre("query", "values", str(PUMP), *given).returncode == 2


def test_shapes_and_records_take_the_same_template(tmp_path: Path) -> None:
    """Of those that share a semantic id the one that the submodel comes closest to."""
    known = catalogue.shipped()
    entry = next(each for each in known.entries if each.number.startswith("02035-3"))
    template = known.template(entry)
    content = Environment(submodels=[build(template, sample(template), "urn:s").submodel])
    path = tmp_path / "x.json"
    path.write_bytes(jsonization.dumps(content))
    codes = [
        {each["code"] for each in json.loads(nacre(*call, str(path), "--json").stdout)["findings"]}
        for call in (("validate",), ("shacl",))
    ]
    missing = [{each for each in found if each in ("SMT-001", "SMT-016")} for found in codes]
    assert missing == [set(), set()]


def test_shapes_are_run_on_the_terms_that_they_speak_of(tmp_path: Path) -> None:
    """What a file holds cannot choose a version of the metamodel that the shapes do not know."""
    path = written(tmp_path / "a.json", submodel("urn:s", numeric("S", "fast")))
    shapes = nacre("shapes", "metamodel", cwd=tmp_path).stdout
    (tmp_path / "shapes.ttl").write_bytes(shapes)
    for metamodel in ((), ("--metamodel", "3.1")):
        done = nacre("shacl", path, "--shapes", "shapes.ttl", *metamodel, cwd=tmp_path)
        assert (done.returncode, b"MET-009" in done.stdout) == (1, True)


def test_a_part_of_an_answer_is_shown_and_not_written(tmp_path: Path) -> None:
    asked = ("query", "assets", str(PUMP), str(tmp_path / "missing.json"))
    shown = nacre(*asked, "-o", "-")
    assert (shown.returncode, b"urn:" in shown.stdout or b"http" in shown.stdout) == (3, True)
    kept = nacre(*asked, "-o", str(tmp_path / "answer.txt"))
    assert (kept.returncode, b"nothing written" in kept.stderr) == (3, True)
    assert not (tmp_path / "answer.txt").exists()
