"""What is asked in an end of service report."""

from __future__ import annotations

from throughcare.ui.fields import Choice, Text
from throughcare.ui.form import PageForm
from throughcare.ui.report.model import LEVELS

CODES = {
    "STALE_VERSION": "Somebody else changed this report at the same time. Check it and send it again",
    "REPORT_ALREADY_SUBMITTED": "This report was submitted meanwhile",
}


class OutcomeForm(PageForm):
    """How far one outcome was achieved."""

    achievement_level = Choice(required="", choices=[(code, text) for code, (text, _) in LEVELS.items()])
    progression_comments = Text(what="What progress they made", required="Add what progress they made")
    additional_task_comments = Text(what="What more there is to do")
    refusals = CODES


class FurtherForm(PageForm):
    """What else there is to say."""

    further_information = Text(what="Further information")
    refusals = CODES


class SubmitForm(PageForm):
    """Nothing is asked any more; what the service refuses is said on the page."""

    refusals = CODES
