"""Contracts are onboarded from files: looked at first, file by file, on the record, and for good."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from tests.service.interventions.journey import (
    CASEWORKER,
    PRACTITIONER,
    Json,
    choose_level_and_outcome,
    mails,
    ok,
    opened_case,
    ready_draft,
    refused,
    signed_in,
    whole_draft,
)
from tests.world import World
from throughcare.seeding.accounts import DEMO_CONTRACT
from throughcare.services.interventions.catalogue.usecases import load_reference_data

ROLE = "ROLE_INTERVENTIONS__CONTRACTS__RW"
PATH = "/contract-onboardings"
NEW_TYPE = {
    "contract_type": "Gardening", "contract_code": "GAR", "service_category": "Gardening",
    "desired_outcomes": ["Grows something", "Keeps at it", "Grows something"],
    "complexity_levels": [
        {"severity": "HIGH", "description": "Has never held a spade"},
        {"severity": "LOW", "description": "Has a garden"},
    ],
}  # fmt: skip


def terms(reference: str, changes: Json) -> Json:
    """What a file says of a contract of the demonstration's prime provider and type; dots lead inside."""
    body: Json = {
        "internal_contract_id": str(uuid5(NAMESPACE_URL, f"contract {reference}")), "contract_reference": reference,
        "contract_type_id": "ETE", "incoming_distribution_email": "inbox@provider.example.test",
        "region": {"nps_region_code": None, "pcc_region_code": "cleveland"},
        "eligibility": {"allows_female": True, "allows_male": False, "minimum_age": 18, "maximum_age": 25},
        "scheduling": {"hide_before": "2024-01-01", "hide_after": "2031-01-01T12:00:00+00"},
        "providers": {"prime_provider_code": "ACHIEVE_NW", "subcontractor_codes": ["ADVANCE_CHARITY"]},
        "internal_intervention_id": str(uuid5(NAMESPACE_URL, f"intervention {reference}")),
        "intervention_title": f"Work with {reference}", "short_description": "Finds work.",
        "activities": [
            {"need_area": "ETE", "activity": "Interviews", "delivery_method": "Group", "delivery_location": "Redcar"},
            {"need_area": "ETE", "activity": "A CV", "delivery_method": "Group", "delivery_location": "Redcar"},
            {"need_area": "ETE", "activity": "A CV", "delivery_method": "Group", "delivery_location": "Redcar"},
            {"need_area": "ETE", "activity": "A CV", "delivery_method": "", "delivery_location": "Online"},
        ],
    }  # fmt: skip
    for path, value in changes.items():
        *parents, last = path.split(".")
        inside = body
        for one in parents:
            inside = inside[one]
        inside[last] = value
    return body


def file(reference: str, changes: Json | None = None) -> Json:
    """A file as a request carries it."""
    return {"name": f"{reference}.json", "text": json.dumps(terms(reference, changes or {}))}


async def onboard(world: World, *files: Json, go: bool = True, **others: Any) -> Json:
    client = await world.client("interventions", roles=[ROLE])
    body = {"contracts": files, "dryRun": not go, **{name: json.dumps(value) for name, value in others.items()}}
    answer: Json = ok(await client.post(PATH, json=body))
    return answer


async def record(world: World) -> list[Json]:
    found: list[Json] = ok(await (await world.client("interventions", roles=[ROLE])).get(PATH))
    return found


async def finder(world: World) -> dict[str, Json]:
    """What the finder offers, by title."""
    client = await signed_in(world, PRACTITIONER.username)
    return {one["title"]: one for one in ok(await client.get("/interventions"))}


def names(answer: Json, kind: str) -> list[str]:
    return [one["name"] for one in answer["created"] if one["kind"] == kind]


async def test_a_dry_run_says_what_would_be_created_and_changes_nothing(world: World) -> None:
    before = await record(world)
    answer = await onboard(
        world, file("DRY_1", {"contract_type_id": "DRY", "providers.prime_provider_code": "DRY_LTD"}), go=False,
        providers=[{"code": "DRY_LTD", "name": "Dry Ltd"}], contractDetails=[NEW_TYPE | {"contract_code": "DRY"}],
    )  # fmt: skip
    assert answer["id"] is None
    assert [(one["kind"], one["name"]) for one in answer["created"]] == [
        ("provider", "DRY_LTD"), ("contract type", "DRY"), ("contract", "DRY_1"),
    ]  # fmt: skip
    assert answer["created"][2]["holds"]["scheduling.hide_after"] == "2031-01-01T12:00:00+00:00"
    assert (answer["changed"], answer["refused"]) == ([], [])
    assert "Work with DRY_1" not in await finder(world)
    assert await record(world) == before
    assert await world.fetch("select 1 from interventions.service_provider where id = 'DRY_LTD'") == []


