"""What may leave the house: a policy names the submodels to share, and the rest is redacted.

    [share]
    submodels = ["https://admin-shell.io/idta/nameplate/*", "0173-1#01-AHF578#*"]
    without = ["https://example.com/concepts/price"]

A pattern is compared with semantic ids; `*` stands for anything. What is redacted leaves its digest: with the
digest of the whole, which stays that of the complete twin, its owner can later show what was left out
(docs/digest.md).
"""

import dataclasses
import fnmatch
import tomllib
from collections.abc import Sequence
from typing import Any

import msgspec

from nacre_aas.digest import digest
from nacre_aas.errors import InputError
from nacre_aas.files import read_bytes
from nacre_aas.model import Environment, Record, Reference, Submodel
from nacre_aas.schema import attributes, copied
from nacre_ontologies.identifiers import iri_of
from nacre_ontologies.meaning import NV
from nacre_ontologies.structure import quoted
from nacre_ontologies.terms import TYPE
from nacre_submodels.compiler import semantic_id


class PolicyError(InputError):
    """The policy is no TOML, or says what no policy says."""

    code = "RDF-009"


@dataclasses.dataclass(frozen=True)
class Policy:
    """Patterns of semantic ids: submodels that may leave, and elements in them that may not."""

    submodels: Sequence[str]
    without: Sequence[str] = ()

    def shares(self, submodel: Submodel) -> bool:
        """Whether a submodel may leave; one without semantic id only if everything may."""
        return _fits(submodel.semantic_id, self.submodels) or "*" in self.submodels

    def hides(self, record: Any) -> bool:
        """Whether an element must stay."""
        return _fits(getattr(record, "semantic_id", None), self.without)


@dataclasses.dataclass(frozen=True)
class Redaction:
    """What may leave, the digest of the whole, and the digests of what was left out by its id."""

    environment: Environment
    root: str
    digests: dict[str, str]

    def statements(self) -> str:
        """What a graph says of it, in N-Triples."""
        lines = []
        for identifier, found in self.digests.items():
            node = f"<{iri_of(identifier)}>"
            lines.append(f"{node} <{TYPE}> <{NV}RedactedAspect> .\n")
            lines.append(f"{node} <{NV}digest> {quoted(found)} .\n")
        return "".join(lines)


def load(name: str) -> Policy:
    """Read a policy.

    Raises:
        PolicyError: it is no policy.
        InputError: it cannot be read.
    """
    try:
        document = tomllib.loads(read_bytes(name).decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PolicyError(f"`{name}` is no TOML: {error}") from None
    share = document.get("share")
    unknown = set(document) - {"share"} | (
        set(share) - {"submodels", "without"} if isinstance(share, dict) else set()
    )
    if not isinstance(share, dict) or unknown or "submodels" not in share:
        said = f"it has {', '.join(sorted(unknown))}" if unknown else "it has no [share] submodels"
        raise PolicyError(f"`{name}` is no policy: {said}", "docs/rdf.md shows one")
    for key, value in share.items():
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise PolicyError(f"`{name}`: share.{key} is no list of texts")
    return Policy(tuple(share["submodels"]), tuple(share.get("without", ())))


def redact(environment: Environment, policy: Policy) -> Redaction:
    """Leave out what a policy does not let go; shells keep their references to it."""
    tree = digest(environment)
    kept, digests = [], {}
    for submodel in environment.submodels or ():
        if not policy.shares(submodel):
            digests[submodel.id or ""] = tree.nodes[submodel.id or ""].digest.hex()
            continue
        bare = copied(submodel)
        if policy.without and _hide(bare, policy):
            digests[submodel.id or ""] = tree.nodes[submodel.id or ""].digest.hex()
        kept.append(bare)
    found = msgspec.structs.replace(environment, submodels=kept or None)
    return Redaction(found, tree.root.hex(), digests)


def _hide(record: Record, policy: Policy) -> bool:
    """Take hidden elements out of a record; whether there were any."""
    hidden = False
    for attribute in attributes(type(record)):
        if not attribute.targets:
            continue
        value = getattr(record, attribute.name)
        if value is None:
            continue
        members = value if attribute.is_list else [value]
        left = [each for each in members if not policy.hides(each)]
        if attribute.is_list and len(left) < len(members):
            setattr(record, attribute.name, left or None)
            hidden = True
        for each in left:
            hidden |= _hide(each, policy)
    return hidden


def _fits(reference: Reference | None, patterns: Sequence[str]) -> bool:
    meaning = (semantic_id(reference) or "").strip()
    return bool(meaning) and any(fnmatch.fnmatchcase(meaning, each) for each in patterns)
