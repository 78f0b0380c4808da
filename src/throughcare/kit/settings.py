"""Settings of the platform and of each service, from the environment. Secrets never print."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AliasChoices, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError

from throughcare.kit.errors import CannotStart

LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], BeforeValidator(str.upper)]


class BadSettings(CannotStart):
    """Settings that are missing or not understood: all of them, each by the name of its variable."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"settings: {'; '.join(problems)}")


class PlatformSettings(BaseSettings):
    """What every process of the system is told, by ``THROUGHCARE_…`` variables (``DATABASE_URL`` without prefix)."""

    model_config = SettingsConfigDict(env_prefix="THROUGHCARE_", extra="ignore", populate_by_name=True)

    environment: Literal["dev", "test", "preprod", "prod"] = "dev"
    data: Path = Path(".data")
    secret: SecretStr | None = None
    database_url: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("THROUGHCARE_DATABASE_URL", "DATABASE_URL")
    )
    base_url: str = "http://localhost:8080"
    peer_urls: dict[str, str] = {}
    bus: Literal["pgmq", "aws"] = "pgmq"
    aws_region: str = "eu-west-2"
    aws_endpoint_url: str | None = None
    version: str = "dev"
    build_time: str = ""
    git_branch: str = ""
    git_commit: str = ""
    product_id: str = "UNASSIGNED"
    log_level: LogLevel = "INFO"


class ServiceSettings(BaseSettings):
    """Base of a service's own settings; a service named ``prison`` reads ``THROUGHCARE_PRISON__…``."""

    model_config = SettingsConfigDict(extra="ignore")

    database_url: SecretStr | None = None


S = TypeVar("S", bound=BaseSettings)


def read_settings(kind: type[S], prefix: str) -> S:
    """Settings from variables that begin with ``prefix``. Raises BadSettings, which tells names and never values."""
    try:
        return kind(_env_prefix=prefix)
    except ValidationError as error:
        found = [(".".join(str(part) for part in one["loc"]), one["msg"]) for one in error.errors()]
        raise BadSettings([f"{prefix}{name.upper()}: {message}" for name, message in found]) from None
    except SettingsError as error:
        field = re.search(r'field "(\w+)"', str(error))
        raise BadSettings([f"{prefix}{field[1].upper() if field else '…'}: is not JSON"]) from None


class Secrets:
    """Secrets that one system shares: each purpose gets its own, derived from the root by HMAC-SHA-256."""

    def __init__(self, root: str) -> None:
        self._root = root.encode()

    def derive(self, purpose: str) -> str:
        """The secret for ``purpose``: 43 or more URL-safe characters, the same on every call."""
        return hmac.new(self._root, purpose.encode(), hashlib.sha256).hexdigest()
