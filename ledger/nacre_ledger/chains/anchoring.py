"""Puts checkpoints on a chain, so that nothing is lost and nothing is anchored twice.

The transaction is signed and kept in the store before it is sent, and the same bytes are sent any number
of times. What holds is what the contract says: its head is compared with the log before anything is
signed, so that a second copy of a ledger is noticed. A row of the table `anchor` is `sealed` when its
transaction is kept, `mined` when it stands in a block, `final` when that block is deep enough; a row
whose block was reorganised away is sent again.
"""

import functools
import hashlib
import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from importlib import resources
from typing import Any, NamedTuple, Self

from eth_account import Account
from eth_account.messages import encode_defunct
from requests.exceptions import RequestException
from web3 import Web3
from web3.exceptions import ContractLogicError, TransactionNotFound, Web3Exception
from web3.middleware import ExtraDataToPOAMiddleware
from web3.providers.base import JSONBaseProvider

from nacre_aas.findings import Finding
from nacre_aas.wording import counted
from nacre_ledger import checkpoint as checkpoints
from nacre_ledger import keys, merkle, rules
from nacre_ledger.errors import ChainError, LedgerError, StoreError
from nacre_ledger.log import Ledger
from nacre_ledger.settings import EMBEDDED
from nacre_ledger.trust import Chain, Trust
from nacre_ledger.verification import place, short

WRITER, ATTESTOR = 1, 2
SEALED, MINED, FINAL = "sealed", "mined", "final"
_GAS = 1_000_000
_BLOCKS_PER_QUERY = 5_000


class Head(NamedTuple):
    """What the contract holds of a log."""

    sequence: int
    size: int
    root: bytes
    attested: bool


class Anchor(NamedTuple):
    """A checkpoint on its way to the chain, or there."""

    size: int
    root: bytes
    sequence: int
    transaction_hash: bytes
    raw: bytes
    state: str
    block: int | None
    block_hash: bytes | None


_HASH = (bytes, memoryview)
_OPTIONAL = (int, type(None))
#: The types of the columns of an anchor.
_COLUMNS: tuple[Any, ...] = (int, _HASH, int, _HASH, _HASH, str, _OPTIONAL, (*_HASH, type(None)))


def anchors(ledger: Ledger) -> list[Anchor]:
    """The anchors that the store knows of, from the first."""
    rows = ledger.store.execute(
        "SELECT size, root, sequence, transaction_hash, raw, state, block, block_hash FROM anchor"
        " ORDER BY sequence"
    )
    for row in rows:
        for value, kind in zip(row, _COLUMNS, strict=True):
            if not isinstance(value, kind):
                raise StoreError(
                    "the anchors hold what no log writes", "`nacre ledger fsck` tells more"
                )
    return [Anchor(*row) for row in rows]


