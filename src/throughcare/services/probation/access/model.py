"""Who may not see a case: the exclusions and restrictions of limited access offenders (LAO).

Source: ministryofjustice/hmpps-probation-integration-services (limited access); docs/probation.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Limitations:
    """A case's limits by user name: ``excluded`` may not see it; only ``restricted_to`` may, if not empty."""

    excluded: frozenset[str] = frozenset()
    restricted_to: frozenset[str] = frozenset()
    exclusion_message: str | None = None
    restriction_message: str | None = None

    @classmethod
    def of(
        cls, excluded: Iterable[str], restricted_to: Iterable[str], *,
        exclusion_message: str | None = None, restriction_message: str | None = None,
    ) -> Limitations:  # fmt: skip
        """Limits for the given users; a message without users says nothing and is dropped."""
        out, only = frozenset(excluded), frozenset(restricted_to)
        return cls(out, only, exclusion_message if out else None, restriction_message if only else None)

    def depends_on(self, username: str) -> bool:
        """Whether it matters that ``username`` is somebody: the case is limited, and they are not named in it."""
        return bool(self.excluded | self.restricted_to) and username not in self.excluded | self.restricted_to

    def decide(self, username: str | None) -> Decision:
        """What holds for a user; whoever is not known (None) is kept from every limited case."""
        nobody = username is None
        return Decision(
            user_excluded=bool(self.excluded) if nobody else username in self.excluded,
            user_restricted=bool(self.restricted_to) and (nobody or username not in self.restricted_to),
            exclusion_message=self.exclusion_message,
            restriction_message=self.restriction_message,
        )


@dataclass(frozen=True)
class Decision:
    """Whether one user may see one case. Both messages are told whichever limit applies."""

    user_excluded: bool
    user_restricted: bool
    exclusion_message: str | None
    restriction_message: str | None
