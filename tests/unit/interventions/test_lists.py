"""What lists of referrals can be asked for, and what custody look-ups say."""

from __future__ import annotations

from datetime import date

import pytest

from throughcare.services.interventions.custody.model import Lookup, NomisLocation, compare
from throughcare.services.interventions.draft.model import Location
from throughcare.services.interventions.overview.model import Filters, sort_order
from throughcare.services.interventions.refusal.model import Refused


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ((), [("sent_at", False)]),
        (("sentAt",), [("sent_at", False)]),
        (("sentAt,desc",), [("sent_at", True)]),
        (("serviceUserData.lastName,ASC", "referenceNumber,DESC"), [("last_name", False), ("reference_number", True)]),
        (("serviceUserData.lastName,intervention.title,desc",), [("last_name", False), ("title", True)]),
    ],
)
def test_lists_are_sorted_by_known_keys(sort: tuple[str, ...], expected: list[tuple[str, bool]]) -> None:
    assert sort_order(sort) == expected


@pytest.mark.parametrize("sort", ["crn", "sent_at; drop table referral", "desc", "sentAt,sideways"])
def test_any_other_sort_key_is_refused(sort: str) -> None:
    with pytest.raises(Refused) as refused:
        sort_order((sort,))
    assert refused.value.code == "SORT_UNKNOWN"


@pytest.mark.parametrize(
    ("search", "reference", "name"),
    [
        (None, None, None),
        ("AB1234CD", "AB1234CD", None),
        ("ab1234cd", None, "ab1234cd"),
        ("Jo BLOGGS", None, "jo bloggs"),
        ("", None, ""),
        ("  ", None, ""),
    ],
)
def test_a_search_is_for_a_reference_number_or_a_whole_name(
    search: str | None, reference: str | None, name: str | None
) -> None:
    filters = Filters(search=search)
    assert (filters.reference, filters.name) == (reference, name)


WRITTEN = Location("CUSTODY", "LEI", date(2024, 6, 1))


@pytest.mark.parametrize(
    ("found", "result", "agrees"),
    [
        (NomisLocation("LEI", date(2024, 6, 1)), "match", True),
        (NomisLocation("MDI", date(2024, 7, 1)), "no match", False),
        (NomisLocation("LEI"), "match", None),
        (NomisLocation(), "no match", None),
    ],
)
def test_what_was_written_is_compared_with_what_the_prison_system_says(
    found: NomisLocation, result: str, agrees: bool | None
) -> None:
    assert compare(WRITTEN, found) == Lookup(result, found, agrees)
