"""The command line as a process sees it: exit codes, streams, formats."""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from conftest import ROOT, nacre
from nacre_aas.constraints import RULES
from nacre_aas.examples import EXAMPLES, content
from nacre_cli.app import application
from nacre_cli.exit_codes import ExitCode
from nacre_cli.render.writing import Format
from nacre_ontologies.examples import EXAMPLES as OF_MEANING

EXAMPLES_DIR = ROOT / "examples"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["validate", "good.json"], ExitCode.OK),
        (["validate", "warned.json"], ExitCode.OK),
        (["validate", "warned.json", "--fail-on", "warning"], ExitCode.FINDINGS),
        (["validate", "bad.json"], ExitCode.FINDINGS),
        (["validate", "bad.json", "--exit-zero"], ExitCode.OK),
        (["validate", "old.json"], ExitCode.NO_VERDICT),
        (["validate", "old.json", "--exit-zero"], ExitCode.NO_VERDICT),
        (["validate", "missing.json"], ExitCode.NO_VERDICT),
        (["validate", "."], ExitCode.NO_VERDICT),
        (["validate", "good.json", "bad.json"], ExitCode.FINDINGS),
        (["validate", "*.aasx"], ExitCode.FINDINGS),
        (["validate", "*.nothing"], ExitCode.USAGE),
        (["validate", "good.json", "--only", "XYZ-1"], ExitCode.USAGE),
        (["validate", "bad.json", "--only", "AASX"], ExitCode.OK),
        (["validate", "bad.json", "--skip", "AASd-117"], ExitCode.OK),
        (["validate", "good.json", "--max-size", "huge"], ExitCode.USAGE),
        (["validate", "good.json", "--max-size", "10"], ExitCode.NO_VERDICT),
        (["validate", "good.json", "--metamodel", "4.0"], ExitCode.USAGE),
        (["validate"], ExitCode.USAGE),
        (["nonsense"], ExitCode.USAGE),
        (["--nonsense"], ExitCode.USAGE),
        (["rule"], ExitCode.OK),
        (["rule", "aasd-117"], ExitCode.OK),
        (["rule", "AASd-999"], ExitCode.USAGE),
        (["doctor"], ExitCode.OK),
        (["--version"], ExitCode.OK),
        (["--help"], ExitCode.OK),
        (["help"], ExitCode.OK),
        (["help", "exit-codes"], ExitCode.OK),
        (["help", "forms"], ExitCode.OK),
        (["help", "docs/trust.md"], ExitCode.OK),
        (["help", "nothing"], ExitCode.USAGE),
        (["show", "good.json"], ExitCode.OK),
        (["show", "good.json", "Nothing/There"], ExitCode.FINDINGS),
        (["show", "old.json"], ExitCode.NO_VERDICT),
        (["diff", "good.json", "good.json"], ExitCode.OK),
        (["diff", "good.json", "warned.json"], ExitCode.FINDINGS),
        (["diff", "good.json", "old.json"], ExitCode.NO_VERDICT),
        (["export", "good.json", "--to", "xml"], ExitCode.OK),
        (["export", "good.json"], ExitCode.USAGE),
        (["export", "good.json", "-o", "bad.json"], ExitCode.USAGE),
        (["export", "old.json", "--to", "xml"], ExitCode.NO_VERDICT),
        (["set", "good.json"], ExitCode.USAGE),
        (["set", "good.json", "Nothing=1"], ExitCode.FINDINGS),
        (["merge", "good.json", "-o", "x.txt"], ExitCode.USAGE),
        (["extract", "good.aasx", "/aasx/nothing"], ExitCode.FINDINGS),
        (["extract", "good.aasx", "/aasx/data.json"], ExitCode.OK),
    ],
)
def test_exit_codes(folder: Path, arguments: list[str], code: ExitCode) -> None:
    result = nacre(*arguments, cwd=folder)
    assert result.returncode == code, result.stderr.decode()
    assert b"Traceback" not in result.stderr
    if code is ExitCode.USAGE:
        assert result.stderr.startswith(b"error: ")
        assert not result.stdout


def test_the_documents_that_rules_cite_are_at_hand() -> None:
    cited = {
        name
        for rule in RULES.values()
        for name in re.findall(r"docs/([\w-]+)\.md", f"{rule.clause} {rule.hint} {rule.text}")
    }
    assert cited
    shown = nacre("help").stdout.decode()
    assert not {name for name in cited if name not in shown}


