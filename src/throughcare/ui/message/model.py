"""Whose act a message tells of, and who should know that it reached nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from throughcare.ui.peers.messages import Notification
from throughcare.ui.referral.model import Side

PROVIDERS_OWN = frozenset({"referral-assigned", "action-plan-approved"})
FIRST = 5
"""How many messages are shown at once; the others are there to be opened."""


@dataclass(frozen=True)
class MessagesShown:
    """The messages about a referral as one side sees them, the newest first; ``failed`` are for that side to mend."""

    newest: Sequence[Notification]
    older: Sequence[Notification]
    failed: Sequence[Notification]


def caused_by(message: Notification) -> Side:
    """The side of whoever did what the message tells of.

    Practitioners hear of what their provider did and the other way round; but who assigns a caseworker, and whose
    submission approves a plan, is of the provider, too.
    """
    if message.recipient == "probation-practitioner" or message.template in PROVIDERS_OWN:
        return Side.PROVIDER
    return Side.PRACTITIONER


def shown_to(side: Side, messages: Sequence[Notification]) -> MessagesShown:
    """What one side sees of the messages about a referral, the newest first.

    One whose address is forgotten cannot be sent again: nothing is left to be done about it.
    """
    lost = [one for one in messages if one.failed and one.address and not one.sent_again_as]
    failed = [one for one in lost if caused_by(one) is side]
    return MessagesShown(messages[:FIRST], messages[FIRST:], failed)
