"""Canonical N-Quads of any graph (RDFC-1.0, W3C Recommendation 2024), with an end.

Our own structure graphs have no blank nodes: sorted lines are their canonical form. For foreign graphs pyoxigraph
does the work; it has no guard against graphs made to take for ever (72 statements can take half a minute),
so it works in a process that is ended when the time is over. For users' own code; no command needs it.
"""

from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox

from nacre_aas.errors import LimitExceededError
from nacre_ontologies import bounded

#: Seconds that canonicalization may take.
TIMEOUT = 10.0


def canonical_n_quads(
    quads: Iterable[Any], *, sha384: bool = False, timeout: float = TIMEOUT
) -> str:
    """The canonical form of a dataset, one line per statement, in code point order.

    Raises:
        LimitExceededError: it takes longer than allowed, as poison graphs do.
    """
    dataset = ox.Dataset(_as_quads(quads))
    if not any(isinstance(term, ox.BlankNode) for quad in dataset for term in _nodes(quad)):
        return _lines(dataset)
    name = "RDFC_1_0_SHA_384" if sha384 else "RDFC_1_0"
    algorithm = getattr(ox.CanonicalizationAlgorithm, name)

    def work() -> str:
        dataset.canonicalize(algorithm)
        return _lines(dataset)

    try:
        return bounded.run(work, timeout)
    except TimeoutError:
        raise LimitExceededError(
            f"the graph has no canonical form within {timeout:g} s",
            "its blank nodes cannot be told apart; name them",
        ) from None


def _as_quads(quads: Iterable[Any]) -> Iterable[ox.Quad]:
    for each in quads:
        yield (
            each
            if isinstance(each, ox.Quad)
            else ox.Quad(each.subject, each.predicate, each.object)
        )


def _nodes(quad: ox.Quad) -> tuple[Any, ...]:
    return quad.subject, quad.object, quad.graph_name


def _lines(dataset: ox.Dataset) -> str:
    return "".join(sorted(f"{quad} .\n" for quad in dataset))
