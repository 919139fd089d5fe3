"""Writes the outcome of a run in the format that is asked for."""

import enum
from pathlib import Path

from nacre_cli.render import machine, text
from nacre_cli.render.model import Outcome
from nacre_cli.terminal import Paint, write_file


class Format(enum.StrEnum):
    """How findings are written."""

    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    JUNIT = "junit"


def write_outcome(
    outcome: Outcome,
    chosen: Format,
    output: Path | None,
    painter: Paint,
    *,
    force: bool = True,
) -> None:
    """Write findings to a file (over what is there, unless `force` is off), or to standard output."""
    match chosen:
        case Format.TEXT:
            written = text.render(outcome, painter)
        case Format.CONCISE:
            written = text.concise(outcome)
        case Format.JSON:
            written = machine.as_json(outcome)
        case Format.SARIF:
            written = machine.as_sarif(outcome)
        case Format.GITHUB:
            written = machine.as_github(outcome)
        case Format.JUNIT:
            written = machine.as_junit(outcome)
    write_file(output, written, force=force)
