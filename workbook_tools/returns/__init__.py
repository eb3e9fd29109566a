"""退回: marked copies for the units, and a covering note per department."""
