"""`nacre ledger checkpoint | anchor | prove | embed | verify | fsck | witness`: proofs, made and checked."""

import json as json_module
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nacre_aas.wording import counted
from nacre_cli.commands.ledger.common import (
    LedgerOption,
    SinceCheckpointOption,
    TrustOption,
    answering,
    chain_findings,
    exit_code,
    open_ledger,
    position_of,
    read_checkpoint,
    read_trust,
    show_findings,
)
from nacre_cli.commands.ledger.reading import finding_documents
from nacre_cli.errors import UsageError
from nacre_cli.exit_codes import ExitCode
from nacre_cli.options import ColorOption, ForceOption, JsonOption, OutputOption, group
from nacre_cli.terminal import clean_line, emit, paint, say, write_file

if TYPE_CHECKING:
    from nacre_aas.findings import Finding, Location
    from nacre_ledger.log import Ledger
    from nacre_ledger.proofs.evidence import Verdict
    from nacre_ledger.twins import Twin


def checkpoint(
    output: OutputOption = None,
    force: ForceOption = False,
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="FILE", help="The key of the log, if it is elsewhere."),
    ] = None,
    ledger: LedgerOption = None,
) -> None:
    """Sign the log as it is now, and print the checkpoint: give it to others, who keep it.

    Examples:

      nacre ledger checkpoint -o 2026-10-14.ckpt
    """
    from nacre_ledger import keys

    with open_ledger(ledger) as opened:
        signed = opened.checkpoint(keys.load(key or opened.origin))
    write_file(output, str(signed).encode(), force=force)


def anchor(
    attestor: Annotated[
        str | None,
        typer.Option("--attestor", metavar="NAME", help="The chain key of the quality role."),
    ] = None,
    grant: Annotated[
        list[str] | None,
        typer.Option(
            "--grant", metavar="ROLE=ACCOUNT", help="Give an account the role writer or attestor."
        ),
    ] = None,
    revoke: Annotated[
        list[str] | None,
        typer.Option("--revoke", metavar="ROLE=ACCOUNT", help="Take the role away again."),
    ] = None,
    ledger: LedgerOption = None,
    json: JsonOption = False,
) -> None:
    """Put the last checkpoint on the chain; a second call changes nothing and sends what was lost.

    Examples:

      nacre ledger anchor

      nacre ledger anchor --attestor quality
    """
    from nacre_ledger import keys
    from nacre_ledger.chains import anchoring
    from nacre_ledger.errors import LedgerError

    with open_ledger(ledger) as opened, anchoring.Anchors(opened) as anchors:
        for allowed, pairs in ((True, grant), (False, revoke)):
            for pair in pairs or ():
                role, account = _role(pair)
                anchors.set_role(account, role, allowed=allowed)
        signer = keys.chain_key(attestor, create=False) if attestor else None
        rows = anchors.anchor(signer)
        if not rows:
            raise LedgerError("there is nothing to anchor: the log has no entries")
        if signer is not None and not anchors.head().attested:
            say("the contract demands no attestation; `attested-checkpoints` in ledger.toml does")
        contract, chain = anchors.contract, anchors.chain_id()
    if json:
        documents = [
            {
                "size": each.size,
                "root": each.root.hex(),
                "sequence": each.sequence,
                "state": each.state,
                "transaction": "0x" + each.transaction_hash.hex(),
                "block": each.block,
            }
            for each in rows
        ]
        emit(json_module.dumps(documents, indent=1) + "\n")
        return
    last = rows[-1]
    where = "in no block yet" if last.block is None else f"in block {last.block}"
    emit(
        f"{last.state}: {counted(last.size, 'entry')} {where} of chain {chain}, contract {contract},\n"
        f"  transaction 0x{last.transaction_hash.hex()}\n"
    )
    if opened.settings.chain == "embedded":
        say(
            "\nhint: a chain on this machine proves nothing against its owner; give checkpoints to others"
        )


def _role(pair: str) -> tuple[int, str]:
    from nacre_ledger.chains import anchoring

    name, _, account = pair.partition("=")
    roles = {"writer": anchoring.WRITER, "attestor": anchoring.ATTESTOR}
    if name not in roles or len(account) != 42 or not account.startswith("0x"):
        raise UsageError(
            f"`{pair}` is no role and account", "write attestor=0x…, 40 hexadecimal digits"
        )
    return roles[name], account


