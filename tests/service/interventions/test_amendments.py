"""Amending a sent referral and reading what was changed, through the doors."""

from __future__ import annotations

import asyncio
import re
from uuid import uuid4

import pytest

from tests.service.interventions.amending import WHY, amend, amended, change, changes, told
from tests.service.interventions.journey import (
    CASEWORKER,
    OTHER_CASEWORKER,
    OTHER_PRACTITIONER,
    PRACTITIONER,
    Journey,
    Json,
    assign,
    assigned_referral,
    ok,
    planned_referral,
    problems,
    refused,
    sent_referral,
    signed_in,
    withdraw,
)
from tests.service.interventions.outage import Failure, Peers
from tests.world import World
from throughcare.seeding.accounts import DEMO_CONTRACT

pytestmark = pytest.mark.usefixtures("peers")

SINCE = "expectedReleaseDateMissingReason"


@pytest.fixture(scope="module")
async def referral(world: World) -> Journey:
    """A referral of a person in custody that somebody works on."""
    return await assigned_referral(
        world, personCurrentLocationType="CUSTODY", personCustodyPrisonId="LEI", expectedReleaseDate="2024-06-01",
        ndeliusPPEmailAddress="bernard@delius.example.test",
    )  # fmt: skip


CHANGED = {
    "prison-establishment-updated": "PrisonEstablishment", "probation-office-updated": "ProbationOffice",
    "expected-release-date-updated": "ExpectedReleaseDateDetails",
    "probation-practitioner-name-updated": "ProbationPractitionerName",
    "probation-practitioner-email-updated": "ProbationPractitionerEmail",
    "probation-practitioner-phone-number-updated": "ProbationPractitionerPhoneNumber",
    "probation-practitioner-team-phone-number-updated": "ProbationPractitionerTeamPhoneNumber",
}  # fmt: skip


def page_of(journey: Journey) -> str:
    """The caseworker's page of the referral."""
    return f"http://throughcare.test/service-provider/referrals/{journey.referral_id}/details"


async def reference_of(journey: Journey) -> str:
    return str((await journey.referral())["referenceNumber"])


NAMES = {"changedByName": PRACTITIONER.name, "popFullName": "jo BLOGGS", "caseWorkerFirstName": "Alex"}


