"""Questions to a log, each answered with what proves the answer. Nothing here needs the chain."""

import contextlib
import dataclasses
from collections import deque
from collections.abc import Generator, Iterator
from typing import Any, NamedTuple

from nacre_aas.errors import InputError
from nacre_aas.findings import Finding, Location
from nacre_aas.wording import counted, some_of
from nacre_ledger import checkpoint as checkpoints
from nacre_ledger import commitment, history, merkle, note, rules, verification
from nacre_ledger import event as events
from nacre_ledger.checkpoint import Checkpoint
from nacre_ledger.errors import EventError, LedgerError
from nacre_ledger.event import Activity, Event, Item
from nacre_ledger.history import Line
from nacre_ledger.log import Batch, Entry, Ledger
from nacre_ledger.merkle import Tree
from nacre_ledger.note import Note
from nacre_ledger.settings import Policy
from nacre_ledger.trust import Trust, objection_to, witnesses_of
from nacre_ledger.verification import place, short

#: Microseconds from 1970 to the year 9999, where calendars end.
_CALENDAR = 253_402_300_800_000_000


@dataclasses.dataclass
class Checked:
    """An entry and what could be proved of it."""

    position: int
    event: Event
    writer: str
    signed: bool
    in_log: bool
    trusted: bool
    notes: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Audit:
    """The provenance of one asset."""

    asset: str
    origin: str
    size: int
    head: Checkpoint | None = None
    head_time: int | None = None
    witnesses: int = 0
    threshold: int = 0
    with_trust: bool = False
    entries: list[Checked] = dataclasses.field(default_factory=list)
    findings: list[Finding] = dataclasses.field(default_factory=list)
    statements: list[str] = dataclasses.field(default_factory=list)


def audit(
    ledger: Ledger,
    asset: str,
    trust: Trust | None = None,
    *,
    seen: Note | None = None,
    now: int | None = None,
    quick: bool = False,
) -> Audit:
    """Check every entry of an asset: hash, place in the log, signature of its writer, right of the key.

    And, unless it is to be `quick`, the whole log, so that no entry of the asset can be hidden.

    `seen` is a checkpoint that the caller kept from an earlier visit.

    Raises:
        LedgerError: no entry speaks of the asset.
    """
    return _Audit(ledger, asset, trust, quick=quick).run(seen, events.now() if now is None else now)


