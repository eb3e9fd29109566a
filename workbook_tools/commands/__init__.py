"""The commands of the command line, by subject. Each parses, calls functions of lower floors, and prints."""
