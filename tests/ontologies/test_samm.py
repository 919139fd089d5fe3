"""Aspect models become templates and come back, and what is lost is said."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from conftest import nacre
from documents import reference
from nacre_aas import files, jsonization
from nacre_aas.errors import InputError
from nacre_aas.findings import Severity
from nacre_aas.model import Environment
from nacre_ontologies import rdf, samm
from nacre_ontologies.formats import Format
from nacre_submodels import catalogue
from nacre_submodels.compiler import templates_of
from nacre_submodels.template import Element, Interval, Template, walk

PREFIXES = """
@prefix : <urn:samm:com.example:1.2.3#> .
@prefix samm: <urn:samm:org.eclipse.esmf.samm:meta-model:2.3.0#> .
@prefix samm-c: <urn:samm:org.eclipse.esmf.samm:characteristic:2.3.0#> .
@prefix unit: <urn:samm:org.eclipse.esmf.samm:unit:2.3.0#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
PUMP = """
:Pump a samm:Aspect ; samm:description "A pump."@en ;
  samm:preferredName "Pump"@en , "Pumpe"@de ;
  samm:properties ( :speed [ samm:property :colour ; samm:optional true ] :bearing :result :steps ) ;
  samm:operations ( ) .
:speed a samm:Property ; samm:characteristic :Speed ; samm:exampleValue "2900"^^xsd:int .
:Speed a samm-c:Trait ; samm-c:baseCharacteristic [ a samm-c:Measurement ; samm:dataType xsd:int ;
    samm-c:unit unit:millimetre ] ;
  samm-c:constraint [ a samm-c:RangeConstraint ; samm-c:minValue "0"^^xsd:int ;
    samm-c:maxValue "3000"^^xsd:int ; samm-c:upperBoundDefinition samm-c:LESS_THAN ] ,
    [ a samm-c:FixedPointConstraint ; samm-c:scale 2 ] .
:colour a samm:Property ; samm:characteristic [ a samm-c:State ; samm:dataType xsd:string ;
    samm-c:values ( "red" "blue" ) ; samm-c:defaultValue "red" ] .
:bearing a samm:Property ; samm:characteristic [ a samm-c:SingleEntity ; samm:dataType :Bearing ] .
:Bearing a samm:Entity ; samm:properties ( :maker ) .
:maker a samm:Property ; samm:characteristic samm-c:MultiLanguageText .
:result a samm:Property ; samm:characteristic [ a samm-c:Either ; samm-c:left samm-c:Text ; samm-c:right :Speed ] .
:steps a samm:Property ; samm:characteristic [ a samm-c:List ; samm:dataType xsd:string ] .
"""


def converted(text: str) -> tuple[Template, tuple[tuple[str, str], ...]]:
    found = samm.to_templates(rdf.parse(PREFIXES + text, Format.TURTLE))
    (template,) = templates_of(found.content)
    return template, found.left_out


def there_and_back(text: str) -> tuple[str, list[str]]:
    """What is written again, and every loss on both ways."""
    template, first = converted(text)
    back = samm.from_template(template)
    samm.to_templates(rdf.parse(back.content, Format.TURTLE))
    return " ".join(back.content.split()), [reason for _, reason in (*first, *back.left_out)]


def test_an_aspect_becomes_a_template() -> None:
    template, left_out = converted(PUMP)
    assert template.semantic_id == "urn:samm:com.example:1.2.3#Pump"
    assert template.version == "1.2"
    speed, colour, bearing, left, right, steps = template.elements
    assert (speed.model_type, speed.value_type, speed.minimum) == ("Property", "xs:int", 1)
    assert speed.allowed_range == Interval(Decimal(0), Decimal(3000), high_included=False)
    assert speed.unit == "mm"
    assert (colour.minimum, colour.allowed_values, colour.default) == (0, ("red", "blue"), "red")
    assert [each.model_type for each in bearing.elements] == ["MultiLanguageProperty"]
    assert left.either_or == right.either_or == "result"
    assert (left.value_type, right.value_type) == ("xs:string", "xs:int")
    assert (steps.model_type, steps.order_relevant) == ("SubmodelElementList", None)
    assert any("FixedPointConstraint" in reason for _, reason in left_out)