class _Audit:
    def __init__(self, ledger: Ledger, asset: str, trust: Trust | None, *, quick: bool) -> None:
        self.ledger = ledger
        self.quick = quick
        self.trust = trust
        self.result = Audit(asset, ledger.origin, 0, with_trust=trust is not None)
        self.tiles = ledger.tiles()
        self.edge: list[bytes | None] = []
        self.batches: dict[int, tuple[Batch, bool, Tree]] = {}
        #: The entries whose keys had no right by the latest time before them, which the whole log tells.
        self.refused: set[Location] = set()

    def add(self, rule: Any, message: str, position: int | None = None) -> None:
        self.result.findings.append(rule.finding(message, place(self.ledger, position)))

    def run(self, seen: Note | None, now: int) -> Audit:
        result = self.result
        with self._junk():
            result.size = self.ledger.size()
            self._head()
        entries = self.ledger.of_asset(result.asset, scan=not self.quick)
        self._whole()
        if not entries and not self.result.findings:
            known_asset(self.ledger, result.asset)
        for entry in entries:
            with self._junk(entry.position):
                self._entry(entry)
        by_position = {each.position: each for each in result.entries}
        for correction, target in history.corrections(result.entries):
            never = history.IN_ERROR in correction.event.fields
            said = "declared never to have happened" if never else "corrected"
            by_position[target.position].notes.append(f"{said} by entry {correction.position}")
        writers = {each.position: _public(each.writer) for each in result.entries}
        policy = self._policy()
        odd = list(history.oddities(result.entries, result.asset, policy, now, writers))
        parts = history.state(history.read(result.entries), result.asset, now)
        with self._junk():  # in the entries of other assets
            odd += history.doubts(result.asset, parts, now, self.ledger.of_asset)
        for oddity in map(self._perhaps_erased, odd):
            by_position[oddity.position].notes.append(oddity.message)
            self.add(oddity.rule, oddity.message, oddity.position)
        if seen is not None:
            with self._junk():
                self._seen(seen)
        if self.trust is None:
            self.add(rules.IDENTITY, "identity not established: there is no trust file")
        self._count()
        unique = {
            (each.code, each.message, each.location.element): each for each in result.findings
        }
        result.findings = list(unique.values())
        return result

    def _perhaps_erased(self, oddity: history.Oddity) -> history.Oddity:
        """A gap between two versions of a twin may be an entry that was erased."""
        if oddity.rule is not rules.TWIN_GAP or not self.ledger.erased():
            return oddity
        return oddity._replace(message=f"{oddity.message}, or the entry that said it was erased")

    def _policy(self) -> Policy:
        """The policy of whoever audits, or else of the ledger."""
        own = self.trust.policy if self.trust is not None else None
        whose = (
            "the ledger's own policy, which nobody signs"
            if own is None
            else "the trust file's policy"
        )
        policy = self.ledger.settings.policy if own is None else own
        self.result.statements.append(f"judged by {whose}: {policy}")
        return policy

    @contextlib.contextmanager
    def _junk(self, position: int | None = None) -> Generator[None]:
        """What cannot be read because the store was changed is broken evidence, not the end."""
        try:
            yield
        except (LookupError, InputError, TypeError, ValueError, OverflowError) as error:
            said = error.message if isinstance(error, InputError) else str(error)
            self.add(rules.TREE_CHANGED, f"the store holds what no log writes: {said}", position)

    def _whole(self) -> None:
        """The rest of the log, in which an entry of the asset could have been hidden."""
        if self.quick:
            text = "not checked: whether the index hides entries of the asset (--quick)"
            self.result.statements.append(text)
            if self.trust is not None:
                text = "the right of each key was judged by its entry's own time, not by those before it (--quick)"
                self.result.statements.append(text)
            return
        verdict = verification.verify(self.ledger, self.trust)
        self.refused = {
            each.location for each in verdict.findings if each.code == rules.WRITER.code
        }
        broken = {rule.code for rule in rules.EVIDENCE}
        self.result.findings += [each for each in verdict.findings if each.code in broken]
        if not self.result.findings:
            self.result.statements.append(
                f"all {verdict.entries} entries of the log fit, none is hidden"
            )
        self.result.statements += verification.uncovered(verdict)
        if verdict.erased:
            text = (
                f"erased: {counted(verdict.erased, 'entry')} of the log; whose, and when recorded, "
                "is not known"
            )
            self.result.statements.append(text)

    def _head(self) -> None:
        signed = self.ledger.checkpoint_note()
        if signed is None:
            for rule, message in verification.unsigned(self.ledger, self.trust):
                self.add(rule, message)
            return
        head = checkpoints.parse(signed.text)
        objection = objection_to(
            signed, self.ledger.origin, self.ledger.settings.log_key, self.trust
        )
        if objection is not None:
            self.add(rules.CHECKPOINT_SIGNATURE, f"the last checkpoint: {objection}")
        if head.size > self.result.size:
            message = (
                f"a checkpoint of {head.size} entries is signed, and the log has {self.result.size}"
            )
            self.add(rules.NO_CONTINUATION, message)
            return
        self.result.head = head
        self.edge = merkle.edges(head.size, self.tiles.node)
        if (self.edge[-1] or merkle.EMPTY_ROOT) != head.root:
            message = (
                f"the last checkpoint names root {short(head.root)}, the log has "
                f"{short(self.edge[-1] or merkle.EMPTY_ROOT)}"
            )
            self.add(rules.NO_CONTINUATION, message)
        witnesses, few = witnesses_of(signed, self.trust)
        self.result.witnesses = len(witnesses)
        self.result.threshold = self.trust.witness.threshold if self.trust else 0
        if few is not None:
            self.add(rules.TOO_FEW_WITNESSES, few)
        rows = self.ledger.store.execute(
            "SELECT recorded FROM checkpoint WHERE size = ?", head.size
        )
        when = rows[0][0] if rows else None
        # Beyond what a calendar has is what no log writes, which the check of the whole says.
        self.result.head_time = when if isinstance(when, int) and 0 <= when < _CALENDAR else None

    def _entry(self, entry: Entry) -> None:
        position = entry.position
        if not 0 <= position < self.result.size:
            self.add(rules.ENTRY_CHANGED, f"entry {position} is none that the log counts", position)
            return
        leaf = entry.leaf
        if leaf is None or leaf != self.tiles.node(0, position):
            message = f"entry {position} does not give the leaf that the log has"
            self.add(rules.ENTRY_CHANGED, message, position)
        try:
            event = entry.event
        except EventError as error:
            self.add(rules.ENTRY_CHANGED, error.message, position)
            return
        batch, signed, tree = self._batch(position)
        at = position - batch.first
        signed = signed and leaf == tree.node(0, at)
        if not signed:
            message = f"the writer's signature does not fit entry {position}"
            self.add(rules.BATCH_SIGNATURE, message, position)
        head = self.result.head
        in_log = False
        notes = []
        if head is not None and leaf is not None and position < head.size:
            path = merkle.inclusion_proof(position, head.size, self.tiles.node, self.edge)
            in_log = merkle.verify_inclusion(leaf, position, head.size, path, head.root)
            if not in_log:
                message = f"entry {position} is not under the last checkpoint"
                self.add(rules.PROOF, message, position)
        else:
            notes.append("under no checkpoint yet")
        trusted = False
        if self.trust is not None:
            recorded = events.instant(event.recorded) if event.recorded else 0
            reason = verification.refusal(self.ledger, self.trust, batch.writer, recorded, event)
            refused = place(self.ledger, position) in self.refused
            trusted = reason is None and not refused
            if reason is not None and not refused:
                self.add(rules.WRITER, f"entry {position}: {reason}", position)
        for message in commitment.two_readings(
            event, entry.salt, entry.body or b"", entry.field_root
        ):
            self.add(rules.TWO_READINGS, f"entry {position}: {message}", position)
        notes += _notes(event)
        self.result.entries.append(
            Checked(position, event, batch.writer, signed, in_log, trusted, notes)
        )

    def _batch(self, position: int) -> tuple[Batch, bool, Tree]:
        for first, known in self.batches.items():
            if first <= position < first + known[0].size:
                return known
        batch = self.ledger.batch_of(position)
        tree = Tree(self.ledger.leaves(batch.first, batch.size))
        signed = batch.is_signed(self.ledger.origin, tree.root())
        self.batches[batch.first] = (batch, signed, tree)
        return self.batches[batch.first]

    def _seen(self, seen: Note) -> None:
        head = checkpoints.parse(seen.text)
        size = self.result.size
        objection = objection_to(seen, self.ledger.origin, self.ledger.settings.log_key, self.trust)
        if objection is not None:
            self.add(rules.CHECKPOINT_SIGNATURE, f"the checkpoint that you kept: {objection}")
        elif head.size > size:
            message = f"you saw {head.size} entries, and the log has {size}"
            self.add(rules.NO_CONTINUATION, message)
        elif (computed := self.ledger.root(head.size)) != head.root:
            message = (
                f"the log is not a continuation of the one you saw: root for {head.size} entries is "
                f"{short(computed)}, and was {short(head.root)}"
            )
            self.add(rules.NO_CONTINUATION, message)
        else:
            self.result.statements.append(
                f"the log only grew since your last visit ({head.size} → {size})"
            )

    def _count(self) -> None:
        entries = self.result.entries
        signed = sum(each.signed for each in entries)
        trusted = sum(each.signed and each.trusted for each in entries)
        proofs = sum(each.in_log for each in entries)
        by_whom = (
            f"{trusted} signatures by trusted keys"
            if self.trust
            else f"{signed} signatures (whose keys, nobody said)"
        )
        self.result.statements.insert(
            0, f"{len(entries)} events, {by_whom}, {proofs} inclusion proofs"
        )


