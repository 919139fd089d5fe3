"""What a template asks with its qualifiers, and how an instance is judged by it."""

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
from formfiles import asked, corp, element, judged
from hypothesis import assume, given
from hypothesis import strategies as st

from documents import reference, written
from nacre_aas import files
from nacre_aas.syntax import SYNTAX
from nacre_aas.versions import ALL
from nacre_submodels import expressions, qualifiers
from nacre_submodels.check import TemplateCheck, read_templates
from nacre_submodels.lint import LintCheck
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
    ("pattern", "admits"),
    [
        (r"Photo\d{2,3}", True),
        (r"\d{2,3}", False),
        ("Foto s", False),
        ("Größe", False),
        ("x", True),  # in 3.0
        ("a-", False),
        ("a-b", True),  # since 3.1
        ("-?a", True),
        ("-|a", True),
        ("(-|9)?", False),
        ("[^A-Za-z]+", False),
        ("^Ab$", True),
        ("Ab$c", False),
        ("A^b", False),
        ("A{128}", True),
        ("A{129}", False),
        ("(A{2}){64}", True),
        ("(A{2}){65}", False),
        ("((A{100}){100}){100}", False),
        ("A(b{0}){9999}", True),
        ("A+?", True),
        ("A{}", False),
        (r"\.*", False),
        (r"[\d]", False),
        (r"(?:\s|A)\w", True),
    ],
)
def test_lint_finds_a_pattern_that_no_id_short_can_match(pattern: str, admits: bool) -> None:
    understood = expressions.understood(pattern)
    assert understood is not None
    assert expressions.admits_id_short(understood) is admits


def _repeated(piece: str) -> st.SearchStrategy[str]:
    times = ("",) if piece in "^$|" else ("", "?", "*", "+", "+?")
    return st.sampled_from([piece + each for each in times])


@pytest.mark.parametrize(
    "pattern", [r"\x41\d", r"\u0041", r"T\x61", r"\U00000041b", r"A\0", r"\07"]
)
def test_characters_by_their_numbers_are_not_understood(pattern: str) -> None:
    """Neither POSIX nor XPath has them."""
    assert expressions.understood(pattern) is None


@pytest.mark.parametrize(
    ("value_type", "range_", "codes"),
    [
        ("xs:byte", "[300,500]", ["SMT-219"]),
        ("xs:byte", "[100,500]", []),
        ("xs:byte", "[-500,-100]", []),
        ("xs:int", "]5,6[", ["SMT-219"]),
        ("xs:int", "]5,7[", []),
        ("xs:double", "]5,6[", []),
        ("xs:positiveInteger", "(-inf,0]", ["SMT-219"]),
        ("xs:gYear", "[1990,2100]", []),
        ("xs:gYear", "[0,999]", []),
        ("xs:double", "[0,1e9999999]", []),
        ("xs:decimal", "(0,0.0000005]", []),
        ("xs:integer", "(1000000000000000000000000000000,inf)", []),
        ("xs:integer", "[1e30,1e40]", []),
    ],
)
def test_lint_finds_a_range_that_holds_no_value(
    tmp_path: Path, value_type: str, range_: str, codes: list[str]
) -> None:
    pairs = ("SMT/Cardinality", "One"), ("SMT/AllowedRange", range_)
    template = corp("Template", element("A", value_type, qualifiers=asked(*pairs)))
    report = files.validate(written(tmp_path / "t.json", template), checks=[LintCheck()])
    assert [each.code for each in report.findings if each.code.startswith("SMT")] == codes


def test_a_hostile_pattern_is_decided() -> None:
    """Read once for each way through its choices, this one takes minutes."""
    pattern = "(" * 13 + "[a-z-]*" + "[a-z-]{0}" * 60 + "$" * 30 + ")?" * 13
    understood = expressions.understood(pattern)
    assert understood is not None
    assert expressions.admits_id_short(understood)


