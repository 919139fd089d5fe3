"""Instances from type shells: what follows from the type, and what the form says instead."""

import json
from pathlib import Path
from typing import Any

import pytest
from formfiles import asked, corp, element, made, ran

from conftest import nacre
from documents import reference
from nacre_cli.exit_codes import ExitCode
from nacre_submodels.generating import overlaid


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


def test_what_the_type_says_beside_its_values_is_kept(form_folder: Path) -> None:
    assert ran(form_folder, "generate", "nameplate.toml", "-o", "type.aasx").returncode == 0
    ran(form_folder, "export", "type.aasx", "--to", "json", "-o", "type.json")
    content = json.loads((form_folder / "type.json").read_bytes())
    (submodel,) = content["submodels"]
    words = [{"language": "en", "text": "kept"}]
    submodel |= {"displayName": words, "administration": {"version": "7"}}
    concept = {"modelType": "ConceptDescription", "id": "urn:of-the-type", "idShort": "Mine"}
    content["conceptDescriptions"] = [*content.get("conceptDescriptions", []), concept]
    for each in submodel["submodelElements"]:
        each["description"] = words
    (form_folder / "type.json").write_text(json.dumps(content), "utf-8")
    (form_folder / "one.toml").write_text(
        'form = 1\n[asset]\nglobalAssetId = "https://acme.example/p/9"\n[submodel.Nameplate]\n'
        'template = "nameplate"\nSerialNumber = "9"\nURIOfTheProduct = "https://acme.example/p/9"\n',
        "utf-8",
    )
    result = ran(form_folder, "generate", "one.toml", "--from-shell", "type.json", "-o", "one.aasx")
    assert result.returncode == ExitCode.OK, result.stdout
    ran(form_folder, "export", "one.aasx", "--to", "json", "-o", "one.json")
    derived = json.loads((form_folder / "one.json").read_bytes())
    (made_,) = derived["submodels"]
    assert concept in derived["conceptDescriptions"]
    assert made_["displayName"] == words
    assert made_["administration"] == {"version": "7"}
    by_name = {each["idShort"]: each for each in made_["submodelElements"]}
    assert by_name["SerialNumber"]["value"] == "9"
    assert all(
        by_name[each["idShort"]]["description"] == words for each in submodel["submodelElements"]
    )


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


TYPE = "https://acme.example/type/P"
FORM = 'form = 1\n[asset]\nglobalAssetId = "https://acme.example/p/9"\n'
STRUCTURE = """
[submodel.Structure]
template = "HierarchicalStructures"
ArcheType = "OneDown"
[submodel.Structure.EntryNode]
globalAssetId = "https://acme.example/type/P"
[[submodel.Structure.EntryNode.Node]]
idShort = "Motor"
globalAssetId = "https://acme.example/motor"
[submodel.Structure.EntryNode.HasPart]
first = "EntryNode"
second = "EntryNode/Motor"
"""


def _type(folder: Path, text: str, name: str = "type.aasx") -> None:
    form = FORM.replace("p/9", "type/P") + 'kind = "Type"\n' + text
    (folder / "type.toml").write_text(form, "utf-8")
    done = ran(folder, "generate", "type.toml", "-o", name)
    assert done.returncode == ExitCode.OK, done.stdout + done.stderr


def _derived(folder: Path, text: str, base: str = "type.aasx") -> tuple[dict[str, Any], Any]:
    """What is derived from a type, and how that ended."""
    (folder / "one.toml").write_text(FORM + text, "utf-8")
    given = ("one.toml", "--from-shell", base, "-o", "one.aasx", "--force")
    done = ran(folder, "generate", *given)
    ran(folder, "export", "one.aasx", "--to", "json", "-o", "one.json", "--force", "-q")
    return json.loads((folder / "one.json").read_bytes()), done


def test_a_form_may_choose_the_other_alternative(tmp_path: Path) -> None:
    def side(name: str) -> dict[str, Any]:
        pairs = ("SMT/Cardinality", "ZeroToOne"), ("SMT/EitherOr", "side")
        return element(name, qualifiers=asked(*pairs))

    template = corp("Template", side("A1"), side("B1"))
    (tmp_path / "corp.json").write_text(json.dumps({"submodels": [template]}), "utf-8")
    head = '[submodel.Corp]\ntemplate = "corp.json"\n'
    _type(tmp_path, head + 'B1 = "of the type"\n')
    content, done = _derived(tmp_path, head + 'A1 = "now"\n')
    assert done.returncode == 0, done.stdout
    (submodel,) = content["submodels"]
    assert [each["idShort"] for each in submodel["submodelElements"]] == ["A1"]
    free = element("A2", qualifiers=asked(("SMT/Cardinality", "ZeroToOne")))
    template = corp("Template", side("A1"), side("B1"), free | {"semanticId": reference("urn:A1")})
    (tmp_path / "corp.json").write_text(json.dumps({"submodels": [template]}), "utf-8")
    content, done = _derived(tmp_path, head + 'A2 = "of no group"\n')
    assert done.returncode == 0, done.stdout
    (submodel,) = content["submodels"]
    assert [each["idShort"] for each in submodel["submodelElements"]] == ["B1", "A2"]


