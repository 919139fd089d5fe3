"""Executes a chain again by the specification of the EVM (ethereum-execution, "EELS").

A program of its own: its pins collide with those of py-evm, so that it runs in another environment, and
imports nothing of Nacre. It reads JSON from standard input (the chain id, the genesis header, the funded
accounts and the blocks, all RLP in hexadecimal) and writes `ok NUMBER HASH` or `bad NUMBER REASON`.
"""

import json
import sys
from typing import Any


def main() -> int:
    """Execute every block and compare state, receipts and hashes."""
    from ethereum.crypto.hash import keccak256
    from ethereum.forks.shanghai.blocks import Block, Header
    from ethereum.forks.shanghai.fork import BlockChain, state_transition
    from ethereum.forks.shanghai.fork_types import Account, Address
    from ethereum.forks.shanghai.state import State, set_account, state_root
    from ethereum_rlp import rlp
    from ethereum_types.bytes import Bytes
    from ethereum_types.numeric import U64, U256, Uint

    given: dict[str, Any] = json.load(sys.stdin)
    header = rlp.decode_to(Header, bytes.fromhex(given["genesis"]))
    state = State()
    for address, balance in given["accounts"].items():
        account = Account(nonce=Uint(0), balance=U256(balance), code=Bytes(b""))
        set_account(state, Address(bytes.fromhex(address)), account)
    if state_root(state) != header.state_root:
        print("bad 0 the state of the genesis block is another one")  # noqa: T201 - its only output
        return 0
    genesis = Block(header=header, transactions=(), ommers=(), withdrawals=())
    chain = BlockChain(blocks=[genesis], state=state, chain_id=U64(given["chain"]))
    for number, raw in enumerate(given["blocks"], start=1):
        try:
            state_transition(chain, rlp.decode_to(Block, bytes.fromhex(raw)))
        except Exception as error:  # noqa: BLE001 - whatever it objects to, the block is not right
            print(f"bad {number} {type(error).__name__} {error}".strip())  # noqa: T201
            return 0
    last = chain.blocks[-1].header
    print(f"ok {last.number} {keccak256(rlp.encode(last)).hex()}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
