"""`ledger.toml`: what a ledger is called, where its log and chain are, and which policies hold."""

import calendar
import datetime as dt
import re
from pathlib import Path
from typing import Literal

import msgspec

from nacre_ledger import note
from nacre_ledger.errors import EventError, StoreError
from nacre_ledger.event import Activity
from nacre_ledger.note import VerifierKey

FILE = "ledger.toml"
VERSION = 1
EMBEDDED = "embedded"


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Rules that a ledger checks when events are recorded, and that an audit shows.

    `hand_over` "continuous" refuses a custody-transfer whose giver is not the holder. An event of an
    activity in `attest` needs a quality-check of another agent that names it in `attests`.
    `intervals` gives the longest time between two events of an activity, as an ISO 8601 duration.
    """

    hand_over: Literal["any", "continuous"] = "any"
    attest: tuple[Activity, ...] = ()
    intervals: dict[str, str] = {}
    attested_checkpoints: bool = False

    def check(self) -> None:
        """Look at what its types do not say.

        Raises:
            ValueError: an interval is no duration, or not of an activity.
        """
        for activity, duration in self.intervals.items():
            Activity(activity)
            try:
                later(dt.datetime.now(dt.UTC), duration)
            except OverflowError:
                raise ValueError(f"`{duration}` ends beyond the calendar") from None

    def __str__(self) -> str:
        said = [] if self.hand_over == "any" else [f"hand-over {self.hand_over}"]
        if self.attest:
            said.append("attest " + ", ".join(each.value for each in self.attest))
        said += [f"{activity} every {duration}" for activity, duration in self.intervals.items()]
        said += ["attested checkpoints"] if self.attested_checkpoints else []
        return "; ".join(said) or "no rules"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The content of `ledger.toml`."""

    ledger: int
    origin: str
    key: str
    store: str = "log.sqlite"
    chain: str = EMBEDDED
    contract: str | None = None
    finality: int = 0
    field_proofs: bool = True
    policy: Policy = Policy()

    @property
    def log_key(self) -> VerifierKey:
        """The key that signs the checkpoints."""
        return note.parse_verifier(self.key)


def read(folder: Path) -> Settings:
    """The settings of a ledger's folder.

    Raises:
        StoreError: there are none, or they are wrong.
    """
    path = folder / FILE
    try:
        return parse(path.read_bytes(), str(path))
    except FileNotFoundError:
        hint = "`nacre ledger init` makes a ledger; --ledger or NACRE_LEDGER names one"
        raise StoreError(f"`{folder}` holds no ledger", hint) from None
    except OSError as error:
        raise StoreError(f"`{path}`: {error.strerror}") from None


def parse(text: bytes | str, name: str) -> Settings:
    """The settings in the text of a `ledger.toml`, which `name` names in messages.

    Raises:
        StoreError: they are wrong.
    """
    try:
        found = msgspec.toml.decode(text, type=Settings)
        note.parse_verifier(found.key)
        found.policy.check()
    except (msgspec.MsgspecError, ValueError, EventError) as error:
        raise StoreError(f"`{name}`: {error}") from None
    if found.ledger != VERSION:
        raise StoreError(f"`{name}` is of version {found.ledger}", f"this Nacre reads {VERSION}")
    return found


def written(origin: str, key: VerifierKey, store: str, chain: str, *, field_proofs: bool) -> str:
    """The text of a new `ledger.toml`."""
    return f"""# A ledger of Nacre. ledger/README.md explains each setting.
ledger = {VERSION}
origin = {_quoted(origin)}
key = {_quoted(str(key))}
store = {_quoted(store)}
chain = {_quoted(chain)}
field-proofs = {str(field_proofs).lower()}  # false: faster, but no single field can be disclosed

[policy]
hand-over = "any"  # "continuous" refuses a hand-over by somebody who is not the holder
attest = []  # activities that need a quality-check of another agent, such as ["repair"]
attested-checkpoints = false  # true: the contract wants the signature of a quality role

[policy.intervals]
# inspection = "P90D"
"""


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()


_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?)?", re.ASCII)


def later(moment: dt.datetime, duration: str) -> dt.datetime:
    """A time and an ISO 8601 duration of years, months, weeks, days and hours.

    Raises:
        ValueError: it is no such duration.
    """
    match = _DURATION.fullmatch(duration)
    if match is None or not any(match.groups()):
        raise ValueError(f"`{duration}` is no duration such as P90D, P6M or PT500H")
    years, months, weeks, days, hours = (int(each or 0) for each in match.groups())
    month = moment.month - 1 + months
    year = moment.year + years + month // 12
    month = month % 12 + 1
    day = min(moment.day, calendar.monthrange(year, month)[1])
    return moment.replace(year=year, month=month, day=day) + dt.timedelta(
        weeks=weeks, days=days, hours=hours
    )
