"""From a form to a package: one shell with all submodels of the form, checked before it is written."""

import contextlib
import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from nacre_aas import aasx, checking
from nacre_aas.aasx import Aasx, file_of, guess_type
from nacre_aas.checking import Check, Flag, Run
from nacre_aas.constraints.context import Concepts
from nacre_aas.constraints.registry import RULES, Rule
from nacre_aas.editing import is_identifier, reference_from
from nacre_aas.errors import EditError, FileAccessError, InputError
from nacre_aas.files import read_bytes, validate
from nacre_aas.findings import Finding, Location, Severity
from nacre_aas.model import (
    AdministrativeInformation,
    AssetAdministrationShell,
    AssetInformation,
    ConceptDescription,
    Entity,
    Environment,
    File,
    Key,
    OperationVariable,
    Record,
    Reference,
    Resource,
    SpecificAssetId,
    Submodel,
    SubmodelElementCollection,
    SubmodelElementList,
)
from nacre_aas.schema import copied, elements_below, walk
from nacre_aas.syntax import SYNTAX
from nacre_aas.versions import ALL, NONE, Metamodel
from nacre_submodels import conformance, packs, rules
from nacre_submodels.builder import (
    RESERVED,
    Built,
    Mention,
    ValuePath,
    build,
    hint_for,
    specific_asset_ids,
)
from nacre_submodels.catalogue import Catalogue
from nacre_submodels.check import TemplateCheck, from_folder, template_named
from nacre_submodels.compiler import compile_template, semantic_id
from nacre_submodels.form import FORM_VERSION, Form, Spot
from nacre_submodels.semantics import stem
from nacre_submodels.template import Element, Template

#: What the default package is valid under.
DEFAULT = Metamodel.V3_0 | Metamodel.V3_1
#: A concept that is about other values, or that has a unit, than the element that the template says has it.
_UNFIT = ("MET-024", "MET-026")
_KINDS = ("Instance", "Type", "Batch", "Role", "NotApplicable")
_REFERENCE_HINT = (
    'write an id, the way to an element such as "Nameplate/SerialNumber", or '
    '{ keys = [["GlobalReference", "..."]] }'
)


@dataclasses.dataclass
class Generated:
    """The package of a form, if there is nothing wrong with it, and what was found out."""

    findings: list[Finding]
    data: bytes | None = None
    environment: Environment | None = None
    templates: list[Template] = dataclasses.field(default_factory=list)
    files: int = 0
    #: What of templates or type is not in the package, and why.
    left_out: list[str] = dataclasses.field(default_factory=list)


class Base(NamedTuple):
    """What a shell is derived from: the content of a type's file, and its package if it is one."""

    content: Environment
    package: Aasx | None = None


def generate(
    form: Form,
    name: str,
    catalogue: Catalogue,
    *,
    metamodel: Metamodel | None = None,
    folder: Path | None = None,
    base: Base | None = None,
    checks: Sequence[Check] = (),
) -> Generated:
    """The package of a form.

    `name` is what findings call the form, `folder` where its files are looked for. `checks` are those
    that the package is to pass besides that of its templates. `base` is a
    type's package, which the new shell derives from: its submodels and files are taken over, and
    the values of the form override theirs.
    """
    every = (TemplateCheck(), *checks)
    return _Generator(form, name, catalogue, metamodel, folder or Path(), base, every).generate()