def prove(
    entries: Annotated[
        list[str],
        typer.Argument(metavar="ENTRY…", help="Positions or event ids; or one asset with --asset."),
    ],
    asset: Annotated[
        bool, typer.Option("--asset", help="ENTRY is a globalAssetId: all events of the asset.")
    ] = False,
    field: Annotated[
        list[str] | None,
        typer.Option("--field", metavar="NAME", help="Show this field only, and nothing else."),
    ] = None,
    element: Annotated[
        str | None,
        typer.Option(
            "--element", metavar="PATH", help="Show one element of the twin of the event."
        ),
    ] = None,
    twin: Annotated[
        Path | None, typer.Option("--twin", metavar="FILE", help="That twin, if it was not kept.")
    ] = None,
    form: Annotated[
        str, typer.Option("--form", help="evidence (JSON), tlog-proof (C2SP) or cose (RFC 9942).")
    ] = "evidence",
    output: OutputOption = None,
    force: ForceOption = False,
    ledger: LedgerOption = None,
) -> None:
    """Write a proof that others check without the ledger: whole events, one field, one element.

    Examples:

      nacre ledger prove 1842 -o 1842.evidence.json

      nacre ledger prove 1842 --field note

      nacre ledger prove 1842 --element Nameplate/SerialNumber
    """
    with answering(ledger) as opened:
        positions = _positions(opened, entries, asset=asset)
        if form == "evidence":
            data = _evidence(opened, positions, field or [], element, twin)
        else:
            if len(positions) != 1 or field or element:
                raise UsageError(f"--form {form} holds one whole entry")
            data = _foreign(opened, positions[0], form)
    # What is broken has ended the command by now.
    write_file(output, data, force=force)


def _positions(opened: "Ledger", entries: list[str], *, asset: bool) -> list[int]:
    from nacre_ledger.errors import LedgerError

    found: list[int] = []
    for each in entries:
        if asset:
            positions = [entry.position for entry in opened.of_asset(each)]
        else:
            position = position_of(opened, each)
            positions = [] if position is None else [position]
        if not positions:
            raise LedgerError(f"the log has nothing for `{each}`")
        found += positions
    return found


def _evidence(
    opened: "Ledger",
    positions: list[int],
    fields: list[str],
    element: str | None,
    twin: Path | None,
) -> bytes:
    from nacre_ledger import twins
    from nacre_ledger.errors import LedgerError
    from nacre_ledger.proofs import evidence

    if element is None:
        return evidence.make(opened, positions, fields=fields).dumps()
    if len(positions) != 1:
        raise UsageError("--element belongs to one entry")
    entry = opened.entry(positions[0])
    event = entry.event
    if event.twin is None or entry.salt is None:
        raise LedgerError(f"entry {entry.position} does not speak about a twin")
    known = twins.read(str(twin)) if twin else twins.recorded_twin(opened, entry.position, event)
    if known is None:
        raise LedgerError("the file of the twin was not kept", "--twin FILE gives it")
    if not known.has_root(event.twin.after):
        raise LedgerError(f"the twin is not the one that entry {entry.position} speaks about")
    disclosure = twins.disclose(known, element, entry.salt)
    shown = [*fields, "twin.keyed"] if entry.field_root is not None else []
    return evidence.make(opened, positions, fields=shown, element=disclosure).dumps()


def _foreign(opened: "Ledger", position: int, form: str) -> bytes:
    from nacre_ledger import keys
    from nacre_ledger.proofs import receipt, tlog

    if form == "tlog-proof":
        return str(tlog.make(opened, position)).encode()
    if form == "cose":
        return receipt.make(opened, position, keys.load(opened.origin))
    raise UsageError(f"`{form}` is no form of a proof", "use evidence, tlog-proof or cose")


