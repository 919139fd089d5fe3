"""A database that was made to answer wrongly: its indexes, its tables, the rows that nobody signs."""

import pytest
from ledgers import ASSET, ORIGIN, Run, codes, draft

from nacre_cli.exit_codes import ExitCode
from nacre_ledger import audit, event, keys, rules, verification
from nacre_ledger.log import Ledger
from nacre_ledger.note import SignerKey
from nacre_ledger.settings import Policy
from nacre_ledger.store import Store, is_url
from nacre_ledger.trust import Log, Trust, Writer


def hide(store: Store, index: str, condition: str) -> None:
    """Make an index that leaves rows out, and let the schema of SQLite say that it has all."""
    ((sql,),) = store.execute("SELECT sql FROM sqlite_master WHERE name = ?", index)
    store.execute(f"DROP INDEX {index}")
    store.execute(f"{sql} WHERE {condition}")
    store.execute("PRAGMA writable_schema = ON")
    store.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", sql, index)


def test_an_index_that_leaves_an_entry_out_hides_it_from_no_audit(
    ledger: Ledger, writer: SignerKey
) -> None:
    ledger.record([draft(note="the one"), draft(note="the other")], writer)
    ledger.checkpoint(keys.load(ORIGIN))
    hide(ledger.store, "event_of_asset", "position <> 1")
    with Ledger(ledger.place) as opened:
        assert len(opened.of_asset(ASSET)) == 1
        assert set(codes(verification.verify(opened).findings)) == {rules.INDEX_CHANGED.code}
        found = audit.audit(opened, ASSET)
        assert len(found.entries) == 2
        assert rules.INDEX_CHANGED.code in codes(found.findings)


def test_an_index_or_a_table_of_another_kind_is_named(
    either_store: Ledger, writer: SignerKey
) -> None:
    either_store.record([draft()], writer)
    assert not list(either_store.store.faults())
    if is_url(either_store.place):
        either_store.store.execute("DROP INDEX event_of_asset")
        either_store.store.execute(
            "CREATE INDEX event_of_asset ON event (asset) WHERE position > 0"
        )
    else:
        either_store.store.execute("CREATE TRIGGER late AFTER INSERT ON event BEGIN SELECT 1; END")
    (said,) = either_store.store.faults()
    assert "event_of_asset" in said or "late" in said


def test_the_right_to_a_correction_cannot_be_hidden_with_an_index(
    ledger: Ledger, writer: SignerKey
) -> None:
    ledger.record([draft(eventId="r", activity="repair")], writer)
    ledger.record([draft(activity="correction", corrects="r", note="x")], writer)
    ledger.checkpoint(keys.load(ORIGIN))
    ledger.store.execute("CREATE UNIQUE INDEX other ON event (event_id) WHERE position <> 0")
    assert rules.INDEX_CHANGED.code in codes(verification.verify(ledger).findings)


@pytest.mark.parametrize("spelling", [str.upper, lambda digits: f" {digits}"])
def test_one_key_is_not_two(ledger: Ledger, spelling: object) -> None:
    """Who attests his own work cannot do so by another spelling of his key, nor by another name."""
    writer = SignerKey("tech-07", bytes(range(32)))  # whose id has letters
    ledger.record([draft()], writer)
    name, digits, data = str(writer.verifier).split("+", 2)
    other = f"{name}+{spelling(digits)}+{data}"  # type: ignore[operator]
    assert other != str(writer.verifier)
    ledger.store.execute("UPDATE batch SET writer = ?", other)
    assert rules.BATCH_SIGNATURE.code in codes(verification.verify(ledger).findings)


def test_a_key_is_trusted_by_the_name_that_the_trust_file_gives_it(
    ledger: Ledger, writer: SignerKey
) -> None:
    boss = SignerKey("boss", writer._seed)
    ledger.record([draft(activity="repair", eventId="r")], writer)
    ledger.record([draft(activity="quality-check", agent="boss", attests=["r"])], boss)
    ledger.checkpoint(keys.load(ORIGIN))
    policy = Policy(attest=(event.Activity.REPAIR,))
    known = Trust(
        1, Log(ORIGIN, (ledger.settings.key,)), (Writer(str(writer.verifier)),), policy=policy
    )
    found = audit.audit(ledger, ASSET, known).findings
    assert {rules.WRITER.code, rules.NOT_ATTESTED.code} <= set(codes(found))
    assert "by the name `boss`, but by `tech-07`" in next(
        each.message for each in found if each.code == rules.WRITER.code
    )


def test_entries_under_no_checkpoint_are_counted(shop: Run) -> None:
    shop("ledger", "record", "--asset", ASSET, "--activity", "incident", "--key", "tech-07")
    for command in (("audit", ASSET), ("fsck",), ("verify",)):
        result = shop("ledger", *command, "--trust", "trust.toml")
        assert result.returncode == ExitCode.OK
        assert b"1 entry under no checkpoint: nobody vouches" in result.stdout


def test_a_checkpoint_of_the_future_is_none(ledger: Ledger, writer: SignerKey) -> None:
    ledger.record([draft()], writer)
    ledger.checkpoint(keys.load(ORIGIN))
    ledger.store.execute("UPDATE checkpoint SET recorded = ?", event.now() + 10**12)
    assert codes(verification.verify(ledger).findings) == [rules.INDEX_CHANGED.code]


def test_an_anchor_of_another_root_anchors_nothing(ledger: Ledger, writer: SignerKey) -> None:
    ledger.record([draft()], writer)
    row = (1, bytes(32), 1, b"t", b"r", "mined", 1, b"b")
    ledger.store.insert("anchor", [row])
    assert [each.position for each in audit.not_anchored(ledger)] == [0]
    ledger.store.execute("UPDATE anchor SET root = ?", ledger.root(1))
    assert not list(audit.not_anchored(ledger))


def test_a_store_that_is_only_read_is_looked_over_as_well(filled: Ledger) -> None:
    with Ledger(filled.folder, read_only=True) as opened:
        assert not list(opened.store.faults())
        hide(filled.store, "event_of_asset", "position <> 1")
    with Ledger(filled.folder, read_only=True) as opened:
        assert list(opened.store.faults())
