"""Passwords in a text: recognised as they stand in the address of a database, and hidden wherever a text is shown or kept."""

from __future__ import annotations

import re

HIDDEN = "***"

_IN_ADDRESS = re.compile(
    r"(?P<before>[A-Za-z][\w+.-]+(?:[:：;.]?[/\\]{1,2}|[:：](?!\d+:))[^\s:：/@]*[:：])[^\s\"'“”]*(?=@)"
)
"""``postgresql://user:password@server``, its scheme and slashes mistyped as they may be (``postgres:/``, ``postgresql//``); the
last @ is the server's."""
_BARE = re.compile(r"(?<![\w/])(?P<before>[A-Za-z_][\w.-]*:)[^\s\"'“”/\\]+(?=@[\w\[])", re.ASCII)
"""``user:password@server``, without any scheme."""
_NAMED = re.compile(
    r"(?i)(?P<before>(?<![a-z])(?:ssl)?(?:pass(?:word|wd|phrase)?|pwd|secret|token)\s*=\s*)(?:'[^']*'|\"[^\"]*\"|[^\s&;,\"'“”]+)"
)
"""``?password=…``, ``passwd=…``, ``sslpassword=…``, also as key and value (``host=… password='…'``)."""


def redact(text: str) -> str:
    """The text with every password of an address hidden; user, server and database stay.

    >>> redact("postgresql://wbt:geheim@server/db?password=x")
    'postgresql://wbt:***@server/db?password=***'
    """
    for pattern in (_IN_ADDRESS, _BARE, _NAMED):
        text = pattern.sub(rf"\g<before>{HIDDEN}", text)
    return text


def has_secret(text: str) -> bool:
    """There is a password in it."""
    return redact(text) != text
