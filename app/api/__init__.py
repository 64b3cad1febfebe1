"""The JSON door: assembly of `/api/v1`, its OpenAPI text and its problem responses."""
