"""The words by which forms of today are understood: data in vocabulary.toml, extendable by an office.

A label is compared as :func:`key` makes it. Chinese puts the noun last (执行率得分 is a score), so a label means the
longest entry it *ends* with; failing that, the longest entry it contains.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib import resources
from pathlib import Path

from workbook_tools.core.errors import SettingsError, os_reason

Tables = Mapping[str, Mapping[str, list[str]]]

MAX_LABEL = 24
"""Characters of a label's key; longer texts are no labels."""
_FILE = "vocabulary.toml"
_BRACKETED = re.compile(r"[(（【\[〔][^()（）【】\[\]〔〕]*[)）】\]〕]")
_OPEN_BRACKET = re.compile(r"[(（【\[〔].*$|^[^()（）]*[)）]$")
_POINTS = re.compile(
    r"[(（【\[]\s*\d+(?:\.\d+)?\s*分?\s*[)）】\]]"
    r"|(?<![(（【\[\d.])\d+(?:\.\d+)?\s*分(?!钟)\s*[)）]?"
    r"|[(（]\s*\d+(?:\.\d+)?\s*$"
)
_SERIAL = re.compile(
    r"^(?:第?[一二三四五六七八九十]{1,3}[、.．,)）]|[(（][一二三四五六七八九十\d]{1,3}[)）][、.]?|\d{1,2}[、.．)）](?!\d))"
)
_YEAR = re.compile(r"^20\d{2}年度?(?=\w{2})")
_TRAILING_NUMBER = re.compile(r"\d{1,2}$")
_NOISE = re.compile(r"[\s\u200b\ufeff,，.。:：;；、“”\"'‘’_\-—–/\\·*★☆▲△●◆#()（）【】\[\]〔〕<>《》×+=]")


def squeezed(text: str) -> str:
    """Without any blanks or line breaks."""
    return re.sub(r"[\s\u200b\ufeff]+", "", text)


def without_points(text: str) -> str:
    """A level's name without blanks and points: ``产出指标\\n(50分)`` → 产出指标."""
    return _POINTS.sub("", squeezed(text)).strip("()（）:： ") or squeezed(text)


def points_in(text: str) -> float | None:
    """The points that a label states: ``预算执行情况(20分)`` → 20."""
    match = re.search(
        r"(\d+(?:\.\d+)?)\s*分(?!之|析|类|配|值|项|钟|公司|局|所|队|中心)",
        unicodedata.normalize("NFKC", squeezed(text)),
    )
    return float(match[1]) if match else None


@lru_cache(maxsize=1 << 15)
def key(text: str, *, keep_brackets: bool = False) -> str:
    """A label as it is compared: no blanks, punctuation, full-width forms, points, serial number; brackets with or
    without what stands in them.

    >>> key(" 一、年度\\n指标值 （A） "), key("得分(20分*执行率)"), key("实施（主管）单位", keep_brackets=True)
    ('年度指标值', '得分', '实施主管单位')
    """
    plain = squeezed(unicodedata.normalize("NFKC", text[:200]))
    plain = _SERIAL.sub("", plain.lstrip("★*▲"))
    plain = _YEAR.sub("", _POINTS.sub("", plain))
    if not keep_brackets:
        shorter = _OPEN_BRACKET.sub("", _BRACKETED.sub("", plain))
        plain = shorter or plain
    plain = _NOISE.sub("", plain)
    return _TRAILING_NUMBER.sub("", plain) or plain


