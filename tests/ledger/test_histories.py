"""What events add up to: corrections and who may make them, attestations, parts, places, hand-overs."""

from pathlib import Path
from typing import Any

import pytest
from ledgers import ASSET, ORIGIN, codes, draft
from msgspec import to_builtins
from msgspec.structs import replace

from conftest import ROOT
from nacre_aas.findings import Location
from nacre_ledger import audit, history, keys, log, rules, trust, twins, verification
from nacre_ledger.errors import LedgerError
from nacre_ledger.event import Activity, Event, TwinChange
from nacre_ledger.history import Line
from nacre_ledger.log import Ledger
from nacre_ledger.note import SignerKey
from nacre_ledger.proofs import evidence
from nacre_ledger.settings import Policy
from nacre_ledger.trust import Trust


def made(**values: Any) -> Event:
    return draft(happened=values.pop("happened", "2026-10-14T08:00:00Z"), **values)


def oddities(events: list[Event], writers: list[str]) -> list[str]:
    lines = [Line(at, each) for at, each in enumerate(events)]
    policy = Policy(attest=(Activity.REPAIR,))
    found = history.oddities(lines, ASSET, policy, 2**62, dict(enumerate(map(str.encode, writers))))
    return [each.rule.code for each in found if each.rule is rules.NOT_ATTESTED]


def test_nobody_attests_his_own_work_by_correcting_the_check_of_another() -> None:
    repair = made(activity="repair", agent="worker", eventId="r")
    check = made(activity="quality-check", agent="inspector", eventId="q")
    forged = made(activity="correction", agent="worker", corrects="q", attests=["r"])
    own = made(activity="correction", agent="inspector", corrects="q", attests=["r"])
    assert oddities([repair, check], ["w", "i"])
    assert oddities([repair, check, forged], ["w", "i", "w"])
    assert not oddities([repair, check, own], ["w", "i", "i"])


def test_an_attestation_ends_with_the_next_correction_however_deep() -> None:
    repair = made(activity="repair", agent="worker", eventId="r")
    first = made(activity="correction", agent="worker", eventId="c", corrects="r", note="tightened")
    check = made(activity="quality-check", agent="inspector", attests=["r"])
    later = made(activity="correction", agent="worker", corrects="c", note="not tightened")
    assert not oddities([repair, first, check], ["w", "w", "i"])
    assert oddities([repair, first, check, later], ["w", "w", "i", "w"])


def test_what_a_correction_says_is_said_by_the_correction(
    ledger: Ledger, writer: SignerKey
) -> None:
    ledger.record(
        [
            made(activity="repair", eventId="r", installed=[{"asset": "urn:good"}]),
            made(
                activity="correction",
                corrects="r",
                installed=[{"asset": "urn:bad"}],
                custody={"to": "thief"},
            ),
        ],
        writer,
    )
    state = history.state(history.read(ledger.of_asset(ASSET)), ASSET)
    assert state.parts["urn:bad"][1] == 1
    assert state.holder == ("thief", 1)
    (link,) = audit.trace(ledger, ASSET, upstream=True)
    assert (link.source, link.position) == ("urn:bad", 1)


def trusting(ledger: Ledger, writer: SignerKey, *activities: Activity) -> Trust:
    return Trust(
        1,
        trust.Log(ORIGIN, (ledger.settings.key,)),
        (trust.Writer(str(writer.verifier), activities=activities),),
    )