def shape(element: Element) -> Any:
    # what is SAMM's own is written in another version
    is_of_samm = (element.semantic_id or "").startswith("urn:samm:org.eclipse.esmf.samm:")
    return (
        element.id_short,
        None if is_of_samm else element.semantic_id,
        element.unit,
        element.default,
        element.examples,
        element.names,
        element.texts,
        element.either_or,
        element.required_languages,
        element.allowed_pattern,
        element.model_type,
        element.value_type,
        element.minimum,
        element.allowed_values,
        element.allowed_range,
        element.order_relevant,
        tuple(map(shape, element.elements)),
    )


def test_what_a_template_holds_comes_back() -> None:
    template, _ = converted(PUMP)
    back = samm.from_template(template)
    again = samm.to_templates(rdf.parse(back.content, Format.TURTLE))
    (second,) = templates_of(again.content)
    assert [shape(each) for each in second.elements] == [shape(each) for each in template.elements]
    assert second.semantic_id == template.semantic_id
    assert second.names == template.names == {"en": "Pump", "de": "Pumpe"}
    assert second.texts == template.texts == {"en": "A pump."}


def test_a_pattern_is_held_and_comes_back() -> None:
    template, left_out = converted("""
:Pump a samm:Aspect ; samm:properties ( :serial ) ; samm:operations ( ) .
:serial a samm:Property ; samm:characteristic [ a samm-c:Trait ; samm-c:baseCharacteristic samm-c:Text ;
  samm-c:constraint [ a samm-c:RegularExpressionConstraint ; samm:value "[A-Z]{2}[0-9]+" ] ] .
""")
    assert not [reason for _, reason in left_out if "pattern" in reason]
    (serial,) = template.elements
    assert serial.allowed_pattern == "^([A-Z]{2}[0-9]+)$"
    back = samm.from_template(template)
    (again,) = templates_of(samm.to_templates(rdf.parse(back.content, Format.TURTLE)).content)
    assert again.elements[0].allowed_pattern == serial.allowed_pattern


def test_entities_of_samm_itself_are_known_and_given_anew() -> None:
    template, left_out = converted("""
@prefix samm-e: <urn:samm:org.eclipse.esmf.samm:entity:2.3.0#> .
:Log a samm:Aspect ; samm:properties ( :log ) ; samm:operations ( ) .
:log a samm:Property ; samm:characteristic [ a samm-c:TimeSeries ; samm:dataType :Entry ] .
:Entry a samm:Entity ; samm:extends samm-e:TimeSeriesEntity ; samm:properties (
  [ samm:extends samm-e:value ; samm:characteristic [ a samm-c:Quantifiable ; samm:dataType xsd:float ] ] ) .
""")
    ((entry,),) = (each.elements for each in template.elements)
    assert [(each.id_short, each.value_type) for each in entry.elements] == [
        ("timestamp", "xs:dateTime"),
        ("value", "xs:float"),
    ]
    assert {reason for _, reason in left_out} == {
        "TimeSeries: taken as a list",
        "that it extends TimeSeriesEntity: what it inherits stands in it",
    }


def test_an_operation_comes_back_with_what_it_takes_and_gives() -> None:
    template, _ = converted("""
:Pump a samm:Aspect ; samm:properties ( ) ; samm:operations ( :start ) .
:start a samm:Operation ; samm:input ( :speed ) ; samm:output :done .
:speed a samm:Property ; samm:characteristic samm-c:Text .
:done a samm:Property ; samm:characteristic samm-c:Boolean .
""")
    back = samm.from_template(template)
    (again,) = templates_of(samm.to_templates(rdf.parse(back.content, Format.TURTLE)).content)
    (operation,) = again.elements
    assert (operation.model_type, operation.semantic_id) == (
        "Operation",
        "urn:samm:com.example:1.2.3#start",
    )
    assert [(each.id_short, each.variables) for each in operation.elements] == [
        ("speed", "inputVariables"),
        ("done", "outputVariables"),
    ]


