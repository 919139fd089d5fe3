"""Exceptions: documented, picklable, each with a code that `nacre rule` explains."""

import pickle

import pytest

from nacre_aas import errors
from nacre_aas.constraints import RULES

ALL = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, errors.NacreError)
]


@pytest.mark.parametrize("kind", ALL)
def test_an_exception_survives_a_process_boundary(kind: type[errors.NacreError]) -> None:
    error = kind("message", "hint")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.message, again.hint) == (kind, "message", "hint")


@pytest.mark.parametrize("kind", ALL)
def test_an_exception_is_drawn_in_the_tree_of_the_module(kind: type[errors.NacreError]) -> None:
    assert kind.__name__ in (errors.__doc__ or "")
    assert kind.__doc__


@pytest.mark.parametrize("kind", [each for each in ALL if issubclass(each, errors.InputError)])
def test_a_refusal_has_a_rule_that_explains_it(kind: type[errors.InputError]) -> None:
    assert kind is errors.InputError or kind.code in RULES


def test_line_and_column_travel_with_a_malformed_document() -> None:
    error = pickle.loads(pickle.dumps(errors.MalformedDocumentError("m", None, 3, 4)))
    assert (error.line, error.column) == (3, 4)
