"""The pages: their assembly, navigation, home, errors, health, and the built front-end files."""

from app.web.assembly import add_to

__all__ = ["add_to"]
