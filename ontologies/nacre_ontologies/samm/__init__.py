"""Aspect models of the Eclipse Semantic Modeling Framework (SAMM) as submodel templates, and back.

An aspect becomes a submodel of kind Template, its properties become elements, its URNs semantic ids with
concept descriptions. What AAS cannot hold is listed, never dropped in silence; docs/samm.md has the table.
"""

from nacre_ontologies.samm.reading import read, to_templates
from nacre_ontologies.samm.terms import NAMESPACE, Converted
from nacre_ontologies.samm.writing import from_template

__all__ = ["NAMESPACE", "Converted", "from_template", "read", "to_templates"]
