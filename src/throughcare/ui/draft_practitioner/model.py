"""Whom the provider can ask about a person: what nDelius says of their officer, and what the practitioner corrects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from throughcare.ui.peers.case import Officer
from throughcare.ui.peers.drafts import Written

FROM_NDELIUS, CHANGED = "From nDelius", "Changed by you"


@dataclass(frozen=True)
class Detail:
    """A detail of the officer: ``own`` and ``ndelius`` are its fields in a draft as corrected and as nDelius has it.

    ``deleted_as`` is its name in the address of the page that deletes it, None where it must be given.
    """

    name: str
    label: str
    own: str
    ndelius: str
    page_id: str
    heading: str
    deleted_as: str | None = None

    @property
    def page(self) -> str:
        """The page that changes it."""
        return f"update-probation-practitioner-{self.name}"

    @property
    def words(self) -> str:
        """The label inside a sentence."""
        return self.label if self.label.startswith("PDU") else self.label[0].lower() + self.label[1:]


DETAILS = {
    one.name: one
    for one in (
        Detail("name", "Name", "ppName", "ndeliusPPName", "MR-07", "Update probation practitioner name"),
        Detail("email-address", "Email address", "ppEmailAddress", "ndeliusPPEmailAddress", "MR-08",
               "Update probation practitioner email address", "email-address"),
        Detail("phone-number", "Phone number", "ppPhoneNumber", "ndeliusPhoneNumber", "MR-09",
               "Update probation practitioner phone number", "phone-number"),
        Detail("pdu", "PDU (Probation Delivery Unit)", "ppPdu", "ndeliusPDU", "MR-10",
               "Update PDU (Probation Delivery Unit)"),
        Detail("office", "Probation office", "ppProbationOffice", "", "MR-11", "Update probation office",
               "probation-office"),
        Detail("team-phone-number", "Team phone number", "ppTeamPhoneNumber", "ndeliusTeamPhoneNumber", "MR-12",
               "Update team phone number", "team-phone-number"),
    )
}  # fmt: skip
DELETED = {one.deleted_as: one for one in DETAILS.values() if one.deleted_as}
NEEDED = {
    "name": "Add the probation practitioner’s name", "pdu": "Add the PDU (Probation Delivery Unit)"
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What is known of a detail, and where it comes from."""

    detail: Detail
    value: str
    source: str


def known_details(draft: Written, officer: Officer | None) -> Sequence[Known]:
    """Every detail: as it was entered, or else as nDelius has it; as nDelius had it once that is kept in the draft."""
    kept, now = draft.model_dump(by_alias=True), _of_officer(officer)
    taken, found = _taken(kept), []
    for name, one in DETAILS.items():
        own, theirs = kept[one.own] or "", (kept.get(one.ndelius) if taken else now.get(name)) or ""
        found.append(Known(one, own or theirs, CHANGED if own and own != theirs else FROM_NDELIUS))
    return found


def missing(known: Sequence[Known]) -> list[tuple[str, str]]:
    """What must still be given: an error, and the id of the link that leads to it."""
    return [
        (NEEDED[one.detail.name], f"change-{one.detail.name}")
        for one in known
        if one.detail.name in NEEDED and not one.value
    ]


def taken_over(draft: Written, officer: Officer | None) -> Mapping[str, str]:
    """The fields that keep in a draft what nDelius has now; none once something of it is kept."""
    now = _of_officer(officer)
    if _taken(draft.model_dump(by_alias=True)):
        return {}
    return {one.ndelius: now[name] for name, one in DETAILS.items() if one.ndelius and now.get(name)}


def changed(detail: Detail, value: str) -> Mapping[str, str]:
    """The fields that give a detail another value; an empty one takes away also what nDelius has."""
    return {detail.own: value} if value else dict.fromkeys(filter(None, (detail.own, detail.ndelius)), "")


def _taken(kept: Mapping[str, object]) -> bool:
    return any(kept.get(one.ndelius) for one in DETAILS.values())


def _of_officer(officer: Officer | None) -> Mapping[str, str]:
    if officer is None:
        return {}
    name = "" if officer.unallocated or officer.name is None else officer.name.full
    return {
        "name": name, "email-address": officer.email or "", "phone-number": officer.telephone_number or "",
        "pdu": officer.pdu.description if officer.pdu else "",
        "team-phone-number": (officer.team.telephone_number if officer.team else None) or "",
    }  # fmt: skip
