"""Rules that stand only in the words of a template's specification, as small packs per template.

A pack is a function over a submodel, registered for the number of a specification. It looks for
elements by semantic id (whatever version an IRDI has) or idShort and says what is wrong with them.
Each rule cites where its words stand.
"""

from nacre_submodels.packs import battery, data, handover, nameplate, own
from nacre_submodels.packs.pack import Pack, open_point, pack_for

__all__ = ["Pack", "battery", "data", "handover", "nameplate", "open_point", "own", "pack_for"]
