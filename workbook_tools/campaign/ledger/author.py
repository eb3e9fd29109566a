"""Who records in the ledger, and with which command: the login, the name that a person has given, and what the command line has called.

A name that was given once on the page is kept in the user's own folder; page and commands write the same.
"""

from __future__ import annotations

import getpass
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path

from workbook_tools.campaign.ledger.chain import Author
from workbook_tools.core.errors import OutputError
from workbook_tools.files.paths import replace_file

_COMMAND: ContextVar[str] = ContextVar("_COMMAND", default="")
_PERSON: ContextVar[str] = ContextVar("_PERSON", default="")
_PERSON_FILE = "person.txt"
MOST_NAME = 20
"""Characters of a person's name."""


def name_command(words: str) -> None:
    """From here on this command records."""
    _COMMAND.set(words)


def name_person(name: str) -> None:
    """From here on this person records; blank where nobody has said who it is."""
    _PERSON.set(name)


def find_person() -> str:
    """Who does it, as outputs name them: the name that the person has given, else the login; empty where neither is known."""
    return _PERSON.get() or find_login()


def read_person(config: Path) -> str:
    """The name that was given last, in whatever run; ``config`` is the user's own folder. Empty where nobody has said it."""
    with suppress(OSError, ValueError):
        return (config / _PERSON_FILE).read_text("utf-8").strip()[:MOST_NAME]
    return ""


def keep_person(config: Path, name: str) -> None:
    """Keep the name for the next run; where that cannot be done it is asked again."""
    with suppress(OSError, OutputError):
        config.mkdir(parents=True, exist_ok=True)
        replace_file(config / _PERSON_FILE, name.encode())


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
