"""Templates: how their qualifiers are read, how they are found, and what a form becomes."""

import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from nacre_aas import aasx, files, jsonization
from nacre_aas.errors import InputError
from nacre_aas.model import Environment
from nacre_submodels import catalogue, conformance, qualifiers
from nacre_submodels.builder import build
from nacre_submodels.catalogue import Entry
from nacre_submodels.check import TemplateCheck, read_templates
from nacre_submodels.collecting import collect, constraints_digest
from nacre_submodels.compiler import templates_of
from nacre_submodels.errors import FormError, TemplateError
from nacre_submodels.examples import DEMO
from nacre_submodels.form import counts, form, read_json, read_toml
from nacre_submodels.generating import Base, generate
from nacre_submodels.lint import LintCheck, repair
from nacre_submodels.samples import sample
from nacre_submodels.semantics import difference, near_key
from nacre_submodels.template import Interval, walk, without_texts


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's catalogue that is empty."""
    folder = tmp_path / "templates"
    monkeypatch.setenv("NACRE_TEMPLATES", str(folder))
    return folder


def named(name: str) -> Any:
    found = catalogue.known()
    return found.template(found.find(name))


# -- qualifiers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("One", (1, 1)),
        ("ZeroToOne ", (0, 1)),
        ("ZerotoMany", (0, None)),
        ("ZerotToOne", (0, 1)),
        ("Three", (3, 3)),
        ("TwoToMany", (2, None)),
        ("[0..*]", (0, None)),
        ("1..1", (1, 1)),
        ("Recursive", None),
        ("", None),
        (None, None),
    ],
)
def test_cardinalities_as_they_are_spelled(text: str | None, bounds: object) -> None:
    assert qualifiers.cardinality(text) == bounds


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("SMT/Cardinality", "cardinality"),
        ("SMT/SMT/Cardinality", "cardinality"),
        (" multiplicity ", "multiplicity"),
        ("SMT/AllowedValue3", "allowedvalue"),
        ("SMT/ExampleValue/ECLASS", "examplevalue"),
        ("life cycle qual", "lifecyclequal"),
    ],
)
def test_qualifier_types_as_they_are_spelled(type_: str, kind: str) -> None:
    assert qualifiers.kind(type_) == kind
    assert kind in qualifiers.ALL


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("[0,100]", Interval(Decimal("0.0"), Decimal("100.0"))),
        ("(0;1]", Interval(Decimal("0.0"), Decimal("1.0"), low_included=False)),
        ("ZeroToInf", Interval(Decimal("0.0"), None)),
        (">= 5", Interval(Decimal("5.0"), None)),
        ("< 2", Interval(None, Decimal("2.0"), high_included=False)),
        ("a few", None),
        ("[10,0]", None),
    ],
)
def test_ranges_as_they_are_spelled(text: str, interval: Interval | None) -> None:
    assert qualifiers.interval(text) == interval


def test_an_open_end_is_not_inside() -> None:
    half = qualifiers.interval("(0,1]")
    assert half is not None
    assert not half.holds(Decimal("0.0"))
    assert half.holds(Decimal("1.0"))
    assert not half.holds(Decimal("1.1"))


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"Time[\d{2,3}]", "Time01", "Time"),
        ("Document{00}", "Document07", "Document"),
        ("Model'{0:00}'", "Model12", "Model1"),
        ("Axis__00__", "Axis__03__", "Axes03"),
        ("Axis__00__", "Axis3", "Axis"),
    ],
)
def test_patterns_of_id_shorts(pattern: str, good: str, bad: str) -> None:
    import re

    found = qualifiers.id_short_pattern(pattern)
    assert found is not None
    assert re.fullmatch(found, good)
    assert not re.fullmatch(found, bad)


