"""The life of one asset, read off its events: holder, parts, configuration, end, and what is odd.

Events count in the order of the time that their recorders give, and among equal times in that of the
log. A correction changes how the event that it corrects is read; both stay in the log.
"""

import dataclasses
import datetime as dt
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol

import msgspec

from nacre_aas.constraints.registry import Rule
from nacre_ledger import rules
from nacre_ledger.event import Activity, Event, Item, instant
from nacre_ledger.settings import Policy, later

#: The field of a correction that declares its event an error (EPCIS 2.0, errorDeclaration), with the reason.
IN_ERROR = "epcis.errorDeclaration"
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
    """An event as it is to be read, and its position in the log.

    `corrected` are the positions of the corrections that it has its attributes from.
    """

    position: int
    event: Event
    corrected: Mapping[str, int] = MappingProxyType({})

    def source(self, attribute: str) -> int:
        """The position of the entry that says what an attribute holds."""
        return self.corrected.get(attribute, self.position)

    @property
    def sources(self) -> set[int]:
        """The positions of all entries that say something of it."""
        return {self.position, *self.corrected.values()}


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
    #: Assets that were aggregated at some time, and not built in.
    aggregated: set[str] = dataclasses.field(default_factory=set)
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

    A correction corrects an earlier event of the same asset; others change nothing. One that declares the
    event an error takes it away.
    """
    lines = [Line(each.position, each.event) for each in entries]
    void: set[int] = set()
    for at, target in _corrections(lines):
        if IN_ERROR in lines[at].event.fields:
            void.add(target)
        else:
            lines[target] = _corrected(lines[target], lines[at])
    told = (
        each
        for at, each in enumerate(lines)
        if each.event.activity is not Activity.CORRECTION and at not in void
    )
    return sorted(told, key=lambda each: (instant(each.event.happened), each.position))


def corrections(entries: Iterable[Placed]) -> Iterator[tuple[Line, Line]]:
    """The corrections that count, each with what it corrects, as they were recorded."""
    lines = [Line(each.position, each.event) for each in entries]
    return ((lines[at], lines[target]) for at, target in _corrections(lines))


def _corrections(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Which of some lines correct which, those first that correct corrections; void ones count no more."""
    first: dict[str, int] = {}
    for at, line in enumerate(lines):
        first.setdefault(line.event.event_id, at)
    targets = {
        at: target for at in range(len(lines)) if (target := _target(lines, first, at)) is not None
    }
    void: set[int] = set()
    for at in sorted(targets, key=lambda at: (-_depth(targets, at), at)):
        if at in void:
            continue
        if IN_ERROR in lines[at].event.fields:
            void.add(targets[at])
        yield at, targets[at]


def _target(lines: Sequence[Line], first: Mapping[str, int], at: int) -> int | None:
    """Which of some lines a line corrects."""
    position, event = lines[at].position, lines[at].event
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


def _corrected(line: Line, correction: Line) -> Line:
    """An event with everything that a correction says about it."""
    kept = ("schema", "event_id", "activity", "agent", "corrects", "recorded", "previous")
    changes = {
        name: value
        for name in Event.__struct_fields__
        if name not in kept and (value := getattr(correction.event, name)) not in (None, (), {})
    }
    for name, opposite in (("installed", "removed"), ("removed", "installed")):
        back = {item.asset for item in getattr(correction.event, opposite)}
        own = getattr(line.event, name)
        taken = {item.asset for item in own} & back if name not in changes else set()
        if taken:  # what is taken back was never done
            rest = tuple(each for each in changes[opposite] if each.asset not in taken)
            changes[name] = tuple(item for item in own if item.asset not in taken)
            changes[opposite] = rest or getattr(line.event, opposite)
    sources = {**line.corrected, **{name: correction.source(name) for name in changes}}
    return Line(line.position, msgspec.structs.replace(line.event, **changes), sources)


def corrected(event: Event, find: Callable[[str], Event | None]) -> Event | None:
    """The event that a correction is about in the end; `None` if it is none, or that is not to be found."""
    seen: set[str] = set()
    found: Event | None = event
    while found is not None and found.activity is Activity.CORRECTION:
        if found.event_id in seen:
            return None
        seen.add(found.event_id)
        found = find(found.corrects or "")
    return None if found is event else found


