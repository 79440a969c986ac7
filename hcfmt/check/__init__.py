"""The verdict on an archive: slices to facts, facts to findings, findings to a report."""
