"""The words by which forms of today are understood: data in vocabulary.toml, extendable by an office.

A label is compared as :func:`label_key` makes it. Chinese puts the noun last (执行率得分 is a score), so a label means the
longest entry it *ends* with; failing that, the longest entry it contains.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from pathlib import Path

from workbook_tools.core.errors import SettingsError, os_reason
from workbook_tools.legacy.words.label_text import LONGEST_LABEL, label_key
from workbook_tools.rules.direction_words import direction_words
from workbook_tools.rules.toml_faults import MiswrittenToml, read_toml

Tables = Mapping[str, Mapping[str, list[str]]]

_FILE = "vocabulary.toml"
# Tables of labels, as opposed to lists of words; punctuation alone is no label.
_LABEL_TABLES = frozenset({"columns", "measures", "sources", "head", "texts", "sections", "rows"})
# The share of a label that an entry within it must make up: 完成值 is half of 单项指标完成值, 单位 a quarter of 服务对象单位满意度.
_USUAL_SHARE = 0.4
# Of one character (省, 分) an entry says nothing within a longer label.
_SHORTEST_WITHIN = 2
# Labels whose meaning is kept, so that each is looked up once; an upper bound for a folder of a hundred thousand forms.
_KEPT_MEANINGS = 20_000


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
                words.setdefault(label_key(entry.removeprefix("="), keep_brackets=True), meaning)
        return words

    @cached_property
    def _loose(self) -> list[tuple[str, str]]:
        """Entries that may stand within a label, the longest first."""
        words = {
            label_key(entry, keep_brackets=True): meaning
            for meaning, entries in reversed(list(self.synonyms.items()))
            for entry in reversed(list(entries))
            if not entry.startswith("=")
        }
        return sorted(
            ((word, words[word]) for word in words if len(word) >= _SHORTEST_WITHIN), key=lambda pair: -len(pair[0])
        )

    @cached_property
    def _any_loose(self) -> re.Pattern[str]:
        """Any of them; most cells of a long list hold none."""
        return re.compile("|".join(re.escape(word) for word, _ in self._loose) or r"(?!)")

    def find(self, label: str, share: float = _USUAL_SHARE) -> str | None:
        """What a label means; an entry within it must make up this share of it."""
        asked = f"{share}{label}"
        if asked not in self._found:
            if len(self._found) > _KEPT_MEANINGS:
                self._found.clear()
            self._found[asked] = self._look_up(label, share)
        return self._found[asked]

    def find_exact(self, label: str) -> str | None:
        """What a label means that is an entry, brackets aside."""
        whole, bare = label_key(label, keep_brackets=True), label_key(label)
        return self._exact.get(whole) or self._exact.get(bare)

    def find_end(self, label: str) -> str | None:
        """What a label means that ends with an entry, which says most."""
        bare = label_key(label)
        return next((meaning for word, meaning in self._loose if bare.endswith(word)), None)

    def _look_up(self, label: str, share: float) -> str | None:
        found = self.find_exact(label)
        bare = label_key(label)
        if found or not bare or len(bare) > LONGEST_LABEL or not self._any_loose.search(bare):
            return found
        least = share * len(bare)
        ends = next((meaning for word, meaning in self._loose if bare.endswith(word) and len(word) >= least), None)
        within = next((meaning for word, meaning in self._loose if word in bare and len(word) >= least), None)
        return ends or within or self._find_together(bare, least)

    def _find_together(self, bare: str, least: float) -> str | None:
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

    def with_sections(self, names: Mapping[str, str]) -> Vocabulary:
        """With names of sections of a report, by key, beside those that are known."""
        own = {key: [*self.tables["prose_sections"].get(key, []), name] for key, name in names.items()}
        return Vocabulary({**self.tables, "prose_sections": {**self.tables["prose_sections"], **own}})

    def extended(self, path: Path) -> Vocabulary:
        """With an office's own words in front of the same lists. Raises SettingsError where the file is wrong."""
        return Vocabulary(_merge(self.tables, _read_own_tables(path, self.tables)))


@cache
def default_vocabulary() -> Vocabulary:
    """The words that come with the package; signs are those that the project list knows too."""
    tables = tomllib.loads(resources.files(__package__).joinpath(_FILE).read_text("utf-8"))
    return Vocabulary({**tables, "signs": {**direction_words()["signs"], **tables["signs"]}})


def _merge(tables: Tables, own: Tables) -> Tables:
    return {
        table: {name: [*own.get(table, {}).get(name, []), *words] for name, words in lists.items()}
        for table, lists in tables.items()
    }


def _read_own_tables(path: Path, known: Tables) -> Tables:
    try:
        data = read_toml(path)
    except OSError as exc:
        raise SettingsError(f"同义词文件 {path} 无法读取（{os_reason(exc)}）。请检查路径。") from None
    except MiswrittenToml as exc:
        raise SettingsError(f"同义词文件 {path} 不是有效的 TOML，{exc}。") from None
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
            empty = [
                w for w in words if table in _LABEL_TABLES and not label_key(w.removeprefix("="), keep_brackets=True)
            ]
            if empty:
                raise SettingsError(
                    f"同义词文件 {path} 的 [{table}] {name} 中“{empty[0]}”只有标点，不能作为同义词。请改写或删去。"
                )
    return data