class _Generator:
    def __init__(
        self,
        form: Form,
        name: str,
        catalogue: Catalogue,
        metamodel: Metamodel | None,
        folder: Path,
        base: Base | None,
        checks: Sequence[Check],
    ) -> None:
        self.form = form
        self.name = name
        self.catalogue = catalogue
        self.versions = metamodel or DEFAULT
        self.is_fixed = metamodel is not None
        self.folder = folder
        self.checks = checks
        self.result = Generated([])
        self.language = "en"
        self.package = Aasx()
        self.base: list[Submodel] = []
        #: References in what was copied from the type, and the new ids of the type's submodels.
        self.inherited: list[Reference] = []
        self.renamed: dict[str, str] = {}
        self.type: AssetAdministrationShell | None = None
        #: The names of the type's files, which may not have come with it.
        self.reserved: set[str] = set()
        self.concepts: list[ConceptDescription] = []
        #: Where the form names what lies in the package, by part names.
        self.attached: dict[str | None, ValuePath] = {}
        #: Where the form says an element, by the names on the way to it.
        self.ways: dict[tuple[str, ...], ValuePath] = {}
        if base is not None:
            self.concepts = base.content.concept_descriptions or []
            self.base = [each for each in base.content.submodels or () if each.kind != "Template"]
            self._choose_type(base.content.asset_administration_shells or [])
            self.reserved = {
                file_of(each) or ""
                for one in (*self.base, *filter(None, (self.type,)))
                for _, each in walk(one)
                if isinstance(each, (File, Resource))
            }
            if base.package is not None:
                self.package.supplements = dict(base.package.supplements)
                self.package.thumbnail = base.package.thumbnail
        #: References that are written as texts, with where they stand and the keys of their submodels.
        self.mentions: list[tuple[ValuePath, str, Mention]] = []
        #: Tables of the form that are none, which is said once.
        self.no_tables: set[str] = set()
        #: Paths of fields that were left empty, and of values that do not fit with all above them.
        self.empty: set[ValuePath] = set()
        self.troubled: set[ValuePath] = set()

    def _choose_type(self, shells: Sequence[AssetAdministrationShell]) -> None:
        """The shell of the type, and of the submodels those that it names."""
        if len(shells) > 1:
            named = ", ".join(f"`{each.id_short or each.id}`" for each in shells)
            hint = "take the others away: `nacre set FILE --remove SHELL -o TYPE`"
            message = f"the type is not clear: its file has the shells {named}"
            self._finding(rules.FORM, ("shell",), message, hint)
        self.type = next(iter(shells), None)
        if self.type is None or not self.type.submodels:
            return
        named_ids = [each.keys[-1].value for each in self.type.submodels if each.keys]
        for each in self.base:
            if each.id not in named_ids:
                self.result.left_out.append(
                    f"the submodel `{each.id}` is not taken over: the type's shell does not name it"
                )
        held = {each.id for each in self.base}
        for name in dict.fromkeys(named_ids):
            if name not in held:
                self.result.left_out.append(
                    f"the submodel `{name}` is not taken over: the type's file holds no instance of it"
                )
        self.base = [each for each in self.base if each.id in named_ids]

    def generate(self) -> Generated:
        self._check_head()
        self.language = self._language()
        self._choose_version()
        asset = self._asset()
        asset_id = (asset.global_asset_id or "").rstrip("/")
        submodels: list[Submodel] = []
        for key, values in self.form.submodels.items():
            made = self._submodel(key, values, asset_id)
            if made is not None:
                submodels.append(made)
        for number, each in enumerate(self.base, start=1):  # those that the form says nothing about
            copy = self._inherit(each, f"{asset_id}/submodels/{each.id_short or number}")
            submodels.append(copy)
        self._follow()
        if not submodels and not self.form.submodels:
            self._finding(rules.FORM, ("submodel",), "the form has no submodel", _FORM_HINT)
        shell = self._shell(asset, submodels)
        self._check_ids(shell, submodels)
        if asset.global_asset_id is not None:
            self._check_metamodel(shell, ("shell",))
        content = Environment(
            asset_administration_shells=[shell],
            submodels=submodels or None,
            concept_descriptions=self._concepts(submodels) or None,
        )
        self.result.environment = content
        self._lead(content)
        if self._is_good():
            version = next(iter(self.versions))
            data = aasx.write(content, version=version, package=self.package)
            self._check_package(data)
            if self._is_good():
                self.result.data = data
                self.result.files = len(self.package.supplements)
        self.result.findings.sort(key=lambda each: (each.location.line or 0, each.code))
        return self.result

    def _check_ids(self, shell: AssetAdministrationShell, submodels: list[Submodel]) -> None:
        """Shell and submodels have different ids."""
        taken = {shell.id: "the shell"}
        keys = {_id_short(key): key for key in self.form.submodels}
        for submodel in submodels:
            name = submodel.id_short or ""
            if submodel.id in taken:
                message = f"the id `{submodel.id}` is that of {taken[submodel.id]}"
                path = ("submodel", keys.get(name, name), "id")
                self._finding(rules.FORM, path, message, "give the submodel an id of its own")
            taken.setdefault(submodel.id, f"submodel `{name}`")

    def _is_good(self) -> bool:
        return not any(each.severity is Severity.ERROR for each in self.result.findings)

    def _check_package(self, data: bytes) -> None:
        """Judge the package as its receiver will, and say what was not said yet."""
        said = {(each.code, each.message) for each in self.result.findings}
        for found in validate(self.name, data=data, checks=self.checks).findings:
            if found.severity is Severity.NOTE or (found.code, found.message) in said:
                continue
            names = found.location.element
            above = (names[:length] for length in range(len(names), 0, -1))
            default = self.attached.get(found.location.part, ("shell",))
            path = next((self.ways[each] for each in above if each in self.ways), default)
            self._finding(RULES[found.code], path, found.message, found.hint, names)

    # -- findings --------------------------------------------------------------------------------

    def _finding(
        self,
        rule: Rule,
        path: ValuePath,
        message: str,
        hint: str | None = None,
        element: tuple[str, ...] = (),
    ) -> None:
        spot = self.form.locate(path) or Spot(1, 1, "", 1)
        names = element or tuple(
            step if isinstance(step, str) else f"[{step}]" for step in path[1:]
        )
        location = Location(self.name, line=spot.line, column=spot.column, element=names)
        shown = (spot.text, spot.text_column) if spot.text else (None, None)
        own = None if hint is None else self.form.in_its_notation(hint)
        self.result.findings.append(rule.finding(message, location, own, *shown))

    def _flag(
        self,
        flag: Flag,
        path: ValuePath,
        template: Template | None = None,
        inherited: tuple[str, ...] = (),
    ) -> None:
        """A breach of a rule by what was built, said where the form has it; `inherited` names what it has not."""
        hint = flag.broken.hint
        allowing = NONE if self.is_fixed else ALL & ~flag.versions
        if allowing:
            (version, *_) = allowing.labels
            hint = f"{hint or flag.rule.hint}; or add `--metamodel {version}`, which allows it"
        if path == ("shell",):
            at = [_KEYS.get(step, step) for step in flag.broken.at if isinstance(step, str)]
            is_asset = isinstance(flag.record, AssetInformation)
            path = ("asset" if is_asset else "shell", *at[:1])
            if isinstance(flag.record, SpecificAssetId):
                path = ("asset", "specificAssetIds")
        if flag.rule is rules.EITHER_OR and self._has_troubled_alternative(flag, path, template):
            return
        if flag.broken.absent is not None:
            reserved = RESERVED.get(type(flag.record).__name__, ())
            absent = flag.broken.absent
            if isinstance(flag.record, SubmodelElementList):  # whose members have no keys
                self._finding(flag.rule, path, flag.broken.message, f"add a member: {hint}")
                return
            key = f"_{absent}" if absent in reserved else absent
            path = (*path, key)
            if path in self.troubled:
                return  # it is there, but its value does not fit, which is said already
            spot = self.form.locate(path)
            wanted = None if template is None else _element_at(template, (*path[2:-1], absent))
            if wanted is not None:
                hint = hint_for(wanted)
            if self.form.is_table:
                hint = _column_hint(path, wanted)
            elif path in self.empty:
                self.empty.discard(path)
                hint = f"fill it in: {hint}"
            elif spot is not None and spot.is_comment:
                hint = f"remove the `#` and fill it in: {hint}"
            elif wanted is not None:
                hint = f"add `{key} = ...`: {hint}"
        self._finding(flag.rule, path, flag.broken.message, hint, inherited)

    def _has_troubled_alternative(
        self, flag: Flag, path: ValuePath, template: Template | None
    ) -> bool:
        """Whether one of alternatives is there, but its value does not fit, which is said already."""
        if template is None:
            return False
        above = _element_at(template, path[2:])
        inside = template.elements if above is None else above.elements
        names = [each.id_short for each in inside if each.either_or and each.id_short]
        meant = (each for each in names if f"`{each}`" in flag.broken.message)
        return any((*path, each) in self.troubled for each in meant)

    # -- shell and asset -------------------------------------------------------------------------

    def _check_head(self) -> None:
        """The version of the form, and what stands in it that is no part of one."""
        known = ("form", "language", "shell", "asset", "submodel")
        for key in self.form.content:
            if key not in known:
                message = f"`{key}` is no part of a form"
                hint = f"a form has {', '.join(known)}"
                if self.form.is_table:
                    hint = "columns are named like `asset.globalAssetId`, `submodel.Nameplate.SerialNumber`"
                self._finding(rules.FORM, (key,), message, hint)
        version = self.form.content.get("form")
        if type(version) is not int or version != FORM_VERSION:
            shown = "not given" if version is None else f"`{version}`"
            message = f"the version of the form is {shown}"
            hint = f"write `form = {FORM_VERSION}`"
            if self.form.is_table:
                hint = f"write {FORM_VERSION} in the column, or take the column away"
            self._finding(rules.FORM, ("form",), message, hint)
        for key, allowed in (
            ("shell", ("id", "idShort", "metamodel", "thumbnail")),
            ("asset", ("globalAssetId", "kind", "specificAssetIds", "assetType")),
        ):
            table = self._table(key)
            for name in table:
                if name not in allowed:
                    message = f"`{name}` is no part of [{key}]"
                    self._finding(rules.FORM, (key, name), message, f"it has {', '.join(allowed)}")

    def _language(self) -> str:
        """The language of texts that say none."""
        found = self.form.content.get("language", "en")
        if isinstance(found, str) and SYNTAX["language"].check(found) is None:
            return found
        message, hint = f"`{found}` is no language", 'write language = "de"'
        self._finding(rules.FORM, ("language",), message, hint)
        return "en"

    def _choose_version(self) -> None:
        """Take the metamodel version that the form asks for, unless the caller fixed one."""
        label = self._text("shell", "metamodel")
        if label is None or self.is_fixed:
            return
        try:
            self.versions = Metamodel.of(label)
        except KeyError:
            message, hint = f"`{label}` is no metamodel version", "use 3.0, 3.1 or 3.2"
            self._finding(rules.FORM, ("shell", "metamodel"), message, hint)

    def _table(self, key: str) -> dict[str, Any]:
        found = self.form.content.get(key, {})
        if isinstance(found, dict):
            return found
        if key not in self.no_tables:
            self.no_tables.add(key)
            self._finding(rules.FORM, (key,), f"`{key}` is no table", f"write `[{key}]`")
        return {}

    def _text(self, table: str, key: str, if_empty: str | None = None) -> str | None:
        value = self._table(table).get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self._finding(rules.FORM, (table, key), f"`{key}` is no text", "write it in quotes")
            return None
        if not value.strip():
            message = f"`{key}` is empty"
            self._finding(rules.FORM, (table, key), message, if_empty or self.form.hint_if_empty)
            return None
        return value

    def _asset(self) -> AssetInformation:
        kind: Any = self._text("asset", "kind") or "Instance"
        if kind not in _KINDS:
            hint = f"use one of {', '.join(_KINDS)}"
            self._finding(rules.FORM, ("asset", "kind"), f"`{kind}` is no kind of asset", hint)
            kind = "Instance"
        path: ValuePath = ("asset", "globalAssetId")
        hint = "write the URL on the type plate, or another id that is unique in the world"
        identifier = self._text("asset", "globalAssetId", hint)
        if "globalAssetId" not in self._table("asset"):
            if "asset" not in self.no_tables:
                self._finding(rules.FORM, path, "`globalAssetId` is not filled in", hint)
        elif self.type is not None and identifier == self.type.asset_information.global_asset_id:
            message = f"`{identifier}` is the id of the type, not of a product made after it"
            self._finding(rules.FORM, path, message, hint)
        table = self._table("asset").get("specificAssetIds")
        ids = specific_asset_ids(
            lambda path, message, hint: self._finding(rules.FORM, path, message, hint),
            table,
            ("asset",),
        )
        return AssetInformation(
            asset_kind=kind,
            global_asset_id=identifier,
            specific_asset_ids=ids,
            asset_type=self._text("asset", "assetType"),
            default_thumbnail=self._thumbnail(),
        )

    def _thumbnail(self) -> Resource | None:
        local = self._text("shell", "thumbnail")
        if local is None:
            part = self.package.thumbnail
            return None if part is None else Resource(path=part, content_type=guess_type(part))
        part = self._attach(local, ("shell", "thumbnail"))
        if part is None:
            return None
        self.package.thumbnail = part
        return Resource(path=part, content_type=guess_type(part))

    def _shell(
        self, asset: AssetInformation, submodels: list[Submodel]
    ) -> AssetAdministrationShell:
        identifier = self._text("shell", "id") or f"{(asset.global_asset_id or '').rstrip('/')}/aas"
        derived = None
        if self.type is not None:
            key = Key(type="AssetAdministrationShell", value=self.type.id)
            derived = Reference(type="ModelReference", keys=[key])
            asset.asset_type = asset.asset_type or self.type.asset_information.global_asset_id
        shell = AssetAdministrationShell(
            id=identifier,
            id_short=self._text("shell", "idShort"),
            asset_information=asset,
            derived_from=derived,
            submodels=[
                Reference(type="ModelReference", keys=[Key(type="Submodel", value=each.id)])
                for each in submodels
            ]
            or None,
        )
        if self.type is not None:
            _take_over(shell, self.type, but="administration")
            self.result.left_out += _of_the_type_alone(self.type, asset)
        return shell

    # -- submodels -------------------------------------------------------------------------------

    def _inherit(self, submodel: Submodel, identifier: str) -> Submodel:
        """A submodel of the type, copied with another id."""
        self.renamed[submodel.id] = identifier
        copy: Submodel = copied(submodel)
        copy.id = identifier
        self.inherited += (each for _, each in walk(copy) if isinstance(each, Reference))
        return copy

    def _follow(self) -> None:
        """Let the type's references to its own submodels lead to those that were made of them."""
        for reference in self.inherited:
            first = reference.keys[0] if reference.keys else None
            if first is not None and first.type == "Submodel" and first.value in self.renamed:
                first.value = self.renamed[first.value]

    def _lead(self, content: Environment) -> None:
        """Let references that are written as the way to an element lead there."""
        for path, key, mention in self.mentions:
            found: Reference | None = None
            ways = [(content, mention.text)]
            if not is_identifier(mention.text):
                alone = Environment(submodels=content.submodels)
                ways = [(alone, f"{_id_short(key)}/{mention.text}"), (alone, mention.text)]
            for where, text in ways:
                with contextlib.suppress(EditError):
                    found = found or reference_from(where, text)
            names = tuple(mention.text.split("/"))
            if found is None and {("submodel", *names), ("submodel", key, *names)} & self.troubled:
                continue  # it is there, but its value does not fit, which is said already
            if found is None:
                message = f"`{mention.text}` is no id, and no element of this form is called that"
                self._finding(rules.FORM, path, message, _REFERENCE_HINT)
            else:
                mention.reference.type, mention.reference.keys = found.type, found.keys

    def _submodel(self, key: str, values: Any, asset_id: str) -> Submodel | None:
        prefix: ValuePath = ("submodel", key)
        if not isinstance(values, dict):
            self._finding(rules.FORM, prefix, f"`{key}` is no table", f"write `[submodel.{key}]`")
            return None
        named = values.get("template", self._template_of(key))
        for name in sorted(RESERVED["Submodel"]):
            value = values.get(name)
            if value is not None and (not isinstance(value, str) or not value.strip()):
                path = (*prefix, name)
                self._finding(rules.FORM, path, f"`{name}` is no text", "write it in quotes")
                return None
        template: Template | None = None
        base: Submodel | None = None
        try:
            template = template_named(from_folder(named, self.folder), self.catalogue)
            base = self._base_of(key, template)
        except InputError as error:
            if "template" not in values:  # the type's submodel is all that is known of it
                base = next((each for each in self.base if each.id_short == key), None)
            if base is None:
                path = (*prefix, "template")
                self._finding(rules.NO_TEMPLATE, path, error.message, error.hint)
                return None
        pattern = self._pattern(template, base)
        identifier = values.get("id") or f"{asset_id}/submodels/{key}"
        given = {name: each for name, each in values.items() if name not in RESERVED["Submodel"]}
        built = build(pattern, self._filled(given, prefix), str(identifier), language=self.language)
        built.submodel.id_short = _id_short(key)
        if built.submodel.id_short != key:
            hint = "use two characters or more: letters, digits and `_`, beginning with a letter"
            self._finding(rules.FORM, prefix, f"`{key}` is no idShort", hint)
        for trouble in built.troubles:
            path = prefix + trouble.path
            self.troubled.update(path[:length] for length in range(len(path) + 1))
            hint, wanted = trouble.hint, trouble.element
            if self.form.is_table and wanted and (wanted.model_type in _COLUMNS or wanted.elements):
                hint = _column_hint(path, wanted)
            self._finding(rules.FORM, path, trouble.message, hint)
        self._attachments(built, prefix)
        self.mentions += ((prefix + each.path, key, each) for each in built.mentions)
        if base is not None:
            self.base.remove(base)
            own = built.submodel.submodel_elements or []
            copy = self._inherit(base, built.submodel.id)
            merged = overlaid(copy.submodel_elements or [], own, pattern.elements, built.typed)
            _take_over(built.submodel, copy)
            built.submodel.submodel_elements = merged
        if template is not None:
            self._say_template(built.submodel, template)
            self.result.templates.append(template)
        self._check(built, template, prefix)
        return built.submodel

    @staticmethod
    def _pattern(template: Template | None, base: Submodel | None) -> Template:
        """What the values of a form are built by: a template, and what the type has beyond it."""
        if base is None:
            assert template is not None
            return template
        found = compile_template(base)
        own = _as_they_stand(found.elements)
        if template is None:
            return msgspec.structs.replace(found, elements=own)
        return msgspec.structs.replace(template, elements=widened(template.elements, own))

    def _say_template(self, submodel: Submodel, template: Template) -> None:
        """Let a submodel say which template is meant where several have its semantic id."""
        same = (each for each in self.catalogue.entries if each.semantic_id == template.semantic_id)
        if len({(each.number, each.name) for each in same}) > 1:
            said = submodel.administration or AdministrativeInformation()
            said.template_id = template.id
            submodel.administration = said

    def _base_of(self, key: str, template: Template) -> Submodel | None:
        """The type's submodel that one of the form is made after: of its name, or one that no other has the name of."""
        fitting = [each for each in self.base if _means(each, template)]
        same = (each for each in fitting if each.id_short == key)
        free = (each for each in fitting if each.id_short not in self.form.submodels)
        return next(same, next(free, None))

    def _filled(self, values: Mapping[str, Any], path: ValuePath) -> dict[str, Any]:
        """The values of a table without the fields that were left empty, which are remembered."""
        kept: dict[str, Any] = {}
        for key, value in values.items():
            here = (*path, key)
            filled = self._value(value, here)
            if filled is None:
                self.empty.add(here)
            else:
                kept[key] = filled
        return kept

    def _value(self, value: Any, path: ValuePath) -> Any:
        """A value without its empty parts; `None` if nothing is left of a field."""
        if isinstance(value, str) and not value.strip():
            return None
        if value is None or value == []:
            return None
        if isinstance(value, list):
            found = [self._value(each, (*path, at)) for at, each in enumerate(value)]
            if all(each is None for each in found):
                return None
            self.empty.update((*path, at) for at, each in enumerate(found) if each is None)
            return [each for each in found if each is not None]
        if not isinstance(value, dict):
            return value
        if value and all(isinstance(each, str) for each in value.values()):
            leading = [each for key, each in value.items() if key != "contentType" and each.strip()]
            if not leading:
                return None  # nothing of the field is filled in
        return self._filled(value, path)

    def _check(self, built: Built, template: Template | None, prefix: ValuePath) -> None:
        """The rules of the template, if there is one, and of the metamodel, for what was built."""
        origins = _origins(built)
        for names, record in _named(built.submodel):
            self.ways[names] = prefix + origins.get(id(record), ())
        flags = [] if template is None else conformance.check(built.submodel, template)
        pack = None if template is None else packs.pack_for(template)
        if pack is not None:
            flags += list(pack.check(built.submodel))
        inherited = {
            id(record): names
            for names, record in _named(built.submodel)
            if not origins.get(id(record)) and record is not built.submodel
        }
        for flag in flags:
            names = inherited.get(id(flag.record), ())
            self._flag(flag, prefix + origins.get(id(flag.record), ()), template, names)
        self._check_metamodel(built.submodel, prefix, origins)
        for path in sorted(self.empty, key=str):
            name = next(step for step in reversed(path) if isinstance(step, str))
            self._finding(rules.FORM, path, f"`{name}` is empty", self.form.hint_if_empty)
        self.empty.clear()

    def _check_metamodel(
        self,
        record: Submodel | AssetAdministrationShell,
        prefix: ValuePath,
        origins: Mapping[int, ValuePath] = MappingProxyType({}),
    ) -> None:
        run = Run()
        checking.check(record, run)
        for _, each in walk(record):
            checking.check_characters(each, run)
        for flag in run.flags:
            if flag.versions & self.versions and flag.rule.severity is Severity.ERROR:
                self._flag(flag, prefix + origins.get(id(flag.record), ()))

    # -- files -----------------------------------------------------------------------------------

    def _attachments(self, built: Built, prefix: ValuePath) -> None:
        for path, local, element in built.attachments:
            part = self._attach(local, prefix + path, element.content_type)
            if part is not None:
                element.value = part

    def _attach(self, local: str, path: ValuePath, content_type: str | None = None) -> str | None:
        """Put a local file into the package; its part name, `None` if it cannot be read."""
        source = (self.folder / local).resolve()
        if not source.is_relative_to(self.folder.resolve()):
            hint = "copy the file there; a form of somebody else must not take files from elsewhere"
            message = f"`{local}` is outside the folder of the form"
            self._finding(rules.FORM, path, message, hint)
            return None
        try:
            if source.exists() and not source.is_file():
                raise FileAccessError(f"`{local}` is no file")
            data = read_bytes(str(source))
        except InputError as error:
            hint = f"the path is taken from `{self.folder}`, where the form is"
            self._finding(rules.FORM, path, error.message, hint)
            return None
        name = Path(local).name
        part = self.package.add_file(name, data, content_type=content_type, reserved=self.reserved)
        self.attached.setdefault(part, path)
        return part

    def _template_of(self, key: str) -> str:
        """The template of a submodel that names none: that of the type's, or the one of its name."""
        for each in self.base:
            meaning = semantic_id(each.semantic_id)
            if each.id_short == key and meaning is not None:
                return meaning
        return key

    def _concepts(self, submodels: Sequence[Submodel]) -> list[ConceptDescription]:
        """The concept descriptions that the templates and the type bring along, each once; the type's count.

        What is wrong in them, or between them and the elements that the template says, no form can mend: they
        are left out, and that is said.
        """
        found = {
            each["id"]: msgspec.convert(each, ConceptDescription)
            for template in self.result.templates
            for each in template.concepts
        }
        found |= {each.id: each for each in self.concepts}
        concepts = [found[key] for key in sorted(found)]
        wrong: dict[str, Flag] = {}
        run = Run(Concepts(concepts))
        begun = [each.begin(run) for each in self.checks]
        for each in concepts:
            run.flags = []
            checking.check(each, run)
            found_out = chain(run.flags, *(check(each) for check in begun))
            wrong.update((each.id, flag) for flag in found_out if flag.versions & self.versions)
        run.flags = []
        for submodel in submodels:
            checking.check(submodel, run)
        for flag in run.flags:
            if flag.rule.code in _UNFIT and flag.versions & self.versions:
                element: Any = flag.record
                is_list = isinstance(element, SubmodelElementList)
                its = element.semantic_id_list_element if is_list else element.semantic_id
                wrong.setdefault(semantic_id(its) or "", flag)
        self.result.left_out += [
            f"the concept description `{each}` is left out: {flag.broken.message} ({flag.rule.code})"
            for each, flag in sorted(wrong.items())
            if each in found
        ]
        return [each for each in concepts if each.id not in wrong]