@functools.cache
def interface() -> dict[str, Any]:
    """The ABI and bytecode of the contract."""
    text = resources.files("nacre_ledger.chains").joinpath("anchor.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _reachable(function: Callable[..., Any]) -> Callable[..., Any]:
    """Say that a chain cannot be reached instead of what a library says."""

    @functools.wraps(function)
    def wrapped(self: "Anchors", *arguments: Any, **named: Any) -> Any:
        try:
            return function(self, *arguments, **named)
        except (RequestException, ConnectionError) as error:
            raise ChainError(
                f"the chain `{self.ledger.settings.chain}` does not answer: {type(error).__name__}",
                "start the node and try again; nothing is lost",
            ) from None
        except Web3Exception as error:
            raise ChainError(f"the chain refuses: {_said(error)}") from None
        except (ValueError, TypeError) as error:
            raise ChainError(f"the settings of the chain do not fit: {error}") from None

    return wrapped


class Anchors:
    """A log on its chain; a context manager that closes the connection.

    Raises:
        ChainError: the chain cannot be reached.
    """

    def __init__(self, ledger: Ledger, provider: JSONBaseProvider | None = None) -> None:
        self.ledger = ledger
        self._key = keys.chain_key(ledger.origin)
        self.account: str = Account.from_key(self._key).address
        self._own = provider is None
        self._provider = provider or _provider(ledger, bytes.fromhex(self.account[2:]))
        self._web3 = Web3(self._provider)
        self._anchored: list[int] = []
        if ledger.settings.chain != EMBEDDED:
            self._web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        close = getattr(self._provider, "close", None)
        if self._own and close is not None:
            close()

    @property
    def contract(self) -> str | None:
        """The address of the contract, if there is one."""
        return self.ledger.settings.contract or self.ledger.store.setting("contract")

    @property
    def log_id(self) -> bytes:
        """The id of the log in the contract."""
        known = self.ledger.store.setting("log-id")
        if known is not None:
            if re.fullmatch("[0-9a-f]{64}", known) is None:
                raise ChainError(
                    f"the setting `log-id` of the store is `{known[:80]}`, which is no id of a log",
                    "put the store back from a copy; `nacre ledger fsck` says what else is wrong",
                )
            return bytes.fromhex(known)
        origin = hashlib.sha256(self.ledger.origin.encode()).digest()
        admin = bytes.fromhex(self.account[2:]).rjust(32, b"\0")
        return hashlib.sha256(origin + admin).digest()

    def _is_set_up(self) -> bool:
        """Whether there is a contract, and the log was opened in it: whoever was ended in between goes on."""
        own = [self.ledger.store.setting(name) for name in ("contract", "log-id")]
        return bool(self.ledger.settings.contract) or None not in own

    def _functions(self) -> Any:
        address = self.contract
        if address is None:
            raise ChainError("the log has no contract yet", "`nacre ledger anchor` makes one")
        return self._web3.eth.contract(
            address=self._address(address), abi=interface()["abi"]
        ).functions

    @staticmethod
    def _address(text: str) -> Any:
        return Web3.to_checksum_address(text)

    @_reachable
    def chain_id(self) -> int:
        """The id of the chain."""
        return self._web3.eth.chain_id

    @_reachable
    def code_hash(self) -> str:
        """SHA-256 of the contract's code on the chain, in hexadecimal."""
        address = Web3.to_checksum_address(self.contract or "0x" + 40 * "0")
        return hashlib.sha256(self._web3.eth.get_code(address)).hexdigest()

    @_reachable
    def head(self) -> Head:
        """What the contract holds of the log."""
        return Head(*self._functions().head(self.log_id).call())

    # -- anchoring -------------------------------------------------------------------------------

    @_reachable
    def anchor(self, attestor: bytes | None = None) -> list[Anchor]:
        """Bring every sealed anchor to the chain, and then the last checkpoint; what has become of them.

        `attestor` is the chain key of a quality role, where the contract demands its signature.

        Raises:
            LedgerError: there is no checkpoint, or the chain holds a head that this log does not have.
            ChainError: the chain cannot be reached or refuses.
        """
        signed = self.ledger.checkpoint_note()
        if signed is None:
            raise LedgerError("there is no checkpoint", "`nacre ledger checkpoint` signs one")
        if not self._is_set_up():
            self.deploy()
        head = self.head()
        with self.ledger.store.transaction():  # what an older chain does not have is sent again
            self.ledger.store.execute(
                "UPDATE anchor SET state = ?, block = NULL WHERE sequence > ?",
                SEALED,
                head.sequence,
            )
        self._refuse_other(head)
        self.settle()
        latest = checkpoints.parse(signed.text)
        head = self.head()
        self._refuse_other(head)
        if latest.size > head.size:
            self._seal(latest.size, latest.root, head, attestor)
            self.settle()
        return anchors(self.ledger)

    def settle(self) -> None:
        """Send again what has no block, and note which blocks are deep enough."""
        for row in anchors(self.ledger):
            if row.state != FINAL:
                self._settle(row)

    def _settle(self, row: Anchor) -> None:
        receipt = self._receipt(row.transaction_hash)
        if receipt is None:
            head = self.head()
            if head.sequence >= row.sequence:
                self._recover(row, head)
                return
            row = self._sent(row)
            receipt = self._receipt(row.transaction_hash, wait=30)
        if receipt is None:
            return  # in the pool of a node; the next call looks again
        if receipt["status"] != 1:
            self._refused(row)
        depth = self._web3.eth.block_number - receipt["blockNumber"]
        state = FINAL if depth >= self.ledger.settings.finality else MINED
        self._note(row, state, receipt["blockNumber"], bytes(receipt["blockHash"]))

    def _recover(self, row: Anchor, head: Head) -> None:
        """The contract is that far already, though by another transaction."""
        for event in self.events():
            if event["args"]["sequence"] == row.sequence:
                if event["args"]["root"] != row.root:
                    self._refuse_other(head)
                self._note(row, MINED, event["blockNumber"], bytes(event["blockHash"]))
                with self.ledger.store.transaction():
                    self.ledger.store.execute(
                        "UPDATE anchor SET transaction_hash = ? WHERE size = ?",
                        bytes(event["transactionHash"]),
                        row.size,
                    )

    def _sent(self, row: Anchor) -> Anchor:
        """Send the kept bytes; the row, signed anew if its nonce was used for something else."""
        try:
            self._web3.eth.send_raw_transaction(row.raw)
        except (Web3Exception, ValueError) as error:
            said = _said(error)
            if "nonce" in said and "low" in said:
                return self._sent(self._signed_again(row))
            if not _is_known(said):
                raise ChainError(f"the chain refuses the anchor: {said}", _FUNDS_HINT) from None
        return row

    def _signed_again(self, row: Anchor) -> Anchor:
        proof, attestation = self._arguments(row)
        raw, hash_ = self._signed(
            self._functions().anchor(
                self.log_id, row.sequence, row.size, row.root, proof, attestation
            )
        )
        with self.ledger.store.transaction():
            self.ledger.store.execute(
                "UPDATE anchor SET transaction_hash = ?, raw = ? WHERE size = ?",
                hash_,
                raw,
                row.size,
            )
        return row._replace(raw=raw, transaction_hash=hash_)

    def _arguments(self, row: Anchor) -> tuple[list[bytes], bytes]:
        """What the kept transaction says, read back from it."""
        transaction = _decoded(row.raw)
        contract = self._web3.eth.contract(abi=interface()["abi"])
        _, arguments = contract.decode_function_input(transaction)
        return arguments["proof"], arguments["attestation"]

    def _seal(self, size: int, root: bytes, head: Head, attestor: bytes | None) -> None:
        proof = merkle.consistency_proof(head.size, size, self.ledger.tiles().node)
        attestation = b""
        if head.attested:
            attestation = self._attestation(size, root, attestor)
        sequence = head.sequence + 1
        raw, hash_ = self._signed(
            self._functions().anchor(self.log_id, sequence, size, root, proof, attestation)
        )
        with self.ledger.store.transaction():
            taken = self.ledger.store.execute("SELECT 1 FROM anchor WHERE sequence = ?", sequence)
            if not taken:
                row = (size, root, sequence, hash_, raw, SEALED, None, None)
                self.ledger.store.insert("anchor", [row])

    def _attestation(self, size: int, root: bytes, attestor: bytes | None) -> bytes:
        if attestor is None:
            raise LedgerError(
                "the contract accepts a checkpoint only with an attestation",
                "`nacre ledger anchor --attestor KEY` names the key of the quality role",
            )
        digest = self._functions().digest_to_attest(self.log_id, size, root).call()
        return bytes(Account.sign_message(encode_defunct(digest), attestor).signature)

    def _refuse_other(self, head: Head) -> None:
        """A head that the log does not have was put there by somebody with another log."""
        if head.size > self.ledger.size():
            raise LedgerError(
                f"the chain has {head.size} entries of this log, and the log {self.ledger.size()}: it is "
                "an old copy",
                "work on with the copy that has all entries",
            )
        own = self.ledger.root(head.size)
        if head.size and own != head.root:
            raise LedgerError(
                f"the chain has root {short(head.root)} for {head.size} entries, and the log "
                f"{short(own)}: a second copy of the ledger was used",
                "keep both copies; `nacre ledger query compare` names the first entry that differs",
            )

    def _note(self, row: Anchor, state: str, block: int, block_hash: bytes) -> None:
        with self.ledger.store.transaction():
            self.ledger.store.execute(
                "UPDATE anchor SET state = ?, block = ?, block_hash = ? WHERE size = ?",
                state,
                block,
                block_hash,
                row.size,
            )

    def _refused(self, row: Anchor) -> None:
        """A transaction that was reverted: the contract is asked why."""
        proof, attestation = self._arguments(row)
        with self.ledger.store.transaction():
            self.ledger.store.execute("DELETE FROM anchor WHERE size = ?", row.size)
        try:
            self._functions().anchor(
                self.log_id, row.sequence, row.size, row.root, proof, attestation
            ).call({"from": self.account})
        except ContractLogicError as error:
            raise LedgerError(f"the contract refuses the checkpoint: {_said(error)}") from None
        raise ChainError("the anchor ran out of gas or was reverted", "try again")

    # -- contract and roles ----------------------------------------------------------------------

    @_reachable
    def deploy(self) -> str:
        """Put the contract on the chain and open the log in it; its address."""
        store = self.ledger.store
        if self.contract is None:
            factory = self._web3.eth.contract(
                abi=interface()["abi"], bytecode=interface()["bytecode"]
            )
            receipt = self._done(factory.constructor(), gas=2_500_000)
            with store.transaction():
                store.set("contract", receipt["contractAddress"])
                store.set("contract-block", str(receipt["blockNumber"]))
                store.set("chain-id", str(self._web3.eth.chain_id))
        log_id = self.log_id
        if int(self._functions().admins(log_id).call(), 16) == 0:
            self._done(self._functions().open(hashlib.sha256(self.ledger.origin.encode()).digest()))
        with store.transaction():
            store.set("log-id", log_id.hex())
            store.set("code-hash", self.code_hash())
        if self.ledger.settings.policy.attested_checkpoints and not self.head().attested:
            self._done(self._functions().demand_attestation(log_id, True))
        return str(self.contract)

    @_reachable
    def set_role(self, account: str, role: int, *, allowed: bool) -> None:
        """Give an account the role of a writer or attestor, or take it away."""
        if not self._is_set_up():
            self.deploy()
        address = Web3.to_checksum_address(account)
        self._done(self._functions().set_role(self.log_id, address, role, allowed))

    # -- audit -----------------------------------------------------------------------------------

    @_reachable
    def events(self) -> list[Any]:
        """Every head that the contract accepted, from the first."""
        first = int(self.ledger.store.setting("contract-block") or 0)
        contract = self._web3.eth.contract(
            address=self._address(self.contract or ""), abi=interface()["abi"]
        )
        last = self._web3.eth.block_number
        found: list[Any] = []
        for start in range(first, last + 1, _BLOCKS_PER_QUERY):
            found += contract.events.Anchored().get_logs(
                argument_filters={"log_id": self.log_id},
                from_block=start,
                to_block=min(last, start + _BLOCKS_PER_QUERY - 1),
            )
        return found

    @_reachable
    def findings(self, trust: Trust | None = None) -> list[Finding]:
        """What differs between the log, its chain, and what a trust file says about the chain."""
        found = list(self._findings())
        is_damaged = any(each.code == rules.CHAIN_CHANGED.code for each in found)
        if trust is not None and not is_damaged:
            here = place(self.ledger)
            found += [
                rules.ANCHOR_DIFFERS.finding(message, here)
                for message in self._distrusted(trust.chain)
            ]
            wanted = trust.policy is not None and trust.policy.attested_checkpoints
            if wanted and self._has_contract() and not self.head().attested:
                message = "the contract accepts checkpoints that no quality role has attested"
                found.append(rules.NOT_ATTESTED.finding(message, here))
        return found

    def executed_again(self, interpreter: str) -> list[Finding]:
        """What an independent EVM objects to; `interpreter` is a Python with ethereum-execution.

        Raises:
            ChainError: the chain is not the embedded one, or the program does not run.
        """
        exported = getattr(self._provider, "exported", None)
        if exported is None:
            raise ChainError("only the embedded chain can be executed again from its file")
        program = str(resources.files("nacre_ledger.chains").joinpath("reexecute.py"))
        try:
            done = subprocess.run(  # noqa: S603 - the auditor names the interpreter
                [interpreter, program],
                input=json.dumps(exported()),
                capture_output=True,
                text=True,
                check=True,
            )
        except (OSError, subprocess.CalledProcessError) as error:
            said = getattr(error, "stderr", None) or str(error)
            raise ChainError(
                f"`{interpreter}` does not run: {said.strip().splitlines()[-1]}"
            ) from None
        word, number, said = done.stdout.strip().split(" ", 2)
        head: Any = self._web3.eth.get_block(int(number))
        if word == "ok" and head["hash"].hex() == said:
            return []
        message = f"block {number}, executed again, is another one: {said}"
        return [rules.CHAIN_CHANGED.finding(message, place(self.ledger))]

    def _distrusted(self, trusted: Chain) -> Iterator[str]:
        if trusted.id is not None and trusted.id != self.chain_id():
            yield f"the chain has the id {self.chain_id()}, and the trust file says {trusted.id}"
        if trusted.contract is None:
            return
        if (self.contract or "").lower() != trusted.contract.lower():
            yield f"the contract is {self.contract}, and the trust file says {trusted.contract}"
        elif (
            trusted.code_hash is not None
            and self._has_contract()
            and self.code_hash() != trusted.code_hash.lower()
        ):
            yield "the code of the contract is not the one that the trust file names"

    def _findings(self) -> Iterator[Finding]:
        here = place(self.ledger)
        damaged = [
            rules.CHAIN_CHANGED.finding(problem, here)
            for problem in getattr(self._provider, "problems", tuple)()
        ]
        yield from damaged
        rows = anchors(self.ledger)
        if damaged:
            return  # what a damaged chain would answer means nothing
        if self.contract is None:
            # On a chain of others anybody can make a contract that says so.
            if self.ledger.settings.chain == EMBEDDED and self._is_on_chain():
                message = (
                    "the chain has checkpoints of this log, and the store knows of no contract"
                )
                yield rules.ANCHOR_DIFFERS.finding(message, here)
            else:
                message = "no checkpoint of this log was ever anchored"
                yield rules.NOT_ANCHORED.finding(message, here)
            return
        if not self._has_contract():
            message = (
                f"there is no contract at {self.contract}: the chain lost it, or is another one"
            )
            yield rules.NOT_ANCHORED.finding(message, here, "ask who runs the chain")
            return
        size = self.ledger.size()
        on_chain = {}
        for event in self.events():
            known, root = event["args"]["size"], bytes(event["args"]["root"])
            on_chain[known] = (
                event["args"]["sequence"],
                event["blockNumber"],
                bytes(event["blockHash"]),
                bytes(event["transactionHash"]),
            )
            if known > size:
                message = f"the chain has a checkpoint of {known} entries, and the log has {size}"
                yield rules.ANCHOR_DIFFERS.finding(message, here)
            elif self.ledger.root(known) != root:
                message = (
                    f"the chain has root {short(root)} for {known} entries, and the log "
                    f"{short(self.ledger.root(known))}"
                )
                yield rules.ANCHOR_DIFFERS.finding(message, here)
        for row in rows:
            if row.state not in (SEALED, MINED, FINAL):
                message = f"the anchor of {row.size} entries is `{row.state}`, which no log writes"
                yield rules.ANCHOR_DIFFERS.finding(message, here)
            elif row.state in (MINED, FINAL) and row.size not in on_chain:
                message = (
                    f"the anchor of {row.size} entries is {row.state} here and not on the chain"
                )
                yield rules.NOT_ANCHORED.finding(message, here)
            elif row.size in on_chain and row.state in (MINED, FINAL):
                noted, transaction = (
                    (row.sequence, row.block, row.block_hash),
                    on_chain[row.size][3],
                )
                if noted != on_chain[row.size][:3]:
                    message = f"the anchor of {row.size} entries stands elsewhere on the chain"
                    yield rules.ANCHOR_DIFFERS.finding(message, here)
                elif row.transaction_hash != transaction:
                    message = (
                        f"the store names another transaction for {row.size} entries than the chain, "
                        f"0x{transaction.hex()}"
                    )
                    hint = "evidence names it as a hint only; the anchor itself is there"
                    yield rules.NOT_ANCHORED.finding(message, here, hint)
        if not on_chain:
            message = "the chain has no checkpoint of this log"
            yield rules.NOT_ANCHORED.finding(message, here)
        self._anchored = sorted(on_chain)

    def _has_contract(self) -> bool:
        """Whether there is any code where the contract is said to be."""
        return self.contract is not None and bool(
            self._web3.eth.get_code(self._address(self.contract))
        )

    def _is_on_chain(self) -> bool:
        """Whether any contract on the chain accepted a checkpoint of the log."""
        event = next(each for each in interface()["abi"] if each.get("name") == "Anchored")
        signature = f"Anchored({','.join(each['type'] for each in event['inputs'])})"
        topics: Any = [Web3.to_hex(Web3.keccak(text=signature)), Web3.to_hex(self.log_id)]
        return bool(self._web3.eth.get_logs({"fromBlock": 0, "topics": topics}))

    def said(self) -> str:
        """What the chain showed where `findings` found nothing wrong."""
        size, last = self.ledger.size(), self._anchored[-1]
        left = f"; on no chain: {counted(size - last, 'entry')} after it" if size > last else ""
        held = f"{counted(len(self._anchored), 'checkpoint')} of the log"
        return f"the chain holds {held} as they are, the last of {counted(last, 'entry')}{left}"

    # -- transactions ----------------------------------------------------------------------------

    def _signed(self, call: Any, gas: int = _GAS) -> tuple[bytes, bytes]:
        eth = self._web3.eth
        transaction = call.build_transaction(
            {
                "from": self.account,
                "nonce": eth.get_transaction_count(
                    Web3.to_checksum_address(self.account), "pending"
                ),
                "gas": gas,
                "gasPrice": eth.gas_price,
                "chainId": eth.chain_id,
            }
        )
        signed = Account.sign_transaction(transaction, self._key)
        return bytes(signed.raw_transaction), bytes(signed.hash)

    def _done(self, call: Any, gas: int = _GAS) -> Any:
        """Send a transaction that may be sent again by another call, and wait for it."""
        raw, hash_ = self._signed(call, gas)
        try:
            self._web3.eth.send_raw_transaction(raw)
        except (Web3Exception, ValueError) as error:
            if not _is_known(_said(error)):
                raise ChainError(f"the chain refuses: {_said(error)}", _FUNDS_HINT) from None
        receipt = self._receipt(hash_, wait=60)
        if receipt is None:
            raise ChainError("the chain made no block within a minute", "try again later")
        if receipt["status"] != 1:
            try:
                call.call({"from": self.account})
            except Web3Exception as error:
                raise LedgerError(f"the contract refuses: {_said(error)}") from None
        return receipt

    def _receipt(self, hash_: bytes, wait: float = 0) -> Any:
        end = time.monotonic() + wait
        while True:
            try:
                return self._web3.eth.get_transaction_receipt(Web3.to_hex(hash_))
            except TransactionNotFound:
                if time.monotonic() >= end:
                    return None
                time.sleep(0.05)


def account_of(name: str) -> str:
    """The account of a chain key, which is made if there is none of the name."""
    return str(Account.from_key(keys.chain_key(name)).address)


def _provider(ledger: Ledger, account: bytes) -> JSONBaseProvider:
    url = ledger.settings.chain
    if url == EMBEDDED:
        from nacre_ledger.chains.embedded import EmbeddedProvider

        ledger.folder.mkdir(parents=True, exist_ok=True)
        path = ledger.folder / "chain.sqlite"
        if ledger.store.setting("contract") is not None and not path.exists():
            raise ChainError(f"`{path}` is missing", "restore it from a copy")
        return EmbeddedProvider(ledger.folder / "chain.sqlite", (account,))
    if not url.startswith(("http://", "https://")):
        raise ChainError(f"`{url}` is no chain", "use `embedded` or the HTTP URL of a node")
    return Web3.HTTPProvider(url)


def _decoded(raw: bytes) -> bytes:
    """The call data of a signed legacy transaction."""
    import rlp

    return bytes(rlp.decode(raw)[5])


def _is_known(said: str) -> bool:
    """Whether a node refuses a transaction only because it has it, maybe from another process."""
    return re.search(r"\bknown\b|\balready", said, re.IGNORECASE) is not None


def _said(error: Exception) -> str:
    """What a node said, without the clothes of libraries."""
    response: Any = getattr(error, "rpc_response", None)
    if isinstance(response, dict) and isinstance(response.get("error"), dict):
        return str(response["error"].get("message", error))
    text = str(getattr(error, "message", None) or error)
    return text.removeprefix("execution reverted: ")


_FUNDS_HINT = (
    "has the account of the log money for gas on this chain? `nacre help networks` tells more"
)