def test_a_correction_needs_the_right_to_what_it_corrects(
    ledger: Ledger, writer: SignerKey
) -> None:
    other = keys.create("boss")
    ledger.record([made(activity="repair", eventId="r")], other)
    ledger.record([made(activity="correction", corrects="r", note="x")], writer)
    ledger.checkpoint(keys.load(ORIGIN))
    for allowed, expected in (
        ((Activity.CORRECTION,), [rules.WRITER.code]),
        ((Activity.CORRECTION, Activity.REPAIR), []),
    ):
        known = trusting(ledger, writer, *allowed)
        known = replace(known, writer=(*known.writer, trust.Writer(str(other.verifier))))
        assert codes(verification.verify(ledger, known).findings) == expected
        audited = codes(audit.audit(ledger, ASSET, known).findings)
        assert [each for each in audited if each == rules.WRITER.code] == expected
        made_of_both = evidence.make(ledger, [0, 1])
        for entries in (made_of_both.entries, made_of_both.entries[::-1]):
            shown = evidence.verify(replace(made_of_both, entries=entries), known, Location("x"))
            assert codes(shown.findings) == expected
        # Of the correction alone nobody can tell.
        for fields in ((), ("activity", "agent", "recorded")):
            alone = evidence.make(ledger, [1], fields=fields)
            shown = evidence.verify(alone, known, Location("x"))
            assert codes(shown.findings) == [rules.RIGHT_OPEN.code]


def test_a_correction_that_was_an_error_leaves_the_event_as_it_was() -> None:
    built = made(activity="manufacturing", eventId="m", custody={"to": "acme"})
    wrong = made(activity="correction", eventId="c", corrects="m", custody={"to": "nobody"})
    error = made(activity="correction", corrects="c", fields={history.IN_ERROR: "typo"})
    lines = [Line(at, each) for at, each in enumerate((built, wrong, error))]
    assert history.state(history.read(lines), ASSET).holder == ("acme", 0)
    assert history.state(history.read(lines[:2]), ASSET).holder == ("nobody", 1)


def test_what_was_never_done_is_not_said_to_have_been_done() -> None:
    policy = Policy(intervals={"inspection": "P90D"})
    lines = [Line(0, made(activity="commissioning"))]
    (oddity,) = history.overdue(lines, ASSET, policy, 2**62)
    assert "never since the commissioning at 2026-10-14" in oddity.message


def test_a_package_is_judged_by_the_corrected_events_of_its_own_asset() -> None:
    twin = twins.read(str(ROOT / "examples" / "pump.json"))
    assert twin.asset is not None

    def version(digest: str, **values: Any) -> Event:
        change = TwinChange(before=None, after=digest, keyed="00" * 32)
        return replace(made(asset=values.pop("asset", twin.asset), **values), twin=change)

    def objections(*events: Event) -> list[str]:
        shown = [evidence.Shown(at, each, to_builtins(each), "w") for at, each in enumerate(events)]
        return [each.message for each in twins.objections(twin, shown, Location("x"))]

    own = version(twin.digest)
    line = version("11" * 32, asset="urn:line", installed=[{"asset": twin.asset}])
    assert objections(own, line) == []
    old = version("22" * 32, eventId="v", happened="2026-11-21T00:00:00Z")
    assert objections(own, old) != []
    moved = made(
        asset=twin.asset, activity="correction", corrects="v", happened="2026-01-01T00:00:00Z"
    )
    assert objections(own, old, moved) == []


def test_an_event_declared_in_error_did_not_happen(ledger: Ledger, writer: SignerKey) -> None:
    inputs, outputs = [{"asset": "urn:bad"}], [{"asset": ASSET}]
    events = [
        made(activity="transformation", eventId="t", inputs=inputs, outputs=outputs),
        made(
            activity="correction",
            corrects="t",
            inputs=inputs,
            fields={history.IN_ERROR: "did_not_occur"},
        ),
    ]
    ledger.record(events[:1], writer)
    assert audit.trace(ledger, ASSET, upstream=True)
    ledger.record(events[1:], writer)
    assert not audit.trace(ledger, ASSET, upstream=True)


def test_a_part_that_is_built_in_stays_whatever_comes_out(
    ledger: Ledger, writer: SignerKey
) -> None:
    parts = {"installed": [{"asset": "urn:part"}], "outputs": [{"asset": "urn:waste"}]}
    ledger.record([made(activity="repair", **parts)], writer)
    assert [each.source for each in audit.trace(ledger, ASSET, upstream=True)] == ["urn:part"]
    assert [each.target for each in audit.trace(ledger, "urn:part", upstream=False)] == [ASSET]


