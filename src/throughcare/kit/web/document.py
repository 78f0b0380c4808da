"""The OpenAPI document of an application, completed with what FastAPI cannot know."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

PROBLEM = {"$ref": "#/components/schemas/Problem"}
NEVER_SENT = {"$ref": "#/components/schemas/HTTPValidationError"}
BEARER = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


def document_of(app: FastAPI) -> dict[str, Any]:
    """The document of ``app``: where its routes stand, how callers prove who they are, and errors as they are sent."""
    document = app.openapi()
    document["servers"] = [{"url": app.state.runtime.service.path.rstrip("/") or "/"}]
    document.setdefault("components", {})["securitySchemes"] = {"bearer": BEARER}
    for methods in document["paths"].values():
        for operation in methods.values():
            for answer in operation["responses"].values():
                _as_json(answer.get("content", {}))
            _forget_framework_error(operation["responses"])
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"].get("schemas", {}).pop(name, None)
    return document


def _forget_framework_error(answers: dict[str, Any]) -> None:
    """FastAPI's own answer to a malformed request is never sent: that is a Problem with status 400."""
    if answers.get("422", {}).get("content", {}).get("application/json", {}).get("schema") == NEVER_SENT:
        del answers["422"]


def _as_json(content: dict[str, Any]) -> None:
    """An error is JSON even where the answer is a file, of whose media type FastAPI takes it to be."""
    for media in [media for media, one in content.items() if one.get("schema") == PROBLEM]:
        content["application/json"] = content.pop(media)
