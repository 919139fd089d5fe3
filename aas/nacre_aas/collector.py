"""The cyclic garbage collector, out of the way while records are made.

Records and parsed XML are trees: scanning them again and again while they grow finds nothing and is
what makes reading large files super-linear.
"""

import contextlib
import gc
from collections.abc import Generator


@contextlib.contextmanager
def collector_paused() -> Generator[None]:
    """Pause the collector, unless somebody outside has paused it already."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
