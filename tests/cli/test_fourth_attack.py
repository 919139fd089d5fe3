"""What a fourth user broke: files overwritten, ids with invisible characters, twins of a type, encodings."""

import itertools
import json
import re
from pathlib import Path

import pytest

from conftest import ROOT, nacre
from nacre_aas import files
from nacre_aas.conversion import convert
from nacre_aas.diff import changes
from nacre_aas.jsonization import dumps, loads
from nacre_aas.model import Entity, Environment, Property, Submodel
from nacre_aas.model.submodel_elements import AnySubmodelElement
from nacre_aas.versions import Metamodel
from nacre_aas.xsd import problem
from nacre_submodels import builder, catalogue
from nacre_submodels.check import TemplateCheck
from nacre_submodels.errors import TemplateError
from nacre_submodels.examples import EXAMPLES
from nacre_submodels.form import form
from nacre_submodels.semantics import near_key
from nacre_submodels.template import walk

PUMP = ROOT / "examples" / "pump.json"


def submodel(*elements: AnySubmodelElement, **attributes: str) -> Environment:
    made = Submodel(id="urn:s", submodel_elements=list(elements) or None)
    for name, value in attributes.items():
        setattr(made, name, value)
    return Environment(submodels=[made])


def test_findings_overwrite_no_file_unasked(tmp_path: Path) -> None:
    target = tmp_path / "pump.json"
    target.write_bytes(PUMP.read_bytes())
    assert nacre("validate", str(target), "-o", str(target)).returncode == 2
    assert target.read_bytes() == PUMP.read_bytes()
    report = tmp_path / "report.txt"
    assert nacre("validate", str(target), "-o", str(report)).returncode == 0
    assert nacre("validate", str(target), "-o", str(report)).returncode == 2
    assert nacre("validate", str(target), "-o", str(report), "--force").returncode == 0


NAMEPLATE = "https://admin-shell.io/idta/nameplate/3/0/Nameplate"


@pytest.mark.parametrize(
    "spelled",
    [
        f"{NAMEPLATE} ",
        f"\t{NAMEPLATE}",
        f"{NAMEPLATE}\u00a0",
        f"{NAMEPLATE}\u200b",
        f"\ufeff{NAMEPLATE}",
    ],
)
def test_blanks_and_invisible_characters_in_the_id_of_a_submodel_are_near_misses(
    spelled: str,
) -> None:
    document = {
        "submodels": [
            {
                "modelType": "Submodel",
                "id": "urn:s",
                "semanticId": {
                    "type": "ExternalReference",
                    "keys": [{"type": "GlobalReference", "value": spelled}],
                },
            }
        ]
    }
    report = files.validate("x", data=json.dumps(document).encode(), checks=[TemplateCheck()])
    assert "SMT-022" in {each.code for each in report.findings}


def test_other_spellings_of_an_iri_are_near() -> None:
    plain = near_key("https://example.com/concepts/price")
    for other in (
        "https://example.com/concepts/pric%65",
        "https://EXAMPLE.com:443/concepts/price#",
    ):
        assert near_key(other) == plain


