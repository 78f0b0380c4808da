"""What is to be done for a referral, for each kind of referral and each number of categories."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from throughcare.ui.draft.model import Kind, State, TaskList, first_question, kind_of, task_list
from throughcare.ui.peers.catalogue import Category
from throughcare.ui.peers.drafts import DraftRisk, Written

HOME, WORK = "428ee70f-3001-4399-95a6-ad25eaaede16", "ca374ac3-84eb-4b91-bea7-9005398f426f"
LEVEL, OUTCOME = "d0db50b0-4a50-4fc7-a006-9c97530e38b2", "3ecf4b60-7973-419a-b8c3-ef54b078ef00"
ONE = [Category.model_validate({"id": HOME, "name": "Homes"})]
COHORT = [Category.model_validate({"id": WORK, "name": "Work"}), *ONE]
ANSWERS: dict[Kind, dict[str, object]] = {
    Kind.COMMUNITY: {"allocatedCommunityPP": True, "personCurrentLocationType": "COMMUNITY"},
    Kind.PRE_RELEASE: {"allocatedCommunityPP": True, "personCurrentLocationType": "CUSTODY"},
    Kind.UNALLOCATED: {
        "allocatedCommunityPP": False, "personCurrentLocationType": "CUSTODY", "isReferralReleasingIn12Weeks": True,
    },
    Kind.CUSTODIAL: {
        "allocatedCommunityPP": False, "personCurrentLocationType": "CUSTODY", "isReferralReleasingIn12Weeks": False,
    },
}  # fmt: skip
PRACTITIONER: dict[str, object] = {"ndeliusPPName": "Bernard Beaks", "ppPdu": "Sheffield"}
CONTACT: dict[str, object] = {"ppName": "Bo", "roleOrJobTitle": "Officer", "ppEmailAddress": "bo@example.gov.uk"}
PRISON: dict[str, object] = {"personCustodyPrisonId": "MDI"}
RELEASE: dict[str, object] = {"expectedReleaseDateMissingReason": "Parole"}
OFFICE: dict[str, object] = {"expectedProbationOfficeUnKnownReason": "Moving"}
OF_KIND: dict[Kind, dict[str, object]] = {
    Kind.COMMUNITY: PRACTITIONER,
    Kind.PRE_RELEASE: {**PRACTITIONER, **PRISON, **RELEASE},
    Kind.UNALLOCATED: {**CONTACT, **PRISON, **RELEASE, **OFFICE},
    Kind.CUSTODIAL: {**CONTACT, **PRISON},
}
OF_ALL: dict[str, object] = {
    "hasConfirmedPersonalDetails": True, "additionalNeedsInformation": "", "accessibilityNeeds": "",
    "needsInterpreter": False, "hasAdditionalResponsibilities": False, "serviceCategoryIds": [HOME],
    "relevantSentenceId": 7, "complexityLevels": [{"serviceCategoryId": HOME, "complexityLevelId": LEVEL}],
    "desiredOutcomes": [{"serviceCategoryId": HOME, "desiredOutcomesIds": [OUTCOME]}], "maximumEnforceableDays": 10,
    "completionDeadline": "2024-09-01", "reasonForReferral": "Homeless",
    "reasonForReferralFurtherInformation": "Ring first",
}  # fmt: skip
RISK = DraftRisk()
KINDS_AND_SIZES = [(kind, categories) for kind in Kind for categories in (ONE, COHORT)]


def draft(kind: Kind, *fields: Mapping[str, object]) -> Written:
    found: dict[str, object] = {
        "id": "01a22456-1774-7230-a36d-3d19aa0332a6", "createdAt": "2024-03-04T09:00:00Z", "interventionId": HOME,
        "serviceUser": {"crn": "X123456", "firstName": "jo", "lastName": "BLOGGS"},
        "serviceProvider": {"name": "Harmony"}, "contractTypeName": "Accommodation",
        "dynamicFrameworkContractReference": "C1", **ANSWERS[kind],
    }  # fmt: skip
    for one in fields:
        found |= one
    return Written.model_validate(found)


def told(tasks: TaskList) -> dict[str, dict[str, str]]:
    """Titles and states by section."""
    return {heading: {one.title: one.state.value for one in every} for heading, every in tasks.sections}


@pytest.mark.parametrize(("kind", "categories"), KINDS_AND_SIZES)
def test_each_kind_of_referral_has_its_own_tasks_and_nothing_waits_without_need(
    kind: Kind, categories: list[Category]
) -> None:
    chosen = {"serviceCategoryIds": [HOME]} if categories is ONE else {}
    found = told(task_list(draft(kind, chosen), kind, categories, None))
    who = "probation practitioner" if kind in {Kind.COMMUNITY, Kind.PRE_RELEASE} else "main point of contact"
    where = {
        Kind.COMMUNITY: {},
        Kind.PRE_RELEASE: {
            "Confirm Jo Bloggs’s current location and expected release date": ["Establishment", "Expected release date"]
        },
        Kind.UNALLOCATED: {
            "Confirm Jo Bloggs’s current location and expected release date": [
                "Current location", "Expected release date", "Expected probation office",
            ]
        },
        Kind.CUSTODIAL: {"Confirm Jo Bloggs’s location": ["Establishment"]},
    }[kind]  # fmt: skip
    types = {"Choose service types": ["Select service types for the Accommodation referral"]}
    parts = (
        ["Select desired outcomes", "Select required complexity level"]
        if categories is ONE
        else ["Details of this part will depend on the services you choose"]
    )
    assert {heading: list(every) for heading, every in found.items()} == {
        f"Confirm {who} details": ["Name, email address and location"],
        **where,
        "Review Jo Bloggs’s information": ["Personal details", "Risk information", "Needs and requirements"],
        **(types if categories is COHORT else {}),
        "Add Accommodation referral details": [
            "Confirm the relevant sentence", *parts, "Enter enforceable days used",
            "Enter when the Accommodation service needs to be completed",
            "Reason for referral and further information for service provider",
        ],
        "Check all referral information and submit referral": ["Check referral information"],
    }  # fmt: skip
    later = {title for every in found.values() for title, state in every.items() if state == "Cannot start yet"}
    assert later == {"Check referral information", *(parts if categories is COHORT else [])}


@pytest.mark.parametrize(("kind", "categories"), KINDS_AND_SIZES)
def test_the_check_opens_when_everything_that_this_kind_needs_is_written(
    kind: Kind, categories: list[Category]
) -> None:
    whole = task_list(draft(kind, OF_KIND[kind], OF_ALL), kind, categories, RISK)
    assert whole.done == len(whole.tasks)
    assert (whole.following.title, whole.following.state) == ("Check referral information", State.NEW)
    for name in OF_KIND[kind] | OF_ALL:
        lists = {"serviceCategoryIds", "complexityLevels", "desiredOutcomes"}
        one_less = draft(kind, OF_KIND[kind], OF_ALL, {name: [] if name in lists else None})
        assert task_list(one_less, kind, categories, RISK).sections[-1][1][0].state is State.LATER, name
    assert task_list(draft(kind, OF_KIND[kind], OF_ALL), kind, categories, None).done == len(whole.tasks) - 1


def test_a_task_of_several_answers_is_in_progress_while_some_are_given() -> None:
    some = task_list(draft(Kind.COMMUNITY, {"ppName": "Bo", "needsInterpreter": False}), Kind.COMMUNITY, ONE, None)
    begun = [one.title for one in some.tasks if one.state is State.BEGUN]
    assert begun == ["Name, email address and location", "Needs and requirements"]
    assert some.following.page == "confirm-probation-practitioner-details"


def test_each_chosen_category_has_its_outcomes_and_its_level_in_the_order_of_names() -> None:
    some = draft(Kind.COMMUNITY, OF_ALL, {"serviceCategoryIds": [WORK, HOME]})
    tasks = task_list(some, Kind.COMMUNITY, COHORT, None).tasks
    assert [(one.title, one.page, one.state) for one in tasks if one.page.startswith("service-category/")] == [
        ("Select desired outcomes for Homes", f"service-category/{HOME}/desired-outcomes", State.DONE),
        ("Select required complexity level for Homes", f"service-category/{HOME}/complexity-level", State.DONE),
        ("Select desired outcomes for Work", f"service-category/{WORK}/desired-outcomes", State.NEW),
        ("Select required complexity level for Work", f"service-category/{WORK}/complexity-level", State.NEW),
    ]


@pytest.mark.parametrize(
    ("answers", "page"),
    [
        ({"allocatedCommunityPP": None, "personCurrentLocationType": None}, "community-allocated-form"),
        ({"allocatedCommunityPP": True, "personCurrentLocationType": None}, "referral-type-form"),
        ({"allocatedCommunityPP": False, "personCurrentLocationType": None}, "prison-release-form"),
        ({"allocatedCommunityPP": False, "personCurrentLocationType": "COMMUNITY"}, "prison-release-form"),
        ({"allocatedCommunityPP": True, "personCurrentLocationType": "CUSTODY", "isReferralReleasingIn12Weeks": True},
         "referral-type-form"),
        ({"allocatedCommunityPP": None, "personCurrentLocationType": "COMMUNITY"}, None),
        *((one, None) for one in ANSWERS.values()),
    ],
)  # fmt: skip
def test_the_kind_is_asked_for_until_the_answers_agree(answers: dict[str, object], page: str | None) -> None:
    assert first_question(draft(Kind.COMMUNITY, answers)) == page


@pytest.mark.parametrize("kind", list(Kind))
def test_the_answers_of_each_kind_say_which_it_is(kind: Kind) -> None:
    assert kind_of(draft(kind)) is kind
