"""A twin's own versions as events, and packages that carry their evidence."""

import contextlib
import dataclasses
from collections.abc import Iterator, Sequence

from nacre_aas import aasx, digest, files, paths
from nacre_aas.aasx import EVIDENCE_PART, Aasx, Supplement
from nacre_aas.constraints.packages import (
    CONTENT_TYPES,
    DOUBLED_NAME,
    LEADS_OUT,
    NO_ORIGIN,
    NO_SPECIFICATION,
    SERIALIZATIONS_DIFFER,
    SEVERAL_ORIGINS,
)
from nacre_aas.digest import Disclosure
from nacre_aas.document import Problem, pointer
from nacre_aas.errors import InputError
from nacre_aas.findings import Finding, Location
from nacre_aas.model import Environment
from nacre_aas.opc import Relationship
from nacre_ledger import history, rules
from nacre_ledger.commitment import field_of, twin_key
from nacre_ledger.errors import EventError, LedgerError
from nacre_ledger.event import ROLES, Change, Event, TwinChange, instant
from nacre_ledger.history import Line
from nacre_ledger.log import Ledger
from nacre_ledger.proofs.evidence import Shown

EVIDENCE_TYPE = "application/vnd.nacre.evidence+json"
EVIDENCE_RELATIONSHIP = "https://w3id.org/nacre/rel/evidence"
#: Rules of packages whose breach lets another reader see other content, or none.
_OTHER_CONTENT = {
    each.code for each in (DOUBLED_NAME, SERIALIZATIONS_DIFFER, SEVERAL_ORIGINS, LEADS_OUT)
}
_NO_CONTENT = {each.code for each in (CONTENT_TYPES, NO_ORIGIN, NO_SPECIFICATION)}


@dataclasses.dataclass
class Twin:
    """A file with a twin: its bytes, its content, its package if it is one, and its digest."""

    data: bytes
    content: Environment
    package: Aasx | None
    digest: str
    #: The root by which events named the content of a file in JSON or XML at first.
    former: str | None = None
    #: Why another reader may see other content than this one, or none, if the package is made so.
    ambiguities: tuple[str, ...] = ()
    without_content: tuple[str, ...] = ()
    #: What stands in the file and in no record of it, so that no digest covers it.
    unread: tuple[str, ...] = ()

    def has_root(self, digest: str) -> bool:
        """Whether an event that names a root means this content."""
        return digest in (self.digest, self.former)

    @property
    def asset(self) -> str | None:
        """The globalAssetId, if all shells have the same one."""
        found = {
            shell.asset_information.global_asset_id
            for shell in self.content.asset_administration_shells or ()
            if shell.asset_information.global_asset_id
        }
        return found.pop() if len(found) == 1 else None


def read(path: str) -> Twin:
    """The twin in a file: AASX, JSON or XML.

    Raises:
        InputError: nothing can be said about the file.
        LedgerError: readers of it may see different content.
    """
    twin = of_bytes(files.read_bytes(path), path)
    if twin.ambiguities:
        raise LedgerError(
            f"readers of `{path}` may see different content: {twin.ambiguities[0]}",
            f"`nacre validate {path}` tells more; ask for a package that says one thing",
        )
    return twin


def of_bytes(data: bytes, name: str) -> Twin:
    """The twin in the bytes of a file."""
    content, opened, problems = files.load(name, data=data)
    package = opened.package
    former = None
    if package is None:
        alone = digest.digest(content).root
        root, former = digest.package_root(alone), alone.hex()
    else:
        root = digest.package_digest(package)
    findings = [*package.findings, *files.differing_serializations(opened)] if package else []
    other, none = (
        tuple(each.message for each in findings if each.code in codes)
        for codes in (_OTHER_CONTENT, _NO_CONTENT)
    )
    unread = tuple(_where(each) for each in problems if not files.is_harmless(each))
    return Twin(data, content, package, root.hex(), former, other, none, unread)


def _where(problem: Problem) -> str:
    return f"{problem.message} ({pointer(problem.path)})"


def last_version(
    ledger: Ledger, asset: str, until: int, corrects: str | None = None
) -> Line | None:
    """What was said last about the twin of an asset as it was at a time, in microseconds since 1970.

    What an event `corrects`, itself or by other corrections, is not the version before it.
    """
    lines = history.read(ledger.of_asset(asset))
    event = None if corrects is None else ledger.event_of(corrects)
    event = event and (history.corrected(event, ledger.event_of) or event)
    corrected = None if event is None else ledger.position_of(event.event_id)
    found: Line | None = None
    for line in lines:
        if instant(line.event.happened) > until:
            break
        if corrected == line.position:
            if instant(line.event.happened) == until:
                break  # of one time, what stands before it in the log was before it
        elif line.event.asset == asset and line.event.twin is not None:
            found = line
    return found


def version_of(ledger: Ledger, line: Line) -> Twin | None:
    """The version of a twin that a line speaks about, if its file was kept."""
    position = line.source("twin")
    return recorded_twin(ledger, position, ledger.entry(position).event)


def recorded_twin(ledger: Ledger, position: int, event: Event) -> Twin | None:
    """The version of a twin that an event speaks about, if its file was kept."""
    for each in event.attachments:
        data = ledger.attachment(position, each.sha256)
        if data is None or event.twin is None:
            continue
        with contextlib.suppress(InputError):
            twin = of_bytes(data, each.name)
            if twin.has_root(event.twin.after):
                return twin
    return None


def says_the_same(one: Twin, other: Twin) -> bool:
    """Whether two files hold the same content, whatever files are with it."""
    return digest.digest(one.content).root == digest.digest(other.content).root