@pytest.mark.parametrize(
    ("allowed", "is_said"),
    [
        ("[A-Z", True),
        ("(red|green", True),
        ("^[^(]+$", False),
        (r"^\(\d+$", False),
        ("1) one; 2) two", False),
        ("a;b;:-)", False),
        ("5.0 [m]", False),
    ],
)
def test_a_bracket_that_is_not_closed_is_no_pattern(
    tmp_path: Path, allowed: str, is_said: bool
) -> None:
    pairs = ("SMT/Cardinality", "One"), ("SMT/AllowedValue", allowed)
    template = corp("Template", element("A", qualifiers=asked(*pairs)))
    report = files.validate(written(tmp_path / "t.json", template), checks=[LintCheck()])
    assert ("SMT-215" in {each.code for each in report.findings}) is is_said


def test_a_cardinality_whose_ends_are_exchanged_makes_no_sense() -> None:
    assert qualifiers.cardinality("5..2") is None
    assert qualifiers.cardinality("2..5") == (2, 5)


#: Every name of up to six of these characters that is an idShort of some version.
_NAMES = [
    name
    for length in range(1, 7)
    for signs in itertools.product("Ab9-", repeat=length)
    if (found := SYNTAX["idShort"].check(name := "".join(signs))) is None or found[0] != ALL
]
_PIECES = ("A", "b", "9", "-", " ", r"\d", "[^A]", "(A|9)", "(?:-A)", "^", "$", "|")


@given(st.lists(st.sampled_from(_PIECES).flatmap(_repeated), min_size=1, max_size=3))
def test_a_pattern_admits_an_id_short_if_one_keeps_to_it(pieces: list[str]) -> None:
    pattern = expressions.understood("".join(pieces))
    assume(pattern is not None)
    assert pattern is not None
    keeps = any(re.fullmatch(pattern, each) for each in _NAMES)
    assert expressions.admits_id_short(pattern) is keeps


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

    one = corp("Instance", steps(member(value="1")))
    two = corp("Instance", steps(member(value="1"), member(value="2")))
    # two that stand once each are two, two samples of any number are the same said twice
    for cardinality, expected in (("One", ["SMT-001"]), ("OneToMany", [])):
        wanted = member(qualifiers=asked(("SMT/Cardinality", cardinality)))
        template = corp("Template", steps(wanted, wanted))
        assert judged(tmp_path, template, two) == []
        assert judged(tmp_path, template, one) == expected


def test_samples_that_allow_different_values_are_two(tmp_path: Path) -> None:
    def member(**more: Any) -> dict[str, Any]:
        made = element("Mm", **more)
        del made["idShort"]
        return made

    def steps(*members: dict[str, Any]) -> dict[str, Any]:
        kinds = {"typeValueListElement": "Property", "valueTypeListElement": "xs:string"}
        own = {"modelType": "SubmodelElementList", "idShort": "Ll", "value": list(members)}
        return own | kinds | {"semanticId": reference("urn:Ll")}

    samples = (
        member(qualifiers=asked(("SMT/Cardinality", "OneToMany"), ("SMT/AllowedValue", each)))
        for each in ("a", "b")
    )
    template = corp("Template", steps(*samples))
    both, one = (
        corp("Instance", steps(*(member(value=each) for each in values))) for values in ("ba", "b")
    )
    assert judged(tmp_path, template, both) == []
    assert judged(tmp_path, template, one) == ["SMT-001"]


def test_elements_of_one_meaning_are_told_apart_by_their_names(tmp_path: Path) -> None:
    def same(name: str, **more: Any) -> dict[str, Any]:
        return element(name, **more) | {"semanticId": reference("urn:same")}

    optional, many = (asked(("SMT/Cardinality", each)) for each in ("ZeroToOne", "ZeroToMany"))
    template = corp("Template", same("Cc", qualifiers=optional), same("Dd", qualifiers=many))
    numbered = [same(f"Dd0{number}", value="x") for number in (1, 2)]
    assert judged(tmp_path, template, corp("Instance", *numbered)) == []
    assert judged(tmp_path, template, corp("Instance", same("Cc", value="x"), *numbered)) == []
    others = [same(f"Ee{number}", value="x") for number in (1, 2)]
    assert judged(tmp_path, template, corp("Instance", *others)) == []


