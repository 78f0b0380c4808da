"""What scripts are told."""

from __future__ import annotations

from throughcare.kit.web.schemas import Wire


class Saved(Wire):
    """When it was kept, as a clock shows it in London."""

    at: str
