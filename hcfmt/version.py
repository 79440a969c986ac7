"""The version of hcfmt, read by the build and by ``hcfmt --version``."""

__version__ = "0.1.0"