def test_every_qualifier_of_the_published_templates_is_known(shared: Path) -> None:
    unknown = set()
    for path in (shared / "templates").rglob("*.json"):
        try:
            content, _, _ = files.load(str(path))
        except InputError:
            continue
        from nacre_aas.model import Qualifier
        from nacre_aas.schema import walk as walk_records

        for submodel in content.submodels or ():
            for _, record in walk_records(submodel):
                if (
                    isinstance(record, Qualifier)
                    and qualifiers.kind(record.type) not in qualifiers.ALL
                ):
                    unknown.add(record.type)
    assert unknown == set()


# -- semantic ids --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "expected", "way"),
    [
        ("0173-1#02-ABI500#002", "0173-1#02-ABI500#003", "by version"),
        ("https://api.eclass-cdp.com/0173-1-02-ABI002-003", "0173-1#02-ABI002#003", "by spelling"),
        ("https://example.com/A/1/0 ", "https://example.com/A/1/0", "by blanks"),
        ("https://example.com/a/1/0", "https://example.com/A/1/0", "by case"),
        ("https://example.com/A/1/1", "https://example.com/A/1/0", "by version"),
        ("https://example.com/Entities", "https://example.com/Entity", "by spelling"),
    ],
)
def test_near_misses(found: str, expected: str, way: str) -> None:
    assert near_key(found) == near_key(expected)
    assert difference(found, expected) == way


def test_other_concepts_are_no_near_misses() -> None:
    assert near_key("0173-1#02-ABI500#003") != near_key("0173-1#02-ABI501#003")
    assert near_key("https://example.com/Mass") != near_key("https://example.com/Length")


# -- the catalogue -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "nameplate",
        "Nameplate",
        "02006",
        "IDTA 02006-3.0",
        "02006-3",
        "IDTA 02006-3.0.1 Nameplate",
        "digital nameplate",
        "https://admin-shell.io/idta/nameplate/3/0/Nameplate",
    ],
)
def test_a_template_is_found_by_what_people_call_it(name: str) -> None:
    assert named(name).semantic_id == "https://admin-shell.io/idta/nameplate/3/0/Nameplate"
    assert named(name).version == "3.0.1"


def test_every_template_is_found_by_what_messages_call_it() -> None:
    found = catalogue.shipped()
    for entry in found.entries:
        if entry.number:
            assert found.find(entry.label).specification == entry.specification
            assert found.find(entry.label).version.startswith(entry.version)


def test_a_part_of_a_specification_is_found_by_its_version_alone() -> None:
    assert named("02099 1.0.1").number.startswith("02099")
    with pytest.raises(TemplateError, match="fits several templates"):
        named("02035 1.0")


def test_an_unknown_name_is_answered_with_near_ones() -> None:
    with pytest.raises(TemplateError) as caught:
        named("HandoverDocumentatoin")
    assert "HandoverDocumentation" in (caught.value.hint or "")


def test_structures_that_contain_themselves_do_not_loop() -> None:
    template = named("HierarchicalStructures")
    recurring = [path for path, element in walk(template) if element.recurs]
    assert recurring == [("EntryNode", "Node", "Node")]
    deep: dict[str, Any] = {}
    inner = deep
    for _ in range(20):
        inner["Node"] = {}
        inner = inner["Node"]
    inner["BulkCount"] = "many"
    values = sample(template) | {"EntryNode": deep}
    built = build(template, values, "https://example.com/sm/1")
    assert [trouble.path[-1] for trouble in built.troubles] == ["BulkCount"]


def test_shared_parts_have_the_elements_of_their_definition() -> None:
    address = next(e for p, e in walk(named("nameplate")) if p == ("AddressInformation",))
    assert {"Street", "Zipcode", "CityTown"} <= {each.id_short for each in address.elements}


def test_the_shipped_catalogue_holds_no_texts_and_no_examples_of_others() -> None:
    for entry in catalogue.shipped().entries:
        if not entry.is_published:
            continue
        for _, element in walk(catalogue.shipped().template(entry)):
            assert (element.texts, element.names, element.examples) == ({}, {}, ())


