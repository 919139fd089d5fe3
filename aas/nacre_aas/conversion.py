"""From one metamodel version to another, with a list of what the target cannot hold."""

import dataclasses

from nacre_aas.aasx import guess_type
from nacre_aas.document import pointer
from nacre_aas.findings import Severity
from nacre_aas.jsonization import JsonDocument, dumps
from nacre_aas.model import Entity, Environment, Record, SubmodelElementList
from nacre_aas.schema import attributes, copied, walk
from nacre_aas.validation import Issue, judge
from nacre_aas.versions import EXISTS, LITERALS, ONLY_3_0, REQUIRED, Metamodel


@dataclasses.dataclass(frozen=True)
class Loss:
    """Something that the target cannot hold, as a JSON pointer, and what was done about it."""

    path: str
    message: str


def convert(content: Environment, version: Metamodel) -> tuple[Environment, list[Loss]]:
    """A copy of an environment as a version can hold it, and what that version cannot hold.

    Attributes that the version does not have are left out, missing ones that it requires are
    filled where a neutral value exists. Whatever else breaks a rule of the version is listed and
    left as it is.
    """
    result = copied(content)
    losses: list[Loss] = []
    for path, record in list(walk(result)):
        losses += _leave_out(record, pointer(path), version)
        losses += _fill(record, pointer(path), version)
    before = judge(JsonDocument(dumps(content)))
    known = {_breach(issue) for issue in before.issues}
    for issue in judge(JsonDocument(dumps(result)), version).issues:
        if issue.rule.severity is Severity.ERROR and _breach(issue) not in known:
            message = f"{issue.problem.message} ({issue.rule.code})"
            losses.append(Loss(pointer(issue.problem.path), message))
    return result, losses


def _breach(issue: Issue) -> tuple[str, str, tuple[str, ...]]:
    return issue.rule.code, issue.problem.message, issue.element


def _leave_out(record: Record, path: str, version: Metamodel) -> list[Loss]:
    losses = []
    name = type(record).__name__
    for (owner, attribute), exists in EXISTS.items():
        if owner == name and not exists & version and getattr(record, attribute) is not None:
            losses.append(Loss(path, f"`{_json_name(record, attribute)}` is left out"))
            setattr(record, attribute, None)
    for (owner, attribute, literal), exists in LITERALS.items():
        if owner == name and not exists & version and getattr(record, attribute) == literal:
            losses.append(Loss(path, f"`{literal}` becomes `NotApplicable`"))
            setattr(record, attribute, "NotApplicable")
    if isinstance(record, SubmodelElementList) and version is ONLY_3_0:
        for position, member in enumerate(record.value or ()):
            if member.id_short is not None:
                message = f"`idShort` `{member.id_short}` is left out"
                losses.append(Loss(f"{path}/{position}", message))
                member.id_short = None
    return losses


def _fill(record: Record, path: str, version: Metamodel) -> list[Loss]:
    losses = []
    for (owner, attribute), versions in REQUIRED.items():
        missing = owner == type(record).__name__ and getattr(record, attribute) is None
        if not missing or not versions & version:
            continue
        value = _neutral(record, attribute)
        if value is not None:
            losses.append(Loss(path, f"`{_json_name(record, attribute)}` is set to `{value}`"))
            setattr(record, attribute, value)
    return losses


def _neutral(record: Record, attribute: str) -> str | None:
    """A value that says nothing new, for an attribute that only some versions require."""
    match attribute:
        case "entity_type" if isinstance(record, Entity):
            named = record.global_asset_id or record.specific_asset_ids  # AASd-014
            return "SelfManagedEntity" if named else "CoManagedEntity"
        case "content_type":
            return guess_type(getattr(record, "value", None) or "")
        case _:
            return None


def _json_name(record: Record, attribute: str) -> str:
    return next(each.json_name for each in attributes(type(record)) if each.name == attribute)
