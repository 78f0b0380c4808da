"""Which domain events become which integration events."""
