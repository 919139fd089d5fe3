"""Checks an instance against its template.

An element of the instance is matched with one of the template by its semantic id (also a
supplemental one), then by class and idShort among those that share it. What matches nothing is
compared once more with a looser eye, so that a slip in a semantic id does not let everything below
it escape the rules.
"""

import functools
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec.structs import replace

from nacre_aas.checking import Flag
from nacre_aas.constraints.registry import Broken, Rule
from nacre_aas.model import (
    Blob,
    File,
    MultiLanguageProperty,
    Operation,
    OperationVariable,
    Property,
    Qualifier,
    Range,
    Record,
    Submodel,
    SubmodelElementCollection,
    SubmodelElementList,
)
from nacre_aas.schema import VARIABLES, elements_below
from nacre_aas.wording import counted, shortened
from nacre_aas.xsd import value_of
from nacre_submodels import expressions, qualifiers, rules
from nacre_submodels.compiler import semantic_id
from nacre_submodels.semantics import ARBITRARY, difference, is_coded, near_key, stem
from nacre_submodels.template import Element, Template, example_digest


def check(submodel: Submodel, template: Template) -> list[Flag]:
    """Everything in which a submodel departs from a template."""
    run = _Run()
    run.container(submodel, submodel.submodel_elements or (), _compiled(template))
    if submodel.qualifiers is not None:
        run.note_qualifiers(submodel)
    run.say_qualifiers()
    run.say_nameless()
    return run.flags


# -- the template, made ready for matching -------------------------------------------------------


class _Node:
    """An element of a template, with its children by what they are found by."""

    def __init__(self, element: Element, index: int, *, in_list: bool = False) -> None:
        self.element = element
        self.index = index
        #: What it is counted together with, by position: samples in a list that say the same.
        self.alike = [index]
        self.type = element.model_type
        is_free = (element.semantic_id or "").startswith(ARBITRARY)
        self.value_type = None if is_free else element.value_type
        self.children: list[_Node] = []
        #: The node whose children these are: another one in a structure that contains itself.
        self.below = self
        #: Whether other elements than these children may stand there without a word.
        self.is_open = True
        #: How messages call the place of its children.
        self.where = "here"
        #: Of an operation: for each of its lists of variables, what stands in that list.
        self.lists: dict[str, _Node] = {}
        self.pattern: re.Pattern[str] | None = None
        if element.allowed_id_short and not in_list:  # members of lists have no idShort
            self.pattern = re.compile(element.allowed_id_short)
        #: Whether there is nothing to look at but type, value type and children.
        self.plain = not (
            element.allowed_values
            or element.allowed_pattern
            or element.choices
            or element.allowed_range
            or element.required_languages
            or element.example_digests
            or self.pattern
            or element.model_type == "SubmodelElementList"
            or element.needs_value
        )

    def grow(self, way: list["_Node"]) -> None:
        """Make the children; `way` leads down to this node."""
        for index, element in enumerate(self.element.elements):
            in_list = self.type == "SubmodelElementList"
            child = _Node(element, index, in_list=in_list)
            if element.recurs:
                child.below = way[-element.recurs]
            elif self.type != "Operation":  # whose variables grow in the lists that they stand in
                child.grow([*way, child])
            self.children.append(child)
        if self.type == "Operation" and self.children:
            for name in VARIABLES:
                held = tuple(each for each in self.element.elements if each.variables == name)
                self.lists[name] = part = _Node(replace(_VARIABLES, elements=held), 0)
                part.grow([*way[:-1], part])
                part.is_open = False
                part.where = f"among its `{name}`"
        names = [child.element.semantic_id or "" for child in self.children]
        self.is_open = not names or any(each.startswith(ARBITRARY) for each in names)
        self.required = [child for child in self.children if child.element.minimum]
        self.by_semantic_id: dict[str | None, list[_Node]] = {}
        self.by_id_short: dict[str | None, _Node] = {}
        self.by_near_key: dict[str, _Node] = {}
        self.groups: dict[str, list[_Node]] = {}
        self.patterned = [child for child in self.children if child.pattern]
        for child in self.children:
            self._enter(child.element.semantic_id, child)
            self.by_id_short.setdefault(child.element.id_short, child)
            if child.element.either_or:
                self.groups.setdefault(child.element.either_or, []).append(child)
        if self.type == "SubmodelElementList":
            samples: dict[object, list[int]] = {}
            for child in self.children:
                if child.element.maximum is None:
                    child.alike = samples.setdefault(child.element.asks(), [])
                    child.alike.append(child.index)
        main = frozenset(self.by_semantic_id)
        for child in self.children:
            for each in child.element.supplemental_semantic_ids:
                if each not in main and not each.startswith(_DROP_IN):
                    self._enter(each, child)

    def is_named(self, id_short: str) -> bool:
        """Whether an idShort is of the pattern that this element has."""
        return self.pattern is not None and self.pattern.fullmatch(id_short) is not None

    def _enter(self, semantic_id: str | None, child: "_Node") -> None:
        if not semantic_id:
            return
        for spelling in {semantic_id, semantic_id.strip()}:
            self.by_semantic_id.setdefault(spelling, []).append(child)
        self.by_near_key.setdefault(near_key(semantic_id), child)


