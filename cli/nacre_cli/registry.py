"""The rules of all folders: importing those of a folder enters them into the registry."""

from nacre_aas.constraints import RECORD_RULES, RULES, Rule
from nacre_submodels import lint as _lint  # pyright: ignore[reportUnusedImport]  # noqa: F401 - declares its rules
from nacre_submodels import packs as _packs  # pyright: ignore[reportUnusedImport]  # noqa: F401 - declares its rules
from nacre_submodels import rules as _rules  # pyright: ignore[reportUnusedImport]  # noqa: F401 - declares its rules

__all__ = ["RECORD_RULES", "RULES", "Rule"]
