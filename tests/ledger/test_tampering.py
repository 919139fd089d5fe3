"""The tamper catalogue: every way to change history that we could think of is found and named.

Each change is made behind the log's back, in SQLite and in PostgreSQL.
"""

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from ledgers import ASSET, ORIGIN, draft, forge
from msgspec.structs import replace

from conftest import is_thorough
from nacre_aas.findings import Location
from nacre_ledger import audit, erasure, event, history, keys, rules, trust, verification
from nacre_ledger.checkpoint import Checkpoint
from nacre_ledger.commitment import batch_message, commitment, field_root
from nacre_ledger.errors import EventError, StoreError
from nacre_ledger.log import Ledger
from nacre_ledger.merkle import Tree, leaf_hash
from nacre_ledger.note import Note, SignerKey
from nacre_ledger.proofs import evidence
from nacre_ledger.store import DuplicateError, Store, is_url
from nacre_ledger.tiles import extended
from nacre_ledger.verification import Verdict

Change = Callable[[Store], object]


@pytest.fixture
def ledger(either_store: Ledger) -> Ledger:
    """An empty ledger in either store."""
    return either_store


def flipped(data: bytes, at: int = 0) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def _nothing(_level: int, _number: int) -> bytes:
    return b""


def tampered(ledger: Ledger, change: Change, seen: Note | None = None) -> Verdict:
    """The verdict about a log after somebody changed its database."""
    change(ledger.store)
    with Ledger(ledger.place) as opened:
        return verification.verify(opened, seen=seen)


def said(verdict: Verdict) -> dict[str, str]:
    return {each.code: each.message for each in verdict.findings}


def blob(store: Store, sql: str, *values: object) -> bytes:
    return bytes(store.execute(sql, *values)[0][0])


