"""Who records in the ledger, and with which command: the login, the name that a person has given, and what the command line has called."""

from __future__ import annotations

import getpass
from contextvars import ContextVar

from workbook_tools.campaign.ledger.chain import Author

_COMMAND: ContextVar[str] = ContextVar("_COMMAND", default="")
_PERSON: ContextVar[str] = ContextVar("_PERSON", default="")


def name_command(words: str) -> None:
    """From here on this command records."""
    _COMMAND.set(words)


def name_person(name: str) -> None:
    """From here on this person records; blank where nobody has said who it is."""
    _PERSON.set(name)


def find_author() -> Author:
    """Who records, as 王强（login）, or the login of this process alone, and the command that it runs; each empty where nothing is known of it."""
    login, person = find_login(), _PERSON.get()
    who = f"{person}（{login}）" if person and login and person != login else person or login
    return Author(who, _COMMAND.get())


def find_login() -> str:
    """The name of whoever is logged in; empty where the computer does not know it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
