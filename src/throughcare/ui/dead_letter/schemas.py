"""The form by which a dead letter is dropped."""

from __future__ import annotations

from wtforms import Form, TextAreaField
from wtforms.validators import DataRequired, Length

SHORTEST, LONGEST = 4, 200


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class DropForm(Form):
    """Why a message can be dropped, for the record."""

    reason = TextAreaField(
        filters=[_stripped],
        validators=[
            DataRequired("Enter why this message can be dropped"),
            Length(min=SHORTEST, message=f"The reason must have {SHORTEST} characters or more"),
            Length(max=LONGEST, message=f"The reason must have {LONGEST} characters or fewer"),
        ],
    )
