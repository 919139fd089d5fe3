"""Colours, progress and files written whole: everything about the two streams and the disk."""

import contextlib
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from pathlib import Path

from nacre_aas.errors import InputError, NacreError
from nacre_cli.errors import UsageError
from nacre_cli.options import ColorChoice, ProgressChoice

_STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "good": "32",
    "strong": "1",
    "faint": "2",
    "added": "32",
    "removed": "31",
}


class Paint:
    """Colours text, or leaves it alone."""

    def __init__(self, *, enabled: bool) -> None:
        self.enabled = enabled

    def __call__(self, style: str, text: str) -> str:
        """The text in a style."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.enabled else text


def paint(choice: ColorChoice | None, *, to_file: bool = False) -> Paint:
    """Colours for standard output, as flag, environment and terminal say."""
    if choice is ColorChoice.ALWAYS:
        return Paint(enabled=True)
    if choice is ColorChoice.NEVER or os.environ.get("NO_COLOR") or to_file:
        return Paint(enabled=False)
    if os.environ.get("FORCE_COLOR"):
        return Paint(enabled=True)
    return Paint(enabled=sys.stdout.isatty() and os.environ.get("TERM") != "dumb")


def clean(text: str) -> str:
    """Text from a file without characters that steer a terminal, which is hostile input."""
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def clean_line(text: str) -> str:
    """The same for text that is to stay on one line."""
    return clean(text).replace("\n", "\\n")


#: Control characters except tab and line feed, and those that change the direction of writing.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def say(message: str) -> None:
    """A message for people, on standard error."""
    sys.stderr.write(clean(message) + "\n")


def say_refusal(error: NacreError, file: str | None = None) -> None:
    """Why there is no going on, with the code that `nacre rule` explains, and the place if it is known."""
    code = "" if error.code == NacreError.code else f"[{error.code}]"
    say(f"error{code}: {clean_line(error.message)}")
    file = file or (error.file if isinstance(error, InputError) else None)
    if isinstance(error, InputError) and file is not None and file not in error.message:
        part = "" if error.part is None else f" » {error.part.lstrip('/')}"
        place = "".join(f":{each}" for each in (error.line, error.column) if each)
        say(f" --> {clean_line(file + part)}{place}")
    if error.hint:
        say(f"\nhint: {clean_line(error.hint)}")


def emit(data: bytes | str) -> None:
    """Data, on standard output."""
    if isinstance(data, str):
        sys.stdout.write(data)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


#: Names of what is open already: a redirected stream must not be replaced by another file.
_STREAMS = ("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/self/fd/")


def refuse_existing(path: Path) -> None:
    """Refuse to write over a file; streams and pipes are none.

    Raises:
        UsageError: there is a file already.
    """
    if path.is_file() and not str(path).startswith(_STREAMS):
        raise UsageError(f"`{path}` exists", "add --force to overwrite it")


def write_file(path: Path | None, data: bytes | str, *, force: bool) -> None:
    """Write a file whole or not at all; `-` and no path stand for standard output.

    A link is followed. What is no regular file, such as a pipe, is written to as it is.

    Raises:
        UsageError: it exists and may not be overwritten, it is a folder, or its folder is missing.
        OSError: it cannot be written.
    """
    if path is None or str(path) == "-":
        emit(data)
        return
    if isinstance(data, str):
        data = data.encode("utf-8", "backslashreplace")
    if path.is_dir():
        raise UsageError(f"`{path}` is a folder")
    if (path.exists() and not path.is_file()) or str(path).startswith(_STREAMS):
        path.write_bytes(data)
        return
    if not force:
        refuse_existing(path)
    path = path.resolve()
    if not path.parent.is_dir():
        raise UsageError(f"the folder `{path.parent}` does not exist")
    mode = path.stat().st_mode if path.exists() else 0o666 & ~_umask()
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(temporary).chmod(mode & 0o777)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


@contextlib.contextmanager
def progress(
    total: int, noun: str, choice: ProgressChoice = ProgressChoice.AUTO, *, quiet: bool = False
) -> Generator[Callable[[], None]]:
    """Tell on standard error how many steps are done, at most ten times a second.

    People see it on a terminal only, once half a second has gone by, and it vanishes at the end.
    """
    is_json = choice is ProgressChoice.JSON
    on_terminal = sys.stderr.isatty() and not os.environ.get("CI")
    is_bar = choice is ProgressChoice.AUTO and not quiet and total > 1 and on_terminal
    told, done, shown = time.monotonic() + (0 if is_json else 0.4), 0, False

    def step() -> None:
        nonlocal done, told, shown
        done += 1
        now = time.monotonic()
        if not (is_json or is_bar) or (now - told < 0.1 and done < total):
            return
        told, shown = now, is_bar
        if is_json:
            document = {"schema": "nacre.progress/v1", "done": done, "total": total, "unit": noun}
            sys.stderr.write(json.dumps(document) + "\n")
        else:
            sys.stderr.write(f"\r{done}/{total} {noun}\x1b[K")
        sys.stderr.flush()

    try:
        yield step
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
