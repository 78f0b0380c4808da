"""Making a referral: the person, what OASys says of the risk, and what they need."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.interventions.journey import Journey, begun_draft, ok
from tests.service.risks_and_needs.assessments import record
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import World
from throughcare.seeding.accounts import CASEWORKERS

EDIT = "edit-oasys-risk-information"
UNDERSTOOD = {"confirm-understood": "understood"}
OASYS = {
    "riskSummaryWhoIsAtRisk": "Neighbours", "riskSummaryNatureOfRisk": "Assault",
    "riskSummaryRiskImminence": "When drunk", "riskToSelfSuicide": "No\nPreviously: Yes\nIn 2019",
    "riskToSelfSelfHarm": "", "riskToSelfHostelSetting": "Don’t know", "riskToSelfVulnerability": "No",
    "additionalInformation": "",
}  # fmt: skip


@pytest.fixture(scope="module")
async def assessed(world: World, services: Switchboard) -> Journey:
    """A draft about a person whose risk was assessed."""
    made = await begun_draft(world)
    await record(world, made.crn)
    return made


@pytest.fixture(scope="module")
async def unassessed(world: World, services: Switchboard) -> Journey:
    """A draft about a person of whom OASys knows nothing."""
    made = await begun_draft(world)
    user = {"serviceUser": {"firstName": "Jo", "lastName": "Bloggs"}}
    ok(await made.as_practitioner("PATCH", f"/draft-referral/{made.referral_id}", json=user))
    return made


async def written(draft: Journey, part: str = "") -> dict[str, Any]:
    return dict(ok(await draft.as_practitioner("GET", f"/draft-referral/{draft.referral_id}{part}")))


async def risk_of(draft: Journey) -> dict[str, Any]:
    return await written(draft, "/oasys-risk-information")


def at(draft: Journey, page: str) -> str:
    return f"/referrals/{draft.referral_id}/{page}"


async def test_personal_details_are_copied_again_when_the_case_record_says_otherwise(
    practitioner: Visitor, assessed: Journey
) -> None:
    path = at(assessed, "service-user-details")
    shown = await practitioner.get(path)
    assert "nDelius has changed since the personal details were copied" in words(shown)
    answer = await practitioner.send(shown, path, {"then": "refresh"})
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    user = (await written(assessed))["serviceUser"]
    assert (user["firstName"], user["lastName"], user["dateOfBirth"]) == ("Jo", "Bloggs", "1990-02-03")
    shown = await practitioner.get(path)
    assert heading(shown) == "Jo Bloggs’s information"
    assert 'data-page="MR-23"' in shown.text
    assert "The personal details were copied from nDelius." in words(shown)
    assert "This is how nDelius describes Jo Bloggs today." in words(shown)
    assert "3 February 1990 (34 years old)" in words(shown)


async def test_confirming_the_personal_details_is_kept_and_leads_to_the_risk(
    practitioner: Visitor, assessed: Journey
) -> None:
    path = at(assessed, "service-user-details")
    answer = await practitioner.send(await practitioner.get(path), path)
    assert answer.headers["location"] == at(assessed, "risk-information")
    assert (await written(assessed))["hasConfirmedPersonalDetails"] is True


async def test_the_levels_and_texts_of_the_assessment_are_shown(practitioner: Visitor, assessed: Journey) -> None:
    shown = words(await practitioner.get(at(assessed, "risk-information")))
    assert "Overall risk of serious harm: Very high Last updated 4 March 2024" in shown
    assert "Known adult High Not applicable Staff Medium Very high Prisoners Not applicable Medium" in shown
    assert "Who is at risk Neighbours Nature of risk Assault" in shown
    assert "Concerns about suicide No Previously: Yes In 2019" in shown
    assert "Concerns about self-harm No information" in shown
    assert "Latest assessment: 4 March 2024" in shown


@pytest.mark.parametrize(
    ("typed", "field", "error"),
    [({}, "edit-risk-confirmation", "Select yes to change the risk information before sending it"),
     ({"edit-risk-confirmation": "perhaps"}, "edit-risk-confirmation",
      "Select yes to change the risk information before sending it"),
     ({"edit-risk-confirmation": "no"}, "confirm-understood",
      "Confirm you understand that the provider will see this information")],
)  # fmt: skip
async def test_risk_is_not_saved_before_it_is_confirmed(
    practitioner: Visitor, unassessed: Journey, typed: dict[str, str], field: str, error: str
) -> None:
    path = at(unassessed, "risk-information")
    answer = await practitioner.send(await practitioner.get(path), path, typed)
    assert answer.status_code == 400
    assert f'<a href="#{field}">{error}</a>' in answer.text
    assert f'id="{field}-error"' in answer.text
    reply = await unassessed.as_practitioner("GET", f"/draft-referral/{unassessed.referral_id}/oasys-risk-information")
    assert reply.status_code == 404


async def test_a_person_without_assessment_can_be_referred_and_the_page_says_so(
    practitioner: Visitor, unassessed: Journey
) -> None:
    path = at(unassessed, "risk-information")
    shown = await practitioner.get(path)
    assert "No risk levels found." in words(shown)
    assert words(shown).count("No information") == 8
    answer = await practitioner.send(shown, path, {"edit-risk-confirmation": "no", **UNDERSTOOD})
    assert answer.headers["location"] == at(unassessed, "needs-and-requirements")
    assert set((await risk_of(unassessed)).values()) == {""}


async def test_what_oasys_says_is_sent_as_it_is_or_edited(practitioner: Visitor, assessed: Journey) -> None:
    path = at(assessed, "risk-information")
    form = await practitioner.get(path)
    answer = await practitioner.send(form, path, {"edit-risk-confirmation": "yes"})
    assert answer.headers["location"] == at(assessed, EDIT)
    answer = await practitioner.send(form, f"{path}?return=check", {"edit-risk-confirmation": "no", **UNDERSTOOD})
    assert answer.headers["location"] == at(assessed, "check-all-referral-information")
    assert await risk_of(assessed) == OASYS


async def test_one_text_goes_back_to_the_original_and_the_others_stay_as_typed(
    practitioner: Visitor, assessed: Journey
) -> None:
    path = at(assessed, EDIT)
    form = await practitioner.get(path)
    assert "Neighbours</textarea>" in form.text
    typed = {"who-is-at-risk": "Nobody", "nature-of-risk": "<b>Harm</b>", "additional-information": "Ring first"}
    answer = await practitioner.send(form, path, {**typed, "then": "revert:who-is-at-risk"})
    assert answer.status_code == 200
    assert "There is a problem" not in answer.text
    assert "Neighbours</textarea>" in answer.text
    assert "&lt;b&gt;Harm&lt;/b&gt;</textarea>" in answer.text
    assert "<del>Assault</del><ins>&lt;b&gt;Harm&lt;/b&gt;</ins>" in answer.text
    assert await risk_of(assessed) == OASYS


async def test_edited_risk_is_saved_once_it_is_confirmed_and_is_offered_again(
    practitioner: Visitor, assessed: Journey
) -> None:
    path = at(assessed, EDIT)
    form = await practitioner.get(path)
    typed = {"who-is-at-risk": "Staff", "nature-of-risk": "", "additional-information": "Ring first\r\nthen visit"}
    answer = await practitioner.send(form, path, typed)
    assert answer.status_code == 400
    assert '<a href="#confirm-understood">Confirm you understand' in answer.text
    assert "Staff</textarea>" in answer.text
    answer = await practitioner.send(form, path, {**typed, "who-is-at-risk": "x" * 4001, **UNDERSTOOD})
    assert '<a href="#who-is-at-risk">Who is at risk must be 4,000 characters or fewer</a>' in answer.text
    answer = await practitioner.send(form, path, {**typed, **UNDERSTOOD})
    assert answer.headers["location"] == at(assessed, "needs-and-requirements")
    kept = await risk_of(assessed)
    assert (kept["riskSummaryWhoIsAtRisk"], kept["riskSummaryNatureOfRisk"]) == ("Staff", "")
    assert kept["additionalInformation"] == "Ring first\nthen visit"
    assert "Staff</textarea>" in (await practitioner.get(path)).text
    assert "You have edited it for this referral already." in words(
        await practitioner.get(at(assessed, "risk-information"))
    )


async def test_edited_risk_can_be_changed_while_oasys_is_away(
    practitioner: Visitor, assessed: Journey, services: Switchboard
) -> None:
    with services.away("risks_and_needs"):
        shown = await practitioner.get(at(assessed, "risk-information"))
    assert 'data-page="MR-25"' in shown.text
    assert "Staff</textarea>" in shown.text
    assert "Revert to original" not in shown.text


async def test_risk_can_be_written_without_oasys_and_the_provider_is_told(
    world: World, practitioner: Visitor, services: Switchboard
) -> None:
    draft = await begun_draft(world)
    path = at(draft, "risk-information")
    with services.away("risks_and_needs"):
        form = await practitioner.get(at(draft, EDIT))
        assert "OASys is not answering" in words(form)
        answer = await practitioner.send(form, path, {"additional-risk-information": " "})
        assert '<a href="#additional-risk-information">Enter the risk information</a>' in answer.text
        assert '<a href="#confirm-understood">' in answer.text
        answer = await practitioner.send(form, path, {"additional-risk-information": "Shouts", **UNDERSTOOD})
        assert answer.headers["location"] == at(draft, "needs-and-requirements")
        assert "Shouts</textarea>" in (await practitioner.get(path)).text
    said = (await risk_of(draft))["additionalInformation"]
    assert said == "Entered without OASys, which was not answering.\nShouts"


NEEDS = {"needs-interpreter": "yes", "interpreter-language": "Welsh", "has-additional-responsibilities": "yes",
         "when-unavailable": "Mondays"}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field", "error"),
    [({"needs-interpreter": ""}, "needs-interpreter", "Select yes if Jo Bloggs needs an interpreter"),
     ({"interpreter-language": " "}, "interpreter-language", "Enter the language Jo Bloggs needs an interpreter for"),
     ({"interpreter-language": "x" * 251}, "interpreter-language",
      "Interpreter language must be 250 characters or fewer"),
     ({"has-additional-responsibilities": "maybe"}, "has-additional-responsibilities",
      "Select yes if Jo Bloggs has caring or employment responsibilities"),
     ({"when-unavailable": ""}, "when-unavailable", "Enter when Jo Bloggs will not be able to attend sessions"),
     ({"accessibility-needs": "x" * 4001}, "accessibility-needs",
      "Mobility, disability or accessibility needs must be 4,000 characters or fewer")],
)  # fmt: skip
async def test_missing_needs_are_asked_for_by_name(
    practitioner: Visitor, unassessed: Journey, changes: dict[str, str], field: str, error: str
) -> None:
    path = at(unassessed, "needs-and-requirements")
    answer = await practitioner.send(
        await practitioner.get(path), path, {**NEEDS, "additional-needs-information": "<i>Home</i>", **changes}
    )
    assert answer.status_code == 400
    assert f'<a href="#{field}">{error}</a>' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert "&lt;i&gt;Home&lt;/i&gt;</textarea>" in answer.text


async def test_needs_are_saved_and_what_no_longer_applies_is_let_go(practitioner: Visitor, unassessed: Journey) -> None:
    path = at(unassessed, "needs-and-requirements")
    form = await practitioner.get(path)
    answer = await practitioner.send(form, path, {**NEEDS, "accessibility-needs": "Hearing aid"})
    assert answer.headers["location"] == at(unassessed, "relevant-sentence")
    kept = await written(unassessed)
    assert (kept["interpreterLanguage"], kept["whenUnavailable"]) == ("Welsh", "Mondays")
    assert (kept["accessibilityNeeds"], kept["additionalNeedsInformation"]) == ("Hearing aid", "")
    typed = {**NEEDS, "needs-interpreter": "no", "has-additional-responsibilities": "no"}
    answer = await practitioner.send(form, f"{path}?return=check", typed)
    assert answer.headers["location"] == at(unassessed, "check-all-referral-information")
    kept = await written(unassessed)
    assert (kept["needsInterpreter"], kept["interpreterLanguage"]) == (False, None)
    assert (kept["hasAdditionalResponsibilities"], kept["whenUnavailable"]) == (False, None)


async def test_providers_may_not_write_referrals(world: World, assessed: Journey) -> None:
    provider = browser(world)
    await provider.sign_in(CASEWORKERS[0].username)
    for page in ("service-user-details", "risk-information", EDIT, "needs-and-requirements"):
        assert (await provider.get(at(assessed, page))).status_code == 403, page
    await provider.http.aclose()
