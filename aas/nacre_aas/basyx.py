"""To and from the objects of basyx-python-sdk, and what they cannot hold.

basyx has its own reader for the JSON of the metamodel; going through it keeps this module free of
a second copy of the metamodel. basyx gives values Python types and so rewrites literals (`1E3`
becomes `1000.0`); `losses` names each of them.
"""

import io
import json
from typing import TYPE_CHECKING, Any

from nacre_aas.diff import Change, changes
from nacre_aas.errors import SerializationError
from nacre_aas.explaining import JsonExplainer
from nacre_aas.jsonization import dumps
from nacre_aas.model import Environment

if TYPE_CHECKING:
    from basyx.aas.model import DictIdentifiableStore, Identifiable


def to_basyx(environment: Environment) -> "DictIdentifiableStore[Identifiable]":
    """An environment as a basyx object store.

    Raises:
        SerializationError: basyx refuses something in it; the message is basyx's own.
    """
    from basyx.aas.adapter.json import read_aas_json_file

    try:
        return read_aas_json_file(io.StringIO(dumps(environment).decode()), failsafe=False)
    except Exception as error:
        raise SerializationError(f"basyx refuses the environment: {error}") from error


def from_basyx(store: "DictIdentifiableStore[Identifiable]") -> Environment:
    """A basyx object store as an environment.

    Raises:
        SerializationError: the store holds what the metamodel does not allow.
    """
    from basyx.aas.adapter.json import object_store_to_json

    raw = _without_empty(json.loads(object_store_to_json(store)))
    explainer = JsonExplainer()
    reading: Environment = explainer.environment(raw)
    if explainer.problems:
        first = explainer.problems[0]
        raise SerializationError(f"basyx wrote what the metamodel does not allow: {first.message}")
    return reading


def losses(environment: Environment) -> list[Change]:
    """What an environment loses on its way through basyx.

    Raises:
        SerializationError: basyx refuses it altogether.
    """
    return changes(environment, from_basyx(to_basyx(environment)))


def _without_empty(value: Any) -> Any:
    """basyx writes empty lists, which the metamodel does not have."""
    if isinstance(value, dict):
        cleaned = {key: _without_empty(each) for key, each in value.items()}
        return {key: each for key, each in cleaned.items() if each != []}
    if isinstance(value, list):
        return [_without_empty(each) for each in value]
    return value
