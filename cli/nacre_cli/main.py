"""The process: parses arguments, runs a command, and turns every outcome into an exit code."""

import gc
import io
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from nacre_cli import version
from nacre_cli.exit_codes import ExitCode

REPORT_BUGS = "set NACRE_DEBUG=1 to see the traceback, and report it with the file if you can"


def main() -> None:
    """Entry point of the `nacre` command."""
    if hasattr(signal, "SIGPIPE"):  # `nacre … | head` ends quietly, as other commands do
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for name in ("stdin", "stdout", "stderr"):
        # Closed by the caller: nothing comes from it, nobody reads it.
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("r" if name == "stdin" else "w"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Files and pipes get UTF-8 wherever they are read; a terminal what it can show.
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")
    gc.set_threshold(100_000)  # a short-lived process that makes many objects and few cycles
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.PIPE_CLOSED
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code; nothing escapes as an exception."""
    if list(arguments) in (["--version"], ["-V"]):
        print(f"nacre {version()}")  # noqa: T201 - answered before typer is imported
        return ExitCode.OK
    from nacre_cli.app import execute

    if any("\udc80" <= character <= "\udcff" for each in arguments for character in each):
        sys.stderr.write("error: an argument is not UTF-8\n")
        return ExitCode.USAGE
    return execute(arguments)