def _nearest(element: Element, key: str) -> str | None:
    """The semantic id of an element, main or supplemental, that another one nearly is."""
    every = (element.semantic_id or "", *element.supplemental_semantic_ids)
    return next((each.strip() for each in every if near_key(each) == near_key(key)), None)


#: Supplemental semantic ids that mark a use of a shared part, not a meaning.
_DROP_IN = "https://admin-shell.io/smt-dropin/"


@functools.lru_cache(512)
def _compiled(template: Template) -> _Node:
    root = _Node(Element(model_type="Submodel", elements=template.elements), 0)
    root.grow([root])
    return root


# -- matching ------------------------------------------------------------------------------------


class _Run:
    def __init__(self) -> None:
        self.flags: list[Flag] = []
        self.left: list[tuple[Any, int]] = []
        #: Lists whose members mean nothing by themselves, with what they should mean.
        self.nameless: list[tuple[SubmodelElementList, str]] = []

    def add(
        self,
        record: Record,
        rule: Rule,
        message: str,
        at: tuple[str | int, ...] = (),
        hint: str | None = None,
        absent: str | None = None,
    ) -> None:
        """Note a breach."""
        self.flags.append(Flag(record, rule, Broken(message, at, None, hint, absent)))

    def container(self, record: Record, members: Sequence[Any], node: _Node) -> None:
        """Check what stands in a submodel, collection, list or entity."""
        counts = [0] * len(node.children)
        loose: list[tuple[Any, _Node, str]] = []
        in_list = node.type == "SubmodelElementList"
        by_semantic_id = node.by_semantic_id
        for member in members:
            reference = member.semantic_id
            key = reference.keys[-1].value if reference is not None and reference.keys else None
            found = by_semantic_id.get(key)
            if found is None or key is None:
                match = self._other_match(member, key, node, loose, counts, in_list=in_list)
            else:
                match = found[0] if len(found) == 1 else _best(found, member, counts)
            if match is None:
                continue
            count = counts[match.index] = counts[match.index] + 1
            maximum = match.element.maximum
            if maximum is not None and count > maximum:
                self._too_many(member, match, in_list=in_list)
            self.element(member, match)
        for member, match, rest in loose:
            self._loose(member, match, rest, counts)
        if node.required or node.groups:
            self._cardinalities(record, node, counts)

    def _other_match(
        self,
        member: Any,
        key: str | None,
        node: _Node,
        loose: list[tuple[Any, _Node, str]],
        counts: list[int],
        *,
        in_list: bool,
    ) -> _Node | None:
        """A match by other means than the main semantic id; a doubtful one goes to `loose`."""
        for each in member.supplemental_semantic_ids or ():
            found = node.by_semantic_id.get(semantic_id(each))
            if found:
                match = _best(found, member, counts)
                if key is not None and near_key(key) == near_key(match.element.semantic_id or ""):
                    self._near_miss(member, match, key, rules.NEAR_MISS)
                elif key is not None and not _has_main(member, match.element):
                    self._known_otherwise(member, match, key)
                return match
        only = node.children[0] if in_list and len(node.children) == 1 else None
        if key is None and only is not None:
            return only  # the list says for all of its members what they mean
        named = node.by_id_short.get(member.id_short) if member.id_short else only
        if named is None and member.id_short:
            named = next((each for each in node.patterned if each.is_named(member.id_short)), None)
        if named is not None and named.element.semantic_id is None:
            return named
        if key is not None:
            near = node.by_near_key.get(near_key(key))
            if near is not None and near.type == member.__class__.__name__:
                loose.append((member, near, key))
                return None
        if named is not None and named.type == member.__class__.__name__:
            loose.append((member, named, key or ""))
        elif not node.is_open:
            known = "" if key is None else f" (semantic id `{shortened(key)}`)"
            message = f"the template has no `{_name(member)}`{known} {node.where}"
            self.add(member, rules.UNKNOWN, message)
        return None

    def _loose(self, member: Any, match: _Node, key: str, counts: list[int]) -> None:
        """A member that is meant to be an element of the template, by the looks of it."""
        element = match.element
        required = counts[match.index] < element.minimum
        counts[match.index] += required
        if key and _nearest(element, key) is not None:
            rule = rules.REQUIRED_NEAR_MISS if required else rules.NEAR_MISS
            self._near_miss(member, match, key, rule)
        else:
            rule = rules.REQUIRED_SEMANTIC_ID if required else rules.SEMANTIC_ID
            wanted = (element.semantic_id or "").strip()
            found = f"the semantic id `{shortened(key)}`" if key else "no semantic id"
            message = f"`{_name(member)}` has {found}, the template has `{wanted}`"
            at = ("semanticId",) if key else ()
            self.add(member, rule, message, at, f"set the semantic id to `{wanted}`")
        self.element(member, match)

    def _near_miss(self, member: Any, match: _Node, key: str, rule: Rule) -> None:
        wanted = _nearest(match.element, key) or (match.element.semantic_id or "").strip()
        reason = f"differs {difference(key, wanted)} from `{wanted}` of the template"
        message = f"the semantic id `{key}` of `{_name(member)}` {reason}"
        self.add(member, rule, message, ("semanticId",), f"set the semantic id to `{wanted}`")

    def _known_otherwise(self, member: Any, match: _Node, key: str) -> None:
        wanted = (match.element.semantic_id or "").strip()
        message = (
            f"`{_name(member)}` is known by a supplemental semantic id; its own is "
            f"`{key}`, the template has `{wanted}`"
        )
        self.add(member, rules.KNOWN_OTHERWISE, message, ("semanticId",))

    def _too_many(self, member: Any, match: _Node, *, in_list: bool) -> None:
        element = match.element
        most = {0: "not at all", 1: "only one time"}.get(
            element.maximum or 0, f"at most {element.maximum} times"
        )
        message = f"`{element.name}` may stand here {most}"
        lenient = in_list and element.maximum == 1
        self.add(member, rules.TOO_MANY_MEMBERS if lenient else rules.TOO_MANY, message)

    def _cardinalities(self, record: Record, node: _Node, counts: list[int]) -> None:
        for child in node.required:
            element = child.element
            count = sum(counts[index] for index in child.alike)
            if count < element.minimum and not element.either_or:
                absent = element.name if count == 0 else None
                self.add(
                    record, rules.MISSING, _missing(element, count), (), _advice(element), absent
                )
        for group in node.groups.values():
            present = [each for each in group if counts[each.index]]
            names = ", ".join(f"`{each.element.name}`" for each in group)
            if len(present) > 1 and len(group) > 1:
                self.add(record, rules.EITHER_OR, f"{names} exclude each other")
            elif not present and any(each.element.minimum for each in group):
                message = f"one of {names} is required" if len(group) > 1 else f"{names} is missing"
                self.add(record, rules.EITHER_OR, message, (), _advice(group[0].element))

    # -- one element -----------------------------------------------------------------------------

    def element(self, member: Any, node: _Node) -> None:
        """Check an element that was matched, and what is below it."""
        if member.__class__.__name__ != node.type:
            if node.type in _ABSTRACT:
                return
            message = (
                f"`{_name(member)}` is a {type(member).__name__}, the template has a {node.type}"
            )
            self.add(member, rules.MODEL_TYPE, message)
            return
        if node.value_type is not None and member.value_type != node.value_type:
            message = f"`valueType` is `{member.value_type}`, the template has `{node.value_type}`"
            self.add(member, rules.VALUE_TYPE, message, ("valueType",))
        if not node.plain:
            _check_values(self, member, node)
        if member.qualifiers is not None:
            self.note_qualifiers(member)
        below = node.below
        if below.lists:
            self.operation(member, below)
        elif below.children:
            self.container(member, _members(member), below)

    def operation(self, member: Operation, node: _Node) -> None:
        """Check the variables of an operation, list by list: they are its signature."""
        held: dict[str | int, list[Any]] = {name: [] for name in VARIABLES}
        for (name, *_), variable in elements_below(member):
            held[name].append(_element_of(variable))
        for name, part in node.lists.items():
            self.container(member, held[name], part)

    def note_qualifiers(self, member: Any) -> None:
        """Note qualifiers that speak of templates."""
        for position, qualifier in enumerate(member.qualifiers):
            if qualifier.kind != "TemplateQualifier" and _speaks_of_templates(qualifier):
                self.left.append((member, position))

    def say_qualifiers(self) -> None:
        """Say once that qualifiers of the template are left, however many there are."""
        if not self.left:
            return
        member, position = self.left[0]
        message = f"the qualifier `{member.qualifiers[position].type}` is left from the template"
        if len(self.left) > 1:
            message += f", and {len(self.left) - 1} more in this submodel"
        self.add(member, rules.QUALIFIER_LEFT, message, ("qualifiers", position))

    def say_nameless(self) -> None:
        """Say once that members of lists mean nothing by themselves, however many lists there are."""
        if not self.nameless:
            return
        member, wanted = self.nameless[0]
        message = (
            f"the members of `{_name(member)}` have no semantic id, and the list gives them none"
        )
        if len(self.nameless) > 1:
            message += f"; so it is in {counted(len(self.nameless) - 1, 'other list')}"
        hint = (
            f"set `semanticIdListElement` to what the template says of its members, here `{wanted}`"
        )
        self.add(member, rules.NAMELESS, message, (), hint)


