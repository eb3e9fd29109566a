"""How cells look, as styles.xml says it: whether a reader sees what is in them, and as what.

The part is held to one reading: each table is there once, and nothing else stands among its entries.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from lxml import etree

from workbook_tools.core.recent import remember
from workbook_tools.excel.format_codes import is_same_format, may_hide
from workbook_tools.excel.number_formats import BUILT_IN
from workbook_tools.excel.sheet_grammar import NAMESPACES
from workbook_tools.files.package import ambiguous, parse_xml

_ENTRIES = {
    "numFmts": "numFmt",
    "fonts": "font",
    "fills": "fill",
    "borders": "border",
    "cellXfs": "xf",
    "dxfs": "dxf",
}
"""The tables that are read, and what stands in each."""
_TRUE = ("1", "true")
_PLAIN_FORMAT = re.compile(r'(?:[0#?.,%@; ()+-]|General|\\[^"A-Za-z]|"[^"dmyhsDMYHS]*")*')
"""``#,##0.00``, ``0"公里"``: of a number, without any of what can make it a date."""
_NO_CONTRAST = 1.5
"""Below this contrast (1 to 21, as WCAG 2 computes it) nobody reads a text; grey on white has 7."""
_TINY = 5
"""Points below which a font is no longer read."""
_FAR = 15
"""Steps of indent that push a text out of most cells."""
_SYMBOL_FONTS = (
    "wingdings",
    "webdings",
    "symbol",
    "marlett",
    "dingbats",
    "bookshelf symbol",
    "mt extra",
    "monotype sorts",
    "segoe mdl2",
    "segoe fluent",
    "holomdl2",
)
BLACK, WHITE = "000000", "FFFFFF"
_DARKEST = "BFBFBF"
"""What counts as a light ground is at least as light as this; those of our forms are."""
_THEME = ("FFFFFF", "000000", "EEECE1", "1F497D", "4F81BD", "C0504D", "9BBB59", "8064A2", "4BACC6", "F79646", "0000FF", "800080")  # fmt: skip
"""Colours of a theme by number, where a workbook has none: light 1, dark 1, light 2, dark 2, six accents, two of links."""
_THEME_ORDER = ("lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6", "hlink", "folHlink")  # fmt: skip
_INDEXED = [
    "000000",
    "FFFFFF",
    "FF0000",
    "00FF00",
    "0000FF",
    "FFFF00",
    "FF00FF",
    "00FFFF",
    "800000",
    "008000",
    "000080",
    "808000",
    "800080",
    "008080",
    "C0C0C0",
    "808080",
    "9999FF",
    "993366",
    "FFFFCC",
    "CCFFFF",
    "660066",
    "FF8080",
    "0066CC",
    "CCCCFF",
    "000080",
    "FF00FF",
    "FFFF00",
    "00FFFF",
    "800080",
    "800000",
    "008080",
    "0000FF",
    "00CCFF",
    "CCFFFF",
    "CCFFCC",
    "FFFF99",
    "99CCFF",
    "FF99CC",
    "CC99FF",
    "FFCC99",
    "3366FF",
    "33CCCC",
    "99CC00",
    "FFCC00",
    "FF9900",
    "FF6600",
    "666699",
    "969696",
    "003366",
    "339966",
    "003300",
    "333300",
    "993300",
    "993366",
    "333399",
    "333333",
]
"""Colours 8 to 63 of the palette (ECMA-376 part 1, 18.8.27); 0 to 7 are 8 to 15."""


@dataclass(frozen=True, slots=True)
class CellLook:
    """How a cell looks; colours are ``RRGGBB``."""

    number_format: str = ""
    """Blank for General."""
    locked: bool = True
    ink: str = BLACK
    grounds: tuple[str, ...] = (WHITE,)
    """Colours behind the text: one, or those of a pattern."""
    flaw: str = ""
    """Why nothing can be read of what is in it, in Chinese; mostly nothing."""
    may_hide: bool = False
    """Its number format shows nothing of some values."""
    struck: str = ""
    """What is drawn through its content, in Chinese; mostly nothing."""