def test_the_catalogue_is_made_from_the_files(shared: Path) -> None:
    collected = collect(shared / "templates")
    made = {constraints_digest(template) for template in collected.templates}
    shipped = catalogue.shipped()
    kept = {
        constraints_digest(catalogue._load(None, entry.file))
        for entry in shipped.entries
        if entry.is_published
    }
    assert made == kept


@pytest.mark.parametrize(
    ("semantic_id", "newer"),
    [
        ("https://admin-shell.io/zvei/nameplate/1/0/Nameplate", "02006"),
        ("https://admin-shell.io/zvei/nameplate/2/0/Nameplate", "02006"),
        ("https://admin-shell.io/idta/CarbonFootprint/CarbonFootprint/0/9", "02023"),
    ],
)
def test_a_superseded_template_is_named_with_its_successor(semantic_id: str, newer: str) -> None:
    found = catalogue.shipped()
    successor = found.successor(found.find(semantic_id))
    assert successor is not None
    assert (successor.number, successor.deprecated) == (newer, False)


def test_versions_of_a_companys_own_template_succeed_each_other() -> None:
    def own(version: int) -> Entry:
        name = f"https://acme.example/t/{version}/0"
        return Entry(
            file="x", name="Sup", id=name, semantic_id=name, version=f"{version}.0", own=True
        )

    found = catalogue.Catalogue((own(1), own(2), own(3)))
    assert found.successor(own(1)) == own(3)
    assert found.successor(own(3)) is None


def test_a_package_without_json_beside_it_is_collected(tmp_path: Path) -> None:
    environment, _, _ = files.load("demo.json", data=json.dumps(DEMO).encode())
    package = aasx.write(environment)
    archive = tmp_path / "copy.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("./published/Demo/1/0/Demo.aasx", package)
        made.writestr("published/Demo/1/0/odd.json/", b"")
        made.writestr("published//Demo/1/0/note.json", b"{}")
        made.writestr("published/Demo/1/0/note.json", b"{}")
        made.writestr("./published/Other/1/0/note.json", b"{}")
    collected = collect(archive)
    assert [each.id for each in collected.templates] == [
        each.id for each in environment.submodels or () if each.kind == "Template"
    ]
    assert not collected.passed_over


def test_verdicts_are_equal_with_and_without_the_template_file(shared: Path) -> None:
    paths = sorted((shared / "templates" / "published").rglob("*Template*.json"))[::9]
    for path in paths:
        content, _, _ = files.load(str(path))
        for template in templates_of(content):
            values = sample(template)
            for name in list(values)[::3]:
                values.pop(name)
            submodel = build(template, values, "https://example.com/sm/1").submodel
            verdicts = [
                [
                    (f.rule.code, f.broken.message, f.broken.at)
                    for f in conformance.check(submodel, t)
                ]
                for t in (template, without_texts(template))
            ]
            assert verdicts[0] == verdicts[1], path.name


def test_all_template_files_compile_or_get_findings(shared: Path) -> None:
    for path in sorted((shared / "templates").rglob("*")):
        if path.suffix.lower() not in (".json", ".aasx"):
            continue
        report = files.validate(str(path), checks=[LintCheck()])
        assert report.refusal is not None or report.versions or report.findings, path.name


def test_a_file_without_template_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(jsonization.dumps(Environment()))
    with pytest.raises(TemplateError):
        read_templates(str(path))


# -- own templates -------------------------------------------------------------------------------

OWN = ("MaintenanceRecord", "TraceabilityRecord", "TwinProfile")


@pytest.mark.parametrize("name", OWN)
def test_our_own_templates_are_accepted_by_others(name: str) -> None:
    from importlib import resources

    from aas_core3_1 import jsonization as core_json
    from aas_core3_1 import verification
    from aas_test_engines import file

    data = (resources.files("nacre_submodels") / "own" / f"{name}.json").read_bytes()
    assert file.check_json_data(json.loads(data)).ok()
    environment = core_json.environment_from_jsonable(json.loads(data))
    assert list(verification.verify(environment)) == []
    report = files.validate("x.json", data=data, checks=[LintCheck()])
    assert report.findings == []


