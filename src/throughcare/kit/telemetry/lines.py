"""What becomes of a log event on its way to the stream: shaped, scrubbed, written as one line."""

from __future__ import annotations

import json
import sys
import threading
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import TextIO
from uuid import UUID

from structlog.typing import EventDict, Processor

from throughcare.kit.clock import real_now
from throughcare.kit.telemetry.correlation import current_correlation_id, service_name
from throughcare.kit.telemetry.metrics import log_scrubbed_total
from throughcare.kit.telemetry.scrub import scrub_counted
from throughcare.kit.telemetry.traces import current_ids

MAX_LINE_BYTES = 16 * 1024
ECS_VERSION = "8.17.0"
UNLISTED = "[unlisted]"

ECS_FIELDS = {
    field.replace(".", "_"): field
    for field in (
        "client.id",
        "error.type",
        "event.duration",
        "http.request.method",
        "http.response.status_code",
        "url.template",
        "user.hash",
    )
}
ECS_FIELDS.update({field: field for field in tuple(ECS_FIELDS.values())})

# Names of labels whose text may be written: codes, ids of things and names of parts of the system.
# fmt: off
LABELS = frozenset((
    "action", "aggregate_id", "aggregate_type", "attempt", "attempts", "bus", "cause", "channel", "check",
    "code", "command", "commit", "component", "consumer", "consumers", "contracts", "correlation_id", "count",
    "database", "dataset", "delay", "dlq", "duration", "endpoint", "entity", "environment", "error", "error_class",
    "error_code", "error_type", "errors", "event", "event_id", "event_ids", "event_type", "event_types",
    "event_version", "events", "feature", "file", "grant_type", "groups", "handler", "host", "http_version", "id",
    "index", "interval", "job", "jobs", "kid", "kind", "lease", "level", "lock", "message_id", "message_ids",
    "method", "migration", "mode", "module", "operation", "outcome", "peer", "phase", "pool", "port",
    "process", "product_id", "providers", "queue", "queues", "reaction", "reason", "reasons", "receives", "relay",
    "request_id", "retry", "revision", "role", "roles", "route", "rule", "schema", "schemas", "scheme",
    "scope", "seed", "service", "services", "setting", "settings", "signal", "source", "stage", "state",
    "status", "step", "stream", "subscription", "table", "template", "template_id", "timeout", "topic",
    "topics", "topology", "transport", "trigger", "type", "url_template", "version", "work", "worker",
))
# fmt: on

_CLEAN = frozenset(
    {
        "@timestamp",
        "ecs.version",
        "event.dataset",
        "log.level",
        "log.logger",
        "service.environment",
        "service.name",
        "service.version",
        "span.id",
        "trace.id",
        "transaction.id",
    }
)
_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=str).encode


@dataclass(frozen=True, slots=True)
class Output:
    """Where lines go, in which form, and what every one of them says."""

    service: str = ""
    version: str = ""
    environment: str = ""
    stream: TextIO | None = None
    plain: bool = True
    level: int = 30


class Sink:
    """The end of the pipeline, for the logger of structlog: any level's method writes one line."""

    def __init__(self) -> None:
        self.output = Output(stream=sys.__stderr__)
        self._lock = threading.Lock()

    def write(self, line: str) -> None:
        """Write ``line`` to the stream and flush it; a closed stream loses it."""
        stream = self.output.stream or sys.stdout
        with self._lock:
            try:
                stream.write(f"{line}\n")
                stream.flush()
            except (OSError, ValueError):
                return

    debug = info = warning = error = critical = exception = msg = write


SINK = Sink()


def shape(_: object, level: str, event: EventDict) -> EventDict:
    """The event under its ECS names, with the ids of the work in hand."""
    output = SINK.output
    service = service_name.get() or output.service
    logger = event.pop("log.logger", "")
    failure = event.pop("exc_info", None)
    line: EventDict = {
        "@timestamp": f"{real_now().isoformat(timespec='milliseconds')[:-6]}Z",
        "log.level": "error" if level == "exception" else level,
        "message": event.pop("event", ""),
        "log.logger": logger,
        "ecs.version": ECS_VERSION,
        "service.name": service,
        "service.version": output.version,
        "service.environment": output.environment,
        "event.dataset": f"{service}.access" if logger.endswith("access") else f"{service}.app",
    }
    line.update(current_ids())
    if correlation := current_correlation_id():
        line["labels.correlation_id"] = correlation
    for name, value in (*event.pop("labels", {}).items(), *event.items()):
        if name in ECS_FIELDS:
            line[ECS_FIELDS[name]] = value if isinstance(value, int | float | str) else str(value)
        else:
            line[f"labels.{name}"] = _label(name, value)
    if failure:
        line.update(_error(failure))
    return line


