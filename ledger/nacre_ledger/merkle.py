"""The Merkle tree of RFC 9162 §2.1: roots, inclusion proofs, consistency proofs.

A tree is read through `node(level, position)`: the hash over the leaves from
`position * 2**level` to `(position + 1) * 2**level`, all of which exist. Where the nodes are kept (in
memory, in tiles of a store) is no concern of the algorithms.
"""

import struct
from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_SIZE = 32
#: The root of a tree without leaves.
EMPTY_ROOT = sha256().digest()

_NODE = sha256(b"\1")
#: Bytes of hashes from which machine code pays that has to be made first.
_WORTH_COMPILING = 200_000 * HASH_SIZE
_PAIRS = struct.Struct("64s").iter_unpack

NodeReader = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf (§2.1.1)."""
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node (§2.1.1)."""
    return sha256(b"\1" + left + right).digest()


def parents(hashes: bytes | memoryview) -> bytes | bytearray:
    """The nodes above joined hashes of an even count, joined."""
    if len(hashes) >= _WORTH_COMPILING:
        from nacre_ledger.sha_instructions import compiled

        quickly = compiled()
        if quickly is not None:
            return quickly(hashes)
    begun = _NODE.copy  # the state behind the prefix of a node, which all of them share
    found = []
    for (pair,) in _PAIRS(hashes):
        state = begun()
        state.update(pair)
        found.append(state.digest())
    return b"".join(found)


def edges(size: int, node: NodeReader) -> list[bytes | None]:
    """For each level the hash of its last node if that one is incomplete, and then the root."""
    found: list[bytes | None] = []
    edge: bytes | None = None
    for level in range(size.bit_length()):
        found.append(edge)
        if size >> level & 1:
            last = node(level, (size >> level) - 1)
            edge = last if edge is None else node_hash(last, edge)
    found.append(edge)
    return found


def root(size: int, node: NodeReader) -> bytes:
    """The root over the first `size` leaves."""
    return edges(size, node)[-1] or EMPTY_ROOT


def inclusion_proof(
    index: int, size: int, node: NodeReader, edge: Sequence[bytes | None] | None = None
) -> list[bytes]:
    """The audit path of a leaf, from the bottom up (§2.1.3.1).

    `edge` are the `edges` of the tree, where many proofs are made for one size.

    Raises:
        ValueError: the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    return _path(0, index, size, node, edges(size, node) if edge is None else edge)


def consistency_proof(old: int, size: int, node: NodeReader) -> list[bytes]:
    """What shows that a tree begins with the first `old` leaves (§2.1.4.1).

    Raises:
        ValueError: the older tree is larger.
    """
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {size} leaves never had {old}")
    if old in (0, size):
        return []
    level, index = 0, old - 1
    while index & 1:
        level, index = level + 1, index >> 1
    start = [node(level, index)] if index else []
    return start + _path(level, index, size, node, edges(size, node))


def _path(
    level: int, index: int, size: int, node: NodeReader, edge: Sequence[bytes | None]
) -> list[bytes]:
    path: list[bytes] = []
    last = (size - 1) >> level
    while last:
        sibling = index ^ 1
        if sibling <= last:
            incomplete = edge[level] if sibling == last else None
            path.append(incomplete or node(level, sibling))
        level, index, last = level + 1, index >> 1, last >> 1
    return path


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], root_hash: bytes
) -> bool:
    """Whether a leaf hash stands at a place of a tree (§2.1.3.2)."""
    return 0 <= index < size and root_from_path(leaf, index, size, path) == root_hash


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that an audit path leads to; `None` if its length does not fit the tree."""
    last = size - 1
    found = leaf
    for each in path:
        if not last:
            return None
        if index & 1 or index == last:
            found = sha256(b"\1" + each + found).digest()
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            found = sha256(b"\1" + found + each).digest()
        index, last = index >> 1, last >> 1
    return None if last else found


def verify_consistency(
    old: int, size: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether a tree begins with the leaves of an older one (§2.1.4.2).

    Every tree begins with the empty one, whose root must be `EMPTY_ROOT`.
    """
    if old == size:
        return not path and old_root == new_root and (size > 0 or old_root == EMPTY_ROOT)
    if old == 0:
        return not path and old_root == EMPTY_ROOT and size > 0
    if not 0 < old < size:
        return False
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        return False
    index, last = old - 1, size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    before = after = steps[0]
    for each in steps[1:]:
        if not last:
            return False
        if index & 1 or index == last:
            before, after = node_hash(each, before), node_hash(each, after)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            after = node_hash(after, each)
        index, last = index >> 1, last >> 1
    return not last and before == old_root and after == new_root


class Tree:
    """A tree in memory with all its nodes: 64 bytes per leaf."""

    def __init__(self, leaves: bytes = b"") -> None:
        self._levels = [bytearray()]
        self._edges: tuple[int, list[bytes | None]] = (0, [None])
        self.extend(leaves)

    def __len__(self) -> int:
        return len(self._levels[0]) // HASH_SIZE

    def extend(self, leaves: bytes) -> None:
        """Append leaf hashes, joined."""
        self._levels[0] += leaves
        level = 0
        while True:
            below = self._levels[level]
            if level + 1 == len(self._levels):
                if len(below) < 2 * HASH_SIZE:
                    return
                self._levels.append(bytearray())
            above = self._levels[level + 1]
            pairs = len(below) // (2 * HASH_SIZE) * 2 * HASH_SIZE
            with memoryview(below) as view, view[2 * len(above) : pairs] as fresh:
                above += parents(fresh)
            level += 1

    def node(self, level: int, position: int) -> bytes:
        """The hash of a complete subtree."""
        at = position * HASH_SIZE
        return bytes(self._levels[level][at : at + HASH_SIZE])

    def leaves(self, first: int, count: int) -> bytes:
        """Some leaf hashes, joined."""
        return self._nodes(0, first, count)

    def _nodes(self, level: int, first: int, count: int) -> bytes:
        return bytes(self._levels[level][first * HASH_SIZE : (first + count) * HASH_SIZE])

    def root_of(self, first: int, size: int) -> bytes:
        """The root of the tree that some of the leaves give alone.

        Up to the level at which the first of them begins a subtree both trees have the same nodes.
        """
        if size < 2:
            return self.leaves(first, max(size, 0)) or EMPTY_ROOT
        shared = size.bit_length() - 1
        if first:
            shared = min(shared, (first & -first).bit_length() - 1)
        above = Tree(self._nodes(shared, first >> shared, size >> shared))

        def node(level: int, position: int) -> bytes:
            if level > shared:
                return above.node(level - shared, position)
            return self.node(level, (first >> level) + position)

        return root(size, node)

    def edges(self) -> list[bytes | None]:
        """The incomplete nodes of the right edge, and the root."""
        size = len(self)
        if self._edges[0] != size:
            self._edges = (size, edges(size, self.node))
        return self._edges[1]

    def root(self) -> bytes:
        """The root over all leaves."""
        return self.edges()[-1] or EMPTY_ROOT

    def inclusion_proof(self, index: int) -> list[bytes]:
        """The audit path of a leaf in the tree as it is.

        Raises:
            ValueError: the tree has no such leaf.
        """
        return inclusion_proof(index, len(self), self.node, self.edges())
