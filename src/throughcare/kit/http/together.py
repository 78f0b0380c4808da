"""One question for all who ask it at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

T = TypeVar("T")
_asked: WeakKeyDictionary[object, dict[Hashable, asyncio.Task[Any]]] = WeakKeyDictionary()


async def together(owner: object, question: Hashable, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What ``ask`` answers or raises; whoever puts the same question to ``owner`` meanwhile gets the same.

    Nothing is kept once there is an answer. It may be as old as the question took: ask so only what may be.
    """
    waiting = _asked.setdefault(owner, {})
    task = waiting.get(question)
    if task is None:
        task = waiting[question] = asyncio.create_task(ask())
        task.add_done_callback(lambda done: _end(waiting, question, done))
    return cast("T", await asyncio.shield(task))


def _end(waiting: dict[Hashable, asyncio.Task[Any]], question: Hashable, done: asyncio.Task[Any]) -> None:
    del waiting[question]
    if not done.cancelled():
        done.exception()  # everybody who asked may have left
