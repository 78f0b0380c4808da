"""Everything that decides whether a token is alive, in one query."""

from __future__ import annotations

from sqlalchemy import Text, cast, func, or_, select

from throughcare.kit.db import Views
from throughcare.services.auth.account.store import users
from throughcare.services.auth.client.store import oauth_client
from throughcare.services.auth.introspection.model import Standing
from throughcare.services.auth.session.model import Session
from throughcare.services.auth.session.store import auth_session, not_before
from throughcare.services.auth.token.store import issued_token, token_of

_POINT = (
    select(func.max(not_before.c.not_before))
    .where(
        or_(
            (not_before.c.scope == "account") & (not_before.c.ref == cast(issued_token.c.account_id, Text)),
            (not_before.c.scope == "client") & (not_before.c.ref == issued_token.c.client_id),
            not_before.c.scope == "global",
        )
    )
    .scalar_subquery()
)
_STANDING = (
    select(
        issued_token,
        users.c.enabled.label("account_enabled"),
        oauth_client.c.ends_at.label("client_ends_at"),
        _POINT.label("point"),
        *(column.label(f"of_{column.name}") for column in auth_session.c),
    )
    .select_from(issued_token)
    .outerjoin(auth_session, auth_session.c.id == issued_token.c.session_id)
    .outerjoin(users, users.c.user_id == issued_token.c.account_id)
    .join(oauth_client, oauth_client.c.client_id == issued_token.c.client_id)
)


class StandingViews(Views):
    """Tokens with all that their life hangs on."""

    async def of(self, jti: str) -> Standing | None:
        """The token on record, or None when there is none, or its client is gone."""
        row = await self.one_or_none(_STANDING.where(issued_token.c.jti == jti))
        if row is None:
            return None
        session = None
        if row["of_id"] is not None:
            session = Session(**{column.name: row[f"of_{column.name}"] for column in auth_session.c})
        return Standing(
            token=token_of(row),
            session=session,
            account_enabled=row["account_enabled"],
            client_ends_at=row["client_ends_at"],
            not_before=row["point"],
        )
