"""The journeys of the documentation, run: what they show is what happens.

Set NACRE_RERECORD=1 to write the output of the commands into the pages.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT

PAGES = sorted((ROOT / "docs" / "journeys").glob("*.md"))
#: What differs from run to run, and what stands in the pages instead.
_VOLATILE = (
    (re.compile(r"\b\d+\.\d\d s\b"), "0.00 s"),
    (re.compile(r"\b[0-9a-f]{4}…[0-9a-f]{4}\b"), "9c2e…41d7"),
    (re.compile(r"\b0x[0-9a-fA-F]{64}\b"), "0x9c2e…41d7"),
    (re.compile(r"\b0x[0-9a-fA-F]{40}\b"), "0x51f0…E1b4"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "9c2e…41d7"),
    (re.compile(r"SHA256:[A-Za-z0-9+/]{43}"), "SHA256:Qm7x…"),
    (re.compile(r"\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}"), "+1a2b3c4d+AQ…"),
    (re.compile(r"head \d{4}-\d\d-\d\dT\d\d:\d\dZ"), "head 2026-10-14T10:00Z"),
    (re.compile(r"recorded \d+ (h|days) after"), "recorded 9 days after"),
)


def run(command: str, folder: Path) -> tuple[str, int]:
    arguments = [sys.executable, "-m", "nacre_cli", *shlex.split(command)[1:]]
    base = {key: value for key, value in os.environ.items() if not key.startswith("NACRE_")}
    base["NACRE_KEYS"] = str(folder / "keys")
    result = subprocess.run(
        arguments, cwd=folder, env=base, capture_output=True, text=True, check=False
    )
    output = result.stdout
    for pattern, instead in _VOLATILE:
        output = pattern.sub(instead, output)
    return output, result.returncode


def played(text: str, folder: Path) -> str:
    """A console block with the output that its commands really have."""
    lines: list[str] = []
    code = 0
    blocks = re.split(r"(?m)^(?=\$ )", text)
    for block in blocks:
        command, _, shown = block.partition("\n")
        if command == "$ echo $?":
            lines.append(f"{command}\n{code}\n")
        elif command.startswith("$ nacre "):
            output, code = run(command[2:], folder)
            head, ellipsis, _ = shown.partition("…\n")
            if ellipsis and not head:  # the page leaves out the beginning
                output = "…\n" + output.partition("\n")[2]
            lines.append(f"{command}\n{output}")
        else:
            lines.append(block)
    return "".join(lines)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_journey_shows_what_happens(page: Path, tmp_path: Path) -> None:
    text = page.read_text("utf-8")
    folder = tmp_path / "examples"
    shutil.copytree(ROOT / "examples", folder)
    again = re.sub(
        r"(?s)(```console\n)(.*?)(```)",
        lambda match: match[1] + played(match[2], folder) + match[3],
        text,
    )
    if os.environ.get("NACRE_RERECORD"):
        page.write_text(again, "utf-8")
    assert again == text, "set NACRE_RERECORD=1 to record the page again, and read the difference"
