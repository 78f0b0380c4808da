"""The whole index is checked against prison where it stands: what is right stays, what is wrong is mended."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.service.prisoner_search.custody import Custody
from tests.service.prisoner_search.switch import Canned, Switch
from tests.world import World

TRIES = 5


@pytest.fixture(scope="module", autouse=True)
def prison_switch(world: World) -> Switch:
    """Prison behind a switch."""
    return Switch.before(world, "prison")


@pytest.fixture(scope="module", autouse=True)
def small_pages() -> Iterator[None]:
    """Pages of four numbers, so that a few people fill several."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("throughcare.services.prisoner_search.refresh.jobs.PAGE", 4)
        yield


async def refresh(custody: Custody) -> dict[str, object]:
    """Refresh the index to the end; what is said of it then."""
    reply = await custody.search.put("/refresh-index")
    assert reply.status_code == 202, reply.text
    await custody.world.drain()
    answer: dict[str, object] = (await custody.search.get("/refresh-index")).json()
    return answer


async def spoil(world: World, change: str, number: str) -> None:
    """Change the index behind its back."""
    await world.fetch(f"update prisoner_search.prisoner set {change} where prisoner_number = $1 returning 1", number)


async def everything(world: World) -> list[object]:
    """The whole index."""
    return [
        *await world.fetch("select * from prisoner_search.prisoner order by prisoner_number"),
        *await world.fetch("select * from prisoner_search.alias order by prisoner_number, position"),
    ]


async def test_a_refresh_that_finds_nothing_wrong_changes_and_tells_nothing(custody: Custody, world: World) -> None:
    assert (await custody.search.get("/refresh-index")).status_code == 404
    numbers = [await custody.prisoner() for _ in range(9)]
    await custody.name(numbers[0], lastName="Bairstow")
    before, told = await everything(world), len(await world.events())
    done = await refresh(custody)
    assert (done["checked"], done["failures"]) == (9, [])
    assert done["finishedAt"] is not None
    assert await everything(world) == before
    assert len(await world.events()) == told


async def test_a_refresh_mends_what_is_wrong_missing_or_too_much(custody: Custody, world: World) -> None:
    wrong, missing, kept = [await custody.prisoner() for _ in range(3)]
    right = await everything(world)
    spoilt = """document = document || '{"status": "INACTIVE OUT", "religion": "None"}', prison_id = 'OUT'"""
    await spoil(world, spoilt, wrong)
    await world.fetch("delete from prisoner_search.prisoner where prisoner_number = $1 returning 1", missing)
    await world.fetch(
        """insert into prisoner_search.prisoner
           select (r).* from (select jsonb_populate_record(p, '{"prisoner_number": "A0000ZZ"}') as r
                                from prisoner_search.prisoner p where prisoner_number = $1) as copied returning 1""",
        kept,
    )
    told = {number: len(await custody.told(number)) for number in (wrong, missing, kept)}
    await refresh(custody)
    mended = await everything(world)
    indexed_at = [{**row, "indexed_at": None} for row in mended]  # type: ignore[dict-item]
    assert indexed_at == [{**row, "indexed_at": None} for row in right]  # type: ignore[dict-item]
    news = {number: (await custody.told(number))[already:] for number, already in told.items()}
    assert news == {
        wrong: [("updated", {"categoriesChanged": ["PERSONAL_DETAILS", "STATUS"]})],
        missing: [("created", {})],
        kept: [],
    }  # fmt: skip
    assert await custody.told("A0000ZZ") == [("removed", {})]


async def test_a_refresh_renews_what_is_searched_where_it_is_read_otherwise_now(custody: Custody, world: World) -> None:
    first, second, third = [await custody.prisoner(lastName="Łukasz") for _ in range(3)]
    await custody.name(second, lastName="Ørsted")
    right, told = await everything(world), len(await world.events())
    await spoil(world, "last_name_words = '{ukasz}', last_name_text = ' ukasz '", first)
    await world.fetch("update prisoner_search.alias set last_name_words = '{}' where prisoner_number = $1", second)
    await spoil(world, "pnc_key = 'X'", third)
    assert await custody.found("/global-search", {"lastName": "lukasz"}) == [second, third]
    await refresh(custody)
    assert await custody.found("/global-search", {"lastName": "lukasz"}) == [first, second, third]
    assert await custody.found("/global-search", {"lastName": "orsted", "includeAliases": True}) == [second]
    renewed = await everything(world)
    assert [{**row, "indexed_at": 0} for row in renewed] == [{**row, "indexed_at": 0} for row in right]  # type: ignore[dict-item]
    assert len(await world.events()) == told


