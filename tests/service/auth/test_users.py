from __future__ import annotations

import pytest

from tests.service.auth.oauth import CASEWORKER, PRACTITIONER, Browser, new_account, pages_client
from tests.world import World
from throughcare.kit.ids import new_id
from throughcare.services.auth.group.store import GroupStore

ALEX = "6a6f0b5e-6f0d-4b36-9f0c-0a4c1d0f7a01"
PROVIDER, CONTRACT = "INT_SP_ACHIEVE_NW", "INT_CR_DN535743"
MANAGER = "ROLE_AUTH_GROUP_MANAGER"


async def join(world: World, user_id: object, group: str) -> None:
    async with world.context("auth").uow as uow:
        store = uow.store(GroupStore)
        await store.put(group, group.title())
        await store.join(user_id, group, by="TEST", at=uow.now)  # type: ignore[arg-type]


async def test_anyone_with_a_token_sees_who_a_user_is(world: World) -> None:
    reply = await (await world.client("auth")).get("/users/bernard.beaks")
    assert reply.status_code == 200
    body = reply.json()
    assert body.pop("uuid")
    assert body == {
        "username": PRACTITIONER,
        "active": True,
        "name": "Bernard Beaks",
        "authSource": "delius",
        "userId": "2500000001",
    }
    assert (await world.anonymous("auth").get("/users/BERNARD.BEAKS")).status_code == 401


async def test_many_names_are_told_at_once_and_nothing_else_of_anybody(world: World) -> None:
    client = await world.client("auth")
    asked = {"usernames": ["bernard.beaks", "OLIVE.OPS", "NOBODY", "bernard.beaks"]}
    reply = await client.post("/users/names", json=asked)
    assert reply.status_code == 200
    assert reply.json() == [
        {"username": PRACTITIONER, "name": "Bernard Beaks"}, {"username": "OLIVE.OPS", "name": "Olive Ops"},
    ]  # fmt: skip
    too_many = await client.post("/users/names", json={"usernames": ["X"] * 501})
    assert too_many.status_code == 400
    assert (await world.anonymous("auth").post("/users/names", json=asked)).status_code == 401


async def test_prison_staff_have_a_staff_id(world: World) -> None:
    body = (await (await world.client("auth")).get("/users/OLIVE.OPS")).json()
    assert (body["authSource"], body["staffId"]) == ("nomis", 900001)


async def test_an_unknown_user_is_not_found(world: World) -> None:
    client = await world.client("auth", roles=["ROLE_USER_PERMISSIONS__RO"])
    for path in ("/users/NOBODY", "/users/NOBODY/email", "/users/NOBODY/roles"):
        reply = await client.get(path)
        assert (reply.status_code, reply.json()["errorCode"]) == (404, "USER_NOT_FOUND")


async def test_a_name_in_two_sources_can_be_asked_for_by_source(world: World) -> None:
    first = await new_account(world)
    await new_account(world, username=first.username, source="delius", source_id="42")
    client = await world.client("auth")
    assert (await client.get(f"/users/{first.username}")).json()["authSource"] == "auth"
    reply = await client.get(f"/users/{first.username}", params={"authSource": "delius"})
    assert (reply.json()["authSource"], reply.json()["userId"]) == ("delius", "42")
    assert (await client.get(f"/users/{first.username}?authSource=nomis")).status_code == 404
    assert (await client.get(f"/users/{first.username}?authSource=nonsense")).status_code == 400


async def test_users_see_themselves(world: World) -> None:
    caseworker = await world.signed_in(CASEWORKER, "auth")
    assert (await caseworker.get("/users/me")).json()["userId"] == ALEX
    assert (await caseworker.get("/users/me/roles")).json() == [{"roleCode": "CRS_PROVIDER"}]
    groups = (await caseworker.get("/users/me/groups")).json()
    assert [one["groupCode"] for one in groups] == [CONTRACT, PROVIDER]
    assert (await caseworker.get("/users/me/email")).json()["email"] == CASEWORKER.lower()
    practitioner = await world.signed_in(PRACTITIONER, "auth")
    assert (await practitioner.get("/users/me/roles")).json() == []
    assert (await practitioner.get("/users/me/groups")).json() == []


async def test_a_machine_has_no_self(world: World) -> None:
    machine = await world.client("auth")
    for path in ("/users/me", "/users/me/roles", "/users/me/groups", "/users/me/email"):
        assert (await machine.get(path)).status_code == 403


