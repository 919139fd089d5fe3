"""The ledger's commands as processes: exit codes, drafts, retries, hostile input."""

import datetime as dt
import json
import shutil
import sqlite3
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ledgers import ASSET, Run, draft

from conftest import is_thorough, nacre
from nacre_cli.commands.ledger.common import moment
from nacre_cli.commands.ledger.recording import _say_all
from nacre_cli.errors import UsageError
from nacre_cli.exit_codes import ExitCode
from nacre_ledger import keys, log
from nacre_ledger.log import Ledger, Recorded
from nacre_ledger.store import name_of


def test_the_exit_code_of_an_audit_says_what_was_established(shop: Run) -> None:
    assert shop("ledger", "audit", ASSET).returncode == ExitCode.NO_VERDICT
    assert shop("ledger", "audit", ASSET, "--trust", "none").returncode == ExitCode.OK
    assert shop("ledger", "audit", ASSET, "--trust", "trust.toml").returncode == ExitCode.OK
    assert shop("ledger", "audit", "https://acme.example/p/1").returncode == ExitCode.FINDINGS
    assert (
        shop("ledger", "audit", ASSET, "--trust", "nothing.toml").returncode == ExitCode.NO_VERDICT
    )


def test_broken_evidence_is_4_whatever_is_trusted(shop: Run, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "ledger" / "log.sqlite") as db:
        db.execute("UPDATE event SET body = replace(body, 'Bearing', 'Nothing') WHERE position = 1")
    db.close()
    for command in (("audit", ASSET), ("verify",), ("fsck",)):
        for trust in ((), ("--trust", "none"), ("--trust", "trust.toml")):
            result = shop("ledger", *command, *trust)
            assert result.returncode == ExitCode.EVIDENCE, (command, trust)
            assert b"entry 1" in result.stdout


def test_no_answer_is_given_from_an_entry_that_was_changed(shop: Run, tmp_path: Path) -> None:
    changes = (
        'UPDATE event SET body = replace(body, \'"to":"acme"\', \'"to":"evil"\') WHERE position = 0',
        "UPDATE event SET happened = happened - 1 WHERE position = 0",
        "UPDATE event SET body = 'junk' WHERE position = 0",
        "UPDATE batch SET writer = (SELECT writer FROM batch WHERE first = 1) || 'x' WHERE first = 0",
        "UPDATE batch SET signature = x'00' WHERE first = 0",
    )
    commands = (
        ("ledger", "log"),
        ("ledger", "log", "--epcis"),
        ("ledger", "show", "0"),
        ("ledger", "at", ASSET, "2999-01-01"),
        ("ledger", "trace", ASSET),
        ("ledger", "query", "custody", ASSET),
        ("ledger", "query", "unanchored"),
        ("ledger", "query", "key", "tech-07", "--trust", "trust.toml"),
        ("ledger", "prove", "0", "-o", "new.json"),
        ("ledger", "prove", "0", "--field", "custody", "-o", "new.field.json"),
        ("ledger", "embed", "pump.aasx", "-o", "new.aasx"),
        ("query", "history", "--ledger", "ledger", "--param", f"asset={ASSET}"),
    )
    for command in commands:
        assert shop(*command).returncode in (ExitCode.OK, ExitCode.FINDINGS), command
    for made in tmp_path.glob("new.*"):
        made.unlink()
    shutil.copytree(tmp_path / "ledger", tmp_path / "before")
    for number, change in enumerate(changes):
        shutil.rmtree(tmp_path / "ledger")
        shutil.copytree(tmp_path / "before", tmp_path / "ledger")
        with sqlite3.connect(tmp_path / "ledger" / "log.sqlite") as db:
            db.execute(change)
        db.close()
        for command in commands if is_thorough() else commands[number :: len(changes)]:
            result = shop(*command)
            assert result.returncode == ExitCode.EVIDENCE, (command, change, result.stderr)
            assert b"error[LED-00" in result.stderr
    assert not list(tmp_path.glob("new.*"))


def test_an_audit_is_json_for_programs(shop: Run) -> None:
    result = shop("ledger", "audit", ASSET, "--trust", "trust.toml", "--json")
    found = json.loads(result.stdout)
    assert found["schema"] == "nacre.audit/v1"
    assert [each["event"]["activity"] for each in found["entries"]] == ["manufacturing", "repair"]
    assert all(each["signed"] and each["in_log"] and each["trusted"] for each in found["entries"])


