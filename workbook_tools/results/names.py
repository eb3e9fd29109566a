"""What a review's result is called on disk."""

RESULT_NAME = "审核结果"
"""Of the workbook (.xlsx) and the data (.json)."""
DATA_FOLDER = "审核数据"
"""The same result beside them, a file for each department and kind of row."""
