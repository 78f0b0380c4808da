"""What a sending service adds to its own workers and jobs."""

from __future__ import annotations

from throughcare.kit.jobs.schedule import Job, daily
from throughcare.kit.notify import table
from throughcare.kit.notify.receipts import reconcile, take_receipts, wipe
from throughcare.kit.notify.sending import send_due
from throughcare.kit.service import Worker


def mail_workers(service: str) -> tuple[Worker, ...]:
    """The workers that send the messages of ``service`` and take in what became of them."""
    return (
        Worker("send-mail", send_due, channel=table.channel(service)),
        Worker("take-receipts", take_receipts),
    )


def mail_jobs() -> tuple[Job, ...]:
    """The nightly jobs of a sending service: ask about open messages, forget old recipients."""
    return (Job("reconcile-mail", daily("02:10"), reconcile), Job("wipe-mail", daily("02:40"), wipe))
