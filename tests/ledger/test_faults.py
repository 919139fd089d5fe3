"""Faults: killed processes, several writers, full disks, locked and broken files. Nothing that was
acknowledged is lost."""

import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ledgers import ORIGIN, draft
from services import running_postgres

from conftest import is_thorough
from nacre_ledger import keys, log, verification
from nacre_ledger.chains import anchoring
from nacre_ledger.chains.anchoring import Anchors
from nacre_ledger.errors import StoreError
from nacre_ledger.log import Ledger
from nacre_ledger.note import SignerKey

WRITER = """
import sys
sys.path[:0] = {path!r}
from nacre_ledger import event, keys
from nacre_ledger.log import Ledger
writer = keys.load("tech-07")
with Ledger(sys.argv[1]) as ledger:
    for number in range(int(sys.argv[3])):
        drafts = [
            event.draft({{"eventId": f"{{sys.argv[2]}}-{{number}}-{{at}}", "activity": "inspection",
                "asset": "urn:a", "happened": "2026-10-14T09:20:00Z", "agent": "tech-07"}})
            for at in range(5)
        ]
        ledger.record(drafts, writer)
        print(*[each.event_id for each in drafts], flush=True)
        if len(sys.argv) > 4:
            from nacre_ledger.chains.anchoring import Anchors
            ledger.checkpoint(keys.load("factory.example/log"))
            with Anchors(ledger) as anchors:
                anchors.anchor()
"""


def start(place: Path | str, name: str, count: int, *more: str) -> subprocess.Popen[str]:
    program = WRITER.format(path=[each for each in sys.path if each])
    command = [sys.executable, "-c", program, str(place), name, str(count), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def recorded(ledger: Ledger) -> set[str]:
    return {entry.event.event_id for entry in ledger.entries()}


def acknowledged(process: subprocess.Popen[str]) -> set[str]:
    """The ids that a writer said before it ended; the last line may have been cut off."""
    output, _ = process.communicate(timeout=120)
    return {name for line in output.splitlines() for name in line.split() if line.count(" ") == 4}


def test_killed_while_recording_sealing_and_broadcasting(
    on_chain: Ledger, writer: SignerKey
) -> None:
    """Whatever a process said before it was killed is in the log, and every anchor stands once."""
    assert writer is not None
    chance = random.Random(20261121)
    said: set[str] = set()
    rounds = 40 if is_thorough() else 6
    for number in range(rounds):
        process = start(on_chain.place, f"r{number}", 1000, "anchor")
        time.sleep(chance.uniform(1.0, 2.2))
        process.send_signal(signal.SIGKILL)
        said |= acknowledged(process)
    with Ledger(on_chain.place) as opened:
        assert said
        assert said <= recorded(opened)
        opened.checkpoint(keys.load(ORIGIN))
        assert verification.verify(opened).findings == []
        with Anchors(opened) as anchors:
            rows = anchors.anchor()
            assert {each.state for each in rows} == {"final"}
            sizes = [event["args"]["size"] for event in anchors.events()]
            assert sizes == sorted(set(sizes)) == [each.size for each in anchoring.anchors(opened)]
            assert anchors.findings() == []


def test_several_writers_share_one_log_and_one_of_them_is_killed(
    either_store: Ledger, writer: SignerKey
) -> None:
    assert writer is not None
    processes = [start(either_store.place, f"w{number}", 30) for number in range(3)]
    killed = start(either_store.place, "killed", 1000)
    time.sleep(2)
    killed.send_signal(signal.SIGKILL)
    said = acknowledged(killed)
    for process in processes:
        said |= acknowledged(process)
        assert process.returncode == 0
    names = recorded(either_store)
    assert said <= names
    assert len({name for name in names if name.startswith("w")}) == 3 * 30 * 5
    assert verification.verify(either_store).findings == []


def test_a_database_server_that_crashes_loses_nothing_that_was_acknowledged(
    key_folder: Path, writer: SignerKey
) -> None:
    assert key_folder.is_dir()
    assert writer is not None
    chance = random.Random(20261122)
    with running_postgres(durable=True) as server:
        place = server.database()
        log.create(place, ORIGIN)
        said: set[str] = set()
        for number in range(20 if is_thorough() else 3):
            processes = [start(place, f"c{number}-{at}", 1000) for at in range(2)]
            time.sleep(chance.uniform(1.0, 2.5))
            server.crash()
            for process in processes:
                said |= acknowledged(process)
                assert process.returncode != 0
            server.start()
            with Ledger(place) as opened:
                assert said <= recorded(opened)
                assert verification.verify(opened).findings == []
        assert said


def test_a_full_disk_refuses_and_loses_nothing(ledger: Ledger, writer: SignerKey) -> None:
    ledger.record([draft(note="kept")], writer)
    pages = ledger.store.execute("PRAGMA page_count")[0][0]
    ledger.store.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreError, match="full"):
        ledger.record([draft(note="x" * 100_000)], writer)
    ledger.store.execute("PRAGMA max_page_count = 1000000")
    assert ledger.size() == 1
    ledger.record([draft()], writer)
    assert verification.verify(ledger).findings == []


