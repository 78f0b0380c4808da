"""Everything that can be changed about a sent referral, one entry a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from throughcare.ui.amendment import schemas
from throughcare.ui.peers.catalogue import Category
from throughcare.ui.peers.drafts import Written
from throughcare.ui.referral.model import Frame

Answers = Mapping[str, Any]
REASON = "What is the reason for changing this?"
ELIGIBLE = "Changing this may affect whether the person can use this service."


@dataclass(frozen=True)
class Question:
    """A question of a page; ``below`` names for a value the question that is asked while it is chosen.

    ``type`` is that of a line: ``text``, ``number``, ``email`` or ``tel``.
    """

    name: str
    label: str
    hint: str = ""
    below: Mapping[str, Question] = field(default_factory=dict)
    type: str = "text"


@dataclass(frozen=True)
class Subject:
    """What is changed: a referral, or one service category of it. ``places`` names prisons by their ids."""

    frame: Frame
    category: Category | None = None
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def written(self) -> Written:
        """What the practitioner wrote."""
        return self.frame.referral.referral


@dataclass(frozen=True)
class Amendment:
    """One page. ``now`` gives the answers as they stand, ``body`` a request from new ones; ``what`` ends its address.

    ``fixed`` marks what cannot be changed once an action plan is approved; ``warned`` pages come after one that warns.
    ``differs`` names answers that must be other ones than before, with a word for each.
    """

    page_id: str
    path: str
    title: str
    form: type[schemas.AmendForm]
    what: str
    questions: Sequence[Question]
    now: Callable[[Subject], dict[str, Any]]
    body: Callable[[Subject, Answers], dict[str, Any]]
    fixed: bool = False
    warned: str = ""
    note: str = ""
    differs: Mapping[str, str] = field(default_factory=dict)

    @property
    def asks_why(self) -> bool:
        """Whether a reason for the change is asked for."""
        return issubclass(self.form, schemas.ReasonedForm)

    def heading(self, subject: Subject) -> str:
        """The title of the page."""
        category = subject.category.name if subject.category else ""
        return self.title.format(person=subject.frame.referral.person, category=category)

    def unchanged_error(self, new: Answers) -> tuple[str, str] | None:
        """What is wrong with answers that are as before, and the name of the one that is; None on most pages."""
        same = next(((name, word) for name, word in self.differs.items() if new[name]), None)
        return (f"Enter a different {same[1]}, or go back to keep this one", same[0]) if same else None


def yes_no(said: bool | None) -> str | None:
    """An answer of a form for one of a referral."""
    return None if said is None else "yes" if said else "no"


def _one(name: str, label: str, hint: str = "", kind: str = "text") -> tuple[Question, ...]:
    return (Question(name, label, hint, type=kind),)


def _practitioner(
    page_id: str, end: str, title: str, form: type[schemas.AmendForm], question: Question, wire: str,
    now: Callable[[Subject], Any],
) -> Amendment:  # fmt: skip
    name, word = question.name, question.label.lower()
    return Amendment(
        page_id, f"/amend-{end}", title, form, name.replace("_", "-"), (question,),
        lambda subject: {name: now(subject) or ""}, lambda _, new: {wire: new[name]}, differs={name: word},
    )  # fmt: skip


def _prison(subject: Subject, new: Answers) -> dict[str, Any]:
    chosen, before = new["amend_prison_establishment"], subject.written.person_custody_prison_id or ""
    return {
        "personCustodyPrisonId": chosen, "oldPrisonEstablishment": subject.places.get(before, "Not provided"),
        "newPrisonEstablishment": subject.places.get(chosen, chosen),
    }  # fmt: skip


def _release(_: Subject, new: Answers) -> dict[str, Any]:
    if new["release_date"] == "yes":
        return {"expectedReleaseDate": new["amend_expected_release_date"].isoformat()}
    return {"expectedReleaseDateMissingReason": new["amend_date_unknown_reason"]}


def _release_now(subject: Subject) -> dict[str, Any]:
    known = subject.written.expected_release_date
    return {
        "release_date": "yes" if known else "no" if subject.written.expected_release_date_missing_reason else None,
        "amend_expected_release_date": known,
        "amend_date_unknown_reason": subject.written.expected_release_date_missing_reason or "",
    }


def _level_now(subject: Subject) -> dict[str, Any]:
    level = subject.written.level_of(subject.category.id) if subject.category else None
    return {"complexity_level_id": str(level) if level else None}


def _outcomes_now(subject: Subject) -> dict[str, Any]:
    chosen = subject.written.outcomes_of(subject.category.id) if subject.category else []
    return {"desired_outcomes_ids": sorted(str(one) for one in chosen)}


NEEDS = "amend-needs-and-requirements"
AMENDMENTS = (
    Amendment(
        "AM-01", "/update-maximum-enforceable-days", "Change how many days are used for {person}", schemas.DaysForm,
        "referral-details",
        _one("maximum_enforceable_days", "Maximum number of enforceable days", "From 1 to 40", "number"),
        lambda subject: {"maximum_enforceable_days": str(subject.written.maximum_enforceable_days or "")},
        lambda _, new: {"maximumEnforceableDays": int(new["maximum_enforceable_days"])},
    ),
    Amendment(
        "AM-02", "/update-completion-deadline", "Change the date by which {person}’s service is completed",
        schemas.DeadlineForm, "referral-details", _one("completion_deadline", "Completion date"),
        lambda subject: {"completion_deadline": subject.written.completion_deadline},
        lambda _, new: {"completionDeadline": new["completion_deadline"].isoformat()},
    ),
    Amendment(
        "AM-03", "/service-category/{category_id:uuid}/update-complexity-level",
        "Change the complexity level of the {category} service", schemas.LevelForm,
        "service-category/{category}/amend-complexity-level", _one("complexity_level_id", "Complexity level"),
        _level_now, lambda _, new: {"complexityLevelId": new["complexity_level_id"]}, fixed=True,
    ),
    Amendment(
        "AM-04", "/{category_id:uuid}/update-desired-outcomes",
        "Change the desired outcomes of the {category} service", schemas.OutcomesForm,
        "service-category/{category}/amend-desired-outcomes", _one("desired_outcomes_ids", "Desired outcomes"),
        _outcomes_now, lambda _, new: {"desiredOutcomesIds": list(new["desired_outcomes_ids"])}, fixed=True,
    ),
    Amendment(
        "AM-05", "/update-additional-information", "Change the additional information about {person}’s needs",
        schemas.AdditionalForm, f"{NEEDS}/identify-needs",
        _one("additional_information", "Additional information about needs"),
        lambda subject: {"additional_information": subject.written.additional_needs_information or ""},
        lambda _, new: {"additionalNeedsInformation": new["additional_information"]},
    ),
    Amendment(
        "AM-06", "/update-accessibility-needs", "Change {person}’s mobility, disability or accessibility needs",
        schemas.AccessibilityForm, f"{NEEDS}/accessibility-needs",
        _one(
            "accessibility_needs", "Mobility, disability or accessibility needs",
            "For example, a wheelchair, a hearing aid or a learning difficulty.",
        ),
        lambda subject: {"accessibility_needs": subject.written.accessibility_needs or ""},
        lambda _, new: {"accessibilityNeeds": new["accessibility_needs"]},
    ),
    Amendment(
        "AM-07", "/interpreter-needs", "Change whether {person} needs an interpreter", schemas.InterpreterForm,
        f"{NEEDS}/interpreter-required",
        (Question(
            "needs_interpreter", "Is an interpreter needed?",
            below={"yes": Question("interpreter_language", "Language")},
        ),),
        lambda subject: {
            "needs_interpreter": yes_no(subject.written.needs_interpreter),
            "interpreter_language": subject.written.interpreter_language or "",
        },
        lambda _, new: {
            "needsInterpreter": new["needs_interpreter"] == "yes",
            "interpreterLanguage": new["interpreter_language"] or None,
        },
    ),
    Amendment(
        "AM-08", "/employment-responsibilities", "Change {person}’s caring or employment responsibilities",
        schemas.ResponsibilitiesForm, f"{NEEDS}/additional-responsibilities",
        (Question(
            "has_additional_responsibilities", "Are there caring or employment responsibilities?",
            below={"yes": Question("when_unavailable", "When will they not be able to attend sessions?")},
        ),),
        lambda subject: {
            "has_additional_responsibilities": yes_no(subject.written.has_additional_responsibilities),
            "when_unavailable": subject.written.when_unavailable or "",
        },
        lambda _, new: {
            "hasAdditionalResponsibilities": new["has_additional_responsibilities"] == "yes",
            "whenUnavailable": new["when_unavailable"] or None,
        },
    ),
    Amendment(
        "AM-09", "/amend-reason-for-referral", "Change the reason for the referral and further information",
        schemas.ReasonForm, "referral-details",
        (
            Question("amend_reason_for_referral", "Reason for the referral"),
            Question("amend_reason_for_referral_further_information", "Further information for the service provider"),
        ),
        lambda subject: {
            "amend_reason_for_referral": subject.written.reason_for_referral or "",
            "amend_reason_for_referral_further_information": (
                subject.written.reason_for_referral_further_information or ""
            ),
        },
        lambda _, new: {
            "reasonForReferral": new["amend_reason_for_referral"],
            "reasonForReferralFurtherInformation": new["amend_reason_for_referral_further_information"],
            "reasonForChange": "The reason for the referral was changed",
        },
    ),
    Amendment(
        "AM-10", "/amend-prison-establishment", "Change {person}’s prison establishment", schemas.PrisonForm,
        "amend-prison-establishment", _one("amend_prison_establishment", "Prison establishment"),
        lambda subject: {"amend_prison_establishment": subject.written.person_custody_prison_id or ""}, _prison,
        note=ELIGIBLE,
    ),
    Amendment(
        "AM-11", "/amend-expected-release-date", "Change {person}’s expected release date", schemas.ReleaseForm,
        "amend-expected-release-date",
        (Question(
            "release_date", "Do you know the expected release date?",
            below={
                "yes": Question("amend_expected_release_date", "Expected release date"),
                "no": Question("amend_date_unknown_reason", "Why is the expected release date not known?"),
            },
        ),),
        _release_now, _release,
        differs={"amend_expected_release_date": "date", "amend_date_unknown_reason": "reason"},
    ),
    Amendment(
        "AM-12", "/amend-expected-probation-office", "Change {person}’s expected probation office",
        schemas.OfficeForm, "amend-expected-probation-office", _one("probation_office", "Expected probation office"),
        lambda subject: {"probation_office": subject.written.expected_probation_office or ""},
        lambda _, new: {"probationOffice": new["probation_office"]}, warned="/confirm-amend-expected-probation-office",
    ),
    Amendment(
        "AM-13", "/amend-pp-probation-office", "Change the probation practitioner’s office", schemas.OfficeForm,
        "amend-pp-probation-office", _one("probation_office", "Probation office"),
        lambda subject: {"probation_office": subject.written.pp_probation_office or ""},
        lambda _, new: {"probationOffice": new["probation_office"]}, warned="/confirm-amend-pp-probation-office",
    ),
    _practitioner(
        "AM-14", "probation-practitioner-name", "Change the probation practitioner’s name", schemas.NameForm,
        Question("amend_probation_practitioner_name", "Name"), "ppName",
        lambda subject: subject.written.pp_name or subject.written.ndelius_pp_name,
    ),
    _practitioner(
        "AM-15", "probation-practitioner-email", "Change the probation practitioner’s email address", schemas.EmailForm,
        Question("amend_probation_practitioner_email", "Email address", type="email"), "ppEmail",
        lambda subject: subject.written.pp_email_address or subject.written.ndelius_pp_email_address,
    ),
    _practitioner(
        "AM-16", "probation-practitioner-phone-number", "Change the probation practitioner’s phone number",
        schemas.PhoneForm, Question("amend_probation_practitioner_phone_number", "Phone number", type="tel"),
        "ppPhoneNumber",
        lambda subject: subject.written.pp_phone_number or subject.written.ndelius_phone_number,
    ),
    _practitioner(
        "AM-17", "team-phone-number", "Change the team phone number", schemas.TeamPhoneForm,
        Question("amend_probation_practitioner_team_phone_number", "Team phone number", type="tel"),
        "ppTeamPhoneNumber",
        lambda subject: subject.written.pp_team_phone_number or subject.written.ndelius_team_phone_number,
    ),
)  # fmt: skip
"""In the order of their page ids. What an amendment of a reason for referral gives as its own reason is fixed: nobody
is asked for it, and the change log needs one."""


def unchanged(now: Answers, new: Answers) -> bool:
    """Whether the new answers say what stands there already."""
    same = (
        {**new, "desired_outcomes_ids": sorted(new["desired_outcomes_ids"])} if "desired_outcomes_ids" in new else new
    )
    return all((same.get(name) or None) == (value or None) for name, value in now.items())