def test_names_come_back_as_they_were() -> None:
    template, left_out = converted("""
:Car a samm:Aspect ; samm:properties ( :driveSide :entry :e ) ; samm:operations ( ) .
:driveSide a samm:Property ; samm:preferredName "Side"@en ; samm:see <https://example.com/side> ;
  samm:characteristic [ a samm-c:Either ; samm-c:left samm-c:Text ; samm-c:right samm-c:Boolean ] .
:entry a samm:Property ; samm:see <https://example.com/entry> ;
  samm:characteristic [ a samm-c:List ; samm:dataType :LogEntry ] .
:LogEntry a samm:Entity ; samm:properties ( :state ) .
:state a samm:Property ; samm:characteristic [ a samm-c:State ; samm:dataType xsd:string ;
  samm-c:values ( "on" [ a samm:Value ; samm:value "err" ] ) ; samm-c:defaultValue "on" ] .
:e a samm:Property ; samm:characteristic samm-c:Text .
""")
    assert ("driveSide", "preferredName: an Either has no element of its own") in left_out
    assert template.elements[3].id_short == "e_"
    back = " ".join(samm.from_template(template).content.split())
    for line in (":driveSide a samm:Property", ":LogEntry a samm:Entity", ":e a samm:Property"):
        assert line in back
    assert "https://example.com/entry" in back
    assert '"on" "err"' in back
    assert "exampleValue" not in back
    assert "payloadName" not in back
    assert "preferredName" not in back


def test_a_pattern_does_not_widen_listed_values() -> None:
    template, left_out = converted("""
:Pump a samm:Aspect ; samm:properties ( :code ) ; samm:operations ( ) .
:code a samm:Property ; samm:characteristic [ a samm-c:Trait ; samm-c:baseCharacteristic
    [ a samm-c:Enumeration ; samm:dataType xsd:string ; samm-c:values ( "AA" "bb" ) ] ;
  samm-c:constraint [ a samm-c:RegularExpressionConstraint ; samm:value "[A-Z]{2}" ] ] .
""")
    (code,) = template.elements
    assert (code.allowed_values, code.allowed_pattern) == (("AA", "bb"), None)
    assert any("[A-Z]{2}" in reason for _, reason in left_out)


def test_what_nothing_was_asked_about_is_said_to_be_lost() -> None:
    _, left_out = converted("""
:Tank a samm:Aspect ; samm:properties ( :level ) ; samm:operations ( ) ; :colour "red" .
:level a samm:Property ; samm:characteristic :Level .
:Level a samm:Characteristic ; samm:dataType xsd:double ; samm:description "How full it is."@en .
""")
    assert ("Level", "description: templates of AAS have no place for it") in left_out
    assert any(name == "Tank" and "#colour:" in reason for name, reason in left_out)


def aspects(shared: Path) -> list[Path]:
    folder = shared / "ontologies" / "samm"
    return [each for each in sorted(folder.rglob("*.ttl")) if "resources/samm/" not in str(each)]


def test_every_sample_becomes_a_valid_template_or_is_refused(shared: Path) -> None:
    seen = 0
    for path in aspects(shared):
        try:
            found = samm.read(str(path), path.read_bytes())
        except InputError:
            continue
        assert isinstance(found.content, Environment)
        report = files.validate("x.json", data=jsonization.dumps(found.content))
        errors = [each for each in report.findings if each.severity is Severity.ERROR]
        doubled = (
            {"AASd-022"} if "recursive" in path.name.lower() or "Multiple" in path.name else set()
        )
        assert {each.code for each in errors} <= doubled, path
        for template in templates_of(found.content):
            back = samm.from_template(template)
            assert samm.to_templates(rdf.parse(back.content, Format.TURTLE)).content.submodels
        seen += 1
    assert seen > 80


@pytest.mark.parametrize("entry", catalogue.shipped().entries[::8], ids=lambda each: each.file)
def test_published_templates_become_aspects(entry: catalogue.Entry) -> None:
    found = samm.from_template(catalogue.shipped().template(entry))
    again = samm.to_templates(rdf.parse(found.content, Format.TURTLE))
    assert len(again.content.submodels or ()) == 1


def test_an_entity_that_contains_itself_ends_and_is_listed() -> None:
    template, left_out = converted(
        """:A a samm:Aspect ; samm:properties ( :p ) ; samm:operations ( ) .
        :p a samm:Property ; samm:characteristic [ a samm-c:SingleEntity ; samm:dataType :E ] .
        :E a samm:Entity ; samm:properties ( :p ) ."""
    )
    (element,) = template.elements
    assert element.model_type == "SubmodelElementCollection"
    assert ("E", "an entity within itself: nothing is asked of the inner one") in left_out


