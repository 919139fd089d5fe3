"""Digests of twins: `nacre.digest/v1`, a Merkle tree over elements (specified in docs/digest.md).

Each identifiable and each submodel element is a node. A node hashes its own content (its canonical
bytes without its child elements) and the digests of its children; where order has no meaning the
children are sorted by digest. Two trees are enough to find a changed element by its path.
"""

import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from nacre_aas import opc
from nacre_aas.aasx import EVIDENCE_PART, Aasx, merged
from nacre_aas.canonical import canonical_part, is_ordered
from nacre_aas.collector import collector_paused
from nacre_aas.model import (
    Environment,
    OperationVariable,
    Record,
    SubmodelElement,
)
from nacre_aas.schema import attributes, classes

VERSION = "nacre.digest/v1"

_OWN, _NODE, _ENVIRONMENT, _PACKAGE = b"\0", b"\1", b"\2", b"\3"


class Node(msgspec.Struct, frozen=True, gc=False):
    """A node: hash of its own content, digest of itself and all below, and its blinding value."""

    own: bytes
    digest: bytes
    blind: bytes = b""


class DigestTree(NamedTuple):
    """The digests of an environment: the root, and every node by its path."""

    root: bytes
    nodes: Mapping[str, Node]


def digest(environment: Environment, key: bytes | None = None) -> DigestTree:
    """The digest tree of an environment.

    With a key every node is blinded by HMAC-SHA-256(key, path), so that one value can be disclosed
    without giving away its neighbours to guessing. Only a keyed root serves disclosure; only the
    unkeyed one serves equality and comparison.
    """
    with collector_paused():
        return _digest(environment, key)


def _digest(environment: Environment, key: bytes | None) -> DigestTree:
    nodes: dict[str, Node] = {}
    tops = [
        _node(record, record.id or "", key, nodes)
        for name in Environment.__struct_fields__
        for record in getattr(environment, name) or ()
    ]
    root = _hash(_ENVIRONMENT, VERSION.encode(), *sorted(tops))
    return DigestTree(root, nodes)


def package_digest(package: Aasx) -> bytes:
    """The package root: over the environment root and every supplementary part.

    Nacre's own evidence and the bookkeeping of Open Packaging Conventions are left out.
    """
    parts = sorted(
        (opc.escaped_name(name), part.content_type, sha256(part.content).digest())
        for name, part in package.supplements.items()
        if name != EVIDENCE_PART and "/_rels/" not in name
    )
    return package_root(digest(merged(package)).root, parts)


def package_root(root: bytes, parts: Iterable[tuple[str, str, bytes]] = ()) -> bytes:
    """The package root of an environment root and parts: names, content types and SHA-256, sorted by name.

    A file in JSON or XML is a package without such parts.
    """
    fields = [field for name, type_, sha in parts for field in (name.encode(), type_.encode(), sha)]
    return _hash(_PACKAGE, VERSION.encode(), root, *fields)


def changed_paths(old: DigestTree, new: DigestTree) -> Iterator[tuple[str, str]]:
    """What differs between two trees: `added`, `removed` or `changed`, and where.

    Changed is what has other content of its own, or the same below it in another order.
    """
    found: dict[str, str] = {}
    unexplained: list[str] = []
    for path in old.nodes.keys() | new.nodes.keys():
        before, after = old.nodes.get(path), new.nodes.get(path)
        if before is None:
            found[path] = "added"
        elif after is None:
            found[path] = "removed"
        elif before.own != after.own:
            found[path] = "changed"
        elif before.digest != after.digest:
            unexplained.append(path)
    above = {each for path in found for each in _above(path)}
    for path in sorted(unexplained, key=len, reverse=True):  # from the bottom up
        if path not in above:
            found[path] = "changed"
            above.update(_above(path))
    return ((found[path], path) for path in sorted(found))


def _above(path: str) -> Iterator[str]:
    """Every beginning of a path that may be that of a node above."""
    return (path[: mark.start()] for mark in re.finditer(r"[/\[]", path))


class Group(msgspec.Struct, frozen=True):
    """The digests of one list of children, in hexadecimal; `None` stands for the disclosed child."""

    attribute: str
    digests: tuple[str | None, ...]


class Step(msgspec.Struct, frozen=True):
    """A node above a disclosed one: its own content, blinding value, and the digests of its children."""

    content: str
    blind: str
    groups: tuple[Group, ...]


class Disclosure(msgspec.Struct, frozen=True):
    """One element of a twin, and what connects it with a keyed root.

    `content` is the canonical JSON of the element without its child elements, `blind` its blinding
    value, `steps` lead up from its parent, `tops` are the digests of all identifiables.
    """

    content: str
    blind: str
    groups: tuple[Group, ...]
    steps: tuple[Step, ...]
    tops: tuple[str | None, ...]

    def root(self) -> bytes:
        """The root that the disclosure leads to.

        Raises:
            ValueError: a digest is not hexadecimal.
        """
        own = _disclosed(self)
        found = _hash(_NODE, own, *_fields(self.groups, b"")) if self.groups else own
        for step in self.steps:
            found = _hash(_NODE, _disclosed(step), *_fields(step.groups, found))
        tops = sorted(found if each is None else bytes.fromhex(each) for each in self.tops)
        return _hash(_ENVIRONMENT, VERSION.encode(), *tops)

    @property
    def path(self) -> str:
        """Where the element is, as the proved contents say.

        Raises:
            ValueError: they do not say it.
        """
        names = [_named(self.content), *(_named(step.content) for step in self.steps)]
        path = str(
            msgspec.json.decode((self.steps[-1] if self.steps else self).content).get("id", "")
        )
        for name, step in zip(reversed(names[:-1]), reversed(self.steps), strict=True):
            path += f"/{name}" if name else f"[{_position(step)}]"
        return path


