"""Referrals in every state, for each practitioner who can sign in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from throughcare.kit.context import Context
from throughcare.kit.service import Happening
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS, Account
from throughcare.seeding.people import SyntheticPerson
from throughcare.services.interventions.dev.plots import COMMON, INSIDE, OUTSIDE, Calendar, Plot
from throughcare.services.interventions.dev.story import SignIns, Story

FEWEST_PEOPLE = 200


def histories(ctx: Context, people: Sequence[SyntheticPerson]) -> list[Happening]:
    """What people did about referrals up to now, through the use cases of this service; everybody has one referral.

    A world of fewer than 200 people has no histories: those who play a part in tests stay as they were made.
    """
    if len(people) < FEWEST_PEOPLE:
        return []
    calendar, sign_ins = Calendar(ctx.clock.today()), SignIns(ctx)
    return [
        Happening(step.at, partial(step.act, story))
        for both in zip(PRACTITIONERS, CASEWORKERS, strict=True)
        for story, plot in _stories(ctx, people, calendar, both, sign_ins)
        for step in plot(calendar)
    ]


def _stories(
    ctx: Context,
    people: Iterable[SyntheticPerson],
    calendar: Calendar,
    both: tuple[Account, Account],
    sign_ins: SignIns,
) -> Iterator[tuple[Story, Plot]]:
    """Who lives through which plot. Whoever is referred has been under sentence for as long as any plot takes.

    The first practitioner and caseworker see every state, the others those that are met most often.
    """
    since, (practitioner, caseworker) = calendar.day(16), both
    mine = [
        one
        for one in people
        if one.manager == practitioner.username and not one.limited_access
        and one.sentence is not None and one.sentence.convicted_on < since
    ]  # fmt: skip
    inside = [one for one in mine if one.in_custody and one.noms]
    outside = [one for one in mine if not one.in_custody]
    plots = OUTSIDE if both[0] == PRACTITIONERS[0] else {name: OUTSIDE[name] for name in COMMON}
    for person, plot in (*zip(inside, INSIDE.values(), strict=False), *zip(outside, plots.values(), strict=False)):
        yield Story(ctx, person, practitioner, caseworker, sign_ins), plot