def test_an_asset_may_be_named_by_its_package(shop: Run) -> None:
    result = shop("ledger", "audit", "pump.aasx", "--trust", "trust.toml")
    assert result.returncode == ExitCode.OK
    assert b"pump.aasx is the version of event 0" in result.stdout
    assert shop("set", "pump.aasx", "Nameplate/SerialNumber=1").returncode == 0
    changed = shop("ledger", "audit", "pump.aasx", "--trust", "trust.toml")
    assert changed.returncode == ExitCode.EVIDENCE
    assert b"LED-013" in changed.stdout


def test_the_twin_of_an_earlier_time_is_given_back(shop: Run, tmp_path: Path) -> None:
    first = (tmp_path / "pump.aasx").read_bytes()
    assert shop("set", "pump.aasx", "Nameplate/SerialNumber=1").returncode == 0
    update = ("--update", "pump.aasx", "--key", "tech-07", "--when", "2999-01-01T00:00:00Z")
    assert shop("ledger", "record", *update).returncode == 0
    assert shop("ledger", "at", ASSET, "2998-01-01", "--twin", "old.aasx").returncode == 0
    assert (tmp_path / "old.aasx").read_bytes() == first
    shown = json.loads(shop("ledger", "show", "2").stdout)["event"]["twin"]["changed"]
    assert [each["path"].rpartition("/")[2] for each in shown] == ["SerialNumber"]


def test_a_record_without_a_key_is_kept_as_a_draft(shop: Run, tmp_path: Path) -> None:
    arguments = ("ledger", "record", "--asset", ASSET, "--activity", "inspection", "--note", "ok")
    lost = shop(*arguments, NACRE_KEYS=str(tmp_path / "elsewhere"))
    assert lost.returncode == ExitCode.NO_VERDICT
    (draft,) = tmp_path.glob("event-*.json")
    for already in (False, True):
        again = shop("ledger", "record", draft.name, "--key", "tech-07", "--json")
        assert json.loads(again.stdout)["already"] is already
    shown = json.loads(shop("ledger", "show", "2").stdout)
    assert shown["event"]["note"] == "ok"


def test_a_reused_id_is_refused(shop: Run) -> None:
    arguments = ("ledger", "record", "--asset", ASSET, "--key", "tech-07", "--event-id", "e-1")
    when = ("--when", "2026-10-14T09:20:00+02:00")
    assert shop(*arguments, "--activity", "repair", *when).returncode == 0
    again = shop(*arguments, "--activity", "repair", *when)
    assert again.returncode == 0
    assert again.stdout == b"already recorded as 2\n"
    assert shop(*arguments, "--activity", "inspection", *when).returncode == ExitCode.FINDINGS


def test_a_retry_with_flags_alone_is_safe(shop: Run) -> None:
    assert shop("set", "pump.aasx", "Nameplate/SerialNumber=1").returncode == 0
    arguments = (
        "ledger",
        "record",
        "--update",
        "pump.aasx",
        "--event-id",
        "e-1",
        "--key",
        "tech-07",
    )
    assert shop(*arguments).returncode == 0
    again = shop(*arguments)
    assert again.stdout == b"already recorded as 2\n"
    assert shop("set", "pump.aasx", "Nameplate/SerialNumber=2").returncode == 0
    assert shop(*arguments).returncode == ExitCode.FINDINGS  # another version is another event


