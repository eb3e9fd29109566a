"""A working folder with three departments and twelve projects, and what their units and the office do with it."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from builders import KEY, answers, layout_of, project
from docx import Document
from sqlalchemy import func, select
from surgery import save_as_on

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.folder import LIST_FILE
from workbook_tools.campaign.issuing import issue_workbooks
from workbook_tools.campaign.ledger.database import open_database
from workbook_tools.campaign.ledger.keeping import find_last_issues
from workbook_tools.campaign.ledger.tables import METADATA
from workbook_tools.campaign.returning import return_files
from workbook_tools.campaign.reviewing import review_inbox
from workbook_tools.core.codes import Severity
from workbook_tools.core.model import IndicatorAnswer, Project, ProjectList
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.paths import replace_file
from workbook_tools.form.identity import NO_ISSUE
from workbook_tools.results import write_results
from workbook_tools.workbooks.reading import read_submission
from workbook_tools.workbooks.writing import build_workbook

DEPARTMENTS = ("清河县教育局", "清河县交通运输局", "清河县水务局")
CODES = tuple(f"P{number:02d}" for number in range(1, 13))
CELLS = {name: item.cell for name, item in layout_of(project()).fields.items()}
WRONG = IndicatorAnswer(actual="很多")
"""A text where a number belongs: one error."""


def day(number: int) -> datetime:
    """A day of March 2025, or so many days on, at noon in China."""
    return datetime(2025, 3, 1, 4, tzinfo=UTC) + timedelta(days=number - 1)


def listed_project(code: str) -> Project:
    """One of the list: four projects to a department, in the order of their codes."""
    department = DEPARTMENTS[(int(code[1:]) - 1) // 4]
    return project(code=code, name=f"{code}号项目", department=department, unit=f"{department}{code}办")


class OldName(zipfile.ZipInfo):
    """A member whose name is written in GBK and without a flag, as Windows does it in China."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own hook
        return self.filename.encode("gb18030"), self.flag_bits & ~0x800


