"""Measurements of the system against its budgets; ``make bench`` runs them and writes ``docs/performance.md``.

Each module measures one thing beside a peer or a floor in the same run, in turns, because a machine is never as
quiet as one thinks: what counts is the ratio.
"""
