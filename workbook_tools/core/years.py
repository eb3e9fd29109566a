"""Years as people write them."""

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""The years of evaluation that may be meant; what lies outside is a slip (24 for 2024)."""
WRITTEN_YEARS = range(1990, 2100)
"""A number among them that stands by itself may be a year."""
