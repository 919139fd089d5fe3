"""The log of a ledger: events in, leaves and checkpoints out."""

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import quote

from msgspec.structs import replace

from nacre_ledger import checkpoint as checkpoints
from nacre_ledger import event as events
from nacre_ledger import keys, merkle, note, policies, settings, store
from nacre_ledger.checkpoint import Checkpoint
from nacre_ledger.commitment import SALT_SIZE, batch_message, commitment, field_root
from nacre_ledger.errors import EventError, LedgerError, StoreError
from nacre_ledger.event import Activity, Event, Head
from nacre_ledger.merkle import Tree, leaf_hash
from nacre_ledger.note import Note, SignerKey, VerifierKey
from nacre_ledger.store import DuplicateError
from nacre_ledger.tiles import Tiles, extended

#: The entries from a first position up to an end, both given twice.
_ENTRIES = (
    "SELECT position, salt, field_root, body FROM event WHERE position >= ? AND position < ?"
    " UNION ALL SELECT position, NULL, NULL, NULL FROM erased"
    " WHERE position >= ? AND position < ? ORDER BY position"
)


class Entry(NamedTuple):
    """An entry of the log; without salt and body it was erased."""

    position: int
    salt: bytes | None
    field_root: bytes | None
    body: bytes | None

    @property
    def event(self) -> Event:
        """The event.

        Raises:
            LedgerError: it was erased.
            EventError: the bytes are no event.
        """
        if self.body is None:
            raise LedgerError(f"entry {self.position} was erased")
        return events.stored(self.body)

    @property
    def leaf(self) -> bytes | None:
        """The leaf that salt and body give."""
        if self.salt is None or self.body is None:
            return None
        return leaf_hash(commitment(self.salt, self.body, self.field_root))


def entry_of(row: tuple[Any, ...]) -> Entry:
    """An entry from its columns; what is no bytes was written by somebody else, and fits nothing."""
    entry = Entry._make(row)
    if entry.body.__class__ is bytes and entry.salt.__class__ is bytes:
        root = entry.field_root
        if root is None or root.__class__ is bytes:
            return entry
    return Entry(row[0], *(None if each is None else _bytes(each) for each in row[1:]))


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


class Batch(NamedTuple):
    """Entries that one writer submitted together, with one signature."""

    first: int
    size: int
    writer: str
    signature: bytes

    def is_signed(self, origin: str, root: bytes) -> bool:
        """Whether the signature is that of the writer, if it can be one, over a root."""
        try:
            key = note.parse_verifier(self.writer)
        except EventError:
            return False
        return key.verify(batch_message(origin, key, self.size, root), self.signature)


class Recorded(NamedTuple):
    """Where an event stands in the log; whether it was there already, or had been and was erased."""

    position: int
    event: Event
    already: bool = False
    erased: bool = False


