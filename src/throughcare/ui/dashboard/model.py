"""The lists of referrals that each side works from: their tabs, columns and addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from throughcare.kit.web.pages import NavigationItem
from throughcare.ui.referral.model import Side

SIZES = (25, 50, 100)
USUAL_SIZE = 50
LONGEST_SEARCH = 200
SEARCH_FIELD = "case-search-text"
NEIGHBOURS, FEW_PAGES = 1, 5
HIGHEST_PAGE = 1_000_000
REFERENCE = re.compile(r"[A-Z]{2}[0-9]{4}[A-Z]{2}")

SORT_KEYS = {
    "sentat": "sentAt",
    "referencenumber": "referenceNumber",
    "serviceuserlastname": "serviceUserData.lastName",
    "interventiontitle": "intervention.title",
    "serviceprovidername": "intervention.dynamicFrameworkContract.primeProvider.name",
    "assignedtousername": "assignments.assignedTo.userName",
    "expectedreleasedate": "referralLocation.expectedReleaseDate",
}
"""What lists can be sorted by, as addresses say it and as the service does."""


@dataclass(frozen=True)
class Column:
    """A column: which cell it holds, its heading, and what it is sorted by, if it can be."""

    cell: str
    heading: str
    sort: str = ""


NAME = Column("person", "Name and CRN", "serviceuserlastname")
NUMBER = Column("reference", "Referral number", "referencenumber")
KIND = Column("kind", "Intervention type", "interventiontitle")
CASEWORKER = Column("caseworker", "Caseworker", "assignedtousername")
RECEIVED = Column("sent", "Date received", "sentat")
RELEASE = Column("release", "Expected release date", "expectedreleasedate")
PLACE = Column("place", "Location")
SENT = Column("sent", "Date sent", "sentat")
REFERRAL = Column("reference", "Referral", "referencenumber")
PERSON = Column("person", "Person", "serviceuserlastname")
PROVIDER = Column("provider", "Provider", "serviceprovidername")
ACTION = Column("action", "Action")

OF_PRACTITIONER = (SENT, REFERRAL, PERSON, KIND, PROVIDER, CASEWORKER, ACTION)
OF_PROVIDER = (NAME, NUMBER, KIND, CASEWORKER, RECEIVED)


@dataclass(frozen=True)
class Tab:
    """A list of one side: the end of its address, its heading, which referrals it holds, and what each line says."""

    page_id: str
    path: str
    title: str
    columns: Sequence[Column]
    empty: str
    filters: Mapping[str, str] = field(default_factory=dict)
    mine: bool = False
    to_assign: bool = False


OPEN, WAITING = {"completed": "false", "cancelled": "false"}, {"unassigned": "true"}
COMPLETED, CANCELLED = {"completed": "true", "cancelled": "false"}, {"cancelled": "true"}
DRAFTS = Tab("PD-05", "draft-cases", "Draft cases", (), "You do not have any draft cases.")
TABS: Mapping[Side, Sequence[Tab]] = {
    Side.PRACTITIONER: (
        Tab("PD-01", "open-cases", "Open cases", OF_PRACTITIONER, "You do not have any open cases.", OPEN),
        Tab(
            "PD-02", "unassigned-cases", "Unassigned cases", [one for one in OF_PRACTITIONER if one is not CASEWORKER],
            "You do not have any cases without a caseworker.", {**OPEN, **WAITING},
        ),
        Tab(
            "PD-03", "completed-cases", "Completed cases", OF_PRACTITIONER, "You do not have any completed cases.",
            COMPLETED,
        ),
        Tab(
            "PD-04", "cancelled-cases", "Cancelled cases", OF_PRACTITIONER, "You do not have any cancelled cases.",
            CANCELLED,
        ),
        DRAFTS,
    ),
    Side.PROVIDER: (
        Tab(
            "SD-01", "my-cases", "My cases", (NAME, NUMBER, KIND, RECEIVED), "No open case is assigned to you.", OPEN,
            mine=True,
        ),
        Tab("SD-02", "all-open-cases", "All open cases", OF_PROVIDER, "There are no open cases.", OPEN),
        Tab(
            "SD-03", "unassigned-cases", "Unassigned cases", (NAME, RELEASE, PLACE, NUMBER, KIND, RECEIVED),
            "Every open case has a caseworker.", {**OPEN, **WAITING}, to_assign=True,
        ),
        Tab("SD-04", "completed-cases", "Completed cases", OF_PROVIDER, "There are no completed cases.", COMPLETED),
        Tab("SD-05", "cancelled-cases", "Cancelled cases", OF_PROVIDER, "There are no cancelled cases.", CANCELLED),
    ),
}  # fmt: skip
USUAL_ORDER: Mapping[Side, tuple[str, bool]] = {
    Side.PRACTITIONER: ("serviceuserlastname", False),
    Side.PROVIDER: ("sentat", True),
}
"""What a list is sorted by until one chooses, and whether it descends."""


@dataclass(frozen=True)
class Listing:
    """What one looks at: a tab, from which page, in which order, narrowed by which words. All of it is the address."""

    side: Side
    tab: Tab
    sort: str = ""
    descending: bool = False
    page: int = 1
    size: int = USUAL_SIZE
    text: str | None = None

    @classmethod
    def read(cls, side: Side, tab: Tab, asked: Mapping[str, str]) -> Listing:
        """What an address asks for; what makes no sense in it is left out."""
        usual, downwards = USUAL_ORDER[side]
        name, _, direction = asked.get("sort", "").partition(",")
        known = name in {one.sort for one in tab.columns if one.sort}
        size = _number(asked.get("size"), USUAL_SIZE)
        text = asked.get(SEARCH_FIELD)
        return cls(
            side, tab, sort=name if known else usual,
            descending=direction.upper() == "DESC" if known else downwards,
            page=page_number(asked.get("page")),
            size=size if size in SIZES else USUAL_SIZE,
            text=None if text is None else " ".join(text.split())[:LONGEST_SEARCH],
        )  # fmt: skip

    @property
    def searched(self) -> str | None:
        """The words to look for: a reference number in its usual form, or a name as it was typed."""
        if not self.text:
            return None
        together = self.text.replace(" ", "").upper()
        return together if REFERENCE.fullmatch(together) else self.text

    @property
    def sizes(self) -> Sequence[int]:
        """How many results a page may hold."""
        return SIZES

    @property
    def path(self) -> str:
        """The address of the tab."""
        return f"{self.side.dashboard}/{self.tab.path}"

    def question(self, user_id: str | None) -> dict[str, str | int | Sequence[str] | None]:
        """What to ask the service for; ``user_id`` is the caller's."""
        order = [f"{SORT_KEYS[self.sort]},{'desc' if self.descending else 'asc'}"]
        if self.sort != "sentat":
            order.append("sentAt,asc")
        return {
            **self.tab.filters, "assignedTo": user_id if self.tab.mine else None, "search": self.searched,
            "page": self.page, "size": self.size, "sort": order,
        }  # fmt: skip

    def link(self, **changes: Any) -> str:
        """The address of this list with other values of some of its parts; another order or size begins at page 1."""
        other = replace(self, **{"page": 1, **changes})
        said: dict[str, str | int] = {}
        if (other.sort, other.descending) != USUAL_ORDER[self.side]:
            said["sort"] = f"{other.sort},{'DESC' if other.descending else 'ASC'}"
        if other.size != USUAL_SIZE:
            said["size"] = other.size
        if other.text:
            said[SEARCH_FIELD] = other.text
        if other.page > 1:
            said["page"] = other.page
        return f"{other.path}?{urlencode(said)}" if said else other.path

    def heading(self, column: Column) -> tuple[str, str]:
        """For whom sorts by a column: its ``aria-sort``, and the address that sorts by it, or the other way round."""
        if column.sort != self.sort:
            return "none", self.link(sort=column.sort, descending=False)
        link = self.link(descending=not self.descending)
        return "descending" if self.descending else "ascending", link

    def tabs(self) -> Sequence[NavigationItem]:
        """The tabs of this side, this one marked."""
        start = self.side.dashboard
        return [NavigationItem(one.title, f"{start}/{one.path}", one is self.tab) for one in TABS[self.side]]

    def pages(self, last: int) -> Iterator[int | None]:
        """The numbers of pages to link to, None where some are left out."""
        return page_numbers(self.page, last)


