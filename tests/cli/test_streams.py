"""Files, links, pipes and streams of the commands: encodings, and what is overwritten."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import nacre
from documents import PUMP, numeric, one_submodel, submodel, written
from nacre_aas.jsonization import dumps
from nacre_aas.model import Property


def test_findings_overwrite_no_file_unasked(tmp_path: Path) -> None:
    target = tmp_path / "pump.json"
    target.write_bytes(PUMP.read_bytes())
    assert nacre("validate", str(target), "-o", str(target)).returncode == 2
    assert target.read_bytes() == PUMP.read_bytes()
    report = tmp_path / "report.txt"
    assert nacre("validate", str(target), "-o", str(report)).returncode == 0
    assert nacre("validate", str(target), "-o", str(report)).returncode == 2
    assert nacre("validate", str(target), "-o", str(report), "--force").returncode == 0


def test_findings_overwrite_only_by_force(tmp_path: Path) -> None:
    name = written(tmp_path / "a.json", submodel("urn:a", numeric("A", "1")))
    output = tmp_path / "out.json"
    output.write_text("mine", "utf-8")
    shown = nacre("shacl", name, "--format", "json", "-o", str(output))
    assert shown.returncode == 2
    assert output.read_text("utf-8") == "mine"
    shown = nacre("shacl", name, "--format", "json", "-o", str(output), "--force")
    assert shown.returncode == 0


def test_output_goes_through_links_and_pipes(tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "target.json", tmp_path / "link.json", tmp_path / "pipe"
    target.write_text("keep", "utf-8")
    link.symlink_to(target)
    assert nacre("export", str(PUMP), "--to", "json", "-o", str(link)).returncode == 2
    assert target.read_text("utf-8") == "keep"
    assert nacre("export", str(PUMP), "--to", "json", "-o", str(link), "--force").returncode == 0
    assert link.is_symlink()
    assert json.loads(target.read_bytes())
    assert nacre("set", str(link), "Nameplate/SerialNumber=1").returncode == 0
    assert link.is_symlink()
    assert nacre("show", str(target), "Nameplate/SerialNumber", "--value").stdout == b"1\n"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        assert nacre("export", str(PUMP), "--to", "json", "-o", str(pipe)).returncode == 0
        assert json.loads(reader.communicate(timeout=60)[0])
    assert pipe.is_fifo()
    assert nacre("export", str(PUMP), "--to", "json", "-o", str(tmp_path)).returncode == 2


@pytest.mark.parametrize(
    ("closed", "arguments", "code"), [(1, ("validate", str(PUMP)), 0), (0, ("validate", "-"), 3)]
)
def test_closed_streams_are_empty_ones(closed: int, arguments: tuple[str, ...], code: int) -> None:
    command = [sys.executable, "-m", "nacre_cli", *arguments]
    shell = f'exec "$@" {closed}{"<" if closed == 0 else ">"}&-'
    done = subprocess.run(["sh", "-c", shell, "sh", *command], capture_output=True, check=False)
    assert done.returncode == code, done.stderr
    assert b"bug" not in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_files_and_pipes_get_utf_8_whatever_the_locale(tmp_path: Path, encoding: str) -> None:
    text = "é€😀"
    content = one_submodel(
        Property(id_short="Aa", value_type="xs:string", value=text), id_short="Ss"
    )
    (tmp_path / "x.json").write_bytes(dumps(content))
    shown = nacre("show", "x.json", "Ss/Aa", "--value", cwd=tmp_path, PYTHONIOENCODING=encoding)
    assert shown.stdout.decode().strip() == text
    (tmp_path / "y.json").write_bytes(dumps(one_submodel(id_short="Ss")))
    patch = nacre(
        "diff", "y.json", "x.json", "--format", "patch", cwd=tmp_path, PYTHONIOENCODING=encoding
    )
    assert text in json.dumps(json.loads(patch.stdout), ensure_ascii=False)


def test_a_folder_that_holds_itself_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(PUMP.read_bytes())
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "again.json").symlink_to(tmp_path / "x.json")
    for names in ((".",), ("**/*.json",), ("x.json", "./x.json", "loop/x.json")):
        found = json.loads(nacre("validate", *names, "--json", cwd=tmp_path).stdout)
        assert len(found["summary"]["metamodel"]) == 1, names


def test_a_link_in_a_folder_that_leads_nowhere_is_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(PUMP.read_bytes())
    (tmp_path / "y.json").symlink_to(tmp_path / "gone.json")
    done = nacre("validate", ".", "--json", cwd=tmp_path)
    assert done.returncode == 3
    (missing,) = json.loads(done.stdout)["summary"]["not_read"]
    assert missing["file"].endswith("y.json")
    assert "link" in missing["reason"]


def test_findings_take_the_place_of_no_input(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(PUMP.read_bytes())
    for name in ("x.json", "./x.json"):
        done = nacre("validate", "x.json", "-o", name, "--force", cwd=tmp_path)
        assert done.returncode == 2
    assert path.read_bytes() == PUMP.read_bytes()


def test_a_name_that_is_no_utf_8_costs_no_report(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff.json")
    (tmp_path / name).write_text('{"submodels":[]}', "utf-8")
    for format_ in ("json", "sarif", "junit", "github", "text", "concise"):
        done = nacre("validate", ".", "--format", format_, cwd=tmp_path)
        assert done.returncode == 1, done.stderr
        assert done.stdout.decode("utf-8")
        if format_ == "sarif":
            (run,) = json.loads(done.stdout)["runs"]
            (result,) = run["results"]
            place = result["locations"][0]["physicalLocation"]["artifactLocation"]
            assert place["uri"] == "%FF.json"


def test_an_empty_argument_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}", "utf-8")
    done = nacre("validate", "", cwd=tmp_path)
    assert done.returncode == 2
    assert b"an empty name is no file" in done.stderr