def change(before: Twin | None, after: Twin, salt: bytes, known: str | None = None) -> TwinChange:
    """What an event says about a new version of a twin; `salt` is that of the event.

    `known` is the digest of the version before as its event has it, also where its file is not held any more.
    """
    old = digest.digest(before.content) if before else None
    new = digest.digest(after.content)
    changed = digest.changed_paths(old, new) if old else ()
    return TwinChange(
        before=before.digest if before and not (known and before.has_root(known)) else known,
        after=after.digest,
        keyed=digest.digest(after.content, twin_key(salt)).root.hex(),
        changed=tuple(Change(path=path, change=kind) for kind, path in changed),  # type: ignore[arg-type]
    )


def disclose(twin: Twin, path: str, salt: bytes) -> Disclosure:
    """What proves one element of a version that an event speaks about; `salt` is that of the event.

    Raises:
        EditError: there is no element at the path.
    """
    return digest.disclose(twin.content, paths.find(twin.content, path), twin_key(salt))


# -- evidence in packages --------------------------------------------------------------------------


def embed(data: bytes, evidence: bytes, name: str) -> bytes:
    """A package with evidence in it, and everything else as it was.

    Raises:
        LedgerError: the file is no AASX package.
        InputError: nothing can be said about the file.
    """
    package = files.load(name, data=data)[1].package
    if package is None or package.origin is None:
        raise LedgerError(
            f"`{name}` is no AASX package", "`nacre export FILE -o FILE.aasx` makes one"
        )
    package.supplements[EVIDENCE_PART] = Supplement(EVIDENCE_TYPE, evidence)
    arrows = package.relationships.setdefault(package.origin[0], [])
    if not any(each.type == EVIDENCE_RELATIONSHIP for each in arrows):
        taken = {each.id for each in arrows}
        number = next(each for each in range(1, 1 << 20) if f"nacre{each}" not in taken)
        arrows.append(
            Relationship(f"nacre{number}", EVIDENCE_RELATIONSHIP, EVIDENCE_PART, external=False)
        )
    made = aasx.rewrite(package, {})
    twin = of_bytes(made, name)
    doubts = (*twin.ambiguities, *twin.without_content)
    if doubts:
        raise LedgerError(
            f"readers of `{name}` may see other content, or none: {doubts[0]}",
            f"`nacre validate {name}` says where, and --fix mends some of it; remove the rest",
        )
    return made


def evidence_of(data: bytes, name: str) -> tuple[Twin, bytes]:
    """The twin in a package and the evidence that it carries.

    Raises:
        InputError: nothing can be said about the file, or it carries no evidence.
    """
    twin = of_bytes(data, name)
    found = twin.package.supplements.get(EVIDENCE_PART) if twin.package else None
    if found is None:
        raise EventError(
            f"`{name}` carries no evidence", "`nacre ledger embed` puts it into a package"
        )
    return twin, found.content


def ambiguous(twin: Twin, here: Location) -> Iterator[Finding]:
    """That another reader may see other content in a package."""
    for each in twin.ambiguities:
        yield rules.PACKAGE.finding(f"readers may see different content: {each}", here)


def objections(twin: Twin, shown: Sequence[Shown], here: Location) -> Iterator[Finding]:
    """What is wrong with a package in view of the evidence that it carries."""
    yield from ambiguous(twin, here)
    for each in twin.without_content:
        yield rules.PACKAGE.finding(f"readers may see no content: {each}", here)
    for each in twin.unread:
        message = f"no digest covers all of the package: {each}"
        hint = "remove or correct that part (`nacre validate` says where), record, embed again"
        yield rules.NOT_COVERED.finding(message, here, hint=hint)
    assets = {name for each in shown for name in _assets(each)}
    if twin.asset is not None and assets and twin.asset not in assets:
        message = f"the evidence is about `{min(assets)}`, and the package about `{twin.asset}`"
        yield rules.PACKAGE.finding(message, here)
    versions = list(_versions(shown, twin.asset))
    if not versions:
        message = "no event in the evidence speaks about the content of the package"
        yield rules.NOT_COVERED.finding(message, here)
        return
    _, _, position, after = max(versions)
    if after != twin.digest:
        message = f"the package is not the version of event {position}, the last one about its twin"
        yield rules.PACKAGE.finding(message, here)


def _versions(shown: Sequence[Shown], asset: str | None) -> Iterator[tuple[int, int, int, str]]:
    """The versions of an asset's twin: when, in which entry, who says so, and the digest.

    Whole events are read with their corrections, others as they are.
    """
    whole = [Line(each.position, each.event) for each in shown if each.event is not None]
    for line in history.read(whole):
        event = line.event
        if event.twin is not None and asset in (None, event.asset):
            yield instant(event.happened), line.position, line.source("twin"), event.twin.after
    for each in shown:
        after = field_of(each.fields, "twin.after")
        is_about = asset is None or each.fields.get("asset") in (None, asset)
        if each.event is None and is_about and isinstance(after, str):
            yield _instant(each.fields.get("happened")), each.position, each.position, after


def _assets(shown: Shown) -> Iterator[str]:
    """The assets that an entry is known to speak about."""
    if isinstance(asset := shown.fields.get("asset"), str):
        yield asset
    for role in ROLES:
        items = shown.fields.get(role)
        for item in items if isinstance(items, (list, tuple)) else ():
            if isinstance(item, dict) and isinstance(item.get("asset"), str):
                yield item["asset"]


def _instant(happened: object) -> int:
    """When an event happened; 0 if that is not shown, or no time as a dishonest log may have it."""
    with contextlib.suppress(ValueError, TypeError):
        return instant(happened)  # type: ignore[arg-type]
    return 0
