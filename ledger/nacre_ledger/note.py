"""Signed notes and their Ed25519 keys, as C2SP signed-note specifies them.

A note is text that ends with a line feed, a blank line, and signature lines
`— NAME BASE64(key id ‖ signature)`. A verifier key reads `NAME+HEX(key id)+BASE64(type ‖ public key)`.
"""

import base64
import binascii
import re
from hashlib import sha256
from typing import NamedTuple

from nacre_ledger.errors import EventError

#: Signature types: of the log itself, and of a witness with its time (C2SP tlog-cosignature).
ED25519, COSIGNATURE = 0x01, 0x04
_DASH = "\u2014"
_SIGNATURE = re.compile(rf"{_DASH} ([^ +\s]+) ([A-Za-z0-9+/=]+)")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f]")


class VerifierKey(NamedTuple):
    """The public half of a named key."""

    name: str
    public: bytes
    type: int = ED25519

    @property
    def id(self) -> bytes:
        """The four bytes that tell keys of one name apart."""
        return key_id(self.name, self.type, self.public)

    @property
    def fingerprint(self) -> str:
        """How the key is named where people read it: `SHA256:` and the digest of the public key."""
        return fingerprint(self.public)

    def __str__(self) -> str:
        data = base64.b64encode(bytes([self.type]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{data}"

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether the key made a signature of a message."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


class SignerKey:
    """A named private key."""

    def __init__(self, name: str, seed: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self._seed = seed
        self.verifier = VerifierKey(name, self._private.public_key().public_bytes_raw())

    @property
    def name(self) -> str:
        """The name of the key."""
        return self.verifier.name

    def sign(self, message: bytes) -> bytes:
        """The signature of a message, 64 bytes."""
        return self._private.sign(message)

    def cosigner(self) -> VerifierKey:
        """The key as one of a witness."""
        return self.verifier._replace(type=COSIGNATURE)

    def __str__(self) -> str:
        data = base64.b64encode(bytes([ED25519]) + self._seed).decode()
        return f"PRIVATE+KEY+{self.name}+{self.verifier.id.hex()}+{data}"

    def __repr__(self) -> str:
        return f"SignerKey({self.verifier})"


class Signature(NamedTuple):
    """A signature line: who signed, with which key, and the bytes."""

    name: str
    key_id: bytes
    data: bytes

    def __str__(self) -> str:
        return f"{_DASH} {self.name} {base64.b64encode(self.key_id + self.data).decode()}"


class Note(NamedTuple):
    """A text, which ends with a line feed, and its signatures."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def __str__(self) -> str:
        return f"{self.text}\n" + "".join(f"{each}\n" for each in self.signatures)

    def of(self, key: VerifierKey) -> Signature | None:
        """The signature that a key is said to have made; it is not verified."""
        return next(
            (each for each in self.signatures if each.name == key.name and each.key_id == key.id),
            None,
        )


def key_id(name: str, type_: int, public: bytes) -> bytes:
    """The first four bytes of SHA-256 over name, line feed, type and public key."""
    return sha256(name.encode() + b"\n" + bytes([type_]) + public).digest()[:4]


def fingerprint(public: bytes) -> str:
    """`SHA256:` and the digest of a public key in base64 without padding, as OpenSSH writes it."""
    return "SHA256:" + base64.b64encode(sha256(public).digest()).decode().rstrip("=")


def is_key_name(name: str) -> bool:
    """Whether a key or an origin may be called so: not empty, no white space, no plus sign."""
    return bool(name) and "+" not in name and not any(map(str.isspace, name)) and name.isprintable()


def parse_verifier(text: str) -> VerifierKey:
    """A verifier key from its text.

    Raises:
        EventError: it is none, or its key id is not the one of its content.
    """
    name, _, rest = text.strip().partition("+")
    identifier, _, data = rest.partition("+")
    try:
        content = base64.b64decode(data, validate=True)
        key = VerifierKey(name, content[1:], content[0])
        fits = key.id == bytes.fromhex(identifier)
    except (ValueError, IndexError):
        raise EventError(f"`{text[:80]}` is no verifier key", _KEY_HINT) from None
    if len(key.public) != 32 or key.type not in (ED25519, COSIGNATURE) or not is_key_name(name):
        raise EventError(f"`{text[:80]}` is no Ed25519 key", _KEY_HINT)
    if not fits:
        raise EventError(f"the key id of `{text[:80]}` does not fit the key", "copy the whole key")
    if str(key) != text.strip():  # or one key could stand there as two
        raise EventError(f"`{text[:80]}` is not as keys are written", f"it is {key}")
    return key


def parse_signer(text: str) -> SignerKey:
    """A private key from its text.

    Raises:
        EventError: it is none.
    """
    try:
        head, _, rest = text.strip().partition("PRIVATE+KEY+")
        name, identifier, data = rest.split("+", 2)
        content = base64.b64decode(data, validate=True)
        key = SignerKey(name, content[1:])
    except (ValueError, IndexError):
        raise EventError("the file holds no private key") from None
    if head or content[0] != ED25519 or key.verifier.id.hex() != identifier:
        raise EventError("the file holds no private key")
    return key


def parse_note(text: str) -> Note:
    """A signed note from its text.

    Raises:
        EventError: it is none.
    """
    body, blank, rest = text.rpartition("\n\n")
    if not blank or not rest.endswith("\n") or _CONTROL.search(text):
        raise EventError("the text is no signed note", "it ends with a blank line and signatures")
    signatures = []
    for line in rest[:-1].split("\n"):
        match = _SIGNATURE.fullmatch(line)
        try:
            data = base64.b64decode(match[2], validate=True) if match else b""
        except binascii.Error:
            data = b""
        if match is None or len(data) < 5:
            raise EventError(f"`{line[:80]}` is no signature line of a note")
        signatures.append(Signature(match[1], data[:4], data[4:]))
    return Note(body + "\n", tuple(signatures))


def sign(text: str, key: SignerKey) -> Note:
    """A note with one signature."""
    verifier = key.verifier
    return Note(text, (Signature(key.name, verifier.id, key.sign(text.encode())),))


_KEY_HINT = "it reads NAME+8 hexadecimal digits+base64, as `nacre ledger keys list` prints it"
