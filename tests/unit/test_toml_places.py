"""Where the values of a TOML text stand: every one that its reader finds, where it is written."""

import json
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from nacre_submodels import catalogue, toml_places
from nacre_submodels.errors import FormError
from nacre_submodels.form import form, read_json, read_toml
from nacre_submodels.toml_places import TomlPath

KEYS = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,6}", fullmatch=True)
SCALARS = st.one_of(
    st.text(st.characters(exclude_categories=["C"]), max_size=8),
    st.integers(-999, 999),
    st.booleans(),
)
VALUES = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=3),
    max_leaves=12,
)
#: What may stand between the members of an array.
GAPS = st.sampled_from(["", " ", "\n", '  # [a comment, with a { and a "\n', "\n\n\t"])


@st.composite
def toml(draw: st.DrawFn, value: Any) -> str:
    """A value as TOML, in one of the ways that it can be written."""
    if isinstance(value, list):
        members = [f"{draw(GAPS)}{draw(toml(each))}{draw(GAPS)}" for each in value]
        return f"[{','.join(members)}{draw(GAPS)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {draw(toml(each))}" for key, each in value.items()) + "}"
    if isinstance(value, str):
        way = draw(st.sampled_from(["basic", "literal", "lines", "literal lines"]))
        if way == "literal" and "'" not in value:
            return f"'{value}'"
        if way == "literal lines" and "'" not in value:
            return f"'''\n{value}'''"
        quoted = json.dumps(value, ensure_ascii=False)
        return f'""\n{quoted}""'.replace('""\n"', '"""\n') if way == "lines" else quoted
    return json.dumps(value)


def leaves(value: Any, path: TomlPath = ()) -> Iterator[tuple[TomlPath, Any]]:
    below = value.items() if isinstance(value, dict) else enumerate(value)
    for step, each in below:
        yield (*path, step), each
        if isinstance(each, (dict, list)):
            yield from leaves(each, (*path, step))


@given(st.data(), st.dictionaries(KEYS, VALUES, max_size=4))
def test_every_value_is_found_where_it_stands(data: st.DataObject, content: dict[str, Any]) -> None:
    text = "".join(f"{key} = {data.draw(toml(each))}\n" for key, each in content.items())
    assert tomllib.loads(text) == content
    places = toml_places.scan(text).places
    for path, value in leaves(content):
        found = text[places[path].offset :]
        if isinstance(path[-1], str):
            assert found.startswith(path[-1])
        elif isinstance(value, str):
            assert found[0] in "\"'"
        else:
            assert found.startswith(
                "["
                if isinstance(value, list)
                else "{"
                if isinstance(value, dict)
                else str(value).lower()
            )


def test_the_places_of_a_form_are_those_of_its_values() -> None:
    found = catalogue.shipped()
    for text in (
        (ROOT / "examples" / "nameplate.toml").read_text("utf-8"),
        form([found.template(found.find("HandoverDocumentation"))]),
    ):
        places = toml_places.scan(text).places
        known = {path for path, place in places.items() if not place.is_comment}
        assert {path for path, _ in leaves(tomllib.loads(text))} - known <= {
            path[:length] for path in known for length in range(1, len(path))
        }


@pytest.mark.parametrize(
    ("lines", "at"),
    [
        ("a = [\n  1,\n  0x10,\n]", (3, 3)),
        ("a = { b = 1, c = 1_000 }", (1, 18)),
        ('a = """\nb = 0x10\n"""\nc = +1', (4, 5)),
        ("a = [ 2031-01-01T10:00:00.1234567Z ]", (1, 7)),
    ],
)
def test_a_number_that_would_change_is_refused_wherever_it_stands(
    lines: str, at: tuple[int, int]
) -> None:
    with pytest.raises(FormError) as raised:
        read_toml(lines)
    assert (raised.value.line, raised.value.column) == at


DEEP = "[" * 100_000 + "]" * 100_000
LONG = "9" * 5_000


@pytest.mark.parametrize(
    ("read", "text", "said", "line"),
    [
        (read_toml, f"a = {DEEP}", "nested too deeply", None),
        (read_json, DEEP, "nested too deeply", None),
        (read_toml, f"a = 1\nb = {LONG}", "thousands of digits", 2),
        (read_json, f'{{"a": 1,\n"b": {LONG}}}', "thousands of digits", 2),
        (read_toml, f'a = "{LONG}" # 5" pipe\nb = {LONG}', "thousands of digits", 2),
        (read_toml, f"a = 0.{LONG} # {LONG}\nb = {LONG}", "thousands of digits", 2),
    ],
)
def test_what_python_does_not_read_is_said_in_plain_words(
    read: Callable[[str], object], text: str, said: str, line: int | None
) -> None:
    with pytest.raises(FormError, match=said) as raised:
        read(text)
    assert raised.value.line == line


def test_keys_may_hold_quotes_and_escapes() -> None:
    text = '"k\\"" = """\nn = 0x1\n"""\nx = { "a\\"b" = 1, \'c d\' = 2 }\n# "\\q" = 1\n'
    assert tomllib.loads(text) == {'k"': "n = 0x1\n", "x": {'a"b': 1, "c d": 2}}
    places = toml_places.scan(text).places
    assert {path for path, place in places.items() if not place.is_comment} == {
        ('k"',),
        ("x",),
        ("x", 'a"b'),
        ("x", "c d"),
    }
    with pytest.raises(FormError, match="0x1F"):
        read_toml(text.replace("'c d' = 2", "c = 0x1F"))


def test_what_stands_in_texts_and_comments_is_no_number() -> None:
    read_toml('a = [\'0x10\', \'+1\'] # 0x10\nb = """\nc = 0x10\n"""\n# d = 0x10\n')
