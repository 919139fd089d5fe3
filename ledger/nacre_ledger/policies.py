"""Policies that are checked when events are recorded; the others are shown by an audit."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nacre_ledger import history
from nacre_ledger.errors import LedgerError
from nacre_ledger.event import Event

if TYPE_CHECKING:
    from nacre_ledger.log import Ledger


def check(ledger: "Ledger", drafts: Sequence[Event]) -> None:
    """Refuse events that a policy forbids.

    Raises:
        LedgerError: a policy forbids one of them.
    """
    if ledger.settings.policy.hand_over != "continuous":
        return
    holders: dict[str, str | None] = {}
    for draft in drafts:
        if draft.custody is None:
            continue
        if draft.asset not in holders:
            holders[draft.asset] = _holder(ledger, draft.asset)
        holder = holders[draft.asset]
        if holder is not None and draft.custody.from_ != holder:
            raise LedgerError(
                f"the holder of `{draft.asset}` is `{holder}`, and "
                f"`{draft.custody.from_ or 'nobody'}` hands it over",
                f"record the hand-over by `{holder}` first; the ledger's policy asks for a chain "
                "without gaps",
            )
        holders[draft.asset] = draft.custody.to


def _holder(ledger: "Ledger", asset: str) -> str | None:
    found = history.state(history.read(ledger.of_asset(asset)), asset).holder
    return None if found is None else found[0]
