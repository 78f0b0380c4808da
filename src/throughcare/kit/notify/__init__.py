"""Mail through GOV.UK Notify, sent from a table of the sending service: nothing lost, nothing sent twice.

How a service adopts it: ``docs/notify.md``.
"""

from throughcare.kit.notify.adopt import mail_jobs, mail_workers
from throughcare.kit.notify.events import NotificationDeliveryFailed
from throughcare.kit.notify.manifest import Manifest, UnknownTemplate, template_differences
from throughcare.kit.notify.notifier import Notifier
from throughcare.kit.notify.receipts import callbacks_router, take_receipts
from throughcare.kit.notify.sending import send_due
from throughcare.kit.notify.settings import MailSettings

__all__ = [
    "MailSettings",
    "Manifest",
    "NotificationDeliveryFailed",
    "Notifier",
    "UnknownTemplate",
    "callbacks_router",
    "mail_jobs",
    "mail_workers",
    "send_due",
    "take_receipts",
    "template_differences",
]
