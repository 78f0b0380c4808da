"""The change log on the wire."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.changelog.model import Entry, Topic, translated, when


class ChangelogEntry(Wire):
    """A line of the change log; ``changedAt`` is for people to read, in London."""

    changelog_id: UUID
    referral_id: UUID
    topic: Topic
    description: str
    changed_at: str
    name: str
    reason_for_change: str

    @classmethod
    def of(cls, entry: Entry, name: str) -> Self:
        """The entry with the full name of whoever made the change."""
        change = entry.change
        return cls(
            changelog_id=entry.id, referral_id=entry.referral_id, topic=change.topic,
            description=change.topic.description, changed_at=when(entry.changed.at), name=name,
            reason_for_change=change.reason,
        )  # fmt: skip


class ChangelogDetail(Wire):
    """One change with its values, as people read them."""

    changelog_id: UUID
    referral_id: UUID
    topic: Topic
    old_value: list[str]
    new_value: list[str]
    name: str
    reason_for_change: str

    @classmethod
    def of(cls, entry: Entry, name: str, catalogue: Catalogue) -> Self:
        """The entry with the full name of whoever made the change."""
        change = entry.change
        return cls(
            changelog_id=entry.id, referral_id=entry.referral_id, topic=change.topic,
            old_value=translated(change.topic, change.old, catalogue),
            new_value=translated(change.topic, change.new, catalogue), name=name, reason_for_change=change.reason,
        )  # fmt: skip
