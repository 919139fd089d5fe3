"""Checkpoints: the size and root of a log, signed by it and by witnesses.

The note's text is that of C2SP tlog-checkpoint: origin, size, root in base64, and lines of extensions.
A witness signs it together with its own time (C2SP tlog-cosignature).
"""

import base64
import binascii
import datetime as dt
import re
from collections.abc import Iterable
from typing import NamedTuple

from nacre_ledger import note
from nacre_ledger.errors import EventError
from nacre_ledger.merkle import HASH_SIZE
from nacre_ledger.note import Note, Signature, SignerKey, VerifierKey

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class Checkpoint(NamedTuple):
    """What a log commits to: its first `size` leaves."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text that is signed."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode())
        return "".join(f"{line}\n" for line in (*lines, *self.extensions))

    def signed(self, key: SignerKey) -> Note:
        """The checkpoint as a note of the log."""
        return note.sign(self.text, key)


class Cosigned(NamedTuple):
    """A witness that vouches for a checkpoint, and the time that it gives."""

    witness: VerifierKey
    time: dt.datetime


def parse(text: str) -> Checkpoint:
    """A checkpoint from the text of its note.

    Raises:
        EventError: it is none.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise EventError("the text is no checkpoint", "it has origin, size and root in three lines")
    origin, size, root, *extensions = lines[:-1]
    try:
        digest = base64.b64decode(root, validate=True)
    except binascii.Error:
        digest = b""
    if not _SIZE.fullmatch(size) or len(digest) != HASH_SIZE:
        raise EventError("the text is no checkpoint", "it has origin, size and root in three lines")
    return Checkpoint(origin, int(size), digest, tuple(extensions))


def is_signed_by(signed: Note, key: VerifierKey) -> bool:
    """Whether a log's key signed a checkpoint."""
    signature = signed.of(key)
    return signature is not None and key.verify(signed.text.encode(), signature.data)


def cosign(text: str, key: SignerKey, time: dt.datetime) -> Signature:
    """The signature of a witness at a time, which it gives in whole seconds."""
    seconds = int(time.timestamp())
    data = key.sign(_cosigned(text, seconds))
    return Signature(key.name, key.cosigner().id, seconds.to_bytes(8, "big") + data)


def cosignatures(signed: Note, witnesses: Iterable[VerifierKey]) -> list[Cosigned]:
    """The witnesses that vouch for a checkpoint, each once."""
    found = []
    for witness in witnesses:
        signature = signed.of(witness)
        if signature is None or len(signature.data) != 72:
            continue
        seconds = int.from_bytes(signature.data[:8], "big")
        if seconds < 1 << 36 and witness.verify(
            _cosigned(signed.text, seconds), signature.data[8:]
        ):
            found.append(Cosigned(witness, dt.datetime.fromtimestamp(seconds, dt.UTC)))
    return found


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
