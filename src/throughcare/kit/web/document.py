"""The OpenAPI document of an application, completed with what FastAPI cannot know."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

PROBLEM = {"$ref": "#/components/schemas/Problem"}
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
    return document


def _as_json(content: dict[str, Any]) -> None:
    """An error is JSON even where the answer is a file, of whose media type FastAPI takes it to be."""
    for media in [media for media, one in content.items() if one.get("schema") == PROBLEM]:
        content["application/json"] = content.pop(media)
