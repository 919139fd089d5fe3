"""SHACL (W3C Recommendation, 2017): two engines, one result.

`validate` runs shapes over a graph with the compiled engine, which evaluates whole sets of nodes at
a time, or with pyshacl, the reference. The compiled engine knows all of SHACL Core; what it does not
know it refuses, so that a verdict is never wrong.
"""

from nacre_ontologies.shacl.engine import validate
from nacre_ontologies.shacl.graph import Graph
from nacre_ontologies.shacl.report import Report, Result
from nacre_ontologies.shacl.shapes import Shapes, ShapesError, UnsupportedShapesError

__all__ = [
    "Graph",
    "Report",
    "Result",
    "Shapes",
    "ShapesError",
    "UnsupportedShapesError",
    "validate",
]