@pytest.mark.parametrize(
    ("what", "body", "shown", "topic", "before", "after", "letter", "was", "now"),
    [
        (
            "amend-prison-establishment",
            {"personCustodyPrisonId": "MDI", "oldPrisonEstablishment": "Leeds", "newPrisonEstablishment": "Moorland",
             **WHY},
            {"personCustodyPrisonId": "MDI"}, "PRISON_ESTABLISHMENT", ["LEI"], ["MDI"],
            "prison-establishment-updated", "Leeds", "Moorland",
        ),
        (
            "amend-expected-release-date", {"expectedReleaseDate": "2024-07-01"},
            {"expectedReleaseDate": "2024-07-01", SINCE: None}, "EXPECTED_RELEASE_DATE", ["01-Jun-2024"],
            ["01-Jul-2024"], "expected-release-date-updated", "1 June 2024", "1 July 2024",
        ),
        (
            "amend-expected-release-date", {SINCE: "Parole pending"},
            {"expectedReleaseDate": None, SINCE: "Parole pending"}, "EXPECTED_RELEASE_DATE", ["01-Jul-2024"],
            ["Parole pending"], "expected-release-date-updated", "1 July 2024", "Not known",
        ),
        (
            "amend-expected-release-date", {SINCE: "Parole refused"},
            {"expectedReleaseDate": None, SINCE: "Parole refused"}, "EXPECTED_RELEASE_DATE", ["Parole pending"],
            ["Parole refused"], "expected-release-date-updated", "Not known", "Not known",
        ),
        (
            "amend-expected-probation-office", {"probationOffice": "Leeds"}, {"expectedProbationOffice": "Leeds"},
            "EXPECTED_PROBATION_OFFICE", ["Derby: Derwent Centre"], ["Leeds"], "probation-office-updated",
            "Derby: Derwent Centre", "Leeds",
        ),
        (
            "amend-pp-probation-office", {"probationOffice": "York"}, {"ppProbationOffice": "York"},
            "PROBATION_PRACTITIONER_PROBATION_OFFICE", ["Derby: Derwent Centre"], ["York"],
            "probation-office-updated", "Derby: Derwent Centre", "York",
        ),
        (
            "amend-probation-practitioner-name", {"ppName": "B. Beaks"}, {"ppName": "B. Beaks"},
            "PROBATION_PRACTITIONER_NAME", [PRACTITIONER.name], ["B. Beaks"], "probation-practitioner-name-updated",
            PRACTITIONER.name, "B. Beaks",
        ),
        (
            "amend-probation-practitioner-email", {"ppEmail": "b@x.test"}, {"ppEmailAddress": "b@x.test"},
            "PROBATION_PRACTITIONER_EMAIL", ["bernard@delius.example.test"], ["b@x.test"],
            "probation-practitioner-email-updated", "bernard@delius.example.test", "b@x.test",
        ),
        (
            "amend-probation-practitioner-phone-number", {"ppPhoneNumber": "01130000001"},
            {"ppPhoneNumber": "01130000001"}, "PROBATION_PRACTITIONER_PHONE_NUMBER", [], ["01130000001"],
            "probation-practitioner-phone-number-updated", "Not known", "01130000001",
        ),
        (
            "amend-probation-practitioner-team-phone-number", {"ppTeamPhoneNumber": "01130000002"},
            {"ppTeamPhoneNumber": "01130000002"}, "PROBATION_PRACTITIONER_TEAM_PHONE_NUMBER", [], ["01130000002"],
            "probation-practitioner-team-phone-number-updated", "Not known", "01130000002",
        ),
    ],
)  # fmt: skip
async def test_what_is_replaced_is_shown_logged_and_told(
    world: World, referral: Journey, what: str, body: Json, shown: Json, topic: str, before: list[str],
    after: list[str], letter: str, was: str, now: str,
) -> None:  # fmt: skip
    known = {one["changelogId"] for one in await changes(referral)}
    written = await amended(referral, what, **body)
    assert {name: written[name] for name in shown} == shown
    newest, *_ = await changes(referral)
    assert newest["changelogId"] not in known
    assert (newest["topic"], newest["oldValue"], newest["newValue"]) == (topic, before, after)
    assert newest["reasonForChange"] == body.get("reasonForChange", "")
    mail = (await told(world, referral, letter))[-1]
    assert {name: value.replace("\\", "") for name, value in mail.items()} == {
        **NAMES, "referralDetailsURL": page_of(referral), "referralNumber": await reference_of(referral),
        f"old{CHANGED[letter]}": was, f"new{CHANGED[letter]}": now,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "body", "shown", "topic", "before", "after"),
    [
        (
            "additional-responsibilities", {"hasAdditionalResponsibilities": False, "whenUnavailable": "Never"},
            {"hasAdditionalResponsibilities": False, "whenUnavailable": None},
            "HAS_ADDITIONAL_RESPONSIBILITIES", ["Yes-School run at 3pm"], ["No"],
        ),
        (
            "interpreter-required", {"needsInterpreter": True, "interpreterLanguage": "Yoruba"},
            {"needsInterpreter": True, "interpreterLanguage": "Yoruba"}, "INTERPRETER_REQUIRED", ["No"],
            ["Yes-Yoruba"],
        ),
        (
            "accessibility-needs", {"accessibilityNeeds": "Ramp"}, {"accessibilityNeeds": "Ramp"},
            "ACCESSIBILITY_NEEDS", [], ["Ramp"],
        ),
        (
            "identify-needs", {"additionalNeedsInformation": "Anxious"}, {"additionalNeedsInformation": "Anxious"},
            "ADDITIONAL_INFORMATION", [], ["Anxious"],
        ),
    ],
)  # fmt: skip
async def test_needs_are_answered_anew(
    world: World, referral: Journey, kind: str, body: Json, shown: Json, topic: str, before: list[str],
    after: list[str],
) -> None:  # fmt: skip
    written = await amended(referral, f"amend-needs-and-requirements/{kind}", **body, **WHY)
    assert {name: written[name] for name in shown} == shown
    newest, *_ = await changes(referral)
    assert newest["topic"] == f"NEEDS_AND_REQUIREMENTS_{topic}"
    assert (newest["oldValue"], newest["newValue"], newest["reasonForChange"]) == (before, after, "They told me")
    mail = (await told(world, referral, "needs-and-requirements-outcome-changed"))[-1]
    reference = await reference_of(referral)
    assert mail == {"sp_first_name": "Alex", "referral_number": reference, "referral": page_of(referral)}


