"""Anchoring, the same on the embedded chain and on an anvil node: nothing lost, nothing twice."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledgers import ORIGIN, draft, move_to_chain
from services import free_port, rpc, running_anvil
from web3 import Web3

from nacre_ledger import keys, merkle, rules, verification
from nacre_ledger.chains import anchoring
from nacre_ledger.chains.anchoring import ATTESTOR, FINAL, MINED, Anchors
from nacre_ledger.chains.embedded import EmbeddedProvider
from nacre_ledger.errors import ChainError, LedgerError
from nacre_ledger.log import Ledger
from nacre_ledger.merkle import Tree, leaf_hash
from nacre_ledger.note import SignerKey
from nacre_ledger.trust import Chain, Log, Trust


def grow(ledger: Ledger, writer: SignerKey, count: int = 3) -> None:
    ledger.record([draft(note=str(at)) for at in range(count)], writer)
    ledger.checkpoint(keys.load(ORIGIN))


def sealed_only(anchors: Anchors, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seal an anchor and lose the power before it is sent."""
    anchors.deploy()
    with monkeypatch.context() as killed:
        killed.setattr(Anchors, "settle", lambda _: None)
        anchors.anchor()


def test_every_checkpoint_is_anchored_once(on_chain: Ledger, writer: SignerKey) -> None:
    with Anchors(on_chain) as anchors:
        for count in (1, 5, 300):
            grow(on_chain, writer, count)
            anchors.anchor()
            anchors.anchor()
        rows = anchoring.anchors(on_chain)
        assert [each.size for each in rows] == [1, 6, 306]
        assert {each.state for each in rows} == {FINAL}
        assert [event["args"]["size"] for event in anchors.events()] == [1, 6, 306]
        assert anchors.head()[:3] == (3, 306, on_chain.root())
        assert anchors.findings() == []


