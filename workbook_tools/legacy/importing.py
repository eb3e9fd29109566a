"""How forms of today are read: by which schemes, words and answers. Known without loading what reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from workbook_tools.core.names import NO_ALIASES, Aliases
from workbook_tools.legacy.conversion.scheme_sections import name_sections
from workbook_tools.legacy.words.doubts import ReadingBook
from workbook_tools.legacy.words.vocabulary import Vocabulary, default_vocabulary
from workbook_tools.rules.scheme import Scheme, builtin_schemes


@dataclass(frozen=True, slots=True)
class Importing:
    """How forms of today are read."""

    schemes: tuple[Scheme, ...] = field(default_factory=lambda: schemes_with_usual_first("mof-2020"))
    """Those to choose from; the usual one first. One alone is found without asking."""
    year: int = 0
    """Of the campaign; 0 if there is none."""
    vocabulary: Vocabulary = field(default_factory=default_vocabulary)
    aliases: Aliases = NO_ALIASES
    """Other names of departments and units."""
    book: ReadingBook = field(default_factory=ReadingBook)
    """What the office has said of doubts, by layout."""

    def __post_init__(self) -> None:
        """Reports are read with what the schemes call their sections, too."""
        object.__setattr__(self, "vocabulary", name_sections(self.vocabulary, self.schemes))


def schemes_with_usual_first(usual: str, own: Sequence[Scheme] = ()) -> tuple[Scheme, ...]:
    """The office's own schemes and the built-in ones, that of this id first."""
    known = {**builtin_schemes(), **{scheme.id: scheme for scheme in own}}
    return tuple(sorted(known.values(), key=lambda scheme: scheme.id != usual))
