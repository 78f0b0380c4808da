"""Refusals in OAuth's words (RFC 6749 §5.2): every error of this server has them beside HMPPS's own fields.

The protocol's own errors bring them along. What the kit refuses before a route is reached (a body that cannot
be read, a parameter that is no text, a method that is not offered) gets them here.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import cast

from fastapi import FastAPI, Request, Response

Handler = Callable[[Request, Exception], Awaitable[Response]]

WORDS = {
    401: "invalid_token",
    403: "access_denied",
    404: "not_found",
    409: "conflict",
    500: "server_error",
    503: "temporarily_unavailable",
}


def in_oauths_words(app: FastAPI) -> None:
    """Let every error that ``app`` answers with say ``error``, ``error_description`` and ``field`` too.

    Call it before anything that answers browsers with pages instead.
    """
    for kind, handler in tuple(app.exception_handlers.items()):
        app.add_exception_handler(kind, _with_words(cast("Handler", handler)))


def _with_words(handler: Handler) -> Handler:
    async def handle(request: Request, error: Exception) -> Response:
        answer = await handler(request, error)
        body = json.loads(bytes(answer.body))
        if "error" in body:
            return answer
        word = WORDS.get(answer.status_code, "invalid_request")
        said = {"error": word, "error_description": body["developerMessage"], "field": None}
        headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
        return Response(json.dumps(body | said), answer.status_code, headers)

    return handle
