"""A real EVM (py-evm, Shanghai) in one SQLite file, spoken to through web3.py like any node.

A block is mined for each transaction, durably, before its hash is given back. Several processes may use
one file: writers wait for each other, and nothing is remembered between requests but what is addressed
by its own hash.
"""

import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import rlp
from eth.abc import AtomicWriteBatchAPI, SignedTransactionAPI
from eth.chains.base import MiningChain
from eth.constants import ZERO_ADDRESS
from eth.db.atomic import AtomicDBWriteBatch
from eth.db.backends.base import BaseAtomicDB
from eth.db.schema import SchemaV1
from eth.exceptions import HeaderNotFound, TransactionNotFound
from eth.vm.forks.shanghai import ShanghaiVM
from eth.vm.spoof import SpoofTransaction
from eth_typing import Address, BlockNumber, Hash32
from eth_utils.crypto import keccak
from eth_utils.exceptions import ValidationError
from web3.providers.base import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from nacre_ledger.errors import ChainError

#: The chain id of every embedded chain; no public chain has it.
CHAIN_ID = 78_671
GAS_LIMIT = 30_000_000
#: The least base fee that the formula of EIP-1559 keeps: fees are no matter on a chain of one's own.
_BASE_FEE = 7
_FUNDS = 10**30
_HASH_SIZE = 32
_SCHEMA = """
CREATE TABLE node (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE log (
    block INTEGER NOT NULL,
    position INTEGER NOT NULL,
    transaction_position INTEGER NOT NULL,
    transaction_hash BLOB NOT NULL,
    address BLOB NOT NULL,
    topics BLOB NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (block, position)
);
CREATE INDEX log_of_address ON log (address, block);
CREATE TABLE funded (address BLOB PRIMARY KEY);
"""


class _Database(BaseAtomicDB):
    """The state, headers and bodies: keys and values in one table."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[bytes, bytes] = {}

    def __getitem__(self, key: bytes) -> bytes:
        value = self._known.get(key)
        if value is None:
            row = self._connection.execute(
                "SELECT value FROM node WHERE key = ?", (key,)
            ).fetchone()
            if row is None:
                raise KeyError(key)
            value = row[0]
            if len(key) == _HASH_SIZE:  # the hash of what it names; other keys change
                self._known[key] = value
        return value

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self._connection.execute("INSERT OR REPLACE INTO node VALUES (?, ?)", (key, value))

    def __delitem__(self, key: bytes) -> None:
        self._known.pop(key, None)
        self._connection.execute("DELETE FROM node WHERE key = ?", (key,))

    def _exists(self, key: bytes) -> bool:
        try:
            self[key]
        except KeyError:
            return False
        return True

    @contextlib.contextmanager
    def atomic_batch(self) -> Generator[AtomicWriteBatchAPI]:
        """Writes that are made together; the transaction around them makes them durable."""
        with AtomicDBWriteBatch._commit_unless_raises(self) as batch:
            yield batch


class _Chain(MiningChain):
    """A chain of one's own, without work or stake."""

    chain_id = CHAIN_ID
    vm_configuration = ((BlockNumber(0), ShanghaiVM),)


