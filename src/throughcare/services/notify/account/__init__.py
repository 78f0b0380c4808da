"""Services that may send, their keys, and what each key may do."""
