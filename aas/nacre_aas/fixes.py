"""Repairs: what `nacre validate --fix` does to a file.

A safe repair never deletes content or changes meaning; one that does is made only on request. The
text of a document is edited where the finding stands; a package is written again around it, which
puts its content types and relationships right.
"""

import dataclasses
import difflib
import re
from typing import Any

import msgspec

from nacre_aas import aasx, strict_json
from nacre_aas._etree import etree
from nacre_aas.constraints import packages
from nacre_aas.constraints.attributes import EMPTY_LIST, REQUIRED, TOO_SHORT, VERSION
from nacre_aas.constraints.catalogue import NULL, UNKNOWN_ATTRIBUTE
from nacre_aas.constraints.registry import Rule
from nacre_aas.document import Document, Problem
from nacre_aas.files import OpenFile, open_file
from nacre_aas.findings import Finding
from nacre_aas.jsonization import JsonDocument
from nacre_aas.opc import Limits
from nacre_aas.schema import Kind, attributes, classes
from nacre_aas.validation import judge
from nacre_aas.xmlization import XmlDocument

_ROUNDS = 4
_DOTTED = re.compile(r"(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})")


@dataclasses.dataclass
class Repair:
    """The repaired file, or `None` if nothing could be done, and the codes of what was done."""

    data: bytes | None = None
    done: list[str] = dataclasses.field(default_factory=list)
    diff: str = ""


def repair(
    name: str, *, data: bytes | None = None, limits: Limits | None = None, unsafe: bool = False
) -> Repair:
    """Repair a file as far as its findings allow.

    Raises:
        InputError: nothing can be said about the file.
    """
    opened = open_file(name, data=data, limits=limits, keep=True)
    result = Repair()
    texts: dict[str | None, bytes] = {}
    for part, document in opened.documents.items():
        fixed, done = _repair_document(document, unsafe=unsafe)
        if done:
            texts[part] = fixed
            result.done += done
            shown = name if part is None else f"{name} » {part.lstrip('/')}"
            result.diff += _unified(document.data, fixed, shown)
    if opened.package is None:
        result.data = texts.get(None)
        return result
    codes = {each.code for each in opened.package.findings}
    is_cut = packages.UNREADABLE_RELATIONSHIPS.code in codes and not unsafe
    if is_cut or aasx.not_carried_over(opened.package):
        return Repair()  # writing the package again would lose what could not be read
    structure = _structural(opened, unsafe=unsafe)
    result.done += [finding.code for finding in structure]
    result.diff += "".join(f"~ {name}: {each.message} ({each.code})\n" for each in structure)
    if result.done:
        codes = {each.code for each in structure}
        dropped = {
            each.location.part or ""
            for each in structure
            if each.code == packages.UNREFERENCED.code
        }
        documents = {name: text for name, text in texts.items() if name is not None}
        dangling = packages.NO_TARGET.code not in codes
        result.data = aasx.rewrite(
            opened.package, documents, frozenset(dropped), keep_dangling=dangling
        )
    return result


# -- documents ----------------------------------------------------------------------------------


def _repair_document(document: Document, *, unsafe: bool) -> tuple[bytes, list[str]]:
    done: list[str] = []
    current = document
    for _ in range(_ROUNDS):
        issues = [issue.problem for issue in judge(current).issues]
        problems = [
            each for each in issues if each.rule.fix is not None and (each.rule.fix.safe or unsafe)
        ]
        missing = {each.path for each in issues if each.rule is REQUIRED}
        fixed, codes = _edit(current, problems)
        if not codes:
            break
        # What is required must not be removed: leave out the repairs that did so, and start again.
        after = {
            issue.problem.path
            for issue in judge(type(document)(fixed)).issues  # type: ignore[call-arg]
            if issue.rule is REQUIRED
        }
        harmful = after - missing
        if harmful:
            problems = [each for each in problems if each.path[:-1] not in harmful]
            fixed, codes = _edit(current, problems)
            if not codes:
                break
        done += codes
        current = type(document)(fixed)  # type: ignore[call-arg]
        if harmful:
            break
    return current.data, done


