"""`nacre help`: topics that are no command, and the documents that messages cite."""

from pathlib import Path
from typing import Annotated

import typer

from nacre_cli.config import SETTINGS
from nacre_cli.errors import UsageError
from nacre_cli.exit_codes import MEANINGS
from nacre_cli.terminal import emit


def help_topic(
    topic: Annotated[
        str | None,
        typer.Argument(help="Such as exit-codes, config, forms or trust.", show_default=False),
    ] = None,
) -> None:
    """Explain exit codes, environment, settings and formats, and show the documents.

    Examples:

      nacre help exit-codes

      nacre help forms
    """
    documents = _documents()
    if topic is None:
        emit(
            _table(
                {
                    "topics": ", ".join(_TOPICS),
                    "documents": ", ".join(documents),
                    "commands": "`nacre COMMAND --help`",
                }
            )
        )
    elif topic in _TOPICS:
        emit(_TOPICS[topic])
    elif (name := topic.removeprefix("docs/").removesuffix(".md")) in documents:
        emit(documents[name].read_text("utf-8"))
    else:
        known = ", ".join((*_TOPICS, *documents))
        raise UsageError(f"there is no topic `{topic}`", f"topics are {known}")


def _documents() -> dict[str, Path]:
    """The documents by name: beside this package in an installation, in docs/ of a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "documents"
    folder = installed if installed.is_dir() else package.parents[1] / "docs"
    return {file.stem: file for file in sorted(folder.glob("*.md"))}


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
            "NACRE_PROGRESS": "as --progress",
            "NACRE_LEDGER": "as --ledger",
            "NACRE_TRUST": "as --trust",
            "NACRE_KEY": "as --key",
            "NACRE_KEYS": "the folder of private keys",
            "NACRE_STORE": "as --store",
            "NACRE_TEMPLATES": "the folder of your own templates",
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