@dataclass(frozen=True, eq=False)
class Terms:
    """Meanings and their synonyms."""

    synonyms: Mapping[str, Iterable[str]]
    _found: dict[str, str | None] = field(default_factory=dict)

    @cached_property
    def _exact(self) -> dict[str, str]:
        words: dict[str, str] = {}
        for meaning, entries in self.synonyms.items():
            for entry in entries:
                words.setdefault(key(entry.removeprefix("="), keep_brackets=True), meaning)
        return words

    @cached_property
    def _loose(self) -> list[tuple[str, str]]:
        """Entries that may stand within a label, the longest first."""
        words = {
            key(entry, keep_brackets=True): meaning
            for meaning, entries in reversed(list(self.synonyms.items()))
            for entry in reversed(list(entries))
            if not entry.startswith("=")
        }
        return sorted(((word, words[word]) for word in words if len(word) > 1), key=lambda pair: -len(pair[0]))

    def find(self, label: str, coverage: float = 0.4) -> str | None:
        """What a label means; an entry within it must make up this share of it."""
        asked = f"{coverage}{label}"
        if asked not in self._found:
            if len(self._found) > 20_000:
                self._found.clear()
            self._found[asked] = self._meaning(label, coverage)
        return self._found[asked]

    def exactly(self, label: str) -> str | None:
        """What a label means that is an entry, brackets aside."""
        whole, bare = key(label, keep_brackets=True), key(label)
        return self._exact.get(whole) or self._exact.get(bare)

    def _meaning(self, label: str, coverage: float) -> str | None:
        found = self.exactly(label)
        bare = key(label)
        if found or not bare or len(bare) > MAX_LABEL:
            return found
        least = coverage * len(bare)
        ends = next((meaning for word, meaning in self._loose if bare.endswith(word) and len(word) >= least), None)
        within = next((meaning for word, meaning in self._loose if word in bare and len(word) >= least), None)
        return ends or within or self._together(bare, least)

    def _together(self, bare: str, least: float) -> str | None:
        """The meaning of which several entries make up the label: 未完成原因及拟采取的改进措施."""
        covered: dict[str, int] = {}
        for word, meaning in self._loose:
            if word in bare:
                covered[meaning] = covered.get(meaning, 0) + len(word)
                bare = bare.replace(word, " ")
        best = max(covered, key=lambda meaning: covered[meaning], default=None)
        return best if best is not None and covered[best] >= least else None


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All the words, by table of the TOML file."""

    tables: Tables

    @cached_property
    def columns(self) -> Terms:
        """Columns of the table of indicators."""
        return Terms(self.tables["columns"])

    @cached_property
    def measures(self) -> Terms:
        """Columns or rows of the table of money; points are called as among the indicators."""
        points = {name: [*self.tables["measures"][name], *self.tables["columns"][name]] for name in ("weight", "score")}
        return Terms({**self.tables["measures"], **points})

    @cached_property
    def sources(self) -> Terms:
        """Whose money."""
        return Terms(self.tables["sources"])

    @cached_property
    def head(self) -> Terms:
        """Labels of a single value."""
        return Terms(self.tables["head"])

    @cached_property
    def texts(self) -> Terms:
        """Labels of a paragraph."""
        return Terms(self.tables["texts"])

    @cached_property
    def sections(self) -> Terms:
        """Labels of whole blocks."""
        return Terms(self.tables["sections"])

    @cached_property
    def rows(self) -> Terms:
        """Rows of the table of indicators that are none."""
        return Terms({name: self.tables["rows"][name] for name in ("total", "subtotal", "execution")})

    def words(self, table: str, name: str) -> tuple[str, ...]:
        """The entries of a list that is no set of labels (marks, signs, beginnings)."""
        return tuple(self.tables[table][name])

    def extended(self, path: Path) -> Vocabulary:
        """With a user's own words in front of the same lists. Raises SettingsError where the file is wrong."""
        return Vocabulary(_merged(self.tables, _user_tables(path, self.tables)))


@cache
def default_vocabulary() -> Vocabulary:
    """The words that come with the package."""
    return Vocabulary(tomllib.loads(resources.files(__package__).joinpath(_FILE).read_text("utf-8")))


def _merged(tables: Tables, own: Tables) -> Tables:
    return {
        table: {name: [*own.get(table, {}).get(name, []), *words] for name, words in lists.items()}
        for table, lists in tables.items()
    }


def _user_tables(path: Path, known: Tables) -> Tables:
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as exc:
        raise SettingsError(f"同义词文件 {path} 无法读取（{os_reason(exc)}）。请检查路径。") from None
    except UnicodeDecodeError:
        raise SettingsError(f"同义词文件 {path} 不是 UTF-8 编码。请用记事本另存为 UTF-8。") from None
    except tomllib.TOMLDecodeError as exc:
        raise SettingsError(
            f"同义词文件 {path} 不是有效的 TOML：{exc}。请对照文档中的例子检查引号、逗号和方括号。"
        ) from None
    for table, lists in data.items():
        if table not in known or not isinstance(lists, dict):
            raise SettingsError(f"同义词文件 {path} 中没有 [{table}] 这个表。可用的有：{'、'.join(known)}。")
        for name, words in lists.items():
            if name not in known[table]:
                raise SettingsError(
                    f"同义词文件 {path} 的 [{table}] 中没有“{name}”这一项。可用的有：{'、'.join(known[table])}。"
                )
            if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
                raise SettingsError(
                    f'同义词文件 {path} 的 [{table}] {name} 应是词的列表，如 {name} = ["词一", "词二"]。'
                )
            empty = [w for w in words if table in _LABEL_TABLES and not key(w.removeprefix("="), keep_brackets=True)]
            if empty:
                raise SettingsError(
                    f"同义词文件 {path} 的 [{table}] {name} 中“{empty[0]}”只有标点，不能作为同义词。请改写或删去。"
                )
    return data


_LABEL_TABLES = frozenset({"columns", "measures", "sources", "head", "texts", "sections", "rows"})
