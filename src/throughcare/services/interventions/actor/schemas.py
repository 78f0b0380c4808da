"""Actors on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self
from uuid import UUID

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.actor.model import Actor


class AuthUser(Wire):
    """A person who signed in: ``authSource`` is ``delius`` for practitioners, ``auth`` for provider staff."""

    username: str
    auth_source: str
    user_id: str

    @classmethod
    def of(cls, actor: Actor) -> Self:
        """The actor as callers know them."""
        return cls(username=actor.username, auth_source=actor.auth_source, user_id=actor.user_id)

    @classmethod
    def find(cls, actors: Mapping[UUID, Actor], actor_id: UUID | None) -> Self | None:
        """The actor with this id; None when there is no id."""
        return None if actor_id is None else cls.of(actors[actor_id])

    def actor(self) -> Actor:
        """The person whom a request names."""
        return Actor(self.user_id, self.auth_source, self.username)