#: What stands for a list of variables.
_VARIABLES = Element(model_type="SubmodelElementCollection")
#: Classes that stand for any element.
_ABSTRACT = frozenset(("SubmodelElement", "DataElement", "EventElement"))


def _members(member: Any) -> list[Any]:
    """The elements directly below an element."""
    if isinstance(member, (SubmodelElementCollection, SubmodelElementList)):
        return member.value or []
    return [_element_of(child) for _, child in elements_below(member)]


def _element_of(child: Any) -> Any:
    return child.value if isinstance(child, OperationVariable) else child


def _best(found: list[_Node], member: Any, counts: Sequence[int]) -> _Node:
    """Of several elements with one semantic id the one that is meant; among equal ones, one that lacks."""
    kind = member.__class__.__name__
    typed = [node for node in found if node.type == kind] or found
    if len(typed) == 1:
        return typed[0]
    for node in typed:
        if node.element.id_short == member.id_short and member.id_short:
            return node
    for node in typed:
        if node.pattern and member.id_short and node.pattern.fullmatch(member.id_short):
            return node
    keys = [semantic_id(each.semantic_id) for each in _members(member)]
    own_stem = stem(member.id_short)

    def fitness(node: _Node) -> tuple[bool, int, bool, bool, bool]:
        element, count = node.element, counts[node.index]
        is_numbered = bool(own_stem) and own_stem == stem(element.id_short)
        has_room = element.maximum is None or count < element.maximum
        known = sum(key in node.below.by_semantic_id for key in keys)
        value = member.value if isinstance(member, Property) else None
        may_be = not value or _is_allowed(value, element, member.value_type)
        return is_numbered, known, has_room and may_be, count < element.minimum, has_room

    return max(typed, key=fitness)


