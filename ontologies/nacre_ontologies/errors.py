"""Exceptions of graphs and queries, see `nacre_aas.errors`."""

from nacre_aas.errors import InputError


class QueryError(InputError):
    """A query breaks the syntax of SPARQL, lacks a parameter, or cannot be run."""

    code = "RDF-006"


class QueryTimeoutError(InputError):
    """A query took longer than allowed."""

    code = "RDF-007"


class StoreError(InputError):
    """A store of graphs is not there, does not answer, or says what is no SPARQL answer."""

    code = "RDF-008"
