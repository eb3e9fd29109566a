"""审核结果: its tables, its workbook, and finance's judgement (核定) read back from it."""