def test_references_inside_of_a_type_follow_into_what_is_derived_from_it(tmp_path: Path) -> None:
    inside = [
        {"type": "Submodel", "value": "https://e.x/T/hs"},
        {"type": "Property", "value": "Part"},
    ]
    submodel = {
        "modelType": "Submodel",
        "id": "https://e.x/T/hs",
        "idShort": "HS",
        "submodelElements": [
            {"modelType": "Property", "idShort": "Part", "valueType": "xs:string", "value": "x"},
            {
                "modelType": "ReferenceElement",
                "idShort": "Link",
                "value": {"type": "ModelReference", "keys": inside},
            },
        ],
    }
    shell = {
        "modelType": "AssetAdministrationShell",
        "id": "https://e.x/T/aas",
        "assetInformation": {"assetKind": "Type", "globalAssetId": "https://e.x/T"},
        "submodels": [{"type": "ModelReference", "keys": inside[:1]}],
    }
    (tmp_path / "type.json").write_text(
        json.dumps({"assetAdministrationShells": [shell], "submodels": [submodel]}), "utf-8"
    )
    (tmp_path / "form.toml").write_text('form = 1\n[asset]\nglobalAssetId = "https://e.x/I1"\n')
    made = nacre("generate", "form.toml", "--from-shell", "type.json", "-o", "i.aasx", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    found = json.loads(nacre("validate", "i.aasx", "--json", cwd=tmp_path).stdout)
    assert [each["code"] for each in found["findings"]] == []
    link = nacre("show", "i.aasx", "HS/Link", cwd=tmp_path).stdout
    assert b"https://e.x/I1/submodels/HS" in link


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_files_and_pipes_get_utf_8_whatever_the_locale(tmp_path: Path, encoding: str) -> None:
    text = "é€😀"
    content = submodel(Property(id_short="Aa", value_type="xs:string", value=text), id_short="Ss")
    (tmp_path / "x.json").write_bytes(dumps(content))
    shown = nacre("show", "x.json", "Ss/Aa", "--value", cwd=tmp_path, PYTHONIOENCODING=encoding)
    assert shown.stdout.decode().strip() == text
    (tmp_path / "y.json").write_bytes(dumps(submodel(id_short="Ss")))
    patch = nacre(
        "diff", "y.json", "x.json", "--format", "patch", cwd=tmp_path, PYTHONIOENCODING=encoding
    )
    assert text in json.dumps(json.loads(patch.stdout), ensure_ascii=False)


def test_what_was_left_out_is_said_and_not_called_valid(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(
        '{"submodels":[{"modelType":"Submodel","id":"x","idShort":"1bad"}]}', "utf-8"
    )
    for options in (("--only", "SMT"), ("--skip", "AASd-002")):
        text = nacre("validate", "x.json", *options, cwd=tmp_path)
        assert text.returncode == 0
        assert b"1 error left out" in text.stdout
        assert b"valid" not in text.stdout
        found = json.loads(nacre("validate", "x.json", *options, "--json", cwd=tmp_path).stdout)
        left_out = [each for each in found["summary"]["not_checked"] if each["code"] == "AASd-002"]
        assert len(left_out) == 1
        assert "left out" in left_out[0]["reason"]


def test_an_entity_with_an_asset_id_becomes_self_managed_in_3_0() -> None:
    for attributes in ({"global_asset_id": "g"}, {}):
        content = submodel(Entity(id_short="Ee", **attributes))  # type: ignore[arg-type]
        result, losses = convert(content, Metamodel.V3_0)
        (made,) = (result.submodels or [])[0].submodel_elements or []
        assert isinstance(made, Entity)
        assert made.entity_type == ("SelfManagedEntity" if attributes else "CoManagedEntity")
        assert not any("AASd-014" in each.message for each in losses)


def test_what_is_left_out_is_what_it_means() -> None:
    """As the digest has it: `kind` Instance and `orderRelevant` true may be left out."""
    from nacre_aas.digest import digest

    one, other = submodel(), submodel(kind="Instance")
    assert digest(one).root == digest(other).root
    assert changes(one, other) == []
    assert changes(one, submodel(kind="Template")) != []


def test_blanks_stand_inside_of_base64_only() -> None:
    assert problem("YQ ==", "xs:base64Binary") is None
    for text in ("YQ== ", " YQ==", "\nYQ=="):
        assert problem(text, "xs:base64Binary") is not None


@pytest.mark.parametrize("value", [object(), b"x", {1, 2}])
def test_a_value_of_python_that_is_none_of_a_form_is_trouble(value: object) -> None:
    found = catalogue.shipped()
    template = found.template(found.find("nameplate"))
    built = builder.build(template, {"SerialNumber": value}, "urn:s")
    assert [each.path for each in built.troubles] == [("SerialNumber",)]


def test_hints_about_templates_can_be_followed() -> None:
    found = catalogue.shipped()
    with pytest.raises(TemplateError) as ambiguous:
        found.find("02011")
    hint = ambiguous.value.hint or ""
    for name in hint.removeprefix("use the number or name of one of ").split(", "):
        assert found.find(name.strip("`")).number == "02011"
    with pytest.raises(TemplateError, match="fits several"):
        found.find("02035")
    with pytest.raises(TemplateError) as near:
        found.find("https://admin-shell.io/idta/nameplate/3/0/nameplate")
    assert NAMEPLATE in (near.value.hint or "")


def test_an_error_in_an_excel_cell_is_no_value(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["asset.globalAssetId", "submodel.Nameplate.SerialNumber"])
    book.active.append(["https://e.x/1", "=1/0"])
    book.active["B2"].value, book.active["B2"].data_type = "#DIV/0!", "e"
    book.save(tmp_path / "t.xlsx")
    result = nacre("generate", "t.xlsx", "-o", "x.aasx", cwd=tmp_path)
    assert result.returncode in (1, 3)
    assert b"B2 holds the error `#DIV/0!`" in result.stderr + result.stdout


def test_lint_changes_a_semantic_id_only_when_told_to(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps(EXAMPLES["SMT-211"].example.wrong), "utf-8")
    before = loads(path.read_bytes())
    nacre("template", "lint", str(path), "--fix")
    assert loads(path.read_bytes()) == before
    assert nacre("template", "lint", str(path), "--unsafe-fixes").returncode == 0
    assert loads(path.read_bytes()) != before


def test_a_form_with_equal_ids_or_an_empty_text_makes_no_package(tmp_path: Path) -> None:
    head = 'form = 1\n[asset]\nglobalAssetId = "https://e.x/1"\n'
    one = '[submodel.Nameplate]\nid = "https://e.x/1/aas"\nManufacturerName = {}\n'
    (tmp_path / "form.toml").write_text(head + one, "utf-8")
    result = nacre("generate", "form.toml", "-o", "x.aasx", cwd=tmp_path)
    assert result.returncode == 1
    assert b"is that of the shell" in result.stdout + result.stderr
    assert b"`ManufacturerName` is empty" in result.stdout + result.stderr
    assert not (tmp_path / "x.aasx").exists()


def test_a_form_has_a_place_for_every_required_member_of_a_list() -> None:
    found = catalogue.shipped()
    template = found.template(found.find("FactoryAutomationDataForPlant"))
    (members,) = (each.elements for each in template.elements if len(each.elements) > 1)
    assert sum(each.minimum for each in members) == 21
    text = form([template])
    assert text.count(".AutomationMLAttributeAndInterfaceList]]") == 21
    names = {below.id_short for each in members for below in each.elements}
    assert all(f"\n{name} = " in text for name in names)


def test_the_form_of_a_bill_of_material_can_be_filled_in(tmp_path: Path) -> None:
    assert (
        nacre("template", "form", "HierarchicalStructures", "-o", "f.toml", cwd=tmp_path).returncode
        == 0
    )
    text = (tmp_path / "f.toml").read_text("utf-8")
    number = itertools.count()
    filled = re.sub(
        r'\nglobalAssetId = ""', lambda _: f'\nglobalAssetId = "urn:{next(number)}"', text
    )
    (tmp_path / "f.toml").write_text(
        filled.replace('ArcheType = ""', 'ArcheType = "Full"'), "utf-8"
    )
    made = nacre("generate", "f.toml", "-o", "x.aasx", cwd=tmp_path)
    assert made.returncode == 0, made.stdout


def test_a_form_says_itself_where_references_lead(tmp_path: Path) -> None:
    """Only what comes from the type follows into the derived submodels."""
    base = "https://e.x/T/doc"
    link = {"type": "ModelReference", "keys": [{"type": "Submodel", "value": base}]}
    meaning = {"type": "ExternalReference", "keys": [{"type": "GlobalReference", "value": "urn:m"}]}

    def element(name: str, **more: object) -> dict[str, object]:
        return {"modelType": "ReferenceElement", "idShort": name, **more}

    def document(kind: str, identifier: str, **more: object) -> dict[str, object]:
        cardinality = {"type": "SMT/Cardinality", "valueType": "xs:string", "value": "One"}
        asked = {"qualifiers": [cardinality | {"kind": "TemplateQualifier"}]}
        return {
            "modelType": "Submodel",
            "id": identifier,
            "idShort": "Doc",
            "kind": kind,
            "semanticId": meaning,
            "submodelElements": [
                element(name, **more | (asked if kind == "Template" else {}))
                for name in ("Own", "Inherited")
            ],
        }

    shell = {
        "modelType": "AssetAdministrationShell",
        "id": "https://e.x/T/aas",
        "assetInformation": {"assetKind": "Type", "globalAssetId": "https://e.x/T"},
        "submodels": [link],
    }
    instance = document("Instance", base, value=link)
    for name, content in (
        ("template.json", {"submodels": [document("Template", "urn:t")]}),
        ("type.json", {"assetAdministrationShells": [shell], "submodels": [instance]}),
    ):
        (tmp_path / name).write_text(json.dumps(content), "utf-8")
    (tmp_path / "form.toml").write_text(
        'form = 1\n[asset]\nglobalAssetId = "https://e.x/I1"\n'
        f'[submodel.Doc]\ntemplate = "template.json"\nOwn = {{ keys = [["Submodel", "{base}"]] }}\n'
    )
    made = nacre("generate", "form.toml", "--from-shell", "type.json", "-o", "i.aasx", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    for name, target in (("Own", base), ("Inherited", "https://e.x/I1/submodels/Doc")):
        shown = nacre("show", "i.aasx", f"Doc/{name}", "--json", cwd=tmp_path).stdout
        (key,) = json.loads(shown)["value"]["keys"]
        assert key["value"] == target


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"form": NaN}', "form.json:1:10"),
        ('{"form": 1,\n "x": "\\ud800"}', "form.json:2:8"),
        ('{"\\udfff": 1}', "form.json:1:3"),
        ('{"form": 1, "form": 1}', "form.json:1:13"),
        ('{"NaN": "NaN", "x": -Infinity}', "form.json:1:21"),
    ],
)
def test_a_form_that_other_parsers_refuse_is_refused(tmp_path: Path, text: str, place: str) -> None:
    (tmp_path / "form.json").write_text(text, "utf-8")
    result = nacre("generate", "form.json", "-o", "x.aasx", cwd=tmp_path)
    assert result.returncode == 3, result.stderr
    assert place.encode() in result.stderr + result.stdout


