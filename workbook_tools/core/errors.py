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


class WithheldFile(SettingsError):
    """A file exists and cannot be read: no permission, a failing disk. Its content is not lost, so nothing may go on as if there were none."""


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
}


def os_reason(exc: OSError) -> str:
    """What the system says went wrong with a file, in Chinese; a rare fault stays in the system's own words."""
    return _REASONS.get(exc.errno or 0) or exc.strerror or str(exc)


_ADVICE = {
    errno.ENOENT: "请核对路径，文件夹是否已被移走或改名",
    errno.EACCES: "请关掉打开它的程序，或换一个有权限的文件夹",
    errno.EPERM: "请换一个可以写的文件夹，或请管理员开通权限",
    errno.EISDIR: "请移走或改名这个文件夹",
    errno.ENOTDIR: "请移走或改名挡在路径中的那个文件",
    errno.EEXIST: "请移走或改名同名的那一个",
    errno.EROFS: "请换一个可以写的磁盘，或去掉写保护",
    errno.ENOSPC: "请删去不用的文件，腾出空间",
    errno.EDQUOT: "请删去不用的文件，或请管理员增加配额",
    errno.ENAMETOOLONG: "请把工作文件夹移到更靠近根目录的地方，或缩短名称",
    errno.EINVAL: "请改用普通的文件名",
    errno.EIO: "请检查磁盘或 U 盘是否插好，换一个磁盘",
    errno.ETIMEDOUT: "请检查网络",
}


def refuse_withheld(fault: UnreadableWorkbook, path: object) -> None:
    """Raises WithheldFile where a workbook could not be read because the system does not hand it out."""
    if isinstance(fault.__cause__, OSError) and not isinstance(fault.__cause__, FileNotFoundError):
        raise WithheldFile(f"无法读取{tell_os_error(fault.__cause__, path)}") from None


def is_usual(exc: OSError) -> bool:
    """The state of the disk or the folder explains the fault: it is no fault of the program."""
    return exc.errno in _REASONS or isinstance(exc, PermissionError)


def tell_os_error(exc: OSError, path: object = "") -> str:
    """Which file (``path``, else what the system names), what is wrong with it and what to do, as the end of a sentence."""
    place = path or exc.filename
    named = f"“{place}”：" if place else "文件："
    if isinstance(exc, PermissionError):
        return f"{named}它是否正被 Excel、Word 或 WPS 打开？是否没有权限？{_ADVICE[errno.EACCES]}，再运行一次。"
    advice = _ADVICE.get(exc.errno or 0, "请核对磁盘和文件夹")
    return f"{named}{os_reason(exc)}。{advice}，再运行一次。"
