"""Forms in use today (hand-made Excel forms, Word reports) → Projects and Submissions."""