def test_events_come_from_a_pipe_and_from_tables(shop: Run, tmp_path: Path) -> None:
    lines = b"".join(
        json.dumps(
            {
                "asset": f"urn:a:{number}",
                "activity": "inspection",
                "happened": "2026-10-14T09:20:00Z",
            }
        ).encode()
        + b"\n"
        for number in range(50)
    )
    result = shop("ledger", "record", "-", "--key", "tech-07", "--json", stdin=lines)
    assert len(result.stdout.splitlines()) == 50
    table = "Datum;asset;Öl\n" + "2026-10-14T09:20:00Z;urn:b:1;ok\n" * 2
    (tmp_path / "t.csv").write_text(table, "utf-8")
    arguments = ("ledger", "record", "t.csv", "--map", "Datum=happened", "--activity", "inspection")
    assert b"recorded 2 events" in shop(*arguments, "--key", "tech-07").stderr
    assert b"recorded 0 events, 2 there already" in shop(*arguments, "--key", "tech-07").stderr
    shown = json.loads(shop("ledger", "show", "52").stdout)
    assert shown["event"]["fields"] == {"Öl": "ok"}


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"{",
        b'{"asset": 1}\n',
        b"[1]",
        b"a;b\n1;2\n",
        b"asset;activity\nx;y;z\n",
        b'{"asset":"a","activity":"fly","happened":"2026-10-14T09:20:00Z"}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"\0" * 100,
    ],
)
def test_what_holds_no_events_is_3_and_records_nothing(shop: Run, content: bytes) -> None:
    result = shop("ledger", "record", "-", "--key", "tech-07", stdin=content)
    assert result.returncode == ExitCode.NO_VERDICT, result.stderr
    assert b"bug" not in result.stderr
    assert len(shop("ledger", "log", "--json").stdout.splitlines()) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"{",
        b"\xff",
        b"PK\3\4",
        b"text\n\n",
        b"[" * 100_000,
        b"{" * 9,
    ],
)
def test_what_is_no_proof_is_3(shop: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "proof").write_bytes(content)
    result = shop("ledger", "verify", "proof", "--trust", "trust.toml")
    assert result.returncode == ExitCode.NO_VERDICT, result.stderr
    assert b"bug" not in result.stderr


