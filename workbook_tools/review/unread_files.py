"""Files that came but cannot be used: the name of such a file may tell to which listed project it belongs.

That is only mentioned; the project is missing all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.values import plain
from workbook_tools.files.stored_projects import NamedProject
from workbook_tools.review.said_codes import SHORTEST, narrow, says_code, says_word

_SCAN = "FILE41"
"""A PDF or picture: mostly evidence, but it may be all that a project sent."""


def find_unread_files(findings: Iterable[Finding]) -> dict[str, Finding]:
    """File whose project is not known → the finding that says why it cannot be used.

    Scans come first, so that a file with an error under the same project's name comes after them and is the one reported.
    """
    nobodys = [found for found in findings if found.file and not found.project_code]
    errors = [found for found in nobodys if found.severity is Severity.ERROR]
    scans = [found for found in nobodys if found.code == _SCAN]
    first: dict[str, Finding] = {}
    for found in (*_sort_by_file(scans), *_sort_by_file(errors)):
        first.setdefault(found.file, found)
    return first


def list_broken_forms(unread: Mapping[str, Finding]) -> dict[str, str]:
    """Code → the file, of those in which a form may be (no scans)."""
    return {code: found.file for code, found in unread.items() if found.code != _SCAN}


def _sort_by_file(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda found: found.file)


def say_unread(found: Finding) -> str:
    """What came and why it cannot be used, as a clause."""
    return f"收到的“{PurePosixPath(found.file).name}”不能用：{found.message}"


def say_what_to_do(found: Finding) -> str:
    """The same and what to do about it, as sentences."""
    return f"{say_unread(found)}。{found.advice}"


def match_files(projects: Iterable[NamedProject], files: Iterable[str]) -> dict[str, str]:
    """Code → the last file whose name contains it, or contains no code but the project's whole name. The longest match counts; a name that
    could mean several projects means none.

    ``projects`` are all listed ones, also those that came: files under their names are theirs.
    """
    names = {file: PurePosixPath(file).stem for file in files}
    codes = _SaidWords({file: narrow(name) for file, name in names.items()}, says_code)
    whole = _SaidWords({file: plain(name).casefold() for file, name in names.items()}, _says_name)
    for project in projects if names else ():
        codes.add(narrow(project.code), project.code)
        whole.add(plain(project.name).casefold(), project.code)
    found = {}
    for file in names:
        meant = codes.find(file) or whole.find(file)
        if len(meant) == 1:
            found[next(iter(meant))] = file
    return found


class _SaidWords:
    """Finds codes, or project names, in the names of files."""

    def __init__(self, names: Mapping[str, str], says: Callable[[str, str], bool]) -> None:
        self._names, self._says = names, says
        self._together = "\n".join(names.values())
        self._meant: dict[str, set[str]] = {}
        """Words that the name of a file may contain → codes of the projects that they mean."""

    def add(self, words: str, code: str) -> None:
        """Add the words for a project, unless no file name contains them, as for most projects."""
        if words in self._together:
            self._meant.setdefault(words, set()).add(code)

    def find(self, file: str) -> set[str]:
        """The projects meant by the longest words in the name of this file."""
        said = [words for words in self._meant if self._says(self._names[file], words)]
        longest = max(map(len, said), default=0)
        return {code for words in said if len(words) == longest for code in self._meant[words]}


def _says_name(text: str, name: str) -> bool:
    return len(name) >= SHORTEST and name in text and says_word(text, name)
