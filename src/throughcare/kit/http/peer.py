"""Clients of other services: always HTTP with a token, a trace header, a time limit and JSON."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, overload

import httpx2
import stamina
from pydantic import TypeAdapter, ValidationError

from throughcare.kit.errors import BadRequest, ServiceError, Unavailable
from throughcare.kit.telemetry import metrics
from throughcare.kit.telemetry.correlation import current_correlation_id
from throughcare.kit.telemetry.traces import client_span

if TYPE_CHECKING:
    from throughcare.kit.http.gateway import Link

M = TypeVar("M")
D = TypeVar("D")
Query = Mapping[str, str | int | Sequence[str] | None]

ATTEMPTS = 3
CONNECT_SECONDS = 1.0
PASSING_STATUSES = frozenset({408, 413, 429})  # refusals that may pass
CONNECTING = httpx2.Timeout(None, connect=CONNECT_SECONDS)
_WORDS = re.compile(r"v\d|[a-z]+([A-Z][a-z]+)*(-[a-z]+)*")


@dataclass(frozen=True)
class Download:
    """A file on its way: what it is, how it is to be called (a header), and its parts, to be read to the end."""

    media_type: str
    disposition: str
    parts: AsyncIterator[bytes]


class _Raise:
    """Marks that a missing record is an error."""


class PeerError(ServiceError):
    """A call to another service did not succeed."""


class PeerUnavailable(PeerError, Unavailable):
    """The peer is down, slow or failing; nothing is known about the effect of a write (503)."""

    status = 503
    code = "PEER_UNAVAILABLE"
    title = "A system that this needs is not answering. Try again later"


class PeerRefused(PeerError):
    """The peer answered with a 4xx. ``body`` is its error document. Our own caller sees 502 unless it is handled."""

    status = 502
    code = "PEER_REFUSED"
    title = "A system that this needs refused the request"

    def __init__(self, peer: str, status: int, body: Mapping[str, Any]) -> None:
        self.peer, self.peer_status, self.body = peer, status, body
        self.peer_code = str(body.get("code") or body.get("errorCode") or "")
        self.user_message = str(body.get("userMessage") or "")
        super().__init__(developer_message=f"{peer} answered {status} {self.peer_code}".strip())


class _Retryable(Exception):
    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(detail)


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


class Peer:
    """Base of a client of one service: subclasses name it and add a method per question.

    ``timeout`` is how many seconds a call may take in all, its token and its repetitions included.
    """

    service: ClassVar[str] = ""
    timeout: ClassVar[float] = 10.0

    def __init_subclass__(cls, *, service: str, timeout: float = 10.0, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.service, cls.timeout = service, timeout

    def __init__(self, link: Link) -> None:
        self._link = link

    @overload
    async def get(self, path: str, model: type[M], *, params: Query | None = None) -> M: ...
    @overload
    async def get(self, path: str, model: type[M], *, params: Query | None = None, missing: D) -> M | D: ...
    async def get(self, path: str, model: Any, *, params: Query | None = None, missing: Any = _Raise) -> Any:
        """What stands at ``path``; ``missing`` when there is nothing (404, 204, an empty body). Retried up to twice.

        Raises PeerUnavailable, PeerRefused.
        """
        return await self._call("GET", path, model, params=params, missing=missing)

    async def post(
        self, path: str, model: Any = None, *, json: object = None, params: Query | None = None,
        idempotency_key: str | None = None, safe: bool = False, missing: Any = _Raise,
    ) -> Any:  # fmt: skip
        """Send ``json``; the answer as ``model``, or None. ``safe`` marks a question asked by POST, which is retried.

        Raises PeerUnavailable, PeerRefused.
        """
        return await self._call(
            "POST", path, model, params=params, json=json, key=idempotency_key, safe=safe, missing=missing
        )

    async def put(self, path: str, model: Any = None, *, json: object = None, idempotent: bool = False) -> Any:
        """Put ``json`` at ``path``; the answer as ``model``, or None. Retried only when said to be ``idempotent``.

        Raises PeerUnavailable, PeerRefused.
        """
        return await self._call("PUT", path, model, json=json, safe=idempotent)

    async def patch(
        self, path: str, model: Any = None, *, json: object = None, idempotency_key: str | None = None
    ) -> Any:
        """Change what stands at ``path``; once for each ``idempotency_key``. Raises PeerUnavailable, PeerRefused."""
        return await self._call("PATCH", path, model, json=json, key=idempotency_key)

    async def delete(self, path: str, *, json: object = None, params: Query | None = None) -> None:
        """Delete what stands at ``path``. Raises PeerUnavailable, PeerRefused."""
        await self._call("DELETE", path, None, json=json, params=params)

    async def download(self, path: str) -> Download:
        """The file that stands at ``path``, asked for once and handed on as it arrives.

        Raises PeerUnavailable, PeerRefused.
        """
        _check_address(path)
        if not self._link.breaker.admits():
            raise PeerUnavailable(developer_message=f"{self.service}: circuit open")
        client, headers = self._link.client, {**await self._headers(None), "Accept": "*/*"}
        request = client.build_request("GET", path, headers=headers, timeout=httpx2.Timeout(self.timeout))
        try:
            response = await client.send(request, stream=True)
            if response.is_error:
                await response.aread()
        except httpx2.RequestError as error:
            self._link.breaker.failed()
            raise PeerUnavailable(developer_message=f"{self.service}: {type(error).__name__}") from None
        if response.is_error:
            if response.status_code in PASSING_STATUSES or response.status_code >= 500:
                raise PeerUnavailable(developer_message=f"{self.service}: status {response.status_code}")
            raise PeerRefused(self.service, response.status_code, _error_body(response))
        self._link.breaker.succeeded()
        return Download(
            response.headers.get("content-type", ""), response.headers.get("content-disposition", ""), _parts(response)
        )

    async def _call(
        self, method: str, path: str, model: Any, *, params: Query | None = None, json: object = None,
        key: str | None = None, safe: bool = False, missing: Any = _Raise,
    ) -> Any:  # fmt: skip
        attempts = ATTEMPTS if method == "GET" or safe or key is not None else 1
        _check_address(path)
        if not self._link.breaker.admits():
            raise PeerUnavailable(developer_message=f"{self.service}: circuit open")
        sent = {name: value for name, value in (params or {}).items() if value is not None}
        try:
            async with asyncio.timeout(self.timeout):
                response = await self._tried(attempts, method, path, sent, json, key)
                if (
                    response.status_code == 401 and self._link.forget_token()
                ):  # refused unread: any call may be repeated
                    response = await self._tried(attempts, method, path, sent, json, key)
        except (_Retryable, TimeoutError) as error:
            self._link.breaker.failed()
            detail = error.detail if isinstance(error, _Retryable) else f"no answer in {self.timeout:g} s"
            raise PeerUnavailable(developer_message=f"{self.service}: {detail}") from None
        self._link.breaker.succeeded()
        return self._read(response, model, missing)

    async def _tried(
        self, attempts: int, method: str, path: str, params: Mapping[str, Any], json: object, key: str | None
    ) -> httpx2.Response:
        headers = await self._headers(key)
        async for attempt in stamina.retry_context(
            on=_Retryable, attempts=attempts, timeout=None, wait_initial=0.05, wait_max=0.5, wait_jitter=0.05
        ):
            with attempt:
                response = await self._once(method, path, params, json, headers)
        return response

    async def _headers(self, key: str | None) -> dict[str, str]:
        headers = {"Accept": "application/json", "X-Correlation-Id": current_correlation_id()}
        if authorization := await self._link.authorization():
            headers["Authorization"] = authorization
        if key is not None:
            headers["Idempotency-Key"] = key
        return headers

    async def _once(
        self, method: str, path: str, params: Mapping[str, Any], json: object, headers: dict[str, str]
    ) -> httpx2.Response:
        started, outcome = perf_counter(), "error"
        with client_span(self.service, method, _template(path)) as span:
            try:
                response = await self._link.client.request(
                    method, path, params=params, json=json, timeout=CONNECTING,
                    headers={**headers, "traceparent": span.traceparent},
                )  # fmt: skip
                span.set_attribute("http.response.status_code", response.status_code)
                outcome = f"{response.status_code // 100}xx"
            except httpx2.RequestError as error:
                raise _Retryable(type(error).__name__) from None
            finally:
                seconds = perf_counter() - started
                metrics.http_client_request_duration_seconds.labels(self.service, method, outcome).observe(seconds)
        if response.status_code in PASSING_STATUSES or response.status_code >= 500:
            raise _Retryable(f"status {response.status_code}")
        return response

    def _read(self, response: httpx2.Response, model: Any, missing: Any) -> Any:
        nothing = response.status_code in {404, 204} or (response.is_success and not response.content)
        if nothing and missing is not _Raise:
            return missing
        if response.is_error:
            raise PeerRefused(self.service, response.status_code, _error_body(response))
        if model is None:
            return None
        try:
            return _adapter(model).validate_json(response.content)
        except ValidationError as error:
            places = sorted({".".join(str(part) for part in one["loc"]) for one in error.errors()})
            raise PeerUnavailable(developer_message=f"{self.service}: unreadable answer at {places}") from None


async def _parts(response: httpx2.Response) -> AsyncIterator[bytes]:
    try:
        async for part in response.aiter_bytes():
            yield part
    finally:
        await response.aclose()


def _error_body(response: httpx2.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _check_address(path: str) -> None:
    """Raises BadRequest: what a caller gave us cannot stand in an address, or would lead to another one."""
    parts = path.partition("?")[0].removeprefix("/").split("/")
    if not path.isprintable() or any(part in {"", ".", ".."} for part in parts):
        raise BadRequest("a value cannot be part of an address", code="INVALID")


def _template(path: str) -> str:
    """The path without identifiers, for telemetry: what is not plainly the name of a resource becomes ``{id}``."""
    parts = path.partition("?")[0].split("/")
    return "/".join(part if not part or _WORDS.fullmatch(part) else "{id}" for part in parts)
