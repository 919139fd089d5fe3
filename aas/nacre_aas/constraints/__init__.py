"""Every rule that Nacre knows, and the functions that apply them.

`registry` holds the rules as data. `metamodel` has one function per AASd constraint in the order
of their numbers, `iec61360` one per AASc-3a constraint, `attributes` the rules of primitive types
and of the cross-checks that users ask for. `catalogue` lists the rules of serialization and
`packages` those of packages, which readers apply while they read.
"""

from nacre_aas.constraints import attributes, catalogue, iec61360, metamodel, packages
from nacre_aas.constraints.registry import RECORD_RULES, RULES, Broken, Rule, rule_of

__all__ = [
    "RECORD_RULES",
    "RULES",
    "Broken",
    "Rule",
    "attributes",
    "catalogue",
    "iec61360",
    "metamodel",
    "packages",
    "rule_of",
]
