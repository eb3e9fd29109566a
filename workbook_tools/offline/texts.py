"""Texts that go into a bundle: starters and explanations, with their places filled."""

from __future__ import annotations

from importlib import resources


def fill_text(name: str, encoding: str, newline: str = "\r\n", **facts: str) -> bytes:
    """A text of the package with its places filled, its lines ending as the other computer's do (Windows' by default)."""
    text = resources.files("workbook_tools.offline").joinpath("files", name).read_text("utf-8")
    for key, value in facts.items():
        text = text.replace(f"{{{key}}}", value)
    return newline.join([*text.splitlines(), ""]).encode(encoding)
