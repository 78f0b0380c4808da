"""What is asked about a performance report."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms.validators import ValidationError

from throughcare.ui.fields import Day
from throughcare.ui.form import PageForm
from throughcare.ui.performance_report.model import EARLIEST, ORDER, TOO_EARLY, TOO_LATE


def _with_data(form: Any, field: Any) -> None:
    if field.data < EARLIEST:
        raise ValidationError(TOO_EARLY)
    if field.data > form.today:
        raise ValidationError(TOO_LATE)


class ReportForm(PageForm):
    """The days on which the referrals were sent; set ``today``, the last that can be asked for."""

    from_date = Day(what="From date", checks=[_with_data])
    to_date = Day(what="To date", checks=[_with_data])
    today = date.max
    refusals = {"toDate.INVALID_VALUE": ("to_date", ORDER)}
