"""moto's SNS and SQS in a process of its own: ``python emulator.py PORT`` prints ``ready`` once it serves.

Two things are brought in line with the SQS documentation: the newest receipt handle of a message is the only
one that counts (DeleteMessage), and operations on a queue do not run into each other (moto's are not atomic).
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from functools import wraps
from time import monotonic
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.sqs.models import Message, SQSBackend
from werkzeug.serving import WSGIRequestHandler, make_server

CHANGES = (
    "send_message",
    "send_message_batch",
    "delete_message",
    "delete_message_batch",
    "change_message_visibility",
    "change_message_visibility_batch",
    "purge_queue",
)
one_at_a_time = threading.RLock()


class Silent(WSGIRequestHandler):
    """Answers without a line in a log."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


def atomic(method: Callable[..., Any]) -> Callable[..., Any]:
    """``method``, never beside another one."""

    @wraps(method)
    def alone(*args: Any, **kwargs: Any) -> Any:
        with one_at_a_time:
            return method(*args, **kwargs)

    return alone


def polling(receive: Callable[..., Any]) -> Callable[..., Any]:
    """``receive`` that waits without keeping others from the queue."""

    @wraps(receive)
    def receive_message(backend: SQSBackend, name: str, count: int, wait: int, *rest: Any) -> Any:
        until = monotonic() + wait
        pause: Callable[..., None] = backend.get_queue(name).wait_for_messages
        while not (got := receive(backend, name, count, 0, *rest)) and monotonic() < until:
            pause(0.1)
        return got

    return receive_message


def newest_only(message: Message, receipt_handle: str) -> bool:
    """Whether the handle is the message's newest."""
    return message.receipt_handle == receipt_handle


def main(port: int) -> None:
    """Serve on the loopback interface until killed."""
    Message.had_receipt_handle = newest_only  # type: ignore[method-assign, assignment]
    for name in CHANGES:
        setattr(SQSBackend, name, atomic(getattr(SQSBackend, name)))
    SQSBackend.receive_message = polling(atomic(SQSBackend.receive_message))  # type: ignore[method-assign]
    application = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", port, application, threaded=True, request_handler=Silent)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