def _disclosed(node: "Step | Disclosure") -> bytes:
    return sha256(_OWN + bytes.fromhex(node.blind) + node.content.encode()).digest()


def _named(content: str) -> str | None:
    found = msgspec.json.decode(content)
    name = found.get("idShort") if isinstance(found, dict) else None
    return name if isinstance(name, str) else None


def _position(step: Step) -> int:
    """The place of the disclosed child among its siblings."""
    for group in step.groups:
        if None in group.digests:
            return group.digests.index(None)
    raise ValueError("no child is disclosed")


def disclose(environment: Environment, element: Record, key: bytes) -> Disclosure:
    """What proves one element of an environment against its keyed root.

    Raises:
        LookupError: the element is not in the environment.
    """
    with collector_paused():
        tree = _digest(environment, key)
    tops = [
        record
        for name in Environment.__struct_fields__
        for record in getattr(environment, name) or ()
    ]
    for top in tops:
        way = _way(top, top.id or "", element)
        if way is None:
            continue
        steps = [
            Step(*_own(tree, each, path), _groups(each, path, tree, below))
            for (path, each), (below, _) in zip(reversed(way[:-1]), reversed(way[1:]), strict=True)
        ]
        path, record = way[-1]
        return Disclosure(
            *_own(tree, record, path),
            _groups(record, path, tree, None),
            tuple(steps),
            tuple(None if each is top else tree.nodes[each.id or ""].digest.hex() for each in tops),
        )
    raise LookupError("the element is not in the environment")


def _own(tree: DigestTree, record: Record, path: str) -> tuple[str, str]:
    """The content of a record without its children, and its blinding value."""
    names = _CHILD_ATTRIBUTES[record.__class__]
    bare = msgspec.structs.replace(record, **dict.fromkeys(names)) if names else record
    return canonical_part(bare).decode(), tree.nodes[path].blind.hex()


def _way(record: Record, path: str, element: Record) -> list[tuple[str, Record]] | None:
    """The records from one down to an element below it, with their paths."""
    if record is element:
        return [(path, record)]
    for _, members in _children(record, path):
        for member_path, member in members:
            below = _way(member, member_path, element)
            if below is not None:
                return [(path, record), *below]
    return None


def _groups(record: Record, path: str, tree: DigestTree, left_out: str | None) -> tuple[Group, ...]:
    groups = []
    for name, members in _children(record, path):
        digests: list[tuple[bytes, str | None]] = [
            (tree.nodes[each].digest, None if each == left_out else tree.nodes[each].digest.hex())
            for each, _ in members
        ]
        if not is_ordered(record, name):
            digests.sort(key=lambda each: each[0])
        groups.append(Group(name, tuple(text for _, text in digests)))
    return tuple(groups)


def _fields(groups: tuple[Group, ...], found: bytes) -> Iterator[bytes]:
    for group in groups:
        yield group.attribute.encode()
        yield len(group.digests).to_bytes(4, "big")
        yield from (found if each is None else bytes.fromhex(each) for each in group.digests)


def _lists(record: Record) -> Iterator[tuple[str, list[Any]]]:
    """The lists of child elements of a record: attribute and members."""
    for name in _CHILD_ATTRIBUTES[record.__class__]:
        members: list[Any] | None = getattr(record, name)
        if not members:
            continue
        if members[0].__class__ is OperationVariable:
            members = [member.value for member in members if member.value is not None]
        yield name, members


def _path(path: str, position: int, member: Any) -> str:
    """The path of a child element."""
    name = member.id_short
    return f"{path}[{position}]" if name is None else f"{path}/{name}"


def _children(record: Record, path: str) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """The lists of child elements of a record: attribute, and each member with its path."""
    for name, members in _lists(record):
        yield name, [(_path(path, at, member), member) for at, member in enumerate(members)]


def _node(record: Record, path: str, key: bytes | None, nodes: dict[str, Node]) -> bytes:
    """Enter a record and all below it into `nodes`; the digest of the record."""
    blind = b"" if key is None else hmac.digest(key, path.encode(), "sha256")
    names = _CHILD_ATTRIBUTES[record.__class__]
    digests: list[bytes] = []
    for name, members in _lists(record) if names else ():
        below = [
            _node(member, _path(path, at, member), key, nodes) for at, member in enumerate(members)
        ]
        if not is_ordered(record, name):
            below.sort()
        digests += (name.encode(), len(below).to_bytes(4, "big"), *below)
    if digests:
        record = msgspec.structs.replace(record, **dict.fromkeys(names))
    own = whole = sha256(_OWN + blind + canonical_part(record)).digest()
    if digests:
        whole = _hash(_NODE, own, *digests)
    while path in nodes:  # two elements of one idShort are an error, but must not hide each other
        path += "'"
    nodes[path] = Node(own, whole, blind)
    return whole


_CHILD_ATTRIBUTES = {
    record: tuple(
        attribute.name
        for attribute in attributes(record)
        if attribute.is_list
        and attribute.targets
        and issubclass(attribute.targets[0], (SubmodelElement, OperationVariable))
    )
    for record in classes()
}


def _hash(tag: bytes, *fields: bytes) -> bytes:
    """SHA-256 over a tag and length-prefixed fields."""
    prefixed = [len(field).to_bytes(8, "big") + field for field in fields]
    return sha256(tag + b"".join(prefixed)).digest()
