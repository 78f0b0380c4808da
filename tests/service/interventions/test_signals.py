"""What can be seen of the service's work in its logs and metrics: what happened, to which record, never to whom."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.service.interventions.journey import (
    ATTENDED,
    CASEWORKER,
    OTHER_CASEWORKER,
    PRACTITIONER,
    Journey,
    begin,
    choose_level_and_outcome,
    hold_session,
    ok,
    planned_referral,
    refused,
    sent_referral,
    session_feedback,
    signed_in,
    whole_draft,
    withdraw,
)
from tests.world import World
from throughcare.kit.telemetry.lines import SINK, UNLISTED
from throughcare.kit.telemetry.logs import configure_logging
from throughcare.kit.telemetry.metrics import REGISTRY, render
from throughcare.kit.telemetry.traces import add_span_exporter

MARKERS = {
    "firstName": "Zebedee", "lastName": "Quillfeather", "risk": "keeps ferrets in the attic", "note": "plays the oboe",
    "telephone": "07700 900461",
}  # fmt: skip


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged from now on at any level; afterwards logging is as it was."""
    root, before = logging.getLogger(), SINK.output
    handlers, level = tuple(root.handlers), root.level
    stream = io.StringIO()
    configure_logging(service="interventions", version="1", environment="test", stream=stream, level="DEBUG")
    yield stream
    SINK.output = before
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """The spans that end from now on."""
    exporter = InMemorySpanExporter()
    unplug = add_span_exporter(exporter)
    yield exporter
    unplug()


def lines(log: io.StringIO, message: str = "") -> list[dict[str, Any]]:
    """The lines of the service itself that were logged, all or those with this message."""
    found = [json.loads(one) for one in log.getvalue().splitlines()]
    own = [one for one in found if one["log.logger"].startswith("throughcare.services.interventions")]
    return [one for one in own if message in {"", one["message"]}]


def count(name: str, **labels: str) -> float:
    """The value of a metric now."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_a_journey_leaves_ids_in_the_log_and_nothing_about_the_person(
    world: World, log: io.StringIO, spans: InMemorySpanExporter
) -> None:
    person = {"firstName": MARKERS["firstName"], "lastName": MARKERS["lastName"], "dateOfBirth": "1971-12-30"}
    journey = await planned_referral(
        world, sessions=1, serviceUser=person, additionalRiskInformation=MARKERS["risk"],
        personCurrentLocationType="CUSTODY", personCustodyPrisonId="LEI", expectedReleaseDate="2024-09-17",
        ppPhoneNumber=MARKERS["telephone"],
    )  # fmt: skip
    await hold_session(journey, 1, ATTENDED, session_feedback(sessionSummary=MARKERS["note"]))
    note = {"referralId": journey.referral_id, "subject": MARKERS["note"], "body": MARKERS["note"]}
    ok(await journey.as_practitioner("POST", "/case-note", json=note))
    ok(await withdraw(journey, comments=MARKERS["note"]))
    await world.drain()
    assert [one["labels.referral_id"] for one in lines(log, "referral sent")] == [journey.referral_id]
    [looked_up] = lines(log, "custody location looked up")
    assert (looked_up["labels.referral_id"], looked_up["labels.outcome"]) == (journey.referral_id, "noms not found")
    people = [journey.crn, PRACTITIONER.username, CASEWORKER.username, CASEWORKER.last_name, "1971-12-30", "2024-09-17"]
    traced = "".join(str(one.to_json()) for one in spans.get_finished_spans())
    assert "POST /case-note" in traced
    for secret in [*MARKERS.values(), *people]:
        for told in (log.getvalue(), render().decode(), traced):
            assert secret.upper() not in told.upper()
    assert UNLISTED not in log.getvalue()


async def test_a_refusal_is_logged_and_counted_with_its_reasons(world: World, log: io.StringIO) -> None:
    journey = await sent_referral(world)
    await world.fetch(
        "update interventions.referral set intervention_id = (select id from interventions.intervention i"
        " where i.id <> intervention_id limit 1) where id::text = $1",
        journey.referral_id,
    )
    names = ("SP_PROVIDER_MISMATCH", "SP_CONTRACT_MISMATCH")
    before = [count("interventions_access_refused_total", reason=one) for one in names]
    stranger = await signed_in(world, OTHER_CASEWORKER.username)
    refused(await stranger.get(f"/sent-referral/{journey.referral_id}"), 403, names[0])
    [line] = lines(log, "access refused")
    assert line["labels.referral_id"] == journey.referral_id
    assert line["labels.reasons"] == ", ".join(names)
    assert [count("interventions_access_refused_total", reason=one) for one in names] == [one + 1 for one in before]
    assert lines(log, "provider's reach")[0]["labels.contracts"] != UNLISTED
    practitioner_only = count("interventions_access_refused_total", reason="PP_ONLY")
    refused(await stranger.get(f"/draft-referral/{journey.referral_id}"), 403, "PP_ONLY")
    assert count("interventions_access_refused_total", reason="PP_ONLY") == practitioner_only + 1


async def test_the_time_since_a_persons_last_referral_is_measured(world: World) -> None:
    first = await sent_referral(world)
    before = count("interventions_referral_repeated_seconds_count", intervention="same")
    seconds = count("interventions_referral_repeated_seconds_sum", intervention="same")
    world.clock.advance(timedelta(days=40))
    again = await begin(Journey(world, first.crn, first.sentence_id))
    body = whole_draft(again.sentence_id, world)
    ok(await again.as_practitioner("PATCH", f"/draft-referral/{again.referral_id}", json=body))
    await choose_level_and_outcome(again)
    ok(await again.as_practitioner("POST", f"/draft-referral/{again.referral_id}/send"), 201)
    assert count("interventions_referral_repeated_seconds_count", intervention="same") == before + 1
    measured = count("interventions_referral_repeated_seconds_sum", intervention="same") - seconds
    assert timedelta(days=40) <= timedelta(seconds=measured) < timedelta(days=41)


async def test_the_sizes_of_lists_and_the_results_of_look_ups_are_counted(world: World) -> None:
    custody = count("interventions_custody_lookups_total", result="noms not found")
    journey = await sent_referral(
        world, personCurrentLocationType="CUSTODY", personCustodyPrisonId="LEI", expectedReleaseDate="2024-09-17"
    )
    await world.drain()
    assert count("interventions_custody_lookups_total", result="noms not found") == custody + 1
    for path, which in (("/sent-referrals/summaries", "auth"),
                        ("/sent-referrals/summary/service-provider", "auth, unpaged")):  # fmt: skip
        name = "interventions_list_referrals"
        opened, referrals = count(f"{name}_count", list=which), count(f"{name}_sum", list=which)
        found = ok(await journey.as_caseworker("GET", path))
        total = found["totalElements"] if which == "auth" else len(found)
        assert total > 0
        assert (count(f"{name}_count", list=which), count(f"{name}_sum", list=which)) == (opened + 1, referrals + total)


async def test_a_search_is_noted_without_its_words(world: World, log: io.StringIO) -> None:
    client = await signed_in(world, CASEWORKER.username)
    ok(await client.get("/sent-referrals/search", params={"q": "Quillfeather"}))
    written = log.getvalue()
    [noted] = [one for one in map(json.loads, written.splitlines()) if one["message"] == "CRN_SEARCH"]
    assert (noted["labels.kind"], noted["labels.more"]) == ("NAME", False)
    assert noted["labels.count"] >= 0
    assert noted["trace.id"]
    assert "quillfeather" not in written.lower()
