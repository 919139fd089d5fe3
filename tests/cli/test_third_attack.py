"""What a new user broke, and what must hold instead."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT, nacre

PUMP = ROOT / "examples" / "pump.json"

_SHELL = {"modelType": "AssetAdministrationShell", "id": "urn:x"}
_ASSET = {"assetKind": "Instance", "globalAssetId": "urn:g"}
_KEYLESS = {
    "modelType": "RelationshipElement",
    "idShort": "Rel",
    "first": {
        "type": "ModelReference",
        "keys": [{"type": "Submodel", "value": "urn:sm"}, {"type": "Entity"}],
    },
    "second": {"type": "ModelReference", "keys": [{"type": "Submodel", "value": "urn:sm"}]},
}
_VARIABLE = {"modelType": "Operation", "idShort": "Op", "inputVariables": [{}]}
#: Documents of which a required part is missing.
INCOMPLETE = {
    "a key without value": {
        "submodels": [{"modelType": "Submodel", "id": "urn:sm", "submodelElements": [_KEYLESS]}]
    },
    "a shell without asset": {"assetAdministrationShells": [_SHELL]},
    "a reference without keys": {
        "assetAdministrationShells": [_SHELL | {"assetInformation": _ASSET, "submodels": [{}]}]
    },
    "a variable without element": {
        "submodels": [{"modelType": "Submodel", "id": "urn:sm", "submodelElements": [_VARIABLE]}]
    },
}


@pytest.mark.parametrize("name", sorted(INCOMPLETE))
def test_no_command_has_a_bug_with_what_is_incomplete(name: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(INCOMPLETE[name]), "utf-8")
    assert nacre("validate", str(path)).returncode == 1
    for command in (
        ("show",),
        ("shacl",),
        ("export", "--to", "json"),
        ("export", "--to", "nt"),
        ("query", "assets"),
        ("diff", str(PUMP)),
        ("similar", str(PUMP)),
    ):
        done = nacre(*command, str(path))
        assert done.returncode in (0, 1, 3), (command, done.stderr)


def test_two_mistakes_of_syntax_are_a_refusal_for_every_reader(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    twice = b'{"submodels":[{"modelType":"Submodel","id":"a","id":"b","idShort":"\xfe"}]}'
    path.write_bytes(twice)
    for command in ("validate", "show", "shacl"):
        assert nacre(command, str(path)).returncode == 3


def test_output_goes_through_links_and_pipes(tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "target.json", tmp_path / "link.json", tmp_path / "pipe"
    target.write_text("keep", "utf-8")
    link.symlink_to(target)
    assert nacre("export", str(PUMP), "--to", "json", "-o", str(link)).returncode == 2
    assert target.read_text("utf-8") == "keep"
    assert nacre("export", str(PUMP), "--to", "json", "-o", str(link), "--force").returncode == 0
    assert link.is_symlink()
    assert json.loads(target.read_bytes())
    assert nacre("set", str(link), "Nameplate/SerialNumber=1").returncode == 0
    assert link.is_symlink()
    assert nacre("show", str(target), "Nameplate/SerialNumber", "--value").stdout == b"1\n"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        assert nacre("export", str(PUMP), "--to", "json", "-o", str(pipe)).returncode == 0
        assert json.loads(reader.communicate(timeout=60)[0])
    assert pipe.is_fifo()
    assert nacre("export", str(PUMP), "--to", "json", "-o", str(tmp_path)).returncode == 2


@pytest.mark.parametrize(
    ("closed", "arguments", "code"), [(1, ("validate", str(PUMP)), 0), (0, ("validate", "-"), 3)]
)
def test_closed_streams_are_empty_ones(closed: int, arguments: tuple[str, ...], code: int) -> None:
    command = [sys.executable, "-m", "nacre_cli", *arguments]
    shell = f'exec "$@" {closed}{"<" if closed == 0 else ">"}&-'
    done = subprocess.run(["sh", "-c", shell, "sh", *command], capture_output=True, check=False)
    assert done.returncode == code, done.stderr
    assert b"bug" not in done.stderr


def test_a_query_that_names_its_graphs_asks_no_others() -> None:
    query = b"SELECT ?s FROM <urn:none> WHERE { ?s a ?o }"
    assert nacre("query", "--sparql", "-", str(PUMP), stdin=query).returncode == 1
    named = (
        b"SELECT ?from ?service WHERE { ?from a ?service }"  # variables, no words of the language
    )
    assert nacre("query", "--sparql", "-", str(PUMP), stdin=named).returncode == 0


def test_an_endless_timeout_is_one() -> None:
    for command in (("shacl",), ("query", "assets")):
        assert nacre(*command, str(PUMP), "--timeout", "inf").returncode == 0
    away = ("query", "assets", "--store", "http://127.0.0.1:9/sparql", "--timeout")
    for seconds in ("inf", "1e300", "nan"):
        assert nacre(*away, seconds).returncode == 3


def test_graphs_with_names_come_back_in_every_format() -> None:
    plain = json.loads(nacre("export", str(PUMP), "--to", "json").stdout)
    for target in ("trig", "nq", "jsonld"):
        both = nacre("export", str(PUMP), "--to", target, "--graph", "both").stdout
        done = nacre("export", "-", "--to", "json", "--strict", stdin=both)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == plain


def test_a_name_that_says_the_wrong_thing_does_not_decide(tmp_path: Path) -> None:
    for name, target in (("pump.ttl", "json"), ("pump.json", "ttl"), ("pump.nt", "aasx")):
        path = tmp_path / name
        path.write_bytes(nacre("export", str(PUMP), "--to", target).stdout)
        assert nacre("validate", str(path)).returncode == 0


def test_no_event_is_recorded_for_a_file_that_is_not_there(tmp_path: Path) -> None:
    nacre("ledger", "init", cwd=tmp_path, NACRE_KEYS=str(tmp_path / "keys"))
    arguments = ("ledger", "record", "--asset", "pmup.aasx", "--activity", "repair")
    done = nacre(*arguments, cwd=tmp_path, NACRE_KEYS=str(tmp_path / "keys"))
    assert done.returncode == 2
    assert b"`pmup.aasx` does not exist" in done.stderr


def test_a_group_without_a_command_shows_its_commands() -> None:
    done = nacre("ledger")
    assert done.returncode == 2
    assert b"\n  audit " in done.stderr


def test_a_typo_in_a_target_is_said_by_every_engine(tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<urn:s> a sh:NodeShape ; sh:targetClass <https://admin-shell.io/aas/3/1/Propertyy> ;\n"
        '  sh:sparql [ sh:message "no" ; sh:select "SELECT $this WHERE { $this a ?x }" ] .\n',
        "utf-8",
    )
    for engine in ((), ("--engine", "pyshacl")):
        done = nacre("shacl", str(PUMP), "--shapes", str(shapes), *engine)
        assert b"SHX-004" in done.stdout


def test_what_cannot_be_read_does_not_conform(tmp_path: Path) -> None:
    element = {"idShort": "Cc", "modelType": "Property", "valueType": "xs:int", "value": 5}
    submodel = {"modelType": "Submodel", "id": "urn:a", "submodelElements": [element]}
    broken, noise = tmp_path / "broken.json", tmp_path / "noise.ttl"
    broken.write_text(json.dumps({"submodels": [submodel]}), "utf-8")
    noise.write_bytes(bytes(range(255, 0, -1)))
    for path, code in ((broken, 1), (noise, 3)):
        done = nacre("shacl", str(path), "--format", "ttl")
        assert done.returncode == code
        assert b"sh:conforms false" in done.stdout
    for command in ("similar", "diff"):  # a wrong type anywhere is a finding, not a refusal
        assert nacre(command, str(PUMP), str(broken)).returncode == 3
        assert b"cannot be compared" in nacre(command, str(PUMP), str(broken)).stderr
