"""Ids and names that almost fit a template: found, and the one that is near is named."""

import json
from pathlib import Path
from typing import Any

import pytest
from formfiles import asked, corp, element, judged, made

from conftest import nacre
from documents import reference, written
from nacre_aas import files, jsonization
from nacre_aas.model import Environment
from nacre_submodels import catalogue
from nacre_submodels.check import TemplateCheck
from nacre_submodels.errors import TemplateError
from nacre_submodels.semantics import near_key

NAMEPLATE = "https://admin-shell.io/idta/nameplate/3/0/Nameplate"


def findings(submodel: Any) -> list[tuple[str, str]]:
    data = jsonization.dumps(Environment(submodels=[submodel]))
    report = files.validate("x", data=data, checks=[TemplateCheck()])
    return [(each.code, each.message) for each in report.findings if "differs" in each.message]


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


def test_a_forced_template_says_that_the_submodel_calls_itself_otherwise(tmp_path: Path) -> None:
    template = corp("Template", element("Aa"))
    for own in ("urn:corp", "urn:CORP", "urn:something-else"):
        instance = corp("Instance", element("Aa", value="1"), semanticId=reference(own))
        assert judged(tmp_path, template, instance) == ([] if own == "urn:corp" else ["SMT-022"])


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


def test_a_near_miss_of_a_supplemental_id_is_one(tmp_path: Path) -> None:
    both = element("Aa", supplementalSemanticIds=[reference("0173-1#02-AAO677#004")])
    other = element("Aa", value="x") | {"semanticId": reference("0173-1#02-AAO677#002")}
    found = judged(tmp_path, corp("Template", both), corp("Instance", other))
    assert found == ["SMT-006"]


def test_what_lacks_something_is_not_taken_for_a_template_that_asks_for_less() -> None:
    """A handover documentation shares its semantic id with the one of the battery passport."""
    for missing in ("Language", "Title", "StatusValue", "OrganizationShortName", "DigitalFiles"):
        _, built = made("02004")
        (documents,) = (e for e in built.submodel.submodel_elements if e.id_short == "Documents")
        (versions,) = (e for e in documents.value[0].value if e.id_short == "DocumentVersions")
        version = versions.value[0]
        version.value = [each for each in version.value if each.id_short != missing]
        data = jsonization.dumps(Environment(submodels=[built.submodel]))
        report = files.validate("x", data=data, checks=[TemplateCheck()])
        assert "SMT-001" in [each.code for each in report.findings], missing


def test_a_supplemental_semantic_id_is_said_to_be_what_names_an_element(tmp_path: Path) -> None:
    def one(meaning: str, *others: str, **more: Any) -> dict[str, Any]:
        own = {"semanticId": reference(meaning), **more}
        return element("Aa") | own | {"supplementalSemanticIds": [reference(x) for x in others]}

    demand = asked(("SMT/Cardinality", "One"))
    name = written(tmp_path / "t.json", corp("Template", one("urn:a", "urn:b", qualifiers=demand)))

    def notes(instance: dict[str, Any]) -> list[str]:
        data = json.dumps({"submodels": [corp("Instance", instance | {"value": "x"})]}).encode()
        found = files.validate("x.json", data=data, checks=[TemplateCheck(name)]).findings
        return [each.code for each in found]

    assert notes(one("urn:a", "urn:b")) == []
    assert notes(one("urn:mine", "urn:a")) == []
    assert notes(one("urn:mine", "urn:b")) == ["SMT-025"]


def test_members_that_mean_nothing_are_said(tmp_path: Path) -> None:
    def codes(**more: Any) -> dict[str, Any]:
        member = element("Aa", value="x")
        del member["idShort"]
        if "semanticIdListElement" in more or more.pop("silent", False):
            del member["semanticId"]
        kinds = {"typeValueListElement": "Property", "valueTypeListElement": "xs:string"}
        own = {"modelType": "SubmodelElementList", "idShort": "Ll", "value": [member], **kinds}
        return own | {"semanticId": reference("urn:Ll")} | more

    template = corp("Template", codes(qualifiers=asked(("SMT/Cardinality", "One"))))
    assert judged(tmp_path, template, corp("Instance", codes())) == []
    given = {"semanticIdListElement": reference("urn:Aa")}
    assert judged(tmp_path, template, corp("Instance", codes(**given))) == []
    written(tmp_path / "t.json", template)
    silent = {"submodels": [corp("Instance", codes(silent=True))]}
    check = TemplateCheck(str(tmp_path / "t.json"))
    report = files.validate("x.json", data=json.dumps(silent).encode(), checks=[check])
    assert [each.code for each in report.findings] == ["SMT-026"]
