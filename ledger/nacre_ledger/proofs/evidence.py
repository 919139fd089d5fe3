"""Evidence: events, or single values of them, with all that connects them with a signed checkpoint.

One JSON text that verifies offline and can travel inside an AASX. Hashes are hexadecimal, signatures
base64; docs/trust.md says what follows from it and what does not.
"""

import base64
import dataclasses
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal

import msgspec
from msgspec.structs import replace

from nacre_aas.constraints.registry import Rule
from nacre_aas.digest import Disclosure
from nacre_aas.findings import Finding, Location
from nacre_ledger import checkpoint as checkpoints
from nacre_ledger import commitment, history, merkle, note, rules
from nacre_ledger import event as events
from nacre_ledger.checkpoint import Checkpoint, Cosigned
from nacre_ledger.commitment import FieldProof
from nacre_ledger.errors import EventError, LedgerError
from nacre_ledger.event import Activity, Event, canonical
from nacre_ledger.log import Ledger
from nacre_ledger.merkle import Tree, leaf_hash
from nacre_ledger.note import Note
from nacre_ledger.trust import Chain, Trust, objection_to, witnesses_of

_SCHEMA: Final = "https://w3id.org/nacre/evidence/v1"
#: What a hostile proof may raise while it is taken apart.
_UNREADABLE = (ValueError, EventError, TypeError, LookupError, RecursionError, msgspec.MsgspecError)
_DIGITS = re.compile("([0-9a-f]{2})*", re.ASCII)


class _Part(
    msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, forbid_unknown_fields=True
):
    """What all parts of the JSON have in common."""


class BatchProof(_Part, frozen=True):
    """The writer's signature over a batch, and the path of the event in it."""

    first: int
    size: int
    writer: str
    signature: str
    path: tuple[str, ...]


class Field(_Part, frozen=True):
    """One disclosed field: its value, its salt, and its path in the field tree."""

    name: str
    value: Any
    salt: str
    position: int
    size: int
    path: tuple[str, ...]


class Entry(_Part, frozen=True, kw_only=True):
    """An entry: the whole event with its salt, or single fields with the commitment to the rest."""

    position: int
    event: dict[str, Any] | None = None
    salt: str | None = None
    field_root: str | None = None
    plain: str | None = None
    fields: tuple[Field, ...] = ()
    element: Disclosure | None = None
    path: tuple[str, ...]
    batch: BatchProof


class Anchored(_Part, frozen=True):
    """Where a chain holds the checkpoint; only the chain itself can confirm it."""

    chain: int
    contract: str
    log_id: str
    sequence: int
    size: int
    root: str
    transaction: str
    block: int | None
    block_hash: str | None


