"""Who may reach a referral."""

from __future__ import annotations

import pytest

from tests.unit.interventions.made_up import OTHER, catalogue, contract
from throughcare.kit.auth.principal import Principal
from throughcare.kit.errors import Forbidden
from throughcare.services.interventions.access.model import (
    CaseAnswer,
    Scope,
    check_case,
    contract_reasons,
    resolve_scope,
    unknown_groups,
)
from throughcare.services.interventions.actor.model import Actor, Kind, actor_of, kind_of
from throughcare.services.interventions.refusal.model import AccessDenied, AccessRefused

HELD = catalogue(contract("A"), contract("B", prime=OTHER, subcontractors=()))


def codes(refused: pytest.ExceptionInfo[Forbidden]) -> list[str]:
    found = refused.value.extra["accessErrorCodes"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([], ["SP_NO_PROVIDER_GROUP", "SP_NO_CONTRACT_GROUP"]),
        (["INT_SP_PRIME"], ["SP_NO_CONTRACT_GROUP"]),
        (["INT_SP_UNKNOWN", "INT_CR_UNKNOWN"], ["SP_NO_PROVIDER_GROUP", "SP_NO_CONTRACT_GROUP"]),
        (["INT_CR_A"], ["SP_CONTRACT_NOT_HELD", "SP_NO_PROVIDER_GROUP"]),
        (["INT_SP_PRIME", "INT_CR_A", "INT_CR_B"], ["SP_CONTRACT_NOT_HELD"]),
    ],
)
def test_groups_that_do_not_open_anything_are_refused_with_every_reason(groups: list[str], expected: list[str]) -> None:
    with pytest.raises(AccessRefused) as refused:
        resolve_scope(groups, HELD)
    assert codes(refused) == expected


@pytest.mark.parametrize("provider", ["PRIME", "SUB"])
def test_prime_and_subcontractor_open_the_same(provider: str) -> None:
    scope = resolve_scope([f"INT_SP_{provider}", "INT_CR_A", "SOMETHING_ELSE"], HELD)
    assert scope == Scope(frozenset({provider}), frozenset({"A"}))


def test_a_referral_needs_both_a_shared_provider_and_the_contract() -> None:
    one, other = contract("A"), contract("B", prime=OTHER, subcontractors=())
    scope = Scope(frozenset({"PRIME"}), frozenset({"A"}))
    assert contract_reasons(scope, one) == []
    assert [reason.code for reason in contract_reasons(scope, other)] == [
        "SP_PROVIDER_MISMATCH",
        "SP_CONTRACT_MISMATCH",
    ]
    assert [reason.code for reason in contract_reasons(Scope(frozenset({"SUB"}), frozenset()), one)] == [
        "SP_CONTRACT_MISMATCH"
    ]


def test_unknown_groups_are_named_for_the_log_and_others_left_alone() -> None:
    groups = ["INT_SP_PRIME", "INT_SP_GONE", "INT_CR_GONE", "SITE_1"]
    assert unknown_groups(groups, HELD) == ["INT_CR_GONE", "INT_SP_GONE"]


@pytest.mark.parametrize(
    ("answers", "messages"),
    [
        ({}, ["you may not see this case"]),
        ({"X000001": CaseAnswer(True, False, ("Related to the person",))}, ["Related to the person"]),
        ({"X000001": CaseAnswer(True, True, ("One", "Two"))}, ["One", "Two"]),
        ({"X000001": CaseAnswer(False, True)}, ["you may not see this case"]),
        ({"X000002": CaseAnswer(False, False)}, ["you may not see this case"]),
    ],
)
def test_a_case_is_closed_unless_the_record_says_otherwise(answers: dict[str, CaseAnswer], messages: list[str]) -> None:
    with pytest.raises(AccessRefused) as refused:
        check_case(answers, "X000001")
    assert refused.value.extra["accessErrors"] == messages
    assert set(codes(refused)) == {"CASE_RESTRICTED"}


def test_a_case_without_limits_is_open() -> None:
    check_case({"X000001": CaseAnswer(False, False)}, "X000001")


def caller(**changes: object) -> Principal:
    values: dict[str, object] = {"client_id": "ui", "username": "SOMEBODY", "auth_source": "delius", "user_id": "1"}
    return Principal(**{**values, **changes})  # type: ignore[arg-type]


def test_the_side_that_a_caller_is_on() -> None:
    assert kind_of(caller()) is Kind.PRACTITIONER
    assert kind_of(caller(auth_source="auth")) is Kind.PROVIDER
    machine = caller(username=None, auth_source="none", roles=frozenset({"ROLE_INTERVENTIONS_API_READ_ALL"}))
    assert kind_of(machine) is Kind.CLIENT


def test_a_person_with_the_machine_role_is_still_a_person() -> None:
    assert kind_of(caller(roles=frozenset({"ROLE_INTERVENTIONS_API_READ_ALL"}))) is Kind.PRACTITIONER


@pytest.mark.parametrize("source", ["nomis", "azuread"])
def test_other_sources_of_users_are_refused(source: str) -> None:
    with pytest.raises(AccessRefused) as refused:
        kind_of(caller(auth_source=source))
    assert codes(refused) == ["UNSUPPORTED_AUTH_SOURCE"]


def test_a_token_that_does_not_say_who_is_refused_with_what_is_missing() -> None:
    with pytest.raises(AccessDenied, match="user_id, auth_source") as refused:
        actor_of(caller(user_id=None, auth_source="none"))
    assert refused.value.code == "TOKEN_INCOMPLETE"


def test_two_ids_of_one_user_name_are_one_person() -> None:
    assert Actor("1", "auth", "somebody@x.test").id == Actor("2", "auth", "SOMEBODY@X.TEST").id
    assert Actor("1", "auth", "SOMEBODY").id != Actor("1", "delius", "SOMEBODY").id
