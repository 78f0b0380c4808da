"""What a referral says, as cards of rows: for the last check before it is sent, and for whoever reads it afterwards.

Rows have names that do not change, so that each page can say which of them lead where.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from throughcare.kit.web.wording import born, day, weekday
from throughcare.ui.card.model import NOT_PROVIDED, Card, Row
from throughcare.ui.draft.model import Kind, kind_of
from throughcare.ui.peers.case import CasePerson, CaseRecord, CaseSentence
from throughcare.ui.peers.catalogue import Category, Intervention, Outcome
from throughcare.ui.peers.drafts import DraftRisk, Written

NO_CASE = "Not available – nDelius is not answering"
NO_PRISONS = "Not available – the list of prisons could not be loaded"
NO_NUMBER = "Not available – not found in the prison system"
NO_RISK = "Not available – could not be loaded"
NO_NAME = "Not available – the account could not be loaded"
NOBODY = "Not provided – messages go to the referring officer"
COLOURS = {"low": "green", "medium": "blue", "high": "red"}
CONCERNS: Sequence[tuple[str, str]] = (
    ("risk_summary_who_is_at_risk", "Who is at risk"),
    ("risk_summary_nature_of_risk", "Nature of risk"),
    ("risk_summary_risk_imminence", "When risk is likely to be greatest"),
    ("risk_to_self_self_harm", "Concerns about self-harm"),
    ("risk_to_self_suicide", "Concerns about suicide"),
    ("risk_to_self_hostel_setting", "Concerns about coping in a hostel setting"),
    ("risk_to_self_vulnerability", "Concerns about vulnerability"),
    ("additional_information", "Additional information"),
)
"""The texts about risk by their names in a draft, and what each is called."""


class Reader(Enum):
    """Who reads: the practitioner who writes it, a practitioner afterwards, or somebody of the provider."""

    WRITER = "writer"
    PRACTITIONER = "practitioner"
    PROVIDER = "provider"


@dataclass(frozen=True)
class Contact:
    """The name and email address of somebody; None where they are not known."""

    name: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class Passage:
    """What happened to a referral since it was sent."""

    reference_number: str
    sent_at: datetime
    concluded_at: datetime | None = None


@dataclass(frozen=True)
class Facts:
    """Everything that the cards are made of.

    ``case`` has the parts of the case record that could be had. ``prisons`` are names by id, None when they could not
    be had. ``risk`` is None when nothing was written, or ``risk_away`` when it could not be had. ``referrer`` is who
    sends, or sent, the referral. ``sent`` is None before that.
    """

    written: Written
    case: CaseRecord
    intervention: Intervention
    today: date
    reader: Reader = Reader.WRITER
    prisons: Mapping[str, str] | None = None
    prisoner_number: str | None = None
    risk: DraftRisk | None = None
    risk_away: bool = False
    referrer: Contact = field(default_factory=Contact)
    sent: Passage | None = None

    @property
    def person(self) -> str:
        """The person's name."""
        return self.written.service_user.name

    @property
    def in_prison(self) -> bool:
        """Whether the person is in prison."""
        kind = kind_of(self.written)
        return kind is not None and kind.in_prison

    @property
    def categories(self) -> Sequence[Category]:
        """The chosen categories, by name."""
        chosen = set(self.written.service_category_ids)
        return sorted((one for one in self.intervention.service_categories if one.id in chosen), key=lambda x: x.name)

    @property
    def is_cohort(self) -> bool:
        """Whether one referral may be for several categories."""
        return len(self.intervention.service_categories) > 1

    @property
    def sentence(self) -> CaseSentence | None:
        """The sentence that the referral is for."""
        every = self.case.sentences or []
        return next((one for one in every if one.id == self.written.relevant_sentence_id), None)


def cards_of(facts: Facts) -> list[Card]:
    """Every card of a referral in the order in which it is read."""
    return [
        _identity(facts), _location(facts), *_services(facts), *_practitioner(facts), *_officer(facts),
        *_back_up(facts), contact_card(facts.case.person), personal_card(facts.written, facts.today), _needs(facts),
        _risk(facts),
    ]  # fmt: skip


