"""The nodes of a tree in tiles of 256 hashes, as C2SP tlog-tiles cuts them.

Tile `number` of tile level `n` holds up to 256 nodes of tree level `8 * n`. Levels between are hashed
from a tile when a proof needs them, so that a proof reads one tile per eight levels.
"""

from collections.abc import Callable

from nacre_ledger import merkle
from nacre_ledger.merkle import HASH_SIZE

WIDTH = 256
_HEIGHT = 8

#: Reads a tile by level and number: joined hashes, as many as there are.
TileReader = Callable[[int, int], bytes]


class Tiles:
    """A tree read from tiles."""

    def __init__(self, read: TileReader) -> None:
        self._read = read
        self._known: dict[tuple[int, int], list[bytes]] = {}

    def node(self, level: int, position: int) -> bytes:
        """The hash of a complete subtree."""
        tile_level, height = divmod(level, _HEIGHT)
        number, at = divmod(position << height, WIDTH)
        levels = self._levels(tile_level, number)
        while len(levels) <= height:
            below = levels[-1]
            levels.append(bytes(merkle.parents(below[: len(below) // 64 * 64])))
        start = (at >> height) * HASH_SIZE
        found = levels[height][start : start + HASH_SIZE]
        if len(found) != HASH_SIZE:
            raise LookupError(f"tile {tile_level}/{number} is shorter than the tree")
        return found

    def _levels(self, tile_level: int, number: int) -> list[bytes]:
        key = (tile_level, number)
        if key not in self._known:
            if len(self._known) >= 4096:
                self._known.clear()
            self._known[key] = [self._read(tile_level, number)]
        return self._known[key]


def extended(size: int, leaves: bytes, read: TileReader) -> dict[tuple[int, int], bytes]:
    """The tiles that are new or longer when leaf hashes are appended to a tree of `size`."""
    changed: dict[tuple[int, int], bytes] = {}
    level, hashes = 0, leaves
    while hashes:
        count = size >> (_HEIGHT * level)
        number, width = divmod(count, WIDTH)
        data = (read(level, number)[: width * HASH_SIZE] if width else b"") + hashes
        above: list[bytes] = []
        for at in range(0, len(data), WIDTH * HASH_SIZE):
            tile = data[at : at + WIDTH * HASH_SIZE]
            changed[level, number] = tile
            number += 1
            if len(tile) == WIDTH * HASH_SIZE:
                for _ in range(_HEIGHT):
                    tile = bytes(merkle.parents(tile))
                above.append(tile)
        level, hashes = level + 1, b"".join(above)
    return changed
