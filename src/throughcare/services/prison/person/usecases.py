"""What is done with people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from throughcare.kit.auth.principal import Principal
from throughcare.kit.clock import london
from throughcare.kit.db import UnitOfWork
from throughcare.kit.errors import Unavailable
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.envelope import PersonReference
from throughcare.services.prison.numbering.model import prisoner_number
from throughcare.services.prison.person.events import AliasAdded, IdentifierAdded, PersonCreated
from throughcare.services.prison.person.model import (
    Alias,
    Identifier,
    IdentifierExists,
    Prisoner,
    PrisonerAlreadyExists,
    capitals,
    check_age,
    check_code,
    check_identifier,
    check_identifier_type,
)
from throughcare.services.prison.person.schemas import NameBody, RequestToAddIdentifier, RequestToCreate
from throughcare.services.prison.person.store import PersonStore
from throughcare.services.prison.reference.model import check_all

TRIES = 10


async def create_person(
    uow: UnitOfWork, details: RequestToCreate, *, allow_name_duplicate: bool, by: Principal
) -> Prisoner:
    """Give somebody a prisoner number.

    Raises WrongAge, UnknownCode, IdentifierNotValid, PrisonerAlreadyExists.
    Source: ministryofjustice/prison-api.
    """
    check_all(
        *_checks(details, uow), lambda: check_code("SUFFIX", details.suffix, "suffix"),
        *(partial(check_identifier, *given, f"{given[0].lower()}Number") for given in details.identifiers),
    )  # fmt: skip
    async with uow:
        store = uow.store(PersonStore)
        await store.one_at_a_time()
        await _refuse_duplicate(store, details, allow_name_duplicate)
        person = Prisoner(
            **_facts(details), suffix=details.suffix, prisoner_number=await _free_number(store),
            created_at=uow.now, created_by=by.principal_name,
        )  # fmt: skip
        await store.add(person)
        await store.add_identifiers(
            [_identifier(uow, person.prisoner_number, given, by) for given in details.identifiers]
        )
        uow.publish(PersonCreated(noms_number=person.prisoner_number, **_about(person.prisoner_number)))
    return person


async def add_identifiers(
    uow: UnitOfWork, number: str, wanted: Sequence[RequestToAddIdentifier], *, by: Principal
) -> list[Identifier]:
    """Add identifiers to a prisoner; all that they have then.

    Raises PrisonerNotFound, UnknownCode, IdentifierNotValid, IdentifierExists.
    """
    check_all(
        *(partial(check_identifier_type, one.identifier_type, f"{at}.identifierType") for at, one in enumerate(wanted)),
        *(
            partial(check_identifier, one.identifier_type, one.identifier, f"{at}.identifier")
            for at, one in enumerate(wanted)
        ),
    )
    async with uow:
        store = uow.store(PersonStore)
        await store.touch(number)
        held = await store.identifiers(number)
        for one in wanted:
            if any((has.type, has.value) == (one.identifier_type, one.identifier) for has in held):
                raise IdentifierExists
            given = (one.identifier_type, one.identifier)
            held.append(_identifier(uow, number, given, by, authority=one.issued_authority_text))
            uow.publish(IdentifierAdded(noms_number=number, type=one.identifier_type, **_about(number)))
        await store.add_identifiers(held[-len(wanted) :] if wanted else [])
    return held


async def add_alias(uow: UnitOfWork, number: str, name: NameBody, *, by: Principal) -> Alias:
    """Record another name of a prisoner. Raises PrisonerNotFound, WrongAge, UnknownCode."""
    check_all(*_checks(name, uow))
    async with uow:
        store = uow.store(PersonStore)
        await store.touch(number)
        one = Alias(
            **_facts(name),
            id=new_id(),
            prisoner_number=number,
            created_at=uow.now,
            created_by=by.principal_name,
        )
        await store.add_alias(one)
        uow.publish(AliasAdded(noms_number=number, **_about(number)))
    return one


def _checks(name: NameBody, uow: UnitOfWork) -> Sequence[Callable[[], None]]:
    return (
        lambda: check_age(london(uow.now).date(), name.date_of_birth),
        lambda: check_code("SEX", name.gender, "gender"),
        lambda: check_code("ETHNICITY", name.ethnicity, "ethnicity"),
        lambda: check_code("TITLE", name.title, "title"),
    )


async def _refuse_duplicate(store: PersonStore, details: RequestToCreate, allow_name_duplicate: bool) -> None:
    known = details.identifiers
    if known and await store.holder_of(known):
        raise PrisonerAlreadyExists("a prisoner with this PNC or CRO number exists already")
    if known or allow_name_duplicate:
        return
    last_name, first_name = capitals(details.last_name) or "", capitals(details.first_name) or ""
    if await store.namesake(last_name, first_name, details.date_of_birth):
        raise PrisonerAlreadyExists("a prisoner with this name and date of birth exists already")


async def _free_number(store: PersonStore) -> str:
    for _ in range(TRIES):
        number = prisoner_number(await store.next_position())
        if not await store.exists(number):
            return number
    raise Unavailable("no free prisoner number was found", code="NO_FREE_NUMBER")


def _facts(name: NameBody) -> dict[str, Any]:
    return {
        "last_name": capitals(name.last_name), "first_name": capitals(name.first_name),
        "middle_names": capitals(name.middle_names), "title": name.title, "date_of_birth": name.date_of_birth,
        "sex": name.gender, "ethnicity": name.ethnicity,
    }  # fmt: skip


def _identifier(
    uow: UnitOfWork, number: str, given: tuple[str, str], by: Principal, *, authority: str | None = None
) -> Identifier:
    return Identifier(new_id(), number, *given, authority, None, uow.now, by.principal_name)


def _about(number: str) -> dict[str, Any]:
    return {"person": PersonReference.of(noms=number), "detail_path": f"/api/offenders/{number}"}
