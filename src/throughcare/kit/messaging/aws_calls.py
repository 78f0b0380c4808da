"""How SNS and SQS are called: batches within limits, an answer per entry, failures in the bus's own words.

Limits: 10 entries and 262,144 bytes a batch (SQS Developer Guide, "Amazon SQS message quotas"; SNS API,
PublishBatch).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from botocore.exceptions import (
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
)
from botocore.exceptions import (
    ConnectionError as BotoConnectionError,
)

from throughcare.kit.messaging.bus import (
    MAX_BODY_BYTES,
    BusUnavailable,
    Outgoing,
    Sent,
    UnknownQueue,
    refusal,
)

ENTRIES = 10
IN_FLIGHT = 8

_NOT_TEXT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNKNOWN = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "NotFound"})
_BUSY = frozenset({"Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "OverLimit"})


@dataclass(frozen=True)
class Entry:
    """One message of a batch: its place among all, and what goes over the wire."""

    place: int
    body: str
    attributes: Mapping[str, str]

    @property
    def size(self) -> int:
        """What counts against the limit of a batch: body, attribute names, types and values, in bytes."""
        named = sum(len(name) + len("String") + len(value.encode()) for name, value in self.attributes.items())
        return len(self.body.encode()) + named


@dataclass(frozen=True)
class Answer:
    """What the service said to a batch, by the entries' places."""

    ids: Mapping[int, str]
    errors: Mapping[int, str]


Call = Callable[[Sequence[Entry]], Awaitable[Answer]]


@contextmanager
def reaching(what: str) -> Iterator[None]:
    """Turn failures inside into ``BusUnavailable`` or, where ``what`` does not exist, ``UnknownQueue``."""
    try:
        yield
    except (
        BotoConnectionError,
        HTTPClientError,
        NoCredentialsError,
        CredentialRetrievalError,
        OSError,
    ) as error:
        raise BusUnavailable(f"SNS or SQS cannot be reached: {type(error).__name__}") from error
    except ClientError as error:
        code = error_code(error)
        if code in _UNKNOWN:
            raise UnknownQueue(f"there is no {what}") from error
        if code in _BUSY or error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise BusUnavailable(f"SNS or SQS cannot serve now: {code}") from error
        raise


def error_code(error: ClientError) -> str:
    """The service's code for what went wrong."""
    return str(error.response["Error"]["Code"])


def chunked(entries: Sequence[Entry]) -> list[list[Entry]]:
    """The entries in order, in batches that the services take."""
    chunks: list[list[Entry]] = []
    room = 0
    for entry in entries:
        if not chunks or len(chunks[-1]) == ENTRIES or entry.size > room:
            chunks.append([])
            room = MAX_BODY_BYTES
        chunks[-1].append(entry)
        room -= entry.size
    return chunks


async def send_all(messages: Sequence[Outgoing], call: Call) -> list[Sent]:
    """Send every message that may be sent, several batches at a time; one answer per message, in order.

    Raises ``BusUnavailable`` when no batch went through.
    """
    answers = [Sent(message.key, error=refusal(message) or _unfit(message)) for message in messages]
    entries = [
        Entry(
            place,
            messages[place].body,
            {name: text for name, text in messages[place].attributes.items() if text},
        )
        for place, answer in enumerate(answers)
        if answer.ok
    ]
    slots = asyncio.Semaphore(IN_FLIGHT)

    async def one(chunk: Sequence[Entry]) -> Answer | BusUnavailable:
        async with slots:
            try:
                return await _send_chunk(chunk, call)
            except BusUnavailable as error:
                return error

    chunks = chunked(entries)
    outcomes = await asyncio.gather(*(one(chunk) for chunk in chunks))
    failures = [outcome for outcome in outcomes if isinstance(outcome, BusUnavailable)]
    if failures and len(failures) == len(outcomes):
        raise failures[0]
    for chunk, outcome in zip(chunks, outcomes, strict=True):
        for entry in chunk:
            answers[entry.place] = _sent(messages[entry.place].key, entry.place, outcome)
    return answers


async def _send_chunk(chunk: Sequence[Entry], call: Call) -> Answer:
    """One batch; entry by entry when the service refuses it whole, so that a bad entry stops no other."""
    try:
        return await call(chunk)
    except ClientError as error:
        if len(chunk) == 1:
            return Answer({}, {chunk[0].place: error_code(error)})
    alone = [await _send_chunk([entry], call) for entry in chunk]
    ids = {place: one for answer in alone for place, one in answer.ids.items()}
    return Answer(ids, {place: one for answer in alone for place, one in answer.errors.items()})


def _sent(key: str, place: int, outcome: Answer | BusUnavailable) -> Sent:
    if isinstance(outcome, BusUnavailable):
        return Sent(key, error=str(outcome))
    if place in outcome.ids:
        return Sent(key, outcome.ids[place])
    return Sent(key, error=outcome.errors.get(place, "the service did not answer for this entry"))


def _unfit(message: Outgoing) -> str | None:
    if any(_NOT_TEXT.search(text) for text in (message.body, *message.attributes.values())):
        return "the message holds a character that SQS does not take"
    return None


def cleaned(text: str) -> str:
    """``text`` with a question mark for each character that SQS does not take."""
    return _NOT_TEXT.sub("?", text)
