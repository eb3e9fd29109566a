"""Many files through the programs of this computer: printed into PDFs, or recalculated.

The programs get copies, so that files which are open elsewhere, or lie in folders that nobody may write to, can be
converted too. One bad file never stops the others: where a program hangs or dies on it, it is started again for the next.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from workbook_tools.core.errors import WorkbookToolsError, os_reason
from workbook_tools.desk import excel, libreoffice, word
from workbook_tools.desk.program import DeskError, PdfMaker, SpreadsheetProgram
from workbook_tools.excel.reading import open_workbook
from workbook_tools.files.leftovers import temporary_folder
from workbook_tools.files.paths import is_hidden, replace_file
from workbook_tools.files.sources import OLD_DOCUMENTS

PRINTABLE = libreoffice.ENDINGS
RECALCULABLE = frozenset({".xlsx", ".xlsm"})


class Office(StrEnum):
    """Which programs to use."""

    AUTO = "auto"
    LIBREOFFICE = "libreoffice"
    MICROSOFT = "office"


@dataclass(frozen=True, slots=True)
class ConvertedFile:
    """What became of a file: ``trouble`` is empty, or says why there is no result."""

    source: Path
    target: Path
    trouble: str = ""


def print_all(
    jobs: Iterable[tuple[Path, Path]], password: str = "", office: Office = Office.AUTO
) -> Iterator[ConvertedFile]:
    """Print each source into its target PDF. Raises DeskError at once if no program is there for it at all."""

    def work(maker: PdfMaker, source: Path, result: Path) -> None:
        maker.to_pdf(source, result, password)
        if not result.is_file() or result.read_bytes()[:5] != b"%PDF-":
            raise DeskError(f"{maker.name} 没有生成 PDF。")

    return _convert(jobs, _find_pdf_makers(office), work, ".pdf")


class OptionalPdfs:
    """Prints files into PDFs with whatever program there is, and goes on without them where there is none."""

    def __init__(self) -> None:
        self.unavailable = ""
        """Why there are none at all, as a sentence for the user."""

    def make(self, jobs: Sequence[tuple[Path, Path]]) -> Mapping[Path, str]:
        """Print each source into its PDF; of each that failed why."""
        try:
            return {item.source: item.trouble for item in print_all(jobs) if item.trouble}
        except DeskError as exc:
            self.unavailable = f"没有做 pdf，只有 xlsx 和 docx：{exc}"
            return {}


def recalculate_all(jobs: Iterable[tuple[Path, Path]], office: Office = Office.AUTO) -> Iterator[ConvertedFile]:
    """Calculate the formulas of each source anew and save it as its target, which may be the source itself.

    A target is replaced whole, and only by a workbook that can be read and has all the sheets. One with a password
    is refused: it would be saved without. Raises DeskError at
    once if no program is there.
    """

    def work(program: SpreadsheetProgram, source: Path, result: Path) -> None:
        book = program.open(source)
        sheets = book.sheets()
        book.recalculate()
        book.save_as(result)
        book.close()
        if list(open_workbook(result).sheets) != sheets:
            raise DeskError(f"{program.name} 保存的文件缺少工作表，没有采用。")

    return _convert(jobs, _find_programs(office), work, "")


def save_as_docx(jobs: Iterable[tuple[Path, Path]]) -> Iterator[ConvertedFile]:
    """Save each old Word document (.doc, .wps) as its target, a .docx. Raises DeskError at once where LibreOffice is not there."""

    def work(program: libreoffice.LibreOffice, source: Path, result: Path) -> None:
        document = program.open(source)
        document.save_as(result)
        document.close()

    if trouble := libreoffice.why_unavailable():
        raise DeskError(trouble)
    return _convert(jobs, dict.fromkeys(OLD_DOCUMENTS, libreoffice.LibreOffice), work, ".docx")


def plan_pdfs(places: Sequence[Path], out: Path | None = None) -> list[tuple[Path, Path]]:
    """The files to print among ``places`` (files, and folders with all that is below), each with its PDF.

    A PDF lies beside its file, or in ``out``, in the same sub-folders. Raises DeskError for a place that is not there
    or a file that cannot be printed.
    """
    found: dict[Path, Path] = {}
    for place in places:
        if place.is_dir():
            files = [p for p in sorted(place.rglob("*")) if p.suffix.lower() in PRINTABLE and _is_document(p)]
            found |= {file: (out / file.relative_to(place).parent if out else file.parent) for file in files}
        elif not place.is_file():
            raise DeskError(f"找不到文件或文件夹 {place}。")
        elif place.suffix.lower() not in PRINTABLE:
            raise DeskError(f"“{place}”不能转成 PDF：只转表格（xlsx、xlsm、xls、ods）和文档（docx、doc、odt）。")
        else:
            found[place] = out or place.parent
    stems = Counter(folder / file.stem for file, folder in found.items())
    taken: set[Path] = set()
    return [(file, _free_name(folder, file, stems[folder / file.stem] > 1, taken)) for file, folder in found.items()]


def plan_recalculation(
    files: Sequence[Path], out: Path | None = None, *, in_place: bool = False
) -> list[tuple[Path, Path]]:
    """The workbooks to recalculate, each with where it is saved: itself, or a copy in ``out`` or in 重算 beside it.

    Raises DeskError for a place that is not there, a file that is no such workbook, or two that would be one.
    """
    if out and in_place:
        raise DeskError("--out 和 --in-place 只能写一个。")
    for file in files:
        if not file.is_file():
            raise DeskError(f"找不到文件 {file}。")
        if file.suffix.lower() not in RECALCULABLE:
            raise DeskError(f"“{file}”不是 .xlsx 或 .xlsm 工作簿，没有重算。")
    jobs = [(file, file if in_place else (out or file.parent / "重算") / file.name) for file in files]
    if len({target for _, target in jobs}) < len(jobs):
        raise DeskError("有同名的工作簿，放在一个文件夹里会互相覆盖。请分几次重算，或不写 --out。")
    return jobs


def _free_name(folder: Path, file: Path, shared: bool, taken: set[Path]) -> Path:
    """甲.pdf; 甲.xlsx.pdf and 甲.docx.pdf where several are called so; then 甲.xlsx（2）.pdf."""
    name = file.name if shared else file.stem
    target, number = folder / f"{name}.pdf", 1
    while target in taken:
        number += 1
        target = folder / f"{name}（{number}）.pdf"
    taken.add(target)
    return target


def _is_document(path: Path) -> bool:
    """Not the lock file of a program that has the file open."""
    return path.is_file() and not is_hidden(path.name)


# -- programs ---------------------------------------------------------------------------------------------------------


def _find_pdf_makers(office: Office) -> dict[str, Callable[[], PdfMaker]]:
    """Ending → how to start the program that prints it. LibreOffice first: nobody works in it while we do."""
    makers: dict[str, Callable[[], PdfMaker]] = {}
    if office is not Office.LIBREOFFICE:
        for room, start in ((excel, excel.Excel), (word, word.Word)):
            if not room.why_unavailable():
                makers |= dict.fromkeys(room.ENDINGS, start)
    if office is not Office.MICROSOFT and not libreoffice.why_unavailable():
        makers |= dict.fromkeys(libreoffice.ENDINGS, libreoffice.LibreOffice)
    if not makers:
        raise DeskError(f"没有可以转 PDF 的程序。{_say_missing(office)}")
    return makers


def _find_programs(office: Office) -> dict[str, Callable[[], SpreadsheetProgram]]:
    """The same for workbooks."""
    starts: list[Callable[[], SpreadsheetProgram]] = []
    if office is not Office.MICROSOFT and not libreoffice.why_unavailable():
        starts.append(libreoffice.LibreOffice)
    if office is not Office.LIBREOFFICE and not excel.why_unavailable():
        starts.append(excel.Excel)
    if not starts:
        raise DeskError(f"没有可以重算工作簿的程序。{_say_missing(office)}")
    return dict.fromkeys(RECALCULABLE, starts[0])


def _say_missing(office: Office) -> str:
    microsoft = "Windows 上装有 Office 的，也可以运行 pip install workbook-tools[excel]，改用 Excel 和 Word。"
    parts = ["" if office is Office.MICROSOFT else libreoffice.why_unavailable()]
    parts += [excel.why_unavailable() if office is Office.MICROSOFT else microsoft]
    return "".join(parts)


# -- the work ---------------------------------------------------------------------------------------------------------


def _convert(
    jobs: Iterable[tuple[Path, Path]],
    starts: dict[str, Callable[[], Any]],
    work: Callable[[Any, Path, Path], None],
    ending: str,
) -> Iterator[ConvertedFile]:
    """Lazily: the programs start when they are needed first, and end with the last file."""
    running: dict[Callable[[], Any], Any] = {}
    broken: dict[Callable[[], Any], str] = {}
    with ExitStack() as stack, temporary_folder() as place:

        def program(source: Path) -> Any:
            start = starts.get(source.suffix.lower())
            if start is None:
                raise DeskError(f"没有能处理 {source.suffix} 文件的程序，请安装 LibreOffice。")
            if start in broken:  # to try again for each file would take a minute and a half each
                raise DeskError(broken[start])
            if start not in running or not getattr(running[start], "running", True):
                try:
                    running[start] = stack.enter_context(start())
                except DeskError as exc:
                    broken[start] = str(exc)
                    raise
            return running[start]

        for number, (source, target) in enumerate(jobs):
            folder = Path(place, str(number))
            try:
                copy, result = _copy_for_work(source, folder, ending or source.suffix)
                work(program(source), copy, result)
                replace_file(target, result.read_bytes())
                trouble = ""
            except (WorkbookToolsError, OSError) as exc:
                trouble = str(exc).replace(str(folder / source.name), str(source))
            shutil.rmtree(folder, ignore_errors=True)
            yield ConvertedFile(source, target, trouble)


def _copy_for_work(source: Path, folder: Path, ending: str) -> tuple[Path, Path]:
    """A copy under its own name (a footer may print it), and where the result is to go."""
    folder.mkdir()
    (folder / "out").mkdir()
    copy = folder / source.name
    try:
        shutil.copyfile(source, copy)
    except OSError as exc:
        raise DeskError(f"“{source}”无法读取：{os_reason(exc)}。") from None
    return copy, folder / "out" / f"{source.stem}{ending}"