async def test_what_is_onboarded_can_be_found_and_referred_to_at_once(world: World) -> None:
    one = file("NEW_1", {"contract_type_id": "GAR", "providers.subcontractor_codes": ["NEW_SUB", "ADVANCE_CHARITY"]})
    providers = [{"code": "NEW_SUB", "name": "New Sub Ltd"}, {"code": "ACHIEVE_NW", "name": "Another name"}]
    answer = await onboard(world, one, providers=providers, contractDetails=[NEW_TYPE])
    assert (names(answer, "provider"), names(answer, "contract type"), names(answer, "contract")) == (
        ["NEW_SUB"], ["GAR"], ["NEW_1"],
    )  # fmt: skip
    assert [(skip["name"], "stays Achieve NW" in skip["why"]) for skip in answer["skipped"]] == [("ACHIEVE_NW", True)]
    shown = (await finder(world))["Work with NEW_1"]
    assert shown["id"] == str(uuid5(NAMESPACE_URL, "intervention NEW_1"))
    assert shown["serviceProvider"]["name"] == "Achieve NW (Career Connect)"
    assert shown["incomingReferralDistributionEmail"] == "inbox@provider.example.test"
    assert shown["eligibility"] == {"minimumAge": 18, "maximumAge": 25, "allowsFemale": True, "allowsMale": False}
    assert [region["id"] for region in shown["pccRegions"]] == ["cleveland"]
    assert shown["description"] == (
        "Finds work.\n\nActivities\n\nETE (Online)\n\u2022 A CV\n\nETE (Group; Redcar)\n\u2022 A CV\n\u2022 Interviews"
    )
    category = shown["serviceCategories"][0]
    assert [level["title"] for level in category["complexityLevels"]] == ["Low complexity", "High complexity"]
    assert sorted(outcome["description"] for outcome in category["desiredOutcomes"]) == [
        "Grows something", "Keeps at it",
    ]  # fmt: skip
    journey = await opened_case(world)
    draft = {"serviceUserCrn": journey.crn, "interventionId": shown["id"]}
    made = ok(await journey.as_practitioner("POST", "/draft-referral", json=draft), 201)
    assert made["serviceCategoryIds"] == [category["id"]]


async def test_an_onboarding_is_on_record_with_files_and_differences(world: World) -> None:
    one, begun = file("RECORD_1"), world.clock.now()
    done = await onboard(world, one)
    kept = (await record(world))[0]
    assert kept["id"] == done["id"]
    assert kept["files"]["RECORD_1.json"] == hashlib.sha256(one["text"].encode()).hexdigest()
    assert kept["files"].keys() == {"RECORD_1.json", "providers.json", "contractDetails.json"}
    assert (kept["created"], kept["changed"]) == (done["created"], [])
    assert kept["carriedOutBy"].startswith("test-client")
    assert begun <= datetime.fromisoformat(kept["carriedOutAt"]) <= world.clock.now()
    again = await onboard(world, one)
    assert (again["id"], again["created"], again["changed"], again["unchanged"]) == (None, [], [], ["RECORD_1"])
    assert (await record(world))[0]["id"] == done["id"]