def test_evidence_that_cannot_be_read_is_broken_evidence(shop: Run, tmp_path: Path) -> None:
    for form in ("evidence", "tlog-proof"):
        assert shop("ledger", "prove", "1", "--form", form, "-o", form).returncode == 0
        whole = (tmp_path / form).read_bytes()
        (tmp_path / form).write_bytes(whole[: len(whole) // 2])
        for command in (("ledger", "verify"), ("verify",)):
            result = shop(*command, form, "--trust", "trust.toml")
            assert result.returncode == ExitCode.EVIDENCE
            assert b"LED-010" in result.stdout + result.stderr
    assert shop("ledger", "embed", "pump.aasx", "-o", "with.aasx").returncode == 0
    with zipfile.ZipFile(tmp_path / "with.aasx") as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for damaged in (b"", b"[]", b"{}", parts["nacre/evidence.json"][:-100]):
        with zipfile.ZipFile(tmp_path / "damaged.aasx", "w") as package:
            for name, content in {**parts, "nacre/evidence.json": damaged}.items():
                package.writestr(name, content)
        for trust in ("trust.toml", "none"):
            result = shop("verify", "damaged.aasx", "--trust", trust)
            assert result.returncode == ExitCode.EVIDENCE
            assert "damaged.aasx » nacre/evidence.json".encode() in result.stdout + result.stderr


def test_each_form_of_a_proof_is_verified(shop: Run) -> None:
    for form, name in (("evidence", "e.json"), ("tlog-proof", "e.tlog-proof")):
        assert shop("ledger", "prove", "1", "--form", form, "-o", name).returncode == 0
        assert shop("ledger", "verify", name, "--trust", "trust.toml").returncode == ExitCode.OK
    assert shop("ledger", "verify", "last.ckpt", "--trust", "trust.toml").returncode == ExitCode.OK
    assert shop("ledger", "verify", "e.json").returncode == ExitCode.NO_VERDICT
    assert shop("ledger", "prove", "1", "--form", "cose", "-o", "e.cbor").returncode == 0
    assert shop("ledger", "prove", "9").returncode == ExitCode.FINDINGS


def test_a_package_carries_its_evidence(shop: Run) -> None:
    assert shop("ledger", "embed", "pump.aasx", "-o", "with.aasx").returncode == 0
    assert shop("verify", "with.aasx", "--trust", "trust.toml").returncode == ExitCode.OK
    assert shop("verify", "with.aasx").returncode == ExitCode.NO_VERDICT
    assert shop("verify", "pump.aasx").returncode == ExitCode.NO_VERDICT
    assert shop("set", "with.aasx", "Nameplate/SerialNumber=1").returncode == 0
    assert shop("verify", "with.aasx", "--trust", "trust.toml").returncode == ExitCode.EVIDENCE


def test_overdue_and_missing_attestation_are_a_breach_of_policy(shop: Run, tmp_path: Path) -> None:
    path = tmp_path / "ledger" / "ledger.toml"
    text = path.read_text("utf-8").replace("attest = []", 'attest = ["repair"]')
    path.write_text(text + 'inspection = "P90D"\n', "utf-8")
    result = shop("ledger", "audit", ASSET, "--trust", "trust.toml")
    assert result.returncode == ExitCode.FINDINGS
    assert b"no attestation" in result.stdout
    shown = json.loads(shop("ledger", "show", "1").stdout)["event"]["eventId"]
    assert shop("ledger", "keys", "new", "qa-1").returncode == 0
    attest = ("record", "--asset", ASSET, "--activity", "quality-check", "--attests", shown)
    yesterday = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    others = (
        ("--agent", "qa-1", "--key", "tech-07"),  # by the key that signed the repair
        ("--agent", "tech-07", "--key", "qa-1"),
        ("--when", yesterday.isoformat(), "--key", "qa-1"),  # before the repair
    )
    for options in others:
        assert shop("ledger", *attest, *options).returncode == 0
        result = shop("ledger", "audit", ASSET, "--trust", "none")
        assert b"no attestation" in result.stdout
    assert shop("ledger", *attest, "--key", "qa-1").returncode == 0
    assert shop("ledger", "audit", ASSET, "--trust", "none").returncode == ExitCode.OK
    correct = ("--activity", "correction", "--corrects", shown, "--note", "something else")
    assert shop("ledger", "record", "--asset", ASSET, "--key", "tech-07", *correct).returncode == 0
    assert b"no attestation" in shop("ledger", "audit", ASSET, "--trust", "none").stdout
    old = ("--when", "2020-01-01T00:00:00Z", "--key", "tech-07", "--activity", "commissioning")
    assert shop("ledger", "record", "--asset", "urn:old", *old).returncode == 0
    assert b"overdue since 2020-03-31" in shop("ledger", "query", "overdue").stdout


def test_a_hand_over_by_somebody_else_is_refused_where_the_policy_says_so(
    shop: Run, tmp_path: Path
) -> None:
    path = tmp_path / "ledger" / "ledger.toml"
    path.write_text(path.read_text("utf-8").replace('"any"', '"continuous"'), "utf-8")
    arguments = ("ledger", "record", "--asset", ASSET, "--key", "tech-07", "--activity")
    refused = shop(*arguments, "custody-transfer", "--from", "thief", "--to", "fence")
    assert refused.returncode == ExitCode.FINDINGS
    assert b"`thief` hands over, and `acme` held it" in refused.stderr
    assert shop(*arguments, "custody-transfer", "--from", "acme", "--to", "b").returncode == 0


@pytest.mark.parametrize(
    "command", ["log", "audit x", "fsck", "verify", "checkpoint", "anchor", "query late"]
)
def test_without_a_ledger_every_command_says_so(run: Run, command: str) -> None:
    result = run("ledger", *command.split())
    assert result.returncode == ExitCode.NO_VERDICT
    assert b"nacre ledger init" in result.stderr


@pytest.mark.parametrize("name", ["records.aasx", "records.json"])
def test_records_of_a_package_are_recorded_and_get_their_evidence(
    shop: Run, tmp_path: Path, name: str
) -> None:
    form = """form = 1
[asset]
globalAssetId = "https://acme.example/p/4711"
[submodel.MaintenanceRecord]
template = "MaintenanceRecord"
[[submodel.MaintenanceRecord.Records]]
EventId = "r-1"
Activity = "repair"
StartedAt = "2026-05-17T08:00:00Z"
ActionTaken = {en = "Bearing replaced"}
Agent = {AgentId = "tech-08"}
[submodel.TraceabilityRecord]
template = "TraceabilityRecord"
[[submodel.TraceabilityRecord.Events]]
EventId = "urn:uuid:0192f0c1-7d4e-7c3a-9b1e-2f6d1c0a4b99"
EventType = "ObjectEvent"
EventTime = "2026-05-18T08:00:00Z"
BizStep = "shipping"
Source = "acme"
Destination = "haulier"
"""
    (tmp_path / "records.toml").write_text(form, "utf-8")
    assert shop("generate", "records.toml", "-o", "records.aasx").returncode == 0
    if name != "records.aasx":
        assert shop("export", "records.aasx", "-o", name).returncode == 0
    for said in (b"recorded 2 events", b"recorded 0 events, 2 there already"):
        result = shop("ledger", "record", name, "--key", "tech-07")
        assert said in result.stderr, result.stderr
    path = "MaintenanceRecord/Records/0/Evidence/EntryNumber"
    assert shop("show", name, path, "--value").stdout == b"2\n"
    assert shop("validate", name).returncode == ExitCode.OK
    shown = json.loads(shop("ledger", "show", "3").stdout)["event"]
    assert shown["activity"] == "shipping"
    assert shown["custody"] == {"from": "acme", "to": "haulier"}


def _interval(tmp_path: Path) -> None:
    path = tmp_path / "ledger" / "ledger.toml"
    path.write_text(path.read_text("utf-8") + 'inspection = "P90D"\n', "utf-8")


def test_a_correction_moves_no_event_and_hides_no_delay(shop: Run, tmp_path: Path) -> None:
    _interval(tmp_path)
    record = ("ledger", "record", "--asset", "urn:c", "--key", "tech-07")
    old = ("--activity", "inspection", "--event-id", "ic", "--when", "2020-01-01T00:00:00Z")
    assert shop(*record, *old).returncode == 0
    correction = ("--activity", "correction", "--corrects", "ic", "--note", "a slip of the pen")
    assert shop(*record, *correction).returncode == 0
    result = shop("ledger", "audit", "urn:c", "--trust", "none")
    assert result.returncode == ExitCode.FINDINGS
    assert b"overdue since 2020-03-31" in result.stdout
    assert b"late: recorded" in result.stdout
    assert b"last      inspection 2020-01-01" in shop("ledger", "at", "urn:c", "2020-01-01").stdout
    other = shop("ledger", "record", "--asset", "urn:d", "--key", "tech-07", *correction)
    assert other.returncode == ExitCode.FINDINGS
    assert b"is an event of `urn:c`" in other.stderr


def test_what_has_not_happened_yet_fulfils_no_interval(shop: Run, tmp_path: Path) -> None:
    _interval(tmp_path)
    record = (
        "ledger",
        "record",
        "--asset",
        "urn:f",
        "--key",
        "tech-07",
        "--activity",
        "inspection",
    )
    for when in ("2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z"):
        assert shop(*record, "--when", when).returncode == 0
    assert b"overdue since 2020-03-31" in shop("ledger", "query", "overdue").stdout


def test_a_date_counts_whole(shop: Run) -> None:
    record = ("ledger", "record", "--asset", "urn:t", "--key", "tech-07", "--activity", "repair")
    assert shop(*record, "--when", "2026-03-03T12:00:00Z", TZ="UTC").returncode == 0
    found = shop("ledger", "log", "--asset", "urn:t", "--until", "2026-03-03", TZ="UTC")
    assert b"2026-03-03 12:00" in found.stdout
    assert not shop("ledger", "log", "--asset", "urn:t", "--until", "2026-03-02", TZ="UTC").stdout
    assert b"repair" in shop("ledger", "at", "urn:t", "2026-03-03", TZ="UTC").stdout


def test_the_id_of_an_erased_event_is_not_said_to_be_recorded(shop: Run) -> None:
    record = ("ledger", "record", "--asset", "urn:e", "--key", "tech-07", "--activity", "repair")
    assert shop(*record, "--event-id", "gone").returncode == 0
    erase = ("ledger", "erase", "2", "--reason", "asked for", "--yes", "--key", "tech-07")
    assert shop(*erase).returncode == 0
    again = shop(*record, "--event-id", "gone", "--note", "other")
    assert again.returncode == ExitCode.FINDINGS
    assert b"nothing was recorded" in again.stderr
    event = b'{"eventId":"gone","asset":"urn:e","activity":"repair","happened":"2026-10-14T09:20:00Z"}\n'
    bulk = shop("ledger", "record", "-", "--key", "tech-07", stdin=event)
    assert bulk.returncode == ExitCode.OK
    assert b"1 that had been erased left out" in bulk.stderr


def test_a_twin_of_another_asset_is_refused(shop: Run) -> None:
    twin = ("--update", "pump.aasx", "--key", "tech-07")
    result = shop("ledger", "record", "--asset", "urn:notpump", *twin)
    assert result.returncode == ExitCode.FINDINGS
    assert b"is the twin of" in result.stderr


def test_what_a_file_got_recorded_before_its_bad_line_is_said(shop: Run) -> None:
    good = b'{"asset":"urn:b","activity":"repair","happened":"2026-10-14T09:20:00Z"}\n'
    result = shop("ledger", "record", "-", "--key", "tech-07", stdin=good * 10_500 + b"{}\n")
    assert result.returncode == ExitCode.NO_VERDICT
    assert b"the first 10000 events of it are recorded" in result.stderr.replace(b" 000", b"000")
    small = shop("ledger", "record", "-", "--key", "tech-07", stdin=good * 5 + b"{}\n")
    assert b"are recorded" not in small.stderr


@pytest.mark.parametrize(
    ("given", "end"),
    [
        ("2026-10-14", "2026-10-14T23:59:59.999999"),
        ("20261014", "2026-10-14T23:59:59.999999"),
        ("2026-W42-3", "2026-10-14T23:59:59.999999"),
        ("2026-10-14T09:20:00", "2026-10-14T09:20:00"),
        ("20261014T0920", "2026-10-14T09:20:00"),
    ],
)
def test_a_date_ends_with_its_last_moment(given: str, end: str) -> None:
    assert moment(given, "--until", end=True).startswith(end)


@pytest.mark.parametrize("given", ["0001-01-01", "9999-12-31", "soon", ""])
def test_a_time_that_cannot_be_told_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati" if given.startswith("0") else "Pacific/Midway")
    time.tzset()
    try:
        with pytest.raises(UsageError, match="is no time"):
            moment(given, "--until", end=True)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_whoever_ends_a_bulk_import_is_told_what_is_recorded_already(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, key_folder: Path
) -> None:
    assert not key_folder.exists()
    log.create(tmp_path / "ledger", "factory.example/log")

    def until_a_key_is_pressed() -> Iterator[Recorded]:
        yield Recorded(0, draft())
        raise KeyboardInterrupt

    with Ledger(tmp_path / "ledger") as ledger, pytest.raises(KeyboardInterrupt):
        _say_all(ledger, until_a_key_is_pressed(), json=False)
    assert "the first 1 event of it are recorded" in capsys.readouterr().err


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:secret@h:5432/log",
        "postgresql://h:5432/log?user=u&password=secret",
        "postgres://u:se?cret@h:5432/log?sslmode=disable",
    ],
)
def test_a_password_is_in_no_name_of_a_ledger(url: str) -> None:
    assert name_of(url) == url.partition("://")[0] + "://h:5432/log"


