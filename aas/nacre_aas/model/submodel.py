"""Submodels and the environment that holds everything, IDTA-01001 §5.3.6 and §5.3.9."""

from nacre_aas.model._record import NonEmpty, Record
from nacre_aas.model.common import (
    HasDataSpecification,
    HasKind,
    HasSemantics,
    Identifiable,
    Qualifiable,
)
from nacre_aas.model.core import AssetAdministrationShell, ConceptDescription
from nacre_aas.model.submodel_elements import AnySubmodelElement


class Submodel(Identifiable, HasKind, HasSemantics, Qualifiable, HasDataSpecification):
    """One aspect of an asset."""

    submodel_elements: NonEmpty[AnySubmodelElement] | None = None


class Environment(Record):
    """All shells, submodels and concept descriptions of one exchange."""

    asset_administration_shells: NonEmpty[AssetAdministrationShell] | None = None
    submodels: NonEmpty[Submodel] | None = None
    concept_descriptions: NonEmpty[ConceptDescription] | None = None
