"""`trust.toml`: whose keys an auditor trusts, and for what.

    trust = 1

    [log]
    origin = "factory.example/log"
    keys = ["factory.example/log+1a2b3c4d+AQ..."]

    [[writer]]
    key = "tech-07+1a2b3c4d+AQ..."
    valid-from = 2024-01-01T00:00:00Z
    valid-until = 2027-01-01T00:00:00Z
    agents = ["tech-07"]
    activities = ["repair", "inspection"]

    [witness]
    threshold = 1
    keys = ["witness.example+1a2b3c4d+BA..."]

    [chain]
    id = 1337
    contract = "0x..."
    code-hash = "..."

    [policy]
    hand-over = "continuous"
    attest = ["repair"]
    intervals = { inspection = "P90D" }

Whatever is left out is not restricted, but for keys: a key that is not named is not trusted. Without a
policy an audit judges by the one of the ledger's own `ledger.toml`, which nobody signs.
"""

import datetime as dt
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from nacre_ledger import checkpoint as checkpoints
from nacre_ledger import note
from nacre_ledger.checkpoint import Cosigned
from nacre_ledger.errors import EventError
from nacre_ledger.event import Activity
from nacre_ledger.note import Note, VerifierKey
from nacre_ledger.settings import Policy

VERSION = 1
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What all tables of the file have in common."""


class Log(_Table, frozen=True):
    """The log and the keys that may sign its checkpoints."""

    origin: str
    keys: tuple[str, ...]


class Writer(_Table, frozen=True):
    """A key, and when, for whom and for which activities it may record.

    Times are TOML dates or date-times; a date counts whole, and what has no offset is UTC.
    """

    key: str
    valid_from: Any = None
    valid_until: Any = None
    agents: tuple[str, ...] | None = None
    activities: tuple[Activity, ...] | None = None


class Witnesses(_Table, frozen=True):
    """The witnesses, and how many of them must have seen a checkpoint."""

    threshold: int = 0
    keys: tuple[str, ...] = ()


class Chain(_Table, frozen=True):
    """The chain, the contract, and SHA-256 of the contract's code there."""

    id: int | None = None
    contract: str | None = None
    code_hash: str | None = None


class Trust(_Table, frozen=True):
    """The content of the file."""

    trust: int
    log: Log
    writer: tuple[Writer, ...] = ()
    witness: Witnesses = Witnesses()
    chain: Chain = Chain()
    policy: Policy | None = None

    @property
    def log_keys(self) -> list[VerifierKey]:
        """The keys of the log."""
        return [note.parse_verifier(text) for text in self.log.keys]

    @property
    def witness_keys(self) -> list[VerifierKey]:
        """The keys of the witnesses."""
        return [note.parse_verifier(text) for text in self.witness.keys]

    def objection(
        self, writer: str, recorded: int | None, agent: str | None, activity: str | None
    ) -> "Objection | None":
        """Why a writer's key had no right to record an event; `None` if it had.

        `recorded` is in microseconds since 1970. What is not known is `None`.
        """
        key = note.parse_verifier(writer)
        known = [(each, note.parse_verifier(each.key)) for each in self.writer]
        entries = [each for each, its in known if its == key]
        if not entries:
            other = next((its.name for _, its in known if its.public == key.public), None)
            said = f" by the name `{key.name}`, but by `{other}`" if other is not None else ""
            return Objection(f"the trust file does not know the key{said}")
        moment = None if recorded is None else _EPOCH + dt.timedelta(microseconds=recorded)
        found = [_objection(each, moment, agent, activity) for each in entries]
        if None in found:
            return None
        return next((each for each in found if each and each.is_open), found[0])

    def refusal(self, writer: str, recorded: int | None, agent: str, activity: str) -> str | None:
        """The reason of such an objection; a writer that is no key has no right either."""
        try:
            objection = self.objection(writer, recorded, agent, activity)
        except EventError as error:
            return error.message
        return None if objection is None else objection.reason


class Objection(NamedTuple):
    """Why a key had no right; or, if that `is_open`, why nobody can tell."""

    reason: str
    is_open: bool = False


