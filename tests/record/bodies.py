"""A believable content for each group of the record."""

from typing import Any

GROUPS: dict[str, dict[str, Any]] = {
    "names": {"names": [{"name": "Mado", "kind": "nickname"}]},
    "birth": {"registration": "registered", "registered_at": "Gitega", "known_by": "certificate"},
    "parents": {"mother_status": "dead", "mother_name": "Uwera", "father_status": "imprisoned", "note": "No visits"},
    "languages": {"languages": ["rw", "fr"], "family_asks": True, "religion": "Adventist"},
    "school": {"level": "primary", "year": "P4", "school": "GS Gitega", "attends": True},
    "health": {"hiv": "not_known", "notes": "Asthma", "clinic": "CS Gitega"},
}
