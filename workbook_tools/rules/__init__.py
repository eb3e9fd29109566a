"""How an authority scores: its settings, and the rules as trees that are rendered as formula, value and sentence."""