def state(lines: Sequence[Line], asset: str, until: int | None = None) -> State:
    """An asset as its events up to a time leave it; `until` in microseconds since 1970."""
    found = State()
    for line in lines:
        event = line.event
        if until is not None and instant(event.happened) > until:
            break
        inside = f"in {event.asset}"
        if event.asset == asset:
            _enter(found, line)
        elif asset in _assets(_put_in(event)):
            name = "installed" if asset in _assets(event.installed) else "inputs"
            found.location = (inside, line.source(name))
        elif asset in _assets(_taken_out(event)) and (found.location or ("",))[0] == inside:
            found.location = None
    return found


def _enter(found: State, line: Line) -> None:
    event, source = line.event, line.source
    for item in event.removed:
        found.parts.pop(item.asset, None)
    for item in event.installed:
        found.parts[item.asset] = (item, source("installed"))
    if event.activity is Activity.AGGREGATION:
        found.parts.update((item.asset, (item, source("inputs"))) for item in event.inputs)
        found.aggregated |= _assets(event.inputs)
    if event.activity is Activity.DISAGGREGATION:
        gone = _assets(event.outputs)
        if not gone and event.fields.get("epcis.action") == "DELETE":
            gone = found.aggregated & found.parts.keys()  # all, where none is named (EPCIS 2.0)
        for asset in gone:
            found.parts.pop(asset, None)
    for name, value in event.configuration.items():
        found.configuration[name] = (value, source("configuration"))
    if event.custody is not None:
        found.holder = (event.custody.to, source("custody"))
    if event.twin is not None:
        found.twin = (event.twin.after, source("twin"))
    if event.location is not None:
        found.location = (event.location, source("location"))
    if event.activity in _ENDS:
        found.ended = (event.happened, source("happened"))
    if event.activity in _REVIVES:
        found.ended = None
    found.last[event.activity] = (event.happened, source("happened"))


def doubts(
    asset: str, found: State, until: int | None, entries_of: Callable[[str], Iterable[Placed]]
) -> Iterator[Oddity]:
    """What cannot all be true of the parts of an asset: two in one place, or one in two assets."""
    places: dict[str, list[tuple[Item, int]]] = {}

    @functools.cache
    def parts_of(other: str) -> Mapping[str, tuple[Item, int]]:
        return state(read(entries_of(other)), other, until).parts

    for item, position in found.parts.values():
        if item.quantity is not None:
            continue  # of a lot, some may be here and some there
        if item.position is not None:
            places.setdefault(item.position, []).append((item, position))
        told = read(entries_of(item.asset))
        others = {each.event.asset for each in told if item.asset in _assets(_put_in(each.event))}
        for other in sorted(others - {asset}):
            held = parts_of(other).get(item.asset)
            if held is not None:
                message = f"`{item.asset}` is in `{other}` as well, by entry {held[1]}"
                yield Oddity(position, rules.TWO_PLACES, message)
    for place, several in places.items():
        if len(several) > 1:
            names = " and ".join(f"`{item.asset}`" for item, _ in several)
            yield Oddity(several[-1][1], rules.TWO_PLACES, f"{names} are both at `{place}`")


def _put_in(event: Event) -> tuple[Item, ...]:
    """What an event puts into its asset."""
    return event.installed + (event.inputs if event.activity is Activity.AGGREGATION else ())


def _taken_out(event: Event) -> tuple[Item, ...]:
    """What an event takes out of its asset."""
    return event.removed + (event.outputs if event.activity is Activity.DISAGGREGATION else ())


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
    for line in lines:
        event = line.event
        if event.asset != asset or event.custody is None:
            continue
        giver = event.custody.from_
        gap = None
        if found and _is_other_side(found[-1].event, event):
            pass
        elif holder is None and giver is not None and found:
            gap = f"`{giver}` hands over, and nobody is known to have held it"
        elif holder is not None and giver is None:
            gap = f"`{event.custody.to}` takes over from nobody, and `{holder}` held it"
        elif holder is not None and giver != holder:
            gap = f"`{giver}` hands over, and `{holder}` held it"
        found.append(HandOver(line.source("custody"), event, gap))
        holder = event.custody.to
    return found


def _is_other_side(one: Event, other: Event) -> bool:
    """Whether two events are one hand-over, which each of its sides recorded."""
    return one.custody == other.custody and (
        one.activity is not other.activity or one.agent != other.agent
    )


# -- what is odd -----------------------------------------------------------------------------------