def _identity(facts: Facts) -> Card:
    user, sent = facts.written.service_user, facts.sent
    rows = [
        Row("first-name", "First name", _titled(user.first_name)),
        Row("last-name", "Last name(s)", _titled(user.last_name)),
        Row("date-of-birth", "Date of birth", born(user.date_of_birth, facts.today) if user.date_of_birth else None),
        Row("crn", "CRN", user.crn),
        *([Row("referral-number", "Referral number", sent.reference_number)] if sent else []),
    ]
    if facts.in_prison:
        rows.append(Row("prison-number", "Prison number", facts.prisoner_number, missing=NO_NUMBER))
    return Card("identity-details", "Identity details", rows)


def _location(facts: Facts) -> Card:
    if not facts.in_prison:
        place = None if facts.written.person_current_location_type is None else "Community"
        rows = [
            Row("location", "Location at time of referral", place),
            Row("release-date", "Release date", "Not in prison"), *_office(facts),
        ]  # fmt: skip
        return Card("location", f"{facts.person}’s current location and release details", rows)
    kind, prison = kind_of(facts.written), facts.written.person_custody_prison_id
    label = "Prison establishment" if facts.sent else "Location at time of referral"
    known = (facts.prisons or {}).get(prison or "")
    away = NO_PRISONS if prison and facts.prisons is None else NOT_PROVIDED
    where = Row("prison", label, known or (prison if facts.prisons is not None else None), missing=away)
    if kind is Kind.CUSTODIAL:
        return Card("location", f"{facts.person}’s location", [where])
    title = f"{facts.person}’s current location and expected release details"
    return Card("location", title, [where, *_release(facts.written), *_office(facts)])


def _release(written: Written) -> Iterator[Row]:
    reason = written.expected_release_date_missing_reason
    known = weekday(written.expected_release_date) if written.expected_release_date else None
    yield Row("expected-release-date", "Expected release date", known or ("Not known" if reason else None))
    if reason:
        yield Row("release-date-reason", "Reason why the expected release date is not known", reason)


def _office(facts: Facts) -> Iterator[Row]:
    written, kind = facts.written, kind_of(facts.written)
    pdu = written.pp_pdu or written.ndelius_pdu
    if kind is Kind.UNALLOCATED:
        reason = written.expected_probation_office_unknown_reason
        office = written.expected_probation_office or ("Not known" if reason else None)
        yield Row("expected-probation-office", "Expected probation office", office)
        if reason:
            yield Row("office-reason", "Reason why the expected probation office is not known", reason)
    elif kind is Kind.PRE_RELEASE:
        expected = written.expected_probation_office or written.pp_probation_office
        if expected:
            yield Row("expected-probation-office", "Expected probation office", expected)
        else:
            yield Row("expected-pdu", "Expected PDU (Probation Delivery Unit)", pdu)
    elif kind is Kind.COMMUNITY and written.pp_probation_office:
        yield Row("location-office", "Probation office", written.pp_probation_office)
    else:
        yield Row("location-pdu", "PDU (Probation Delivery Unit)", pdu)


def _services(facts: Facts) -> Iterator[Card]:
    """The reason is said once for all the categories of a cohort, and beside its only category otherwise."""
    if facts.is_cohort:
        chosen = [one.name for one in facts.categories]
        rows = [*_reason(facts.written), Row("service-categories", "Selected services", items=chosen)]
        yield Card("contract", f"{facts.intervention.contract_type.name} intervention", rows)
    yield _intervention(facts)
    for category in facts.categories:
        said = [] if facts.is_cohort else _reason(facts.written)
        yield Card(f"category-{category.id}", f"{category.name} intervention", [*said, *_chosen(facts, category)])


def _reason(written: Written) -> Sequence[Row]:
    further = written.reason_for_referral_further_information or written.further_information
    return [
        Row("reason-for-referral", "Reason for the referral", written.reason_for_referral),
        Row("further-information", "Further information for the service provider", further),
    ]


