"""Tests of what runs hcfmt in pipelines: the action, the GitLab template, and the examples of docs/pipelines.md."""