class Ledger:
    """A ledger in a folder, or in a PostgreSQL database by its URL; a context manager.

    `place` is that folder or URL, `name` the same without a password.

    Raises:
        StoreError: there is no ledger, or its store cannot be opened.
    """

    def __init__(self, place: Path | str, *, read_only: bool = False) -> None:
        self.place = place
        self.name = store.name_of(place)
        if store.is_url(place):
            self.store = store.open_store(str(place), Path())
            self.settings = settings.parse(self.store.setting("settings") or "", "the settings")
            self.folder = keys.folder().parent / "chains" / quote(self.settings.origin, safe="")
            return
        self.folder = Path(place)
        self.settings = settings.read(self.folder)
        self.store = store.open_store(self.settings.store, self.folder, read_only=read_only)
        stored = self.store.setting("origin")
        if stored != self.settings.origin:
            self.store.close()
            raise StoreError(
                f"`{self.folder / settings.FILE}` names the log `{self.settings.origin}`, but the "
                f"store is that of `{stored}`"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()

    @property
    def origin(self) -> str:
        """The name of the log, which is unique in the world."""
        return self.settings.origin

    # -- reading ---------------------------------------------------------------------------------

    def size(self) -> int:
        """How many entries the log has.

        Raises:
            StoreError: the batches hold what no log writes.
        """
        ((first, count),) = self.store.execute(
            "SELECT first, count FROM batch UNION ALL SELECT 0, 0 ORDER BY first DESC, count DESC LIMIT 1"
        )
        if not isinstance(first, int) or not isinstance(count, int):
            raise StoreError(
                "the batches hold what no log writes", "`nacre ledger fsck` tells more"
            )
        return first + count

    def tiles(self) -> Tiles:
        """The nodes of the tree, as they are now."""
        return Tiles(self._tile)

    def _tile(self, level: int, number: int) -> bytes:
        rows = self.store.execute(
            "SELECT hashes FROM tile WHERE level = ? AND number = ?", level, number
        )
        if not rows:
            raise StoreError(
                f"the store lacks tile {level}/{number} of the tree",
                "`nacre ledger fsck` tells more",
            )
        return _bytes(rows[0][0])

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` entries; over all without one."""
        try:
            return merkle.root(self.size() if size is None else size, self.tiles().node)
        except LookupError as error:
            raise StoreError(str(error), "`nacre ledger fsck` tells more") from None

    def entries(self, first: int = 0, end: int | None = None) -> Iterator[Entry]:
        """Entries in their order, the erased ones too."""
        end = self.size() if end is None else end
        yield from map(self._given, self.rows(first, end))

    def where(self, condition: str, *values: Any) -> Iterator[Entry]:
        """The entries that an SQL condition on the table of events chooses."""
        sql = f"SELECT position, salt, field_root, body FROM event WHERE {condition}"  # noqa: S608 - ours
        yield from map(self._given, self.store.stream(sql, *values))

    def _given(self, row: tuple[Any, ...]) -> Entry:
        """What every entry goes through that is given to somebody."""
        return entry_of(row)

    def rows(self, first: int, end: int) -> Iterator[tuple[Any, ...]]:
        """The columns of entries as they are stored, for one who looks at very many."""
        return self.store.stream(_ENTRIES, first, end, first, end)

    def entry(self, position: int) -> Entry:
        """One entry.

        Raises:
            LedgerError: the log has none there.
        """
        rows = self.store.execute(_ENTRIES, position, position + 1, position, position + 1)
        if not rows:
            raise LedgerError(f"the log has no entry {position}", f"it has {self.size()}, from 0")
        return self._given(rows[0])

    def of_asset(self, asset: str, *, scan: bool = False) -> list[Entry]:
        """The entries about an asset, and those in which it takes part.

        To `scan` looks at every row, and asks no index of the database, which may have been made to lie.
        """
        condition = "asset = ? OR position IN (SELECT position FROM mention WHERE asset = ?)"
        if scan:
            condition = condition.replace("asset =", "asset || '' =")
        return list(self.where(f"{condition} ORDER BY position", asset, asset))

    def erased(self) -> int:
        """How many entries were erased."""
        return int(self.store.execute("SELECT count(*) FROM erased")[0][0])

    def erasures(self) -> Iterator[Entry]:
        """The entries that record an erasure, from the first."""
        return self.where("activity = ? ORDER BY position", Activity.ERASURE.value)

    def positions_of(self, activity: Activity, count: int) -> list[int]:
        """Where the newest events of an activity stand."""
        sql = "SELECT position FROM event WHERE activity = ? ORDER BY position DESC LIMIT ?"
        return [int(row[0]) for row in self.store.execute(sql, activity.value, count)]

    def position_of(self, event_id: str) -> int | None:
        """Where an event stands, by its id; an erased one too."""
        rows = self.store.execute("SELECT position FROM event WHERE event_id = ?", event_id)
        rows = rows or self.store.execute(
            "SELECT position FROM erased WHERE id_digest = ?", id_digest(event_id)
        )
        return int(rows[0][0]) if rows else None

    def event_of(self, event_id: str) -> Event | None:
        """The event of an id, if it is there and was not erased."""
        position = self.position_of(event_id)
        entry = None if position is None else self.entry(position)
        return None if entry is None or entry.body is None else entry.event

    def batch_of(self, position: int) -> Batch:
        """The batch in which an entry was submitted."""
        rows = self.store.execute(
            "SELECT first, count, writer, signature FROM batch WHERE first <= ?"
            " ORDER BY first DESC LIMIT 1",
            position,
        )
        if not rows or position >= rows[0][0] + rows[0][1]:
            raise StoreError(
                f"entry {position} stands in no batch", "`nacre ledger fsck` tells more"
            )
        return Batch(*rows[0])

    def batches(self) -> Iterator[Batch]:
        """All batches in their order."""
        for row in self.store.stream(
            "SELECT first, count, writer, signature FROM batch ORDER BY first"
        ):
            yield Batch(*row)

    def leaves(self, first: int, count: int) -> bytes:
        """Leaf hashes, joined."""
        tiles = self.tiles()
        try:
            return b"".join(tiles.node(0, position) for position in range(first, first + count))
        except LookupError as error:
            raise StoreError(str(error), "`nacre ledger fsck` tells more") from None

    def commitment(self, position: int) -> bytes:
        """The commitment of an entry, whose hash is its leaf.

        Raises:
            LedgerError: the log has no such entry, or it was erased.
        """
        entry = self.entry(position)
        if entry.salt is None or entry.body is None:
            raise LedgerError(f"entry {position} was erased")
        return commitment(entry.salt, entry.body, entry.field_root)

    def attachment(self, position: int, digest: str) -> bytes | None:
        """The content of a file that an event mentions, if it was kept."""
        rows = self.store.execute(
            "SELECT content FROM attachment WHERE position = ? AND sha256 = ?", position, digest
        )
        return _bytes(rows[0][0]) if rows else None

    def anchored(self) -> int:
        """How many entries an anchor covers whose root is that of the log."""
        rows = self.store.execute(
            "SELECT size, root FROM anchor WHERE state IN ('mined', 'final') ORDER BY size DESC"
        )
        size = self.size()
        sound = (each for each, root in rows if each <= size and self.root(each) == bytes(root))
        return next(sound, 0)

    # -- recording -------------------------------------------------------------------------------

    def record(
        self,
        drafts: Sequence[Event],
        writer: SignerKey,
        attachments: Mapping[str, bytes] | None = None,
        salts: Mapping[str, bytes] | None = None,
    ) -> list[Recorded]:
        """Append events as one batch, durably; those that the log has already are left as they are.

        `attachments` are contents by SHA-256, `salts` ready salts by event id, for events that hold
        what depends on their salt.

        Raises:
            LedgerError: an id is taken by another event, or a policy forbids an event.
            StoreError: the store cannot be written; nothing was recorded then.
        """
        attachments, salts = attachments or {}, salts or {}
        known: dict[str, Recorded] = {}
        fresh = list(drafts)
        while True:
            try:
                made = self._append(fresh, writer, attachments, salts) if fresh else []
                break
            except DuplicateError:  # some are there, maybe since another process wrote meanwhile
                known = self._known(drafts)
                unknown = {each.event_id: each for each in drafts if each.event_id not in known}
                fresh = list(unknown.values())
        if len(made) == len(drafts):
            return made
        placed = known | {each.event.event_id: each for each in made}
        seen: set[str] = set()
        found = []
        for each in drafts:
            entry = placed[each.event_id]
            found.append(entry._replace(already=entry.already or each.event_id in seen))
            seen.add(each.event_id)
        return found

    def _known(self, drafts: Sequence[Event]) -> dict[str, Recorded]:
        """Those of some drafts that are in the log, by id."""
        found: dict[str, Recorded] = {}
        by_id: dict[str, Event] = {}
        for each in drafts:
            if not events.is_same(by_id.setdefault(each.event_id, each), each):
                raise LedgerError(f"two events of the request have the id `{each.event_id}`")
            position = self.position_of(each.event_id)
            if position is None:
                continue
            entry = self.entry(position)
            if entry.body is not None and not events.is_same(entry.event, each):
                raise LedgerError(
                    f"the id `{each.event_id}` is that of entry {position}, which says something else",
                    "give the event an id of its own; to correct entry "
                    f"{position} record a correction",
                )
            gone = entry.body is None
            found[each.event_id] = Recorded(
                position, each if gone else entry.event, already=True, erased=gone
            )
        return found

    def _append(
        self,
        drafts: Sequence[Event],
        writer: SignerKey,
        attachments: Mapping[str, bytes],
        salts: Mapping[str, bytes],
    ) -> list[Recorded]:
        with self.store.transaction():
            first = self.size()
            self._refuse_erased(drafts)
            policies.check(self, drafts)
            now = self._now()
            stamp, head = events.utc(now), self._head()
            randomness = os.urandom(SALT_SIZE * len(drafts))
            rows: list[tuple[Any, ...]] = []
            leaves: list[bytes] = []
            made: list[Recorded] = []
            mentions: list[tuple[Any, ...]] = []
            for number, each in enumerate(drafts):
                event = replace(each, recorded=stamp, previous=head)
                salt = randomness[number * SALT_SIZE : (number + 1) * SALT_SIZE]
                salt = salts.get(event.event_id, salt) if salts else salt
                body = events.canonical(event)
                fields = field_root(event, salt) if self.settings.field_proofs else None
                leaves.append(leaf_hash(commitment(salt, body, fields)))
                position = first + number
                row = (event.event_id, event.asset, event.activity.value, event.agent)
                rows.append(
                    (position, *row, events.instant(event.happened), now, salt, fields, body)
                )
                mentions += _mentions(event, position)
                made.append(Recorded(position, event))
            joined = b"".join(leaves)
            message = batch_message(self.origin, writer.verifier, len(drafts), Tree(joined).root())
            self.store.insert("event", rows)
            self.store.insert("mention", mentions)
            self.store.insert("attachment", list(_contents(made, attachments)))
            batch = (first, len(drafts), str(writer.verifier), writer.sign(message))
            self.store.insert("batch", [batch])
            self._write_tiles(extended(first, joined, self._tile))
            return made

    def _refuse_erased(self, drafts: Sequence[Event]) -> None:
        """An event that was erased must not come back by a retry."""
        if not self.store.execute("SELECT 1 FROM erased LIMIT 1"):
            return
        for chunk in store.chunks(drafts):
            marks = ",".join("?" * len(chunk))
            digests = [id_digest(each.event_id) for each in chunk]
            if self.store.execute(
                f"SELECT 1 FROM erased WHERE id_digest IN ({marks}) LIMIT 1",  # noqa: S608
                *digests,
            ):
                raise DuplicateError

    def _write_tiles(self, tiles: Mapping[tuple[int, int], bytes]) -> None:
        for level, number in tiles:
            self.store.execute("DELETE FROM tile WHERE level = ? AND number = ?", level, number)
        self.store.insert("tile", [(*key, data) for key, data in tiles.items()])

    def _now(self) -> int:
        """The time of the clock, and never one before the last entry or checkpoint: time goes on."""
        last = self.store.execute("SELECT recorded FROM event ORDER BY position DESC LIMIT 1")
        last += self.store.execute("SELECT recorded FROM checkpoint ORDER BY size DESC LIMIT 1")
        return max([events.now(), *(row[0] for row in last if isinstance(row[0], int))])

    def _head(self) -> Head | None:
        """The last checkpoint: the event that is recorded now was not recorded before it."""
        signed = self.checkpoint_note()
        if signed is None:
            return None
        last = checkpoints.parse(signed.text)
        return Head(size=last.size, root=last.root.hex())

    # -- checkpoints -----------------------------------------------------------------------------

    def checkpoint_note(self, size: int | None = None) -> Note | None:
        """The signed checkpoint of a size, or the last one."""
        if size is None:
            rows = self.store.execute("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1")
        else:
            rows = self.store.execute("SELECT note FROM checkpoint WHERE size = ?", size)
        return note.parse_note(str(rows[0][0])) if rows else None

    def checkpoint(self, key: SignerKey) -> Note:
        """Sign the log as it is now; the same note again if nothing was recorded since.

        Raises:
            LedgerError: the key is another one, or the log does not continue what the key signed last.
        """
        if key.verifier != self.settings.log_key:
            raise LedgerError(
                f"`{key.name}` is not the key of this log", f"it is {self.settings.key}"
            )
        with self.store.transaction():
            size = self.size()
            current = Checkpoint(self.origin, size, self.root(size))
            existing = self.checkpoint_note(size)
            with keys.signing():  # or two copies of the ledger could get a signature each
                self._refuse_fork(current, key)
                if existing is not None and checkpoints.parse(existing.text) == current:
                    return existing
                signed = current.signed(key)
                self.store.execute("DELETE FROM checkpoint WHERE size = ?", size)
                self.store.insert("checkpoint", [(size, self._now(), str(signed))])
                # Before the commit: a checkpoint that is forgotten is harmless, a fork is not.
                keys.remember_signed(key.name, str(signed))
        return signed

    def _refuse_fork(self, current: Checkpoint, key: SignerKey) -> None:
        text = keys.last_signed(key.name)
        if text is None:
            return
        last = checkpoints.parse(note.parse_note(text).text)
        if last.size > current.size:
            raise LedgerError(
                f"this log has {current.size} entries, but its key signed {last.size} already: it is "
                "an old copy",
                "work on with the copy that has all entries",
            )
        if self.root(last.size) != last.root:
            raise LedgerError(
                f"the first {last.size} entries are not those that the key of the log signed: this is "
                "a fork",
                "keep both copies; `nacre ledger query compare` names the first entry that differs",
            )

    def add_signatures(self, size: int, signatures: Sequence[note.Signature]) -> Note:
        """Put cosignatures onto a checkpoint; each key signs once, the newest counts."""
        with self.store.transaction():
            signed = self.checkpoint_note(size)
            if signed is None:
                raise LedgerError(f"there is no checkpoint of {size} entries")
            fresh = {(each.name, each.key_id): each for each in (*signed.signatures, *signatures)}
            signed = signed._replace(signatures=tuple(fresh.values()))
            self.store.execute("UPDATE checkpoint SET note = ? WHERE size = ?", str(signed), size)
        return signed


def create(
    place: Path | str,
    origin: str,
    *,
    chain: str = settings.EMBEDDED,
    field_proofs: bool = True,
) -> VerifierKey:
    """Make a ledger in a folder or database, and the key of its log unless there is one of the name.

    Raises:
        StoreError: there is a ledger already, or it cannot be made.
        EventError: no log may have the name.
    """
    folder = Path() if store.is_url(place) else Path(place)
    if not store.is_url(place) and (folder / settings.FILE).exists():
        raise StoreError(f"`{folder}` holds a ledger already")
    key = keys.load(origin).verifier if keys.exists(origin) else keys.create(origin).verifier
    where = str(place) if store.is_url(place) else "log.sqlite"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = settings.written(origin, key, where, chain, field_proofs=field_proofs)
        made = store.open_store(where, folder, create=True)
        made.set("origin", origin)
        made.set("created", dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))
        if store.is_url(place):
            made.set("settings", text)
        else:
            (folder / settings.FILE).write_text(text, "utf-8")
        made.close()
    except OSError as error:
        raise StoreError(f"`{folder}`: {error.strerror}") from None
    return key


def id_digest(event_id: str) -> bytes:
    """What is kept of the id of an erased event, so that a retry does not bring it back."""
    return sha256(b"nacre event id\n" + event_id.encode()).digest()


def _mentions(event: Event, position: int) -> Iterator[tuple[str, int, str]]:
    """The other assets of an event, by the part that they take in it, each once."""
    for role in events.ROLES:
        for asset in dict.fromkeys(item.asset for item in getattr(event, role)):
            yield asset, position, role


def _contents(
    made: Sequence[Recorded], attachments: Mapping[str, bytes]
) -> Iterator[tuple[int, str, bytes]]:
    if not attachments:
        return
    for each in made:
        for digest in dict.fromkeys(file.sha256 for file in each.event.attachments):
            if digest in attachments:
                yield each.position, digest, attachments[digest]
