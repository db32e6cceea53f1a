"""What every room stands on: settings, database, clock, tokens, errors, words."""
