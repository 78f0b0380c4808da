from __future__ import annotations

import json
from importlib.resources import files
from uuid import uuid4

import pytest

from throughcare.kit.notify.client import TemplateSeen
from throughcare.kit.notify.keys import template_id
from throughcare.kit.notify.manifest import UnknownTemplate, check, template_differences
from throughcare.services.notify.refusal.model import Refused
from throughcare.services.notify.template.model import InvalidTemplate, Template, check_length, parse_template
from throughcare.services.notify.template.store import disagreements, load_templates

SOME_ID = "0b6f1d3e-4c7a-4f6e-9a44-2f3f7a1f3c11"

FILES = files("throughcare.services.notify").joinpath("templates")
INTERVENTIONS = load_templates().of("interventions")


def manifest(folder: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(FILES.joinpath(folder, "manifest.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("one", INTERVENTIONS, ids=lambda one: str(one.key))
def test_every_template_is_complete_when_filled_with_the_fields_that_are_sent(one: Template) -> None:
    content = one.fill({name: f"<{name}>" for name in manifest("interventions")[one.key]})
    assert "((" not in f"{content.subject}{content.body}"
    assert content.subject


def test_every_message_of_interventions_has_a_template_and_the_other_way_round() -> None:
    assert len(INTERVENTIONS) == 30
    assert {one.key for one in INTERVENTIONS} == set(manifest("interventions"))


def test_links_in_templates_are_personalisation_and_never_written_into_them() -> None:
    assert not [one.key for one in INTERVENTIONS if "http" in one.body]


def test_a_template_that_disagrees_with_the_manifest_is_found() -> None:
    good = parse_template(
        f"---\nid: {template_id('a')}\ntype: sms\nversion: 1\n---\nHello ((name))", service="s", key="a"
    )
    assert disagreements([good], {"a": ["NAME"]}) == []
    assert disagreements([good], {"a": ["name", "other"]}) == ["a: asks for ['name'], is sent ['name', 'other']"]
    assert disagreements([good], {}) == ["a: the manifest does not name it"]
    assert disagreements([], {"a": []}) == ["a: there is no such template"]


@pytest.mark.parametrize(
    "text",
    [
        "Hello", "---\ntype: sms\nversion: 1\n---\nHello", "---\nid: x\ntype: sms\nversion: 1\n---\nHello",
        f"---\nid: {SOME_ID}\ntype: email\nversion: 1\n---\nHello",
        f"---\nid: {SOME_ID}\ntype: sms\nsubject: Hi\nversion: 1\n---\nHello",
        f"---\nid: {SOME_ID}\ntype: sms\nversion: new\n---\nHello",
        f"---\nid: {SOME_ID}\ntype: sms\nversion: 1\nauthor: me\n---\nHello",
    ],
)  # fmt: skip
def test_a_file_without_a_proper_front_matter_is_refused(text: str) -> None:
    with pytest.raises(InvalidTemplate, match="s/a: "):
        parse_template(text, service="s", key="a")


def template(body: str, kind: str = "email") -> Template:
    subject = "subject: About ((thing))\n" if kind == "email" else ""
    text = f"---\nid: {uuid4()}\ntype: {kind}\n{subject}version: 1\n---\n{body}"
    return parse_template(text, service="s", key="a")


def test_missing_personalisation_is_named_and_nothing_else_is() -> None:
    with pytest.raises(Refused) as refused:
        template("((a)) ((b))").fill({"a": "secret"})
    assert refused.value.problems[0].message == "Missing personalisation: thing, b"


def test_a_message_that_becomes_empty_is_refused() -> None:
    with pytest.raises(Refused, match="400 BadRequestError"):
        template("((a??text))").fill({"a": "no", "thing": "x"})


def test_a_subject_is_one_line_and_a_text_is_tidy() -> None:
    assert template("b").fill({"thing": "a\n  b"}).subject == "About a b"
    assert template("Hello  ((name)) , you .\n\n\n\nBye", "sms").fill({"name": "A"}).body == "Hello A, you.\n\nBye"


@pytest.mark.parametrize(("kind", "longest"), [("sms", 918), ("email", 2_000_000)])
def test_the_longest_message_is_sent_and_one_more_character_is_refused(kind: str, longest: int) -> None:
    one = template("((text))", kind)
    check_length(one, one.fill({"text": "x" * longest, "thing": ""}))
    with pytest.raises(Refused):
        check_length(one, one.fill({"text": "x" * (longest + 1), "thing": ""}))


def test_a_request_must_fit_the_senders_own_manifest() -> None:
    check({"a": ["First name"]}, "a", ["first_name"])
    for key, given in (("b", ["first_name"]), ("a", []), ("a", ["first_name", "more"])):
        with pytest.raises(UnknownTemplate):
            check({"a": ["First name"]}, key, given)


def test_differences_between_manifest_and_the_templates_at_notify_are_listed() -> None:
    other = uuid4()
    seen = [
        TemplateSeen(id=template_id("a"), version=1, personalisation={"First name": {}}),
        TemplateSeen(id=other, version=2, personalisation={"x": {}}),
    ]
    wanted = {"a": ["first_name"], "b": ["y"], "c": []}
    assert template_differences(wanted, {"b": other}, seen) == [
        "b: not sent ['x'], not used ['y']",
        "c: there is no such template",
    ]
