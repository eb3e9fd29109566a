"""Review (审核): read, verify, check, score, settle."""
