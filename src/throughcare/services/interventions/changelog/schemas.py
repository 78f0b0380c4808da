"""The change log on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.actor.schemas import AuthUser
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.changelog.model import Entry, Topic, translated, when


class ChangelogEntry(Wire):
    """A line of the change log; ``changedAt`` is ``at`` for people to read, in London."""

    changelog_id: UUID
    referral_id: UUID
    topic: Topic
    description: str
    changed_at: str
    at: datetime
    name: str
    changed_by: AuthUser
    reason_for_change: str

    @classmethod
    def of(cls, entry: Entry, by: Actor, name: str) -> Self:
        """The entry with whoever made the change, and their full name."""
        change = entry.change
        return cls(
            changelog_id=entry.id, referral_id=entry.referral_id, topic=change.topic,
            description=change.topic.description, changed_at=when(entry.changed.at), at=entry.changed.at, name=name,
            changed_by=AuthUser.of(by), reason_for_change=change.reason,
        )  # fmt: skip


class ChangelogDetail(Wire):
    """One change with its values, as people read them."""

    changelog_id: UUID
    referral_id: UUID
    topic: Topic
    description: str
    at: datetime
    old_value: list[str]
    new_value: list[str]
    name: str
    changed_by: AuthUser
    reason_for_change: str

    @classmethod
    def of(cls, entry: Entry, by: Actor, name: str, catalogue: Catalogue) -> Self:
        """The entry with whoever made the change, and their full name."""
        change = entry.change
        return cls(
            changelog_id=entry.id, referral_id=entry.referral_id, topic=change.topic,
            description=change.topic.description, at=entry.changed.at,
            old_value=translated(change.topic, change.old, catalogue),
            new_value=translated(change.topic, change.new, catalogue), name=name, changed_by=AuthUser.of(by),
            reason_for_change=change.reason,
        )  # fmt: skip
