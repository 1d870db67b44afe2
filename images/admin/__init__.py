"""The picture library in the admin. Importing this registers it."""

from images.admin.library import ImageAdmin

__all__ = ["ImageAdmin"]
