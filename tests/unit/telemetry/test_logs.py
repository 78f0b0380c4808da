from __future__ import annotations

import asyncio
import io
import json
import logging
import re
from uuid import UUID

import pytest
import structlog

from tests.unit.telemetry.conftest import Lines
from throughcare.kit.telemetry.correlation import bound_correlation
from throughcare.kit.telemetry.logs import bind_service, configure_logging, get_logger
from throughcare.kit.telemetry.metrics import log_scrubbed_total
from throughcare.kit.telemetry.traces import client_span, server_span

log = get_logger("throughcare.test")

BRANCH = UUID("01a210fd-298c-7283-a763-126d227c8eb7")


def scrubbed() -> float:
    (family,) = log_scrubbed_total.collect()
    return next(sample.value for sample in family.samples if sample.name == "log_scrubbed_total")


def test_a_line_has_the_names_of_the_elastic_common_schema(lines: Lines) -> None:
    log.info("queue drained", queue="search", count=3)
    line = lines.last
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(line.pop("@timestamp")))
    assert line == {
        "log.level": "info",
        "log.logger": "throughcare.test",
        "message": "queue drained",
        "ecs.version": "8.17.0",
        "service.name": "prison",
        "service.version": "1.2.3",
        "service.environment": "test",
        "event.dataset": "prison.app",
        "labels.queue": "search",
        "labels.count": 3,
    }


def test_a_line_inside_a_span_has_its_ids_and_those_of_the_request(lines: Lines) -> None:
    with server_span("GET", "/x", {}) as request, client_span("prison", "GET", "/y") as call:
        log.info("called")
    span_of = {"request": request.traceparent.split("-")[2], "call": call.traceparent.split("-")[2]}
    assert lines.last["trace.id"] == request.trace_id
    assert lines.last["span.id"] == span_of["call"]
    assert lines.last["transaction.id"] == span_of["request"]


def test_every_line_of_correlated_work_has_the_correlation_id(lines: Lines) -> None:
    with bound_correlation("request-0001"):
        log.info("ours")
        logging.getLogger("library").warning("theirs")
    log.info("after")
    assert [line.get("labels.correlation_id") for line in lines.all] == ["request-0001", "request-0001", None]


async def test_each_service_in_one_process_is_named_in_its_own_lines(lines: Lines) -> None:
    async def work(service: str) -> None:
        bind_service(service)
        await asyncio.sleep(0)
        log.info("worked")

    await asyncio.gather(work("notify"), work("probation"))
    with bind_service("auth"):
        log.info("worked")
    log.info("worked")
    named = [(line["service.name"], line["event.dataset"]) for line in lines.all]
    assert sorted(named[:2]) == [("notify", "notify.app"), ("probation", "probation.app")]
    assert named[2:] == [("auth", "auth.app"), ("prison", "prison.app")]


def test_an_access_line_keeps_its_ecs_names(lines: Lines) -> None:
    get_logger("throughcare.access").info(
        "request answered",
        http_request_method="GET",
        url_template="/people/{crn}",
        http_response_status_code=200,
        event_duration=1_500_000,
        client_id="interventions",
        user_hash="9f2c",
    )
    expected = {
        "event.dataset": "prison.access",
        "http.request.method": "GET",
        "url.template": "/people/{crn}",
        "http.response.status_code": 200,
        "event.duration": 1_500_000,
        "client.id": "interventions",
        "user.hash": "9f2c",
    }
    assert expected.items() <= lines.last.items()


@pytest.mark.parametrize("library", ["uvicorn", "uvicorn.error", "asyncio", "aiobotocore", "some.library"])
def test_libraries_share_the_pipeline(lines: Lines, library: str) -> None:
    logging.getLogger(library).error("cannot reach %s", "person A1234BC")
    assert lines.last["log.logger"] == library
    assert lines.last["log.level"] == "error"
    assert lines.last["message"] == "cannot reach person [noms-number]"


def test_code_that_uses_structlog_directly_shares_the_pipeline(lines: Lines) -> None:
    structlog.get_logger().warning("from elsewhere", queue="search")
    assert (lines.last["message"], lines.last["labels.queue"]) == ("from elsewhere", "search")


def test_address_printing_loggers_are_silent(lines: Lines) -> None:
    logging.getLogger("uvicorn.access").info("GET /people?name=jane")
    logging.getLogger("httpx2").info("HTTP Request: GET http://peer/people/jane")
    assert lines.text == ""


def test_text_is_written_only_under_listed_names(lines: Lines) -> None:
    before = scrubbed()
    log.info("found", queue="search", name="Jane Doe", labels={"note": "she said", "reason": "exhausted"})
    line = lines.last
    assert (line["labels.queue"], line["labels.reason"]) == ("search", "exhausted")
    assert (line["labels.name"], line["labels.note"]) == ("[unlisted]", "[unlisted]")
    assert scrubbed() - before == 2


def test_numbers_truth_nothing_and_uuids_need_no_listing(lines: Lines) -> None:
    log.info("counted", whole=3, part=0.5, sure=True, nothing=None, branch=BRANCH, endless=float("inf"))
    found = {name.removeprefix("labels."): value for name, value in lines.last.items() if "labels." in name}
    assert found == {
        "whole": 3,
        "part": 0.5,
        "sure": True,
        "nothing": None,
        "branch": str(BRANCH),
        "endless": "inf",
    }


def test_collections_become_text(lines: Lines) -> None:
    log.info("started", services=("prison", "auth"), settings={"port": 8080, "database": "x://app:pw1@db/main"})
    assert lines.last["labels.services"] == "prison, auth"
    assert lines.last["labels.settings"] == '{"port":8080,"database":"[email]"}'


