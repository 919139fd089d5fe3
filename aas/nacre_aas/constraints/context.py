"""What rules may know besides the record: its surroundings, and the concepts of the environment."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from nacre_aas.model import (
    ConceptDescription,
    DataSpecificationIec61360,
    EmbeddedDataSpecification,
    Reference,
)


class Attached(NamedTuple):
    """A supplementary file: whether it is a PDF, and the PDF/A conformance that it claims."""

    is_pdf: bool
    conformance: str | None = None


class Context:
    """What a rule may know of the surroundings of a record.

    `concepts` is `None` where there are none. `not_checked` takes what could not be judged, and why.

    `attached` says what is known of the file that the value of a File names, if it lies in the package.
    `in_template` holds inside a submodel of kind Template, `operations` counts the operation
    variables around the record.
    """

    def __init__(self, concepts: "Concepts | None" = None) -> None:
        self.concepts = concepts
        self.in_template = False
        self.operations = 0
        self.attached: Callable[[str], Attached | None] = nothing_attached
        self.not_checked: dict[str, list[str]] = {}

    def open_point(self, code: str, reason: str) -> None:
        """Say that a rule was not judged; each reason is noted once."""
        reasons = self.not_checked.setdefault(code, [])
        if reason not in reasons:
            reasons.append(reason)


def nothing_attached(_value: str) -> None:
    """What is known of a file where there is no package: nothing."""


class Concepts:
    """Finds the IEC 61360 content of the concept that a reference points to."""

    def __init__(self, descriptions: Iterable[ConceptDescription] = ()) -> None:
        self._contents: dict[str, DataSpecificationIec61360 | None] = {}
        for description in descriptions:
            found = contents(description.embedded_data_specifications)
            self._contents.setdefault(description.id, found[0] if found else None)

    def __bool__(self) -> bool:
        return bool(self._contents)

    def of(self, reference: Reference | None) -> DataSpecificationIec61360 | None:
        """The content of the concept that a reference ends at, if it is known here."""
        if reference is None or not reference.keys:
            return None
        return self._contents.get(reference.keys[-1].value)


def contents(
    specifications: list[EmbeddedDataSpecification] | None,
) -> list[DataSpecificationIec61360]:
    """The IEC 61360 contents of embedded data specifications."""
    return [
        specification.data_specification_content
        for specification in specifications or ()
        if specification.data_specification_content is not None
    ]
