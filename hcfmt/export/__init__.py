"""What the members of a HipChat export mean: paths, schemas, JSON text, slices of histories."""