def test_an_entity_of_the_type_keeps_what_the_form_does_not_say(tmp_path: Path) -> None:
    _type(tmp_path, STRUCTURE)
    text = '[submodel.Structure.EntryNode]\nglobalAssetId = "https://acme.example/p/9"\n'
    content, done = _derived(tmp_path, text)
    assert done.returncode == ExitCode.OK, done.stdout
    entry = next(
        each
        for each in content["submodels"][0]["submodelElements"]
        if each["idShort"] == "EntryNode"
    )
    assert entry["globalAssetId"] == "https://acme.example/p/9"
    assert {each["idShort"] for each in entry["statements"]} == {"Motor", "HasPart"}


def test_a_file_of_the_type_is_not_exchanged_for_one_of_the_form(tmp_path: Path) -> None:
    """A type in JSON names files that did not come with it."""
    (tmp_path / "logo.png").write_bytes(b"of the type")
    plate = (
        '[submodel.Nameplate]\ntemplate = "nameplate"\nURIOfTheProduct = "https://acme.example/p"\n'
        'ManufacturerName = { en = "A" }\nManufacturerProductDesignation = { en = "P" }\n'
        'OrderCodeOfManufacturer = "1"\nCompanyLogo = "logo.png"\n[submodel.Nameplate.AddressInformation]\n'
        'Street = { en = "S" }\nZipcode = { en = "1" }\nCityTown = { en = "C" }\nNationalCode = { en = "DE" }\n'
    )
    _type(tmp_path, plate)
    ran(tmp_path, "export", "type.aasx", "--to", "json", "-o", "type.json", "-q")
    (tmp_path / "logo.png").write_bytes(b"a photo")
    text = '[shell]\nthumbnail = "logo.png"\n[submodel.Nameplate]\nSerialNumber = "9"\n'
    content, done = _derived(tmp_path, text, "type.json")
    assert b"AASX-014" in done.stdout
    shell = content["assetAdministrationShells"][0]["assetInformation"]
    assert shell["defaultThumbnail"]["path"] == "/aasx/files/logo-2.png"


def test_of_a_type_its_own_submodels_are_taken(tmp_path: Path) -> None:
    def shell(name: str, *submodels: str) -> dict[str, Any]:
        keys = [[{"type": "Submodel", "value": each}] for each in submodels]
        return {
            "modelType": "AssetAdministrationShell",
            "id": f"urn:{name}",
            "assetInformation": {"assetKind": "Type", "globalAssetId": f"urn:asset:{name}"},
            "submodels": [{"type": "ModelReference", "keys": each} for each in keys],
        }

    def base(*shells: dict[str, Any]) -> None:
        submodels = [
            {"modelType": "Submodel", "id": f"urn:{name}", "idShort": name} for name in ("Aa", "Bb")
        ]
        content = {"assetAdministrationShells": list(shells), "submodels": submodels}
        (tmp_path / "type.json").write_text(json.dumps(content), "utf-8")

    base(shell("a", "urn:Aa", "urn:gone"), shell("b", "urn:Bb"))
    (tmp_path / "one.toml").write_text(FORM, "utf-8")
    given = ("one.toml", "--from-shell", "type.json", "-o", "one.aasx")
    assert ran(tmp_path, "generate", *given).returncode == ExitCode.FINDINGS
    base(shell("a", "urn:Aa", "urn:gone"))
    content, done = _derived(tmp_path, "", "type.json")
    assert [each["idShort"] for each in content["submodels"]] == ["Aa"]
    assert b"`urn:Bb` is not taken over" in done.stderr
    assert b"`urn:gone` is not taken over" in done.stderr


def test_submodels_of_one_template_are_told_apart_by_their_names(tmp_path: Path) -> None:
    template = corp("Template", element("Aa", qualifiers=asked(("SMT/Cardinality", "One"))))
    (tmp_path / "corp.json").write_text(json.dumps({"submodels": [template]}), "utf-8")
    head = '[submodel.{}]\ntemplate = "corp.json"\nAa = "{}"\n'
    _type(tmp_path, head.format("One", "first") + head.format("Two", "second"))
    own = '[submodel.Two]\ntemplate = "corp.json"\nid = "urn:two"\nAa = "third"\n'
    content, done = _derived(tmp_path, own)
    assert done.returncode == 0, done.stdout
    values = {
        each["idShort"]: each["submodelElements"][0]["value"] for each in content["submodels"]
    }
    assert values == {"One": "first", "Two": "third"}


