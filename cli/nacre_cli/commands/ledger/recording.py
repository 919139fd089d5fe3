"""`nacre ledger init | record | erase | keys`: everything that writes events and keys."""

import contextlib
import json as json_module
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import typer

from nacre_aas.errors import InputError
from nacre_aas.wording import counted, some_of
from nacre_cli.commands.ledger.common import (
    MAX,
    KeyOption,
    LedgerOption,
    asset_of,
    default_agent,
    local_now,
    moment,
    open_ledger,
    refuse_unknown_activity,
    writer_key,
)
from nacre_cli.errors import UsageError
from nacre_cli.options import ForceOption, JsonOption, OutputOption, group
from nacre_cli.terminal import clean_line, emit, say, write_file

if TYPE_CHECKING:
    from nacre_ledger.event import Event
    from nacre_ledger.log import Ledger, Recorded
    from nacre_ledger.note import SignerKey

_STDIN = "-"
#: How a JSON text of an environment begins somewhere.
_SUBMODELS = re.compile(rb'"(?:assetAdministrationShells|submodels)"\s*:\s*\[')


def init(
    folder: Annotated[
        str | None,
        typer.Argument(metavar="DIR|URL", help="Where to make it.", show_default="ledger"),
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option("--origin", help="The name of the log, unique in the world: example.com/log."),
    ] = None,
    chain: Annotated[
        str, typer.Option("--chain", metavar="URL", help="Where checkpoints are anchored.")
    ] = "embedded",
    field_proofs: Annotated[
        bool, typer.Option(help="Make single fields of an event provable; costs time per event.")
    ] = True,
    ledger: LedgerOption = None,
) -> None:
    """Make a ledger, the key of its log, and a key to record with.

    Examples:

      nacre ledger init --origin factory.example/log

      nacre ledger init shared --origin factory.example/log --chain http://127.0.0.1:8545
    """
    from nacre_ledger import keys, log
    from nacre_ledger.settings import EMBEDDED

    if chain != EMBEDDED and not chain.startswith(("http://", "https://")):
        raise UsageError(f"--chain: `{chain}` is no URL of a node", f"write http://… or {EMBEDDED}")
    folder = folder or ledger or "ledger"
    name = origin or f"{platform.node() or 'localhost'}/{Path(folder).name or 'ledger'}"
    key = log.create(folder, name, chain=chain, field_proofs=field_proofs)
    say(f"made `{folder}`: log {name}, key {key.fingerprint}")
    if not any(each.name != name for each in keys.known()):
        own = keys.create(f"{default_agent()}@{platform.node() or 'localhost'}")
        say(f"made the key `{own.name}` to record with, {own.verifier.fingerprint}")
    say(f"private keys are in `{keys.folder()}`; keep a copy in a safe place")
    if origin is None:
        say("\nhint: --origin gives the log a name that is unique in the world")


