"""An archive served as HipChat's REST API v2 did: from its own data, writes included."""
