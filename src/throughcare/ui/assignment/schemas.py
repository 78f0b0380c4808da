"""What is asked of whoever assigns a caseworker."""

from __future__ import annotations

from throughcare.ui.fields import Line, email_address
from throughcare.ui.form import PageForm


class CaseworkerForm(PageForm):
    """Whom to assign, by email address."""

    email = Line(what="Email address", required="Enter the caseworker’s email address", checks=[email_address()])


class ConfirmForm(PageForm):
    """Nothing is asked any more; what the service refuses is said on the page."""
