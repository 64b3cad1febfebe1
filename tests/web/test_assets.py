"""The built front end: names with a hash, weight, icons, and templates that keep to the policy."""

import gzip
import json
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.core import assets
from app.core.templating import environment
from app.web.assets import mount_assets

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FIRST_VIEW = ("app.css", "app.js", "icons.svg", "favicon.svg")


def _content(name: str) -> bytes:
    return (assets.DIST / assets.manifest()[name]).read_bytes()


def test_a_name_carries_the_hash_of_its_file_and_is_kept_for_good() -> None:
    app = FastAPI()
    mount_assets(app)
    address = assets.asset("app.css")
    assert re.fullmatch(r"/static/app\.[0-9a-f]{10}\.css", address)
    answer = TestClient(app).get(address)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_missing_file_says_what_to_do() -> None:
    with pytest.raises(assets.AssetsNotBuiltError, match="make assets"):
        assets.asset("nothing.css")


def test_a_missing_build_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "DIST", tmp_path)
    assets.manifest.cache_clear()
    try:
        with pytest.raises(assets.AssetsNotBuiltError, match="make assets"):
            assets.asset("app.css")
    finally:
        assets.manifest.cache_clear()


def test_the_weight_of_a_first_view() -> None:
    weights = {name: len(gzip.compress(_content(name))) for name in FIRST_VIEW}
    assert weights["app.js"] <= 100_000
    assert sum(weights.values()) <= 120_000  # The page itself may take the rest of 150 kB.


def test_every_icon_that_the_service_names_is_in_the_sprite() -> None:
    built = set(re.findall(r'<symbol id="([^"]+)"', _content("icons.svg").decode()))
    assert built == set(json.loads((ROOT / "frontend/icons.json").read_text()))
    named = set()
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'\bicon\("([a-z0-9-]+)"', text))
        named |= set(re.findall(r'icon_name="([a-z0-9-]+)"', text))
    for path in (ROOT / "app").rglob("*.py"):
        named |= set(re.findall(r'"icon": "([a-z0-9-]+)"|\bicon="([a-z0-9-]+)"', path.read_text(encoding="utf-8")))
    names = {name for found in named for name in ((found,) if isinstance(found, str) else found) if name}
    assert names - built == set()


def test_the_script_holds_nothing_of_another_host() -> None:
    hosts = set(re.findall(rb"https?://[a-z0-9.-]+", _content("app.js") + _content("app.css")))
    assert hosts <= {b"http://www.w3.org"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_templates_parse_and_keep_to_the_policy(path: Path) -> None:
    environment().get_template(str(path.relative_to(ROOT / "templates")))
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=", text)
    assert not re.search(r"\shx-on", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"<style", text)


def test_templates_name_only_components_that_exist() -> None:
    known = set(environment().globals["ui"].names())
    named = {
        (path.name, name)
        for path in TEMPLATES
        for name in re.findall(r"\bui\.([a-z]\w*)", path.read_text(encoding="utf-8"))
    }
    assert {(path, name) for path, name in named if name not in known} == set()


def test_every_component_is_on_the_design_page_or_part_of_another() -> None:
    shown = (ROOT / "templates/design.html").read_text(encoding="utf-8")
    inside = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES if path.name != "design.html")
    unused = [
        name
        for name in environment().globals["ui"].names()
        if f"ui.{name}(" not in shown and f"ui.{name}(" not in inside
    ]
    assert unused == []
