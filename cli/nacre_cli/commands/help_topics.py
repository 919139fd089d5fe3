"""`nacre help`: topics that are no command."""

from typing import Annotated

import typer

from nacre_cli.config import SETTINGS
from nacre_cli.errors import UsageError
from nacre_cli.exit_codes import MEANINGS
from nacre_cli.terminal import emit


def help_topic(
    topic: Annotated[
        str | None, typer.Argument(help="exit-codes, environment, config or formats.")
    ] = None,
) -> None:
    """Explain exit codes, environment, settings and formats.

    Examples:

      nacre help exit-codes

      nacre help config
    """
    if topic is None:
        emit("topics: " + ", ".join(_TOPICS) + "\ncommands: `nacre COMMAND --help`\n")
        return
    if topic not in _TOPICS:
        raise UsageError(f"there is no topic `{topic}`", "topics are " + ", ".join(_TOPICS))
    emit(_TOPICS[topic])


def _table(rows: dict[str, str]) -> str:
    width = max(len(key) for key in rows)
    return "".join(f"{key.ljust(width)}  {value}\n" for key, value in rows.items())


_TOPICS = {
    "exit-codes": _table({f"{code:>3}": meaning for code, meaning in MEANINGS.items()}),
    "environment": _table(
        {
            "NACRE_METAMODEL": "as --metamodel",
            "NACRE_FORMAT": "as --format",
            "NACRE_FAIL_ON": "as --fail-on",
            "NACRE_JOBS": "as --jobs",
            "NACRE_MAX_SIZE": "as --max-size",
            "NACRE_MAX_RATIO": "as --max-ratio",
            "NACRE_COLOR": "as --color",
            "NACRE_DEBUG": "show tracebacks of bugs",
            "NO_COLOR": "no colours",
            "FORCE_COLOR": "colours even without a terminal",
        }
    ),
    "config": "settings in nacre.toml, in [tool.nacre] of pyproject.toml, or in the user's\n"
    "nacre/config.toml; the nearest file wins, environment and flags win over files\n\n"
    + _table(SETTINGS),
    "formats": _table(
        {
            "text": "for people",
            "concise": "one line per finding: file»part:line:column: CODE message",
            "json": "one document, schema nacre.findings/v1",
            "sarif": "SARIF 2.1.0, for code scanning",
            "github": "workflow commands of GitHub Actions",
            "junit": "one suite per file, one case per family of rules",
        }
    ),
}
