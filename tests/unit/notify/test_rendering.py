from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.services.notify.rendering.model import to_html, to_text

HARMLESS = {"h2", "h3", "p", "br", "hr", "ul", "ol", "li", "blockquote", "a"}


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("# A", "<h2>A</h2>"),
        ("## A", "<h3>A</h3>"),
        ("### A", "<p>### A</p>"),
        ("^ A\nb", "<blockquote>\n<p>A<br>\nb</p>\n</blockquote>"),
        ("> A", "<p>&gt; A</p>"),
        ("* a\n* b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("• a\n• b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("- a", "<ul>\n<li>a</li>\n</ul>"),
        ("+ a", "<p>+ a</p>"),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("1) a", "<p>1) a</p>"),
        ("a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>"),
        ("*a* **b** _c_ `d`", "<p>*a* **b** _c_ `d`</p>"),
        ("<b>a</b> & b", "<p>&lt;b&gt;a&lt;/b&gt; &amp; b</p>"),
        (r"\*a", "<p>*a</p>"),
    ],
)
def test_only_notifys_markdown_has_a_meaning(body: str, shown: str) -> None:
    assert to_html(body) == shown


@pytest.mark.parametrize("body", ["see https://a.test/x?y=1", "[words](https://a.test/x?y=1)"])
def test_links_are_shown_without_a_way_back(body: str) -> None:
    assert '<a href="https://a.test/x?y=1" rel="noopener noreferrer">' in to_html(body)


@pytest.mark.parametrize(
    "body",
    [
        "[a](javascript:alert(1))",
        "[a](data:text/html;base64,x)",
        "[a](/relative)",
        "![a](https://a.test/x.png)",
    ],
)
def test_no_link_leads_anywhere_but_out_and_no_image_is_loaded(body: str) -> None:
    assert "<a" not in to_html(body)
    assert "<img" not in to_html(body)


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_decl(self, decl: str) -> None:
        self.found.append((decl, {}))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", {}))


markdown = st.text(alphabet="<>/\"'=()[]!*#^-_`\\ \n:.&;abhjost1", max_size=120)


@given(st.one_of(markdown, st.text(max_size=120)))
def test_nothing_but_harmless_elements_comes_out_whatever_goes_in(body: str) -> None:
    reader = Elements()
    reader.feed(to_html(body))
    for tag, attributes in reader.found:
        assert tag in HARMLESS
        assert not attributes.keys() - {"href", "rel", "start"}
        assert (attributes.get("href") or "https:").split(":")[0].lower() in {
            "http",
            "https",
            "mailto",
            "tel",
        }


@given(st.text(max_size=200))
def test_plain_text_can_be_made_of_anything(body: str) -> None:
    assert isinstance(to_text(body), str)


def test_plain_text_keeps_structure_and_addresses() -> None:
    body = "# Head\nHello\n\n* a\n* b\n\n1. c\n\n^ inset\n\n[words](https://a.test) https://b.test"
    assert to_text(body) == (
        f"Head\n{'=' * 65}\n\nHello\n\n• a\n• b\n\n1. c\n\ninset\n\nwords: https://a.test https://b.test"
    )
