"""`nacre ledger log | show | audit | trace | at | query`: questions to a log."""

import contextlib
import json as json_module
from collections.abc import Callable, Generator, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nacre_aas.wording import counted
from nacre_cli.commands.ledger.common import (
    MAX,
    AssetArgument,
    LedgerOption,
    SinceCheckpointOption,
    TrustOption,
    answering,
    asset_of,
    chain_findings,
    exit_code,
    instant_of,
    is_file,
    line_of,
    open_ledger,
    position_of,
    read_checkpoint,
    read_trust,
    refuse_broken,
    refuse_unknown_activity,
    show_findings,
)
from nacre_cli.errors import UsageError
from nacre_cli.exit_codes import ExitCode
from nacre_cli.options import ColorOption, JsonOption, group
from nacre_cli.terminal import Paint, clean_line, emit, paint, say

if TYPE_CHECKING:
    from nacre_ledger.audit import Audit, Link, Row
    from nacre_ledger.event import Event
    from nacre_ledger.history import Oddity, State
    from nacre_ledger.log import Ledger


def _builtins(event: "Event | None") -> Any:
    from msgspec import to_builtins

    return None if event is None else to_builtins(event)


def log(
    asset: Annotated[str | None, typer.Option("--asset", help="Only this asset.")] = None,
    activity: Annotated[str | None, typer.Option("--activity", help="Only this activity.")] = None,
    agent: Annotated[str | None, typer.Option("--agent", help="Only this agent.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="Happened then or later.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Happened then or earlier.")] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", "-n", min=1, max=MAX, help="How many [default: 50 as text, else all]."
        ),
    ] = None,
    as_epcis: Annotated[
        bool, typer.Option("--epcis", help="As an EPCIS 2.0 document, oldest first.")
    ] = False,
    ledger: LedgerOption = None,
    json: JsonOption = False,
) -> None:
    """List events, newest entry first, one line each.

    Examples:

      nacre ledger log --asset https://acme.example/p/4711

      nacre ledger log --activity repair --since 2026-01-01 --json
    """
    from nacre_ledger import audit

    if activity is not None:
        refuse_unknown_activity(activity)
    with answering(ledger) as opened:
        found = audit.find(
            opened,
            asset=asset_of(asset) if asset else None,
            activity=activity,
            agent=agent,
            since=instant_of(since, "--since"),
            until=instant_of(until, "--until", end=True),
            limit=limit or (None if json or as_epcis else 50),
        )
        if as_epcis:
            from nacre_ledger import epcis

            document = epcis.write(opened, reversed(list(found)))
            refuse_broken(opened)
            emit(json_module.dumps(document, indent=1, ensure_ascii=False) + "\n")
            return
        shown = False
        for entry in found:
            event = entry.event
            if json:
                document = {"position": entry.position, "event": _builtins(event)}
                emit(json_module.dumps(document, ensure_ascii=False) + "\n")
            else:
                emit(clean_line(line_of(entry.position, event, event.note or "")) + "\n")
            shown = True
    if not shown:
        say("no entry fits")


def show(
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="Its position or event id.")],
    attachment: Annotated[
        str | None, typer.Option("--attachment", metavar="NAME", help="Write a file that it holds.")
    ] = None,
    ledger: LedgerOption = None,
) -> None:
    """Show an entry with everything that it says.

    Examples:

      nacre ledger show 1842

      nacre ledger show 1842 --attachment protocol.pdf > protocol.pdf
    """
    from nacre_ledger.errors import LedgerError

    with answering(ledger) as opened:
        position = position_of(opened, entry)
        if position is None:
            raise LedgerError(f"no entry has the id `{entry}`")
        found = opened.entry(position)
        if attachment is not None:
            digests = {each.name: each.sha256 for each in found.event.attachments}
            data = opened.attachment(position, digests.get(attachment, ""))
            if data is None:
                if attachment in digests:
                    raise LedgerError(
                        f"entry {position} names `{attachment}`, and its content is not held here",
                        f"whoever has it can show that it is the one: SHA-256 {digests[attachment]}",
                    )
                known = ", ".join(digests) or "no files"
                raise LedgerError(f"entry {position} names no `{attachment}`", f"it names {known}")
            refuse_broken(opened)
            emit(data)
            return
        batch = opened.batch_of(position)
        document = {
            "position": position,
            "leaf": opened.tiles().node(0, position).hex(),
            "writer": batch.writer,
            "batch": {"first": batch.first, "size": batch.size},
            "event": _builtins(found.event) if found.body is not None else None,
        }
    emit(json_module.dumps(document, indent=1, ensure_ascii=False) + "\n")


