"""The JSON door: assembly of `/api/v1`, its OpenAPI text and its problem responses."""

from app.api.assembly import add_to

__all__ = ["add_to"]
