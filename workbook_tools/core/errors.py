"""Exceptions: faults of the program, the machine or the way it was called.

What is wrong in somebody's data is never an exception; it is a
:class:`workbook_tools.core.findings.Finding`, returned and collected.
The message of every exception here is written for the user, in Chinese.
"""

import errno


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


_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限，或者正被别的程序打开",
    errno.EPERM: "没有权限",
    errno.EEXIST: "已有同名的文件",
    errno.EISDIR: "这是一个文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.ENAMETOOLONG: "路径太长",
    errno.EINVAL: "路径中有不能用的字符",
    errno.EIO: "磁盘读写出错",
    errno.ETIMEDOUT: "超时，网络盘连不上",
}  # fmt: skip


def os_reason(exc: OSError) -> str:
    """What the system says went wrong with a file, in Chinese; in its own words where those are rare."""
    return _REASONS.get(exc.errno or 0) or exc.strerror or str(exc)