def overlaid(
    base: list[Any],
    over: list[Any],
    elements: tuple[Element, ...] = (),
    typed: frozenset[int] = frozenset(),
) -> list[Any]:
    """Elements with those of the same idShort replaced, and collections joined element by element.

    `elements` are those of the template. Of one that may stand several times, all are replaced, of alternatives
    those that were not chosen anew. `typed` are the new entities (by `id`) whose kind is said, and not just the one
    of the template.
    """
    named = {each.id_short: each for each in over if each.id_short}
    several = [
        each
        for each in elements
        if each.maximum != 1 and any(_is_made_of(new, each) for new in over)
    ]
    origins = [each for new in over if (each := _origin(new, elements)) is not None]
    groups = {each.either_or for each in origins if each.either_or}
    made = []
    for element in base:
        new = named.pop(element.id_short, None)
        if new is None:
            origin = _origin(element, elements)
            is_other = origin is not None and origin.either_or in groups and origin not in origins
            if not is_other and not any(_is_made_of(element, each) for each in several):
                made.append(element)
        elif isinstance(new, SubmodelElementCollection) and isinstance(element, type(new)):
            below = next((e.elements for e in elements if _is_made_of(element, e)), ())
            element.value = overlaid(element.value or [], new.value or [], below, typed) or None
            made.append(element)
        elif isinstance(new, Entity) and isinstance(element, Entity):
            below = next((e.elements for e in elements if _is_made_of(element, e)), ())
            statements = overlaid(element.statements or [], new.statements or [], below, typed)
            element.statements = statements or None
            is_other = new.global_asset_id is not None or new.specific_asset_ids is not None
            if is_other or (id(new) in typed and new.entity_type != element.entity_type):
                for name in ("entity_type", "global_asset_id", "specific_asset_ids"):
                    setattr(element, name, getattr(new, name))  # another asset, none of its ids
            made.append(element)
        else:
            _take_over(new, element)
            made.append(new)
    return made + list(named.values())


