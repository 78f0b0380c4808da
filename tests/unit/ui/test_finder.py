"""What the finder is asked for, and how it says for whom a service is."""

from __future__ import annotations

import pytest
from starlette.datastructures import QueryParams

from throughcare.ui.finder.model import (
    FINDER,
    Wanted,
    age_group,
    eligibility_in_words,
    first_line,
    gender,
)
from throughcare.ui.peers.catalogue import Coded, Eligibility, Listed, PoliceArea

HOME, WORK = "428ee70f-3001-4399-95a6-ad25eaaede16", "ca374ac3-84eb-4b91-bea7-9005398f426f"
AREAS = {
    one: PoliceArea.model_validate({"id": one, "name": one.title(), "npsRegion": {"id": region, "name": name}})
    for one, region, name in (("kent", "J", "South"), ("surrey", "J", "South"), ("gwent", "D", "Wales"))
}
CATEGORIES = {WORK: Coded(id=WORK, name="Employment")}
FULL = (
    "search=%20cv%20%20writing&pcc-region-ids[]=kent&service-category-ids[]="
    + WORK
    + ("&gender[]=female&gender[]=male&age[]=18-to-25-only&sort=provider&page=3")
)


def wanted(query: str) -> Wanted:
    return Wanted.read(QueryParams(query))


def service(title: str, provider: str, *categories: tuple[str, str], text: str = "") -> Listed:
    return Listed.model_validate({
        "id": HOME, "title": title, "description": text, "serviceProvider": {"name": provider},
        "eligibility": {"minimumAge": 18, "allowsFemale": True, "allowsMale": True},
        "contractType": {"code": "ACC", "name": "Type"},
        "pccRegions": [{"id": "kent", "name": "Kent"}],
        "serviceCategories": [{"id": one, "name": name} for one, name in categories],
    })  # fmt: skip


ONE = service("b Work", "Zed", (WORK, "Employment"), text="Helps with CV writing")
TWO = service("A home", "alpha", (HOME, "Accommodation"))


def test_the_address_says_everything_that_is_asked_for_and_comes_back_as_it_was() -> None:
    found = wanted(FULL)
    assert found == Wanted("cv writing", ("kent",), (WORK,), ("male", "female"), True, "provider", 3)
    assert wanted(found.query.removeprefix("?")) == found
    assert found.asked == {"pccRegionIds": ["kent"], "allowsMale": "true", "allowsFemale": "true", "maximumAge": 25}


@pytest.mark.parametrize(
    "query", ["", "page=0", "page=-1", "page=%D9%A3", "sort=age", "gender[]=x", "age[]=all", "search=%20", "page="]
)
def test_what_makes_no_sense_in_an_address_asks_for_nothing(query: str) -> None:
    found = wanted(query)
    assert (found, found.query, found.link()) == (Wanted(), "", FINDER)
    assert set(found.asked.values()) == {None}


def test_every_filter_can_be_taken_away_by_itself_and_leads_to_the_first_page() -> None:
    found = wanted(FULL)
    chips = list(found.chips(AREAS, CATEGORIES))
    assert [(what, value) for what, value, _ in chips] == [
        ("Keywords", "cv writing"), ("In", "Kent"), ("Service category", "Employment"), ("For", "Male"),
        ("For", "Female"), ("Aged", "only 18 to 25"),
    ]  # fmt: skip
    for index, (_, _, href) in enumerate(chips):
        left = wanted(href.partition("?")[2])
        rest = [chip[:2] for other, chip in enumerate(chips) if other != index]
        assert [chip[:2] for chip in left.chips(AREAS, CATEGORIES)] == rest
        assert (left.page, left.sort) == (1, "provider")


def test_what_nobody_knows_is_shown_as_it_was_asked_for() -> None:
    found = wanted("pcc-region-ids[]=%3Cb%3E&service-category-ids[]=x")
    assert [chip[:2] for chip in found.chips(AREAS, {})] == [("In", "<b>"), ("Service category", "x")]
    assert list(found.nearby(AREAS)) == []


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["A home", "b Work"]), ("sort=provider", ["A home", "b Work"]), ("search=WRITING+cv", ["b Work"]),
        ("search=kent+alpha", ["A home"]), ("search=cv+home", []), ("search=accommodation", ["A home"]),
        (f"service-category-ids[]={WORK}", ["b Work"]), ("service-category-ids[]=x", []),
    ],
)  # fmt: skip
def test_words_and_categories_choose_and_names_order(query: str, titles: list[str]) -> None:
    assert [one.title for one in wanted(query).chosen([ONE, TWO])] == titles


def test_sorting_by_provider_does_not_look_at_capitals() -> None:
    other = service("C", "Beta", (HOME, "Accommodation"))
    found = wanted("sort=provider").chosen([ONE, other, TWO])
    assert [one.service_provider.name for one in found] == ["alpha", "Beta", "Zed"]


def test_the_areas_around_are_offered_until_all_of_them_are_asked_for() -> None:
    [(name, href)] = wanted("pcc-region-ids[]=kent").nearby(AREAS)
    assert (name, wanted(href.partition("?")[2]).regions) == ("South", ("kent", "surrey"))
    assert list(wanted("pcc-region-ids[]=kent&pcc-region-ids[]=surrey").nearby(AREAS)) == []


@pytest.mark.parametrize(
    ("age", "male", "female", "said"),
    [
        (None, True, True, ("18+", "Male and female", "Men and women aged 18 and over")),
        (25, True, False, ("18–25", "Male", "Men aged 18 to 25")),
        (None, False, True, ("18+", "Female", "Women aged 18 and over")),
    ],
)
def test_for_whom_a_service_is_is_said_in_words(
    age: int | None, male: bool, female: bool, said: tuple[str, ...]
) -> None:
    one = Eligibility(minimum_age=18, maximum_age=age, allows_male=male, allows_female=female)
    assert (age_group(one), gender(one), eligibility_in_words(one)) == said


@pytest.mark.parametrize(
    ("text", "line"),
    [("", ""), ("\n One \nTwo", "One"), ("word " * 200, "word " * 98 + "word…"), ("x" * 500, "x" * 500)],
)
def test_a_card_has_the_first_line_of_a_description(text: str, line: str) -> None:
    assert first_line(text) == line
    assert len(line) <= 500
