"""Answers that are trimmed for their audience."""

from __future__ import annotations

from typing import Self

from throughcare.kit.web.schemas import Wire
from throughcare.services.risks_and_needs.access.model import Audience, shows


class Trimmed(Wire):
    """Base of an answer whose every field can be left out."""

    def shown_to(self, audience: Audience, document: str) -> Self:
        """The answer without the fields that ``audience`` may not see."""
        hidden = {name: None for name in type(self).model_fields if not shows(audience, document, name)}
        return self.model_copy(update=hidden)
