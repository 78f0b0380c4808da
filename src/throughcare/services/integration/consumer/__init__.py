"""Outside bodies that are told of changes, and what each may hear."""
