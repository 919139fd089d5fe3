"""Checks a whole log: every entry, every node, every signature, every checkpoint.

Each check goes on after a finding, and each finding names the entry and the last good state.
"""

import contextlib
import dataclasses
import hmac
import itertools
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from nacre_aas.collector import collector_paused
from nacre_aas.constraints.registry import Rule
from nacre_aas.errors import InputError
from nacre_aas.findings import Finding, Location
from nacre_aas.wording import counted
from nacre_ledger import checkpoint as checkpoints
from nacre_ledger import commitment, erasure, history, merkle, note, rules
from nacre_ledger.checkpoint import Checkpoint
from nacre_ledger.errors import EventError, LedgerError, StoreError
from nacre_ledger.event import ROLES, Activity, Event, Head, instant, now, unchecked
from nacre_ledger.log import Batch, Entry, Ledger, entry_of
from nacre_ledger.merkle import HASH_SIZE, Tree, leaf_hash
from nacre_ledger.note import Note
from nacre_ledger.tiles import WIDTH
from nacre_ledger.trust import Trust, objection_to, objection_to_log, witnesses_of

_CHUNK = 4096
#: So many erasures are checked beside every answer, the newest; the check of the whole log looks at all.
_CHECKED_ERASURES = 1000
#: In microseconds; so much may the clocks of two machines differ.
_MINUTE = 60_000_000
#: The columns of an entry: position, salt, field root, body.
_Row = tuple[Any, ...]
_EVERYTHING = 1 << 62
#: Levels of tiles that a tree of so many leaves can have.
_LEVELS = 8


@dataclasses.dataclass
class Verdict:
    """What was checked, how often, and what was found wrong."""

    findings: list[Finding] = dataclasses.field(default_factory=list)
    entries: int = 0
    erased: int = 0
    batches: int = 0
    checkpoints: int = 0
    witnesses: int = 0
    head: Checkpoint | None = None
    root: bytes = merkle.EMPTY_ROOT
    #: Files that entries name and whose content the store does not have: how many, and the first.
    not_held: int = 0
    first_not_held: str = ""


def place(ledger: Ledger, position: int | None = None) -> Location:
    """The location of a ledger, or of one of its entries."""
    return Location(ledger.name, element=() if position is None else (f"entry {position}",))


def verify(
    ledger: Ledger, trust: Trust | None = None, *, seen: Note | None = None, index: bool = True
) -> Verdict:
    """Check a log as a whole.

    `seen` is a checkpoint that the caller kept from an earlier visit. `index` also compares what
    entries are found by with the entries themselves.
    """
    with collector_paused():
        return _Verification(ledger, trust, index=index).run(seen)


def uncovered(verdict: Verdict) -> Iterator[str]:
    """What has to be said about entries that no checkpoint covers, and files that are not there."""
    left = verdict.entries - (verdict.head.size if verdict.head is not None else 0)
    if left > 0:
        others = counted(left, "entry")
        yield f"{others} under no checkpoint: nobody vouches that none beside them was removed"
    if verdict.not_held:
        yield (
            f"{counted(verdict.not_held, 'file')} not held here, of which the log has the digest: "
            f"{verdict.first_not_held}{' and others' if verdict.not_held > 1 else ''}"
        )


def unsigned(ledger: Ledger, trust: Trust | None) -> Iterator[tuple[Rule, str]]:
    """What a trust file has to say about a log without any checkpoint; without one, nothing."""
    if trust is None:
        return
    objection = objection_to_log(ledger.origin, ledger.settings.log_key, trust)
    if objection is not None:
        yield rules.CHECKPOINT_SIGNATURE, objection
    yield (
        rules.IDENTITY,
        "identity of the log not established: it has no checkpoint, which its key would have signed",
    )


