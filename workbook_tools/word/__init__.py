"""The only door to Word documents: report forms, reports, and documents from outside."""
