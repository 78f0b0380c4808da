"""The context of a request, as a route parameter."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from throughcare.kit.context import Context


async def _context(request: Request) -> Context:
    context = request.state.context
    assert isinstance(context, Context)
    return context


Ctx = Annotated[Context, Depends(_context)]