async def test_an_email_address_is_given_when_it_is_verified_or_asked_for_all_the_same(world: World) -> None:
    verified, unverified = await new_account(world), await new_account(world, verified=False)
    none = await new_account(world, email=None)
    client = await world.client("auth")
    reply = await client.get(f"/users/{verified.username}/email")
    assert reply.json() == {"username": verified.username, "email": verified.email, "verified": True}
    reply = await client.get(f"/users/{unverified.username}/email")
    assert (reply.status_code, reply.content) == (204, b"")
    reply = await client.get(f"/users/{unverified.username}/email?unverified=true")
    assert (reply.json()["email"], reply.json()["verified"]) == (unverified.email, False)
    assert (await client.get(f"/users/{none.username}/email?unverified=true")).status_code == 204


async def test_roles_are_listed_without_prefix_and_without_what_is_implied(world: World) -> None:
    client = await world.client("auth", roles=["ROLE_USER_PERMISSIONS__RO"])
    listed = [one["roleCode"] for one in (await client.get("/users/OLIVE.OPS/roles")).json()]
    assert listed == [
        "CONSOLE__CLOCK", "CONSOLE__RO", "INTEGRATION__CONSUMERS__RW", "NOTIFY__INBOX", "QUEUE_ADMIN",
        "QUEUE_ADMIN__BODY",
    ]  # fmt: skip
    assert (await client.get("/users/BERNARD.BEAKS/roles")).json() == []
    assert (await (await world.client("auth")).get("/users/OLIVE.OPS/roles")).status_code == 403


async def test_external_users_are_found_by_address_name_and_id(world: World) -> None:
    client = await world.client("auth", roles=["ROLE_MAINTAIN_OAUTH_USERS"])
    expected = {
        "userId": ALEX,
        "username": CASEWORKER,
        "email": CASEWORKER.lower(),
        "firstName": "Alex",
        "lastName": "Rivers",
        "locked": False,
        "enabled": True,
        "verified": True,
        "inactiveReason": None,
    }
    for path in (f"/externalusers/{CASEWORKER.lower()}", f"/externalusers/id/{ALEX}"):
        found = (await client.get(path)).json()
        found.pop("lastLoggedIn")
        assert found == expected
    listed = (await client.get("/externalusers", params={"email": CASEWORKER})).json()
    assert [one["userId"] for one in listed] == [ALEX]
    assert (await client.get("/externalusers", params={"email": "nobody@example.test"})).status_code == 204
    assert (await client.get("/externalusers/BERNARD.BEAKS")).status_code == 404
    assert (await client.get("/externalusers/id/nonsense")).status_code == 400
    assert (await client.get(f"/externalusers/id/{new_id()}")).status_code == 404


async def test_the_groups_of_an_external_user(world: World) -> None:
    client = await world.client("auth", roles=["ROLE_VIEW_USER_GROUPS"])
    assert (await client.get(f"/externalusers/{ALEX}/groups")).json() == [
        {"groupCode": CONTRACT, "groupName": "Education, training and employment in Greater Manchester"},
        {"groupCode": PROVIDER, "groupName": "Achieve North West"},
    ]
    assert (await client.get(f"/externalusers/{new_id()}/groups")).status_code == 404
    assert (await (await world.client("auth")).get(f"/externalusers/{ALEX}/groups")).status_code == 403


async def test_a_group_with_groups_below_it_is_replaced_by_them(world: World) -> None:
    account = await new_account(world)
    await join(world, account.user_id, "PARENT")
    async with world.context("auth").uow as uow:
        for code in ("CHILD_1", "CHILD_2"):
            await uow.store(GroupStore).put_child(code, code.title(), parent="PARENT")
    client = await world.client("auth", roles=["ROLE_VIEW_USER_GROUPS"])
    listed = (await client.get(f"/externalusers/{account.user_id}/groups")).json()
    assert [one["groupCode"] for one in listed] == ["CHILD_1", "CHILD_2"]
    listed = (await client.get(f"/externalusers/{account.user_id}/groups?children=false")).json()
    assert [one["groupCode"] for one in listed] == ["PARENT"]


