"""From an event to its leaf: what the log, the chain and every proof see of it.

    commitment = SHA-256(salt ‖ bytes)                             bytes: RFC 8785 of the event
    commitment = SHA-256(2 ‖ SHA-256(salt ‖ bytes) ‖ field root)    where single fields can be disclosed
    leaf       = SHA-256(0 ‖ commitment)                           RFC 9162 §2.1.1

The salt is 32 random bytes, so that nobody can guess an event from its leaf; without salt and body the
leaf says nothing. The field root is SHA-256(3 ‖ number of fields ‖ root) of an RFC 9162 tree over the fields in the order
of their names, each hidden by a salt of its own, HMAC-SHA-256(salt, name). A writer signs the batch in which it submits
events: one Ed25519 signature over origin, writer key, number and the RFC 9162 root over their leaves.
"""

import base64
import hmac
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from nacre_ledger import merkle
from nacre_ledger.event import Event, canonical
from nacre_ledger.merkle import Tree, leaf_hash
from nacre_ledger.note import VerifierKey

SALT_SIZE = 32
_FIELDS, _COUNTED = b"\2", b"\3"
#: Parts whose members are fields of their own, such as `fields.temperature` and `twin.keyed`.
_MAPS = ("fields", "configuration", "twin")


def commitment(salt: bytes, body: bytes, field_root: bytes | None = None) -> bytes:
    """What stands for an event where the event itself must not be seen."""
    plain = sha256(salt + body).digest()
    return plain if field_root is None else with_fields(plain, field_root)


def with_fields(plain: bytes, field_root: bytes) -> bytes:
    """The commitment over the plain one and the field root."""
    return sha256(_FIELDS + plain + field_root).digest()


def twin_key(salt: bytes) -> bytes:
    """The key of the keyed twin digest of an event; it is gone when the salt is."""
    return hmac.digest(salt, b"nacre twin", "sha256")


# -- fields --------------------------------------------------------------------------------------


class FieldProof(NamedTuple):
    """One field of an event and what connects it with the field root."""

    name: str
    value: Any
    salt: bytes
    position: int
    size: int
    path: tuple[bytes, ...]

    def root(self) -> bytes | None:
        """The field root that the proof leads to."""
        leaf = _field_leaf(self.salt, self.name, self.value)
        found = merkle.root_from_path(leaf, self.position, self.size, self.path)
        return None if found is None else _counted(self.size, found)


def field_names(event: Event) -> list[str]:
    """The fields of an event that can be disclosed one by one, in their order in the tree."""
    return [name for name, _ in _fields(event)]


def field_of(fields: Mapping[str, Any], name: str) -> Any:
    """A field among those that are shown, one by one or as a whole event; `None` if it is not."""
    owner, _, member = name.partition(".")
    whole = fields.get(owner)
    return whole.get(member) if isinstance(whole, Mapping) else fields.get(name)


def field_root(event: Event, salt: bytes) -> bytes:
    """The root over the fields of an event."""
    tree = _field_tree(_fields(event), salt)
    return _counted(len(tree), tree.root())


def two_readings(
    event: Event, salt: bytes | None, body: bytes, root: bytes | None
) -> Iterator[str]:
    """In what the signed bytes of an event say something else than the event itself."""
    try:
        is_canonical = canonical(event) == body
        fits = root is None or salt is None or field_root(event, salt) == root
    except ValueError:  # an integer that RFC 8785 cannot hold
        is_canonical = fits = False
    if not is_canonical:
        yield "the bytes are not the canonical ones of the event"
    if not fits:
        yield "the fields under the field root are not those of the event"


def prove_field(event: Event, salt: bytes, name: str) -> FieldProof:
    """The proof of one field.

    Raises:
        KeyError: the event has no such field.
    """
    fields = _fields(event)
    index = next((at for at, each in enumerate(fields) if each[0] == name), None)
    if index is None:
        raise KeyError(name)
    path = tuple(_field_tree(fields, salt).inclusion_proof(index))
    return FieldProof(name, fields[index][1], _field_salt(salt, name), index, len(fields), path)


def _counted(size: int, root: bytes) -> bytes:
    """The field root: it names the number of fields, so that a proof holds at one place only."""
    return sha256(_COUNTED + size.to_bytes(4, "big") + root).digest()


def _fields(event: Event) -> list[tuple[str, Any]]:
    found: dict[str, Any] = {}
    for name, value in msgspec.to_builtins(event).items():
        if name in _MAPS:
            found.update((f"{name}.{key}", each) for key, each in value.items())
        else:
            found[name] = value
    return sorted(found.items())


def _field_tree(fields: Sequence[tuple[str, Any]], salt: bytes) -> Tree:
    leaves = (_field_leaf(_field_salt(salt, name), name, value) for name, value in fields)
    return Tree(b"".join(leaves))


def _field_salt(salt: bytes, name: str) -> bytes:
    return hmac.digest(salt, name.encode(), "sha256")


def _field_leaf(salt: bytes, name: str, value: Any) -> bytes:
    return leaf_hash(salt + canonical([name, value]))


# -- batches -------------------------------------------------------------------------------------


def batch_message(origin: str, writer: VerifierKey, size: int, root: bytes) -> bytes:
    """What a writer signs for a batch of events."""
    lines = ("nacre batch/v1", origin, str(writer), str(size), base64.b64encode(root).decode())
    return "".join(f"{line}\n" for line in lines).encode()
