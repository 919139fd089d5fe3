"""Forms and tables become packages: every value as it is written, and what cannot be is refused."""

import itertools
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from formfiles import asked, corp, element, judged, ran

from conftest import nacre
from documents import one_submodel, reference, written
from nacre_aas import aasx, files, opc
from nacre_aas.jsonization import dumps
from nacre_aas.model import (
    Environment,
    File,
    Operation,
    Range,
    RelationshipElement,
    SubmodelElementCollection,
)
from nacre_aas.schema import elements
from nacre_cli.exit_codes import ExitCode
from nacre_submodels import builder, catalogue
from nacre_submodels.builder import build
from nacre_submodels.errors import FormError
from nacre_submodels.form import form, read_toml
from nacre_submodels.records import read_row
from nacre_submodels.samples import sample
from nacre_submodels.semantics import ARBITRARY
from nacre_submodels.template import Element, Interval, Template, walk

# -- what a form asks for --------------------------------------------------------------------------


def test_a_form_has_a_place_for_every_required_member_of_a_list() -> None:
    found = catalogue.shipped()
    template = found.template(found.find("FactoryAutomationDataForPlant"))
    (members,) = (each.elements for each in template.elements if len(each.elements) > 1)
    assert sum(each.minimum for each in members) == 21
    text = form([template])
    assert text.count(".AutomationMLAttributeAndInterfaceList]]") == 21
    names = {below.id_short for each in members for below in each.elements}
    assert all(f"\n{name} = " in text for name in names)


def test_a_form_asks_every_self_managed_entity_for_its_asset() -> None:
    """Those in lists and those without members too."""
    found = catalogue.shipped()
    for name in ("IEC81346Structure", "02063", "HierarchicalStructures"):
        template = found.template(found.find(name))
        entities = [e for _, e in walk(template) if e.entity_type == "SelfManagedEntity"]
        asked = form([template]).count('globalAssetId = ""') - 1  # that of the shell
        assert asked == len(entities), name


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


# -- values ----------------------------------------------------------------------------------------


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
    template = corp(
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


@pytest.mark.parametrize("number", ["+49123", "-0", "0x10", "1_000"])
def test_a_number_that_would_be_rewritten_is_refused(number: str) -> None:
    with pytest.raises(FormError, match="as it is written"):
        read_toml(f"form = 1\n[submodel.A]\nSerialNumber = {number}  # so\n")
    assert read_toml(f'a = "{number}"\nb = 4711\n').content == {"a": number, "b": 4711}
    text = f"first\nphone = {number}\n"  # as words of a long text it is kept
    assert read_toml(f'a = """{text}"""').content == {"a": text}


@pytest.mark.parametrize("value", [object(), b"x", {1, 2}])
def test_a_value_of_python_that_is_none_of_a_form_is_trouble(value: object) -> None:
    found = catalogue.shipped()
    template = found.template(found.find("nameplate"))
    built = builder.build(template, {"SerialNumber": value}, "urn:s")
    assert [each.path for each in built.troubles] == [("SerialNumber",)]


def test_a_form_with_equal_ids_or_an_empty_text_makes_no_package(tmp_path: Path) -> None:
    head = 'form = 1\n[asset]\nglobalAssetId = "https://e.x/1"\n'
    one = '[submodel.Nameplate]\nid = "https://e.x/1/aas"\nManufacturerName = {}\n'
    (tmp_path / "form.toml").write_text(head + one, "utf-8")
    result = nacre("generate", "form.toml", "-o", "x.aasx", cwd=tmp_path)
    assert result.returncode == 1
    assert b"is that of the shell" in result.stdout + result.stderr
    assert b"`ManufacturerName` is empty" in result.stdout + result.stderr
    assert not (tmp_path / "x.aasx").exists()


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


def _concept(name: str, **content: Any) -> dict[str, Any]:
    """The concept description of an element of a company's template."""
    specification = reference(
        "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3"
    )
    said = {
        "modelType": "DataSpecificationIec61360",
        "preferredName": [{"language": "en", "text": name}],
        "definition": [{"language": "en", "text": f"The {name}"}],
        **content,
    }
    data = [{"dataSpecification": specification, "dataSpecificationContent": said}]
    described = {"modelType": "ConceptDescription", "id": f"urn:{name}"}
    return described | {"embeddedDataSpecifications": data}


def test_a_form_offers_the_values_that_a_concept_lists(tmp_path: Path) -> None:
    pairs = [{"value": each, "valueId": reference(f"urn:{each}")} for each in ("red", "blue, dark")]
    concept = _concept("Colour", valueList={"valueReferencePairs": pairs})
    template = corp("Template", element("Colour", qualifiers=asked(("SMT/Cardinality", "One"))))
    written(tmp_path / "t.json", template, conceptDescriptions=[concept])
    form = ran(tmp_path, "template", "form", "t.json").stdout.decode()
    assert 'one of "red", "blue, dark"' in form


def test_a_concept_with_a_mistake_of_the_templates_is_left_out_and_named(tmp_path: Path) -> None:
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
    (tmp_path / "t.json").write_text(json.dumps(document), "utf-8")
    (tmp_path / "f.toml").write_text(
        'form = 1\n[asset]\nglobalAssetId = "urn:a"\n[submodel.Own]\ntemplate = "t.json"\nColour = "red"\n',
        "utf-8",
    )
    result = ran(tmp_path, "generate", "f.toml", "-o", "f.aasx")
    assert result.returncode == ExitCode.OK, result.stdout
    assert b"`urn:colour`" in result.stderr
    assert files.validate(str(tmp_path / "f.aasx")).findings == []


@pytest.mark.parametrize(
    ("value_type", "content", "code"),
    [
        ("xs:string", {"unit": "STRING"}, "SEM-001"),
        ("xs:string", {"dataType": "DATE"}, "MET-024"),
        ("xs:boolean", {"unit": "mm"}, "MET-026"),
        ("xs:double", {"dataType": "REAL_MEASURE"}, "AASc-3a-009"),
    ],
)
def test_a_concept_that_contradicts_the_template_is_left_out_and_named(
    tmp_path: Path, value_type: str, content: dict[str, str], code: str
) -> None:
    name = "Width"
    once = asked(("SMT/Cardinality", "One"))
    both = element(name, value_type, qualifiers=once), element("Other", qualifiers=once)
    template = corp("Template", *both)
    concepts = [_concept(name, **content), _concept("Other", dataType="STRING")]
    written(tmp_path / "corp.json", template, conceptDescriptions=concepts)
    value = {"xs:string": '"2031-05-17"', "xs:boolean": "true", "xs:double": "1.5"}[value_type]
    text = (
        'form = 1\n[asset]\nglobalAssetId = "urn:p"\n[submodel.Corp]\ntemplate = "corp.json"\n'
        f'Width = {value}\nOther = "x"\n'
    )
    result_code, said, found = generated(tmp_path, text)
    assert result_code == ExitCode.OK
    assert f"the concept description `urn:{name}` is left out" in said
    assert f"({code}" in said
    assert found is not None
    assert [each.id for each in found.concept_descriptions or ()] == ["urn:Other"]
    assert files.validate(str(tmp_path / "f.aasx")).findings == []


# -- tables ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["000000", "0.00"])
def test_zeros_that_a_table_shows_are_there(tmp_path: Path, format_: str) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["asset.globalAssetId", "submodel.Nameplate.SerialNumber"])
    sheet.append(["urn:a", 4711 if format_ == "000000" else 1.1])
    sheet.cell(2, 2).number_format = format_
    book.save(tmp_path / "t.xlsx")
    found = read_row(str(tmp_path / "t.xlsx")).submodels["Nameplate"]["SerialNumber"]
    assert found == {"000000": "004711", "0.00": "1.10"}[format_]


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