class EmbeddedProvider(JSONBaseProvider):
    """The JSON-RPC methods of a node, answered from a file.

    `funded` are the accounts that own everything when the chain is made.
    """

    def __init__(self, path: Path, funded: tuple[bytes, ...] = ()) -> None:
        super().__init__()
        for name in ("eth", "eth.db", "eth.vm"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            self._connection = self._connect(path)
            self._database = _Database(self._connection)
            if self._is_empty():
                with self._transaction():
                    if self._is_empty():  # still
                        self._make(funded)
        except sqlite3.Error as error:
            raise ChainError(f"`{path}`: {error}") from None

    def _connect(self, path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=60, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            connection.close()
            if not path.is_file():
                raise
            return sqlite3.connect(  # for an auditor, in a folder that cannot be written to
                f"{path.absolute().as_uri()}?immutable=1", uri=True, isolation_level=None
            )
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    def _is_empty(self) -> bool:
        return self._connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def _make(self, funded: tuple[bytes, ...]) -> None:
        for statement in _SCHEMA.split(";"):
            self._connection.execute(statement)
        for each in funded:
            self._connection.execute("INSERT INTO funded VALUES (?)", (each,))
        account: Any = {"balance": _FUNDS, "nonce": 0, "code": b"", "storage": {}}
        genesis: Any = {
            "difficulty": 0,
            "gas_limit": GAS_LIMIT,
            "timestamp": int(time.time()),
            "base_fee_per_gas": _BASE_FEE,
            "extra_data": b"nacre",
        }
        _Chain.from_genesis(self._database, genesis, {Address(each): account for each in funded})

    @contextlib.contextmanager
    def _transaction(self) -> Generator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            self._database._known.clear()
            raise

    # -- JSON-RPC --------------------------------------------------------------------------------

    def is_connected(self, show_traceback: bool = False) -> bool:  # noqa: ARG002 - the signature of web3
        """It is in the same process."""
        return True

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """Answer a request."""
        handler: Callable[..., Any] | None = getattr(self, f"_{method}", None)
        if handler is None:
            error: Any = {"code": -32601, "message": f"the embedded chain has no method {method}"}
        else:
            try:
                return {"jsonrpc": "2.0", "id": 1, "result": handler(*params)}
            except (ValidationError, _RpcError) as problem:
                error = {"code": -32000, "message": str(problem)}
                if isinstance(problem, _RpcError) and problem.data is not None:
                    error = {"code": 3, "message": str(problem), "data": problem.data}
            except sqlite3.Error as problem:
                raise ChainError(f"the embedded chain: {problem}") from None
        return {"jsonrpc": "2.0", "id": 1, "error": error}

    def _chain(self) -> _Chain:
        return _Chain(self._database)

    def _header(self, block: Any) -> Any:
        chain = self._chain()
        if block in ("latest", "pending", "safe", "finalized", None):
            return chain.get_canonical_head()
        number = 0 if block == "earliest" else int(block, 16)
        return chain.get_canonical_block_header_by_number(BlockNumber(number))

    def _state(self, block: Any) -> Any:
        return self._chain().get_vm(self._header(block)).state

    def _web3_clientVersion(self) -> str:  # noqa: N802 - the method's own name
        return "nacre/embedded"

    def _net_version(self) -> str:
        return str(CHAIN_ID)

    def _eth_chainId(self) -> str:  # noqa: N802 - the method's own name
        return hex(CHAIN_ID)

    def _eth_syncing(self) -> bool:
        return False

    def _eth_blockNumber(self) -> str:  # noqa: N802 - the method's own name
        return hex(self._header("latest").block_number)

    def _eth_gasPrice(self) -> str:  # noqa: N802 - the method's own name
        return hex(2 * _BASE_FEE)

    def _eth_maxPriorityFeePerGas(self) -> str:  # noqa: N802 - the method's own name
        return hex(0)

    def _eth_getBalance(self, account: str, block: Any = "latest") -> str:  # noqa: N802
        return hex(self._state(block).get_balance(_bytes(account)))

    def _eth_getTransactionCount(self, account: str, block: Any = "latest") -> str:  # noqa: N802
        return hex(self._state(block).get_nonce(_bytes(account)))

    def _eth_getCode(self, account: str, block: Any = "latest") -> str:  # noqa: N802
        return _hex(self._state(block).get_code(_bytes(account)))

    def _eth_getStorageAt(self, account: str, slot: str, block: Any = "latest") -> str:  # noqa: N802
        value = self._state(block).get_storage(_bytes(account), int(slot, 16))
        return _hex(value.to_bytes(32, "big"))

    def _eth_call(self, call: dict[str, Any], block: Any = "latest") -> str:
        computation = self._computation(call, block)
        return _hex(computation.output)

    def _eth_estimateGas(self, call: dict[str, Any], block: Any = "latest") -> str:  # noqa: N802
        self._computation(call, block)
        chain = self._chain()
        header = chain.create_header_from_parent(self._header(block))
        return hex(chain.estimate_gas(self._spoofed(call, chain), header) * 21 // 20)

    def _computation(self, call: dict[str, Any], block: Any) -> Any:
        chain = self._chain()
        parent = self._header(block)
        header = chain.create_header_from_parent(parent).copy(base_fee_per_gas=0)
        vm = chain.get_vm(header)
        with vm.in_costless_state() as state:
            computation = state.costless_execute_transaction(self._spoofed(call, chain, 0))
        if computation.is_error:
            raise _RpcError(_reason(computation.output), _hex(computation.output))
        return computation

    def _spoofed(self, call: dict[str, Any], chain: _Chain, price: int = 2 * _BASE_FEE) -> Any:
        sender = _bytes(call.get("from", _hex(ZERO_ADDRESS)))
        head = chain.get_canonical_head()
        unsigned = chain.get_vm(head).create_unsigned_transaction(
            nonce=chain.get_vm(head).state.get_nonce(Address(sender)),
            gas_price=price,
            gas=int(call.get("gas", hex(GAS_LIMIT)), 16),
            to=Address(_bytes(call["to"]) if call.get("to") else b""),
            value=int(call.get("value", "0x0"), 16),
            data=_bytes(call.get("data") or call.get("input") or "0x"),
        )
        return SpoofTransaction(unsigned, from_=Address(sender))

    # -- transactions ----------------------------------------------------------------------------

    def _eth_sendRawTransaction(self, raw: str) -> str:  # noqa: N802 - the method's own name
        with self._transaction():
            chain = self._chain()
            builder = chain.get_vm().get_transaction_builder()
            try:
                transaction = builder.decode(_bytes(raw))
            except (rlp.exceptions.RLPException, ValueError) as error:
                raise _RpcError(f"the transaction cannot be read: {error}") from None
            if self._place(chain, transaction.hash) is not None:
                raise _RpcError("already known")
            chain.header = chain.header.copy(
                timestamp=max(int(time.time()), chain.get_canonical_head().timestamp + 1)
            )
            nonce = chain.get_vm(chain.header).state.get_nonce(transaction.sender)
            if transaction.nonce < nonce:
                raise _RpcError("nonce too low")
            if transaction.nonce > nonce:
                raise _RpcError("nonce too high: the embedded chain keeps no pool")
            chain.apply_transaction(transaction)
            block = chain.mine_block()
            self._keep_logs(chain, block)
        return _hex(transaction.hash)

    def _keep_logs(self, chain: _Chain, block: Any) -> None:
        rows = self._logs_of(chain, block)
        self._connection.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    @staticmethod
    def _logs_of(chain: _Chain, block: Any) -> list[tuple[Any, ...]]:
        """The rows of the table of logs that the receipts of a block give."""
        position = 0
        rows = []
        for number, receipt in enumerate(block.get_receipts(chain.chaindb)):
            for each in receipt.logs:
                topics = b"".join(topic.to_bytes(32, "big") for topic in each.topics)
                rows.append(
                    (
                        block.number,
                        position,
                        number,
                        block.transactions[number].hash,
                        each.address,
                        topics,
                        each.data,
                    )
                )
                position += 1
        return rows

    def _place(self, chain: _Chain, hash_: bytes) -> tuple[int, int] | None:
        try:
            return chain.chaindb.get_transaction_index(Hash32(hash_))
        except TransactionNotFound:
            return None

    def _eth_getTransactionReceipt(self, hash_: str) -> dict[str, Any] | None:  # noqa: N802
        chain = self._chain()
        place = self._place(chain, _bytes(hash_))
        if place is None:
            return None
        number, index = place
        header = chain.get_canonical_block_header_by_number(BlockNumber(number))
        receipts = chain.chaindb.get_receipts(header, chain.get_vm(header).get_receipt_builder())
        receipt = receipts[index]
        before = receipts[index - 1].gas_used if index else 0
        transaction = chain.get_canonical_transaction_by_index(BlockNumber(number), index)
        is_creation = not transaction.to
        created = keccak(rlp.encode([transaction.sender, transaction.nonce]))[12:]
        return {
            "transactionHash": hash_,
            "transactionIndex": hex(index),
            "blockHash": _hex(header.hash),
            "blockNumber": hex(number),
            "from": _hex(transaction.sender),
            "to": None if is_creation else _hex(transaction.to),
            "contractAddress": _hex(created) if is_creation else None,
            "cumulativeGasUsed": hex(receipt.gas_used),
            "gasUsed": hex(receipt.gas_used - before),
            "effectiveGasPrice": hex(_price(transaction, header)),
            "status": "0x1" if receipt.state_root == b"\x01" else "0x0",
            "type": hex(getattr(transaction, "type_id", None) or 0),
            "logsBloom": _hex(receipt.bloom.to_bytes(256, "big")),
            "logs": [
                log for log in self._logs("block = ?", number) if log["transactionHash"] == hash_
            ],
        }

    def _eth_getTransactionByHash(self, hash_: str) -> dict[str, Any] | None:  # noqa: N802
        chain = self._chain()
        place = self._place(chain, _bytes(hash_))
        if place is None:
            return None
        number, index = place
        transaction = chain.get_canonical_transaction_by_index(BlockNumber(number), index)
        header = chain.get_canonical_block_header_by_number(BlockNumber(number))
        return {
            "hash": hash_,
            "nonce": hex(transaction.nonce),
            "blockHash": _hex(header.hash),
            "blockNumber": hex(number),
            "transactionIndex": hex(index),
            "from": _hex(transaction.sender),
            "to": _hex(transaction.to) if transaction.to else None,
            "value": hex(transaction.value),
            "gas": hex(transaction.gas),
            "gasPrice": hex(_price(transaction, header)),
            "input": _hex(transaction.data),
            "type": hex(getattr(transaction, "type_id", None) or 0),
            "chainId": hex(CHAIN_ID),
        }

    # -- blocks and logs -------------------------------------------------------------------------

    def _eth_getBlockByNumber(self, block: Any, full: bool = False) -> dict[str, Any] | None:  # noqa: N802, ARG002
        try:
            return self._block(self._header(block))
        except HeaderNotFound:
            return None

    def _eth_getBlockByHash(self, hash_: str, full: bool = False) -> dict[str, Any] | None:  # noqa: N802, ARG002
        try:
            return self._block(self._chain().get_block_header_by_hash(Hash32(_bytes(hash_))))
        except HeaderNotFound:
            return None

    def _block(self, header: Any) -> dict[str, Any]:
        hashes = self._chain().chaindb.get_block_transaction_hashes(header)
        return {
            "number": hex(header.block_number),
            "hash": _hex(header.hash),
            "parentHash": _hex(header.parent_hash),
            "stateRoot": _hex(header.state_root),
            "transactionsRoot": _hex(header.transaction_root),
            "receiptsRoot": _hex(header.receipt_root),
            "timestamp": hex(header.timestamp),
            "gasLimit": hex(header.gas_limit),
            "gasUsed": hex(header.gas_used),
            "baseFeePerGas": hex(header.base_fee_per_gas),
            "extraData": _hex(header.extra_data),
            "logsBloom": _hex(header.bloom.to_bytes(256, "big")),
            "miner": _hex(header.coinbase),
            "difficulty": "0x0",
            "nonce": _hex(header.nonce),
            "mixHash": _hex(header.mix_hash),
            "sha3Uncles": _hex(header.uncles_hash),
            "uncles": [],
            "size": hex(len(_raw(header)) // 2),
            "transactions": [_hex(each) for each in hashes],
        }

    def _eth_getLogs(self, wanted: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: N802
        first = self._header(wanted.get("fromBlock", "earliest")).block_number
        last = self._header(wanted.get("toBlock", "latest")).block_number
        addresses = wanted.get("address") or []
        addresses = [addresses] if isinstance(addresses, str) else addresses
        condition = "block BETWEEN ? AND ?"
        values: list[Any] = [first, last]
        if addresses:
            condition += f" AND address IN ({','.join('?' * len(addresses))})"
            values += [_bytes(each) for each in addresses]
        topics = wanted.get("topics") or []
        return [log for log in self._logs(condition, *values) if _matches(log["topics"], topics)]

    def _logs(self, condition: str, *values: Any) -> list[dict[str, Any]]:
        rows = self._connection.execute(
            f"SELECT * FROM log WHERE {condition} ORDER BY block, position",  # noqa: S608
            values,
        ).fetchall()
        hashes = {row[0]: _hex(self._header(hex(row[0])).hash) for row in rows}
        return [
            {
                "blockNumber": hex(block),
                "blockHash": hashes[block],
                "logIndex": hex(position),
                "transactionIndex": hex(number),
                "transactionHash": _hex(hash_),
                "address": _hex(address),
                "topics": [_hex(topics[at : at + 32]) for at in range(0, len(topics), 32)],
                "data": _hex(data),
                "removed": False,
            }
            for block, position, number, hash_, address, topics, data in rows
        ]

    # -- for the audit ---------------------------------------------------------------------------

    def exported(self) -> dict[str, Any]:
        """The chain as `reexecute` reads it: genesis, funded accounts and blocks in RLP."""
        chain = self._chain()
        genesis = chain.get_canonical_block_header_by_number(BlockNumber(0))
        head = chain.get_canonical_head().block_number
        blocks = (chain.get_canonical_block_by_number(BlockNumber(n)) for n in range(1, head + 1))
        funded = self._connection.execute("SELECT address FROM funded").fetchall()
        return {
            "chain": CHAIN_ID,
            "genesis": _raw(genesis),
            "accounts": {row[0].hex(): _FUNDS for row in funded},
            "blocks": [_raw(block) for block in blocks],
        }

    def problems(self) -> Iterator[str]:
        """What in the file is not what the blocks say, all the way back from the last one."""
        try:
            yield from self._damaged()
        except Exception as error:  # noqa: BLE001 - the library raises whatever the file provokes
            yield f"the chain cannot be read: {type(error).__name__}"

    def _damaged(self) -> Iterator[str]:
        for key, value in self._connection.execute("SELECT key, value FROM node"):
            if len(key) == _HASH_SIZE and keccak(value) != key:
                yield f"the record {key.hex()[:8]}… is not what its hash says"
        expected: dict[bytes, bytes] = {}
        header = self._chain().get_canonical_head()
        expected[SchemaV1.make_canonical_head_hash_lookup_key()] = header.hash
        height = header.block_number
        gaps = (SchemaV1.make_chain_gaps_lookup_key(), SchemaV1.make_header_chain_gaps_lookup_key())
        for key in gaps if height else ():  # which are written with the first block
            expected[key] = rlp.encode([[], (height + 1).to_bytes(_HASH_SIZE, "big")])
        headers = [header]
        while headers[-1].block_number:
            headers.append(self._chain().get_block_header_by_hash(headers[-1].parent_hash))
            if headers[-1].block_number != headers[-2].block_number - 1:
                yield f"block {headers[-2].block_number} does not name the hash of the one before it"
                return
        logs: list[Any] = []
        score = 0
        for header in reversed(headers):
            number, hash_ = header.block_number, header.hash
            score += number  # as py-evm counts without work
            block = self._chain().get_block_by_header(header)
            expected[SchemaV1.make_block_number_to_hash_lookup_key(number)] = rlp.encode(hash_)
            expected[SchemaV1.make_block_hash_to_score_lookup_key(hash_)] = rlp.encode(score)
            for position, each in enumerate(block.transactions):
                place = rlp.encode([number, position])
                expected[SchemaV1.make_transaction_hash_to_block_lookup_key(each.hash)] = place
            logs += self._logs_of(self._chain(), block)
        pointers = "SELECT key, value FROM node WHERE LENGTH(key) <> ?"
        found = dict(self._connection.execute(pointers, (_HASH_SIZE,)))
        for key in sorted(found.keys() | expected.keys()):
            if found.get(key) != expected.get(key):
                name = key.partition(b":")[0].decode("ascii", "replace")
                yield f"the record `{name}` does not fit the blocks"
        if (
            self._connection.execute("SELECT * FROM log ORDER BY block, position").fetchall()
            != logs
        ):
            yield "the logs do not fit the receipts in the blocks"


class _RpcError(Exception):
    def __init__(self, message: str, data: str | None = None) -> None:
        super().__init__(message)
        self.data = data


def _price(transaction: SignedTransactionAPI, header: Any) -> int:
    tip = min(
        transaction.max_priority_fee_per_gas, transaction.max_fee_per_gas - header.base_fee_per_gas
    )
    return int(header.base_fee_per_gas + tip)


def _reason(output: bytes) -> str:
    """The text of a revert (`Error(string)` of the contract ABI)."""
    if output[:4] == b"\x08\xc3\x79\xa0" and len(output) >= 68:
        length = int.from_bytes(output[36:68], "big")
        return "execution reverted: " + output[68 : 68 + length].decode("utf-8", "replace")
    return "execution reverted"


def _matches(topics: list[str], wanted: list[Any]) -> bool:
    for position, each in enumerate(wanted):
        if each is None:
            continue
        allowed = [each] if isinstance(each, str) else each
        if position >= len(topics) or topics[position] not in allowed:
            return False
    return True


def _raw(value: Any) -> str:
    data: Any = rlp.encode(value)
    return bytes(data).hex()


def _bytes(text: Any) -> bytes:
    return bytes.fromhex(text[2:]) if isinstance(text, str) else bytes(text)


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
