"""What scripts are told."""

from __future__ import annotations

from throughcare.kit.web.schemas import Wire


class Saved(Wire):
    """When it was kept: the time of day in London, as in ``2:14pm``."""

    at: str
