"""The column 佐证材料 of a form of today → materials, as the sheet 佐证材料 of a workbook of ours lists them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from workbook_tools.core.model import ListedMaterial, Material
from workbook_tools.legacy.conversion.stated_values import printed_text
from workbook_tools.legacy.words.numbering import without_serial
from workbook_tools.legacy.words.records import Stated, Where

# 验收报告、照片；问卷 (each mark outside brackets), and one on each line.
_BETWEEN = re.compile(r"[、；;，,\n]+(?![^（(]*[)）])")
# 1.验收报告2.问卷: where the first is numbered, the next number begins the next; 附件2.pdf is one name.
_NEXT = re.compile(r"(?<=[^\s\d附件据料证])\s*(?=\d{1,2}[.、．）)](?!\d|[A-Za-z]))")
# 合同（共12页）, 合同12页.
_PAGES = re.compile(r"[（(]?\s*共?\s*([1-9]\d*)\s*[页张份]\s*[)）]?$")
# 验收报告.pdf
_FILE = re.compile(r"\S\.(?:[A-Za-z][A-Za-z0-9]{1,4}|7z)$")
_NOTHING = frozenset({"无", "没有", "暂无", "无佐证材料", "不涉及"})


def read_materials(stated: Stated | None) -> tuple[Material, ...]:
    """What a cell lists: names of papers with their pages, and names of files.

    >>> from workbook_tools.legacy.words.records import Where
    >>> [(one.name, one.pages, one.file) for one in read_materials(Stated("", "1.合同（12页）2.验收单.pdf", Where()))]
    [('合同', '12', ''), ('验收单', '', '验收单.pdf')]
    """
    text = printed_text(stated)
    numbered = without_serial(text) != text
    lines = (part for line in _BETWEEN.split(text) for part in (_NEXT.split(line) if numbered else [line]))
    names = (unicodedata.normalize("NFKC", without_serial(line.strip())).strip(" 。") for line in lines)
    return tuple(_read_material(name) for name in names if name and name not in _NOTHING)


def _read_material(text: str) -> Material:
    if _FILE.search(text):
        return Material(name=text.rpartition(".")[0], file=text)
    pages = _PAGES.search(text)
    name = text[: pages.start()].strip() if pages else text
    return Material(name=name, pages=pages[1]) if pages and name else Material(name=text)


def list_materials(rows: Sequence[tuple[str, Stated | None]]) -> list[ListedMaterial]:
    """The materials of a form; ``rows`` are the indicators in their order, each with what stands beside it.

    One cell beside several indicators is one list, for all of them.
    """
    cells: dict[Where, list[int]] = {}
    for number, (_, stated) in enumerate(rows, 1):
        if stated is not None:
            cells.setdefault(stated.where, []).append(number)
    return [
        ListedMaterial(
            number=numbers[0] if len(numbers) == 1 else 0,
            indicator="、".join(rows[number - 1][0] for number in numbers),
            name=one.name,
            pages=one.pages,
            file=one.file,
            sheet=where.sheet,
            cell=where.cell,
            label=f"{rows[numbers[0] - 1][0]}－佐证材料",
        )
        for where, numbers in cells.items()
        for one in read_materials(rows[numbers[0] - 1][1])
    ]
