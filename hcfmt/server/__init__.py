"""HipChat's REST API v2, served from an archive, writes included."""
