"""Making a referral: whom the provider can ask, their officer or a main point of contact."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.interventions.journey import Journey, begun_draft, ok
from tests.service.interventions.outage import Failure, Peers
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import World
from throughcare.seeding.accounts import CASEWORKERS
from throughcare.ui.peers.kept import forget_kept

CONFIRM, CONTACT = "confirm-probation-practitioner-details", "confirm-main-point-of-contact"
REASON = "reason-for-referral-before-allocation"
HOSTILE = "<script>alert(1)</script>"
COMMUNITY = {"allocatedCommunityPP": True, "personCurrentLocationType": "COMMUNITY"}
UNALLOCATED = {
    "allocatedCommunityPP": False, "personCurrentLocationType": "CUSTODY", "isReferralReleasingIn12Weeks": True,
}  # fmt: skip
OWN = ("ppName", "ppEmailAddress", "ppPhoneNumber", "ppPdu", "ppProbationOffice", "ppTeamPhoneNumber")
NDELIUS = ("ndeliusPPName", "ndeliusPPEmailAddress", "ndeliusPhoneNumber", "ndeliusPDU", "ndeliusTeamPhoneNumber")


async def change(draft: Journey, **fields: object) -> None:
    ok(await draft.as_practitioner("PATCH", f"/draft-referral/{draft.referral_id}", json=fields))


async def written(draft: Journey, *names: str) -> dict[str, Any]:
    found = ok(await draft.as_practitioner("GET", f"/draft-referral/{draft.referral_id}"))
    return {name: found[name] for name in names}


def at(draft: Journey, page: str = "form") -> str:
    return f"/referrals/{draft.referral_id}/{page}"


async def new_draft(world: World, kind: dict[str, object], **case: object) -> Journey:
    draft = await begun_draft(world, **case)
    await change(draft, **kind)
    return draft


async def fill_in(practitioner: Visitor, path: str, **fields: str) -> str:
    """Fill in a page that is accepted; where it leads."""
    typed = {name.replace("_", "-"): value for name, value in fields.items()}
    answer = await practitioner.send(await practitioner.get(path), path, typed)
    assert answer.status_code == 303, words(answer)
    return str(answer.headers["location"])


@pytest.fixture(scope="module", autouse=True)
def peers(world: World) -> Peers:
    """The systems behind interventions, each behind a switch."""
    return Peers(world)


@pytest.fixture(scope="module")
async def community(world: World, services: Switchboard) -> Journey:
    """A draft about somebody who has an officer."""
    return await new_draft(world, COMMUNITY)


@pytest.fixture(scope="module")
async def unallocated(world: World, services: Switchboard) -> Journey:
    """A draft about somebody in prison who has no officer yet."""
    return await new_draft(world, UNALLOCATED)


async def test_what_ndelius_says_is_shown_and_kept_once_it_is_confirmed(practitioner: Visitor, world: World) -> None:
    draft = await new_draft(world, COMMUNITY)
    page = await practitioner.get(at(draft, CONFIRM))
    assert heading(page) == "Confirm probation practitioner details"
    assert "Name Bernard Beaks From nDelius" in words(page)
    assert "Enter probation office" in words(page)
    assert await written(draft, *NDELIUS) == dict.fromkeys(NDELIUS)
    assert await fill_in(practitioner, at(draft, CONFIRM)) == at(draft)
    found = await written(draft, *NDELIUS, *OWN)
    assert found["ndeliusPPName"] == "Bernard Beaks"
    assert found["ndeliusPDU"]
    assert {found[name] for name in OWN} == {None}
    tasks = words(await practitioner.get(at(draft)))
    assert "Confirm probation practitioner details Name, email address and location Completed" in tasks


@pytest.mark.parametrize(
    ("page", "field", "typed", "kept"),
    [
        ("name", "name", " Mary  O'Hara ", {"ppName": "Mary O'Hara"}),
        ("email-address", "email-address", "mary@justice.gov.uk", {"ppEmailAddress": "mary@justice.gov.uk"}),
        ("phone-number", "phone-number", "(0114) 496  0000", {"ppPhoneNumber": "(0114) 496 0000"}),
        ("pdu", "pdu", "Sheffield", {"ppPdu": "Sheffield"}),
        ("office", "office", "Derby: Derwent Centre", {"ppProbationOffice": "Derby: Derwent Centre"}),
        ("team-phone-number", "team-phone-number", "+44 114 496 0001", {"ppTeamPhoneNumber": "+44 114 496 0001"}),
        ("email-address", "email-address", "", {"ppEmailAddress": None, "ndeliusPPEmailAddress": None}),
        ("phone-number", "phone-number", "", {"ppPhoneNumber": None, "ndeliusPhoneNumber": None}),
        ("office", "office", "", {"ppProbationOffice": None}),
    ],
)
async def test_a_detail_is_changed_and_what_ndelius_says_of_the_others_stays(
    practitioner: Visitor, community: Journey, page: str, field: str, typed: str, kept: dict[str, object]
) -> None:
    path = at(community, f"update-probation-practitioner-{page}")
    answers = {f"delius_probation_practitioner_{field}": typed}
    assert await fill_in(practitioner, path, **answers) == at(community, CONFIRM)
    assert await written(community, *kept) == kept
    shown = words(await practitioner.get(at(community, CONFIRM)))
    if typed:
        assert f"{' '.join(typed.split())} Changed by you" in shown
        checked = await fill_in(practitioner, f"{path}?return=check", **answers)
        assert checked == at(community, "check-all-referral-information")
    assert (await written(community, "ndeliusPPName"))["ndeliusPPName"] == "Bernard Beaks"


EMAIL = "Enter an email address in the correct format, like name@justice.gov.uk"
PHONE = "Enter a phone number, like 0114 496 0000"


@pytest.mark.parametrize(
    ("page", "typed", "error"),
    [
        ("name", " ", "Enter the probation practitioner’s name"),
        ("name", "x" * 251, "Name must be 250 characters or fewer"),
        ("email-address", "mary", EMAIL),
        ("email-address", HOSTILE, EMAIL),
        ("email-address", "mary@example.com", "Enter an email address that ends gov.uk"),
        ("phone-number", "ring me", PHONE),
        ("pdu", "", "Select a PDU from the list"),
        ("pdu", HOSTILE, "Select a PDU from the list"),
        ("office", "Nowhere", "Select a probation office from the list"),
        ("team-phone-number", "12", PHONE),
    ],
)
async def test_a_wrong_detail_is_refused_in_words_beside_its_field(
    practitioner: Visitor, community: Journey, page: str, typed: str, error: str
) -> None:
    path, name = at(community, f"update-probation-practitioner-{page}"), f"delius-probation-practitioner-{page}"
    before = await written(community, *OWN)
    answer = await practitioner.send(await practitioner.get(path), path, {name: typed})
    assert answer.status_code == 400
    assert f'<a href="#{name}">{error}</a>' in answer.text
    assert words(answer).count(error) == 2
    assert HOSTILE not in answer.text
    assert await written(community, *OWN) == before


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("email-address", {"ppEmailAddress", "ndeliusPPEmailAddress"}),
        ("phone-number", {"ppPhoneNumber", "ndeliusPhoneNumber"}),
        ("team-phone-number", {"ppTeamPhoneNumber", "ndeliusTeamPhoneNumber"}),
        ("probation-office", {"ppProbationOffice"}),
    ],
)
async def test_a_detail_is_deleted_after_a_question_and_once(
    practitioner: Visitor, world: World, name: str, fields: set[str]
) -> None:
    draft = await new_draft(world, {**COMMUNITY, "ppProbationOffice": "Derby: Derwent Centre", "ndeliusPPName": "Bo",
                                    "ppEmailAddress": "a@b.gov.uk", "ndeliusPPEmailAddress": "c@d.gov.uk"})  # fmt: skip
    path = at(draft, f"delete-probation-practitioner/{name}")
    form = await practitioner.get(path)
    assert heading(form) == f"Are you sure you want to delete the {name.replace('-', ' ')}?"
    for _ in range(2):
        answer = await practitioner.send(form, path)
        assert (answer.status_code, answer.headers["location"]) == (303, at(draft, CONFIRM))
    assert await written(draft, *fields) == dict.fromkeys(fields)
    assert f"Enter {name.replace('-', ' ')}" in words(await practitioner.get(at(draft, CONFIRM)))
    assert (await written(draft, "ndeliusPPName"))["ndeliusPPName"] == "Bo"


async def test_what_ndelius_has_can_be_deleted_before_anything_was_confirmed(
    practitioner: Visitor, world: World
) -> None:
    draft = await new_draft(world, COMMUNITY)
    shown = words(await practitioner.get(at(draft, CONFIRM)))
    assert "Enter email address" not in shown
    await fill_in(practitioner, at(draft, "delete-probation-practitioner/email-address"))
    assert "Enter email address" in words(await practitioner.get(at(draft, CONFIRM)))
    assert await written(draft, "ndeliusPPName", "ndeliusPPEmailAddress") == {
        "ndeliusPPName": "Bernard Beaks", "ndeliusPPEmailAddress": None,
    }  # fmt: skip


@pytest.mark.parametrize("page", ["delete-probation-practitioner/name", "update-probation-practitioner-age"])
async def test_there_is_no_page_for_another_detail(practitioner: Visitor, community: Journey, page: str) -> None:
    assert (await practitioner.get(at(community, page))).status_code == 404


async def test_a_person_without_an_officer_needs_a_name_and_a_unit(practitioner: Visitor, world: World) -> None:
    draft = await new_draft(world, COMMUNITY, managerUsername=None)
    path = at(draft, CONFIRM)
    page = await practitioner.get(path)
    assert "nDelius does not name a probation practitioner for Name not known yet." in words(page)
    assert "Name Not found Change name" in words(page)
    answer = await practitioner.send(page, path)
    assert answer.status_code == 400
    assert '<a href="#change-name">Add the probation practitioner’s name</a>' in answer.text
    assert 'id="change-name"' in answer.text
    assert "Name Error: Add the probation practitioner’s name Change name" in words(answer)
    for name, value in (("name", "Bo Lee"), ("pdu", "Sheffield")):
        answers = {f"delius_probation_practitioner_{name}": value}
        await fill_in(practitioner, at(draft, f"update-probation-practitioner-{name}"), **answers)
    assert await fill_in(practitioner, path) == at(draft)


async def test_an_officer_whom_ndelius_does_not_tell_can_be_entered(
    practitioner: Visitor, world: World, peers: Peers
) -> None:
    draft = await new_draft(world, COMMUNITY)
    with peers.failing("probation", Failure.DEAD, "/responsible-officer"):
        page = await practitioner.get(at(draft, CONFIRM))
        assert page.status_code == 200
        assert "The details in nDelius are not available now, because nDelius is not answering." in words(page)
        await fill_in(
            practitioner, at(draft, "update-probation-practitioner-name"), delius_probation_practitioner_name="Bo Lee"
        )
        again = await practitioner.get(at(draft, CONFIRM))
        assert "Name Bo Lee Changed by you" in words(again)
    assert await written(draft, "ppName", "ndeliusPPName") == {"ppName": "Bo Lee", "ndeliusPPName": None}
    later = words(await practitioner.get(at(draft, CONFIRM)))
    assert "Name Bo Lee Changed by you" in later
    assert "Enter email address" not in later


@pytest.mark.parametrize(
    ("kind", "page"),
    [(UNALLOCATED, CONFIRM), (UNALLOCATED, "update-probation-practitioner-name"),
     (UNALLOCATED, "delete-probation-practitioner/email-address"), (COMMUNITY, CONTACT), (COMMUNITY, REASON)],
)  # fmt: skip
async def test_a_page_of_another_kind_of_referral_leads_to_the_task_list(
    practitioner: Visitor, community: Journey, unallocated: Journey, kind: dict[str, object], page: str
) -> None:
    draft = community if kind is COMMUNITY else unallocated
    answer = await practitioner.http.get(at(draft, page))
    assert (answer.status_code, answer.headers["location"]) == (303, at(draft))


GOOD = {
    "probation_practitioner_name": "Bo Lee", "probation_practitioner_roleOrJobTitle": "Court officer",
    "probation_practitioner_email": "bo@example.test", "location": "probation office",
    "probation_practitioner_office": "Derby: Derwent Centre",
}  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field", "error"),
    [
        ({"probation_practitioner_name": ""}, "probation-practitioner-name", "Enter the contact’s name"),
        ({"probation_practitioner_roleOrJobTitle": " "}, "probation-practitioner-roleOrJobTitle",
         "Enter the contact’s role or job title"),
        ({"probation_practitioner_email": ""}, "probation-practitioner-email", "Enter the contact’s email address"),
        ({"probation_practitioner_email": "bo"}, "probation-practitioner-email", EMAIL),
        ({"probation_practitioner_phone_number": "bo"}, "probation-practitioner-phone-number", PHONE),
        ({"location": ""}, "location", "Select prison establishment or probation office"),
        ({"location": HOSTILE}, "location", "Select prison establishment or probation office"),
        ({"location": "establishment"}, "prison-select", "Select a prison establishment from the list"),
        ({"location": "establishment", "prison_select": "XXX"}, "prison-select",
         "Select a prison establishment from the list"),
        ({"probation_practitioner_office": ""}, "probation-practitioner-office",
         "Select a probation office from the list"),
        ({"probation_practitioner_office": "Nowhere"}, "probation-practitioner-office",
         "Select a probation office from the list"),
    ],
)  # fmt: skip
async def test_a_contact_is_refused_in_words_while_something_is_wrong(
    practitioner: Visitor, unallocated: Journey, wrong: dict[str, str], field: str, error: str
) -> None:
    path = at(unallocated, CONTACT)
    typed = {name.replace("_", "-"): value for name, value in {**GOOD, **wrong}.items()}
    answer = await practitioner.send(await practitioner.get(path), path, typed)
    assert answer.status_code == 400
    assert f'<a href="#{field}">{error}</a>' in answer.text
    assert 'value="Court officer"' in answer.text or "roleOrJobTitle" in field
    assert HOSTILE not in answer.text
    assert await written(unallocated, "roleOrJobTitle") == {"roleOrJobTitle": None}


async def test_a_contact_is_kept_with_one_place_and_the_reason_is_asked_next(
    practitioner: Visitor, world: World
) -> None:
    draft = await new_draft(world, UNALLOCATED)
    path = at(draft, CONTACT)
    first = await practitioner.get(path)
    assert 'value="Bernard Beaks"' in first.text
    assert await fill_in(practitioner, path, **GOOD, prison_select="MDI") == at(draft, REASON)
    names = ("ppName", "roleOrJobTitle", "ppEmailAddress", "ppProbationOffice", "ppEstablishment")
    assert list((await written(draft, *names)).values()) == [
        "Bo Lee", "Court officer", "bo@example.test", "Derby: Derwent Centre", None,
    ]  # fmt: skip
    let_go = {"probation_practitioner_office": "Nowhere"}
    changed = {**GOOD, **let_go, "location": "establishment", "prison_select": "MDI"}
    checked = await fill_in(practitioner, f"{path}?return=check", **changed)
    assert checked == at(draft, "check-all-referral-information")
    places = await written(draft, "ppProbationOffice", "ppEstablishment")
    assert places == {"ppProbationOffice": None, "ppEstablishment": "MDI"}
    assert '<option value="MDI" selected>' in (await practitioner.get(path)).text


async def test_the_contact_of_somebody_who_stays_in_prison_needs_no_reason(practitioner: Visitor, world: World) -> None:
    draft = await new_draft(world, {**UNALLOCATED, "isReferralReleasingIn12Weeks": False})
    assert await fill_in(practitioner, at(draft, CONTACT), **GOOD) == at(draft)


async def test_the_reason_before_allocation_may_be_left_out(practitioner: Visitor, unallocated: Journey) -> None:
    name = "reasonForReferralCreationBeforeAllocation"
    for typed in ("No officer\nyet <b>", ""):
        answers = {"referral_creation_reason_before_allocation": typed}
        assert await fill_in(practitioner, at(unallocated, REASON), **answers) == at(unallocated)
        assert await written(unallocated, name) == {name: typed}
    path = at(unallocated, REASON)
    answer = await practitioner.send(
        await practitioner.get(path), path, {"referral-creation-reason-before-allocation": "x" * 4001}
    )
    assert answer.status_code == 400
    assert "Reason must be 4,000 characters or fewer" in words(answer)


async def test_places_that_cannot_be_listed_lose_nothing_that_was_typed(
    practitioner: Visitor, unallocated: Journey, services: Switchboard
) -> None:
    path = at(unallocated, CONTACT)
    form = await practitioner.get(path)
    forget_kept()
    with services.away("prison"):
        answer = await practitioner.send(form, path, {"probation-practitioner-name": "Typed in vain"})
    assert answer.status_code == 503
    assert 'value="Typed in vain"' in (await practitioner.get(path)).text


async def test_a_provider_has_no_part_in_it(world: World, community: Journey, unallocated: Journey) -> None:
    visitor = browser(world)
    await visitor.sign_in(CASEWORKERS[0].username)
    for page in (CONFIRM, "update-probation-practitioner-name", "delete-probation-practitioner/email-address"):
        assert (await visitor.get(at(community, page))).status_code == 403
    for page in (CONTACT, REASON):
        assert (await visitor.get(at(unallocated, page))).status_code == 403
    await visitor.http.aclose()