async def test_of_a_contract_that_is_there_only_five_fields_change(world: World) -> None:
    await onboard(world, file("FIVE_1"))
    changes: dict[str, Any] = {
        "internal_contract_id": str(uuid5(NAMESPACE_URL, "else")), "contract_type_id": "ACC",
        "incoming_distribution_email": "else@provider.example.test", "region.pcc_region_code": "durham",
        "eligibility.allows_male": True, "eligibility.minimum_age": 21, "eligibility.maximum_age": None,
        "providers.prime_provider_code": "WOMEN_IN_PRISON",
        "scheduling.hide_before": "2024-02-01", "scheduling.hide_after": None,
        "providers.subcontractor_codes": [], "intervention_title": "Five", "short_description": "Changed.",
        "activities": None,
    }  # fmt: skip
    answer = await onboard(world, file("FIVE_1", changes))
    assert {one["field"]: (one["old"], one["new"]) for one in answer["changed"] if one["field"] != "description"} == {
        "scheduling.hide_before": ("2024-01-01", "2024-02-01"),
        "scheduling.hide_after": ("2031-01-01T12:00:00+00:00", "2100-12-31T00:00:00+00:00"),
        "providers.subcontractor_codes": (["ADVANCE_CHARITY"], []),
        "intervention_title": ("Work with FIVE_1", "Five"),
    }
    assert [one["new"] for one in answer["changed"] if one["field"] == "description"] == ["Changed."]
    assert [one["why"].split()[0] for one in answer["skipped"]] == [
        "contract_type_id", "incoming_distribution_email", "region.pcc_region_code", "eligibility.allows_male",
        "eligibility.minimum_age", "eligibility.maximum_age", "providers.prime_provider_code",
    ]  # fmt: skip
    shown = (await finder(world))["Five"]
    assert (shown["description"], shown["contractType"]["code"], shown["serviceProvider"]["id"]) == (
        "Changed.", "ETE", "ACHIEVE_NW",
    )  # fmt: skip
    assert shown["incomingReferralDistributionEmail"] == "inbox@provider.example.test"
    assert shown["eligibility"] == {"minimumAge": 18, "maximumAge": 25, "allowsFemale": True, "allowsMale": False}


async def test_a_contract_without_a_mailbox_gets_the_central_one(world: World) -> None:
    await onboard(world, file("BOX_1", {"incoming_distribution_email": None, "scheduling.hide_after": None}))
    shown = (await finder(world))["Work with BOX_1"]
    assert shown["incomingReferralDistributionEmail"] == "referrals@interventions.example.test"
    again = await onboard(world, file("BOX_1", {"incoming_distribution_email": None, "scheduling.hide_after": None}))
    assert (again["skipped"], again["unchanged"]) == ([], ["BOX_1"])


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"contract_type_id": "NONE"}, {"contract_type_id"}),
        ({"region.nps_region_code": "A"}, {"region"}),
        ({"region.pcc_region_code": None}, {"region"}),
        ({"region.pcc_region_code": "nowhere"}, {"region.pcc_region_code"}),
        ({"region.nps_region_code": "Z", "region.pcc_region_code": None}, {"region.nps_region_code"}),
        (
            {"providers.prime_provider_code": "NOBODY", "providers.subcontractor_codes": ["NO_ONE"]},
            {"providers.prime_provider_code", "providers.subcontractor_codes"},
        ),
        (
            {
                "internal_contract_id": str(uuid5(NAMESPACE_URL, "contract TAKEN_1")),
                "internal_intervention_id": str(uuid5(NAMESPACE_URL, "intervention TAKEN_1")),
            },
            {"internal_contract_id", "internal_intervention_id"},
        ),
        (
            {
                "contract_reference": "with spaces", "internal_contract_id": "1", "hide_befor": "2024-01-01",
                "scheduling": {"hide_before": "soon", "hide_after": "2031-01-01T12:00:00"}, "intervention_title": " ",
                "eligibility.minimum_age": "18", "eligibility.allows_male": "perhaps", "short_description": "\x00",
                "incoming_distribution_email": "nobody", "providers": {"subcontractor_codes": "ADVANCE_CHARITY"},
            },
            {
                "contract_reference", "internal_contract_id", "hide_befor", "scheduling.hide_before",
                "scheduling.hide_after", "intervention_title", "eligibility.minimum_age", "eligibility.allows_male",
                "short_description", "incoming_distribution_email", "providers.prime_provider_code",
                "providers.subcontractor_codes",
            },
        ),
        ({"eligibility.minimum_age": 30}, {"eligibility"}),
        ({"scheduling.hide_after": "9999-12-31T23:59:59-14:00"}, {"scheduling.hide_after"}),
    ],
)  # fmt: skip
async def test_a_file_with_faults_is_refused_with_every_one_and_the_others_go_on(
    world: World, changes: Json, wrong: set[str]
) -> None:
    await onboard(world, file("TAKEN_1"))
    good = f"GOOD_{hashlib.sha256(repr(changes).encode()).hexdigest()[:8]}"
    answer = await onboard(world, file("BAD_1", changes), file(good))
    assert [one["file"] for one in answer["refused"]] == ["BAD_1.json"]
    assert {one["field"] for one in answer["refused"][0]["wrong"]} == wrong
    assert names(answer, "contract") == [good]
    offered = await finder(world)
    assert (f"Work with {good}" in offered, "Work with BAD_1" in offered) == (True, False)


