"""What an operator and two writers tried: erasing under a reader, speaking for others, hiding."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from ledgers import ASSET, ORIGIN, Run, draft
from msgspec import to_builtins
from msgspec.structs import replace

from conftest import ROOT
from nacre_aas.findings import Location
from nacre_cli.exit_codes import ExitCode
from nacre_ledger import audit, erasure, history, keys, log, rules, trust, twins, verification
from nacre_ledger.errors import LedgerError, StoreError
from nacre_ledger.event import Activity, Event, TwinChange
from nacre_ledger.history import Line
from nacre_ledger.log import Ledger
from nacre_ledger.note import SignerKey
from nacre_ledger.proofs import evidence
from nacre_ledger.settings import Policy
from nacre_ledger.trust import Trust


def made(**values: Any) -> Event:
    return draft(happened=values.pop("happened", "2026-10-14T08:00:00Z"), **values)


def codes(found: Any) -> list[str]:
    return [each.code for each in found]


def test_an_erasure_under_a_reader_is_not_called_done(ledger: Ledger, writer: SignerKey) -> None:
    secret = "the name of a person"
    ledger.record([made(note=secret), made()], writer)
    path = ledger.folder / "log.sqlite"

    def bytes_on_disk() -> bytes:
        files = (path, path.with_name("log.sqlite-wal"))
        return b"".join(each.read_bytes() for each in files if each.exists())

    ledger.store._connection.execute("PRAGMA busy_timeout = 200")  # type: ignore[attr-defined]
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT COUNT(*) FROM event").fetchone()
    with pytest.raises(StoreError, match="is being read"):
        erasure.erase(ledger, [0], "a right", "boss", writer)
    assert secret.encode() in bytes_on_disk()
    assert rules.UNFINISHED.code in codes(verification.verify(ledger).findings)
    reader.close()
    assert erasure.erase(ledger, [0], "a right", "boss", writer).position == 2
    assert secret.encode() not in bytes_on_disk()
    assert rules.UNFINISHED.code not in codes(verification.verify(ledger).findings)
    with pytest.raises(LedgerError, match="erased before"):
        erasure.erase(ledger, [0], "a right", "boss", writer)


def oddities(events: list[Event], writers: list[str]) -> list[str]:
    lines = [Line(at, each) for at, each in enumerate(events)]
    policy = Policy(attest=(Activity.REPAIR,))
    found = history.oddities(lines, ASSET, policy, 2**62, dict(enumerate(writers)))
    return [each.rule.code for each in found if each.rule is rules.NOT_ATTESTED]


def test_nobody_attests_his_own_work_by_correcting_the_check_of_another() -> None:
    repair = made(activity="repair", agent="worker", eventId="r")
    check = made(activity="quality-check", agent="inspector", eventId="q")
    forged = made(activity="correction", agent="worker", corrects="q", attests=["r"])
    own = made(activity="correction", agent="inspector", corrects="q", attests=["r"])
    assert oddities([repair, check], ["w", "i"])
    assert oddities([repair, check, forged], ["w", "i", "w"])
    assert not oddities([repair, check, own], ["w", "i", "i"])


def test_an_attestation_ends_with_the_next_correction_however_deep() -> None:
    repair = made(activity="repair", agent="worker", eventId="r")
    first = made(activity="correction", agent="worker", eventId="c", corrects="r", note="tightened")
    check = made(activity="quality-check", agent="inspector", attests=["r"])
    later = made(activity="correction", agent="worker", corrects="c", note="not tightened")
    assert not oddities([repair, first, check], ["w", "w", "i"])
    assert oddities([repair, first, check, later], ["w", "w", "i", "w"])


def test_what_a_correction_says_is_said_by_the_correction(
    ledger: Ledger, writer: SignerKey
) -> None:
    ledger.record(
        [
            made(activity="repair", eventId="r", installed=[{"asset": "urn:good"}]),
            made(
                activity="correction",
                corrects="r",
                installed=[{"asset": "urn:bad"}],
                custody={"to": "thief"},
            ),
        ],
        writer,
    )
    state = history.state(history.read(ledger.of_asset(ASSET)), ASSET)
    assert state.parts["urn:bad"][1] == 1
    assert state.holder == ("thief", 1)
    (link,) = audit.trace(ledger, ASSET, upstream=True)
    assert (link.source, link.position) == ("urn:bad", 1)


def trusting(ledger: Ledger, writer: SignerKey, *activities: Activity) -> Trust:
    return Trust(
        1,
        trust.Log(ORIGIN, (ledger.settings.key,)),
        (trust.Writer(str(writer.verifier), activities=activities),),
    )


def test_a_correction_needs_the_right_to_what_it_corrects(
    ledger: Ledger, writer: SignerKey
) -> None:
    other = keys.create("boss")
    ledger.record([made(activity="repair", eventId="r")], other)
    ledger.record([made(activity="correction", corrects="r", note="x")], writer)
    ledger.checkpoint(keys.load(ORIGIN))
    for allowed, expected in (
        ((Activity.CORRECTION,), [rules.WRITER.code]),
        ((Activity.CORRECTION, Activity.REPAIR), []),
    ):
        known = trusting(ledger, writer, *allowed)
        known = replace(known, writer=(*known.writer, trust.Writer(str(other.verifier))))
        assert codes(verification.verify(ledger, known).findings) == expected
        audited = codes(audit.audit(ledger, ASSET, known).findings)
        assert [each for each in audited if each == rules.WRITER.code] == expected
        shown = evidence.verify(evidence.make(ledger, [0, 1]), known, Location("x"))
        assert codes(shown.findings) == expected


def test_a_part_that_is_built_in_stays_whatever_comes_out(
    ledger: Ledger, writer: SignerKey
) -> None:
    parts = {"installed": [{"asset": "urn:part"}], "outputs": [{"asset": "urn:waste"}]}
    ledger.record([made(activity="repair", **parts)], writer)
    assert [each.source for each in audit.trace(ledger, ASSET, upstream=True)] == ["urn:part"]
    assert [each.target for each in audit.trace(ledger, "urn:part", upstream=False)] == [ASSET]


def test_both_sides_of_a_hand_over_are_one() -> None:
    moved = {"custody": {"from": "acme", "to": "bolt"}}
    first = made(activity="custody-transfer", custody={"to": "acme"})
    shipped = made(activity="shipping", agent="acme", **moved)
    received = made(activity="receiving", agent="bolt", **moved)
    lines = [Line(at, each) for at, each in enumerate((first, shipped, received))]
    assert [each.gap for each in history.custody(lines, ASSET)] == [None, None, None]
    again = [*lines, Line(3, received)]
    assert history.custody(again, ASSET)[-1].gap is not None


def test_unpacked_is_not_in_the_pallet() -> None:
    box = [{"asset": "urn:box"}]
    packed = made(asset="urn:pallet", activity="aggregation", inputs=box)
    unpacked = made(asset="urn:pallet", activity="disaggregation", outputs=box)
    lines = [Line(0, packed), Line(1, unpacked)]
    assert history.state(lines[:1], "urn:box").location == ("in urn:pallet", 0)
    assert history.state(lines, "urn:box").location is None


@pytest.fixture
def strict(tmp_path: Path, key_folder: Path) -> Ledger:
    assert not key_folder.exists()
    log.create(tmp_path / "s", ORIGIN)
    path = tmp_path / "s" / "ledger.toml"
    path.write_text(path.read_text("utf-8").replace('"any"', '"continuous"'), "utf-8")
    return Ledger(tmp_path / "s")


def test_a_retry_of_a_hand_over_is_safe_under_every_policy(strict: Ledger) -> None:
    writer = keys.create("w")
    begin = made(activity="custody-transfer", custody={"to": "acme"})
    move = made(activity="custody-transfer", eventId="t", custody={"from": "acme", "to": "bolt"})
    with strict:
        strict.record([begin], writer)
        strict.record([move], writer)
        (again,) = strict.record([move], writer)
        assert again.already
        assert again.position == 1
        earlier = made(activity="correction", corrects="t", happened="2026-01-01T00:00:00Z")
        with pytest.raises(LedgerError, match="chain of custody with a gap"):
            strict.record([earlier], writer)


def test_an_event_declared_in_error_did_not_happen(ledger: Ledger, writer: SignerKey) -> None:
    inputs, outputs = [{"asset": "urn:bad"}], [{"asset": ASSET}]
    events = [
        made(activity="transformation", eventId="t", inputs=inputs, outputs=outputs),
        made(
            activity="correction",
            corrects="t",
            inputs=inputs,
            fields={history.IN_ERROR: "did_not_occur"},
        ),
    ]
    ledger.record(events[:1], writer)
    assert audit.trace(ledger, ASSET, upstream=True)
    ledger.record(events[1:], writer)
    assert not audit.trace(ledger, ASSET, upstream=True)


def change(ledger_folder: Path, *statements: str) -> None:
    with sqlite3.connect(ledger_folder / "log.sqlite") as db:
        for each in statements:
            db.execute(each)
    db.close()


def test_an_asset_that_the_index_hides_is_broken_evidence(shop: Run, tmp_path: Path) -> None:
    change(tmp_path / "ledger", f"UPDATE event SET asset = 'urn:x' WHERE asset = '{ASSET}'")
    for options in (("--trust", "trust.toml"), ("--trust", "none"), ()):
        assert shop("ledger", "audit", ASSET, *options).returncode == ExitCode.EVIDENCE
        assert shop("ledger", "verify", *options).returncode == ExitCode.EVIDENCE
    quick = shop("ledger", "verify", "--quick", "--trust", "none")
    assert quick.returncode == ExitCode.OK
    assert b"not checked: what entries say" in quick.stdout


def test_no_file_is_handed_out_that_was_not_recorded(shop: Run, tmp_path: Path) -> None:
    (tmp_path / "protocol.txt").write_text("FAILED")
    shop(
        "ledger",
        "record",
        "--asset",
        ASSET,
        "--activity",
        "inspection",
        "--key",
        "tech-07",
        "--attach",
        "protocol.txt",
    )
    show = ("ledger", "show", "2", "--attachment", "protocol.txt")
    assert shop(*show).stdout == b"FAILED"
    change(tmp_path / "ledger", "UPDATE attachment SET content = x'504153534544'")
    result = shop(*show)
    assert result.returncode == ExitCode.EVIDENCE
    assert b"PASSED" not in result.stdout


def test_a_copy_with_another_body_is_not_the_same(shop: Run, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(tmp_path / "ledger", tmp_path / "copy")
    assert shop("ledger", "query", "compare", "copy").returncode == ExitCode.OK
    change(tmp_path / "copy", "UPDATE event SET body = replace(body, 'Bearing', 'Nothing')")
    result = shop("ledger", "query", "compare", "copy")
    assert result.returncode == ExitCode.EVIDENCE
    assert b"from entry 1" in result.stdout


def test_the_chain_is_not_said_to_hold_what_it_does_not(shop: Run, tmp_path: Path) -> None:
    never = shop("ledger", "audit", ASSET, "--trust", "none", "--chain")
    assert never.returncode == ExitCode.NO_VERDICT
    assert b"was ever anchored" in never.stdout
    old = (tmp_path / "ledger" / "log.sqlite").read_bytes()
    assert shop("ledger", "anchor").returncode == 0
    shop("ledger", "record", "--asset", ASSET, "--activity", "inspection", "--key", "tech-07")
    found = shop("ledger", "audit", ASSET, "--trust", "none", "--chain")
    assert b"the chain holds 1 checkpoint" in found.stdout
    assert b"1 entry after it" in found.stdout
    (tmp_path / "ledger" / "log.sqlite").write_bytes(old)
    for each in ("log.sqlite-wal", "log.sqlite-shm"):
        (tmp_path / "ledger" / each).unlink(missing_ok=True)
    restored = shop("ledger", "audit", ASSET, "--trust", "none", "--chain")
    assert restored.returncode == ExitCode.EVIDENCE
    assert b"the store knows of no contract" in restored.stdout


def test_a_checkpoint_alone_is_not_accepted_without_its_key(shop: Run, tmp_path: Path) -> None:
    shop("ledger", "checkpoint", "-o", "c.ckpt")
    text = (tmp_path / "c.ckpt").read_text("utf-8")
    (tmp_path / "c.ckpt").write_text(text.replace("\n2\n", "\n3\n"), "utf-8")
    for options in ((), ("--trust", "none")):
        assert shop("ledger", "verify", "c.ckpt", *options).returncode == ExitCode.NO_VERDICT
    result = shop("ledger", "verify", "c.ckpt", "--trust", "trust.toml")
    assert result.returncode == ExitCode.EVIDENCE


def test_fsck_does_not_establish_identity(shop: Run) -> None:
    assert shop("ledger", "fsck").returncode == ExitCode.NO_VERDICT
    assert shop("ledger", "fsck", "--trust", "none").returncode == ExitCode.OK


def test_a_package_is_judged_by_the_corrected_events_of_its_own_asset() -> None:
    twin = twins.read(str(ROOT / "examples" / "pump.json"))
    assert twin.asset is not None

    def version(digest: str, **values: Any) -> Event:
        change = TwinChange(before=None, after=digest, keyed="00" * 32)
        return replace(made(asset=values.pop("asset", twin.asset), **values), twin=change)

    def objections(*events: Event) -> list[str]:
        shown = [evidence.Shown(at, each, to_builtins(each), "w") for at, each in enumerate(events)]
        return [each.message for each in twins.objections(twin, shown, Location("x"))]

    own = version(twin.digest)
    line = version("11" * 32, asset="urn:line", installed=[{"asset": twin.asset}])
    assert objections(own, line) == []
    old = version("22" * 32, eventId="v", happened="2026-11-21T00:00:00Z")
    assert objections(own, old) != []
    moved = made(
        asset=twin.asset, activity="correction", corrects="v", happened="2026-01-01T00:00:00Z"
    )
    assert objections(own, old, moved) == []


def test_an_id_that_looks_like_the_position_of_another_entry(shop: Run) -> None:
    record = ("record", "--asset", ASSET, "--activity", "inspection", "--key", "tech-07")
    assert shop("ledger", *record, "--event-id", "0").returncode == ExitCode.OK
    for command in (("show", "0"), ("prove", "0")):
        result = shop("ledger", *command)
        assert result.returncode == ExitCode.FINDINGS
        assert b"the id of entry 2" in result.stderr
    assert shop("ledger", "show", "2").returncode == ExitCode.OK
    assert shop("ledger", "show", "1").returncode == ExitCode.OK
