"""Events of assets on an append-only log whose checkpoints are signed, witnessed and anchored.

docs/trust.md says what is proved and what is not, ledger/README.md which module does what.
"""