def _intervention(facts: Facts) -> Card:
    written, sentence, sent = facts.written, facts.sentence, facts.sent
    chosen = written.relevant_sentence_id is not None
    missing = NO_CASE if chosen and facts.case.sentences is None else NOT_PROVIDED
    ends = sentence.sentence.expected_end_date if sentence else None
    days, due = written.maximum_enforceable_days, written.completion_deadline
    said = "Date intervention received" if facts.reader is Reader.PROVIDER else "Date referral submitted"
    rows = [
        Row("intervention-type", "Intervention type", facts.intervention.contract_type.name),
        Row("relevant-sentence", "Sentence", sentence.main_offence.category if sentence else None, missing=missing),
        Row("subcategory", "Subcategory", sentence.main_offence.sub_category if sentence else None, missing=missing),
        Row("sentence-end", "End of sentence date", day(ends) if ends else None, missing=missing),
        Row("enforceable-days", "Maximum number of enforceable days", None if days is None else str(days)),
        *([Row("sent-at", said, day(sent.sent_at))] if sent else []),
        Row("completion-deadline", "Date intervention to be completed by", day(due) if due else None),
    ]
    if sent and sent.concluded_at:
        rows.append(Row("concluded-at", "Date intervention completed or withdrawn", day(sent.concluded_at)))
    return Card("intervention-details", "Intervention details", rows)


def _chosen(facts: Facts, category: Category) -> Iterator[Row]:
    chosen = facts.written.level_of(category.id)
    level = next((one for one in category.complexity_levels if one.id == chosen), None)
    yield Row(
        f"complexity-level:{category.id}", "Complexity level", level.description if level else None,
        tag=level_tag(level.title) if level else None,
    )  # fmt: skip
    outcomes = _outcomes(facts.written, category)
    yield Row(f"desired-outcomes:{category.id}", "Desired outcomes", items=[one.description for one in outcomes])


def _outcomes(written: Written, category: Category) -> Sequence[Outcome]:
    chosen = set(written.outcomes_of(category.id))
    return [one for one in category.desired_outcomes if one.id in chosen]


def level_tag(title: str) -> tuple[str, str]:
    """The tag of a complexity level: its title and its colour."""
    return title, COLOURS.get(title.split(maxsplit=1)[0].lower(), "grey")


def _practitioner(facts: Facts) -> Iterator[Card]:
    written, kind = facts.written, kind_of(facts.written)
    phone = _number(facts, written.pp_phone_number, written.ndelius_phone_number)
    name = Row("pp-name", "Name", written.pp_name or written.ndelius_pp_name)
    email = Row("pp-email", "Email address", written.pp_email_address or written.ndelius_pp_email_address)
    if kind is None or kind.has_practitioner:
        team = _number(facts, written.pp_team_phone_number, written.ndelius_team_phone_number)
        rows = [
            name, email, Row("pp-phone", "Phone number", phone),
            Row("pp-pdu", "PDU (Probation Delivery Unit)", written.pp_pdu or written.ndelius_pdu),
            Row("pp-office", "Probation office", written.pp_probation_office),
            Row("pp-team-phone", "Team phone number", team),
        ]  # fmt: skip
        yield Card("practitioner", "Probation practitioner details", rows)
        return
    prison = written.pp_establishment
    place = Row("contact-place", "Prison establishment", (facts.prisons or {}).get(prison or "", prison))
    if written.pp_probation_office:
        place = Row("contact-place", "Probation office", written.pp_probation_office)
    rows = [name, Row("contact-role", "Role or job title", written.role_or_job_title), email]
    rows += [Row("pp-phone", "Phone number", phone), place]
    if kind is Kind.UNALLOCATED:
        reason = written.reason_for_referral_before_allocation
        rows.append(Row("contact-reason", "Reason why referral is made before a practitioner is allocated", reason))
    yield Card("contact", "Main point of contact details", rows)


def _number(facts: Facts, own: str | None, recorded: str | None) -> str | None:
    """Numbers that only the case record has are for the provider, and for whoever sends them to the provider."""
    return own if facts.reader is Reader.PRACTITIONER else own or recorded


