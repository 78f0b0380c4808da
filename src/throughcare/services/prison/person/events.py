"""What is announced about people."""

from __future__ import annotations

from throughcare.kit.messaging.envelope import DomainEvent


class PersonCreated(
    DomainEvent,
    type="prison.person.created",
    key="noms_number",
    description="A person was given a prisoner number",
):
    """A person became known to the prisons."""

    noms_number: str


class IdentifierAdded(
    DomainEvent, type="prison.identifier.added", key="noms_number", aggregate="person",
    description="An identifier was added to a prisoner",
):  # fmt: skip
    """A prisoner was given a further identifier; ``type`` says of which kind."""

    noms_number: str
    type: str


class AliasAdded(
    DomainEvent, type="prison.alias.added", key="noms_number", aggregate="person",
    description="Another name of a prisoner was recorded",
):  # fmt: skip
    """A further name of a prisoner became known."""

    noms_number: str
