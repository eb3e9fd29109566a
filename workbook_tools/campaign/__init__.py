"""A working folder (一次自评): its settings, its key, its ledger."""