def record(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE",
            help="Events as JSON, NDJSON, CSV, EPCIS, or records in an AASX; `-` is standard input.",
        ),
    ] = None,
    asset: Annotated[
        str | None, typer.Option("--asset", help="globalAssetId, or a file with the asset's shell.")
    ] = None,
    activity: Annotated[str | None, typer.Option("--activity", help="What was done.")] = None,
    agent: Annotated[
        str | None, typer.Option("--agent", help="Who did it [default: the name of the key].")
    ] = None,
    when: Annotated[
        str | None, typer.Option("--when", help="When it happened [default: now].")
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="What a reader should know.")] = None,
    serial: Annotated[str | None, typer.Option("--serial", help="Serial number.")] = None,
    location: Annotated[str | None, typer.Option("--location", help="Where.")] = None,
    work_order: Annotated[str | None, typer.Option("--work-order", help="Its number.")] = None,
    attach: Annotated[
        list[Path] | None, typer.Option("--attach", metavar="FILE", help="Keep a file with it.")
    ] = None,
    field: Annotated[
        list[str] | None, typer.Option("--field", metavar="NAME=VALUE", help="A free field.")
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="A setting or version that holds from now."
        ),
    ] = None,
    inputs: Annotated[
        list[str] | None, typer.Option("--input", metavar="ASSET", help="What went in.")
    ] = None,
    outputs: Annotated[
        list[str] | None, typer.Option("--output", metavar="ASSET", help="What came out.")
    ] = None,
    installed: Annotated[
        list[str] | None,
        typer.Option("--install", metavar="ASSET[@PLACE]", help="A part that was put in."),
    ] = None,
    removed: Annotated[
        list[str] | None, typer.Option("--remove", metavar="ASSET", help="A part taken out.")
    ] = None,
    from_: Annotated[str | None, typer.Option("--from", help="Who hands the asset over.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Who takes it over.")] = None,
    attests: Annotated[
        list[str] | None,
        typer.Option("--attests", metavar="EVENT", help="Events that are attested."),
    ] = None,
    corrects: Annotated[
        str | None, typer.Option("--corrects", metavar="EVENT", help="The event that is corrected.")
    ] = None,
    update: Annotated[
        Path | None,
        typer.Option("--update", metavar="FILE", help="The asset's twin, as it is now."),
    ] = None,
    before: Annotated[
        Path | None,
        typer.Option(
            "--before", metavar="FILE", help="The twin before [default: the last recorded]."
        ),
    ] = None,
    event_id: Annotated[
        str | None, typer.Option("--event-id", help="An id that makes a retry safe.")
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="What a column of a CSV means."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the bytes that would be recorded.")
    ] = False,
    ledger: LedgerOption = None,
    key: KeyOption = None,
    json: JsonOption = False,
) -> None:
    """Append an event, or all events of a file, signed.

    A retry is safe: an event that is there already is answered with its number.

    Examples:

      nacre ledger record --asset https://acme.example/p/4711 --activity repair --note "Bearing replaced"

      nacre ledger record events.csv --map Datum=happened --activity inspection

      scanner | nacre ledger record - --json
    """
    if event_id == "":
        raise UsageError("--event-id is empty", "is a variable in the command not set?")
    given = {
        "activity": activity,
        "asset": asset_of(asset) if asset else None,
        "agent": agent,
        "happened": moment(when, "--when") if when else None,
        "note": note,
        "serial": serial,
        "location": location,
        "workOrder": work_order,
        "inputs": _items(inputs),
        "outputs": _items(outputs),
        "installed": _items(installed),
        "removed": _items(removed),
        "attests": attests,
        "corrects": corrects,
        "eventId": event_id,
        "fields": _pairs(field, "--field"),
        "configuration": _pairs(set_, "--set"),
    }
    values: dict[str, Any] = {name: value for name, value in given.items() if value}
    if to:
        values["custody"] = {"from": from_, "to": to} if from_ else {"to": to}
    elif from_:
        raise UsageError("--from names who hands over; --to must name who takes over")
    if source is not None:
        if attach or update:
            raise UsageError("--attach and --update go with one event, not with a file")
        columns = _pairs(mapping, "--map", last=True)
        _record_file(source, values, columns, ledger, key, dry_run=dry_run, json=json)
        return
    _record_one(values, attach or [], update, before, ledger, key, dry_run=dry_run, json=json)


def _items(given: list[str] | None) -> list[dict[str, str]]:
    found = []
    for each in given or ():
        asset, at, position = each.rpartition("@")
        if at and "/" not in position:
            found.append({"asset": asset, "position": position})
        else:
            found.append({"asset": each})
    return found


def _pairs(given: list[str] | None, option: str, *, last: bool = False) -> dict[str, str]:
    """Names and values of an option, parted at the first `=`, or at the `last` one."""
    found = {}
    for each in given or ():
        name, equals, value = each.rpartition("=") if last else each.partition("=")
        if not equals or not name:
            raise UsageError(f"{option}: `{each}` has no `=`", f"write {option} NAME=VALUE")
        if name in found:
            raise UsageError(f"{option}: `{name}` is given twice")
        found[name] = value
    return found


