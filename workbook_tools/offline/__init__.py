"""The offline installation: one zip with everything, for a computer without internet."""