def test_every_command_has_help_with_an_example() -> None:
    for command in application().registered_commands:
        text = nacre(str(command.name), "--help").stdout.decode()
        assert f"nacre {command.name}" in text, command.name
        assert "Example" in text, command.name


def test_json_keeps_its_schema(folder: Path) -> None:
    schema = json.loads((ROOT / "docs" / "findings.schema.json").read_text("utf-8"))
    result = nacre("validate", ".", "--json", cwd=folder)
    document = json.loads(result.stdout)
    jsonschema.validate(document, schema)
    assert document["summary"]["not_read"][0]["file"] == "old.json"
    assert {"file": "good.json", "versions": ["3.0", "3.1", "3.2"]} in document["summary"][
        "metamodel"
    ]
    (finding,) = [each for each in document["findings"] if each["code"] == "AASd-117"]
    assert finding["location"]["file"] == "bad.json"
    assert finding["location"]["pointer"] == "/submodels/0/submodelElements/0"
    xml = nacre("export", "good.json", "--to", "xml", cwd=folder).stdout
    broken = xml.replace(b"<assetKind>Instance", b"<assetKind>instance")
    finding = json.loads(nacre("validate", "-", "--json", stdin=broken).stdout)["findings"][0]
    assert finding["location"]["file"] == "-"
    assert finding["location"]["xpath"].endswith("/assetInformation/assetKind")
    lines = broken.decode().splitlines()
    assert "<assetKind>instance" in lines[finding["location"]["line"] - 1]


def test_every_rule_keeps_the_json_schema(tmp_path: Path) -> None:
    schema = json.loads((ROOT / "docs" / "findings.schema.json").read_text("utf-8"))
    for code, example in EXAMPLES.items():
        if example.wrong is not None:
            (tmp_path / f"{code}.json").write_bytes(content(example.wrong))
    jsonschema.validate(json.loads(nacre("validate", ".", "--json", cwd=tmp_path).stdout), schema)


def test_sarif_has_rules_results_and_regions(folder: Path) -> None:
    run = json.loads(nacre("validate", ".", "--format", "sarif", cwd=folder).stdout)["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"]
        assert place.get("region", {"startLine": 1})["startLine"] >= 1
    assert not run["invocations"][0]["executionSuccessful"]
    assert run["invocations"][0]["toolExecutionNotifications"]


def test_junit_shows_good_files_too(folder: Path) -> None:
    from lxml import etree

    root = etree.fromstring(nacre("validate", ".", "--format", "junit", cwd=folder).stdout)
    suites = {suite.get("name"): suite for suite in root}
    assert suites["good.json"].get("failures") == "0"
    assert suites["bad.json"].get("failures") == "1"
    assert suites["old.json"].get("errors") == "1"
    assert all(int(suite.get("tests")) == len(suite) for suite in root)


def test_junit_has_every_finding_and_hides_none_that_was_left_out(tmp_path: Path) -> None:
    from lxml import etree

    (wrong,) = OF_MEANING["SEM-013"].wrong.parts.values()
    (tmp_path / "x.json").write_text(wrong, "utf-8")

    def cases(*options: str) -> dict[str, Any]:
        done = nacre("validate", "x.json", "--format", "junit", *options, cwd=tmp_path)
        (suite,) = etree.fromstring(done.stdout)
        assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped"))
        return {each.get("name"): each for each in suite}

    assert "SEM-013" in cases()["meaning"].findtext("system-out")
    (skipped,) = cases("--skip", "SEM")["meaning"]
    assert skipped.tag == "skipped"
    assert "SEM-013" in skipped.get("message")


def test_a_file_name_stays_on_its_line(tmp_path: Path) -> None:
    (tmp_path / "a\nb.json").write_bytes(content(EXAMPLES["AASd-117"].wrong))
    lines = nacre("validate", ".", "--format", "concise", cwd=tmp_path).stdout.splitlines()
    assert lines
    assert all(line.startswith(b"a\\nb.json:") for line in lines)


def test_github_annotations_are_one_line_each(folder: Path) -> None:
    lines = nacre("validate", ".", "--format", "github", cwd=folder).stdout.decode().splitlines()
    assert any(
        line.startswith("::error title=nacre (AASd-117),file=bad.json,line=1") for line in lines
    )
    assert any(line.startswith("::error title=nacre (SER-003),file=old.json") for line in lines)


