"""The log: recording is durable and safe to repeat, and what was recorded can be proved."""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from ledgers import ASSET, ORIGIN, draft, forge

from nacre_aas.findings import Severity
from nacre_ledger import (
    audit,
    checkpoint,
    erasure,
    history,
    keys,
    log,
    merkle,
    note,
    verification,
)
from nacre_ledger.errors import EventError, LedgerError, StoreError
from nacre_ledger.event import Event
from nacre_ledger.log import Ledger
from nacre_ledger.note import SignerKey


@pytest.fixture
def ledger(either_store: Ledger) -> Ledger:
    """An empty ledger in either store."""
    return either_store


def test_a_full_log_is_found_whole(filled: Ledger) -> None:
    verdict = verification.verify(filled)
    assert not verdict.findings
    assert (verdict.entries, verdict.batches, verdict.checkpoints) == (600, 3, 3)
    assert verdict.root == filled.root()


def test_the_same_event_twice_is_recorded_once(ledger: Ledger, writer: SignerKey) -> None:
    first, second = draft(eventId="e-1"), draft(eventId="e-2")
    assert [each.already for each in ledger.record([first], writer)] == [False]
    again = ledger.record([second, first, second], writer)
    assert [(each.position, each.already) for each in again] == [(1, False), (0, True), (1, True)]
    assert ledger.size() == 2
    assert not verification.verify(ledger).findings


def test_another_event_of_the_same_id_is_refused(ledger: Ledger, writer: SignerKey) -> None:
    ledger.record([draft(eventId="e-1", note="a")], writer)
    with pytest.raises(LedgerError, match="entry 0, which says something else"):
        ledger.record([draft(eventId="e-2"), draft(eventId="e-1", note="b")], writer)
    with pytest.raises(LedgerError, match="two events of the request"):
        ledger.record([draft(eventId="e-3", note="a"), draft(eventId="e-3", note="b")], writer)
    assert ledger.size() == 1


def test_every_event_names_the_checkpoint_before_it(filled: Ledger) -> None:
    head = filled.entry(400).event.previous
    assert head is not None
    assert head.size == 400
    assert head.root == filled.root(400).hex()
    assert filled.entry(0).event.previous is None


def test_a_checkpoint_is_signed_by_the_log_and_consistent_with_the_next(filled: Ledger) -> None:
    notes = [filled.checkpoint_note(size) for size in (200, 400, 600)]
    heads = [checkpoint.parse(each.text) for each in notes if each is not None]
    assert [each.size for each in heads] == [200, 400, 600]
    key = filled.settings.log_key
    assert all(each is not None and checkpoint.is_signed_by(each, key) for each in notes)
    path = merkle.consistency_proof(200, 600, filled.tiles().node)
    assert merkle.verify_consistency(200, 600, heads[0].root, heads[2].root, path)


def test_a_checkpoint_without_new_entries_is_the_same_note(filled: Ledger) -> None:
    assert filled.checkpoint(keys.load(ORIGIN)) == filled.checkpoint_note()


def test_a_private_key_that_others_can_read_is_refused(writer: SignerKey, key_folder: Path) -> None:
    (path,) = key_folder.glob("tech-07.key")
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.load("tech-07").verifier == writer.verifier
    path.chmod(0o644)
    with pytest.raises(StoreError, match="can be read by others"):
        keys.load("tech-07")


# -- erasure ---------------------------------------------------------------------------------------


def test_what_is_erased_is_nowhere_and_every_other_proof_holds(
    ledger: Ledger, writer: SignerKey
) -> None:
    secret, person, file = "a very private remark", "Person-0815", b"%PDF private content"
    attached = [{"name": "p.pdf", "sha256": _sha(file), "size": len(file)}]
    event = draft(
        note=secret,
        agent=person,
        attachments=attached,
        installed=[{"asset": "urn:part:private-part"}],
        hashes=["ni:///sha-256;private-hash"],
    )
    ledger.record([draft(), event, draft()], writer, {_sha(file): file})
    salt = ledger.entry(1).salt
    head = ledger.checkpoint(keys.load(ORIGIN))
    erasure.erase(ledger, [1], "request of the data subject", "dpo", writer)
    assert salt is not None
    files = _files(ledger)
    assert event.event_id.encode() not in ledger.entry(3).body  # type: ignore[operator]
    stored = b"".join(path.read_bytes() for path in files)
    assert b"request of the data subject" in stored  # or we would look in the wrong place
    for piece in (secret, person, "private-part", "private-hash", event.event_id):
        assert piece.encode() not in stored
    assert file not in stored
    assert salt not in stored
    assert not verification.verify(ledger, seen=head).findings
    assert ledger.entry(1).body is None
    assert ledger.root(3) == checkpoint.parse(head.text).root
    assert ledger.entry(3).event.erases[0].reason == "request of the data subject"


