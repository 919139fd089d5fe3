"""What is checked when events are recorded; other policies are shown by an audit."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nacre_ledger import history
from nacre_ledger.errors import LedgerError
from nacre_ledger.event import Event
from nacre_ledger.history import Line
from nacre_ledger.store import DuplicateError

if TYPE_CHECKING:
    from nacre_ledger.log import Ledger


def check(ledger: "Ledger", drafts: Sequence[Event]) -> None:
    """Refuse events that refer to what is not there, or that a policy forbids.

    Raises:
        LedgerError: one of them is to be refused.
        DuplicateError: one that changes who holds an asset is in the log already.
    """
    before: dict[str, Event] = {}
    for draft in drafts:
        if draft.corrects is not None or draft.attests:
            _refuse_unknown(ledger, draft, before)
        before[draft.event_id] = draft
    if ledger.settings.policy.hand_over == "continuous":
        moving = [each for each in drafts if each.custody is not None or each.corrects is not None]
        if any(ledger.position_of(each.event_id) is not None for each in moving):
            raise DuplicateError  # what is there already is no new hand-over
        for asset in dict.fromkeys(each.asset for each in moving):
            _refuse_gap(ledger, asset, drafts)


def _refuse_unknown(ledger: "Ledger", draft: Event, before: dict[str, Event]) -> None:
    """What is corrected or attested is in the log, unless the event comes from another system."""
    for name in (*draft.attests, *([draft.corrects] if draft.corrects else [])):
        target = before.get(name)
        if target is None:
            position = ledger.position_of(name)
            if position is None and not draft.hashes:
                raise LedgerError(
                    f"no entry has the id `{name}`", "`nacre ledger show ENTRY` shows ids"
                )
            entry = None if position is None else ledger.entry(position)
            target = entry.event if entry is not None and entry.body is not None else None
        if name == draft.corrects and target is not None and target.asset != draft.asset:
            raise LedgerError(
                f"`{name}` is an event of `{target.asset}`, not of `{draft.asset}`",
                "a correction is about the asset of the event that it corrects",
            )


def _refuse_gap(ledger: "Ledger", asset: str, drafts: Sequence[Event]) -> None:
    """No hand-over of the asset, wherever its time puts it, is by somebody who is not the holder."""
    old = [Line(each.position, each.event) for each in ledger.of_asset(asset)]
    size = ledger.size()
    new = [Line(size + at, each) for at, each in enumerate(drafts) if each.asset == asset]
    known = {link.position for link in history.custody(history.read(old), asset) if link.gap}
    for link in history.custody(history.read([*old, *new]), asset):
        if link.gap is not None and link.position not in known:
            raise LedgerError(
                f"`{asset}` would have a chain of custody with a gap: {link.gap}",
                "record the hand-over that is missing first; the ledger's policy asks for a chain "
                "without gaps",
            )