def _notes(event: Event) -> list[str]:
    """What an event says beside who, what and when, in a few words each."""
    notes = [event.note] if event.note else []
    if event.custody is not None:
        notes.append(f"{event.custody.from_ or ''} → {event.custody.to}".strip())
    if event.location is not None:
        notes.append(f"at {event.location}")
    changed = event.twin.changed if event.twin is not None else ()
    for word, said in (
        *((role, [_part(each) for each in getattr(event, role)]) for role in events.ROLES),
        ("set", [f"{name} = {value}" for name, value in event.configuration.items()]),
        ("attests", event.attests),
        ("holds", [each.name for each in event.attachments]),
        ("twin changed:", [each.path.rpartition("/")[2] for each in changed]),
    ):
        if said:
            notes.append(f"{word} {some_of(said, 3)}")
    if event.corrects is not None:
        reason = event.fields.get(history.IN_ERROR)
        notes.append(
            f"corrects {event.corrects}"
            if reason is None
            else f"{event.corrects} never happened: {reason}"
        )
    return notes


def _part(item: Item) -> str:
    amount = f"{item.quantity} {item.unit or ''} ".replace("  ", " ") if item.quantity else ""
    return amount + item.asset + (f" at {item.position}" if item.position else "")


# -- traces ----------------------------------------------------------------------------------------


