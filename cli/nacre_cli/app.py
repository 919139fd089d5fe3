"""All commands put together, and the one place where exceptions end."""

import os
import traceback
from collections.abc import Callable, Sequence
from typing import Any

import typer

from nacre_aas.errors import InputError, NacreError
from nacre_aas.wording import lower_first
from nacre_cli import version
from nacre_cli.commands import (
    diff,
    doctor,
    edit,
    export,
    generate,
    help_topics,
    ledger,
    rule,
    show,
    template,
    validate,
    verify,
)
from nacre_cli.errors import UsageError
from nacre_cli.exit_codes import ExitCode
from nacre_cli.main import REPORT_BUGS
from nacre_cli.terminal import clean_line, say

app = typer.Typer(
    name="nacre",
    help="Asset Administration Shells: read them, explain them, convert them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_COMMANDS: dict[str, Callable[..., object]] = {
    "generate": generate.generate,
    "validate": validate.validate,
    "show": show.show,
    "export": export.export,
    "diff": diff.diff,
    "set": edit.set_values,
    "merge": edit.merge,
    "extract": edit.extract,
    "verify": verify.verify,
    "rule": rule.rule,
    "doctor": doctor.doctor,
    "help": help_topics.help_topic,
}
for name, command in _COMMANDS.items():
    app.command(name)(command)
app.add_typer(template.app)
app.add_typer(ledger.app)


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"nacre {version()}")
        raise typer.Exit


@app.callback()
def nacre(
    version: bool = typer.Option(
        False, "--version", "-V", callback=_print_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Asset Administration Shells: read them, explain them, convert them."""


def execute(arguments: Sequence[str]) -> int:
    """Run a command and map its outcome to an exit code."""
    try:
        code = app(list(arguments), standalone_mode=False, prog_name="nacre")
    except NacreError as error:
        _say(error.message, error.hint)
        return ExitCode.NO_VERDICT if isinstance(error, InputError) else ExitCode.FINDINGS
    except UsageError as error:
        _say(str(error), error.hint)
        return ExitCode.USAGE
    except (KeyboardInterrupt, typer.Abort):
        _say("interrupted")
        return ExitCode.INTERRUPTED
    except typer.Exit as error:
        return error.exit_code
    except RecursionError:
        _say("the content is nested too deeply", "at most 32 levels are advised")
        return ExitCode.NO_VERDICT
    except OSError as error:
        _say(f"{error.filename or 'output'}: {(error.strerror or str(error)).lower()}", None)
        return ExitCode.NO_VERDICT
    except Exception as error:  # noqa: BLE001 - the process boundary
        usage: Any = error
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):
            _say(
                lower_first(usage.format_message().replace("Value error, ", "")), _usage_hint(error)
            )
            return ExitCode.USAGE
        if os.environ.get("NACRE_DEBUG"):
            traceback.print_exc()
        _say(f"nacre has a bug: {type(error).__name__}: {error}", REPORT_BUGS)
        return ExitCode.INTERNAL
    return code if isinstance(code, int) else ExitCode.OK


def _usage_hint(error: Exception) -> str | None:
    context = getattr(error, "ctx", None)
    return f"`{context.command_path} --help` shows the usage" if context is not None else None


def _say(message: str, hint: str | None = None) -> None:
    say(f"error: {clean_line(message)}")
    if hint:
        say(f"\nhint: {clean_line(hint)}")
