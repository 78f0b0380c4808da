"""What is asked about an appointment."""

from __future__ import annotations

from throughcare.ui.booking.model import ELSEWHERE, METHODS, OFFICE, TYPES
from throughcare.ui.fields import Choice, ClockTime, Day, Line, Minutes, Pick, Text, When, postcode
from throughcare.ui.form import PageForm

HERE = "meeting_method"
CLASH = "The appointment clashes with another one at the same time"


class BookingForm(PageForm):
    """When, how and where; and for one that is moved who asked for that, and why."""

    date = Day(what="Session date")
    time = ClockTime(what="Session time")
    duration = Minutes(what="Duration")
    session_type = Choice(required="Select the session type", choices=tuple(TYPES.items()))
    meeting_method = Choice(required="Select how the meeting will take place", choices=tuple(METHODS.items()))
    delius_office_location_code = Pick(
        wrong="Select an office from the list", validators=[When(HERE, OFFICE, "Select an office from the list")]
    )
    method_other_location_address_line_1 = Line(
        what="Address line 1", checks=[When(HERE, ELSEWHERE, "Enter address line 1")]
    )
    method_other_location_address_line_2 = Line(what="Address line 2", checks=[When(HERE, ELSEWHERE, "")])
    method_other_location_address_town_or_city = Line(what="Town or city", checks=[When(HERE, ELSEWHERE, "")])
    method_other_location_address_county = Line(what="County", checks=[When(HERE, ELSEWHERE, "")])
    method_other_location_address_postcode = Line(
        what="Postcode", longest=20, checks=[When(HERE, ELSEWHERE, "Enter a postcode"), postcode()]
    )
    reschedule_requested_by = Choice(required="Select who asked for the change")
    rescheduled_reason = Text(what="Reason for the change", required="Enter the reason for the change")

    refusals = {
        "APPOINTMENT_CLASH": CLASH,
        "APPOINTMENT_OUT_OF_ORDER": ("date", "Session date must be after the appointment before it"),
        "APPOINTMENT_ALREADY_DELIVERED": "The appointment has taken place meanwhile, so it cannot be booked again",
        "BOOKING_REFUSED": "nDelius does not accept this appointment. Check the date, the times and the office",
        "REFERRAL_CONCLUDED": "The referral has ended meanwhile, so nothing can be booked",
        "appointmentTime.APPOINTMENT_TIME_BEFORE_REFERRAL_START_DATE": (
            "date", "Session date must be on or after the day on which the referral was sent",
        ),
        "appointmentTime.APPOINTMENT_TIME_TOO_FAR_IN_FUTURE": ("date", "Session date must be within the next 6 months"),
        "durationInMinutes.INVALID_VALUE": ("duration", "The session must end on the day on which it starts"),
        "appointmentDeliveryAddress.postCode.INVALID_FORMAT": (
            "method_other_location_address_postcode", "Enter a full UK postcode",
        ),
    }  # fmt: skip