def test_a_trust_file_that_restricts_a_key_is_not_met_by_what_is_not_shown(
    shop: Run, tmp_path: Path
) -> None:
    text = (tmp_path / "trust.toml").read_text("utf-8")
    limits = 'valid-until = 2020-01-01\nagents = ["somebody-else"]\n'
    assert "[[writer]]\n" in text
    (tmp_path / "old.toml").write_text(
        text.replace("[[writer]]\n", f"[[writer]]\n{limits}"), "utf-8"
    )
    for fields, expected in (
        ((), ExitCode.EVIDENCE),
        (("--field", "note"), ExitCode.NO_VERDICT),
        (("--field", "note", "--field", "recorded", "--field", "agent"), ExitCode.EVIDENCE),
    ):
        assert (
            shop("ledger", "prove", "1", *fields, "-o", "p.json", "--force").returncode
            == ExitCode.OK
        )
        assert shop("ledger", "verify", "p.json", "--trust", "old.toml").returncode == expected
        assert shop("ledger", "verify", "p.json", "--trust", "trust.toml").returncode == ExitCode.OK


def test_a_tlog_proof_needs_the_witnesses_too(shop: Run, tmp_path: Path, key_folder: Path) -> None:
    assert key_folder.exists()
    assert (
        shop("ledger", "prove", "1", "--form", "tlog-proof", "-o", "p.tlog").returncode
        == ExitCode.OK
    )
    assert shop("ledger", "verify", "p.tlog", "--trust", "trust.toml").returncode == ExitCode.OK
    text = (tmp_path / "trust.toml").read_text("utf-8").partition("[witness]")[0]
    made = keys.create("witness.example")

    def trusting(key: object) -> Any:
        witness = f'{text}\n[witness]\nthreshold = 1\nkeys = ["{key}"]\n'
        (tmp_path / "w.toml").write_text(witness, "utf-8")
        return shop("ledger", "verify", "p.tlog", "--trust", "w.toml")

    refused = trusting(made.verifier)
    assert refused.returncode == ExitCode.NO_VERDICT
    assert f"as a witness that key is `{made.cosigner()}`" in refused.stderr.decode()
    found = trusting(made.cosigner())
    assert found.returncode == ExitCode.NO_VERDICT
    assert b"LED-008" in found.stdout


