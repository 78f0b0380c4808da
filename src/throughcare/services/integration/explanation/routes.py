"""Explanations by the running system."""

from __future__ import annotations

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.integration.explanation import usecases
from throughcare.services.integration.explanation.schemas import (
    ConsumerAnswer,
    ConsumerQuestion,
    EventAnswers,
    EventQuestions,
)

OPERATORS = ["ROLE_CONSOLE__RO", "ROLE_QUEUE_ADMIN"]

router = Router(prefix="/v1/explanations", tag="Explanations")


@router.post("/events", roles=OPERATORS)
async def explain_events(body: EventQuestions, ctx: Ctx) -> EventAnswers:
    """What domain events would lead to, and whom it would reach; nothing is stored or sent."""
    return EventAnswers(answers=[await usecases.explain_here(ctx, one) for one in body.questions])


@router.post("/consumers", roles=OPERATORS)
async def explain_consumer(body: ConsumerQuestion) -> ConsumerAnswer:
    """What a consumer's configuration would let through."""
    return usecases.explain_consumer(body)
