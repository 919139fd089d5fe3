"""Exceptions of the ledger: "I cannot go on". Broken evidence is a finding, never one of these."""

from nacre_aas.errors import InputError, NacreError


class LedgerError(NacreError):
    """A request that the ledger refuses: a reused event id, a policy that is not met."""


class StoreError(InputError):
    """The folder, the database or a key is missing, locked, full or not readable."""

    code = "LED-030"


class ChainError(InputError):
    """The chain or the witness cannot be reached, or does not do what it is asked for."""

    code = "LED-031"


class EventError(InputError):
    """A text that is to become an event, a checkpoint or a proof is none."""

    code = "LED-032"
