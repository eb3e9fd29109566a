"""Tables of forms of today: columns, rows, labels, funding."""
