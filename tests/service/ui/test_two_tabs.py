"""One form open in two places: what was saved in one is never replaced unseen from the other."""

from __future__ import annotations

import re

import pytest
from httpx2 import Response

from tests.service.interventions.journey import (
    Journey,
    assessed_referral,
    begun_draft,
    delivered_referral,
    drafted_plan,
    ok,
)
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, errors, press, words
from tests.world import World, hidden_field
from throughcare.kit.ids import new_id
from throughcare.seeding.accounts import CASEWORKERS

REASON, MORE = "reason-for-referral", "reason-for-referral-further-information"


@pytest.fixture
async def draft(world: World, services: Switchboard) -> Journey:
    """A draft of a referral without a reason."""
    return await begun_draft(world)


def page_of(draft: Journey) -> str:
    return f"/referrals/{draft.referral_id}/{REASON}"


async def send(visitor: Visitor, form: Response, path: str, said: dict[str, str], **more: str) -> Response:
    """The answer to a form with these words, sent with what the form was filled in from."""
    basis = hidden_field(form.text, "basis")
    return await visitor.send(form, path, {"basis": basis, **said, **more})


async def saved(draft: Journey) -> tuple[str, str]:
    found = ok(await draft.as_practitioner("GET", f"/draft-referral/{draft.referral_id}"))
    return found["reasonForReferral"], found["reasonForReferralFurtherInformation"]


async def test_what_was_saved_in_another_tab_is_shown_before_it_is_replaced(
    practitioner: Visitor, draft: Journey
) -> None:
    path = page_of(draft)
    one, other = await practitioner.get(path), await practitioner.get(path)
    assert (await send(practitioner, one, path, {REASON: "Needs <b>work</b>", MORE: "Mornings"})).status_code == 303
    answer = await send(practitioner, other, path, {REASON: "Wants to move", MORE: "Mornings"})
    assert answer.status_code == 409
    [error] = errors(answer)
    assert re.fullmatch(r"You changed this at .* on .*, after this page was opened\. Send your answers again .*", error)
    assert "What is saved Needs <b>work</b>" in words(answer)
    assert "Wants to move</textarea>" in answer.text, "what was typed is there"
    assert f'id="{MORE}-instead"' not in answer.text, "the same was typed there"
    assert f'id="{REASON}-error"' in answer.text
    assert "<b>work" not in answer.text
    assert await saved(draft) == ("Needs <b>work</b>", "Mornings")
    assert (await send(practitioner, answer, path, {REASON: "Wants to move", MORE: "Mornings"})).status_code == 303
    assert await saved(draft) == ("Wants to move", "Mornings")


async def test_what_is_saved_can_be_taken_instead_of_what_was_typed(practitioner: Visitor, draft: Journey) -> None:
    path = page_of(draft)
    other = await practitioner.get(f"{path}?return=check")
    await send(practitioner, await practitioner.get(path), path, {REASON: "Needs work", MORE: "None"})
    answer = await send(practitioner, other, f"{path}?return=check", {REASON: "Wants to move", MORE: "None"})
    assert "Use what is saved" in words(answer)
    taken = await send(
        practitioner, answer, f"{path}?return=check", {REASON: "Wants to move", MORE: "None"}, then="saved"
    )
    assert (taken.status_code, taken.headers["location"]) == (303, f"{path}?return=check")
    shown = await practitioner.get(path)
    assert "Needs work</textarea>" in shown.text
    assert "Wants to move" not in shown.text
    assert "Use what is saved" not in words(shown)


async def test_the_same_answers_sent_twice_are_no_surprise(practitioner: Visitor, draft: Journey) -> None:
    path = page_of(draft)
    form = await practitioner.get(path)
    answers = [await send(practitioner, form, path, {REASON: "Needs work\r\nsoon", MORE: "None"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]


async def test_words_that_were_kept_still_tell_what_they_were_to_replace(practitioner: Visitor, draft: Journey) -> None:
    path = page_of(draft)
    form = await practitioner.get(path)
    kept = {"basis": hidden_field(form.text, "basis"), REASON: "Half a thought"}
    assert (await practitioner.send(form, f"/typed/kept?place={path}", kept)).status_code == 200
    changed = {"reasonForReferral": "Needs work"}
    ok(await draft.as_practitioner("PATCH", f"/draft-referral/{draft.referral_id}", json=changed))
    again = await practitioner.get(path)
    assert "Half a thought</textarea>" in again.text
    answer = await send(practitioner, again, path, {REASON: "Half a thought", MORE: "None"})
    assert answer.status_code == 409
    assert errors(answer) == {error for error in errors(answer) if error.startswith("Somebody changed this, after")}
    assert "What is saved Needs work" in words(answer)


async def test_an_activity_that_a_colleague_added_is_not_written_over(world: World, caseworker: Visitor) -> None:
    journey = await assessed_referral(world)
    path = f"/service-provider/action-plan/{await drafted_plan(journey)}/add-activity/2"
    colleague = browser(world)
    await colleague.sign_in(CASEWORKERS[1].username)
    mine, theirs = await caseworker.get(path), await colleague.get(path)
    assert (await send(colleague, theirs, path, {"description": "Practise interviews"})).status_code == 303
    await colleague.http.aclose()
    answer = await send(caseworker, mine, path, {"description": "Apply for jobs"})
    assert answer.status_code == 409
    assert {error.partition(" at ")[0] for error in errors(answer)} == {"Sam Okoro changed this"}
    assert "What is saved Practise interviews" in words(answer)


async def test_an_outcome_that_was_recorded_elsewhere_is_told_in_words(world: World, caseworker: Visitor) -> None:
    journey = await delivered_referral(world)
    begun = f"/service-provider/referrals/{journey.referral_id}/end-of-service-report"
    progress = f"/service-provider/referrals/{journey.referral_id}/progress"
    report = await press(caseworker, progress, begun, str(new_id()))
    path = f"{report}/outcomes/1"
    one, other = await caseworker.get(path), await caseworker.get(path)
    said = {"progression-comments": "Found work"}
    await send(caseworker, one, path, {"achievement-level": "ACHIEVED", **said})
    answer = await send(caseworker, other, path, {"achievement-level": "NOT_ACHIEVED", **said})
    assert answer.status_code == 409
    assert "What is saved Achieved" in words(answer)
