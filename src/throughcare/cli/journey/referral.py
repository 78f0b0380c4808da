"""Finding an intervention, drafting and sending the referral, and what follows from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from throughcare.cli.journey.doors import eventually
from throughcare.cli.journey.journey import CASEWORKER, Journey
from throughcare.seeding.accounts import DEMO_CONTRACT, PRACTITIONERS

MAILBOX = f"referrals.{DEMO_CONTRACT}@provider.example.test"
REGION = "greater-manchester"


async def found(journey: Journey) -> None:
    """The practitioner finds an intervention for the person's area."""
    offered = await journey.practitioner("GET", "/interventions", params={"pccRegionIds": [REGION]})
    wanted = [one for one in offered if one["contractType"]["code"] == "ETE"]
    journey.check(wanted, f"no education intervention is offered in {REGION}")
    journey.intervention = wanted[0]
    journey.step(f"{len(offered)} interventions are offered there; the practitioner chooses {wanted[0]['title']!r}")


async def drafted(journey: Journey) -> None:
    """The practitioner writes the referral."""
    body = {"serviceUserCrn": journey.crn, "interventionId": journey.intervention["id"]}
    draft = await journey.practitioner("POST", "/draft-referral", json=body)
    journey.referral_id = draft["id"]
    case = await journey.machine("probation", "GET", f"/probation-case/{journey.crn}/details")
    today = (await journey.now()).date()
    await journey.practitioner(
        "PATCH", f"/draft-referral/{journey.referral_id}",
        json={
            "serviceUser": {
                "crn": journey.crn, "firstName": case["name"]["forename"], "lastName": case["name"]["surname"],
                "dateOfBirth": case["dateOfBirth"], "gender": case["gender"],
            },
            "relevantSentenceId": journey.sentence_id, "personCurrentLocationType": "COMMUNITY",
            "completionDeadline": (today + timedelta(days=120)).isoformat(), "maximumEnforceableDays": 10,
            "furtherInformation": "Prefers mornings.", "reasonForReferral": "Wants to work in a kitchen.",
            "needsInterpreter": False, "hasAdditionalResponsibilities": False,
        },
    )  # fmt: skip
    for category in journey.intervention["serviceCategories"]:
        await _choose(journey, category)
    risk = {"riskSummaryWhoIsAtRisk": "Nobody known", "additionalInformation": "Meets well in the mornings."}
    await journey.practitioner("PATCH", f"/draft-referral/{journey.referral_id}/oasys-risk-information", json=risk)
    journey.step("a referral is drafted: person, sentence, needs, complexity, outcomes, risk")


async def _choose(journey: Journey, category: dict[str, Any]) -> None:
    reference = f"/service-category/{category['id']}/contract-reference/{DEMO_CONTRACT}"
    offered = await journey.practitioner("GET", reference)
    path = f"/draft-referral/{journey.referral_id}"
    level = {"serviceCategoryId": category["id"], "complexityLevelId": offered["complexityLevels"][0]["id"]}
    await journey.practitioner("PATCH", f"{path}/complexity-level", json=level)
    outcomes = [one["id"] for one in offered["desiredOutcomes"][:2]]
    chosen = {"serviceCategoryId": category["id"], "desiredOutcomesIds": outcomes}
    await journey.practitioner("PATCH", f"{path}/desired-outcomes", json=chosen)


async def sent(journey: Journey) -> None:
    """The referral is sent; risk, Delius and the provider's mailbox follow."""
    referral = await journey.practitioner("POST", f"/draft-referral/{journey.referral_id}/send", expect=201)
    journey.reference = referral["referenceNumber"]
    journey.owes("intervention.referral.sent", "risk.supplementary.created")
    journey.step(f"referral {journey.reference} is sent")
    risk = await journey.practitioner(
        "GET", f"/risks/supplementary/{referral['supplementaryRiskId']}", "risks_and_needs"
    )
    journey.check(risk["sourceId"] == journey.referral_id, "risk information belongs to another referral")
    journey.step("risk information is stored with risks and needs")
    nsis = await journey.machine("probation", "GET", f"/probation-case/{journey.crn}/nsis")
    urn = f"urn:hmpps:interventions-referral:{journey.referral_id}"
    mine = [one for one in _list(nsis, "nsis") if one["externalReference"] == urn]
    journey.check(len(mine) == 1, f"{len(mine)} NSIs for this referral in Delius")
    journey.step("an NSI is in progress in Delius")
    await journey.message_to(MAILBOX, "referral-sent")
    journey.step(f"the provider's mailbox {MAILBOX} has its message")


