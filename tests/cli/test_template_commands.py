"""Templates and forms on the command line: exit codes, streams, and what is written."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT, nacre
from nacre_aas import files, jsonization
from nacre_aas.model import Environment
from nacre_cli.exit_codes import ExitCode
from nacre_submodels.examples import DEMO


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("nameplate.toml", "nameplate-unfinished.toml", "manual.txt"):
        (tmp_path / name).write_bytes((ROOT / "examples" / name).read_bytes())
    (tmp_path / "demo.json").write_text(json.dumps(DEMO), "utf-8")
    return tmp_path


def ran(folder: Path, *arguments: str) -> Any:
    return nacre(*arguments, cwd=folder, NACRE_TEMPLATES=str(folder / "own"))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["template", "list"], ExitCode.OK),
        (["template", "list", "battery", "--all"], ExitCode.OK),
        (["template", "show", "nameplate"], ExitCode.OK),
        (["template", "show", "demo.json"], ExitCode.OK),
        (["template", "show", "nothing"], ExitCode.NO_VERDICT),
        (["template", "form", "nameplate", "02004"], ExitCode.OK),
        (["template", "form"], ExitCode.USAGE),
        (["template", "lint", "demo.json"], ExitCode.OK),
        (["template", "lint", "nothing.json"], ExitCode.NO_VERDICT),
        (["template", "import", "manual.txt"], ExitCode.NO_VERDICT),
        (["template", "import", "demo.json"], ExitCode.OK),
        (["template", "update", "nothing"], ExitCode.USAGE),
        (["template", "update", "manual.txt"], ExitCode.NO_VERDICT),
        (["template", "stubs", "nameplate"], ExitCode.OK),
        (["generate", "nameplate.toml"], ExitCode.OK),
        (["generate", "nameplate-unfinished.toml"], ExitCode.FINDINGS),
        (["generate", "manual.txt"], ExitCode.NO_VERDICT),
        (["generate", "nothing.toml"], ExitCode.NO_VERDICT),
        (["generate", "nameplate.toml", "-o", "x.json"], ExitCode.USAGE),
        (["generate", "nameplate.toml", "--from-shell", "manual.txt"], ExitCode.NO_VERDICT),
        (["validate", "demo.json", "--template", "nothing"], ExitCode.NO_VERDICT),
    ],
)
def test_exit_codes(folder: Path, arguments: list[str], code: ExitCode) -> None:
    result = ran(folder, *arguments)
    assert result.returncode == code, result.stdout + result.stderr
    assert b"Traceback" not in result.stderr


def test_from_an_empty_form_to_a_package(folder: Path) -> None:
    assert ran(folder, "template", "form", "nameplate", "-o", "new.toml").returncode == ExitCode.OK
    first = ran(folder, "generate", "new.toml")
    assert first.returncode == ExitCode.FINDINGS
    assert b"new.toml:" in first.stdout
    assert not (folder / "new.aasx").exists()
    text = (folder / "new.toml").read_text("utf-8")
    for old, new in (
        ('globalAssetId = ""', 'globalAssetId = "https://example.com/1"'),
        ('URIOfTheProduct = ""', 'URIOfTheProduct = "https://example.com/1"'),
        ('ManufacturerName = { en = "" }', 'ManufacturerName = { en = "ACME" }'),
        (
            'ManufacturerProductDesignation = { en = "" }',
            'ManufacturerProductDesignation = { en = "P" }',
        ),
        ('OrderCodeOfManufacturer = ""', 'OrderCodeOfManufacturer = "O-1"'),
        ('# Street = { en = "" }', 'Street = { en = "S" }'),
        ('# Zipcode = { en = "" }', 'Zipcode = { en = "1" }'),
        ('# CityTown = { en = "" }', 'CityTown = { en = "C" }'),
        ('# NationalCode = { en = "" }', 'NationalCode = { en = "DE" }'),
    ):
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / "new.toml").write_text(text, "utf-8")
    assert ran(folder, "generate", "new.toml").returncode == ExitCode.OK
    result = ran(folder, "validate", "new.aasx", "--json")
    document = json.loads(result.stdout)
    assert document["findings"] == []
    assert {each["code"] for each in document["summary"]["not_checked"]} >= {"SMT-032"}


def test_a_table_row_is_a_form(folder: Path) -> None:
    rows = [
        ["asset.globalAssetId", "submodel.Nameplate.template", "submodel.Nameplate.URIOfTheProduct",
         "submodel.Nameplate.ManufacturerName.en", "submodel.Nameplate.ManufacturerProductDesignation.en",
         "submodel.Nameplate.OrderCodeOfManufacturer", "submodel.Nameplate.AddressInformation.Street.en",
         "submodel.Nameplate.AddressInformation.Zipcode.en", "submodel.Nameplate.AddressInformation.CityTown.en",
         "submodel.Nameplate.AddressInformation.NationalCode.en", "submodel.Nameplate.Markings[0].MarkingName",
         "submodel.Nameplate.Markings[0].MarkingFile"],
        *(
            [f"https://example.com/{n}", "nameplate", f"https://example.com/{n}", "ACME", "Pump", f"O-{n}",
             "S", "1", "C", "DE", "CE", "https://example.com/ce.pdf"]
            for n in (1, 2)
        ),
    ]  # fmt: skip
    with (folder / "t.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, delimiter=";").writerows(rows)
    assert ran(folder, "generate", "t.csv").returncode == ExitCode.NO_VERDICT
    assert ran(folder, "generate", "t.csv", "--row", "3").returncode == ExitCode.NO_VERDICT
    result = ran(folder, "generate", "t.csv", "--row", "2", "-o", "two.aasx")
    assert result.returncode == ExitCode.OK, result.stdout + result.stderr
    shown = ran(folder, "show", "two.aasx", "Nameplate/OrderCodeOfManufacturer", "--value")
    assert shown.stdout.strip() == b"O-2"
    text = (folder / "t.csv").read_text("utf-8")
    for encoding in ("utf-8-sig", "utf-16"):
        (folder / "wide.csv").write_bytes(text.replace(";", "\t").encode(encoding))
        wide = ("generate", "wide.csv", "--row", "2", "-o", f"{encoding}.aasx")
        assert ran(folder, *wide).returncode == ExitCode.OK
        assert (folder / f"{encoding}.aasx").read_bytes() == (folder / "two.aasx").read_bytes()
    import openpyxl

    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    book.save(folder / "t.xlsx")
    assert ran(folder, "generate", "t.xlsx", "--row", "2", "-o", "x.aasx").returncode == ExitCode.OK
    assert (folder / "x.aasx").read_bytes() == (folder / "two.aasx").read_bytes()


def test_a_template_of_ones_own_is_used_once_it_is_imported(folder: Path) -> None:
    instance = json.loads(json.dumps(DEMO))
    instance["submodels"][0]["kind"] = "Instance"
    instance["submodels"][0]["submodelElements"] = instance["submodels"][0]["submodelElements"][1:2]
    instance["submodels"][0]["submodelElements"][0].pop("qualifiers")
    (folder / "x.json").write_text(json.dumps(instance), "utf-8")
    assert ran(folder, "validate", "x.json").returncode == ExitCode.OK
    assert (
        ran(folder, "validate", "x.json", "--template", "demo.json").returncode == ExitCode.FINDINGS
    )
    assert ran(folder, "template", "import", "demo.json").returncode == ExitCode.OK
    result = ran(folder, "validate", "x.json", "--format", "concise")
    assert result.returncode == ExitCode.FINDINGS
    assert b"SMT-001" in result.stdout
    assert b"own" in ran(folder, "template", "list", "Demo").stdout


def test_lint_repairs_what_is_safe(folder: Path) -> None:
    text = json.dumps(DEMO).replace("SMT/Cardinality", "Multiplicity")
    (folder / "old.json").write_text(text, "utf-8")
    found = ran(folder, "template", "lint", "old.json", "--json")
    assert "SMT-202" in {each["code"] for each in json.loads(found.stdout)["findings"]}
    assert ran(folder, "template", "lint", "old.json", "--fix").returncode == ExitCode.OK
    again = ran(folder, "template", "lint", "old.json", "--json")
    assert "SMT-202" not in {each["code"] for each in json.loads(again.stdout)["findings"]}


def test_stubs_are_python(folder: Path) -> None:
    for name in ("nameplate", "02004", "HierarchicalStructures", "02017"):
        text = ran(folder, "template", "stubs", name).stdout.decode()
        scope: dict[str, Any] = {}
        exec(compile(text, name, "exec"), scope)
        assert scope["__all__"]


def test_an_unknown_template_is_said_among_what_was_not_checked(folder: Path) -> None:
    content = Environment(submodels=None)
    (folder / "none.json").write_bytes(jsonization.dumps(content))
    instance = json.loads(json.dumps(DEMO))
    instance["submodels"][0]["kind"] = "Instance"
    instance["submodels"][0].pop("submodelElements")
    (folder / "x.json").write_text(json.dumps(instance), "utf-8")
    document = json.loads(ran(folder, "validate", "x.json", "--json").stdout)
    reasons = [
        each["reason"] for each in document["summary"]["not_checked"] if each["code"] == "SMT-031"
    ]
    assert reasons == ["no template is known for `https://example.com/demo` of submodel `Demo`"]


def test_the_package_of_the_example_is_valid_for_all_versions(folder: Path) -> None:
    assert ran(folder, "generate", "nameplate.toml").returncode == ExitCode.OK
    report = files.validate(str(folder / "nameplate.aasx"))
    assert report.findings == []
    assert report.versions.labels == ("3.0", "3.1", "3.2")


def test_a_damaged_template_of_the_users_own_is_named_and_hinders_nothing_else(
    folder: Path,
) -> None:
    ran(folder, "template", "import", "demo.json")
    (template,) = (folder / "own").glob("*.smt")
    head, *below = template.read_bytes().split(b"\n")
    (folder / "own" / "older.smt").write_bytes(b"\xff\n")
    listed = ran(folder, "template", "list")
    assert listed.returncode == ExitCode.OK
    assert listed.stdout.startswith(b"own ")
    assert b"older.smt" in listed.stderr
    assert ran(folder, "generate", "nameplate.toml").returncode == ExitCode.OK
    unknown = ran(folder, "template", "show", "nothing")
    assert unknown.returncode == ExitCode.NO_VERDICT
    assert b"older.smt" in unknown.stderr
    # A template whose first line is right and whose elements are not is found out when it is needed.
    template.write_bytes(b"\n".join([head, *(line[:-4] for line in below)]))
    shown = ran(folder, "template", "show", "Demo")
    assert shown.returncode == ExitCode.NO_VERDICT
    assert template.name.encode() in shown.stderr
    instance = json.loads((folder / "demo.json").read_bytes())
    for submodel in instance["submodels"]:
        submodel["kind"] = "Instance"
    (folder / "instance.json").write_text(json.dumps(instance), "utf-8")
    report = json.loads(ran(folder, "validate", "instance.json", "--format", "json").stdout)
    assert template.name in json.dumps(report["summary"]["not_checked"])