def test_a_near_miss_names_the_id_that_it_is_near_to(tmp_path: Path) -> None:
    known = "https://admin-shell.io/idta/nameplate/3/0/Nameplate"
    submodel = {"modelType": "Submodel", "id": "urn:s", "idShort": "Nameplate"}
    for own, supplements in ((f"{known} ", []), ("urn:own", [known])):
        meanings = [
            {"type": "ExternalReference", "keys": [{"type": "GlobalReference", "value": each}]}
            for each in (own, *supplements)
        ]
        content: dict[str, object] = {**submodel, "semanticId": meanings[0]}
        if supplements:
            content["supplementalSemanticIds"] = meanings[1:]
        (tmp_path / "x.json").write_text(json.dumps({"submodels": [content]}), "utf-8")
        found = json.loads(nacre("validate", "x.json", "--json", cwd=tmp_path).stdout)["findings"]
        said = [each["message"] for each in found if each["code"] == "SMT-022"]
        assert said == (
            [f"the semantic id `{own}` differs by blanks from `{known}`"] if not supplements else []
        )


def test_what_was_left_out_is_counted_as_findings(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps(EXAMPLES["SMT-017"].example.wrong), "utf-8")
    result = nacre("validate", "x.json", "--skip", "SER-020", "--skip", "SMT", cwd=tmp_path)
    assert b"0 error" not in result.stdout + result.stderr


def test_a_form_asks_every_self_managed_entity_for_its_asset() -> None:
    """Those in lists and those without members too."""
    found = catalogue.shipped()
    for name in ("IEC81346Structure", "02063", "HierarchicalStructures"):
        template = found.template(found.find(name))
        entities = [e for _, e in walk(template) if e.entity_type == "SelfManagedEntity"]
        asked = form([template]).count('globalAssetId = ""') - 1  # that of the shell
        assert asked == len(entities), name
