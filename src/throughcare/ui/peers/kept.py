"""Answers that are the same for everybody and change rarely: each is kept for a while, and then asked for again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar, cast

from throughcare.kit.clock import real_now

T = TypeVar("T")
KEPT_FOR = timedelta(minutes=10)
_kept: dict[str, tuple[datetime, object]] = {}


async def kept(name: str, ask: Callable[[], Awaitable[T]]) -> T:
    """What ``ask`` answered last under this name, asked again after ten minutes. Raises what ``ask`` raises."""
    held = _kept.get(name)
    if held is None or real_now() - held[0] > KEPT_FOR:
        held = _kept[name] = (real_now(), await ask())
    return cast("T", held[1])


def forget_kept() -> None:
    """Ask anew next time."""
    _kept.clear()
