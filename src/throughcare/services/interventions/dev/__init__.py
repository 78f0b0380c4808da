"""What synthetic people did in this service, for development and demonstrations."""
