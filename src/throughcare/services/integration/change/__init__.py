"""A domain event as it comes in, and the notifications that it leads to."""
