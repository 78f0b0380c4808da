"""The form by which deliveries are tried again."""

from __future__ import annotations

from wtforms import Form, IntegerField
from wtforms.validators import NumberRange, Optional

FARTHEST = 2**63 - 1


class RetryForm(Form):
    """Which place of a consumer's line is tried again; without one, everything that was given up."""

    position = IntegerField(validators=[Optional(), NumberRange(min=1, max=FARTHEST)])