def test_a_formula_whose_value_is_not_known_is_refused(tmp_path: Path) -> None:
    import openpyxl

    written(tmp_path / "t.json", corp("Template", element("Aa")))
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["asset.globalAssetId", "submodel.Corp.template", "submodel.Corp.Aa"])
    sheet.append(["urn:x", "t.json", "=1+1"])
    book.save(tmp_path / "f.xlsx")
    done = nacre("generate", "f.xlsx", cwd=tmp_path)
    assert done.returncode == 3
    assert b"the cell C2 holds a formula" in done.stderr


@pytest.mark.parametrize(
    "name", ["02035-2", "02035-3", "02004", "02023", "TimeSeries withOperations"]
)
def test_a_form_leads_back_to_the_template_that_it_was_made_of(name: str) -> None:
    found = catalogue.shipped()
    template = found.template(found.find(name))
    assert found.template(found.find(found.name_of(template))) == template


def test_a_form_for_a_template_of_a_file_is_filled_in_where_the_file_is(form_folder: Path) -> None:
    (form_folder / "forms").mkdir()
    assert ran(form_folder, "template", "form", "demo.json", "-o", "forms/p.toml").returncode == 0
    text = (form_folder / "forms/p.toml").read_text("utf-8")
    assert 'template = "../demo.json"' in text
    text = re.sub(r"^([\w]+ = ){ *}$", r"\1[]", text, flags=re.MULTILINE)
    text = text.replace('= ""', '= "4711"').replace(
        'globalAssetId = "4711"', 'globalAssetId = "urn:a"'
    )
    (form_folder / "forms/p.toml").write_text(text, "utf-8")
    done = ran(form_folder, "generate", "forms/p.toml", "-o", "p.aasx")
    assert b"SMT-030" not in done.stdout + done.stderr


