"""Logs: one JSON object a line in Elastic Common Schema names, from this code and from libraries alike.

A message is a constant; what varies goes into fields. A field that ``lines.ECS_FIELDS`` names
(``client_id``, ``http_request_method``, ``url_template`` …) keeps its ECS name; every other field, and each
of ``labels``, becomes ``labels.<name>``. Numbers, booleans and UUIDs are written as they are; text only
under a name that ``lines.LABELS`` lists, else the line shows ``[unlisted]``. Last of all the scrubber masks
what should not be there, and ``log_scrubbed_total`` counts both. A logger whose name ends in ``access``
writes the access log.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextvars import Token
from time import monotonic
from types import TracebackType
from typing import Literal, Self, TextIO

import structlog
from structlog import BoundLoggerBase

from throughcare.kit.telemetry.correlation import service_name
from throughcare.kit.telemetry.lines import PROCESSORS, SINK, Output, emit

LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}

# Libraries that at INFO print addresses with identifiers in them, or much that helps nobody.
_QUIET = (
    "aiobotocore",
    "alembic",
    "asyncio",
    "botocore",
    "httpcore",
    "httpcore2",
    "httpx",
    "httpx2",
    "urllib3",
)
_EXPORTER = "opentelemetry"
_EXPORTER_PAUSE_S = 60.0


class Logger(BoundLoggerBase):
    """A named logger: a constant message, and what varies as fields."""

    def debug(self, message: str, /, **fields: object) -> None:
        """Write what only a developer wants."""
        self._send(10, "debug", message, fields)

    def info(self, message: str, /, **fields: object) -> None:
        """Write what happened."""
        self._send(20, "info", message, fields)

    def warning(self, message: str, /, **fields: object) -> None:
        """Write what was not as it should be, and was dealt with."""
        self._send(30, "warning", message, fields)

    def error(self, message: str, /, **fields: object) -> None:
        """Write what somebody must look at."""
        self._send(40, "error", message, fields)

    def critical(self, message: str, /, **fields: object) -> None:
        """Write what stops the process."""
        self._send(50, "critical", message, fields)

    def exception(self, message: str, /, **fields: object) -> None:
        """Write an error with the exception being handled, or with ``exc_info``."""
        self._send(40, "error", message, {"exc_info": True, **fields})

    def _send(self, level: int, name: str, message: str, fields: Mapping[str, object]) -> None:
        if level >= SINK.output.level:
            emit(name, {**self._context, **fields, "event": message})


class ServiceBinding:
    """A bound service; as a context manager it binds the former one again at the end."""

    __slots__ = ("_token",)

    def __init__(self, name: str) -> None:
        self._token: Token[str] = service_name.set(name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        service_name.reset(self._token)
        return False


class _FromStandardLibrary(logging.Handler):
    """Sends records of ``logging`` down the same pipeline; those of an exporter once a minute at most."""

    def __init__(self) -> None:
        super().__init__()
        self._exporter_next = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.partition(".")[0] == _EXPORTER:
            now = monotonic()
            if now < self._exporter_next:
                return
            self._exporter_next = now + _EXPORTER_PAUSE_S
        try:
            message = record.getMessage()
        except (TypeError, ValueError, KeyError):
            message = str(record.msg)
        if record.exc_info:
            message = message.partition("\n")[0]
        event = {"event": message, "log.logger": record.name, "exc_info": record.exc_info}
        emit(record.levelname.lower(), event)


def configure_logging(
    *,
    service: str,
    version: str,
    environment: str,
    stream: TextIO | None = None,
    plain: bool = False,
    level: str = "INFO",
) -> None:
    """Send every log line of the process to ``stream`` (standard output) as JSON, or as words when ``plain``.

    ``service`` is what lines name outside ``bind_service``. Start uvicorn with ``log_config=None``, so that
    it keeps to this; its access log, which prints whole addresses, is switched off. Before the first call
    warnings go to standard error. Raises ValueError when ``level`` is none of ``LEVELS``.
    """
    number = LEVELS.get(level.upper())
    if number is None:
        raise ValueError(f"unknown log level {level!r}: use one of {', '.join(LEVELS)}")
    SINK.output = Output(service, version, environment, stream, plain, number)
    structlog.configure(
        processors=PROCESSORS,
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: SINK,
        cache_logger_on_first_use=False,
    )
    _take_over_standard_library(number)


def _take_over_standard_library(level: int) -> None:
    root = logging.getLogger()
    for handler in tuple(root.handlers):
        if isinstance(handler, _FromStandardLibrary) or type(handler) is logging.StreamHandler:
            root.removeHandler(handler)
    root.addHandler(_FromStandardLibrary())
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.asgi"):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
    logging.getLogger("uvicorn.access").disabled = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def get_logger(name: str) -> Logger:
    """The logger called ``name``, usually the module's; it follows every later ``configure_logging``."""
    return Logger(SINK, PROCESSORS, {"log.logger": name})


def bind_service(name: str) -> ServiceBinding:
    """Name ``name`` as the service in lines and spans of the work in hand, at once.

    Either call it first thing in a task, or enter the answer with ``with``: then the former name returns.
    """
    return ServiceBinding(name)
