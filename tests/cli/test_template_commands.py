"""Templates and forms on the command line: exit codes, streams, and what is written."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from formfiles import asked, corp, element, ran

from conftest import nacre
from documents import written
from nacre_aas import files, jsonization
from nacre_aas.model import Environment
from nacre_cli.exit_codes import ExitCode
from nacre_submodels.examples import DEMO, EXAMPLES


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
        (["generate", "fleet"], ExitCode.USAGE),
        (["generate", "old.xls"], ExitCode.USAGE),
        (["generate", "nameplate.toml", "--from-shell", "manual.txt"], ExitCode.NO_VERDICT),
        (["validate", "demo.json", "--template", "nothing"], ExitCode.NO_VERDICT),
    ],
)
def test_exit_codes(form_folder: Path, arguments: list[str], code: ExitCode) -> None:
    result = ran(form_folder, *arguments)
    assert result.returncode == code, result.stdout + result.stderr
    assert b"Traceback" not in result.stderr


def test_from_an_empty_form_to_a_package(form_folder: Path) -> None:
    assert (
        ran(form_folder, "template", "form", "nameplate", "-o", "new.toml").returncode
        == ExitCode.OK
    )
    first = ran(form_folder, "generate", "new.toml")
    assert first.returncode == ExitCode.FINDINGS
    assert b"new.toml:" in first.stdout
    assert not (form_folder / "new.aasx").exists()
    text = (form_folder / "new.toml").read_text("utf-8")
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
    (form_folder / "new.toml").write_text(text, "utf-8")
    assert ran(form_folder, "generate", "new.toml").returncode == ExitCode.OK
    result = ran(form_folder, "validate", "new.aasx", "--json")
    document = json.loads(result.stdout)
    assert document["findings"] == []
    assert {each["code"] for each in document["summary"]["not_checked"]} >= {"SMT-032"}


def test_a_table_row_is_a_form(form_folder: Path) -> None:
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
    with (form_folder / "t.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, delimiter=";").writerows(rows)
    assert ran(form_folder, "generate", "t.csv").returncode == ExitCode.NO_VERDICT
    assert ran(form_folder, "generate", "t.csv", "--row", "3").returncode == ExitCode.NO_VERDICT
    result = ran(form_folder, "generate", "t.csv", "--row", "2", "-o", "two.aasx")
    assert result.returncode == ExitCode.OK, result.stdout + result.stderr
    shown = ran(form_folder, "show", "two.aasx", "Nameplate/OrderCodeOfManufacturer", "--value")
    assert shown.stdout.strip() == b"O-2"
    text = (form_folder / "t.csv").read_text("utf-8")
    for encoding in ("utf-8-sig", "utf-16"):
        (form_folder / "wide.csv").write_bytes(text.replace(";", "\t").encode(encoding))
        wide = ("generate", "wide.csv", "--row", "2", "-o", f"{encoding}.aasx")
        assert ran(form_folder, *wide).returncode == ExitCode.OK
        assert (form_folder / f"{encoding}.aasx").read_bytes() == (
            form_folder / "two.aasx"
        ).read_bytes()
    import openpyxl

    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    book.save(form_folder / "t.xlsx")
    assert (
        ran(form_folder, "generate", "t.xlsx", "--row", "2", "-o", "x.aasx").returncode
        == ExitCode.OK
    )
    assert (form_folder / "x.aasx").read_bytes() == (form_folder / "two.aasx").read_bytes()


def test_lint_repairs_what_is_safe(form_folder: Path) -> None:
    text = json.dumps(DEMO).replace("SMT/Cardinality", "Multiplicity")
    (form_folder / "old.json").write_text(text, "utf-8")
    found = ran(form_folder, "template", "lint", "old.json", "--json")
    assert "SMT-202" in {each["code"] for each in json.loads(found.stdout)["findings"]}
    assert ran(form_folder, "template", "lint", "old.json", "--fix").returncode == ExitCode.OK
    again = ran(form_folder, "template", "lint", "old.json", "--json")
    assert "SMT-202" not in {each["code"] for each in json.loads(again.stdout)["findings"]}


def test_lint_says_what_it_leaves_as_it_is(tmp_path: Path) -> None:
    qualifier = {"type": "Multiplicity", "valueType": "xs:string", "value": "One"}
    content = corp("Instance", element("Aa", qualifiers=[qualifier]))
    path = Path(written(tmp_path / "i.json", content))
    before = path.read_bytes()
    result = nacre("template", "lint", str(path), "--fix")
    assert b"SMT-21" in result.stdout
    assert b"`Corp` is not of kind Template and left as it is" in result.stderr
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("value", "demand", "expected"),
    [
        ("5", ("SMT/AllowedRange", "[0,10]"), []),
        ("50", ("SMT/AllowedRange", "[0,10]"), ["SMT-217"]),
        ("5", ("SMT/AllowedValue", "5;7"), []),
        ("6", ("SMT/AllowedValue", "5;7"), ["SMT-217"]),
    ],
)
def test_lint_holds_the_value_of_a_template_against_its_own_demands(
    tmp_path: Path, value: str, demand: tuple[str, str], expected: list[str]
) -> None:
    stated = asked(("SMT/Cardinality", "One"), demand)
    content = corp("Template", element("Aa", "xs:int", qualifiers=stated, value=value))
    result = nacre("template", "lint", written(tmp_path / "t.json", content), "--json")
    assert [each["code"] for each in json.loads(result.stdout)["findings"]] == expected


def test_stubs_are_python(form_folder: Path) -> None:
    for name in ("nameplate", "02004", "HierarchicalStructures", "02017"):
        text = ran(form_folder, "template", "stubs", name).stdout.decode()
        scope: dict[str, Any] = {}
        exec(compile(text, name, "exec"), scope)
        assert scope["__all__"]


def test_a_name_that_a_template_has_twice_stands_once_in_its_stubs(form_folder: Path) -> None:
    text = ran(form_folder, "template", "stubs", "02018").stdout.decode()
    for table in re.findall(r"(?s)TypedDict\((.*?)total=False", text):
        keys = re.findall(r"^        '(\w+)':", table, re.MULTILINE)
        assert len(keys) == len(set(keys)), keys


def test_an_unknown_template_is_said_among_what_was_not_checked(form_folder: Path) -> None:
    content = Environment(submodels=None)
    (form_folder / "none.json").write_bytes(jsonization.dumps(content))
    instance = json.loads(json.dumps(DEMO))
    instance["submodels"][0]["kind"] = "Instance"
    instance["submodels"][0].pop("submodelElements")
    (form_folder / "x.json").write_text(json.dumps(instance), "utf-8")
    document = json.loads(ran(form_folder, "validate", "x.json", "--json").stdout)
    reasons = [
        each["reason"] for each in document["summary"]["not_checked"] if each["code"] == "SMT-031"
    ]
    assert reasons == ["no template is known for `https://example.com/demo` of submodel `Demo`"]


def test_the_package_of_the_example_is_valid_for_all_versions(form_folder: Path) -> None:
    assert ran(form_folder, "generate", "nameplate.toml").returncode == ExitCode.OK
    report = files.validate(str(form_folder / "nameplate.aasx"))
    assert report.findings == []
    assert report.versions.labels == ("3.0", "3.1", "3.2")


def test_lint_changes_a_semantic_id_only_when_told_to(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps(EXAMPLES["SMT-211"].example.wrong), "utf-8")
    before = jsonization.loads(path.read_bytes())
    nacre("template", "lint", str(path), "--fix")
    assert jsonization.loads(path.read_bytes()) == before
    assert nacre("template", "lint", str(path), "--unsafe-fixes").returncode == 0
    assert jsonization.loads(path.read_bytes()) != before
