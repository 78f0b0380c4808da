"""A few people with telling names and numbers, made once for all search tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.service.prison.prisoners import NAME
from tests.service.prisoner_search.custody import Custody

PNC, PNC_SHORT, PNC_LONG = "1999/0123456X", "99/123456X", "1999/123456X"
CRO = "265416/21G"


@dataclass
class Cast:
    """Who is who: a prisoner number by a word."""

    numbers: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, word: str) -> str:
        return self.numbers[word]

    def sorted(self, *words: str) -> list[str]:
        """The numbers of these people in order."""
        return sorted(self.numbers[word] for word in words)

    def words(self, numbers: list[str]) -> list[str]:
        """Who these people are, in the same order."""
        known = {number: word for word, number in self.numbers.items()}
        return [known[number] for number in numbers]


PEOPLE: dict[str, dict[str, Any]] = {
    "connor": {"firstName": "Mary Ann", "lastName": "O'Connor", "dateOfBirth": "1980-02-03", "pncNumber": PNC},
    "connor2": {"firstName": "Mary", "lastName": "O'Connor", "dateOfBirth": "1981-01-31"},
    "smith": {"firstName": "John", "lastName": "Smith", "dateOfBirth": "1970-05-12", "gender": "M", "croNumber": CRO},
    "smyth": {"firstName": "Jon", "lastName": "Smyth", "dateOfBirth": "1970-12-05", "gender": "M"},
    "jones": {"firstName": "Anne-Marie", "lastName": "Smith-Jones", "dateOfBirth": "1990-07-01"},
    "lucja": {"firstName": "Łucja", "lastName": "Zieliński", "dateOfBirth": "1985-03-09"},
    "unknown": {"firstName": "John", "lastName": "Doe", "dateOfBirth": "1970-05-12", "gender": "NK"},
    "unsaid": {"firstName": "John", "lastName": "Doe", "dateOfBirth": "1970-05-13", "gender": "NS"},
    "outside": {"firstName": "Peter", "lastName": "Smith", "dateOfBirth": "1972-05-12", "gender": "M"},
    "never": {"firstName": "Paul", "lastName": "Smith", "dateOfBirth": "1974-05-12", "gender": "M"},
}
ALIASES: dict[str, dict[str, Any]] = {
    "smyth": {"firstName": "Johnny", "lastName": "Smith", "dateOfBirth": "1971-06-01", "gender": "M"},
    "lucja": {"firstName": "Lucy", "lastName": "Green", "dateOfBirth": "1985-09-03"},
}
ALERTS: dict[str, dict[str, Any]] = {
    "smith": {"alertCode": "XA"},
    "smyth": {"alertCode": "HA"},
    "connor": {"alertCode": "XA", "activeFrom": "2024-01-01", "activeTo": "2024-02-01"},
}
PRISONS = {"connor2": "MDI", "jones": "MDI", "lucja": "MDI"}
CELLS = {"connor": "LEI-A-1-001", "smith": "LEI-A-2-002", "smyth": "LEI-B-1-001", "jones": "MDI-A-1-001"}


async def cast_of(custody: Custody) -> Cast:
    """Everybody, admitted (but for one), one of them released, and indexed."""
    cast = Cast()
    for word, facts in PEOPLE.items():
        cast.numbers[word] = number = await custody.prison.person(**facts)
        if word != "never":
            prison = PRISONS.get(word, "LEI")
            cell = {"cellLocation": CELLS[word]} if word in CELLS else {}
            await custody.prison.move(number, "admit", prisonId=prison, **cell)
        if word in ALIASES:
            body = {**NAME, **ALIASES[word]}
            reply = await custody.prison.client.post(f"/api/offenders/{number}/aliases", json=body)
            assert reply.status_code == 201, reply.text
    await custody.prison.move(cast["outside"], "release")
    for word, alert in ALERTS.items():
        reply = await custody.prison.client.post(f"/prisoners/{cast[word]}/alerts", json=alert)
        assert reply.status_code == 201, reply.text
    await custody.world.drain()
    return cast
