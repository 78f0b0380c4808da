"""Making a referral: the last check, sending it once, and what happens next."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from tests.service.interventions.journey import Journey, begun_draft, choose_level_and_outcome, ok, ready_draft
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import World
from throughcare.seeding.accounts import CASEWORKERS, DEMO_CONTRACT, PRACTITIONERS

CHECK = "check-all-referral-information"
CONFIRMED: dict[str, Any] = {
    "hasConfirmedPersonalDetails": True, "additionalNeedsInformation": "", "accessibilityNeeds": "",
    "reasonForReferralFurtherInformation": "None", "ppPdu": "Derby",
}  # fmt: skip
HOSTILE = "<script>alert(1)</script>\n\u202e😀"


@pytest.fixture(scope="module")
async def ready(world: World, services: Switchboard) -> Journey:
    """A draft that can be sent."""
    made = await ready_draft(world, **CONFIRMED, reasonForReferral=HOSTILE, ppName="Hanifa Oyelaran")
    risk = {"riskSummaryWhoIsAtRisk": "Neighbours"}
    path = f"/draft-referral/{made.referral_id}/oasys-risk-information"
    ok(await made.as_practitioner("PATCH", path, json=risk))
    return made


@pytest.fixture(scope="module")
async def inside(world: World, services: Switchboard) -> Journey:
    """A draft about somebody in prison."""
    return await ready_draft(world, personCurrentLocationType="CUSTODY", isReferralReleasingIn12Weeks=True)


def at(draft: Journey, page: str) -> str:
    return f"/referrals/{draft.referral_id}/{page}"


def row(page: Any, label: str) -> str:
    """What the first row of this name says, and where its link leads."""
    found = re.search(rf"<dt[^>]*>{re.escape(label)}</dt>(.*?)</div>\s*(?=<div|</dl>)", page.text, re.DOTALL)
    assert found is not None, label
    return found[1]


async def test_everything_is_shown_with_the_way_to_change_it(practitioner: Visitor, ready: Journey) -> None:
    shown = await practitioner.get(at(ready, CHECK))
    assert (shown.status_code, heading(shown)) == (200, "Check all referral information")
    assert 'data-page="MR-34"' in shown.text
    category = ready.intervention["serviceCategories"][0]["id"]
    for label, said, page in (
        ("Sentence", "Theft", "relevant-sentence"), ("End of sentence date", "14 January 2026", ""),
        ("Maximum number of enforceable days", "10", "enforceable-days"),
        ("Reason for the referral", "&lt;script&gt;alert(1)&lt;/script&gt;", "reason-for-referral"),
        ("Complexity level", "govuk-tag--green", f"service-category/{category}/complexity-level"),
        ("Desired outcomes", "", f"service-category/{category}/desired-outcomes"),
        ("Name", "Hanifa Oyelaran", "update-probation-practitioner-name"),
        ("Referring officer", PRACTITIONERS[0].name, ""), ("Disabilities", "Dyslexia", ""),
        ("Interpreter required", "No", "needs-and-requirements"),
        ("Who is at risk", "Neighbours", "edit-oasys-risk-information"),
    ):  # fmt: skip
        html = row(shown, label)
        assert said in html, label
        assert (f"{at(ready, page)}?return=check" if page else "") in html, label
        assert page or "Change" not in html, label
    assert PRACTITIONERS[0].email in row(shown, "Referring officer") or PRACTITIONERS[0].email in shown.text
    assert "<script>alert" not in shown.text


async def test_each_page_asks_for_what_it_shows_and_nothing_twice(
    world: World, practitioner: Visitor, services: Switchboard
) -> None:
    draft = await ready_draft(world, personCurrentLocationType="CUSTODY", isReferralReleasingIn12Weeks=True)
    path, one = f"GET /draft-referral/{draft.referral_id}", f"GET /intervention/{draft.intervention['id']}"
    case, risk, prisoner = f"{path}/case-record", f"{path}/oasys-risk-information", (
        f"GET /intervention/prisoner/details/{draft.crn}"
    )  # fmt: skip
    category = f"service-category/{draft.intervention['serviceCategories'][0]['id']}"
    offered = f"GET /{category}/contract-reference/{DEMO_CONTRACT}"
    for page, calls in {
        CHECK: [path, case, risk, one, prisoner], "service-user-details": [path, case],
        "risk-information": [path, risk], "needs-and-requirements": [path],
        f"{category}/desired-outcomes": [path, one, offered], f"{category}/complexity-level": [path, one, offered],
        "relevant-sentence": [path, case], "completion-deadline": [path, case], "enforceable-days": [path],
        "submit-current-location": [path, prisoner], "expected-release-date": [path, prisoner],
        "change-expected-release-date": [path], "expected-probation-office": [path],
    }.items():  # fmt: skip
        with services.asked("interventions") as asked:
            assert (await practitioner.get(at(draft, page))).status_code == 200
        assert sorted(asked) == sorted(calls), page


async def test_a_change_leads_back_to_the_card_that_it_began_at(practitioner: Visitor, ready: Journey) -> None:
    shown = await practitioner.get(at(ready, CHECK))
    path = f"{at(ready, 'enforceable-days')}?return=check&amp;card=intervention-details"
    assert f'href="{path}"' in shown.text
    assert 'id="intervention-details"' in shown.text
    path = path.replace("&amp;", "&")
    answer = await practitioner.send(await practitioner.get(path), path, {"maximum-enforceable-days": "10"})
    assert answer.headers["location"] == f"{at(ready, CHECK)}#intervention-details"
    wrong = path.replace("intervention-details", "//elsewhere")
    answer = await practitioner.send(await practitioner.get(path), wrong, {"maximum-enforceable-days": "10"})
    assert answer.headers["location"] == at(ready, CHECK)


async def test_all_that_is_to_be_done_is_listed_with_the_pages_to_do_it_on(world: World, practitioner: Visitor) -> None:
    draft = await begun_draft(world)
    answer = await practitioner.send(await practitioner.get(at(draft, CHECK)), at(draft, "send"))
    assert answer.status_code == 400
    assert "<title>Error: Check all referral information" in answer.text
    assert f'<a href="{at(draft, "community-allocated-form")}">Say what type of referral this is</a>' in answer.text
    inside = {"personCurrentLocationType": "CUSTODY", "personCustodyPrisonId": "LEI", "allocatedCommunityPP": True,
              "relevantSentenceId": draft.sentence_id}  # fmt: skip
    ok(await draft.as_practitioner("PATCH", f"/draft-referral/{draft.referral_id}", json=inside))
    await choose_level_and_outcome(draft)
    answer = await practitioner.send(answer, at(draft, "send"))
    for text, page in (
        ("Confirm probation practitioner details: name, email address and location",
         "confirm-probation-practitioner-details"),
        ("current location and expected release date: expected release date", "expected-release-date"),
        ("information: risk information", "risk-information"),
        ("information: personal details", "service-user-details"),
        ("referral details: enter enforceable days used", "enforceable-days"),
    ):  # fmt: skip
        assert re.search(rf'<a href="{at(draft, page)}\?return=check">[^<]*{re.escape(text)}</a>', answer.text), text
    assert "relevant sentence</a>" not in answer.text
    assert "complexity level</a>" not in answer.text
    assert "Leeds" in row(answer, "Location at time of referral")
    assert await draft.event_types() == []


async def test_what_ndelius_does_not_accept_is_told_and_can_be_mended(world: World, practitioner: Visitor) -> None:
    draft = await ready_draft(world, **CONFIRMED, relevantSentenceId=999_999)
    answer = await practitioner.send(await practitioner.get(at(draft, CHECK)), at(draft, "send"))
    assert answer.status_code == 400
    assert "nDelius did not accept the referral. Check the relevant sentence" in words(answer)
    right = {"relevantSentenceId": draft.sentence_id}
    ok(await draft.as_practitioner("PATCH", f"/draft-referral/{draft.referral_id}", json=right))
    [key] = re.findall(r'name="request_id" value="([^"]+)"', answer.text)
    answer = await practitioner.send(answer, at(draft, "send"), {"request_id": key})
    assert answer.headers["location"] == at(draft, "confirmation")


async def test_nothing_is_sent_while_the_service_is_away(
    practitioner: Visitor, ready: Journey, services: Switchboard
) -> None:
    form = await practitioner.get(at(ready, CHECK))
    with services.away("risks_and_needs"):
        answer = await practitioner.send(form, at(ready, "send"))
    assert answer.status_code == 503
    assert "could not be saved just now" in words(answer)
    assert (await practitioner.http.get(at(ready, "send"))).headers["location"] == at(ready, CHECK)


async def test_a_referral_is_sent_once_however_often_the_button_is_pressed(
    practitioner: Visitor, ready: Journey
) -> None:
    form, other_tab = await practitioner.get(at(ready, CHECK)), await practitioner.get(at(ready, CHECK))
    [key] = re.findall(r'name="request_id" value="([^"]+)"', form.text)
    path, fields = at(ready, "send"), {"request_id": key}
    answers = list(await asyncio.gather(*(practitioner.send(form, path, fields) for _ in range(2))))
    answers += [await practitioner.send(form, path, fields), await practitioner.send(other_tab, path)]
    assert {(one.status_code, one.headers["location"]) for one in answers} == {(303, at(ready, "confirmation"))}
    assert await ready.event_types() == ["referral.sent"]


async def test_the_confirmation_tells_the_number_and_what_happens_next(
    practitioner: Visitor, ready: Journey, services: Switchboard
) -> None:
    shown = await practitioner.get(at(ready, "confirmation"))
    referral = await ready.referral()
    assert 'data-page="MR-35"' in shown.text
    assert heading(shown) == f"We’ve sent your referral to {referral['referral']['serviceProvider']['name']}"
    assert referral["referenceNumber"] in words(shown)
    assert "will contact Jo Bloggs within 10 working days" in words(shown)
    assert f'href="/probation-practitioner/referrals/{ready.referral_id}/details"' in shown.text


async def test_pages_of_a_draft_that_was_sent_lead_to_the_referral(practitioner: Visitor, ready: Journey) -> None:
    progress = f"/probation-practitioner/referrals/{ready.referral_id}/progress"
    for page in (CHECK, "enforceable-days", "risk-information", "service-user-details", "needs-and-requirements"):
        answer = await practitioner.http.get(at(ready, page))
        assert (answer.status_code, answer.headers["location"]) == (303, progress), page
    changed = await practitioner.get(at(ready, "completion-deadline"))
    assert 'data-page="AM-02"' in changed.text


async def test_providers_do_not_check_or_send(world: World, services: Switchboard) -> None:
    draft = await ready_draft(world)
    provider = browser(world)
    home = await provider.sign_in(CASEWORKERS[0].username)
    assert (await provider.get(at(draft, CHECK))).status_code == 403
    assert (await provider.send(home, at(draft, "send"))).status_code == 403
    await provider.http.aclose()


async def test_a_draft_that_does_not_exist_is_not_sent(practitioner: Visitor, ready: Journey) -> None:
    form = await practitioner.get(at(ready, "confirmation"))
    path = "/referrals/01a22456-1774-7230-a36d-3d19aa0332a6"
    assert (await practitioner.get(f"{path}/{CHECK}")).status_code == 404
    assert (await practitioner.send(form, f"{path}/send")).status_code == 404
    assert (await practitioner.get(f"{path}/confirmation")).status_code == 404


@pytest.mark.parametrize(
    "typed", ["😀" * 5_000, "\r\n\t<script>alert(1)</script>\u202e😀 nul\x00byte"], ids=["much", "markup and signs"]
)  # fmt: skip
async def test_no_form_of_a_draft_fails_on_hostile_answers(
    world: World, practitioner: Visitor, services: Switchboard, inside: Journey, typed: str
) -> None:
    category = f"service-category/{inside.intervention['serviceCategories'][0]['id']}"
    for page in (
        "service-user-details", "risk-information", "edit-oasys-risk-information", "needs-and-requirements",
        "relevant-sentence", f"{category}/desired-outcomes", f"{category}/complexity-level", "enforceable-days",
        "completion-deadline", "reason-for-referral", "submit-current-location", "expected-release-date",
        "change-expected-release-date", "expected-release-date-unknown", "expected-probation-office",
        "expected-probation-office-unknown",
    ):  # fmt: skip
        form = await practitioner.get(at(inside, page))
        names = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', form.text.partition("<main")[2]))
        fields = dict.fromkeys(names - {"csrf_token", "request_id", "place", "basis"}, typed)
        answer = await practitioner.send(form, at(inside, page), fields)
        assert answer.status_code in {303, 400}, f"{page}: {answer.status_code} {words(answer)}"
        assert "<script>alert" not in answer.text
        again = await practitioner.get(at(inside, page))
        assert (again.status_code, "<script>alert" in again.text) == (200, False), page