async def test_an_answer_about_needs_must_be_whole(referral: Journey) -> None:
    path = "amend-needs-and-requirements"
    reply = await amend(referral, f"{path}/interpreter-required", needsInterpreter=True, **WHY)
    assert problems(reply) == {("needsInterpreter", "CONDITIONAL_FIELD_MUST_BE_SET")}
    reply = await amend(referral, f"{path}/additional-responsibilities", whenUnavailable="x", **WHY)
    assert problems(reply) == {("hasAdditionalResponsibilities", "CANNOT_BE_EMPTY")}
    refused(await amend(referral, f"{path}/something-else", **WHY), 400, "NEEDS_TYPE_UNKNOWN")
    unexplained = await amend(referral, f"{path}/identify-needs", additionalNeedsInformation="x", reasonForChange=" ")
    assert [one["field"] for one in unexplained.json()["errors"]] == ["reasonForChange"]


async def test_the_same_release_date_again_leaves_no_trace(world: World, referral: Journey) -> None:
    await amended(referral, "amend-expected-release-date", expectedReleaseDate="2024-09-09")
    before, sent = await changes(referral), len(await told(world, referral, "expected-release-date-updated"))
    await amended(referral, "amend-expected-release-date", expectedReleaseDate="2024-09-09")
    assert await changes(referral) == before
    assert len(await told(world, referral, "expected-release-date-updated")) == sent
    neither = await amend(referral, "amend-expected-release-date")
    assert problems(neither) == {("expectedReleaseDate", "CONDITIONAL_FIELD_MUST_BE_SET")}
    both = await amend(referral, "amend-expected-release-date", expectedReleaseDate="2024-09-10", **{SINCE: "x"})
    assert problems(both) == {(SINCE, "INVALID_VALUE")}


@pytest.mark.parametrize(
    ("what", "body", "letter"),
    [
        ("amend-pp-probation-office", {"probationOffice": "Hull"}, "probation-office-updated"),
        ("amend-probation-practitioner-name", {"ppName": "Somebody"}, "probation-practitioner-name-updated"),
    ],
)
async def test_a_change_can_be_made_quietly(
    world: World, referral: Journey, what: str, body: Json, letter: str
) -> None:
    before = len(await told(world, referral, letter))
    await amended(referral, what, **body, preventEmailNotification=True)
    [value] = body.values()
    assert (await changes(referral))[0]["newValue"] == [value]
    await amended(referral, what, **body)
    assert len(await told(world, referral, letter)) == before


async def chosen(journey: Journey) -> tuple[str, Json]:
    """The path of the referral's category, and what may be chosen in it."""
    [category] = (await journey.referral())["referral"]["serviceCategoryIds"]
    path = f"/service-category/{category}/contract-reference/{DEMO_CONTRACT}"
    return f"service-category/{category}", ok(await journey.as_practitioner("GET", path))


async def test_level_and_outcomes_may_change_until_a_plan_is_approved(world: World) -> None:
    journey = await assigned_referral(world)
    category, offered = await chosen(journey)
    level, outcome = offered["complexityLevels"][-1], offered["desiredOutcomes"][1]
    body = {"complexityLevelId": level["id"], **WHY}
    written = await amended(journey, f"{category}/amend-complexity-level", **body)
    assert [one["complexityLevelId"] for one in written["complexityLevels"]] == [level["id"]]
    written = await amended(journey, f"{category}/amend-desired-outcomes", desiredOutcomesIds=[outcome["id"]], **WHY)
    assert [one["desiredOutcomesIds"] for one in written["desiredOutcomes"]] == [[outcome["id"]]]
    second, first = await changes(journey)
    assert (first["topic"], first["oldValue"], first["newValue"]) == (
        "COMPLEXITY_LEVEL",
        [offered["complexityLevels"][0]["title"].upper()],
        [level["title"].upper()],
    )
    assert (second["oldValue"], second["newValue"]) == (
        [offered["desiredOutcomes"][0]["description"]],
        [outcome["description"]],
    )
    for template in ("complexity-level-changed", "desired-outcome-changed"):
        [mail] = await told(world, journey, template)
        reference = await reference_of(journey)
        assert mail == {"sp_first_name": "Alex", "referral_number": reference, "referral": page_of(journey)}
    for what, wrong, code in (
        ("amend-desired-outcomes", {"desiredOutcomesIds": []}, "OUTCOMES_EMPTY"),
        ("amend-desired-outcomes", {"desiredOutcomesIds": [str(uuid4())]}, "OUTCOME_NOT_IN_CATEGORY"),
        ("amend-complexity-level", {"complexityLevelId": str(uuid4())}, "LEVEL_NOT_IN_CATEGORY"),
    ):
        refused(await amend(journey, f"{category}/{what}", **wrong, **WHY), 400, code)
    elsewhere = await amend(journey, f"service-category/{uuid4()}/amend-complexity-level", **body)
    refused(elsewhere, 400, "CATEGORY_NOT_SELECTED")


