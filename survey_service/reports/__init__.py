"""What we show: one report document, read as page, PDF, CSV and JSON."""
