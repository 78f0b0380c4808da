"""What a client that is registered at run time may hold, and how registering is refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from throughcare.kit.errors import BadRequest, Conflict, NotFound
from throughcare.kit.service import ClientSpec
from throughcare.services.auth.client.model import Client

GRANTABLE: Mapping[str, str] = {"ROLE_INTEGRATION__CONSUMER": "integration"}
"""Roles that can be given at run time, each with the one service for which its holder gets tokens.

Whoever may register clients can give nothing else, however the request is written: every other role is declared with
the service or the command line that needs it.
"""


class RoleNotGrantable(BadRequest):
    """A role or an audience is not one that can be given at run time (400)."""

    code = "ROLE_NOT_GRANTABLE"
    title = "This role or audience cannot be given to a client that is registered here"


class DeclaredClient(Conflict):
    """The client is declared by the system itself: it is neither changed nor taken away here (409)."""

    code = "CLIENT_DECLARED"
    title = "This client is one of the system's own"


class RegisteredMeanwhile(Conflict):
    """Somebody else registered the client at the same time, and has its secret (409)."""

    code = "CLIENT_REGISTERED_MEANWHILE"
    title = "Somebody else registered this client at the same time"


class NoClient(NotFound):
    """No client of that id was registered here (404)."""

    code = "CLIENT_NOT_FOUND"
    title = "There is no such client"


def check_grantable(roles: Collection[str], audiences: Collection[str]) -> None:
    """Refuse a role outside the list, and an audience that none of the roles is for. Raises RoleNotGrantable."""
    if not set(roles) <= set(GRANTABLE) or not set(audiences) <= {GRANTABLE[role] for role in roles}:
        raise RoleNotGrantable


def machine_client(client_id: str, secret: str, roles: Collection[str], audiences: Collection[str]) -> Client:
    """A client that can ask for tokens of its own and for nothing else."""
    spec = ClientSpec(client_id, secret, ("client_credentials",), tuple(roles), tuple(audiences), scopes=("read",))
    return replace(Client.of(spec), registered=True)