def test_a_shared_semantic_id_is_told_apart_by_the_id_of_the_template(tmp_path: Path) -> None:
    """A battery's carbon footprint has the semantic id of every carbon footprint."""
    found = catalogue.shipped()
    template = found.template(found.find("02035-3"))
    form_ = {
        "form": 1,
        "asset": {"globalAssetId": "urn:battery"},
        "submodel": {
            "CarbonFootprint": {
                "template": found.name_of(template),
                **sample(template),
            }
        },
    }
    (tmp_path / "f.json").write_text(json.dumps(form_), "utf-8")
    done = nacre("generate", "f.json", "-o", "b.aasx", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    content = files.load(str(tmp_path / "b.aasx"))[0]
    assert content.submodels is not None
    (submodel,) = content.submodels
    assert submodel.administration is not None
    assert submodel.administration.template_id == template.id
    checked = nacre("validate", "b.aasx", "--json", cwd=tmp_path)
    assert json.loads(checked.stdout)["findings"] == []


def test_an_operation_is_offered_with_the_variables_of_the_template(tmp_path: Path) -> None:
    form_ = {
        "form": 1,
        "asset": {"globalAssetId": "urn:motor"},
        "submodel": {
            "TimeSeries": {
                "template": "02008 (withOperations)",
                "Metadata": {"Name": {"en": "Speed"}, "Record": {"Time": 5}},
                "Segments": {},
                "ReadRecords": {},
            }
        },
    }
    (tmp_path / "f.json").write_text(json.dumps(form_), "utf-8")
    done = nacre("generate", "f.json", "-o", "t.aasx", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    content = files.load(str(tmp_path / "t.aasx"))[0]
    found = elements((content.submodels or [])[0])
    (operation,) = (each for each in found if isinstance(each, Operation))
    (asked_for,) = operation.input_variables or []
    (given,) = operation.output_variables or []
    assert (asked_for.value.id_short, type(asked_for.value)) == ("Timespan", Range)
    assert (given.value.id_short, type(given.value)) == ("Records", SubmodelElementCollection)
    assert operation.inoutput_variables is None
    checked = nacre("validate", "t.aasx", "--json", cwd=tmp_path)
    assert json.loads(checked.stdout)["findings"] == []


def test_places_in_nested_tables_count_anew_for_each() -> None:
    text = """form = 1
[[submodel.H.Docs]]
[[submodel.H.Docs.Ids]]
A = "x"
[[submodel.H.Docs]]
[[submodel.H.Docs.Ids]]
A = "y"
[[submodel.H.Docs.Ids]]
A = "z"
"""
    found = read_toml(text)
    for path, line in (((0, 0), 4), ((1, 0), 7), ((1, 1), 9)):
        spot = found.locate(("submodel", "H", "Docs", path[0], "Ids", path[1], "A"))
        assert spot is not None
        assert spot.line == line


def test_a_thumbnail_that_is_a_logo_too_is_announced_as_both(tmp_path: Path) -> None:
    picture = tmp_path / "photo.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    package = aasx.Aasx()
    part = package.add_file("photo.png", picture.read_bytes())
    package.thumbnail = part
    logo = File(id_short="Logo", content_type="image/png", value=part)
    data = aasx.write(one_submodel(logo), package=package)
    again = aasx.read(data)
    types = {each.type for arrows in again.relationships.values() for each in arrows}
    assert {aasx.SUPPLEMENT, opc.THUMBNAIL} <= types


def test_numbers_are_texts_in_every_language() -> None:
    found = catalogue.shipped()
    template = found.template(found.find("02006"))
    values = sample(template, required_only=True)
    values["AddressInformation"]["Zipcode"] = {"en": 51234}
    assert not build(template, values, "urn:s").troubles


def test_a_name_that_only_3_0_allows_is_said_to_be_the_templates(tmp_path: Path) -> None:
    found = catalogue.shipped()
    template = found.template(found.find("02045"))
    content = {
        "form": 1,
        "asset": {"globalAssetId": "urn:a"},
        "submodel": {"AssetLocation": {"template": "02045", **sample(template)}},
    }
    (tmp_path / "f.json").write_text(json.dumps(content), "utf-8")
    done = nacre("generate", "f.json", "-o", "a.aasx", cwd=tmp_path)
    assert done.returncode == 1
    assert b"add `--metamodel 3.0`" in done.stdout


@pytest.mark.parametrize(
    ("ends", "value_type"),
    [
        ({"min": 1, "max": 5}, "xs:integer"),
        ({"min": 1, "max": 2.5}, "xs:double"),
        ({"min": 0.5}, "xs:double"),
        ({"min": "a", "max": "b"}, "xs:string"),
    ],
)
def test_a_range_of_ones_own_has_the_type_of_its_ends(
    ends: dict[str, Any], value_type: str
) -> None:
    free = Element(model_type="Range", semantic_id=f"{ARBITRARY}Range")
    made = build(Template(name="T", id="urn:t", elements=(free,)), {"Span": ends}, "urn:s")
    assert not made.troubles
    (band,) = made.submodel.submodel_elements or []
    assert isinstance(band, Range)
    assert band.value_type == value_type


OBSERVED = {"keys": [["Submodel", "urn:s"]]}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"observed": OBSERVED, "direction": "output", "state": "on"}, None),
        ({"observed": OBSERVED, "direction": "output", "state": "on", "messageTopic": "t"}, None),
        ({"observed": "urn:x", "direction": "out", "state": "on"}, "`direction`"),
        ({"direction": "output", "state": "on"}, "takes a reference"),
        ({"observed": "urn:x", "direction": "input", "state": "off", "topic": "t"}, "no `topic`"),
        ("now", "`direction`"),
        (
            {"observed": OBSERVED, "direction": "input", "state": "off", "messageTopic": 5},
            "no text",
        ),
    ],
)
def test_an_event_is_made_from_what_it_observes(value: Any, said: str | None) -> None:
    wanted = Element(model_type="BasicEventElement", id_short="Change", semantic_id="urn:c")
    made = build(Template(name="T", id="urn:t", elements=(wanted,)), {"Change": value}, "urn:s")
    assert [each.message for each in made.troubles if said and said in each.message] == [
        each.message for each in made.troubles
    ]
    assert bool(made.troubles) is (said is not None)
    if said is None:
        report = files.validate("x", data=dumps(Environment(submodels=[made.submodel])))
        assert not report.findings


