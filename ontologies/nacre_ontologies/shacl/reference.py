"""The reference engine: pyshacl over rdflib, with the result that the compiled engine has.

It is slower by far, and runs what the compiled engine refuses: SHACL-SPARQL, advanced features. It
gets a graph of rdflib, never a store of pyoxigraph (docs/adr/0006).
"""

from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox

from nacre_aas.errors import LimitExceededError
from nacre_ontologies.rdflib_graphs import from_quads, literals_as_written, to_quads
from nacre_ontologies.shacl import paths
from nacre_ontologies.shacl.graph import Graph, is_literal, lexical, literal
from nacre_ontologies.shacl.literals import Message
from nacre_ontologies.shacl.report import Report, Result
from nacre_ontologies.shacl.shapes import RULE, ShapesError, UnsupportedShapesError
from nacre_ontologies.sparql import asks_elsewhere
from nacre_ontologies.terms import SH

#: How deep shapes may refer to shapes; templates nest further than the 15 that pyshacl begins with.
_DEPTH = 200


def validate(data: Iterable[ox.Quad], shapes: Iterable[ox.Quad]) -> Report:
    """Run shapes over statements with pyshacl.

    Raises:
        ShapesError: pyshacl cannot make sense of the shapes.
        LimitExceededError: the shapes are nested more deeply than pyshacl follows.
    """
    import pyshacl
    from pyshacl.errors import (
        ConstraintLoadError,
        ReportableRuntimeError,
        RuleLoadError,
        ShapeLoadError,
        ShapeRecursionWarning,
        ValidationFailure,
    )

    shapes = list(shapes)
    _refuse_network(shapes)
    with literals_as_written():
        try:
            _, found, _ = pyshacl.validate(
                from_quads(data),
                shacl_graph=from_quads(shapes),
                inference="none",
                advanced=True,
                max_validation_depth=_DEPTH,
            )
        except ValidationFailure as error:
            raise _failure(error) from None
        except (
            ConstraintLoadError,
            ShapeLoadError,
            RuleLoadError,
            ReportableRuntimeError,
        ) as error:
            raise ShapesError(f"pyshacl: {_first_line(error)}") from None
        except ShapeRecursionWarning as error:
            raise LimitExceededError(f"pyshacl: {_first_line(error)}") from None
        except ArithmeticError as error:  # a number that it cannot compare
            raise UnsupportedShapesError(
                f"pyshacl cannot run the shapes on this data: {type(error).__name__}: {_first_line(error)}",
                "`--engine compiled` runs what needs no SPARQL",
            ) from None
        except (RecursionError, Exception) as error:  # noqa: BLE001 - whatever a foreign engine raises
            raise ShapesError(f"pyshacl: {type(error).__name__}: {_first_line(error)}") from None
        if not hasattr(found, "triples"):
            raise _failure(found)
        return _report(Graph(to_quads(found)), Graph(shapes))


def _refuse_network(shapes: Iterable[ox.Quad]) -> None:
    """Refuse shapes whose SPARQL would ask another endpoint."""
    queries = {f"{SH}{name}" for name in ("select", "ask", "construct", "update")}
    for quad in shapes:
        asked = quad.object.value if isinstance(quad.object, ox.Literal) else ""
        if quad.predicate.value in queries and asks_elsewhere(asked):
            raise ShapesError(
                "the shapes ask another endpoint (SERVICE)", "nothing is asked of others"
            )


def _failure(error: Any) -> ShapesError:
    return ShapesError(f"pyshacl: {_first_line(error)}")


def _first_line(error: object) -> str:
    message = getattr(error, "message", None) or str(error)
    return " ".join(str(message).split())[:300]


def _report(found: Graph, shapes: Graph) -> Report:
    """The results of a report graph."""
    results = []
    for node in found.column(SH + "result").objects:
        path = found.one(node, SH + "resultPath")
        shape = found.one(node, SH + "sourceShape") or ""
        said = [each for each in found.objects(node, SH + "resultMessage") if _text(each).strip()]
        component = found.one(node, SH + "sourceConstraintComponent") or ""
        words = [
            Message(_text(each), literal(each).language if is_literal(each) else "")
            for each in said
        ] or [Message(f"breaks the {component.rpartition('#')[2]} of its shape", "")]
        results.append(
            Result(
                found.one(node, SH + "focusNode") or "",
                None if path is None else paths.parse(found, path),
                found.one(node, SH + "value"),
                shape,
                component,
                found.one(node, SH + "resultSeverity") or "",
                tuple(words),
                next((_text(each) for each in shapes.objects(shape, RULE)), None),
            )
        )
    results.sort(key=lambda each: (each.key, each.shape))
    return Report(tuple(results), "pyshacl")


def _text(term: str) -> str:
    return lexical(term) or term
