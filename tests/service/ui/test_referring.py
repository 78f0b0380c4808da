"""Referrals of every kind, from the choice of a service to the confirmation, through the pages alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import httpx2
import pytest

from tests.service.interventions.journey import demo_intervention, ok, opened_case, signed_in
from tests.service.risks_and_needs.assessments import record
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, words
from tests.world import World, hidden_field
from throughcare.seeding.accounts import PRACTITIONERS

FIRST, MOST_PAGES = "the first that is offered", 60
YES, NO = "yes", "no"
ANSWERS: Mapping[str, Mapping[str, str | list[str]]] = {
    "MR-14": {
        "probation-practitioner-name": "Una Low", "probation-practitioner-roleOrJobTitle": "Key worker",
        "probation-practitioner-email": "una.low@justice.gov.uk", "location": "establishment", "prison-select": "LEI",
    },
    "MR-15": {"referral-creation-reason-before-allocation": "They leave prison soon"},
    "MR-16": {"prison-select": "LEI"},
    "MR-17": {"expected-release-date": YES, "release-date-day": "1", "release-date-month": "6",
              "release-date-year": "2024"},
    "MR-21": {"expected-probation-office": "Derby: Derwent Centre"},
    "MR-24": {"edit-risk-confirmation": YES},
    "MR-25": {"who-is-at-risk": "Neighbours", "confirm-understood": "understood"},
    "MR-26": {"needs-interpreter": YES, "interpreter-language": "Welsh", "has-additional-responsibilities": NO},
    "MR-27": {"service-category-ids": FIRST},
    "MR-28": {"relevant-sentence-id": FIRST},
    "MR-29": {"desired-outcomes-ids": FIRST},
    "MR-30": {"complexity-level-id": FIRST},
    "MR-31": {"maximum-enforceable-days": "10"},
    "MR-32": {"completion-deadline-day": "1", "completion-deadline-month": "Dec", "completion-deadline-year": "2024"},
    "MR-33": {"reason-for-referral": "Wants to work", "reason-for-referral-further-information": "Ring first"},
}  # fmt: skip


@dataclass
class Walk:
    """Somebody who answers what each page asks and goes where it leads; from the task list, to the next task."""

    visitor: Visitor
    answers: Mapping[str, Mapping[str, str | list[str]]]
    seen: list[str] = field(default_factory=list)

    async def to_the_end(self, path: str) -> httpx2.Response:
        """The confirmation."""
        for _ in range(MOST_PAGES):
            page = await self.visitor.get(path)
            assert page.status_code == 200, page.text
            self.seen.append(re.findall(r'data-page="([^"]+)"', page.text)[0])
            if self.seen[-1] == "MR-35":
                return page
            path = self.next_task(page) if self.seen[-1] == "MR-05" else await self.send(page)
        raise AssertionError(f"no end: {self.seen}")

    def next_task(self, page: httpx2.Response) -> str:
        """Where the task list says to go on, and back here from there if it is the check."""
        [path] = re.findall(r'href="([^"]+)">(?:Start|Go on) with', page.text)
        return str(path)

    async def send(self, page: httpx2.Response) -> str:
        """Where the page leads once its form is sent."""
        form = re.findall(r'<form method="post"([^>]*)>', page.text.partition("<main")[2])[0]
        action = "".join(re.findall(r'action="([^"]+)"', form)) or str(page.url)
        fields = {name: _offered(page, name, said) for name, said in self.answers.get(self.seen[-1], {}).items()}
        fields["request_id"] = hidden_field(page.text.partition("<main")[2], "request_id")
        answer = await self.visitor.send(page, action, fields)
        assert answer.status_code == 303, f"{self.seen[-1]}: {words(answer)}"
        return str(answer.headers["location"])


def _offered(page: httpx2.Response, name: str, said: str | list[str]) -> str | list[str]:
    if said != FIRST:
        return said
    inputs = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page.text)
    return unescape(re.findall(r'value="([^"]+)"', inputs[0])[0])


async def a_service(world: World, *, cohort: bool) -> dict[str, Any]:
    """A service of several types, or of one."""
    if not cohort:
        return await demo_intervention(world)
    every = ok(await (await signed_in(world, PRACTITIONERS[0].username)).get("/interventions"))
    return dict(next(one for one in every if len(one["serviceCategories"]) > 1))


BEGINNING = {"MR-01", "MR-01-person", "MR-02", "MR-05"}
PERSON, SERVICE = ["MR-23", "MR-24", "MR-25", "MR-26"], ["MR-28", "MR-29", "MR-30", "MR-31", "MR-32", "MR-33"]


@pytest.mark.parametrize(
    ("first", "pages", "kept", "cohort"),
    [
        ({"MR-02": {"community-allocated": YES}, "MR-03": {"current-location": "COMMUNITY"}},
         ["MR-03", "MR-06", *PERSON, *SERVICE], {"personCurrentLocationType": "COMMUNITY"}, False),
        ({"MR-02": {"community-allocated": YES}, "MR-03": {"current-location": "COMMUNITY"}},
         ["MR-03", "MR-06", *PERSON, "MR-27", *SERVICE], {"personCurrentLocationType": "COMMUNITY"}, True),
        ({"MR-02": {"community-allocated": YES}, "MR-03": {"current-location": "CUSTODY"}},
         ["MR-03", "MR-06", "MR-16", "MR-17", *PERSON, *SERVICE],
         {"personCurrentLocationType": "CUSTODY", "personCustodyPrisonId": "LEI", "expectedReleaseDate": "2024-06-01",
          "isReferralReleasingIn12Weeks": None}, False),
        ({"MR-02": {"community-allocated": NO}, "MR-04": {"prison-release": YES}},
         ["MR-04", "MR-14", "MR-15", "MR-16", "MR-17", "MR-21", *PERSON, *SERVICE],
         {"personCustodyPrisonId": "LEI", "isReferralReleasingIn12Weeks": True, "ppName": "Una Low",
          "expectedProbationOffice": "Derby: Derwent Centre"}, False),
        ({"MR-02": {"community-allocated": NO}, "MR-04": {"prison-release": NO}},
         ["MR-04", "MR-14", "MR-16", *PERSON, *SERVICE],
         {"personCustodyPrisonId": "LEI", "isReferralReleasingIn12Weeks": False, "expectedReleaseDate": None}, False),
    ],
    ids=["community", "community, several types", "before release", "before release, unallocated", "staying in prison"],
)  # fmt: skip
async def test_a_referral_is_made_through_the_pages_alone(
    world: World, services: Switchboard, practitioner: Visitor, first: dict[str, dict[str, str]],
    pages: Sequence[str], kept: dict[str, object], cohort: bool,
) -> None:  # fmt: skip
    case, service = await opened_case(world), await a_service(world, cohort=cohort)
    await record(world, case.crn)
    walk = Walk(practitioner, {**ANSWERS, **first, "MR-01": {"service-user-crn": case.crn.lower()}})
    shown = await walk.to_the_end(f"/intervention/{service['id']}/refer")
    asked = [one for one in dict.fromkeys(walk.seen) if one not in BEGINNING]
    assert asked == [*pages, "MR-34", "MR-35"]
    case.referral_id = str(shown.url).split("/")[-2]
    referral = await case.referral()
    assert referral["referenceNumber"] in words(shown)
    sent = referral["referral"]
    assert {name: sent[name] for name in kept} == kept
    assert (sent["serviceUser"]["firstName"], sent["needsInterpreter"], sent["interpreterLanguage"]) == (
        "Jo", True, "Welsh",
    )  # fmt: skip
    assert (sent["maximumEnforceableDays"], sent["completionDeadline"]) == (10, "2024-12-01")
    again = await practitioner.send(shown, f"/referrals/{case.referral_id}/send")
    assert again.headers["location"] == f"/referrals/{case.referral_id}/confirmation"
    assert (await case.event_types(), len(await case.nsis())) == (["referral.sent"], 1)
    details = await practitioner.get(f"/probation-practitioner/referrals/{case.referral_id}/details")
    for said in ("Neighbours", "Wants to work", "Ring first", "Welsh"):
        assert said in words(details)