def test_what_is_missing_in_a_form_is_said_in_words_of_forms(form_folder: Path) -> None:
    assert ran(form_folder, "template", "form", "02003", "-o", "f.toml").returncode == 0
    text = (form_folder / "f.toml").read_text("utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("ManufacturerOrderCode")]
    (form_folder / "f.toml").write_text("\n".join(kept), "utf-8")
    done = ran(form_folder, "generate", "f.toml", "-o", "f.aasx")
    said = done.stdout.decode()
    assert "fill it in: write a text (xs:string)" in said
    assert "add `ManufacturerOrderCode = ...`: write a text (xs:string)" in said
    assert "semanticId" not in said


def test_a_list_of_anything_holds_anything(tmp_path: Path) -> None:
    found = catalogue.shipped()
    template = found.template(found.find("02003"))
    values = sample(template, required_only=True)
    (area, *_) = [{"ArbitrarySML": ["a", 5, {"Foo": "b", "Span": {"min": 1}}], "Codes": [1, 2]}]
    values["TechnicalPropertyAreas"] = [area]
    made = build(template, values, "urn:s")
    assert not made.troubles
    data = dumps(Environment(submodels=[made.submodel]))
    (tmp_path / "x.json").write_bytes(data)
    done = ran(tmp_path, "validate", "x.json")
    assert done.returncode == 0, done.stdout
    assert b'"valueType":"xs:integer"' in data


def test_a_free_value_has_the_type_that_it_is_written_in() -> None:
    found = catalogue.shipped()
    template = found.template(found.find("02003"))
    values = sample(template, required_only=True)
    values["TechnicalPropertyAreas"] = [
        {"ArbitraryProperty": 5.5, "ArbitraryRange": {"min": 1, "max": 2.5}}
    ]
    text = dumps(Environment(submodels=[build(template, values, "urn:s").submodel])).decode()
    assert text.count("xs:double") == 2


def test_of_two_elements_of_one_name_a_value_fills_one() -> None:
    twins = tuple(
        Element(model_type="Property", id_short="Name", semantic_id=f"urn:{n}") for n in range(2)
    )
    other = Element(
        model_type="Range", id_short="Name", semantic_id="urn:range", value_type="xs:int"
    )
    template = Template(name="T", id="urn:t", elements=(*twins, other))
    for value, meaning in (("a", "urn:0"), ({"min": 1}, "urn:range")):
        made = build(template, {"Name": value}, "urn:s")
        assert [
            each.semantic_id.keys[0].value
            for each in made.submodel.submodel_elements or ()
            if each.semantic_id is not None
        ] == [meaning]


def test_a_form_says_what_its_lists_and_alternatives_take() -> None:
    low = Interval(Decimal(1), Decimal(9))
    member = Element(
        model_type="Property", value_type="xs:int", minimum=3, maximum=3, allowed_range=low
    )
    either = [
        Element(
            model_type="Property",
            id_short=name,
            value_type="xs:string",
            either_or="g",
            minimum=1,
            maximum=1,
        )
        for name in ("Aaa", "Bbb")
    ]
    marks = Element(
        model_type="SubmodelElementList",
        id_short="Marks",
        elements=(member,),
        type_value_list_element="Property",
    )
    title = Element(model_type="MultiLanguageProperty", id_short="Title", examples=("Manual@en",))
    text = form([Template(name="T", id="urn:t", elements=(*either, marks, title))])
    assert "## Aaa: exactly one of Aaa, Bbb; a text (xs:string)" in text
    assert "each a whole number (xs:int), in [1, 9], 3 of them" in text.replace("\n## ", " ")
    assert "for example Manual\n" in text.replace("\n## ", " ")


def test_two_templates_of_one_name_have_keys_of_their_own(form_folder: Path) -> None:
    assert ran(form_folder, "template", "form", "02004", "02004", "-o", "f.toml").returncode == 0
    text = (form_folder / "f.toml").read_text("utf-8")
    assert "[submodel.HandoverDocumentation]\n" in text
    assert "[submodel.HandoverDocumentation2]\n" in text
    older = ran(form_folder, "template", "form", "02006-2.0", "-o", "old.toml")
    assert b"is superseded by IDTA 02006-3.0.1" in older.stderr


def test_hints_of_a_table_name_columns(form_folder: Path) -> None:
    (form_folder / "t.csv").write_text(
        "asset.globalAssetId,submodel.Nameplate.template\nurn:a,nameplate\n", "utf-8"
    )
    said = ran(form_folder, "generate", "t.csv", "-o", "t.aasx").stdout.decode()
    assert "fill in the column `submodel.Nameplate.ManufacturerName.en`" in said
    (form_folder / "u.csv").write_text(
        "form,asset.globalAssetId,submodel.Nameplate.ManufacturerName\n2,urn:a,Muster\n", "utf-8"
    )
    said = ran(form_folder, "generate", "u.csv", "-o", "t.aasx").stdout.decode()
    assert "the version of the form is `2`" in said
    assert "write 1 in the column" in said
    (form_folder / "v.csv").write_text(
        "form,asset.globalAssetId,submodel.Nameplate.YearOfConstruction.en\n1,urn:a,2031\n", "utf-8"
    )
    for version in ("1", "1.0", "01"):
        said = (form_folder / "v.csv").read_text("utf-8").replace("\n1,", f"\n{version},")
        (form_folder / "w.csv").write_text(said, "utf-8")
        said = ran(form_folder, "generate", "w.csv", "-o", "t.aasx").stdout.decode()
        assert "the version of the form" not in said
    (form_folder / "x.csv").write_text(
        "asset.globalAssetId,submodel.Nameplate.AddressInformation\nurn:a,here\n", "utf-8"
    )
    said = ran(form_folder, "generate", "x.csv", "-o", "t.aasx").stdout.decode()
    assert "fill in the column `submodel.Nameplate.AddressInformation." in said


def test_one_mistake_is_said_once(tmp_path: Path) -> None:
    once, side = (
        asked(("SMT/Cardinality", "One"), *more) for more in ((), (("SMT/EitherOr", "x"),))
    )
    reference_ = {
        "modelType": "ReferenceElement",
        "idShort": "Ref",
        "semanticId": reference("urn:Ref"),
        "qualifiers": once,
    }
    elements_ = (
        element("Weight", "xs:double", qualifiers=once),
        element("EitherA", "xs:int", qualifiers=side),
        element("EitherB", "xs:int", qualifiers=side),
        element("id", qualifiers=once),
        reference_,
    )
    head = _own_template(tmp_path, *elements_)
    text = 'Weight = "abc"\nEitherB = "many"\nRef = "Corp/Weight"\n'
    code, said, _ = generated(tmp_path, head + text)
    assert code == ExitCode.FINDINGS
    errors = re.findall(r"^error\[[\w-]+\]: (.*)$", said, re.MULTILINE)
    assert [each.partition("`")[2].partition("`")[0] for each in errors] == ["id", "abc", "many"]
    assert "add `_id = ...`" in said


def test_a_mistake_in_one_choice_hides_none_in_another(tmp_path: Path) -> None:
    def side(name: str, group: str) -> dict[str, Any]:
        pairs = ("SMT/Cardinality", "One"), ("SMT/EitherOr", group)
        return element(name, "xs:int", qualifiers=asked(*pairs))

    sides = [side(f"{group}{n}", group) for group in "XY" for n in "12"]
    head = _own_template(tmp_path, *sides)
    _, said, _ = generated(tmp_path, f'{head}X1 = "many"\nY1 = 1\nY2 = 2\n')
    assert "`many` is not a literal" in said
    assert "`Y1`, `Y2` exclude each other" in said
    assert "`X1`, `X2`" not in said


def test_lines_of_a_table_are_those_of_the_file(tmp_path: Path) -> None:
    head = _own_template(tmp_path, element("A"), element("B", "xs:int"))
    assert head
    rows = "asset.globalAssetId,submodel.Corp.template,submodel.Corp.A,submodel.Corp.B\n"
    rows += 'urn:a,corp.json,"two\nlines",1\nurn:b,corp.json,x,many\n'
    (tmp_path / "t.csv").write_text(rows, "utf-8")
    said = nacre("generate", "t.csv", "--row", "2", "-o", "t.aasx", cwd=tmp_path).stdout.decode()
    assert " --> t.csv:4:4" in said


def test_hints_about_a_form_in_json_are_json(tmp_path: Path) -> None:
    values = {"ManufacturerName": 3, "CompanyLogo": 5, "SerialNumber": ""}
    form = {"form": 1, "asset": {"globalAssetId": "urn:a"}, "submodel": {"Nameplate": values}}
    (tmp_path / "f.json").write_text(json.dumps(form), "utf-8")
    said = ran(tmp_path, "generate", "f.json", "-o", "f.aasx").stdout.decode()
    hints = [line for line in said.splitlines() if "= hint:" in line]
    assert any('add `"OrderCodeOfManufacturer": ...`' in each for each in hints)
    assert any(
        'write { "path": "manual.pdf", "contentType": "application/pdf" }' in e for e in hints
    )
    assert any('write texts by language: { "en": "...", "de": "..." }' in each for each in hints)
    assert any("fill it in, or remove it if it is optional" in each for each in hints)
    assert not any(re.search(r"\w = ", each.partition("hint:")[2]) for each in hints)


def test_what_a_workbook_holds_besides_is_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["asset.globalAssetId", "submodel.Nameplate.template"])
    sheet.append(["urn:a", "nameplate"])
    book.create_sheet("empty")
    book.create_sheet("second").append(["submodel.Nameplate.SerialNumber"])
    book.save(tmp_path / "t.xlsx")
    found = read_row(str(tmp_path / "t.xlsx"))
    assert found.notes == ("the sheet `second` is not read: a table is the first sheet",)
    sheet.cell(2, 2, 12345678901234567890)
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(FormError, match="more digits than Excel keeps"):
        read_row(str(tmp_path / "t.xlsx"))