def _record_one(
    values: dict[str, Any],
    attach: list[Path],
    update: Path | None,
    before: Path | None,
    place: str | None,
    key: str | None,
    *,
    dry_run: bool,
    json: bool,
) -> None:
    from nacre_aas.errors import InputError
    from nacre_ledger import event as events
    from nacre_ledger import policies
    from nacre_ledger.errors import LedgerError

    if update is not None:
        values.setdefault("activity", "twin-update")
        values.setdefault("asset", asset_of(str(update)))
    missing = [name for name in ("asset", "activity") if name not in values]
    if missing:
        raise UsageError(
            f"--{missing[0]} is missing",
            f"activities are {', '.join(each.value for each in events.Activity)}",
        )
    refuse_unknown_activity(values["activity"])
    contents = _contents([*attach, *([update] if update is not None else [])])
    mentioned = [events.attachment(name, data) for name, data in contents.items()]
    try:
        with open_ledger(place) as ledger:
            signer = writer_key(key, ledger)
            values.setdefault("agent", signer.name)
            earlier = _earlier(ledger, values.get("eventId"))
            values.setdefault("happened", _time_told(ledger, values, earlier) or local_now())
            values.setdefault("eventId", events.new_event_id())
            draft = events.draft(values)
            policies.check(ledger, [draft])
            draft, salts = _with_twin(ledger, draft, update, before, earlier)
            draft = _replaced(draft, attachments=tuple(mentioned))
            if dry_run:
                emit(events.canonical(draft) + b"\n")
                return
            by_digest = {each.sha256: contents[each.name] for each in mentioned}
            (recorded,) = ledger.record([draft], signer, by_digest, salts)
            if recorded.erased:
                raise LedgerError(
                    f"the id `{draft.event_id}` is that of entry {recorded.position}, which was erased",
                    "nothing was recorded; another event needs an id of its own",
                )
            _say_recorded(ledger, recorded, signer, json=json)
    except InputError as error:
        if attach or update or dry_run:
            raise
        values.setdefault("agent", default_agent())
        values.setdefault("happened", local_now())
        values.setdefault("eventId", events.new_event_id())
        path = Path(f"event-{quote(values['eventId'], safe='')[:100]}.json")
        write_file(path, events.canonical(events.draft(values)) + b"\n", force=True)
        say(f"kept what you gave as `{path}`; `nacre ledger record {path}` records it later")
        raise error from None


def _contents(paths: list[Path]) -> dict[str, bytes]:
    """The contents of files by their names.

    Raises:
        UsageError: two have one name, or one is too large to be kept.
    """
    from nacre_aas.files import read_bytes
    from nacre_ledger.event import LARGEST_ATTACHMENT

    found: dict[str, bytes] = {}
    for path in paths:
        if path.is_file() and path.stat().st_size > LARGEST_ATTACHMENT:
            raise UsageError(
                f"`{path}` is larger than a ledger keeps of one file, 1 GB",
                "keep it elsewhere and record its SHA-256 in --note",
            )
        if path.name in found:
            raise UsageError(f"two files are called `{path.name}`", "give one another name")
        found[path.name] = read_bytes(str(path))
    return found


def _earlier(ledger: "Ledger", event_id: str | None) -> "Event | None":
    """The event that was recorded under an id, if this is a retry."""
    position = None if event_id is None else ledger.position_of(event_id)
    entry = None if position is None else ledger.entry(position)
    return None if entry is None or entry.body is None else entry.event


def _time_told(ledger: "Ledger", values: dict[str, Any], earlier: "Event | None") -> str | None:
    """The time of an event that says none: as it was recorded, or that of what it corrects, as corrected so far."""
    from nacre_ledger import history

    told = earlier or _earlier(ledger, values.get("corrects"))
    if told is None:
        return None
    lines = history.read(ledger.of_asset(told.asset)) if earlier is None else []
    read = (each.event.happened for each in lines if each.event.event_id == told.event_id)
    return next(read, told.happened)


def _replaced(draft: "Event", **changes: Any) -> "Event":
    from msgspec.structs import replace

    return replace(draft, **changes)


def _with_twin(
    ledger: "Ledger",
    draft: "Event",
    update: Path | None,
    before: Path | None,
    earlier: "Event | None",
) -> tuple["Event", dict[str, bytes]]:
    """A draft with what it says about a new version of the twin, and the salt that this hangs on.

    A retry with the same version says what was said: the keyed root hangs on the salt of that time.
    """
    if update is None:
        return draft, {}
    import os

    from nacre_ledger import twins
    from nacre_ledger.commitment import SALT_SIZE
    from nacre_ledger.errors import LedgerError
    from nacre_ledger.event import instant

    new = twins.read(str(update))
    if new.asset is not None and new.asset != draft.asset:
        raise LedgerError(
            f"`{update}` is the twin of `{new.asset}`, not of `{draft.asset}`",
            "without --asset the event is about the asset of the file",
        )
    if earlier is not None and earlier.twin is not None and earlier.twin.after == new.digest:
        return _replaced(draft, twin=earlier.twin), {}
    last = twins.last_version(ledger, draft.asset, instant(draft.happened), draft.corrects)
    known = None if last is None or last.event.twin is None else last.event.twin.after
    old: twins.Twin | None = None
    if before is not None:
        old = twins.read(str(before))
        if known is not None and last is not None and not old.has_root(known):
            say(
                f"warning: `{before}` is not the version of entry {last.source('twin')}, the last one before; "
                "what changed in between stays unsaid\n"
            )
    elif last is not None:
        old = twins.version_of(ledger, last)
    salt = os.urandom(SALT_SIZE)
    change = twins.change(old, new, salt, known)
    return _replaced(draft, twin=change), {draft.event_id: salt}


