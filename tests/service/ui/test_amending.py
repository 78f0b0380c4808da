"""Changing a sent referral: one page for each thing, the same manner on all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from html import unescape

import pytest

from tests.service.interventions.journey import (
    Journey,
    ok,
    planned_referral,
    sent_referral,
    withdraw,
)
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, errors, fill, heading, words
from tests.world import World
from throughcare.seeding.accounts import PRACTITIONERS
from throughcare.ui.amendment.model import AMENDMENTS

WHY = {"reason-for-change": "It was wrong\nbefore"}
SAME = "You have not made any changes"
NO_REASON = "Enter a reason for the change"


@pytest.fixture(scope="module")
async def practitioner(world: World, services: Switchboard) -> AsyncIterator[Visitor]:
    """The practitioner's browser, signed in."""
    made = browser(world)
    await made.sign_in(PRACTITIONERS[0].username)
    yield made
    await made.http.aclose()


@pytest.fixture(scope="module")
async def sent(world: World, services: Switchboard) -> Journey:
    """A referral that was just sent."""
    return await sent_referral(world)


def at(journey: Journey, path: str) -> str:
    category = journey.intervention["serviceCategories"][0]["id"]
    return f"/probation-practitioner/referrals/{journey.referral_id}{path.replace('{category_id:uuid}', category)}"


async def logged(journey: Journey) -> list[str]:
    found = ok(await journey.as_practitioner("GET", f"/sent-referral/{journey.referral_id}/change-log"))
    return [one["topic"] for one in found]


@pytest.mark.parametrize(
    ("path", "answers", "wrong", "said", "topic"),
    [
        ("/update-maximum-enforceable-days", {"maximum-enforceable-days": "12"},
         ({"maximum-enforceable-days": "41"}, "Number of days must be 40 or fewer"),
         ("maximumEnforceableDays", 12), "MAXIMUM_ENFORCEABLE_DAYS"),
        ("/update-completion-deadline",
         {"completion-deadline-day": "1", "completion-deadline-month": "8", "completion-deadline-year": "2024"},
         ({"completion-deadline-day": "1", "completion-deadline-month": "8", "completion-deadline-year": "2023"},
          "Completion date must be in the future"),
         ("completionDeadline", "2024-08-01"), "COMPLETION_DATETIME"),
        ("/update-additional-information", {"additional-information": "New\nwords"},
         ({}, "Enter additional information about the person’s needs"),
         ("additionalNeedsInformation", "New\nwords"), "NEEDS_AND_REQUIREMENTS_ADDITIONAL_INFORMATION"),
        ("/update-accessibility-needs", {"accessibility-needs": "A ramp"},
         ({}, "Enter the mobility, disability or accessibility needs"),
         ("accessibilityNeeds", "A ramp"), "NEEDS_AND_REQUIREMENTS_ACCESSIBILITY_NEEDS"),
        ("/interpreter-needs", {"needs-interpreter": "yes", "interpreter-language": "Welsh"},
         ({"needs-interpreter": "yes"}, "Enter the language the person needs an interpreter for"),
         ("interpreterLanguage", "Welsh"), "NEEDS_AND_REQUIREMENTS_INTERPRETER_REQUIRED"),
        ("/employment-responsibilities", {"has-additional-responsibilities": "yes", "when-unavailable": "Nights"},
         ({"has-additional-responsibilities": "yes"}, "Enter when the person will not be able to attend sessions"),
         ("whenUnavailable", "Nights"), "NEEDS_AND_REQUIREMENTS_HAS_ADDITIONAL_RESPONSIBILITIES"),
    ],
)  # fmt: skip
async def test_a_change_with_its_reason_is_saved_and_logged(
    practitioner: Visitor, sent: Journey, path: str, answers: dict[str, str], wrong: tuple[dict[str, str], str],
    said: tuple[str, object], topic: str,
) -> None:  # fmt: skip
    page = at(sent, path)
    assert NO_REASON in errors(await fill(practitioner, page, answers, 400))
    assert wrong[1] in errors(await fill(practitioner, page, {**wrong[0], **WHY}, 400))
    answer = await fill(practitioner, page, {**answers, **WHY})
    assert answer.headers["location"] == at(sent, "/details")
    assert (await sent.referral())["referral"][said[0]] == said[1]
    assert topic in await logged(sent)
    same = await fill(practitioner, page, {**answers, **WHY}, 400)
    assert (errors(same), SAME in words(same)) == (set(), True)