@pytest.mark.parametrize("value", ["0", "false", '""', "[]", "5", '"2026-01-01"', "12:00:00"])
def test_a_date_of_a_trust_file_is_a_date(shop: Run, tmp_path: Path, value: str) -> None:
    text = (tmp_path / "trust.toml").read_text("utf-8")
    text = text.replace("[[writer]]\n", f"[[writer]]\nvalid-until = {value}\n")
    (tmp_path / "bad.toml").write_text(text, "utf-8")
    for command in (("verify",), ("audit", ASSET), ("query", "key", "tech-07")):
        found = shop("ledger", *command, "--trust", "bad.toml")
        assert found.returncode == ExitCode.NO_VERDICT, found.stderr
        assert b"is no date" in found.stderr


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "EPCISDocument", "epcisBody": {"eventList": [5, null, []]}}',
        '{"type": "EPCISDocument", "epcisBody": 5}',
        '{"type": "EPCISQueryDocument", "epcisBody": {"queryResults": 5}}',
        '{"asset": "a", "activity": "repair", "agent": "a", "happened": "2026-01-01T00:00:00Z", '
        '"note": "\\ue000", "attachments": [{"name": "a", "sha256": "' + "a" * 64 + '", '
        '"size": 9007199254740993}]}',
    ],
)
def test_a_document_that_cannot_be_recorded_is_refused(
    shop: Run, tmp_path: Path, text: str
) -> None:
    (tmp_path / "d.json").write_text(text, "utf-8")
    done = shop("ledger", "record", "d.json", "--key", "tech-07")
    assert done.returncode == ExitCode.NO_VERDICT, done.stderr