async def test_a_contract_that_is_there_keeps_everything_when_its_file_has_a_fault(world: World) -> None:
    await onboard(world, file("KEEP_1"))
    broken = file("KEEP_1", {"intervention_title": "Changed", "providers.subcontractor_codes": ["NO_ONE"]})
    answer = await onboard(world, broken)
    assert [(one["contract"], one["wrong"][0]["field"]) for one in answer["refused"]] == [
        ("KEEP_1", "providers.subcontractor_codes")
    ]
    assert "Work with KEEP_1" in await finder(world)


async def test_files_that_claim_the_same_contract_are_all_refused(world: World) -> None:
    answer = await onboard(world, file("SAME_1"), {**file("SAME_1"), "name": "copy.json"}, file("SAME_2"))
    assert [one["file"] for one in answer["refused"]] == ["SAME_1.json", "copy.json"]
    assert {one["field"] for one in answer["refused"][0]["wrong"]} == {
        "contract_reference", "internal_contract_id", "internal_intervention_id",
    }  # fmt: skip
    assert names(answer, "contract") == ["SAME_2"]


async def test_a_file_that_is_not_json_is_refused_with_the_place(world: World) -> None:
    answer = await onboard(world, {"name": "cut.json", "text": '{"contract_reference": "X",\n'}, go=False)
    assert (answer["refused"][0]["file"], answer["refused"][0]["contract"]) == ("cut.json", None)
    assert "line 2" in answer["refused"][0]["wrong"][0]["message"]


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ({"providers": [{"code": "small"}, {"code": "A", "name": " "}]}, ["0.code", "0.name", "1.name"]),
        ({"providers": [{"code": "A", "name": "A"}, {"code": "A", "name": "B"}]}, ["A: there more than once"]),
        ({"contractDetails": [{**NEW_TYPE, "desired_outcomes": []}]}, ["0.desired_outcomes"]),
        ({"contractDetails": [{**NEW_TYPE, "complexity_levels": NEW_TYPE["complexity_levels"] * 2}]}, ["twice"]),  # type: ignore[operator]
        ({"contractDetails": [NEW_TYPE, NEW_TYPE]}, ["GAR: there more than once"]),
    ],
)
async def test_a_malformed_list_of_providers_or_types_refuses_the_whole(
    world: World, others: Json, said: list[str]
) -> None:
    client = await world.client("interventions", roles=[ROLE])
    body = {"contracts": [file("WHOLE_1")], "dryRun": False}
    reply = await client.post(PATH, json=body | {name: json.dumps(value) for name, value in others.items()})
    message = refused(reply, 400, "FILE_MALFORMED")["message"]
    assert [one for one in said if one not in message] == []
    assert "Work with WHOLE_1" not in await finder(world)


async def test_what_was_onboarded_stays_when_the_packaged_data_is_loaded_anew(world: World) -> None:
    kind = NEW_TYPE | {"contract_code": "STAY"}
    demonstration = file(DEMO_CONTRACT, {"intervention_title": "Renamed", "region.pcc_region_code": "cleveland"})
    await onboard(world, file("STAY_1", {"contract_type_id": "STAY"}), demonstration, contractDetails=[kind])
    before = await finder(world)
    await world.fetch("update interventions.reference_version set digest = 'another'")
    assert set((await load_reference_data(world.context("interventions").uow)).values()) == {0}
    after = await finder(world)
    assert after == before
    assert after["Work with STAY_1"]["serviceCategories"] != []
    assert after["Renamed"]["serviceProvider"]["id"] == "ACHIEVE_NW"
    links = await world.fetch(
        "select s.service_provider_id as id from interventions.contract_subcontractor s"
        " join interventions.dynamic_framework_contract c on c.id = s.contract_id where c.contract_reference = $1",
        DEMO_CONTRACT,
    )
    assert [row["id"] for row in links] == ["ADVANCE_CHARITY"]