def _files(ledger: Ledger) -> list[Path]:
    """Every file of the store: the database's folder, its write-ahead log included."""
    if ledger.settings.store == "log.sqlite":
        return list(ledger.folder.iterdir())
    ((folder,),) = ledger.store.execute("SHOW data_directory")
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def _sha(data: bytes) -> str:
    from hashlib import sha256

    return sha256(data).hexdigest()


def test_a_retry_does_not_bring_back_what_was_erased(ledger: Ledger, writer: SignerKey) -> None:
    event = draft(eventId="e-1", note="private")
    ledger.record([event], writer)
    erasure.erase(ledger, [0], "private", "dpo", writer)
    (again,) = ledger.record([event], writer)
    assert again.already
    assert again.position == 0
    assert ledger.size() == 2
    assert ledger.entry(0).body is None


def test_an_erasure_is_not_erased_and_nothing_twice(ledger: Ledger, writer: SignerKey) -> None:
    ledger.record([draft()], writer)
    erasure.erase(ledger, [0], "why", "dpo", writer)
    with pytest.raises(LedgerError, match="was erased before"):
        erasure.erase(ledger, [0], "why", "dpo", writer)
    with pytest.raises(LedgerError, match="is an erasure"):
        erasure.erase(ledger, [1], "why", "dpo", writer)


def test_an_erasure_that_was_killed_half_way_is_found(ledger: Ledger, writer: SignerKey) -> None:
    ledger.record([draft()], writer)
    from msgspec.structs import replace

    from nacre_ledger.event import Activity, Erasure

    event = replace(
        draft(asset=erasure.ERASED_ASSET),
        activity=Activity.ERASURE,
        erases=(Erasure(position=0, reason="why"),),
    )
    ledger.record([event], writer)
    assert erasure.unfinished(ledger) == [0]
    assert [each.code for each in verification.verify(ledger).findings] == ["LED-025"]
    assert erasure.erase(ledger, [0], "why", "dpo", writer).position == 1
    assert erasure.unfinished(ledger) == []
    assert not verification.verify(ledger).findings


def test_the_key_folder_is_where_the_environment_says(key_folder: Path, writer: SignerKey) -> None:
    assert keys.folder() == key_folder == Path(os.environ["NACRE_KEYS"])
    assert [str(each) for each in keys.known()] == [str(writer.verifier)]
    assert note.parse_verifier(str(writer.verifier)).fingerprint.startswith("SHA256:")


def recorded(ledger: Ledger, writer: SignerKey, **values: Any) -> None:
    ledger.record([draft(**values)], writer)


def told(ledger: Ledger, asset: str = ASSET) -> list[Event]:
    return [each.event for each in history.read(ledger.of_asset(asset))]


def test_only_a_correction_corrects_and_only_its_own_asset(
    ledger: Ledger, writer: SignerKey
) -> None:
    recorded(ledger, writer, eventId="end", activity="decommissioning")
    with pytest.raises(EventError, match="a correction, and nothing else"):
        draft(activity="observation", corrects="end")
    with pytest.raises(LedgerError, match="is an event of"):
        recorded(ledger, writer, activity="correction", corrects="end", asset="urn:other")
    for name in ("attests", "corrects"):
        more = {"attests": ["no"]} if name == "attests" else {"corrects": "no"}
        activity = "quality-check" if name == "attests" else "correction"
        with pytest.raises(LedgerError, match="no entry has the id"):
            recorded(ledger, writer, activity=activity, **more)
    # Forged ones change nothing either.
    late = draft(activity="observation", happened="2030-01-01T00:00:00Z")
    forge(ledger, writer, msgspec.structs.replace(late, corrects="end"))
    alien = draft(activity="correction", corrects="end", asset="urn:x", note="no end")
    forge(ledger, writer, alien)
    assert told(ledger)[0].happened == draft().happened
    assert history.state(history.read(ledger.of_asset(ASSET)), ASSET).ended is not None