def pagination(listing: Listing, last: int) -> dict[str, Any]:
    """The links to other pages, as the design system's component takes them; ``last`` is how many pages there are."""
    return page_links(listing.page, list(listing.pages(last)), lambda number: listing.link(page=number))


def page_number(asked: str | None) -> int:
    """Which page of a list is asked for: the first where that is no number."""
    return min(max(_number(asked, 1), 1), HIGHEST_PAGE)


def last_page(total: int, size: int) -> int:
    """How many pages a list of ``total`` takes, at least one."""
    return max(1, -(-total // size))


def page_numbers(current: int, last: int) -> Iterator[int | None]:
    """The pages to link to: all of few; of many the first, the last and the neighbours, None for those between."""
    near = range(current - NEIGHBOURS, current + NEIGHBOURS + 1)
    chosen = {1, last, *near}
    shown = [one for one in range(1, last + 1) if last <= FEW_PAGES or one in chosen]
    before = 0
    for one in shown:
        if one > before + 1:
            yield None
        yield one
        before = one


def page_links(current: int, shown: Sequence[int | None], link: Callable[[int], str]) -> dict[str, Any]:
    """Links to the pages ``shown``, None where some are left out, and to those before and after ``current``."""
    items = [
        {"ellipsis": True} if one is None else {"number": str(one), "href": link(one), "current": one == current}
        for one in shown
    ]  # fmt: skip
    found: dict[str, Any] = {"items": items, "landmarkLabel": "Pages of results"}
    if current > 1:
        found["previous"] = {"href": link(current - 1)}
    if current < (shown[-1] or 1):
        found["next"] = {"href": link(current + 1)}
    return found


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else otherwise
