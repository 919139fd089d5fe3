"""Events: one canonical form, times as written, salts that hide, fields that can be shown alone."""

import json
import os

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from ledgers import draft

from nacre_ledger import commitment, event
from nacre_ledger.errors import EventError
from nacre_ledger.event import Activity

TEXT = st.text(st.characters(codec="utf-8"), max_size=30)


@given(TEXT, st.dictionaries(TEXT.filter(bool), TEXT, max_size=4))
def test_the_bytes_of_an_event_are_rfc_8785(note: str, fields: dict[str, str]) -> None:
    made = draft(note=note or None, fields=fields)
    data = event.canonical(made)
    assert data == rfc8785.dumps(json.loads(data))
    assert event.parse(data) == made


@given(TEXT, TEXT)
def test_every_field_can_be_shown_alone(note: str, value: str) -> None:
    made = draft(note=note or None, fields={"temperature": value})
    salt = os.urandom(32)
    root = commitment.field_root(made, salt)
    for name in commitment.field_names(made):
        proof = commitment.prove_field(made, salt, name)
        assert proof.root() == root
        assert proof._replace(value="other").root() != root
        assert proof._replace(name="other").root() != root


def test_the_salt_of_one_field_does_not_open_another() -> None:
    made, salt = draft(note="a"), os.urandom(32)
    first = commitment.prove_field(made, salt, "note")
    second = commitment.prove_field(made, salt, "agent")
    assert first.salt != second.salt
    assert second._replace(salt=first.salt).root() != second.root()


@pytest.mark.parametrize(
    "time",
    ["2026-10-14T09:20:00Z", "2026-10-14T09:20+02:00", "2026-10-14T09:20:00.123456789-05:30"],
)
def test_a_time_is_kept_as_it_was_written(time: str) -> None:
    made = event.stored(event.canonical(draft(happened=time)))
    assert made.happened == time


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"happened": "2026-10-14 09:20"}, "happened"),
        ({"happened": "2026-10-14T09:20:00"}, "offset"),
        ({"happened": "2026-13-14T09:20:00Z"}, "happened"),
        ({"asset": " "}, "asset"),
        ({"activity": "fixing"}, "activity"),
        ({"fields": {"n": 1.5}}, "fields"),
        ({"colour": "red"}, "colour"),
        ({"activity": "correction"}, "corrects"),
        ({"activity": "custody-transfer"}, "custody"),
        ({"installed": [{"asset": "a", "quantity": "many"}]}, "decimal"),
        ({"attachments": [{"name": "a", "sha256": "x", "size": 1}]}, "hexadecimal"),
        ({"eventId": "x" * 300}, "eventId"),
    ],
)
def test_what_is_no_event_is_refused_with_the_field(values: dict[str, object], word: str) -> None:
    with pytest.raises(EventError) as caught:
        draft(**values)
    assert word in caught.value.message


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"a":NaN}'])
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(EventError):
        event.parse(text)


def test_the_activities_are_the_published_tokens() -> None:
    tokens = (
        "manufacturing commissioning inspection repair replacement calibration quality-check "
        "observation shipping receiving custody-transfer transformation aggregation disaggregation "
        "software-update configuration-change twin-update incident return refurbishment reuse "
        "recycling decommissioning correction erasure"
    )
    assert [each.value for each in Activity] == tokens.split()


def test_new_ids_are_uuids_of_version_7_in_order_of_time() -> None:
    import uuid

    first, second = uuid.UUID(event.new_event_id()), uuid.UUID(event.new_event_id())
    assert first.version == second.version == 7
    assert first.variant == uuid.RFC_4122
    assert first.int >> 80 <= second.int >> 80
