"""Runs the command line with ``python -m hcfmt``."""

from hcfmt.cli import main

if __name__ == "__main__":
    main()
