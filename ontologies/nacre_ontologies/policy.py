"""What may leave the house: a policy names the submodels to share, and the rest is redacted.

    [share]
    submodels = ["https://admin-shell.io/idta/nameplate/*", "0173-1#01-AHF578#*"]
    without = ["https://example.com/concepts/price"]

A pattern is compared with semantic ids; `*` stands for anything. What is redacted leaves its digest: with the
digest of the whole, which stays that of the complete twin, its owner can later show what was left out
(docs/digest.md).
"""

import dataclasses
import functools
import re
import tomllib
from collections.abc import Sequence
from typing import Any

from nacre_aas.digest import digest
from nacre_aas.errors import InputError
from nacre_aas.files import read_bytes
from nacre_aas.model import (
    Environment,
    HasSemantics,
    OperationVariable,
    Record,
    Reference,
    Submodel,
)
from nacre_aas.schema import attributes, copied, walk
from nacre_ontologies.identifiers import iri_of
from nacre_ontologies.meaning import NV
from nacre_ontologies.structure import quoted
from nacre_ontologies.terms import TYPE
from nacre_submodels.builder import external_reference
from nacre_submodels.compiler import semantic_id
from nacre_submodels.semantics import near_key


class PolicyError(InputError):
    """The policy is no TOML, or says what no policy says."""

    code = "RDF-009"


class Policy:
    """Patterns of semantic ids: submodels that may leave, and elements in them that may not.

    Ids are compared without regard to case, blanks, version and the two spellings of an IRDI, so that
    another spelling of a concept does not slip out. A pattern with `*` reaches as far for what must stay:
    hiding more than was said is safe, sharing more is not.
    """

    def __init__(self, submodels: Sequence[str], without: Sequence[str] = ()) -> None:
        self.everything = "*" in submodels
        self.submodels = tuple(submodels)
        self.without = tuple(without)
        #: The patterns of `without` that something was hidden by.
        self.used: set[str] = set()

    def shares(self, submodel: Submodel) -> bool:
        """Whether a submodel may leave; one without semantic id only if everything may."""
        meaning = semantic_id(submodel.semantic_id)
        return self.everything or (
            meaning is not None and any(_fits(meaning, each) for each in self.submodels)
        )

    def hides(self, *references: Reference | None) -> bool:
        """Whether something of these semantic ids must stay."""
        found = False
        for reference in references:
            if reference is not None and reference.referred_semantic_id is not None:
                found |= self.hides(reference.referred_semantic_id)
            for key in reference.keys or () if reference is not None else ():
                for pattern in self.without if key.value else ():
                    if _fits(key.value, pattern) or _resembles(key.value, pattern):
                        self.used.add(pattern)
                        found = True
        return found


@dataclasses.dataclass(frozen=True)
class Redaction:
    """What may leave, the digest of the whole, and the digests of what was left out by its id."""

    environment: Environment
    root: str
    digests: dict[str, str]
    #: Patterns of `without` that hid nothing: perhaps misspelled.
    unused: tuple[str, ...] = ()

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
    except (ValueError, RecursionError) as error:  # also for what is no UTF-8, and endless numbers
        raise PolicyError(f"`{name}` is no TOML: {error}") from None
    share = document.get("share")
    unknown = set(document) - {"share"} | (
        set(share) - {"submodels", "without"} if isinstance(share, dict) else set()
    )
    if not isinstance(share, dict) or unknown or "submodels" not in share:
        said = f"it has {', '.join(sorted(unknown))}" if unknown else "it has no [share] submodels"
        raise PolicyError(f"`{name}` is no policy: {said}", "`nacre help rdf` shows one")
    for key, value in share.items():
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise PolicyError(f"`{name}`: share.{key} is no list of texts")
    return Policy(tuple(share["submodels"]), tuple(share.get("without", ())))


def redact(environment: Environment, policy: Policy) -> Redaction:
    """Leave out what a policy does not let go.

    Of the concept descriptions those leave that something which leaves refers to. Shells leave without
    what is hidden in them, such as specific asset ids; relations keep the ids that they refer to.
    """
    asked = Policy(policy.submodels, policy.without)  # what they hid is counted for this call
    cases = [
        concept.id
        for concept in environment.concept_descriptions or ()
        if asked.hides(*concept.is_case_of or ())
    ]
    policy = Policy(policy.submodels, (*policy.without, *cases))
    tree = digest(environment)
    kept: list[Submodel] = []
    digests = {}
    for submodel in environment.submodels or ():
        whole = tree.nodes[submodel.id or ""].digest.hex()
        own = (submodel.semantic_id, *(submodel.supplemental_semantic_ids or ()))
        if not policy.shares(submodel) or policy.hides(*own):
            digests[submodel.id or ""] = whole
            continue
        bare = copied(submodel)
        if policy.without and _hide(bare, policy):
            digests[submodel.id or ""] = whole
        kept.append(bare)
    shells = [copied(each) for each in environment.asset_administration_shells or ()]
    if policy.without:
        for shell in shells:
            whole = tree.nodes[shell.id or ""].digest.hex()
            if _hide(shell, policy):
                digests[shell.id or ""] = whole
    meanings = {
        key.value
        for record in (*kept, *shells)
        for _, each in walk(record)
        if isinstance(each, Reference)
        for key in each.keys or ()
    }
    concepts = [
        each
        for each in environment.concept_descriptions or ()
        if each.id in meanings and not policy.hides(external_reference(each.id))
    ]
    found = Environment(
        asset_administration_shells=shells or None,
        submodels=kept or None,
        concept_descriptions=concepts or None,
    )
    used = asked.used | policy.used
    unused = tuple(each for each in asked.without if each not in used)
    return Redaction(found, tree.root.hex(), digests, unused)


def _hide(record: Record, policy: Policy) -> bool:
    """Take hidden elements out of a record; whether there were any."""
    hidden = False
    for attribute in attributes(type(record)):
        value = getattr(record, attribute.name)
        if not attribute.targets or value is None:
            continue
        members = value if attribute.is_list else [value]
        own = getattr(record, "semantic_id_list_element", None)
        left = [each for each in members if not _is_hidden(each, policy, own)]
        if len(left) < len(members):
            setattr(record, attribute.name, (left or None) if attribute.is_list else None)
            hidden = True
        for each in left:
            hidden |= _hide(each, policy)
    return hidden


def _is_hidden(record: Any, policy: Policy, said: Reference | None) -> bool:
    if isinstance(record, OperationVariable):
        return record.value is not None and _is_hidden(record.value, policy, None)
    if not isinstance(record, HasSemantics):
        return False
    supplements = record.supplemental_semantic_ids or ()
    return policy.hides(record.semantic_id, said, *supplements)


@functools.cache
def _glob(pattern: str) -> re.Pattern[str]:
    """A pattern where `*` stands for anything."""
    parts = map(re.escape, pattern.strip().split("*"))
    return re.compile(".*".join(parts), re.IGNORECASE | re.DOTALL)


def _fits(meaning: str, pattern: str) -> bool:
    """Whether a semantic id is what a pattern says, or another spelling of the same concept."""
    said = _glob(pattern).fullmatch(meaning.strip()) is not None
    return said or near_key(meaning) == near_key(pattern)


def _resembles(meaning: str, pattern: str) -> bool:
    """Whether some other spelling of a semantic id would be what a pattern with `*` says."""
    near = "*".join(near_key(part) for part in pattern.split("*"))
    return near.strip("*") != "" and _glob(near).fullmatch(near_key(meaning)) is not None
