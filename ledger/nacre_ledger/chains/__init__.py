"""Chains: the embedded one, any JSON-RPC node, and the anchor contract on either."""

import sys

# Both raise the recursion limit of the whole process, on which the readers of hostile files rely.
_limit = sys.getrecursionlimit()
import eth  # pyright: ignore[reportUnusedImport]  # noqa: E402, F401 - imported for what it does
import py_ecc  # pyright: ignore[reportUnusedImport]  # noqa: E402, F401

sys.setrecursionlimit(_limit)
