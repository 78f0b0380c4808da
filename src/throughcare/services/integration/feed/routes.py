"""A consumer reads its notifications by cursor. Whose they are, the client's own name decides."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Annotated

from fastapi import Query

from throughcare.kit.context import Context
from throughcare.kit.errors import Forbidden
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.integration.consumer.model import Consumer, NoConsumer, compile_policy
from throughcare.services.integration.consumer.store import ConsumerStore
from throughcare.services.integration.delivery.model import Delivery, body
from throughcare.services.integration.feed.model import BadCursor, CursorExpired, read_cursor
from throughcare.services.integration.feed.schemas import FedEvent, Feed
from throughcare.services.integration.feed.views import FeedViews
from throughcare.services.integration.settings import api_url

CONSUMER = ["ROLE_INTEGRATION__CONSUMER"]
POLL_SECONDS = 0.5

router = Router(prefix="/v1/events", tag="A consumer's notifications")


class NoFeed(Forbidden):
    """The client is no consumer that may read the feed (403)."""

    code = "NO_FEED"
    title = "This client is not a consumer with a feed"


class Suspended(Forbidden):
    """The consumer is suspended; what is for it is held (403)."""

    code = "CONSUMER_SUSPENDED"
    title = "This consumer is suspended. What is for it is held until the suspension ends"


@router.get("", roles=CONSUMER, errors=[NoFeed, Suspended, BadCursor, CursorExpired])
async def events(
    ctx: Ctx, after: Annotated[str | None, Query(max_length=20)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100, wait: Annotated[float, Query(ge=0, le=20)] = 0,
) -> Feed:  # fmt: skip
    """What follows a cursor, at least once and without a gap; without a cursor, everything that is kept.

    Keep ``next`` once you are done with the page, and give it as ``after`` the next time, also after a pause. ``wait``
    is how many seconds to wait for the first event.
    """
    one = await _consumer(ctx)
    place, until = None if after is None else read_cursor(after), monotonic() + wait
    while True:
        page = await _page(ctx, one, place, limit)
        if page.events or monotonic() >= until:
            return page
        place = int(page.next)
        await asyncio.sleep(min(POLL_SECONDS, max(0.0, until - monotonic())))


async def _page(ctx: Context, one: Consumer, place: int | None, limit: int) -> Feed:
    async with ctx.reading(FeedViews) as views:
        start = place if place is not None else (await views.ends(one.name)).forgotten
        found = await views.after(one.name, start, limit)
        ends = await views.ends(one.name)  # afterwards, so that nothing was forgotten while the page was read
    if start < ends.forgotten:
        raise CursorExpired
    if start > ends.newest:
        raise BadCursor
    policy, base_url = compile_policy(one.configuration), api_url(ctx)
    permitted = [
        each for each in found if policy.admits(each.told.event_type, each.told.prison_id, each.supervision_status)
    ]
    newest = found[-1].position if found else start
    return Feed(events=[_fed(each, base_url) for each in permitted], next=str(newest))


async def _consumer(ctx: Context) -> Consumer:
    if ctx.user.is_user:
        raise NoFeed
    try:
        async with ctx.reading(ConsumerStore) as store:
            one = await store.get(ctx.user.client_id)
    except NoConsumer:
        raise NoFeed from None
    if not one.feed:
        raise NoFeed
    if one.suspended:
        raise Suspended
    return one


def _fed(one: Delivery, base_url: str) -> FedEvent:
    return FedEvent.model_validate({"cursor": str(one.position), **body(one.told, base_url)})
