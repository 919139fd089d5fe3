"""Named queries: questions that people ask, each a SPARQL file with its parameters in the first lines.

# Which parts are in an asset, at any depth?
# param asset: IRI or id of the asset [optional]
SELECT ...
"""

import dataclasses
import functools
import importlib.resources
import re
from collections.abc import Mapping

import pyoxigraph as ox

from nacre_ontologies.errors import QueryError
from nacre_ontologies.identifiers import iri_of
from nacre_ontologies.semantic_ids import concept_iri

_PARAMETER = re.compile(r"# param (\w+): (.*?)( \[optional\])?$")


@dataclasses.dataclass(frozen=True)
class Parameter:
    """A variable of a query that the caller may bind; ids become IRIs."""

    name: str
    text: str
    optional: bool


@dataclasses.dataclass(frozen=True)
class NamedQuery:
    """A question with its SPARQL text."""

    name: str
    question: str
    parameters: tuple[Parameter, ...]
    text: str

    def bound(self, values: Mapping[str, str]) -> str:
        """The query with parameters bound, as a table of values at the beginning of its pattern.

        Raises:
            QueryError: a parameter is unknown or missing.
        """
        known = {each.name: each for each in self.parameters}
        for name in values:
            if name not in known:
                have = ", ".join(known) or "none"
                raise QueryError(
                    f"the query `{self.name}` has no parameter `{name}`", f"it has {have}"
                )
        for each in self.parameters:
            if not each.optional and each.name not in values:
                hint = f"add --param {each.name}=…: {each.text}"
                raise QueryError(f"the query `{self.name}` needs `{each.name}`", hint)
        if not values:
            return self.text
        names = " ".join(f"?{name}" for name in values)
        terms = " ".join(_term(known[name], value) for name, value in values.items())
        table = f"WHERE {{ VALUES ({names}) {{ ({terms}) }}"
        return self.text.replace("WHERE {", table, 1)


def _term(parameter: Parameter, value: str) -> str:
    """A value as a term of SPARQL."""
    iri = concept_iri(value) if "semantic id" in parameter.text else iri_of(value)
    return str(ox.NamedNode(iri))


@functools.cache
def named() -> dict[str, NamedQuery]:
    """All named queries by their names."""
    folder = importlib.resources.files("nacre_ontologies").joinpath("queries")
    found = {}
    for path in sorted(folder.iterdir(), key=lambda each: each.name):
        if path.name.endswith(".rq"):
            name = path.name.removesuffix(".rq")
            found[name] = _parsed(name, path.read_text("utf-8"))
    return found


def _parsed(name: str, text: str) -> NamedQuery:
    lines = text.splitlines()
    parameters = tuple(
        Parameter(match[1], match[2], match[3] is not None)
        for match in map(_PARAMETER.fullmatch, lines)
        if match is not None
    )
    return NamedQuery(name, lines[0].removeprefix("# "), parameters, text)