@pytest.mark.parametrize("name", OWN)
def test_our_own_templates_speak_english_and_german(name: str) -> None:
    for _, element in walk(named(name)):
        assert {"en", "de"} <= element.texts.keys()
        assert (element.semantic_id or "").startswith("https://w3id.org/nacre/submodel/")


# -- lint and its repairs ------------------------------------------------------------------------


@pytest.mark.parametrize("unsafe", [False, True])
def test_repairs_of_a_template_are_clean_afterwards(shared: Path, unsafe: bool) -> None:
    path = next(
        (shared / "templates" / "published").rglob("*02002-1-0-1_Template*Information.json")
    )
    content, _, _ = files.load(str(path))
    done = repair(content, unsafe=unsafe)
    assert done["SMT-202"] > 0
    report = files.validate("x.json", data=jsonization.dumps(content), checks=[LintCheck()])
    fixable = {"SMT-202", "SMT-203", "SMT-205", *(("SMT-211",) if unsafe else ())}
    assert not fixable & {finding.code for finding in report.findings}
    assert not repair(content, unsafe=unsafe)


# -- forms ---------------------------------------------------------------------------------------

FORM = """form = 1

[asset]
globalAssetId = "https://example.com/p/1"

[submodel.Nameplate]
template = "nameplate"
URIOfTheProduct = "https://example.com/p/1"
ManufacturerName = { en = "ACME" }
ManufacturerProductDesignation = { en = "Pump" }
OrderCodeOfManufacturer = "P-1"

[submodel.Nameplate.AddressInformation]
Street = { en = "Street 1" }
Zipcode = { en = "12345" }
CityTown = { en = "Town" }
NationalCode = { en = "DE" }
"""


def made(text: str, **options: Any) -> Any:
    return generate(read_toml(text), "pump.toml", catalogue.known(), **options)


def said(text: str) -> list[tuple[str, int | None, str]]:
    return [(each.code, each.location.line, each.message) for each in made(text).findings]


def test_a_filled_form_becomes_a_package_without_findings() -> None:
    result = made(FORM)
    assert result.findings == []
    report = files.validate("x.aasx", data=result.data, checks=[TemplateCheck()])
    assert report.findings == []
    assert report.versions.labels == ("3.0", "3.1", "3.2")
    assert made(FORM).data == result.data


@pytest.mark.parametrize("version", ["3.0", "3.1", "3.2"])
def test_a_package_of_a_form_keeps_to_the_version(version: str) -> None:
    from nacre_aas.versions import Metamodel

    fixed = Metamodel.of(version)
    data = made(FORM, metamodel=fixed).data
    assert files.validate("x.aasx", data=data, metamodel=fixed).findings == []


def test_peers_accept_a_package_of_a_form() -> None:
    import io

    from aas_test_engines import file

    data = made(FORM).data
    assert file.check_aasx_file(io.BytesIO(data)).ok()  # type: ignore[arg-type]
    content = jsonization.dumps(aasx.merged(aasx.read(data)))
    from aas_core3 import jsonization as core_json
    from aas_core3 import verification

    parsed = core_json.environment_from_jsonable(json.loads(content))
    assert list(verification.verify(parsed)) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ('OrderCodeOfManufacturer = "P-1"', "", "SMT-001", 6),
        ('OrderCodeOfManufacturer = "P-1"', 'OrderCodeOfManufacturer = ""', "SMT-001", 11),
        ('OrderCodeOfManufacturer = "P-1"', '# OrderCodeOfManufacturer = ""', "SMT-001", 11),
        ('{ en = "ACME" }', "true", "SMT-033", 9),
        ("OrderCodeOfManufacturer", "OrderCode", "SMT-033", 11),
        ('Street = { en = "Street 1" }', 'Street = { en = "" }', "SMT-033", 14),
        ('template = "nameplate"', 'template = "nothing"', "SMT-030", 7),
        ('globalAssetId = "https://example.com/p/1"', 'globalAssetId = ""', "SMT-033", 4),
        ("form = 1", "form = 2", "SMT-033", 1),
        ("[asset]", "[asset]\nkind = 'Thing'", "SMT-033", 4),
        ("[asset]", "[assets]", "SMT-033", 3),
    ],
)
def test_what_is_wrong_in_a_form_is_said_where_it_stands(
    old: str, new: str, code: str, line: int
) -> None:
    assert old in FORM
    found = said(FORM.replace(old, new, 1))
    assert (code, line) in [(each[0], each[1]) for each in found], found
    assert made(FORM.replace(old, new, 1)).data is None


