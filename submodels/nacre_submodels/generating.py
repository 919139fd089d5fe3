"""From a form to a package: one shell with all submodels of the form, checked before it is written."""

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from nacre_aas import aasx, checking
from nacre_aas.aasx import FILES_FOLDER, Aasx, Supplement, guess_type
from nacre_aas.checking import Flag, Run
from nacre_aas.constraints.registry import Rule
from nacre_aas.errors import InputError
from nacre_aas.files import read_bytes
from nacre_aas.findings import Finding, Location, Severity
from nacre_aas.model import (
    AssetAdministrationShell,
    AssetInformation,
    ConceptDescription,
    Environment,
    Key,
    Reference,
    Resource,
    SpecificAssetId,
    Submodel,
    SubmodelElementCollection,
)
from nacre_aas.opc import quote
from nacre_aas.schema import copied, walk
from nacre_aas.versions import Metamodel
from nacre_submodels import conformance, packs, rules
from nacre_submodels.builder import Built, ValuePath, build
from nacre_submodels.catalogue import Catalogue
from nacre_submodels.check import template_named
from nacre_submodels.compiler import semantic_id
from nacre_submodels.errors import TemplateError
from nacre_submodels.form import FORM_VERSION, Form, Spot
from nacre_submodels.template import Template

#: What the default package is valid under.
DEFAULT = Metamodel.V3_0 | Metamodel.V3_1
_KINDS = ("Instance", "Type", "Batch", "Role", "NotApplicable")
_SETTINGS = ("template", "id")


@dataclasses.dataclass
class Generated:
    """The package of a form, if there is nothing wrong with it, and what was found out."""

    findings: list[Finding]
    data: bytes | None = None
    environment: Environment | None = None
    templates: list[Template] = dataclasses.field(default_factory=list)
    files: int = 0


def generate(
    form: Form,
    name: str,
    catalogue: Catalogue,
    *,
    metamodel: Metamodel | None = None,
    folder: Path | None = None,
    base: Environment | None = None,
) -> Generated:
    """The package of a form.

    `name` is what findings call the form, `folder` where its files are looked for. `base` is the
    content of a type's shell, which the new shell derives from: its submodels are taken over, and
    the values of the form override theirs.
    """
    return _Generator(form, name, catalogue, metamodel, folder or Path()).generate(base)


