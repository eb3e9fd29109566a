"""Exceptions: faults of the program, the machine or the way it was called.

What is wrong in somebody's data is never an exception; it is a
:class:`workbook_tools.findings.Finding`, returned and collected.
The message of every exception here is written for the user, in Chinese.
"""


class WorkbookToolsError(Exception):
    """Base of all our exceptions; the command line prints its message and exits with 2."""


class SchemeError(WorkbookToolsError):
    """A scheme file is missing or its settings contradict each other."""


class TemplateError(WorkbookToolsError):
    """A workbook or document could not be built (a rule the file format refuses, a wrong tag)."""


class UnreadableWorkbook(WorkbookToolsError):
    """A file cannot be read as a workbook; ``code`` is the finding that says so."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message


class SettingsError(WorkbookToolsError):
    """wbt.toml is missing or wrong, or the folder is not a working folder."""


class OutputError(WorkbookToolsError):
    """A result could not be written: the file is open elsewhere, or the folder is not writable."""
