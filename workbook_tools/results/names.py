"""What a review's result is called on disk."""

RESULT_NAME = "审核结果"
"""Of the workbook (.xlsx) and the data (.json)."""
