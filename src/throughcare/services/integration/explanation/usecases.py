"""Explain what would be told, and to whom: the production path, with what was given in place of the rest."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from throughcare.kit.clock import real_now
from throughcare.kit.context import Context
from throughcare.kit.messaging.bus import Received
from throughcare.kit.messaging.parse import Unreadable, parse
from throughcare.services.integration.change.model import Change, ChangeError, Malformed, Plan
from throughcare.services.integration.change.reactions import Changed
from throughcare.services.integration.change.usecases import plan_changes
from throughcare.services.integration.consumer.model import Consumer, Routing, compile_policy, may_call
from throughcare.services.integration.consumer.store import ConsumerStore
from throughcare.services.integration.explanation.model import GivenRegisters
from throughcare.services.integration.explanation.schemas import (
    ConsumerAnswer,
    ConsumerQuestion,
    EventAnswer,
    EventQuestion,
    NotTold,
    Told,
)
from throughcare.services.integration.notification.model import Audience, Notification
from throughcare.services.integration.person.model import PersonNotFound, Registers
from throughcare.services.integration.person.usecases import PeerRegisters
from throughcare.services.integration.settings import IntegrationSettings


async def explain_event(question: EventQuestion) -> EventAnswer:
    """What the event leads to, by the look-ups, flags and consumers of the question alone."""
    given = question.lookups
    registers = (
        GivenRegisters(given.person_exists, given.noms_to_crn, given.prisoners, given.probation_cases)
        if given is not None
        else GivenRegisters({}, {}, {}, {})
    )
    return await _explain(question, registers, _off(question), _consumers(question))


async def explain_here(ctx: Context, question: EventQuestion) -> EventAnswer:
    """What the event leads to in the running system, except for what the question gives."""
    if question.lookups is not None:
        return await explain_event(question)
    consumers: Iterable[Consumer] = _consumers(question)
    if question.consumers is None:
        async with ctx.reading(ConsumerStore) as store:
            consumers = await store.all_consumers()
    disabled = ctx.settings(IntegrationSettings).disabled_flags if question.flags is None else _off(question)
    return await _explain(question, PeerRegisters(ctx), disabled, consumers)


def explain_consumer(question: ConsumerQuestion) -> ConsumerAnswer:
    """What a configuration lets through. Raises BadConsumer."""
    roles = question.role_definitions
    definitions = {name: one.role() for name, one in roles.items()} if roles is not None else None
    one = question.config.consumer()
    policy = compile_policy(one.configuration, definitions)
    answer = ConsumerAnswer(policy=policy.document())
    if question.event is not None:
        facts = question.event
        admitted = policy.admits(facts.event_type, facts.prison_id, facts.supervision_status)
        answer.deliver = admitted and one.is_told and not one.suspended
    if question.path is not None:
        answer.authorised = may_call(one.configuration, question.path, definitions)
    return answer


async def _explain(
    question: EventQuestion, registers: Registers, disabled: Collection[str], consumers: Iterable[Consumer]
) -> EventAnswer:
    try:
        change = _change(question)
    except Malformed as error:
        return EventAnswer(error=error.code, detail=str(error))
    (outcome,) = await plan_changes([change], registers, disabled)
    if not isinstance(outcome, Plan):
        return _failure(outcome)
    routing = Routing.of(one for one in consumers if not one.suspended)
    return EventAnswer(
        notifications=[_told(one, routing) for one in outcome.notifications],
        refused=[NotTold(event_type=one.event_type, reason=one.reason) for one in outcome.refusals],
    )


def _change(question: EventQuestion) -> Change:
    """The change in the message that the queue would hand out. Raises Malformed."""
    message = Received("", "explained", "", _body(question), {}, 1, real_now())
    try:
        envelope = parse(message, body_decides=True)
    except Unreadable as error:
        raise Malformed(error.detail) from None
    return Changed.of(envelope).change()


def _body(question: EventQuestion) -> str:
    if question.raw_body is not None:
        return question.raw_body
    event = question.event
    own = event.get("eventType") if isinstance(event, dict) else None
    named = question.envelope_event_type if question.names_attribute else own
    return json.dumps(
        {
            "Type": "Notification",
            "MessageId": "explained",
            "Message": json.dumps(event),
            "MessageAttributes": {"eventType": {"Type": "String", "Value": named}},
        }
    )


def _failure(error: Exception) -> EventAnswer:
    if isinstance(error, ChangeError):
        return EventAnswer(error=error.code, detail=str(error))
    if isinstance(error, PersonNotFound):
        return EventAnswer(error="person-not-found", detail="probation does not know the CRN")
    return EventAnswer(error="upstream-error", detail=f"no answer: {error}")


def _told(one: Notification, routing: Routing) -> Told:
    concerned = Audience(one.prison_id, one.supervision_status, one.hmpps_id)
    return Told(
        event_type=one.event_type,
        path=one.path,
        hmpps_id=one.hmpps_id,
        prison_id=one.prison_id,
        supervision_status=one.supervision_status,
        consumers=[name for name, _ in routing.recipients(one.event_type, concerned, {})],
    )


def _off(question: EventQuestion) -> frozenset[str]:
    return frozenset(flag for flag, on in (question.flags or {}).items() if on is not True)


def _consumers(question: EventQuestion) -> list[Consumer]:
    return [one.consumer(name) for name, one in (question.consumers or {}).items()]
