"""Private keys: one file each in the user's data folder, readable by the user alone.

Beside the key of a log lies the last checkpoint that it signed. A log that does not continue it is
refused a signature, so that a restored backup or a second copy of a ledger is noticed before a false
checkpoint leaves the house.
"""

import contextlib
import os
import secrets
import sqlite3
import sys
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from urllib.parse import quote

from nacre_ledger import note
from nacre_ledger.errors import EventError, StoreError
from nacre_ledger.note import SignerKey, VerifierKey

_PRIVATE = ".key"
_CHAIN = ".chainkey"
_LAST = ".checkpoint"
_LOCK = ".lock"


def folder() -> Path:
    """Where keys are: `NACRE_KEYS`, or the user's data folder."""
    given = os.environ.get("NACRE_KEYS")
    if given:
        return Path(given)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "nacre" / "keys"


def create(name: str) -> SignerKey:
    """A new Ed25519 key, kept in its file.

    Raises:
        EventError: no key may have the name.
        StoreError: there is a key of the name, or the file cannot be written.
    """
    if not note.is_key_name(name):
        raise EventError(f"`{name}` is no name for a key", "leave out blanks and `+`")
    key = SignerKey(name, secrets.token_bytes(32))
    _write_new(_path(name, _PRIVATE), f"{key}\n".encode())
    return key


def load(name: str) -> SignerKey:
    """A key by its name, or from a file.

    Raises:
        StoreError: there is none, or others can read it.
    """
    path = Path(name) if Path(name).is_file() else _path(name, _PRIVATE)
    try:
        return note.parse_signer(_read_private(path).decode())
    except (EventError, UnicodeDecodeError):
        raise StoreError(f"`{path}` holds no private key") from None


def exists(name: str) -> bool:
    """Whether there is a key of a name."""
    return _path(name, _PRIVATE).exists()


def known() -> Iterator[VerifierKey]:
    """The public halves of all keys, by name."""
    for path in sorted(folder().glob(f"*{_PRIVATE}")):
        with contextlib.suppress(StoreError):  # `nacre ledger keys list` names what cannot be read
            yield load(str(path)).verifier


def unreadable() -> Iterator[str]:
    """Why keys that are there cannot be used."""
    for path in sorted(folder().glob(f"*{_PRIVATE}")):
        try:
            load(str(path))
        except StoreError as error:
            yield error.message


# -- keys of chain accounts ----------------------------------------------------------------------


def chain_key(name: str, *, create: bool = True) -> bytes:
    """The secp256k1 private key of a chain account, made when it is first asked for.

    Raises:
        StoreError: its file cannot be read or written, or there is none and none is to be made.
    """
    path = _path(name, _CHAIN)
    if not path.exists() and create:
        _write_new(path, secrets.token_hex(32).encode() + b"\n")
    try:
        return bytes.fromhex(_read_private(path).decode())
    except ValueError:
        raise StoreError(f"`{path}` holds no chain key") from None


# -- what a key signed last ----------------------------------------------------------------------


def last_signed(name: str) -> str | None:
    """The last checkpoint that the key of a log signed on this machine."""
    path = _path(name, _LAST)
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"`{path}`: {error.strerror}") from None


@contextlib.contextmanager
def signing() -> Generator[None]:
    """From looking at what a key signed last until that is remembered: one process at a time.

    The lock is that of an empty SQLite file, which every system gives back when a process dies.

    Raises:
        StoreError: the folder of the keys cannot be written to, or another process holds on to it.
    """
    path = folder() / _LOCK
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=60, isolation_level=None)
        with contextlib.closing(connection):
            connection.execute("BEGIN EXCLUSIVE")
            yield
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"`{path}`: {error}") from None


def remember_signed(name: str, signed: str) -> None:
    """Keep the last checkpoint of a log, whole or not at all."""
    path = _path(name, _LAST)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(signed)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        raise StoreError(f"`{path}`: {error.strerror}") from None


# -- files ---------------------------------------------------------------------------------------


def _path(name: str, suffix: str) -> Path:
    return folder() / (quote(name, safe="@:,=") + suffix)


def _write_new(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except FileExistsError:
        raise StoreError(f"`{path}` exists", "use the key that is there, or another name") from None
    except OSError as error:
        raise StoreError(f"`{path}`: {error.strerror}") from None


def _read_private(path: Path) -> bytes:
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise StoreError(
                f"`{path}` can be read by others", f"`chmod 600 {path}`, and think of a new key"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise StoreError(
            f"there is no key `{path}`", "`nacre ledger keys new NAME` makes one"
        ) from None
    except OSError as error:
        raise StoreError(f"`{path}`: {error.strerror}") from None
