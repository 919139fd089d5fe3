"""The life of one asset, read off its events: holder, parts, configuration, end, and what is odd.

Events count in the order of the time that their recorders give, and among equal times in that of the
log. A correction changes how the event that it corrects is read; both stay in the log.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

import msgspec

from nacre_aas.constraints.registry import Rule
from nacre_ledger import rules
from nacre_ledger.event import Activity, Event, Item, instant
from nacre_ledger.settings import Policy, later

_HOUR = 3_600_000_000
#: How long after it happened an event may be recorded before it is called late, in microseconds.
LATE = 24 * _HOUR
_ENDS = (Activity.DECOMMISSIONING, Activity.RECYCLING)
_REVIVES = (Activity.REUSE, Activity.REFURBISHMENT)
#: After the end an asset may still be looked at, moved and spoken about.
_AFTERWARDS = (
    *_ENDS,
    *_REVIVES,
    Activity.OBSERVATION,
    Activity.CUSTODY_TRANSFER,
    Activity.SHIPPING,
    Activity.RECEIVING,
    Activity.RETURN,
    Activity.CORRECTION,
    Activity.ERASURE,
    Activity.QUALITY_CHECK,
)


class Line(NamedTuple):
    """An event and its position in the log."""

    position: int
    event: Event


class Oddity(NamedTuple):
    """A breach of a policy or of good order, at an entry."""

    position: int
    rule: Rule
    message: str


@dataclasses.dataclass
class State:
    """An asset at a time; each part and setting with the position of the entry that says so."""

    holder: tuple[str, int] | None = None
    parts: dict[str, tuple[Item, int]] = dataclasses.field(default_factory=dict)
    configuration: dict[str, tuple[str, int]] = dataclasses.field(default_factory=dict)
    twin: tuple[str, int] | None = None
    location: tuple[str, int] | None = None
    ended: tuple[str, int] | None = None
    last: dict[Activity, tuple[str, int]] = dataclasses.field(default_factory=dict)


class Placed(Protocol):
    """Whatever has an event and its position in the log."""

    @property
    def position(self) -> int:
        """Where it stands."""
        ...

    @property
    def event(self) -> Event:
        """What it says."""
        ...


def read(entries: Iterable[Placed]) -> list[Line]:
    """Events as they are to be read: corrected, without the corrections, in the order of the times given.

    A correction corrects an earlier event of the same asset; others change nothing.
    """
    lines = [Line(each.position, each.event) for each in entries]
    first: dict[str, int] = {}
    for at, line in enumerate(lines):
        first.setdefault(line.event.event_id, at)
    targets = {
        at: target for at in range(len(lines)) if (target := _target(lines, first, at)) is not None
    }
    # What corrects a correction counts before that is used.
    for at in sorted(targets, key=lambda at: (-_depth(targets, at), at)):
        corrected = lines[targets[at]]
        event = _corrected(corrected.event, lines[at].event)
        lines[targets[at]] = corrected._replace(event=event)
    told = (each for each in lines if each.event.activity is not Activity.CORRECTION)
    return sorted(told, key=lambda each: (instant(each.event.happened), each.position))


def _target(lines: Sequence[Line], first: Mapping[str, int], at: int) -> int | None:
    """Which of some lines a line corrects."""
    position, event = lines[at]
    target = first.get(event.corrects or "")
    if event.activity is not Activity.CORRECTION or target is None:
        return None
    is_earlier = lines[target].position < position
    return target if is_earlier and lines[target].event.asset == event.asset else None


def _depth(targets: Mapping[int, int], at: int) -> int:
    """How many corrections lie between a correction and an event."""
    depth = 0
    while (at := targets.get(at, -1)) in targets:
        depth += 1
    return depth


def _corrected(event: Event, correction: Event) -> Event:
    """An event with everything that a correction says about it."""
    kept = ("schema", "event_id", "activity", "agent", "corrects", "recorded", "previous")
    changes = {
        name: value
        for name in Event.__struct_fields__
        if name not in kept and (value := getattr(correction, name)) not in (None, (), {})
    }
    return msgspec.structs.replace(event, **changes)


def state(lines: Sequence[Line], asset: str, until: int | None = None) -> State:
    """An asset as its events up to a time leave it; `until` in microseconds since 1970."""
    found = State()
    for position, event in lines:
        if until is not None and instant(event.happened) > until:
            break
        if event.asset == asset:
            _enter(found, event, position)
        elif event.activity is Activity.AGGREGATION and asset in _assets(event.inputs):
            found.location = (f"in {event.asset}", position)
    return found


def _enter(found: State, event: Event, position: int) -> None:
    for item in event.removed:
        found.parts.pop(item.asset, None)
    for item in event.installed:
        found.parts[item.asset] = (item, position)
    if event.activity is Activity.AGGREGATION:
        found.parts.update((item.asset, (item, position)) for item in event.inputs)
    if event.activity is Activity.DISAGGREGATION:
        for item in event.outputs:
            found.parts.pop(item.asset, None)
    for name, value in event.configuration.items():
        found.configuration[name] = (value, position)
    if event.custody is not None:
        found.holder = (event.custody.to, position)
    if event.twin is not None:
        found.twin = (event.twin.after, position)
    if event.location is not None:
        found.location = (event.location, position)
    if event.activity in _ENDS:
        found.ended = (event.happened, position)
    if event.activity in _REVIVES:
        found.ended = None
    found.last[event.activity] = (event.happened, position)


def _assets(items: Iterable[Item]) -> set[str]:
    return {item.asset for item in items}


# -- custody ---------------------------------------------------------------------------------------


class HandOver(NamedTuple):
    """One link in the chain of custody; `gap` says what is wrong with it."""

    position: int
    event: Event
    gap: str | None


def custody(lines: Sequence[Line], asset: str) -> list[HandOver]:
    """The chain of custody of an asset, with its gaps."""
    found: list[HandOver] = []
    holder: str | None = None
    for position, event in lines:
        if event.asset != asset or event.custody is None:
            continue
        giver = event.custody.from_
        gap = None
        if holder is None and giver is not None and found:
            gap = f"`{giver}` hands over, and nobody is known to have held it"
        elif holder is not None and giver is None:
            gap = f"`{event.custody.to}` takes over from nobody, and `{holder}` held it"
        elif holder is not None and giver != holder:
            gap = f"`{giver}` hands over, and `{holder}` held it"
        found.append(HandOver(position, event, gap))
        holder = event.custody.to
    return found


# -- what is odd -----------------------------------------------------------------------------------


def oddities(
    entries: Sequence[Placed],
    asset: str,
    policy: Policy,
    now: int,
    writers: Mapping[int, str],
    late: int = LATE,
) -> Iterator[Oddity]:
    """What breaches a policy or good order; all times in microseconds since 1970.

    `writers` are the keys that signed entries, by position. Whether an entry was recorded late is
    judged by what was recorded, and not by what a correction makes of it.
    """
    lines = read(entries)
    for link in custody(lines, asset):
        if link.gap is not None:
            rule = rules.HAND_OVER if policy.hand_over == "continuous" else rules.CUSTODY_GAP
            yield Oddity(link.position, rule, link.gap)
    yield from _after_the_end(lines, asset)
    yield from _not_attested(lines, entries, asset, policy, writers)
    yield from overdue(lines, asset, policy, now)
    own = [Line(each.position, each.event) for each in entries if each.event.asset == asset]
    yield from out_of_order(own, late)


def _after_the_end(lines: Sequence[Line], asset: str) -> Iterator[Oddity]:
    ended: Line | None = None
    for line in lines:
        if line.event.asset != asset:
            continue
        activity = line.event.activity
        if activity in _REVIVES:
            ended = None
        elif ended is not None and activity not in _AFTERWARDS:
            message = f"{activity} after the {ended.event.activity} of entry {ended.position}"
            yield Oddity(line.position, rules.AFTER_THE_END, message)
        if activity in _ENDS:
            ended = line


def _not_attested(
    lines: Sequence[Line],
    entries: Sequence[Placed],
    asset: str,
    policy: Policy,
    writers: Mapping[int, str],
) -> Iterator[Oddity]:
    """An attestation is by another agent with another key, and after what it attests was last said."""
    corrections = [each for each in entries if each.event.activity is Activity.CORRECTION]
    checks = [each for each in lines if each.event.activity is Activity.QUALITY_CHECK]
    for position, event in lines:
        if event.asset != asset or event.activity not in policy.attest:
            continue
        said = {position}
        said |= {each.position for each in corrections if each.event.corrects == event.event_id}
        last, happened = max(said), instant(event.happened)
        own_keys = {writers.get(each) for each in said}
        if not any(
            event.event_id in check.attests
            and at > last
            and instant(check.happened) >= happened
            and check.agent != event.agent
            and writers.get(at, "") not in own_keys
            for at, check in checks
        ):
            message = (
                f"no attestation: the {event.activity} has no later quality-check by another agent "
                "with another key"
            )
            yield Oddity(position, rules.NOT_ATTESTED, message)


def overdue(lines: Sequence[Line], asset: str, policy: Policy, now: int) -> Iterator[Oddity]:
    """Activities whose longest interval is over for an asset that is in use."""
    own = [
        each for each in lines if each.event.asset == asset and instant(each.event.happened) <= now
    ]
    begun = next(
        (each for each in own if each.event.activity is Activity.COMMISSIONING),
        own[0] if own else None,
    )
    if begun is None or state(own, asset, now).ended is not None:
        return
    for name, interval in policy.intervals.items():
        done = [each for each in own if each.event.activity == name]
        last = done[-1] if done else begun
        due = later(dt.datetime.fromisoformat(last.event.happened), interval)
        if due.timestamp() * 1_000_000 < now:
            since = due.isoformat(timespec="minutes")
            message = (
                f"overdue since {since}: {name} every {interval}, last at {last.event.happened}"
            )
            yield Oddity(last.position, rules.OVERDUE, message)


def out_of_order(lines: Iterable[Line], late: int = LATE) -> Iterator[Oddity]:
    """Events that were recorded late, before earlier ones, or ahead of their time."""
    newest: dict[str, tuple[int, int]] = {}
    for position, event in sorted(lines):
        happened = instant(event.happened)
        recorded = instant(event.recorded) if event.recorded else happened
        before = newest.get(event.asset)
        if happened > recorded + 60_000_000:
            message = f"in the future: happened {event.happened}, recorded {event.recorded}"
            yield Oddity(position, rules.EARLIER_TIME, message)
        elif before is not None and happened < before[0]:
            message = f"out of order: happened before entry {before[1]}, which was recorded earlier"
            yield Oddity(position, rules.EARLIER_TIME, message)
        elif recorded - happened > late:
            hours = (recorded - happened) // _HOUR
            after = f"{hours} h" if hours < 72 else f"{hours // 24} days"
            message = f"late: recorded {after} after it happened"
            yield Oddity(position, rules.EARLIER_TIME, message)
        if before is None or happened > before[0]:
            newest[event.asset] = (happened, position)
