"""What the ledger's commands share: options, finding the ledger, times, exit codes."""

import contextlib
import datetime as dt
import os
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nacre_cli.errors import UsageError
from nacre_cli.exit_codes import ExitCode
from nacre_cli.terminal import Paint, emit, say

if TYPE_CHECKING:
    from nacre_aas.findings import Finding
    from nacre_ledger.event import Event
    from nacre_ledger.log import Ledger
    from nacre_ledger.note import Note, SignerKey
    from nacre_ledger.trust import Trust
    from nacre_ledger.verification import WatchedLedger

LedgerOption = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        envvar="NACRE_LEDGER",
        metavar="DIR|URL",
        help="The ledger [default: ./ledger, or the nearest above].",
    ),
]
KeyOption = Annotated[
    str | None,
    typer.Option("--key", envvar="NACRE_KEY", metavar="NAME|FILE", help="The key to sign with."),
]
TrustOption = Annotated[
    str | None,
    typer.Option(
        "--trust",
        envvar="NACRE_TRUST",
        metavar="FILE|none",
        help="Whose keys you trust; `none` leaves identity open.",
    ),
]
SinceCheckpointOption = Annotated[
    Path | None,
    typer.Option(
        "--since-checkpoint",
        metavar="FILE",
        help="A checkpoint that you kept from an earlier visit.",
    ),
]
AssetArgument = Annotated[
    str, typer.Argument(metavar="ASSET", help="A globalAssetId, or a file with the asset's shell.")
]

_NONE = "none"
#: The largest position or number that a store holds.
MAX = (1 << 62) - 1


def open_ledger(given: str | None, *, read_only: bool = False) -> "Ledger":
    """The ledger that an option names, or the nearest one.

    Raises:
        StoreError: there is none.
    """
    from nacre_ledger.log import Ledger

    return Ledger(_place(given), read_only=read_only)


def _place(given: str | None) -> Path | str:
    if given is not None and "://" in given:
        return given
    return Path(given) if given else _nearest()


@contextlib.contextmanager
def answering(given: str | None) -> "Generator[WatchedLedger]":
    """A ledger to answer from; if what was shown of it is broken evidence, that is said: exit code 4."""
    from nacre_ledger.verification import WatchedLedger

    with WatchedLedger(_place(given)) as opened:
        try:
            yield opened
        except Exception:  # maybe since the store was changed
            refuse_broken(opened)
            raise
        gone = opened.erased()
        if gone:
            said = "entry of this log was" if gone == 1 else "entries of this log were"
            say(f"note: {gone} {said} erased, and may be missing in the answer")
        refuse_broken(opened)


def refuse_broken(opened: "WatchedLedger") -> None:
    """Say what is broken about the entries that were read, on standard error.

    Raises:
        typer.Exit: something is.
    """
    from nacre_cli.render.text import findings

    found = opened.findings()
    if found:
        say("\n".join(findings(found, Paint(enabled=False))))
        raise typer.Exit(ExitCode.EVIDENCE)


def _nearest() -> Path:
    for folder in (Path(), *Path.cwd().parents):
        for candidate in (folder / "ledger", folder):
            if (candidate / "ledger.toml").is_file():
                return candidate
    return Path("ledger")


def writer_key(given: str | None, ledger: "Ledger") -> "SignerKey":
    """The key to record with: the one named, or the only one that is there besides the log's.

    Raises:
        StoreError: it cannot be read, or it is not clear which one is meant.
    """
    from nacre_ledger import keys
    from nacre_ledger.errors import StoreError

    if given is not None:
        return keys.load(given)
    # The key of a log is named by its origin, which is a host and a path.
    names = [each.name for each in keys.known() if each.name != ledger.origin]
    names = [name for name in names if "/" not in name] or names
    if len(names) != 1:
        said = f"there are {', '.join(names[:6])}" if names else "there is none"
        hint = f"name one with --key ({said}); `nacre ledger keys new NAME` makes one"
        raise StoreError("which key is to sign is not clear", hint)
    return keys.load(names[0])


def read_trust(given: str | None) -> "Trust | None":
    """The trust file that an option names.

    Raises:
        EventError: it is none.
    """
    from nacre_aas.errors import about
    from nacre_ledger import trust

    if given is None or given == _NONE:
        return None
    with about(given):
        return trust.read(Path(given))


def read_checkpoint(path: Path | None) -> "Note | None":
    """A checkpoint that the user kept.

    Raises:
        EventError: the file is none.
        FileAccessError: it cannot be read.
    """
    from nacre_aas.files import read_bytes
    from nacre_ledger import checkpoint, note
    from nacre_ledger.errors import EventError

    if path is None:
        return None
    try:
        found = note.parse_note(read_bytes(str(path)).decode())
    except UnicodeDecodeError:
        raise EventError(f"`{path}` is no checkpoint") from None
    checkpoint.parse(found.text)
    return found