def refusal(ledger: Ledger, trust: Trust, writer: str, recorded: int, event: Event) -> str | None:
    """Why a key had no right to an event; whoever corrects needs the right to what is corrected as well.

    `recorded` is in microseconds since 1970.
    """
    reason = trust.refusal(writer, recorded, event.agent, event.activity.value)
    corrected = history.corrected(event, ledger.event_of)
    if reason is None and corrected is not None:
        reason = trust.refusal(writer, recorded, event.agent, corrected.activity.value)
    return reason


class WatchedLedger(Ledger):
    """A ledger that remembers which entries it gave, so that what somebody is shown can be checked."""

    def __init__(self, place: Path | str) -> None:
        super().__init__(place, read_only=True)
        self._positions: set[int] = set()
        self._altered: set[int] = set()
        #: First and end of entries that were asked for and are not there.
        self._missing: set[tuple[int, int]] = set()
        #: Before which entries the batches do not go on.
        self._torn: set[int] = set()

    def attachment(self, position: int, digest: str) -> bytes | None:
        """The content of a file, if it was kept; another one than was recorded is a finding."""
        data = super().attachment(position, digest)
        if data is not None and sha256(data).hexdigest() != digest:
            self._altered.add(position)
        return data

    def entries(self, first: int = 0, end: int | None = None) -> Iterator[Entry]:
        """Entries in their order, the erased ones too; that one is missing is a finding."""
        end = self.size() if end is None else end
        expected = first
        for entry in super().entries(first, end):
            if entry.position > expected:
                self._missing.add((expected, entry.position))
            expected = entry.position + 1
            yield entry
        if end > expected:
            self._missing.add((expected, end))

    def batches(self) -> Iterator[Batch]:
        """All batches in their order; that one does not go on from the last is a finding."""
        end = 0
        for batch in super().batches():
            columns: tuple[Any, ...] = (batch.first, batch.size)  # whatever a changed store has
            if not all(isinstance(each, int) for each in columns):
                self._torn.add(end)
                return
            if not _goes_on(batch, end):
                self._torn.add(min(end, batch.first))
            end = batch.first + batch.size
            yield batch

    def _given(self, row: tuple[Any, ...]) -> Entry:
        self._positions.add(row[0])
        return super()._given(row)

    def findings(self) -> list[Finding]:
        """What is broken about the entries that were given; `verify` says whether others are hidden."""
        altered = [
            rules.ATTACHMENT.finding(_altered(position), place(self, position))
            for position in sorted(self._altered)
        ]
        torn = [
            rules.BATCH_SIGNATURE.finding(_torn(position), place(self, position))
            for position in sorted(self._torn)
        ]
        missing = [
            rules.ENTRY_MISSING.finding(
                f"{_span(first, end)} are missing"
                if end - first > 1
                else f"entry {first} is missing",
                place(self, first),
            )
            for first, end in sorted(self._missing)
        ]
        with collector_paused():
            alone = _Verification(self, None, index=True)
            if self.erased():
                self._positions.update(self.positions_of(Activity.ERASURE, _CHECKED_ERASURES))
            return altered + torn + missing + alone.of(sorted(self._positions))


