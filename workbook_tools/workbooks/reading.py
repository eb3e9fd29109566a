"""A filled workbook → Submission: identity, then the layout, then every answer with its cell.

Nothing here judges the content of an answer. What is found on the way (a changed weight, a number typed
with its unit) is returned as findings; only a file that is no workbook of ours gives no submission.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from workbook_tools.core.cells import Place
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.core.faces import AnyPath
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.labels import USUAL_LABELS
from workbook_tools.core.model import Value
from workbook_tools.core.values import is_number, number_text
from workbook_tools.excel.reading import RawWorkbook, open_workbook
from workbook_tools.excel.resaved import open_values
from workbook_tools.files.properties import FileProperties
from workbook_tools.files.sources import SourceFile
from workbook_tools.form import asking, identity_sheet
from workbook_tools.form.fields import Layout, LayoutVersion
from workbook_tools.form.identity import BLANK_KEY, NO_ISSUE, Issue, Issued, Seal, SealState, SigningKey, unpack
from workbook_tools.form.layout import TABS, VERSIONS, place_fields
from workbook_tools.form.return_mark import ReturnMark
from workbook_tools.form.shapes import bind_layout
from workbook_tools.form.submission import Submission
from workbook_tools.vba.reading import Likeness, compare_modules
from workbook_tools.workbooks.answers import read_answers
from workbook_tools.workbooks.form_reading import FormReader

Keys = Mapping[str, SigningKey]
"""Key id → key."""
Versions = Mapping[str, LayoutVersion]
"""The forms that are read, by the names of their versions."""
NO_KEYS: Keys = {}

_OTHER_FORMAT = "FILE10"
_LOST_WITH_FORMAT = frozenset(
    {"TAMPER03", "TAMPER06", "TAMPER07", "TAMPER10", *(f"TAMPER{number}" for number in range(24, 40))}
)
_OUR_SHEETS = 4
"""So many sheets with the titles of ours make a workbook one of ours, whatever became of it."""
_OUR_NAMES = frozenset({"id_product", "id_project", "scored_rate", "execution_score", "total_score"})
"""Defined names that every workbook of ours has."""
_MAX_SHEET = 10_000_000
"""Bytes of a sheet's XML; ours have a fiftieth of it, and their texts are elsewhere."""


@dataclass(slots=True)
class Reading:
    """What came of one file; without a submission the findings say why."""

    file: str
    submission: Submission | None = None
    findings: list[Finding] = field(default_factory=list)
    sha256: str = ""
    """Of the file; blank if it could not be read."""
    seal: Seal | None = None
    """The seal as it was issued; none if it does not hold, or cannot be verified with the keys at hand."""
    seal_state: SealState = SealState.NONE
    """What the seal proves."""
    issue: Issue = NO_ISSUE
    """Which issue of its project it says it is; proven where the seal is."""
    mark: ReturnMark | None = None
    """That of a returned copy whose seal holds."""
    foreign: bool = False
    """A workbook that shows no trace of ever having been one of ours."""
    properties: FileProperties | None = None
    """What the file says of itself, where it was read as a workbook."""
    macros: bool = False
    """It came with the macros that we issue, and with no others."""


def read_submission(workbook: SourceFile | AnyPath, keys: Keys = NO_KEYS, versions: Versions = VERSIONS) -> Reading:
    """Read one filled workbook: a file, or a source that was found in a folder. Raises nothing for bad files: see ``Reading.findings``.

    With ``keys`` (key id → key) its signature is verified; without them a finding says that it was not. ``versions`` are the forms
    that may have come, by default those of 自评; one of another kind is named as such.
    """
    source = workbook if isinstance(workbook, SourceFile) else SourceFile(Path(workbook), Path(workbook).name)
    file = source.name
    reading = Reading(file)
    try:
        data = source.read()
        reading.sha256 = hashlib.sha256(data).hexdigest()
        raw, values_only = _open(source.path, data, versions)
        issued = _read_identity(raw, reading, keys, versions)
        if issued is not None:
            _note_foreign_parts(raw, reading)
            reading.properties = None if values_only else raw.properties
            layout = _lay_out(issued, versions)
            submission = FormReader(raw, layout, file, reading.findings, issued.texts).read()
            reading.submission = submission
            key = reading.seal.key if reading.seal else None
            submission.unit_answers, found = read_answers(raw, issued.project, key)
            reading.findings += found
            if values_only:
                reading.findings = [*_without_locks(reading.findings), finding("FILE42")]
                if reading.seal_state not in (SealState.REVOKED, SealState.BROKEN):
                    reading.seal_state = SealState.VALUES_ONLY
    except UnreadableWorkbook as exc:
        reading.findings.append(finding(exc.code, exc.message, file=file))
        reading.submission = None
    labels = reading.submission.scheme.form.labels if reading.submission else USUAL_LABELS
    reading.findings = [f.placed(file, _project_code(reading), labels) for f in reading.findings]
    return reading