async def test_a_contract_takes_referrals_from_its_first_day_in_london_until_its_end_and_at_no_other_time(
    world: World,
) -> None:
    begun, year = world.clock.now(), world.clock.today().year + 1
    dates = {"scheduling.hide_before": f"{year}-06-10", "scheduling.hide_after": f"{year}-06-20T12:00:00+01:00"}
    await onboard(world, file("TIME_1", dates))
    path = f"/intervention/{uuid5(NAMESPACE_URL, 'intervention TIME_1')}"
    journey = await opened_case(world)

    async def referable_at(moment: datetime) -> bool:
        world.clock.set(moment)
        open_now = "Work with TIME_1" in await finder(world)
        ok(await journey.as_practitioner("GET", path))
        shown = await journey.as_practitioner("GET", path, params={"checkEndDate": "true"})
        body = {"serviceUserCrn": journey.crn, "interventionId": path.removeprefix("/intervention/")}
        drafted = await journey.as_practitioner("POST", "/draft-referral", json=body)
        if not open_now:
            refused(shown, 410, "INTERVENTION_CLOSED")
            refused(drafted, 410, "INTERVENTION_CLOSED")
        assert (shown.is_success, drafted.is_success) == (open_now, open_now), drafted.text
        return open_now

    moments = [datetime(year, 6, day, hour, 59, 59, tzinfo=UTC) for day, hour in ((9, 22), (9, 23), (20, 10), (20, 11))]
    assert [await referable_at(one) for one in moments] == [False, True, True, False]
    world.clock.set(begun)


async def test_a_draft_cannot_be_sent_once_its_contract_takes_no_referrals(world: World) -> None:
    journey = await ready_draft(world)
    end = world.clock.now() + timedelta(hours=1)
    whole = {"scheduling.hide_after": end.isoformat(), "intervention_title": journey.intervention["title"]}
    await onboard(world, file(DEMO_CONTRACT, whole))
    world.clock.set(end + timedelta(seconds=1))
    reply = await journey.as_practitioner("POST", f"/draft-referral/{journey.referral_id}/send")
    refused(reply, 410, "INTERVENTION_CLOSED")
    assert await journey.nsis() == []
    ok(await journey.as_practitioner("GET", f"/draft-referral/{journey.referral_id}"))
    await onboard(world, file(DEMO_CONTRACT, {**whole, "scheduling.hide_after": None}))
    ok(await journey.as_practitioner("POST", f"/draft-referral/{journey.referral_id}/send"), 201)


async def test_a_referral_under_an_onboarded_contract_of_a_new_regional_type_is_sent(world: World) -> None:
    kind = NEW_TYPE | {"contract_code": "FBD-Z", "contract_type": "Finance, Benefit and Debt (Zealand)"}
    await onboard(world, file("SEND_1", {"contract_type_id": "FBD-Z"}), contractDetails=[kind])
    journey = await opened_case(world)
    journey.intervention = (await finder(world))["Work with SEND_1"]
    draft = {"serviceUserCrn": journey.crn, "interventionId": journey.intervention["id"]}
    journey.referral_id = ok(await journey.as_practitioner("POST", "/draft-referral", json=draft), 201)["id"]
    path = f"/draft-referral/{journey.referral_id}"
    ok(await journey.as_practitioner("PATCH", path, json=whole_draft(journey.sentence_id, world)))
    await choose_level_and_outcome(journey)
    sent = ok(await journey.as_practitioner("POST", f"{path}/send"), 201)
    assert sent["referenceNumber"].endswith("FI")
    assert [one["nsiType"]["code"] for one in await journey.nsis()] == ["CRS08"]
    await world.drain()
    assert len(await mails(world, to="inbox@provider.example.test")) == 1


async def test_who_onboards_the_same_at_the_same_time_finds_it_there(world: World) -> None:
    both = await asyncio.gather(*(onboard(world, file("RACE_1")) for _ in range(2)))
    assert sorted(names(one, "contract") for one in both) == [[], ["RACE_1"]]
    assert sorted(one["unchanged"] for one in both) == [[], ["RACE_1"]]


async def test_all_contracts_that_there_are_come_in_one_order(world: World) -> None:
    files = [file(f"MANY_{n}", {"short_description": "Long. " * 1200}) for n in range(200)]
    answer = await onboard(world, *files, go=False)
    assert len(names(answer, "contract")) == 200


async def test_only_who_keeps_contracts_may_onboard(world: World) -> None:
    for client in (
        await world.client("interventions", roles=["ROLE_INTERVENTIONS_API_READ_ALL"]),
        await signed_in(world, CASEWORKER.username),
    ):
        refused(await client.post(PATH, json={"contracts": []}), 403, "ROLE_MISSING")
        refused(await client.get(PATH), 403, "ROLE_MISSING")