async def assigned(journey: Journey) -> None:
    """The provider assigns a caseworker."""
    body = {"assignedTo": {"username": CASEWORKER.username, "userId": CASEWORKER.user_id, "authSource": "auth"}}
    await journey.caseworker("POST", f"/sent-referral/{journey.referral_id}/assign", json=body)
    await journey.message_to(CASEWORKER.email, "referral-assigned")
    journey.owes("intervention.referral.assigned")
    journey.step(f"{CASEWORKER.name} is assigned and told")


async def concluded(journey: Journey) -> None:
    """The referral is over, in interventions and in Delius."""
    referral = await journey.practitioner("GET", f"/sent-referral/{journey.referral_id}")
    journey.check(referral["concludedAt"], "the referral is not concluded")

    async def ended() -> bool:
        nsis = await journey.machine("probation", "GET", f"/probation-case/{journey.crn}/nsis")
        urn = f"urn:hmpps:interventions-referral:{journey.referral_id}"
        return any(one["externalReference"] == urn and one["actualEndDate"] for one in _list(nsis, "nsis"))

    await eventually(ended, "the end of the NSI in Delius")
    journey.owes("intervention.referral.concluded", "intervention.referral.ended")
    journey.step("the referral is concluded; the NSI in Delius is completed")


async def amended(journey: Journey) -> None:
    """The practitioner gives the provider more time, and the caseworker is told."""
    deadline = (await journey.now()).date() + timedelta(days=150)
    body = {"completionDeadline": deadline.isoformat(), "reasonForChange": "Training lasts longer"}
    await journey.practitioner("POST", f"/sent-referral/{journey.referral_id}/referral-details", json=body)
    await journey.message_to(CASEWORKER.email, "completion-deadline-updated")
    [entry] = await journey.caseworker("GET", f"/sent-referral/{journey.referral_id}/change-log")
    journey.check(entry["topic"] == "COMPLETION_DATETIME", "the change log says something else")
    journey.owes("interventions.referral.amended")
    journey.step("the completion date is amended, which the change log says; the caseworker is told")


async def noted(journey: Journey) -> None:
    """The caseworker writes to the practitioner."""
    body = {"referralId": journey.referral_id, "subject": "First week", "body": "Settled in well."}
    await journey.caseworker("POST", "/case-note", json=body)
    await journey.message_to(PRACTITIONERS[0].email, "case-note-sent-pp")
    journey.owes("interventions.case-note.sent")
    journey.step("the caseworker writes a case note; the responsible officer is told")


async def withdrawn(journey: Journey) -> None:
    """The practitioner ends the referral although sessions are still to come; the caseworker is told."""
    body = {"code": "MOV", "comments": "Moves away.", "withdrawalState": "POST_ICA_WITHDRAWAL"}
    answer = await journey.practitioner("POST", f"/sent-referral/{journey.referral_id}/withdraw-referral", json=body)
    journey.check(answer["concludedAt"], "the withdrawn referral is not concluded")
    journey.check(answer["endOfServiceReportCreationRequired"], "no report is due after a withdrawal mid-delivery")
    await journey.message_to(CASEWORKER.email, "referral-post-ica-withdrawn")
    journey.owes("intervention.referral.concluded", "intervention.referral.ended")
    journey.step(f"referral {journey.reference} is withdrawn mid-delivery; the caseworker is told")


async def ended_early(journey: Journey) -> None:
    """The report comes after the withdrawal: the end is told again, the conclusion is not."""

    async def ended() -> list[dict[str, Any]]:
        nsis = await journey.machine("probation", "GET", f"/probation-case/{journey.crn}/nsis")
        return [one for one in _list(nsis, "nsis") if one["actualEndDate"]]

    await eventually(ended, "the end of both NSIs in Delius", until=lambda found: len(found) == 2)
    journey.owes("intervention.referral.ended")
    journey.step("the report is in Delius, and both NSIs are completed")


def _list(answer: Any, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer if isinstance(answer, list) else answer[name]
    return found