@dataclass(frozen=True, slots=True)
class Tinting:
    """What a conditional format changes; ``None`` where it leaves the cell as it is."""

    ink: str | None = None
    ground: str | None = None
    number_format: str | None = None
    struck: bool = False
    """The content is struck out."""


@dataclass(frozen=True, slots=True, eq=False)
class LookMark:
    """Stands for a look in a key, or for all that conditional formats change: equal to itself alone, since to compare looks takes much longer."""

    of: CellLook | tuple[Tinting, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """The looks of a workbook by their numbers. What is written alike is mostly one object."""

    cells: tuple[CellLook, ...]
    tints: tuple[Tinting, ...]
    colours: Colours
    marks: tuple[LookMark, ...] = ()
    """Of each look of a cell."""
    tints_mark: LookMark | None = None

    def marks_of(self, numbers: Iterable[int]) -> tuple[LookMark | None, ...]:
        """What stands in a key for the looks of these styles and all that conditional formats change; mostly the same where these are the same."""
        marks = self.marks
        return self.tints_mark, *[marks[number] if number < len(marks) else None for number in numbers]

    def at(self, number: int) -> CellLook:
        """The look of a style; the usual one where there is no such style."""
        return self.cells[number] if number < len(self.cells) else _USUAL

    def tint(self, number: int) -> Tinting:
        """What a conditional format's style changes."""
        return self.tints[number] if 0 <= number < len(self.tints) else Tinting()


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours that a workbook names by number."""

    theme: tuple[str, ...] = _THEME
    palette: tuple[str, ...] = ()
    """Its own colours 0, 1, 2 …; those beyond are the usual ones."""

    def read(self, item: etree._Element | None) -> str | None:
        """The colour of an element; ``None`` where it is automatic or none."""
        if item is None or item.get("auto") in _TRUE:
            return None
        if (rgb := item.get("rgb")) is not None:
            return rgb[-6:].upper() if len(rgb) in (6, 8) else None
        if (number := item.get("theme")) is not None:
            chosen = self.theme[int(number)] if number.isdecimal() and int(number) < len(self.theme) else None
        else:
            chosen = self._find_indexed(item.get("indexed", ""))
        tint = float(item.get("tint", "0"))
        return _shift(chosen, tint) if chosen and tint else chosen

    def _find_indexed(self, number: str) -> str | None:
        """64 and 65 are those of the system: text and paper."""
        at = int(number) if number.isdecimal() else 64
        if at < len(self.palette):
            return self.palette[at]
        usual = at if at < 8 else at - 8
        return WHITE if at == 65 else _INDEXED[usual] if usual < len(_INDEXED) else None


_USUAL = CellLook()


@remember(25_000)
def read_looks(styles: bytes, theme: bytes = b"") -> Looks:
    """The looks of a workbook; without styles all cells look as usual.

    Raises UnreadableWorkbook FILE32 where programs could take other entries of the part; lxml's errors and ValueError
    if it is damaged.
    """
    if not styles:
        return Looks((), (), Colours())
    root = parse_xml(styles)
    tables = _find_tables(root)
    colours = Colours(_read_theme(theme) if b"theme=" in styles else _THEME, _read_palette(root))
    codes = _read_codes(tables["numFmts"])
    fonts = [read_font(item, colours) for item in tables["fonts"]]
    fills = [_read_fill(item, colours) for item in tables["fills"]]
    struck = [is_struck(item) for item in tables["fonts"]]
    crossed = [_is_crossed(item) for item in tables["borders"]]
    cells = tuple(
        replace(look, struck=drawn) if (drawn := _find_strokes(item, struck, crossed)) else look
        for item in tables["cellXfs"]
        for look in [_read_look(item, codes, fonts, fills)]
    )
    tints = tuple(read_tinting(item, colours) for item in tables["dxfs"])
    return Looks(cells, tints, colours, tuple(map(_find_mark, cells)), _find_mark(tints))


_find_mark = lru_cache(maxsize=1 << 12)(LookMark)
"""Where one was forgotten, another stands for the same look."""


@remember(10_000)
def find_plain_styles(looks: Looks) -> frozenset[int]:
    """The numbers of the styles in which a number is a number, in every program: no date."""
    cells = looks.cells or (_USUAL,)
    return frozenset(number for number, look in enumerate(cells) if _PLAIN_FORMAT.fullmatch(look.number_format))


def _find_tables(root: etree._Element) -> dict[str, Sequence[etree._Element]]:
    """The entries of each table, in the order that gives them their numbers."""
    name = etree.QName(root)
    if name.namespace not in NAMESPACES or name.localname != "styleSheet":
        raise ambiguous("样式表不是 Excel 的写法")
    tag = f"{{{name.namespace}}}"
    found: dict[str, Sequence[etree._Element]] = {}
    for table, entry in _ENTRIES.items():
        tables = list(root.iter(f"{{*}}{table}"))
        if len(tables) > 1 or any(one.tag != tag + table or one.getparent() is not root for one in tables):
            raise ambiguous(f"样式表里的 {table} 不止一份")
        entries = [item for one in tables for item in one if item.tag != f"{tag}extLst"]
        if any(item.tag != tag + entry for item in entries):
            raise ambiguous(f"样式表的 {table} 里夹有别的内容")
        found[table] = entries
    for item in found["cellXfs"]:
        names = [etree.QName(child).localname for child in item]
        if len({*names}) < len(names):
            raise ambiguous("一个单元格样式里有两份相同的设置")
    return found


def _read_codes(items: Sequence[etree._Element]) -> dict[int, str]:
    """Number of a format → its code."""
    codes, own = dict(BUILT_IN), dict[int, str]()
    for item in items:
        number, code = int(item.get("numFmtId", "0")), item.get("formatCode", "")
        if own.setdefault(number, code) != code:
            raise ambiguous(f"有两个数字格式的编号都是 {number}")
    return codes | own


def _read_palette(root: etree._Element) -> tuple[str, ...]:
    items = root.iterfind("{*}colors/{*}indexedColors/{*}rgbColor")
    return tuple(item.get("rgb", BLACK)[-6:].upper() for item in items)


def _read_theme(theme: bytes) -> tuple[str, ...]:
    if not theme:
        return _THEME
    chosen = dict(zip(_THEME_ORDER, _THEME, strict=True))
    for scheme in parse_xml(theme).iter("{*}clrScheme"):
        for item in scheme:
            colour = next((child.get("lastClr") or child.get("val") or "" for child in item), "")
            if len(colour) == 6:
                chosen[etree.QName(item).localname] = colour.upper()
    return tuple(chosen[name] for name in _THEME_ORDER)


def _shift(colour: str, tint: float) -> str:
    """A theme's colour lighter (tint up to 1) or darker (down to -1)."""
    hue, light, saturation = colorsys.rgb_to_hls(*(int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    parts = colorsys.hls_to_rgb(hue, min(1.0, max(0.0, light)), saturation)
    return "".join(f"{round(part * 255):02X}" for part in parts)


def read_font(item: etree._Element, colours: Colours) -> tuple[str, str]:
    """The colour of a font, or of the format of a part of a text, and why nobody reads it."""
    size = float(_get(item, "sz", "11"))
    name = _get(item, "name", "") or _get(item, "rFont", "")
    flaw = f"字号只有 {size:g}" if size < _TINY else ""
    if name.lower().startswith(_SYMBOL_FONTS) or _get(item, "charset", "") == "2":
        flaw = flaw or f"用了符号字体 {name}"
    return colours.read(item.find("{*}color")) or BLACK, flaw


def is_struck(item: etree._Element | None) -> bool:
    """A font, or the format of a part of a text, strikes it out; LibreOffice also writes that it does not."""
    line = None if item is None else item.find("{*}strike")
    return line is not None and line.get("val", "1") in _TRUE


def _is_crossed(item: etree._Element) -> bool:
    """A border that runs across its cell."""
    line = item.find("{*}diagonal")
    across = any(item.get(name) in _TRUE for name in ("diagonalUp", "diagonalDown"))
    return across and line is not None and line.get("style", "none") != "none"


def _find_strokes(item: etree._Element, struck: Sequence[bool], crossed: Sequence[bool]) -> str:
    """What a look draws through the content of a cell."""
    font, border = (int(item.get(name, "0")) for name in ("fontId", "borderId"))
    if struck[font : font + 1] == [True]:
        return "删除线"
    return "斜线" if crossed[border : border + 1] == [True] else ""


def _get(item: etree._Element, name: str, default: str) -> str:
    found = item.find(f"{{*}}{name}")
    return default if found is None else found.get("val", default)


def _read_fill(item: etree._Element, colours: Colours) -> tuple[str, ...]:
    pattern = item.find("{*}patternFill")
    if pattern is None:
        stops = (colours.read(stop) for stop in item.iterfind("{*}gradientFill/{*}stop/{*}color"))
        return tuple(stop for stop in stops if stop) or (WHITE,)
    kind = pattern.get("patternType", "none")
    front, back = (colours.read(pattern.find(f"{{*}}{name}")) for name in ("fgColor", "bgColor"))
    if kind == "none":
        return (WHITE,)
    return (front or BLACK,) if kind == "solid" else (back or WHITE, front or BLACK)


def _read_look(
    item: etree._Element, codes: dict[int, str], fonts: list[tuple[str, str]], fills: list[tuple[str, ...]]
) -> CellLook:
    number, font, fill = (int(item.get(name, "0")) for name in ("numFmtId", "fontId", "fillId"))
    ink, flaw = fonts[font] if 0 <= font < len(fonts) else (BLACK, "")
    grounds = fills[fill] if 0 <= fill < len(fills) else (WHITE,)
    protection, alignment = item.find("{*}protection"), item.find("{*}alignment")
    locked = protection is None or protection.get("locked", "1") in _TRUE
    if is_illegible(ink, grounds):
        flaw = "文字与底色分不清"
    if alignment is not None and alignment.get("horizontal") == "fill":
        flaw = flaw or "内容被重复填满单元格"
    elif alignment is not None and int(alignment.get("indent", "0")) > _FAR:
        flaw = flaw or "缩进把内容推出了单元格"
    code = codes.get(number, f"[{number}]" if number else "")
    if is_same_format(code, ""):
        code = ""
    return CellLook(code, locked, ink, grounds, flaw, may_hide(code))


def read_tinting(item: etree._Element, colours: Colours) -> Tinting:
    """What a ``dxf`` changes."""
    front, back = (
        colours.read(item.find(f"{{*}}fill/{{*}}patternFill/{{*}}{name}")) for name in ("fgColor", "bgColor")
    )
    code = item.find("{*}numFmt")
    return Tinting(
        colours.read(item.find("{*}font/{*}color")),
        back or front,
        None if code is None else code.get("formatCode", ""),
        is_struck(item.find("{*}font")),
    )


def is_illegible(ink: str, grounds: Sequence[str]) -> bool:
    """The text can't be told from what is behind it."""
    return all(_contrast(ink, ground) < _NO_CONTRAST for ground in grounds)


def is_dark(ink: str) -> bool:
    """A text of that colour is read on every light ground."""
    return _luminance(ink) < _luminance(_DARKEST) and not is_illegible(ink, (_DARKEST,))


@lru_cache(maxsize=1024)
def is_light(grounds: tuple[str, ...]) -> bool:
    """A text that :func:`is_dark` is read on these."""
    return all(_luminance(ground) >= _luminance(_DARKEST) for ground in grounds)


def _contrast(one: str, other: str) -> float:
    """Between 1 (the same) and 21 (black and white)."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