class _Verification:
    def __init__(self, ledger: Ledger, trust: Trust | None, *, index: bool) -> None:
        self.ledger = ledger
        self.trust = trust
        self.index = index
        self.result = Verdict()
        self.tree = Tree()
        self.heads: dict[int, Checkpoint] = {}
        #: The latest time that an entry was recorded at, and the largest checkpoint that one knew.
        self.clock = 0
        self.known = 0
        self.batch: Batch | None = None
        self.first_bad = _EVERYTHING
        self.broken: set[int] = set()
        self.previous: dict[Head, bool] = {}
        #: The sizes of checkpoints that entries knew and that were looked at.
        self.looked_at: set[int] = set()
        #: Whether some entries are checked alone, and not the whole log.
        self.alone = False
        self.erased: set[int] = set()
        self.gaps: set[int] = set()
        self.erasures: set[int] = set()

    def add(self, rule: Rule, message: str, position: int | None = None) -> None:
        """Note a finding; where evidence is broken at an entry, the log is good up to there."""
        if position is not None and rule in rules.EVIDENCE:
            self.first_bad = min(self.first_bad, position)
        self.result.findings.append(rule.finding(message, place(self.ledger, position)))

    def run(self, seen: Note | None) -> Verdict:
        size = 0
        with self._junk():
            size = self._size()
        stages: tuple[Callable[[], None], ...] = (
            lambda: self._entries(size),
            lambda: self._tiles(size),
            lambda: self._batches(size),
            self._heads,
            self._anchors,
            self._attachments,
            self._ids,
            self._faults,
        )
        for stage in stages:
            with self._junk():
                stage()
        if seen is not None:
            self._seen(seen)
        self._last_good()
        self.result.root = self.tree.root()
        self.result.entries = size
        return self.result

    def of(self, positions: Sequence[int]) -> list[Finding]:
        """Check some entries alone: against their leaves, their index, and the writers' signatures."""
        checked = -1
        self.alone = True
        with self._junk():
            self._settled_size()
        with self._junk():
            self._erased_by_nobody()
        for position in positions:
            with self._junk():
                if position >= checked:
                    batch = self.ledger.batch_of(position)
                    checked = batch.first + batch.size
                    leaves = self.ledger.leaves(batch.first, batch.size)
                    self._signature(batch, Tree(leaves).root())
        for first, end in _spans(positions):
            with self._junk():
                chunk = list(self.ledger.rows(first, end))
                self._compare(chunk)
                self._events([entry_of(row) for row in chunk])
        return self.result.findings

    @contextlib.contextmanager
    def _junk(self) -> Generator[None]:
        """A column of another type than was ever written ends one stage of the check, not all."""
        try:
            yield
        except (LookupError, InputError, TypeError, ValueError, OverflowError) as error:
            said = error.message if isinstance(error, InputError) else str(error)
            self.add(rules.INDEX_CHANGED, f"the store holds what no log writes: {said}", 0)

    def _last_good(self) -> None:
        """Say in every finding of broken evidence up to where the log is as it was signed."""
        good = max((size for size in self.heads if size <= self.first_bad), default=None)
        if self.first_bad == _EVERYTHING or not self.result.findings:
            return
        said = "no checkpoint before it" if good is None else f"checkpoint of {good} entries"
        broken = {rule.code for rule in rules.EVIDENCE}
        self.result.findings = [
            replace(each, message=f"{each.message}; last good state: {said}")
            if each.code in broken
            else each
            for each in self.result.findings
        ]

    def _settled_size(self) -> None:
        """Whether batches and tree count the same; another process may be recording meanwhile."""
        known = len(self.result.findings)
        for _ in range(3):
            said = [each.message for each in self.result.findings[known:]]
            del self.result.findings[known:]
            self._size()
            if [each.message for each in self.result.findings[known:]] == said:
                return
        del self.result.findings[known:]  # it moves on between any two looks

    def _size(self) -> int:
        """How many entries can be checked: those that the batches count and the tree has leaves of."""
        size = self.ledger.size()
        rows = self.ledger.store.execute(
            "SELECT number, LENGTH(hashes) FROM tile WHERE level = 0 ORDER BY number DESC LIMIT 1"
        )
        leaves = rows[0][0] * WIDTH + rows[0][1] // HASH_SIZE if rows else 0
        if size != leaves:
            message = f"the batches count {size} entries, and the tree has {leaves} leaves"
            self.add(rules.TREE_CHANGED, message, max(0, min(size, leaves)))
        return max(0, min(size, leaves))

    # -- checkpoints -----------------------------------------------------------------------------

    def _checkpoints(self) -> list[tuple[Checkpoint, Note]]:
        found: list[tuple[Checkpoint, Note]] = []
        for size, recorded, text in self.ledger.store.execute(
            "SELECT size, recorded, note FROM checkpoint ORDER BY size"
        ):
            try:
                signed = note.parse_note(str(text))
                head = checkpoints.parse(signed.text)
            except EventError as error:
                message = f"the checkpoint of {size} entries cannot be read: {error.message}"
                self.add(rules.CHECKPOINT_SIGNATURE, message)
                continue
            if head.size != size:
                message = f"the checkpoint of {head.size} entries is filed under {size}"
                self.add(rules.CHECKPOINT_SIGNATURE, message)
            self._time_of(size, recorded)
            found.append((head, signed))
        return found

    def _time_of(self, size: int, recorded: Any) -> None:
        """The time of a checkpoint lies between those of the entries on either side of it."""
        around = dict(
            self.ledger.store.execute(
                "SELECT position, recorded FROM event WHERE position IN (?, ?)", size - 1, size
            )
        )
        low, high = around.get(size - 1, recorded), around.get(size, now() + _MINUTE)
        if not isinstance(recorded, int) or not low <= recorded <= high:
            message = (
                f"the time of the checkpoint of {size} entries does not fit the entries around it"
            )
            self.add(rules.INDEX_CHANGED, message, max(size - 1, 0))

    def _heads(self) -> None:
        """Whether each checkpoint is signed, and the log has its root."""
        notes = self._checkpoints()
        few = None
        for head, signed in notes:
            label = f"the checkpoint of {head.size} entries"
            self.result.checkpoints += 1
            if self._is_of_log(signed, label) and self._continues(head, label):
                self.heads[head.size] = head
                self.result.head = head
                witnesses, few = witnesses_of(signed, self.trust)
                self.result.witnesses = len(witnesses)
        if few is not None:
            self.add(rules.TOO_FEW_WITNESSES, few)
        if not notes:
            for rule, message in unsigned(self.ledger, self.trust):
                self.add(rule, message)

    def _is_of_log(self, signed: Note, label: str) -> bool:
        own = self.ledger.settings.log_key
        objection = objection_to(signed, self.ledger.origin, own, self.trust)
        if objection is not None:
            self.add(rules.CHECKPOINT_SIGNATURE, f"{label}: {objection}")
        return objection is None

    def _continues(self, head: Checkpoint, label: str) -> bool:
        size = len(self.tree)
        if head.size > size:
            message = f"{label} is signed, but the log has {size}"
            self.add(rules.NO_CONTINUATION, message)
            return False
        computed = merkle.root(head.size, self.tree.node)
        if computed != head.root:
            message = (
                f"{label} names root {short(head.root)}, the entries give {short(computed)}"
                f"{self._first_after(head.size)}"
            )
            self.add(rules.NO_CONTINUATION, message)
            return False
        return True

    def _first_after(self, size: int) -> str:
        """Between which entries the difference to a checkpoint lies."""
        good = max((each for each in self.heads if each < size), default=0)
        return f"; the difference lies in entries {good} to {size - 1}"

    def _seen(self, seen: Note) -> None:
        head = checkpoints.parse(seen.text)
        label = f"the checkpoint of {head.size} entries that you kept"
        if self._is_of_log(seen, label):
            self._continues(head, label)

    # -- entries and tree ------------------------------------------------------------------------

    def _entries(self, size: int) -> None:
        """Every entry against its leaf; the tree is built from the leaves that the log has."""
        expected = 0
        rows = self.ledger.rows(-_EVERYTHING, _EVERYTHING)
        while chunk := list(itertools.islice(rows, _CHUNK)):
            last = expected + len(chunk) - 1
            if chunk[0][0] != expected or chunk[-1][0] != last or last >= size:
                chunk = list(self._completed(chunk, expected, size))
            self._leaves(chunk)
            expected += len(chunk)
        self._leaves(list(self._completed([], expected, size, to_the_end=True)))
        self.result.erased = len(self.erased)
        self._erasures()
        for position in sorted(each for each in self.erasures - self.erased if 0 <= each < size):
            message = f"entry {position} was to be erased, and is still there"
            self.add(rules.UNFINISHED, message, position)
        if erasure.is_unwiped(self.ledger):
            message = "what was erased may still stand in the files of the store"
            self.add(rules.UNFINISHED, message)
        self._not_named(self.erased)

    def _erasures(self) -> None:
        """What the erasures in the log name."""
        for entry in self.ledger.erasures():
            with contextlib.suppress(EventError):  # which is said where entries are checked
                for each in entry.event.erases:
                    if each.position < entry.position:
                        self.erasures.add(each.position)
                    else:
                        message = f"an erasure names entry {each.position}, which is not before it"
                        self.add(rules.UNFINISHED, message, entry.position)

    def _not_named(self, erased: Iterable[int]) -> None:
        for position in sorted({*erased} - self.erasures):
            message = f"entry {position} is gone, and no erasure in the log says so"
            self.add(rules.ENTRY_MISSING, message, position)

    def _erased_by_nobody(self) -> None:
        """Entries that the store calls erased, without the whole log."""
        erased = [row[0] for row in self.ledger.store.execute("SELECT position FROM erased")]
        if erased:
            self._erasures()
            self._not_named(erased)

    def _completed(
        self, chunk: Sequence[_Row], expected: int, size: int, *, to_the_end: bool = False
    ) -> Iterator[_Row]:
        """Rows without those that the log does not count, and with a gap for each missing one."""
        for row in [*chunk, *([(size, None, None, None)] if to_the_end else [])]:
            if not 0 <= row[0] < size + to_the_end:
                message = f"entry {row[0]} stands in no batch"
                self.add(rules.BATCH_SIGNATURE, message, max(0, row[0]))
                continue
            for position in range(expected, row[0]):
                self.add(rules.ENTRY_MISSING, f"entry {position} is missing", position)
                self.gaps.add(position)
                yield (position, None, None, None)
            expected = row[0] + 1
            if row[0] < size:
                yield row

    def _leaves(self, chunk: Sequence[_Row]) -> None:
        if not chunk:
            return
        self.tree.extend(self._compare(chunk))
        gone = {row[0] for row in chunk if row[3] is None}
        self.erased |= gone - self.gaps
        if self.index:
            self._index([entry_of(row) for row in chunk])

    def _compare(self, chunk: Sequence[_Row]) -> bytes:
        """Entries side by side against the leaves that the log has; those leaves."""
        first = chunk[0][0]
        stored = self._stored_leaves(first, len(chunk))
        try:
            computed = _computed(chunk, stored)
        except TypeError:  # a column holds what was never recorded
            chunk = [entry_of(row) for row in chunk]
            computed = _computed(chunk, stored)
        joined = b"".join(computed)
        if not hmac.compare_digest(joined, stored):
            for at, (position, *_) in enumerate(chunk):
                if computed[at] != stored[at * HASH_SIZE : (at + 1) * HASH_SIZE]:
                    message = f"entry {position} does not give the leaf that the log has"
                    self.add(rules.ENTRY_CHANGED, message, position)
                    self.broken.add(position)
        return stored.ljust(len(joined), b"\0")

    def _stored_leaves(self, first: int, count: int) -> bytes:
        """Leaf hashes off the bottom tiles; zeros where a tile is missing or short."""
        low, high = first // WIDTH, (first + count - 1) // WIDTH
        tiles = dict(
            self.ledger.store.execute(
                "SELECT number, hashes FROM tile WHERE level = 0 AND number BETWEEN ? AND ?",
                low,
                high,
            )
        )
        width = WIDTH * HASH_SIZE
        joined = b"".join(
            _tile(tiles.get(number))[:width].ljust(width, b"\0") for number in range(low, high + 1)
        )
        start = (first - low * WIDTH) * HASH_SIZE
        return joined[start : start + count * HASH_SIZE]

    def _index(self, chunk: list[Entry]) -> None:
        for entry, event, recorded in self._events(chunk):
            self._files(entry.position, event)
            if event.previous is not None and not self._had(event.previous):
                message = (
                    f"entry {entry.position} names root {event.previous.root[:4]}…"
                    f"{event.previous.root[-4:]} for {event.previous.size} entries, which was known when "
                    "it was recorded, and the log has another one"
                )
                self.add(rules.NO_CONTINUATION, message, entry.position)
            known = 0 if event.previous is None else event.previous.size
            if recorded < self.clock:
                message = (
                    f"entry {entry.position} was recorded at {event.recorded}, before the one above"
                )
                self.add(rules.CLOCK, message, entry.position)
            elif known < self.known:
                message = (
                    f"entry {entry.position} names no checkpoint, or one of {known} entries, and the one "
                    f"above knew {self.known}"
                )
                self.add(rules.CLOCK, message, entry.position)
            self.clock, self.known = max(recorded, self.clock), max(known, self.known)
            if self.trust is not None:  # a key that is no longer valid gains nothing by an old time
                self._right(entry.position, event, self.clock)

    def _files(self, position: int, event: Event) -> None:
        """Count the files that an entry names and the store does not hold."""
        if not event.attachments:
            return
        rows = self.ledger.store.execute(
            "SELECT sha256 FROM attachment WHERE position = ?", position
        )
        held = {digest for (digest,) in rows}
        for each in event.attachments:
            if each.sha256 not in held:
                self.result.not_held += 1
                self.result.first_not_held = (
                    self.result.first_not_held or f"`{each.name}` of entry {position}"
                )

    def _known_checkpoint(self, position: int, head: Head) -> None:
        """A checkpoint that an entry knew is there, with a time that fits: it says what is backdated."""
        if head.size in self.looked_at:
            return
        self.looked_at.add(head.size)
        rows = self.ledger.store.execute(
            "SELECT recorded FROM checkpoint WHERE size = ?", head.size
        )
        if not rows:
            message = (
                f"entry {position} knew a checkpoint of {head.size} entries, which is not there"
            )
            self.add(rules.CHECKPOINT_GONE, message)
        elif self.alone:  # of a whole log every checkpoint is looked at
            self._time_of(head.size, rows[0][0])

    def _events(self, chunk: list[Entry]) -> list[tuple[Entry, Event, int]]:
        """Entries that are sound, with event and time of recording; what finds them must fit them."""
        columns = {
            row[0]: row[1:]
            for row in self.ledger.store.execute(
                "SELECT position, event_id, asset, activity, agent, happened, recorded FROM event"
                " WHERE position BETWEEN ? AND ?",
                chunk[0].position,
                chunk[-1].position,
            )
        }
        mentions: dict[int, set[tuple[str, str]]] = {}
        for asset, position, role in self.ledger.store.execute(
            "SELECT asset, position, role FROM mention WHERE position BETWEEN ? AND ?",
            chunk[0].position,
            chunk[-1].position,
        ):
            mentions.setdefault(position, set()).add((asset, role))
        found: list[tuple[Entry, Event, int]] = []
        for entry in chunk:
            if entry.body is None or entry.position in self.broken:
                continue
            try:
                event = unchecked(entry.body)
                recorded = instant(event.recorded or "")
                happened = instant(event.happened)
            except (EventError, ValueError):
                message = f"entry {entry.position} is no event"
                self.add(rules.ENTRY_CHANGED, message, entry.position)
                continue
            for message in commitment.two_readings(event, entry.salt, entry.body, entry.field_root):
                self.add(rules.TWO_READINGS, f"entry {entry.position}: {message}", entry.position)
            if event.previous is not None:
                self._known_checkpoint(entry.position, event.previous)
            own = (
                event.event_id,
                event.asset,
                event.activity.value,
                event.agent,
                happened,
                recorded,
            )
            roles = {(item.asset, role) for role in ROLES for item in getattr(event, role)}
            row = columns[entry.position]
            if row[:5] != own[:5] or row[5] // 1000 != recorded // 1000:
                message = f"the index of entry {entry.position} does not fit the entry"
                self.add(rules.INDEX_CHANGED, message, entry.position)
            elif mentions.get(entry.position, set()) != roles:
                message = (
                    f"the index of the assets in entry {entry.position} does not fit the entry"
                )
                self.add(rules.INDEX_CHANGED, message, entry.position)
            found.append((entry, event, recorded))
        return found

    def _had(self, head: Head) -> bool:
        """Whether the log has the root that an event names."""
        if head not in self.previous:
            known = head.size <= len(self.tree)
            self.previous[head] = known and (
                merkle.root(head.size, self.tree.node).hex() == head.root
            )
        return self.previous[head]

    def _right(self, position: int, event: Event, recorded: int) -> None:
        assert self.trust is not None
        reason = refusal(self.ledger, self.trust, self._writer(position), recorded, event)
        if reason is not None:
            self.add(rules.WRITER, f"entry {position}: {reason}", position)

    def _writer(self, position: int) -> str:
        current = self.batch
        if current is None or not current.first <= position < current.first + current.size:
            try:
                current = self.batch = self.ledger.batch_of(position)
            except StoreError:
                current = Batch(position, 1, str(self.ledger.settings.log_key), b"")
        return current.writer

    def _tiles(self, size: int) -> None:
        """Every stored tile above the leaves against the tree that the leaves give."""
        rows = self.ledger.store.stream(
            "SELECT level, number, hashes FROM tile ORDER BY level, number"
        )
        expected = dict(_widths(size))
        for level, number, hashes in rows:
            hashes = _tile(hashes)  # noqa: PLW2901 - what is no bytes is no tile
            width = expected.pop((level, number), None)
            if width is None or len(hashes) != width * HASH_SIZE:
                message = f"tile {level}/{number} has the wrong size or is too much"
                below = number << (8 * (level + 1)) if 0 <= level < _LEVELS and number >= 0 else 0
                self.add(rules.TREE_CHANGED, message, min(size, below))
                continue
            if level == 0:
                continue
            for at in range(width):
                position = number * WIDTH + at
                if self.tree.node(8 * level, position) != hashes[at * 32 : at * 32 + 32]:
                    leaves = 1 << (8 * level)
                    first = position * leaves
                    message = f"tile {level}/{number} does not fit entries {first} to {first + leaves - 1}"
                    self.add(rules.TREE_CHANGED, message, first)
        for level, number in expected:
            message = f"tile {level}/{number} of the tree is missing"
            self.add(rules.TREE_CHANGED, message, number << (8 * (level + 1)))

    def _batches(self, size: int) -> None:
        """Every writer's signature over the leaves that the log has."""
        end = 0
        for batch in self.ledger.batches():
            self.result.batches += 1
            if not _goes_on(batch, end):
                self.add(rules.BATCH_SIGNATURE, _torn(batch.first), min(end, batch.first))
            end = batch.first + batch.size
            if end > size:
                continue
            self._signature(batch, self.tree.root_of(batch.first, batch.size))

    def _signature(self, batch: Batch, root: bytes) -> None:
        if not batch.is_signed(self.ledger.origin, root):
            message = (
                f"the signature of {_span(batch.first, batch.first + batch.size)} does not fit them"
            )
            self.add(rules.BATCH_SIGNATURE, message, batch.first)

    # -- anchors and files -----------------------------------------------------------------------

    def _anchors(self) -> None:
        for size, root in self.ledger.store.execute("SELECT size, root FROM anchor ORDER BY size"):
            if size > len(self.tree) or merkle.root(size, self.tree.node) != bytes(root):
                message = f"the root that was anchored for {size} entries is not that of the log"
                self.add(rules.ANCHOR_DIFFERS, message, size)

    def _attachments(self) -> None:
        mentioned: dict[int, set[str]] = {}
        for position, digest, content in self.ledger.store.stream(
            "SELECT position, sha256, content FROM attachment ORDER BY position"
        ):
            if position not in mentioned:
                mentioned = {position: self._mentioned(position)}
            data = content if isinstance(content, bytes) else str(content).encode()
            if sha256(data).hexdigest() != digest or digest not in mentioned[position]:
                self.add(rules.ATTACHMENT, _altered(position), max(0, position))
        for (position,) in self.ledger.store.execute(
            "SELECT DISTINCT position FROM mention WHERE position NOT IN (SELECT position FROM event)"
        ):
            message = f"the index names entry {position}, which is not there"
            self.add(rules.INDEX_CHANGED, message, max(0, position))

    def _ids(self) -> None:
        """No two entries have one id."""
        for event_id, first in self.ledger.store.execute(
            "SELECT event_id, MIN(position) FROM event GROUP BY event_id HAVING COUNT(*) > 1"
        ):
            for (position,) in self.ledger.store.execute(
                "SELECT position FROM event WHERE event_id = ? AND position > ?", event_id, first
            ):
                message = f"entry {position} has the id of entry {first}"
                self.add(rules.TWO_READINGS, message, position)

    def _faults(self) -> None:
        """Nothing that the database finds rows by leaves one out."""
        for message in self.ledger.store.faults() if self.index else ():
            self.add(rules.INDEX_CHANGED, message, 0)

    def _mentioned(self, position: int) -> set[str]:
        """The files that an entry speaks about."""
        try:
            return {each.sha256 for each in self.ledger.entry(position).event.attachments}
        except (LedgerError, EventError):
            return set()


