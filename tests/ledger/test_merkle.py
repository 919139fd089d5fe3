"""The tree of RFC 9162: laws, and agreement with implementations that others wrote."""

from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nacre_ledger import merkle, sha_instructions
from nacre_ledger.merkle import Tree, leaf_hash
from nacre_ledger.tiles import Tiles, extended


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(4, "big")) for number in range(count)]


def tree_of(count: int) -> Tree:
    return Tree(b"".join(leaves(count)))


def by_definition(hashes: list[bytes]) -> bytes:
    """RFC 9162 §2.1.1, word for word."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return merkle.node_hash(by_definition(hashes[:split]), by_definition(hashes[split:]))


@pytest.mark.parametrize("count", [*range(1, 70), 255, 256, 257, 1000])
def test_the_root_is_that_of_the_definition(count: int) -> None:
    assert tree_of(count).root() == by_definition(leaves(count))


@given(st.integers(1, 400), st.data())
def test_the_root_of_some_leaves_is_that_of_the_definition(count: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, count - 1))
    size = data.draw(st.integers(1, count - first))
    expected = by_definition(leaves(count)[first : first + size])
    assert tree_of(count).root_of(first, size) == expected


def test_the_root_of_leaves_that_are_not_there() -> None:
    assert tree_of(9).root_of(5, 0) == tree_of(9).root_of(0, -1) == Tree().root()


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Tree().root() == sha256(b"").digest()


@given(st.integers(1, 400), st.data())
def test_every_leaf_is_proved_and_at_its_place_only(count: int, data: st.DataObject) -> None:
    tree = tree_of(count)
    index = data.draw(st.integers(0, count - 1))
    path = tree.inclusion_proof(index)
    leaf = tree.node(0, index)
    assert merkle.verify_inclusion(leaf, index, count, path, tree.root())
    other = data.draw(st.integers(0, count - 1))
    if other != index:
        assert not merkle.verify_inclusion(leaf, other, count, path, tree.root())


@given(st.integers(1, 200), st.data())
def test_every_flipped_bit_of_a_proof_is_noticed(count: int, data: st.DataObject) -> None:
    tree = tree_of(count)
    index = data.draw(st.integers(0, count - 1))
    path = tree.inclusion_proof(index)
    leaf, root = tree.node(0, index), tree.root()
    for place in range(len(path)):
        bit = data.draw(st.integers(0, 255))
        wrong = (int.from_bytes(path[place], "big") ^ 1 << bit).to_bytes(32, "big")
        changed = [*path[:place], wrong, *path[place + 1 :]]
        assert not merkle.verify_inclusion(leaf, index, count, changed, root)
    assert not merkle.verify_inclusion(leaf, index, count, [*path, root], root)
    if path:
        assert not merkle.verify_inclusion(leaf, index, count, path[:-1], root)


@given(st.integers(0, 300), st.integers(0, 300))
def test_growth_is_proved_and_nothing_else(first: int, second: int) -> None:
    old, size = sorted((first, second))
    tree = tree_of(size)
    old_root = tree_of(old).root()
    path = merkle.consistency_proof(old, size, tree.node)
    assert merkle.verify_consistency(old, size, old_root, tree.root(), path)
    forked = Tree(b"".join([leaf_hash(b"other"), *leaves(size)[1:]]))
    if 0 < old < size:
        other = merkle.consistency_proof(old, size, forked.node)
        assert not merkle.verify_consistency(old, size, old_root, forked.root(), other)
        assert not merkle.verify_consistency(old, size, old_root, forked.root(), path)
        assert not merkle.verify_consistency(old, size, old_root, tree.root(), [*path, old_root])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 700), min_size=1, max_size=6))
def test_tiles_give_the_same_nodes_as_the_tree_in_memory(counts: list[int]) -> None:
    stored: dict[tuple[int, int], bytes] = {}
    tree = Tree()
    for number, count in enumerate(counts):
        more = b"".join(leaf_hash(f"{number}/{at}".encode()) for at in range(count))
        stored.update(extended(len(tree), more, lambda level, at: stored[level, at]))
        tree.extend(more)
    tiles = Tiles(lambda level, at: stored[level, at])
    size = len(tree)
    assert merkle.root(size, tiles.node) == tree.root()
    for index in {0, size // 2, size - 1}:
        assert merkle.inclusion_proof(index, size, tiles.node) == tree.inclusion_proof(index)


def test_pymerkle_has_the_same_roots_and_paths() -> None:
    import pymerkle

    other = pymerkle.InmemoryTree(algorithm="sha256")
    tree = Tree()
    for number in range(130):
        entry = number.to_bytes(4, "big")
        other.append_entry(entry)
        tree.extend(leaf_hash(entry))
        assert other.get_root() == tree.root()
    for index in range(130):
        assert other.prove_inclusion(index + 1).path[1:] == tree.inclusion_proof(index)


@pytest.fixture
def machine_code() -> Callable[[bytes | memoryview], bytearray]:
    found = sha_instructions.compiled()
    if found is None:
        pytest.skip("llvmlite or the SHA instructions of the processor are not there")
    return found


@given(st.lists(st.binary(min_size=64, max_size=64), max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_machine_code_hashes_like_the_definition(
    machine_code: Callable[[bytes | memoryview], bytearray], pairs: list[bytes]
) -> None:
    assert machine_code(b"".join(pairs)) == b"".join(
        sha256(b"\1" + each).digest() for each in pairs
    )


def test_a_large_tree_has_one_root_however_it_is_hashed(
    machine_code: Callable[[bytes | memoryview], bytearray], monkeypatch: pytest.MonkeyPatch
) -> None:
    leaves = b"".join(sha256(bytes([at % 251, at % 241])).digest() for at in range(1000)) * 401
    quick = Tree(leaves)
    monkeypatch.setattr(sha_instructions, "compiled", lambda: None)
    assert Tree(leaves).root() == quick.root()
    assert machine_code(leaves[:64]) == quick.node(1, 0)
