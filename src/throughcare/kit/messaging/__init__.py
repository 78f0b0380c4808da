"""Domain events: what is published, what is read, and the bus between."""
