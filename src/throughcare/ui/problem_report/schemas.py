"""What is asked of whoever reports a problem."""

from __future__ import annotations

from throughcare.ui.fields import Choice, Line, Text, When, email_address, phone_number
from throughcare.ui.form import PageForm

ANSWERS = (("email", "By email"), ("phone", "By phone"), ("none", "I do not need an answer"))


class ReportForm(PageForm):
    """A report."""

    what = Text(what="What happened", required="Enter what happened", longest=4_000)
    page_address = Line(what="Page", longest=500)
    referral_number = Line(what="Referral number", longest=20)
    answer = Choice(required="Select how we should answer you", choices=ANSWERS)
    email = Line(
        what="Email address", longest=250, checks=[When("answer", "email", "Enter your email address"), email_address()]
    )
    phone = Line(
        what="Phone number", longest=30, checks=[When("answer", "phone", "Enter your phone number"), phone_number()]
    )

    @property
    def contact(self) -> str:
        """Where to answer; empty when no answer is wanted."""
        chosen = self.answer.data
        return str(self[chosen].data) if chosen in {"email", "phone"} else ""