def embed(
    file: Annotated[Path, typer.Argument(metavar="FILE.aasx", help="The package.")],
    output: OutputOption = None,
    force: ForceOption = False,
    ledger: LedgerOption = None,
) -> None:
    """Put the evidence of a package's asset into the package, so that it travels with it.

    Examples:

      nacre ledger embed pump-4711.aasx -o pump-4711-with-evidence.aasx
    """
    from nacre_aas.files import read_bytes
    from nacre_ledger import twins
    from nacre_ledger.errors import LedgerError
    from nacre_ledger.proofs import evidence

    data = read_bytes(str(file))
    asset = twins.of_bytes(data, str(file)).asset
    if asset is None:
        raise LedgerError(f"`{file}` does not hold one asset with a globalAssetId")
    with answering(ledger) as opened:
        head = opened.checkpoint_note()
        if head is None:
            raise LedgerError("there is no checkpoint", "`nacre ledger checkpoint` signs one")
        from nacre_ledger import checkpoint as checkpoints

        size = checkpoints.parse(head.text).size
        entries = opened.of_asset(asset)
        positions = [each.position for each in entries if each.position < size]
        if not positions:
            raise LedgerError(f"no entry under a checkpoint speaks of `{asset}`")
        made = evidence.make(opened, positions)
    written = twins.embed(data, made.dumps(), str(file))
    write_file(output or file, written, force=force or output is None)
    left = len(entries) - len(positions)
    say(f"put {counted(len(positions), 'event')} into {output or file}")
    if left:
        say(
            f"{counted(left, 'event')} under no checkpoint yet: `nacre ledger checkpoint`, then again"
        )


def verify(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="Evidence, a tlog-proof, a checkpoint; without it the ledger."
        ),
    ] = None,
    trust: TrustOption = None,
    since_checkpoint: SinceCheckpointOption = None,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick",
            help="Of a log: hashes and signatures, not what entries say (needed with --trust FILE).",
        ),
    ] = False,
    ledger: LedgerOption = None,
    json: JsonOption = False,
    color: ColorOption = None,
) -> int:
    """Check a proof from a file alone, or a whole log: every hash, checkpoint, signature and entry.

    Examples:

      nacre ledger verify 1842.evidence.json --trust trust.toml

      nacre ledger verify --trust trust.toml --since-checkpoint last.ckpt
    """
    if file is None:
        return _verify_log(ledger, trust, since_checkpoint, index=not quick, json=json, color=color)
    if since_checkpoint is not None:
        raise UsageError(
            "--since-checkpoint is compared with a log, and a file does not carry one",
            "leave FILE out, and name the ledger or a copy of it with --ledger",
        )
    return verify_file(file, trust, json=json, color=color)


def verify_file(file: Path, trust: str | None, *, json: bool, color: Any) -> int:
    """Check evidence, a proof, a checkpoint, or a package against the evidence that it carries."""
    from nacre_aas.errors import about
    from nacre_aas.files import read_bytes
    from nacre_aas.findings import Location

    data = read_bytes(str(file))
    with about(str(file)):
        if data.startswith(b"c2sp.org/tlog-proof"):
            return _verify_tlog(data, trust, file)
        if data[:1] == b"{":
            return _verify_evidence(data, Location(str(file)), trust, None, json=json, color=color)
        if data[:1] == b"\xd2":
            raise UsageError(
                "a COSE receipt does not carry its statement",
                "a SCITT verifier takes it with the commitment of the event; --form evidence carries all",
            )
        if data[:2] == b"PK":
            return _verify_package(data, file, trust, json=json, color=color)
        return _verify_checkpoint(data, trust, file)


def _verify_tlog(data: bytes, trust: str | None, file: Path) -> int:
    from nacre_aas.findings import Location
    from nacre_ledger import checkpoint as checkpoints
    from nacre_ledger import note, rules
    from nacre_ledger.errors import EventError
    from nacre_ledger.proofs import tlog
    from nacre_ledger.trust import objection_to, witnesses_of

    here = Location(str(file))
    known = read_trust(trust)
    try:
        proof = tlog.parse(data.decode("utf-8", "replace"))
    except EventError as error:
        damaged = rules.PROOF.finding(error.message, here)
        show_findings([damaged], paint(None))
        return ExitCode.EVIDENCE
    leaf = tlog.leaf_of(proof)
    head = checkpoints.parse(note.parse_note(proof.checkpoint).text)
    if known is None:
        raise UsageError("a tlog-proof does not name the key of its log", "--trust FILE names it")
    if leaf is None:
        raise EventError("the proof does not carry its leaf", "ask for evidence instead")
    signed = note.parse_note(proof.checkpoint)
    is_of_log = objection_to(signed, known.log.origin, None, known) is None
    if is_of_log and any(proof.verify(leaf, key) for key in known.log_keys):
        _, few = witnesses_of(signed, known)
        found = [rules.TOO_FEW_WITNESSES.finding(few, here)] if few is not None else []
        emit(
            f"entry {proof.position} of {head.origin} is under the checkpoint of {counted(head.size, 'entry')}\n"
        )
        show_findings(found, paint(None))
        return exit_code(found, trust)
    show_findings([rules.PROOF.finding("the proof does not hold", here)], paint(None))
    return ExitCode.EVIDENCE