def test_what_was_sealed_and_never_sent_is_sent_later(
    on_chain: Ledger, writer: SignerKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(on_chain, writer)
    with Anchors(on_chain) as anchors:
        sealed_only(anchors, monkeypatch)
        (row,) = anchoring.anchors(on_chain)
        assert row.state == "sealed"
        assert anchors.head().size == 0
    with Anchors(on_chain) as anchors:
        (again,) = anchors.anchor()
        assert again.raw == row.raw
        assert again.state == FINAL
        assert len(anchors.events()) == 1


def test_what_was_sent_and_never_noted_is_not_sent_twice(
    on_chain: Ledger, writer: SignerKey
) -> None:
    grow(on_chain, writer)
    with Anchors(on_chain) as anchors:
        anchors.anchor()
        on_chain.store.execute("UPDATE anchor SET state = 'sealed', block = NULL")
        (row,) = anchors.anchor()
        assert row.state == FINAL
        assert len(anchors.events()) == 1


def test_a_nonce_that_is_taken_is_signed_again(
    on_chain: Ledger, writer: SignerKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(on_chain, writer)
    with Anchors(on_chain) as anchors:
        sealed_only(anchors, monkeypatch)
        anchors.set_role("0x" + "11" * 20, ATTESTOR, allowed=True)  # takes the nonce
        (row,) = anchors.anchor()
        assert row.state == FINAL
        assert len(anchors.events()) == 1


def test_a_second_copy_is_noticed(on_chain: Ledger, writer: SignerKey, tmp_path: Path) -> None:
    import shutil

    grow(on_chain, writer)
    with Anchors(on_chain) as anchors:
        anchors.anchor()
    on_chain.store.wipe()
    shutil.copytree(on_chain.folder, tmp_path / "copy")
    grow(on_chain, writer)
    with Anchors(on_chain) as anchors:
        anchors.anchor()
    for path in (tmp_path / "keys").glob("*.checkpoint"):
        path.unlink()  # or the key itself would refuse
    with Ledger(tmp_path / "copy") as copy:
        if on_chain.settings.chain == "embedded":
            shutil.copy(on_chain.folder / "chain.sqlite", copy.folder / "chain.sqlite")
        with Anchors(copy) as anchors:
            with pytest.raises(LedgerError, match="old copy"):
                anchors.anchor()
            grow(copy, writer, 4)
            with pytest.raises(LedgerError, match="a second copy of the ledger was used"):
                anchors.anchor()
            assert [each.code for each in anchors.findings()] == ["LED-009"]


def test_an_older_chain_gets_what_it_lacks_again(ledger: Ledger, writer: SignerKey) -> None:
    import shutil

    grow(ledger, writer)
    with Anchors(ledger) as anchors:
        anchors.anchor()
    path = ledger.folder / "chain.sqlite"
    shutil.copy(path, path.with_name("old"))
    grow(ledger, writer)
    with Anchors(ledger) as anchors:
        anchors.anchor()
    shutil.copy(path.with_name("old"), path)
    with Anchors(ledger) as anchors:
        assert "LED-018" in [each.code for each in anchors.findings()]
        assert {each.state for each in anchors.anchor()} == {FINAL}
        assert anchors.findings() == []
    path.unlink()
    with pytest.raises(ChainError, match="is missing"), Anchors(ledger):
        pass


@pytest.mark.parametrize("column", ["sequence", "block", "block_hash"])
def test_a_changed_anchor_is_noticed(on_chain: Ledger, writer: SignerKey, column: str) -> None:
    grow(on_chain, writer)
    with Anchors(on_chain) as anchors:
        anchors.anchor()
        value: object = b"x" if column == "block_hash" else 77
        on_chain.store.execute(f"UPDATE anchor SET {column} = ?", value)
        assert [each.code for each in anchors.findings()] == ["LED-009"]


@pytest.mark.parametrize("name", ["contract", "contract-block", "log-id"])
def test_settings_of_the_chain_that_make_no_sense_are_said(
    ledger: Ledger, writer: SignerKey, name: str
) -> None:
    grow(ledger, writer)
    with Anchors(ledger) as anchors:
        anchors.anchor()
        ledger.store.set(name, "junk")
        with pytest.raises(ChainError):
            anchors.findings()


def test_a_rewritten_log_does_not_fit_its_anchors(on_chain: Ledger, writer: SignerKey) -> None:
    grow(on_chain, writer)
    with Anchors(on_chain) as anchors:
        anchors.anchor()
    on_chain.store.execute("UPDATE anchor SET root = ?", b"\0" * 32)
    codes = [each.code for each in verification.verify(on_chain).findings]
    assert codes == ["LED-009"]


def test_a_demanded_attestation(on_chain: Ledger, writer: SignerKey) -> None:
    path = on_chain.folder / "ledger.toml"
    path.write_text(path.read_text("utf-8") + "", "utf-8")
    text = path.read_text("utf-8").replace(
        "attested-checkpoints = false", "attested-checkpoints = true"
    )
    path.write_text(text, "utf-8")
    with Ledger(on_chain.folder) as ledger, Anchors(ledger) as anchors:
        grow(ledger, writer)
        with pytest.raises(LedgerError, match="only with an attestation"):
            anchors.anchor()
        stranger = keys.chain_key("stranger")
        with pytest.raises(LedgerError, match="not-attested"):
            anchors.anchor(stranger)
        anchors.set_role(anchoring.account_of("quality"), ATTESTOR, allowed=True)
        assert anchors.anchor(keys.chain_key("quality"))[-1].state == FINAL
        anchors.set_role(anchoring.account_of("quality"), ATTESTOR, allowed=False)
        grow(ledger, writer)
        with pytest.raises(LedgerError, match="not-attested"):
            anchors.anchor(keys.chain_key("quality"))


def test_a_writer_without_the_role_is_refused(on_chain: Ledger, writer: SignerKey) -> None:
    grow(on_chain, writer)
    with Anchors(on_chain) as anchors:
        anchors.deploy()
        anchors.set_role(anchors.account, anchoring.WRITER, allowed=False)
        with pytest.raises(LedgerError, match="not-writer"):
            anchors.anchor()
        anchors.set_role(anchors.account, anchoring.WRITER, allowed=True)
        assert anchors.anchor()[-1].state == FINAL


def test_a_chain_that_the_trust_file_does_not_name(on_chain: Ledger, writer: SignerKey) -> None:
    from nacre_ledger.settings import Policy
    from nacre_ledger.trust import Chain, Log, Trust

    grow(on_chain, writer)
    with Anchors(on_chain) as anchors:
        anchors.anchor()
        log = Log(on_chain.origin, (on_chain.settings.key,))
        wanted = Trust(1, log, policy=Policy(attested_checkpoints=True))
        (found,) = anchors.findings(wanted)
        assert found.code == rules.NOT_ATTESTED.code
        own = {
            "id": anchors.chain_id(),
            "contract": anchors.contract,
            "code_hash": anchors.code_hash(),
        }

        def codes(**changed: object) -> list[str]:
            known = Trust(1, Log(ORIGIN, ()), chain=Chain(**{**own, **changed}))
            return [each.code for each in anchors.findings(known)]

        assert codes() == []
        for other in ({"id": 1}, {"contract": "0x" + "1" * 40}, {"code_hash": "0" * 64}):
            assert codes(**other) == ["LED-009"]


def test_a_node_that_is_down_and_back(ledger: Ledger, writer: SignerKey, tmp_path: Path) -> None:
    port = free_port()
    state = str(tmp_path / "anvil-state")
    move_to_chain(ledger, f"http://127.0.0.1:{port}")
    grow(ledger, writer)
    with Ledger(ledger.folder) as opened:
        with running_anvil("--state", state, port=port) as url:
            rpc(url, "anvil_setBalance", anchoring.account_of(ORIGIN), hex(10**20))
            with Anchors(opened) as anchors:
                anchors.anchor()
        grow(opened, writer)
        with pytest.raises(ChainError, match="does not answer"), Anchors(opened) as anchors:
            anchors.anchor()
        with running_anvil("--state", state, port=port), Anchors(opened) as anchors:
            assert [each.size for each in anchors.anchor()] == [3, 6]


def test_three_blocks_that_are_reorganised_away(ledger: Ledger, writer: SignerKey) -> None:
    with running_anvil() as url:
        rpc(url, "anvil_setBalance", anchoring.account_of(ORIGIN), hex(10**20))
        move_to_chain(ledger, url)
        path = ledger.folder / "ledger.toml"
        text = path.read_text("utf-8")
        path.write_text(text.replace("[policy]", "finality = 5\n\n[policy]", 1), "utf-8")
        with Ledger(ledger.folder) as opened, Anchors(opened) as anchors:
            for _ in range(3):
                grow(opened, writer)
                anchors.anchor()
            assert {each.state for each in anchoring.anchors(opened)} == {MINED}
            before = [each.raw for each in anchoring.anchors(opened)]
            rpc(url, "anvil_reorg", 3, [])
            assert anchors.head().size == 0
            anchors.anchor()
            rpc(url, "anvil_mine", "0x8")
            rows = anchors.anchor()
            assert [each.raw for each in rows] == before
            assert {each.state for each in rows} == {FINAL}
            assert [event["args"]["size"] for event in anchors.events()] == [3, 6, 9]


# -- the contract ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """The contract on an embedded chain of its own."""
    from eth_account import Account

    account = Account.from_key(b"\1" * 32)
    path = tmp_path_factory.mktemp("chain") / "chain.sqlite"
    provider = EmbeddedProvider(path, (bytes.fromhex(account.address[2:]),))
    web3 = Web3(provider)
    factory = web3.eth.contract(
        abi=anchoring.interface()["abi"], bytecode=anchoring.interface()["bytecode"]
    )
    transaction = factory.constructor().build_transaction(
        {"from": account.address, "nonce": 0, "gas": 2_500_000, "gasPrice": 100, "chainId": 78671}
    )
    raw = account.sign_transaction(transaction).raw_transaction
    receipt = web3.eth.wait_for_transaction_receipt(web3.eth.send_raw_transaction(raw))
    yield web3.eth.contract(address=receipt["contractAddress"], abi=anchoring.interface()["abi"])
    provider.close()


def tree_of(count: int) -> Tree:
    return Tree(b"".join(leaf_hash(number.to_bytes(4, "big")) for number in range(count)))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_contract_judges_growth_as_python_does(contract: object, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 120))
    old = data.draw(st.integers(0, size + 1))
    tree, before = tree_of(size), tree_of(min(old, size))
    path = merkle.consistency_proof(min(old, size), size, tree.node)
    mutated = data.draw(st.sampled_from(["good", "flip", "drop", "add", "swap", "root"]))
    root = tree.root()
    if mutated == "flip" and path:
        path[data.draw(st.integers(0, len(path) - 1))] = b"\7" * 32
    elif mutated == "drop":
        path = path[:-1]
    elif mutated == "add":
        path = [*path, b"\7" * 32]
    elif mutated == "swap":
        path = path[::-1]
    elif mutated == "root":
        root = b"\7" * 32
    expected = (old == 0 and not path) or merkle.verify_consistency(
        old, size, before.root(), root, path
    )
    found = contract.functions.grows(old, before.root(), size, root, path).call()  # type: ignore[attr-defined]
    assert found == expected


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 90), st.data())
def test_the_contract_judges_inclusion_as_python_does(
    contract: object, size: int, data: st.DataObject
) -> None:
    tree = tree_of(size)
    index = data.draw(st.integers(0, size - 1))
    path = tree.inclusion_proof(index)
    claimed = data.draw(st.integers(0, size))
    expected = merkle.verify_inclusion(tree.node(0, index), claimed, size, path, tree.root())
    call = contract.functions.includes(tree.node(0, index), claimed, size, tree.root(), path)  # type: ignore[attr-defined]
    assert call.call() == expected


