"""What hcfmt costs, each figure a ratio of two commands that ran in turn on one machine."""