def _altered(position: int) -> str:
    return f"a file of entry {position} is not one that was recorded"


def _goes_on(batch: Batch, end: int) -> bool:
    """Whether a batch begins where the one before ends, and holds something."""
    return batch.first == end and batch.size >= 1


def _torn(position: int) -> str:
    return f"the batches leave out or repeat entries before {position}"


def _span(first: int, end: int) -> str:
    return f"entries {first} to {end - 1}"


def _spans(positions: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ascending positions as spans without gaps, first and end, of which none is long."""
    first = end = -1
    for position in positions:
        if position != end or end - first == _CHUNK:
            if end > first:
                yield first, end
            first = position
        end = position + 1
    if end > first:
        yield first, end


def _computed(rows: Sequence[_Row], stored: bytes) -> list[bytes]:
    """The leaf that each row gives; for one without content the leaf that the log has.

    Raises:
        TypeError: a column holds no bytes.
    """
    return [
        sha256(b"\0" + sha256(salt + body).digest()).digest()
        if fields is None and salt is not None and body is not None
        else leaf_hash(commitment.commitment(salt, body, fields))
        if salt is not None and body is not None
        else stored[at * HASH_SIZE : (at + 1) * HASH_SIZE]
        for at, (_, salt, fields, body) in enumerate(rows)
    ]


def _tile(hashes: Any) -> bytes:
    return hashes if isinstance(hashes, bytes) else b""


def _widths(size: int) -> Iterator[tuple[tuple[int, int], int]]:
    """The tiles of a tree and how many hashes each holds."""
    level = 0
    while nodes := size >> (8 * level):
        full, rest = divmod(nodes, WIDTH)
        for number in range(full):
            yield (level, number), WIDTH
        if rest:
            yield (level, full), rest
        level += 1


def short(digest: bytes) -> str:
    """A hash for people: its first and last four digits."""
    text = digest.hex()
    return f"{text[:4]}…{text[-4:]}"


def first_changed(ledger: Ledger) -> int | None:
    """The first entry that is missing, or does not give the leaf that its log has."""
    with collector_paused():
        checked = _Verification(ledger, None, index=False)
        with checked._junk():
            checked._entries(checked._size())
    return None if checked.first_bad == _EVERYTHING else checked.first_bad


def first_difference(one: Ledger, other: Ledger) -> int | None:
    """The first entry in which two copies of a log differ; `None` if one continues the other."""
    size = min(one.size(), other.size())
    trees = one.tiles(), other.tiles()
    low = 0
    for level in range(size.bit_length() - 1, -1, -1):  # from the largest complete subtree down
        while low + (1 << level) <= size:
            if trees[0].node(level, low >> level) != trees[1].node(level, low >> level):
                break
            low += 1 << level
    return low if low < size else None
