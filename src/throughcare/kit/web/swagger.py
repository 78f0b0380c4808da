"""The page at ``/swagger-ui/index.html``."""

from __future__ import annotations

from html import escape

from throughcare.kit.web.static import asset


def page(title: str, document: str, root: str = "") -> str:
    """Swagger UI for the OpenAPI document at ``document``. Raises AssetsMissing."""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{escape(title)} – API</title>
<link rel="stylesheet" href="{asset("swagger-ui.css", root)}">
</head>
<body>
<div id="swagger-ui" data-url="{escape(document)}"></div>
<script src="{asset("swagger-ui.js", root)}"></script>
<script src="{asset("swagger-start.js", root)}"></script>
</body>
</html>"""