def test_a_shell_keeps_what_its_type_says_and_names_what_is_the_types_own(tmp_path: Path) -> None:
    text = '[submodel.Corp]\ntemplate = "corp.json"\nAa = "x"\n'
    range_ = ("SMT/Cardinality", "ZeroToOne"), ("SMT/AllowedRange", "[0,10]")
    template = corp(
        "Template", element("Aa"), element("Count", "xs:int", qualifiers=asked(*range_))
    )
    (tmp_path / "corp.json").write_text(json.dumps({"submodels": [template]}), "utf-8")
    _type(tmp_path, text + 'Count = "7"\n')
    ran(tmp_path, "export", "type.aasx", "--to", "json", "-o", "type.json")
    content = json.loads((tmp_path / "type.json").read_bytes())
    (shell,) = content["assetAdministrationShells"]
    words = [{"language": "en", "text": "kept"}]
    shell |= {"description": words, "displayName": words, "category": "CONSTANT"}
    shell["assetInformation"]["specificAssetIds"] = [{"name": "partTypeId", "value": "4711"}]
    (tmp_path / "type.json").write_text(json.dumps(content), "utf-8")
    derived, done = _derived(tmp_path, text, "type.json")
    (own,) = derived["assetAdministrationShells"]
    assert (own["description"], own["displayName"], own["category"]) == (words, words, "CONSTANT")
    assert b"the specific asset id `partTypeId` of the type is not taken over" in done.stderr
    count = next(e for e in content["submodels"][0]["submodelElements"] if e["idShort"] == "Count")
    count["value"] = "700"
    (tmp_path / "type.json").write_text(json.dumps(content), "utf-8")
    _, done = _derived(tmp_path, text, "type.json")
    assert done.returncode == ExitCode.FINDINGS
    assert b"Corp / Count" in done.stdout


def test_only_what_is_named_is_said_anew(tmp_path: Path) -> None:
    """Also where the type has several of one kind, and what they mean is said in many words."""
    keys = [{"type": "GlobalReference", "value": each} for each in ("urn:dict", "urn:weight")]
    meaning = {"type": "ExternalReference", "keys": keys}
    ports = (
        element(f"Port{n}", value=str(n)) | {"semanticId": reference("urn:port")} for n in (1, 2)
    )
    kept = element("Len2", value="2")
    del kept["semanticId"]
    weight = element("Weight", "xs:double", value="1") | {"semanticId": meaning}
    inner = {"modelType": "SubmodelElementCollection", "idShort": "Coll", "value": [kept]}
    inner["value"] = [kept | {"idShort": f"A{number}"} for number in (1, 2)]
    own = corp("Instance", *ports, kept | {"idShort": "Len1"}, kept, weight, inner)
    key = {"type": "ModelReference", "keys": [{"type": "Submodel", "value": own["id"]}]}
    shell = {
        "modelType": "AssetAdministrationShell",
        "id": "urn:type",
        "assetInformation": {"assetKind": "Type", "globalAssetId": "urn:t"},
        "submodels": [key],
    }
    content = {"assetAdministrationShells": [shell], "submodels": [own]}
    (tmp_path / "type.json").write_text(json.dumps(content), "utf-8")
    text = '[submodel.Corp]\nPort1 = "new"\nLen2 = "new"\nWeight = 2.5\nColl = { A2 = "new" }\n'
    derived, done = _derived(tmp_path, text, "type.json")
    assert done.returncode == 0, done.stdout
    *flat, below = derived["submodels"][0]["submodelElements"]
    values = {each["idShort"]: each["value"] for each in (*flat, *below["value"])}
    assert values == {
        "Port1": "new", "Port2": "2", "Len1": "2", "Len2": "new", "Weight": "2.5",
        "A1": "2", "A2": "new",
    }  # fmt: skip
    assert flat[-1]["semanticId"] == meaning


def test_what_a_type_has_beyond_its_template_can_be_said_anew(tmp_path: Path) -> None:
    template = corp("Template", element("Aa"))
    (tmp_path / "corp.json").write_text(json.dumps({"submodels": [template]}), "utf-8")
    text = '[submodel.Corp]\ntemplate = "corp.json"\nAa = "of the type"\n'
    _type(tmp_path, text)
    ran(tmp_path, "export", "type.aasx", "--to", "json", "-o", "type.json")
    content = json.loads((tmp_path / "type.json").read_bytes())
    more = element("Bb", value="of the type"), element("Cc", "xs:int", value="1")
    content["submodels"][0]["submodelElements"] += more
    other = corp("Instance", element("Dd", value="of the type"), element("Ee", value="kept"))
    other |= {"id": "urn:other", "idShort": "Own", "semanticId": reference("urn:nobody knows")}
    content["submodels"].append(other)
    reference_ = {"type": "ModelReference", "keys": [{"type": "Submodel", "value": "urn:other"}]}
    content["assetAdministrationShells"][0]["submodels"].append(reference_)
    (tmp_path / "type.json").write_text(json.dumps(content), "utf-8")
    own = text.replace("of the type", "1") + 'Bb = "2"\nCc = 3\n[submodel.Own]\nDd = "4"\n'
    derived, done = _derived(tmp_path, own, "type.json")
    assert done.returncode == 0, done.stdout
    values = {
        element["idShort"]: element["value"]
        for each in derived["submodels"]
        for element in each["submodelElements"]
    }
    assert values == {"Aa": "1", "Bb": "2", "Cc": "3", "Dd": "4", "Ee": "kept"}
    wrong = text + 'Ff = "x"\n'
    _, done = _derived(tmp_path, wrong, "type.json")
    assert done.returncode == ExitCode.FINDINGS
