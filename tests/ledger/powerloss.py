"""Simulated power loss: a file system in the process that notes what was written and what was synced.

An image of the disk after a cut holds everything up to the last sync of each file, and of what was written
after it any selection of sectors.
"""

import random
import shutil
import sqlite3
from pathlib import Path
from typing import Any, NamedTuple

import apsw
from ledgers import draft

from nacre_ledger import keys, verification
from nacre_ledger.log import Ledger
from nacre_ledger.store import SqliteStore

SECTOR = 512


class Step(NamedTuple):
    """A write, a sync, a truncation, or the acknowledgement of events (with their ids)."""

    kind: str
    name: str = ""
    offset: int = 0
    data: bytes = b""
    ids: tuple[str, ...] = ()


class _File(apsw.VFSFile):
    def __init__(self, base: str, name: Any, flags: list[int], journal: list[Step]) -> None:
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        self._name, self._journal = Path(path).name, journal
        super().__init__(base, name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self._journal.append(Step("write", self._name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._journal.append(Step("sync", self._name))

    def xTruncate(self, size: int) -> None:
        self._journal.append(Step("truncate", self._name, size))
        super().xTruncate(size)


class _Disk(apsw.VFS):
    def __init__(self, journal: list[Step]) -> None:
        self._journal = journal
        super().__init__("nacre-disk", "")

    def xOpen(self, name: Any, flags: list[int]) -> _File:
        return _File("", name, flags, self._journal)


class _Connection(apsw.Connection):
    """As much of sqlite3's connection as the store calls."""


def _connected(path: Path, synchronous: str) -> Any:
    connection = _Connection(str(path), vfs="nacre-disk")
    for pragma in ("journal_mode=WAL", "wal_autocheckpoint=30", f"synchronous={synchronous}"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


class _Store(SqliteStore):
    def _connect(self, *, read_only: bool) -> Any:
        assert not read_only
        return _connected(self._path, "FULL")


def recorded(folder: Path, events: int, synchronous: str = "FULL") -> list[Step]:
    """What reaches the disk while events are recorded one by one and in small batches."""
    shutil.copy(folder / "log.sqlite", folder / "before.sqlite")
    journal: list[Step] = []
    disk = _Disk(journal)
    writer = keys.load("tech-07")
    with Ledger(folder) as ledger:
        ledger.store.close()
        ledger.store = _Store(folder / "log.sqlite")
        ledger.store.execute(f"PRAGMA synchronous={synchronous}")
        for number in range(events):
            made = ledger.record([draft(note=str(at)) for at in range(1 + number % 3)], writer)
            journal.append(Step("ack", ids=tuple(each.event.event_id for each in made)))
    disk.unregister()
    return journal


def mined(path: Path, blocks: int, synchronous: str) -> list[Step]:
    """What reaches the disk while the embedded chain mines blocks one by one."""
    from eth_account import Account

    from nacre_ledger.chains.embedded import CHAIN_ID, EmbeddedProvider

    class Provider(EmbeddedProvider):
        def _connect(self, path: Path) -> Any:
            return _connected(path, synchronous)

    account = Account.from_key(b"\1" * 32)
    EmbeddedProvider(path, (bytes.fromhex(account.address[2:]),)).close()
    shutil.copy(path, path.with_name("before.sqlite"))
    journal: list[Step] = []
    disk = _Disk(journal)
    provider = Provider(path)
    for nonce in range(blocks):
        fields = {"nonce": nonce, "to": "0x" + "22" * 20, "value": 1, "gas": 21_000}
        signed = account.sign_transaction({**fields, "gasPrice": 100, "chainId": CHAIN_ID})
        raw: Any = "0x" + bytes(signed.raw_transaction).hex()
        answer: Any = provider.make_request("eth_sendRawTransaction", [raw])  # type: ignore[arg-type]
        journal.append(Step("ack", ids=(answer["result"],)))
    provider.close()
    disk.unregister()
    return journal


def chain_judged(journal: list[Step], path: Path, place: Path, images: int) -> tuple[int, int]:
    """How many of some images lose an acknowledged block, and how many are broken."""
    from nacre_ledger.chains.embedded import EmbeddedProvider

    chance = random.Random(20261121)
    before = {path.name: path.with_name("before.sqlite").read_bytes()}
    lost = broken = 0
    for _ in range(images):
        cut = chance.randrange(len(journal))
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        for name, data in _image(journal[:cut], before, chance).items():
            (place / name).write_bytes(data)
        provider = EmbeddedProvider(place / path.name)
        acknowledged = [each for step in journal[:cut] for each in step.ids]
        broken += bool(list(provider.problems()))
        answers: list[Any] = [
            provider.make_request("eth_getTransactionReceipt", [each])  # type: ignore[arg-type]
            for each in acknowledged
        ]
        lost += any(answer["result"] is None for answer in answers)
        provider.close()
    return lost, broken


def judged(journal: list[Step], folder: Path, place: Path, images: int) -> tuple[int, int]:
    """How many of some images lose an acknowledged event, and how many are broken."""
    chance = random.Random(20261121)
    before = {"log.sqlite": (folder / "before.sqlite").read_bytes()}
    lost = broken = 0
    for _ in range(images):
        cut = chance.randrange(len(journal))
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        shutil.copy(folder / "ledger.toml", place)
        for name, data in _image(journal[:cut], before, chance).items():
            (place / name).write_bytes(data)
        acknowledged = {each for step in journal[:cut] for each in step.ids}
        try:
            with Ledger(place) as ledger:
                known = {entry.event.event_id for entry in ledger.entries()}
                broken += bool(verification.verify(ledger).findings)
        except sqlite3.Error:
            broken += 1
            continue
        lost += not acknowledged <= known
    return lost, broken


def _image(steps: list[Step], before: dict[str, bytes], chance: random.Random) -> dict[str, bytes]:
    files = {name: bytearray(data) for name, data in before.items()}
    names = {step.name for step in steps if step.name and not step.name.endswith("-shm")}
    for name in names:
        synced = max(
            (at for at, s in enumerate(steps) if s.kind == "sync" and s.name == name), default=-1
        )
        data = files.setdefault(name, bytearray())
        for at, step in enumerate(steps):
            if step.name == name:
                _apply(data, step, chance if at > synced else None)
    return {name: bytes(data) for name, data in files.items()}


def _apply(data: bytearray, step: Step, chance: random.Random | None) -> None:
    """Make a step on a file; with `chance` any of its sectors may be missing."""
    if step.kind == "truncate":
        if chance is None or chance.random() < 0.5:
            del data[step.offset :]
        return
    for start in range(0, len(step.data), SECTOR):
        if chance is not None and chance.random() < 0.5:
            continue
        piece = step.data[start : start + SECTOR]
        at = step.offset + start
        if len(data) < at:
            data.extend(bytes(at - len(data)))
        data[at : at + len(piece)] = piece