def oddities(
    entries: Sequence[Placed],
    asset: str,
    policy: Policy,
    now: int,
    writers: Mapping[int, bytes],
    late: int = LATE,
) -> Iterator[Oddity]:
    """What breaches a policy or good order; all times in microseconds since 1970.

    `writers` are the public keys that signed entries, by position. Whether an entry was recorded late is
    judged by what was recorded, and not by what a correction makes of it.
    """
    lines = read(entries)
    for link in custody(lines, asset):
        if link.gap is not None:
            rule = rules.HAND_OVER if policy.hand_over == "continuous" else rules.CUSTODY_GAP
            yield Oddity(link.position, rule, link.gap)
    yield from _after_the_end(lines, asset)
    yield from _twin_gaps(lines, asset)
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


def _twin_gaps(lines: Sequence[Line], asset: str) -> Iterator[Oddity]:
    last: tuple[str, int] | None = None  # the version before, and the entry that says it
    for line in lines:
        twin, position = line.event.twin, line.source("twin")
        if line.event.asset != asset or twin is None:
            continue
        if last is not None and twin.before != last[0]:
            message = (
                f"the twin is not compared with its version of entry {last[1]}, which is the one "
                "before: what changed since is not said"
            )
            yield Oddity(position, rules.TWIN_GAP, message)
        last = twin.after, position


def _not_attested(
    lines: Sequence[Line],
    entries: Sequence[Placed],
    asset: str,
    policy: Policy,
    writers: Mapping[int, bytes],
) -> Iterator[Oddity]:
    """An attestation is by another agent with another key, and after what it attests was last said.

    Whoever corrects either of them is one of those who say it.
    """
    agents = {each.position: each.event.agent for each in entries}
    checks = [each for each in lines if each.event.activity is Activity.QUALITY_CHECK]
    for line in lines:
        event, position = line.event, line.position
        if event.asset != asset or event.activity not in policy.attest:
            continue
        last, happened = max(line.sources), instant(event.happened)
        own_agents = {agents[each] for each in line.sources}
        own_keys = {writers.get(each) for each in line.sources}
        if not any(
            event.event_id in check.event.attests
            and check.position > last
            and instant(check.event.happened) >= happened
            and own_agents.isdisjoint(agents[each] for each in check.sources)
            and own_keys.isdisjoint(writers.get(each, b"") for each in check.sources)
            for check in checks
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
        done_last = "last at" if done else f"never since the {begun.event.activity.value} at"
        due = later(dt.datetime.fromisoformat(last.event.happened), interval)
        if due.timestamp() * 1_000_000 < now:
            since = due.isoformat(timespec="minutes")
            message = (
                f"overdue since {since}: {name} every {interval}, {done_last} {last.event.happened}"
            )
            yield Oddity(last.position, rules.OVERDUE, message)


def is_ahead(event: Event) -> bool:
    """Whether an event happened more than a minute after it was recorded."""
    return instant(event.happened) > instant(event.recorded or event.happened) + 60_000_000


def out_of_order(lines: Iterable[Line], late: int = LATE) -> Iterator[Oddity]:
    """Events that were recorded late, before earlier ones, or ahead of their time.

    A correction that says no time of its own is none of them.
    """
    newest: dict[str, tuple[int, int]] = {}
    said: dict[str, set[str]] = {}  # the times that were given for an event so far
    meant: dict[str, str] = {}  # what corrections are about in the end
    for line in sorted(lines, key=lambda each: each.position):
        position, event = line.position, line.event
        about = event.event_id
        if event.activity is Activity.CORRECTION and event.corrects is not None:
            about = meant.get(event.corrects, event.corrects)
            meant[event.event_id] = about
        if about != event.event_id and event.happened in said.get(about, ()):
            continue
        said.setdefault(about, set()).add(event.happened)
        happened = instant(event.happened)
        recorded = instant(event.recorded) if event.recorded else happened
        before = newest.get(event.asset)
        if is_ahead(event):
            message = f"in the future: happened {event.happened}, recorded {event.recorded}"
            yield Oddity(position, rules.EARLIER_TIME, message)
        elif before is not None and happened < before[0]:
            message = f"out of order: happened before entry {before[1]}, which was recorded earlier"
            yield Oddity(position, rules.EARLIER_TIME, message)
        if recorded - happened > late:
            hours = (recorded - happened) // _HOUR
            after = f"{hours} h" if hours < 72 else f"{hours // 24} days"
            message = f"late: recorded {after} after it happened"
            yield Oddity(position, rules.EARLIER_TIME, message)
        if before is None or happened > before[0]:
            newest[event.asset] = (happened, position)
