"""The catalogue of fields: what belongs together, and what can be asked for."""

from __future__ import annotations

from collections import Counter

import pytest

from throughcare.services.prisoner_search.document.model import (
    ResponseFieldsNotValid,
    catalogue,
    categories_changed,
    check_response_fields,
    trimmed,
)
from throughcare.services.prisoner_search.document.schemas import Prisoner
from throughcare.services.prisoner_search.establishment.model import SortKey, SortNotValid, search_words, sort_keys
from throughcare.services.prisoner_search.paging.schemas import _number

DOCUMENT = {
    "lastName": "ACKROYD",
    "aliases": [{"lastName": "BAIRSTOW", "gender": "Male"}, {"lastName": "CLEGG"}],
    "currentIncentive": {"level": {"code": "STD", "description": "Standard"}, "dateTime": "2024-03-04T12:00:00"},
}


def test_the_catalogue_is_whole() -> None:
    assert Counter(catalogue().values()) == {
        "PERSONAL_DETAILS": 38, "SENTENCE": 32, "PHYSICAL_DETAILS": 18, "CONTACT_DETAILS": 12, "IDENTIFIERS": 10,
        "STATUS": 10, "LOCATION": 10, "INCENTIVE_LEVEL": 6, "ALERTS": 5, "RESTRICTED_PATIENT": 5, "": 6,
    }  # fmt: skip


def test_every_field_of_a_document_is_in_the_catalogue() -> None:
    wire = {field.alias or name for name, field in Prisoner.model_fields.items()}
    assert wire <= set(catalogue())


@pytest.mark.parametrize(
    ("before", "after", "categories"),
    [
        ({"lastName": "A"}, {"lastName": "B"}, ["PERSONAL_DETAILS"]),
        ({"lastName": "A"}, {}, ["PERSONAL_DETAILS"]),
        ({}, {"status": "ACTIVE IN", "prisonId": "LEI", "bookingId": "1"}, ["IDENTIFIERS", "LOCATION", "STATUS"]),
        ({"inOutStatus": "IN", "recall": False}, {"inOutStatus": "OUT", "recall": True}, ["STATUS"]),
        ({"alerts": []}, {"alerts": [{"alertCode": "XA"}]}, ["ALERTS"]),
        ({"releaseDate": "2024-01-01"}, {"releaseDate": "2024-01-02"}, ["SENTENCE"]),
        ({"restrictedPatient": False}, {"restrictedPatient": True}, ["RESTRICTED_PATIENT"]),
        ({}, {"currentIncentive": {}}, ["INCENTIVE_LEVEL"]),
        ({}, {"heightCentimetres": 180}, ["PHYSICAL_DETAILS"]),
        ({}, {"emailAddresses": []}, ["CONTACT_DETAILS"]),
        ({}, {"pncNumberCanonicalLong": "1", "lastMovementDate": "2024-03-04", "currentFacialImageId": 1}, []),
        ({"lastName": "A"}, {"lastName": "A"}, []),
    ],
)
def test_a_difference_belongs_to_its_categories(
    before: dict[str, object], after: dict[str, object], categories: list[str]
) -> None:
    assert categories_changed(before, after) == categories


@pytest.mark.parametrize(
    ("paths", "answer"),
    [
        ([], DOCUMENT),
        (["lastName"], {"lastName": "ACKROYD"}),
        (["aliases.lastName"], {"aliases": [{"lastName": "BAIRSTOW"}, {"lastName": "CLEGG"}]}),
        (["aliases.gender"], {"aliases": [{"gender": "Male"}, {}]}),
        (["aliases", "aliases.gender"], {"aliases": DOCUMENT["aliases"]}),
        (["currentIncentive.level.code"], {"currentIncentive": {"level": {"code": "STD"}}}),
        (["currentIncentive.level"], {"currentIncentive": {"level": {"code": "STD", "description": "Standard"}}}),
        (["status"], {}),
    ],
)
def test_a_document_is_trimmed_to_paths(paths: list[str], answer: dict[str, object]) -> None:
    assert trimmed(DOCUMENT, paths) == answer


def test_unknown_fields_are_named() -> None:
    check_response_fields(["lastName", "aliases.lastName", "currentIncentive.level.code"])
    with pytest.raises(ResponseFieldsNotValid, match=r"\[shoe, aliases\[\]\.lastName\]"):
        check_response_fields(["shoe", "lastName", "aliases[].lastName"])


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("", []), (" , ;", []), ("john smith", ["john", "smith"]),
        ("smith,john;x:y+z", ["smith", "john", "x", "y", "z"]),
        ("bananas a1234bc A9999ZZ", ["A1234BC"]), ("99/1A", ["99/1A"]),
    ],
)  # fmt: skip
def test_a_term_is_split_into_words(term: str, words: list[str]) -> None:
    assert search_words(term) == words


def test_people_are_sorted_by_name_unless_asked_otherwise() -> None:
    number = SortKey("prisonerNumber")
    assert sort_keys([]) == [SortKey("lastName"), SortKey("firstName"), number, number]
    assert sort_keys(["dateOfBirth,desc", "cellLocation"]) == [
        SortKey("dateOfBirth", True),
        SortKey("cellLocation"),
        number,
    ]
    assert sort_keys(["lastName,firstName,DESC"]) == [SortKey("lastName", True), SortKey("firstName", True), number]
    assert sort_keys(["", "desc", ","]) == sort_keys([])
    for wrong in ("document", "lastName,up", "lastName desc"):
        with pytest.raises(SortNotValid):
            sort_keys([wrong])


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), (" 7 ", 7), ("", 0), (None, 0), ("-1", 0), ("1.5", 0), ("٣", 0), ("x", 0), ("9" * 20, int("9" * 20))],
)
def test_what_is_no_number_counts_as_not_given(text: str | None, number: int) -> None:
    assert _number(text) == number
