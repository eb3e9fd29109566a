"""The console: colours, tables and bars. A plain line does without (:mod:`~workbook_tools.commands.terminal`): rich takes long to load."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from workbook_tools.core.secret_text import redact
from workbook_tools.core.visible_text import show_steering


class SafeConsole(Console):
    """A console on which no text from outside moves the cursor or clears the screen, and no password of an address is seen."""

    def render_str(self, text: str, **options: Any) -> Text:
        """Every text that is printed, in tables too."""
        return super().render_str(show_steering(redact(text)), **options)


console = SafeConsole(highlight=False, emoji=False)
