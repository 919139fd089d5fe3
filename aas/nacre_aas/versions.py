"""What differs between metamodel 3.0, 3.1 and 3.2: one table, read by every check.

Sources: IDTA-01001 change notes "V3.1 vs. V3.0.2" and "V3.2 vs. V3.1.2", and the JSON and XML
schemas of 3.0 and 3.1. Of 3.2 the change notes and the class tables are known and supported
(`createdAt`, `updatedAt`, AssetKind `Batch`, AASd-137, AASd-138, the exception in AASd-129);
its schema files were not available when this was written, so the XML position of `createdAt` and
`updatedAt` follows the class table.
"""

import enum


class Metamodel(enum.Flag):
    """A set of metamodel versions."""

    V3_0 = enum.auto()
    V3_1 = enum.auto()
    V3_2 = enum.auto()

    @property
    def labels(self) -> tuple[str, ...]:
        """The versions in this set as the specification writes them, such as `3.1`."""
        return tuple((version.name or "")[1:].replace("_", ".") for version in self)

    @classmethod
    def of(cls, label: str) -> "Metamodel":
        """The version with a label such as `3.1`."""
        return cls["V" + label.replace(".", "_")]


NONE = Metamodel(0)
ALL = Metamodel.V3_0 | Metamodel.V3_1 | Metamodel.V3_2
ONLY_3_0 = Metamodel.V3_0
SINCE_3_1 = Metamodel.V3_1 | Metamodel.V3_2
SINCE_3_2 = Metamodel.V3_2
NEWEST = Metamodel.V3_2

#: Attributes that only some versions have: (class, attribute) -> versions.
EXISTS = {
    ("AdministrativeInformation", "created_at"): SINCE_3_2,
    ("AdministrativeInformation", "updated_at"): SINCE_3_2,
}

#: Attributes that only some versions require: (class, attribute) -> versions.
REQUIRED = {
    ("AnnotatedRelationshipElement", "first"): ONLY_3_0,
    ("AnnotatedRelationshipElement", "second"): ONLY_3_0,
    ("Blob", "content_type"): ONLY_3_0,
    ("Entity", "entity_type"): ONLY_3_0,
    ("File", "content_type"): ONLY_3_0,
    ("RelationshipElement", "first"): ONLY_3_0,
    ("RelationshipElement", "second"): ONLY_3_0,
    ("ValueReferencePair", "value_id"): ONLY_3_0,
}

#: Literals that only some versions have: (class, attribute, literal) -> versions.
LITERALS = {
    ("AssetInformation", "asset_kind", "Role"): SINCE_3_1,
    ("AssetInformation", "asset_kind", "Batch"): SINCE_3_2,
}

#: Shorter limits of earlier versions: text type -> (versions, code points).
MAX_LENGTH = {
    "Identifier": (ONLY_3_0, 2000),
    "PathType": (ONLY_3_0, 2000),
    "ValueTypeIec61360": (ONLY_3_0, 2000),
    "ContentType": (ONLY_3_0, 100),
}

#: XML namespace of the environment and all its elements -> version.
XML_NAMESPACES = {
    "https://admin-shell.io/aas/3/0": Metamodel.V3_0,
    "https://admin-shell.io/aas/3/1": Metamodel.V3_1,
    "https://admin-shell.io/aas/3/2": Metamodel.V3_2,
}


def xml_namespace(version: Metamodel) -> str:
    """The XML namespace of one version."""
    return next(uri for uri, known in XML_NAMESPACES.items() if known is version)


def newest_common(versions: Metamodel) -> Metamodel:
    """The version to write if the user names none: 3.1 if it fits, else the nearest that does."""
    allowed = versions or ALL
    for version in (Metamodel.V3_1, Metamodel.V3_0, Metamodel.V3_2):
        if version & allowed:
            return version
    return Metamodel.V3_1
