"""Beginning a referral: the person, the kind of referral, the list of everything to do, and the end of a draft."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx2
import pytest

from tests.service.interventions.journey import (
    CASE_DETAIL,
    CASES,
    Journey,
    begun_draft,
    demo_intervention,
    ok,
    opened_case,
    ready_draft,
    sent_referral,
)
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import World, hidden_field
from throughcare.kit.ids import new_id
from throughcare.seeding.accounts import CASEWORKERS, DEMO_CONTRACT, PRACTITIONERS

DASHBOARD = "/probation-practitioner/dashboard"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
async def start(world: World, services: Switchboard) -> str:
    """Where a referral to the demonstration service begins."""
    return f"/intervention/{(await demo_intervention(world))['id']}/refer"


async def drafts_of(journey: Journey) -> list[dict[str, Any]]:
    every = ok(await journey.as_practitioner("GET", "/draft-referrals"))
    return [one for one in every if one["serviceUser"]["crn"] == journey.crn]


async def written(draft: Journey) -> dict[str, Any]:
    return dict(ok(await draft.as_practitioner("GET", f"/draft-referral/{draft.referral_id}")))


def at(draft: Journey, page: str) -> str:
    return f"/referrals/{draft.referral_id}/{page}"


async def found(practitioner: Visitor, start: str, crn: str) -> httpx2.Response:
    """The page that asks whether this is the right person."""
    form = await practitioner.get(start)
    key = {"request_id": hidden_field(form.text, "request_id")}
    answer = await practitioner.send(form, start, {"service-user-crn": crn, **key})
    assert answer.status_code == 303, words(answer)
    return await practitioner.get(answer.headers["location"])


@pytest.mark.parametrize(
    ("typed", "error"),
    [("", "Enter a CRN"), ("   ", "Enter a CRN"), ("X12345", "Enter a CRN in the correct format, like X123456"),
     ("X١٢٣٤٥٦", "Enter a CRN in the correct format, like X123456"),
     (HOSTILE, "Enter a CRN in the correct format, like X123456"),
     ("X" * 300, "Enter a CRN in the correct format, like X123456"),
     ("Z999999", "We cannot find this CRN in nDelius, or you may not see the case. Check it and try again")],
)  # fmt: skip
async def test_a_wrong_crn_is_refused_in_words_and_stays_in_its_field(
    practitioner: Visitor, start: str, typed: str, error: str
) -> None:
    answer = await practitioner.send(await practitioner.get(start), start, {"service-user-crn": typed})
    assert answer.status_code == 400
    assert f'<a href="#service-user-crn">{error}</a>' in answer.text
    assert HOSTILE not in answer.text
    if typed == "Z999999":
        assert 'value="Z999999"' in answer.text


async def test_a_case_that_is_closed_to_the_practitioner_says_why_and_whom_to_ask(
    practitioner: Visitor, start: str, world: World
) -> None:
    closed = await opened_case(world)
    probation = await world.client("probation", roles=[CASES, CASE_DETAIL])
    limits = {"excludedFrom": [PRACTITIONERS[0].username], "exclusionMessage": "You know this person"}
    ok(await probation.put(f"/probation-case/{closed.crn}/access-limitations", json=limits))
    answer = await practitioner.send(await practitioner.get(start), start, {"service-user-crn": closed.crn})
    assert answer.status_code == 400
    assert "You know this person. If the CRN is right, access to the case may be limited." in words(answer)


async def test_a_case_record_that_is_away_keeps_the_crn(
    practitioner: Visitor, start: str, world: World, services: Switchboard
) -> None:
    person = await opened_case(world)
    form = await practitioner.get(start)
    with services.away("probation"):
        answer = await practitioner.send(form, start, {"service-user-crn": person.crn})
    assert answer.status_code == 503
    assert "Sorry, we cannot look this up right now. Try again later" in words(answer)
    assert f'value="{person.crn}"' in answer.text


async def test_the_right_person_is_referred_once_with_what_the_case_record_says(
    practitioner: Visitor, start: str, world: World
) -> None:
    person = await opened_case(
        world, name={"forename": "Mary-Jane", "surname": "O'Hara"}, ethnicity="White", religion="None"
    )
    page = await found(practitioner, start, f" {person.crn.lower()} ")
    assert heading(page) == "Is this the right person?"
    assert f"Name Mary-Jane O'Hara Date of birth 3 February 1990 CRN {person.crn}" in words(page)
    assert "Warning" not in words(page)
    assert person.crn not in str(page.url)
    assert await drafts_of(person) == []
    path = urlsplit(str(page.url)).path
    first, second = [await practitioner.send(page, path) for _ in range(2)]
    [draft] = await drafts_of(person)
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"] == (
        f"/referrals/{draft['id']}/community-allocated-form?startReferral=true"
    )  # fmt: skip
    taken = {name: draft["serviceUser"][name] for name in ("firstName", "lastName", "dateOfBirth", "gender")}
    assert taken == {"firstName": "Mary-Jane", "lastName": "O'Hara", "dateOfBirth": "1990-02-03", "gender": "Female"}
    gone = await practitioner.get(path)
    assert (gone.status_code, heading(gone)) == (410, "This page is no longer available")


async def test_a_draft_and_an_open_referral_to_the_same_service_are_pointed_out(
    practitioner: Visitor, start: str, world: World
) -> None:
    sent = await sent_referral(world)
    draft = await second_draft(sent)
    page = await found(practitioner, start, sent.crn)
    assert f'href="/referrals/{draft}/form"' in page.text
    number = (await sent.referral())["referenceNumber"]
    assert f"has an open referral to this service, sent on 4 March 2024. View referral {number}" in words(page)
    assert f'href="/probation-practitioner/referrals/{sent.referral_id}/progress"' in page.text
    assert "Yes, make a new referral" in words(page)


async def second_draft(journey: Journey) -> str:
    body = {"serviceUserCrn": journey.crn, "interventionId": journey.intervention["id"]}
    return str(ok(await journey.as_practitioner("POST", "/draft-referral", json=body), 201)["id"])


async def test_another_crn_can_be_entered_after_going_back(practitioner: Visitor, start: str, world: World) -> None:
    wrong, right = await opened_case(world), await opened_case(world)
    form = await practitioner.get(start)
    key = {"request_id": hidden_field(form.text, "request_id")}
    for person in (wrong, right):
        answer = await practitioner.send(form, start, {"service-user-crn": person.crn, **key})
    page = await practitioner.get(answer.headers["location"])
    assert f"CRN {right.crn}" in words(page)


async def test_a_service_that_takes_no_referrals_any_more_is_a_dead_end_that_says_so(
    practitioner: Visitor, start: str, world: World
) -> None:
    person = await opened_case(world)
    page = await found(practitioner, start, person.crn)
    await close_contract(world, "2024-03-01T00:00:00Z")
    try:
        for answer in (
            await practitioner.get(f"{start}?gender[]=male"),
            await practitioner.send(page, urlsplit(str(page.url)).path),
        ):
            assert answer.status_code == 410
            assert heading(answer) == "You cannot make a referral to this intervention"
            assert 'data-page="ERR-CONTRACT"' in answer.text
            assert "stopped taking referrals on 1 March 2024." in words(answer)
        assert 'href="/find-interventions?gender[]=male"' in (await practitioner.get(f"{start}?gender[]=male")).text
    finally:
        await close_contract(world, None)
    assert await drafts_of(person) == []


async def close_contract(world: World, at: str | None) -> None:
    moment = f"'{at}'" if at else "null"
    await world.fetch(
        f"update interventions.dynamic_framework_contract set referral_end_at = {moment} "
        "where contract_reference = $1", DEMO_CONTRACT,
    )  # fmt: skip
    await world.fetch("update interventions.reference_version set digest = $1", new_id().hex)


QUESTIONS = {
    "community-allocated-form": ("community-allocated", "Select yes if Name not known has an allocated probation"
                                 " practitioner"),
    "referral-type-form": ("current-location", "Select if Name not known is in prison or in the community"),
    "prison-release-form": ("prison-release", "Select yes if Name not known will be released during the intervention"),
}  # fmt: skip


@pytest.fixture(scope="module")
async def fresh(world: World, services: Switchboard) -> Journey:
    """A draft in which nothing is written yet."""
    return await begun_draft(world)


@pytest.mark.parametrize("page", QUESTIONS)
@pytest.mark.parametrize("value", ["", HOSTILE])
async def test_a_question_without_an_answer_is_asked_again_on_its_own_page(
    practitioner: Visitor, fresh: Journey, page: str, value: str
) -> None:
    name, error = QUESTIONS[page]
    form = await practitioner.get(at(fresh, page))
    answer = await practitioner.send(form, at(fresh, page), {name: value})
    assert answer.status_code == 400
    assert heading(answer) == heading(form)
    assert f'<a href="#{name}">{error}</a>' in answer.text
    assert HOSTILE not in answer.text
    assert (await written(fresh))["personCurrentLocationType"] is None


async def test_the_task_list_sends_to_the_question_that_is_open(practitioner: Visitor, fresh: Journey) -> None:
    answer = await practitioner.http.get(at(fresh, "form"))
    assert (answer.status_code, answer.headers["location"]) == (303, at(fresh, "community-allocated-form"))


@pytest.mark.parametrize(
    ("answers", "kind", "kept"),
    [
        ([("community-allocated", "yes"), ("current-location", "COMMUNITY")], "in the community, with a practitioner",
         {"allocatedCommunityPP": True, "personCurrentLocationType": "COMMUNITY"}),
        ([("community-allocated", "yes"), ("current-location", "CUSTODY")],
         "in prison, with a practitioner in the community",
         {"allocatedCommunityPP": True, "personCurrentLocationType": "CUSTODY", "isReferralReleasingIn12Weeks": None}),
        ([("community-allocated", "no"), ("prison-release", "yes")],
         "in prison, to be released during the intervention, without a practitioner",
         {"allocatedCommunityPP": False, "personCurrentLocationType": "CUSTODY",
          "isReferralReleasingIn12Weeks": True}),
        ([("community-allocated", "no"), ("prison-release", "no")],
         "in prison and staying there, without a practitioner",
         {"allocatedCommunityPP": False, "personCurrentLocationType": "CUSTODY",
          "isReferralReleasingIn12Weeks": False}),
    ],
)  # fmt: skip
async def test_two_answers_say_what_kind_of_referral_it_is(
    practitioner: Visitor, fresh: Journey, answers: list[tuple[str, str]], kind: str, kept: dict[str, object]
) -> None:
    path = at(fresh, "community-allocated-form")
    for name, value in answers:
        answer = await practitioner.send(await practitioner.get(path), path, {name: value})
        assert answer.status_code == 303
        path = answer.headers["location"]
    assert path == at(fresh, "form")
    found = await written(fresh)
    assert {name: found[name] for name in kept} == kept
    page = await practitioner.get(path)
    assert (heading(page), 'data-page="MR-05"' in page.text) == ("Make a referral", True)
    assert kind in words(page)
    again = await practitioner.get(at(fresh, "community-allocated-form"))
    assert "If you change this answer, what you wrote" in words(again)


async def test_another_kind_of_referral_leaves_nothing_of_the_former_one(practitioner: Visitor, world: World) -> None:
    draft = await ready_draft(
        world, personCurrentLocationType="CUSTODY", allocatedCommunityPP=False, isReferralReleasingIn12Weeks=True,
        personCustodyPrisonId="MDI", expectedReleaseDate="2024-09-01", roleOrJobTitle="Officer", ppName="Bo",
    )  # fmt: skip
    path = at(draft, "community-allocated-form")
    await practitioner.send(await practitioner.get(path), path, {"community-allocated": "yes"})
    path = at(draft, "referral-type-form")
    await practitioner.send(await practitioner.get(path), path, {"current-location": "COMMUNITY"})
    found = await written(draft)
    gone = ("personCustodyPrisonId", "expectedReleaseDate", "expectedProbationOffice", "roleOrJobTitle", "ppName",
            "ndeliusPPName", "isReferralReleasingIn12Weeks")  # fmt: skip
    assert {name: found[name] for name in gone} == dict.fromkeys(gone)
    assert found["reasonForReferral"] == "Wants to work"


async def test_the_list_says_what_is_done_what_comes_next_and_when_the_draft_goes(
    practitioner: Visitor, world: World
) -> None:
    draft = await ready_draft(world)
    page = await practitioner.get(at(draft, "form"))
    assert "6 of 10 tasks completed Last saved at" in words(page)
    assert "Go on with “Name, email address and location”" in words(page)
    until = (world.clock.now() + timedelta(days=90)).date()
    assert f"We will delete this draft on {until.day} {until:%B %Y}" in words(page)
    assert "1. Confirm probation practitioner details" in words(page)
    assert "4. Check all referral information and submit referral Check referral information Cannot start yet" in (
        words(page)
    )  # fmt: skip
    links = re.findall(r'govuk-task-list__link" href="/referrals/[^/]+/([^"]+)"', page.text)
    assert {"confirm-probation-practitioner-details", "risk-information", "completion-deadline"} <= set(links)
    assert "check-all-referral-information" not in links


async def test_a_draft_is_deleted_after_a_question_and_once(practitioner: Visitor, world: World) -> None:
    draft = await ready_draft(world)
    path = at(draft, "delete")
    form = await practitioner.get(path)
    assert heading(form) == "Are you sure you want to delete this draft?"
    assert await drafts_of(draft)
    answers = [await practitioner.send(form, path) for _ in range(2)]
    assert {(one.status_code, one.headers["location"]) for one in answers} == {(303, f"{DASHBOARD}/draft-cases")}
    assert await drafts_of(draft) == []
    assert "The draft was deleted." in words(await practitioner.get("/"))
    page = await practitioner.get(at(draft, "form"))
    assert (page.status_code, heading(page)) == (404, "Page not found")


async def test_a_draft_that_is_on_its_way_is_not_deleted(practitioner: Visitor, world: World) -> None:
    draft = await ready_draft(world)
    await world.fetch(
        "insert into interventions.referral_reference (reference_number, referral_id) values ('QQ3333ED', $1)",
        UUID(draft.referral_id),
    )
    path = at(draft, "delete")
    answer = await practitioner.send(await practitioner.get(path), path)
    assert answer.status_code == 409
    assert "You began to submit this referral, and other systems may know of it." in words(answer)
    assert await drafts_of(draft)


async def test_a_draft_that_was_sent_leads_to_the_referral(practitioner: Visitor, world: World) -> None:
    draft = await ready_draft(world)
    path = at(draft, "prison-release-form")
    form = await practitioner.get(path)
    ok(await draft.as_practitioner("POST", f"/draft-referral/{draft.referral_id}/send"), 201)
    for answer in (
        await practitioner.http.get(path),
        await practitioner.http.get(at(draft, "form")),
        await practitioner.send(form, path, {"prison-release": "yes"}),
    ):
        sent = f"/probation-practitioner/referrals/{draft.referral_id}/progress"
        assert (answer.status_code, answer.headers["location"]) == (303, sent)


async def test_a_provider_has_no_part_in_it(world: World, fresh: Journey, start: str) -> None:
    visitor = browser(world)
    page = await visitor.sign_in(CASEWORKERS[0].username, start)
    assert page.status_code == 403
    for path in (*(at(fresh, one) for one in QUESTIONS), at(fresh, "form"), at(fresh, "delete")):
        assert (await visitor.get(path)).status_code == 403
    await visitor.http.aclose()


async def test_each_page_asks_for_what_it_shows_and_nothing_twice(
    practitioner: Visitor, world: World, start: str, services: Switchboard
) -> None:
    draft = await ready_draft(world)
    person = str(urlsplit(str((await found(practitioner, start, draft.crn)).url)).path)
    path, one = f"GET /draft-referral/{draft.referral_id}", f"GET /intervention/{draft.intervention['id']}"
    expected = {
        start: [one],
        person: [one, f"GET /case-record/{draft.crn}", "GET /draft-referrals", "GET /sent-referrals/search"],
        at(draft, "community-allocated-form"): [path],
        at(draft, "form"): [path, f"{path}/oasys-risk-information", one],
        at(draft, "delete"): [path],
        at(draft, "confirm-probation-practitioner-details"): [path, f"{path}/case-record"],
        at(draft, "update-probation-practitioner-pdu"): [path, f"{path}/case-record"],
    }
    for page, calls in expected.items():
        with services.asked("interventions") as asked:
            assert (await practitioner.get(page)).status_code == 200
        assert sorted(asked) == sorted(calls), page


async def test_risk_and_case_are_not_needed_to_go_on(
    practitioner: Visitor, fresh: Journey, services: Switchboard
) -> None:
    with services.away("risks_and_needs"):
        assert (await practitioner.get(at(fresh, "form"))).status_code == 200
    with services.away("interventions"):
        assert (await practitioner.get(at(fresh, "form"))).status_code == 503