def test_concise_lines_can_be_read_by_editors(folder: Path) -> None:
    lines = nacre("validate", ".", "--format", "concise", cwd=folder).stdout.decode().splitlines()
    assert any(re.match(r"bad\.json:1:\d+: AASd-117 ", line) for line in lines)


def test_output_to_a_file_leaves_stdout_empty(folder: Path) -> None:
    result = nacre("validate", "bad.json", "--format", "sarif", "-o", "out.sarif", cwd=folder)
    assert result.returncode == ExitCode.FINDINGS
    assert not result.stdout
    assert json.loads((folder / "out.sarif").read_text("utf-8"))["version"] == "2.1.0"


def test_standard_input_is_a_file(folder: Path) -> None:
    data = (folder / "bad.json").read_bytes()
    result = nacre("validate", "-", "--format", "concise", stdin=data)
    assert result.stdout.startswith(b"-:1:")
    assert nacre("validate", "-", stdin=b"").returncode == ExitCode.NO_VERDICT


def test_colours_only_where_wanted(folder: Path) -> None:
    assert b"\x1b[" not in nacre("validate", "bad.json", cwd=folder).stdout
    assert b"\x1b[" in nacre("validate", "bad.json", "--color", "always", cwd=folder).stdout
    assert b"\x1b[" in nacre("validate", "bad.json", cwd=folder, FORCE_COLOR="1").stdout
    both = nacre("validate", "bad.json", cwd=folder, FORCE_COLOR="1", NO_COLOR="1")
    assert b"\x1b[" not in both.stdout


def test_terminal_control_characters_of_a_file_do_not_reach_the_terminal(tmp_path: Path) -> None:
    document = EXAMPLES["AASd-117"].right
    text = json.dumps(document).replace("Speed", "\\u001b[2J9")
    (tmp_path / "x.json").write_text(text, "utf-8")
    for arguments in (
        ["validate", "x.json"],
        ["show", "x.json"],
        ["validate", "x.json", "--format", "concise"],
    ):
        assert b"\x1b" not in nacre(*arguments, cwd=tmp_path).stdout


def test_several_processes_give_the_same_as_one(folder: Path) -> None:
    one = nacre("validate", ".", "--json", "--jobs", "1", cwd=folder)
    two = nacre("validate", ".", "--json", "--jobs", "2", cwd=folder)
    assert one.stdout == two.stdout
    assert one.returncode == two.returncode


