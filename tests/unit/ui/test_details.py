"""What a referral says, as cards of rows, for each kind of referral and reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from throughcare.ui.card.model import Card
from throughcare.ui.details.model import NO_CASE, NO_PRISONS, NO_RISK, Contact, Facts, Passage, Reader, cards_of
from throughcare.ui.peers.case import CaseRecord
from throughcare.ui.peers.catalogue import Intervention
from throughcare.ui.peers.drafts import DraftRisk, Written

CATEGORY, OTHER = "428ee70f-3001-4399-95a6-ad25eaaede16", "ca374ac3-84eb-4b91-bea7-9005398f426f"
LEVEL, OUTCOME = "d0db50b0-4a50-4fc7-a006-9c97530e38b2", "3ecf4b60-7973-419a-b8c3-ef54b078ef00"
CUSTODY = {"personCurrentLocationType": "CUSTODY", "personCustodyPrisonId": "MDI"}
WRITTEN = {
    "id": "01a22456-1774-7230-a36d-3d19aa0332a6", "createdAt": "2024-03-04T09:00:00Z", "interventionId": CATEGORY,
    "serviceUser": {"crn": "X123456", "firstName": "jo", "lastName": "o'HARA-smith", "dateOfBirth": "1990-02-03",
                    "preferredLanguage": "Welsh", "disabilities": ["Dyslexia", "Asthma"]},
    "serviceProvider": {"name": "Harmony"}, "contractTypeName": "Accommodation",
    "dynamicFrameworkContractReference": "C1", "personCurrentLocationType": "COMMUNITY",
    "serviceCategoryIds": [CATEGORY], "complexityLevels": [{"serviceCategoryId": CATEGORY, "complexityLevelId": LEVEL}],
    "desiredOutcomes": [{"serviceCategoryId": CATEGORY, "desiredOutcomesIds": [OUTCOME]}], "relevantSentenceId": 7,
    "maximumEnforceableDays": 0, "completionDeadline": "2024-09-01", "reasonForReferral": "Homeless",
    "reasonForReferralFurtherInformation": "Ring first", "needsInterpreter": True, "interpreterLanguage": "Welsh",
    "hasAdditionalResponsibilities": False, "ndeliusPPName": "Bernard Beaks", "ndeliusPhoneNumber": "0114 496 0000",
    "ndeliusPDU": "Sheffield", "ppPduIsUnknown": "x",
}  # fmt: skip
CATALOGUE = {
    "id": CATEGORY, "title": "Homes", "description": "", "serviceProvider": {"name": "Harmony"},
    "eligibility": {"minimumAge": 18, "allowsFemale": True, "allowsMale": True},
    "contractType": {"code": "ACC", "name": "Accommodation"},
    "serviceCategories": [{
        "id": CATEGORY, "name": "Accommodation",
        "complexityLevels": [{"id": LEVEL, "title": "Low complexity", "description": "Needs some help"}],
        "desiredOutcomes": [{"id": OUTCOME, "description": "Finds a home"}],
    }],
}  # fmt: skip
CASE = {
    "person": {"crn": "X123456", "name": {"forename": "Jo", "surname": "Hara"}, "dateOfBirth": "1990-02-03",
               "contactDetails": {"mainAddress": {"addressNumber": "4", "streetName": "Low Road", "town": "Leeds",
                                                  "postcode": "LS1 1AA"}, "mobileNumber": "07700 900123"}},
    "officer": {"name": {"forename": "Una", "surname": "Low"}, "telephoneNumber": "0113 496 0001",
                "team": {"description": "T", "telephoneNumber": "0113 496 0002"}},
    "sentences": [{"id": 7, "sentence": {"description": "Order", "expectedEndDate": "2025-01-02"},
                   "mainOffence": {"category": "Theft", "subCategory": "Shoplifting"}}],
}  # fmt: skip
SENT = Passage("AB1234CD", datetime(2024, 3, 5, 9, tzinfo=UTC))


def facts(written: dict[str, object] | None = None, **changes: object) -> Facts:
    made = Facts(
        Written.model_validate({**WRITTEN, **(written or {})}), CaseRecord.model_validate(CASE),
        Intervention.model_validate(CATALOGUE), date(2024, 3, 4), prisons={"MDI": "Moorland (HMP)"},
        prisoner_number="A1234BC", referrer=Contact("Hanifa Oyelaran", "hanifa@probation.example.test"),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def told(cards: list[Card]) -> dict[str, dict[str, str]]:
    """For each card what its rows say to a reader."""
    return {
        card.name: {
            row.label: "; ".join([*([row.tag[0]] if row.tag else []), *row.items, *([row.value] if row.value else [])])
            or row.missing
            for row in card.rows
        }
        for card in cards
    }


def test_a_community_referral_says_everything_in_the_order_of_its_reading() -> None:
    assert told(cards_of(facts())) == {
        "identity-details": {
            "First name": "Jo", "Last name(s)": "O'Hara-Smith", "Date of birth": "3 February 1990 (34 years old)",
            "CRN": "X123456",
        },
        "location": {
            "Location at time of referral": "Community", "Release date": "Not in prison",
            "PDU (Probation Delivery Unit)": "Sheffield",
        },
        "intervention-details": {
            "Intervention type": "Accommodation", "Sentence": "Theft", "Subcategory": "Shoplifting",
            "End of sentence date": "2 January 2025", "Maximum number of enforceable days": "0",
            "Date intervention to be completed by": "1 September 2024",
        },
        f"category-{CATEGORY}": {
            "Reason for the referral": "Homeless", "Further information for the service provider": "Ring first",
            "Complexity level": "Low complexity; Needs some help", "Desired outcomes": "Finds a home",
        },
        "practitioner": {
            "Name": "Bernard Beaks", "Email address": "Not provided", "Phone number": "0114 496 0000",
            "PDU (Probation Delivery Unit)": "Sheffield", "Probation office": "Not provided",
            "Team phone number": "Not provided",
        },
        "back-up": {"Referring officer": "Hanifa Oyelaran", "Email address": "hanifa@probation.example.test"},
        "contact-details": {
            "Address": "4 Low Road\nLeeds\nLS1 1AA", "Phone number": "Not provided", "Mobile number": "07700 900123",
            "Email address": "Not provided",
        },
        "personal-details": {
            "First name": "Jo", "Last name(s)": "O'Hara-Smith", "Date of birth": "3 February 1990 (34 years old)",
            "Sex": "Not provided", "Ethnicity": "Not provided", "Preferred language": "Welsh",
            "Disabilities": "Dyslexia; Asthma", "Religion or belief": "Not provided",
        },
        "needs": {
            "Identify needs": "Not provided", "Mobility, disability or accessibility needs": "Not provided",
            "Interpreter required": "Yes", "Interpreter language": "Welsh", "Primary language": "Welsh",
            "Caring or employment responsibilities": "No",
        },
        "risk": {
            "Who is at risk": "Not provided", "Nature of risk": "Not provided",
            "When risk is likely to be greatest": "Not provided", "Concerns about self-harm": "Not provided",
            "Concerns about suicide": "Not provided", "Concerns about coping in a hostel setting": "Not provided",
            "Concerns about vulnerability": "Not provided", "Additional information": "Not provided",
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "rows"),
    [
        ({**CUSTODY, "expectedReleaseDate": "2024-04-12", "ppProbationOffice": "Leeds: Waterloo"},
         {"Location at time of referral": "Moorland (HMP)", "Expected release date": "12 Apr 2024 (Fri)",
          "Expected probation office": "Leeds: Waterloo"}),
        ({**CUSTODY, "expectedReleaseDateMissingReason": "Parole"},
         {"Location at time of referral": "Moorland (HMP)", "Expected release date": "Not known",
          "Reason why the expected release date is not known": "Parole",
          "Expected PDU (Probation Delivery Unit)": "Sheffield"}),
        ({**CUSTODY, "isReferralReleasingIn12Weeks": True, "expectedReleaseDate": "2024-04-12",
          "expectedProbationOfficeUnKnownReason": "No address yet"},
         {"Location at time of referral": "Moorland (HMP)", "Expected release date": "12 Apr 2024 (Fri)",
          "Expected probation office": "Not known",
          "Reason why the expected probation office is not known": "No address yet"}),
        ({**CUSTODY, "isReferralReleasingIn12Weeks": False}, {"Location at time of referral": "Moorland (HMP)"}),
        ({"personCurrentLocationType": None},
         {"Location at time of referral": "Not provided", "Release date": "Not in prison",
          "PDU (Probation Delivery Unit)": "Sheffield"}),
        ({"ppProbationOffice": "Leeds: Waterloo"},
         {"Location at time of referral": "Community", "Release date": "Not in prison",
          "Probation office": "Leeds: Waterloo"}),
    ],
)  # fmt: skip
def test_each_kind_of_referral_says_where_the_person_is_and_will_be(
    written: dict[str, object], rows: dict[str, str]
) -> None:
    cards = told(cards_of(facts(written)))
    assert cards["location"] == rows
    assert cards["identity-details"].get("Prison number") == ("A1234BC" if "personCustodyPrisonId" in written else None)


def test_without_a_practitioner_the_main_point_of_contact_stands_in() -> None:
    contact = {
        **CUSTODY, "isReferralReleasingIn12Weeks": True, "ppName": "Hanifa Oyelaran", "roleOrJobTitle": "Key worker",
        "ppEmailAddress": "h@justice.gov.uk", "ppEstablishment": "MDI",
        "reasonForReferralCreationBeforeAllocation": "Released soon",
    }  # fmt: skip
    cards = told(cards_of(facts(contact)))
    assert cards["contact"] == {
        "Name": "Hanifa Oyelaran", "Role or job title": "Key worker", "Email address": "h@justice.gov.uk",
        "Phone number": "0114 496 0000", "Prison establishment": "Moorland (HMP)",
        "Reason why referral is made before a practitioner is allocated": "Released soon",
    }  # fmt: skip
    assert "practitioner" not in cards
    assert "back-up" not in cards, "who refers is the contact"


def test_the_reason_is_said_once_for_every_category_of_a_cohort() -> None:
    first = CATALOGUE["serviceCategories"][0]  # type: ignore[index]
    categories = [{**first, "id": OTHER, "name": "Work"}, first]
    cohort = Intervention.model_validate({**CATALOGUE, "serviceCategories": categories})
    cards = told(cards_of(facts({"serviceCategoryIds": [OTHER, CATEGORY]}, intervention=cohort)))
    assert cards["contract"] == {
        "Reason for the referral": "Homeless", "Further information for the service provider": "Ring first",
        "Selected services": "Accommodation; Work",
    }  # fmt: skip
    assert list(cards)[3:6] == ["intervention-details", f"category-{CATEGORY}", f"category-{OTHER}"]
    assert cards[f"category-{OTHER}"] == {"Complexity level": "Not provided", "Desired outcomes": "Not provided"}


@pytest.mark.parametrize(
    ("reader", "phone", "said", "officer"),
    [(Reader.PRACTITIONER, "Not provided", "Date referral submitted", {"Name", "Email address", "Team email address"}),
     (Reader.PROVIDER, "0114 496 0000", "Date intervention received",
      {"Name", "Phone number", "Email address", "Team phone number", "Team email address"})],
)  # fmt: skip
def test_numbers_of_the_case_record_are_for_the_provider(
    reader: Reader, phone: str, said: str, officer: set[str]
) -> None:
    cards = told(cards_of(facts(reader=reader, sent=replace(SENT, concluded_at=SENT.sent_at))))
    assert cards["practitioner"]["Phone number"] == phone
    assert cards["intervention-details"][said] == "5 March 2024"
    assert cards["intervention-details"]["Date intervention completed or withdrawn"] == "5 March 2024"
    assert set(cards["officer"]) == officer
    assert cards["officer"]["Email address"] == "Not provided – messages go to the referring officer"
    assert cards["identity-details"]["Referral number"] == "AB1234CD"


def test_what_could_not_be_loaded_is_not_told_as_missing() -> None:
    away = facts({**CUSTODY, "isReferralReleasingIn12Weeks": False}, case=CaseRecord(), prisons=None, risk_away=True,
                 sent=SENT)  # fmt: skip
    cards = told(cards_of(away))
    assert cards["location"] == {"Prison establishment": NO_PRISONS}
    assert cards["intervention-details"]["Sentence"] == NO_CASE
    assert cards["officer"] == {"Name": NO_CASE}
    assert set(cards["contact-details"].values()) == {NO_CASE}
    assert set(cards["risk"].values()) == {NO_RISK}


def test_risk_is_told_as_it_was_written_also_in_one_text() -> None:
    risk = DraftRisk(risk_summary_who_is_at_risk="Neighbours", additional_information="None")
    told_risk = told(cards_of(facts(risk=risk)))["risk"]
    assert (told_risk["Who is at risk"], told_risk["Additional information"]) == ("Neighbours", "None")
    assert told(cards_of(facts({"additionalRiskInformation": "Anxious"})))["risk"] == {
        "Additional information": "Anxious"
    }
