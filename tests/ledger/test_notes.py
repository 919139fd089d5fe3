"""Signed notes and checkpoints, against the published vector of Go's note package."""

import datetime as dt

import pytest

from nacre_ledger import checkpoint, note
from nacre_ledger.checkpoint import Checkpoint
from nacre_ledger.errors import EventError
from nacre_ledger.note import SignerKey

# The example in the documentation of golang.org/x/mod/sumdb/note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6"
    "KE6RyyBwJnAM=\n"
)


def test_the_note_of_go_is_read_and_verified() -> None:
    key, signed = note.parse_verifier(GO_KEY), note.parse_note(GO_NOTE)
    assert str(key) == GO_KEY
    assert str(signed) == GO_NOTE
    signature = signed.of(key)
    assert signature is not None
    assert key.verify(signed.text.encode(), signature.data)
    assert not key.verify(signed.text.encode() + b".", signature.data)


def test_a_private_key_comes_back_from_its_text() -> None:
    key = SignerKey("example.com/log", b"\1" * 32)
    assert note.parse_signer(str(key)).verifier == key.verifier


@pytest.mark.parametrize(
    "text", ["", "a", "a+b", "a+00000000+AAAA", GO_KEY[:-4], GO_KEY.replace("c74f20a3", "c74f20a4")]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(EventError):
        note.parse_verifier(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text\n",
        "text\n\n",
        GO_NOTE[:-1],
        GO_NOTE.replace("\u2014", "-"),
        GO_NOTE + "\n",
        "\0" + GO_NOTE,
    ],
)
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(EventError):
        note.parse_note(text)


def test_a_checkpoint_is_signed_and_cosigned() -> None:
    log_key, witness = SignerKey("log.example", b"\1" * 32), SignerKey("w.example", b"\2" * 32)
    head = Checkpoint("log.example", 7, b"\3" * 32)
    signed = head.signed(log_key)
    assert checkpoint.parse(signed.text) == head
    assert checkpoint.is_signed_by(signed, log_key.verifier)
    time = dt.datetime(2026, 11, 21, 12, 0, 0, tzinfo=dt.UTC)
    cosigned = signed._replace(
        signatures=(*signed.signatures, checkpoint.cosign(signed.text, witness, time))
    )
    (found,) = checkpoint.cosignatures(note.parse_note(str(cosigned)), [witness.cosigner()])
    assert found.time == time
    later = cosigned._replace(text=Checkpoint("log.example", 8, b"\3" * 32).text)
    assert not checkpoint.cosignatures(later, [witness.cosigner()])
    assert not checkpoint.is_signed_by(later, log_key.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "a\n1\n",
        "a\n01\n" + "A" * 43 + "=\n",
        "a\n-1\n" + "A" * 43 + "=\n",
        "a\n1\nAAAA\n",
        "\n1\nA\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(EventError):
        checkpoint.parse(text)