def test_a_correction_of_a_correction_counts(ledger: Ledger, writer: SignerKey) -> None:
    recorded(ledger, writer, eventId="e", note="a")
    recorded(ledger, writer, eventId="c1", activity="correction", corrects="e", note="b")
    recorded(ledger, writer, eventId="c2", activity="correction", corrects="e", note="c")
    assert [each.note for each in told(ledger)] == ["c"]
    recorded(ledger, writer, eventId="c3", activity="correction", corrects="c2", note="d")
    assert [each.note for each in told(ledger)] == ["d"]


def test_a_corrected_hand_over_is_one_hand_over(ledger: Ledger, writer: SignerKey) -> None:
    recorded(ledger, writer, activity="custody-transfer", custody={"to": "acme"})
    second = {"from": "acme", "to": "betta"}
    recorded(ledger, writer, eventId="c", activity="custody-transfer", custody=second)
    fixed = {"from": "acme", "to": "beta"}
    recorded(ledger, writer, activity="correction", corrects="c", custody=fixed)
    links = history.custody(history.read(ledger.of_asset(ASSET)), ASSET)
    assert [(each.event.custody and each.event.custody.to, each.gap) for each in links] == [
        ("acme", None),
        ("beta", None),
    ]


def test_a_chain_of_custody_without_gaps_is_kept_whatever_time_an_event_is_given(
    tmp_path: Path, key_folder: Path
) -> None:
    assert not key_folder.exists()
    log.create(tmp_path / "l", ORIGIN)
    path = tmp_path / "l" / "ledger.toml"
    path.write_text(path.read_text("utf-8").replace('"any"', '"continuous"'), "utf-8")
    writer = keys.create("w")
    with Ledger(tmp_path / "l") as ledger:

        def hand_over(month: int, to: str, giver: str | None = None) -> None:
            custody = {"to": to} | ({"from": giver} if giver else {})
            happened = f"2026-{month:02}-01T00:00:00Z"
            event = draft(activity="custody-transfer", custody=custody, happened=happened)
            ledger.record([event], writer)

        hand_over(1, "acme")
        hand_over(11, "beta", "acme")
        with pytest.raises(LedgerError, match="would have a chain of custody with a gap"):
            hand_over(10, "gamma", "beta")
        assert audit.audit(ledger, ASSET).findings[-1].code == "LED-014"
        thief = draft(activity="custody-transfer", custody={"from": "thief", "to": "fence"})
        forge(ledger, writer, thief)
        found = {each.code: each for each in audit.audit(ledger, ASSET).findings}
        assert found["LED-029"].severity is Severity.ERROR


def test_a_trace_follows_events_as_they_were_corrected(ledger: Ledger, writer: SignerKey) -> None:
    melts = [{"asset": "urn:melt:1"}], [{"asset": "urn:melt:2"}]
    steel = {"asset": "urn:steel", "activity": "transformation", "outputs": [{"asset": "urn:bar"}]}
    recorded(ledger, writer, eventId="t", inputs=melts[0], **steel)
    fix = {"asset": "urn:steel", "activity": "correction", "corrects": "t", "inputs": melts[1]}
    recorded(ledger, writer, **fix)

    def traced(asset: str, *, upstream: bool) -> list[tuple[str, str]]:
        links = audit.trace(ledger, asset, upstream=upstream)
        return [(each.source, each.target) for each in links]

    assert traced("urn:bar", upstream=True) == [("urn:melt:2", "urn:bar")]
    assert traced("urn:melt:2", upstream=False) == [("urn:melt:2", "urn:bar")]
    assert traced("urn:melt:1", upstream=False) == []
