"""Broken and incomplete documents: every command says what is wrong, and none passes over it."""

import json
from pathlib import Path

import pytest

from conftest import nacre
from documents import PUMP, numeric, submodel, written

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
        ("export", str(path), "--to", "nq", "--lossy"),
    ):
        assert nacre(*arguments).returncode in (0, 1)


def test_two_mistakes_of_syntax_are_a_refusal_for_every_reader(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    twice = b'{"submodels":[{"modelType":"Submodel","id":"a","id":"b","idShort":"\xfe"}]}'
    path.write_bytes(twice)
    for command in ("validate", "show", "shacl"):
        assert nacre(command, str(path)).returncode == 3


def test_what_was_not_understood_is_said(tmp_path: Path) -> None:
    broken = {"modelType": "Propperty", "idShort": "B", "valueType": "xs:string"}
    name = written(tmp_path / "a.json", submodel("urn:a", numeric("A", "1"), broken))
    shown = nacre("shacl", name)
    assert shown.returncode == 1
    assert b"SER-012" in shown.stdout
    for command in (["similar", name, name], ["query", "missing-concepts", name]):
        assert b"could not be understood" in nacre(*command).stderr


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
    for command, given in (("similar", str(PUMP)), ("diff", str(broken))):
        done = nacre(command, given, str(broken))
        assert done.returncode == 3
        assert b"cannot be compared" in done.stderr
    for value in ("", None):  # what RDF cannot show at all
        empty = {**submodel, "submodelElements": [element | {"value": "5", "category": value}]}
        broken.write_text(json.dumps({"submodels": [empty]}), "utf-8")
        assert nacre("shacl", str(broken)).returncode == 1


@pytest.mark.parametrize(
    "stranger",
    ['{"modelType": "Submodell", "id": "urn:b"}', '{"submodels": []}', "5", "null", '"y"', "[]"],
)
@pytest.mark.parametrize("page", ["%s", '{"result": %s}'])
def test_no_member_of_a_list_is_left_out_in_silence(
    tmp_path: Path, stranger: str, page: str
) -> None:
    path = tmp_path / "list.json"
    path.write_text(page % f'[{{"modelType": "Submodel", "id": "urn:a"}}, {stranger}]', "utf-8")
    done = nacre("validate", str(path), "--json")
    assert done.returncode == 1
    (error,) = (x for x in json.loads(done.stdout)["findings"] if x["severity"] == "error")
    assert error["code"] in ("SER-011", "SER-012")
    assert error["location"]["pointer"].endswith("/1")
    for command in (("export", "--to", "xml"), ("merge",)):
        target = tmp_path / "out.xml"
        assert nacre(command[0], str(path), *command[1:], "-o", str(target)).returncode != 0
        assert not target.exists()


def test_files_that_fit_together_in_no_version_are_not_merged(tmp_path: Path) -> None:
    newer = {"modelType": "Submodel", "id": "urn:n", "idShort": "a-b"}
    (tmp_path / "new.json").write_text(json.dumps({"submodels": [newer]}))
    old = "<submodel><idShort>q</idShort><id>x</id></submodel>"
    root = f'<environment xmlns="https://admin-shell.io/aas/3/0"><submodels>{old}</submodels>'
    (tmp_path / "old.xml").write_text(f"{root}</environment>")
    assert nacre("validate", "new.json", "old.xml", cwd=tmp_path).returncode == 0
    done = nacre("merge", "new.json", "old.xml", "-o", "m.json", cwd=tmp_path)
    assert done.returncode == 1
    assert b"old.xml is of metamodel 3.0" in done.stderr
    assert not (tmp_path / "m.json").exists()


def test_a_new_warning_is_said_by_whoever_caused_it(tmp_path: Path) -> None:
    moved = "Pump4711:submodels[0]=(Submodel)urn:other"
    done = nacre("set", str(PUMP), moved, "-o", str(tmp_path / "pump.json"))
    assert done.returncode == 0
    assert b"warning: MET-021" in done.stderr
