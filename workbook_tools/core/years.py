"""The years of evaluation that may be meant; what lies outside is a slip (24 for 2024)."""

FIRST_YEAR, LAST_YEAR = 2000, 2100