def test_units_and_names_come_back() -> None:
    text = """
:Tank a samm:Aspect ; samm:properties ( [ samm:property :fillLevel ; samm:payloadName "level" ] ) ;
  samm:operations ( ) .
:fillLevel a samm:Property ; samm:characteristic [ a samm-c:Measurement ; samm:dataType xsd:double ;
  samm-c:unit unit:litre ] .
"""
    template, _ = converted(text)
    back = samm.from_template(template)
    assert "unit:litre" in back.content
    again = samm.to_templates(rdf.parse(back.content, Format.TURTLE))
    (second,) = templates_of(again.content)
    (level,) = second.elements
    assert (level.id_short, level.semantic_id) == ("level", "urn:samm:com.example:1.2.3#fillLevel")
    assert back.left_out == ()


def test_values_that_a_template_would_part_are_said_to_be_lost() -> None:
    template, left_out = converted("""
:A a samm:Aspect ; samm:properties ( :s ) ; samm:operations ( ) .
:s a samm:Property ; samm:characteristic [ a samm-c:Enumeration ; samm:dataType xsd:string ;
  samm-c:values ( "a;b" "c" ) ] .
""")
    assert template.elements[0].allowed_values == ()
    assert any("values that hold" in reason for _, reason in left_out)


def test_a_node_without_a_name_is_no_semantic_id() -> None:
    text = """
:A a samm:Aspect ; samm:properties ( :s ) ; samm:operations ( ) .
:s a samm:Property ; samm:characteristic [ a samm-c:Collection ;
  samm-c:elementCharacteristic [ a samm:Characteristic ; samm:dataType xsd:int ] ] .
"""
    template, _ = converted(text)
    meanings = [each.semantic_id for _, each in walk(template)]
    assert all(each is None or not each.startswith("_:") for each in meanings)


def test_what_stands_twice_gives_a_valid_template_and_is_listed() -> None:
    found = samm.to_templates(
        rdf.parse(
            PREFIXES
            + """
:Tank a samm:Aspect ; samm:properties ( :level ) ; samm:operations ( :fill ) .
:level a samm:Property ; samm:characteristic [ a samm-c:Trait ;
  samm-c:baseCharacteristic [ a samm-c:Measurement ; samm:dataType xsd:double ; samm-c:unit :drop ] ;
  samm-c:constraint [ a samm-c:RangeConstraint ; samm-c:minValue 1.0 ] ,
    [ a samm-c:RangeConstraint ; samm-c:maxValue 9.0 ] ] .
:drop a samm:Unit ; samm:preferredName "drop"@en .
:fill a samm:Operation ; samm:input ( :level ) ; samm:output :level .
""",
            Format.TURTLE,
        )
    )
    report = files.validate("x", data=jsonization.dumps(found.content))
    assert [each.message for each in report.findings if each.severity is Severity.ERROR] == []
    reasons = " ".join(reason for _, reason in found.left_out)
    assert "a second range" in reasons
    assert "the output is called otherwise" in reasons
    assert "_:" not in " ".join(name for name, _ in found.left_out)


SAMM = (
    "@prefix samm: <urn:samm:org.eclipse.esmf.samm:meta-model:2.1.0#> . "
    "@prefix samm-c: <urn:samm:org.eclipse.esmf.samm:characteristic:2.1.0#> . "
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix : <urn:samm:com.example:1.0.0#> . "
    ":A a samm:Aspect ; samm:properties (:p) ; samm:operations () . "
    ":p a samm:Property ; samm:characteristic :c . "
)


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        (":c a samm-c:Trait ; samm-c:baseCharacteristic :c .", "contains itself"),
        (":c a samm:Characteristic ; samm:dataType xsd:token .", "data type"),
        (
            ":c a samm:Characteristic ; samm:dataType xsd:string . :p samm:preferredName :x .",
            "no text",
        ),
    ],
)
def test_aspects_that_trap_a_reader_end(text: str, lost: str) -> None:
    found = samm.to_templates(rdf.parse(SAMM + text, Format.TURTLE))
    assert lost in str(found.left_out)


def test_a_namespace_of_samm_is_one() -> None:
    assert nacre("samm", "from-template", "nameplate", "--namespace", "bad ns>").returncode == 2


