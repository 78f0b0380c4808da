"""Writing, submitting and reading action plans and end of service reports, page by page, as both sides do it."""

from __future__ import annotations

import asyncio

import pytest

from tests.service.interventions.journey import (
    Journey,
    Json,
    assessed_referral,
    assigned_referral,
    delivered_referral,
    drafted_plan,
    mails,
    ok,
    planned_referral,
)
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, errors, fill, heading, press, words
from tests.world import World, hidden_field
from throughcare.kit.ids import new_id
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS

SIDES = ("service-provider", "probation-practitioner")
ANSWERS = {"achievement-level": "PARTIALLY_ACHIEVED", "progression-comments": "Wrote a CV\n<i>alone</i>"}


def of_referral(journey: Journey, page: str, side: str = SIDES[0]) -> str:
    return f"/{side}/referrals/{journey.referral_id}/{page}"


async def begun(visitor: Visitor, journey: Journey) -> str:
    """The beginning of the addresses of a draft that was begun on the progress page."""
    where = of_referral(journey, "action-plan")
    first = await press(visitor, of_referral(journey, "progress"), where, str(new_id()))
    base, _, page = first.partition("/add-activity/")
    assert page == "1"
    return base


async def plan(journey: Journey, base: str) -> Json:
    found: Json = ok(await journey.as_caseworker("GET", base.removeprefix("/service-provider")))
    return found


async def practitioner_sees(world: World, path: str) -> str:
    visitor = browser(world)
    shown = await visitor.sign_in(PRACTITIONERS[0].username, path)
    await visitor.http.aclose()
    return words(shown)


async def test_a_plan_is_begun_once_written_submitted_and_told(world: World, caseworker: Visitor) -> None:
    journey = await assessed_referral(world)
    progress, key = of_referral(journey, "progress"), str(new_id())
    assert (
        'name="request_id"' in (await caseworker.get(progress)).text.partition('id="plan"')[2].partition("</form>")[0]
    )
    first = await press(caseworker, progress, of_referral(journey, "action-plan"), key)
    assert await press(caseworker, progress, of_referral(journey, "action-plan"), key) == first
    base = first.removesuffix("/add-activity/1")
    page = await caseworker.get(first)
    assert heading(page) == "Add activity 1 to action plan"
    assert "Desired outcomes of the referral" in words(page)
    assert errors(await fill(caseworker, first, {"description": " "}, 400)) == {"Enter an activity"}
    assert errors(await caseworker.send(page, f"{base}/add-activities")) == {"Add at least one activity"}
    second = (await fill(caseworker, first, {"description": "Write a CV\n<b>together</b>"})).headers["location"]
    assert second == f"{base}/add-activity/2"
    again = await fill(caseworker, first, {"description": "Write a CV\n<b>together</b>"})
    assert again.headers["location"] == second, "sent twice, it is one activity"
    assert (await caseworker.get(f"{base}/add-activity/9")).url.path == second
    listed = await caseworker.get(second)
    assert "<b>together" not in listed.text
    assert "Activity 1 Write a CV <b>together</b> Change activity 1" in words(listed)
    unsaved = await caseworker.send(listed, f"{base}/add-activities", {"description": "Apply"})
    assert errors(unsaved) == {"Save this activity, or clear the box to continue without it"}
    assert "Apply" in unsaved.text
    typed = {"description": "Apply for jobs", "request_id": hidden_field(listed.text, "request_id")}
    twice = await asyncio.gather(*(caseworker.send(listed, second, typed) for _ in range(2)))
    assert {one.headers["location"] for one in twice} <= {f"{base}/add-activity/3"}
    sessions = (await caseworker.send(listed, f"{base}/add-activities", {"description": ""})).headers["location"]
    assert sessions == f"{base}/number-of-sessions"
    review = (await fill(caseworker, sessions, {"number-of-sessions": "2"})).headers["location"]
    changed = f"{base}/add-activity/2?return=check"
    assert (await fill(caseworker, changed, {"description": "Apply for two jobs"})).headers["location"] == review
    shown = await caseworker.get(review)
    for said in ("Apply for two jobs", "Number of sessions 2", "Activity 1"):
        assert said in words(shown), said
    sent = hidden_field(shown.text, "request_id")
    for _ in range(2):
        answer = await caseworker.send(shown, review, {"request_id": sent})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{base}/confirmation")
    assert "gets an email" in words(await caseworker.get(f"{base}/confirmation"))
    submitted = await plan(journey, base)
    assert submitted["approvedAt"]
    assert [one["description"] for one in submitted["activities"]] == [
        "Write a CV\n<b>together</b>", "Apply for two jobs",
    ]  # fmt: skip
    await world.drain()
    told = of_referral(journey, "action-plan", SIDES[1])
    assert any(told in str(one) for one in await mails(world))
    for path in (first, sessions, review):
        assert (await caseworker.get(path)).url.path == base, path


