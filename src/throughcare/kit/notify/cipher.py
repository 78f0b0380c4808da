"""Recipients and personalisation at rest: encrypted, and recipients comparable without being readable."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping

from joserfc import jwe
from joserfc.jwk import OctKey

from throughcare.kit.settings import Secrets

_ALGORITHMS = ["dir", "A256GCM"]


class MailCipher:
    """Encrypts with AES-256-GCM (JWE, direct) under a key that only this system's secret gives."""

    def __init__(self, secrets: Secrets, service: str) -> None:
        self._key = OctKey.import_key(hashlib.sha256(secrets.derive(f"mail:{service}").encode()).digest())
        self._hash_key = secrets.derive(f"mail-recipient:{service}").encode()

    def seal(self, text: str) -> str:
        """``text`` as a compact JWE."""
        return jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, text, self._key, algorithms=_ALGORITHMS)

    def open(self, sealed: str) -> str:
        """The text in a compact JWE. Raises joserfc's JoseError when another secret sealed it."""
        plain = jwe.decrypt_compact(sealed, self._key, algorithms=_ALGORITHMS).plaintext
        return (plain or b"").decode()

    def seal_object(self, value: Mapping[str, object]) -> str:
        """A JSON object as a compact JWE."""
        return self.seal(json.dumps(value))

    def hash(self, recipient: str) -> str:
        """The same for the same address in any case, and of no use without the secret."""
        return hmac.new(self._hash_key, recipient.strip().lower().encode(), hashlib.sha256).hexdigest()
