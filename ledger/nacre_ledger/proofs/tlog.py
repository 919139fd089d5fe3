"""C2SP tlog-proof files: one leaf under a cosigned checkpoint, in the form that other logs use.

The leaf itself is no part of the file. Here it is the commitment of an event, which stands in the
`extra` line, so that another verifier needs nothing else.
"""

import base64
import binascii
import re
from typing import NamedTuple

from nacre_ledger import checkpoint as checkpoints
from nacre_ledger import merkle, note
from nacre_ledger.errors import EventError, LedgerError
from nacre_ledger.log import Ledger
from nacre_ledger.merkle import leaf_hash
from nacre_ledger.note import VerifierKey

_HEAD = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


class TlogProof(NamedTuple):
    """The content of a file."""

    position: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def __str__(self) -> str:
        lines = [_HEAD]
        if self.extra is not None:
            lines.append(f"extra {base64.b64encode(self.extra).decode()}")
        lines += [
            f"index {self.position}",
            *(base64.b64encode(each).decode() for each in self.path),
        ]
        return "\n".join(lines) + f"\n\n{self.checkpoint}"

    def verify(self, leaf: bytes, key: VerifierKey) -> bool:
        """Whether a leaf hash stands under the checkpoint, and a log's key signed it."""
        signed = note.parse_note(self.checkpoint)
        head = checkpoints.parse(signed.text)
        return (
            head.origin == key.name
            and checkpoints.is_signed_by(signed, key)
            and merkle.verify_inclusion(leaf, self.position, head.size, self.path, head.root)
        )


def make(ledger: Ledger, position: int) -> TlogProof:
    """The proof of an entry under the last checkpoint.

    Raises:
        LedgerError: the entry is under no checkpoint, or erased.
    """
    signed = ledger.checkpoint_note()
    size = checkpoints.parse(signed.text).size if signed else 0
    if signed is None or position >= size:
        raise LedgerError(
            f"entry {position} is under no checkpoint yet", "`nacre ledger checkpoint` signs one"
        )
    path = merkle.inclusion_proof(position, size, ledger.tiles().node)
    return TlogProof(position, tuple(path), str(signed), ledger.commitment(position))


def parse(text: str) -> TlogProof:
    """A proof from its text.

    Raises:
        EventError: it is none.
    """
    head, blank, signed = text.partition("\n\n")
    lines = head.split("\n")
    extra = None
    try:
        if len(lines) > 1 and lines[1].startswith("extra "):
            extra = base64.b64decode(lines.pop(1)[6:], validate=True)
        index = _INDEX.fullmatch(lines[1]) if len(lines) > 1 else None
        path = tuple(base64.b64decode(each, validate=True) for each in lines[2:])
    except binascii.Error:
        index, path = None, ()
    if lines[0] != _HEAD or not blank or index is None or any(len(each) != 32 for each in path):
        raise EventError("the text is no tlog-proof file")
    checkpoints.parse(note.parse_note(signed).text)
    return TlogProof(int(index[1]), path, signed, extra)


def leaf_of(proof: TlogProof) -> bytes | None:
    """The leaf hash of the commitment that a file of ours carries."""
    return None if proof.extra is None else leaf_hash(proof.extra)
