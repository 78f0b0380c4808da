"""Nothing was left out: every address that shows a page was looked at, by links or in a story."""

from __future__ import annotations

import pytest

from tests.pages.crawl import every_template
from tests.pages.walker import LOOKED_AT

NO_PAGE = {
    "/sign-in", "/sign-in/callback", "/sign-out", "/probation-practitioner/find",
}  # fmt: skip
"""Addresses that lead on."""


def test_every_page_was_looked_at() -> None:
    left = sorted(every_template() - LOOKED_AT.keys() - NO_PAGE)
    if left:
        pytest.fail(f"{len(left)} pages were not looked at:\n" + "\n".join(left), pytrace=False)