def _edit(document: Document, problems: list[Problem]) -> tuple[bytes, list[str]]:
    """Make the repairs that can be made, deepest and last first so that paths stay true."""
    in_order = sorted(problems, key=_depth_first, reverse=True)
    if isinstance(document, JsonDocument):
        root = strict_json.loads(document.data.decode(), parse_int=_literal, parse_float=_literal)
        done = [each.rule.code for each in in_order if _edit_json(root, each)]
        return _as_before(document.data, msgspec.json.encode(root)), done
    assert isinstance(document, XmlDocument)
    found = list(document.elements_of(in_order))
    root = found[0][1].getroottree() if found else None
    done = [each.rule.code for each, element in found if _edit_xml(element, each)]
    if not done:
        return document.data, done
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n", done


def _literal(number: str) -> msgspec.Raw:
    """A number as it is written: none of its digits is lost."""
    return msgspec.Raw(number.encode())


def _as_before(old: bytes, new: bytes) -> bytes:
    """A JSON text laid out as another one is, as far as spaces and ends of lines go."""
    indented = re.search(rb"\n( *)[^ \r\n]", old)
    if indented is not None:
        new = msgspec.json.format(new, indent=len(indented[1]) or 2)
    new += b"\n" if old.endswith(b"\n") else b""
    return new.replace(b"\n", b"\r\n") if b"\r\n" in old else new


def _depth_first(problem: Problem) -> tuple[tuple[int, str | int], ...]:
    return tuple((0, step) if isinstance(step, int) else (1, step) for step in problem.path)


def _edit_json(root: Any, problem: Problem) -> bool:
    *way, last = problem.path or ("",)
    owner = root
    for step in way:
        try:
            owner = owner[step]
        except (KeyError, IndexError, TypeError):
            return False
    if not isinstance(owner, dict) or last not in owner:
        return False
    if problem.rule is VERSION:
        return _split_version(owner, last)
    if not _may_be_removed(problem.rule, str(last)):
        return False
    del owner[last]
    return True


def _split_version(administration: dict[str, Any], name: Any) -> bool:
    """Version `2.1` becomes version 2, revision 1, if there is no revision yet."""
    match = _DOTTED.fullmatch(administration[name])
    if match is None or name != "version" or "revision" in administration:
        return False
    administration["version"], administration["revision"] = match[1], match[2]
    return True


def _edit_xml(element: Any, problem: Problem) -> bool:
    owner = element.getparent()
    if owner is None:
        return False
    name = etree.QName(element).localname
    if problem.rule is VERSION:
        revision = owner.find("{*}revision")
        match = _DOTTED.fullmatch(element.text or "")
        if match is None or name != "version" or revision is not None:
            return False
        element.text = match[1]
        added = etree.Element(element.tag.replace("version", "revision"))
        added.text, added.tail = match[2], element.tail
        element.addnext(added)
        return True
    if not _may_be_removed(problem.rule, name):
        return False
    owner.remove(element)
    return True


def _may_be_removed(rule: Rule, name: str) -> bool:
    """Whether a rule is repaired by leaving out the attribute of a name."""
    return rule in (EMPTY_LIST, UNKNOWN_ATTRIBUTE, NULL) or (
        rule is TOO_SHORT and name in _OPTIONAL
    )


def _optional_texts() -> frozenset[str]:
    """Names of string attributes that may be left out wherever they stand."""
    every = [
        (attribute.json_name, attribute.required)
        for record in classes()
        for attribute in attributes(record)
        if attribute.kind is Kind.TEXT
    ]
    required = {name for name, needed in every if needed}
    return frozenset(name for name, _ in every) - required | {"value", "version", "contentType"}


_OPTIONAL = _optional_texts()


def _unified(old: bytes, new: bytes, name: str) -> str:
    before, after = (text.decode("utf-8", "replace").splitlines() for text in (old, new))
    lines = difflib.unified_diff(before, after, name, name, lineterm="", n=2)
    return "".join(line + "\n" for line in lines)


# -- packages -----------------------------------------------------------------------------------


def _structural(opened: OpenFile, *, unsafe: bool) -> list[Finding]:
    """The findings about the package that writing it again repairs."""
    assert opened.package is not None
    return [
        finding
        for finding in opened.package.findings
        if finding.fix is not None and (finding.fix.safe or unsafe)
    ]
