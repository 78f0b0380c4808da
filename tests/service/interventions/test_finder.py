"""The finder and reference data, through their doors."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from tests.service.interventions.journey import CASEWORKER, PRACTITIONER, READ_ALL, ok, refused, signed_in
from tests.world import World
from throughcare.seeding.accounts import DEMO_CONTRACT
from throughcare.services.interventions.catalogue.usecases import load_reference_data

ETE = "ca374ac3-84eb-4b91-bea7-9005398f426f"


async def test_the_finder_offers_what_takes_referrals_today(world: World) -> None:
    client = await signed_in(world, PRACTITIONER.username)
    found = ok(await client.get("/interventions"))
    assert "CLI - Peer Support" in {one["title"] for one in found}
    assert "Women's Services for London (north)" not in {one["title"] for one in found}, "closed in 2022"
    assert [one["title"] for one in found] == sorted(one["title"] for one in found)


async def test_an_intervention_is_shown_with_all_that_a_practitioner_needs(world: World) -> None:
    client = await signed_in(world, PRACTITIONER.username)
    found = ok(await client.get("/interventions", params={"pccRegionIds": "greater-manchester"}))
    shown = next(one for one in found if one["title"] == "GM - ETE")
    assert shown == ok(await client.get(f"/intervention/{shown['id']}"))
    assert shown["npsRegion"] == {"id": "L", "name": "Greater Manchester"}
    assert [one["id"] for one in shown["pccRegions"]] == ["greater-manchester"]
    assert shown["serviceProvider"] == {"name": "Achieve NW (Career Connect)", "id": "ACHIEVE_NW"}
    assert shown["eligibility"] == {
        "minimumAge": 18, "maximumAge": None, "allowsFemale": True, "allowsMale": True,
    }  # fmt: skip
    assert shown["contractType"] == {"code": "ETE", "name": "Education, Training and Employment (ETE)"}
    assert shown["incomingReferralDistributionEmail"] == f"referrals.{DEMO_CONTRACT}@provider.example.test"
    levels = shown["serviceCategories"][0]["complexityLevels"]
    assert [one["title"] for one in levels] == ["Low complexity", "Medium complexity", "High complexity"]


async def test_filters_narrow_the_finder_together(world: World) -> None:
    client = await signed_in(world, PRACTITIONER.username)
    women = ok(await client.get("/interventions", params={"allowsMale": "false"}))
    assert women
    assert not any(one["eligibility"]["allowsMale"] for one in women)
    several = {"pccRegionIds": ["cleveland", "durham"], "allowsMale": "false"}
    northern = ok(await client.get("/interventions", params=several))
    assert 0 < len(northern) < len(women)
    assert {one["npsRegion"]["id"] if one["npsRegion"] else one["pccRegions"][0]["id"] for one in northern} <= {
        "A",
        "cleveland",
        "durham",
    }


async def test_a_closed_intervention_is_shown_but_gone_when_it_must_be_open(world: World) -> None:
    machine = await world.client("interventions", roles=[READ_ALL])
    rows = await world.fetch(
        "select id from interventions.intervention where title = 'Women''s Services for London (north)'"
    )
    path = f"/intervention/{rows[0]['id']}"
    assert ok(await machine.get(path))["contractType"]["code"] == "WOS"
    refused(await machine.get(path, params={"checkEndDate": "true"}), 410, "INTERVENTION_CLOSED")


async def test_unknown_records_are_not_found_each_with_its_code(world: World) -> None:
    client = await signed_in(world, PRACTITIONER.username)
    refused(await client.get(f"/intervention/{uuid4()}"), 404, "INTERVENTION_NOT_FOUND")
    refused(await client.get(f"/service-category/{uuid4()}"), 404, "CATEGORY_NOT_FOUND")
    refused(await client.get(f"/service-category/{uuid4()}/contract-reference/X"), 404, "CATEGORY_NOT_FOUND")


async def test_a_wrong_type_an_unknown_address_and_a_wrong_method_are_client_errors(world: World) -> None:
    client = await signed_in(world, PRACTITIONER.username)
    assert (await client.get("/intervention/not-an-id")).status_code == 400
    assert (await client.get("/interventions", params={"allowsMale": "perhaps"})).status_code == 400
    assert (await client.get("/nowhere")).status_code == 404
    assert (await client.delete("/interventions")).status_code == 405
    unreadable = await client.post(
        "/draft-referral", content=b'{"serviceUserCrn":', headers={"Content-Type": "application/json"}
    )
    assert unreadable.status_code == 400


async def test_a_category_for_a_contract_leaves_out_what_is_deprecated_or_hidden(world: World) -> None:
    client = await signed_in(world, CASEWORKER.username)
    everything = ok(await client.get(f"/service-category/{ETE}"))["desiredOutcomes"]
    assert len(everything) == 7
    world.clock.set(datetime(2025, 4, 2, 22, tzinfo=UTC))
    client = await signed_in(world, CASEWORKER.username)
    path = f"/service-category/{ETE}/contract-reference/{DEMO_CONTRACT}"
    assert len(ok(await client.get(path))["desiredOutcomes"]) == 7
    world.clock.set(datetime(2025, 4, 3, 12, tzinfo=UTC))
    client = await signed_in(world, CASEWORKER.username)
    assert len(ok(await client.get(path))["desiredOutcomes"]) == 3


async def test_regions_and_reasons_are_listed(world: World) -> None:
    client = await signed_in(world, CASEWORKER.username)
    regions = ok(await client.get("/pcc-regions"))
    assert len(regions) == 42
    cleveland = {"id": "cleveland", "name": "Cleveland", "npsRegion": {"id": "A", "name": "North East"}}
    assert cleveland in regions
    withdrawals = ok(await client.get("/referral-withdrawal-reasons"))
    assert len(withdrawals) == 13
    assert {one["grouping"] for one in withdrawals} == {"problem", "user", "sentence", "early", "other"}
    assert len(ok(await client.get("/referral-cancellation-reasons"))) == 10


async def test_a_provider_sees_the_interventions_of_their_contracts(world: World) -> None:
    client = await signed_in(world, CASEWORKER.username)
    assert [one["title"] for one in ok(await client.get("/my-interventions"))] == ["GM - ETE"]
    practitioner = await signed_in(world, PRACTITIONER.username)
    body = refused(await practitioner.get("/my-interventions"), 403, "SP_ONLY")
    assert (body["error"], body["accessErrorCodes"]) == ("access error", ["SP_ONLY"])


async def test_loading_the_same_reference_data_again_changes_nothing(world: World) -> None:
    assert await load_reference_data(world.context("interventions").uow) == {}


async def test_loading_mends_only_what_differs_and_deletes_no_record(world: World) -> None:
    await world.fetch("update interventions.service_provider set name = 'Changed' where id = 'ACHIEVE_NW'")
    await world.fetch("insert into interventions.service_provider values ('KEPT', 'Kept Ltd')")
    await world.fetch(
        "insert into interventions.contract_subcontractor select id, 'KEPT' "
        "from interventions.dynamic_framework_contract where contract_reference = 'DN535743'"
    )
    await world.fetch("update interventions.reference_version set digest = 'another'")
    changed = await load_reference_data(world.context("interventions").uow)
    assert {name: count for name, count in changed.items() if count} == {
        "service_provider": 1,
        "contract_subcontractor": 1,
    }
    rows = await world.fetch("select name from interventions.service_provider where id in ('KEPT', 'ACHIEVE_NW')")
    assert {row["name"] for row in rows} == {"Kept Ltd", "Achieve NW (Career Connect)"}