def test_unpacked_is_not_in_the_pallet() -> None:
    box = [{"asset": "urn:box"}]
    packed = made(asset="urn:pallet", activity="aggregation", inputs=box)
    unpacked = made(asset="urn:pallet", activity="disaggregation", outputs=box)
    lines = [Line(0, packed), Line(1, unpacked)]
    assert history.state(lines[:1], "urn:box").location == ("in urn:pallet", 0)
    assert history.state(lines, "urn:box").location is None


def test_both_sides_of_a_hand_over_are_one() -> None:
    moved = {"custody": {"from": "acme", "to": "bolt"}}
    first = made(activity="custody-transfer", custody={"to": "acme"})
    shipped = made(activity="shipping", agent="acme", **moved)
    received = made(activity="receiving", agent="bolt", **moved)
    lines = [Line(at, each) for at, each in enumerate((first, shipped, received))]
    assert [each.gap for each in history.custody(lines, ASSET)] == [None, None, None]
    again = [*lines, Line(3, received)]
    assert history.custody(again, ASSET)[-1].gap is not None


@pytest.fixture
def strict(tmp_path: Path, key_folder: Path) -> Ledger:
    assert not key_folder.exists()
    log.create(tmp_path / "s", ORIGIN)
    path = tmp_path / "s" / "ledger.toml"
    path.write_text(path.read_text("utf-8").replace('"any"', '"continuous"'), "utf-8")
    return Ledger(tmp_path / "s")


def test_a_retry_of_a_hand_over_is_safe_under_every_policy(strict: Ledger) -> None:
    writer = keys.create("w")
    begin = made(activity="custody-transfer", custody={"to": "acme"})
    move = made(activity="custody-transfer", eventId="t", custody={"from": "acme", "to": "bolt"})
    with strict:
        strict.record([begin], writer)
        strict.record([move], writer)
        (again,) = strict.record([move], writer)
        assert again.already
        assert again.position == 1
        earlier = made(activity="correction", corrects="t", happened="2026-01-01T00:00:00Z")
        with pytest.raises(LedgerError, match="chain of custody with a gap"):
            strict.record([earlier], writer)


def test_a_correction_takes_back_what_was_never_done() -> None:
    wrong = made(
        activity="replacement", eventId="r", installed=[{"asset": "urn:b"}, {"asset": "urn:c"}]
    )
    back = made(activity="correction", corrects="r", removed=[{"asset": "urn:b"}])
    (line,) = history.read([Line(0, wrong), Line(1, back)])
    assert [each.asset for each in line.event.installed] == ["urn:c"]
    assert line.event.removed == ()
    assert line.source("installed") == 1
    state = history.state([line], wrong.asset)
    assert set(state.parts) == {"urn:c"}


def test_a_trace_says_what_was_never_in_it_at_once(ledger: Ledger, writer: SignerKey) -> None:
    def event_(asset: str, day: int, **values: Any) -> Event:
        happened = f"2026-01-{day:02}T00:00:00Z"
        return draft(activity="replacement", asset=asset, happened=happened, **values)

    def item(asset: str) -> list[dict[str, str]]:
        return [{"asset": asset}]

    ledger.record(
        [
            event_("urn:car", 1, installed=item("urn:mod")),
            event_("urn:mod", 2, installed=item("urn:early")),
            event_("urn:car", 3, removed=item("urn:mod")),
            event_("urn:mod", 5, installed=item("urn:chip")),
            event_("urn:van", 7, installed=item("urn:mod")),
        ],
        writer,
    )

    def reached(asset: str, *, upstream: bool) -> dict[str, bool]:
        links = audit.trace(ledger, asset, upstream=upstream)
        return {each.source if upstream else each.target: each.is_apart for each in links}

    down = {"urn:mod": False, "urn:car": True, "urn:van": False}
    assert reached("urn:chip", upstream=False) == down
    assert reached("urn:early", upstream=False) == down | {"urn:car": False}
    assert reached("urn:car", upstream=True) == {
        "urn:mod": False,
        "urn:early": False,
        "urn:chip": True,
    }
    assert reached("urn:van", upstream=True) == {
        "urn:mod": False,
        "urn:early": False,
        "urn:chip": False,
    }