class Evidence(_Part, frozen=True, kw_only=True):
    """A bundle of entries under one checkpoint."""

    schema: Literal["https://w3id.org/nacre/evidence/v1"]
    origin: str
    log_key: str
    checkpoint: str
    entries: tuple[Entry, ...]
    anchor: Anchored | None = None

    def dumps(self) -> bytes:
        """The JSON text, indented: the same evidence gives the same bytes."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


def says_so(data: bytes) -> bool:
    """Whether a text says that it is evidence, sound or not."""
    return _SCHEMA.encode() in data


def loads(data: bytes | str) -> Evidence:
    """Evidence from its JSON text.

    Raises:
        EventError: it is none.
    """
    events.decoded(data, "the text is no evidence")
    try:
        return msgspec.json.decode(data, type=Evidence)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise EventError(f"the text is no evidence: {error}") from None


# -- making ----------------------------------------------------------------------------------------


def make(
    ledger: Ledger,
    positions: Iterable[int],
    *,
    fields: Sequence[str] = (),
    element: Disclosure | None = None,
) -> Evidence:
    """Evidence for some entries; with `fields` for these alone, and nothing else of the events.

    The checkpoint is the last one that is anchored and covers all of them; or else, of those that cover them,
    the one with most cosignatures, and of several the last.

    Raises:
        LedgerError: an entry is not there, erased, or under no checkpoint; or a field is unknown.
    """
    wanted = sorted(set(positions))
    signed, anchor = _head(ledger, wanted)
    head = checkpoints.parse(signed.text)
    late = [position for position in wanted if position >= head.size]
    if late:
        raise LedgerError(
            f"entry {late[0]} is under no checkpoint yet", "`nacre ledger checkpoint` signs one"
        )
    tiles = ledger.tiles()
    edge = merkle.edges(head.size, tiles.node)
    made = []
    for position in wanted:
        entry = ledger.entry(position)
        if entry.salt is None or entry.body is None:
            raise LedgerError(f"entry {position} was erased, so nothing can be shown of it")
        batch = ledger.batch_of(position)
        leaves = Tree(ledger.leaves(batch.first, batch.size))
        event = entry.event
        content: dict[str, Any] = {
            "event": msgspec.json.decode(entry.body),
            "salt": entry.salt.hex(),
            "field_root": entry.field_root.hex() if entry.field_root else None,
        }
        if fields:
            if entry.field_root is None:
                raise LedgerError(
                    f"entry {position} was recorded without field proofs",
                    "only the whole event can be shown; see `field-proofs` in ledger.toml",
                )
            content = {
                "plain": commitment.commitment(entry.salt, entry.body).hex(),
                "fields": tuple(_field(event, entry.salt, name) for name in fields),
            }
        path = merkle.inclusion_proof(position, head.size, tiles.node, edge)
        made.append(
            Entry(
                position=position,
                path=_hex(path),
                batch=BatchProof(
                    batch.first,
                    batch.size,
                    batch.writer,
                    base64.b64encode(batch.signature).decode(),
                    _hex(leaves.inclusion_proof(position - batch.first)),
                ),
                element=element,
                **content,
            )
        )
    return Evidence(
        schema=_SCHEMA,
        origin=ledger.origin,
        log_key=ledger.settings.key,
        checkpoint=str(signed),
        entries=tuple(made),
        anchor=anchor,
    )


def _head(ledger: Ledger, positions: Sequence[int]) -> tuple[Note, Anchored | None]:
    last = ledger.checkpoint_note()
    if last is None:
        raise LedgerError("there is no checkpoint", "`nacre ledger checkpoint` signs one")
    rows = ledger.store.execute(
        "SELECT size, root, sequence, transaction_hash, block, block_hash FROM anchor"
        " WHERE state <> 'sealed' AND size > ? ORDER BY size DESC LIMIT 1",
        max(positions, default=0),
    )
    for size, root, sequence, transaction, block, block_hash in rows:
        signed = ledger.checkpoint_note(size)
        if signed is not None:
            anchor = Anchored(
                int(ledger.store.setting("chain-id") or 0),
                ledger.settings.contract or ledger.store.setting("contract") or "",
                ledger.store.setting("log-id") or "",
                sequence,
                size,
                bytes(root).hex(),
                "0x" + bytes(transaction).hex(),
                block,
                None if block_hash is None else "0x" + bytes(block_hash).hex(),
            )
            return signed, anchor
    rows = ledger.store.execute(
        "SELECT size FROM checkpoint WHERE size > ? ORDER BY size DESC LIMIT 1000",
        max(positions, default=0),
    )
    notes = [signed for (size,) in rows if (signed := ledger.checkpoint_note(size)) is not None]
    # What most witnesses saw proves more; of several the newest.
    return max(notes, key=lambda each: len(each.signatures), default=last), None


def _field(event: Event, salt: bytes, name: str) -> Field:
    try:
        proof = commitment.prove_field(event, salt, name)
    except KeyError:
        known = ", ".join(commitment.field_names(event))
        raise LedgerError(f"the event has no field `{name}`", f"it has {known}") from None
    return Field(name, proof.value, proof.salt.hex(), proof.position, proof.size, _hex(proof.path))


def _unhex(text: str) -> bytes:
    """The bytes of lower-case hexadecimal digits, and of nothing else.

    Raises:
        ValueError: the text has anything else.
    """
    if _DIGITS.fullmatch(text) is None:
        raise ValueError(f"`{text[:80]}` is not hexadecimal")
    return bytes.fromhex(text)


def _hex(path: Iterable[bytes]) -> tuple[str, ...]:
    return tuple(each.hex() for each in path)


# -- verifying -------------------------------------------------------------------------------------


@dataclasses.dataclass
class Shown:
    """An entry as evidence shows it: the whole event, or single fields of it."""

    position: int
    event: Event | None
    fields: dict[str, Any]
    writer: str
    element: Disclosure | None = None


@dataclasses.dataclass
class Verdict:
    """What evidence shows, and what is wrong with it."""

    findings: list[Finding] = dataclasses.field(default_factory=list)
    shown: list[Shown] = dataclasses.field(default_factory=list)
    head: Checkpoint | None = None
    witnesses: list[Cosigned] = dataclasses.field(default_factory=list)
    #: Whether it names an anchor, which only the chain can confirm.
    is_anchored: bool = False


def verify(evidence: Evidence, trust: Trust | None, here: Location) -> Verdict:
    """Check evidence from itself and a trust file alone; `here` is where it was found."""
    return _Verification(evidence, trust, here).run()


class _Verification:
    def __init__(self, evidence: Evidence, trust: Trust | None, here: Location) -> None:
        self.evidence = evidence
        self.trust = trust
        self.here = here
        self.result = Verdict()

    def add(self, rule: Rule, message: str, position: int | None = None) -> None:
        element = () if position is None else (f"entry {position}",)
        self.result.findings.append(rule.finding(message, replace(self.here, element=element)))

    def run(self) -> Verdict:
        head = self._checkpoint()
        if not self.evidence.entries:
            self.add(rules.PROOF, "the evidence shows no entry")
        seen: set[int] = set()
        for entry in self.evidence.entries:
            if entry.position in seen:
                self.add(rules.PROOF, "the entry is shown twice", entry.position)
                continue
            seen.add(entry.position)
            try:
                self._entry(entry, head)
            except _UNREADABLE as error:
                reason = error.message if isinstance(error, EventError) else str(error)
                self.add(rules.PROOF, f"the proof cannot be read: {reason}", entry.position)
        self._ids()
        for shown in self.result.shown if self.trust is not None else ():
            try:
                self._right(shown)
            except _UNREADABLE as error:
                self.add(rules.PROOF, f"the proof cannot be read: {error}", shown.position)
        anchor = self.evidence.anchor
        self.result.is_anchored = anchor is not None
        if anchor and self.trust:
            self._anchor_trusted(anchor, self.trust.chain)
        if anchor and head and (anchor.size, anchor.root) != (head.size, head.root.hex()):
            self.add(rules.ANCHOR_DIFFERS, "the anchor is of another checkpoint")
        if self.trust is None:
            self.add(rules.IDENTITY, "identity not established: there is no trust file")
        return self.result

    def _anchor_trusted(self, anchor: Anchored, trusted: Chain) -> None:
        if trusted.id not in (None, anchor.chain):
            message = f"the anchor names chain {anchor.chain}, and the trust file {trusted.id}"
            self.add(rules.ANCHOR_DIFFERS, message)
        if trusted.contract and trusted.contract.lower() != anchor.contract.lower():
            message = f"the anchor names contract {anchor.contract}, and the trust file {trusted.contract}"
            self.add(rules.ANCHOR_DIFFERS, message)

    def _checkpoint(self) -> Checkpoint | None:
        try:
            signed = note.parse_note(self.evidence.checkpoint)
            head = checkpoints.parse(signed.text)
            own = note.parse_verifier(self.evidence.log_key)
        except EventError as error:
            self.add(rules.CHECKPOINT_SIGNATURE, error.message)
            return None
        origin = self.trust.log.origin if self.trust else self.evidence.origin
        objection = objection_to(signed, origin, own, self.trust)
        if objection is None and self.evidence.origin != origin:
            objection = f"the evidence is about `{self.evidence.origin}`"
        if objection is not None:
            self.add(rules.CHECKPOINT_SIGNATURE, f"the checkpoint: {objection}")
        self.result.witnesses, few = witnesses_of(signed, self.trust)
        if few is not None:
            self.add(rules.TOO_FEW_WITNESSES, few)
        self.result.head = head
        return head

    def _entry(self, entry: Entry, head: Checkpoint | None) -> None:
        found, event, fields = self._commitment(entry)
        if found is None:
            return
        leaf = leaf_hash(found)
        path = [_unhex(each) for each in entry.path]
        if head is not None and not merkle.verify_inclusion(
            leaf, entry.position, head.size, path, head.root
        ):
            self.add(
                rules.PROOF, "the path does not lead to the root of the checkpoint", entry.position
            )
        self._batch(entry, leaf)
        shown = Shown(entry.position, event, fields, entry.batch.writer)
        self.result.shown.append(shown)
        if entry.element is not None and self._belongs(entry.element, fields):
            shown.element = entry.element
        elif entry.element is not None:
            message = "the element does not belong to the twin of the event"
            self.add(rules.DISCLOSURE, message, entry.position)

    def _commitment(self, entry: Entry) -> tuple[bytes | None, Event | None, dict[str, Any]]:
        """The commitment that an entry gives, and what it shows."""
        if entry.event is not None and entry.salt is not None:
            body = canonical(entry.event)
            root = _unhex(entry.field_root) if entry.field_root else None
            event, salt = events.stored(body), _unhex(entry.salt)
            if entry.fields or entry.plain is not None:
                self.add(
                    rules.PROOF, "the entry shows an event and fields beside it", entry.position
                )
            for message in commitment.two_readings(event, salt, body, root):
                self.add(rules.TWO_READINGS, message, entry.position)
            found = commitment.commitment(salt, body, root)
            return found, event, msgspec.to_builtins(event)
        if entry.plain is None or not entry.fields:
            self.add(rules.PROOF, "the entry shows neither an event nor a field", entry.position)
            return None, None, {}
        roots = set()
        for field in entry.fields:
            proof = FieldProof(
                field.name,
                field.value,
                _unhex(field.salt),
                field.position,
                field.size,
                tuple(_unhex(each) for each in field.path),
            )
            roots.add(proof.root())
        root = roots.pop()
        if roots or root is None:
            message = "the fields do not lead to one field root"
            self.add(rules.DISCLOSURE, message, entry.position)
            return None, None, {}
        found = commitment.with_fields(_unhex(entry.plain), root)
        return found, None, {field.name: field.value for field in entry.fields}

    def _batch(self, entry: Entry, leaf: bytes) -> None:
        batch = entry.batch
        place = entry.position - batch.first
        path = [_unhex(each) for each in batch.path]
        root = merkle.root_from_path(leaf, place, batch.size, path)
        writer = note.parse_verifier(batch.writer)
        if root is None or not 0 <= place < batch.size:
            self.add(rules.BATCH_SIGNATURE, "the path does not fit the batch", entry.position)
            return
        message = commitment.batch_message(self.evidence.origin, writer, batch.size, root)
        if not writer.verify(message, base64.b64decode(batch.signature, validate=True)):
            self.add(rules.BATCH_SIGNATURE, "the writer did not sign this event", entry.position)

    def _ids(self) -> None:
        """No two entries have one id."""
        first: dict[str, int] = {}
        for each in sorted(self.result.shown, key=lambda each: each.position):
            name = each.fields.get("eventId")
            if isinstance(name, str) and first.setdefault(name, each.position) != each.position:
                message = f"the entry has the id of entry {first[name]}"
                self.add(rules.TWO_READINGS, message, each.position)

    def _right(self, shown: Shown) -> None:
        """Whether the key had the right; who corrects needs the right to what is corrected as well."""
        assert self.trust is not None
        recorded, agent, activity = (
            None if value is None else str(value)
            for value in map(shown.fields.get, ("recorded", "agent", "activity"))
        )
        moment = None if recorded is None else events.instant(recorded)
        objection = self.trust.objection(shown.writer, moment, agent, activity)
        if objection is not None:
            rule = rules.RIGHT_OPEN if objection.is_open else rules.WRITER
            self.add(rule, objection.reason, shown.position)
            return
        if activity != Activity.CORRECTION.value:
            return
        known = {each.event.event_id: each.event for each in self.result.shown if each.event}
        corrected = history.corrected(shown.event, known.get) if shown.event else None
        meant = None if corrected is None else corrected.activity.value
        objection = self.trust.objection(shown.writer, moment, agent, meant)
        if objection is not None and objection.is_open:
            message = "the key may not correct everything, and what it corrects here is not shown"
            self.add(rules.RIGHT_OPEN, message, shown.position)
        elif objection is not None:
            self.add(rules.WRITER, objection.reason, shown.position)

    @staticmethod
    def _belongs(element: Disclosure, fields: dict[str, Any]) -> bool:
        keyed = commitment.field_of(fields, "twin.keyed")
        return keyed is not None and element.root().hex() == keyed and bool(element.path)