@pytest.mark.parametrize("column", ["body", "salt"])
@pytest.mark.parametrize("position", [0, 199, 200, 431, 599])
def test_a_flipped_bit_in_an_entry(filled: Ledger, column: str, position: int) -> None:
    def change(store: Store) -> None:
        old = blob(store, f"SELECT {column} FROM event WHERE position = ?", position)
        new = flipped(old, len(old) // 2)
        store.execute(f"UPDATE event SET {column} = ? WHERE position = ?", new, position)

    found = said(tampered(filled, change))
    assert f"entry {position} " in found["LED-001"]
    good = position // 200 * 200
    assert f"checkpoint of {good} entries" in found["LED-001"] or (
        good == 0 and "no checkpoint before it" in found["LED-001"]
    )


def test_a_lost_salt(filled: Ledger) -> None:
    def change(store: Store) -> None:
        store.execute("UPDATE event SET salt = ? WHERE position = 7", b"")

    assert "entry 7 " in said(tampered(filled, change))["LED-001"]


def test_a_flipped_leaf(filled: Ledger) -> None:
    def change(store: Store) -> None:
        tile = blob(store, "SELECT hashes FROM tile WHERE level = 0 AND number = 1")
        store.execute(
            "UPDATE tile SET hashes = ? WHERE level = 0 AND number = 1", flipped(tile, 32 * 5)
        )

    found = said(tampered(filled, change))
    assert "entry 261 " in found["LED-001"]
    assert "entries 200 to 399" in found["LED-003"]
    assert "LED-004" in found
    assert "LED-002" in found


def test_a_flipped_node(filled: Ledger) -> None:
    def change(store: Store) -> None:
        tile = blob(store, "SELECT hashes FROM tile WHERE level = 1")
        store.execute("UPDATE tile SET hashes = ? WHERE level = 1", flipped(tile, 40))

    found = said(tampered(filled, change))
    assert "entries 256 to 511" in found["LED-002"]


@pytest.mark.parametrize("number", [0, 2])
def test_a_missing_tile(filled: Ledger, number: int) -> None:
    def change(store: Store) -> None:
        store.execute("DELETE FROM tile WHERE level = 0 AND number = ?", number)

    found = said(tampered(filled, change))
    assert f"tile 0/{number}" in found["LED-002"] or "the tree has 512 leaves" in found["LED-002"]


def test_a_changed_checkpoint(filled: Ledger) -> None:
    def change(store: Store) -> None:
        store.execute("UPDATE checkpoint SET note = replace(note, '400', '401') WHERE size = 400")

    assert "401" in said(tampered(filled, change))["LED-005"]


def test_a_flipped_signature_of_a_writer(filled: Ledger) -> None:
    def change(store: Store) -> None:
        old = blob(store, "SELECT signature FROM batch WHERE first = 200")
        store.execute("UPDATE batch SET signature = ? WHERE first = 200", flipped(old))

    assert "entries 200 to 399" in said(tampered(filled, change))["LED-003"]


def test_a_deleted_entry(filled: Ledger) -> None:
    found = said(
        tampered(filled, lambda store: store.execute("DELETE FROM event WHERE position = 300"))
    )
    assert "entry 300 is missing" in found["LED-006"]


def test_a_deletion_dressed_up_as_an_erasure(filled: Ledger) -> None:
    def change(store: Store) -> None:
        store.execute("DELETE FROM event WHERE position = 300")
        store.execute("INSERT INTO erased VALUES (300, ?)", b"\0")

    assert "no erasure in the log says so" in said(tampered(filled, change))["LED-006"]


@pytest.mark.parametrize("count", [1, 80])
def test_an_entry_dressed_up_as_an_erasure_is_seen_beside_answers(
    filled: Ledger, count: int
) -> None:
    gone = range(300, 300 + count)
    body = msgspec.json.decode(blob(filled.store, "SELECT body FROM event WHERE position = 9"))
    body |= {"activity": "erasure", "erases": [{"position": n, "reason": "r"} for n in gone]}
    filled.store.execute(
        "UPDATE event SET activity = 'erasure', body = ? WHERE position = 9",
        msgspec.json.encode(body, order="sorted"),
    )
    for position in gone:
        for table in ("event", "mention"):
            filled.store.execute(f"DELETE FROM {table} WHERE position = ?", position)
        digest = position.to_bytes(32, "big")
        filled.store.execute("INSERT INTO erased VALUES (?, ?)", position, digest)
    with verification.WatchedLedger(filled.place) as watched:
        assert watched.entry(0).body
        assert "entry 9 " in {each.code: each.message for each in watched.findings()}["LED-001"]


@pytest.mark.parametrize("position", [-1, -(1 << 40), 600, 1 << 40])
def test_an_inserted_entry_anywhere(filled: Ledger, position: int) -> None:
    def change(store: Store) -> None:
        store.execute(
            "INSERT INTO event SELECT ?, 'x', asset, activity, agent, happened, recorded, salt,"
            " field_root, body FROM event WHERE position = 0",
            position,
        )

    assert f"entry {position} stands in no batch" in said(tampered(filled, change))["LED-003"]
    with Ledger(filled.place) as opened:
        codes = {each.code for each in audit.audit(opened, ASSET).findings}
    assert "LED-001" in codes


def test_two_entries_in_another_order(filled: Ledger) -> None:
    def change(store: Store) -> None:
        for old, new in ((10, 9_000), (11, 10), (9_000, 11)):
            store.execute("UPDATE event SET position = ? WHERE position = ?", new, old)

    verdict = tampered(filled, change)
    assert {each.location.element for each in verdict.findings if each.code == "LED-001"} == {
        ("entry 10",),
        ("entry 11",),
    }


def test_a_truncated_log(filled: Ledger) -> None:
    def change(store: Store) -> None:
        store.execute("DELETE FROM event WHERE position >= 400")
        store.execute("DELETE FROM batch WHERE first >= 400")

    found = said(tampered(filled, change))
    assert "checkpoint of 600 entries is signed, but the log has 400" in found["LED-004"]


def test_an_old_backup_is_found_by_one_who_kept_a_later_checkpoint(filled: Ledger) -> None:
    """A log of 600 entries as it was with 400 of them."""
    seen = filled.checkpoint_note()

    def rewind(store: Store) -> None:
        store.execute("DELETE FROM event WHERE position >= 400")
        store.execute("DELETE FROM batch WHERE first >= 400")
        store.execute("DELETE FROM checkpoint WHERE size > 400")
        _plant(store, _leaves(store)[: 400 * 32])

    assert not tampered(filled, rewind).findings  # the file alone cannot know
    with Ledger(filled.place) as old:
        assert "LED-004" in said(verification.verify(old, seen=seen))


def _leaves(store: Store) -> bytes:
    rows = store.execute("SELECT hashes FROM tile WHERE level = 0 ORDER BY number")
    return b"".join(bytes(row[0]) for row in rows)


def _plant(store: Store, leaves: bytes) -> None:
    """Another tree instead of the one that is there."""
    store.execute("DELETE FROM tile")
    store.insert("tile", [(*key, hashes) for key, hashes in extended(0, leaves, _nothing).items()])


def test_a_history_that_was_signed_again(filled: Ledger, writer: SignerKey) -> None:
    """The operator changes an entry and makes everything fit again, with all keys at hand."""
    seen = filled.checkpoint_note(400)

    def change(store: Store) -> None:
        body = blob(store, "SELECT body FROM event WHERE position = 100")
        changed = event.canonical(event.stored(body.replace(b'"note":"0-100"', b'"note":"0-xyz"')))
        store.execute("UPDATE event SET body = ?, field_root = NULL WHERE position = 100", changed)
        rows = store.execute("SELECT salt, field_root, body FROM event ORDER BY position")
        leaves = [leaf_hash(commitment(salt, text, root)) for salt, root, text in rows]
        _plant(store, b"".join(leaves))
        for first in (0, 200, 400):
            root = Tree(b"".join(leaves[first : first + 200])).root()
            signature = writer.sign(batch_message(ORIGIN, writer.verifier, 200, root))
            store.execute("UPDATE batch SET signature = ? WHERE first = ?", signature, first)
        key = keys.load(ORIGIN)
        for size in (200, 400, 600):
            head = Checkpoint(ORIGIN, size, Tree(b"".join(leaves[:size])).root())
            store.execute(
                "UPDATE checkpoint SET note = ? WHERE size = ?", str(head.signed(key)), size
            )

    verdict = tampered(filled, change, seen)
    told = [each.message for each in verdict.findings if each.code == "LED-004"]
    # Later entries name the checkpoint that was known when they were recorded; so does a visitor.
    assert any("entry 200 names root" in each for each in told)
    assert any("you kept names root" in each for each in told)


def test_an_index_that_hides_an_entry(filled: Ledger) -> None:
    found = said(
        tampered(
            filled, lambda store: store.execute("UPDATE event SET asset = 'x' WHERE position = 5")
        )
    )
    assert "entry 5 " in found["LED-007"]


def test_a_mention_that_was_removed(ledger: Ledger, writer: SignerKey) -> None:
    ledger.record([draft(installed=[{"asset": "urn:part:1"}])], writer)
    assert (
        "entry 0 "
        in said(tampered(ledger, lambda store: store.execute("DELETE FROM mention")))["LED-007"]
    )


def test_a_clock_that_was_set_back(
    ledger: Ledger, writer: SignerKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log never goes back behind its last entry; an entry that says so was not written by it."""
    ledger.record([draft()], writer)
    past = event.now() - 3_600_000_000
    monkeypatch.setattr(event, "now", lambda: past)
    (second,) = ledger.record([draft()], writer)
    assert verification.verify(ledger).findings == []
    assert second.event.recorded == ledger.entry(0).event.recorded
    forge(ledger, writer, draft(), recorded="2020-01-01T00:00:00.000Z")
    found = said(verification.verify(ledger))
    assert "entry 2 was recorded at 2020-01-01" in found["LED-017"]
    assert rules.CLOCK in rules.EVIDENCE
    assert "LED-017" in {each.code for each in audit.audit(ledger, ASSET).findings}


def test_an_entry_that_knows_less_than_the_one_before_it(ledger: Ledger, writer: SignerKey) -> None:
    ledger.record([draft()], writer)
    ledger.checkpoint(keys.load(ORIGIN))
    ledger.record([draft()], writer)
    forge(ledger, writer, draft(), previous=None)
    assert "entry 2 names no checkpoint" in said(verification.verify(ledger))["LED-017"]


def known_until_2026(expired: SignerKey, *others: SignerKey) -> trust.Trust:
    """Trust in the log and some keys, one of which ended with the year before."""
    end = dt.date(2026, 1, 1)
    return trust.Trust(
        1,
        trust.Log(ORIGIN, (str(keys.load(ORIGIN).verifier),)),
        (
            trust.Writer(str(expired.verifier), valid_until=end),
            *(trust.Writer(str(each.verifier)) for each in others),
        ),
    )


def test_an_expired_key_gains_nothing_by_an_old_time(ledger: Ledger, writer: SignerKey) -> None:
    """Its right is judged by the time of what stands before it in the log."""
    other = keys.create("other")
    ledger.record([draft()], writer)
    forge(ledger, other, draft(), recorded="2025-12-31T00:00:00Z")
    known = known_until_2026(other, writer)
    reason = "the key was valid until 2026-01-01"
    assert reason in said(verification.verify(ledger, known))["LED-011"]
    assert [each.said for each in audit.by_key(ledger, "other", known)] == [reason]
    assert [each.said for each in audit.by_key(ledger, writer.name, known)] == ["held the right"]
    whole = audit.audit(ledger, ASSET, known)
    assert [each.trusted for each in whole.entries] == [True, False]
    assert len([each for each in whole.findings if each.code == "LED-011"]) == 1
    quick = audit.audit(ledger, ASSET, known, quick=True)
    assert any("its entry's own time" in each for each in quick.statements)


def test_an_old_time_stands_behind_a_later_one_of_the_same_key(
    ledger: Ledger, writer: SignerKey
) -> None:
    """Whose entries a question is about does not change which times stand before them."""
    other = keys.create("other")
    forge(ledger, other, draft(), recorded="2025-12-30T00:00:00Z")
    forge(ledger, writer, draft(), recorded="2026-02-01T00:00:00Z")
    forge(ledger, other, draft(), recorded="2025-12-31T00:00:00Z")
    answers = [each.said for each in audit.by_key(ledger, "other", known_until_2026(other))]
    assert answers == ["held the right", "the key was valid until 2026-01-01"]


def test_a_writer_who_signs_two_contents_in_one_entry(ledger: Ledger, writer: SignerKey) -> None:
    """The fields under the field root, and the spelling of the bytes, are those of the event."""
    honest = draft(note="crack found")
    lie = field_root(draft(note="all good"), b"s" * 32)
    forge(ledger, writer, honest, field_root=lie)
    spaced = msgspec.json.format(event.canonical(replace(draft(), recorded=event.utc(event.now()))))
    forge(ledger, writer, draft(eventId="x"), body=spaced)
    ledger.checkpoint(keys.load(ORIGIN))
    found = [each for each in verification.verify(ledger).findings if each.code == "LED-027"]
    assert [each.location.element for each in found] == [("entry 0",), ("entry 1",)]
    assert "LED-027" in {each.code for each in audit.audit(ledger, ASSET).findings}
    shown = evidence.loads(evidence.make(ledger, [0]).dumps())
    codes = [each.code for each in evidence.verify(shown, None, Location("x")).findings]
    assert "LED-027" in codes


def test_evidence_that_shows_an_event_and_fields_beside_it(
    ledger: Ledger, writer: SignerKey
) -> None:
    ledger.record([draft(note="x")], writer)
    ledger.checkpoint(keys.load(ORIGIN))
    document = msgspec.json.decode(evidence.make(ledger, [0]).dumps())
    field = msgspec.json.decode(evidence.make(ledger, [0], fields=["note"]).dumps())
    document["entries"][0]["fields"] = field["entries"][0]["fields"]
    shown = evidence.loads(msgspec.json.encode(document))
    codes = [each.code for each in evidence.verify(shown, None, Location("x")).findings]
    assert "LED-010" in codes


def test_an_id_that_stands_twice(ledger: Ledger, writer: SignerKey) -> None:
    ledger.record([draft(eventId="one", activity="repair")], writer)
    if is_url(ledger.place):
        ledger.store.execute("ALTER TABLE event DROP CONSTRAINT event_event_id_key")
    else:
        columns = ledger.store.execute("SELECT sql FROM sqlite_master WHERE name = 'event'")[0][0]
        plain = columns.replace("UNIQUE", "").replace("TABLE event", "TABLE other")
        for sql in (plain, "INSERT INTO other SELECT * FROM event", "DROP TABLE event"):
            ledger.store.execute(sql)
        ledger.store.execute("ALTER TABLE other RENAME TO event")
    forge(ledger, writer, draft(eventId="one", activity="observation"))
    assert "entry 1 has the id of entry 0" in said(verification.verify(ledger))["LED-027"]
    told = [each.event.activity for each in history.read(ledger.of_asset(ASSET))]
    assert told == ["repair", "observation"]


def test_an_erasure_of_what_is_not_there_stops_no_other(ledger: Ledger, writer: SignerKey) -> None:
    ledger.record([draft()], writer)
    erases = tuple(event.Erasure(position=each, reason="x") for each in (10**30, -1))
    nonsense = draft(asset=erasure.ERASED_ASSET)
    forge(
        ledger,
        writer,
        replace(
            nonsense,
            activity=event.Activity.ERASURE,
            erases=erases,
        ),
    )
    assert {each.code for each in verification.verify(ledger).findings} == {"LED-025"}
    erasure.erase(ledger, [0], "asked", "agent", writer)
    assert ledger.entry(0).body is None


def test_the_time_of_a_checkpoint_lies_between_its_entries(
    ledger: Ledger, writer: SignerKey
) -> None:
    for _ in range(2):
        ledger.record([draft()], writer)
        ledger.checkpoint(keys.load(ORIGIN))
    assert verification.verify(ledger).findings == []
    for change in ("recorded - 86400000000", "recorded + 86400000000"):
        kept = ledger.store.execute("SELECT recorded FROM checkpoint WHERE size = 1")[0][0]
        ledger.store.execute(f"UPDATE checkpoint SET recorded = {change} WHERE size = 1")
        assert "checkpoint of 1 entries" in said(verification.verify(ledger))["LED-007"]
        ledger.store.execute("UPDATE checkpoint SET recorded = ? WHERE size = 1", kept)


def test_a_trust_file_vouches_for_no_log_without_a_checkpoint(
    ledger: Ledger, writer: SignerKey, tmp_path: Path
) -> None:
    ledger.record([draft()], writer)
    own, other = keys.load(ORIGIN).verifier, keys.create("other.example/log").verifier
    for origin, key, expected in (
        (ORIGIN, own, {"LED-014"}),
        (ORIGIN, other, {"LED-005", "LED-014"}),
        ("other.example/log", other, {"LED-005", "LED-014"}),
    ):
        path = tmp_path / "trust.toml"
        writers = f'[[writer]]\nkey = "{writer.verifier}"\n'
        path.write_text(f'trust = 1\n[log]\norigin = "{origin}"\nkeys = ["{key}"]\n{writers}')
        trusted = trust.read(path)
        found = {each.code for each in verification.verify(ledger, trusted).findings}
        assert found == expected
        codes = {each.code for each in audit.audit(ledger, ASSET, trusted).findings}
        assert expected <= codes


def test_a_swapped_attachment(ledger: Ledger, writer: SignerKey) -> None:
    from hashlib import sha256

    digest = sha256(b"a").hexdigest()
    attached = [{"name": "a", "sha256": digest, "size": 1}]
    ledger.record([draft(attachments=attached)], writer, {digest: b"a"})
    found = said(
        tampered(ledger, lambda store: store.execute("UPDATE attachment SET content = ?", b"b"))
    )
    assert "entry 0 " in found["LED-012"]


def test_a_log_that_names_another_key(filled: Ledger) -> None:
    own, other = filled.settings.key, str(keys.create("other.example/log").verifier)
    if is_url(filled.place):
        settings = filled.store.setting("settings") or ""
        filled.store.set("settings", settings.replace(own, other))
    else:
        path = filled.folder / "ledger.toml"
        path.write_text(path.read_text("utf-8").replace(own, other), "utf-8")
    with Ledger(filled.place) as opened:
        assert "LED-005" in said(verification.verify(opened))


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM event WHERE position = 300",
        "UPDATE event SET asset = 'urn:other' WHERE position = 300",
        "UPDATE event SET activity = 'repair', happened = 0 WHERE position = 300",
        "UPDATE batch SET count = 1000000000000 WHERE first = 400",
        "UPDATE batch SET count = -5 WHERE first = 400",
        "UPDATE batch SET writer = 'nobody' WHERE first = 200",
        "DELETE FROM batch WHERE first = 200",
        "UPDATE tile SET hashes = 'text' WHERE level = 0 AND number = 1",
        "UPDATE tile SET hashes = substr(hashes, 1, 40) WHERE level = 1",
        "DELETE FROM tile WHERE level = 1",
        "UPDATE checkpoint SET size = 601 WHERE size = 600",
        "INSERT INTO checkpoint SELECT 1000, recorded, note FROM checkpoint WHERE size = 600",
        "INSERT INTO attachment VALUES (3, 'x', 'y')",
        "INSERT INTO attachment VALUES (30000, 'x', 'y')",
        "INSERT INTO mention VALUES ('urn:x', 30000, 'inputs')",
    ],
)
def test_every_change_breaks_the_audit_of_an_asset(filled: Ledger, change: str) -> None:
    """An auditor asks about one asset only; nothing may be hidden from this question either."""
    filled.store.execute(change)
    with Ledger(filled.place) as opened:
        broken = {each.code for each in rules.EVIDENCE}
        found = [each.code for each in verification.verify(opened).findings if each.code in broken]
        assert found
        assert broken & {each.code for each in audit.audit(opened, ASSET).findings}


#: What no proof covers: when a checkpoint was signed by the log's clock, and the way to the chain.
UNCOVERED = {
    ("checkpoint", "recorded"),
    *(
        ("anchor", name)
        for name in ("sequence", "transaction_hash", "raw", "state", "block", "block_hash")
    ),
}
KEYS = {
    "event": "position",
    "batch": "first",
    "tile": "number",
    "checkpoint": "size",
    "anchor": "size",
}
JUNK = ("'junk'", "-7", "x'ff'", "1e300", "9223372036854775807", "''")


def test_junk_in_any_column_is_found_and_ends_no_check(filled: Ledger) -> None:
    """Every column of every table but the settings, with values that no log writes."""
    zero = b"\0"
    anchor = (600, filled.root(), 1, zero, zero, "final", 1, zero)
    filled.store.insert("anchor", [anchor])
    broken = {each.code for each in rules.EVIDENCE}
    for table, key in KEYS.items():
        rows = filled.store.execute(f"SELECT * FROM {table}")
        for column in _columns(filled, table):
            several = len(JUNK) if is_thorough() else 2
            for junk in random.Random(f"{table}.{column}").sample(JUNK, several):
                last = f"SELECT MAX({key}) FROM {table}"
                try:
                    filled.store.execute(
                        f"UPDATE {table} SET {column} = {junk} WHERE {key} = ({last})"
                    )
                except (StoreError, DuplicateError):
                    continue  # the database itself refuses it
                with Ledger(filled.place) as opened:
                    verdicts = [
                        verification.verify(opened).findings,
                        audit.audit(opened, ASSET).findings,
                    ]
                found = [bool(broken & {each.code for each in findings}) for findings in verdicts]
                if (table, column) not in UNCOVERED:
                    assert found == [True, True], (table, column, junk)
                with filled.store.transaction():
                    filled.store.execute(f"DELETE FROM {table}")
                    filled.store.insert(table, rows)
    assert not verification.verify(filled).findings


def _columns(ledger: Ledger, table: str) -> list[str]:
    rows = ledger.store.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = ?"
        if is_url(ledger.place)
        else "SELECT name FROM pragma_table_info(?)",
        table,
    )
    return [name for (name,) in rows]


@pytest.mark.parametrize("time", ["junk", "2026-13-45T99:99:99Z", ""])
@pytest.mark.parametrize("field", ["happened", "recorded"])
def test_a_log_whose_writer_signed_a_time_that_is_none(
    ledger: Ledger, writer: SignerKey, monkeypatch: pytest.MonkeyPatch, field: str, time: str
) -> None:
    """No answer ends in an exception, and none calls the entry an event."""
    canonical = event.canonical
    with monkeypatch.context() as patched:
        patched.setattr(
            event, "canonical", lambda record: canonical(replace(record, **{field: time}))
        )
        ledger.record([draft(note="x")], writer)
    assert [each.code for each in verification.verify(ledger).findings] == ["LED-001"]
    with pytest.raises(EventError):
        _ = ledger.entry(0).event
    for quick in (False, True):
        found = audit.audit(ledger, ASSET, quick=quick)
        assert "LED-001" in {each.code for each in found.findings}


def test_a_checkpoint_that_entries_knew_is_missed(ledger: Ledger, writer: SignerKey) -> None:
    """Without it nobody sees what was backdated behind it."""
    signer = keys.load(ORIGIN)
    for number in range(2):
        ledger.record([draft(eventId=f"e{number}")], writer)
        ledger.checkpoint(signer)
    known = {each.code for each in tampered(ledger, lambda _: None).findings}
    assert "LED-033" not in known
    found = said(tampered(ledger, lambda s: s.execute("DELETE FROM checkpoint WHERE size = 1")))
    assert "entry 1 knew a checkpoint of 1 entries" in found["LED-033"]
    with verification.WatchedLedger(ledger.place) as watched:
        list(audit.late(watched))
        assert "LED-033" in {each.code for each in watched.findings()}


def test_the_time_of_a_checkpoint_counts_in_answers_too(ledger: Ledger, writer: SignerKey) -> None:
    ledger.record([draft(eventId="e0")], writer)
    ledger.checkpoint(keys.load(ORIGIN))
    ledger.record([draft(eventId="e1")], writer)
    ledger.store.execute("UPDATE checkpoint SET recorded = 0")
    with verification.WatchedLedger(ledger.place) as watched:
        list(audit.late(watched))
        assert {each.code for each in watched.findings()} == {"LED-007"}
    assert len([e for e in verification.verify(ledger).findings if e.code == "LED-007"]) == 1


def test_files_whose_content_is_gone_are_counted(ledger: Ledger, writer: SignerKey) -> None:
    attached = event.attachment("f1.txt", b"content")
    made = replace(draft(eventId="e0"), attachments=(attached,))
    ledger.record([made], writer, {attached.sha256: b"content"})
    assert not list(verification.uncovered(verification.verify(ledger)))[1:]
    ledger.store.execute("DELETE FROM attachment")
    statements = list(verification.uncovered(verification.verify(ledger)))
    assert (
        "1 file not held here, of which the log has the digest: `f1.txt` of entry 0" in statements
    )