def _officer(facts: Facts) -> Iterator[Card]:
    """Who is responsible now; only of a sent referral, since a draft names its practitioner itself."""
    if facts.sent is None:
        return
    officer, provider = facts.case.officer, facts.reader is Reader.PROVIDER
    if officer is None:
        rows = [Row("officer-name", "Name", missing=NO_CASE)]
    else:
        team = officer.team
        rows = [
            Row("officer-name", "Name", officer.name.full if officer.name else None),
            *([Row("officer-phone", "Phone number", officer.telephone_number)] if provider else []),
            Row("officer-email", "Email address", officer.email, missing=NOBODY),
            *([Row("team-phone", "Team phone number", team.telephone_number if team else None)] if provider else []),
            Row("team-email", "Team email address", team.email if team else None),
        ]
    yield Card("officer", "Responsible officer details", rows)


def _back_up(facts: Facts) -> Iterator[Card]:
    """Who refers, when that is not the practitioner."""
    practitioner, referrer = facts.written.pp_name or facts.written.ndelius_pp_name, facts.referrer
    if referrer.name and practitioner and referrer.name.casefold() == practitioner.casefold():
        return
    rows = [
        Row("referrer-name", "Referring officer", referrer.name, missing=NO_NAME),
        Row("referrer-email", "Email address", referrer.email, missing=NO_NAME),
    ]
    yield Card("back-up", "Back up contact for the referral", rows)


def contact_card(person: CasePerson | None) -> Card:
    """Where a person lives and how to reach them, as the case record has it now."""
    known, missing = (person.contact_details if person else None), NOT_PROVIDED if person else NO_CASE
    address = "\n".join(known.main_address.lines) if known and known.main_address else None
    if known and not address and known.no_fixed_abode:
        address = "No fixed address"
    rows = [
        Row("address", "Address", address, missing=missing),
        Row("phone", "Phone number", known.telephone_number if known else None, missing=missing),
        Row("mobile", "Mobile number", known.mobile_number if known else None, missing=missing),
        Row("email", "Email address", known.email_address if known else None, missing=missing),
    ]
    return Card("contact-details", "Last known address and contact details", rows)


def personal_card(written: Written, today: date) -> Card:
    """What the referral says of the person."""
    user = written.service_user
    rows = [
        Row("personal-first-name", "First name", _titled(user.first_name)),
        Row("personal-last-name", "Last name(s)", _titled(user.last_name)),
        Row("personal-born", "Date of birth", born(user.date_of_birth, today) if user.date_of_birth else None),
        Row("sex", "Sex", user.gender),
        Row("ethnicity", "Ethnicity", user.ethnicity),
        Row("preferred-language", "Preferred language", user.preferred_language),
        Row("disabilities", "Disabilities", items=user.disabilities or ()),
        Row("religion", "Religion or belief", user.religion_or_belief),
    ]
    return Card("personal-details", "Personal details", rows)


def _needs(facts: Facts) -> Card:
    written = facts.written
    rows = [
        Row("identify-needs", "Identify needs", written.additional_needs_information),
        Row("accessibility-needs", "Mobility, disability or accessibility needs", written.accessibility_needs),
        Row("interpreter-required", "Interpreter required", _yes(written.needs_interpreter)),
    ]
    if written.needs_interpreter:
        rows.append(Row("interpreter-language", "Interpreter language", written.interpreter_language))
    rows.append(Row("primary-language", "Primary language", written.service_user.preferred_language))
    busy = written.has_additional_responsibilities
    rows.append(Row("responsibilities", "Caring or employment responsibilities", _yes(busy)))
    if busy:
        rows.append(Row("when-unavailable", "When they will not be able to attend sessions", written.when_unavailable))
    return Card("needs", f"{facts.person}’s needs and requirements", rows)


def _risk(facts: Facts) -> Card:
    title, legacy = "OASys risk information", facts.written.additional_risk_information
    if facts.risk is None and legacy and not facts.risk_away:
        return Card("risk", title, [Row("additional_information", "Additional information", legacy)])
    missing = NO_RISK if facts.risk_away else NOT_PROVIDED
    rows = [Row(name, label, getattr(facts.risk, name, None), missing=missing) for name, label in CONCERNS]
    return Card("risk", title, rows)


def _titled(name: str | None) -> str | None:
    return name.title() if name else None


def _yes(answer: bool | None) -> str | None:
    return None if answer is None else "Yes" if answer else "No"
