"""The words of forms of today, and what passes between the steps."""
