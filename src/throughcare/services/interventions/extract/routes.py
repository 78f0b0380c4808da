"""The weekly extracts, for the machine that takes them to the national data team."""

from __future__ import annotations

from fastapi.responses import StreamingResponse

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.actor.model import EXTRACTS
from throughcare.services.interventions.extract.schemas import ExtractFile
from throughcare.services.interventions.extract.store import ExtractStore
from throughcare.services.interventions.kept_file.usecases import parts_of
from throughcare.services.interventions.refusal.model import NotThere

router = Router("/extracts", tag="Extracts")


@router.get("", roles=[EXTRACTS])
async def list_extracts(ctx: Ctx) -> list[ExtractFile]:
    """The files that were made, and when."""
    async with ctx.reading(ExtractStore) as store:
        return [ExtractFile.model_validate(one) for one in await store.made()]


@router.get("/{name}", roles=[EXTRACTS], errors=[NotThere], response_class=StreamingResponse)
async def get_extract(name: str, ctx: Ctx) -> StreamingResponse:
    """One file as CSV. It can be read to its end also when the next one is made meanwhile."""
    async with ctx.reading(ExtractStore) as store:
        found = await store.get(name)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.name}"', "Cache-Control": "no-store",
        "Last-Modified": f"{found.made_at:%a, %d %b %Y %H:%M:%S GMT}",
    }  # fmt: skip
    return StreamingResponse(parts_of(ctx, found.id), media_type="text/csv; charset=utf-8", headers=headers)