@pytest.mark.parametrize(
    "list_", [":l rdf:first :p ; rdf:rest :l .", ":l rdf:first :p .", ":l rdf:rest rdf:nil ."]
)
def test_a_list_without_end_is_no_list(list_: str) -> None:
    text = f"""@prefix samm: <urn:samm:org.eclipse.esmf.samm:meta-model:2.1.0#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix : <urn:samm:example:1.0.0#> .
:X a samm:Aspect ; samm:properties :l . {list_}"""
    with pytest.raises(InputError, match="are no list"):
        samm.read("a.ttl", text.encode())


def test_what_is_used_twice_is_one_property_with_its_names() -> None:
    text = """
:Car a samm:Aspect ; samm:properties ( :front [ samm:property :rear ; samm:payloadName "Rear_Axle" ] ) ;
  samm:operations ( ) .
:front a samm:Property ; samm:characteristic [ a samm-c:SingleEntity ; samm:dataType :Axle ] .
:rear a samm:Property ; samm:characteristic [ a samm-c:SingleEntity ; samm:dataType :Axle ] .
:Axle a samm:Entity ; samm:preferredName "Achse"@de ; samm:description "An axle"@en ;
  samm:see <https://example.com/axle> ; samm:properties ( [ samm:property :load ; samm:payloadName "Load" ; samm:optional true ] ) .
:load a samm:Property ; samm:characteristic [ a samm:Characteristic ; samm:dataType xsd:double ] .
"""
    words, lost = there_and_back(text)
    assert lost == []
    for once in (":load a samm:Property", ":Axle a samm:Entity", ":rear a samm:Property"):
        assert words.count(once) == 1
    assert '[ samm:property :rear ; samm:payloadName "Rear_Axle" ; ]' in words
    assert words.count("samm:dataType :Axle") == 2
    for said in ('"Achse"@de', '"An axle"@en', "samm:see <https://example.com/axle>"):
        assert said in words
    assert "load2" not in words


@pytest.mark.parametrize(
    ("characteristic", "lost"),
    [
        (
            (
                "[ a samm-c:Trait ; samm-c:baseCharacteristic [ a samm:Characteristic ; samm:dataType xsd:date ] ; "
                'samm-c:constraint [ a samm-c:RangeConstraint ; samm-c:minValue "2020-01-01"^^xsd:date ] ]'
            ),
            "the range [2020-01-01,inf): templates have those of numbers",
        ),
        (
            '[ a samm-c:Enumeration ; samm:dataType xsd:int ; samm-c:values ( "x" 1 ) ]',
            "the value `x`, which is no xs:int",
        ),
        (
            (
                "[ a samm-c:List ; samm-c:elementCharacteristic [ a samm-c:Measurement ; "
                "samm:dataType xsd:double ; samm-c:unit unit:kilogram ] ]"
            ),
            "unit: `kilogram`, of a Measurement without a name",
        ),
    ],
)
def test_what_a_characteristic_asks_in_vain_is_said(characteristic: str, lost: str) -> None:
    _, left_out = converted(f"""
:A a samm:Aspect ; samm:properties ( :p ) ; samm:operations ( ) .
:p a samm:Property ; samm:characteristic {characteristic} .""")
    assert [reason for _, reason in left_out] == [lost]


def test_a_property_that_is_used_twice_in_one_place_stands_once() -> None:
    template, left_out = converted("""
:A a samm:Aspect ; samm:properties ( :p :p ) ; samm:operations ( ) .
:p a samm:Property ; samm:characteristic samm-c:Text .""")
    assert [each.id_short for each in template.elements] == ["p_"]
    assert left_out == (("A", "a second property that is called `p_`"),)


def test_the_unit_of_the_members_of_a_list_comes_back() -> None:
    text, lost = there_and_back("""
:A a samm:Aspect ; samm:properties ( :r ) ; samm:operations ( ) .
:r a samm:Property ; samm:characteristic [ a samm-c:List ; samm-c:elementCharacteristic :T ] .
:T a samm-c:Trait ; samm-c:baseCharacteristic :M ; samm-c:constraint
  [ a samm-c:RangeConstraint ; samm-c:minValue "-1.50"^^xsd:double ] .
:M a samm-c:Measurement ; samm:dataType xsd:double ; samm-c:unit unit:degreeCelsius .""")
    assert "unit:degreeCelsius" in text
    assert '"-1.50"^^xsd:double' in text
    assert not [each for each in lost if "unit" in each]


