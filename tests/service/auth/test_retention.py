from __future__ import annotations

from datetime import timedelta

from tests.service.auth.oauth import Browser, pages_client, refresh
from tests.world import World

TABLES = (
    "authorization_code", "issued_token", "browser_session", "auth_session", "sign_in_count", "not_before",
    "client_assertion",
)  # fmt: skip


async def counts(world: World) -> dict[str, int]:
    found = {}
    for table in TABLES:
        found[table] = int((await world.fetch(f"select count(*) as n from auth.{table}"))[0]["n"])
    return found


async def test_the_clean_up_deletes_what_is_over_and_nothing_else(world: World) -> None:
    runner = world.host.runtimes["auth"].jobs
    spec, browser = await pages_client(world), Browser(world)
    tokens = await browser.tokens(spec)
    await Browser(world).sign_in("NOBODY", "wrong")
    await world.fetch("insert into auth.client_assertion values ('client', 'shown', now() + interval '1 minute')")
    before = await counts(world)
    assert await runner.run_now("drop-what-is-over") == "ok"
    assert await counts(world) == before
    assert (await refresh(world, spec, tokens["refresh_token"])).status_code == 200
    await world.fetch("insert into auth.not_before values ('client', 'gone', now() - interval '100 years')")
    await world.fetch("update auth.browser_session set created_at = created_at - interval '13 hours'")
    await world.fetch("update auth.auth_session set absolute_expiry = absolute_expiry - interval '31 days'")
    await world.fetch("update auth.client_assertion set expires_at = now() - interval '1 second'")
    await world.fetch("update auth.sign_in_count set window_start = window_start - interval '2 hours'")
    world.clock.advance(timedelta(hours=37))
    assert await runner.run_now("drop-what-is-over") == "ok"
    assert await counts(world) == dict.fromkeys(TABLES, 0)