def test_a_value_that_is_not_allowed_is_no_other_element(tmp_path: Path) -> None:
    def same(name: str, *more: tuple[str, str], value: str | None = None) -> dict[str, Any]:
        own = {"semanticId": reference("urn:same")} | ({"value": value} if value else {})
        return element(name) | own | ({"qualifiers": asked(*more)} if more else {})

    one = ("SMT/Cardinality", "One")
    template = corp(
        "Template",
        same("Alpha", one, ("SMT/AllowedValue", "red")),
        same("Beta", one, ("SMT/AllowedValue", "blue")),
    )
    twice = corp("Instance", same("Xx", value="red"), same("Yy", value="red"))
    assert judged(tmp_path, template, twice) == ["SMT-010"]


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("SMT/AllowedValue", r"\p{L}+"),
        ("SMT/AllowedValue", ""),
        ("SMT/RequiredLang", ""),
        ("SMT/AllowedRange", "[INF,5]"),
        ("SMT/AllowedRange", "[0,-INF]"),
    ],
)
def test_what_is_not_understood_binds_nothing_and_is_said(
    tmp_path: Path, type_: str, value: str
) -> None:
    kind = "MultiLanguageProperty" if "Lang" in type_ else "Property"
    value_type = "xs:int" if "Range" in type_ else "xs:string"
    stated = asked(("SMT/Cardinality", "One"), (type_, value))
    wanted = element("Aa", value_type, qualifiers=stated)
    given = element("Aa", value_type, value="7")
    if kind == "MultiLanguageProperty":
        for each in (wanted, given):
            each["modelType"] = kind
            del each["valueType"]
        given["value"] = [{"language": "en", "text": "x"}]
    assert judged(tmp_path, corp("Template", wanted), corp("Instance", given)) == []
    (template,) = read_templates(written(tmp_path / "t.json", corp("Template", wanted)))
    assert len(template.unread) == 1


def test_what_a_template_says_without_sense_is_said_not_to_be_checked(tmp_path: Path) -> None:
    wanted = element("Aa", "xs:int", qualifiers=asked(("SMT/AllowedRange", "0..100")))
    name = written(tmp_path / "template.json", corp("Template", wanted))
    instance = corp("Instance", element("Aa", "xs:int", value="500"))
    data = json.dumps({"submodels": [instance]}).encode()
    report = files.validate("x.json", data=data, checks=[TemplateCheck(name)])
    assert any("`0..100` of `Aa`" in each for each in report.not_checked["SMT-032"])


@pytest.mark.parametrize(
    ("value_type", "interval", "value", "said"),
    [
        ("xs:long", "[0,1234567]", "1234568", "`1234568` is outside [0, 1234567]"),
        ("xs:long", "[0,9007199254740992]", "9007199254740993", "outside"),
        ("xs:decimal", "[0,0.1]", "0.1000000000000000000001", "outside [0, 0.1]"),
        ("xs:double", "[0,1]", "NaN", "outside"),
        ("xs:double", "[0,inf)", "INF", ""),
        ("xs:double", "[0,1]", "1e0", ""),
        ("xs:double", "[NaN,1]", "5", ""),
        ("xs:double", "[0,1e999999999]", "5", ""),
    ],
)
def test_ranges_are_exact(
    tmp_path: Path, value_type: str, interval: str, value: str, said: str
) -> None:
    template = corp(
        "Template", element("Aa", value_type, qualifiers=asked(("SMT/AllowedRange", interval)))
    )
    name = written(tmp_path / "t.json", template)
    instance = corp("Instance", element("Aa", value_type, value=value))
    data = json.dumps({"submodels": [instance]}).encode()
    found = files.validate("x", data=data, checks=[TemplateCheck(name)]).findings
    messages = [each.message for each in found if each.code == "SMT-012"]
    assert bool(messages) is bool(said)
    assert said in "".join(messages)


