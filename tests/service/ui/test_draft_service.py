"""Making a referral: service types, and for each of them outcomes and a level of complexity."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.interventions.journey import Journey, begun_draft, ok, opened_case, signed_in
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, words
from tests.world import World
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS


@pytest.fixture(scope="module")
async def single(world: World, services: Switchboard) -> Journey:
    """A draft for a service of one type."""
    return await begun_draft(world)


@pytest.fixture(scope="module")
async def cohort(world: World, services: Switchboard) -> Journey:
    """A draft for a service of several types, of which none is chosen yet."""
    made = await opened_case(world)
    every = ok(await (await signed_in(world, PRACTITIONERS[0].username)).get("/interventions"))
    made.intervention = next(one for one in every if len(one["serviceCategories"]) > 2)
    body = {"serviceUserCrn": made.crn, "interventionId": made.intervention["id"]}
    made.referral_id = ok(await made.as_practitioner("POST", "/draft-referral", json=body), 201)["id"]
    return made


async def written(draft: Journey) -> dict[str, Any]:
    return dict(ok(await draft.as_practitioner("GET", f"/draft-referral/{draft.referral_id}")))


def at(draft: Journey, page: str) -> str:
    return f"/referrals/{draft.referral_id}/{page}"


def of_category(draft: Journey, category: dict[str, Any], page: str) -> str:
    return at(draft, f"service-category/{category['id']}/{page}")


def by_name(draft: Journey) -> list[dict[str, Any]]:
    return sorted(draft.intervention["serviceCategories"], key=lambda one: str(one["name"]))


async def choose(practitioner: Visitor, draft: Journey, *categories: dict[str, Any], **more: Any) -> Any:
    """The answer to this choice of service types."""
    path = at(draft, "service-categories")
    chosen = {"service-category-ids": [one["id"] for one in categories], **more}
    return await practitioner.send(await practitioner.get(path), path, chosen)


async def test_at_least_one_service_type_is_chosen_and_only_from_those_of_the_service(
    practitioner: Visitor, cohort: Journey, single: Journey
) -> None:
    for wrong in ((), single.intervention["serviceCategories"]):
        answer = await choose(practitioner, cohort, *[{**one, "id": f"{one['id']}x"} for one in wrong])
        assert answer.status_code == 400
        assert '<a href="#service-category-ids">Select at least one service type</a>' in answer.text
    assert (await written(cohort))["serviceCategoryIds"] == []


async def test_each_service_type_is_asked_about_in_turn(practitioner: Visitor, cohort: Journey) -> None:
    first, second, *_ = by_name(cohort)
    answer = await choose(practitioner, cohort, second, first)
    assert answer.headers["location"] == at(cohort, "relevant-sentence")
    path = at(cohort, "relevant-sentence")
    sentence = {"relevant-sentence-id": str(cohort.sentence_id)}
    answer = await practitioner.send(await practitioner.get(path), path, sentence)
    assert answer.headers["location"] == of_category(cohort, first, "desired-outcomes")
    for category, following in ((first, of_category(cohort, second, "desired-outcomes")),
                                (second, at(cohort, "enforceable-days"))):  # fmt: skip
        path = of_category(cohort, category, "desired-outcomes")
        form = await practitioner.get(path)
        assert f"What are the desired outcomes for the {category['name']} service?" in words(form)
        offered = await outcomes(cohort, category)
        answer = await practitioner.send(form, path, {"desired-outcomes-ids": offered[:2]})
        assert answer.headers["location"] == of_category(cohort, category, "complexity-level")
        path = of_category(cohort, category, "complexity-level")
        form = await practitioner.get(path)
        level = category["complexityLevels"][-1]
        assert " ".join(level["description"].split()) in words(form)
        answer = await practitioner.send(form, path, {"complexity-level-id": level["id"]})
        assert answer.headers["location"] == following
    kept = await written(cohort)
    assert {one["serviceCategoryId"] for one in kept["complexityLevels"]} == {first["id"], second["id"]}
    assert {len(one["desiredOutcomesIds"]) for one in kept["desiredOutcomes"]} == {2}


async def outcomes(draft: Journey, category: dict[str, Any]) -> list[str]:
    contract = (await written(draft))["dynamicFrameworkContractReference"]
    found = ok(await draft.as_practitioner("GET", f"/service-category/{category['id']}/contract-reference/{contract}"))
    return [one["id"] for one in found["desiredOutcomes"]]


async def test_what_goes_with_a_service_type_is_told_before_it_is_deleted(
    practitioner: Visitor, cohort: Journey
) -> None:
    first, second, third, *_ = by_name(cohort)
    answer = await choose(practitioner, cohort, first, third)
    assert answer.status_code == 200
    assert f"The desired outcomes and the complexity level for {second['name']} will be deleted" in words(answer)
    assert f'<input type="hidden" name="lost" value="{second["id"]}">' in answer.text
    assert second["id"] in (await written(cohort))["serviceCategoryIds"]
    answer = await choose(practitioner, cohort, third, lost=[second["id"]])
    assert answer.status_code == 200, "the first one was not told of yet"
    answer = await choose(practitioner, cohort, first, third, lost=[second["id"]])
    assert answer.status_code == 303
    kept = await written(cohort)
    assert set(kept["serviceCategoryIds"]) == {first["id"], third["id"]}
    assert [one["serviceCategoryId"] for one in kept["desiredOutcomes"]] == [first["id"]]
    answer = await choose(practitioner, cohort, first)
    assert answer.status_code == 303, "nothing was said about the third"


async def test_a_service_type_that_is_not_chosen_leads_to_the_choice(practitioner: Visitor, cohort: Journey) -> None:
    other = by_name(cohort)[-1]
    for page in ("desired-outcomes", "complexity-level"):
        answer = await practitioner.http.get(of_category(cohort, other, page))
        assert (answer.status_code, answer.headers["location"]) == (303, at(cohort, "service-categories"))
    unknown = at(cohort, "service-category/01a22456-1774-7230-a36d-3d19aa0332a6/desired-outcomes")
    assert (await practitioner.get(unknown)).status_code == 404


@pytest.mark.parametrize(
    ("page", "field", "error"),
    [("desired-outcomes", "desired-outcomes-ids", "Select at least one desired outcome"),
     ("complexity-level", "complexity-level-id", "Select a complexity level")],
)  # fmt: skip
async def test_outcomes_and_level_are_required(
    practitioner: Visitor, single: Journey, page: str, field: str, error: str
) -> None:
    path = of_category(single, by_name(single)[0], page)
    form = await practitioner.get(path)
    for typed in ({}, {field: "<script>alert(1)</script>"}):
        answer = await practitioner.send(form, path, typed)
        assert answer.status_code == 400
        assert f'<a href="#{field}">{error}</a>' in answer.text
        assert "<script>alert" not in answer.text


async def test_a_service_of_one_type_asks_for_no_choice(practitioner: Visitor, single: Journey) -> None:
    answer = await practitioner.http.get(at(single, "service-categories"))
    assert (answer.status_code, answer.headers["location"]) == (303, at(single, "form"))


@pytest.mark.parametrize(("year", "warned"), [("2025", False), ("2027", True)])
async def test_a_completion_date_after_the_sentence_is_saved_with_a_warning(
    practitioner: Visitor, single: Journey, year: str, warned: bool
) -> None:
    body = {"relevantSentenceId": single.sentence_id}
    ok(await single.as_practitioner("PATCH", f"/draft-referral/{single.referral_id}", json=body))
    path = at(single, "completion-deadline")
    form = await practitioner.get(path)
    assert "The sentence ends on 14 January 2026." in words(form)
    fields = {f"completion-deadline-{part}": said for part, said in (("day", "1"), ("month", "5"), ("year", year))}
    answer = await practitioner.send(form, path, fields)
    assert answer.headers["location"] == at(single, "reason-for-referral")
    assert (await written(single))["completionDeadline"] == f"{year}-05-01"
    following = words(await practitioner.get(answer.headers["location"]))
    assert ("The completion date is after the end of the sentence." in following) is warned


async def test_providers_may_not_choose(world: World, single: Journey) -> None:
    provider = browser(world)
    await provider.sign_in(CASEWORKERS[0].username)
    category = by_name(single)[0]
    for path in (
        at(single, "service-categories"), of_category(single, category, "desired-outcomes"),
        of_category(single, category, "complexity-level"),
    ):  # fmt: skip
        assert (await provider.get(path)).status_code == 403
    await provider.http.aclose()
