"""What the tests of telemetry look at: spans in memory, lines in a buffer."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from throughcare.kit.telemetry.lines import SINK
from throughcare.kit.telemetry.logs import configure_logging
from throughcare.kit.telemetry.traces import add_span_exporter, configure_tracing


class Lines:
    """What was logged so far."""

    def __init__(self, stream: io.StringIO) -> None:
        self.stream = stream

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def all(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def last(self) -> dict[str, object]:
        return self.all[-1]


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """A stream for a configuration that the test makes; afterwards logging is as it was."""
    root = logging.getLogger()
    output, handlers, level = SINK.output, tuple(root.handlers), root.level
    yield io.StringIO()
    SINK.output = output
    for handler in tuple(root.handlers):
        if handler not in handlers:
            root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def lines(stream: io.StringIO) -> Lines:
    configure_logging(service="prison", version="1.2.3", environment="test", stream=stream)
    return Lines(stream)


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    configure_tracing(service_version="1.2.3", environment="test")
    exporter = InMemorySpanExporter()
    unplug = add_span_exporter(exporter)
    yield exporter
    unplug()