@pytest.mark.parametrize(
    ("table", "options"),
    [
        ('happened,asset,activity,note\n2026-01-01T00:00:00Z,urn:x,repair,"open\na,b,c,d\n', ()),
        ('happened,asset,activity,note\n2026-01-01T00:00:00Z,urn:x,repair,"19" rack\n', ()),
        ("happened,asset,activity\n2026-01-01T00:00:00Z,urn:x,repair\n", ("--map", "Nope=note")),
    ],
)
def test_a_table_that_would_lose_rows_or_columns_is_refused(
    shop: Run, tmp_path: Path, table: str, options: tuple[str, ...]
) -> None:
    (tmp_path / "t.csv").write_text(table, "utf-8")
    done = shop("ledger", "record", "t.csv", "--key", "tech-07", *options)
    assert done.returncode == ExitCode.NO_VERDICT, done.stderr
    assert shop("ledger", "log", "--json").stdout.count(b"urn:x") == 0


def test_a_column_whose_name_has_an_equals_sign_can_be_named(shop: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "happened,asset,activity,a=b\n2026-01-01T00:00:00Z,urn:x,repair,hi\n"
    )
    arguments = ("ledger", "record", "t.csv", "--key", "tech-07", "--map", "a=b=note")
    assert shop(*arguments).returncode == ExitCode.OK
    assert b'"note":"hi"' in shop("ledger", "log", "--json").stdout.replace(b": ", b":")