def _has_main(member: Any, element: Element) -> bool:
    """Whether one of the supplemental semantic ids is the main one of the template, if there is one."""
    every = map(semantic_id, member.supplemental_semantic_ids or ())
    return element.semantic_id is None or element.semantic_id.strip() in every


def _name(member: Any) -> str:
    return member.id_short or type(member).__name__


def _missing(element: Element, count: int) -> str:
    if element.minimum == 1:
        return f"`{element.name}` is missing, the template requires it"
    return f"`{element.name}` stands here {count} times, the template asks for {element.minimum}"


def _advice(element: Element) -> str:
    """What to add, with the semantic id and an example where there is one."""
    value = f" of {element.value_type}" if element.value_type else ""
    meaning = f" with semanticId {element.semantic_id.strip()}" if element.semantic_id else ""
    example = f", such as `{shortened(element.examples[0])}`" if element.examples else ""
    article = "an" if element.model_type[0] in "AEIO" else "a"
    return f"add {article} {element.model_type}{value}{meaning}{example}"


def _speaks_of_templates(qualifier: Qualifier) -> bool:
    kind = qualifiers.kind(qualifier.type)
    return kind in ("cardinality", "multiplicity") or (
        (qualifier.type or "").strip().upper().startswith("SMT/") and kind in qualifiers.ALL
    )


