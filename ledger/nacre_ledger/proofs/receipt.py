"""COSE receipts of inclusion (RFC 9942; the tree is RFC9162_SHA256) for SCITT tools.

The statement is the commitment of an event; the payload is detached and is the root.
"""

import cbor2

from nacre_ledger import checkpoint as checkpoints
from nacre_ledger import merkle
from nacre_ledger.errors import LedgerError
from nacre_ledger.log import Ledger
from nacre_ledger.note import SignerKey

_ALGORITHM, _EDDSA = 1, -8
_VDS, _RFC9162_SHA256 = 395, 1
_VDP, _INCLUSION = 396, -1
_SIGN1 = 18


def make(ledger: Ledger, position: int, key: SignerKey) -> bytes:
    """The receipt of an entry under the last checkpoint, signed by the log's key.

    Raises:
        LedgerError: the entry is under no checkpoint, or the key is not the log's.
    """
    signed = ledger.checkpoint_note()
    head = checkpoints.parse(signed.text) if signed else None
    if head is None or position >= head.size:
        raise LedgerError(
            f"entry {position} is under no checkpoint yet", "`nacre ledger checkpoint` signs one"
        )
    if key.verifier != ledger.settings.log_key:
        raise LedgerError(f"`{key.name}` is not the key of this log")
    path = merkle.inclusion_proof(position, head.size, ledger.tiles().node)
    protected = cbor2.dumps({_ALGORITHM: _EDDSA, _VDS: _RFC9162_SHA256})
    proof = cbor2.dumps([head.size, position, path])
    signature = key.sign(cbor2.dumps(["Signature1", protected, b"", head.root]))
    content = [protected, {_VDP: {_INCLUSION: [proof]}}, None, signature]
    return cbor2.dumps(cbor2.CBORTag(_SIGN1, content))
