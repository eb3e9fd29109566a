"""What a form or report wrote → the sections of the scheme: by what a section's own name means, else the nearest that it has.

Nothing that a unit wrote is thrown away: what the scheme has no section for is put behind the text of the nearest one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from workbook_tools.legacy.conversion.stated_values import printed_text
from workbook_tools.legacy.prose.sections import section_finder
from workbook_tools.legacy.words.records import HandmadeForm, Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary
from workbook_tools.rules.scheme import Scheme

# Meaning of a text → what it is put behind where the scheme has no section of that meaning, the nearest first.
_NEAREST: Mapping[str, tuple[str, ...]] = {
    "process": ("overview",),
    "basis": ("overview",),
    "necessity": ("overview", "basis"),
    "safeguards": ("organization", "funding_management", "overview"),
    "plan": ("overview",),
    "organization": ("safeguards", "overview"),
    "management": ("funding_management", "organization", "analysis_execution"),
    "goal_period": ("goal_annual", "overview"),
    "goal_adjusted": ("goal_annual", "overview"),
    "goal_annual": ("goal_period", "overview"),
    "goal_actual": ("completion_intro", "conclusion", "analysis_output"),
    "completion_intro": ("goal_actual", "analysis_output"),
    "conclusion": ("goal_actual", "completion_intro", "analysis_execution", "analysis_output"),
    "funding_intro": ("analysis_execution", "funding_execution", "overview"),
    "funding_arrival": ("funding_intro", "analysis_execution", "overview"),
    "funding_execution": ("analysis_execution", "funding_intro", "overview"),
    "funding_management": ("analysis_execution", "organization", "overview"),
    "analysis_execution": ("funding_execution", "funding_intro"),
    "analysis_output": ("output_quantity", "goal_actual"),
    "analysis_benefit": ("benefit_social", "goal_actual"),
    "analysis_satisfaction": ("analysis_benefit", "goal_actual"),
    **dict.fromkeys(
        ("output_quantity", "output_quality", "output_timeliness", "output_cost"), ("analysis_output", "goal_actual")
    ),
    **dict.fromkeys(
        ("benefit_economic", "benefit_social", "benefit_ecological", "benefit_sustainable"),
        ("analysis_benefit", "goal_actual"),
    ),
    "deviation": ("problems",),
    "problems": ("deviation",),
    "suggestions": ("deviation", "problems"),
    "experience": ("conclusion", "goal_actual", "problems"),
    "use_and_disclosure": ("suggestions", "deviation", "problems"),
    "note": ("problems", "deviation", "suggestions"),
}


# Meaning of a section → the one in whose text reports tell it too, without a heading of its own.
_TOLD_WITHIN: Mapping[str, str] = {
    **dict.fromkeys(("funding_arrival", "funding_execution", "funding_management"), "funding_intro"),
    **dict.fromkeys(("output_quantity", "output_quality", "output_timeliness", "output_cost"), "analysis_output"),
    **dict.fromkeys(
        ("benefit_economic", "benefit_social", "benefit_ecological", "benefit_sustainable"), "analysis_benefit"
    ),
}


@dataclass(frozen=True, slots=True)
class SectionText:
    """The text of one section of the scheme."""

    key: str
    """Of the scheme's section."""
    stated: Stated
    """All of it, at the place where it begins."""
    added: tuple[tuple[str, Stated], ...] = ()
    """What was put behind it: its meaning, and where it stands."""


def sections_by_meaning(scheme: Scheme, vocabulary: Vocabulary) -> Mapping[str, str]:
    """Meaning of a text → key of the scheme's section; a section means its key and what its name says."""
    keys = {section.key: section.key for section in scheme.texts}
    finder = section_finder(vocabulary)
    for section in scheme.texts:
        meaning = finder.find_meaning(section.label)
        if meaning:
            keys.setdefault(meaning, section.key)
    return keys


def name_sections(vocabulary: Vocabulary, schemes: Iterable[Scheme]) -> Vocabulary:
    """With the names of those sections of the schemes that no word means: an office calls its own as it likes."""
    finder = section_finder(vocabulary)
    own = {s.key: s.label for scheme in schemes for s in scheme.texts if finder.find_meaning(s.label) is None}
    return vocabulary.with_sections(own) if own else vocabulary


def absent_sections(form: HandmadeForm, scheme: Scheme, vocabulary: Vocabulary) -> Iterator[str]:
    """Keys of the sections that a report must have and this one has not: nothing stands below its heading, or it has none
    and no wider section tells it."""
    for meaning, key in sections_by_meaning(scheme, vocabulary).items():
        section = next(section for section in scheme.texts if section.key == key)
        told = _TOLD_WITHIN.get(meaning) in form.texts and meaning not in form.blank_sections
        if section.required and not told:
            yield key


def place_texts(
    texts: Mapping[str, Stated], scheme: Scheme, vocabulary: Vocabulary, *, is_report: bool
) -> tuple[list[SectionText], list[tuple[str, Stated]]]:
    """The texts of the scheme's sections, and what has no place in any of them (by meaning).

    A remark on a form says how to fill it as often as what the unit has to say: only a report's is put elsewhere.
    """
    keys = sections_by_meaning(scheme, vocabulary)
    own = {keys[meaning]: stated for meaning, stated in texts.items() if meaning in keys}
    more: dict[str, list[tuple[str, Stated]]] = {}
    left = []
    for meaning, stated in texts.items():
        if meaning in keys or not printed_text(stated):
            continue
        others = _NEAREST.get(meaning, ()) if is_report or meaning != "note" else ()
        nearest = next((keys[other] for other in others if other in keys), None)
        if nearest is None:
            left.append((meaning, stated))
        else:
            more.setdefault(nearest, []).append((meaning, stated))
    return list(_join(scheme, own, more)), left


def _join(
    scheme: Scheme, own: Mapping[str, Stated], more: Mapping[str, list[tuple[str, Stated]]]
) -> Iterator[SectionText]:
    for section in scheme.texts:
        added = more.get(section.key, [])
        known = printed_text(own.get(section.key))
        added = [pair for pair in added if printed_text(pair[1]) != known]
        if section.key in own and not added:
            yield SectionText(section.key, own[section.key])
        elif added:
            first = own.get(section.key)
            parts = [*([first] if first and printed_text(first) else []), *(stated for _, stated in added)]
            text = "\n".join(map(printed_text, parts))
            yield SectionText(section.key, replace(parts[0], value=text, printed=text), tuple(added))
