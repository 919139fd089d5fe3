"""Evidence and other proofs: they hold without the ledger, and no bit of them can be changed."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledgers import ORIGIN, draft
from msgspec.structs import replace

from conftest import ROOT
from nacre_aas import files, jsonization
from nacre_aas.digest import digest
from nacre_aas.findings import Location
from nacre_ledger import checkpoint, keys, trust, twins
from nacre_ledger.errors import EventError, LedgerError
from nacre_ledger.log import Ledger
from nacre_ledger.merkle import leaf_hash
from nacre_ledger.note import SignerKey
from nacre_ledger.proofs import evidence, tlog
from nacre_ledger.trust import Log, Trust, Witnesses, Writer


def trusting(ledger: Ledger, writer: SignerKey, **limits: object) -> Trust:
    return Trust(
        1,
        Log(ORIGIN, (ledger.settings.key,)),
        (Writer(str(writer.verifier), **limits),),  # type: ignore[arg-type]
    )


def codes(data: bytes, known: Trust | None) -> list[str]:
    return [
        each.code
        for each in evidence.verify(evidence.loads(data), known, Location("x.json")).findings
    ]


def test_evidence_holds_and_shows_the_events(filled: Ledger, writer: SignerKey) -> None:
    data = evidence.make(filled, [3, 333, 599]).dumps()
    verdict = evidence.verify(evidence.loads(data), trusting(filled, writer), Location("x.json"))
    assert not verdict.findings
    assert [each.position for each in verdict.shown] == [3, 333, 599]
    assert verdict.shown[1].event == filled.entry(333).event
    assert evidence.make(filled, [599, 3, 333, 3]).dumps() == data


def test_without_a_trust_file_identity_is_left_open(filled: Ledger) -> None:
    assert codes(evidence.make(filled, [3]).dumps(), None) == ["LED-014"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.data())
def test_no_value_of_evidence_can_be_changed(
    filled: Ledger, writer: SignerKey, data: st.DataObject
) -> None:
    """Every text and number of the JSON matters, but for what is said to be only a hint."""
    known = trusting(filled, writer)
    fields = data.draw(st.sampled_from([(), ("note", "agent", "activity", "recorded")]))
    document = json.loads(evidence.make(filled, [431], fields=fields).dumps())
    places = [
        path
        for path in _places(document)
        if path[0] not in ("logKey", "schema")  # the trust file names the key
    ]
    path = data.draw(st.sampled_from(places))
    owner = document
    for step in path[:-1]:
        owner = owner[step]
    owner[path[-1]] = _changed(owner[path[-1]])
    try:
        found = codes(json.dumps(document).encode(), known)
    except EventError:
        return
    assert found, path


def _places(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else None
    )
    if items is None:
        return [path]
    return [place for key, below in items for place in _places(below, (*path, key))]


def _changed(value: object) -> object:
    if isinstance(value, int):
        return value + 1
    assert isinstance(value, str)
    middle = len(value) // 2
    return (
        value[:middle] + ("a" if value[middle : middle + 1] != "a" else "b") + value[middle + 1 :]
    )


def test_evidence_without_entries_shows_nothing(filled: Ledger, writer: SignerKey) -> None:
    document = json.loads(evidence.make(filled, [3]).dumps())
    document["entries"] = []
    assert codes(json.dumps(document).encode(), trusting(filled, writer)) == ["LED-010"]


def test_one_field_is_shown_and_nothing_else(filled: Ledger, writer: SignerKey) -> None:
    data = evidence.make(filled, [431], fields=["fields.n"]).dumps()
    verdict = evidence.verify(evidence.loads(data), trusting(filled, writer), Location("x.json"))
    assert not verdict.findings
    assert verdict.shown[0].event is None
    assert verdict.shown[0].fields == {"fields.n": "31"}
    assert b"tech-07" not in data.replace(str(writer.verifier).encode(), b"")
    assert b"acme.example" not in data


@pytest.mark.parametrize(
    "limits",
    [
        {"agents": ("somebody",)},
        {"activities": ("repair",)},
        {"valid_until": "2020-01-01"},
        {"valid_from": "2120-01-01"},
    ],
)
def test_a_key_without_the_right_is_named(
    filled: Ledger, writer: SignerKey, limits: dict[str, object]
) -> None:
    import datetime as dt

    given_ = {
        name: dt.datetime.fromisoformat(value) if isinstance(value, str) else value
        for name, value in limits.items()
    }
    data = evidence.make(filled, [3]).dumps()
    assert codes(data, trusting(filled, writer)) == []
    assert codes(data, trusting(filled, writer, **given_)) == ["LED-011"]


def test_a_key_that_the_trust_file_does_not_know(filled: Ledger, key_folder: Path) -> None:
    other = keys.create("other")
    data = evidence.make(filled, [3], fields=["note"]).dumps()
    assert codes(data, trusting(filled, other)) == ["LED-011"]
    assert key_folder is not None


def test_too_few_witnesses_are_said(filled: Ledger, writer: SignerKey) -> None:
    witness = keys.create("witness")
    known = Trust(
        1,
        Log(ORIGIN, (filled.settings.key,)),
        (Writer(str(writer.verifier)),),
        Witnesses(1, (str(witness.cosigner()),)),
    )
    assert codes(evidence.make(filled, [3]).dumps(), known) == ["LED-008"]


def test_a_proof_uses_the_checkpoint_that_most_witnesses_saw(
    filled: Ledger, writer: SignerKey
) -> None:
    witness = keys.create("witness")
    assert evidence.loads(evidence.make(filled, [3]).dumps()).checkpoint == str(
        filled.checkpoint_note()
    )
    seen = filled.checkpoint_note(400)
    assert seen is not None
    cosigned = checkpoint.cosign(seen.text, witness, dt.datetime.now(dt.UTC))
    signed = str(filled.add_signatures(400, [cosigned]))
    assert evidence.make(filled, [3]).checkpoint == signed
    assert evidence.make(filled, [500]).checkpoint != signed
    known = replace(trusting(filled, writer), witness=Witnesses(1, (str(witness.cosigner()),)))
    assert codes(evidence.make(filled, [3]).dumps(), known) == []


def test_entries_under_no_checkpoint_have_no_proof(ledger: Ledger, writer: SignerKey) -> None:
    ledger.record([draft()], writer)
    with pytest.raises(LedgerError, match="no checkpoint"):
        evidence.make(ledger, [0])


def test_the_proof_of_one_event_is_small(filled: Ledger) -> None:
    assert len(str(tlog.make(filled, 300))) < 1500


def test_a_tlog_proof_holds_and_no_other_leaf(filled: Ledger) -> None:
    proof = tlog.parse(str(tlog.make(filled, 300)))
    key = filled.settings.log_key
    leaf = tlog.leaf_of(proof)
    assert leaf == filled.tiles().node(0, 300)
    assert leaf is not None
    assert proof.verify(leaf, key)
    assert not proof.verify(leaf_hash(b"other"), key)
    assert not proof._replace(position=301).verify(leaf, key)


# -- twins -----------------------------------------------------------------------------------------


@pytest.fixture
def pump(tmp_path: Path) -> Path:
    from conftest import nacre

    path = tmp_path / "pump.aasx"
    examples = ROOT / "examples"
    assert nacre("export", str(examples / "pump.json"), "-o", str(path)).returncode == 0
    manual = f"Nameplate/OperatingManual={examples / 'manual.txt'}"
    assert nacre("set", str(path), "--file", manual).returncode == 0
    return path


def recorded_twin(ledger: Ledger, writer: SignerKey, pump: Path) -> twins.Twin:
    import os

    from msgspec.structs import replace

    from nacre_ledger import event

    twin, data, salt = twins.read(str(pump)), pump.read_bytes(), os.urandom(32)
    attached = event.attachment(pump.name, data)
    made = replace(draft(), twin=twins.change(None, twin, salt), attachments=(attached,))
    ledger.record([made], writer, {attached.sha256: data}, {made.event_id: salt})
    ledger.checkpoint(keys.load(ORIGIN))
    return twin


def test_one_element_of_a_twin_is_shown(ledger: Ledger, writer: SignerKey, pump: Path) -> None:
    twin = recorded_twin(ledger, writer, pump)
    salt = ledger.entry(0).salt
    assert salt is not None
    shown = twins.disclose(twin, "Nameplate/SerialNumber", salt)
    data = evidence.make(ledger, [0], fields=["twin.keyed"], element=shown).dumps()
    known = trusting(ledger, writer)
    verdict = evidence.verify(evidence.loads(data), known, Location("x.json"))
    assert not verdict.findings
    element = verdict.shown[0].element
    assert element is not None
    assert json.loads(element.content)["value"] == "4711"
    assert b"RatedSpeed" not in data
    assert twin.digest.encode() not in data  # which would let others try values out
    assert element.path.endswith("/nameplate/SerialNumber")
    document = json.loads(data)
    for path in _places(document["entries"][0]["element"]):
        changed = json.loads(data)
        owner = changed["entries"][0]["element"]
        for step in path[:-1]:
            owner = owner[step]
        if owner[path[-1]] is None:
            continue
        owner[path[-1]] = _changed(owner[path[-1]])
        assert codes(json.dumps(changed).encode(), known), path


def test_a_package_with_evidence_is_still_a_package(
    ledger: Ledger, writer: SignerKey, pump: Path, tmp_path: Path
) -> None:
    from aas_test_engines import file
    from basyx.aas.adapter.aasx import AASXReader, DictSupplementaryFileContainer
    from basyx.aas.model import DictIdentifiableStore

    twin = recorded_twin(ledger, writer, pump)
    data = twins.embed(pump.read_bytes(), evidence.make(ledger, [0]).dumps(), "pump.aasx")
    path = tmp_path / "with.aasx"
    path.write_bytes(data)
    before = [each.code for each in files.validate("pump.aasx", data=pump.read_bytes()).findings]
    assert [each.code for each in files.validate("with.aasx", data=data).findings] == before
    again, carried = twins.evidence_of(data, path.name)
    assert again.digest == twin.digest
    assert evidence.loads(carried) == evidence.make(ledger, [0])
    assert twins.embed(data, carried, "with.aasx") == data
    for package in (pump, path):
        with package.open("rb") as stream:
            opened: Any = stream
            assert file.check_aasx_file(opened, version="3.0").ok()
    store: Any = DictIdentifiableStore()
    supplements: Any = DictSupplementaryFileContainer
    with AASXReader(str(path)) as reader:
        reader.read_into(store, supplements())
    assert len(list(store)) > 0
    assert jsonization.dumps(again.content) == jsonization.dumps(twin.content)


def test_a_trust_file_is_read_and_a_wrong_one_refused(
    filled: Ledger, writer: SignerKey, tmp_path: Path
) -> None:
    path = tmp_path / "trust.toml"
    path.write_text(
        f'trust = 1\n[log]\norigin = "{ORIGIN}"\nkeys = ["{filled.settings.key}"]\n'
        f'[[writer]]\nkey = "{writer.verifier}"\nvalid-from = 2024-01-01\n',
        "utf-8",
    )
    assert not codes(evidence.make(filled, [3]).dumps(), trust.read(path))
    for wrong in (
        "",
        "trust = 2",
        "trust = 1\n[log]\norigin = 'a'\nkeys = ['b']",
        "\0",
        "trust = 1\nx = 1",
    ):
        path.write_text(wrong, "utf-8")
        with pytest.raises(EventError):
            trust.read(path)


def test_an_id_that_looks_like_a_position_is_no_other_entry(
    ledger: Ledger, writer: SignerKey
) -> None:
    ledger.record([draft(eventId="1"), draft(note="x")], writer)
    ledger.checkpoint(keys.load(ORIGIN))
    whole, part = (evidence.make(ledger, [0]), evidence.make(ledger, [1], fields=["note"]))
    both = replace(whole, entries=(*whole.entries, *part.entries))
    assert codes(both.dumps(), trusting(ledger, writer)) == []
    again = replace(both.entries[0], position=1)
    doubled = replace(whole, entries=(*whole.entries, again))
    assert "LED-027" in codes(doubled.dumps(), trusting(ledger, writer))


def test_a_file_without_parts_is_known_by_the_root_that_events_named_first() -> None:
    old, new = (
        twins.of_bytes(b'{"submodels":[{"modelType":"Submodel","id":"urn:%b"}]}' % name, "a.json")
        for name in (b"old", b"new")
    )
    former = digest(old.content).root.hex()
    assert former != old.digest
    assert old.has_root(former)
    assert old.has_root(old.digest)
    assert not new.has_root(former)
    for known in (former, old.digest):
        assert twins.change(old, new, bytes(32), known).before == known
    assert twins.change(old, new, bytes(32), new.digest).before == old.digest
