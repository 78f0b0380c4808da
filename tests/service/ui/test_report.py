"""Writing, submitting and reading an end of service report, page by page, as both sides do it."""

from __future__ import annotations

from tests.service.interventions.journey import assigned_referral, delivered_referral, mails
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, errors, fill, heading, press, words
from tests.world import World, hidden_field
from throughcare.kit.ids import new_id
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS

SIDES = ("service-provider", "probation-practitioner")
ANSWERS = {"achievement-level": "PARTIALLY_ACHIEVED", "progression-comments": "Wrote a CV\n<i>alone</i>"}


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
