"""Who records in the ledger, and with which command: the login, and what the command line has called."""

from __future__ import annotations

import getpass
from contextvars import ContextVar

from workbook_tools.campaign.ledger.chain import Author

_COMMAND: ContextVar[str] = ContextVar("_COMMAND", default="")


def name_command(words: str) -> None:
    """From here on this command records."""
    _COMMAND.set(words)


def find_author() -> Author:
    """The login of this process, and the command that it runs; each empty where nothing is known of it."""
    return Author(find_login(), _COMMAND.get())


def find_login() -> str:
    """The name of whoever is logged in; empty where the computer does not know it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