#: The end of what has none, in microseconds since 1970.
ALWAYS = 1 << 62


class Link(NamedTuple):
    """A step of a trace: the event of an entry leads from one asset to another.

    `since` and `until` are from when to when the source was in the target, in microseconds since 1970; of a
    transformation they are one moment. `is_apart` says that by the times given the asset that is traced cannot
    have come this way: what is between left before.
    """

    depth: int
    source: str
    target: str
    position: int
    activity: Activity
    since: int
    until: int = ALWAYS
    is_apart: bool = False

    @property
    def is_moment(self) -> bool:
        """Whether material flowed once, instead of being in something for a time."""
        return self.since == self.until


def known_asset(ledger: Ledger, asset: str) -> list[Entry]:
    """The entries of an asset.

    Raises:
        LedgerError: no entry speaks of it.
    """
    entries = ledger.of_asset(asset)
    if not entries:
        raise LedgerError(
            f"no entry of `{ledger.origin}` speaks of `{asset}`",
            "the id must be written as it was recorded; `nacre ledger log` lists the last ones",
        )
    return entries


def trace(ledger: Ledger, asset: str, *, upstream: bool) -> list[Link]:
    """Where an asset's material and parts come from (upstream), or where they went (downstream).

    Over transformations, aggregations and replacements, to any depth; a cycle is walked once.
    """
    known_asset(ledger, asset)
    flows: dict[str, dict[str, list[Link]]] = {}  # by the asset of the events, and what flows
    found: list[Link] = []
    known = {asset}
    queue = deque([(asset, 0)])
    while queue:
        current, depth = queue.popleft()
        steps: list[Link] = []
        for owner in dict.fromkeys(each.event.asset for each in ledger.of_asset(current)):
            if owner not in flows:
                flows[owner] = _flows_of(ledger, owner, upstream=upstream)
            steps += flows[owner].get(current, ())
        for step in sorted(steps, key=lambda each: each.position):
            found.append(step._replace(depth=depth + 1))
            there = step.source if upstream else step.target
            if there not in known:
                known.add(there)
                queue.append((there, depth + 1))
    sure = _possible(asset, flows, upstream=upstream)
    return [
        each._replace(is_apart=each._replace(depth=0) not in sure) for each in dict.fromkeys(found)
    ]


def _possible(asset: str, flows: dict[str, dict[str, list[Link]]], *, upstream: bool) -> set[Link]:
    """The links whose times let the traced asset come that way.

    With each asset goes the time in which what is in it matters: from when to when.
    """
    by_start: dict[str, list[Link]] = {}
    for some in flows.values():
        for start, links in some.items():
            by_start.setdefault(start, []).extend(links)
    found: set[Link] = set()
    windows: dict[str, list[tuple[int, int]]] = {asset: [(-ALWAYS, ALWAYS)]}
    queue: deque[tuple[str, int, int]] = deque([(asset, -ALWAYS, ALWAYS)])
    while queue:
        current, low, high = queue.popleft()
        for link in by_start.get(current, ()):
            if link.is_moment:
                fits = link.since <= high and (upstream or link.since >= low)
                window = (-ALWAYS, link.since) if upstream else (link.since, ALWAYS)
            else:
                window = max(low, link.since), min(high, link.until)
                fits = window[0] < window[1]
            if not fits:
                continue
            found.add(link)
            there = link.source if upstream else link.target
            known = windows.setdefault(there, [])
            if not any(one <= window[0] and window[1] <= other for one, other in known):
                known.append(window)
                queue.append((there, window[0], window[1]))
    return found


def _flows_of(ledger: Ledger, owner: str, *, upstream: bool) -> dict[str, list[Link]]:
    """What flows in the events of an asset, as they are to be read, by what it flows to (or from)."""
    found: dict[str, list[Link]] = {}
    lines = [each for each in history.read(ledger.of_asset(owner)) if each.event.asset == owner]
    left: dict[str, list[int]] = {}  # when a part was taken out, in order
    for line in lines:
        taken = (*line.event.removed, *_unpacked(line.event))
        for item in (each for each in taken if each.quantity is None):  # else some may be left
            left.setdefault(item.asset, []).append(events.instant(line.event.happened))
    for line in lines:
        event, since = line.event, events.instant(line.event.happened)
        for source, target, said in _flows(event):
            if source != target:
                stays = said == "installed" or event.activity is Activity.AGGREGATION
                until = next((t for t in left.get(source, ()) if t > since), ALWAYS)
                position = line.source(said)
                end = until if stays else since
                link = Link(0, source, target, position, event.activity, since, end)
                found.setdefault(target if upstream else source, []).append(link)
    return found


