"""What is asked of whoever adds a case note."""

from __future__ import annotations

from throughcare.ui.fields import Choice, Line, Text
from throughcare.ui.form import PageForm


class NoteForm(PageForm):
    """A case note; a provider says also whether the practitioner gets an email of it."""

    case_note_subject = Line(what="Subject", required="Enter a subject")
    case_note_body = Text(what="Case note", required="Enter the case note")
    send_case_note_email = Choice(
        required="Select yes to email the practitioner about this note", choices=[("yes", "Yes"), ("no", "No")]
    )


class ConfirmForm(PageForm):
    """Nothing is asked any more; what the service refuses is said on the page."""
