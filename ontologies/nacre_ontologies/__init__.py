"""Meaning: AAS as RDF graphs and back, shapes, vocabularies, units, queries.

See ontologies/README.md for what is where.
"""
