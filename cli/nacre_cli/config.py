"""Settings from files.

The order is: flag, `NACRE_…`, `nacre.toml` or `[tool.nacre]` in the nearest parent, the user's
`config.toml`, the default. Flags and environment variables are typer's work; this module finds the files.
"""

import dataclasses
import functools
import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from nacre_aas.findings import Severity
from nacre_aas.wording import lower_first
from nacre_cli.errors import UsageError

#: Every setting that a file may have, with what it means; `nacre doctor` prints them.
SETTINGS = {
    "metamodel": "the version to judge by: auto, 3.0, 3.1 or 3.2",
    "format": "how findings are written",
    "fail-on": "the severity from which the exit code is 1: error, warning or note",
    "jobs": "how many files are read at a time",
    "max-size": "largest size of all parts of a package, such as 2GiB",
    "max-ratio": "how many times its packed size a part may have",
    "select": "codes of rules to report, all others are left out",
    "ignore": "codes of rules to leave out",
    "per-file-ignores": "codes to leave out for files that match a pattern",
    "rules": "per rule: severity = error, warning, note or off",
}
_Codes = list[str]
_Positive = Annotated[int, msgspec.Meta(gt=0)]
#: What a file may give for a setting; those that are left out are checked where they are used.
_TYPES: dict[str, Any] = {
    "format": Literal["text", "concise", "json", "sarif", "github", "junit"],
    "fail-on": Severity,
    "jobs": _Positive,
    "max-ratio": _Positive,
    "select": _Codes,
    "ignore": _Codes,
    "per-file-ignores": dict[str, _Codes],
    "rules": dict[str, Any],
}


@dataclasses.dataclass(frozen=True)
class Setting:
    """A value and the file it comes from."""

    value: Any
    origin: str


@functools.cache
def settings() -> Mapping[str, Setting]:
    """All settings from files; the nearest file wins.

    Raises:
        UsageError: a file is no TOML, has an unknown setting, or one of another kind.
    """
    found: dict[str, Setting] = {}
    for path in (_user_file(), _project_file()):
        if path is None:
            continue
        for name, value in _read(path).items():
            if name not in SETTINGS:
                known = ", ".join(sorted(SETTINGS))
                raise UsageError(f"{path}: unknown setting `{name}`", f"known are {known}")
            try:
                checked = msgspec.convert(value, _TYPES.get(name, Any))
            except msgspec.ValidationError as error:
                raise UsageError(f"{path}: {name}: {lower_first(str(error))}") from None
            found[name] = Setting(checked, str(path))
    return found


def setting(name: str, given: Any, default: Any) -> Any:
    """The value that holds: the flag or variable if given, then the files, then the default."""
    if given is not None:
        return given
    found = settings().get(name)
    return default if found is None else found.value


def _read(path: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{path}: {error}") from None
    if path.name == "pyproject.toml":
        tools = content.get("tool")
        content = tools.get("nacre", {}) if isinstance(tools, dict) else {}
    if not isinstance(content, dict):
        raise UsageError(f"{path}: [tool.nacre] is no table")
    return content


def _project_file() -> Path | None:
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / "nacre.toml").is_file():
            return folder / "nacre.toml"
        project = folder / "pyproject.toml"
        if project.is_file() and b"[tool.nacre" in project.read_bytes():
            return project
    return None


def _user_file() -> Path | None:
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA", Path.home() / "AppData" / "Roaming"))
    else:
        base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    path = base / "nacre" / "config.toml"
    return path if path.is_file() else None