def widened(elements: tuple[Element, ...], others: tuple[Element, ...]) -> tuple[Element, ...]:
    """The elements of a template, and beside them those of a type that it has no place for."""
    made = list(elements)
    for other in others:
        named = [at for at, each in enumerate(elements) if each.id_short == other.id_short]
        same = named or [
            at
            for at, each in enumerate(elements)
            if (each.model_type, each.semantic_id, stem(each.id_short))
            == (other.model_type, other.semantic_id, stem(other.id_short))
        ]
        if not same:
            made.append(other)
        elif other.model_type == made[same[0]].model_type in _HOLDING:
            below = widened(made[same[0]].elements, other.elements)
            made[same[0]] = msgspec.structs.replace(made[same[0]], elements=below)
    return tuple(made)


def _as_they_stand(elements: tuple[Element, ...]) -> tuple[Element, ...]:
    """The elements of an instance as what a form can say: what has a name stands there once."""
    return tuple(
        msgspec.structs.replace(
            each, maximum=1 if each.id_short else None, elements=_as_they_stand(each.elements)
        )
        for each in elements
    )


#: What holds elements by their names.
_HOLDING = ("SubmodelElementCollection", "Entity")


def _origin(record: Any, elements: tuple[Element, ...]) -> Element | None:
    """The element of the template that one of an instance is made of."""
    fitting = [each for each in elements if _is_made_of(record, each)]
    exact = (each for each in fitting if each.id_short == record.id_short)
    return next(exact, next(iter(fitting), None))


