"""Check of an archive: slices become facts, facts become findings, findings become a report with a verdict."""
