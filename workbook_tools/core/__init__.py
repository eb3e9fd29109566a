"""Records, typed values, the codes of findings, findings, the result of a review, cells, errors. Opens no file."""
