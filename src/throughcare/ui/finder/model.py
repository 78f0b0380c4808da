"""What the finder is asked for, and how it describes services that people can be referred to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from throughcare.kit.errors import Gone
from throughcare.kit.http.peer import Query
from throughcare.ui.peers.catalogue import Coded, Eligibility, Intervention, Listed, PoliceArea

FINDER = "/find-interventions"
PER_PAGE = 20
GENDERS = {"male": "Male", "female": "Female"}
YOUNG, OLDEST = "18-to-25-only", 25
SORTS = {"name": "Name", "provider": "Provider"}
LONGEST_WORDS = 100


class ContractClosed(Gone):
    """A service takes no referrals now (410)."""

    code = "CONTRACT_CLOSED"
    title = "You cannot make a referral to this intervention"

    def __init__(self, intervention: Intervention) -> None:
        self.intervention = intervention
        super().__init__()


@dataclass(frozen=True)
class Wanted:
    """What a practitioner looks for, as the address of the page says it."""

    words: str = ""
    regions: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    young: bool = False
    sort: str = "name"
    page: int = 1

    @classmethod
    def read(cls, params: QueryParams) -> Wanted:
        """What the address asks for; what makes no sense there is left out."""
        page, sort = params.get("page", ""), params.get("sort", "name")
        return cls(
            words=" ".join(params.get("search", "").split())[:LONGEST_WORDS],
            regions=tuple(dict.fromkeys(params.getlist("pcc-region-ids[]"))),
            categories=tuple(dict.fromkeys(params.getlist("service-category-ids[]"))),
            genders=tuple(one for one in GENDERS if one in params.getlist("gender[]")),
            young=YOUNG in params.getlist("age[]"),
            sort=sort if sort in SORTS else "name",
            page=int(page[:6]) if page.isascii() and page.isdecimal() and int(page[:6]) > 0 else 1,
        )

    @property
    def query(self) -> str:
        """The query that asks for this, with its question mark; empty when nothing is asked for."""
        pairs = [
            *([("search", self.words)] if self.words else []), *(("pcc-region-ids[]", one) for one in self.regions),
            *(("service-category-ids[]", one) for one in self.categories), *(("gender[]", one) for one in self.genders),
            *([("age[]", YOUNG)] if self.young else []), *([("sort", self.sort)] if self.sort != "name" else []),
            *([("page", str(self.page))] if self.page > 1 else []),
        ]  # fmt: skip
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def asked(self) -> Query:
        """What the interventions service is asked for; the rest is chosen here."""
        return {
            "pccRegionIds": list(self.regions) or None,
            "allowsMale": "true" if "male" in self.genders else None,
            "allowsFemale": "true" if "female" in self.genders else None,
            "maximumAge": OLDEST if self.young else None,
        }

    def link(self, **changes: object) -> str:
        """The finder with something else asked for, on its first page unless one is named."""
        return f"{FINDER}{replace(self, **{'page': 1, **changes}).query}"  # type: ignore[arg-type]

    def chosen(self, found: Iterable[Listed]) -> list[Listed]:
        """Those with every word, in one of the categories, in the order that was asked for."""
        every = [one for one in found if self._has_words(one) and self._has_category(one)]
        if self.sort == "provider":
            return sorted(every, key=lambda one: (one.service_provider.name.casefold(), one.title.casefold()))
        return sorted(every, key=lambda one: (one.title.casefold(), one.service_provider.name.casefold()))

    def chips(
        self, regions: Mapping[str, PoliceArea], categories: Mapping[str, Coded]
    ) -> Iterator[tuple[str, str, str]]:  # fmt: skip
        """Everything asked for: what it is, its value, and the finder without it."""
        if self.words:
            yield "Keywords", self.words, self.link(words="")
        for one in self.regions:
            rest = tuple(other for other in self.regions if other != one)
            yield "In", regions[one].name if one in regions else one, self.link(regions=rest)
        for one in self.categories:
            rest = tuple(other for other in self.categories if other != one)
            yield "Service category", categories[one].name if one in categories else one, self.link(categories=rest)
        for one in self.genders:
            rest = tuple(other for other in self.genders if other != one)
            yield "For", GENDERS[one], self.link(genders=rest)
        if self.young:
            yield "Aged", "only 18 to 25", self.link(young=False)

    def nearby(self, regions: Mapping[str, PoliceArea]) -> Iterator[tuple[str, str]]:
        """Probation regions around the police areas asked for: a name, and the finder over all of its areas."""
        around = {regions[one].nps_region.id: regions[one].nps_region.name for one in self.regions if one in regions}
        for region_id, name in around.items():
            areas = tuple(one.id for one in regions.values() if one.nps_region.id == region_id)
            if not set(areas) <= set(self.regions):
                yield name, self.link(regions=areas)

    def _has_words(self, one: Listed) -> bool:
        where = [one.title, one.description, one.service_provider.name, one.contract_type.name]
        where += [each.name for each in one.service_categories] + [each.name for each in one.pcc_regions]
        text = "\n".join(where).casefold()
        return all(word in text for word in self.words.casefold().split())

    def _has_category(self, one: Listed) -> bool:
        return not self.categories or any(each.id in self.categories for each in one.service_categories)


def age_group(eligibility: Eligibility) -> str:
    """For whom a service is, by age: ``18+`` or ``18–25``."""
    oldest = eligibility.maximum_age
    return f"{eligibility.minimum_age}+" if oldest is None else f"{eligibility.minimum_age}–{oldest}"


def gender(eligibility: Eligibility) -> str:
    """For whom a service is: ``Male``, ``Female`` or ``Male and female``."""
    named = [("Male", eligibility.allows_male), ("Female", eligibility.allows_female)]
    return " and ".join(name for name, allowed in named if allowed).capitalize()


def eligibility_in_words(eligibility: Eligibility) -> str:
    """For whom a service is, as a sentence: ``Men and women aged 18 and over``."""
    who = {
        (True, True): "Men and women", (True, False): "Men", (False, True): "Women"
    }.get((eligibility.allows_male, eligibility.allows_female), "People")  # fmt: skip
    oldest, youngest = eligibility.maximum_age, eligibility.minimum_age
    return f"{who} aged {youngest} and over" if oldest is None else f"{who} aged {youngest} to {oldest}"


def first_line(description: str, longest: int = 500) -> str:
    """The first line of a description, of at most ``longest`` characters."""
    line = next((one.strip() for one in description.splitlines() if one.strip()), "")
    return line if len(line) <= longest else f"{line[: longest - 1].rsplit(' ', 1)[0]}…"
