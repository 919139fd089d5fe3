"""Rules left out with `--only` and `--skip`: it is said, counted, and nothing is called valid for it."""

import json
from pathlib import Path

from conftest import nacre
from nacre_submodels.examples import EXAMPLES


def test_what_was_left_out_is_said_and_not_called_valid(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(
        '{"submodels":[{"modelType":"Submodel","id":"x","idShort":"1bad"}]}', "utf-8"
    )
    for options in (("--only", "SMT"), ("--skip", "AASd-002")):
        text = nacre("validate", "x.json", *options, cwd=tmp_path)
        assert text.returncode == 0
        assert b"1 error left out" in text.stdout
        assert b"valid" not in text.stdout
        found = json.loads(nacre("validate", "x.json", *options, "--json", cwd=tmp_path).stdout)
        left_out = [each for each in found["summary"]["not_checked"] if each["code"] == "AASd-002"]
        assert len(left_out) == 1
        assert "left out" in left_out[0]["reason"]


def test_what_was_left_out_is_counted_as_findings(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps(EXAMPLES["SMT-017"].example.wrong), "utf-8")
    result = nacre("validate", "x.json", "--skip", "SER-020", "--skip", "SMT", cwd=tmp_path)
    assert b"0 error" not in result.stdout + result.stderr


def test_a_code_is_known_in_any_case(tmp_path: Path) -> None:
    name = str(tmp_path / "x.json")
    Path(name).write_text(
        '{"submodels": [{"modelType": "Submodel", "id": "urn:x", "idShort": "1x"}]}'
    )
    for code in ("AASd-002", "aasd-002", "AASD"):
        done = nacre("validate", name, "--only", code)
        assert b"AASd-002" in done.stdout, code
    assert nacre("validate", name, "--only", "aasx-99").returncode == 2