async def test_who_may_see_a_contract(world: World) -> None:
    client = await world.client("auth", roles=["ROLE_CONTRACT_MANAGER_VIEW_GROUP"])
    members = [one["username"] for one in (await client.get(f"/externalusers/crsgroup/{CONTRACT}")).json()]
    assert members == [CASEWORKER, "SAM.OKORO@PROVIDER.EXAMPLE.TEST"]
    for code in ("INT_CR_UNKNOWN", PROVIDER):
        assert (await client.get(f"/externalusers/crsgroup/{code}")).status_code == 404
    assert (await (await world.client("auth")).get(f"/externalusers/crsgroup/{CONTRACT}")).status_code == 403


async def manager(world: World, group: str) -> tuple[object, dict[str, str]]:
    account = await new_account(world)
    await join(world, account.user_id, group)
    await world.fetch(
        "insert into auth.roles values ('AUTH_GROUP_MANAGER', 'Group manager', '', '[]') on conflict do nothing"
    )
    await world.fetch(
        "insert into auth.user_role values ($1, $2, 'AUTH_GROUP_MANAGER', 'TEST', now())", new_id(), account.user_id
    )
    tokens = await Browser(world).tokens(await pages_client(world), account.username)
    return account.user_id, {"Authorization": f"Bearer {tokens['access_token']}"}


async def test_a_group_manager_reaches_only_those_who_share_a_group(world: World) -> None:
    _, me = await manager(world, "TEAM_A")
    mate, stranger = await new_account(world), await new_account(world)
    await join(world, mate.user_id, "TEAM_A")
    await join(world, stranger.user_id, "TEAM_B")
    auth = world.anonymous("auth")
    assert (await auth.get(f"/externalusers/id/{mate.user_id}", headers=me)).status_code == 200
    assert (await auth.get(f"/externalusers/{mate.user_id}/groups", headers=me)).status_code == 200
    unknown = await auth.get(f"/externalusers/id/{new_id()}", headers=me)
    hidden = await auth.get(f"/externalusers/id/{stranger.user_id}", headers=me)
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.json()["userMessage"] == unknown.json()["userMessage"]
    body = {"reason": "left the team"}
    reply = await auth.put(f"/externalusers/{stranger.user_id}/disable", json=body, headers=me)
    assert reply.status_code == 404


async def test_disabling_a_user_takes_effect_at_once_and_is_announced(world: World) -> None:
    account, spec = await new_account(world), await pages_client(world)
    browser = Browser(world)
    token = (await browser.tokens(spec, account.username))["access_token"]
    admin = await world.client("auth", roles=["ROLE_MAINTAIN_OAUTH_USERS"])
    url, body = f"/externalusers/{account.user_id}", {"reason": "left the provider"}
    for _ in range(2):
        assert (await admin.put(f"{url}/disable", json=body)).status_code == 204
    shown = (await admin.get(f"/externalusers/id/{account.user_id}")).json()
    assert (shown["enabled"], shown["inactiveReason"]) == (False, "left the provider")
    me = {"Authorization": f"Bearer {token}"}
    assert (await world.anonymous("auth").get("/sessions/me", headers=me)).status_code == 401
    assert (await Browser(world).sign_in(account.username)).status_code == 400
    assert (await browser.authorize(spec)).headers["location"].endswith("/sign-in")
    for _ in range(2):
        assert (await admin.put(f"{url}/enable")).status_code == 204
    assert (await Browser(world).sign_in(account.username)).status_code == 303
    assert (await world.anonymous("auth").get("/sessions/me", headers=me)).status_code == 401
    for kind in ("auth.user.disabled", "auth.user.enabled"):
        mine = [one["additionalInformation"] for one in await world.events(kind)]
        assert mine.count({"userId": str(account.user_id), "authSource": "auth"}) == 1
    ended = [one["additionalInformation"] for one in await world.events("auth.session.revoked")]
    assert [one["reason"] for one in ended if one.get("accountId") == str(account.user_id)] == ["account disabled"]


@pytest.mark.parametrize("reason", ["", "abc", "x" * 101])
async def test_a_reason_has_4_to_100_characters(world: World, reason: str) -> None:
    admin = await world.client("auth", roles=["ROLE_MAINTAIN_OAUTH_USERS"])
    reply = await admin.put(f"/externalusers/{ALEX}/disable", json={"reason": reason})
    assert reply.status_code == 400


async def test_nobody_disables_themselves(world: World) -> None:
    own_id, me = await manager(world, "TEAM_C")
    body = {"reason": "holidays at last"}
    reply = await world.anonymous("auth").put(f"/externalusers/{own_id}/disable", json=body, headers=me)
    assert (reply.status_code, reply.json()["errorCode"]) == (403, "CANNOT_DISABLE_SELF")
