"""How forms of today are read in a working folder."""

from __future__ import annotations

from pathlib import Path

from workbook_tools.campaign.defaults import choose_scheme, read_own_schemes, settings_of
from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.kept_readings import read_memory
from workbook_tools.legacy.importing import Importing, schemes_with_usual_first
from workbook_tools.legacy.words.vocabulary import default_vocabulary

SYNONYMS = "词表.toml"
"""An office's own words, in its working folder."""


def choose_importing(
    campaign: Campaign | None, scheme: str = "", year: int = 0, synonyms: Path | None = None
) -> Importing:
    """How forms of today are read here: ``scheme`` alone if it is given, else all that are known.

    The office's words come from ``synonyms``, or from 词表.toml in the working folder; what it has answered of doubts is kept
    there too. Raises SchemeError, SettingsError.
    """
    own = campaign.root / SYNONYMS if campaign else None
    words = synonyms or (own if own and own.is_file() else None)
    vocabulary = default_vocabulary().extended(words) if words else default_vocabulary()
    year = year or settings_of(campaign).year
    schemes = (
        (choose_scheme(campaign, scheme),)
        if scheme
        else schemes_with_usual_first(settings_of(campaign).scheme, read_own_schemes(campaign))
    )
    return Importing(schemes, year, vocabulary, settings_of(campaign).names, read_memory(campaign).book)
