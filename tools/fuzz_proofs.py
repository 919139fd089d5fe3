"""Differential fuzzing of proofs: `fuzz_proofs.py contract|tlog|scitt CASES SEED`, by `make thorough`.

Runs in an environment of `make foreign`, with ledger/ on the path: nacre_ledger.merkle needs nothing else. A
case is a proof of growth or inclusion, good or mutated; our verifier and the other must agree.

    contract  the anchor contract on revm
    tlog      aics-tlog
    scitt     scitt-cose (growth only)

Prints cases, how many proofs were right, and mismatches; the exit code is 1 if there is one.
"""

import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nacre_ledger import merkle
from nacre_ledger.merkle import Tree, leaf_hash

LARGEST = 700
Case = tuple[Any, ...]
Judge = Callable[[Case], bool]


def trees() -> tuple[Tree, list[bytes]]:
    """A tree, and its roots at all sizes."""
    tree = Tree(b"".join(leaf_hash(number.to_bytes(4, "big")) for number in range(LARGEST)))
    return tree, [merkle.root(size, tree.node) for size in range(LARGEST + 1)]


def mutated(path: list[bytes], chance: random.Random) -> list[bytes]:
    """A proof, or a wrong one in one of eight ways."""
    kind = chance.randrange(9)
    path = list(path)
    if kind == 1 and path:
        at, bit = chance.randrange(len(path)), chance.randrange(256)
        path[at] = (int.from_bytes(path[at], "big") ^ 1 << bit).to_bytes(32, "big")
    elif kind == 2 and path:
        del path[chance.randrange(len(path))]
    elif kind == 3:
        path.insert(chance.randrange(len(path) + 1), chance.randbytes(32))
    elif kind == 4:
        path.reverse()
    elif kind == 5 and path:
        path.append(path[-1])
    elif kind == 6:
        path = path[:-1]
    return path


def cases(count: int, seed: int) -> Any:
    """Random cases: kind and arguments of the verifier."""
    chance = random.Random(seed)
    tree, roots = trees()
    for _ in range(count):
        size = chance.randint(1, LARGEST)
        if chance.random() < 0.5:
            old = chance.randint(1, size)
            path = mutated(merkle.consistency_proof(old, size, tree.node), chance)
            claimed = old if chance.random() < 0.9 else chance.randint(1, LARGEST)
            new = roots[size] if chance.random() < 0.95 else roots[chance.randint(1, LARGEST)]
            yield ("growth", claimed, size, roots[old], new, path)
        else:
            index = chance.randrange(size)
            path = mutated(merkle.inclusion_proof(index, size, tree.node), chance)
            claimed = index if chance.random() < 0.9 else chance.randrange(LARGEST)
            yield ("inclusion", tree.node(0, index), claimed, size, path, roots[size])


def ours(case: Case) -> bool:
    """Our verdict."""
    kind, *rest = case
    verify: Any = merkle.verify_consistency if kind == "growth" else merkle.verify_inclusion
    return bool(verify(*rest))


def contract() -> Judge:
    """The verdict of the contract."""
    from pyrevm import EVM

    chains = Path(merkle.__file__).parent / "chains"
    found = json.loads((chains / "anchor.json").read_text("utf-8"))
    evm = EVM()
    caller = "0x" + "01" * 20
    evm.set_balance(caller, 10**20)
    address = evm.deploy(caller, bytes.fromhex(found["bytecode"][2:]))
    growth, inclusion = (bytes.fromhex(found["selectors"][name]) for name in ("grows", "includes"))

    def number(value: int) -> bytes:
        return value.to_bytes(32, "big")

    def judge(case: Case) -> bool:
        kind, *rest = case
        if kind == "growth":
            old, size, before, after, path = rest
            head = growth + number(old) + before + number(size) + after
        else:
            leaf, index, size, path, root = rest
            head = inclusion + leaf + number(index) + number(size) + root
        data = head + number(160) + number(len(path)) + b"".join(path)
        return int.from_bytes(evm.message_call(caller, address, calldata=data), "big") == 1

    return judge


def tlog() -> Judge:
    """The verdict of aics-tlog."""
    import aics_tlog

    def judge(case: Case) -> bool:
        kind, *rest = case
        if kind == "growth":
            old, size, before, after, path = rest
            return bool(aics_tlog.verify_consistency(old, size, before, after, path))
        leaf, index, size, path, root = rest
        return bool(aics_tlog.verify_inclusion(leaf, index, size, path, root))

    return judge


def scitt() -> Judge:
    """The verdict of scitt-cose, which knows growth; inclusion is left to us."""
    import scitt_cose

    def judge(case: Case) -> bool:
        kind, *rest = case
        if kind != "growth":
            return ours(case)
        old, size, before, after, path = rest
        texts = [each.hex() for each in path]
        try:
            return bool(scitt_cose.verify_consistency(before.hex(), after.hex(), old, size, texts))
        except ValueError:
            return False

    return judge


def main() -> int:
    """Compare, and say where the two differ."""
    name, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    judge = {"contract": contract, "tlog": tlog, "scitt": scitt}[name]()
    right = differ = 0
    for case in cases(count, seed):
        own = ours(case)
        right += own
        if judge(case) != own:
            differ += 1
            if differ <= 5:
                print(f"ours {own}: {case}")
    print(
        f"{name}: {count} cases, {right} proofs right, {count - right} wrong, {differ} mismatches"
    )
    return int(differ > 0)


if __name__ == "__main__":
    sys.exit(main())