def test_the_chain_survives_reopening_and_names_a_broken_block(
    ledger: Ledger, writer: SignerKey
) -> None:
    import sqlite3

    grow(ledger, writer)
    with Anchors(ledger) as anchors:
        anchors.anchor()
        head = anchors._web3.eth.get_block("latest")
    path = ledger.folder / "chain.sqlite"
    with Anchors(ledger) as anchors:
        assert anchors._web3.eth.get_block("latest") == head
        assert anchors.findings() == []
    with sqlite3.connect(path) as db:
        key = db.execute(
            "SELECT value FROM node WHERE key = ?", (bytes(head["parentHash"]),)
        ).fetchone()
        changed = key[0][:-1] + bytes([key[0][-1] ^ 1])
        db.execute("UPDATE node SET value = ? WHERE key = ?", (changed, bytes(head["parentHash"])))
    db.close()
    with Anchors(ledger) as anchors:
        assert "LED-016" in [each.code for each in anchors.findings()]


def test_the_shipped_contract_names_its_compiler() -> None:
    found = anchoring.interface()
    assert found["compiler"] == "vyper 0.4.3"
    assert {each["name"] for each in found["abi"] if each["type"] == "function"} >= {
        "anchor",
        "head",
    }


def test_every_flipped_bit_in_the_file_of_the_chain_is_found(
    ledger: Ledger, writer: SignerKey
) -> None:
    """Records under their hashes, pointers to blocks and transactions, and the table of logs."""
    path = ledger.folder / "chain.sqlite"
    ledger.record([draft()], writer)
    ledger.checkpoint(keys.load(ORIGIN))
    with Anchors(ledger) as opened:
        assert [each.code for each in opened.findings()] == [
            "LED-018"
        ]  # nothing but the first block
        opened.anchor()
        assert opened.findings() == []
    with sqlite3.connect(path) as db:
        rows = db.execute("SELECT key, value FROM node WHERE LENGTH(value) > 0").fetchall()
        logs = db.execute("SELECT * FROM log").fetchall()
    db.close()
    assert len(rows) > 40
    assert logs
    for key, value in rows:
        bad = value[: len(value) // 2] + bytes([value[len(value) // 2] ^ 1])
        bad += value[len(value) // 2 + 1 :]
        assert changed(path, "UPDATE node SET value = ? WHERE key = ?", bad, key, value), key
    for column in ("transaction_hash", "address", "topics", "data"):
        with sqlite3.connect(path) as db:
            db.execute(f"UPDATE log SET {column} = x'00' WHERE position = 0 AND block = 2")
        db.close()
        provider = EmbeddedProvider(path)
        assert list(provider.problems())
        provider.close()
        with sqlite3.connect(path) as db:
            db.execute("DELETE FROM log")
            db.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?)", logs)
        db.close()


def changed(path: Path, sql: str, bad: bytes, key: bytes, good: bytes) -> bool:
    """Whether a change is found; the file is as it was afterwards."""
    with sqlite3.connect(path) as db:
        db.execute(sql, (bad, key))
    provider = EmbeddedProvider(path)
    try:
        return bool(list(provider.problems()))
    finally:
        provider.close()
        with sqlite3.connect(path) as db:
            db.execute(sql, (good, key))
        db.close()


def test_a_set_up_that_was_ended_half_way_is_finished(
    on_chain: Ledger, writer: SignerKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The contract is there, and the log was not opened in it yet."""

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    grow(on_chain, writer)
    with Anchors(on_chain) as anchors:
        with monkeypatch.context() as patched:
            patched.setattr(anchors, "_functions", killed)
            with pytest.raises(KeyboardInterrupt):
                anchors.deploy()
        assert on_chain.store.setting("contract") is not None
        assert on_chain.store.setting("log-id") is None
    with Anchors(on_chain) as anchors:
        anchors.anchor()
        assert anchors.head().size == 3
        assert anchors.findings() == []


def test_what_a_damaged_chain_would_answer_means_nothing(ledger: Ledger, writer: SignerKey) -> None:
    path = ledger.folder / "chain.sqlite"
    ledger.record([draft()], writer)
    ledger.checkpoint(keys.load(ORIGIN))
    with Anchors(ledger) as opened:
        opened.anchor()
    with sqlite3.connect(path) as db:
        rows = db.execute("SELECT key, value FROM node WHERE LENGTH(value) > 0").fetchall()
    db.close()
    for key, value in rows[::9]:
        for sql, *values in (
            ("UPDATE node SET value = ? WHERE key = ?", bytes([value[0] ^ 1]) + value[1:], key),
            ("UPDATE node SET value = ? WHERE key = ?", value, key),
        ):
            with sqlite3.connect(path) as db:
                db.execute(sql, values)
            db.close()
            with Anchors(ledger) as opened:
                found = {each.code for each in opened.findings()}
            assert found == ({"LED-016"} if values[0] != value else set()), key


def test_a_place_without_a_contract_is_open_and_no_excuse(
    ledger: Ledger, writer: SignerKey
) -> None:
    ledger.record([draft()], writer)
    ledger.checkpoint(keys.load(ORIGIN))
    with Anchors(ledger) as opened:
        opened.anchor()
        real, code = opened.contract, opened.code_hash()
    nowhere = "0x" + "11" * 20
    ledger.store.execute("UPDATE setting SET value = ? WHERE name = 'contract'", nowhere)

    def found(named: str | None) -> set[str]:
        known = Trust(1, Log(ORIGIN, (ledger.settings.key,)), chain=Chain(None, named, code))
        with Anchors(ledger) as opened:
            return {each.code for each in opened.findings(known)}

    assert found(nowhere) == {"LED-018"}
    assert found(real) == {"LED-018", "LED-009"}