def test_settings_come_from_the_nearest_file(folder: Path) -> None:
    (folder / "nacre.toml").write_text(
        'fail-on = "warning"\nignore = ["MET-021"]\n'
        '[rules."AASd-117"]\nseverity = "note"\n[per-file-ignores]\n"warned*" = ["MET-023"]\n',
        "utf-8",
    )
    assert nacre("validate", "bad.json", cwd=folder).returncode == ExitCode.OK
    assert nacre("validate", "warned.json", cwd=folder).returncode == ExitCode.OK
    shown = nacre("doctor", cwd=folder, NACRE_JOBS="3").stdout.decode()
    assert "fail-on: warning" in shown
    assert "nacre.toml" in shown
    assert "NACRE_JOBS" in shown
    (folder / "nacre.toml").write_text('colour = "red"\n', "utf-8")
    assert nacre("validate", "good.json", cwd=folder).returncode == ExitCode.USAGE


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_closed_pipe_and_an_interrupt_are_quiet(folder: Path) -> None:
    command = f"{sys.executable} -m nacre_cli rule --json | head -c 10"
    piped = subprocess.run(
        ["bash", "-c", f"{command}; exit ${{PIPESTATUS[0]}}"], capture_output=True, check=False
    )
    assert piped.returncode in (0, ExitCode.PIPE_CLOSED)
    assert not piped.stderr
    watching = subprocess.Popen(
        [sys.executable, "-m", "nacre_cli", "validate", "--watch", "good.json"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Whoever runs the tests in the background has them ignore SIGINT, which children inherit.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    assert watching.stderr is not None
    assert b"watching" in watching.stderr.readline()
    (folder / "good.json").write_bytes(content(EXAMPLES["AASd-117"].wrong))
    assert b"watching" in watching.stderr.readline()
    time.sleep(0.2)
    watching.send_signal(signal.SIGINT)
    output, errors = watching.communicate(timeout=20)
    assert b"Traceback" not in errors
    assert b"AASd-117" in output
    assert watching.returncode == ExitCode.FINDINGS


def test_fix_repairs_in_place_and_diff_only_shows(folder: Path) -> None:
    path = folder / "noorigin.aasx"
    before = path.read_bytes()
    shown = nacre("validate", "noorigin.aasx", "--fix", "--diff", cwd=folder)
    assert shown.returncode == ExitCode.FINDINGS
    assert b"AASX-004" in shown.stdout
    assert path.read_bytes() == before
    assert nacre("validate", "noorigin.aasx", "--fix", cwd=folder).returncode == ExitCode.OK
    assert nacre("validate", "noorigin.aasx", cwd=folder).returncode == ExitCode.OK


def test_a_broken_line_in_a_file_breaks_no_line_of_the_output(folder: Path) -> None:
    text = json.dumps(EXAMPLES["AASd-117"].right).replace("Speed", "x\\n::error::pwned")
    (folder / "x.json").write_text(text, "utf-8")
    for arguments in (
        ["validate", "x.json"],
        ["show", "x.json"],
        ["validate", "x.json", "--format", "github"],
    ):
        lines = nacre(*arguments, cwd=folder).stdout.splitlines()
        assert not any(line.startswith(b"::error::pwned") for line in lines)


def test_a_folder_is_searched_for_aas_files_only(folder: Path) -> None:
    (folder / "package.json").write_text('{"name": "x"}', "utf-8")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.json").write_text("[", "utf-8")
    (folder / "old.json").unlink()
    result = nacre("validate", ".", "--exit-zero", cwd=folder)
    assert result.returncode == 0, result.stdout
    assert b"passed over 1 file below" in result.stderr
    assert nacre("validate", "package.json", cwd=folder).returncode == ExitCode.NO_VERDICT


def test_export_is_strict_when_asked(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(content(EXAMPLES["MET-002"].wrong))
    loose = nacre("export", "x.json", "--to", "json", "--metamodel", "3.0", cwd=tmp_path)
    assert loose.returncode == 0
    assert b"createdAt" in loose.stderr
    assert b"createdAt" not in loose.stdout
    strict = nacre(
        "export", "x.json", "--to", "json", "--metamodel", "3.0", "--strict", cwd=tmp_path
    )
    assert strict.returncode == ExitCode.FINDINGS
    assert not strict.stdout


@pytest.mark.parametrize(
    "text",
    [
        'jobs = "x"',
        "jobs = 0",
        "rules = 5",
        "select = 5",
        "select = [5]",
        "per-file-ignores = { a = 7 }",
        "max-size = [1]",
        f"max-size = {'9' * 400}",
        "max-ratio = 1.5",
        "format = 1",
        'format = "html"',
        "fail-on = []",
        'metamodel = "4.0"',
        "rules = { SEM-001 = 7 }",
        f"jobs = {'9' * 5000}",
        "jobs = " + "[" * 3000 + "]" * 3000,
    ],
)
def test_a_setting_of_another_kind_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "nacre.toml").write_text(text + "\n", "utf-8")
    done = nacre("validate", str(ROOT / "examples" / "pump.json"), cwd=tmp_path)
    assert done.returncode == ExitCode.USAGE
    assert len(done.stderr.decode().strip().split("\n\n")[0].splitlines()) == 1


def test_every_format_can_be_set(tmp_path: Path) -> None:
    for each in Format:
        (tmp_path / "nacre.toml").write_text(f'format = "{each}"\n', "utf-8")
        done = nacre("validate", str(ROOT / "examples" / "pump.json"), cwd=tmp_path)
        assert done.returncode == ExitCode.OK, done.stderr


def test_a_group_without_a_command_shows_its_commands() -> None:
    done = nacre("ledger")
    assert done.returncode == 2
    assert b"\n  audit " in done.stderr


def test_patterns_for_files_begin_at_the_settings(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    wrong = {"submodels": [{"modelType": "Submodel", "id": "urn:s", "idShort": "1x"}]}
    (tmp_path / "sub" / "a.json").write_text(json.dumps(wrong), "utf-8")
    settings = '[per-file-ignores]\n"sub/*.json" = ["AASd-002"]\n'
    (tmp_path / "nacre.toml").write_text(settings, "utf-8")
    for folder, name in ((tmp_path, "sub"), (tmp_path / "sub", "."), (tmp_path, str(tmp_path))):
        assert nacre("validate", name, cwd=folder).returncode == ExitCode.OK, name
