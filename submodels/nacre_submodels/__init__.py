"""Submodel templates: read, lint, fill and check against.

A template file is compiled into one `Template` value; everything here works from that value.
"""