def test_what_was_made_of_a_batch_holds_what_was_in_it_then(
    ledger: Ledger, writer: SignerKey
) -> None:
    def made_of(asset: str, day: int, inputs: list[str], outputs: list[str]) -> Event:
        return draft(
            activity="transformation",
            asset=asset,
            happened=f"2026-01-{day:02}T00:00:00Z",
            inputs=[{"asset": each} for each in inputs],
            outputs=[{"asset": each} for each in outputs],
        )

    ledger.record(
        [
            made_of("urn:line", 4, ["urn:steel"], ["urn:plate"]),
            made_of("urn:line", 6, ["urn:plate"], ["urn:door"]),
            made_of("urn:line", 2, ["urn:door"], ["urn:old"]),
        ],
        writer,
    )
    links = audit.trace(ledger, "urn:steel", upstream=False)
    assert {each.target: each.is_apart for each in links} == {
        "urn:plate": False,
        "urn:door": False,
        "urn:old": True,
    }


def test_a_correction_that_takes_back_says_the_rest_as_well() -> None:
    def items(*names: str) -> list[dict[str, str]]:
        return [{"asset": each} for each in names]

    wrong = made(activity="replacement", eventId="r", installed=items("p", "q"), removed=items("o"))
    back = made(activity="correction", corrects="r", removed=items("p", "z"))
    (line,) = history.read([Line(0, wrong), Line(1, back)])
    assert [each.asset for each in line.event.installed] == ["q"]
    assert [each.asset for each in line.event.removed] == ["z"]


def test_a_part_of_a_lot_that_is_taken_out_leaves_the_rest_in(
    ledger: Ledger, writer: SignerKey
) -> None:
    def event_(activity: str, day: int, asset: str, **values: Any) -> Event:
        happened = f"2026-01-{day:02}T00:00:00Z"
        return draft(activity=activity, asset=asset, happened=happened, **values)

    lot = {"asset": "urn:lot", "quantity": "100", "unit": "KGM"}
    ledger.record(
        [
            event_("aggregation", 1, "urn:pallet", inputs=[lot]),
            event_("disaggregation", 2, "urn:pallet", outputs=[lot | {"quantity": "10"}]),
            event_("replacement", 3, "urn:machine", installed=[{"asset": "urn:pallet"}]),
        ],
        writer,
    )
    links = audit.trace(ledger, "urn:machine", upstream=True)
    assert not any(each.is_apart for each in links if each.source == "urn:lot")


def test_lots_may_be_in_several_places_and_many_parts_are_compared_quickly() -> None:
    lot = [{"asset": "urn:lot", "quantity": "5"}]
    events = {
        f"urn:{name}": [Line(0, made(asset=f"urn:{name}", activity="aggregation", inputs=lot))]
        for name in "ab"
    }
    lots = [*events["urn:a"], *events["urn:b"]]
    now = 2**62
    found = history.state(events["urn:a"], "urn:a", now)
    assert not list(history.doubts("urn:a", found, now, lambda name: events.get(name, lots)))


def test_a_correction_without_a_time_of_its_own_is_not_late() -> None:
    def told(*happened: str) -> list[str]:
        event, *corrections = happened
        entries = [replace(made(eventId="e", happened=event), recorded="2026-01-01T00:00:00Z")]
        entries += [
            replace(
                made(activity="correction", corrects="e", happened=each),
                recorded=f"2026-0{at}-01T00:00:00Z",
            )
            for at, each in enumerate(corrections, start=2)
        ]
        lines = [Line(at, each) for at, each in enumerate(entries)]
        return [each.message for each in history.out_of_order(lines)]

    day, other = "2026-01-01T00:00:00Z", "2025-12-31T12:00:00Z"
    assert told(day, day, day) == []
    chain = [replace(made(eventId="a", happened=day), recorded=day)]
    for name, before in (("b", "a"), ("c", "b")):
        more = made(eventId=name, activity="correction", corrects=before, happened=day)
        chain.append(replace(more, recorded="2026-06-01T00:00:00Z"))
    assert not list(history.out_of_order(Line(at, each) for at, each in enumerate(chain)))
    assert [each[:5] for each in told(day, other, other)] == ["out o", "late:"]
