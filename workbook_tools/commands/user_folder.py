"""Where the program keeps what belongs to the user, whatever working folder is open."""

from __future__ import annotations

from pathlib import Path

import typer


def find_user_folder() -> Path:
    """The user's own folder; it may not be there yet."""
    return Path(typer.get_app_dir("workbook-tools"))