def _is_made_of(record: Any, element: Element) -> bool:
    """Whether an element of an instance is one of an element of the template."""
    return (
        type(record).__name__ == element.model_type
        and semantic_id(record.semantic_id) == element.semantic_id
        and stem(record.id_short) == stem(element.id_short)
    )


#: What the type says beside values, and a form cannot.
_BESIDE = (
    "administration",
    "category",
    "description",
    "display_name",
    "embedded_data_specifications",
    "extensions",
    "qualifiers",
    "supplemental_semantic_ids",
)


def _of_the_type_alone(shell: AssetAdministrationShell, asset: AssetInformation) -> Iterator[str]:
    """What the shell of a type says of the type, and not of each asset that is made after it."""
    if shell.administration is not None:
        yield "the `administration` of the type's shell is not taken over: it is that of the type"
    given = {each.name for each in asset.specific_asset_ids or ()}
    for each in shell.asset_information.specific_asset_ids or ():
        if each.name in given:
            continue
        yield f"the specific asset id `{each.name}` of the type is not taken over: it is that of the type"


def _take_over(new: Any, old: Any, *, but: str = "") -> None:
    """Give a shell, a submodel or an element what its predecessor says beside its value, and it does not."""
    for name in ("semantic_id", "supplemental_semantic_ids"):
        if _meanings(getattr(new, name, None)) == _meanings(getattr(old, name, None)) != []:
            setattr(new, name, getattr(old, name))  # which may say more than its last key
    for name in _BESIDE:
        if (
            name != but
            and getattr(new, name, None) is None
            and getattr(old, name, None) is not None
        ):
            setattr(new, name, getattr(old, name))


