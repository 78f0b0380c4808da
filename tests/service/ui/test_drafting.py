"""Making a referral, page by page: answers are saved, refused with reasons, kept when they cannot be saved."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.service.interventions.journey import Journey, begun_draft, ok
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import World
from throughcare.seeding.accounts import PRACTITIONERS


@pytest.fixture(scope="module")
async def practitioner(world: World, services: Switchboard) -> AsyncIterator[Visitor]:
    """The practitioner's browser, signed in."""
    made = browser(world)
    await made.sign_in(PRACTITIONERS[0].username)
    yield made
    await made.http.aclose()


@pytest.fixture(scope="module")
async def draft(world: World, services: Switchboard) -> Journey:
    """A draft in which nothing is written yet."""
    return await begun_draft(world)


async def written(draft: Journey) -> dict[str, object]:
    return dict(ok(await draft.as_practitioner("GET", f"/draft-referral/{draft.referral_id}")))


def at(draft: Journey, page: str) -> str:
    return f"/referrals/{draft.referral_id}/{page}"


@pytest.mark.parametrize(
    ("days", "error"),
    [("", "Enter the number of days"), ("1.5", "Enter a whole number of days from 1 to 40"),
     ("0", "Enter a whole number of days from 1 to 40"), ("ten", "Enter a whole number of days from 1 to 40"),
     ("41", "Number of days must be 40 or fewer"), ("9" * 400, "Number of days must be 40 or fewer"),
     ("٣", "Enter a whole number of days from 1 to 40"),
     ("<script>alert(1)</script>", "Enter a whole number of days from 1 to 40")],
)  # fmt: skip
async def test_a_wrong_number_of_days_is_refused_in_words_and_stays_in_its_field(
    practitioner: Visitor, draft: Journey, days: str, error: str
) -> None:
    path = at(draft, "enforceable-days")
    form = await practitioner.get(path)
    answer = await practitioner.send(form, path, {"maximum-enforceable-days": days})
    assert answer.status_code == 400
    assert "<title>Error: How many days" in answer.text
    assert f'<a href="#maximum-enforceable-days">{error}</a>' in answer.text
    assert "<script>alert" not in answer.text
    assert (await written(draft))["maximumEnforceableDays"] is None


async def test_what_was_typed_is_saved_and_the_next_page_follows(practitioner: Visitor, draft: Journey) -> None:
    path = at(draft, "enforceable-days")
    form = await practitioner.get(path)
    answer = await practitioner.send(form, path, {"maximum-enforceable-days": " 12 "})
    assert (answer.status_code, answer.headers["location"]) == (303, at(draft, "completion-deadline"))
    assert (await written(draft))["maximumEnforceableDays"] == 12
    assert 'value="12"' in (await practitioner.get(path)).text
    checked = await practitioner.send(form, f"{path}?return=check", {"maximum-enforceable-days": "13"})
    assert checked.headers["location"] == at(draft, "check-all-referral-information")


@pytest.mark.parametrize(
    ("typed", "error", "part"),
    [(("", "", ""), "Completion date must include a day", "day"),
     (("1", "", ""), "Completion date must include a month", "month"),
     (("1", "2", ""), "Completion date must include a year", "year"),
     (("31", "2", "2026"), "Completion date must be a real date", "day"),
     (("1", "2", "26"), "Completion date must be a real date", "year"),
     (("1", "2", "2024"), "Completion date must be in the future", "day")],
)  # fmt: skip
async def test_a_wrong_date_is_refused_beside_the_part_that_is_wrong(
    practitioner: Visitor, draft: Journey, typed: tuple[str, str, str], error: str, part: str
) -> None:
    path = at(draft, "completion-deadline")
    form = await practitioner.get(path)
    fields = {f"completion-deadline-{one}": said for one, said in zip(("day", "month", "year"), typed, strict=True)}
    answer = await practitioner.send(form, path, fields)
    assert answer.status_code == 400
    assert f'<a href="#completion-deadline-{part}">{error}</a>' in answer.text
    for one in filter(None, typed):
        assert f'value="{one}"' in answer.text


async def test_a_month_may_be_a_name(practitioner: Visitor, draft: Journey, world: World) -> None:
    path = at(draft, "completion-deadline")
    fields = {"completion-deadline-day": "04", "completion-deadline-month": "Dec", "completion-deadline-year": "2024"}
    answer = await practitioner.send(await practitioner.get(path), path, fields)
    assert answer.status_code == 303
    assert (await written(draft))["completionDeadline"] == "2024-12-04"