def _unpacked(event: Event) -> tuple[Item, ...]:
    """What an event takes out of an aggregation."""
    return event.outputs if event.activity is Activity.DISAGGREGATION else ()


def _flows(event: Event) -> Iterator[tuple[str, str, str]]:
    """From what to what an event lets material and parts flow, and which of its attributes says so."""
    if event.activity is Activity.DISAGGREGATION:
        yield from ((event.asset, item.asset, "outputs") for item in event.outputs)
        return
    targets = [item.asset for item in event.outputs] or [event.asset]
    for source in event.inputs:
        yield from ((source.asset, target, "inputs") for target in targets)
    for source in event.installed:  # which stays in the asset, whatever comes out of the work
        yield source.asset, event.asset, "installed"
    if event.activity is Activity.TRANSFORMATION and not event.inputs:
        yield from ((event.asset, target, "outputs") for target in targets)


# -- named questions -------------------------------------------------------------------------------


class Row(NamedTuple):
    """A line of an answer: an entry, and what is said about it."""

    position: int
    event: Event | None
    said: str


def find(
    ledger: Ledger,
    *,
    asset: str | None = None,
    activity: str | None = None,
    agent: str | None = None,
    since: int | None = None,
    until: int | None = None,
    limit: int | None = None,
) -> Iterator[Entry]:
    """Entries by what they are about, newest first; times in microseconds since 1970."""
    conditions = ["position >= 0", "position < ?"]
    values: list[Any] = [ledger.size()]
    for condition, value in (
        ("asset = ?", asset),
        ("activity = ?", activity),
        ("agent = ?", agent),
        ("happened >= ?", since),
        ("happened <= ?", until),
    ):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    order = " ORDER BY position DESC" + (" LIMIT ?" if limit is not None else "")
    limits = [limit] if limit is not None else []
    return ledger.where(" AND ".join(conditions) + order, *values, *limits)


def late(ledger: Ledger, limit: int = history.LATE) -> Iterator[Row]:
    """Events that were recorded late, out of order, in the future, or backdated behind a checkpoint.

    `limit` is in microseconds.
    """
    heads = dict(ledger.store.execute("SELECT size, recorded FROM checkpoint"))
    lines = [
        Line(entry.position, entry.event) for entry in ledger.entries() if entry.body is not None
    ]
    said = {each.position: each.message for each in history.out_of_order(lines, limit)}
    for line in lines:
        position, event = line.position, line.event
        before = heads.get(event.previous.size) if event.previous else None
        if before is not None and events.instant(event.happened) < before:
            text = said.get(position)
            more = (
                f"backdated: the checkpoint of {events.utc(before)} was known when it was recorded"
            )
            said[position] = f"{text}; {more}" if text else more
        if position in said:
            yield Row(position, event, said[position])


def by_key(ledger: Ledger, key: str, trust: Trust | None) -> Iterator[Row]:
    """The events that a key signed, by its name or fingerprint, and whether it held the right then."""
    batches = [(each, _names_of(each.writer)) for each in ledger.batches()]
    if not any(key in names for _, names in batches):
        known = ", ".join(dict.fromkeys(names[0] for _, names in batches))
        raise LedgerError(f"no key `{key}` recorded anything", f"there are {known or 'no entries'}")
    clock, end = 0, 0  # the latest time that stands before the entry `end`
    for batch, names in batches:
        if key not in names:
            continue
        leaves = ledger.leaves(batch.first, batch.size)
        signed = batch.is_signed(ledger.origin, Tree(leaves).root())
        for entry in ledger.entries(batch.first, batch.first + batch.size):
            if entry.body is None:
                yield Row(entry.position, None, "erased")
                continue
            event = entry.event
            said = "right not established: there is no trust file"
            if trust is not None:
                own = events.instant(event.recorded or event.happened)
                clock = max(clock, own, _latest(ledger, end, entry.position))
                end = entry.position
                reason = verification.refusal(ledger, trust, batch.writer, clock, event)
                said = reason or "held the right"
            if not signed:
                said = "not signed by the key: the signature does not fit"
            yield Row(entry.position, event, said)