async def test_a_second_refresh_waits_for_the_first(custody: Custody, world: World) -> None:
    assert (await custody.search.put("/refresh-index")).status_code == 202
    refused = await custody.search.put("/refresh-index")
    assert (refused.status_code, refused.json()["errorCode"]) == (409, "REFRESH_UNDER_WAY")
    await world.drain()
    assert (await custody.search.put("/refresh-index")).status_code == 202
    await world.drain()


async def test_a_refresh_waits_while_prison_is_down_and_goes_on_afterwards(
    custody: Custody, world: World, prison_switch: Switch
) -> None:
    number = await custody.prisoner()
    await spoil(world, "document = document - 'status'", number)
    with prison_switch.answering(Canned.of({}, 503)):
        await refresh(custody)
        for _ in range(TRIES):
            prison_switch.trust()
            assert await world.drain() == 0
        assert (await custody.search.get("/refresh-index")).json()["finishedAt"] is None
    await world.drain()
    done = (await custody.search.get("/refresh-index")).json()
    assert (done["finishedAt"] is not None, done["failures"]) == (True, [])
    assert (await custody.document(number))["status"] == "ACTIVE IN"


async def test_one_prisoner_who_cannot_be_read_is_set_aside_and_the_others_are_checked(
    custody: Custody, world: World, prison_switch: Switch
) -> None:
    unreadable, last = await custody.prisoner(), await custody.prisoner()
    document = await custody.document(unreadable)
    await spoil(world, "document = document - 'status'", last)
    prison_switch.canned_answers = 0
    with prison_switch.answering(Canned(200, b"{}"), f"/prisoner-search/offenders/{unreadable}"):
        await refresh(custody)
        for _ in range(TRIES):
            await world.drain()
    assert prison_switch.canned_answers == TRIES
    done = (await custody.search.get("/refresh-index")).json()
    assert done["failures"] == [{"prisonerNumber": unreadable, "reason": "PEER_UNAVAILABLE"}]
    assert done["finishedAt"] is not None
    assert await custody.document(unreadable) == document
    assert (await custody.document(last))["status"] == "ACTIVE IN"


async def test_movements_are_not_told_again_of_those_who_were_missing(custody: Custody, world: World) -> None:
    number = await custody.prisoner()
    await world.fetch("delete from prisoner_search.prisoner where prisoner_number = $1 returning 1", number)
    told = len(await custody.told(number))
    await refresh(custody)
    assert (await custody.told(number))[told:] == [("created", {})]
    await custody.move(number, "release")
    assert (await custody.moves(number))[-1] == ("released", "RELEASED", "LEI")


async def test_one_prisoner_is_checked_on_demand(custody: Custody, world: World) -> None:
    number = await custody.prisoner()
    await spoil(world, "document = document - 'status'", number)
    reply = await custody.search.put(f"/maintain-index/index-prisoner/{number.lower()}")
    assert reply.status_code == 200
    assert reply.json() == await custody.document(number)
    assert reply.json()["status"] == "ACTIVE IN"
    unknown = await custody.search.put("/maintain-index/index-prisoner/Z9999ZZ")
    assert (unknown.status_code, unknown.json()["errorCode"]) == (404, "PRISONER_NOT_FOUND")
    assert (await custody.search.put("/maintain-index/index-prisoner/nobody")).status_code == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/refresh-index"), ("GET", "/refresh-index"), ("PUT", "/maintain-index/index-prisoner/A0001AA")],
)
async def test_those_who_search_may_not_maintain(world: World, method: str, path: str) -> None:
    searcher = await world.client("prisoner_search", roles=["ROLE_PRISONER_SEARCH"])
    assert (await searcher.request(method, path)).status_code == 403
    assert (await world.anonymous("prisoner_search").request(method, path)).status_code == 401