async def test_a_wrong_number_of_sessions_is_named_and_kept(caseworker: Visitor, drafting: str) -> None:
    for said, error in (
        ("", "Enter the number of sessions"),
        ("several", "Number of sessions must be a number, like 6"),
        ("2.5", "Number of sessions must be a whole number, like 6"),
        ("0", "Number of sessions must be 1 or more"),
        ("-1", "Number of sessions must be 1 or more"),
        ("1001", "Number of sessions must be 1,000 or fewer"),
    ):
        answer = await fill(caseworker, f"{drafting}/number-of-sessions", {"number-of-sessions": said}, 400)
        assert errors(answer) == {error}, said
        assert f'value="{said}"' in answer.text


@pytest.fixture(scope="module")
async def drafting(world: World) -> str:
    """The beginning of the addresses of a draft before the supplier assessment."""
    return f"/service-provider/action-plan/{await drafted_plan(await assigned_referral(world))}"


async def test_a_plan_is_not_submitted_before_the_assessment(caseworker: Visitor, drafting: str) -> None:
    reason = "You cannot submit an action plan yet. Hold the supplier assessment and add feedback first"
    page = await caseworker.get(f"{drafting}/review")
    assert reason in words(page)
    assert "Submit action plan" not in page.text
    answer = await caseworker.send(page, f"{drafting}/review")
    assert answer.status_code == 400
    assert reason in answer.text.partition("govuk-error-summary")[2].partition("</ul>")[0]
    assert (await caseworker.get(f"{drafting}/confirmation")).url.path == f"{drafting}/review"


async def test_a_draft_is_its_providers_own(world: World, caseworker: Visitor, drafting: str) -> None:
    assert (await caseworker.get(drafting)).url.path == f"{drafting}/review"
    visitor = browser(world)
    await visitor.sign_in(PRACTITIONERS[0].username)
    assert (await visitor.get(f"{drafting}/review")).status_code == 403
    assert (await visitor.get(drafting.replace(*SIDES))).status_code == 404
    missing = f"/service-provider/action-plan/{new_id()}"
    assert (await caseworker.get(f"{missing}/review")).status_code == 404
    await visitor.http.aclose()


async def test_a_new_version_begins_with_the_old_and_marks_what_is_different(world: World, caseworker: Visitor) -> None:
    journey = await planned_referral(world)
    old, edit = f"/service-provider/action-plan/{journey.plan_id}", of_referral(journey, "action-plan/edit")
    seen = await caseworker.get(of_referral(journey, "action-plan"))
    assert heading(seen) == "View action plan"
    assert f"by {CASEWORKERS[0].name}" in words(seen)
    assert edit in seen.text
    ask = await caseworker.get(edit)
    assert heading(ask) == "Are you sure you want to create a new action plan?"
    key = hidden_field(ask.text, "request_id")
    first = await caseworker.send(ask, edit, {"request_id": key})
    assert (await caseworker.send(ask, edit, {"request_id": key})).headers["location"] == first.headers["location"]
    base, _, number = first.headers["location"].partition("/add-activity/")
    assert number == "2"
    assert "Continue the new version" in words(await caseworker.get(of_referral(journey, "action-plan")))
    theirs = of_referral(journey, "action-plan", SIDES[1])
    assert "Continue the new version" not in await practitioner_sees(world, theirs)
    assert (await caseworker.get(f"{base}/number-of-sessions")).text.count('value="2"') == 1
    fewer = await fill(caseworker, f"{base}/number-of-sessions", {"number-of-sessions": "1"}, 400)
    assert errors(fewer) == {"You cannot have fewer sessions than the approved plan"}
    await fill(caseworker, f"{base}/add-activity/1", {"description": "Write a better CV"})
    await fill(caseworker, f"{base}/add-activity/2", {"description": "Apply for jobs"})
    await fill(caseworker, f"{base}/number-of-sessions", {"number-of-sessions": "3"})
    review = await caseworker.get(f"{base}/review")
    assert (await caseworker.send(review, f"{base}/review", {"request_id": str(new_id())})).status_code == 303
    for text in (
        words(await caseworker.get(of_referral(journey, "action-plan"))),
        await practitioner_sees(world, theirs),
    ):
        assert "2 of 2" in text
        assert "Changed Write a better CV What version 1 said Write a CV" in text
        assert "New Apply for jobs" in text
        assert "3 Changed from 2" in text
    older = words(await caseworker.get(old))
    assert "You are viewing an older action plan" in older
    assert "1 of 2" in older
    assert "Create a new action plan" not in older


