"""What a new supplier ran into: templates with mistakes of their own, types, tables, near misses."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from conftest import ROOT, nacre
from nacre_aas import files, jsonization
from nacre_aas.model import Environment
from nacre_cli.exit_codes import ExitCode
from nacre_submodels import catalogue
from nacre_submodels.builder import build
from nacre_submodels.check import TemplateCheck
from nacre_submodels.errors import FormError
from nacre_submodels.form import read_toml
from nacre_submodels.generating import overlaid
from nacre_submodels.qualifiers import allowed_values
from nacre_submodels.samples import sample


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("nameplate.toml", "manual.txt"):
        (tmp_path / name).write_bytes((ROOT / "examples" / name).read_bytes())
    return tmp_path


def ran(folder: Path, *arguments: str) -> Any:
    return nacre(*arguments, cwd=folder, NACRE_TEMPLATES=str(folder / "own"))


def test_a_concept_with_a_mistake_of_the_templates_is_left_out_and_named(folder: Path) -> None:
    template = {
        "modelType": "Submodel",
        "id": "urn:t",
        "idShort": "Own",
        "kind": "Template",
        "semanticId": reference("urn:own"),
        "submodelElements": [
            {
                "modelType": "Property",
                "idShort": "Colour",
                "valueType": "xs:string",
                "semanticId": reference("urn:colour"),
                "qualifiers": [
                    {
                        "kind": "TemplateQualifier",
                        "type": "SMT/Cardinality",
                        "valueType": "xs:string",
                        "value": "One",
                    }
                ],
            }
        ],
    }
    twice = [{"language": "en", "text": "a"}, {"language": "en", "text": "b"}]
    concept = {
        "modelType": "ConceptDescription",
        "id": "urn:colour",
        "description": twice,
    }
    document = {"submodels": [template], "conceptDescriptions": [concept]}
    (folder / "t.json").write_text(json.dumps(document), "utf-8")
    (folder / "f.toml").write_text(
        'form = 1\n[asset]\nglobalAssetId = "urn:a"\n[submodel.Own]\ntemplate = "t.json"\nColour = "red"\n',
        "utf-8",
    )
    result = ran(folder, "generate", "f.toml", "-o", "f.aasx")
    assert result.returncode == ExitCode.OK, result.stdout
    assert b"`urn:colour`" in result.stderr
    assert files.validate(str(folder / "f.aasx")).findings == []


def reference(value: str) -> dict[str, Any]:
    return {"type": "ExternalReference", "keys": [{"type": "GlobalReference", "value": value}]}


def made(name: str, **values: Any) -> Any:
    found = catalogue.shipped()
    template = found.template(found.find(name))
    return template, build(template, {**sample(template, required_only=True), **values}, "urn:s")


@pytest.mark.parametrize(
    ("of_type", "of_form", "expected"),
    [
        (["de", "en"], ["fr"], ["fr"]),
        (["de"], ["fr", "it"], ["fr", "it"]),
        (["de", "en"], ["fr", "it"], ["fr", "it"]),
        (["de", "en"], None, ["de", "en"]),
    ],
)
def test_repeated_values_of_a_form_stand_over_those_of_the_type(
    of_type: list[str], of_form: list[str] | None, expected: list[str]
) -> None:
    template, base = made("02002", ContactInformation={"Language": of_type})
    contact = {"Language": of_form} if of_form else {"Title": {"en": "Dr"}}
    _, over = made("02002", ContactInformation=contact)
    merged = overlaid(
        base.submodel.submodel_elements, over.submodel.submodel_elements, template.elements
    )
    (information,) = merged
    values = [each.value for each in information.value if each.id_short.startswith("Language")]
    assert values == expected


def test_what_the_type_says_beside_its_values_is_kept(folder: Path) -> None:
    assert ran(folder, "generate", "nameplate.toml", "-o", "type.aasx").returncode == 0
    ran(folder, "export", "type.aasx", "--to", "json", "-o", "type.json")
    content = json.loads((folder / "type.json").read_bytes())
    (submodel,) = content["submodels"]
    words = [{"language": "en", "text": "kept"}]
    submodel |= {"displayName": words, "administration": {"version": "7"}}
    for each in submodel["submodelElements"]:
        each["description"] = words
    (folder / "type.json").write_text(json.dumps(content), "utf-8")
    (folder / "one.toml").write_text(
        'form = 1\n[asset]\nglobalAssetId = "https://acme.example/p/9"\n[submodel.Nameplate]\n'
        'template = "nameplate"\nSerialNumber = "9"\nURIOfTheProduct = "https://acme.example/p/9"\n',
        "utf-8",
    )
    result = ran(folder, "generate", "one.toml", "--from-shell", "type.json", "-o", "one.aasx")
    assert result.returncode == ExitCode.OK, result.stdout
    ran(folder, "export", "one.aasx", "--to", "json", "-o", "one.json")
    (made_,) = json.loads((folder / "one.json").read_bytes())["submodels"]
    assert made_["displayName"] == words
    assert made_["administration"] == {"version": "7"}
    by_name = {each["idShort"]: each for each in made_["submodelElements"]}
    assert by_name["SerialNumber"]["value"] == "9"
    assert all(
        by_name[each["idShort"]]["description"] == words for each in submodel["submodelElements"]
    )


@pytest.mark.parametrize("format_", ["000000", "0.00"])
def test_zeros_that_a_table_shows_are_there(folder: Path, format_: str) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["asset.globalAssetId", "submodel.Nameplate.SerialNumber"])
    sheet.append(["urn:a", 4711 if format_ == "000000" else 1.1])
    sheet.cell(2, 2).number_format = format_
    book.save(folder / "t.xlsx")
    from nacre_submodels.records import read_row

    found = read_row(str(folder / "t.xlsx")).submodels["Nameplate"]["SerialNumber"]
    assert found == {"000000": "004711", "0.00": "1.10"}[format_]


@pytest.mark.parametrize("number", ["+49123", "-0", "0x10", "1_000"])
def test_a_number_that_would_be_rewritten_is_refused(number: str) -> None:
    with pytest.raises(FormError, match="as it is written"):
        read_toml(f"form = 1\n[submodel.A]\nSerialNumber = {number}  # so\n")
    assert read_toml(f'a = "{number}"\nb = 4711\n').content == {"a": number, "b": 4711}
    text = f"first\nphone = {number}\n"  # as words of a long text it is kept
    assert read_toml(f'a = """{text}"""').content == {"a": text}


def findings(submodel: Any) -> list[tuple[str, str]]:
    data = jsonization.dumps(Environment(submodels=[submodel]))
    report = files.validate("x", data=data, checks=[TemplateCheck()])
    return [(each.code, each.message) for each in report.findings if "differs" in each.message]


def test_another_version_is_said_although_a_further_semantic_id_fits() -> None:
    _, built = made("02004")
    for old in ("002", "004"):
        (key,) = built.submodel.semantic_id.keys
        key.value = key.value[:-3] + old
        assert built.submodel.supplemental_semantic_ids
        ((code, message),) = findings(built.submodel)
        assert code == "SMT-022"
        assert message.endswith("#003`")
    built.submodel.supplemental_semantic_ids = None
    near = catalogue.shipped().near(key.value)
    assert near is not None
    assert near.endswith("#003")


def test_own_templates_of_one_name_are_told_apart(folder: Path) -> None:
    for number in (1, 2):
        template = {
            "modelType": "Submodel",
            "id": f"urn:t{number}",
            "idShort": "Vee",
            "kind": "Template",
            "semanticId": reference(f"urn:vee{number}"),
        }
        (folder / "t.json").write_text(json.dumps({"submodels": [template]}), "utf-8")
        assert ran(folder, "template", "import", "t.json").returncode == ExitCode.OK
    result = ran(folder, "template", "form", "Vee")
    assert result.returncode == ExitCode.NO_VERDICT
    assert b"urn:vee1 or urn:vee2" in result.stderr
    assert ran(folder, "template", "form", "urn:vee2").returncode == ExitCode.OK


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("^[A-Z]{3}$", None),
        ("[A-Z]+-[0-9]+", None),
        ("(red|green) light", None),
        (r"\d{4}", None),
        (".*", None),
        ("red; green", ("red", "green")),
        ("red|green", ("red", "green")),
        ("US$; (none); 5.0 [m]", ("US$", "(none)", "5.0 [m]")),
    ],
)
def test_a_regular_expression_is_no_list_of_values(
    text: str, expected: tuple[str, ...] | None
) -> None:
    assert allowed_values(text) == expected
