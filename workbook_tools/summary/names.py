"""What the files of 汇总 are called."""

SUMMARY_FORM = "汇总表.xlsx"
"""The office's own form."""
ALL = "全部"
"""In the name of what holds all departments: 汇总_全部.xlsx."""
