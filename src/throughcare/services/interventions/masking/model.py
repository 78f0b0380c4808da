"""What each column holds, and so what becomes of it in a copy for a test environment.

Every column that can hold words or a date is classified here; a copy with one that is not is not masked at all. Ids,
reference numbers, numbers, answers of yes or no and moments stay: what a copy tells is what happened to nobody known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds. Those of the person have the same new value wherever that person appears."""

    KEPT = "a code, a term or something public"
    CRN = "the person's CRN"
    FIRST_NAME = "the person's first name"
    LAST_NAME = "the person's last name"
    FULL_NAME = "the person's whole name in lower case"
    BIRTH = "the person's date of birth"
    DATE = "a date in the person's life, moved by as many days as their others"
    STATED = "what the person says of themselves"
    STATED_LIST = "a list of such"
    LANGUAGE = "a language"
    TEXT = "whatever somebody wrote"
    CODE = "a code, or whatever was written in its place"
    PLACE = "an office or a unit, or whatever was written in its place"
    CHANGE = "values of a field that was changed"
    NAME = "the name of a member of staff"
    USER = "a user name"
    USER_ID = "the id of a user"
    EMAIL = "an e-mail address"
    EMAILS_IN = "a document with e-mail addresses in it"
    TELEPHONE = "a telephone number"
    ADDRESS = "a line of an address"
    POST_CODE = "a postcode"


OF_PERSON = frozenset({Kind.CRN, Kind.FIRST_NAME, Kind.LAST_NAME, Kind.FULL_NAME, Kind.BIRTH, Kind.DATE})


@dataclass(frozen=True)
class Masked:
    """The columns of a table, and the one that holds the id of the referral or draft where the person is needed."""

    columns: Mapping[str, Kind]
    record: str | None = None


def _table(record: str | None = None, **columns: str) -> Masked:
    return Masked({name: Kind[kind.upper()] for kind, names in columns.items() for name in names.split()}, record)


NEEDS = "additional_needs_information accessibility_needs when_unavailable"
DETAILS = """further_information reason_for_referral reason_for_referral_further_information
             reason_for_referral_before_allocation"""
STAFF_EMAILS = "ndelius_pp_email_address pp_email_address"
STAFF_TELEPHONES = "ndelius_phone_number ndelius_team_phone_number pp_phone_number pp_team_phone_number"
STAFF_PLACES = "ndelius_pdu pp_pdu pp_probation_office"
SAID = "title gender ethnicity religion_or_belief"

# Nothing of these is wanted in a copy: what waits to be told or sent, and what was written from the other tables.
EMPTIED = (
    "outbox", "inbox", "idempotency_key", "notification_request", "notification_receipt", "kept_file_part",
    "performance_report", "extract_file",
)  # fmt: skip

