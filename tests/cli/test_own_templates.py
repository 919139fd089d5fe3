"""A company's own templates: imported, told apart, and found in files of several."""

import json
from pathlib import Path
from typing import Any

import pytest
from formfiles import asked, corp, element, judged, ran

from conftest import nacre
from documents import reference, written
from nacre_cli.exit_codes import ExitCode
from nacre_submodels import catalogue
from nacre_submodels.check import template_named
from nacre_submodels.examples import DEMO


def test_a_template_of_ones_own_is_used_once_it_is_imported(form_folder: Path) -> None:
    instance = json.loads(json.dumps(DEMO))
    instance["submodels"][0]["kind"] = "Instance"
    instance["submodels"][0]["submodelElements"] = instance["submodels"][0]["submodelElements"][1:2]
    instance["submodels"][0]["submodelElements"][0].pop("qualifiers")
    (form_folder / "x.json").write_text(json.dumps(instance), "utf-8")
    assert ran(form_folder, "validate", "x.json").returncode == ExitCode.OK
    assert (
        ran(form_folder, "validate", "x.json", "--template", "demo.json").returncode
        == ExitCode.FINDINGS
    )
    assert ran(form_folder, "template", "import", "demo.json").returncode == ExitCode.OK
    result = ran(form_folder, "validate", "x.json", "--format", "concise")
    assert result.returncode == ExitCode.FINDINGS
    assert b"SMT-001" in result.stdout
    assert b"own" in ran(form_folder, "template", "list", "Demo").stdout


def test_an_import_takes_the_place_of_no_other_template(tmp_path: Path) -> None:
    own: dict[str, Any] = {"NACRE_TEMPLATES": str(tmp_path / "own")}
    for number in (1, 2):
        meaning = reference(f"urn:corp/{number}")
        template = corp("Template", element("Aa", qualifiers=asked(("SMT/Cardinality", "One"))))
        name = written(tmp_path / f"c{number}.json", template | {"semanticId": meaning})
        assert nacre("template", "import", name, **own).returncode == 0
        assert nacre("template", "import", name, **own).returncode == 0  # again: the same place
    assert len(list((tmp_path / "own").iterdir())) == 2
    for number in (1, 2):
        instance = corp("Instance", semanticId=reference(f"urn:corp/{number}"))
        del instance["submodelElements"]
        written(tmp_path / "i.json", instance)
        assert b"SMT-001" in nacre("validate", str(tmp_path / "i.json"), **own).stdout
    bad = tmp_path / "bad.json"
    bad.write_text("{", "utf-8")
    third = written(tmp_path / "c3.json", corp("Template", element("Bb")))
    assert nacre("template", "import", third, str(bad), **own).returncode == 3
    assert len(list((tmp_path / "own").iterdir())) == 2


def test_own_templates_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for number in (1, 2):
        template = {
            "modelType": "Submodel",
            "id": f"urn:t{number}",
            "idShort": "Vee",
            "kind": "Template",
            "semanticId": reference(f"urn:vee{number}"),
        }
        (tmp_path / "t.json").write_text(json.dumps({"submodels": [template]}), "utf-8")
        assert ran(tmp_path, "template", "import", "t.json").returncode == ExitCode.OK
    assert ran(tmp_path, "template", "list", "Vee").stdout.count(b"Vee") == 2
    result = ran(tmp_path, "template", "form", "Vee")
    assert result.returncode == ExitCode.NO_VERDICT
    assert b"urn:vee1 or urn:vee2" in result.stderr
    assert ran(tmp_path, "template", "form", "urn:vee2").returncode == ExitCode.OK


def test_one_of_several_templates_of_a_file_can_be_named(tmp_path: Path) -> None:
    second = corp("Template", element("Bb"), id="urn:t2", idShort="Second")
    name = written(tmp_path / "t.json", corp("Template", element("Aa")), second)
    found = nacre("template", "show", name)
    assert found.returncode == 3
    assert f"`{name}#Second`".encode() in found.stderr
    assert b"Bb" in nacre("template", "show", f"{name}#Second").stdout
    other = nacre("template", "show", f"{name}#Third")
    assert other.returncode == 3
    assert b"holds no template `Third`" in other.stderr


def test_a_template_file_with_the_mark_in_its_name_is_found(tmp_path: Path) -> None:
    name = written(tmp_path / "t#1.json", corp("Template", element("Aa")))
    assert template_named(name, catalogue.shipped()).name == "Corp"