def _meanings(references: Any) -> list[str | None]:
    """What a semantic id, or several, mean."""
    every = references if isinstance(references, list) else [references]
    return [semantic_id(each) for each in every if each is not None]


def _origins(built: Built) -> dict[int, ValuePath]:
    """Where each record of a submodel came from: its own value, or that of the element around it."""
    found: dict[int, ValuePath] = {}
    known: dict[tuple[str | int, ...], ValuePath] = {}
    for path, record in walk(built.submodel):
        own = built.origins.get(id(record))
        if own is None:
            own = next(
                (known[path[:n]] for n in range(len(path) - 1, -1, -1) if path[:n] in known), ()
            )
        known[path] = found[id(record)] = own
    return found


def _named(submodel: Submodel) -> Iterator[tuple[tuple[str, ...], Record]]:
    """A submodel and its elements, each by the names on the way to it, as findings have them."""
    stack: list[tuple[tuple[str, ...], Record]] = [((submodel.id_short or submodel.id,), submodel)]
    while stack:
        names, record = stack.pop()
        yield names, record
        for path, child in elements_below(record):
            element = child.value if isinstance(child, OperationVariable) else child
            name = getattr(element, "id_short", None) or f"[{path[-1]}]"
            stack.append(((*names, name), element))


def _id_short(key: str) -> str | None:
    return key if SYNTAX["idShort"].check(key) is None else None


