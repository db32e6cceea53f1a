"""What answers add up to: plain arithmetic from sheets to findings, and from published cells to the report.

``findings`` is the only way from answers to figures; ``readiness`` reads published cells and never sees an
answer. Begin with ``partition`` and ``menu``: they hold the promise. Nothing here knows a framework, a
database, a clock or chance.
"""
