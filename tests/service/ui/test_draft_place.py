"""Making a referral of somebody in prison: where they are, until when, and where they will go."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.service.interventions.journey import CASE_DETAIL, CASES, Journey, begun_draft, ok
from tests.service.prisoner_search.custody import Custody
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import World
from throughcare.seeding.accounts import CASEWORKERS

PRISON, RELEASE, CHANGE = "submit-current-location", "expected-release-date", "change-expected-release-date"
NO_DATE, OFFICE, NO_OFFICE = (
    "expected-release-date-unknown", "expected-probation-office", "expected-probation-office-unknown",
)  # fmt: skip
PAGES = (PRISON, RELEASE, CHANGE, NO_DATE, OFFICE, NO_OFFICE)
USER = {"firstName": "Jo", "lastName": "Bloggs"}
UNALLOCATED = {"personCurrentLocationType": "CUSTODY", "isReferralReleasingIn12Weeks": True,
               "allocatedCommunityPP": False}  # fmt: skip
CUSTODIAL = {**UNALLOCATED, "isReferralReleasingIn12Weeks": False}
ALLOCATED = {"personCurrentLocationType": "CUSTODY", "allocatedCommunityPP": True}


async def in_prison(world: World, **kind: Any) -> Journey:
    """A draft of this kind."""
    made = await begun_draft(world)
    body = {"serviceUser": USER, **kind}
    ok(await made.as_practitioner("PATCH", f"/draft-referral/{made.referral_id}", json=body))
    return made


@pytest.fixture(scope="module")
async def unknown(world: World, services: Switchboard) -> Journey:
    """A draft about somebody of whom the prison system knows nothing, to be released, without a practitioner."""
    return await in_prison(world, **UNALLOCATED)


@pytest.fixture(scope="module")
async def known(world: World, services: Switchboard) -> Journey:
    """A draft about somebody who is in Leeds until 3 June 2024, and has a practitioner in the community."""
    made = await in_prison(world, **ALLOCATED)
    number = await (await Custody.of(world)).prisoner()
    probation = await world.client("probation", roles=[CASES, CASE_DETAIL])
    ok(await probation.put(f"/probation-case/{made.crn}/noms-number", json={"nomsNumber": number}))
    await hold_until(world, number, "2024-06-03")
    return made


async def hold_until(world: World, number: str, day: str) -> None:
    """Have the prison system expect the release on this day."""
    await world.fetch(
        "update prisoner_search.prisoner set document = document || $2::jsonb where prisoner_number = $1 returning 1",
        number, json.dumps({"releaseDate": day}),
    )  # fmt: skip


async def written(draft: Journey) -> dict[str, Any]:
    return dict(ok(await draft.as_practitioner("GET", f"/draft-referral/{draft.referral_id}")))


def at(draft: Journey, page: str) -> str:
    return f"/referrals/{draft.referral_id}/{page}"


def day(*parts: str) -> dict[str, str]:
    return dict(zip(("release-date-day", "release-date-month", "release-date-year"), parts, strict=True))


async def test_the_prison_is_picked_from_the_list_where_none_is_on_record(
    practitioner: Visitor, unknown: Journey
) -> None:
    path = at(unknown, PRISON)
    form = await practitioner.get(path)
    assert heading(form) == "Confirm Jo Bloggs’s current location"
    assert "Is Jo Bloggs in" not in words(form)
    for wrong in ("", "Leeds", "<script>alert(1)</script>"):
        answer = await practitioner.send(form, path, {"prison-select": wrong})
        assert answer.status_code == 400
        assert '<a href="#prison-select">Select a prison establishment from the list</a>' in answer.text
        assert "<script>alert" not in answer.text
    answer = await practitioner.send(form, path, {"prison-select": "MDI"})
    assert answer.headers["location"] == at(unknown, RELEASE)
    assert (await written(unknown))["personCustodyPrisonId"] == "MDI"
    answer = await practitioner.send(form, f"{path}?return=check&card=location", {"prison-select": "MDI"})
    assert answer.headers["location"] == f"{at(unknown, 'check-all-referral-information')}#location"


async def test_the_prison_on_record_is_confirmed_or_another_is_picked(practitioner: Visitor, known: Journey) -> None:
    path = at(known, PRISON)
    form = await practitioner.get(path)
    assert "Is Jo Bloggs in Leeds (HMP)?" in words(form)
    answer = await practitioner.send(form, path, {"prison-select": "MDI"})
    assert "Select yes if Jo Bloggs is in Leeds (HMP)" in answer.text
    answer = await practitioner.send(form, path, {"already-know-prison-name": "no", "prison-select": ""})
    assert '<a href="#prison-select">Select a prison establishment from the list</a>' in answer.text
    answer = await practitioner.send(form, path, {"already-know-prison-name": "no", "prison-select": "MDI"})
    assert answer.status_code == 303
    kept = await written(known)
    assert (kept["personCustodyPrisonId"], kept["alreadyKnowPrisonName"]) == ("MDI", False)
    answer = await practitioner.send(form, path, {"already-know-prison-name": "yes", "prison-select": "MDI"})
    assert answer.headers["location"] == at(known, RELEASE)
    kept = await written(known)
    assert (kept["personCustodyPrisonId"], kept["alreadyKnowPrisonName"]) == ("LEI", True)


async def test_a_person_who_stays_in_prison_is_asked_no_more_than_where(world: World, practitioner: Visitor) -> None:
    draft = await in_prison(world, **CUSTODIAL)
    path = at(draft, PRISON)
    answer = await practitioner.send(await practitioner.get(path), path, {"prison-select": "MDI"})
    assert answer.headers["location"] == at(draft, "form")
    for page in PAGES[1:]:
        answer = await practitioner.http.get(at(draft, page))
        assert (answer.status_code, answer.headers["location"]) == (303, at(draft, "form")), page


YES = {"expected-release-date": "yes"}


@pytest.mark.parametrize(
    ("typed", "field", "error"),
    [({}, "expected-release-date", "Select yes if you know the expected release date"),
     ({**YES, **day("", "6", "2024")}, "release-date-day", "Expected release date must include a day"),
     ({**YES, **day("1", "", "2024")}, "release-date-month", "Expected release date must include a month"),
     ({**YES, **day("1", "6", "")}, "release-date-year", "Expected release date must include a year"),
     ({**YES, **day("31", "6", "2024")}, "release-date-day", "Expected release date must be a real date"),
     ({**YES, **day("3", "3", "2024")}, "release-date-day", "Expected release date must be today or in the future"),
     ({"expected-release-date": "no", "release-date-unknown-reason": " "}, "release-date-unknown-reason",
      "Enter why the expected release date is not known")],
)  # fmt: skip
async def test_a_wrong_release_date_is_refused_beside_what_is_wrong(
    practitioner: Visitor, unknown: Journey, typed: dict[str, str], field: str, error: str
) -> None:
    path = at(unknown, RELEASE)
    form = await practitioner.get(path)
    assert 'data-page="MR-17"' in form.text
    answer = await practitioner.send(form, path, typed)
    assert answer.status_code == 400
    assert f'<a href="#{field}">{error}</a>' in answer.text
    assert answer.text.count(error) == 2


async def test_a_date_takes_the_place_of_a_reason_and_a_reason_that_of_a_date(
    practitioner: Visitor, unknown: Journey
) -> None:
    path = at(unknown, RELEASE)
    form = await practitioner.get(path)
    no = {"expected-release-date": "no", "release-date-unknown-reason": "Parole <b>board</b>"}
    answer = await practitioner.send(form, path, {**no, **day("99", "99", "99")})
    assert answer.headers["location"] == at(unknown, OFFICE)
    kept = await written(unknown)
    assert kept["expectedReleaseDateMissingReason"] == "Parole <b>board</b>"
    assert "Parole &lt;b&gt;board&lt;/b&gt;</textarea>" in (await practitioner.get(path)).text
    answer = await practitioner.send(form, path, {**YES, **day("4", "Mar", "2024"), "release-date-unknown-reason": "x"})
    assert answer.status_code == 303
    kept = await written(unknown)
    assert (kept["expectedReleaseDate"], kept["expectedReleaseDateMissingReason"]) == ("2024-03-04", None)


async def test_the_date_on_record_is_offered_first(practitioner: Visitor, known: Journey) -> None:
    path = at(known, RELEASE)
    form = await practitioner.get(path)
    assert 'data-page="MR-18"' in form.text
    assert "3 Jun 2024 (Mon)" in words(form)
    assert f'href="{at(known, NO_DATE)}"' in form.text
    answer = await practitioner.send(form, path, {"expected-release-date": "yes"})
    assert "Select the expected release date or choose a different date" in answer.text
    answer = await practitioner.send(form, path, {"expected-release-date": "confirm"})
    assert answer.headers["location"] == at(known, "form")
    assert (await written(known))["expectedReleaseDate"] == "2024-06-03"


@pytest.mark.parametrize("away", [(), ("prisoner_search",)])
async def test_a_different_date_is_always_asked_for_on_a_page_of_its_own(
    practitioner: Visitor, known: Journey, services: Switchboard, away: tuple[str, ...]
) -> None:
    path = at(known, RELEASE)
    form = await practitioner.get(path)
    if away:
        with services.away(*away):
            answer = await practitioner.send(form, path, {"expected-release-date": "change"})
    else:
        answer = await practitioner.send(form, f"{path}?return=check", {"expected-release-date": "change"})
    assert answer.headers["location"] == at(known, CHANGE) + ("" if away else "?return=check")


async def test_a_different_date_or_the_reason_for_none_is_saved(practitioner: Visitor, known: Journey) -> None:
    path = at(known, CHANGE)
    form = await practitioner.get(path)
    answer = await practitioner.send(form, path, day("1", "", "2024"))
    assert '<a href="#release-date-month">Expected release date must include a month</a>' in answer.text
    answer = await practitioner.send(form, path, day("1", "7", "2024"))
    assert answer.headers["location"] == at(known, "form")
    assert (await written(known))["expectedReleaseDate"] == "2024-07-01"
    path = at(known, NO_DATE)
    form = await practitioner.get(path)
    answer = await practitioner.send(form, path, {"release-date-unknown-reason": ""})
    assert '<a href="#release-date-unknown-reason">Enter why the expected release date' in answer.text
    answer = await practitioner.send(form, path, {"release-date-unknown-reason": "Parole"})
    assert answer.headers["location"] == at(known, "form")
    kept = await written(known)
    assert (kept["expectedReleaseDate"], kept["expectedReleaseDateMissingReason"]) == (None, "Parole")


async def test_without_the_prison_system_everything_can_still_be_typed(
    practitioner: Visitor, known: Journey, services: Switchboard
) -> None:
    with services.away("prisoner_search"):
        assert 'data-page="MR-17"' in (await practitioner.get(at(known, RELEASE))).text
        form = await practitioner.get(at(known, PRISON))
    assert "Is Jo Bloggs in" not in words(form)
    assert '<option value="LEI"' in form.text


async def test_an_office_is_expected_or_it_is_said_why_not(practitioner: Visitor, unknown: Journey) -> None:
    path = at(unknown, OFFICE)
    form = await practitioner.get(path)
    assert f'href="{at(unknown, NO_OFFICE)}"' in form.text
    answer = await practitioner.send(form, path, {"expected-probation-office": "Nowhere"})
    assert '<a href="#expected-probation-office">Select a probation office from the list</a>' in answer.text
    office = "Derby: Derwent Centre"
    answer = await practitioner.send(form, path, {"expected-probation-office": office})
    assert answer.headers["location"] == at(unknown, "form")
    assert (await written(unknown))["expectedProbationOffice"] == office
    path = at(unknown, NO_OFFICE)
    form = await practitioner.get(path)
    answer = await practitioner.send(form, path, {"probation-office-unknown-reason": "  "})
    assert '<a href="#probation-office-unknown-reason">Enter why the expected probation office' in answer.text
    answer = await practitioner.send(form, path, {"probation-office-unknown-reason": "No address yet"})
    assert answer.headers["location"] == at(unknown, "form")
    kept = await written(unknown)
    assert kept["expectedProbationOffice"] is None
    assert kept["expectedProbationOfficeUnKnownReason"] == "No address yet"


async def test_nobody_in_the_community_is_asked_and_no_provider_asks(world: World, practitioner: Visitor) -> None:
    draft = await in_prison(world, personCurrentLocationType="COMMUNITY")
    provider = browser(world)
    await provider.sign_in(CASEWORKERS[0].username)
    for page in PAGES:
        answer = await practitioner.http.get(at(draft, page))
        assert (answer.status_code, answer.headers["location"]) == (303, at(draft, "form")), page
        assert (await provider.get(at(draft, page))).status_code == 403, page
    await provider.http.aclose()
