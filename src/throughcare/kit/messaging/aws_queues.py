"""SQS queues by name: made, filled, read and counted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from throughcare.kit.messaging.aws_calls import ENTRIES, Answer, Entry, error_code, reaching, send_all
from throughcare.kit.messaging.bus import BusUnavailable, Outgoing, Sent

if TYPE_CHECKING:
    from types_aiobotocore_sqs import SQSClient
    from types_aiobotocore_sqs.literals import QueueAttributeNameType
    from types_aiobotocore_sqs.type_defs import (
        BatchResultErrorEntryTypeDef,
        MessageAttributeValueTypeDef,
        MessageTypeDef,
        ReceiveMessageRequestTypeDef,
    )

LONGEST_POLL = 20
LONGEST_HIDING = 43_200

_EXISTS = frozenset({"QueueAlreadyExists", "QueueNameExists"})


class Queues:
    """The queues of one account and region whose names begin with ``prefix``."""

    def __init__(self, sqs: SQSClient, prefix: str) -> None:
        self._sqs, self._prefix = sqs, prefix
        self._urls: dict[str, str] = {}

    async def ensure(self, name: str, attributes: Mapping[QueueAttributeNameType, str]) -> None:
        """Make the queue, or give the one that is there these attributes."""
        with reaching(f"queue {name}"):
            try:
                await self._sqs.create_queue(QueueName=self._prefix + name, Attributes=dict(attributes))
            except ClientError as error:
                if error_code(error) not in _EXISTS:
                    raise
                await self._sqs.set_queue_attributes(QueueUrl=await self.url(name), Attributes=dict(attributes))

    async def url(self, name: str) -> str:
        """The queue's address. Raises ``UnknownQueue``."""
        if name not in self._urls:
            with reaching(f"queue {name}"):
                found = await self._sqs.get_queue_url(QueueName=self._prefix + name)
            self._urls[name] = found["QueueUrl"]
        return self._urls[name]

    async def attributes(self, name: str, *wanted: QueueAttributeNameType) -> Mapping[QueueAttributeNameType, str]:
        """The queue's attributes of these names. Raises ``UnknownQueue``."""
        url = await self.url(name)
        with reaching(f"queue {name}"):
            found = await self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(wanted))
        return found.get("Attributes", {})

    async def counts(self, name: str) -> tuple[int, int]:
        """About how many messages wait, and about how many are on loan. Raises ``UnknownQueue``."""
        found = await self.attributes(name, "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        return int(found["ApproximateNumberOfMessages"]), int(found["ApproximateNumberOfMessagesNotVisible"])

    async def admit(self, name: str, topic_arn: str) -> str:
        """Let the topic send to the queue, as others may; the queue's ARN. Raises ``UnknownQueue``."""
        found = await self.attributes(name, "QueueArn", "Policy")
        policy = json.loads(found.get("Policy") or '{"Version": "2012-10-17", "Statement": []}')
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": found["QueueArn"],
            "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
        }
        if statement not in policy["Statement"]:
            policy["Statement"].append(statement)
            with reaching(f"queue {name}"):
                await self._sqs.set_queue_attributes(
                    QueueUrl=await self.url(name), Attributes={"Policy": json.dumps(policy)}
                )
        return found["QueueArn"]

    async def send(self, name: str, messages: Sequence[Outgoing]) -> list[Sent]:
        """Put messages on the queue; one answer per message, in order. Raises ``UnknownQueue``."""
        url = await self.url(name)

        async def call(chunk: Sequence[Entry]) -> Answer:
            with reaching(f"queue {name}"):
                reply = await self._sqs.send_message_batch(
                    QueueUrl=url,
                    Entries=[
                        {
                            "Id": str(entry.place),
                            "MessageBody": entry.body,
                            "MessageAttributes": _as_attributes(entry.attributes),
                        }
                        for entry in chunk
                    ],
                )
            ids = {int(one["Id"]): one["MessageId"] for one in reply.get("Successful", [])}
            return Answer(ids, {int(one["Id"]): one["Code"] for one in reply.get("Failed", [])})

        return await send_all(messages, call)

    async def receive(
        self, name: str, *, limit: int, wait: float = 0.0, hidden: int | None = None
    ) -> list[MessageTypeDef]:
        """Borrow messages, for the queue's own time-out or ``hidden`` seconds; waits whole seconds.

        Raises ``UnknownQueue``.
        """
        whole = ceil(wait)
        while True:
            poll = min(whole, LONGEST_POLL)
            whole -= poll
            got = await self._receive_batch(name, min(limit, ENTRIES), poll, hidden)
            if got or whole <= 0:
                break
        if len(got) == ENTRIES and limit > ENTRIES:
            sizes = [min(ENTRIES, limit - done) for done in range(ENTRIES, limit, ENTRIES)]
            more = await asyncio.gather(*(self._receive_batch(name, size, 0, hidden) for size in sizes))
            got += [message for batch in more for message in batch]
        return got

    async def _receive_batch(self, name: str, size: int, poll: int, hidden: int | None) -> list[MessageTypeDef]:
        request: ReceiveMessageRequestTypeDef = {
            "QueueUrl": await self.url(name),
            "MaxNumberOfMessages": size,
            "WaitTimeSeconds": poll,
            "MessageAttributeNames": ["All"],
            "MessageSystemAttributeNames": ["ApproximateReceiveCount", "SentTimestamp"],
        }
        if hidden is not None:
            request["VisibilityTimeout"] = hidden
        with reaching(f"queue {name}"):
            reply = await self._sqs.receive_message(**request)
        return reply.get("Messages", [])

    async def delete(self, name: str, receipts: Sequence[str]) -> int:
        """Delete what the receipts stand for; how many went. A receipt whose lease is lost does nothing."""
        url = await self.url(name)

        async def call(chunk: Sequence[str]) -> Sequence[BatchResultErrorEntryTypeDef]:
            with reaching(f"queue {name}"):
                reply = await self._sqs.delete_message_batch(
                    QueueUrl=url,
                    Entries=[{"Id": str(place), "ReceiptHandle": receipt} for place, receipt in enumerate(chunk)],
                )
            return reply.get("Failed", [])

        return await _for_each(receipts, call)

    async def hide(self, name: str, receipts: Sequence[str], seconds: float) -> int:
        """Hide messages on loan for ``seconds`` from now, rounded up; how many still were on loan."""
        url = await self.url(name)
        timeout = min(LONGEST_HIDING, ceil(seconds))

        async def call(chunk: Sequence[str]) -> Sequence[BatchResultErrorEntryTypeDef]:
            with reaching(f"queue {name}"):
                reply = await self._sqs.change_message_visibility_batch(
                    QueueUrl=url,
                    Entries=[
                        {"Id": str(place), "ReceiptHandle": receipt, "VisibilityTimeout": timeout}
                        for place, receipt in enumerate(chunk)
                    ],
                )
            return reply.get("Failed", [])

        return await _for_each(receipts, call)

    async def purge(self, name: str) -> None:
        """Delete every message. Raises ``UnknownQueue``, ``BusUnavailable`` within a minute of the last."""
        url = await self.url(name)
        with reaching(f"queue {name}"):
            try:
                await self._sqs.purge_queue(QueueUrl=url)
            except ClientError as error:
                if "PurgeQueueInProgress" not in error_code(error):
                    raise
                raise BusUnavailable(f"queue {name} was purged less than a minute ago") from error


async def _for_each(
    receipts: Sequence[str],
    call: Callable[[Sequence[str]], Awaitable[Sequence[BatchResultErrorEntryTypeDef]]],
) -> int:
    """Call with ten receipts at a time; how many were taken. Raises ``BusUnavailable`` for SQS's faults."""
    chunks = [receipts[start : start + ENTRIES] for start in range(0, len(receipts), ENTRIES)]
    failed = [one for failures in await asyncio.gather(*map(call, chunks)) for one in failures]
    for one in failed:
        if not one["SenderFault"]:
            raise BusUnavailable(f"SQS cannot serve now: {one['Code']}")
    return len(receipts) - len(failed)


def _as_attributes(attributes: Mapping[str, str]) -> dict[str, MessageAttributeValueTypeDef]:
    return {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