#: What an audit will say as well.
_AHEAD = "the time lies in the future"


def _say_recorded(
    ledger: "Ledger", recorded: "Recorded", signer: "SignerKey", *, json: bool
) -> None:
    from nacre_ledger.event import instant, now
    from nacre_ledger.history import is_ahead
    from nacre_ledger.verification import short

    event, size, root = recorded.event, ledger.size(), ledger.root()
    if not recorded.already and instant(event.recorded or event.happened) > now() + 60_000_000:
        say(
            f"warning: the clock of this machine stands before the last entry, so {event.recorded} is "
            "recorded as the time\n"
        )
    if not recorded.already and is_ahead(event):
        say(f"warning: {_AHEAD}: it happened {event.happened}, and is recorded {event.recorded}\n")
    if json:
        emit(json_module.dumps(_document(ledger, recorded)) + "\n")
        return
    if recorded.already:
        emit(f"already recorded as {recorded.position}\n")
        return
    when = event.happened.replace("T", " ")
    emit(
        clean_line(f"event {recorded.position}  {event.activity.value}  {when}  {event.asset}")
        + "\n"
    )
    emit(
        clean_line(f"  by       {event.agent} (key {signer.name}, {signer.verifier.fingerprint})")
        + "\n"
    )
    for each in event.attachments:
        emit(
            clean_line(f"  holds    {each.name}  sha256 {each.sha256[:4]}…{each.sha256[-4:]}")
            + "\n"
        )
    if event.twin is not None:
        old = event.twin.before
        count = counted(len(event.twin.changed), "element")
        arrow = f"{old[:4]}…{old[-4:]} → " if old else "first version "
        new = event.twin.after
        said = f" ({count} changed)" if event.twin.changed else ""
        emit(f"  twin     {arrow}{new[:4]}…{new[-4:]}{said}\n")
    emit(f"  log      {ledger.origin}, {counted(size, 'entry')}, root {short(root)}\n")
    say("\nhint: nobody else has seen this root yet; `nacre ledger checkpoint` publishes it")


def _document(ledger: "Ledger", recorded: "Recorded") -> dict[str, Any]:
    return {
        "position": recorded.position,
        "eventId": recorded.event.event_id,
        "already": recorded.already,
        "origin": ledger.origin,
    }


def _record_file(
    source: str,
    defaults: dict[str, Any],
    columns: dict[str, str],
    place: str | None,
    key: str | None,
    *,
    dry_run: bool,
    json: bool,
) -> None:
    from nacre_ledger import bulk
    from nacre_ledger import event as events
    from nacre_ledger.errors import EventError

    if _holds_submodels(source):
        if dry_run:
            raise UsageError(
                "--dry-run shows events, and the records of submodels are written back"
            )
        unused = sorted({*defaults, *(["--map"] if columns else [])} - {"agent"})
        if unused:
            raise UsageError(
                f"records of submodels say themselves what was done; `{unused[0]}` has no place there",
                "--agent alone goes with them",
            )
        _record_submodels(source, defaults, place, key, json=json)
        return
    try:
        stream = sys.stdin.buffer if source == _STDIN else Path(source).open("rb")  # noqa: SIM115
    except OSError as error:
        raise EventError(f"`{source}`: {error.strerror}") from None
    with stream, contextlib.ExitStack() as stack:
        try:
            ledger = stack.enter_context(open_ledger(place))
            signer = writer_key(key, ledger)
        except InputError:
            if source == _STDIN and not dry_run:
                try:
                    _keep_what_came(stream)
                except OSError as error:
                    say(f"what you gave could not be kept here: {error.strerror}")
            raise
        defaults.setdefault("agent", signer.name)
        name = "-" if source == _STDIN else source
        if dry_run:
            for drafts, _ in bulk.batches(stream, name, defaults, columns):
                emit(b"".join(events.canonical(each) + b"\n" for each in drafts))
            return
        found: Iterator[Recorded] = (
            each
            for batch, contents in bulk.batches(stream, name, defaults, columns)
            for each in ledger.record(batch, signer, contents)
        )
        _say_all(ledger, found, json=json)


