"""Every page of refer and monitor stands in the list of pages, and nothing else does."""

from __future__ import annotations

import re
from pathlib import Path

PAGES = Path("src/throughcare/ui")
IN_CODE = re.compile(r"\"((?:LP|PD|SD|GS|FI|MR|RO|AS|BK|FB|AP|ER|CN|WD|AM|CL|RP|ST|SE|DR|SU)-[0-9][0-9A-Za-z-]*)\"")
IN_LIST = re.compile(r"`([A-Z]{2}-[0-9][0-9A-Za-z-]*)`")


def test_every_page_is_listed_and_every_listed_page_exists() -> None:
    code = {found for file in PAGES.rglob("*.py") for found in IN_CODE.findall(file.read_text("utf-8"))}
    listed = set(IN_LIST.findall(Path("docs/pages.md").read_text("utf-8")))
    assert code == listed
