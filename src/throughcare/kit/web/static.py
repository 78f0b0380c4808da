"""The built assets: content-hashed names, cached for ever, served by every application under ``/static``."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from fastapi import Request
from fastapi.responses import FileResponse, Response

from throughcare.kit.errors import NotFound
from throughcare.kit.web.router import Router

FOLDER = Path(__file__).parent / "static" / "assets"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}
router = Router(include_in_schema=False)


class AssetsMissing(RuntimeError):
    """The pages' assets were not built."""

    def __init__(self) -> None:
        super().__init__("the pages' assets are not built: run `make assets` (needs Node 20)")


@cache
def manifest() -> dict[str, str]:
    """Logical names and the hashed file names that they were built to. Raises AssetsMissing."""
    try:
        built: dict[str, str] = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    except OSError:
        raise AssetsMissing from None
    return built


def asset(name: str, root: str = "") -> str:
    """The address of an asset under an application's root path. Raises AssetsMissing, KeyError."""
    return f"{root}/static/{manifest()[name]}"


def takes_gzip(request: Request) -> bool:
    """Whether the caller accepts gzip: named in ``Accept-Encoding`` without ``q=0`` (RFC 9110 §12.5.3)."""
    for offer in request.headers.get("accept-encoding", "").lower().split(","):
        coding, _, weight = offer.partition(";")
        if coding.strip() == "gzip":
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


@router.get("/static/{name}", public=True)
async def static(name: str, request: Request) -> Response:
    """One built file, in the form that was compressed when it was built where there is one."""
    path = FOLDER / name
    if name not in manifest().values() or not path.is_file():
        raise NotFound("there is nothing at this address")
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    media_type = TYPES.get(path.suffix, "text/plain")
    small = path.with_name(f"{name}.gz")
    if takes_gzip(request) and small.is_file():
        return FileResponse(small, media_type=media_type, headers={**headers, "Content-Encoding": "gzip"})
    return FileResponse(path, media_type=media_type, headers=headers)
