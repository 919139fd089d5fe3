"""The expressions for other engines say what our own checks say."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nacre_aas import patterns, syntax, xsd
from nacre_aas.versions import Metamodel

#: Years around every rule of the calendar, integers around every bound.
_EDGES = [
    f"{sign}{year:04d}-{day}{rest}"
    for sign, year in (
        *(("", year) for year in (0, 4, 96, 100, 400, 1900, 1904, 2000, 2023, 2100, 12000, 12100)),
        ("-", 1),
        ("-", 2),
    )
    for day in ("02-28", "02-29", "02-30", "04-30", "04-31", "12-31", "13-01", "00-10", "01-00")
    for rest in ("", "Z", "T10:00:00Z", "T24:00:00+00:00", "T24:00:01Z")
] + [
    text
    for bits in (7, 8, 15, 16, 31, 32, 63, 64)
    for step in (-2, -1, 0, 1, 2)
    for number in (2**bits + step, -(2**bits) + step)
    for text in (str(number), f"+{number}", f"00{abs(number)}")
]
_OTHERS = [
    "",
    "0",
    "-0",
    "\n",
    "QQ==\n",
    " QQ==",
    "Q Q\t=\n=",
    "+0",
    "-1",
    "1",
    " 1",
    "1.",
    ".5",
    "1E3",
    "INF",
    "NaN",
    "--02-29",
    "--02-30",
]
_OTHERS += [
    "AQ==",
    "AQ=",
    "A Q = =",
    "AR==",
    "http://ä.de/ö",
    "a b",
    "%zz",
    "%20",
    "P1D",
    "PT",
    "x",
]


def _beyond(name: str, text: str) -> bool:
    """What a regular expression leaves out: see NOT_SAID."""
    if name in ("xs:float", "xs:double"):
        return xsd.problem(text, name) == "it is too large for the type"
    return text.startswith("-") and "-02-29" in text


def _agree(text: str) -> None:
    for value_type in xsd._CHECKS:
        pattern = patterns.of_type(value_type)
        if pattern is not None and not _beyond(value_type, text):
            ours = xsd.problem(text, value_type) is None
            assert (_search(pattern, text) is not None) is ours, (value_type, text)
    for name, each in syntax.SYNTAX.items():
        for version in Metamodel:
            pattern = patterns.of_syntax(name, version)
            if pattern is not None and not _beyond(name, text):
                found = each.check(text)
                ours = found is None or not found[0] & version
                assert (_search(pattern, text) is not None) is ours, (name, version, text)


def _search(pattern: str, text: str) -> re.Match[str] | None:
    return re.search(pattern.removesuffix("$") + r"\Z", text)


@pytest.mark.parametrize("text", _EDGES + _OTHERS)
def test_they_agree_at_the_edges(text: str) -> None:
    _agree(text)


@given(st.text(max_size=30))
def test_they_agree_on_any_text(text: str) -> None:
    _agree(text)
    is_xml = xsd.problem(text, "xs:string") is None
    assert (_search(patterns.XML_CHARACTERS, text) is not None) is is_xml


def test_they_agree_on_what_files_hold(shared: Path) -> None:
    texts: set[str] = set()

    def gather(value: Any) -> None:
        for each in value.values() if isinstance(value, dict) else value:
            if isinstance(each, (dict, list)):
                gather(each)
            elif isinstance(each, str) and len(each) < 300:
                texts.add(each)

    with (shared / "corpus" / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row["path"] for row in csv.DictReader(stream) if row["format"] == "json"]
    for path in rows[::9]:
        try:
            gather(json.loads((shared / "corpus" / path).read_bytes()))
        except (ValueError, RecursionError, AttributeError):
            continue
    for text in texts:
        _agree(text)
    assert len(texts) > 500


def test_no_expression_uses_what_rust_lacks() -> None:
    for value_type in xsd._CHECKS:
        assert "(?=" not in (patterns.of_type(value_type) or "")
        assert "(?!" not in (patterns.of_type(value_type) or "")
