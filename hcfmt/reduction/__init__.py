"""Reduces an archive to the smallest one that still has a finding, by delta debugging with the check as the judge."""