# -- audit -----------------------------------------------------------------------------------------


def audit(
    asset: AssetArgument,
    trust: TrustOption = None,
    since_checkpoint: SinceCheckpointOption = None,
    twin: Annotated[
        Path | None,
        typer.Option("--twin", metavar="FILE", help="A package that should be the last version."),
    ] = None,
    chain: Annotated[
        bool, typer.Option("--chain", help="Compare the log with its chain as well.")
    ] = False,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Check the entries of the asset only, not the whole log."),
    ] = False,
    ledger: LedgerOption = None,
    json: JsonOption = False,
    color: ColorOption = None,
) -> int:
    """What happened to one asset, with every proof checked.

    Exit code 4: evidence is broken. 3: something could not be established, such as whose keys
    these are. 1: a policy is breached.

    Examples:

      nacre ledger audit https://acme.example/p/4711 --trust trust.toml

      nacre ledger audit pump-4711.aasx --trust trust.toml --since-checkpoint last.ckpt --json
    """
    from nacre_ledger import audit as audits

    name = asset_of(asset)
    known = read_trust(trust)
    with open_ledger(ledger, read_only=True) as opened:
        result = audits.audit(
            opened, name, known, seen=read_checkpoint(since_checkpoint), quick=quick
        )
        package = twin or (Path(asset) if is_file(asset) else None)
        if package is not None:
            _compare_twin(opened, result, package)
        if chain:
            found, said = chain_findings(opened, known, result.findings)
            result.findings += found
            result.statements += [] if said is None else [said]
        elif known is not None and known.policy is not None and known.policy.attested_checkpoints:
            result.statements.append("not judged: attested checkpoints, which --chain tells")
    if json:
        emit(json_module.dumps(_audit_document(result), indent=1, ensure_ascii=False) + "\n")
    else:
        _print_audit(result, paint(color))
    return exit_code(result.findings, trust)


def _compare_twin(ledger: "Ledger", result: "Audit", package: Path) -> None:
    from nacre_aas.files import read_bytes
    from nacre_aas.findings import Location
    from nacre_ledger import history, rules, twins

    recorded = [
        each
        for each in history.read(result.entries)
        if each.event.twin is not None and each.event.asset == result.asset
    ]
    given = twins.of_bytes(read_bytes(str(package)), str(package))
    fitting = [
        each for each in recorded if each.event.twin and given.has_root(each.event.twin.after)
    ]
    location = Location(str(package))
    result.findings += twins.ambiguous(given, location)
    version = fitting[-1].source("twin") if fitting else None
    if not recorded:
        result.statements.append(f"no event speaks about the twin in {package.name}")
    elif fitting and fitting[-1] is recorded[-1]:
        result.statements.append(f"{package.name} is the version of event {version}")
    elif fitting:
        message = f"the package is the version of event {version}, not the last one"
        result.findings.append(rules.PACKAGE.finding(message, location))
    else:
        last = twins.version_of(ledger, recorded[-1])
        source = recorded[-1].source("twin")
        if given.package is None and last is not None and twins.says_the_same(given, last):
            message = (
                f"{package.name} says what the version of event {source} does, without its files"
            )
            hint = "compare the package itself"
            result.findings.append(rules.NOT_COVERED.finding(message, location, hint))
        else:
            message = f"the package is no version that was recorded; the last is of event {source}"
            result.findings.append(rules.PACKAGE.finding(message, location))


