"""To and from the objects of basyx-python-sdk, and what they cannot hold.

basyx has its own reader for the JSON of the metamodel; going through it keeps this module free of
a second copy of the metamodel. basyx gives values Python types and so rewrites literals (`1E3`
becomes `1000.0`); `losses` names each of them.
"""

import io
import json
from typing import TYPE_CHECKING, Any

import msgspec

from nacre_aas.diff import Change, changes
from nacre_aas.errors import SerializationError
from nacre_aas.explaining import JsonExplainer
from nacre_aas.jsonization import dumps
from nacre_aas.model import Environment, Extension, Identifiable, Submodel, SubmodelElement
from nacre_aas.schema import copied, walk

if TYPE_CHECKING:
    from basyx.aas.model import DictIdentifiableStore
    from basyx.aas.model import Identifiable as BasyxIdentifiable


def to_basyx(environment: Environment) -> "DictIdentifiableStore[BasyxIdentifiable]":
    """An environment as a basyx object store.

    Raises:
        SerializationError: basyx refuses something in it; the message is basyx's own.
    """
    from basyx.aas.adapter.json import read_aas_json_file

    complete = copied(environment)
    for _, record in walk(complete):
        # A default that basyx does not know.
        if isinstance(record, Extension) and record.value is not None:
            record.value_type = record.value_type or "xs:string"
    try:
        return read_aas_json_file(io.StringIO(dumps(complete).decode()), failsafe=False)
    except Exception as error:
        raise SerializationError(f"basyx refuses the environment: {error}") from error


def from_basyx(store: "DictIdentifiableStore[BasyxIdentifiable]") -> Environment:
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
    """What an environment loses on its way through basyx; what basyx refuses by itself counts as removed.

    Raises:
        SerializationError: basyx refuses what is left together, such as two of one id.
    """
    return changes(environment, from_basyx(to_basyx(_taken(environment))))


def _taken(environment: Environment) -> Environment:
    """An environment without the identifiables, and the elements of submodels, that basyx refuses."""
    if _is_taken(environment):
        return environment
    kept = Environment()
    for name in environment.__struct_fields__:
        found: list[Any] = [_narrowed(each) for each in getattr(environment, name) or ()]
        found = [each for each in found if _is_taken(Environment(**{name: [each]}))]
        setattr(kept, name, found or None)
    return kept


def _narrowed(record: Identifiable) -> Identifiable:
    if not isinstance(record, Submodel):
        return record

    def with_elements(elements: list[SubmodelElement]) -> Submodel:
        return msgspec.structs.replace(record, submodel_elements=elements or None)

    return with_elements(
        [
            each
            for each in record.submodel_elements or ()
            if _is_taken(Environment(submodels=[with_elements([each])]))
        ]
    )


def _is_taken(environment: Environment) -> bool:
    try:
        to_basyx(environment)
    except SerializationError:
        return False
    return True


def _without_empty(value: Any) -> Any:
    """basyx writes empty lists, which the metamodel does not have."""
    if isinstance(value, dict):
        cleaned = {key: _without_empty(each) for key, each in value.items()}
        return {key: each for key, each in cleaned.items() if each != []}
    if isinstance(value, list):
        return [_without_empty(each) for each in value]
    return value
