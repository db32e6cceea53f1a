"""From launch to close: terms, launch, the release document."""
