"""How a client proves who it is: by Basic authentication or in the form, never both (RFC 6749 §2.3.1)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote_plus

from throughcare.services.auth.client.model import InvalidClient, InvalidRequest


@dataclass(frozen=True)
class Credentials:
    """A client's id and secret as given."""

    client_id: str
    secret: str = field(repr=False)

    @classmethod
    def of(cls, authorization: Sequence[str], client_id: str | None, secret: str | None) -> Self:
        """What the ``Authorization`` headers or the form say. Raises InvalidClient, InvalidRequest."""
        if not authorization:
            if not client_id or not secret:
                raise InvalidClient
            return cls(client_id, secret)
        given = cls._basic(authorization)
        if secret is not None or client_id not in {None, given.client_id}:
            raise InvalidRequest("the client authenticates in two ways at once")
        return given

    @classmethod
    def _basic(cls, authorization: Sequence[str]) -> Self:
        scheme, _, encoded = authorization[0].partition(" ")
        if len(authorization) > 1 or scheme.lower() != "basic":
            raise InvalidClient
        try:
            name, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            raise InvalidClient from None
        if not colon or not name:
            raise InvalidClient
        return cls(unquote_plus(name), unquote_plus(secret))
