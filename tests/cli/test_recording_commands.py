"""`record`, `erase` and `anchor` as a process: what is only shown, what is refused, what is said."""

import json
from pathlib import Path

import pytest
from ledgers import ASSET, Run

from conftest import nacre
from nacre_cli.exit_codes import ExitCode


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
