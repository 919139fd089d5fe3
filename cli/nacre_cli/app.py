"""All commands put together, and the one place where exceptions end.

Only the command that is asked for is imported; all of them for help and for what is misspelled.
"""

import importlib
import os
import traceback
from collections.abc import Sequence
from typing import Any

import typer

from nacre_aas.errors import InputError, NacreError
from nacre_aas.wording import lower_first
from nacre_cli import version
from nacre_cli.errors import UsageError
from nacre_cli.exit_codes import ExitCode
from nacre_cli.main import REPORT_BUGS
from nacre_cli.terminal import clean_line, say, say_refusal

#: Where each command is: module and function below nacre_cli.commands; a group has `app`.
_COMMANDS = {
    "generate": "generate.generate",
    "validate": "validate.validate",
    "show": "show.show",
    "export": "export.export",
    "shacl": "shacl.shacl",
    "shapes": "shacl.shapes_app",
    "query": "query.query",
    "vocab": "query.vocab",
    "samm": "samm.app",
    "similar": "similar.similar",
    "diff": "diff.diff",
    "set": "edit.set_values",
    "merge": "edit.merge",
    "extract": "edit.extract",
    "verify": "verify.verify",
    "rule": "rule.rule",
    "doctor": "doctor.doctor",
    "help": "help_topics.help_topic",
    "template": "template.app",
    "ledger": "ledger.app",
}


def application(arguments: Sequence[str] = ()) -> typer.Typer:
    """The command line, with the command that the arguments begin with, or with all of them."""
    app = typer.Typer(
        name="nacre",
        help="Asset Administration Shells: read them, explain them, convert them, record their history.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(nacre)
    asked = arguments[0] if arguments else ""
    for name in [asked] if asked in _COMMANDS and asked != "help" else _COMMANDS:
        module, _, attribute = _COMMANDS[name].partition(".")
        command: Any = getattr(importlib.import_module(f"nacre_cli.commands.{module}"), attribute)
        if isinstance(command, typer.Typer):
            app.add_typer(command)
        else:
            app.command(name)(command)
    return app


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"nacre {version()}")
        raise typer.Exit


def nacre(
    version: bool = typer.Option(
        False, "--version", "-V", callback=_print_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Asset Administration Shells: read them, explain them, convert them, record their history."""


def execute(arguments: Sequence[str]) -> int:
    """Run a command and map its outcome to an exit code."""
    try:
        app = application(arguments)
        code = app(list(arguments), standalone_mode=False, prog_name="nacre")
    except NacreError as error:
        say_refusal(error)
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
        if type(error).__name__ == "NoArgsIsHelpError":  # a group without one of its commands
            say(usage.format_message())
            return ExitCode.USAGE
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