async def test_with_an_approved_plan_level_and_outcomes_stay(world: World) -> None:
    journey = await planned_referral(world, 1)
    category, offered = await chosen(journey)
    level = {"complexityLevelId": offered["complexityLevels"][-1]["id"], **WHY}
    refused(await amend(journey, f"{category}/amend-complexity-level", **level), 400, "PLAN_ALREADY_APPROVED")
    outcomes = {"desiredOutcomesIds": [offered["desiredOutcomes"][1]["id"]], **WHY}
    refused(await amend(journey, f"{category}/amend-desired-outcomes", **outcomes), 400, "PLAN_ALREADY_APPROVED")
    assert await changes(journey) == []


async def test_a_referral_that_is_over_is_not_amended(world: World) -> None:
    journey = await sent_referral(world)
    ok(await withdraw(journey))
    reply = await amend(journey, "amend-probation-practitioner-name", ppName="x")
    refused(reply, 409, "REFERRAL_CONCLUDED")
    refused(await amend(journey, "referral-details", furtherInformation="x", **WHY), 409, "REFERRAL_CONCLUDED")


async def test_nobody_is_told_while_nobody_works_on_it(world: World) -> None:
    journey = await sent_referral(world)
    await amended(journey, "amend-probation-practitioner-name", ppName="x")
    ok(await assign(journey, CASEWORKER.username))
    assert await told(world, journey, "probation-practitioner-name-updated") == []


async def test_whoever_works_on_it_is_told(world: World) -> None:
    journey = await sent_referral(world)
    ok(await assign(journey, OTHER_CASEWORKER.username))
    await amended(journey, "amend-probation-practitioner-name", ppName="x")
    assert len(await told(world, journey, "probation-practitioner-name-updated", OTHER_CASEWORKER.email)) == 1


async def test_the_log_names_who_changed_what_and_when(world: World, peers: Peers) -> None:
    journey = await sent_referral(world)
    await amended(journey, "amend-pp-probation-office", probationOffice="First")
    await amended(journey, "amend-pp-probation-office", probationOffice="Second")
    path = f"/sent-referral/{journey.referral_id}/change-log"
    second, first = ok(await journey.as_practitioner("GET", path))
    assert set(second) == {
        "changelogId", "referralId", "topic", "description", "changedAt", "at", "name", "changedBy", "reasonForChange",
    }  # fmt: skip
    assert (first["name"], first["description"]) == (PRACTITIONER.name, "Probation office")
    asked = len(peers.by_name["auth"].seen)
    assert ok(await journey.as_practitioner("GET", path))[0]["name"] == PRACTITIONER.name
    assert [one for one in peers.by_name["auth"].seen[asked:] if "/users/" in one] == []
    assert re.fullmatch(r"\d{2} \w{3} 2024 at \d{1,2}\.\d{2}(am|pm)", first["changedAt"])
    assert (await journey.as_practitioner("GET", "/sent-referral/change-log/nonsense")).status_code == 400
    refused(await change(journey, str(uuid4())), 404, "CHANGELOG_NOT_FOUND")
    colleague = await signed_in(world, OTHER_PRACTITIONER.username)
    again = {"probationOffice": "Third"}
    assert (
        await colleague.post(f"/sent-referral/{journey.referral_id}/amend-pp-probation-office", json=again)
    ).is_success
    with peers.failing("auth", Failure.DEAD, "/users/"):
        assert ok(await journey.as_practitioner("GET", path))[0]["name"] == OTHER_PRACTITIONER.username
    assert ok(await journey.as_practitioner("GET", path))[0]["name"] == OTHER_PRACTITIONER.name


async def test_amendments_at_once_are_all_kept(world: World) -> None:
    journey = await sent_referral(world)
    values = {
        "amend-probation-practitioner-name": {"ppName": "a"}, "amend-probation-practitioner-email": {"ppEmail": "b"},
        "amend-probation-practitioner-phone-number": {"ppPhoneNumber": "c"},
        "amend-pp-probation-office": {"probationOffice": "d"},
    }  # fmt: skip
    replies = await asyncio.gather(*(amend(journey, what, **body) for what, body in values.items()))
    assert {reply.status_code for reply in replies} == {204}
    written = (await journey.referral())["referral"]
    kept = [written[name] for name in ("ppName", "ppEmailAddress", "ppPhoneNumber", "ppProbationOffice")]
    assert kept == ["a", "b", "c", "d"]
    assert len(await changes(journey)) == 4
