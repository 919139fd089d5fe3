"""A ledger as a folder: copies, read-only media, files that do not belong together."""

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ledgers import ORIGIN, draft

from nacre_ledger import keys, log, verification
from nacre_ledger.errors import LedgerError, StoreError
from nacre_ledger.log import Ledger
from nacre_ledger.note import SignerKey


def test_an_old_copy_gets_no_signature(filled: Ledger, writer: SignerKey, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    filled.store.wipe()
    shutil.copytree(filled.folder, copy)
    filled.record([draft(note="the real one")], writer)
    filled.checkpoint(keys.load(ORIGIN))
    with Ledger(copy) as old:
        with pytest.raises(LedgerError, match="an old copy"):
            old.checkpoint(keys.load(ORIGIN))
        old.record([draft(note="another")], writer)
        with pytest.raises(LedgerError, match="a fork"):
            old.checkpoint(keys.load(ORIGIN))
        assert verification.first_difference(filled, old) == 600


def test_two_copies_that_ask_at_once_get_one_signature(
    filled: Ledger, writer: SignerKey, tmp_path: Path
) -> None:
    filled.store.wipe()
    shutil.copytree(filled.folder, tmp_path / "copy")
    folders = (filled.folder, tmp_path / "copy")
    for folder in folders:
        with Ledger(folder) as opened:
            opened.record([draft(note=str(folder))], writer)
    start = threading.Barrier(2)

    def asked(folder: Path) -> bool:
        with Ledger(folder) as opened:
            start.wait()
            try:
                opened.checkpoint(keys.load(ORIGIN))
            except LedgerError:
                return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(asked, folders)) == [False, True]


def test_a_ledger_can_be_read_where_nothing_can_be_written(filled: Ledger) -> None:
    filled.store.wipe()
    filled.store.close()
    folder = filled.folder
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    try:
        with Ledger(folder, read_only=True) as opened:
            assert not verification.verify(opened).findings
    finally:
        folder.chmod(0o755)


def test_the_folder_of_one_log_with_the_store_of_another_is_refused(
    ledger: Ledger, tmp_path: Path
) -> None:
    log.create(tmp_path / "other", "other.example/log")
    text = (tmp_path / "other" / "ledger.toml").read_text("utf-8")
    (ledger.folder / "ledger.toml").write_text(text, "utf-8")
    with pytest.raises(StoreError, match="the store is that of"):
        Ledger(ledger.folder)
