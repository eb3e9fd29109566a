"""workbook_tools：项目支出绩效自评的 Excel 工具集。

Generate a locked workbook per project, read the filled ones back, check and score them
centrally, and merge them into summary workbooks and Word reports.
"""

__version__ = "0.1.0"
