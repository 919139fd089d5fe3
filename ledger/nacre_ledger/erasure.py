"""Erasing: the event is gone, its leaf stays, every other proof still holds, and the log says why."""

from nacre_ledger import event as events
from nacre_ledger.errors import LedgerError
from nacre_ledger.event import Activity, Erasure, Event
from nacre_ledger.log import Entry, Ledger, Recorded, id_digest
from nacre_ledger.note import SignerKey


def erase(
    ledger: Ledger, positions: list[int], reason: str, agent: str, writer: SignerKey
) -> Recorded:
    """Delete bodies, salts, attachments and index rows of entries, and record that.

    The event that records it names the asset of the entries only as `urn:nacre:erased`, so that
    nothing about them comes back. Bundles that were exported before are out of reach.

    An erasure that was recorded and then cut off, or held up by a reader, is finished.

    Raises:
        LedgerError: an entry is not there, was erased before, or is itself an erasure.
        StoreError: a reader still needs what was deleted: the bytes are not gone yet.
    """
    begun = unfinished(ledger)
    for position in positions:
        entry = ledger.entry(position)
        if entry.body is None and is_unwiped(ledger):
            begun.append(position)
        else:
            _refuse(entry)
    if all(position in begun for position in positions):
        delete(ledger, positions)
        return _recorded(ledger, positions[0])
    now = events.now()
    event = Event(
        schema="https://w3id.org/nacre/event/v1",
        event_id=events.new_event_id(),
        activity=Activity.ERASURE,
        asset=ERASED_ASSET,
        happened=events.utc(now),
        agent=agent,
        erases=tuple(Erasure(position=position, reason=reason) for position in positions),
    )
    # First the record, then the deletion: killed in between, the second call finds what is left.
    (recorded,) = ledger.record([event], writer)
    delete(ledger, positions)
    return recorded


def with_the_same_files(ledger: Ledger, positions: list[int]) -> list[int]:
    """The other entries that hold a file which some entries hold, too."""
    found: set[int] = set()
    for position in positions:
        rows = ledger.store.execute(
            "SELECT position FROM attachment WHERE sha256 IN"
            " (SELECT sha256 FROM attachment WHERE position = ?)",
            position,
        )
        found |= {row[0] for row in rows}
    return sorted(found.difference(positions))


def speaking_of(ledger: Ledger, positions: list[int]) -> list[int]:
    """The other entries that correct or attest some entries, and go on naming them."""
    names: dict[str, set[str]] = {}  # of the events, by their assets
    for entry in map(ledger.entry, positions):
        if entry.body is not None:
            names.setdefault(entry.event.asset, set()).add(entry.event.event_id)
    found = {
        other.position
        for asset, ids in names.items()
        for other in ledger.of_asset(asset)
        if not ids.isdisjoint((other.event.corrects or "", *other.event.attests))
    }
    return sorted(found.difference(positions))


def delete(ledger: Ledger, positions: list[int]) -> None:
    """Take entries out of every table and overwrite where they stood."""
    with ledger.store.transaction():
        ledger.store.set(_UNWIPED, "1")
        for position in positions:
            entry = ledger.entry(position)
            if entry.body is None:
                continue
            rows = [(position, id_digest(entry.event.event_id))]
            for table in ("event", "mention", "attachment"):
                ledger.store.execute(f"DELETE FROM {table} WHERE position = ?", position)  # noqa: S608
            ledger.store.insert("erased", rows)
    ledger.store.wipe()
    ledger.store.execute("DELETE FROM setting WHERE name = ?", _UNWIPED)


def is_unwiped(ledger: Ledger) -> bool:
    """Whether something was deleted whose bytes may still stand in the files of the store."""
    return ledger.store.setting(_UNWIPED) is not None


def unfinished(ledger: Ledger) -> list[int]:
    """Entries that an erasure names and that are still there, since something got in between."""
    named = [each.position for entry in ledger.erasures() for each in entry.event.erases]
    size = ledger.size()
    return [each for each in named if 0 <= each < size and ledger.entry(each).body is not None]


def _recorded(ledger: Ledger, position: int) -> Recorded:
    """The erasure that names an entry."""
    for entry in ledger.erasures():
        event = entry.event
        if any(each.position == position for each in event.erases):
            return Recorded(entry.position, event, already=True)
    raise LedgerError(f"no erasure names entry {position}")


def _refuse(entry: Entry) -> None:
    if entry.body is None:
        raise LedgerError(f"entry {entry.position} was erased before")
    if entry.event.activity is Activity.ERASURE:
        raise LedgerError(
            f"entry {entry.position} is an erasure", "why something was erased stays in the log"
        )


#: A setting that stands while deleted bytes may still be there.
_UNWIPED = "unwiped"
#: The asset of an erasure, which must not name the one that was erased.
ERASED_ASSET = "urn:nacre:erased"
