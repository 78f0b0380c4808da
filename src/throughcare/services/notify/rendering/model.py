"""The Markdown of GOV.UK Notify e-mails, as HTML and as plain text.

Headings (``#``, ``##``), bullets, numbers, insets (``^``), rules and links; nothing else has a meaning
(docs.notifications.service.gov.uk, "formatting"). The HTML holds no script, style, image or form, whatever
the message says, and can be shown in a sandboxed frame.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import mistune
import nh3
from mistune.block_parser import BlockParser
from mistune.core import BaseRenderer, BlockState
from mistune.inline_parser import InlineParser
from mistune.plugins.url import url
from mistune.renderers.html import HTMLRenderer

_BLOCKS = ["atx_heading", "thematic_break", "block_quote", "list", "blank_line"]
_INLINE = ["escape", "link", "link_close", "linebreak", "url_link"]
_TAGS = {"h2", "h3", "p", "br", "hr", "ul", "ol", "li", "blockquote", "a"}
_LINE_START = re.compile(r"^( {0,3})(\^ ?|>|\+|[•](?= )|\d{1,9}\)|#{3,6}(?= ))", re.MULTILINE)
_SCHEMES = ("http://", "https://", "mailto:", "tel:")
_WIDTH = 65


class _Html(HTMLRenderer):
    def heading(self, text: str, level: int, **_: object) -> str:
        return f"<h{level + 1}>{text}</h{level + 1}>\n"

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return super().link(text, url) if url.lower().startswith(_SCHEMES) else text

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return text


class _Plain(BaseRenderer):
    NAME = "plain"

    def _inside(self, token: dict[str, Any], state: BlockState) -> str:
        return self.render_tokens(token.get("children", []), state)

    def text(self, token: dict[str, Any], state: BlockState) -> str:
        return str(token["raw"])

    def link(self, token: dict[str, Any], state: BlockState) -> str:
        words, target = self._inside(token, state), str(token["attrs"]["url"])
        return target if words == target or "_autolink" in token else f"{words}: {target}"

    image = block_text = _inside

    def linebreak(self, token: dict[str, Any], state: BlockState) -> str:
        return "\n"

    def blank_line(self, token: dict[str, Any], state: BlockState) -> str:
        return ""

    def paragraph(self, token: dict[str, Any], state: BlockState) -> str:
        return self._inside(token, state) + "\n\n"

    block_quote = _inside

    def heading(self, token: dict[str, Any], state: BlockState) -> str:
        mark = "=" if token["attrs"]["level"] == 1 else "-"
        return f"\n{self._inside(token, state)}\n{mark * _WIDTH}\n\n"

    def thematic_break(self, token: dict[str, Any], state: BlockState) -> str:
        return "=-" * (_WIDTH // 2) + "=\n\n"

    def list(self, token: dict[str, Any], state: BlockState) -> str:
        lines = []
        for number, item in enumerate(token["children"], token["attrs"].get("start") or 1):
            mark = f"{number}." if token["attrs"]["ordered"] else "•"
            lines.append(f"{mark} {self._inside(item, state).strip()}")
        return "\n".join(lines) + "\n\n"


def _parser(renderer: BaseRenderer) -> Callable[[str], object]:
    block, inline = BlockParser(list(_BLOCKS), list(_BLOCKS)), InlineParser(hard_wrap=True)
    markdown = mistune.Markdown(renderer=renderer, block=block, inline=inline, plugins=[url])
    block.rules, inline.rules = list(_BLOCKS), list(_INLINE)
    return markdown


_as_html = _parser(_Html(escape=True))
_as_plain = _parser(_Plain())


def to_html(body: str) -> str:
    """A filled e-mail body as HTML of a few harmless elements, with http, https, mailto and tel links."""
    return nh3.clean(
        str(_as_html(_prepared(body))),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    ).strip()


def to_text(body: str) -> str:
    """A filled e-mail body as the plain text part of the message."""
    return re.sub(r"\n{4,}", "\n\n\n", str(_as_plain(_prepared(body)))).strip()


def _prepared(body: str) -> str:
    """``body`` with Notify's marks turned into those of Markdown, and marks that it lacks made plain."""

    def mark(match: re.Match[str]) -> str:
        indent, found = match.group(1), match.group(2)
        if found.startswith("^"):
            return f"{indent}> "
        if found == "•":
            return f"{indent}*"
        return f"{indent}{found[:-1]}\\{found[-1]}" if found.endswith(")") else f"{indent}\\{found}"

    return _LINE_START.sub(mark, body)
