"""Chains: the embedded one, any JSON-RPC node, and the anchor contract on either."""
