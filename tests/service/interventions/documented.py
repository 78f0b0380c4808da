"""Requests made up from the service's OpenAPI document: is each answered as the document says?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx2
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.service.interventions.journey import (
    CASEWORKER,
    PRACTITIONER,
    READ_ALL,
    Journey,
    Json,
    concluded_referral,
    delivered_referral,
    drafted_plan,
    drafted_report,
    ok,
    ready_draft,
    signed_in,
)
from tests.world import World
from throughcare.seeding.accounts import DEMO_CONTRACT

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
MACHINE = (
    READ_ALL, "ROLE_INTERVENTIONS_REFER_AND_MONITOR", "ROLE_SAS_RM__REFERRAL_RO", "ROLE_SAR_DATA_ACCESS",
    "ROLE_INTERVENTIONS__EXTRACTS__RO", "ROLE_INTERVENTIONS__CONTRACTS__RW",
)  # fmt: skip
MAY_BE_EMPTY = ("/intervention/prisoner/details/{crn}",)  # so that nothing known is a success, as callers expect
LIKELY = 0.8


@dataclass
class Trial:
    """Made-up requests in one world; ``asked`` counts the answers by status, ``wrong`` tells the differences."""

    world: World
    chance: Random
    asked: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    async def run(self, examples: int, *, every_actor: bool) -> None:
        """Ask ``examples`` right and as many wrong requests of each operation, as every kind of actor or as one."""
        known = [await _known(journey) for journey in await _referrals(self.world)]
        actors: Mapping[str, httpx2.AsyncClient] = {
            "practitioner": await signed_in(self.world, PRACTITIONER.username),
            "provider": await signed_in(self.world, CASEWORKER.username),
            "client": await self.world.client("interventions", roles=MACHINE),
        }
        document = ok(await actors["client"].get("/v3/api-docs"))
        for found in openapi.from_dict(document).get_all_operations():
            assert isinstance(found, Ok)
            operation = found.ok()
            for mode in GenerationMode:
                for case in _made_up(operation, mode, examples):
                    for name in actors if every_actor else [self.chance.choice([*actors])]:
                        self._make_real(case, self.chance.choice(known))
                        await self._ask(name, actors[name], case)

    def _make_real(self, case: Case[Any], known: Json) -> None:
        """Put what there is in place of most made-up identifiers."""
        for name in case.path_parameters or {}:
            if name in known and self.chance.random() < LIKELY:
                case.path_parameters[name] = known[name]
        if isinstance(case.body, dict):
            for name in case.body:
                if name in known and self.chance.random() < LIKELY:
                    case.body[name] = known[name]

    async def _ask(self, actor: str, client: httpx2.AsyncClient, case: Case[Any]) -> None:
        options = case.as_transport_kwargs(base_url=str(client.base_url).rstrip("/"))
        headers = {name: text for name, text in options.pop("headers").items() if name.lower() != "authorization"}
        options.pop("cookies", None)
        if "data" in options:
            options["content"] = options.pop("data")
        reply = await client.request(headers=headers, **options)
        self.asked[reply.status_code] += 1
        if case.path in MAY_BE_EMPTY and reply.status_code == 200 and not reply.content:
            return
        try:
            case.validate_response(reply, checks=CHECKS)
        except (FailureGroup, Failure) as group:
            several = group.exceptions if isinstance(group, FailureGroup) else [group]
            sent = f"{options.get('params') or ''} {options.get('json', options.get('content', ''))}"[:600]
            for one in several:
                self.wrong.append(f"{actor} {case.method} {options['url']} {sent}: {reply.status_code} {one}")


def _made_up(operation: Any, mode: GenerationMode, examples: int) -> Sequence[Case[Any]]:
    made: list[Case[Any]] = []

    @settings(
        max_examples=examples, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(operation.as_strategy(mode))
    def collect(case: Case[Any]) -> None:
        made.append(case)

    collect()
    return made


async def _referrals(world: World) -> list[Journey]:
    return [await ready_draft(world), await concluded_referral(world), await delivered_referral(world, 1)]


async def _known(journey: Journey) -> Json:
    """Identifiers that there are, under the names of parameters and fields."""
    category = journey.intervention["serviceCategories"][0]
    path = f"/service-category/{category['id']}/contract-reference/{DEMO_CONTRACT}"
    offered = ok(await journey.as_practitioner("GET", path))
    level, outcome = offered["complexityLevels"][0]["id"], offered["desiredOutcomes"][0]["id"]
    known: Json = {
        "referral_id": journey.referral_id, "draft_id": journey.referral_id, "crn": journey.crn,
        "intervention_id": journey.intervention["id"], "category_id": category["id"],
        "service_category_id": category["id"], "contract_reference": DEMO_CONTRACT, "session_number": 1,
        "referralId": journey.referral_id, "serviceUserCrn": journey.crn, "interventionId": journey.intervention["id"],
        "serviceCategoryId": category["id"], "complexityLevelId": level, "desiredOutcomesIds": [outcome],
        "desiredOutcomeId": outcome,
    }  # fmt: skip
    if not journey.plan_id:
        return known
    known["action_plan_id"] = known["plan_id"] = await drafted_plan(journey, 1)
    known["assessment_id"] = (await journey.assessment())["id"]
    known["appointment_id"] = (await journey.session(1))["appointmentId"]
    known["report_id"] = await drafted_report(journey)
    note = {"referralId": journey.referral_id, "subject": "News", "body": "All is well"}
    known["note_id"] = ok(await journey.as_practitioner("POST", "/case-note", json=note))["id"]
    return known
