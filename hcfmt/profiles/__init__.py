"""Profiles of importers: what each importer does with what it is given, as data, and how it applies to records."""