BOM = """form = 1
[asset]
globalAssetId = "https://example.com/4711"
[submodel.HierarchicalStructures]
template = "02011 HierarchicalStructures"
ArcheType = "Full"
[submodel.HierarchicalStructures.EntryNode]
globalAssetId = "https://example.com/4711"
HasPart = [{first = "EntryNode", second = "EntryNode/Motor"}]
[[submodel.HierarchicalStructures.EntryNode.Node]]
idShort = "Motor"
globalAssetId = "https://example.com/m"
[[submodel.HierarchicalStructures.EntryNode.Node]]
globalAssetId = "https://example.com/n"
"""


def named_elements(content: Environment) -> dict[str | None, Any]:
    return {
        getattr(each, "id_short", None): each
        for submodel in content.submodels or []
        for each in elements(submodel)
    }


def generated(folder: Path, text: str) -> tuple[int, str, Environment | None]:
    """What becomes of a form: exit code, what is said, and the content of the package."""
    (folder / "f.toml").write_text(text, "utf-8")
    done = nacre("generate", "f.toml", "-o", "f.aasx", "--force", cwd=folder)
    content = None if done.returncode else files.load(str(folder / "f.aasx"))[0]
    return done.returncode, (done.stdout + done.stderr).decode(), content


def test_parts_have_names_of_their_own_and_relations_lead_to_them(tmp_path: Path) -> None:
    _, said, content = generated(tmp_path, BOM)
    assert content is not None, said
    found = named_elements(content)
    assert {"Motor", "Node02"} <= found.keys()
    relation = found["HasPart"]
    assert isinstance(relation, RelationshipElement)
    assert relation.second is not None
    assert [(key.type, key.value) for key in relation.second.keys] == [
        ("Submodel", "https://example.com/4711/submodels/HierarchicalStructures"),
        ("Entity", "EntryNode"),
        ("Entity", "Motor"),
    ]


