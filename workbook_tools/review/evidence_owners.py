"""Which project evidence belongs to: by the name of its folder, the folders in it, or the form that it lies beside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from workbook_tools.core.values import plain
from workbook_tools.files.evidence import EvidenceFile, EvidencePlace
from workbook_tools.files.sources import WORKBOOKS
from workbook_tools.review.said_codes import SHORTEST, narrow, says_code


@dataclass(frozen=True, slots=True)
class KnownProject:
    """A project that evidence may belong to."""

    code: str
    name: str
    forms: tuple[str, ...] = ()
    """The files in which it came, from the folder that is reviewed."""


@dataclass(frozen=True, slots=True)
class OwnedPart:
    """A place of evidence, or what lies in one of its folders, and whose it is."""

    path: str
    on_disk: str
    files: tuple[EvidenceFile, ...]
    owners: tuple[str, ...]
    """Codes of projects: one that it belongs to, several that it may belong to, or none."""
    certain: bool
    """It belongs to the one owner; otherwise a file belongs to the project that lists it."""
    incomplete: bool
    """It may hold files that are not known."""


class OwnerFinder:
    """The projects of a review, by what people call their folders."""

    def __init__(self, projects: Iterable[KnownProject]) -> None:
        self._projects = list(projects)
        self._known: dict[tuple[str, str], str] = {}
        """Results of earlier look-ups, as many files lie in one folder."""
        self._codes = {narrow(p.code): p.code for p in self._projects if p.code}
        self._names: dict[str, set[str]] = {}
        """Several units may have a project of one name."""
        for project in self._projects:
            if project.name:
                self._names.setdefault(plain(project.name).casefold(), set()).add(project.code)
        self._forms: dict[str, dict[str, set[str]]] = {}
        """Folder → name of a form in it, without ending → codes of its projects."""
        for project in self._projects:
            for form in map(PurePosixPath, project.forms):
                beside = self._forms.setdefault(str(form.parent), {})
                beside.setdefault(plain(form.stem).casefold(), set()).add(project.code)

    def divide(self, place: EvidencePlace) -> Iterator[OwnedPart]:
        """The parts of a place: the whole of it where its name says whose it is, else by the folders in it."""
        parent = str(PurePosixPath(place.path).parent)
        if code := self._find_named(place.whose, parent):
            yield OwnedPart(
                place.path, place.on_disk, tuple(place.files), (code,), certain=True, incomplete=place.incomplete
            )
            return
        rest: list[EvidenceFile] = []
        own: dict[tuple[str, str], list[EvidenceFile]] = {}
        for file in place.files:
            path, code = self._find_folder(place.path, file)
            own.setdefault((path, code), []).append(file) if code else rest.append(file)
        for (path, code), files in own.items():
            on_disk = path if files[0].on_disk.startswith(f"{path}/") else place.on_disk
            yield OwnedPart(path, on_disk, tuple(files), (code,), certain=True, incomplete=place.incomplete)
        if rest or not own:
            beside = self._find_beside(parent)
            certain = len(beside) == 1 and not place.whose
            yield OwnedPart(place.path, place.on_disk, tuple(rest), beside, certain, place.incomplete)

    def find_form(self, file: EvidenceFile) -> str:
        """The project whose form a workbook may be, by its name."""
        path = PurePosixPath(file.path)
        return self._find_named(path.stem, str(path.parent)) if path.suffix.lower() in WORKBOOKS else ""

    def _find_folder(self, place: str, file: EvidenceFile) -> tuple[str, str]:
        """The topmost folder above a file whose name tells a project, and that project."""
        path = PurePosixPath(place)
        for folder in PurePosixPath(file.path).relative_to(path).parts[:-1]:
            path /= folder
            if code := self._find_named(folder, str(path.parent)):
                return str(path), code
        return "", ""

    def _find_named(self, said: str, parent: str) -> str:
        """The one project that a name names: by a form beside it, by its code, by its name."""
        if (said, parent) not in self._known:
            self._known[said, parent] = self._seek_named(said, parent) if said else ""
        return self._known[said, parent]

    def _seek_named(self, said: str, parent: str) -> str:
        told = plain(said).casefold()
        beside = self._forms.get(parent, {}).get(told, set())
        return _only(beside) or self._find_code(said) or self._find_name(told)

    def _find_code(self, said: str) -> str:
        """The longest code that is a word of its own in the text."""
        text = narrow(said)
        longest = max((code for code in self._codes if says_code(text, code)), key=len, default="")
        return self._codes.get(longest, "")

    def _find_name(self, told: str) -> str:
        """The project with the longest name in the text; else the only one whose name contains the text. A name that several projects have means none."""
        inside = [name for name in self._names if name in told]
        if inside:
            return _only(self._names[max(inside, key=len)])
        parts = (codes for name, codes in self._names.items() if len(told) >= SHORTEST and told in name)
        return _only({code for codes in parts for code in codes})

    def _find_beside(self, parent: str) -> tuple[str, ...]:
        """The projects with forms in that folder; else the one that its name tells; else those with forms below it."""
        path = PurePosixPath(parent)
        if parent in self._forms:
            return _codes_in([self._forms[parent]])
        if named := self._find_named(path.name, str(path.parent)):
            return (named,)
        return _codes_in(forms for folder, forms in self._forms.items() if path in PurePosixPath(folder).parents)


def _codes_in(folders: Iterable[Mapping[str, set[str]]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for forms in folders for codes in forms.values() for code in sorted(codes)))


def _only(found: set[str]) -> str:
    return next(iter(found)) if len(found) == 1 else ""


def list_known(listed: Mapping[str, str], came: Sequence[tuple[str, str, str]]) -> list[KnownProject]:
    """The projects of the list (code → name), and those that came: code, name, file."""
    names = dict(listed)
    forms: dict[str, list[str]] = {}
    for code, name, file in came:
        names.setdefault(code, name)
        forms.setdefault(code, []).append(file)
    return [KnownProject(code, name, tuple(forms.get(code, ()))) for code, name in names.items()]
