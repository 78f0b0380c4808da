"""SNS topics by name: made, subscribed to and published on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from throughcare.kit.messaging.aws_calls import Answer, Entry, reaching, send_all
from throughcare.kit.messaging.bus import Outgoing, Sent, Subscriptions, UnknownQueue
from throughcare.kit.messaging.filters import Policy

if TYPE_CHECKING:
    from types_aiobotocore_sns import SNSClient
    from types_aiobotocore_sns.type_defs import MessageAttributeValueTypeDef


class Topics:
    """The topics of one account and region with ``prefix`` in their names, and those whose ARNs are given."""

    def __init__(self, sns: SNSClient, prefix: str, arns: Mapping[str, str]) -> None:
        self._sns, self._prefix, self._given = sns, prefix, dict(arns)
        self._found: dict[str, str] = {}

    async def ensure(self, topic: str) -> None:
        """Make the topic if it is not there; a topic whose ARN was given belongs to somebody else."""
        if topic not in self._given:
            with reaching(f"topic {topic}"):
                made = await self._sns.create_topic(Name=self._prefix + topic)
            self._found[topic] = made["TopicArn"]

    async def arn(self, topic: str) -> str:
        """The topic's ARN. Raises ``UnknownQueue``."""
        known = self._given.get(topic) or self._found.get(topic)
        if known is not None:
            return known
        with reaching(f"topic {topic}"):
            async for page in self._sns.get_paginator("list_topics").paginate():
                for one in page["Topics"]:
                    if one["TopicArn"].endswith(f":{self._prefix}{topic}"):
                        self._found[topic] = one["TopicArn"]
                        return one["TopicArn"]
        raise UnknownQueue(f"there is no topic {topic}")

    async def subscribe(self, topic: str, queue_arn: str, policy: Policy) -> None:
        """Deliver to the queue what matches ``policy``, not an earlier policy. Raises ``UnknownQueue``."""
        subscription = await self._subscription(topic, queue_arn)
        rule = json.dumps(policy)
        arn = await self.arn(topic)
        with reaching(f"topic {topic}"):
            if subscription is None:
                await self._sns.subscribe(
                    TopicArn=arn, Protocol="sqs", Endpoint=queue_arn, Attributes={"FilterPolicy": rule}
                )
            else:
                await self._sns.set_subscription_attributes(
                    SubscriptionArn=subscription, AttributeName="FilterPolicy", AttributeValue=rule
                )

    async def unsubscribe(self, topic: str, queue_arn: str) -> None:
        """Deliver no more to the queue. Raises ``UnknownQueue``."""
        subscription = await self._subscription(topic, queue_arn)
        if subscription is not None:
            with reaching(f"topic {topic}"):
                await self._sns.unsubscribe(SubscriptionArn=subscription)

    async def subscriptions(self, topic: str) -> Subscriptions:
        """Who listens to the topic. Raises ``UnknownQueue``."""
        arn = await self.arn(topic)
        with reaching(f"topic {topic}"):
            known = (await self._sns.get_topic_attributes(TopicArn=arn))["Attributes"]
        return Subscriptions(int(known["SubscriptionsConfirmed"]), int(known["SubscriptionsPending"]))

    async def publish(self, topic: str, messages: Sequence[Outgoing]) -> list[Sent]:
        """Publish messages; one answer per message, in order. Raises ``UnknownQueue``."""
        arn = await self.arn(topic)

        async def call(chunk: Sequence[Entry]) -> Answer:
            with reaching(f"topic {topic}"):
                reply = await self._sns.publish_batch(
                    TopicArn=arn,
                    PublishBatchRequestEntries=[
                        {
                            "Id": str(entry.place),
                            "Message": entry.body,
                            "MessageAttributes": _as_attributes(entry.attributes),
                        }
                        for entry in chunk
                    ],
                )
            ids = {int(one["Id"]): one["MessageId"] for one in reply.get("Successful", [])}
            return Answer(ids, {int(one["Id"]): one["Code"] for one in reply.get("Failed", [])})

        return await send_all(messages, call)

    async def _subscription(self, topic: str, queue_arn: str) -> str | None:
        arn = await self.arn(topic)
        with reaching(f"topic {topic}"):
            async for page in self._sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=arn):
                for one in page["Subscriptions"]:
                    if one["Endpoint"] == queue_arn:
                        return one["SubscriptionArn"]
        return None


def _as_attributes(attributes: Mapping[str, str]) -> dict[str, MessageAttributeValueTypeDef]:
    return {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
