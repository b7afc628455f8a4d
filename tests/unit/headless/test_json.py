import json

from engine.domain.alert import Reason
from engine.domain.places import Place
from engine.domain.quote import OutcomeKind, SourceKind
from engine.domain.watch import Condition
from engine.headless.batch_json import batch_json
from engine.headless.quote_json import quote_json
from tests.support import build
from tests.unit.headless import looks

HYD_TYO = build.route(origin=Place.airport("HYD"))


def test_a_batch_is_the_object_of_the_contract() -> None:
    told = (build.watch(of=HYD_TYO), looks.judgement(Reason.ALERT, Condition.TARGET))
    report = looks.batch(looks.look(build.outcome(build.quote(450)), told, of=HYD_TYO), alerts=1)
    assert batch_json(report) == (
        '{"dispatched":1,"parsed":1,"failed":0,"alerts":1,"elapsed_s":1.31,"routes":'
        '[{"route":"HYD-TYO","outcome":"quotes","total":"450.00","currency":"EUR","source":"amadeus",'
        '"kind":"live","alert":"TARGET","reason":"ALERT"}]}'
    )


def test_a_batch_of_nothing_is_an_object_too() -> None:
    assert batch_json(looks.batch(elapsed_s=0.0)) == (
        '{"dispatched":0,"parsed":0,"failed":0,"alerts":0,"elapsed_s":0.0,"routes":[]}'
    )


def test_of_several_watches_the_most_telling_reason_is_given() -> None:
    report = looks.look(
        build.outcome(build.quote(450)),
        (build.watch(), looks.judgement(Reason.NOT_MET)),
        (build.watch(), looks.judgement(Reason.LOWER_STILL, Condition.DROP)),
        (build.watch(), looks.judgement(Reason.SNOOZED)),
    )
    row = json.loads(batch_json(looks.batch(report)))["routes"][0]
    assert (row["alert"], row["reason"]) == ("LOWER_STILL", "LOWER_STILL")


def test_a_reminder_is_no_alert_of_the_batch() -> None:
    told = (build.watch(), looks.judgement(Reason.REMINDER, Condition.TARGET))
    row = json.loads(batch_json(looks.batch(looks.look(build.outcome(build.quote(450)), told))))["routes"][0]
    assert (row["alert"], row["reason"]) == (None, "REMINDER")


def test_a_look_without_an_answer_gives_its_detail() -> None:
    outcome = build.outcome(kind=OutcomeKind.UNREACHABLE, detail="timeout")
    judged = (build.watch(), looks.judgement(Reason.UNUSABLE_OUTCOME))
    row = json.loads(batch_json(looks.batch(looks.look(outcome, judged))))["routes"][0]
    assert row == {
        "route": "LON-TYO",
        "outcome": "unreachable",
        "total": None,
        "currency": "EUR",
        "source": "amadeus",
        "kind": "live",
        "alert": None,
        "reason": "timeout",
    }


def test_a_route_whose_watch_is_gone_has_no_reason() -> None:
    row = json.loads(batch_json(looks.batch(looks.look(build.outcome(build.quote(450))))))["routes"][0]
    assert (row["total"], row["alert"], row["reason"]) == ("450.00", None, None)


def test_a_quote_is_the_object_of_the_contract() -> None:
    one_way = build.quote(450, slices=build.quote().slices[:1], stops=(0, 1))
    assert quote_json(build.outcome(one_way)) == (
        '{"outcome":"quotes","detail":null,"quotes":[{"total":"450.00","currency":"EUR","carriers":["NH"],'
        '"stops":[0,1],"depart_local":"2027-03-10T10:00","return_local":null,"source":"amadeus",'
        '"kind":"live","link":null}]}'
    )


def test_the_way_back_is_given_by_its_departure() -> None:
    shown = json.loads(quote_json(build.outcome(build.quote())))["quotes"][0]
    assert shown["return_local"] == "2027-03-24T11:00"


def test_a_self_transfer_is_said_and_nothing_else_is() -> None:
    quotes = (build.quote(self_transfer=True), build.quote(self_transfer=False), build.quote())
    shown = json.loads(quote_json(build.outcome(*quotes)))["quotes"]
    assert [quote.get("self_transfer") for quote in shown] == [True, None, None]


def test_a_quote_without_an_itinerary_has_no_times() -> None:
    lead = build.quote(slices=(), stops=(1,), kind=SourceKind.CACHED, link="https://x.example")
    shown = json.loads(quote_json(build.outcome(lead)))["quotes"][0]
    assert (shown["depart_local"], shown["stops"], shown["kind"]) == (None, [1], "cached")


def test_a_look_that_failed_has_its_outcome_and_detail() -> None:
    outcome = build.outcome(kind=OutcomeKind.QUOTA, detail="38195 monthly quota")
    assert quote_json(outcome) == '{"outcome":"quota","detail":"38195 monthly quota","quotes":[]}'
