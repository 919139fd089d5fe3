"""What a template asks with its qualifiers, and how an instance is judged by it."""

import json
from pathlib import Path
from typing import Any

import pytest
from formfiles import asked, corp, element, judged

from documents import reference, written
from nacre_aas import files
from nacre_submodels import qualifiers
from nacre_submodels.check import TemplateCheck
from nacre_submodels.qualifiers import allowed_values


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
    given = corp("Instance", element("Aa", value_type, value=value))
    assert judged(tmp_path, corp("Template", wanted), given) == codes


def test_names_of_alternatives_and_lists_of_languages_are_read_as_they_are_written(
    tmp_path: Path,
) -> None:
    template = corp(
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
    assert judged(tmp_path, template, corp("Instance", one, texts("en", "de"))) == []
    assert judged(tmp_path, template, corp("Instance", one, texts("en"))) == ["SMT-013"]


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
    template = corp("Template", steps(wanted, wanted))
    two = corp("Instance", steps(member(value="1"), member(value="2")))
    assert judged(tmp_path, template, two) == []
    assert judged(tmp_path, template, corp("Instance", steps(member(value="1")))) == ["SMT-001"]


def test_what_a_template_says_without_sense_is_said_not_to_be_checked(tmp_path: Path) -> None:
    wanted = element("Aa", "xs:int", qualifiers=asked(("SMT/AllowedRange", "0..100")))
    name = written(tmp_path / "template.json", corp("Template", wanted))
    instance = corp("Instance", element("Aa", "xs:int", value="500"))
    data = json.dumps({"submodels": [instance]}).encode()
    report = files.validate("x.json", data=data, checks=[TemplateCheck(name)])
    assert any("`0..100` of `Aa`" in each for each in report.not_checked["SMT-032"])
