"""Witnesses (C2SP tlog-witness): ask one to cosign a checkpoint, or be one.

A witness remembers one head per log and signs a new one only with a proof that it continues it. That
memory, kept by somebody else, is what a log's own operator cannot rewrite.
"""

import base64
import binascii
import datetime as dt
import http.client
import http.server
import json
import os
import re
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Collection, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

from nacre_ledger import checkpoint as checkpoints
from nacre_ledger import merkle, note
from nacre_ledger.checkpoint import Checkpoint
from nacre_ledger.errors import ChainError, EventError, LedgerError, StoreError
from nacre_ledger.log import Ledger
from nacre_ledger.note import Note, Signature, SignerKey, VerifierKey

_PATH = "/add-checkpoint"
_LIMIT = 1 << 20
#: A time in 8 bytes, and an Ed25519 signature (C2SP tlog-cosignature).
_COSIGNATURE_SIZE = 72
_SIZE_TYPE = "text/x.tlog.size"
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")
_SIZE = re.compile("[0-9]{1,19}")


# -- asking ----------------------------------------------------------------------------------------


def ask(ledger: Ledger, url: str, key: VerifierKey | None = None) -> list[Signature]:
    """Have a witness cosign the last checkpoint, and keep its signatures.

    With a `key` only a signature of it counts.

    Raises:
        LedgerError: there is no checkpoint, or the witness refuses it: it has seen another log.
        ChainError: the witness does not answer, or answers something else.
    """
    signed = ledger.checkpoint_note()
    if signed is None:
        raise LedgerError("there is no checkpoint", "`nacre ledger checkpoint` signs one")
    head = checkpoints.parse(signed.text)
    old, status, text = 0, 0, ""
    for _ in range(3):
        status, kind, text = _post(url, _request(ledger, old, head, signed))
        if status == HTTPStatus.OK:
            return _kept(ledger, head, signed, text, key)
        if status != HTTPStatus.CONFLICT or kind != _SIZE_TYPE or not _SIZE.fullmatch(text.strip()):
            break
        old = int(text.strip())
        if old > head.size:
            raise LedgerError(
                f"the witness has seen {old} entries of this log, and it has {head.size}: it is an old "
                "copy, or a fork",
                "keep both copies; `nacre ledger query compare` names the first entry that differs",
            )
    if status in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY):
        raise LedgerError(
            "the witness has seen another log of this name: this one is not a continuation of it",
            "keep this copy; ask the witness for what it has seen",
        )
    reasons = {403: "it does not trust the key of the log", 404: "it does not know the log"}
    said = reasons.get(status, text.strip()[:200])
    raise ChainError(f"the witness `{url}` refuses ({status}): {said}")


def add(ledger: Ledger, text: str, key: VerifierKey | None = None) -> list[Signature]:
    """Keep the cosignatures of a witness that came as a text: a checkpoint of the log, signed by more.

    With a `key` only a signature of it counts; without, no cosignature that is there gives way to another.

    Raises:
        EventError: the text is no signed note.
        LedgerError: the log has no such checkpoint, or no witness signed it.
    """
    given = note.parse_note(text)
    head = checkpoints.parse(given.text)
    signed = ledger.checkpoint_note(head.size) if head.size <= ledger.size() else None
    if signed is None or signed.text != given.text:
        raise LedgerError(
            f"the log has signed no such checkpoint of {head.size} entries",
            "`nacre verify FILE` compares a checkpoint with what you trust",
        )
    known = {(each.name, each.key_id) for each in signed.signatures} if key is None else set()
    return _kept(ledger, head, signed, text.rpartition("\n\n")[2], key, known)


def _request(ledger: Ledger, old: int, head: Checkpoint, signed: Note) -> bytes:
    proof = merkle.consistency_proof(old, head.size, ledger.tiles().node)
    lines = [f"old {old}", *(base64.b64encode(each).decode() for each in proof), "", str(signed)]
    return "\n".join(lines).encode()


