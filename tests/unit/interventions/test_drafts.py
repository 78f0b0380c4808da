"""How a patch changes a draft."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.unit.interventions.made_up import COHORT, HOME, NOW, WORK, contract, made_id
from throughcare.services.interventions.draft.model import (
    Draft,
    DraftFlags,
    Location,
    Needs,
    PractitionerDetails,
    Selection,
    ServiceUser,
    patch_draft,
)
from throughcare.services.interventions.refusal.model import Invalid, Refused

TODAY = date(2024, 3, 4)
CONTRACT = contract("C", COHORT)


def draft(**parts: Any) -> Draft:
    return Draft(made_id("d"), NOW, made_id("pp"), "X000001", made_id("i"), **parts)


def patched(one: Draft, **changes: object) -> Draft:
    return patch_draft(one, changes, contract=CONTRACT, today=TODAY, now=NOW)


def test_null_and_absent_leave_a_field_as_it_is() -> None:
    one = patched(draft(), accessibility_needs="Ramp", reason_for_referral="Work")
    again = patched(one, accessibility_needs=None)
    assert (again.needs.accessibility_needs, again.details.reason_for_referral) == ("Ramp", "Work")


def test_every_problem_of_a_patch_is_reported_and_nothing_is_changed() -> None:
    with pytest.raises(Invalid) as refused:
        patched(
            draft(), completion_deadline=date(2024, 3, 3), needs_interpreter=True,
            has_additional_responsibilities=True, service_user={"crn": "X000002"},
            service_category_ids=[made_id("another")], has_expected_release_date=True,
        )  # fmt: skip
    assert refused.value.extra["validationErrors"] == [
        {"field": "completionDeadline", "error": "DATE_MUST_BE_IN_THE_FUTURE"},
        {"field": "needsInterpreter", "error": "CONDITIONAL_FIELD_MUST_BE_SET"},
        {"field": "hasAdditionalResponsibilities", "error": "CONDITIONAL_FIELD_MUST_BE_SET"},
        {"field": "serviceUser.crn", "error": "FIELD_CANNOT_BE_CHANGED"},
        {"field": "serviceCategoryIds", "error": "INVALID_SERVICE_CATEGORY_FOR_CONTRACT"},
        {"field": "expectedReleaseDate", "error": "CONDITIONAL_FIELD_MUST_BE_SET"},
    ]
    assert refused.value.code == "DATE_MUST_BE_IN_THE_FUTURE"


def test_today_is_a_good_deadline() -> None:
    assert patched(draft(), completion_deadline=TODAY).details.completion_deadline == TODAY


def test_a_language_and_times_are_kept_only_while_they_apply() -> None:
    needing = patched(
        draft(), needs_interpreter=True, interpreter_language="Yoruba", has_additional_responsibilities=True,
        when_unavailable="Mondays",
    )  # fmt: skip
    assert (needing.needs.interpreter_language, needing.needs.when_unavailable) == ("Yoruba", "Mondays")
    assert patched(needing, needs_interpreter=False, has_additional_responsibilities=False).needs == Needs(
        needs_interpreter=False, has_additional_responsibilities=False
    )


def test_the_person_is_described_piece_by_piece() -> None:
    one = patched(draft(), service_user={"first_name": "Jo", "crn": "X000001"})
    again = patched(one, service_user={"last_name": "Bloggs", "first_name": None})
    assert again.service_user == ServiceUser(first_name="Jo", last_name="Bloggs")


def test_choosing_categories_again_drops_only_what_was_said_of_others() -> None:
    chosen = Selection(
        frozenset({WORK.id, HOME.id}), {WORK.id: WORK.levels[0].id, HOME.id: HOME.levels[0].id},
        {WORK.id: frozenset({WORK.outcomes[0].id}), HOME.id: frozenset({HOME.outcomes[0].id})},
    )  # fmt: skip
    kept = patched(draft(selection=chosen), service_category_ids=[HOME.id]).selection
    assert (set(kept.categories), set(kept.levels), set(kept.outcomes)) == ({HOME.id}, {HOME.id}, {HOME.id})


CUSTODY = Location("CUSTODY", "LEI", date(2024, 6, 1), None, True, "Leeds", None)


def test_moving_to_the_community_forgets_the_prison_and_the_release() -> None:
    one = draft(location=CUSTODY, flags=DraftFlags(already_know_prison_name=True))
    moved = patched(one, person_current_location_type="COMMUNITY", person_custody_prison_id="MDI")
    assert moved.location == Location("COMMUNITY")
    assert moved.flags.already_know_prison_name is None


@pytest.mark.parametrize(
    ("held", "changes", "expected"),
    [
        (None, {"referral_releasing_12_weeks": True}, True),
        (False, {"referral_releasing_12_weeks": True}, True),
        (True, {"referral_releasing_12_weeks": True}, None),
        (None, {"referral_releasing_12_weeks": True, "allocated_community_pp": True}, None),
        (True, {"referral_releasing_12_weeks": True, "allocated_community_pp": False}, True),
    ],
)
def test_in_custody_the_twelve_weeks_matter_only_without_a_community_practitioner(
    held: bool | None, changes: dict[str, object], expected: bool | None
) -> None:
    one = draft(flags=DraftFlags(allocated_community_pp=held))
    after = patched(one, person_current_location_type="CUSTODY", **changes)
    assert after.location.referral_releasing_12_weeks is expected


def test_a_release_date_and_the_reason_for_having_none_exclude_each_other() -> None:
    dated = patched(draft(), expected_release_date=date(2024, 6, 1), has_expected_release_date=True)
    reasoned = patched(dated, expected_release_date_missing_reason="On remand")
    assert reasoned.location.expected_release_date is None
    assert (
        patched(reasoned, expected_release_date=date(2024, 6, 1)).location.expected_release_date_missing_reason is None
    )


def test_an_office_and_the_reason_for_having_none_exclude_each_other() -> None:
    one = patched(draft(), expected_probation_office="Leeds")
    other = patched(one, expected_probation_office_unknown_reason="Moving")
    assert other.location.expected_probation_office is None
    again = patched(other, expected_probation_office="York")
    assert again.location.expected_probation_office_unknown_reason is None


def test_an_empty_text_clears_contact_details() -> None:
    one = patched(draft(), pp_email_address="a@x.test", ndelius_phone_number="1", pp_name="Bernard")
    cleared = patched(one, pp_email_address="", ndelius_phone_number="", pp_name="")
    assert cleared.practitioner == PractitionerDetails(pp_name="")


def test_the_main_point_of_contact_is_written_as_a_whole() -> None:
    one = patched(draft(), pp_name="Bernard", pp_email_address="a@x.test", pp_phone_number="1", role_or_job_title="PO")
    again = patched(one, has_main_point_of_contact_details=True, pp_name="Hanifa")
    assert again.practitioner == PractitionerDetails(pp_name="Hanifa")


@pytest.mark.parametrize(
    ("where", "kept"),
    [("establishment", (None, "Leeds prison")), ("probation office", ("Leeds office", None))],
)
def test_the_point_of_contact_is_at_one_place(where: str, kept: tuple[str | None, str | None]) -> None:
    one = patched(
        draft(), has_main_point_of_contact_details=True, pp_location_type=where,
        pp_probation_office="Leeds office",
        pp_establishment="Leeds prison",
    )  # fmt: skip
    assert (one.practitioner.pp_probation_office, one.practitioner.pp_establishment) == kept


def test_risk_is_stamped_when_it_is_written() -> None:
    one = patched(draft(), additional_risk_information="Anxious")
    assert (one.additional_risk_information, one.additional_risk_information_updated_at) == ("Anxious", NOW)
    assert patched(one, further_information="x").additional_risk_information == "Anxious"
    assert patched(one, additional_risk_information="").additional_risk_information == ""


def refusal(call: Any) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


def test_a_level_is_chosen_for_a_selected_category_from_its_own() -> None:
    one = draft(selection=Selection(frozenset({WORK.id})))
    level = WORK.levels[0].id
    assert one.with_level(WORK, WORK.id, level).selection.levels == {WORK.id: level}
    assert refusal(lambda: draft().with_level(WORK, WORK.id, level)) == "NO_CATEGORY_SELECTED"
    assert refusal(lambda: one.with_level(HOME, HOME.id, HOME.levels[0].id)) == "CATEGORY_NOT_SELECTED"
    assert refusal(lambda: one.with_level(WORK, WORK.id, HOME.levels[0].id)) == "LEVEL_NOT_IN_CATEGORY"


def test_outcomes_are_chosen_for_a_selected_category_from_what_is_offered() -> None:
    one = draft(selection=Selection(frozenset({WORK.id})))
    outcome = WORK.outcomes[0].id

    def choose(on: Draft, category: Any, outcomes: list[Any]) -> Draft:
        return on.with_outcomes(category, category.id, outcomes, contract=CONTRACT, now=NOW)

    assert choose(one, WORK, [outcome]).selection.outcomes == {WORK.id: frozenset({outcome})}
    assert refusal(lambda: choose(one, WORK, [])) == "OUTCOMES_EMPTY"
    assert refusal(lambda: choose(draft(), WORK, [outcome])) == "NO_CATEGORY_SELECTED"
    assert refusal(lambda: choose(one, HOME, [outcome])) == "CATEGORY_NOT_SELECTED"
    assert refusal(lambda: choose(one, WORK, [HOME.outcomes[0].id])) == "OUTCOME_NOT_IN_CATEGORY"


def test_an_outcome_that_was_chosen_while_it_was_offered_may_stay_but_not_come_back() -> None:
    former, outcome = HOME.outcomes[0].id, WORK.outcomes[0].id
    one = draft(selection=Selection(frozenset({WORK.id}), outcomes={WORK.id: frozenset({former})}))

    def choose(on: Draft, *outcomes: Any) -> Draft:
        return on.with_outcomes(WORK, WORK.id, outcomes, contract=CONTRACT, now=NOW)

    assert choose(one, former, outcome).selection.outcomes == {WORK.id: frozenset({former, outcome})}
    assert refusal(lambda: choose(choose(one, outcome), former)) == "OUTCOME_NOT_IN_CATEGORY"
