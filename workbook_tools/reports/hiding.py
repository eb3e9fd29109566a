"""What must not be in a public version although a unit wrote it: numbers and names that reach a person. Each is told with its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from workbook_tools.core.person_names import find_names, hide_names, is_person, show_surname
from workbook_tools.core.phone_numbers import find_numbers, hide_numbers, show_ends
from workbook_tools.core.review_result import ProjectRow

NUMBER, NAME = "号码", "姓名"


@dataclass(frozen=True, slots=True)
class HiddenText:
    """A number or a name in a text."""

    place: str
    """In which text it stands."""
    kind: str
    """号码 or 姓名."""
    shown: str
    """By which its owner knows it: 138…78, 张某某. A name that was not hidden stands as it is, so that it is found."""
    struck: bool = True
    """It is hidden; otherwise it only may be a name, and a person must look."""


class Hider:
    """Hides what it finds in texts, and keeps what it found; ``known`` are names of persons."""

    def __init__(self, known: Collection[str] = ()) -> None:
        self._known = frozenset(known)
        self.found: list[HiddenText] = []

    def hide_numbers(self, place: str, text: str) -> str:
        """A name of something, a unit, a figure as printed: without numbers that reach a person."""
        self.found += (HiddenText(place, NUMBER, show_ends(number)) for number in find_numbers(text))
        return hide_numbers(text)

    def hide(self, place: str, text: str) -> str:
        """What somebody wrote: without numbers and names."""
        plain = self.hide_numbers(place, text)
        for one in find_names(plain, self._known):
            shown = show_surname(one.name) if one.sure else one.name
            self.found.append(HiddenText(place, NAME, shown, one.sure))
        return hide_names(plain, self._known)


def list_persons(project: ProjectRow) -> Iterator[str]:
    """The names that a project's own cells give: 项目负责人, 填报人 and the like."""
    yield from filter(is_person, (text.strip() for text in project.info.values()))
