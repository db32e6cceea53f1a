"""What we ask: instruments as data.

Structure lies apart from words, so that a translation can change no figure.
Read ``definitions/core/1``, then ``catalog``. Nothing here knows a framework, a database, a clock or chance.
"""
