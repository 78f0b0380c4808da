"""Drafting a referral, through its doors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.service.interventions.journey import (
    CASEWORKER,
    OTHER_PRACTITIONER,
    PRACTITIONER,
    Journey,
    Json,
    begun_draft,
    choose_level_and_outcome,
    demo_intervention,
    ok,
    opened_case,
    problems,
    ready_draft,
    refused,
    sent_referral,
    signed_in,
)
from tests.world import World
from throughcare.seeding.accounts import DEMO_CONTRACT


async def patch(journey: Journey, part: str = "", /, **body: object) -> Json:
    found: Json = ok(await journey.as_practitioner("PATCH", f"/draft-referral/{journey.referral_id}{part}", json=body))
    return found


async def test_a_draft_begins_with_the_only_category_chosen(world: World) -> None:
    journey = await begun_draft(world)
    shown = ok(await journey.as_practitioner("GET", f"/draft-referral/{journey.referral_id}"))
    assert shown["serviceCategoryIds"] == [journey.intervention["serviceCategories"][0]["id"]]
    assert shown["serviceUser"]["crn"] == journey.crn
    assert shown["serviceProvider"] == {"name": "Achieve NW (Career Connect)", "id": "ACHIEVE_NW"}
    assert (shown["contractTypeName"], shown["dynamicFrameworkContractReference"]) == (
        "Education, Training and Employment (ETE)",
        "DN535743",
    )
    assert (shown["complexityLevels"], shown["desiredOutcomes"], shown["interventionId"]) == (
        [],
        [],
        journey.intervention["id"],
    )


async def test_a_cohort_service_begins_with_no_category_chosen(world: World) -> None:
    journey = await opened_case(world)
    found = ok(await journey.as_practitioner("GET", "/interventions", params={"allowsMale": "false"}))
    cohort = next(one for one in found if len(one["serviceCategories"]) > 1)
    body = {"serviceUserCrn": journey.crn, "interventionId": cohort["id"]}
    reply = await journey.as_practitioner("POST", "/draft-referral", json=body)
    draft = ok(reply, 201)
    assert reply.headers["Location"] == f"/draft-referral/{draft['id']}"
    assert draft["serviceCategoryIds"] == []


async def test_a_draft_for_an_unknown_intervention_is_refused(world: World) -> None:
    journey = await opened_case(world)
    body = {"serviceUserCrn": journey.crn, "interventionId": str(uuid4())}
    reply = await journey.as_practitioner("POST", "/draft-referral", json=body)
    refused(reply, 400, "INTERVENTION_UNKNOWN")


async def test_a_case_that_the_record_does_not_know_is_closed(world: World) -> None:
    intervention = await demo_intervention(world)
    client = await signed_in(world, PRACTITIONER.username)
    body = {"serviceUserCrn": "Z999999", "interventionId": intervention["id"]}
    refused(await client.post("/draft-referral", json=body), 403, "CASE_RESTRICTED")
    malformed = await client.post("/draft-referral", json={**body, "serviceUserCrn": "nonsense"})
    assert malformed.status_code == 400


async def test_everything_written_is_shown_again(world: World) -> None:
    journey = await begun_draft(world)
    written: Json = {
        "relevantSentenceId": journey.sentence_id, "additionalNeedsInformation": "Anxious",
        "accessibilityNeeds": "Ramp", "needsInterpreter": True, "interpreterLanguage": "Yoruba",
        "hasAdditionalResponsibilities": True, "whenUnavailable": "Mondays",
        "additionalRiskInformation": "May be anxious", "personCurrentLocationType": "CUSTODY",
        "personCustodyPrisonId": "LEI", "alreadyKnowPrisonName": True, "expectedReleaseDate": "2024-09-01",
        "allocatedCommunityPP": True, "expectedProbationOfficeUnKnownReason": "Not known",
        "ndeliusPPName": "Bernard Beaks", "ndeliusPPEmailAddress": "b@x.test", "ndeliusPDU": "North",
        "ndeliusPhoneNumber": "1", "ndeliusTeamPhoneNumber": "2", "ppName": "B Beaks", "ppEmailAddress": "bb@x.test",
        "ppPdu": "North", "ppProbationOffice": "Leeds", "ppPhoneNumber": "3", "ppTeamPhoneNumber": "4",
        "completionDeadline": "2024-12-01", "furtherInformation": "More", "maximumEnforceableDays": 10,
        "reasonForReferral": "Work", "reasonForReferralFurtherInformation": "Wants to",
        "reasonForReferralCreationBeforeAllocation": "Early",
    }  # fmt: skip
    shown = await patch(journey, **written)
    assert {name: shown[name] for name in written} == written
    person = {"crn": journey.crn, "title": "Ms", "firstName": "Jo", "lastName": "Bloggs", "dateOfBirth": "1990-02-03",
              "gender": "Female", "ethnicity": "White", "preferredLanguage": "English",
              "religionOrBelief": "None", "disabilities": ["Dyslexia", "Asthma"]}  # fmt: skip
    assert (await patch(journey, serviceUser=person))["serviceUser"] == person


async def test_every_wrong_field_is_named_and_nothing_is_saved(world: World) -> None:
    journey = await begun_draft(world)
    yesterday = (world.clock.today() - timedelta(days=1)).isoformat()
    body = {
        "completionDeadline": yesterday, "needsInterpreter": True, "hasAdditionalResponsibilities": True,
        "serviceUser": {"crn": "X999999"}, "serviceCategoryIds": [str(uuid4())], "hasExpectedReleaseDate": True,
        "furtherInformation": "Not to be kept",
    }  # fmt: skip
    reply = await journey.as_practitioner("PATCH", f"/draft-referral/{journey.referral_id}", json=body)
    assert problems(reply) == {
        ("completionDeadline", "DATE_MUST_BE_IN_THE_FUTURE"),
        ("needsInterpreter", "CONDITIONAL_FIELD_MUST_BE_SET"),
        ("hasAdditionalResponsibilities", "CONDITIONAL_FIELD_MUST_BE_SET"),
        ("serviceUser.crn", "FIELD_CANNOT_BE_CHANGED"),
        ("serviceCategoryIds", "INVALID_SERVICE_CATEGORY_FOR_CONTRACT"),
        ("expectedReleaseDate", "CONDITIONAL_FIELD_MUST_BE_SET"),
    }
    assert reply.json()["error"] == "validation error"
    shown = ok(await journey.as_practitioner("GET", f"/draft-referral/{journey.referral_id}"))
    assert shown["furtherInformation"] is None


async def test_a_malformed_patch_lists_every_wrong_field(world: World) -> None:
    journey = await begun_draft(world)
    body = {"completionDeadline": "soon", "maximumEnforceableDays": "many", "personCurrentLocationType": "MOON"}
    reply = await journey.as_practitioner("PATCH", f"/draft-referral/{journey.referral_id}", json=body)
    assert reply.status_code == 400
    assert {one["field"] for one in reply.json()["errors"]} == set(body)


async def test_what_is_the_drafts_own_cannot_be_patched(world: World) -> None:
    journey = await begun_draft(world)
    shown = await patch(journey, id=str(uuid4()), interventionId=str(uuid4()), createdAt="2020-01-01T00:00:00Z")
    assert (shown["id"], shown["interventionId"]) == (journey.referral_id, journey.intervention["id"])
    assert not shown["createdAt"].startswith("2020")


async def test_a_level_and_outcomes_are_chosen_from_the_category(world: World) -> None:
    journey = await begun_draft(world)
    category = journey.intervention["serviceCategories"][0]
    await choose_level_and_outcome(journey)
    outcomes = [one["id"] for one in category["desiredOutcomes"]]
    shown = await patch(journey, "/desired-outcomes", serviceCategoryId=category["id"], desiredOutcomesIds=outcomes[:2])
    assert shown["desiredOutcomes"] == [
        {"serviceCategoryId": category["id"], "desiredOutcomesIds": sorted(outcomes[:2])}
    ]
    assert len(shown["complexityLevels"]) == 1


async def test_a_wrong_level_or_outcome_is_refused(world: World) -> None:
    journey = await begun_draft(world)
    category = journey.intervention["serviceCategories"][0]["id"]
    path = f"/draft-referral/{journey.referral_id}"

    async def choose(part: str, **body: object) -> tuple[int, str]:
        reply = await journey.as_practitioner("PATCH", f"{path}/{part}", json=body)
        return reply.status_code, reply.json()["code"]

    some = str(uuid4())
    level = await choose("complexity-level", serviceCategoryId=category, complexityLevelId=some)
    assert level == (400, "LEVEL_NOT_IN_CATEGORY")
    assert (await choose("complexity-level", serviceCategoryId=some, complexityLevelId=some))[1] == (
        "CATEGORY_NOT_SELECTED"
    )
    assert (await choose("desired-outcomes", serviceCategoryId=category, desiredOutcomesIds=[]))[1] == "OUTCOMES_EMPTY"
    assert (await choose("desired-outcomes", serviceCategoryId=category, desiredOutcomesIds=[some]))[1] == (
        "OUTCOME_NOT_IN_CATEGORY"
    )
    await patch(journey, serviceCategoryIds=[])
    assert (await choose("complexity-level", serviceCategoryId=category, complexityLevelId=some))[1] == (
        "NO_CATEGORY_SELECTED"
    )


async def test_risk_texts_are_replaced_as_a_whole(world: World) -> None:
    journey = await begun_draft(world)
    path = f"/draft-referral/{journey.referral_id}/oasys-risk-information"
    refused(await journey.as_practitioner("GET", path), 404, "RISK_NOT_FOUND")
    await patch(journey, "/oasys-risk-information", riskSummaryWhoIsAtRisk="Staff", riskToSelfSuicide="No")
    shown = await patch(journey, "/oasys-risk-information", riskSummaryWhoIsAtRisk="Nobody")
    assert (shown["riskSummaryWhoIsAtRisk"], shown["riskToSelfSuicide"]) == ("Nobody", None)
    assert ok(await journey.as_practitioner("GET", path)) == shown
    too_long = await journey.as_practitioner("PATCH", path, json={"additionalInformation": "x" * 4001})
    assert too_long.status_code == 400


async def test_practitioners_list_their_own_drafts_and_may_open_their_colleagues(world: World) -> None:
    journey = await begun_draft(world)
    mine = ok(await journey.as_practitioner("GET", "/draft-referrals"))
    assert journey.referral_id in {one["id"] for one in mine}
    colleague = await signed_in(world, OTHER_PRACTITIONER.username)
    assert journey.referral_id not in {one["id"] for one in ok(await colleague.get("/draft-referrals"))}
    assert ok(await colleague.get(f"/draft-referral/{journey.referral_id}"))["id"] == journey.referral_id


async def test_a_provider_never_sees_a_draft(world: World) -> None:
    journey = await begun_draft(world)
    client = await signed_in(world, CASEWORKER.username)
    path = f"/draft-referral/{journey.referral_id}"
    for reply in (
        await client.get("/draft-referrals"),
        await client.get(path),
        await client.patch(path, json={}),
        await client.post(f"{path}/send"),
    ):
        refused(reply, 403, "PP_ONLY")


async def test_an_unknown_draft_is_not_found(world: World) -> None:
    client = await signed_in(world, PRACTITIONER.username)
    refused(await client.get(f"/draft-referral/{uuid4()}"), 404, "DRAFT_NOT_FOUND")
    refused(await client.patch(f"/draft-referral/{uuid4()}", json={}), 404, "DRAFT_NOT_FOUND")


async def test_drafts_that_nobody_sent_are_deleted_after_ninety_days(world: World) -> None:
    old = await ready_draft(world)
    await patch(old, "/oasys-risk-information", riskSummaryWhoIsAtRisk="Staff")
    world.clock.advance(timedelta(days=89))
    fresh = await begun_draft(world)
    jobs = world.host.runtimes["interventions"].jobs
    assert await jobs.run_now("delete-old-drafts") == "ok"
    assert ok(await old.as_practitioner("GET", f"/draft-referral/{old.referral_id}"))
    world.clock.advance(timedelta(days=1))
    assert await jobs.run_now("delete-old-drafts") == "ok"
    refused(await old.as_practitioner("GET", f"/draft-referral/{old.referral_id}"), 404, "DRAFT_NOT_FOUND")
    assert ok(await fresh.as_practitioner("GET", f"/draft-referral/{fresh.referral_id}"))
    left = await world.fetch(
        "select 1 from interventions.draft_oasys_risk_information where draft_id::text = $1", old.referral_id
    )
    assert left == []


async def test_a_draft_can_be_deleted_with_its_risk_texts_and_says_until_when_it_is_kept(world: World) -> None:
    journey = await ready_draft(world)
    path = f"/draft-referral/{journey.referral_id}"
    shown = ok(await journey.as_practitioner("GET", path))
    kept = datetime.fromisoformat(shown["keptUntil"]) - datetime.fromisoformat(shown["createdAt"])
    assert kept == timedelta(days=90)
    await patch(journey, "/oasys-risk-information", riskSummaryWhoIsAtRisk="Staff")
    assert (await journey.as_practitioner("DELETE", path)).status_code == 204
    for method in ("GET", "DELETE", "PATCH"):
        refused(await journey.as_practitioner(method, path, json={}), 404, "DRAFT_NOT_FOUND")
    for table, name in (("draft_referral", "id"), ("draft_oasys_risk_information", "draft_id")):
        rows = await world.fetch(f"select 1 from interventions.{table} where {name}::text = $1", journey.referral_id)
        assert rows == []


async def test_a_draft_says_when_something_was_last_written_in_it(world: World) -> None:
    journey = await begun_draft(world)
    path = f"/draft-referral/{journey.referral_id}"
    assert ok(await journey.as_practitioner("GET", path))["changedAt"] is None
    moments = []
    for part, body in (("", {"furtherInformation": "x"}), ("/oasys-risk-information", {"additionalInformation": "y"})):
        await patch(journey, part, **body)
        moments.append(ok(await journey.as_practitioner("GET", path))["changedAt"])
    assert world.clock.now() - timedelta(minutes=1) < datetime.fromisoformat(moments[0])
    assert moments[0] < moments[1]


async def test_a_draft_that_was_sent_cannot_be_deleted(world: World) -> None:
    journey = await sent_referral(world)
    reply = await journey.as_practitioner("DELETE", f"/draft-referral/{journey.referral_id}")
    refused(reply, 409, "DRAFT_ALREADY_SENT")
    assert (await journey.referral())["id"] == journey.referral_id


INSIDE: Json = {
    "personCurrentLocationType": "CUSTODY", "personCustodyPrisonId": "LEI", "alreadyKnowPrisonName": True,
    "expectedReleaseDate": "2024-09-01",
}  # fmt: skip
CONTACT: Json = {
    "hasMainPointOfContactDetails": True, "ppName": "A", "roleOrJobTitle": "B", "ppEmailAddress": "c@x.test",
    "ppPhoneNumber": "1",
}  # fmt: skip
PLACES: Json = {"ppEstablishment": "LEI", "ppProbationOffice": "Leeds"}
SINCE, OFFICE = "expectedReleaseDateMissingReason", "expectedProbationOffice"
UNKNOWN = "expectedProbationOfficeUnKnownReason"


BEFORE = "reasonForReferralCreationBeforeAllocation"
UNALLOCATED: Json = {
    **INSIDE, **CONTACT, **PLACES, "allocatedCommunityPP": False, "isReferralReleasingIn12Weeks": True, OFFICE: "Leeds",
    BEFORE: "No officer yet",
}  # fmt: skip
OFFICER: Json = {"ndeliusPPName": "Bo", "ndeliusPDU": "North", "ppName": "Bob", "ppPdu": "South"}
RELEASED: Json = {"personCurrentLocationType": "CUSTODY", "isReferralReleasingIn12Weeks": True}
STAYING: Json = {**RELEASED, "isReferralReleasingIn12Weeks": False}


@pytest.fixture(scope="module")
async def draft(world: World) -> Journey:
    """A draft that one answer after another is written in."""
    return await begun_draft(world)


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ({"needsInterpreter": True, "interpreterLanguage": "Welsh"}, {"needsInterpreter": False},
         {"needsInterpreter": False, "interpreterLanguage": None}),
        ({"hasAdditionalResponsibilities": True, "whenUnavailable": "Now"}, {"hasAdditionalResponsibilities": False},
         {"hasAdditionalResponsibilities": False, "whenUnavailable": None}),
        ({"hasConfirmedPersonalDetails": True}, {}, {"hasConfirmedPersonalDetails": True}),
        ({"furtherInformation": "Kept"}, {"furtherInformation": None}, {"furtherInformation": "Kept"}),
        (INSIDE, {"personCurrentLocationType": "COMMUNITY"},
         {**dict.fromkeys(INSIDE), "personCurrentLocationType": "COMMUNITY", SINCE: None}),
        ({"allocatedCommunityPP": False},
         {"personCurrentLocationType": "CUSTODY", "isReferralReleasingIn12Weeks": True},
         {"isReferralReleasingIn12Weeks": True}),
        ({**INSIDE, "allocatedCommunityPP": False, "isReferralReleasingIn12Weeks": True},
         {"personCurrentLocationType": "CUSTODY", "allocatedCommunityPP": True},
         {"isReferralReleasingIn12Weeks": None, "allocatedCommunityPP": True}),
        ({"expectedReleaseDate": "2024-09-01"}, {SINCE: "Parole"}, {"expectedReleaseDate": None, SINCE: "Parole"}),
        ({SINCE: "Parole"}, {"expectedReleaseDate": "2024-09-01"}, {"expectedReleaseDate": "2024-09-01", SINCE: None}),
        ({OFFICE: "Leeds"}, {UNKNOWN: "Moving"}, {OFFICE: None, UNKNOWN: "Moving"}),
        ({UNKNOWN: "Moving"}, {OFFICE: "Leeds"}, {OFFICE: "Leeds", UNKNOWN: None}),
        *(
            ({name: "1"}, {name: ""}, {name: None})
            for name in ("ndeliusPPEmailAddress", "ndeliusPhoneNumber", "ndeliusTeamPhoneNumber", "ppEmailAddress",
                         "ppPhoneNumber", "ppTeamPhoneNumber", "ppProbationOffice")
        ),
        (CONTACT, {"hasMainPointOfContactDetails": False, "ppName": "Z"},
         {"hasMainPointOfContactDetails": False, "ppName": "Z", "roleOrJobTitle": None, "ppEmailAddress": None,
          "ppPhoneNumber": None}),
        ({**CONTACT, **PLACES}, {**CONTACT, **PLACES, "ppLocationType": "establishment"},
         {"ppEstablishment": "LEI", "ppProbationOffice": None}),
        ({**CONTACT, **PLACES}, {**CONTACT, **PLACES, "ppLocationType": "probation office"},
         {"ppEstablishment": None, "ppProbationOffice": "Leeds"}),
        (UNALLOCATED, {"allocatedCommunityPP": True, "ppName": "New"},
         {**dict.fromkeys((*CONTACT, *PLACES)), "ppName": "New", "personCustodyPrisonId": "LEI",
          "isReferralReleasingIn12Weeks": None, OFFICE: None, BEFORE: None}),
        (UNALLOCATED, {"allocatedCommunityPP": False}, UNALLOCATED),
        (UNALLOCATED, {"personCurrentLocationType": "CUSTODY", "allocatedCommunityPP": True},
         {"expectedReleaseDate": "2024-09-01", OFFICE: None, BEFORE: None}),
        (UNALLOCATED, STAYING,
         {"personCustodyPrisonId": "LEI", "ppName": "A", **dict.fromkeys(("expectedReleaseDate", OFFICE, BEFORE))}),
        (UNALLOCATED, {**STAYING, OFFICE: "Hull"}, {OFFICE: "Hull", BEFORE: None}),
        (UNALLOCATED, {"personCurrentLocationType": "COMMUNITY", "allocatedCommunityPP": True},
         dict.fromkeys(("personCustodyPrisonId", "isReferralReleasingIn12Weeks", OFFICE, BEFORE))),
        ({**OFFICER, "allocatedCommunityPP": True, "personCurrentLocationType": "COMMUNITY"},
         {"allocatedCommunityPP": False},
         dict.fromkeys((*OFFICER, "personCurrentLocationType"))),
        ({**INSIDE, **OFFICER, "allocatedCommunityPP": True}, {**RELEASED, "allocatedCommunityPP": False},
         {**INSIDE, **dict.fromkeys(OFFICER), "isReferralReleasingIn12Weeks": True}),
        ({"additionalRiskInformation": "Once"}, {"additionalRiskInformation": "Twice"},
         {"additionalRiskInformation": "Twice"}),
    ],
)  # fmt: skip
async def test_an_answer_does_to_others_what_it_must(draft: Journey, first: Json, second: Json, shown: Json) -> None:
    await patch(draft, **first)
    written = await patch(draft, **second)
    assert {name: written[name] for name in shown} == shown


async def test_categories_that_are_dropped_take_their_answers_with_them(world: World) -> None:
    journey = await opened_case(world)
    found = ok(await journey.as_practitioner("GET", "/interventions", params={"allowsMale": "false"}))
    cohort = next(one for one in found if len(one["serviceCategories"]) > 1)
    reply = await journey.as_practitioner(
        "POST", "/draft-referral", json={"serviceUserCrn": journey.crn, "interventionId": cohort["id"]}
    )
    journey.referral_id = ok(reply, 201)["id"]
    kept, dropped = cohort["serviceCategories"][:2]
    await patch(journey, serviceCategoryIds=[kept["id"], dropped["id"]])
    for one in (kept, dropped):
        level, outcome = one["complexityLevels"][0]["id"], one["desiredOutcomes"][0]["id"]
        await patch(journey, "/complexity-level", serviceCategoryId=one["id"], complexityLevelId=level)
        await patch(journey, "/desired-outcomes", serviceCategoryId=one["id"], desiredOutcomesIds=[outcome])
    shown = await patch(journey, serviceCategoryIds=[kept["id"]])
    for name in ("complexityLevels", "desiredOutcomes"):
        assert [one["serviceCategoryId"] for one in shown[name]] == [kept["id"]]


async def test_an_outcome_that_is_no_longer_offered_cannot_be_chosen(world: World) -> None:
    now = world.clock.now()
    journey = await begun_draft(world)
    category = journey.intervention["serviceCategories"][0]
    world.clock.set(datetime(2025, 4, 3, 12, tzinfo=UTC))
    try:
        path = f"/service-category/{category['id']}/contract-reference/{DEMO_CONTRACT}"
        offered = {one["id"] for one in ok(await journey.as_practitioner("GET", path))["desiredOutcomes"]}
        gone = next(one["id"] for one in category["desiredOutcomes"] if one["id"] not in offered)
        reply = await journey.as_practitioner(
            "PATCH", f"/draft-referral/{journey.referral_id}/desired-outcomes",
            json={"serviceCategoryId": category["id"], "desiredOutcomesIds": [gone]},
        )  # fmt: skip
        refused(reply, 400, "OUTCOME_NOT_IN_CATEGORY")
    finally:
        world.clock.set(now)