def _print_audit(result: "Audit", painter: Paint) -> None:
    from nacre_ledger.event import utc

    when = utc(result.head_time)[:16] + "Z" if result.head_time is not None else "no checkpoint"
    witnesses = f" · {result.witnesses} of {result.threshold} witnesses" if result.threshold else ""
    emit(clean_line(f"asset   {result.asset}") + "\n")
    emit(
        clean_line(f"log     {result.origin} · {result.size} entries · head {when}{witnesses}")
        + "\n\n"
    )
    width = max([len(each.event.agent) for each in result.entries] + [2])
    width = min(width, 24)
    head = f"  entry  when              activity              {'by'.ljust(width)}  signed  in log  notes"
    emit(painter("faint", head) + "\n")
    for each in result.entries:
        event = each.event
        moment = event.happened.replace("T", " ")[:16]
        good = each.signed and (each.trusted or not result.with_trust)
        signed = painter("good" if good else "error", ("✓" if good else "✗").center(6))
        in_log = painter(
            "good" if each.in_log else "faint", ("✓" if each.in_log else "–").center(6)
        )
        notes = clean_line(" · ".join(each.notes))
        left = f"{each.position:>7}  {moment}  {event.activity.value:<20}  {event.agent[:width].ljust(width)}"
        emit(f"{clean_line(left)}  {signed}  {in_log}  {notes}\n")
    emit("\n")
    broken = exit_code(result.findings, None) is ExitCode.EVIDENCE
    for statement in result.statements:
        emit(
            painter("strong" if broken else "good", "· " if broken else "✓ ")
            + clean_line(statement)
            + "\n"
        )
    show_findings(result.findings, painter)
    emit(
        "What this does not show: events that nobody recorded; when the head was made, which nobody signs\n"
    )


def _audit_document(result: "Audit") -> dict[str, Any]:
    return {
        "schema": "nacre.audit/v1",
        "asset": result.asset,
        "log": {
            "origin": result.origin,
            "size": result.size,
            "checkpoint": result.head.size if result.head else None,
            "root": result.head.root.hex() if result.head else None,
            "witnesses": result.witnesses,
            "threshold": result.threshold,
        },
        "entries": [
            {
                "position": each.position,
                "writer": each.writer,
                "signed": each.signed,
                "in_log": each.in_log,
                "trusted": each.trusted,
                "notes": each.notes,
                "event": _builtins(each.event),
            }
            for each in result.entries
        ],
        "statements": result.statements,
        "findings": finding_documents(result.findings),
    }


def finding_documents(found: Iterable[Any]) -> list[dict[str, Any]]:
    """Findings in the form of `nacre validate --json`."""
    from nacre_cli.render.machine import finding_document

    return [finding_document(each) for each in found]


# -- the state of an asset -------------------------------------------------------------------------