def test_what_a_template_allows_holds_for_ranges_and_texts_too(tmp_path: Path) -> None:
    band = {"modelType": "Range", "idShort": "Band", "valueType": "xs:int"}
    words = {"modelType": "MultiLanguageProperty", "idShort": "Words"}
    meaning = {name: {"semanticId": reference(f"urn:{name}")} for name in ("Band", "Words")}
    template = corp(
        "Template",
        band | meaning["Band"] | {"qualifiers": asked(("SMT/AllowedRange", "[0,50]"))},
        words | meaning["Words"] | {"qualifiers": asked(("SMT/AllowedValue", "red;blue"))},
    )

    def found(low: str, word: str) -> list[str]:
        text = [{"language": "en", "text": word}]
        instance = corp(
            "Instance",
            band | meaning["Band"] | {"min": low, "max": "50"},
            words | meaning["Words"] | {"value": text},
        )
        return judged(tmp_path, template, instance)

    assert found("0", "red") == []
    assert found("-5", "red") == ["SMT-012"]
    assert found("0", "green") == ["SMT-010"]


@pytest.mark.parametrize(
    ("value_type", "demands", "codes"),
    [
        ("xs:int", [("SMT/AllowedValue", "1;2;3")], []),
        ("xs:int", [("SMT/AllowedValue", "1;two")], ["SMT-219"]),
        ("xs:boolean", [("SMT/AllowedValue", "True;False")], []),
        ("xs:int", [("SMT/AllowedValue", "1;9"), ("SMT/AllowedRange", "[0,5]")], ["SMT-219"]),
        ("xs:double", [("SMT/AllowedValue", "INF;1"), ("SMT/AllowedRange", "[0,inf)")], []),
        ("xs:date", [("SMT/AllowedRange", "[0,5]")], ["SMT-220"]),
        ("xs:string", [("SMT/RequiredLang", "en")], ["SMT-220"]),
        ("xs:int", [("SMT/AllowedRange", "[5,0]")], ["SMT-215"]),
    ],
)
def test_demands_that_no_instance_can_meet_are_said(
    value_type: str, demands: list[tuple[str, str]], codes: list[str]
) -> None:
    wanted = element("Aa", value_type, qualifiers=asked(("SMT/Cardinality", "One"), *demands))
    assert linted(corp("Template", wanted)) == codes


def test_an_alternative_needs_another_in_its_parent() -> None:
    def either(name: str, group: str) -> dict[str, Any]:
        return element(name, qualifiers=asked(("SMT/Cardinality", "One"), ("SMT/EitherOr", group)))

    assert linted(corp("Template", either("Aa", "G"), either("Bb", "g "))) == []
    assert linted(corp("Template", either("Aa", "G"), either("Bb", "H"))) == ["SMT-221"] * 2


def linted(template: dict[str, Any]) -> list[str]:
    data = json.dumps({"submodels": [template]}).encode()
    report = files.validate("t.json", data=data, checks=[LintCheck()])
    return [each.code for each in report.findings]


def test_an_example_outside_the_range_is_forbidden() -> None:
    demands = asked(("SMT/Cardinality", "One"), ("SMT/AllowedRange", "[0,10]"))
    for example, codes in (("11", ["SMT-217"]), ("10", []), ("-", []), ("n/a", [])):
        stated = [*demands, *asked(("SMT/ExampleValue", example))]
        assert linted(corp("Template", element("Aa", "xs:int", qualifiers=stated))) == codes


def test_a_code_as_example_is_the_value_of_many_products(tmp_path: Path) -> None:
    for value, codes in (("0173-1#07-DAA603#004", []), ("Pump of type XY-4711", ["SMT-018"])):
        stated = asked(("SMT/ExampleValue", value))
        template = corp("Template", element("Aa", qualifiers=stated))
        assert judged(tmp_path, template, corp("Instance", element("Aa", value=value))) == codes


def test_a_code_in_other_case_is_nearly_right(tmp_path: Path) -> None:
    wanted = element("Aa") | {"semanticId": reference("0173-1#02-ABI000#003")}
    given = element("Bb", value="x") | {"semanticId": reference("0173-1#02-abi000#003")}
    assert judged(tmp_path, corp("Template", wanted), corp("Instance", given)) == ["SMT-006"]