def test_a_damaged_template_of_the_users_own_is_named_and_hinders_nothing_else(
    form_folder: Path,
) -> None:
    ran(form_folder, "template", "import", "demo.json")
    (template,) = (form_folder / "own").glob("*.smt")
    head, *below = template.read_bytes().split(b"\n")
    (form_folder / "own" / "older.smt").write_bytes(b"\xff\n")
    listed = ran(form_folder, "template", "list")
    assert listed.returncode == ExitCode.OK
    assert listed.stdout.startswith(b"own ")
    assert b"older.smt" in listed.stderr
    assert ran(form_folder, "generate", "nameplate.toml").returncode == ExitCode.OK
    unknown = ran(form_folder, "template", "show", "nothing")
    assert unknown.returncode == ExitCode.NO_VERDICT
    assert b"older.smt" in unknown.stderr
    # A template whose first line is right and whose elements are not is found out when it is needed.
    template.write_bytes(b"\n".join([head, *(line[:-4] for line in below)]))
    shown = ran(form_folder, "template", "show", "Demo")
    assert shown.returncode == ExitCode.NO_VERDICT
    assert template.name.encode() in shown.stderr
    instance = json.loads((form_folder / "demo.json").read_bytes())
    for submodel in instance["submodels"]:
        submodel["kind"] = "Instance"
    (form_folder / "instance.json").write_text(json.dumps(instance), "utf-8")
    report = json.loads(ran(form_folder, "validate", "instance.json", "--format", "json").stdout)
    assert template.name in json.dumps(report["summary"]["not_checked"])


def test_a_template_is_named_by_its_semantic_id_from_another_folder(tmp_path: Path) -> None:
    """The address in the name keeps both of its slashes."""
    address = {"semanticId": reference("https://acme.example/corp")}
    templates = tmp_path / "templates"
    templates.mkdir()
    written(templates / "t.json", corp("Template", element("Aa")) | address)
    name = "templates/t.json#https://acme.example/corp"
    (tmp_path / "forms").mkdir()
    made = nacre("template", "form", name, "-o", "forms/f.toml", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    text = (tmp_path / "forms/f.toml").read_text("utf-8")
    assert 'template = "../templates/t.json#https://acme.example/corp"' in text
    filled = text.replace('globalAssetId = ""', 'globalAssetId = "urn:a"').replace(
        '# Aa = ""', 'Aa = "1"'
    )
    (tmp_path / "forms/f.toml").write_text(filled, "utf-8")
    done = nacre("generate", "forms/f.toml", "-o", "a.aasx", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def _operation(kind: str, **lists: list[str]) -> dict[str, Any]:
    variables = {
        name: [{"value": element(each)} for each in names] for name, names in lists.items() if names
    }
    run = {"modelType": "Operation", "idShort": "Run", "semanticId": reference("urn:run")}
    stated = {"qualifiers": asked(("SMT/Cardinality", "One"))} if kind == "Template" else {}
    return corp(kind, run | stated | variables)


@pytest.mark.parametrize(
    ("inputs", "outputs", "expected"),
    [
        (["Speed", "Mode"], ["Result"], []),
        (["Mode", "Speed"], ["Result"], []),
        (["Speed"], ["Result"], ["SMT-001"]),
        (["Speed", "Mode"], [], ["SMT-001"]),
        (["Speed", "Mode", "Speed"], ["Result"], ["SMT-002"]),
        (["Speed", "Mode", "Result"], [], ["SMT-001"]),
    ],
)
def test_the_variables_of_an_operation_are_its_signature(
    tmp_path: Path, inputs: list[str], outputs: list[str], expected: list[str]
) -> None:
    template = _operation("Template", inputVariables=["Speed", "Mode"], outputVariables=["Result"])
    instance = _operation("Instance", inputVariables=inputs, outputVariables=outputs)
    found = judged(tmp_path, template, instance)
    assert [each for each in found if each.startswith("SMT")] == expected


def test_a_template_of_ones_own_in_the_place_of_a_published_one_is_named(tmp_path: Path) -> None:
    published = catalogue.shipped().find("02006").semantic_id or ""
    own: dict[str, Any] = {"NACRE_TEMPLATES": str(tmp_path / "own")}
    demand = asked(("SMT/Cardinality", "One"))
    template = corp("Template", element("Only", qualifiers=demand), semanticId=reference(published))
    name = written(tmp_path / "t.json", template)
    instance = corp("Instance", element("Only", value="x"), semanticId=reference(published))
    written(tmp_path / "i.json", instance)
    before = nacre("validate", str(tmp_path / "i.json"), "--json", **own)
    assert b"SMT-001" in before.stdout
    assert nacre("template", "import", name, **own).returncode == 0
    after = json.loads(nacre("validate", str(tmp_path / "i.json"), "--json", **own).stdout)
    assert [each["code"] for each in after["findings"]] == ["SMT-024"]


def test_operations_within_operations_end(tmp_path: Path) -> None:
    inner: dict[str, Any] = element("Last")
    for depth in range(25):
        inner = {
            "modelType": "Operation",
            "idShort": f"Run{depth}",
            "semanticId": reference(f"urn:run{depth}"),
            "inputVariables": [{"value": inner}],
        }
    assert "SMT-001" not in judged(tmp_path, corp("Template", inner), corp("Instance", inner))
