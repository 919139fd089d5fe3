"""Witnesses: they sign what grows, refuse forks and rollbacks, and remember across restarts."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from ledgers import ORIGIN, draft

from nacre_ledger import checkpoint, keys, witness
from nacre_ledger.errors import ChainError, LedgerError
from nacre_ledger.log import Ledger
from nacre_ledger.note import SignerKey, VerifierKey, parse_note
from nacre_ledger.witness import Witness


@pytest.fixture
def key(key_folder: Path) -> SignerKey:
    assert key_folder is not None
    return keys.create("witness.example/w1")


@pytest.fixture
def url(ledger: Ledger, key: SignerKey, tmp_path: Path) -> Iterator[str]:
    known = {ORIGIN: ledger.settings.log_key}
    running = witness.server(Witness(key, known, tmp_path / "witness.json"), "127.0.0.1", 0)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    thread.join()
    running.server_close()


def grow(ledger: Ledger, writer: SignerKey, note: str = "") -> None:
    ledger.record([draft(note=note + str(at)) for at in range(3)], writer)
    ledger.checkpoint(keys.load(ORIGIN))


def vouched(ledger: Ledger, key: VerifierKey) -> int:
    signed = ledger.checkpoint_note()
    assert signed is not None
    return len(checkpoint.cosignatures(signed, [key]))


def test_a_witness_cosigns_a_log_that_grows(
    ledger: Ledger, writer: SignerKey, url: str, key: SignerKey
) -> None:
    for _ in range(4):
        grow(ledger, writer)
        witness.ask(ledger, url, key.cosigner())
        assert vouched(ledger, key.cosigner()) == 1
        witness.ask(ledger, url)  # again: a fresh time, still one signature
        assert vouched(ledger, key.cosigner()) == 1


def test_cosignatures_may_come_as_a_file(
    ledger: Ledger, writer: SignerKey, url: str, key: SignerKey
) -> None:
    grow(ledger, writer)
    alone = str(ledger.checkpoint_note())
    witness.ask(ledger, url)
    cosigned = str(ledger.checkpoint_note())
    ledger.store.execute("UPDATE checkpoint SET note = ?", alone)
    assert vouched(ledger, key.cosigner()) == 0
    with pytest.raises(LedgerError, match="no witness has signed it anew"):
        witness.add(ledger, alone)
    with pytest.raises(ChainError, match="did not sign with"):
        witness.add(ledger, cosigned, SignerKey("other", bytes(32)).cosigner())
    with pytest.raises(LedgerError, match="no such checkpoint"):
        witness.add(ledger, cosigned.replace("\n3\n", "\n2\n", 1))
    assert [each.name for each in witness.add(ledger, cosigned, key.cosigner())] == [key.name]
    assert vouched(ledger, key.cosigner()) == 1
    (real,) = (each for each in parse_note(cosigned).signatures if each.name == key.name)
    junk = real._replace(data=bytes(len(real.data)))
    with pytest.raises(LedgerError, match="anew"):  # what is there does not give way to anything
        witness.add(ledger, str(parse_note(cosigned)._replace(signatures=(junk,))))
    assert vouched(ledger, key.cosigner()) == 1
    with pytest.raises(LedgerError, match="no such checkpoint"):
        witness.add(ledger, cosigned.replace("\n3\n", f"\n{10**19 - 1}\n", 1))


def test_a_witness_refuses_a_fork_and_a_rollback(
    ledger: Ledger, writer: SignerKey, url: str, tmp_path: Path
) -> None:
    import shutil

    grow(ledger, writer)
    ledger.store.wipe()
    shutil.copytree(ledger.folder, tmp_path / "copy")
    grow(ledger, writer)
    witness.ask(ledger, url)
    for path in (tmp_path / "keys").glob("*.checkpoint"):
        path.unlink()
    with Ledger(tmp_path / "copy") as copy:
        with pytest.raises(LedgerError, match="an old copy, or a fork"):
            witness.ask(copy, url)
        grow(copy, writer, "forked ")
        with pytest.raises(LedgerError, match="another log of this name"):
            witness.ask(copy, url)
        grow(copy, writer, "forked ")
        with pytest.raises(LedgerError, match="another log of this name"):
            witness.ask(copy, url)


def test_the_memory_of_a_witness_outlives_it(
    ledger: Ledger, writer: SignerKey, url: str, key: SignerKey, tmp_path: Path
) -> None:
    grow(ledger, writer)
    witness.ask(ledger, url)
    again = Witness(key, {}, tmp_path / "witness.json")
    head = again.head(ORIGIN)
    assert head is not None
    assert head.size == 3


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"old 0\n\nx", 400),
        (b"old x\n\n\xff", 400),
        (b"old 0\n" + b"AAAA\n" * 64 + b"\nx", 400),
    ],
)
def test_a_witness_answers_nonsense_with_400(
    ledger: Ledger, key: SignerKey, tmp_path: Path, body: bytes, status: int
) -> None:
    vouching = Witness(key, {ORIGIN: ledger.settings.log_key}, tmp_path / "w.json")
    assert vouching.add_checkpoint(body).status == status


def test_a_witness_knows_whom_it_knows(
    ledger: Ledger, writer: SignerKey, key: SignerKey, tmp_path: Path
) -> None:
    grow(ledger, writer)
    body = f"old 0\n\n{ledger.checkpoint_note()}".encode()
    assert Witness(key, {}, tmp_path / "a.json").add_checkpoint(body).status == 404
    strangers = {ORIGIN: key.verifier}
    assert Witness(key, strangers, tmp_path / "b.json").add_checkpoint(body).status == 403
    known = {ORIGIN: ledger.settings.log_key}
    assert Witness(key, known, tmp_path / "c.json").add_checkpoint(body).status == 200
    assert Witness(key, known, tmp_path / "c.json").add_checkpoint(body).text == "3\n"


def test_a_witness_that_is_not_there(ledger: Ledger, writer: SignerKey) -> None:
    from services import free_port

    grow(ledger, writer)
    with pytest.raises(ChainError, match="does not answer"):
        witness.ask(ledger, f"http://127.0.0.1:{free_port()}")
