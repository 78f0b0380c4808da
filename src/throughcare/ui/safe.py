"""Keeps at rest, unreadable, what only the pages need to read again."""

from __future__ import annotations

from joserfc import jwe
from joserfc.jwk import OctKey

from throughcare.kit.context import Context

_REGISTRY = jwe.JWERegistry()
_REGISTRY.max_ciphertext_length = 4 * 1024 * 1024  # all that a form of 1 MiB can hold, as JSON and in base64


class Safe:
    """Encrypts texts (JWE, direct use of a 256-bit key)."""

    def __init__(self, secret: str) -> None:
        self._key = OctKey.import_key(bytes.fromhex(secret))

    def seal(self, text: str) -> str:
        """The text, encrypted."""
        return jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, text, self._key)

    def open(self, sealed: str) -> str:
        """The text again. Raises joserfc's errors when it was tampered with."""
        return (jwe.decrypt_compact(sealed, self._key, registry=_REGISTRY).plaintext or b"").decode()


def forms_safe(ctx: Context) -> Safe:
    """What encrypts the texts that people typed into forms."""
    return Safe(ctx.secrets.derive("ui:typed"))
