"""JSON documents that come in from outside."""
