"""Who many identifiers belong to, in one answer."""
