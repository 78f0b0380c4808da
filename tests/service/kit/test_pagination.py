"""Pages of a list: what may be asked for, and what every page says of itself."""

from __future__ import annotations

from typing import Annotated

import httpx2
import pytest
from fastapi import Depends
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import SECRETS
from throughcare.kit.messaging.pgmq import PgmqBus
from throughcare.kit.runtime import make_runtime
from throughcare.kit.service import Service
from throughcare.kit.topology import Topology
from throughcare.kit.web.app import create_app
from throughcare.kit.web.pagination import Page, PageRequest, Paging, page_reader
from throughcare.kit.web.router import Router

router = Router()
UNSORTED = {"empty": True, "sorted": False, "unsorted": True}
WORDS = [f"word {number}" for number in range(25)]


@router.get("/words", public=True)
async def words(request: Paging) -> Page[str]:
    return Page[str].of(WORDS[request.offset : request.offset + request.size], len(WORDS), request)


@router.get("/few", public=True)
async def few(request: Annotated[PageRequest, Depends(page_reader(5, 20))]) -> list[str]:
    return [str(request.size), *request.sort]


@pytest.fixture(scope="module")
def listing() -> httpx2.AsyncClient:
    topology = Topology(
        base_url="http://kit.test", database_dsn=lambda _: "postgresql://nowhere", make_bus=lambda: PgmqBus(""),
        secrets=SECRETS, paths={"paged": "/paged"},
    )  # fmt: skip
    service = Service(name="paged", path="/paged", title="Paged", routers=lambda: [router])
    app = create_app(make_runtime(service, topology, PgmqBus("")))
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://kit.test/paged")


async def test_without_being_asked_a_list_gives_its_first_ten(listing: httpx2.AsyncClient) -> None:
    reply = await listing.get("/words")
    assert reply.json() == {
        "content": WORDS[:10], "totalElements": 25, "totalPages": 3, "number": 0, "size": 10, "numberOfElements": 10,
        "first": True, "last": False, "empty": False, "sort": UNSORTED,
        "pageable": {
            "sort": UNSORTED, "offset": 0, "pageNumber": 0, "pageSize": 10, "paged": True, "unpaged": False,
        },
    }  # fmt: skip


async def test_the_last_page_is_short_and_one_beyond_it_empty(listing: httpx2.AsyncClient) -> None:
    last = (await listing.get("/words", params={"page": 2})).json()
    assert (last["content"], last["last"], last["numberOfElements"]) == (WORDS[20:], True, 5)
    beyond = (await listing.get("/words", params={"page": 3})).json()
    assert (beyond["content"], beyond["empty"], beyond["last"], beyond["number"]) == ([], True, True, 3)


@pytest.mark.parametrize(
    ("params", "fields"),
    [
        ({"page": "-1"}, ["page"]),
        ({"size": "0"}, ["size"]),
        ({"size": "1001"}, ["size"]),
        ({"page": "1000001"}, ["page"]),
        ({"page": "two", "size": "many"}, ["page", "size"]),
        ({"page": "99999999999999999999999"}, ["page"]),
    ],
)
async def test_a_page_that_cannot_be_is_400_and_names_each_field(
    listing: httpx2.AsyncClient, params: dict[str, str], fields: list[str]
) -> None:
    reply = await listing.get("/words", params=params)
    assert reply.status_code == 400
    assert [one["field"] for one in reply.json()["errors"]] == fields


async def test_a_list_may_have_sizes_of_its_own_and_be_sorted_by_several_fields(listing: httpx2.AsyncClient) -> None:
    assert (await listing.get("/few")).json() == ["5"]
    assert (await listing.get("/few?size=20&sort=name,desc&sort=id")).json() == ["20", "name,desc", "id"]
    assert (await listing.get("/few?size=21")).status_code == 400


@given(st.integers(0, 500), st.integers(1, 60))
def test_pages_put_together_are_the_list(total: int, size: int) -> None:
    whole, found, number = list(range(total)), [], 0
    while True:
        request = PageRequest(number, size)
        page = Page[int].of(whole[request.offset : request.offset + size], total, request)
        found += page.content
        assert page.first is (number == 0)
        if page.last:
            break
        number += 1
    assert found == whole
    assert page.total_pages == number + (total > 0)
