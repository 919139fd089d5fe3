"""The rules of all folders: importing those of a folder enters them into the registry."""

from typing import TYPE_CHECKING

from nacre_aas.constraints import RECORD_RULES, RULES, Rule
from nacre_ledger import rules as _ledger_rules  # pyright: ignore[reportUnusedImport]  # noqa: F401 - declares its rules
from nacre_ontologies import rules as _graph_rules  # pyright: ignore[reportUnusedImport]  # noqa: F401 - declares its rules
from nacre_submodels import lint as _lint
from nacre_submodels import packs as _packs  # pyright: ignore[reportUnusedImport]  # noqa: F401 - declares its rules
from nacre_submodels import rules as _rules  # pyright: ignore[reportUnusedImport]  # noqa: F401 - declares its rules

if TYPE_CHECKING:
    from nacre_aas.examples import Example

__all__ = ["RECORD_RULES", "RULES", "Rule", "example_of", "repaired_by"]


def repaired_by(rule: Rule) -> str | None:
    """The command that makes the repair of a rule, if there is one."""
    if rule.fix is None:
        return None
    if rule in _lint.REPAIRED:
        return f"nacre template lint {'--fix' if rule.fix.safe else '--unsafe-fixes'}"
    return "nacre validate --fix" if rule.fix.safe else "nacre validate --unsafe-fixes"


def example_of(code: str) -> "Example | None":
    """The example of a rule, whichever folder it is of."""
    from nacre_aas.examples import EXAMPLES

    if code in EXAMPLES:
        found = EXAMPLES[code]
        if found.metamodel is None:
            return found
        return found._replace(command=f"validate example.json --metamodel {found.metamodel}")
    if code.startswith("SMT-"):
        from nacre_submodels.examples import example_of as example_of_template

        return example_of_template(code)
    from nacre_ontologies.examples import EXAMPLES as OF_GRAPHS

    return OF_GRAPHS.get(code)