def _verify_checkpoint(data: bytes, trust: str | None, file: Path) -> int:
    from nacre_aas.findings import Location
    from nacre_ledger import checkpoint as checkpoints
    from nacre_ledger import note, rules
    from nacre_ledger.errors import EventError
    from nacre_ledger.trust import objection_to, witnesses_of

    try:
        signed = note.parse_note(data.decode())
        head = checkpoints.parse(signed.text)
    except (UnicodeDecodeError, EventError):
        raise EventError(
            "the file is no proof that Nacre knows",
            "expected evidence, a package that carries some, a tlog-proof or a checkpoint",
        ) from None
    known = read_trust(trust)
    here = Location(str(file))
    found: list[Finding] = []
    if known is None:
        found.append(
            rules.IDENTITY.finding("identity not established: there is no trust file", here)
        )
    else:
        objection = objection_to(signed, known.log.origin, None, known)
        if objection is not None:
            message = f"the checkpoint: {objection}"
            found.append(rules.CHECKPOINT_SIGNATURE.finding(message, here))
    witnesses, few = witnesses_of(signed, known)
    if few is not None:
        found.append(rules.TOO_FEW_WITNESSES.finding(few, here))
    emit(clean_line(f"{head.origin}: {counted(head.size, 'entry')}, root {head.root.hex()}") + "\n")
    for each in witnesses:
        emit(clean_line(f"  seen by {each.witness.name} at {each.time.isoformat()}") + "\n")
    show_findings(found, paint(None))
    # A checkpoint does not name the key of its log: without trust nothing of it was checked.
    return exit_code(found, None if known is None else trust)


def _verify_evidence(
    data: bytes,
    here: "Location",
    trust: str | None,
    package: "Twin | None",
    *,
    json: bool,
    color: Any,
) -> int:
    """Check evidence; `package` is the twin that carried it.

    What says that it is evidence and cannot be read is broken evidence.
    """
    from nacre_aas.findings import Location
    from nacre_ledger import rules
    from nacre_ledger.errors import EventError
    from nacre_ledger.proofs import evidence

    known = read_trust(trust)
    try:
        verdict = evidence.verify(evidence.loads(data), known, here)
    except EventError as error:
        if package is None and not evidence.says_so(data):
            raise
        verdict = evidence.Verdict([rules.PROOF.finding(error.message, here)])
    if package is not None and verdict.shown:
        from nacre_ledger import twins

        verdict.findings += twins.objections(package, verdict.shown, Location(here.file))
    if json:
        emit(json_module.dumps(_verdict_document(verdict), indent=1, ensure_ascii=False) + "\n")
    else:
        _print_verdict(verdict)
        show_findings(verdict.findings, paint(color))
        if exit_code(verdict.findings, trust) is ExitCode.OK:
            emit(
                f"verified: {counted(len(verdict.shown), 'entry')}, signed and included in the log\n"
            )
            emit(
                "not shown: whether the log has more about the asset, or a later version of its twin\n"
            )
            if verdict.is_anchored:
                emit(
                    "not checked: the anchor that is named; `nacre ledger fsck --chain` compares\n"
                )
            if known is not None and known.policy is not None:
                emit("not judged: the policy of the trust file, which is about a whole history\n")
    return exit_code(verdict.findings, trust)