def _label(name: str, value: object) -> str | int | float | None:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if name in LABELS or isinstance(value, UUID):
        return _text(value)
    return UNLISTED


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return _encode(dict(value))
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(map(str, value))
    return str(value)


def _error(failure: object) -> dict[str, str]:
    """An exception's type, the first line of its text and where it came from.

    Further lines of a text are left out: there drivers and validators quote the values that they refuse.
    """
    error = failure[1] if isinstance(failure, tuple) else failure
    if not isinstance(error, BaseException):
        error = sys.exc_info()[1]
    if error is None:
        return {}
    return {
        "error.type": type(error).__qualname__,
        "error.message": _first_line(error),
        "error.stack_trace": "".join(_frames(error, depth=0))[-8000:],
    }


def _first_line(error: BaseException) -> str:
    try:
        return str(error).strip().partition("\n")[0][:500]
    except Exception:
        return ""


def _frames(error: BaseException, depth: int) -> list[str]:
    """The frames of ``error``, after those of what caused it, without the exceptions' texts."""
    lines: list[str] = []
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if depth < 5:
        if cause is not None:
            lines += [*_frames(cause, depth + 1), "then\n"]
        if isinstance(error, BaseExceptionGroup):
            for each in error.exceptions[:5]:
                lines += [*_frames(each, depth + 1), "in a group\n"]
    return [*lines, *traceback.format_tb(error.__traceback__, limit=-20), f"{type(error).__qualname__}\n"]


def scrub_line(_: object, __: str, line: EventDict) -> EventDict:
    """The line with secrets and identifiers masked, each of them counted."""
    masked = 0
    for name, value in line.items():
        if isinstance(value, str) and name not in _CLEAN:
            clean, count = scrub_counted(value)
            if count:
                line[name] = clean
            masked += count + (value is UNLISTED)
    if masked:
        log_scrubbed_total.inc(masked)
    return line


def render(_: object, __: str, line: EventDict) -> str:
    """The line as text without a newline: JSON, or words for a developer's terminal."""
    if SINK.output.plain:
        return _plain(line)
    text = _encode(line)
    if len(text) < MAX_LINE_BYTES:
        return text
    for longest in (4096, 1024, 256, 64):
        short = {name: value[:longest] if isinstance(value, str) else value for name, value in line.items()}
        text = _encode({**short, "labels.truncated": True})
        if len(text) < MAX_LINE_BYTES:
            return text
    kept = {name: value for name, value in short.items() if not name.startswith("labels.")}
    return _encode({**kept, "labels.truncated": True})


def _plain(line: EventDict) -> str:
    trace = line.get("error.stack_trace", "")
    facts = [
        f"{name.removeprefix('labels.')}={value}"
        for name, value in line.items()
        if name.startswith(("labels.", "http.", "url.", "error.type", "error.message", "event.duration"))
    ]
    words = [
        line["@timestamp"][11:-1],
        f"{line['log.level'].upper():<8}",
        line["service.name"],
        line["log.logger"],
        str(line["message"]),
        *facts,
    ]
    text = " ".join(word for word in words if word)
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    return f"{escaped}\n{trace.rstrip()}"[: MAX_LINE_BYTES - 1] if trace else escaped[: MAX_LINE_BYTES - 1]


PROCESSORS: tuple[Processor, ...] = (shape, scrub_line, render)


def emit(level: str, event: EventDict) -> None:
    """Send one event down the pipeline; a fault on the way is itself a line, never an exception."""
    logger = event.get("log.logger", "")
    try:
        SINK.write(render(SINK, level, scrub_line(SINK, level, shape(SINK, level, event))))
    except Exception as fault:
        fallback = {"event": "log line lost", "log.logger": logger, "error_type": type(fault).__qualname__}
        SINK.write(render(SINK, "error", shape(SINK, "error", fallback)))
