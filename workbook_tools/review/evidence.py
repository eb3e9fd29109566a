"""佐证材料 of a review: what units have listed beside what came. Only names are compared; no file is opened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from types import MappingProxyType

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.model import ListedMaterial
from workbook_tools.core.review_result import EvidencePlaces, EvidenceRow, EvidenceState, ProjectRow
from workbook_tools.files.evidence import ARCHIVES, ZIP, EvidenceFile, EvidencePlace, is_program
from workbook_tools.form import evidence
from workbook_tools.review.evidence_names import EvidenceIndex, find_alike, split_names
from workbook_tools.review.evidence_owners import OwnedPart, OwnerFinder, list_known
from workbook_tools.review.reviewed_file import ReviewedFile

_FEW = 6
"""A finding quotes at most so many names."""


@dataclass(frozen=True, slots=True)
class ComparedEvidence:
    """The outcome of a comparison: rows and figures by project code, and findings."""

    rows: tuple[EvidenceRow, ...] = ()
    places: Mapping[str, EvidencePlaces] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    used: frozenset[str] = frozenset()
    """Paths of the files that are listed."""


class EvidenceComparison:
    """Compares the evidence in ``places`` with what forms list, some forms at a time.

    ``listed`` are the projects of the list (code → name), ``came`` those of all forms, with their files, ``broken`` the files (by codes) that
    cannot be used and by their names are forms: evidence that lies beside one is its.
    """

    def __init__(
        self,
        places: Sequence[EvidencePlace],
        listed: Mapping[str, str],
        came: Iterable[tuple[str, str, str]],
        broken: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._divided: list[tuple[EvidencePlace, list[OwnedPart]]] = []
        self._may_own: dict[str, list[SearchedPart]] = {}
        self._lone: dict[str, Finding] = {}
        self._dangers: dict[str, list[EvidencePlace]] = {}
        """By the code of the project that the whole place belongs to; blank if to none or several."""
        self._used: set[str] = set()
        if not places:
            return
        forms = list(came)
        have = {code for code, _, _ in forms}
        missing = [(code, listed.get(code, ""), file) for code, file in broken.items() if code not in have]
        finder = OwnerFinder(list_known(listed, [*forms, *missing]))
        self._divided = [(place, list(finder.divide(place))) for place in places]
        for part in self._parts:
            searched = SearchedPart(part, EvidenceIndex(part.files))
            for code in part.owners:
                self._may_own.setdefault(code, []).append(searched)
        for place, parts in self._divided:
            own = {part.owners[0] for part in parts if part.certain}
            self._dangers.setdefault(own.pop() if len(own) == 1 else "", []).append(place)
        self._lone = {f.project_code: f for f in _tell_lone(self._parts, finder, have)}

    @property
    def _parts(self) -> Iterator[OwnedPart]:
        return (part for _, own in self._divided for part in own)

    def compare(self, kept: Iterable[ReviewedFile], codes: Collection[str]) -> ComparedEvidence:
        """The comparison for the projects of these ``codes``, of which the ``kept`` forms came."""
        rows: list[EvidenceRow] = []
        summed: dict[str, EvidencePlaces] = {}
        findings: list[Finding] = []
        forms: dict[str, str] = {}
        used: set[str] = set()
        for item in kept:
            if item.project is None or not (item.materials or item.project.code in self._may_own):
                continue
            one = _ProjectEvidence(item, item.project, self._may_own.get(item.project.code, []))
            rows += one.compare()
            used |= one.used
            summed[item.project.code], forms[item.project.code] = one.sum_up(), item.file
            findings += one.findings
        findings += (self._lone[code] for code in codes if code in self._lone)
        findings += self._tell_dangers(forms)
        self.note_compared(codes, forms, used)
        return ComparedEvidence(tuple(rows), summed, tuple(findings), frozenset(used))

    def narrow(self, codes: Iterable[str]) -> EvidenceComparison:
        """The comparison for these projects alone, as another process needs it; what it finds has to be noted here (:meth:`note_compared`)."""
        some = EvidenceComparison((), {}, ())
        for code in codes:
            if code in self._may_own:
                some._may_own[code] = self._may_own[code]
            if code in self._lone:
                some._lone[code] = self._lone[code]
            if code in self._dangers:
                some._dangers[code] = self._dangers[code]
        return some

    def note_compared(self, codes: Iterable[str], came: Iterable[str], used: Iterable[str]) -> None:
        """Note that the projects of these ``codes`` were compared: evidence of those that ``came`` is reported, and files ``used`` are listed by them."""
        self._used.update(used)
        for code in codes:
            self._lone.pop(code, None)
        for code in came:
            self._dangers.pop(code, None)

    def describe(self, codes: Iterable[str]) -> list[object]:
        """The evidence that a comparison for these projects depends on, for a digest."""
        return [
            (code, [one.part for one in self._may_own.get(code, ())], self._lone.get(code), self._dangers.get(code, []))
            for code in codes
            if code in self._may_own or code in self._lone or code in self._dangers
        ]

    def tell_rest(self) -> list[Finding]:
        """Findings about evidence of none of the compared projects; called after all of them."""
        strays = _tell_strays(self._parts, self._used)
        dangers = (
            told
            for places in self._dangers.values()
            for place in places
            for told in _tell_danger(place, {"file": place.path})
        )
        return [*strays, *self._lone.values(), *dangers]

    def _tell_dangers(self, forms: Mapping[str, str]) -> Iterator[Finding]:
        """Archives that cannot be compared, and what must not be opened: of the projects that came in ``forms``."""
        for code, form in forms.items():
            for place in self._dangers.get(code, ()):
                yield from _tell_danger(place, {"project_code": code, "file": form, "field": place.path})


@dataclass(frozen=True, slots=True)
class SearchedPart:
    """A part with its files by name."""

    part: OwnedPart
    index: EvidenceIndex


class _ProjectEvidence:
    """What one project lists, and the evidence that is or may be its own."""

    def __init__(self, item: ReviewedFile, project: ProjectRow, parts: Sequence[SearchedPart]) -> None:
        self.item, self.project = item, project
        self.own = [one.part for one in parts if one.part.certain]
        self.indexes = [one.index for one in parts]
        self.incomplete = any(one.part.incomplete for one in parts)
        self.files = [file for part in self.own for file in part.files]
        self.used: set[str] = set()
        """Paths of the files that are listed."""
        self.findings: list[Finding] = []
        self.rows: list[EvidenceRow] = []

    def compare(self) -> list[EvidenceRow]:
        """A row for each material, then for each file that is not listed."""
        found = [(material, list(self._find(material))) for material in self.item.materials]
        self.used = {file.path for _, named in found for _, files in named for file in files}
        came = bool(self.own or self.used)
        unlisted = _leave_out_covered(self.files, self.used)
        for material, named in found:
            self._judge(material, named, came, unlisted)
        if not came and not self.incomplete:
            self._tell_nothing_came()
        if unlisted:
            self._tell_unlisted(unlisted)
        self.rows += (
            EvidenceRow(
                project_code=self.project.code, state=EvidenceState.UNLISTED, path=file.path, on_disk=file.on_disk
            )
            for file in unlisted
        )
        return self.rows

    def sum_up(self) -> EvidencePlaces:
        """The figures of the project; after :meth:`compare`."""
        states = [row.state for row in self.rows]
        unlisted = states.count(EvidenceState.UNLISTED)
        return EvidencePlaces(
            listed=len(states) - unlisted,
            found=states.count(EvidenceState.FOUND),
            absent=states.count(EvidenceState.ABSENT),
            unlisted=unlisted,
            places=tuple(part.path for part in self.own),
            on_disk=tuple(part.on_disk for part in self.own),
        )

    def _find(self, material: ListedMaterial) -> Iterator[tuple[str, list[EvidenceFile]]]:
        """Each file name of the material with the files that it means; a material without file names goes by its own name."""
        if material.file:
            whole = self._search(material.file)
            names = [material.file] if whole else split_names(material.file)
            yield from ((name, whole or self._search(name)) for name in names)
        elif material.name:
            yield material.name, self._search(material.name)

    def _search(self, name: str) -> list[EvidenceFile]:
        return [file for index in self.indexes for file in index.find(name)]

    def _judge(
        self,
        material: ListedMaterial,
        named: Sequence[tuple[str, list[EvidenceFile]]],
        came: bool,
        unlisted: Sequence[EvidenceFile],
    ) -> None:
        files = [file for _, found in named for file in found]
        absent = [name for name, found in named if not found] if material.file else []
        empty = [file for file in files if file.size == 0]
        if material.unclear:
            self._tell(material, "EVID04", material.unclear)
        if absent and self.incomplete:
            state = EvidenceState.UNCHECKED
        elif absent:
            state = EvidenceState.ABSENT
            for name in absent if came else ():
                self._tell(material, "EVID01", f"列出的文件没有收到{_hint(name, unlisted)}", found=name)
        elif files:
            state = EvidenceState.EMPTY if len(empty) == len(files) else EvidenceState.FOUND
        elif material.pages:
            state = EvidenceState.ON_PAPER
        else:
            state = EvidenceState.UNCLEAR
            if not material.unclear and not self.project.imported:  # a column of a form of today asks for names only
                self._tell(material, "EVID04", "没有写页数，也没有写文件名", found=material.name)
        for file in empty:
            self._tell(material, "EVID05", found=file.name)
        first = files[0] if files else None
        self.rows.append(
            EvidenceRow(
                project_code=self.project.code,
                state=state,
                indicator=material.indicator,
                name=material.name,
                pages=material.pages,
                file=material.file,
                path=first.path if first else "",
                on_disk=first.on_disk if first else "",
                sheet=material.sheet,
                cell=material.cell,
            )
        )

    def _tell(self, material: ListedMaterial, code: str, message: str = "", found: str = "") -> None:
        where = {"sheet": material.sheet, "cell": material.cell, "field": material.label}
        told = finding(code, message, found=found, **where)
        self._add(told)

    def _add(self, told: Finding) -> None:
        self.findings.append(replace(told, file=self.item.file, project_code=self.project.code))

    def _tell_nothing_came(self) -> None:
        """One line for all that is listed; a 提醒 where the scheme asks for evidence."""
        listed = [material for material in self.item.materials if material.file]
        if not listed:
            return
        first = listed[0]
        message = f"列了 {len(listed)} 份电子材料，没有收到佐证材料的文件夹或压缩包"
        told = finding(
            "EVID02",
            message,
            sheet=first.sheet,
            cell=first.cell,
            field=first.label,
            found=_name_some(m.file for m in listed),
        )
        required = self.item.scheme is not None and self.item.scheme.form.evidence == "required"
        self._add(replace(told, severity=Severity.WARNING) if required else told)

    def _tell_unlisted(self, unlisted: Sequence[EvidenceFile]) -> None:
        scheme = self.item.scheme
        by_hand = self.project.imported
        no_list = not self.item.materials if by_hand else scheme is None or scheme.form.evidence == "none"
        sheet = "" if by_hand or no_list else evidence.TITLE
        count = f"{len(unlisted)} 个文件"
        message = f"收到佐证材料 {count}，这种表上没有清单" if no_list else f"报送的佐证材料有 {count}没有列在表中"
        where = "、".join(part.path for part in self.own)
        self._add(
            finding("EVID03", message, sheet=sheet, field=where, found=_name_some(file.name for file in unlisted))
        )


def _hint(name: str, unlisted: Sequence[EvidenceFile]) -> str:
    """What may have come instead: a file with nearly that name, or an archive whose contents are unknown."""
    if alike := find_alike(name, (file.name for file in unlisted)):
        return f"，有名称相近的“{alike}”"
    packed = (file.name for file in unlisted if PurePosixPath(file.name).suffix.lower() in ARCHIVES - {ZIP})
    closed = next(packed, "")
    return f"，也可能在“{closed}”里" if closed else ""


def _leave_out_covered(files: Sequence[EvidenceFile], used: Collection[str]) -> list[EvidenceFile]:
    """The files that are not listed. An archive in the folder and the files in it are one thing, until one of them is listed."""
    opened = {file.packed_in for file in files if file.packed_in and file.path in used}
    rest = (file for file in files if file.path not in used and file.path not in opened)
    return [file for file in rest if not file.packed_in or file.packed_in in opened]


def _name_some(names: Iterable[str]) -> str:
    told = list(dict.fromkeys(names))
    return "、".join(told[:_FEW]) + (f" 等 {len(told)} 个" if len(told) > _FEW else "")


# -- what belongs to no form ---------------------------------------------------------------------------------------------


def _tell_strays(parts: Iterable[OwnedPart], used: Collection[str]) -> Iterator[Finding]:
    """Evidence that belongs to nobody; ``used`` are the files that some project lists."""
    for part in parts:
        loose = _leave_out_covered(part.files, used)
        if not part.certain and (loose or not part.files):
            yield finding("EVID06", file=part.path, found=_name_some(file.name for file in loose))


def _tell_lone(parts: Iterable[OwnedPart], finder: OwnerFinder, came: Collection[str]) -> Iterator[Finding]:
    """Evidence of projects that sent no form, which may contain the form. ``came``: codes of those that did."""
    without: dict[str, OwnedPart] = {}
    books: dict[str, list[str]] = {}
    for part in parts:
        for file in part.files:
            code = finder.find_form(file)
            if code and code not in came:
                books.setdefault(code, []).append(file.path)
        if part.certain and part.owners[0] not in came:
            without[part.owners[0]] = part
    for code in {**without, **books}:
        inside = books.get(code, [])
        message = "收到了佐证材料，没有收到自评表；里面有工作簿，没有打开" if inside else ""
        where = without[code].path if code in without else str(PurePosixPath(inside[0]).parent)
        named = _name_some(PurePosixPath(path).name for path in inside)
        yield finding("EVID09", message, project_code=code, field=where, found=named)


def _tell_danger(place: EvidencePlace, where: Mapping[str, str]) -> Iterator[Finding]:
    """An archive that cannot be compared, and what must not be opened."""
    if place.faults:
        yield finding("EVID07", "；".join(place.faults), **where)
    programs = [file.name for file in place.files if is_program(file.name)]
    if programs:
        yield finding("EVID08", found=_name_some(programs), **where)