def test_the_way_to_an_element_that_is_not_there_is_said(tmp_path: Path) -> None:
    code, said, _ = generated(tmp_path, BOM.replace("EntryNode/Motor", "EntryNode/Moto"))
    assert code == ExitCode.FINDINGS
    assert "f.toml:9" in said
    assert "`EntryNode/Moto` is no id" in said


def test_a_mistyped_type_of_key_is_said_with_the_right_one(tmp_path: Path) -> None:
    wrong = BOM.replace('"EntryNode/Motor"', '{ keys = [["Submodell", "urn:x"]] }')
    code, said, _ = generated(tmp_path, wrong)
    assert code == ExitCode.FINDINGS
    assert "did you mean `Submodel`?" in said


def test_names_that_a_template_allows_by_a_pattern_are_keys(tmp_path: Path) -> None:
    named = asked(("SMT/AllowedIdShort", "Phase[A-C]"), ("SMT/Cardinality", "ZeroToMany"))
    template = corp("Template", element("Phase", "xs:double", qualifiers=named))
    written(tmp_path / "corp.json", template)
    head = 'form = 1\n[asset]\nglobalAssetId = "urn:p"\n[submodel.Corp]\ntemplate = "corp.json"\n'
    _, said, content = generated(tmp_path, head + "PhaseA = 1.5\nPhaseC = 2.5\n")
    assert content is not None, said
    assert list(named_elements(content)) == ["PhaseA", "PhaseC"]
    code, said, _ = generated(tmp_path, head + "Phase = [1.5, 2.5]\n")
    assert code == ExitCode.FINDINGS
    assert "f.toml:6" in said
    assert "of the pattern Phase[A-C]" in said


def test_short_names_are_no_languages(tmp_path: Path) -> None:
    text = """form = 1
language = "de"
[asset]
globalAssetId = "urn:p"
[submodel.TechnicalData]
template = "02003"
[submodel.TechnicalData.GeneralInformation]
ManufacturerName = "ACME"
ManufacturerProductDesignation = "Pumpe"
ManufacturerArticleNumber = "1"
ManufacturerOrderCode = "2"
[[submodel.TechnicalData.TechnicalPropertyAreas]]
[submodel.TechnicalData.TechnicalPropertyAreas.Motor]
typ = "6205"
art = "Asynchron"
"""
    _, said, content = generated(tmp_path, text)
    assert content is not None, said
    found = named_elements(content)
    assert isinstance(found["Motor"], SubmodelElementCollection)
    (name,) = found["ManufacturerProductDesignation"].value
    assert (name.language, name.text) == ("de", "Pumpe")


def test_what_a_row_of_a_table_does_not_have_leaves_no_gap(tmp_path: Path) -> None:
    table = "submodel.N.Markings[0].MarkingName,submodel.N.Markings[1].MarkingName,asset.globalAssetId\n"
    (tmp_path / "t.csv").write_text(table + ",UKCA,urn:p\n", "utf-8")
    row = read_row(str(tmp_path / "t.csv"))
    assert row.content["submodel"]["N"]["Markings"] == [{"MarkingName": "UKCA"}]
    spot = row.locate(("submodel", "N", "Markings", 0, "MarkingName"))
    assert spot is not None
    assert (spot.line, spot.column) == (2, 2)


def test_a_boolean_is_spelled_as_the_template_spells_it(tmp_path: Path) -> None:
    words = asked(("SMT/AllowedValue", "True|False"))
    written(tmp_path / "corp.json", corp("Template", element("Aa", qualifiers=words)))
    head = 'form = 1\n[asset]\nglobalAssetId = "urn:p"\n[submodel.Corp]\ntemplate = "corp.json"\n'
    _, said, content = generated(tmp_path, head + "Aa = true\n")
    assert content is not None, said
    assert named_elements(content)["Aa"].value == "True"


def _own_template(folder: Path, *elements_: dict[str, Any], **more: Any) -> str:
    """A form for a company's own template, without values."""
    (folder / "corp.json").write_text(
        json.dumps({"submodels": [corp("Template", *elements_)], **more}), "utf-8"
    )
    return 'form = 1\n[asset]\nglobalAssetId = "urn:p"\n[submodel.Corp]\ntemplate = "corp.json"\n'


def test_a_reference_leads_into_its_own_submodel_first(tmp_path: Path) -> None:
    concept = {"modelType": "ConceptDescription", "id": "urn:Speed", "idShort": "Speed"}
    reference_ = {
        "modelType": "ReferenceElement",
        "idShort": "Ref",
        "semanticId": reference("urn:r"),
    }
    head = _own_template(
        tmp_path, element("Speed"), reference_, conceptDescriptions=[concept]
    ).replace("[asset]", '[shell]\nidShort = "Speed"\n[asset]')
    _, said, content = generated(tmp_path, head + 'Speed = "1"\nRef = "Speed"\n')
    assert content is not None, said
    keys = named_elements(content)["Ref"].value.keys
    assert [key.value for key in keys] == ["urn:p/submodels/Corp", "Speed"]