#: Values beyond so many characters are not judged by a pattern of several repetitions, which could take for ever.
LONGEST_BY_PATTERN = 400
_repetitions = functools.lru_cache(1024)(expressions.repetitions)


# -- values --------------------------------------------------------------------------------------


def _is_silent(value: Any) -> bool:
    """Whether a value says nothing: there is none, or blanks alone."""
    if isinstance(value, list):
        return all(_is_silent(each.text) for each in value)
    return not value.strip() if isinstance(value, str) else value is None


def _check_values(run: _Run, member: Any, node: _Node) -> None:
    element = node.element
    if element.needs_value and _is_silent(member.value):
        message = f"`{_name(member)}` is required, but it has no value"
        run.add(member, rules.NO_VALUE, message)
    if node.pattern and member.id_short and not node.pattern.fullmatch(member.id_short):
        message = f"`idShort` is `{member.id_short}`, the template has the pattern `{node.pattern.pattern}`"
        if member.id_short != element.id_short:
            run.add(member, rules.ID_SHORT, message, ("idShort",))
    if isinstance(member, Property):
        if member.value:
            _check_literal(run, member, element)
    elif isinstance(member, Range):
        for end in ("min", "max"):
            _check_range(run, member, element, end)
    elif isinstance(member, MultiLanguageProperty):
        _check_texts(run, member, element)
    elif isinstance(member, SubmodelElementList):
        _check_list(run, member, element)
    elif isinstance(member, (File, Blob)):
        _check_example(run, member, member.value, element, ("value",))


def _check_literal(run: _Run, member: Property, element: Element) -> None:
    value = member.value or ""
    if not _is_allowed(value, element, member.value_type):
        _not_allowed(run, member, value, element, ("value",))
    elif element.choices and not _is_among(value, element.choices, member.value_type):
        message = f"`{shortened(value)}` is not one of the values of the template"
        run.add(member, rules.NOT_OFFERED, message, ("value",), _one_of(element.choices))
    _check_range(run, member, element, "value")
    allowed = element.allowed_values or element.choices
    if not allowed and value != element.default:
        _check_example(run, member, value, element, ("value",))


def _is_allowed(value: str, element: Element, value_type: str | None) -> bool:
    """Whether a value is one that the template lists, or of the pattern that it has."""
    if element.allowed_pattern is not None:
        if len(value) > LONGEST_BY_PATTERN and _repetitions(element.allowed_pattern) > 1:
            return True
        return re.fullmatch(element.allowed_pattern, value) is not None
    return not element.allowed_values or _is_among(value, element.allowed_values, value_type)


