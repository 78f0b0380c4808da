"""The keys that sign tokens: published, rotated, and never seen outside."""