async def test_a_plan_that_awaits_approval_is_approved_by_its_practitioner(world: World, caseworker: Visitor) -> None:
    journey = await planned_referral(world)
    path, approve = of_referral(journey, "action-plan", SIDES[1]), of_referral(journey, "action-plan/approve", SIDES[1])
    visitor = browser(world)
    assert "Do you want to approve" not in words(await visitor.sign_in(PRACTITIONERS[0].username, path))
    assert (await visitor.get(approve)).url.path == path
    await world.fetch("delete from interventions.delivery_session where referral_id = $1", journey.referral_id)
    await world.fetch(
        "update interventions.action_plan set approved_at = null, approved_by = null where id = $1", journey.plan_id
    )
    page = await visitor.get(path)
    assert "Awaiting approval" in words(page)
    assert errors(await visitor.send(page, approve)) == {"Select the checkbox to confirm"}
    sent = await visitor.send(page, approve, {"confirm-approval": "y", "request_id": str(new_id())})
    assert sent.headers["location"] == of_referral(journey, "action-plan/approved", SIDES[1])
    assert heading(await visitor.get(sent.headers["location"])) == "Action plan approved"
    assert (await plan(journey, f"/action-plan/{journey.plan_id}"))["approvedAt"]
    await visitor.http.aclose()


async def test_a_referral_without_a_plan_says_so(world: World, caseworker: Visitor) -> None:
    journey = await assigned_referral(world)
    assert "No action plan has been submitted yet." in words(await caseworker.get(of_referral(journey, "action-plan")))
    edit = await caseworker.get(of_referral(journey, "action-plan/edit"))
    assert edit.url.path == of_referral(journey, "progress")


async def test_a_report_is_written_checked_submitted_once_and_read_by_both_sides(
    world: World, caseworker: Visitor, services: Switchboard
) -> None:
    journey = await delivered_referral(world, 1)
    progress = f"/service-provider/referrals/{journey.referral_id}/progress"
    start, key = progress.replace("progress", "end-of-service-report"), str(new_id())
    base = await press(caseworker, progress, start, key)
    assert await press(caseworker, progress, start, key) == base
    first = f"{base}/outcomes/1"
    page = await caseworker.get(base)
    assert (page.url.path, heading(page)) == (first, "End of service report: desired outcome 1")
    for said in ("Page 1 of 3", "About desired outcome 1", "1 held", "0 missed", "Not started", "Optional"):
        assert said in words(page), said
    missing = {"Select whether Jo Bloggs achieved the desired outcome", "Add what progress they made"}
    assert errors(await fill(caseworker, first, {"progression-comments": " "}, 400)) == missing
    later = await fill(caseworker, first, {"progression-comments": "Half of it", "then": "later"})
    assert later.headers["location"] == progress
    assert "Half of it" in (await caseworker.get(first)).text
    check = f"{base}/check-answers"
    unfinished = await caseworker.get(check)
    assert "Submit the report" not in unfinished.text
    refused = await caseworker.send(unfinished, f"{base}/submit")
    assert refused.status_code == 400
    assert "Say how far every desired outcome was achieved before you submit the report" in words(refused)
    visitor = browser(world)
    read = base.replace(*SIDES)
    assert (await visitor.sign_in(PRACTITIONERS[0].username, read)).status_code == 404
    further = (await fill(caseworker, first, ANSWERS)).headers["location"]
    assert further == f"{base}/further-information"
    assert "Completed" in words(await caseworker.get(further))
    assert (await fill(caseworker, further, {"further-information": ""})).headers["location"] == check
    assert "?return=check" in (await caseworker.get(check)).text
    changed = {**ANSWERS, "additional-task-comments": "Apply for jobs"}
    assert (await fill(caseworker, f"{first}?return=check", changed)).headers["location"] == check
    with services.away("probation"):
        shown = await caseworker.get(check)
    for said in ("Partially achieved", "Wrote a CV <i>alone</i>", "Apply for jobs", "Page 3 of 3"):
        assert said in words(shown), said
    sent = hidden_field(shown.text, "request_id")
    for _ in range(2):
        answer = await caseworker.send(shown, f"{base}/submit", {"request_id": sent})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{base}/confirmation")
    confirmed = words(await caseworker.get(f"{base}/confirmation"))
    assert journey.crn in confirmed
    assert "The referral is closed." in confirmed
    assert (await journey.referral())["concludedAt"]
    for path in (first, further, check):
        assert (await caseworker.get(path)).url.path == base, path
    assert await press(caseworker, progress, start, str(new_id())) == base
    for whole in (await caseworker.get(base), await visitor.get(read)):
        assert heading(whole) == "End of service report"
        assert f"by {CASEWORKERS[0].name}" in words(whole)
        assert "Wrote a CV <i>alone</i>" in words(whole)
        assert "<i>alone" not in whole.text
    assert (await visitor.get(base)).status_code == 403
    await visitor.http.aclose()
    await world.drain()
    assert any(read in str(one) for one in await mails(world))


async def test_a_report_that_is_not_due_is_not_begun(world: World, caseworker: Visitor) -> None:
    journey = await assigned_referral(world)
    progress = f"/service-provider/referrals/{journey.referral_id}/progress"
    start = progress.replace("progress", "end-of-service-report")
    assert await press(caseworker, progress, start, str(new_id())) == progress
    assert "An end of service report is not due yet." in words(await caseworker.get(progress))
    assert (await caseworker.get(start)).url.path == progress
    assert (await caseworker.get(f"/service-provider/end-of-service-report/{new_id()}")).status_code == 404