def test_a_missing_field_is_said_once() -> None:
    found = said(FORM.replace('{ en = "ACME" }', "true"))
    assert [each[0] for each in found] == ["SMT-033"]


def test_dates_and_numbers_are_written_as_the_template_asks() -> None:
    text = FORM.replace(
        'OrderCodeOfManufacturer = "P-1"',
        "OrderCodeOfManufacturer = 4711\nDateOfManufacture = 2031-05-17",
    )
    submodel = made(text).environment.submodels[0]
    values = {each.id_short: getattr(each, "value", None) for each in submodel.submodel_elements}
    assert values["OrderCodeOfManufacturer"] == "4711"
    assert values["DateOfManufacture"] == "2031-05-17"


def test_several_of_one_element_are_numbered() -> None:
    text = (
        FORM
        + """
[[submodel.Nameplate.Markings]]
MarkingName = "CE"
MarkingFile = "https://example.com/ce.pdf"
MarkingAdditionalText = ["one", "two"]
"""
    )
    markings = made(text).environment.submodels[0].submodel_elements[-1]
    names = [each.id_short for each in markings.value[0].value]
    assert names == [
        "MarkingName",
        "MarkingFile",
        "MarkingAdditionalText01",
        "MarkingAdditionalText02",
    ]


def test_free_content_is_taken_where_the_template_has_a_place_for_it() -> None:
    text = (
        FORM
        + """
[submodel.Nameplate.AssetSpecificProperties]
Colour = "red"
Weight = 12.5
"""
    )
    result = made(text)
    assert result.findings == []
    free = result.environment.submodels[0].submodel_elements[-1].value
    assert [(each.id_short, each.value_type, each.value) for each in free] == [
        ("Colour", "xs:string", "red"),
        ("Weight", "xs:double", "12.5"),
    ]


def test_files_of_a_form_are_put_into_the_package(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"\x89PNG")
    text = FORM.replace(
        "[submodel.Nameplate]", '[shell]\nthumbnail = "logo.png"\n\n[submodel.Nameplate]'
    ).replace(
        'OrderCodeOfManufacturer = "P-1"',
        'OrderCodeOfManufacturer = "P-1"\nCompanyLogo = { path = "logo.png", contentType = "image/png" }',
    )
    result = made(text, folder=tmp_path)
    assert result.findings == []
    package = aasx.read(result.data)
    assert package.thumbnail == "/aasx/files/logo.png"
    assert package.supplements["/aasx/files/logo.png"].content == b"\x89PNG"
    missing = made(text.replace('path = "logo.png"', 'path = "nothing.png"'), folder=tmp_path)
    assert [each.code for each in missing.findings] == ["SMT-033"]
    (tmp_path / "logo.png").write_bytes(b"%PDF-1.7")
    line = next(
        at for at, each in enumerate(text.splitlines(), 1) if each.startswith("CompanyLogo")
    )
    only_logo = text.replace('[shell]\nthumbnail = "logo.png"\n', "[shell]\n\n")
    (wrong,) = made(only_logo, folder=tmp_path).findings
    assert (wrong.code, wrong.location.line, wrong.location.column) == ("AASX-028", line, 17)