def test_a_file_that_may_not_grow_is_a_full_disk(ledger: Ledger, writer: SignerKey) -> None:
    assert writer is not None
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER.format(path=sys.path), str(ledger.folder), "f", "4000"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000)),  # noqa: PLW1509
    )
    output, _ = process.communicate(timeout=120)
    assert process.returncode != 0
    names = {name for line in output.splitlines() for name in line.split()}
    with Ledger(ledger.folder) as opened:
        assert names <= recorded(opened)
        assert verification.verify(opened).findings == []


def test_a_locked_store_is_said(ledger: Ledger, writer: SignerKey) -> None:
    other = sqlite3.connect(ledger.folder / "log.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ledger.store.execute("PRAGMA busy_timeout = 50")
    with pytest.raises(StoreError, match="locked"):
        ledger.record([draft()], writer)
    other.execute("ROLLBACK")
    other.close()
    assert ledger.record([draft()], writer)[0].position == 0


@pytest.mark.parametrize(
    "content", [b"", b"no database at all", b"SQLite format 3\0" + b"x" * 5000]
)
def test_a_store_that_is_none_is_said(ledger: Ledger, content: bytes) -> None:
    ledger.store.close()
    for path in ledger.folder.glob("log.sqlite*"):
        path.unlink()
    (ledger.folder / "log.sqlite").write_bytes(content)
    with pytest.raises(StoreError):
        Ledger(ledger.folder)


@pytest.mark.parametrize(
    "text",
    ["", "ledger = 2", "\0", "ledger = 1\norigin = 1", "ledger = 1\norigin = 'a'\nkey = 'b'"],
)
def test_settings_that_are_none_are_said(ledger: Ledger, text: str) -> None:
    (ledger.folder / "ledger.toml").write_text(text, "utf-8")
    with pytest.raises(StoreError):
        Ledger(ledger.folder)


# -- power loss ------------------------------------------------------------------------------------


def test_power_loss_loses_nothing_that_was_acknowledged(tmp_path: Path, key_folder: Path) -> None:
    """The writes of a recording process, cut off anywhere, with any of the un-synced sectors lost.

    An APSW file system in the process notes every write and sync; disk images are built from them.
    """
    import powerloss

    assert key_folder is not None
    keys.create("tech-07")
    images = 600 if is_thorough() else 60
    found = {}
    for synchronous in ("FULL", "NORMAL"):
        folder = tmp_path / synchronous
        log.create(folder, ORIGIN)
        journal = powerloss.recorded(folder, 40, synchronous)
        found[synchronous] = powerloss.judged(journal, folder, tmp_path / "image", images)
    assert found["FULL"] == (0, 0)
    assert found["NORMAL"][0] > 0  # or this test could not see a loss


def test_power_loss_loses_no_block_of_the_embedded_chain(tmp_path: Path) -> None:
    import powerloss

    images = 250 if is_thorough() else 30
    found = {}
    for synchronous in ("FULL", "NORMAL"):
        folder = tmp_path / synchronous
        folder.mkdir()
        path = folder / "chain.sqlite"
        journal = powerloss.mined(path, 25, synchronous)
        found[synchronous] = powerloss.chain_judged(journal, path, tmp_path / "image", images)
    assert found["FULL"] == (0, 0)
    assert found["NORMAL"][0] > 0  # or this test could not see a loss
