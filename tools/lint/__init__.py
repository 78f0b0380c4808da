"""The project's own rules, each in a module of its own; ``python tools/lint`` runs them all."""
