"""What pages ask of services is written down for every page, and whoever asks more is found."""

from __future__ import annotations

import pytest

from tests.pages.crawl import routes
from tests.service.ui.pins import ANY_PAGE, RECORD, Call, compare, written

pytestmark = pytest.mark.skipif(RECORD is not None, reason="the list is written anew")

PAGE = "/service-provider/due"


def test_the_list_names_every_page_and_nothing_else() -> None:
    assert sorted(written()) == sorted({ANY_PAGE} | {one.path for one in routes() if "GET" in (one.methods or ())})


def test_a_page_that_asks_as_the_list_says_is_let_through() -> None:
    compare(PAGE, [Call(f"{route}?", route) for route, number in written()[PAGE].items() for _ in range(number)][:1])


@pytest.mark.parametrize(
    ("made", "said"),
    [([Call("probation GET /cases?", "probation GET /cases")], "asks more"),
     ([Call("interventions GET /due?a=1", "interventions GET /due")] * 2, "asks the same again")],
    ids=["a call that is not written down", "the same call twice"],
)  # fmt: skip
def test_a_page_that_asks_more_is_found(made: list[Call], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        compare(PAGE, made)
