"""``throughcare consumers``: an outside body that one command registers is told, with what that command printed."""

from __future__ import annotations

import json
import re
import shlex

import httpx2

from tests.cli.conftest import Ask, Ended
from tests.world import World

ROLE = ("--role", "ext-prisons-private-prison", "--filter", "prisons=MDI")
SECRET = re.compile(r"^client secret  (\S+)$", re.MULTILINE)


async def events(world: World, name: str, secret: str) -> httpx2.Response:
    """The feed, by a token that the secret gets."""
    form = {"grant_type": "client_credentials", "resource": "integration"}
    reply = await world.anonymous("auth").post("/oauth2/token", data=form, auth=(name, secret))
    if reply.is_error:
        return reply
    headers = {"Authorization": f"Bearer {reply.json()['access_token']}"}
    return await world.anonymous("integration").get("/v1/events", headers=headers)


def secret_of(ended: Ended) -> str:
    """The secret that a command printed."""
    assert ended.code == 0, ended.err
    (found,) = SECRET.findall(ended.out)
    return str(found)


async def test_a_new_consumer_reads_the_feed_and_its_queue_with_what_was_printed(
    ask: Ask, world: World, address: str
) -> None:
    ended = await ask("consumers", "add", "board-one", *ROLE)
    secret = secret_of(ended)
    assert re.search(
        r"board-one: \d+ types of event, prisonId MDI, by queue consumer_board_one and the feed", ended.out
    )
    assert ended.out.count(secret) == 1, "it is shown once"
    (line,) = [one for one in ended.out.splitlines() if one.startswith("curl ")]
    words = shlex.split(line.replace("$SECRET", secret))
    assert words[-1] == f"{address}/auth/oauth2/token"
    form = dict(words[place + 1].split("=") for place, word in enumerate(words) if word == "-d")
    name, _, given = words[words.index("-u") + 1].partition(":")
    async with httpx2.AsyncClient(trust_env=False) as client:
        token = (await client.post(words[-1], data=form, auth=(name, given))).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        feed = await client.get(f"{address}/integration-api/v1/events", headers=headers)
        queue = await client.get(f"{address}/integration-api/v1/queue/messages", headers=headers)
        other = await client.get(f"{address}/integration-api/v1/consumers", headers=headers)
    assert (feed.status_code, feed.json()["events"]) == (200, [])
    assert (queue.status_code, queue.json()) == (200, {"messages": []})
    assert other.status_code == 403, "it may do nothing else"


async def test_adding_again_replaces_no_secret_unless_asked_to(ask: Ask, world: World) -> None:
    first = secret_of(await ask("consumers", "add", "board-two", *ROLE))
    again = await ask("consumers", "add", "board-two", *ROLE)
    assert (again.code, SECRET.findall(again.out)) == (0, [])
    assert "its client keeps its secret; --new-secret replaces it" in again.out
    assert (await events(world, "board-two", first)).status_code == 200
    said = await ask("consumers", "add", "board-two", *ROLE, "--new-secret", "--json")
    renewed = json.loads(said.out.splitlines()[-1])  # above it is the log of the system in this process
    assert (renewed["name"], renewed["clientId"], renewed["feed"]) == ("board-two", "board-two", True)
    assert (await events(world, "board-two", first)).status_code == 401
    assert (await events(world, "board-two", renewed["clientSecret"])).status_code == 200


async def test_a_suspended_consumer_keeps_its_client_and_a_revoked_one_has_none(ask: Ask, world: World) -> None:
    secret = secret_of(await ask("consumers", "add", "board-three", *ROLE))
    assert (await ask("consumers", "suspend", "board-three")).code == 0
    held = await events(world, "board-three", secret)
    assert (held.status_code, held.json()["errorCode"]) == (403, "CONSUMER_SUSPENDED")
    assert (await ask("consumers", "suspend", "board-three", "--lift")).code == 0
    assert (await events(world, "board-three", secret)).status_code == 200
    assert "the client of board-three is gone" in (await ask("consumers", "revoke", "board-three")).out
    assert (await events(world, "board-three", secret)).status_code == 401
    assert "there is no such client" in (await ask("consumers", "revoke", "board-three")).err.lower()
    assert secret_of(await ask("consumers", "add", "board-three", *ROLE)) != secret


async def test_the_demonstrations_consumers_keep_the_secret_that_nobody_is_shown(ask: Ask) -> None:
    role = ("--role", "ext-hmpps-public-protection")
    ended = await ask("consumers", "add", "mapps-demo", *role)
    assert (ended.code, "secret" in ended.out) == (0, False)
    refused = await ask("consumers", "add", "mapps-demo", *role, "--new-secret")
    assert (refused.code, "one of the system's own" in refused.err) == (1, True)
    assert (await ask("consumers", "revoke", "mapps-demo")).code == 1
    assert (await ask("consumers", "token", "mapps-demo")).code == 0


async def test_a_service_cannot_be_made_a_consumer_with_a_client(ask: Ask, world: World) -> None:
    await ask("consumers", "add", "prison", *ROLE)
    (row,) = await world.fetch("select roles from auth.oauth_client where client_id = 'prison'")
    assert "ROLE_INTEGRATION__CONSUMER" not in row["roles"]
    wrong = await ask("consumers", "add", "Board", *ROLE)
    assert (wrong.code, wrong.out) == (1, "")
    assert "lower-case letters" in wrong.err