def test_a_form_can_be_json() -> None:
    import tomllib

    text = json.dumps(tomllib.loads(FORM), indent=2)
    result = generate(read_json(text), "pump.json", catalogue.known())
    assert result.data == made(FORM).data
    broken = text.replace('"OrderCodeOfManufacturer"', '"OrderCode"')
    found = generate(read_json(broken), "pump.json", catalogue.known()).findings
    line = 1 + broken[: broken.index('"OrderCode"')].count("\n")
    assert ("SMT-033", line) in [(each.code, each.location.line) for each in found]


@pytest.mark.parametrize(
    "text", ["form = ", "[a", f"x = {'1' * 5000}", 'x = """', "form = 1\nform = 1"]
)
def test_a_form_that_is_no_toml_is_said_with_its_place(text: str) -> None:
    with pytest.raises(FormError) as caught:
        read_toml(text)
    assert caught.value.line is not None


def test_an_empty_form_of_every_template_can_be_read_again() -> None:
    import tomllib

    for entry in catalogue.shipped().entries:
        template = catalogue.shipped().template(entry)
        content = tomllib.loads(form([template]))
        assert content["form"] == 1
        assert len(content["submodel"]) == 1
        uncommented = form([template]).replace("\n# ", "\n")
        assert uncommented


def test_the_form_of_the_nameplate_opens_what_is_required() -> None:
    opened, optional = counts([named("nameplate")])
    assert opened == 4  # and the address, which is a table
    assert optional > 15


def test_a_template_file_is_read_again_when_it_has_changed(tmp_path: Path) -> None:
    from nacre_submodels.check import forced_template

    file = tmp_path / "own.json"
    for name in ("First", "Second"):
        submodel = {"modelType": "Submodel", "id": "urn:t", "idShort": name, "kind": "Template"}
        file.write_text(json.dumps({"submodels": [submodel]}), encoding="utf-8")
        assert forced_template(str(file)).name == name


def test_an_instance_is_derived_from_a_type() -> None:
    type_form = FORM.replace("[asset]", '[asset]\nkind = "Type"').replace("/p/1", "/type/1")
    base = made(type_form).environment
    instance = """form = 1

[asset]
globalAssetId = "https://example.com/p/7"

[submodel.Nameplate]
template = "nameplate"
SerialNumber = "7"
OrderCodeOfManufacturer = "P-7"
"""
    result = made(instance, base=Base(base))
    assert result.findings == []
    shell = result.environment.asset_administration_shells[0]
    assert shell.derived_from.keys[0].value == "https://example.com/type/1/aas"
    values: dict[str, Any] = {
        each.id_short: getattr(each, "value", None)
        for each in result.environment.submodels[0].submodel_elements
    }
    assert values["OrderCodeOfManufacturer"] == "P-7"
    assert values["SerialNumber"] == "7"
    assert values["ManufacturerName"][0].text == "ACME"
    assert result.environment.submodels[0].id == "https://example.com/p/7/submodels/Nameplate"


# -- templates as companies write them -------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        'CompanyLogo = { path = "x.png", contenttype = "image/png" }',
        'CompanyLogo = { path = "https://example.com/x.png", contentType = 5 }',
        'CompanyLogo = "/etc/passwd"',
        'CompanyLogo = "../x.png"',
        'ManufacturerProductRoot = { en = "a", de = "" }',
        "ManufacturerProductRoot = []",
        'DateOfManufacture = "May"',
        'SerialNumber = ""',
        'SerialNumber = { a = "1" }',
        "SerialNumber = [1, 2]",
    ],
)
def test_no_value_of_a_form_is_dropped_without_a_word(line: str, tmp_path: Path) -> None:
    text = FORM.replace(
        'OrderCodeOfManufacturer = "P-1"', f'OrderCodeOfManufacturer = "P-1"\n{line}'
    )
    result = made(text, folder=tmp_path)
    assert result.data is None
    assert 12 in [each.location.line for each in result.findings], result.findings


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("[asset]", '[asset]\nspecificAssetIds = { serialNumber = { a = "1" } }', 4),
        ("[asset]", '[asset]\nspecificAssetIds = { serialNumber = "" }', 4),
        ("[asset]", '[shell]\nidShort = "1 Pump"\n[asset]', 4),
        ("[asset]", '[shell]\nidShort = ""\n[asset]', 4),
        ("[asset]", "[[asset]]", 3),
        ("form = 1", "form = true", 1),
        ("[asset]", '[shell]\nmetamodel = "2.0"\n[asset]', 4),
        ("[submodel.Nameplate]", '[submodel."Name plate"]', 6),
        ('template = "nameplate"', 'template = ["nameplate"]', 7),
        ('"https://example.com/p/1"\n\n', '"  "\n\n', 4),
    ],
)
def test_what_is_wrong_around_the_submodels_is_said_too(old: str, new: str, line: int) -> None:
    text = FORM.replace(old, new, 1)
    assert text != FORM
    result = made(text)
    assert result.data is None
    assert line in [each.location.line for each in result.findings], result.findings


