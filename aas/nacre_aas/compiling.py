"""Functions compiled from the type model, one per class (docs/adr/0003-compiled-checks.md).

Most attributes of most elements are absent, and asking a table for them one by one costs more than
the work itself; straight-line code costs one test each.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from nacre_aas.model import Record

Function = TypeVar("Function", bound=Callable[..., Any])


class PerClass(dict[type[Record], Function], Generic[Function]):
    """A function for each class of the metamodel, made when it is first needed."""

    def __init__(self, make: Callable[[type[Record]], Function]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, record: type[Record]) -> Function:
        function = self[record] = self.make(record)
        return function


def compiled(
    title: str, parameters: str, lines: Sequence[str], names: Mapping[str, Any]
) -> Callable[..., Any]:
    """A function with a body of source lines, which may use the given names."""
    scope = dict(names)
    body = [f"    {line}" for line in lines] or ["    pass"]
    text = "\n".join([f"def function({parameters}):", *body])
    exec(compile(text, f"<{title}>", "exec"), scope)  # noqa: S102 - our own source, no input in it
    function: Callable[..., Any] = scope["function"]
    return function
