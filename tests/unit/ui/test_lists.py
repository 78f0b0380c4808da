"""Which pages of a long list are linked to, and what an address keeps."""

from __future__ import annotations

import pytest

from throughcare.ui.dashboard.model import TABS, Listing, pagination
from throughcare.ui.referral.model import Side


def listing(**asked: str) -> Listing:
    return Listing.read(Side.PROVIDER, TABS[Side.PROVIDER][1], asked)


@pytest.mark.parametrize(
    ("page", "last", "shown"),
    [("1", 1, [1]), ("3", 5, [1, 2, 3, 4, 5]), ("1", 9, [1, 2, None, 9]), ("2", 9, [1, 2, 3, None, 9]),
     ("5", 9, [1, None, 4, 5, 6, None, 9]), ("8", 9, [1, None, 7, 8, 9]), ("9", 9, [1, None, 8, 9]),
     ("3", 6, [1, 2, 3, 4, None, 6])],
)  # fmt: skip
def test_a_long_list_links_to_its_ends_and_to_the_pages_beside_this_one(
    page: str, last: int, shown: list[int | None]
) -> None:
    assert list(listing(page=page).pages(last)) == shown


def test_the_ends_have_no_link_beyond_them() -> None:
    first, last = pagination(listing(page="1"), 3), pagination(listing(page="3"), 3)
    assert ("previous" in first, "next" in first) == (False, True)
    assert ("previous" in last, "next" in last) == (True, False)


def test_an_address_keeps_what_was_chosen_and_leaves_out_what_is_usual() -> None:
    chosen = listing(**{"sort": "sentat,ASC", "size": "25", "case-search-text": " Ben  Marsh ", "page": "2"})
    kept = "sort=sentat%2CASC&size=25&case-search-text=Ben+Marsh"
    assert chosen.link(page=3) == f"/service-provider/dashboard/all-open-cases?{kept}&page=3"
    assert chosen.link() == f"/service-provider/dashboard/all-open-cases?{kept}"
    assert listing(sort="sentat,DESC", size="50").link() == "/service-provider/dashboard/all-open-cases"


def test_the_service_is_asked_in_its_own_words() -> None:
    asked = listing(**{"sort": "serviceuserlastname,DESC", "page": "2", "case-search-text": "ab 1234 cd"}).question("x")
    assert asked == {
        "completed": "false", "cancelled": "false", "assignedTo": None, "search": "AB1234CD", "page": 2, "size": 50,
        "sort": ["serviceUserData.lastName,desc", "sentAt,asc"],
    }  # fmt: skip
    mine = Listing.read(Side.PROVIDER, TABS[Side.PROVIDER][0], {}).question("x")
    assert (mine["assignedTo"], mine["sort"]) == ("x", ["sentAt,desc"])