def _objection(
    writer: Writer, moment: dt.datetime | None, agent: str | None, activity: str | None
) -> Objection | None:
    hidden = []
    if writer.valid_from is not None or writer.valid_until is not None:
        if moment is None:
            hidden.append("recorded")
        elif writer.valid_from is not None and moment < _moment(writer.valid_from):
            return Objection(f"the key is valid from {writer.valid_from.isoformat()}")
        elif writer.valid_until is not None and moment > _moment(writer.valid_until, dt.time.max):
            return Objection(f"the key was valid until {writer.valid_until.isoformat()}")
    if writer.agents is not None and agent not in writer.agents:
        if agent is not None:
            return Objection(f"the key may not record for the agent `{agent}`")
        hidden.append("agent")
    if writer.activities is not None and activity not in writer.activities:
        if activity is not None:
            return Objection(f"the key may not record a {activity}")
        hidden.append("activity")
    if not hidden:
        return None
    names = " and ".join(f"`{each}`" for each in hidden)
    return Objection(f"the trust file restricts the key by {names}, and that is not shown", True)


def _moment(value: dt.date, time: dt.time = dt.time.min) -> dt.datetime:
    """The instant that a date or date-time of the file stands for."""
    found = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, time)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def objection_to_log(origin: str, own: VerifierKey, trust: Trust) -> str | None:
    """Why a log is not the one that a trust file is about, by what it says of itself."""
    if trust.log.origin != origin:
        return f"the trust file is about `{trust.log.origin}`, and the log calls itself `{origin}`"
    if own.public not in {key.public for key in trust.log_keys}:
        return "the trust file does not know the key of the log"
    return None


def objection_to(
    signed: Note, origin: str, own: VerifierKey | None, trust: Trust | None
) -> str | None:
    """Why a checkpoint is not one of a log; `None` if it is.

    `own` is the key that the log itself names, which counts where there is no trust file.
    """
    head = checkpoints.parse(signed.text)
    if head.origin != origin:
        return f"it is of `{head.origin}`, not of `{origin}`"
    if trust is not None and trust.log.origin != origin:
        return f"the trust file is about `{trust.log.origin}`"
    keys = trust.log_keys if trust is not None else [own] if own is not None else []
    if not any(checkpoints.is_signed_by(signed, key) for key in keys):
        return "it is not signed by the log"
    return None


def witnesses_of(signed: Note, trust: Trust | None) -> tuple[list[Cosigned], str | None]:
    """The trusted witnesses of a checkpoint, and what is to be said if they are too few."""
    if trust is None:
        return [], None
    found = checkpoints.cosignatures(signed, trust.witness_keys)
    if len(found) >= trust.witness.threshold:
        return found, None
    return found, f"the checkpoint has {len(found)} of {trust.witness.threshold} witnesses"


def read(path: Path) -> Trust:
    """The trust file at a path.

    Raises:
        EventError: it cannot be read, or is none.
    """
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=Trust)
        for key in (*found.log.keys, *found.witness.keys, *(each.key for each in found.writer)):
            note.parse_verifier(key)
        for given in found.witness_keys:
            if given.type != note.COSIGNATURE:
                own = given._replace(type=note.COSIGNATURE)
                message = f"`{given}` signs no cosignatures; as a witness that key is `{own}`"
                raise ValueError(message)  # noqa: TRY301
        if found.policy is not None:
            found.policy.check()
        for each in found.writer:
            for value in (each.valid_from, each.valid_until):
                if value is not None and not isinstance(value, dt.date):
                    raise ValueError(f"`{value}` is no date")  # noqa: TRY301
    except OSError as error:
        raise EventError(f"`{path}`: {error.strerror}") from None
    except (msgspec.MsgspecError, ValueError) as error:
        raise EventError(
            f"`{path}` is no trust file: {error}", "`nacre help trust` shows one"
        ) from None
    if found.trust != VERSION:
        raise EventError(f"`{path}` is of version {found.trust}", f"this Nacre reads {VERSION}")
    if not found.log.keys:
        raise EventError(f"`{path}` names no key of the log", "`keys` of [log] holds them")
    publics = {each.public for each in found.witness_keys}
    if len(publics) < len(found.witness.keys):
        raise EventError(f"`{path}` names a witness twice", "each counts once")
    if not 0 <= found.witness.threshold <= len(publics):
        raise EventError(f"`{path}` asks for {found.witness.threshold} of {len(publics)} witnesses")
    return found
