"""The people who can sign in, from every source, and the roles that they hold."""
