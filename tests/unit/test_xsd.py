"""Lexical and value space of the XSD types, case by case (W3C XML Schema Part 2)."""

import pytest

from nacre_aas.uri import is_any_uri, is_uri_reference
from nacre_aas.xsd import date_time_utc_problem, ordered, problem, surely_before, value_of

GOOD = {
    "xs:boolean": ["true", "false", "1", "0"],
    "xs:int": ["0", "-2147483648", "+2147483647", "007", "0" * 5000, "-" + "0" * 5000 + "7"],
    "xs:byte": ["-128", "127"],
    "xs:unsignedLong": ["18446744073709551615", "+0"],
    "xs:integer": ["9" * 5000, "-0"],
    "xs:negativeInteger": ["-1"],
    "xs:decimal": ["1.", ".5", "-1.50"],
    "xs:double": ["1E3", "INF", "-INF", "NaN", "1.7976931348623157e308"],
    "xs:float": ["3.4028235e38", "1e-60"],
    "xs:date": [
        "2024-02-29",
        "2023-02-28+02:00",
        "-0001-01-01",
        "12023-12-31Z",
        "2000-02-29-14:00",
    ],
    "xs:dateTime": ["2023-02-28T24:00:00Z", "2023-02-28T23:59:59.123456789"],
    "xs:time": ["24:00:00.000", "00:00:00+13:59"],
    "xs:duration": ["P1Y2M", "-PT0.5S", "P1DT2H"],
    "xs:gYear": ["12345", "-0044", "2024Z", "0001"],
    "xs:gYearMonth": ["2024-02", "0010-02"],
    "xs:gMonthDay": ["--02-29"],
    "xs:gMonth": ["--12Z"],
    "xs:gDay": ["---31"],
    "xs:hexBinary": ["", "0aFF"],
    "xs:base64Binary": ["", "AQ==", "A QI D", "AQI="],
    "xs:anyURI": ["", "https://example.com/ä?x=1#y", "../a/b", "urn:x:y", "http://u@[::1]:80/x"],
    "xs:string": ["", "\t\n ", "🦪"],
}
BAD = {
    "xs:boolean": ["TRUE", "yes", ""],
    "xs:int": ["1_000", "2147483648", "-2147483649", "0" * 5000 + "2147483648", "1.0", " 1", "１"],
    "xs:byte": ["128", "-129"],
    "xs:unsignedLong": ["-1", "18446744073709551616"],
    "xs:integer": ["1e3", "--1", ""],
    "xs:negativeInteger": ["0", "9" * 5000],
    "xs:decimal": ["Infinity", "1e3", ".", ""],
    "xs:double": ["1_0.5", "inf", "nan", "+INF", "1e309", "."],
    "xs:float": ["3.5e38"],
    "xs:date": [
        "2023-02-30",
        "2023-2-1",
        "0000-01-01",
        "2023-13-01",
        "2023-01-01+15:00",
        "23-01-01",
    ],
    "xs:dateTime": [
        "2023-02-28",
        "2023-02-28T24:00:01",
        "2023-02-28T25:00:00",
        "2023-02-28 10:00:00",
    ],
    "xs:time": ["24:01:00", "1:00:00"],
    "xs:duration": ["P", "PT", "P1S", "1Y", "P-1Y"],
    "xs:gYear": ["123", "0000x", "0000", "-0000Z", "01234"],
    "xs:gYearMonth": ["2024-13", "0000-01"],
    "xs:gMonthDay": ["--02-30", "02-01"],
    "xs:gMonth": ["--13"],
    "xs:gDay": ["---32"],
    "xs:hexBinary": ["abc", "ab cd"],
    "xs:base64Binary": ["A", "AQ=", "AR==", "=AQ=", "ä"],
    "xs:anyURI": ["a b", "%zz", "http://[x", "http://[1:2]/", "http://[::1]x/", "http://[::1]:a/"],
    "xs:string": ["\u0001", "\ufffe", "\ud800"],
}


@pytest.mark.parametrize(
    ("value_type", "text"), [(kind, text) for kind, texts in GOOD.items() for text in texts]
)
def test_a_literal_of_the_type_is_accepted(value_type: str, text: str) -> None:
    assert problem(text, value_type) is None


@pytest.mark.parametrize(
    ("value_type", "text"), [(kind, text) for kind, texts in BAD.items() for text in texts]
)
def test_anything_else_is_refused_with_a_reason(value_type: str, text: str) -> None:
    assert problem(text, value_type)


def test_times_of_events_are_utc() -> None:
    assert date_time_utc_problem("2026-05-31T08:00:00Z") is None
    assert date_time_utc_problem("2026-05-31T08:00:00+02:00")
    assert date_time_utc_problem("2026-02-29T08:00:00Z")


@pytest.mark.parametrize(
    ("low", "high", "value_type", "expected"),
    [
        ("9", "10", "xs:int", True),
        ("10", "9", "xs:int", False),
        ("-INF", "INF", "xs:double", True),
        ("NaN", "1", "xs:double", True),
        ("2024-01-02", "2024-01-01", "xs:date", False),
        ("2024-01-02+02:00", "2024-01-01", "xs:date", True),  # zones: not comparable as text
        ("b", "a", "xs:string", True),  # strings have no order
    ],
)
def test_ends_of_a_range_are_compared_by_value(
    low: str, high: str, value_type: str, expected: bool
) -> None:
    assert ordered(low, high, value_type) is expected


