"""``throughcare events explain`` and ``consumers explain``: JSON in, JSON out, by the rules of production.

With look-ups given nothing runs but this process; without them the running services are asked.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from throughcare.cli.errors import CommandError
from throughcare.cli.operate import System
from throughcare.kit.errors import ServiceError
from throughcare.services.integration.explanation.schemas import ConsumerQuestion, EventAnswer, EventQuestion
from throughcare.services.integration.explanation.usecases import explain_consumer, explain_event

Line = dict[str, Any]


def events(data: Path, url: str | None, file: Path | None, *, batch: bool) -> None:
    """Explain domain events: one a line with ``batch``, else one in words. Raises CommandError."""
    target: list[System] = []

    async def answer(given: object) -> EventAnswer:
        question = EventQuestion.model_validate(given)
        if question.lookups is not None:
            return await explain_event(question)
        if not target:
            target.append(System(data, url))
        found = target[0].call("integration", "POST", "/v1/explanations/events", json={"questions": [given]})
        return EventAnswer.model_validate(found["answers"][0])

    async def line(given: object) -> Line:
        return (await answer(given)).line()

    if batch:
        asyncio.run(_lines(_read(file), line))
        return
    try:
        asyncio.run(_in_words(_only(_read(file)), answer))
    except ValidationError as error:
        raise CommandError(f"the question cannot be read: {_wrong(error)}") from None


def consumers(file: Path | None) -> None:
    """Explain consumers' configurations, one a line."""

    async def line(given: object) -> Line:
        answer = explain_consumer(ConsumerQuestion.model_validate(given))
        return answer.model_dump(by_alias=True, exclude_none=True)

    asyncio.run(_lines(_read(file), line))


def _read(file: Path | None) -> Iterable[str]:
    if file is None:
        yield from sys.stdin
        return
    try:
        yield from file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}") from None


async def _lines(given: Iterable[str], answer: Callable[[object], Awaitable[Line]]) -> None:
    """One answer a line, in order; a line that is no question has an answer that says so."""
    for text in given:
        if not text.strip():
            continue
        try:
            found = await answer(json.loads(text))
        except (ValueError, RecursionError) as error:
            detail = _wrong(error) if isinstance(error, ValidationError) else "the line is not JSON"
            found = {"error": "invalid-line", "detail": detail}
        except ServiceError as error:
            found = {"error": "invalid-line", "detail": error.message}
        print(json.dumps(found), flush=True)


def _only(lines: Iterable[str]) -> object:
    text = "".join(lines)
    try:
        given: object = json.loads(text)
    except ValueError:
        raise CommandError("the question is not JSON: give an object with `event`, or a domain event") from None
    bare = isinstance(given, dict) and "eventType" in given
    return {"event": given} if bare else given


async def _in_words(given: object, answer: Callable[[object], Awaitable[EventAnswer]]) -> None:
    found = await answer(given)
    if found.error is not None:
        print(f"nothing is told: {found.error} ({found.detail})")
        return
    for one in found.notifications or []:
        print(f"{one.event_type}  {one.path}  prison {one.prison_id or '-'}  {one.supervision_status}")
        print(f"    to {', '.join(one.consumers) or 'nobody'}")
    for refused in found.refused:
        print(f"{refused.event_type}  not told: {refused.reason}")
    if not found.notifications and not found.refused:
        print("this event leads to no notification")


def _wrong(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, one['loc'])) or 'question'}: {one['msg']}" for one in error.errors())
