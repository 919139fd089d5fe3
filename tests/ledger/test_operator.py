"""What a dishonest operator or writer does with the store: hidden, changed and restored entries are found."""

import sqlite3
from pathlib import Path

import pytest
from ledgers import ASSET, Run, codes, draft, forge

from nacre_cli.exit_codes import ExitCode
from nacre_ledger import erasure, rules, verification
from nacre_ledger.errors import LedgerError, StoreError
from nacre_ledger.event import Activity, Erasure
from nacre_ledger.log import Ledger, id_digest
from nacre_ledger.note import SignerKey


def test_an_erasure_under_a_reader_is_not_called_done(ledger: Ledger, writer: SignerKey) -> None:
    secret = "the name of a person"
    ledger.record([draft(note=secret), draft()], writer)
    path = ledger.folder / "log.sqlite"

    def bytes_on_disk() -> bytes:
        files = (path, path.with_name("log.sqlite-wal"))
        return b"".join(each.read_bytes() for each in files if each.exists())

    ledger.store._connection.execute("PRAGMA busy_timeout = 200")  # type: ignore[attr-defined]
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT COUNT(*) FROM event").fetchone()
    with pytest.raises(StoreError, match="is being read"):
        erasure.erase(ledger, [0], "a right", "boss", writer)
    assert secret.encode() in bytes_on_disk()
    assert rules.UNFINISHED.code in codes(verification.verify(ledger).findings)
    reader.close()
    assert erasure.erase(ledger, [0], "a right", "boss", writer).position == 2
    assert secret.encode() not in bytes_on_disk()
    assert rules.UNFINISHED.code not in codes(verification.verify(ledger).findings)
    with pytest.raises(LedgerError, match="erased before"):
        erasure.erase(ledger, [0], "a right", "boss", writer)


def test_an_erasure_gives_no_leave_to_delete_what_comes_after_it(
    ledger: Ledger, writer: SignerKey
) -> None:
    erases = (Erasure(position=1, reason="in advance"),)
    forge(
        ledger, writer, draft(asset=erasure.ERASED_ASSET), activity=Activity.ERASURE, erases=erases
    )
    ledger.record([draft(activity="incident", eventId="i")], writer)
    ledger.store.execute("DELETE FROM event WHERE position = 1")
    ledger.store.insert("erased", [(1, id_digest("i"))])
    found = codes(verification.verify(ledger).findings)
    assert {rules.UNFINISHED.code, rules.ENTRY_MISSING.code} <= set(found)


def change(ledger_folder: Path, *statements: str) -> None:
    with sqlite3.connect(ledger_folder / "log.sqlite") as db:
        for each in statements:
            db.execute(each)
    db.close()


def test_an_asset_that_the_index_hides_is_broken_evidence(shop: Run, tmp_path: Path) -> None:
    change(tmp_path / "ledger", f"UPDATE event SET asset = 'urn:x' WHERE asset = '{ASSET}'")
    for options in (("--trust", "trust.toml"), ("--trust", "none"), ()):
        assert shop("ledger", "audit", ASSET, *options).returncode == ExitCode.EVIDENCE
        assert shop("ledger", "verify", *options).returncode == ExitCode.EVIDENCE
    quick = shop("ledger", "verify", "--quick", "--trust", "none")
    assert quick.returncode == ExitCode.OK
    assert b"not checked: what entries say" in quick.stdout


def test_no_file_is_handed_out_that_was_not_recorded(shop: Run, tmp_path: Path) -> None:
    (tmp_path / "protocol.txt").write_text("FAILED")
    shop(
        "ledger",
        "record",
        "--asset",
        ASSET,
        "--activity",
        "inspection",
        "--key",
        "tech-07",
        "--attach",
        "protocol.txt",
    )
    show = ("ledger", "show", "2", "--attachment", "protocol.txt")
    assert shop(*show).stdout == b"FAILED"
    change(tmp_path / "ledger", "UPDATE attachment SET content = x'504153534544'")
    result = shop(*show)
    assert result.returncode == ExitCode.EVIDENCE
    assert b"PASSED" not in result.stdout


def test_a_copy_with_another_body_is_not_the_same(shop: Run, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(tmp_path / "ledger", tmp_path / "copy")
    assert shop("ledger", "query", "compare", "copy").returncode == ExitCode.OK
    change(tmp_path / "copy", "UPDATE event SET body = replace(body, 'Bearing', 'Nothing')")
    result = shop("ledger", "query", "compare", "copy")
    assert result.returncode == ExitCode.EVIDENCE
    assert b"from entry 1" in result.stdout


def test_the_chain_is_not_said_to_hold_what_it_does_not(shop: Run, tmp_path: Path) -> None:
    never = shop("ledger", "audit", ASSET, "--trust", "none", "--chain")
    assert never.returncode == ExitCode.NO_VERDICT
    assert b"was ever anchored" in never.stdout
    old = (tmp_path / "ledger" / "log.sqlite").read_bytes()
    assert shop("ledger", "anchor").returncode == 0
    shop("ledger", "record", "--asset", ASSET, "--activity", "inspection", "--key", "tech-07")
    found = shop("ledger", "audit", ASSET, "--trust", "none", "--chain")
    assert b"the chain holds 1 checkpoint" in found.stdout
    assert b"1 entry after it" in found.stdout
    (tmp_path / "ledger" / "log.sqlite").write_bytes(old)
    for each in ("log.sqlite-wal", "log.sqlite-shm"):
        (tmp_path / "ledger" / each).unlink(missing_ok=True)
    restored = shop("ledger", "audit", ASSET, "--trust", "none", "--chain")
    assert restored.returncode == ExitCode.EVIDENCE
    assert b"the store knows of no contract" in restored.stdout


def test_a_checkpoint_alone_is_not_accepted_without_its_key(shop: Run, tmp_path: Path) -> None:
    shop("ledger", "checkpoint", "-o", "c.ckpt")
    text = (tmp_path / "c.ckpt").read_text("utf-8")
    (tmp_path / "c.ckpt").write_text(text.replace("\n2\n", "\n3\n"), "utf-8")
    for options in ((), ("--trust", "none")):
        assert shop("ledger", "verify", "c.ckpt", *options).returncode == ExitCode.NO_VERDICT
    result = shop("ledger", "verify", "c.ckpt", "--trust", "trust.toml")
    assert result.returncode == ExitCode.EVIDENCE


def test_fsck_does_not_establish_identity(shop: Run) -> None:
    assert shop("ledger", "fsck").returncode == ExitCode.NO_VERDICT
    assert shop("ledger", "fsck", "--trust", "none").returncode == ExitCode.OK


def test_an_id_that_looks_like_the_position_of_another_entry(shop: Run) -> None:
    record = ("record", "--asset", ASSET, "--activity", "inspection", "--key", "tech-07")
    assert shop("ledger", *record, "--event-id", "0").returncode == ExitCode.OK
    for command in (("show", "0"), ("prove", "0")):
        result = shop("ledger", *command)
        assert result.returncode == ExitCode.FINDINGS
        assert b"the id of entry 2" in result.stderr
    assert shop("ledger", "show", "2").returncode == ExitCode.OK
    assert shop("ledger", "show", "1").returncode == ExitCode.OK
