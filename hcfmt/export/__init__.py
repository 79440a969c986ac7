"""The format of a HipChat export: its layout, schemas, JSON text and slices, and how exports are written and edited."""
