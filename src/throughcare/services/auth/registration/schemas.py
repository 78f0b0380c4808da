"""What registering a client takes and answers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from throughcare.kit.web.schemas import Wire

Names = Annotated[list[Annotated[str, Field(max_length=100)]], Field(min_length=1, max_length=20)]


class ClientRegistration(Wire):
    """What the client may hold and whom its tokens are for; ``new_secret`` replaces the secret of a known one."""

    roles: Names
    audiences: Names
    new_secret: bool = False


class RegisteredClient(Wire):
    """A client that was registered. ``client_secret`` is there when it was made just now, and never again."""

    client_id: str
    client_secret: str | None
    roles: list[str]
    audiences: list[str]
