"""What is known of a person's officer, from nDelius and from the practitioner."""

from __future__ import annotations

import pytest

from tests.unit.ui.test_tasks import draft
from throughcare.ui.draft.model import Kind
from throughcare.ui.draft_practitioner.model import (
    CHANGED,
    DETAILS,
    FROM_NDELIUS,
    changed,
    known_details,
    missing,
    taken_over,
)
from throughcare.ui.peers.case import Officer

OFFICER = Officer.model_validate({
    "name": {"forename": "BERNARD", "surname": "BEAKS"}, "email": "b@b.gov.uk", "telephoneNumber": "1",
    "pdu": {"description": "North"}, "team": {"description": "T", "telephoneNumber": "2"},
})  # fmt: skip
NOW = {
    "ndeliusPPName": "Bernard Beaks", "ndeliusPPEmailAddress": "b@b.gov.uk", "ndeliusPhoneNumber": "1",
    "ndeliusPDU": "North", "ndeliusTeamPhoneNumber": "2",
}  # fmt: skip


def told(officer: Officer | None, **kept: object) -> dict[str, tuple[str, str]]:
    every = known_details(draft(Kind.COMMUNITY, kept), officer)
    return {one.detail.name: (one.value, one.source) for one in every}


def test_before_anything_is_kept_it_is_what_ndelius_says_now() -> None:
    assert told(OFFICER) == {
        "name": ("Bernard Beaks", FROM_NDELIUS), "email-address": ("b@b.gov.uk", FROM_NDELIUS),
        "phone-number": ("1", FROM_NDELIUS), "pdu": ("North", FROM_NDELIUS), "office": ("", FROM_NDELIUS),
        "team-phone-number": ("2", FROM_NDELIUS),
    }  # fmt: skip
    assert taken_over(draft(Kind.COMMUNITY), OFFICER) == NOW


@pytest.mark.parametrize("officer", [None, Officer(), OFFICER.model_copy(update={"unallocated": True, "pdu": None})])
def test_without_an_officer_name_and_unit_are_missing(officer: Officer | None) -> None:
    known = known_details(draft(Kind.COMMUNITY), officer)
    assert missing(known) == [
        ("Add the probation practitioner’s name", "change-name"),
        ("Add the PDU (Probation Delivery Unit)", "change-pdu"),
    ]


def test_once_something_is_kept_ndelius_is_not_asked_again() -> None:
    found = told(OFFICER, ndeliusPPName="Jo", ppPdu="South", ndeliusPDU="West")
    assert found["name"] == ("Jo", FROM_NDELIUS)
    assert found["pdu"] == ("South", CHANGED)
    assert found["email-address"] == ("", FROM_NDELIUS)
    assert taken_over(draft(Kind.COMMUNITY, {"ndeliusPDU": "West"}), OFFICER) == {}


def test_what_was_entered_while_ndelius_was_away_stands_beside_what_it_says_later() -> None:
    found = told(OFFICER, ppName="Jo")
    assert (found["name"], found["email-address"]) == (("Jo", CHANGED), ("b@b.gov.uk", FROM_NDELIUS))
    assert taken_over(draft(Kind.COMMUNITY, {"ppName": "Jo"}), OFFICER) == NOW


def test_an_entry_that_says_what_ndelius_says_is_no_change() -> None:
    assert told(None, ndeliusPPName="Jo", ppName="Jo")["name"] == ("Jo", FROM_NDELIUS)


@pytest.mark.parametrize(
    ("name", "value", "fields"),
    [
        ("email-address", "x@y.gov.uk", {"ppEmailAddress": "x@y.gov.uk"}),
        ("email-address", "", {"ppEmailAddress": "", "ndeliusPPEmailAddress": ""}),
        ("office", "", {"ppProbationOffice": ""}),
    ],
)
def test_an_empty_answer_takes_away_what_ndelius_has_too(name: str, value: str, fields: dict[str, str]) -> None:
    assert changed(DETAILS[name], value) == fields
