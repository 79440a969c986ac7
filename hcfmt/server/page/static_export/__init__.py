"""The page as static files, which browsers open without a server: ``hcfmt view --export``."""

from hcfmt.server.page.static_export.export import StaticExport, export_static, require_free

__all__ = ["StaticExport", "export_static", "require_free"]
