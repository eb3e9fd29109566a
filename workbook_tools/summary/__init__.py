"""汇总 workbooks per department and over all, and the office's own 汇总表."""