def _means(submodel: Submodel, template: Template) -> bool:
    """Whether a submodel is an instance of a template."""
    return semantic_id(submodel.semantic_id) == template.semantic_id


#: What a form calls attributes of the metamodel that it has under other names.
_KEYS = {"assetKind": "kind", "defaultThumbnail": "thumbnail"}
_FORM_HINT = "`nacre template form NAME` writes a form"


#: What the columns of elements end with that are more than one value.
_COLUMNS = {
    "MultiLanguageProperty": ".en",
    "File": ".path",
    "Range": ".min",
    "Blob": ".value",
    "RelationshipElement": ".first",
    "AnnotatedRelationshipElement": ".first",
}


def _column_hint(path: ValuePath, wanted: Element | None) -> str:
    """Which column of a table is to be filled in: of what holds others, the first that it requires."""
    steps = list(path)
    while wanted is not None and wanted.elements and wanted.model_type not in _COLUMNS:
        wanted = next((each for each in wanted.elements if each.minimum), wanted.elements[0])
        steps.append(0 if wanted.id_short is None else wanted.id_short)
    column = ".".join(str(step) for step in steps)
    column = re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", column)
    end = "" if wanted is None else _COLUMNS.get(wanted.model_type, "")
    return f"fill in the column `{column.removesuffix(end)}{end}`"


def _element_at(template: Template, path: ValuePath) -> Element | None:
    """The element of a template that a path of a form leads to, as far as that is certain."""
    found: Element | None = None
    for step in path:
        below = template.elements if found is None else found.elements
        if isinstance(step, int):
            if found is None or found.model_type != "SubmodelElementList":
                continue  # one of several of the same element
            fitting = list(below)
        else:
            fitting = [each for each in below if each.id_short == step]
        if len(fitting) != 1:
            return None
        (found,) = fitting
    return found
