"""What a fifth user broke in templates, forms and the catalogue: each of it a fact that holds now."""

import json
from pathlib import Path
from typing import Any

import pytest

from conftest import nacre
from nacre_aas import files, jsonization
from nacre_submodels import qualifiers
from nacre_submodels.check import TemplateCheck, template_named
from nacre_submodels.lint import LintCheck, repair


def reference(value: str) -> dict[str, Any]:
    return {"type": "ExternalReference", "keys": [{"type": "GlobalReference", "value": value}]}


def submodel(kind: str, *elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    made = {"modelType": "Submodel", "id": f"urn:{kind}", "idShort": "Corp", "kind": kind}
    return made | {"semanticId": reference("urn:corp"), "submodelElements": list(elements)} | more


def element(name: str, value_type: str = "xs:string", **more: Any) -> dict[str, Any]:
    return {
        "modelType": "Property",
        "idShort": name,
        "valueType": value_type,
        "semanticId": reference(f"urn:{name}"),
        **more,
    }


def asked(*pairs: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {"kind": "TemplateQualifier", "type": type_, "valueType": "xs:string", "value": value}
        for type_, value in pairs
    ]


def written(path: Path, *submodels: dict[str, Any]) -> str:
    path.write_text(json.dumps({"submodels": list(submodels)}), "utf-8")
    return str(path)


def judged(tmp_path: Path, template: dict[str, Any], instance: dict[str, Any]) -> list[str]:
    """The codes of errors and warnings of an instance against a template."""
    name = written(tmp_path / "template.json", template)
    data = json.dumps({"submodels": [instance]}).encode()
    report = files.validate("x.json", data=data, checks=[TemplateCheck(name)])
    return [each.code for each in report.findings if each.severity != "note"]


@pytest.mark.parametrize(
    ("pattern", "is_quick"),
    [
        ("(a+)+$", False),
        ("(a|a)*b", False),
        ("((a+))+", False),
        ("(a{2,}){3}", False),
        ("a*a*a*a*b", False),
        (r"Photo\d{2,3}", True),
        ("(Left|Right)Arm", True),
        (r"[(+)*]+x", True),
        (r"\(+\)+", True),
    ],
)
def test_a_pattern_of_a_template_cannot_lead_the_matcher_astray(
    pattern: str, is_quick: bool
) -> None:
    assert (qualifiers.id_short_pattern(pattern) is not None) is is_quick


@pytest.mark.parametrize(
    ("value_type", "allowed", "value", "codes"),
    [
        ("xs:double", "10;20", "10.0", []),
        ("xs:int", "1;2", "01", []),
        ("xs:double", "10;20", "10.1", ["SMT-010"]),
        ("xs:string", "10;20", "10.0", ["SMT-010"]),
    ],
)
def test_allowed_numbers_are_compared_as_numbers(
    tmp_path: Path, value_type: str, allowed: str, value: str, codes: list[str]
) -> None:
    wanted = element("Aa", value_type, qualifiers=asked(("SMT/AllowedValue", allowed)))
    given = submodel("Instance", element("Aa", value_type, value=value))
    assert judged(tmp_path, submodel("Template", wanted), given) == codes


def test_names_of_alternatives_and_lists_of_languages_are_read_as_they_are_written(
    tmp_path: Path,
) -> None:
    template = submodel(
        "Template",
        element("Aa", qualifiers=asked(("SMT/EitherOr", "Grp"), ("SMT/Cardinality", "One"))),
        element("Bb", qualifiers=asked(("SMT/EitherOr", " grp "), ("SMT/Cardinality", "One"))),
        {
            "modelType": "MultiLanguageProperty",
            "idShort": "Cc",
            "semanticId": reference("urn:Cc"),
            "qualifiers": asked(("SMT/RequiredLang", "en, de")),
        },
    )

    def texts(*languages: str) -> dict[str, Any]:
        value = [{"language": each, "text": "x"} for each in languages]
        return {
            "modelType": "MultiLanguageProperty",
            "idShort": "Cc",
            "semanticId": reference("urn:Cc"),
            "value": value,
        }

    one = element("Aa", value="1")
    assert judged(tmp_path, template, submodel("Instance", one, texts("en", "de"))) == []
    assert judged(tmp_path, template, submodel("Instance", one, texts("en"))) == ["SMT-013"]


def test_equal_members_of_a_list_fill_the_places_that_lack(tmp_path: Path) -> None:
    def member(**more: Any) -> dict[str, Any]:
        made = element("Mm", **more)
        del made["idShort"]
        return made

    def steps(*members: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {
            "modelType": "SubmodelElementList",
            "idShort": "Ll",
            "semanticId": reference("urn:Ll"),
            "typeValueListElement": "Property",
            "valueTypeListElement": "xs:string",
            "value": list(members),
            **more,
        }

    wanted = member(qualifiers=asked(("SMT/Cardinality", "OneToMany")))
    template = submodel("Template", steps(wanted, wanted))
    two = submodel("Instance", steps(member(value="1"), member(value="2")))
    assert judged(tmp_path, template, two) == []
    assert judged(tmp_path, template, submodel("Instance", steps(member(value="1")))) == ["SMT-001"]


def test_what_a_template_says_without_sense_is_said_not_to_be_checked(tmp_path: Path) -> None:
    wanted = element("Aa", "xs:int", qualifiers=asked(("SMT/AllowedRange", "0..100")))
    name = written(tmp_path / "template.json", submodel("Template", wanted))
    instance = submodel("Instance", element("Aa", "xs:int", value="500"))
    data = json.dumps({"submodels": [instance]}).encode()
    report = files.validate("x.json", data=data, checks=[TemplateCheck(name)])
    assert any("`0..100` of `Aa`" in each for each in report.not_checked["SMT-032"])


def test_a_forced_template_says_that_the_submodel_calls_itself_otherwise(tmp_path: Path) -> None:
    template = submodel("Template", element("Aa"))
    for own in ("urn:corp", "urn:CORP", "urn:something-else"):
        instance = submodel("Instance", element("Aa", value="1"), semanticId=reference(own))
        assert judged(tmp_path, template, instance) == ([] if own == "urn:corp" else ["SMT-022"])


def test_one_of_several_templates_of_a_file_can_be_named(tmp_path: Path) -> None:
    second = submodel("Template", element("Bb"), id="urn:t2", idShort="Second")
    name = written(tmp_path / "t.json", submodel("Template", element("Aa")), second)
    found = nacre("template", "show", name)
    assert found.returncode == 3
    assert f"`{name}#Second`".encode() in found.stderr
    assert b"Bb" in nacre("template", "show", f"{name}#Second").stdout
    other = nacre("template", "show", f"{name}#Third")
    assert other.returncode == 3
    assert b"holds no template `Third`" in other.stderr


def test_a_repair_makes_no_second_qualifier_of_one_type(tmp_path: Path) -> None:
    both = asked(("Multiplicity", "One"), ("SMT/Cardinality", "One"))
    name = written(tmp_path / "t.json", submodel("Template", element("Aa", qualifiers=both)))
    content, _, _ = files.load(name)
    before = files.validate(name, checks=[LintCheck()])
    repair(content)
    after = files.validate("x.json", data=jsonization.dumps(content), checks=[LintCheck()])
    assert {each.code for each in before.findings} == {each.code for each in after.findings}


def test_an_import_takes_the_place_of_no_other_template(tmp_path: Path) -> None:
    own: dict[str, Any] = {"NACRE_TEMPLATES": str(tmp_path / "own")}
    for number in (1, 2):
        meaning = reference(f"urn:corp/{number}")
        template = submodel("Template", element("Aa", qualifiers=asked(("SMT/Cardinality", "One"))))
        name = written(tmp_path / f"c{number}.json", template | {"semanticId": meaning})
        assert nacre("template", "import", name, **own).returncode == 0
        assert nacre("template", "import", name, **own).returncode == 0  # again: the same place
    assert len(list((tmp_path / "own").iterdir())) == 2
    for number in (1, 2):
        instance = submodel("Instance", semanticId=reference(f"urn:corp/{number}"))
        del instance["submodelElements"]
        written(tmp_path / "i.json", instance)
        assert b"SMT-001" in nacre("validate", str(tmp_path / "i.json"), **own).stdout
    bad = tmp_path / "bad.json"
    bad.write_text("{", "utf-8")
    third = written(tmp_path / "c3.json", submodel("Template", element("Bb")))
    assert nacre("template", "import", third, str(bad), **own).returncode == 3
    assert len(list((tmp_path / "own").iterdir())) == 2


FORM = 'form = 1\n[asset]\nglobalAssetId = "urn:x"\n[submodel.Corp]\ntemplate = "t.json"\n'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Aa = 2024-02-03T01:02:03.123456789Z", "finer than a microsecond"),
        ("Cap = 1", "has no value"),
        ('Ent = { entityType = "SelfManagedEntity" }', "AASd-014"),
    ],
)
def test_no_value_of_a_form_is_changed_without_a_word(tmp_path: Path, line: str, said: str) -> None:
    template = submodel(
        "Template",
        element("Aa", "xs:dateTime"),
        {"modelType": "Capability", "idShort": "Cap", "semanticId": reference("urn:Cap")},
        {
            "modelType": "Entity",
            "idShort": "Ent",
            "entityType": "CoManagedEntity",
            "semanticId": reference("urn:Ent"),
        },
    )
    written(tmp_path / "t.json", template)
    (tmp_path / "f.toml").write_text(f"{FORM}{line}\n", "utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    # The template is found beside the form, wherever the command is run.
    done = nacre("generate", str(tmp_path / "f.toml"), cwd=elsewhere)
    assert done.returncode != 0
    assert said.encode() in done.stdout + done.stderr


def test_a_formula_whose_value_is_not_known_is_refused(tmp_path: Path) -> None:
    import openpyxl

    written(tmp_path / "t.json", submodel("Template", element("Aa")))
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["asset.globalAssetId", "submodel.Corp.template", "submodel.Corp.Aa"])
    sheet.append(["urn:x", "t.json", "=1+1"])
    book.save(tmp_path / "f.xlsx")
    done = nacre("generate", "f.xlsx", cwd=tmp_path)
    assert done.returncode == 3
    assert b"the cell C2 holds a formula" in done.stderr


def test_a_template_file_with_the_mark_in_its_name_is_found(tmp_path: Path) -> None:
    from nacre_submodels import catalogue

    name = written(tmp_path / "t#1.json", submodel("Template", element("Aa")))
    assert template_named(name, catalogue.shipped()).name == "Corp"
