"""What was recognised, shown to people."""