def test_numbers_stay_as_they_were_written() -> None:
    from nacre_submodels.builder import Number, literal_of

    assert literal_of(Number("0.10"), "xs:decimal") == "0.10"
    assert literal_of(Number("0.1234567890123456789"), "xs:decimal") == "0.1234567890123456789"
    assert literal_of(Number("1e-7"), "xs:decimal") == "0.0000001"
    assert literal_of(Number("1e-7"), "xs:double") == "1e-7"
    assert literal_of(Number("inf"), "xs:double") == "INF"
    assert literal_of(Number("-inf"), "xs:float") == "-INF"
    assert literal_of(Number("1_000.5"), "xs:string") == "1000.5"


def test_files_of_a_type_are_taken_over(tmp_path: Path) -> None:
    (tmp_path / "b#1 ü.png").write_bytes(b"\x89PNG")
    text = FORM.replace(
        'OrderCodeOfManufacturer = "P-1"',
        'OrderCodeOfManufacturer = "P-1"\nCompanyLogo = "b#1 ü.png"',
    )
    base = made(text.replace("/p/1", "/type/1"), folder=tmp_path)
    assert base.findings == []
    content = aasx.merged(aasx.read(base.data))
    form_text = 'form = 1\n[asset]\nglobalAssetId = "https://example.com/p/9"\n'
    result = made(form_text, base=Base(content, aasx.read(base.data)))
    assert result.findings == []
    assert [part.content for part in aasx.read(result.data).supplements.values()] == [b"\x89PNG"]
    same = made(form_text.replace("/p/9", "/type/1"), base=Base(content, aasx.read(base.data)))
    assert same.data is None


def test_two_files_that_differ_in_case_only_are_kept_apart(tmp_path: Path) -> None:
    (tmp_path / "a.PDF").write_bytes(b"one")
    (tmp_path / "a.pdf").write_bytes(b"two")
    text = (
        FORM
        + """
[[submodel.Nameplate.Markings]]
MarkingName = "CE"
MarkingFile = "a.PDF"
[[submodel.Nameplate.Markings]]
MarkingName = "GS"
MarkingFile = "a.pdf"
"""
    )
    result = made(text, folder=tmp_path)
    assert result.findings == []
    assert sorted(part.content for part in aasx.read(result.data).supplements.values()) == [
        b"one",
        b"two",
    ]


@pytest.mark.parametrize("name", ["HandoverDocumentation", "CarbonFootprint", "TechnicalData"])
def test_names_that_several_specifications_have_mean_the_one_of_that_title(name: str) -> None:
    assert not named(name).number.startswith("02035")


def test_of_two_files_of_one_version_the_first_counts_everywhere() -> None:
    """By whatever the other one's name was told apart: verdicts are the same before and after an update."""
    for other in ("02067-Calendar-1.0~2.smt", "02067-Calendar-1.0-af655b11.smt"):
        entries = [
            Entry(file=f"folder/{name}", name="Calendar", id="urn:c", number="02067", version="1.0")
            for name in (other, "02067-Calendar-1.0.smt")
        ]
        first = min(entries, key=lambda each: each.order)
        assert first.file == "folder/02067-Calendar-1.0.smt"