def _print_verdict(verdict: "Verdict") -> None:
    from nacre_ledger import note
    from nacre_ledger.verification import short

    head = verdict.head
    if head is not None:
        emit(
            clean_line(f"{head.origin}: {counted(head.size, 'entry')}, root {short(head.root)}")
            + "\n"
        )
    for witness in verdict.witnesses:
        emit(clean_line(f"  seen by {witness.witness.name} at {witness.time.isoformat()}") + "\n")
    for each in verdict.shown:
        writer = note.parse_verifier(each.writer)
        if each.event is not None:
            said = f"{each.event.activity.value}  {each.event.happened}  {each.event.agent}  {each.event.asset}"
        else:
            said = ", ".join(
                f"{name} = {json_module.dumps(value, ensure_ascii=False)}"
                for name, value in each.fields.items()
                if each.element is None or name != "twin.keyed"
            )
        if each.element is not None:
            said += f"  {each.element.path}: {each.element.content}"
        emit(
            clean_line(
                f"entry {each.position}: {said}  (signed by {writer.name} {writer.fingerprint})"
            )
            + "\n"
        )


def _verdict_document(verdict: "Verdict") -> dict[str, Any]:
    return {
        "schema": "nacre.verdict/v1",
        "checkpoint": None
        if verdict.head is None
        else {
            "origin": verdict.head.origin,
            "size": verdict.head.size,
            "root": verdict.head.root.hex(),
        },
        "witnesses": [
            {"name": each.witness.name, "time": each.time.isoformat()} for each in verdict.witnesses
        ],
        "entries": [
            {
                "position": each.position,
                "writer": each.writer,
                "shown": each.fields,
                "element": None
                if each.element is None
                else {
                    "path": each.element.path,
                    "content": json_module.loads(each.element.content),
                },
            }
            for each in verdict.shown
        ],
        "findings": finding_documents(verdict.findings),
    }


def _verify_package(data: bytes, file: Path, trust: str | None, *, json: bool, color: Any) -> int:
    """Check a package against the evidence that it carries."""
    from nacre_aas.aasx import EVIDENCE_PART
    from nacre_aas.findings import Location
    from nacre_ledger import twins

    twin, evidence = twins.evidence_of(data, str(file))
    here = Location(str(file), EVIDENCE_PART)
    return _verify_evidence(evidence, here, trust, twin, json=json, color=color)


def fsck(
    trust: TrustOption = None,
    chain: Annotated[bool, typer.Option("--chain", help="Compare with the chain as well.")] = False,
    deep: Annotated[
        str | None,
        typer.Option(
            "--deep",
            envvar="NACRE_EELS",
            metavar="PYTHON",
            help="Execute every block again; a Python with ethereum-execution.",
        ),
    ] = None,
    ledger: LedgerOption = None,
    json: JsonOption = False,
    color: ColorOption = None,
) -> int:
    """Recompute everything in a store: hashes, signatures, checkpoints, indexes, files.

    Examples:

      nacre ledger fsck

      nacre ledger fsck --chain --trust trust.toml
    """
    return _verify_log(
        ledger, trust, None, index=True, json=json, color=color, chain=chain, deep=deep
    )


def _verify_log(
    place: str | None,
    trust: str | None,
    since: Path | None,
    *,
    index: bool,
    json: bool,
    color: Any,
    chain: bool = False,
    deep: str | None = None,
) -> int:
    from nacre_ledger import rules, verification

    known = read_trust(trust)
    with open_ledger(place, read_only=True) as opened:
        # The right of a writer stands in the entries, so a trust file needs their content.
        verdict = verification.verify(
            opened, known, seen=read_checkpoint(since), index=index or known is not None
        )
        found, said = verdict.findings, None
        if chain or deep:
            differing, said = chain_findings(opened, known, found, deep)
            found += differing
        if known is None:
            message = "identity not established: there is no trust file"
            found.append(rules.IDENTITY.finding(message, verification.place(opened)))
        origin = opened.origin
    if json:
        document = {
            "schema": "nacre.fsck/v1",
            "origin": origin,
            "entries": verdict.entries,
            "erased": verdict.erased,
            "batches": verdict.batches,
            "checkpoints": verdict.checkpoints,
            "root": verdict.root.hex(),
            "statements": list(verification.uncovered(verdict)),
            "findings": finding_documents(found),
        }
        emit(json_module.dumps(document, indent=1, ensure_ascii=False) + "\n")
    else:
        show_findings(found, paint(color))
        emit(
            f"{origin}: {counted(verdict.entries, 'entry')} ({verdict.erased} erased), "
            f"{counted(verdict.batches, 'batch')}, {counted(verdict.checkpoints, 'checkpoint')}, "
            f"root {verification.short(verdict.root)}\n"
        )
        if exit_code(found, trust) is ExitCode.OK:
            emit("verified: every hash, signature and checkpoint fits\n")
            for each in (*([said] if said else []), *verification.uncovered(verdict)):
                emit(f"{each}\n")
            if not chain and since is None:
                emit(
                    "not compared: with the chain (fsck --chain), and with a checkpoint that somebody kept "
                    "(verify --since-checkpoint)\n"
                )
            if not index and known is None:
                emit("not checked: what entries say, and what they are found by (--quick)\n")
    return exit_code(found, trust)


