"""Programs that others wrote check what we make: a witness, a COSE verifier, the EVM's specification, Vyper.

`make foreign` installs each in an environment of its own; they run as processes.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from ledgers import ORIGIN, draft
from services import SERVICES, free_port

from conftest import ROOT
from nacre_ledger import checkpoint, keys, note, witness
from nacre_ledger.chains.anchoring import Anchors
from nacre_ledger.errors import ChainError, LedgerError
from nacre_ledger.log import Ledger
from nacre_ledger.note import SignerKey
from nacre_ledger.proofs import receipt


def program(environment: str, name: str) -> str:
    if not (SERVICES / environment / "ready").exists():
        pytest.skip(f"the environment `{environment}` is not here; `make foreign` makes it")
    return str(SERVICES / environment / "bin" / name)


def grow(ledger: Ledger, writer: SignerKey, text: str = "") -> None:
    ledger.record([draft(note=text + str(at)) for at in range(5)], writer)
    ledger.checkpoint(keys.load(ORIGIN))


@contextlib.contextmanager
def foreign_witness(folder: Path, ledger: Ledger) -> Iterator[tuple[str, note.VerifierKey]]:
    """aics-witness on loopback, for one log; its URL and key."""
    command, port, config = program("witness", "aics-witness"), free_port(), str(folder / "w.json")

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [command, *arguments], check=True, capture_output=True, text=True, cwd=folder
        )
        return done.stdout.strip()

    listen = f"127.0.0.1:{port}"
    key = run("init", "--config", config, "--name", "witness.example/w1", "--listen", listen)
    run("add-log", "--config", config, "--origin", ORIGIN, "--vkey", ledger.settings.key)
    server = subprocess.Popen(
        [command, "serve", "--config", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://{listen}/healthz"):
                break
            time.sleep(0.05)
        yield f"http://{listen}", note.parse_verifier(key.splitlines()[-1])
    finally:
        server.terminate()
        server.wait(10)


def test_a_foreign_witness_cosigns_and_refuses_forks_and_rollbacks(
    ledger: Ledger, writer: SignerKey, tmp_path: Path
) -> None:
    import shutil

    (tmp_path / "w").mkdir()
    with foreign_witness(tmp_path / "w", ledger) as (url, key):
        grow(ledger, writer)
        ledger.store.wipe()
        shutil.copytree(ledger.folder, tmp_path / "copy")
        for _ in range(3):
            witness.ask(ledger, url, key)
            signed = ledger.checkpoint_note()
            assert signed is not None
            assert len(checkpoint.cosignatures(signed, [key])) == 1
            grow(ledger, writer)
        witness.ask(ledger, url, key)
        for path in (tmp_path / "keys").glob("*.checkpoint"):
            path.unlink()
        with Ledger(tmp_path / "copy") as copy:
            with pytest.raises(LedgerError, match="an old copy, or a fork"):
                witness.ask(copy, url, key)
            for _ in range(4):
                grow(copy, writer, "forked ")
            with pytest.raises((LedgerError, ChainError)):
                witness.ask(copy, url, key)
            signed = copy.checkpoint_note()
            assert signed is not None
            assert not checkpoint.cosignatures(signed, [key])


VERIFY = """
import json, sys
from scitt_cose import verify_receipt
given = json.load(sys.stdin)
for entry in given["entries"]:
    found = verify_receipt(
        bytes.fromhex(given["receipt"]), leaf_entry_hex=entry, log_public_key_pem=given["key"]
    )
    print(found.ok, found.root)
"""


def test_a_foreign_verifier_accepts_our_cose_receipt(ledger: Ledger, writer: SignerKey) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    grow(ledger, writer)
    key = Ed25519PublicKey.from_public_bytes(ledger.settings.log_key.public).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    given = {
        "receipt": receipt.make(ledger, 3, keys.load(ORIGIN)).hex(),
        "entries": [ledger.commitment(3).hex(), ledger.commitment(2).hex()],
        "key": key.decode(),
    }
    done = subprocess.run(
        [program("scitt", "python"), "-c", VERIFY],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )
    right, wrong = done.stdout.splitlines()
    assert right == f"True {ledger.root().hex()}"
    assert wrong.startswith("False")


def test_the_specification_of_the_evm_executes_our_chain_again(
    ledger: Ledger, writer: SignerKey
) -> None:
    import sqlite3

    interpreter = program("eels", "python")
    for _ in range(4):
        grow(ledger, writer)
        with Anchors(ledger) as anchors:
            anchors.anchor()
    with Anchors(ledger) as anchors:
        assert anchors.executed_again(interpreter) == []
    with sqlite3.connect(ledger.folder / "chain.sqlite") as db:
        db.execute("UPDATE funded SET address = ?", (b"\1" * 20,))
    db.close()
    with Anchors(ledger) as anchors:
        assert [each.code for each in anchors.executed_again(interpreter)] == ["LED-016"]


def test_the_contract_that_ships_is_what_its_source_compiles_to() -> None:
    source = ROOT / "ledger" / "contract" / "Anchor.vy"
    if not source.is_file():
        pytest.skip("the source of the contract is not beside the tests")
    command = [
        sys.executable,
        str(ROOT / "tools" / "make_contract.py"),
        program("vyper", "vyper"),
        "--check",
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stdout + done.stderr