class _Generator:
    def __init__(
        self,
        form: Form,
        name: str,
        catalogue: Catalogue,
        metamodel: Metamodel | None,
        folder: Path,
    ) -> None:
        self.form = form
        self.name = name
        self.catalogue = catalogue
        self.versions = metamodel or DEFAULT
        self.folder = folder
        self.result = Generated([])
        self.package = Aasx()
        #: Paths of fields that were left empty, and of values that do not fit with all above them.
        self.empty: set[ValuePath] = set()
        self.troubled: set[ValuePath] = set()

    def generate(self, base: Environment | None) -> Generated:
        self._check_head()
        asset = self._asset()
        submodels: list[Submodel] = []
        for key, values in self.form.submodels.items():
            made = self._submodel(key, values, asset.global_asset_id or "")
            if made is not None:
                submodels.append(made)
        if base is not None:
            submodels = self._derived(submodels, base, asset.global_asset_id or "")
        if not submodels:
            self._finding(rules.FORM, ("submodel",), "the form has no submodel", _FORM_HINT)
        shell = self._shell(asset, submodels, base)
        if asset.global_asset_id is not None:
            self._check_metamodel(shell, ())
        content = Environment(
            asset_administration_shells=[shell],
            submodels=submodels or None,
            concept_descriptions=self._concepts() or None,
        )
        self.result.environment = content
        self.result.findings.sort(key=lambda each: (each.location.line or 0, each.code))
        if not any(each.severity is Severity.ERROR for each in self.result.findings):
            version = next(iter(self.versions))
            self.result.data = aasx.write(content, version=version, package=self.package)
            self.result.files = len(self.package.supplements)
        return self.result

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
        names = element or tuple(str(step) for step in path[1:] if isinstance(step, str))
        location = Location(self.name, line=spot.line, column=spot.column, element=names)
        shown = (spot.text, spot.text_column) if spot.text else (None, None)
        self.result.findings.append(rule.finding(message, location, hint, *shown))

    def _flag(self, flag: Flag, path: ValuePath) -> None:
        """A breach of a rule by what was built, said where the form has it."""
        hint = flag.broken.hint
        missing = _MISSING.match(flag.broken.message)
        if flag.rule is rules.MISSING and missing is not None:
            path = (*path, missing[1])
            if path in self.troubled:
                return  # it is there, but its value does not fit, which is said already
            spot = self.form.locate(path)
            if path in self.empty:
                self.empty.discard(path)
                hint = f"fill it in: {hint}"
            elif spot is not None and spot.is_comment:
                hint = f"remove the `#` and fill it in: {hint}"
        self._finding(flag.rule, path, flag.broken.message, hint)

    # -- shell and asset -------------------------------------------------------------------------

    def _check_head(self) -> None:
        known = ("form", "shell", "asset", "submodel")
        for key in self.form.content:
            if key not in known:
                message = f"`{key}` is no part of a form"
                self._finding(rules.FORM, (key,), message, f"a form has {', '.join(known)}")
        version = self.form.content.get("form")
        if version != FORM_VERSION:
            shown = "not given" if version is None else f"`{version}`"
            message = f"the version of the form is {shown}"
            self._finding(rules.FORM, ("form",), message, f"write `form = {FORM_VERSION}`")
        for key, allowed in (
            ("shell", ("id", "idShort", "metamodel", "thumbnail")),
            ("asset", ("globalAssetId", "kind", "specificAssetIds", "assetType")),
        ):
            table = self._table(key)
            for name in table:
                if name not in allowed:
                    message = f"`{name}` is no part of [{key}]"
                    self._finding(rules.FORM, (key, name), message, f"it has {', '.join(allowed)}")

    def _table(self, key: str) -> dict[str, Any]:
        found = self.form.content.get(key, {})
        if isinstance(found, dict):
            return found
        self._finding(rules.FORM, (key,), f"`{key}` is no table", f"write `[{key}]`")
        return {}

    def _text(self, table: str, key: str) -> str | None:
        value = self._table(table).get(key)
        if value is None or isinstance(value, str):
            return value or None
        self._finding(rules.FORM, (table, key), f"`{key}` is no text", "write it in quotes")
        return None

    def _asset(self) -> AssetInformation:
        identifier = self._text("asset", "globalAssetId")
        kind: Any = self._text("asset", "kind") or "Instance"
        if kind not in _KINDS:
            hint = f"use one of {', '.join(_KINDS)}"
            self._finding(rules.FORM, ("asset", "kind"), f"`{kind}` is no kind of asset", hint)
            kind = "Instance"
        specific = self._table("asset").get("specificAssetIds")
        if specific is not None and not isinstance(specific, dict):
            hint = 'write { serialNumber = "4711" }'
            path = ("asset", "specificAssetIds")
            self._finding(rules.FORM, path, "`specificAssetIds` is no table", hint)
            specific = None
        if identifier is None:
            message = "`globalAssetId` is not filled in"
            hint = "write the URL on the type plate, or another id that is unique in the world"
            self._finding(rules.FORM, ("asset", "globalAssetId"), message, hint)
        ids = [
            SpecificAssetId(name=str(name), value=str(value))
            for name, value in (specific or {}).items()
        ]
        return AssetInformation(
            asset_kind=kind,
            global_asset_id=identifier,
            specific_asset_ids=ids or None,
            asset_type=self._text("asset", "assetType"),
            default_thumbnail=self._thumbnail(),
        )

    def _thumbnail(self) -> Resource | None:
        local = self._text("shell", "thumbnail")
        if local is None:
            return None
        part = self._attach(local, ("shell", "thumbnail"))
        if part is None:
            return None
        self.package.thumbnail = part
        return Resource(path=part, content_type=guess_type(part))

    def _shell(
        self, asset: AssetInformation, submodels: list[Submodel], base: Environment | None
    ) -> AssetAdministrationShell:
        identifier = self._text("shell", "id") or f"{(asset.global_asset_id or '').rstrip('/')}/aas"
        types = [] if base is None else base.asset_administration_shells or []
        derived = None
        if types:
            key = Key(type="AssetAdministrationShell", value=types[0].id)
            derived = Reference(type="ModelReference", keys=[key])
            asset.asset_type = asset.asset_type or types[0].asset_information.global_asset_id
        return AssetAdministrationShell(
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

    # -- submodels -------------------------------------------------------------------------------

    def _submodel(self, key: str, values: Any, asset_id: str) -> Submodel | None:
        prefix: ValuePath = ("submodel", key)
        if not isinstance(values, dict):
            self._finding(rules.FORM, prefix, f"`{key}` is no table", f"write `[submodel.{key}]`")
            return None
        named = values.get("template", key)
        try:
            template = template_named(str(named), self.catalogue)
        except TemplateError as error:
            path = (*prefix, "template")
            self._finding(rules.NO_TEMPLATE, path, error.message, error.hint)
            return None
        identifier = values.get("id") or f"{asset_id.rstrip('/')}/submodels/{key}"
        given = {name: value for name, value in values.items() if name not in _SETTINGS}
        built = build(template, self._filled(given, prefix), str(identifier))
        built.submodel.id_short = key if _ID_SHORT.fullmatch(key) else None
        for trouble in built.troubles:
            path = prefix + trouble.path
            self.troubled.update(path[:length] for length in range(len(path) + 1))
            self._finding(rules.FORM, path, trouble.message, trouble.hint)
        self._attachments(built, prefix)
        self._check(built, template, prefix)
        self.result.templates.append(template)
        return built.submodel

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
        if value == "":
            return None
        if isinstance(value, list):
            found = [self._value(each, (*path, at)) for at, each in enumerate(value)]
            return [each for each in found if each is not None] or None
        if isinstance(value, dict) and value and all(isinstance(x, str) for x in value.values()):
            filled = {key: each for key, each in value.items() if each}
            if not filled.keys() - {"contentType"}:
                return None
            if len(filled) == len(value) or value.keys() & _SINGLE or all(map(_is_language, value)):
                return filled
        return self._filled(value, path) if isinstance(value, dict) else value

    def _check(self, built: Built, template: Template, prefix: ValuePath) -> None:
        """The rules of the template and of the metamodel, for what was built."""
        origins = _origins(built)
        flags = conformance.check(built.submodel, template)
        pack = packs.pack_for(template)
        if pack is not None:
            flags += list(pack.check(built.submodel))
        for flag in flags:
            self._flag(flag, prefix + origins.get(id(flag.record), ()))
        self._check_metamodel(built.submodel, prefix, origins)
        for path in sorted(self.empty, key=str):
            hint = "fill it in, or put a `#` before the line if it is optional"
            self._finding(rules.FORM, path, f"`{path[-1]}` is empty", hint)
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
            part = self._attach(local, prefix + path)
            if part is not None:
                element.value = part

    def _attach(self, local: str, path: ValuePath) -> str | None:
        """Put a local file into the package; its part name, `None` if it cannot be read."""
        try:
            data = read_bytes(str(self.folder / local))
        except InputError as error:
            hint = f"the path is taken from `{self.folder}`, where the form is"
            self._finding(rules.FORM, path, error.message, hint)
            return None
        name = Path(local).name
        number = 1
        while True:
            part = FILES_FOLDER + quote(name)
            known = self.package.supplements.get(part)
            if known is None or known.content == data:
                self.package.supplements[part] = Supplement(guess_type(part), data)
                return part
            number += 1
            name = f"{Path(local).stem}-{number}{Path(local).suffix}"

    # -- from a type -----------------------------------------------------------------------------

    def _derived(self, own: list[Submodel], base: Environment, asset_id: str) -> list[Submodel]:
        """The submodels of a type as those of an instance, with what the form says over them."""
        rest = {semantic_id(each.semantic_id): each for each in own}
        made: list[Submodel] = []
        for submodel in base.submodels or ():
            if submodel.kind == "Template":
                continue
            copy = copied(submodel)
            name = copy.id_short or f"submodel{len(made) + 1}"
            copy.id = f"{asset_id.rstrip('/')}/submodels/{name}"
            over = rest.pop(semantic_id(copy.semantic_id), None)
            if over is not None:
                copy.id, copy.id_short = over.id, over.id_short or copy.id_short
                copy.submodel_elements = overlaid(
                    copy.submodel_elements or [], over.submodel_elements or []
                )
            made.append(copy)
        return made + list(rest.values())

    def _concepts(self) -> list[ConceptDescription]:
        """The concept descriptions that the templates bring along, each once."""
        found = {
            each["id"]: msgspec.convert(each, ConceptDescription)
            for template in self.result.templates
            for each in template.concepts
        }
        return [found[key] for key in sorted(found)]


def overlaid(base: list[Any], over: list[Any]) -> list[Any]:
    """Elements with those of the same idShort replaced, and collections joined element by element."""
    named = {each.id_short: each for each in over if each.id_short}
    made = []
    for element in base:
        new = named.pop(element.id_short, None)
        if new is None:
            made.append(element)
        elif isinstance(new, SubmodelElementCollection) and isinstance(element, type(new)):
            element.value = overlaid(element.value or [], new.value or []) or None
            made.append(element)
        else:
            made.append(new)
    return made + list(named.values())


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


def _is_language(key: str) -> bool:
    return re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", key) is not None


_MISSING = re.compile(r"`([^`]+)` is missing")
_ID_SHORT = re.compile(r"[A-Za-z][A-Za-z0-9_]*[A-Za-z0-9_]")
_SINGLE = frozenset(("path", "contentType", "value", "min", "max", "first", "second"))
_FORM_HINT = "`nacre template form NAME` writes a form"
