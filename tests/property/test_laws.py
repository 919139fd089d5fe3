"""Laws that hold for every environment, not only for the ones we thought of."""

import json
import random
from collections.abc import Iterator
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from strategies import environments

from nacre_aas import aasx, files, jsonization, xmlization
from nacre_aas.canonical import canonical, is_ordered
from nacre_aas.diff import changes
from nacre_aas.digest import changed_paths, digest
from nacre_aas.document import environment
from nacre_aas.model import Environment, LangStringTextType, Record, Submodel
from nacre_aas.positions import positions
from nacre_aas.schema import attributes, walk
from nacre_aas.versions import Metamodel


@given(environments())
def test_json_gives_back_what_was_written(content: Environment) -> None:
    assert jsonization.loads(jsonization.dumps(content)) == content
    assert jsonization.loads(jsonization.dumps(content, indent=2)) == content


@given(environments())
def test_xml_gives_back_what_was_written(content: Environment) -> None:
    for version in (Metamodel.V3_0, Metamodel.V3_1, Metamodel.V3_2):
        again, problems = environment(xmlization.XmlDocument(xmlization.dumps(content, version)))
        assert [each.rule.code for each in problems] in ([], ["SER-018"])
        assert again == content


@given(environments())
def test_a_package_gives_back_what_was_written(content: Environment) -> None:
    if content == Environment():
        return
    ids = [each.id for name in content.__struct_fields__ for each in getattr(content, name) or ()]
    if len(set(ids)) == len(ids):
        assert aasx.merged(aasx.read(aasx.write(content))) == content


def shuffled(record: Record, chance: random.Random) -> None:
    """Put every list whose order has no meaning into another order, in place."""
    for _, each in walk(record):
        for attribute in attributes(type(each)):
            value = getattr(each, attribute.name)
            if attribute.is_list and value and not is_ordered(each, attribute.name):
                chance.shuffle(value)


@given(environments(), st.randoms(use_true_random=False))
def test_order_without_meaning_changes_nothing(content: Environment, chance: random.Random) -> None:
    other = jsonization.loads(jsonization.dumps(content))
    shuffled(other, chance)
    assert canonical(other) == canonical(content)
    assert digest(other).root == digest(content).root


_LANGUAGES = st.sampled_from(["de", "DE", "de-AT", "en", "en-GB", "i-klingon", "x"])


@given(st.lists(_LANGUAGES, min_size=2))
def test_texts_stand_by_their_bytes_whatever_their_languages(languages: list[str]) -> None:
    texts = [
        LangStringTextType(language=language, text=f"text {number % 3}")
        for number, language in enumerate(languages)
    ]
    found = json.loads(canonical(Submodel(id="a", description=texts)))["description"]
    encoded = sorted(
        json.dumps(each, sort_keys=True, separators=(",", ":"))
        for each in map(json.loads, map(jsonization.dumps, texts))
    )
    assert found == [json.loads(each) for each in encoded]


@given(environments())
def test_canonical_bytes_are_a_fixed_point(content: Environment) -> None:
    once = canonical(content)
    assert canonical(jsonization.loads(once)) == once
    assert (
        json.dumps(
            json.loads(once), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ).encode()
        == once
    )


@given(environments(), st.data())
def test_a_changed_value_changes_the_root_and_is_found(content: Environment, data: Any) -> None:
    places = [
        (each, attribute.name)
        for _, each in walk(content)
        for attribute in attributes(type(each))
        if attribute.text is not None
        and attribute.text.syntax is None
        and getattr(each, attribute.name) is not None
    ]
    if not places:
        return
    before = jsonization.loads(jsonization.dumps(content))
    record, name = data.draw(st.sampled_from(places))
    setattr(record, name, getattr(record, name) + "x")
    assert canonical(content) != canonical(before)
    assert digest(content).root != digest(before).root
    assert list(changed_paths(digest(before), digest(content)))
    ids = [each.id for n in before.__struct_fields__ for each in getattr(before, n) or ()]
    if len(set(ids)) == len(ids):
        assert changes(before, content)


#: JSON in one line, and indented: the typed decoder gets the second without its blanks.
layouts = st.sampled_from([None, 2])


@given(environments(), layouts)
def test_both_readers_agree_and_neither_raises(content: Environment, layout: int | None) -> None:
    data = jsonization.dumps(content, indent=layout)
    fast, slow = (files.validate("x", data=data, explain=explain) for explain in (False, True))
    assert fast.refusal is None
    assert [each.code for each in fast.findings] == [each.code for each in slow.findings]


def keys_of(text: str) -> list[tuple[int, str]]:
    """Where each key of a compact JSON text starts."""
    found, index, in_string, start = [], 0, False, 0
    while index < len(text):
        char = text[index]
        if in_string and char == "\\":
            index += 1
        elif char == '"':
            if in_string and text[index + 1 : index + 2] == ":":
                found.append((start, text[start : index + 1]))
            in_string = not in_string
            start = index
        index += 1
    return found


@given(environments(), st.data())
def test_a_key_that_stands_twice_is_never_lost_in_silence(content: Environment, data: Any) -> None:
    text = jsonization.dumps(content).decode()
    keys = keys_of(text)
    if not keys:
        return
    start, key = data.draw(st.sampled_from(keys))
    value = data.draw(st.sampled_from(['"x"', "1", "[]", "null", '{"a": "\\u003a"}', '"\\u003a"']))
    twice = text[:start] + f"{key}:{value}," + text[start:]
    written = twice.encode()
    if data.draw(layouts):
        written = msgspec.json.format(written)
    report = files.validate("x", data=written)
    assert report.refusal is not None
    assert report.refusal.code == "SER-001"
    assert "twice" in report.refusal.message


@given(environments(), st.data())
def test_any_damage_ends_in_a_report(content: Environment, data: Any) -> None:
    damaged = bytearray(jsonization.dumps(content, indent=data.draw(layouts)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
        if not damaged:
            return
    report, slow = (
        files.validate("x", data=bytes(damaged), explain=each) for each in (False, True)
    )
    assert report.refusal is not None or report.versions or report.findings
    assert [each.code for each in report.findings] == [each.code for each in slow.findings]
    if report.refusal is not None:
        assert slow.refusal is not None
        assert report.refusal.message == slow.refusal.message


@given(environments(), st.data())
def test_any_damage_to_xml_ends_in_a_report(content: Environment, data: Any) -> None:
    damaged = bytearray(xmlization.dumps(content))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    report = files.validate("x", data=bytes(damaged))
    assert report.refusal is not None or report.versions or report.findings


_json = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda below: (
        st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=4), below, max_size=4)
    ),
)


@given(
    _json,
    st.sampled_from([(",", ":"), (" ,\t", " : "), ("\r\n,", "\n:")]),
    st.sampled_from(["", " \n"]),
    st.booleans(),
)
def test_at_the_position_of_a_json_value_stands_that_value(
    content: Any, separators: tuple[str, str], around: str, ascii_only: bool
) -> None:
    text = json.dumps(content, separators=separators, ensure_ascii=ascii_only)
    text = around + text + around
    values = dict(_values(content, ()))
    lines = text.split("\n")
    for path, place in positions(text.encode(), values).items():
        rest = "\n".join([lines[place.line - 1][place.column - 1 :], *lines[place.line :]])
        assert json.JSONDecoder().raw_decode(rest)[0] == values[path]


def _values(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _values(member, (*path, key))
    elif isinstance(value, list):
        for position, member in enumerate(value):
            yield from _values(member, (*path, position))