def _keep_what_came(stream: "IO[bytes]") -> None:
    """Keep what was typed, or sent by another program, in a file: it comes only once."""
    with tempfile.NamedTemporaryFile(
        "wb", prefix="events-", suffix=".txt", dir=".", delete=False
    ) as kept:
        shutil.copyfileobj(stream, kept)
    name = Path(kept.name).name
    if not Path(kept.name).stat().st_size:
        Path(kept.name).unlink()
        return
    say(f"kept what you gave as `{name}`; `nacre ledger record {name}` records it later")


def _holds_submodels(source: str) -> bool:
    """Whether a file is one of AAS, and not one of events."""
    from nacre_aas.files import read_head

    kind = Path(source).suffix.lower()
    if kind != ".json":
        return kind in (".aasx", ".xml")
    return _SUBMODELS.search(read_head(source)) is not None


def _say_all(ledger: "Ledger", found: "Iterable[Recorded]", *, json: bool) -> None:
    from nacre_ledger.history import is_ahead

    fresh = already = erased = ahead = 0
    try:
        for each in found:
            erased += each.erased
            already += each.already and not each.erased
            fresh += not each.already
            ahead += not each.already and is_ahead(each.event)
            if json:
                emit(json_module.dumps(_document(ledger, each)) + "\n")
    except BaseException:  # also when somebody ends it by a key
        if fresh or already:
            say(
                f"warning: the first {counted(fresh + already + erased, 'event')} of it are recorded; "
                "try again with the whole file: what is there is not recorded twice\n"
            )
        raise
    if ahead:
        say(f"warning: {_AHEAD}: {counted(ahead, 'event')} of it\n")
    said = f"recorded {counted(fresh, 'event')}"
    said += f", {already} there already" if already else ""
    said += f", {erased} that had been erased left out" if erased else ""
    say(f"{said}; the log has {counted(ledger.size(), 'entry')}")


def _record_submodels(
    source: str, defaults: dict[str, Any], place: str | None, key: str | None, *, json: bool
) -> None:
    """The records of a file's submodels, with the evidence written back into the file."""
    from nacre_aas import editing
    from nacre_aas.files import open_file
    from nacre_ledger import records
    from nacre_ledger.errors import EventError

    opened = open_file(source, keep=True)
    with open_ledger(place) as ledger:
        signer = writer_key(key, ledger)
        agent = defaults.get("agent", signer.name)
        made: list[Recorded] = []

        def write_back(content: Any, **_: Any) -> None:
            found = records.read(content, agent)
            recorded = ledger.record([each.event for each in found], signer) if found else []
            for one, other in zip(found, recorded, strict=True):
                records.write_evidence(ledger, one, other)
            made.extend(recorded)

        data = editing.edited(opened, [write_back])
        if not made:
            raise EventError(
                f"`{source}` holds no MaintenanceRecord or TraceabilityRecord",
                "`nacre template form MaintenanceRecord` writes a form for one",
            )
        write_file(Path(source), data, force=True)
        _say_all(ledger, made, json=json)
    say(f"wrote where they stand in the log into `{source}`")


