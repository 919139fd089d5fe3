"""Work that may never end, in a process that can be ended.

What a library in Rust does cannot be interrupted from Python. Where processes cannot be forked, the work runs
here, without an end.
"""

import multiprocessing
from collections.abc import Callable
from typing import Any, TypeVar

Result = TypeVar("Result")
#: Seconds that no system call takes as a limit.
_FOR_EVER = 1e6


def of_system(timeout: float) -> float | None:
    """A time limit as system calls take it: very many seconds, or no number of them, are no limit."""
    return timeout if timeout < _FOR_EVER else None


def run(work: Callable[[], Result], timeout: float) -> Result:
    """The result of some work; what it raises is raised here.

    Raises:
        TimeoutError: it took longer than `timeout` seconds.
        EOFError: the process ended without a result.
    """
    if "fork" not in multiprocessing.get_all_start_methods():
        return work()
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sender, work), daemon=True)
    process.start()
    sender.close()
    try:
        if not receiver.poll(of_system(timeout)):
            raise TimeoutError
        is_good, found = receiver.recv()
    finally:
        process.kill()
        process.join()
        receiver.close()
    if not is_good:
        raise found
    return found  # type: ignore[no-any-return]


def _send(sender: Any, work: Callable[[], Any]) -> None:
    """In the child: the result, or what was raised."""
    try:
        sender.send((True, work()))
    except Exception as error:  # noqa: BLE001 - it is raised again in the parent
        sender.send((False, error))
    finally:
        sender.close()
