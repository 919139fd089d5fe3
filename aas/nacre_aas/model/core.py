"""Shells, assets and concepts, IDTA-01001 §5.3.3 to §5.3.5 and §5.3.8."""

from typing import Literal

from nacre_aas.model._record import NonEmpty, Record
from nacre_aas.model.common import HasDataSpecification, HasSemantics, Identifiable
from nacre_aas.model.datatypes import ContentType, Identifier, LabelType, PathType
from nacre_aas.model.referencing import Reference

#: `Role` exists since metamodel 3.1, `Batch` since 3.2.
AssetKind = Literal["Batch", "Instance", "NotApplicable", "Role", "Type"]


class Resource(Record):
    """The address of a file, with the type of its content."""

    path: PathType
    content_type: ContentType | None = None


class SpecificAssetId(HasSemantics):
    """An identifier of the asset in some domain, such as a serial number."""

    name: LabelType
    value: Identifier
    external_subject_id: Reference | None = None


class AssetInformation(Record):
    """Which asset a shell represents."""

    asset_kind: AssetKind
    global_asset_id: Identifier | None = None
    specific_asset_ids: NonEmpty[SpecificAssetId] | None = None
    asset_type: Identifier | None = None
    default_thumbnail: Resource | None = None


class AssetAdministrationShell(Identifiable, HasDataSpecification):
    """The standardised digital representation of an asset."""

    derived_from: Reference | None = None
    asset_information: AssetInformation
    submodels: NonEmpty[Reference] | None = None


class ConceptDescription(Identifiable, HasDataSpecification):
    """The meaning of a property or of another element."""

    is_case_of: NonEmpty[Reference] | None = None