def _lay_out(issued: Issued, versions: Versions) -> Layout:
    """The layout of what was issued. Raises UnreadableWorkbook: what it prints was forged."""
    if issued.version in VERSIONS:
        return bind_layout(issued.project, issued.scheme, issued.notice, issued.version)
    try:
        chosen = versions[issued.version]
        return place_fields(Layout(chosen, issued.project, issued.scheme, issued.notice, facts=issued.facts))
    except ValueError:
        raise UnreadableWorkbook("TAMPER01", "标识内容残缺，无法得知下发的内容") from None


def _open(path: Path, data: bytes, versions: Versions) -> tuple[RawWorkbook, bool]:
    """The workbook; of one in another format that has its identity sheet the values alone, which the second says."""
    try:
        return open_workbook(path, data=data, max_sheet=_MAX_SHEET, alike=True), False
    except UnreadableWorkbook as exc:
        if exc.code != _OTHER_FORMAT:
            raise
        with suppress(UnreadableWorkbook):
            tabs = [title for version in versions.values() for title in version.tabs]
            wanted = {*tabs, identity_sheet.TITLE, asking.TITLE}
            values = open_values(path, data, wanted, identity_sheet.TITLE)
            if values is not None:
                return values, True
        raise


def _without_locks(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Without what a format that keeps no names, formulas and locks brings about by itself."""
    return (item for item in findings if item.code not in _LOST_WITH_FORMAT)


def was_ours(titles: Iterable[str], names: Iterable[str] = ()) -> bool:
    """Sheets and defined names are those of a workbook that we issued, whatever has become of it."""
    known = {*titles} & {*TABS, identity_sheet.TITLE}
    return identity_sheet.TITLE in known or len(known) >= _OUR_SHEETS or not _OUR_NAMES.isdisjoint(names)


def _project_code(reading: Reading) -> str:
    return reading.submission.project.code if reading.submission else ""


def _note_foreign_parts(raw: RawWorkbook, reading: Reading) -> None:
    """What an issued workbook never has, and what nobody should switch on."""
    projects = raw.vba_projects()
    modules = [module for project in projects for module in compare_modules(project)]
    strange = [f"模块 {name}" for name, likeness in modules if likeness is Likeness.STRANGE]
    if raw.has_controls:
        strange.append("宏表或控件")
    reading.macros = bool(projects) and not strange
    if strange:
        reading.findings.append(finding("FILE15", found="、".join(strange)))
    elif any(likeness is Likeness.GARBLED for _, likeness in modules):
        reading.findings.append(finding("FILE44"))
    if raw.links_outside():
        reading.findings.append(finding("FILE16"))
    if embedded := raw.list_embedded():
        reading.findings.append(finding("FILE33", found="、".join(embedded)))


class _IdentitySheet:
    """The hidden sheet of a workbook that came back."""

    def __init__(self, raw: RawWorkbook, reading: Reading) -> None:
        self._raw, self._reading = raw, reading

    def find(self, name: str) -> Place | None:
        """Where a fact stands: by its name, else where it was written."""
        if name in self._raw.names:
            return self._raw.names[name]
        span = identity_sheet.identity_span(name)
        return Place(identity_sheet.TITLE, span.row, span.col) if identity_sheet.TITLE in self._raw.sheets else None

    def read(self, name: str) -> Value:
        """A fact; ``None`` where there is none."""
        place = self.find(name)
        value = self._raw.value(place) if place else None
        return value if isinstance(value, str) or is_number(value) else None

    def read_text(self, name: str) -> str:
        """A fact as text; blank where there is none."""
        return str(self.read(name) or "")

    def read_version(self) -> str:
        """The layout version, which a program may have made a number."""
        version = self.read("id_layout")
        return number_text(version) if isinstance(version, float) else str(version)

    def read_content(self) -> str:
        """What was issued, put together from its pieces."""
        pieces = self.read("id_pieces")
        count = int(pieces) if isinstance(pieces, float) and 0 < pieces <= len(identity_sheet.PIECES) else 0
        return "".join(map(self.read_text, identity_sheet.PIECES[:count]))

    def report(self, code: str, message: str = "", found: object = "", expected: object = "", name: str = "") -> None:
        """A finding about the fact of that ``name``, or the sheet."""
        place = self.find(name) if name else None
        where = {"sheet": place.sheet, "cell": place.cell} if place else {}
        self._reading.findings.append(finding(code, message, found=found, expected=expected, **where))


def _read_identity(raw: RawWorkbook, reading: Reading, keys: Keys, versions: Versions) -> Issued | None:
    """What was issued, if the workbook is one of ours and of a version we know."""
    sheet = _IdentitySheet(raw, reading)
    if sheet.read("id_product") != identity_sheet.PRODUCT:
        lost = "id_product" in raw.broken_names
        sheet.report("FILE05", f"隐藏的工作表“{identity_sheet.TITLE}”已被删除，无法得知下发的内容" if lost else "")
        reading.foreign = not was_ours(raw.sheets, raw.names.keys() | raw.broken_names)
        return None
    version = sheet.read_version()
    if version not in versions:
        sheet.report("FILE06", found=version, expected="、".join(versions), name="id_layout")
        return None
    content = sheet.read_content()
    issued = unpack(content)
    if issued is None:
        sheet.report("TAMPER01", "标识内容残缺，无法得知下发的内容", name=identity_sheet.PIECES[0])
        return None
    if issued.version not in versions:
        sheet.report("FILE06", found=issued.version, expected="、".join(versions), name="id_layout")
        return None
    _examine_signature(sheet, reading, issued, content, keys)
    for name, label, found, value in (
        ("id_project", "项目编码", sheet.read_text("id_project"), issued.project.code),
        ("id_scheme", "评分方案", sheet.read_text("id_scheme"), issued.scheme.id),
        ("id_layout", "模板版本", version, issued.version),
    ):
        if found != value:
            sheet.report("TAMPER02", f"标识中的{label}被改动", found, value, name)
    return issued


def _examine_signature(sheet: _IdentitySheet, reading: Reading, issued: Issued, content: str, keys: Keys) -> None:
    """What the signature proves, and whose copy a copy that was returned is."""
    signature = sheet.read_text("id_signature")
    public = not issued.project.code or signature.partition(":")[0] == BLANK_KEY.id
    key = BLANK_KEY if public else keys.get(signature.partition(":")[0])
    reading.issue, reading.seal_state = issued.issue, _examine_seal(issued, key, content, signature)
    if doubt := _DOUBTS.get(reading.seal_state):
        sheet.report(doubt, name="id_signature")
    elif key:
        reading.seal = Seal(content, signature, key)
        reading.mark = ReturnMark.read(sheet.read_text(identity_sheet.RETURN), reading.seal)


_DOUBTS = {
    SealState.UNKNOWN_KEY: "TAMPER08",
    SealState.REVOKED: "TAMPER12",
    SealState.BROKEN: "TAMPER01",
    SealState.FORGED: "TAMPER17",
}
"""Why a signature proves nothing."""


def _examine_seal(issued: Issued, key: SigningKey | None, content: str, signature: str) -> SealState:
    if key is None:
        return SealState.UNKNOWN_KEY
    if key.revoked:
        return SealState.REVOKED
    if not key.holds(content, signature):
        return SealState.BROKEN
    if key is BLANK_KEY:
        return SealState.FORGED if issued.project.code else SealState.PUBLIC
    return SealState.FOREIGN if key.foreign else SealState.OWN


def read_issue(path: Path, key: SigningKey, versions: Versions = VERSIONS) -> Issue:
    """Which issue of its project a workbook is of, where the seal of that key holds; :data:`NO_ISSUE` for any other file."""
    reading = Reading(path.name)
    with suppress(UnreadableWorkbook):
        _read_identity(open_workbook(path, max_sheet=_MAX_SHEET), reading, {key.id: key}, versions)
    return reading.issue if reading.seal_state is SealState.OWN else NO_ISSUE