def test_paths_take_no_letters_beyond_ascii_but_any_uri_does() -> None:
    assert is_any_uri("/aasx/Übersicht.pdf")
    assert not is_uri_reference("/aasx/Übersicht.pdf")
    assert is_uri_reference("/aasx/%C3%9Cbersicht.pdf")


def test_a_long_text_is_judged_in_linear_time() -> None:
    assert problem("http://" + "a" * 200_000 + "!", "xs:anyURI") is None
    assert problem("a" * 1_000_001, "xs:base64Binary")


@pytest.mark.parametrize(
    ("value_type", "one", "other"),
    [
        ("xs:boolean", "true", "1"),
        ("xs:double", "1", "1.0"),
        ("xs:dateTime", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00"),
        ("xs:date", "2026-01-01Z", "2026-01-01+00:00"),
        ("xs:hexBinary", "ab", "AB"),
        ("xs:base64Binary", "YQ==", "YQ =="),
    ],
)
def test_literals_of_one_value(value_type: str, one: str, other: str) -> None:
    assert value_of(one, value_type) == value_of(other, value_type)
    assert value_of(one, value_type) != value_of("", value_type)


@pytest.mark.parametrize(
    ("value_type", "one", "other"),
    [
        ("xs:dateTime", "2026-01-01T00:00:00.1234567Z", "2026-01-01T00:00:00.1234568Z"),
        ("xs:date", "0001-01-01+14:00", "0001-01-01+13:00"),
        ("xs:dateTime", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59-13:00"),
        ("xs:double", "1e-99999999999999999999", "1"),
        ("xs:decimal", "0.1", "0.10000000000000000001"),
        ("xs:int", "1", "x"),
    ],
)
def test_literals_of_different_values_differ(value_type: str, one: str, other: str) -> None:
    assert value_of(one, value_type) != value_of(other, value_type)
    assert value_of(one, value_type) == value_of(one, value_type)


def test_an_exponent_beyond_every_number_can_be_compared() -> None:
    assert ordered("1e-99999999999999999999", "1", "xs:double")
    assert not ordered("1", "-1e-99999999999999999999", "xs:double")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("2024-05-01T23:00:00Z", "2024-05-02T00:30:00+02:00", False),
        ("2024-05-01T11:30:00+02:00", "2024-05-01T10:00:00Z", True),
        ("2024-05-01T09:59:59", "2024-05-01T10:00:00", True),
        ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00.5Z", True),
        ("2024-01-02T01:00:00+01:00", "2024-01-02T00:00:00Z", False),
        ("2024-05-01", "2024-05-02", True),
        ("2024-05-01", "2024-05-01", False),
        ("2024-05-01", "2024-05-02T00:00:00", True),
        ("2024-05-01", "2024-05-01T23:59:59", False),
        ("2024-05-01T10:00:00", "2024-05-01T23:00:00Z", False),
        ("2024-05-01T10:00:00", "2024-05-02T00:00:01Z", True),
        ("soon", "2024-05-01", False),
        ("9999-12-31", "9999-12-30", False),
        ("0001-01-01T00:00:00+14:00", "2024-01-01Z", False),
    ],
)
def test_what_surely_lies_before_something(first: str, second: str, expected: bool) -> None:
    assert surely_before(first, second) is expected
    assert not (expected and surely_before(second, first))


def test_blanks_stand_inside_of_base64_only() -> None:
    assert problem("YQ ==", "xs:base64Binary") is None
    for text in ("YQ== ", " YQ==", "\nYQ=="):
        assert problem(text, "xs:base64Binary") is not None


@pytest.mark.parametrize(
    ("value_type", "low", "high", "expected"),
    [
        ("xs:dateTime", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00+02:00", False),
        ("xs:dateTime", "2024-01-01T00:00:00", "2023-01-01T00:00:00Z", True),
        ("xs:dateTime", "2024-01-02T00:00:00", "2024-01-01T24:00:00", True),
        ("xs:date", "2024-01-02", "2024-01-01", False),
        ("xs:time", "24:00:00", "00:00:00", True),
        ("xs:time", "10:00:00", "08:00:00", False),
        ("xs:duration", "P2D", "PT24H", False),
        ("xs:duration", "P1D", "PT24H", True),
        ("xs:duration", "P1M", "P30D", True),
        ("xs:duration", "-P1D", "-P2D", False),
        ("xs:gYear", "10000", "9999", False),
        ("xs:gYear", "-0002", "0001", True),
        ("xs:gYearMonth", "2024-02", "2024-01", False),
        ("xs:gYear", "2024Z", "2023", True),
        ("xs:gMonth", "--12", "--01", True),
    ],
)
def test_what_is_greater_has_an_order(value_type: str, low: str, high: str, expected: bool) -> None:
    assert ordered(low, high, value_type) is expected


def test_durations_are_compared_by_months_and_seconds() -> None:
    assert value_of("P1Y", "xs:duration") == value_of("P12M", "xs:duration")
    assert value_of("PT60S", "xs:duration") == value_of("PT1M", "xs:duration")
    assert value_of("P30D", "xs:duration") != value_of("P1M", "xs:duration")