def test_a_range_that_makes_no_sense_is_said_to_be_lost() -> None:
    template = Template(name="A", id="urn:a", unread=("`SMT/AllowedRange` `[10,5]` of `Aa`",))
    reasons = [reason for _, reason in samm.from_template(template).left_out]
    assert any("[10,5]" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        (
            ':p samm:exampleValue "rot"@de .',
            ("p", "exampleValue: that `rot` is in the language `de`"),
        ),
        (':p samm:exampleValue "a" , "b" .', ("p", "exampleValue: `b` beside `a`")),
        (":p samm:exampleValue :Other .", ("p", "exampleValue: `Other` is no literal")),
        (":q a samm:Property ; samm:characteristic samm-c:Text .", ("q", "no aspect leads to it")),
        (
            ':A samm:properties ( [ samm:property :p ; samm:payloadName "serial-no" ] ) .',
            ("p", "payloadName: the idShort is `serial_no`, not `serial-no`"),
        ),
    ],
)
def test_what_a_template_cannot_hold_is_said(text: str, lost: tuple[str, str]) -> None:
    own = "" if ":A samm:properties" in text else "samm:properties ( :p ) ; "
    _, left_out = converted(f"""
:A a samm:Aspect ; {own}samm:operations ( ) .
:p a samm:Property ; samm:characteristic samm-c:Text .
{text}""")
    assert left_out == (lost,)


def test_a_property_of_an_aspect_may_be_input_of_an_operation() -> None:
    text = """
:Fan a samm:Aspect ; samm:see <https://example.com/fan> ; samm:properties ( :speed ) ;
  samm:operations ( :turn ) .
:turn a samm:Operation ; samm:preferredName "Turn"@en , "Drehen"@de ; samm:input ( :speed ) .
:speed a samm:Property ; samm:characteristic [ a samm:Characteristic ; samm:dataType xsd:double ] .
"""
    words, lost = there_and_back(text)
    assert lost == []
    assert words.count("a samm:Property") == 1
    for said in ("samm:input ( :speed )", '"Drehen"@de', "samm:see <https://example.com/fan>"):
        assert said in words


def test_entities_that_are_shared_without_end_are_refused() -> None:
    levels = "".join(
        f":E{n} a samm:Entity ; samm:properties ( :l{n} :r{n} ) . "
        + "".join(
            f":{side}{n} a samm:Property ; samm:characteristic "
            f"[ a samm-c:SingleEntity ; samm:dataType :E{n + 1} ] . "
            for side in "lr"
        )
        for n in range(30)
    )
    text = f""":A a samm:Aspect ; samm:properties ( :p ) ; samm:operations ( ) .
:p a samm:Property ; samm:characteristic [ a samm-c:SingleEntity ; samm:dataType :E0 ] . {levels}
:E30 a samm:Entity ; samm:properties ( ) ."""
    with pytest.raises(InputError, match="more than"):
        converted(text)


def test_an_either_of_lists_keeps_its_name() -> None:
    text = """
:A a samm:Aspect ; samm:properties ( :parts ) ; samm:operations ( ) .
:parts a samm:Property ; samm:characteristic [ a samm-c:Either ; samm-c:left :One ;
  samm-c:right [ a samm-c:List ; samm:dataType :Part ] ] .
:One a samm-c:SingleEntity ; samm:dataType :Part .
:Part a samm:Entity ; samm:properties ( :size ) .
:size a samm:Property ; samm:characteristic samm-c:Boolean .
"""
    words, _ = there_and_back(text)
    assert "samm:properties ( :parts )" in words
    assert words.count("a samm:Entity") == 1
    assert words.count(":parts a samm:Property") == 1