def asset_of(given: str) -> str:
    """The globalAssetId that is meant: an id, or the one in a file.

    Raises:
        UsageError: the file has none, or several; or it is not there.
    """
    if not is_file(given):
        from nacre_cli.inputs import SUFFIXES

        if ":" not in given and Path(given).suffix.lower() in SUFFIXES:
            raise UsageError(
                f"the file `{given}` does not exist", "ids of assets have no such ending"
            )
        return given
    from nacre_aas.files import read_bytes
    from nacre_ledger import twins

    found = twins.of_bytes(read_bytes(given), given).asset
    if found is None:
        raise UsageError(f"`{given}` does not hold one asset with a globalAssetId")
    return found


def is_file(given: str) -> bool:
    """Whether there is a file of the name; an id may be longer than names of files are."""
    with contextlib.suppress(OSError, ValueError):
        return Path(given).is_file()
    return False


def moment(given: str, option: str, *, end: bool = False) -> str:
    """A time with offset, without one that of this machine; a date is its first moment, or its `end`.

    Raises:
        UsageError: it is no time.
    """
    try:
        found = dt.datetime.fromisoformat(given)
        with contextlib.suppress(ValueError):  # which is no date alone then
            day = dt.date.fromisoformat(given)
            found = dt.datetime.combine(day, dt.time.max if end else dt.time.min)
        return found.isoformat() if found.tzinfo else found.astimezone().isoformat()
    except (ValueError, OverflowError):  # the second at the ends of the calendar
        hint = "write it as 2026-10-14T09:20:00+02:00 or 2026-10-14"
        raise UsageError(f"{option}: `{given}` is no time", hint) from None


def refuse_unknown_activity(text: str) -> None:
    """Refuse what is none of the activities of events.

    Raises:
        UsageError: it is none.
    """
    from nacre_ledger.event import Activity

    known = [each.value for each in Activity]
    if text not in known:
        raise UsageError(f"`{text}` is no activity", f"use one of {', '.join(known)}")


def is_position(text: str) -> bool:
    """Whether a text is a position in a log, and not an id."""
    return text.isascii() and text.isdigit() and len(text) <= len(str(MAX)) and int(text) <= MAX


def position_of(ledger: "Ledger", text: str) -> int | None:
    """The entry that a position or an event id names.

    Raises:
        LedgerError: it is the position of one entry and the id of another.
    """
    from nacre_ledger.errors import LedgerError

    by_id = ledger.position_of(text)
    if not is_position(text):
        return by_id
    if by_id not in (None, int(text)):
        raise LedgerError(
            f"`{text}` is a position, and the id of entry {by_id}", "name the entry by its position"
        )
    return int(text)


def local_now() -> str:
    """The time of this machine in seconds, with its offset."""
    return dt.datetime.now().astimezone().isoformat(timespec="seconds")


def instant_of(given: str | None, option: str, *, end: bool = False) -> int | None:
    """Microseconds since 1970 of a time that an option gives; see `moment`."""
    from nacre_ledger import event

    return None if given is None else event.instant(moment(given, option, end=end))


def exit_code(found: "Iterable[Finding]", trust: str | None) -> ExitCode:
    """What findings mean for the caller: broken evidence 4, left open 3, breached policy 1."""
    from nacre_aas.constraints.registry import RULES
    from nacre_aas.findings import Severity
    from nacre_ledger import rules

    codes = [ExitCode.OK]
    for each in found:
        rule = RULES[each.code]
        if rule in rules.EVIDENCE:
            codes.append(ExitCode.EVIDENCE)
        elif rule in rules.OPEN:
            accepted = rule is rules.IDENTITY and trust == _NONE
            codes.append(ExitCode.OK if accepted else ExitCode.NO_VERDICT)
        elif each.severity is Severity.ERROR:
            codes.append(ExitCode.FINDINGS)
    return max(codes)


def chain_findings(
    ledger: "Ledger", trust: "Trust | None", found: "list[Finding]", deep: str | None = None
) -> "tuple[list[Finding], str | None]":
    """What is wrong with the chain, or else what it showed.

    Nothing of both, if it cannot be asked and the log is broken anyway.

    Raises:
        ChainError: the chain does not answer, and nothing else is wrong.
    """
    from nacre_aas.errors import InputError
    from nacre_ledger.chains.anchoring import Anchors

    try:
        with Anchors(ledger) as anchors:
            differing: list[Finding] = anchors.findings(trust)
            differing += anchors.executed_again(deep) if deep else []
            return differing, None if differing else anchors.said()
    except InputError:
        if exit_code(found, None) is ExitCode.EVIDENCE:
            return [], None
        raise


def show_findings(found: "Iterable[Finding]", painter: Paint) -> None:
    """Findings that are more than a note, on standard output."""
    from nacre_aas.findings import Severity
    from nacre_cli.render.text import findings

    lines = findings([each for each in found if each.severity is not Severity.NOTE], painter)
    if lines:
        emit("\n" + "\n".join(lines))


def line_of(position: int, event: "Event", said: str = "") -> str:
    """One event in one line."""
    when = event.happened.replace("T", " ")[:16]
    text = f"{position:>7}  {when}  {event.activity.value:<20} {event.agent:<16} {event.asset}"
    return text + (f"  {said}" if said else "")


def default_agent() -> str:
    """Who works at this machine."""
    return os.environ.get("USER") or os.environ.get("USERNAME") or "unknown"