def _latest(ledger: Ledger, first: int, end: int) -> int:
    """The latest time that some entries were recorded at; 0 if there is none."""
    ((found,),) = ledger.store.execute(  # what is no number, or beyond calendars, no log writes
        "SELECT MAX(recorded) FROM event WHERE position >= ? AND position < ? AND recorded < ?",
        first,
        end,
        _CALENDAR,
    )
    return int(found or 0)


def _public(writer: str) -> bytes:
    """The public half of a writer's key, which one key has under every name; junk stands for itself."""
    try:
        return note.parse_verifier(writer).public
    except EventError:
        return writer.encode()


def _names_of(writer: str) -> tuple[str, ...]:
    """What a key may be called; junk in the store is called as it stands there."""
    try:
        key = note.parse_verifier(writer)
    except EventError:
        return (writer.partition("+")[0], writer)
    return (key.name, key.fingerprint, writer)


def between(ledger: Ledger, first: int, last: int) -> Iterator[Row]:
    """What was recorded between two checkpoints.

    Raises:
        LedgerError: there is no checkpoint of one of the sizes.
    """
    for size in (first, last):
        if size and ledger.checkpoint_note(size) is None:
            sizes = [str(row[0]) for row in ledger.store.execute("SELECT size FROM checkpoint")]
            raise LedgerError(
                f"there is no checkpoint of {size} entries",
                f"there are {', '.join(sizes[-8:]) or 'none'}",
            )
    for entry in ledger.entries(first, last):
        event = None if entry.body is None else entry.event
        yield Row(entry.position, event, "erased" if event is None else "")


def not_anchored(ledger: Ledger) -> Iterator[Row]:
    """Every entry that no anchor covers."""
    for entry in ledger.entries(ledger.anchored()):
        yield Row(entry.position, None if entry.body is None else entry.event, "not anchored")


def overdue(ledger: Ledger, now: int | None = None) -> Iterator[Row]:
    """Assets for which something is overdue by the policy of the ledger, at their last event of it."""
    policy = ledger.settings.policy
    if not policy.intervals:
        return
    for (asset,) in ledger.store.execute("SELECT DISTINCT asset FROM event ORDER BY asset"):
        entries = ledger.of_asset(asset)
        own = {each.position: each.event for each in entries}
        lines = history.read(entries)
        for oddity in history.overdue(lines, asset, policy, events.now() if now is None else now):
            yield Row(oddity.position, own[oddity.position], oddity.message)


def erasures(ledger: Ledger) -> Iterator[tuple[int, str, int]]:
    """What was erased, why, and the entry that says so."""
    for entry in ledger.erasures():
        for each in entry.event.erases:
            yield each.position, each.reason, entry.position


class Comparison(NamedTuple):
    """Two copies of a log: the first entry in which they differ, if there is one, and their sizes.

    `beside` says what one of them holds and the other does not, which copies may.
    """

    first: int | None
    own: int
    others: int
    beside: list[str]


def compare(one: Ledger, other: Ledger) -> Comparison:
    """Compare the entries of two copies, and who signed them; an entry that does not give its leaf differs.

    Raises:
        LedgerError: they are copies of different logs.
    """
    if one.origin != other.origin:
        raise LedgerError(f"`{one.origin}` and `{other.origin}` are different logs")
    sizes = one.size(), other.size()
    differing = (
        verification.first_difference(one, other),
        *map(verification.first_changed, (one, other)),
        _signed_otherwise(one, other, min(sizes)),
    )
    first = min((each for each in differing if each is not None), default=None)
    return Comparison(first, *sizes, list(_held_beside(one, other)))


def _signed_otherwise(one: Ledger, other: Ledger, size: int) -> int | None:
    """The first of the entries that both have whose batch has another writer, signature or end."""
    for pair in zip(one.batches(), other.batches(), strict=False):
        if pair[0] != pair[1]:
            starts: list[Any] = [each.first for each in pair]  # of which a changed store has any
            first = min((each for each in starts if isinstance(each, int)), default=0)
            return first if first < size else None
    return None


def _held_beside(one: Ledger, other: Ledger) -> Iterator[str]:
    for word, table in (
        ("checkpoint", "checkpoint"),
        ("file", "attachment"),
        ("erased entry", "erased"),
    ):
        own, others = (
            int(each.store.execute(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - ours
            for each in (one, other)
        )
        if own != others:
            yield f"one holds {counted(own, word)}, the other {others}"