def at(
    asset: AssetArgument,
    time: Annotated[str, typer.Argument(metavar="TIME", help="Such as 2026-10-14 or with time.")],
    output: Annotated[
        Path | None,
        typer.Option("--twin", metavar="FILE", help="Write the version of the twin of that time."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    ledger: LedgerOption = None,
    json: JsonOption = False,
) -> None:
    """The asset as it was maintained at a time: holder, parts, settings, twin.

    Examples:

      nacre ledger at https://acme.example/p/4711 2026-06-30
    """
    from nacre_ledger import audit as audits
    from nacre_ledger import history

    name = asset_of(asset)
    until = instant_of(time, "TIME", end=True)
    with answering(ledger) as opened:
        lines = history.read(audits.known_asset(opened, name))
        state = history.state(lines, name, until)
        doubts = list(history.doubts(name, state, until, opened.of_asset))
        if output is not None:
            _write_twin(opened, state, output, force=force)
    if json:
        emit(
            json_module.dumps(
                _state_document(name, time, state, doubts), indent=1, ensure_ascii=False
            )
            + "\n"
        )
    else:
        _print_state(name, time, state, doubts)


def _write_twin(opened: Any, state: "State", output: Path, *, force: bool) -> None:
    from nacre_cli.terminal import write_file
    from nacre_ledger import twins
    from nacre_ledger.errors import LedgerError

    position = state.twin[1] if state.twin else None
    if position is None:
        raise LedgerError("no version of the twin was recorded by then")
    twin = twins.recorded_twin(opened, position, opened.entry(position).event)
    if twin is None:
        raise LedgerError(f"the file of event {position} was not kept")
    write_file(output, twin.data, force=force)
    say(f"wrote {output}: the version of event {position}")


def _state_document(
    asset: str, time: str, state: "State", doubts: Sequence["Oddity"]
) -> dict[str, Any]:
    def said(value: tuple[str, int] | None) -> dict[str, Any] | None:
        return None if value is None else {"value": value[0], "entry": value[1]}

    return {
        "schema": "nacre.state/v1",
        "asset": asset,
        "time": time,
        "holder": said(state.holder),
        "location": said(state.location),
        "twin": said(state.twin),
        "ended": said(state.ended),
        "parts": [
            {**_builtins(item), "entry": position}  # type: ignore[arg-type]
            for item, position in state.parts.values()
        ],
        "configuration": {name: said(value) for name, value in state.configuration.items()},
        "last": {activity.value: said(value) for activity, value in state.last.items()},
        "doubts": [{"message": each.message, "entry": each.position} for each in doubts],
    }


def _print_state(asset: str, time: str, state: "State", doubts: Sequence["Oddity"]) -> None:
    lines = [f"asset     {asset} at {time}"]
    for label, value in (
        ("holder", state.holder),
        ("location", state.location),
        ("twin", state.twin),
        ("ended", state.ended),
    ):
        if value is not None:
            lines.append(f"{label:<9} {value[0]}  (entry {value[1]})")
    for item, position in state.parts.values():
        where = f" at {item.position}" if item.position else ""
        amount = f" {item.quantity} {item.unit or ''}".rstrip() if item.quantity else ""
        lines.append(f"part      {item.asset}{where}{amount}  (entry {position})")
    for name, (setting, position) in sorted(state.configuration.items()):
        lines.append(f"setting   {name} = {setting}  (entry {position})")
    for activity, (happened, position) in sorted(state.last.items()):
        lines.append(f"last      {activity.value} {happened}  (entry {position})")
    lines += [f"doubtful  {each.message}  (entry {each.position})" for each in doubts]
    emit("".join(clean_line(line) + "\n" for line in lines))


def trace(
    asset: AssetArgument,
    downstream: Annotated[
        bool, typer.Option("--down", help="Where it went, instead of where it comes from.")
    ] = False,
    ledger: LedgerOption = None,
    json: JsonOption = False,
) -> None:
    """What went into an asset, or what it went into: parts, materials, batches, to any depth.

    Examples:

      nacre ledger trace https://acme.example/p/4711

      nacre ledger trace https://acme.example/batch/88 --down
    """
    from nacre_ledger import audit as audits

    name = asset_of(asset)
    with answering(ledger) as opened:
        links = audits.trace(opened, name, upstream=not downstream)
    if json:
        documents = [
            {
                "depth": each.depth,
                "source": each.source,
                "target": each.target,
                "entry": each.position,
                "activity": each.activity.value,
                "apart": each.is_apart,
            }
            for each in links
        ]
        emit(json_module.dumps(documents, indent=1, ensure_ascii=False) + "\n")
        return
    emit(clean_line(name) + "\n")
    emit("".join(_tree(name, links, upstream=not downstream)))
    found, apart = (
        {each.source if not downstream else each.target for each in links if each.is_apart is said}
        - {name}
        for said in (False, True)
    )
    say(f"{counted(len(found), 'asset')} {'downstream' if downstream else 'upstream'}")
    if apart - found:
        say(
            f"{counted(len(apart - found), 'more asset')} by links whose times do not meet; "
            "in a recall look at the times themselves"
        )


def _tree(root: str, links: "list[Link]", *, upstream: bool) -> list[str]:
    below: dict[str, list[Link]] = {}
    for each in links:
        below.setdefault(each.target if upstream else each.source, []).append(each)
    lines: list[str] = []
    shown = {root}
    stack = [(each, 1) for each in reversed(below.get(root, []))]
    while stack:
        link, depth = stack.pop()
        other = link.source if upstream else link.target
        again = other in shown
        mark = " (above)" if again and other in below else ""
        mark += " (by the times given not at once)" if link.is_apart else ""
        lines.append(
            clean_line(f"{'  ' * depth}{other}  {link.activity.value}, entry {link.position}{mark}")
            + "\n"
        )
        if not again:
            shown.add(other)
            stack += [(each, depth + 1) for each in reversed(below.get(other, []))]
    return lines


# -- named questions -------------------------------------------------------------------------------

query_app = group(
    "query", "Named questions over all events; the exit code is 1 if there is an answer."
)


def _answer(rows: "Iterable[Row]", *, json: bool, nothing: str) -> int:
    count = 0
    for row in rows:
        count += 1
        if json:
            document = {"position": row.position, "said": row.said, "event": _builtins(row.event)}
            emit(json_module.dumps(document, ensure_ascii=False) + "\n")
        elif row.event is None:
            emit(f"{row.position:>7}  {row.said}\n")
        else:
            emit(clean_line(line_of(row.position, row.event, row.said)) + "\n")
    if not count:
        say(nothing)
    return ExitCode.FINDINGS if count else ExitCode.OK


@contextlib.contextmanager
def _arguments() -> "Generator[None]":
    """That an argument names nothing is a mistake of the call, and no answer: exit code 2."""
    from nacre_ledger.errors import LedgerError

    try:
        yield
    except LedgerError as error:
        raise UsageError(error.message, error.hint) from None


@query_app.command("late")
def query_late(
    after: Annotated[
        float,
        typer.Option("--after", metavar="HOURS", min=0, max=1e6, help="What counts as late."),
    ] = 24,
    ledger: LedgerOption = None,
    json: JsonOption = False,
) -> int:
    """Events that were recorded late, out of order, backdated, or ahead of their time."""
    from nacre_ledger import audit as audits

    with answering(ledger) as opened:
        rows = audits.late(opened, int(after * 3_600_000_000))
        return _answer(rows, json=json, nothing="every event was recorded in time and in order")


@query_app.command("custody")
def query_custody(
    asset: AssetArgument, ledger: LedgerOption = None, json: JsonOption = False
) -> int:
    """The chain of custody of an asset; the exit code is 1 if it has gaps."""
    from nacre_ledger import audit as audits
    from nacre_ledger import history

    name = asset_of(asset)
    with answering(ledger) as opened:
        lines = history.read(audits.known_asset(opened, name))
    links = history.custody(lines, name)
    for each in links:
        custody = each.event.custody
        assert custody is not None
        if json:
            document = {
                "position": each.position,
                "happened": each.event.happened,
                "from": custody.from_,
                "to": custody.to,
                "gap": each.gap,
            }
            emit(json_module.dumps(document, ensure_ascii=False) + "\n")
        else:
            said = f"{custody.from_ or 'nobody'} → {custody.to}" + (
                f"   gap: {each.gap}" if each.gap else ""
            )
            emit(clean_line(f"{each.position:>7}  {each.event.happened}  {said}") + "\n")
    if not links:
        say("no event says who holds it")
    return ExitCode.FINDINGS if any(each.gap for each in links) else ExitCode.OK


@query_app.command("key")
def query_key(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Its name or fingerprint.")],
    trust: TrustOption = None,
    ledger: LedgerOption = None,
    json: JsonOption = False,
) -> int:
    """Events that a key signed, and whether it held the right then."""
    from nacre_ledger import audit as audits

    with answering(ledger) as opened, _arguments():
        rows = audits.by_key(opened, key, read_trust(trust))
        return _answer(rows, json=json, nothing="the key signed nothing")


@query_app.command("between")
def query_between(
    first: Annotated[
        int,
        typer.Argument(metavar="SIZE", min=0, max=MAX, help="The earlier checkpoint; 0 for none."),
    ],
    last: Annotated[
        int, typer.Argument(metavar="SIZE", min=0, max=MAX, help="The later checkpoint.")
    ],
    ledger: LedgerOption = None,
    json: JsonOption = False,
) -> int:
    """What was recorded between two checkpoints."""
    from nacre_ledger import audit as audits

    with answering(ledger) as opened, _arguments():
        return _answer(audits.between(opened, first, last), json=json, nothing="nothing")


@query_app.command("unanchored")
def query_unanchored(ledger: LedgerOption = None, json: JsonOption = False) -> int:
    """Every entry that no anchor covers yet."""
    from nacre_ledger import audit as audits

    with answering(ledger) as opened:
        nothing = "everything is anchored, as the ledger notes; `nacre ledger fsck --chain` asks the chain"
        return _answer(audits.not_anchored(opened), json=json, nothing=nothing)


@query_app.command("erased")
def query_erased(ledger: LedgerOption = None, json: JsonOption = False) -> int:
    """What was erased, and why."""
    from nacre_ledger import audit as audits

    with answering(ledger) as opened:
        rows = sorted(audits.erasures(opened))
    for position, reason, by in rows:
        if json:
            emit(json_module.dumps({"position": position, "reason": reason, "erasure": by}) + "\n")
        else:
            emit(clean_line(f"{position:>7}  {reason}  (entry {by})") + "\n")
    if not rows:
        say("nothing was erased")
    return ExitCode.FINDINGS if rows else ExitCode.OK


@query_app.command("overdue")
def query_overdue(ledger: LedgerOption = None, json: JsonOption = False) -> int:
    """Assets whose longest interval between two events of an activity is over."""
    from nacre_ledger import audit as audits

    with answering(ledger) as opened:
        return _answer(audits.overdue(opened), json=json, nothing="nothing is overdue")


@query_app.command("compare")
def query_compare(
    other: Annotated[str, typer.Argument(metavar="DIR|URL", help="Another copy of the ledger.")],
    ledger: LedgerOption = None,
    json: JsonOption = False,
) -> int:
    """The first entry in which two copies of a log differ; exit code 4 if there is one."""
    from nacre_ledger import audit as audits

    with open_ledger(ledger, read_only=True) as one, open_ledger(other, read_only=True) as two:
        found = audits.compare(one, two)
    if json:
        document = {
            "first_difference": found.first,
            "sizes": [found.own, found.others],
            "beside": found.beside,
        }
        emit(json_module.dumps(document) + "\n")
    elif found.first is not None:
        emit(f"the copies differ from entry {found.first}\n")
    else:
        same = (
            "the copies have the same entries and signatures"
            if found.own == found.others
            else "the shorter copy is the beginning of the other"
        )
        emit(f"{same}: {found.own} and {found.others} entries\n")
        for each in found.beside:
            emit(f"{each}\n")
    return ExitCode.OK if found.first is None else ExitCode.EVIDENCE


COMMANDS: dict[str, Callable[..., Any]] = {
    "log": log,
    "show": show,
    "audit": audit,
    "trace": trace,
    "at": at,
}
