"""Keepers of contracts, and administrators, work from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Ask
from tests.service.interventions.journey import booked_assessment, sent_referral
from tests.service.interventions.test_onboarding import finder, record, terms
from tests.service.interventions.test_transfers import contract_like
from tests.world import World
from throughcare.seeding.accounts import DEMO_CONTRACT


async def test_referrals_are_moved_once_somebody_says_go(ask: Ask, world: World) -> None:
    journey = await sent_referral(world)
    reference, target = (await journey.referral())["referenceNumber"], await contract_like(world, "ETE")
    command = ("transfer", DEMO_CONTRACT, target, reference, "--reason", "New provider")
    looked = await ask(*command)
    assert (looked.code, reference in looked.out, "--go" in looked.out) == (0, True, True), looked.err
    assert (await journey.referral())["interventionId"] == journey.intervention["id"]
    done = await ask(*command, "--go")
    assert (done.code, f"moved to {target}" in done.out) == (0, True), done.err
    again = await ask(*command, "--go")
    assert (again.code, again.out) == (1, "")
    assert f"{reference} is not under {DEMO_CONTRACT}" in again.err


def written(folder: Path, *contracts: dict[str, object]) -> str:
    """A folder with the files of an onboarding that adds a provider."""
    (folder / "contracts").mkdir(parents=True, exist_ok=True)
    (folder / "providers.json").write_text('[{"code": "CLI_LTD", "name": "Command Ltd"}]')
    (folder / "contractDetails.json").write_text("[]")
    for one in contracts:
        (folder / "contracts" / f"{one['contract_reference']}.json").write_text(json.dumps(one))
    return str(folder)


async def test_contracts_are_onboarded_once_somebody_says_go(ask: Ask, world: World, tmp_path: Path) -> None:
    offer = {"providers.prime_provider_code": "CLI_LTD", "intervention_title": "Commanded"}
    folder = written(tmp_path / "files", terms("CLI_1", offer))
    looked = await ask("onboard", folder, "--dry-run")
    assert (looked.code, "provider CLI_LTD" in looked.out, "--go" in looked.out) == (0, True, True), looked.err
    assert "Commanded" not in await finder(world)
    done = await ask("onboard", folder, "--go")
    assert (done.code, (await record(world))[0]["id"] in done.out) == (0, True), done.err
    assert "Commanded" in await finder(world)
    changed = {**offer, "scheduling.hide_before": "2024-02-01", "short_description": "Else.\nMore."}
    written(tmp_path / "files", terms("CLI_1", changed), terms("CLI_2", {"contract_type_id": "NONE"}))
    shown = await ask("onboard", folder)
    assert (shown.code, "1 of 2" in shown.err) == (1, True)
    assert "scheduling.hide_before: 2024-01-01 -> 2024-02-01" in shown.out
    assert [
        one
        for one in ("-Finds work.", "+Else.", "contract_type_id: there is no contract type NONE")
        if one not in shown.out
    ] == []
    scripted = await ask("onboard", folder, "--go", "--json")
    answer = json.loads(scripted.out)
    assert (scripted.code, [one["file"] for one in answer["refused"]]) == (1, ["CLI_2.json"])
    assert answer["id"] == (await record(world))[0]["id"]
    again = await ask("onboard", folder, "--go", "--json")
    assert (json.loads(again.out)["id"], json.loads(again.out)["unchanged"]) == (None, ["CLI_1"])


async def test_a_folder_that_lacks_a_file_is_named(ask: Ask, tmp_path: Path) -> None:
    empty = await ask("onboard", str(tmp_path / "none"))
    assert (empty.code, "contracts holds no JSON files" in empty.err) == (1, True)
    folder = Path(written(tmp_path / "files", terms("CLI_3", {})))
    (folder / "contractDetails.json").unlink()
    lacking = await ask("onboard", str(folder))
    assert (lacking.code, "contractDetails.json is not there" in lacking.err) == (1, True)


async def test_appointments_are_put_aside_once_somebody_says_go(ask: Ask, world: World) -> None:
    journey = await booked_assessment(world)
    wrong = (await journey.assessment())["currentAppointmentId"]
    command = ("mark-stale", wrong, "--reason", "Booked for somebody else")
    looked = await ask(*command)
    assert (looked.code, wrong in looked.out, "--go" in looked.out) == (0, True, True), looked.err
    assert (await journey.assessment())["currentAppointmentId"] == wrong
    done = await ask(*command, "--go")
    assert (done.code, "put aside" in done.out) == (0, True), done.err
    assert (await journey.assessment())["currentAppointmentId"] is None
    again = await ask(*command, "--go")
    assert (again.code, f"{wrong} was put aside before" in again.err) == (1, True)