def test_an_either_keeps_the_names_of_its_property() -> None:
    text = """
:A a samm:Aspect ; samm:properties ( [ samm:property :fillLevel ; samm:payloadName "Level" ] ) ; samm:operations ( ) .
:fillLevel a samm:Property ; samm:characteristic [ a samm-c:Either ; samm-c:left samm-c:Text ; samm-c:right :Number ] .
:Number a samm-c:Quantifiable ; samm:dataType xsd:int .
"""
    template, _ = converted(text)
    assert [each.id_short for each in template.elements] == ["LevelLeft", "LevelRight"]
    back = samm.from_template(template)
    words = " ".join(back.content.split())
    assert '[ samm:property :fillLevel ; samm:payloadName "Level" ; ]' in words
    assert "samm-c:left samm-c:Text ; samm-c:right :Number" in words
    assert back.left_out == ()


@pytest.mark.parametrize("entry", catalogue.shipped().entries[::8], ids=lambda each: each.file)
def test_the_names_of_a_published_template_come_back(entry: catalogue.Entry) -> None:
    template = catalogue.shipped().template(entry)
    found = samm.from_template(template)
    (again,) = templates_of(samm.to_templates(rdf.parse(found.content, Format.TURTLE)).content)
    said = {name for name, _ in found.left_out}
    names = {each.id_short for _, each in walk(again)}

    def kept(elements: tuple[Element, ...]) -> set[str | None]:
        whole = [each for each in elements if each.name not in said]
        names = {each.id_short for each in whole}
        for each in whole:  # a member of a list has no name
            is_list = each.model_type == "SubmodelElementList"
            below = each.elements[0].elements if is_list and each.elements else each.elements
            names |= kept(below)
        return names

    assert kept(template.elements) - {None} <= names


def test_samples_come_back_as_they_were_read(shared: Path) -> None:
    compared = 0
    for path in aspects(shared):
        try:
            first = templates_of(samm.read(str(path), path.read_bytes()).content)
        except InputError:
            continue
        for template in first:
            back = samm.from_template(template)
            (again,) = templates_of(
                samm.to_templates(rdf.parse(back.content, Format.TURTLE)).content
            )
            of_samm = any(":entity:" in (each.semantic_id or "") for _, each in walk(template))
            if not back.left_out and not of_samm:
                assert [shape(each) for each in again.elements] == [
                    shape(each) for each in template.elements
                ], path
                compared += 1
    assert compared > 60


def test_an_example_in_a_language_comes_back() -> None:
    words, lost = there_and_back("""
:A a samm:Aspect ; samm:properties ( :p ) ; samm:operations ( ) .
:p a samm:Property ; samm:characteristic samm-c:MultiLanguageText ; samm:exampleValue "rot"@de .
""")
    assert 'samm:exampleValue "rot"@de' in words
    assert lost == []


def test_what_an_aspect_leads_to_is_not_said_to_be_out_of_reach() -> None:
    _, lost = there_and_back("""
:A a samm:Aspect ; samm:properties ( :p ) ; samm:operations ( ) ; samm:events ( :e ) .
:e a samm:Event ; samm:parameters ( :q ) .
:q a samm:Property ; samm:characteristic samm-c:Text .
:p a samm:Property ; samm:characteristic [ a samm-c:Trait ; samm-c:constraint :Short ;
  samm-c:baseCharacteristic [ a samm-c:Measurement ; samm:dataType xsd:string ; samm-c:unit :drop ] ] .
:Short a samm-c:LengthConstraint ; samm-c:maxValue 3 .
:drop a samm:Unit .
:Kept a :Entity .
:Entity a samm:Entity ; samm:properties ( ) .
""")
    assert sum("no aspect leads to it" in each for each in lost) == 2  # Kept, and what it is


def test_members_of_lists_take_no_name_of_a_property() -> None:
    namespace = "urn:samm:com.example:1.2.3#"
    member = Element(
        model_type="Property", value_type="xs:int", semantic_id=f"{namespace}foo", maximum=None
    )
    text_ = replace(
        member,
        semantic_id="urn:samm:org.eclipse.esmf.samm:characteristic:2.3.0#Text",
        names={"de": "Zahl"},
    )
    lists = [
        Element(
            model_type="SubmodelElementList", id_short=name, minimum=1, maximum=1, elements=(each,)
        )
        for name, each in (("La", member), ("Lb", text_))
    ]
    named = replace(member, id_short="Foo", minimum=1, maximum=1)
    template = Template(name="A", id=f"{namespace}A", elements=(*lists, named))
    words = " ".join(samm.from_template(template).content.split())
    assert words.count(":foo a samm:Property") == 1
    assert ":foo2" not in words
    assert words.count("samm:dataType xsd:int") == 3
    assert '"Zahl"@de' in words