def test_labels_keep_their_ecs_names_too(lines: Lines) -> None:
    log.info("purged", labels={"queue": "search", "client_id": "console"})
    assert (lines.last["client.id"], lines.last["labels.queue"]) == ("console", "search")


def test_what_the_scrubber_masks_is_counted(lines: Lines) -> None:
    before = scrubbed()
    log.warning("refused", reason="Bearer abcdef123456 for jane@example.org, CRN X123456")
    assert lines.last["labels.reason"] == "Bearer [token] for [email], CRN [crn]"
    assert scrubbed() - before == 3


def test_an_exception_is_its_type_its_first_line_and_its_frames(lines: Lines) -> None:
    def fail() -> None:
        raise LookupError("no person X123456\nDETAIL: Key (name)=(Jane Doe) is missing")

    try:
        fail()
    except LookupError:
        log.exception("search failed", queue="search")
    line = lines.last
    assert (line["log.level"], line["error.type"]) == ("error", "LookupError")
    assert line["error.message"] == "no person [crn]"
    assert "in fail" in str(line["error.stack_trace"])


def test_a_cause_and_the_members_of_a_group_show_their_frames_but_not_their_texts(lines: Lines) -> None:
    def fail(text: str) -> None:
        raise ValueError(text)

    try:
        try:
            fail("first " + "Doe")
        except ValueError as cause:
            raise ExceptionGroup("many", [KeyError("Jane"), OSError("Jane")]) from cause
    except ExceptionGroup as group:
        log.error("batch failed", exc_info=group)
    trace = str(lines.last["error.stack_trace"])
    assert "\nValueError\nthen\n" in trace
    assert "KeyError\nin a group\n" in trace
    assert "first Doe" not in lines.text


def test_a_librarys_exception_keeps_its_text_to_one_line(lines: Lines) -> None:
    try:
        raise ValueError("bad\nvalue: Jane")
    except ValueError:
        logging.getLogger("asyncio").exception("Task failed\nfuture: ValueError('Jane Doe')")
    assert lines.last["message"] == "Task failed"
    assert lines.last["error.message"] == "bad"


def test_one_event_is_one_line_whatever_it_contains(lines: Lines) -> None:
    log.info("odd\nmessage", reason="a\r\nb\u2028c\x00")
    assert len(lines.text.splitlines()) == 1
    assert lines.last["labels.reason"] == "a\r\nb\u2028c\x00"


@pytest.mark.parametrize("text", ["x" * 100_000, "\U0001f600" * 20_000, '"\\' * 30_000])
def test_a_line_never_exceeds_sixteen_kibibytes(lines: Lines, text: str) -> None:
    log.info("long", reason=text, queue="search")
    log.info("broad", labels={f"n{number}": number for number in range(5000)})
    log.info(text)
    assert all(len(line.encode()) <= 16 * 1024 for line in lines.text.splitlines(keepends=True))
    assert lines.all[0]["labels.queue"] == "search"
    assert [line["labels.truncated"] for line in lines.all] == [True, True, True]


def test_a_label_that_cannot_be_written_costs_that_line_alone(lines: Lines) -> None:
    class Hostile:
        def __str__(self) -> str:
            raise RuntimeError("no")

    log.info("first", reason=Hostile())
    log.info("second")
    assert [line["message"] for line in lines.all] == ["log line lost", "second"]


def test_a_librarys_malformed_call_is_still_a_line(lines: Lines) -> None:
    record = logging.LogRecord("library", logging.WARNING, "", 0, "%d people", ("three",), None)
    (ours,) = (each for each in logging.getLogger().handlers if type(each).__module__.startswith("throughcare"))
    ours.handle(record)
    assert lines.last["message"] == "%d people"


def test_a_closed_stream_loses_the_line_and_nothing_else(lines: Lines) -> None:
    lines.stream.close()
    log.info("into the void")


def test_lines_below_the_level_are_not_written(stream: io.StringIO) -> None:
    configure_logging(service="prison", version="1", environment="test", stream=stream, level="warning")
    log.info("quiet")
    logging.getLogger("library").info("quiet")
    log.warning("loud")
    logging.getLogger("library").warning("loud")
    assert [json.loads(line)["message"] for line in stream.getvalue().splitlines()] == ["loud", "loud"]


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown log level 'LOUD': use one of DEBUG"):
        configure_logging(service="prison", version="1", environment="test", level="LOUD")


def test_configuring_twice_writes_every_line_once(stream: io.StringIO) -> None:
    for _ in range(2):
        configure_logging(service="prison", version="1", environment="test", stream=stream)
    log.info("ours")
    logging.getLogger("library").info("theirs")
    assert len(stream.getvalue().splitlines()) == 2


def test_plain_lines_are_words_scrubbed_and_escaped(stream: io.StringIO) -> None:
    configure_logging(service="prison", version="1", environment="dev", stream=stream, plain=True)
    log.info("queue drained", queue="search\nfor X123456", count=2)
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d\.\d{3} INFO     prison throughcare\.test queue drained "
        r"queue=search\\nfor \[crn\] count=2\n",
        stream.getvalue(),
    )


def test_lines_go_to_standard_output_unless_told_otherwise(
    stream: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging(service="prison", version="1", environment="test")
    log.info("hello")
    assert json.loads(capsys.readouterr().out)["message"] == "hello"
    assert stream.getvalue() == ""


def test_a_bound_field_is_on_every_line(lines: Lines) -> None:
    relay = log.bind(topic="domain-events")
    relay.info("published")
    assert lines.last["labels.topic"] == "domain-events"
