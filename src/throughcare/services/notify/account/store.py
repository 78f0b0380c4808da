"""The services that the stand-in knows: ``accounts.toml``, with ids and secrets that are derived."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from uuid import NAMESPACE_URL, UUID, uuid5

from throughcare.kit.errors import CannotStart
from throughcare.kit.notify.keys import callback_token, derived_key, service_id
from throughcare.kit.settings import Secrets
from throughcare.services.notify.account.model import Account, Callback, Key, Sender
from throughcare.services.notify.recipient.model import normal_form
from throughcare.services.notify.settings import CallbackTarget


@lru_cache(maxsize=1)
def _declared() -> list[dict[str, object]]:
    text = files("throughcare.services.notify").joinpath("accounts.toml").read_text("utf-8")
    services = tomllib.loads(text)["service"]
    assert isinstance(services, list)
    return services


def load_accounts(secrets: Secrets, callbacks: Mapping[str, CallbackTarget]) -> dict[UUID, Account]:
    """Every service by its id; ``callbacks`` (by slug) replace those of the file. Raises CannotStart."""
    slugs = {str(one["slug"]) for one in _declared()}
    if strange := callbacks.keys() - slugs:
        raise CannotStart(f"THROUGHCARE_NOTIFY__CALLBACKS names services that do not exist: {sorted(strange)}")
    accounts = [_account(declared, secrets, callbacks) for declared in _declared()]
    return {one.id: one for one in accounts}


def _account(declared: Mapping[str, object], secrets: Secrets, callbacks: Mapping[str, CallbackTarget]) -> Account:
    slug = str(declared["slug"])
    return Account(
        id=service_id(slug),
        slug=slug,
        name=str(declared["name"]),
        email_from=f"{declared['email_from']}@notifications.service.gov.uk",
        sms_sender=str(declared.get("sms_sender", "GOVUK")),
        templates=str(declared.get("templates", slug)),
        trial=bool(declared.get("trial")),
        archived=bool(declared.get("archived")),
        keys=tuple(_key(one, slug, secrets) for one in _tables(declared, "keys")),
        team=_recipients(declared, "team"),
        guests=_recipients(declared, "guests"),
        reply_to=tuple(_sender(one, slug, "address") for one in _tables(declared, "reply_to")),
        sms_senders=tuple(_sender(one, slug, "sender") for one in _tables(declared, "sms_senders")),
        callback=_callback(declared, slug, secrets, callbacks.get(slug)),
    )


def _key(declared: Mapping[str, object], slug: str, secrets: Secrets) -> Key:
    key_type = declared["type"]
    assert key_type == "live" or key_type == "team" or key_type == "test"  # noqa: PLR1714  mypy narrows this
    name = str(declared["name"])
    return Key(name, key_type, derived_key(secrets, slug, name).secret, bool(declared.get("revoked")))


def _sender(declared: Mapping[str, object], slug: str, field: str) -> Sender:
    name = f"throughcare:notify:{slug}:{field}:{declared['slug']}"
    return Sender(uuid5(NAMESPACE_URL, name), str(declared[field]))


def _callback(
    declared: Mapping[str, object], slug: str, secrets: Secrets, override: CallbackTarget | None
) -> Callback | None:
    if override is not None:
        return Callback(url=str(override.url), token=override.token.get_secret_value())
    target = declared.get("callback")
    if not isinstance(target, dict):
        return None
    return Callback(peer=target["peer"], path=target["path"], token=callback_token(secrets, slug))


def _tables(declared: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    found = declared.get(name, [])
    assert isinstance(found, list)
    return found


def _recipients(declared: Mapping[str, object], name: str) -> frozenset[str]:
    found = declared.get(name, [])
    assert isinstance(found, list)
    return frozenset(normal_form(one) for one in found)