def test_what_is_shared_between_lists_and_alternatives_is_written_once() -> None:
    words, lost = there_and_back("""
:A a samm:Aspect ; samm:properties ( :a :b :choice :inner ) ; samm:operations ( ) .
:a a samm:Property ; samm:characteristic [ a samm-c:List ; samm-c:elementCharacteristic :Number ] .
:b a samm:Property ; samm:characteristic [ a samm-c:List ; samm-c:elementCharacteristic :Number ] .
:Number a samm-c:Quantifiable ; samm:dataType xsd:int .
:choice a samm:Property ; samm:characteristic [ a samm-c:Either ; samm-c:left samm-c:Text ; samm-c:right samm-c:Boolean ] .
:inner a samm:Property ; samm:characteristic [ a samm-c:SingleEntity ; samm:dataType :Box ] .
:Box a samm:Entity ; samm:properties ( :choice ) .
""")
    assert words.count(":Number a samm-c:Quantifiable") == 1
    assert words.count("samm-c:elementCharacteristic :Number") == 2
    assert words.count(":choice a samm:Property") == 1
    assert "choice2" not in words
    assert lost == []


def test_what_samm_cannot_hold_of_a_companys_template_is_said() -> None:
    content = {
        "modelType": "DataSpecificationIec61360",
        "preferredName": [{"language": "en", "text": "Photo"}],
        "shortName": [{"language": "en", "text": "Ph"}],
        "symbol": "P",
    }
    concept = {
        "modelType": "ConceptDescription",
        "id": "urn:photo",
        "idShort": "Photo",
        "embeddedDataSpecifications": [
            {"dataSpecification": reference("urn:iec61360"), "dataSpecificationContent": content}
        ],
    }
    photo = Element(
        model_type="File", id_short="Photo", content_type="image/png", minimum=1, maximum=1
    )
    member = Element(model_type="Property", value_type="xs:int", minimum=1)
    numbers = Element(
        model_type="SubmodelElementList",
        id_short="Numbers",
        minimum=1,
        maximum=1,
        elements=(member,),
    )
    template = Template(
        name="Own", id="https://acme.example/own", elements=(photo, numbers), concepts=(concept,)
    )
    assert set(samm.from_template(template).left_out) == {
        ("Own", "its id `https://acme.example/own`: it is `:Own` now"),
        ("Photo", "that it is a File of image/png: taken as an address"),
        ("Numbers", "that it has a member at least"),
        ("Photo", "shortName of their concepts"),
        ("Photo", "symbol of their concepts"),
    }


def test_elements_of_one_foreign_meaning_stay_apart() -> None:
    one = Element(model_type="Property", value_type="xs:int", semantic_id="urn:load", minimum=1)
    named = [replace(one, id_short=name, maximum=1) for name in ("Front", "Rear")]
    found = samm.from_template(Template(name="A", id="urn:t", elements=tuple(named)))
    assert found.content.count("a samm:Property") == 2


def test_names_that_only_look_like_stand_ins_are_kept() -> None:
    element = Element(
        model_type="Property",
        value_type="xs:int",
        id_short="W",
        semantic_id="https://example.com/o#Weight",
        names={"en": "Weight"},
        minimum=1,
        maximum=1,
    )
    box = Element(
        model_type="SubmodelElementCollection",
        id_short="Box",
        supplemental_semantic_ids=("https://example.com/box", "urn:samm:com.example:1.2.3#Part"),
        elements=(element,),
        minimum=1,
        maximum=1,
    )
    template = Template(name="A", id="urn:samm:com.example:1.2.3#A", elements=(box,))
    words = " ".join(samm.from_template(template).content.split())
    assert 'samm:preferredName "Weight"@en' in words
    assert ":Part a samm:Entity" in words
    assert "samm:see <https://example.com/box>" in words


def test_an_operation_keeps_what_it_sees() -> None:
    words, lost = there_and_back("""
:Fan a samm:Aspect ; samm:properties ( ) ; samm:operations ( :turn ) .
:turn a samm:Operation ; samm:see <https://example.com/turn> .
""")
    assert "samm:see <https://example.com/turn>" in words
    assert lost == []
