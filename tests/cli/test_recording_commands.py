"""`record`, `erase` and `anchor` as a process: what is only shown, what is refused, what is said."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from ledgers import ASSET, Run

from conftest import nacre
from nacre_cli.exit_codes import ExitCode
from nacre_ledger.verification import WatchedLedger


@pytest.mark.parametrize("form", ["csv", "ndjson", "json"])
def test_a_dry_run_of_a_file_records_nothing(shop: Run, tmp_path: Path, form: str) -> None:
    event = {"asset": ASSET, "activity": "repair", "happened": "2026-01-01T00:00:00Z"}
    texts = {
        "csv": ",".join(event) + "\n" + ",".join(event.values()) + "\n",
        "ndjson": json.dumps(event) + "\n" + json.dumps(event) + "\n",
        "json": json.dumps(event),
    }
    (tmp_path / f"e.{form}").write_text(texts[form], "utf-8")
    before = shop("ledger", "log", "--json").stdout
    done = shop("ledger", "record", f"e.{form}", "--key", "tech-07", "--dry-run")
    assert done.returncode == ExitCode.OK, done.stderr
    shown = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["activity"] for each in shown] == ["repair"] * (2 if form == "ndjson" else 1)
    assert shop("ledger", "log", "--json").stdout == before


def test_a_dry_run_refuses_what_the_record_would(shop: Run, tmp_path: Path) -> None:
    (tmp_path / "e.json").write_text('{"asset": "urn:x", "activity": "mending"}', "utf-8")
    assert (
        shop("ledger", "record", "e.json", "--key", "tech-07", "--dry-run").returncode
        == ExitCode.NO_VERDICT
    )


def test_an_erasure_says_why(shop: Run) -> None:
    done = shop("ledger", "erase", "0", "--reason", " ", "--yes")
    assert done.returncode == ExitCode.USAGE
    assert b"an erasure says why" in done.stderr


def test_an_empty_log_has_nothing_to_anchor(shop: Run) -> None:
    assert shop("ledger", "init", "new", "--origin", "x.example/new").returncode == ExitCode.OK
    shop("ledger", "checkpoint", "--ledger", "new")
    done = shop("ledger", "anchor", "--ledger", "new")
    assert done.returncode == ExitCode.FINDINGS, done.stderr
    assert b"nothing to anchor" in done.stderr


def test_what_was_not_compared_is_said(shop: Run) -> None:
    plain = shop("ledger", "verify", "--trust", "trust.toml").stdout
    assert b"not compared: with the chain" in plain
    shop("ledger", "prove", "0", "-o", "e.json")
    shown = shop("ledger", "verify", "e.json", "--trust", "trust.toml").stdout
    assert b"not shown: whether the log has more about the asset" in shown


def test_the_key_of_another_log_is_no_key_of_a_writer(shop: Run) -> None:
    assert shop("ledger", "init", "new", "--origin", "x.example/new").returncode == ExitCode.OK
    said = shop("ledger", "record", "--asset", ASSET, "--activity", "repair").stderr
    assert b"x.example/new" not in said


def test_parts_that_cannot_all_be_where_they_are_said_to_be(shop: Run) -> None:
    def fitted(asset: str, part: str, day: int, **more: str) -> None:
        draft = {
            "asset": asset,
            "activity": "replacement",
            "happened": f"2026-01-0{day}T08:00:00Z",
            "installed": [{"asset": part, "position": "bay 1"}],
        }
        if more:
            draft["removed"] = [{"asset": more["removed"]}]
        done = shop("ledger", "record", "-", "--key", "tech-07", stdin=json.dumps(draft).encode())
        assert done.returncode == 0, done.stderr

    def said(asset: str, day: int) -> list[str]:
        done = shop("ledger", "at", asset, f"2026-01-0{day}", "--json")
        return [each["message"] for each in json.loads(done.stdout)["doubts"]]

    fitted("urn:pump", "urn:seal1", 1)
    fitted("urn:pump", "urn:seal2", 2, removed="urn:seal1")
    assert said("urn:pump", 2) == []
    fitted("urn:pump", "urn:seal3", 3)
    assert said("urn:pump", 3) == ["`urn:seal2` and `urn:seal3` are both at `bay 1`"]
    fitted("urn:mill", "urn:seal3", 4)
    (first, _) = said("urn:pump", 4)
    assert first.startswith("`urn:seal3` is in `urn:mill` as well, by entry ")
    assert b"doubtful  `urn:seal3`" in shop("ledger", "at", "urn:mill", "2026-01-04").stdout
    audit = shop("ledger", "audit", "urn:mill", "--trust", "none", "--json")
    assert "LED-034" in {each["code"] for each in json.loads(audit.stdout)["findings"]}


def test_what_comes_once_is_kept_where_there_is_no_ledger(tmp_path: Path) -> None:
    event = b'{"asset": "urn:x", "activity": "repair", "happened": "2026-03-01T10:00:00+02:00"}'
    done = nacre("ledger", "record", "-", stdin=event, cwd=tmp_path)
    assert done.returncode == ExitCode.NO_VERDICT
    (kept,) = tmp_path.glob("events-*.txt")
    assert kept.read_bytes() == event
    assert kept.name.encode() in done.stderr


def test_answers_say_that_entries_were_erased(shop: Run) -> None:
    assert b"erased" not in shop("ledger", "at", ASSET, "2999-01-01").stderr
    assert (
        shop(
            "ledger", "erase", "0", "--reason", "asked for", "--yes", "--key", "tech-07"
        ).returncode
        == 0
    )
    for question in (("at", ASSET, "2999-01-01"), ("trace", ASSET)):
        assert b"note: 1 entry of this log was erased" in shop("ledger", *question).stderr


def test_a_late_event_out_of_order_is_both(shop: Run) -> None:
    for when in ("2026-03-01T00:00:00Z", "2026-02-28T00:00:00Z"):
        record = ("ledger", "record", "--asset", "urn:l", "--activity", "repair", "--when", when)
        assert shop(*record, "--key", "tech-07").returncode == 0
    audit = shop("ledger", "audit", "urn:l", "--trust", "none", "--json")
    said = [each["message"] for each in json.loads(audit.stdout)["findings"]]
    assert any(each.startswith("out of order") for each in said)
    assert sum(each.startswith("late: recorded") for each in said) == 2


def test_a_part_is_where_it_was_built_in(shop: Run) -> None:
    def told(day: int, **what: str) -> None:
        draft: dict[str, object] = {"asset": "urn:pump", "activity": "replacement"}
        draft["happened"] = f"2026-01-0{day}T08:00:00Z"
        draft |= {role: [{"asset": part}] for role, part in what.items()}
        done = shop("ledger", "record", "-", "--key", "tech-07", stdin=json.dumps(draft).encode())
        assert done.returncode == 0, done.stderr

    told(1, installed="urn:seal")
    told(3, removed="urn:seal")
    assert b"location  in urn:pump" in shop("ledger", "at", "urn:seal", "2026-01-02").stdout
    assert b"location" not in shop("ledger", "at", "urn:seal", "2026-01-04").stdout


def recorded(shop: Run, *given: str, asset: str = ASSET) -> str:
    """What recording said."""
    done = shop("ledger", "record", "--asset", asset, "--key", "tech-07", *given)
    assert done.returncode == ExitCode.OK, done.stderr
    return done.stderr.decode()


def audited(shop: Run, asset: str = ASSET) -> tuple[dict[str, list[str]], set[str]]:
    """Of an audit, the notes by activity and position, and the codes of findings."""
    found = json.loads(shop("ledger", "audit", asset, "--trust", "trust.toml", "--json").stdout)
    notes = {str(each["position"]): each["notes"] for each in found["entries"]}
    return notes, {each["code"] for each in found["findings"]}


def test_a_version_that_leaves_out_what_changed_is_named(shop: Run) -> None:
    """Whoever says that the twin was another one before hides what changed since."""
    assert shop("set", "pump.aasx", "Nameplate/SerialNumber=4712", "-o", "new.aasx").returncode == 0
    said = recorded(shop, "--update", "new.aasx", "--before", "new.aasx")
    assert "is not the version of entry 0" in said
    notes, found = audited(shop)
    assert "LED-035" in found
    assert any("its version of entry 0" in each for each in notes["2"])


def test_a_late_version_is_compared_with_the_one_that_held_then(shop: Run) -> None:
    serial = "Nameplate/SerialNumber"
    for name, value, when in (("b", "2", "2030-03-01"), ("a", "1", "2030-02-01")):
        assert shop("set", "pump.aasx", f"{serial}={value}", "-o", f"{name}.aasx").returncode == 0
        recorded(shop, "--update", f"{name}.aasx", "--when", when)
    entries = [json.loads(shop("ledger", "show", each).stdout)["event"] for each in "023"]
    assert entries[2]["twin"]["before"] == entries[0]["twin"]["after"]
    assert "LED-035" in audited(shop)[1]  # the version of March did not know it


def test_an_audit_says_what_was_corrected_and_what_never_happened(shop: Run) -> None:
    asset = "urn:machine"
    recorded(
        shop, "--activity", "repair", "--event-id", "r", "--install", "urn:seal@bay", asset=asset
    )
    recorded(shop, "--activity", "correction", "--corrects", "r", "--note", "typo", asset=asset)
    never = ("--activity", "correction", "--corrects", "r", "--field")
    recorded(shop, *never, "epcis.errorDeclaration=wrong machine", asset=asset)
    notes, _ = audited(shop, asset)
    assert "installed urn:seal at bay" in notes["2"]
    assert "corrected by entry 3" in notes["2"]
    assert "declared never to have happened by entry 4" in notes["2"]
    assert "r never happened: wrong machine" in notes["4"]


def test_a_second_correction_leaves_the_corrected_time(shop: Run) -> None:
    asset, when = "urn:machine", "--when"
    recorded(shop, "--activity", "inspection", "--event-id", "i", when, "2026-02-01", asset=asset)
    correction = ("--activity", "correction", "--corrects", "i")
    recorded(shop, *correction, when, "2026-03-01", asset=asset)
    recorded(shop, *correction, "--note", "a typo", asset=asset)
    state = json.loads(shop("ledger", "at", asset, "2026-12-01", "--json").stdout)
    assert state["last"]["inspection"]["value"].startswith("2026-03-01")


@pytest.mark.parametrize(
    ("sql", "asked"),
    [
        ("DELETE FROM event WHERE position = 1; INSERT INTO erased VALUES (1, x'00')", "at"),
        ("DELETE FROM event WHERE position = 1; INSERT INTO erased VALUES (1, x'00')", "key"),
        ("DELETE FROM event WHERE position = 1", "unanchored"),
        ("UPDATE batch SET count = 2 WHERE first = 0", "key"),
        ("UPDATE batch SET count = 3 WHERE first = 1", "key"),
    ],
)
def test_no_answer_passes_over_what_is_gone(
    shop: Run, tmp_path: Path, sql: str, asked: str
) -> None:
    with sqlite3.connect(tmp_path / "ledger" / "log.sqlite") as store:
        store.executescript(sql)
    questions = {
        "at": ("at", ASSET, "2030-01-01"),
        "key": ("query", "key", "tech-07", "--trust", "none"),
        "unanchored": ("query", "unanchored"),
    }
    done = shop("ledger", *questions[asked])
    assert done.returncode == ExitCode.EVIDENCE, done.stderr


def test_copies_that_others_signed_differ(shop: Run, tmp_path: Path) -> None:
    shutil.copytree(tmp_path / "ledger", tmp_path / "copy")
    assert shop("ledger", "query", "compare", "copy").returncode == ExitCode.OK
    with sqlite3.connect(tmp_path / "copy" / "log.sqlite") as store:
        store.executescript("DELETE FROM checkpoint; DELETE FROM attachment")
    said = shop("ledger", "query", "compare", "copy")
    assert said.returncode == ExitCode.OK
    assert b"one holds 1 checkpoint, the other 0" in said.stdout
    with sqlite3.connect(tmp_path / "copy" / "log.sqlite") as store:
        store.execute("UPDATE batch SET writer = 'mallory+998829d9+AAAA' WHERE first = 1")
    assert b"differ from entry 1" in shop("ledger", "query", "compare", "copy").stdout


@pytest.mark.parametrize(
    "question",
    [("query", "key", "nobody"), ("query", "between", "0", "9"), ("log", "--activity", "mending")],
)
def test_a_name_that_the_log_does_not_have_is_no_answer(
    shop: Run, question: tuple[str, ...]
) -> None:
    assert shop("ledger", *question).returncode == ExitCode.USAGE


def test_erasing_names_who_goes_on_speaking_of_it(shop: Run) -> None:
    recorded(shop, "--activity", "repair", "--event-id", "r")
    recorded(shop, "--activity", "correction", "--corrects", "r", "--note", "by Eve")
    done = shop("ledger", "erase", "2", "--reason", "r", "--key", "tech-07", "--yes")
    assert b"3 correct or attest them" in done.stderr


def test_columns_may_be_named_as_options_are(shop: Run, tmp_path: Path) -> None:
    table = (
        "when,asset,activity,installed,from,to\n"
        "2026-10-14T10:00:00Z,urn:y,shipping,urn:p1;urn:p2 urn:p3,a,b\n"
        "2026-10-14T10:00:00Z,urn:y,software-update,https://e.x/1;p:1,1.2,1.3\n"
        "2026-10-14T10:00:00Z,urn:y,observation,,Dock A,\n"
    )
    (tmp_path / "e.csv").write_text(table, "utf-8")
    assert shop("ledger", "record", "e.csv", "--key", "tech-07").returncode == ExitCode.OK
    event = json.loads(shop("ledger", "show", "2").stdout)["event"]
    assert [each["asset"] for each in event["installed"]] == ["urn:p1", "urn:p2", "urn:p3"]
    assert event["custody"] == {"from": "a", "to": "b"}
    event = json.loads(shop("ledger", "show", "3").stdout)["event"]
    assert [each["asset"] for each in event["installed"]] == ["https://e.x/1;p:1"]
    assert (event.get("custody"), event["fields"]) == (None, {"from": "1.2", "to": "1.3"})
    (tmp_path / "e.csv").write_text(
        "asset,activity,from,holder\nurn:y,custody-transfer,a,b\n", "utf-8"
    )
    (tmp_path / "c.csv").write_text(
        "asset,activity,happened,eventId,corrects,from,to\n"
        "urn:y,custody-transfer,2026-10-15T10:00:00Z,h,,a,b\n"
        "urn:y,correction,2026-10-15T10:00:00Z,,h,a,c\n",
        "utf-8",
    )
    assert shop("ledger", "record", "c.csv", "--key", "tech-07").returncode == 0
    event = json.loads(shop("ledger", "show", "6").stdout)["event"]
    assert event["custody"] == {"from": "a", "to": "c"}
    for columns, cells in (("from,custody.from,to", "a,q,d"), ("from,to", "a,")):
        table = f"asset,activity,happened,{columns}\nurn:y,shipping,2026-10-15T10:00:00Z,{cells}\n"
        (tmp_path / "bad.csv").write_text(table, "utf-8")
        assert shop("ledger", "record", "bad.csv", "--key", "tech-07").returncode == 3
    mapped = ("--map", "holder=custody.to", "--when", "2026-10-15T10:00:00Z")
    assert shop("ledger", "record", "e.csv", *mapped, "--key", "tech-07").returncode == 0
    event = json.loads(shop("ledger", "show", "7").stdout)["event"]
    assert event["custody"] == {"from": "a", "to": "b"}


def test_anchors_that_only_the_store_knows(shop: Run, tmp_path: Path) -> None:
    assert shop("ledger", "anchor").returncode == ExitCode.OK
    asked = shop("ledger", "query", "unanchored")
    assert b"as the ledger notes" in asked.stderr
    for sql, code in (
        ("transaction_hash = zeroblob(32)", ExitCode.NO_VERDICT),
        ("state = 'sent'", ExitCode.EVIDENCE),
    ):
        shutil.copytree(tmp_path / "ledger", tmp_path / "copy", dirs_exist_ok=True)
        with sqlite3.connect(tmp_path / "copy" / "log.sqlite") as store:
            store.execute(f"UPDATE anchor SET {sql}")
        done = shop("ledger", "fsck", "--chain", "--trust", "none", "--ledger", "copy")
        assert done.returncode == code, sql


def test_a_correction_mends_what_was_not_said_about_the_twin(shop: Run) -> None:
    """As the hint of LED-035 says; what is corrected is not the version before."""
    serial = "Nameplate/SerialNumber"
    for number in ("1", "2"):
        name = f"{number}.aasx"
        assert shop("set", "pump.aasx", f"{serial}={number}", "-o", name).returncode == 0
    recorded(shop, "--update", "1.aasx", "--before", "1.aasx", "--event-id", "gap")
    recorded(shop, "--update", "2.aasx")
    assert "LED-035" in audited(shop)[1]
    correction = ("--activity", "correction", "--corrects", "gap")
    assert "warning: `None`" not in recorded(shop, *correction, "--update", "1.aasx")
    assert "LED-035" not in audited(shop)[1]


def test_a_log_that_grows_meanwhile_is_not_broken(shop: Run, tmp_path: Path) -> None:
    """What is counted in two questions may differ for a moment; what stays different is a finding."""
    assert shop("ledger", "fsck", "--trust", "none").returncode == ExitCode.OK
    with WatchedLedger(tmp_path / "ledger") as opened:
        sizes = iter([5, 2, 2, 2])
        opened.size = lambda: next(sizes)  # type: ignore[method-assign]
        assert opened.findings() == []
    with WatchedLedger(tmp_path / "ledger") as opened:
        opened.size = lambda: 5  # type: ignore[method-assign]
        assert [each.code for each in opened.findings()] == ["LED-002"]


def test_a_batch_of_another_type_is_broken_evidence(shop: Run, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "ledger" / "log.sqlite") as store:
        store.execute("UPDATE batch SET count = 'x' WHERE first = 0")
    done = shop("ledger", "query", "key", "tech-07", "--trust", "none")
    assert done.returncode == ExitCode.EVIDENCE, done.stderr


def test_every_row_that_is_no_event_is_named(shop: Run, tmp_path: Path) -> None:
    rows = ["asset,activity,when", *[f"urn:{n},inspection,2026-01-01T00:00:00Z" for n in range(60)]]
    rows[3], rows[5] = "urn:x,inspction,2026-01-01T00:00:00Z", "urn:x,repair,soon"
    (tmp_path / "two.csv").write_text("\n".join(rows), "utf-8")
    before = shop("ledger", "log").stdout
    done = shop("ledger", "record", "two.csv", "--key", "tech-07")
    assert done.returncode == ExitCode.NO_VERDICT
    assert b"two.csv:4: " in done.stderr
    assert b"two.csv:6: " in done.stderr
    many = [rows[0], *(f"urn:{n},inspction,soon" for n in range(60))]
    (tmp_path / "many.csv").write_text("\n".join(many), "utf-8")
    done = shop("ledger", "record", "many.csv", "--key", "tech-07")
    assert b"many.csv:21: " in done.stderr
    assert b"many.csv:22: " not in done.stderr
    assert b"many.csv was not read beyond it" in done.stderr
    rows[8] += ",extra"
    (tmp_path / "two.csv").write_text("\n".join(rows), "utf-8")
    done = shop("ledger", "record", "two.csv", "--key", "tech-07")
    assert all(f"two.csv:{n}: ".encode() in done.stderr for n in (4, 6, 9))
    done = shop("ledger", "record", "-", "--key", "tech-07", stdin="\n".join(rows).encode())
    assert b"-:4: " in done.stderr
    assert b"-:6: " not in done.stderr
    assert shop("ledger", "log").stdout == before


def test_a_time_in_the_future_is_a_warning(shop: Run, tmp_path: Path) -> None:
    about = ("ledger", "record", "--asset", ASSET, "--activity", "inspection", "--key", "tech-07")
    done = shop(*about, "--when", "2999-01-01T00:00:00Z")
    assert done.returncode == ExitCode.OK
    assert b"warning: the time lies in the future" in done.stderr
    assert b"warning" not in shop(*about, "--when", "2026-01-01T00:00:00Z").stderr
    rows = [
        "asset,activity,when",
        "urn:a,repair,2999-01-01T00:00:00Z",
        "urn:a,repair,2026-01-01T00:00:00Z",
    ]
    (tmp_path / "r.csv").write_text("\n".join(rows), "utf-8")
    done = shop("ledger", "record", "r.csv", "--key", "tech-07")
    assert b"warning: the time lies in the future: 1 event of it" in done.stderr