def erase(
    positions: Annotated[
        list[int],
        typer.Argument(metavar="ENTRY…", min=0, max=MAX, help="Positions of entries in the log."),
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why; it stays in the log.")],
    agent: Annotated[str | None, typer.Option("--agent", help="Who decides it.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    ledger: LedgerOption = None,
    key: KeyOption = None,
    json: JsonOption = False,
) -> None:
    """Delete what entries say, for good; every other proof still holds.

    Body, salt, attachments and index rows go. What was exported before is out of reach, and so are
    copies and backups of the ledger.

    Examples:

      nacre ledger erase 1310 --reason "request of the data subject, 2026-11-02" --yes
    """
    from nacre_ledger import erasure

    if not reason.strip():
        raise UsageError("an erasure says why", "give --reason a text")
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("erasing cannot be undone", "add --yes")
        typer.confirm(f"erase {counted(len(positions), 'entry')} for good?", abort=True, err=True)
    with open_ledger(ledger) as opened:
        signer = writer_key(key, opened)
        others = erasure.with_the_same_files(opened, positions)
        speaking = erasure.speaking_of(opened, positions)
        recorded = erasure.erase(opened, positions, reason, agent or signer.name, signer)
        if json:
            emit(json_module.dumps(_document(opened, recorded)) + "\n")
    say(f"erased {', '.join(map(str, positions))}; entry {recorded.position} says why")
    if others:
        shown = some_of([*map(str, others)])
        say(f"warning: a file of them is also held by {shown}, where it stays until that is erased")
    if speaking:
        shown = some_of([*map(str, speaking)])
        say(f"warning: {shown} correct or attest them, and go on saying what they say of them")
    say("copies, backups and evidence that was exported before are out of reach")


# -- keys ------------------------------------------------------------------------------------------

keys_app = group("keys", "The keys of logs, writers and witnesses on this machine.")


@keys_app.command("list")
def list_keys(json: JsonOption = False) -> None:
    """List the public halves of all keys."""
    from nacre_ledger import keys

    found = list(keys.known())
    if json:
        rows = [
            {"name": each.name, "key": str(each), "fingerprint": each.fingerprint} for each in found
        ]
        emit(json_module.dumps(rows, indent=1) + "\n")
        return
    emit("".join(f"{each}  {each.fingerprint}\n" for each in found))
    for problem in keys.unreadable():
        say(f"warning: {problem}")
    if not found:
        say(f"there are no keys in `{keys.folder()}`; `nacre ledger keys new NAME` makes one")


@keys_app.command("new")
def new_key(
    name: Annotated[str, typer.Argument(help="Who signs with it, such as tech-07.")],
) -> None:
    """Make an Ed25519 key for a writer or a witness."""
    from nacre_ledger import keys

    key = keys.create(name)
    emit(f"{key.verifier}\n")
    say(f"the private half is in `{keys.folder()}`, readable by you alone")


@keys_app.command("account")
def chain_account(
    name: Annotated[str, typer.Argument(help="Whose account, such as quality.")],
) -> None:
    """The account of a chain key on this machine, which is made if there is none of the name."""
    from nacre_ledger.chains import anchoring

    emit(f"{anchoring.account_of(name)}\n")


@keys_app.command("trust")
def trust_file(
    output: OutputOption = None,
    force: ForceOption = False,
    ledger: LedgerOption = None,
) -> None:
    """Write a trust file for a ledger, with the keys that are in it: a draft to check and hand on.

    Examples:

      nacre ledger keys trust -o trust.toml
    """
    with open_ledger(ledger, read_only=True) as opened:
        text = _trust_text(opened)
    write_file(output, text.encode(), force=force)
    say("check every key with its owner before you hand this file on")


def _trust_text(ledger: "Ledger") -> str:
    writers = list(dict.fromkeys(batch.writer for batch in ledger.batches()))
    lines = [
        "# Whose keys are trusted, and for what. `nacre help trust` explains every line.",
        "trust = 1",
        "",
        "[log]",
        f"origin = {json_module.dumps(ledger.origin)}",
        f"keys = [{json_module.dumps(ledger.settings.key)}]",
        "",
        "[witness]",
        "threshold = 0  # how many of these must have seen a checkpoint",
        "keys = []",
    ]
    contract = ledger.settings.contract or ledger.store.setting("contract")
    if contract is not None:
        chain = ledger.store.setting("chain-id") or "0"
        lines += ["", "[chain]", f"id = {chain}", f"contract = {json_module.dumps(contract)}"]
        code = ledger.store.setting("code-hash")
        lines += [f"code-hash = {json_module.dumps(code)}"] if code else []
    for writer in writers:
        lines += [
            "",
            "[[writer]]",
            f"key = {json_module.dumps(writer)}",
            '# agents = ["..."]       activities = ["repair", "inspection"]',
            "# valid-from = 2024-01-01T00:00:00Z",
        ]
    return "\n".join(lines) + "\n"


COMMANDS: dict[str, Callable[..., Any]] = {"init": init, "record": record, "erase": erase}