def _post(url: str, body: bytes) -> tuple[int, str, str]:
    if not url.startswith(("http://", "https://")):
        raise ChainError(f"`{url}` is no HTTP URL")
    request = urllib.request.Request(url.rstrip("/") + _PATH, body, method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - checked above
            kind = answer.headers.get_content_type()
            return answer.status, kind, answer.read(_LIMIT).decode()
    except urllib.error.HTTPError as error:
        return (
            error.code,
            error.headers.get_content_type(),
            error.read(_LIMIT).decode("utf-8", "replace"),
        )
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise ChainError(f"the witness `{url}` does not answer: {error}") from None


def _kept(
    ledger: Ledger,
    head: Checkpoint,
    signed: Note,
    text: str,
    key: VerifierKey | None,
    known: Collection[tuple[str, bytes]] = (),
) -> list[Signature]:
    """The cosignatures in a text, put onto a checkpoint; those of `known` keys are passed over."""
    try:
        answer = note.parse_note(f"{signed.text}\n{text}")
    except EventError:
        raise ChainError("the witness answers no signature") from None
    signatures = [
        each
        for each in answer.signatures
        if len(each.data) == _COSIGNATURE_SIZE and (each.name, each.key_id) not in known
    ]
    if not signatures:
        raise LedgerError("no witness has signed it anew", "a cosignature says when it was made")
    if key is not None:
        if not checkpoints.cosignatures(answer, [key]):
            raise ChainError(f"the witness did not sign with `{key.name}`")
        signatures = [each for each in signatures if each.key_id == key.id]
    ledger.add_signatures(head.size, signatures)
    return signatures


# -- being one -------------------------------------------------------------------------------------


class Answer(NamedTuple):
    """A status and a body."""

    status: int
    text: str
    kind: str = "text/plain"


class Witness:
    """A witness with its key, the logs that it knows, and its memory of their heads in one file.

    Raises:
        StoreError: the file cannot be read.
    """

    def __init__(self, key: SignerKey, logs: Mapping[str, VerifierKey], memory: Path) -> None:
        self.key = key
        self.logs = logs
        self._memory = memory
        self._lock = threading.Lock()
        try:
            self._heads: dict[str, str] = (
                json.loads(memory.read_text("utf-8")) if memory.exists() else {}
            )
        except (OSError, ValueError) as error:
            raise StoreError(f"`{memory}`: {error}") from None

    def head(self, origin: str) -> Checkpoint | None:
        """The last head of a log that was cosigned."""
        text = self._heads.get(origin)
        return checkpoints.parse(text) if text else None

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer the request `add-checkpoint`."""
        try:
            head, _, text = body.decode().partition("\n\n")
            first, *proof_lines = head.split("\n")
            match = _OLD.fullmatch(first)
            proof = [base64.b64decode(line, validate=True) for line in proof_lines]
            signed = note.parse_note(text)
            new = checkpoints.parse(signed.text)
        except (UnicodeDecodeError, binascii.Error, EventError) as error:
            return Answer(HTTPStatus.BAD_REQUEST, f"{error}\n")
        if match is None or len(proof) > 63:
            return Answer(HTTPStatus.BAD_REQUEST, "the first line is `old SIZE`\n")
        log_key = self.logs.get(new.origin)
        if log_key is None:
            return Answer(HTTPStatus.NOT_FOUND, "unknown log\n")
        if not checkpoints.is_signed_by(signed, log_key):
            return Answer(HTTPStatus.FORBIDDEN, "not signed by the log\n")
        with self._lock:
            return self._add(int(match[1]), proof, new, signed.text)

    def _add(self, old: int, proof: list[bytes], new: Checkpoint, text: str) -> Answer:
        if old > new.size:
            return Answer(HTTPStatus.BAD_REQUEST, "the old size is larger\n")
        known = self.head(new.origin)
        size = known.size if known else 0
        if old != size:
            return Answer(HTTPStatus.CONFLICT, f"{size}\n", _SIZE_TYPE)
        root = known.root if known else merkle.EMPTY_ROOT
        if old == new.size and root != new.root:
            return Answer(HTTPStatus.CONFLICT, "another root for this size\n")
        if not (old == 0 and not proof) and not merkle.verify_consistency(
            old, new.size, root, new.root, proof
        ):
            return Answer(HTTPStatus.UNPROCESSABLE_ENTITY, "the proof does not hold\n")
        self._remember(new.origin, text)
        signature = checkpoints.cosign(text, self.key, dt.datetime.now(dt.UTC))
        return Answer(HTTPStatus.OK, f"{signature}\n")

    def _remember(self, origin: str, text: str) -> None:
        """Keep a head durably: before the answer, whole or not at all."""
        heads = {**self._heads, origin: text}
        handle, temporary = tempfile.mkstemp(dir=self._memory.parent, prefix=".witness-")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(heads, stream)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(self._memory)
        self._heads = heads


def server(witness: Witness, host: str, port: int) -> http.server.ThreadingHTTPServer:
    """An HTTP server for a witness; port 0 takes a free one. The caller runs and closes it."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != _PATH or not _SIZE.fullmatch(length) or int(length) > _LIMIT:
                self._answer(Answer(HTTPStatus.NOT_FOUND, "POST /add-checkpoint\n"))
                return
            self._answer(witness.add_checkpoint(self.rfile.read(int(length))))

        def _answer(self, answer: Answer) -> None:
            data = answer.text.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

    return http.server.ThreadingHTTPServer((host, port), Handler)