def test_the_policy_of_whoever_audits_goes_before_that_of_the_ledger(
    shop: Run, tmp_path: Path
) -> None:
    trust = tmp_path / "trust.toml"  # of the shop, in whose ledger a repair stands
    result = shop("ledger", "audit", ASSET, "--trust", str(trust))
    assert result.returncode == ExitCode.OK
    assert b"the ledger's own policy, which nobody signs: no rules" in result.stdout
    draft = trust.read_text("utf-8")
    trust.write_text(draft + '\n[policy]\nattest = ["repair"]\n', "utf-8")
    result = shop("ledger", "audit", ASSET, "--trust", str(trust))
    assert result.returncode == ExitCode.FINDINGS
    assert b"no attestation" in result.stdout
    assert b"the trust file's policy: attest repair" in result.stdout
    for wrong in (
        "intervals = { repair = 'soon' }",
        "intervals = { repair = 'P99999999Y' }",
        "intervals = { dance = 'P1D' }",
        "attest = 1",
    ):
        trust.write_text(f"{draft}\n[policy]\n{wrong}\n", "utf-8")
        result = shop("ledger", "audit", ASSET, "--trust", str(trust))
        assert result.returncode == ExitCode.NO_VERDICT
        assert b"trust.toml" in result.stderr


def test_no_event_is_recorded_for_a_file_that_is_not_there(tmp_path: Path) -> None:
    nacre("ledger", "init", cwd=tmp_path, NACRE_KEYS=str(tmp_path / "keys"))
    arguments = ("ledger", "record", "--asset", "pmup.aasx", "--activity", "repair")
    done = nacre(*arguments, cwd=tmp_path, NACRE_KEYS=str(tmp_path / "keys"))
    assert done.returncode == 2
    assert b"`pmup.aasx` does not exist" in done.stderr


def test_files_of_one_name_are_not_taken_for_one(shop: Run, tmp_path: Path) -> None:
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "log.txt").write_text(name)
    given = ("--asset", ASSET, "--activity", "repair", "--attach", "x/log.txt")
    result = shop("ledger", "record", *given, "--attach", "y/log.txt")
    assert result.returncode == ExitCode.USAGE
    assert b"two files are called `log.txt`" in result.stderr


def test_an_asset_may_have_a_longer_id_than_a_file(shop: Run) -> None:
    asset = "urn:" + "x" * 300
    given = ("--asset", asset, "--activity", "repair", "--key", "tech-07")
    assert shop("ledger", "record", *given).returncode == ExitCode.OK
    assert shop("ledger", "audit", asset, "--trust", "none").returncode == ExitCode.OK


def test_no_option_is_passed_over_in_silence(shop: Run, tmp_path: Path) -> None:
    result = shop("ledger", "record", "pump.aasx", "--activity", "repair")
    assert result.returncode == ExitCode.USAGE
    (tmp_path / "e.json").write_bytes(shop("ledger", "prove", "0").stdout)
    kept = ("--trust", "trust.toml", "--since-checkpoint", "last.ckpt")
    assert shop("ledger", "verify", "e.json", *kept).returncode == ExitCode.USAGE
    assert shop("ledger", "verify", *kept).returncode == ExitCode.OK


def test_erasing_names_who_else_holds_the_same_file(shop: Run, tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_text("a name")
    given = ("--asset", ASSET, "--activity", "repair", "--key", "tech-07", "--attach", "log.txt")
    for _ in range(2):
        assert shop("ledger", "record", *given).returncode == ExitCode.OK
    erase = ("ledger", "erase", "--reason", "r", "--key", "tech-07", "--yes")
    assert b"also held by 3," in shop(*erase, "2").stderr
    assert b"also held by" not in shop(*erase, "3").stderr


def test_a_package_that_two_readers_see_differently_is_no_version(
    shop: Run, tmp_path: Path
) -> None:
    path = tmp_path / "pump.aasx"
    with zipfile.ZipFile(path) as package:
        name = next(each for each in package.namelist() if each.endswith("data.json"))
        content = package.read(name)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as package:
        package.writestr(name, content.replace(b"4711", b"4712"))
    result = shop("ledger", "audit", ASSET, "--twin", "pump.aasx", "--trust", "trust.toml")
    assert result.returncode == ExitCode.EVIDENCE
    assert b"readers may see different content" in result.stdout
    record = ("ledger", "record", "--update", "pump.aasx", "--key", "tech-07")
    assert shop(*record).returncode == ExitCode.FINDINGS