REGISTER: Mapping[str, Masked] = {
    "draft_referral": _table(
        "id", crn="crn", first_name="first_name", last_name="last_name", birth="date_of_birth", stated=SAID,
        stated_list="disabilities", language="preferred_language interpreter_language", date="expected_release_date",
        text=f"""additional_risk_information {NEEDS} {DETAILS} expected_release_date_missing_reason
                 expected_probation_office_unknown_reason role_or_job_title pp_establishment""",
        code="person_custody_prison_id", place=f"expected_probation_office {STAFF_PLACES}",
        name="ndelius_pp_name pp_name", email=STAFF_EMAILS, telephone=STAFF_TELEPHONES,
        kept="selection person_current_location_type completion_deadline",
    ),
    "draft_oasys_risk_information": _table(
        text="""risk_summary_who_is_at_risk risk_summary_nature_of_risk risk_summary_risk_imminence
                risk_to_self_suicide risk_to_self_self_harm risk_to_self_hostel_setting risk_to_self_vulnerability
                additional_information""",
    ),
    "referral_service_user_data": _table(
        "referral_id", first_name="first_name", last_name="last_name", birth="date_of_birth", stated=SAID,
        stated_list="disabilities", language="preferred_language",
    ),
    "referral_location": _table(
        "referral_id", date="expected_release_date", code="person_custody_prison_id",
        place="expected_probation_office", kept="person_current_location_type",
        text="expected_release_date_missing_reason expected_probation_office_unknown_reason",
    ),
    "referral_nomis_location": _table(
        "referral_id", code="nomis_prison_id", kept="result",
        date="""nomis_release_date nomis_confirmed_release_date nomis_non_dto_release_date
                nomis_automatic_release_date nomis_post_recall_release_date nomis_conditional_release_date
                nomis_actual_parole_date nomis_discharge_date""",
    ),
    "referral_summary": _table(
        "referral_id", crn="crn", first_name="first_name", last_name="last_name", full_name="full_name",
        date="expected_release_date", place="location", user="assignee", kept="reference_number location_type standing",
    ),
    "referral": _table(
        "id", crn="crn", text=f"{NEEDS} withdrawal_comments", language="interpreter_language",
        date="relevant_sentence_end_date", kept="reference_number withdrawal_code",
    ),
    "probation_practitioner_details": _table(
        name="ndelius_pp_name pp_name", email=STAFF_EMAILS, telephone=STAFF_TELEPHONES, place=STAFF_PLACES,
        text="role_or_job_title pp_establishment",
    ),
    "referral_details": _table(text=f"reason_for_change {DETAILS}", kept="completion_deadline"),
    "changelog": _table(
        change="old_value new_value", text="old_shown new_shown reason_for_change", kept="topic"
    ),
    "case_note": _table(text="subject body"),
    "action_plan_activity": _table(text="description"),
    "appointment": _table(
        kept="delivery_type session_type attended no_session_reason_type", code="nps_office_code",
        address="first_address_line second_address_line town_or_city county", post_code="post_code",
        text="""late_reason no_session_reason_pop_acceptable no_session_reason_pop_unacceptable
                no_session_reason_logistics no_attendance_information session_summary session_response
                session_behaviour session_concerns future_session_plans reschedule_requested_by rescheduled_reason""",
    ),
    "end_of_service_report": _table(text="further_information"),
    "end_of_service_report_outcome": _table(
        kept="achievement_level", text="progression_comments additional_task_comments"
    ),
    "actor": _table(user="user_name", user_id="user_id", kept="auth_source"),
    "referral_message": _table(name="name", kept="recipient"),
    "contract_transfer": _table(kept="source target reference_numbers", text="reason", user="carried_out_by"),
    "stale_marking": _table(kept="appointment_ids", text="reason", user="carried_out_by"),
    "contract_onboarding": _table(emails_in="files changes", user="carried_out_by"),
    "intervention": _table(kept="title description", email="incoming_referral_distribution_email"),
    "referral_reference": _table(kept="reference_number"),
    "reference_version": _table(kept="digest"),
    "probation_region": _table(kept="code name"),
    "pcc_region": _table(kept="id name probation_region"),
    "probation_delivery_unit": _table(kept="name probation_region"),
    "probation_office": _table(kept="name address probation_region page delius_code"),
    "service_provider": _table(kept="id name"),
    "service_category": _table(kept="name"),
    "complexity_level": _table(kept="complexity title description"),
    "desired_outcome": _table(kept="description rule_type rule_contracts"),
    "contract_type": _table(kept="code name"),
    "dynamic_framework_contract": _table(
        kept="contract_reference prime_provider_id probation_region pcc_region referral_start_date"
    ),
    "contract_subcontractor": _table(kept="service_provider_id"),
    "withdrawal_reason": _table(kept="code description grouping"),
    "cancellation_reason": _table(kept="code description"),
    "job_run": _table(kept="job outcome detail"),
    "alembic_version": _table(kept="version_num"),
}  # fmt: skip


def classified() -> set[tuple[str, str]]:
    """Every column that is classified, with its table."""
    return {(table, column) for table, masked in REGISTER.items() for column in masked.columns}
