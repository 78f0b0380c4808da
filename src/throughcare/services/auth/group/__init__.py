"""The provider and contract groups that external users belong to."""
