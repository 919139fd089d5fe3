"""Every rule of graphs, shapes and meaning: its example breaks it, the repair does not."""

from pathlib import Path

import pytest

from conftest import nacre
from nacre_aas.examples import Package
from nacre_cli.registry import RULES
from nacre_ontologies.examples import EXAMPLES


def _said(command: str, files: Package, folder: Path) -> str:
    for name, text in files.parts.items():
        (folder / name).write_text(text, "utf-8")
    done = nacre(*command.split(), cwd=folder)
    assert done.returncode in (0, 1, 3), done.stderr
    return (done.stdout + done.stderr).decode()


@pytest.mark.parametrize("code", sorted(EXAMPLES))
def test_the_example_breaks_the_rule_and_its_repair_does_not(code: str, tmp_path: Path) -> None:
    example = EXAMPLES[code]
    assert example.command is not None
    assert f"[{code}]" in _said(example.command, example.wrong, tmp_path)
    assert f"[{code}]" not in _said(example.command, example.right, tmp_path)  # what it changes


def test_every_rule_has_an_example_or_needs_none() -> None:
    codes = {code for code in RULES if code.startswith(("RDF-", "SHX-", "SEM-"))}
    # What takes too long, a store that does not answer, and what is only listed as not checked.
    assert codes - EXAMPLES.keys() == {"RDF-007", "RDF-008", "SHX-005", "SEM-012"}