def _not_allowed(
    run: _Run, member: Record, value: str, element: Element, at: tuple[str | int, ...]
) -> None:
    if element.allowed_pattern is None:
        message = f"`{shortened(value)}` is not one of the values of the template"
        run.add(member, rules.NOT_ALLOWED, message, at, _one_of(element.allowed_values))
    else:
        message = f"`{shortened(value)}` does not have the pattern of the template"
        hint = f"write a value of the pattern `{element.allowed_pattern}`"
        run.add(member, rules.NOT_ALLOWED, message, at, hint)


def _one_of(allowed: tuple[str, ...]) -> str:
    words = ", ".join(f"`{each}`" for each in allowed[:8])
    return f"use one of {words}" + (", ..." if len(allowed) > 8 else "")


def _check_range(run: _Run, member: Property | Range, element: Element, name: str) -> None:
    """Whether a number, if it is one, is in the interval that the template allows."""
    value = getattr(member, name)
    if element.allowed_range is None or value is None:
        return
    try:
        number = Decimal(value.replace("INF", "Infinity"))
    except InvalidOperation:
        return  # the matter of AASd-020
    if number.is_nan() or not element.allowed_range.holds(number):
        message = f"`{shortened(value)}` is outside {element.allowed_range}"
        run.add(member, rules.OUT_OF_RANGE, message, (name,))


def _is_among(value: str, allowed: tuple[str, ...], value_type: str | None) -> bool:
    if value in allowed:
        return True
    if value_type == "xs:boolean":
        word = {"1": "true", "0": "false"}.get(value, value)
        return word.casefold() in {each.casefold() for each in allowed}
    own = value_of(value, value_type or "")
    return own != value and any(value_of(each, value_type or "") == own for each in allowed)


def _check_texts(run: _Run, member: MultiLanguageProperty, element: Element) -> None:
    languages = {(text.language or "").casefold().partition("-")[0] for text in member.value or ()}
    for each in element.required_languages:
        if each.casefold().partition("-")[0] not in languages:
            run.add(member, rules.LANGUAGE, f"there is no text in `{each}`")
    for position, text in enumerate(member.value or ()):
        at = ("value", position, "text")
        if not _is_allowed(text.text, element, None):
            _not_allowed(run, member, text.text, element, at)
        _check_example(run, member, text.text, element, at)


def _check_example(
    run: _Run, member: Record, value: str | None, element: Element, at: tuple[str | int, ...]
) -> None:
    if not value or not element.example_digests or is_coded(value):
        return  # a code stands for a value that many products have
    if example_digest(value) in element.example_digests:
        message = f"`{shortened(value)}` is the example of the template"
        run.add(member, rules.EXAMPLE_LEFT, message, at)


def _check_list(run: _Run, member: SubmodelElementList, element: Element) -> None:
    wanted = element.semantic_id_list_element
    if wanted is None and len(element.elements) == 1:
        wanted = element.elements[0].semantic_id
    is_silent = member.semantic_id_list_element is None and any(
        each.semantic_id is None for each in member.value or ()
    )
    if wanted is not None and is_silent and not wanted.startswith(ARBITRARY):
        run.nameless.append((member, wanted.strip()))
    demands: tuple[tuple[str, Any, Any], ...] = (
        (
            "orderRelevant",
            member.order_relevant is not False,
            element.order_relevant is not False,
        ),
        ("typeValueListElement", member.type_value_list_element, element.type_value_list_element),
        ("valueTypeListElement", member.value_type_list_element, element.value_type_list_element),
        (
            "semanticIdListElement",
            semantic_id(member.semantic_id_list_element),
            element.semantic_id_list_element,
        ),
    )
    for name, found, wanted in demands:
        if wanted is None or found == wanted or wanted in _ABSTRACT:
            continue
        if found is None:  # what must be set is the matter of the metamodel
            continue
        if isinstance(wanted, str) and str(found).strip() == wanted.strip():
            continue
        message = f"`{name}` is `{_word(found)}`, the template has `{_word(wanted)}`"
        at = (
            (name,)
            if getattr(member, "order_relevant", None) is not None or found is not True
            else ()
        )
        run.add(member, rules.LIST_RULE, message, at)


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
