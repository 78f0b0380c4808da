"""The synthetic world: the same in every service, made whole or made again."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from rich.console import Console

from tests.conftest import SECRETS, clone, drop
from tests.world import START, hosted
from tests.world import World as Running
from throughcare import catalogue
from throughcare.cli.populate import World, populate_if_empty
from throughcare.kit.context import Context
from throughcare.kit.db.install import install
from throughcare.kit.service import Happening, Progress, Service

NAMES = ("prison", "prisoner_search")
COUNTS = {
    "prison": "select count(*) as n from prison.prisoner",
    "prisoner_search": "select count(*) as n from prisoner_search.prisoner",
}


class Unplugged(Exception):
    """The process dies."""


def services(*, breaks_off: bool = False) -> list[Service]:
    prison, search = (catalogue.service(name) for name in NAMES)

    async def half(ctx: Context, world: Sequence[Any], progress: Progress) -> None:
        assert search.seed is not None
        await search.seed(ctx, world[: len(world) // 2], progress)
        raise Unplugged

    return [prison, replace(search, seed=half) if breaks_off else search]


@pytest.fixture
async def url(server: str, template: str) -> AsyncIterator[str]:
    made = await clone(server, template)
    yield made
    await drop(server, made)


async def people(world: Running, service: str) -> int:
    [row] = await world.fetch(COUNTS[service])
    return int(row["n"])


async def test_a_world_whose_making_broke_off_is_made_again_and_the_same_in_every_service(url: str) -> None:
    lines = io.StringIO()
    said = Console(file=lines, width=200)
    async with hosted(url, services(breaks_off=True), secrets=SECRETS) as world:
        with pytest.raises(Unplugged):
            await populate_if_empty(world.host, 24, seed=7, console=said)
        assert await people(world, "prisoner_search") == await people(world, "prison") // 2
        whole = await people(world, "prison")

    assert await install(url, catalogue.services(), SECRETS) == ["prisoner_search"]

    async with hosted(url, services(), secrets=SECRETS) as world:
        assert await people(world, "prisoner_search") == 0
        assert await populate_if_empty(world.host, 300, console=said) == 1
        assert [await people(world, name) for name in NAMES] == [whole, whole]
        assert "going on with the world that was begun: 24 people, seed 7, as of 2024-03-04" in lines.getvalue()
        assert await populate_if_empty(world.host, 300) == 0
    assert await install(url, catalogue.services(), SECRETS) == []


async def test_histories_that_broke_off_are_lived_through_anew_from_the_beginning(url: str) -> None:
    async def die() -> None:
        raise Unplugged

    def histories(ctx: Context, world: Sequence[Any]) -> list[Happening]:
        return [Happening(START - timedelta(days=len(world)), die)]

    prison, search = services()
    async with hosted(url, [replace(prison, histories=histories), search], secrets=SECRETS) as world:
        with pytest.raises(Unplugged):
            await populate_if_empty(world.host, 24)
        assert world.clock.now() >= START
    assert await install(url, catalogue.services(), SECRETS) == ["prison", "prisoner_search"]
    async with hosted(url, [prison, search], secrets=SECRETS) as world:
        assert await populate_if_empty(world.host, 24) == 2
    assert await install(url, catalogue.services(), SECRETS) == []


def test_a_world_is_read_from_its_note() -> None:
    today = date(2024, 3, 4)
    assert World.noted(str(World(300, 1, today)), date(2030, 1, 1)) == World(300, 1, today)
    assert World.noted("300 people, seed 2", today) == World(300, 2, today)
    assert World.noted("something else", today) is None
