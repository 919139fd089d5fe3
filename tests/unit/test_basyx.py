"""To and from basyx-python-sdk."""

import json
from pathlib import Path

import pytest

from nacre_aas import jsonization
from nacre_aas.basyx import from_basyx, losses, to_basyx
from nacre_aas.canonical import canonical
from nacre_aas.errors import SerializationError
from nacre_aas.examples import EXAMPLES
from nacre_aas.model import Environment, Extension, Property, Submodel


def of_value(value: str, value_type: str = "xs:double") -> Environment:
    element = Property(id_short="Pp", value_type=value_type, value=value)  # type: ignore[arg-type]
    return Environment(submodels=[Submodel(id="urn:x:s", submodel_elements=[element])])


def test_what_basyx_can_hold_comes_back() -> None:
    for code in ("AASd-005", "AASd-107", "AASd-134", "MET-013", "AASc-3a-009", "AASX-002"):
        right = EXAMPLES[code].right
        if not isinstance(right, dict):
            continue
        environment = jsonization.loads(json.dumps(right).encode())
        assert canonical(from_basyx(to_basyx(environment))) == canonical(environment), code


def test_a_rewritten_literal_is_named() -> None:
    (change,) = losses(of_value("1E3"))
    assert (change.attribute, change.old, change.new) == ("value", '"1E3"', '"1000.0"')


def test_a_refusal_of_basyx_is_one_exception() -> None:
    with pytest.raises(SerializationError):
        to_basyx(of_value("abc"))


@pytest.mark.filterwarnings("ignore")
def test_published_templates_go_through(shared: Path) -> None:
    seen = 0
    for path in sorted((shared / "templates/published").rglob("*V3.1.json"))[::8]:
        document = jsonization.JsonDocument(path.read_bytes())
        try:
            from nacre_aas.document import environment as whole

            content = whole(document)[0]
            found = losses(content)
        except SerializationError:
            continue
        assert all(change.kind in ("changed", "added", "removed") for change in found)
        seen += 1
    assert seen


def test_what_basyx_refuses_is_named_with_the_other_losses() -> None:
    ancient = Property(id_short="Built", value_type="xs:date", value="-0044-03-15")
    rounded = Property(id_short="Speed", value_type="xs:double", value="1E3")
    extended = Property(
        id_short="Plain", value_type="xs:int", extensions=[Extension(name="n", value="v")]
    )
    content = Environment(
        submodels=[
            Submodel(id="urn:a", submodel_elements=[ancient, rounded, extended]),
            Submodel(id="urn:b", submodel_elements=[extended]),
        ]
    )
    found = {(each.kind, each.path) for each in losses(content)}
    assert found == {("removed", "urn:a/Built"), ("changed", "urn:a/Speed")}