# -- witnesses -------------------------------------------------------------------------------------

witness_app = group("witness", "Have others vouch for a log, or vouch for the logs of others.")


_WitnessKeyOption = Annotated[
    str | None,
    typer.Option("--key", metavar="KEY", help="Accept the signature of this key only."),
]


@witness_app.command("ask")
def ask_witness(
    url: Annotated[str, typer.Argument(help="The witness's submission URL.")],
    key: _WitnessKeyOption = None,
    ledger: LedgerOption = None,
) -> None:
    """Have a witness cosign the last checkpoint.

    Examples:

      nacre ledger witness ask http://127.0.0.1:8080
    """
    from nacre_ledger import note, witness

    with open_ledger(ledger) as opened:
        signatures = witness.ask(opened, url, note.parse_verifier(key) if key else None)
    for each in signatures:
        emit(clean_line(f"cosigned by {each.name}") + "\n")


@witness_app.command("add")
def add_cosignatures(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A checkpoint with cosignatures; `-` is stdin.")
    ],
    key: _WitnessKeyOption = None,
    ledger: LedgerOption = None,
) -> None:
    """Keep the cosignatures of a witness that answers by file or mail.

    Examples:

      nacre ledger witness add cosigned.ckpt
    """
    from nacre_aas.files import read_bytes
    from nacre_ledger import note, witness
    from nacre_ledger.errors import EventError

    try:
        text = read_bytes(file).decode()
    except UnicodeDecodeError:
        raise EventError(f"`{file}` is no signed note: it is not UTF-8") from None
    with open_ledger(ledger) as opened:
        signatures = witness.add(opened, text, note.parse_verifier(key) if key else None)
    for each in signatures:
        emit(clean_line(f"cosigned by {each.name}") + "\n")


@witness_app.command("serve")
def serve_witness(
    logs: Annotated[
        list[str],
        typer.Argument(
            metavar="KEY…", help="Verifier keys of the logs: NAME+ID+BASE64, or files with them."
        ),
    ],
    key: Annotated[str, typer.Option("--key", metavar="NAME", help="The witness's own key.")],
    memory: Annotated[
        Path, typer.Option("--memory", metavar="FILE", help="Where it remembers what it has seen.")
    ] = Path("witness.json"),
    host: Annotated[str, typer.Option("--host", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Its port; 0 takes a free one.")
    ] = 8080,
) -> None:
    """Be a witness: cosign the checkpoints of others as long as they only grow.

    Examples:

      nacre ledger witness serve factory.example/log+1a2b3c4d+AQ... --key witness-1
    """
    from nacre_ledger import keys, note, witness

    known = {}
    for text in logs:
        found = note.parse_verifier(Path(text).read_text("utf-8") if Path(text).is_file() else text)
        known[found.name] = found
    own = keys.load(key)
    running = witness.server(witness.Witness(own, known, memory), host, port)
    say(f"witness {own.cosigner()}")
    say(f"listening on http://{host}:{running.server_address[1]}; Ctrl+C ends")
    try:
        running.serve_forever()
    finally:
        running.server_close()


COMMANDS: dict[str, Callable[..., Any]] = {
    "checkpoint": checkpoint,
    "anchor": anchor,
    "prove": prove,
    "embed": embed,
    "verify": verify,
    "fsck": fsck,
}