async def test_the_only_sentence_can_be_chosen_and_nothing_else(practitioner: Visitor, draft: Journey) -> None:
    path = at(draft, "relevant-sentence")
    form = await practitioner.get(path)
    assert "Theft" in form.text
    assert "Shoplifting. ORA Community Order. Ends: 14 January 2026" in words(form)
    for wrong in ({}, {"relevant-sentence-id": "999999"}):
        answer = await practitioner.send(form, path, wrong)
        assert answer.status_code == 400
        assert '<a href="#relevant-sentence-id">Select the relevant sentence</a>' in answer.text
    answer = await practitioner.send(form, path, {"relevant-sentence-id": str(draft.sentence_id)})
    assert answer.status_code == 303
    assert (await written(draft))["relevantSentenceId"] == draft.sentence_id


REASON, FURTHER = "reason-for-referral", "reason-for-referral-further-information"


async def test_one_missing_text_does_not_cost_the_other(practitioner: Visitor, draft: Journey) -> None:
    path = at(draft, "reason-for-referral")
    answer = await practitioner.send(await practitioner.get(path), path, {REASON: "Wants work\r\n<b>soon</b>"})
    assert answer.status_code == 400
    assert "Enter further information for the service provider" in words(answer)
    assert "Wants work\n&lt;b&gt;soon&lt;/b&gt;</textarea>" in answer.text


async def test_a_service_that_is_away_loses_nothing_and_says_so(
    practitioner: Visitor, draft: Journey, services: Switchboard
) -> None:
    path = at(draft, "enforceable-days")
    form = await practitioner.get(path)
    with services.away("interventions"):
        answer = await practitioner.send(form, path, {"maximum-enforceable-days": "21"})
    assert answer.status_code == 503
    again = await practitioner.get(path)
    assert 'value="21"' in again.text
    assert "was not sent. It is filled in again." in words(again)
    await practitioner.send(again, "/typed/forgotten", {"place": path})
    assert 'value="21"' not in (await practitioner.get(path)).text


async def test_what_scripts_keep_from_time_to_time_is_filled_in_again_until_it_is_saved(
    practitioner: Visitor, draft: Journey
) -> None:
    path = at(draft, "reason-for-referral")
    form = await practitioner.get(path)
    kept = await practitioner.send(
        form, f"/typed/kept?place={path}", {REASON: "Half a sent"}, Accept="application/json"
    )
    assert (kept.status_code, set(kept.json())) == (200, {"at"})
    assert "Half a sent</textarea>" in (await practitioner.get(path)).text
    answer = await practitioner.send(form, path, {REASON: "A whole sentence", FURTHER: "None"})
    assert answer.status_code == 303
    assert "A whole sentence</textarea>" in (await practitioner.get(path)).text


async def test_it_can_be_kept_for_later(practitioner: Visitor, draft: Journey) -> None:
    path = at(draft, "reason-for-referral")
    form = await practitioner.get(path)
    answer = await practitioner.send(form, path, {REASON: "", FURTHER: "More", "then": "later"})
    assert (answer.status_code, answer.headers["location"]) == (303, at(draft, "form"))
    assert "More</textarea>" in (await practitioner.get(path)).text
    assert (await written(draft))["reasonForReferralFurtherInformation"] == "None"


async def test_what_is_sent_after_the_visit_ended_is_filled_in_again_after_signing_in(
    world: World, draft: Journey
) -> None:
    visitor = browser(world)
    path = at(draft, "reason-for-referral")
    await visitor.sign_in(PRACTITIONERS[0].username)
    form = await visitor.get(path)
    await world.fetch("update ui.visit set last_seen_at = now() - interval '3 hours'")
    answer = await visitor.send(form, path, {REASON: "Typed all morning", FURTHER: "And more"})
    assert answer.status_code == 303
    back = await visitor.get(answer.headers["location"])
    assert "You were signed out. Check your answers and continue." in words(back)
    assert "Typed all morning</textarea>" in back.text
    await visitor.http.aclose()


async def test_another_persons_form_shows_nothing_of_it(world: World, draft: Journey) -> None:
    other = browser(world)
    page = await other.sign_in(PRACTITIONERS[1].username, at(draft, "reason-for-referral"))
    assert "Typed all morning" not in page.text
    await other.http.aclose()


async def test_a_draft_that_does_not_exist_is_not_found(practitioner: Visitor) -> None:
    page = await practitioner.get("/referrals/01a22456-1774-7230-a36d-3d19aa0332a6/enforceable-days")
    assert (page.status_code, heading(page)) == (404, "Page not found")


async def test_kept_words_are_unreadable_at_rest_and_go_after_a_week(world: World) -> None:
    rows = await world.fetch("select words from ui.typed")
    assert rows
    assert not any("Typed all morning" in str(row["words"]) for row in rows)
    await world.fetch("update ui.typed set at = now() - interval '8 days'")
    assert await world.host.runtimes["ui"].jobs.run_now("forget-typed") == "ok"
    assert not await world.fetch("select 1 from ui.typed")