@dataclass
class Story:
    """The working folder; names of files are relative to 回收."""

    campaign: Campaign
    result: ReviewResult | None = None

    @classmethod
    def begin(cls, folder: Path) -> Story:
        """The list is made, and the workbooks are issued."""
        usual = dict.fromkeys(("CROSS02", "CROSS03"), "off")  # all units write the same texts here
        replace_file(
            folder / ".wbt" / "signing.key", KEY.text.encode()
        )  # tests/golden holds a form that is signed with it
        made = Campaign.create(
            folder, Settings(year=2024, authority="清河县财政局", deadline="2025年3月31日", checks=usual)
        )
        listed = ProjectList(year=2024, scheme="mof-2020", projects=tuple(map(listed_project, CODES)))
        (folder / LIST_FILE).with_suffix(".json").write_text(listed.model_dump_json(), "utf-8")
        issue_workbooks(made, listed.projects, made.folder("下发"), made.signing_key(), day(1))
        return cls(made)

    # -- what the units do ----------------------------------------------------------------------------------------

    def path(self, name: str) -> Path:
        """A file in 回收."""
        path = self.campaign.folder("回收") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def send(
        self, file: str, whose: str, on: int, first: IndicatorAnswer | None = None, *, clock: int = 0, **changes: Any
    ) -> Path:
        """A workbook, filled in and saved on that day; ``clock`` is the day that the folder shows, where it differs."""
        given = answers(indicators=((first or IndicatorAnswer(actual=102.0)), *answers().indicators[1:]))
        issued = listed_project(whose).model_copy(update={"answers": given, **changes})
        path = self.path(file)
        issue = find_last_issues(self.campaign, {issued.year}, []).get((issued.year, issued.code), NO_ISSUE)
        path.write_bytes(
            build_workbook(
                issued, self.campaign.scheme(), self.campaign.signing_key(), self.campaign.notice, issue=issue
            )
        )
        save_as_on(path, day(on))
        if clock:
            os.utime(path, (day(clock).timestamp(),) * 2)
        return path

    def send_zip(self, name: str, members: Iterable[tuple[str, Path]]) -> None:
        """The files as a .zip of Windows; they are gone then."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for member, path in members:
                archive.writestr(OldName(member, (2025, 3, 6, 9, 0, 0)), path.read_bytes())
                path.unlink()
        self.path(name).write_bytes(buffer.getvalue())

    def issued(self, code: str) -> Path:
        """The workbook as it was issued."""
        (path,) = self.campaign.folder("下发").rglob(f"{code}_*.xlsx")
        return path

    def returned(self, name: str) -> Path:
        """The copy of that name in 退回."""
        (path,) = (p for p in self.campaign.folder("退回").rglob(name) if "归档" not in p.parts)
        return path

    def send_copy(self, name: str, copy: Path, on: int, **cells: str | float) -> Path:
        """A file that the office sent, with what is typed into fields of 自评表 now, saved on that day."""
        path = self.path(name)
        book = openpyxl.load_workbook(copy)
        for field, value in cells.items():
            book["自评表"][CELLS[field]] = value
        book.save(path)
        save_as_on(path, day(on))
        return path

    # -- what the office does -------------------------------------------------------------------------------------

    def review(self, on: int) -> ReviewResult:
        """``wbt review``."""
        key = self.campaign.signing_key()
        done = review_inbox(self.campaign, self.campaign.folder("回收"), {key.id: key}, day(on))
        assert done.unrecorded == ""
        write_results(done.review, self.campaign.folder("审核"))
        self.result = done.review.result
        return done.review.result

    def give_back(self, on: int) -> None:
        """``wbt return``."""
        key, campaign = self.campaign.signing_key(), self.campaign
        assert self.result is not None
        places = campaign.folder("回收"), campaign.folder("退回")
        assert return_files(campaign, self.result, *places, {key.id: key}, day(on)).unrecorded == ""

    # -- what is to be seen ---------------------------------------------------------------------------------------

    def told(self) -> dict[str, list[str]]:
        """File → the codes of its findings, without 说明 about its content; "" → what is about no file."""
        assert self.result is not None
        found: dict[str, list[str]] = {}
        for row in self.result.findings:
            if row.severity is not Severity.INFO or row.code.startswith("FILE"):
                found.setdefault(row.file, []).append(row.code if row.file else f"{row.code} {row.project_code}")
        return found

    def counted(self) -> dict[str, tuple[str, float | None, str, int]]:
        """Project → the file that counts, its points, its state, its errors."""
        assert self.result is not None
        return {p.code: (p.file, p.total_score, p.state.value, p.findings.error) for p in self.result.projects}

    def missing(self) -> dict[str, str]:
        """Project → why it is missing."""
        assert self.result is not None
        return {row.code: row.reason for row in self.result.missing}

    def ledger(self, on: int) -> dict[str, tuple[str, str, int, bool]]:
        """Project → its state, the file that counts, how many versions have come, whether it is out for correction."""
        with self.campaign.open_ledger() as ledger:
            rows = ledger.status(list(map(listed_project, CODES)), day(on), self.campaign.settings.deadlines)
        return {row.code: (row.state.value, row.file, row.versions, row.is_out) for row in rows}

    def errors(self) -> int:
        """All errors of the result."""
        assert self.result is not None
        return sum(row.severity is Severity.ERROR for row in self.result.findings)

    def folder(self) -> set[str]:
        """Everything in 退回, as <主管部门>/<file>."""
        root = self.campaign.folder("退回")
        return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}

    def notices(self) -> Mapping[str, list[str]]:
        """Department → the first words of each line of the tables in its 退回通知: project or file."""
        found = {}
        for path in sorted(self.campaign.folder("退回").glob("*/退回通知.docx")):
            tables = Document(str(path)).tables
            lines = [[cell.text for cell in row.cells] for table in tables for row in table.rows[1:]]
            found[path.parent.name] = [line[1] for line in lines if line[0].isdigit()]
        return found

    def files(self) -> int:
        """How many files were reviewed."""
        assert self.result is not None
        return self.result.reviewed_files

    def out(self, on: int) -> set[str]:
        """The projects that are out for correction."""
        return {code for code, (*_, out) in self.ledger(on).items() if out}

    def rounds(self) -> dict[str, int]:
        """Copy in 退回 → which return of its project it is."""
        key = self.campaign.signing_key()
        found = {}
        for path in self.campaign.folder("退回").glob("*/*.xlsx"):
            mark = read_submission(path, {key.id: key}).mark
            assert mark is not None
            found[path.name] = mark.round
        return found

    def bytes(self) -> dict[str, bytes]:
        """All files of 退回 and 审核 with their content."""
        folders = (self.campaign.folder("退回"), self.campaign.folder("审核"))
        return {str(path): path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}

    def rows(self) -> dict[str, int]:
        """How many rows each table of the ledger has."""
        with open_database(self.campaign.root / ".wbt" / "ledger.sqlite3").connect() as connection:
            tables = METADATA.sorted_tables
            return {t.name: connection.scalar(select(func.count()).select_from(t)) or 0 for t in tables}