def test_several_intervals_are_one_demand(tmp_path: Path) -> None:
    template = corp(
        "Template",
        element("Aa", "xs:double", qualifiers=asked(("SMT/AllowedRange", "[0, 10] | (20;30]"))),
    )
    for value, codes in (("10", []), ("30", []), ("15", ["SMT-012"]), ("20", ["SMT-012"])):
        instance = corp("Instance", element("Aa", "xs:double", value=value))
        assert judged(tmp_path, template, instance) == codes, value


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("[A-Z]{3}-[0-9]+", "ABC-1", "abc-1"),
        ("^(ball|gate)$", "gate", "bull"),
        ("[[:upper:]]+[[:digit:]]{2}", "AB12", "Ab12"),
        ("DN(50|80)", "DN80", "DN81"),
    ],
)
def test_a_value_keeps_to_the_pattern_of_the_template(
    pattern: str, good: str, bad: str, tmp_path: Path
) -> None:
    template = corp("Template", element("Aa", qualifiers=asked(("SMT/AllowedValue", pattern))))
    assert judged(tmp_path, template, corp("Instance", element("Aa", value=good))) == []
    assert judged(tmp_path, template, corp("Instance", element("Aa", value=bad))) == ["SMT-010"]


def test_a_list_beside_a_pattern_allows_either(tmp_path: Path) -> None:
    both = asked(("SMT/AllowedValue", "[A-Z]{2}"), ("SMT/AllowedValue2", "a.b;c"))
    template = corp("Template", element("Aa", qualifiers=both))
    for value, codes in (("XY", []), ("a.b", []), ("c", []), ("aXb", ["SMT-010"])):
        assert judged(tmp_path, template, corp("Instance", element("Aa", value=value))) == codes


def test_classes_of_posix_name_characters(tmp_path: Path) -> None:
    named = asked(("SMT/AllowedIdShort", "[[:alpha:]]+[[:digit:]]{2}"))
    template = corp("Template", element("Name01", qualifiers=named))

    def called(name: str) -> dict[str, Any]:
        return element("Name01", value="x") | {"idShort": name}

    assert judged(tmp_path, template, corp("Instance", called("Abc12"))) == []
    assert judged(tmp_path, template, corp("Instance", called("Abc1"))) == ["SMT-014"]


@pytest.mark.parametrize(
    "pattern",
    [
        "^(?!x)[a-z]+$",
        r"\bab$",
        "[a-z-[aeiou]]+",
        "a++",
        "(?i:a+)",
        "(a|aa)" * 40 + "[0-9]",
        "[a-z]*" * 4,
        "a?" * 26 + "a{26}",
        r"\N{DIGIT ONE}+",
    ],
)
def test_what_others_read_otherwise_or_takes_for_ever_is_not_understood(pattern: str) -> None:
    assert qualifiers.value_pattern(pattern) is None
    assert qualifiers.READERS["allowedvalue"](f"^{pattern}$") is None


@pytest.mark.parametrize(
    "pattern",
    [
        "urn[:.]+x",
        r"^\(?[0-9]{3}\)?$",
        r"^\++[0-9]$",
        "^[0-9*+-]+$",
        "^[A-Z(?)]$",
        r"^\\Ab$",
        "^(0[1-9]|1[0-2])/(19|20)[0-9]{2}(Z|z)(a|b)$",
    ],
)
def test_what_looks_like_it_and_is_common_is_understood(pattern: str) -> None:
    assert qualifiers.value_pattern(pattern) == pattern


def test_a_long_value_is_judged_by_a_simple_pattern(tmp_path: Path) -> None:
    template = corp(
        "Template", element("Aa", qualifiers=asked(("SMT/AllowedValue", "^[a-z]{1,500}$")))
    )
    assert judged(tmp_path, template, corp("Instance", element("Aa", value="a" * 600))) == [
        "SMT-010"
    ]


@pytest.mark.parametrize(
    "type_",
    [
        "SMT-Cardinality",
        "SMT:Cardinality",
        r"SMT\Cardinality",
        "SMT.cardinality",
        "IDTA/SMT/Cardinality",
    ],
)
def test_what_looks_like_a_qualifier_of_the_guideline_is_read_as_one(type_: str) -> None:
    assert qualifiers.kind(type_) == "cardinality"
    assert not qualifiers.is_proper(type_)  # which lint says