def test_an_operation_with_an_event_is_refused_in_one_line(tmp_path: Path) -> None:
    key = {"type": "Submodel", "value": "urn:s"}
    event = {
        "modelType": "BasicEventElement",
        "idShort": "Ev",
        "direction": "output",
        "state": "on",
        "observed": {"type": "ModelReference", "keys": [key]},
    }
    operation = {
        "modelType": "Operation",
        "idShort": "Op",
        "semanticId": reference("urn:op"),
        "inputVariables": [{"value": event}],
    }
    code, said, _ = generated(tmp_path, _own_template(tmp_path, operation) + "Op = {}\n")
    assert code == ExitCode.FINDINGS
    assert "has an event as variable" in said


def test_names_by_a_pattern_find_their_kind_and_hold_for_lists(tmp_path: Path) -> None:
    named = asked(("SMT/AllowedIdShort", r"\w+"), ("SMT/Cardinality", "ZeroToMany"))
    group = {
        "modelType": "SubmodelElementCollection",
        "idShort": "Bb",
        "semanticId": reference("urn:Bb"),
        "qualifiers": named,
        "value": [element("Cc")],
    }
    head = _own_template(tmp_path, element("Aa", qualifiers=named), group)
    _, said, content = generated(tmp_path, head + "[[submodel.Corp.Motor]]\nCc = 'x'\n")
    assert content is not None, said
    assert isinstance(named_elements(content)["Motor"], SubmodelElementCollection)
    two = head + "[[submodel.Corp.Motor]]\nCc = 'x'\n[[submodel.Corp.Motor]]\nCc = 'y'\n"
    code, said, _ = generated(tmp_path, two)
    assert code == ExitCode.FINDINGS
    assert "each has a name of its own" in said


def test_a_table_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    head = "submodel.N.Markings[0].MarkingName,submodel.N.Markings[0],asset.globalAssetId\n"
    (tmp_path / "t.csv").write_text(head + "CE,x,urn:p\n", "utf-8")
    with pytest.raises(FormError, match="contradicts"):
        read_row(str(tmp_path / "t.csv"))


def test_names_with_a_number_keep_to_their_pattern_and_to_other_names(tmp_path: Path) -> None:
    times = element("Time00", qualifiers=asked(("SMT/AllowedIdShort", r"Time[\d{2,3}]"), _MANY))
    channels = element("Chan__00__", qualifiers=asked(_MANY))
    head = _own_template(tmp_path, times, channels)
    code, said, content = generated(
        tmp_path, head + 'Time00 = ["a", "b"]\nChan__00__ = ["x", "z"]\nChan01 = "y"\n'
    )
    assert code == ExitCode.OK, said
    assert content is not None
    values = {name: each.value for name, each in named_elements(content).items()}
    assert values == {"Time01": "a", "Time02": "b", "Chan01": "y", "Chan02": "x", "Chan03": "z"}
    assert "SMT-014" not in said


_MANY = ("SMT/Cardinality", "ZeroToMany")


def test_a_list_of_anything_says_what_it_holds(tmp_path: Path) -> None:
    """By AASd-108 and AASd-109, which others hold against a list of the abstract class."""
    any_list = {
        "modelType": "SubmodelElementList",
        "idShort": "Any",
        "typeValueListElement": "SubmodelElement",
    }
    head = _own_template(tmp_path, any_list)
    for given, kind, value_type in (
        ('["1", "2"]', "Property", "xs:string"),
        ('[{ en = "a" }, "b"]', "SubmodelElement", None),
    ):
        _, said, content = generated(tmp_path, head + f"Any = {given}\n")
        assert content is not None, said
        made = named_elements(content)["Any"]
        assert (made.type_value_list_element, made.value_type_list_element) == (kind, value_type)


def test_a_file_has_in_the_package_the_type_that_the_form_says(tmp_path: Path) -> None:
    (tmp_path / "plan.mtp").write_bytes(b"PK")
    file = {"modelType": "File", "idShort": "Plan", "contentType": "application/mtp"}
    head = _own_template(tmp_path, file)
    text = head + 'Plan = { path = "plan.mtp", contentType = "application/mtp" }\n'
    code, said, _ = generated(tmp_path, text)
    assert code == ExitCode.OK
    assert "AASX-028" not in said
    package = aasx.read(tmp_path / "f.aasx")
    assert [each.content_type for each in package.supplements.values()] == ["application/mtp"]


@pytest.mark.parametrize("cell", ["{ }", "{}", " {  } "])
def test_a_cell_may_say_that_an_element_is_there(tmp_path: Path, cell: str) -> None:
    _own_template(tmp_path, {"modelType": "Capability", "idShort": "Can"})
    table = (
        f"asset.globalAssetId,submodel.Corp.template,submodel.Corp.Can\nurn:p,corp.json,{cell}\n"
    )
    (tmp_path / "t.csv").write_text(table, "utf-8")
    done = nacre("generate", "t.csv", "-o", "f.aasx", cwd=tmp_path)
    assert done.returncode == ExitCode.OK, done.stdout
    assert "Can" in named_elements(files.load(str(tmp_path / "f.aasx"))[0])
    _own_template(tmp_path, element("Can"))  # where a text is wanted it is one
    assert nacre("generate", "t.csv", "-o", "f.aasx", "--force", cwd=tmp_path).returncode == 0
    assert named_elements(files.load(str(tmp_path / "f.aasx"))[0])["Can"].value == cell


def test_blanks_are_no_value(tmp_path: Path) -> None:
    required = element("Aa", qualifiers=asked(("SMT/Cardinality", "One")))
    head = _own_template(tmp_path, required)
    code, said, _ = generated(tmp_path, head + 'Aa = "  "\n')
    assert code == ExitCode.FINDINGS
    assert "SMT-001" in said
    instance = corp("Instance", element("Aa", value=" "))
    assert judged(tmp_path, corp("Template", required), instance) == ["SMT-023"]


