"""What a consumer is told, for those who would rather ask than read a queue."""