@pytest.mark.parametrize(
    ("path", "field", "value", "missing", "said", "word"),
    [
        ("/amend-probation-practitioner-name", "amend-probation-practitioner-name", "Jo O'Neill-Smith",
         "Enter the probation practitioner’s name", "ppName", "name"),
        ("/amend-probation-practitioner-email", "amend-probation-practitioner-email", "jo@justice.gov.uk",
         "Enter the probation practitioner’s email address", "ppEmailAddress", "email address"),
        ("/amend-probation-practitioner-phone-number", "amend-probation-practitioner-phone-number", "0114 496 0000",
         "Enter the probation practitioner’s phone number", "ppPhoneNumber", "phone number"),
        ("/amend-team-phone-number", "amend-probation-practitioner-team-phone-number", "+44 (0)20 7946 0000",
         "Enter the team phone number", "ppTeamPhoneNumber", "team phone number"),
    ],
)  # fmt: skip
async def test_the_practitioners_details_are_changed_without_a_reason(
    practitioner: Visitor, sent: Journey, path: str, field: str, value: str, missing: str, said: str, word: str
) -> None:
    page = at(sent, path)
    assert errors(await fill(practitioner, page, {field: " "}, 400)) == {missing}
    await fill(practitioner, page, {field: value})
    assert (await sent.referral())["referral"][said] == value
    assert f'value="{value}"' in unescape((await practitioner.get(page)).text)
    same = await fill(practitioner, page, {field: value}, 400)
    assert errors(same) == {f"Enter a different {word}, or go back to keep this one"}


async def test_a_release_date_or_a_reason_for_not_knowing_it_must_be_another_one(
    practitioner: Visitor, sent: Journey
) -> None:
    page, date = at(sent, "/amend-expected-release-date"), "amend-expected-release-date"
    known = {"release-date": "yes", f"{date}-day": "1", f"{date}-month": "8", f"{date}-year": "2024"}
    unknown = {"release-date": "no", "amend-date-unknown-reason": "A hearing comes first"}
    for answers, word in ((known, "date"), (unknown, "reason")):
        await fill(practitioner, page, answers)
        same = await fill(practitioner, page, answers, 400)
        assert errors(same) == {f"Enter a different {word}, or go back to keep this one"}


async def test_errors_come_in_the_order_of_the_page(practitioner: Visitor, sent: Journey) -> None:
    page = at(sent, "/update-maximum-enforceable-days")
    wrong = await fill(practitioner, page, {"maximum-enforceable-days": ""}, 400)
    summary = wrong.text.partition("govuk-error-summary__list")[2].partition("</ul>")[0]
    assert summary.index("Enter the number of days") < summary.index(NO_REASON)


async def test_outcomes_and_complexity_can_be_changed_until_a_plan_is_approved(
    world: World, practitioner: Visitor, sent: Journey
) -> None:
    path = at(sent, "/service-category/{category_id:uuid}/update-complexity-level")
    form = await practitioner.get(path)
    assert "Change the complexity level of the" in heading(form)
    levels = [one.partition('"')[0] for one in form.text.split('name="complexity-level-id" type="radio" value="')[1:]]
    assert len(levels) == 3
    await fill(practitioner, path, {"complexity-level-id": levels[2], **WHY})
    assert (await sent.referral())["referral"]["complexityLevels"][0]["complexityLevelId"] == levels[2]
    path = at(sent, "/{category_id:uuid}/update-desired-outcomes")
    assert errors(await fill(practitioner, path, WHY, 400)) == {"Select at least one desired outcome"}
    planned = await planned_referral(world)
    locked = await practitioner.get(at(planned, "/{category_id:uuid}/update-desired-outcomes"))
    assert (locked.status_code, heading(locked)) == (409, "You cannot change this")
    assert "An action plan has been approved" in words(locked)


async def test_another_office_comes_after_a_warning(practitioner: Visitor, sent: Journey) -> None:
    for warning, page, field in (
        ("/confirm-amend-expected-probation-office", "/amend-expected-probation-office", "expectedProbationOffice"),
        ("/confirm-amend-pp-probation-office", "/amend-pp-probation-office", "ppProbationOffice"),
    ):
        assert f'href="{at(sent, page)}"' in (await practitioner.get(at(sent, warning))).text
        missing = await fill(practitioner, at(sent, page), {"probation-office": ""}, 400)
        assert errors(missing) == {"Select a probation office from the list"}
        wrong = await fill(practitioner, at(sent, page), {"probation-office": "Nowhere"}, 400)
        assert errors(wrong) == {"Select a probation office from the list"}
        offices = unescape((await practitioner.get(at(sent, page))).text).split('<option value="')[2:]
        office = offices[7].partition('"')[0]
        await fill(practitioner, at(sent, page), {"probation-office": office})
        assert (await sent.referral())["referral"][field] == office


async def test_what_is_over_can_no_longer_be_changed(world: World, practitioner: Visitor) -> None:
    over = await sent_referral(world)
    ok(await withdraw(over))
    for one in AMENDMENTS:
        page = await practitioner.get(at(over, one.path))
        assert (page.status_code, heading(page)) == (409, "You cannot change this"), one.page_id


async def test_every_page_has_a_title_of_its_own(practitioner: Visitor, sent: Journey) -> None:
    titles = set()
    for one in AMENDMENTS:
        page = await practitioner.get(at(sent, one.path))
        assert page.status_code == 200, one.page_id
        assert f'data-page="{one.page_id}"' in page.text
        titles.add(heading(page))
    assert len(titles) == len(AMENDMENTS)