def test_an_element_may_be_called_like_a_setting(tmp_path: Path) -> None:
    """Its key has a `_` before it, in the form and in what is read."""
    asked_: dict[str, Any] = {"qualifiers": asked(("SMT/Cardinality", "One"))}
    names = ("globalAssetId", "entityType")
    entity = {
        "modelType": "Entity",
        "idShort": "Ent",
        "entityType": "CoManagedEntity",
        "statements": [element(each, **asked_) for each in names],
        **asked_,
    }
    template = corp("Template", element("id", **asked_), element("template"), entity)
    written(tmp_path / "corp.json", template)
    form = ran(tmp_path, "template", "form", "corp.json").stdout.decode()
    filled = form.replace('globalAssetId = ""    #', 'globalAssetId = "urn:p"    #')
    code, said, content = generated(tmp_path, filled.replace('= ""', '= "x"'))
    assert content is not None, (code, said)
    found = named_elements(content)
    assert [found[each].value for each in ("id", *names)] == ["x"] * 3


def test_the_form_has_a_place_for_required_annotations(tmp_path: Path) -> None:
    note = element("Note", qualifiers=asked(("SMT/Cardinality", "One")))
    related = {
        "modelType": "AnnotatedRelationshipElement",
        "idShort": "Rel",
        "semanticId": reference("urn:Rel"),
        "annotations": [note],
    }
    written(tmp_path / "corp.json", corp("Template", related))
    form = ran(tmp_path, "template", "form", "corp.json").stdout.decode()
    assert '# Rel = { first = "", second = "", Note = "" }' in form


def test_a_finding_about_a_concept_points_at_the_value(tmp_path: Path) -> None:
    pair = {"value": "slow", "valueId": reference("urn:slow")}
    concept = _concept("Speed", valueList={"valueReferencePairs": [pair]})
    rows = {
        "modelType": "SubmodelElementCollection",
        "idShort": "Row",
        "semanticId": reference("urn:Row"),
        "qualifiers": asked(("SMT/Cardinality", "OneToMany")),
        "value": [element("Speed")],
    }
    head = _own_template(tmp_path, rows, conceptDescriptions=[concept])
    code, said, _ = generated(tmp_path, f'{head}[[submodel.Corp.Row]]\n\nSpeed = "fast"\n')
    assert code == ExitCode.OK
    assert re.search(r"MET-025.*\n +--> f\.toml:8:", said)


# -- what acceptance by new users found ----------------------------------------------------------------


@pytest.mark.parametrize("name", ["a b.pdf", "a%20b.pdf", "a%2Fb.pdf", "50%.pdf", "ä#1.pdf"])
def test_a_file_of_any_name_is_found_in_its_package(form_folder: Path, name: str) -> None:
    (form_folder / name).write_bytes(b"%PDF-1.7")
    text = (form_folder / "nameplate.toml").read_text("utf-8")
    head = "[submodel.Nameplate]\n"
    logo = f"CompanyLogo = {{ path = {json.dumps(name, ensure_ascii=False)} }}\n"
    (form_folder / "nameplate.toml").write_text(text.replace(head, head + logo), "utf-8")
    made = ran(form_folder, "generate", "nameplate.toml", "-o", "x.aasx")
    assert made.returncode == ExitCode.OK, made.stdout
    found = files.validate(str(form_folder / "x.aasx")).findings
    assert [each.code for each in found if each.code.startswith("AASX")] == []


def test_what_a_version_alone_allows_is_said_with_the_version(form_folder: Path) -> None:
    text = (form_folder / "nameplate.toml").read_text("utf-8")
    asset = '[asset]\nkind = "Batch"\n'
    (form_folder / "b.toml").write_text(text.replace("[asset]\n", asset), "utf-8")
    done = ran(form_folder, "generate", "b.toml", "-o", "x.aasx")
    assert done.returncode == ExitCode.FINDINGS
    assert b"--metamodel 3.2" in done.stdout
    line = next(at for at, x in enumerate(text.splitlines(), 1) if x == "[asset]") + 1
    assert f"b.toml:{line}:1".encode() in done.stdout


def test_a_member_that_a_list_lacks_is_no_key(tmp_path: Path) -> None:
    member = element("Aa", qualifiers=asked(("SMT/Cardinality", "OneToMany")))
    other = element("Bb", qualifiers=asked(("SMT/Cardinality", "One")))
    for each in (member, other):
        del each["idShort"]
    kinds = {"typeValueListElement": "Property", "valueTypeListElement": "xs:string"}
    list_ = element("Ll") | kinds | {"modelType": "SubmodelElementList", "value": [member, other]}
    del list_["valueType"]
    written(tmp_path / "corp.json", corp("Template", list_))
    (tmp_path / "f.toml").write_text(
        'form = 1\n[asset]\nglobalAssetId = "urn:a"\n[submodel.Corp]\n'
        'template = "corp.json"\nLl = ["x"]\n',
        "utf-8",
    )
    done = ran(tmp_path, "generate", "f.toml", "-o", "x.aasx")
    assert b"SMT-001" in done.stdout
    assert b"add a member" in done.stdout
    assert b"= ...`" not in done.stdout


def test_an_empty_form_is_in_the_language_that_was_asked_for() -> None:
    found = catalogue.shipped()
    template = found.template(found.find("02006"))
    assert '{ de = "" }' in form([template], "de")
    assert '{ en = "" }' not in form([template], "de")
