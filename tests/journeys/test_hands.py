"""Small screens and keyboards: what a thumb and a Tab key meet on the pages of everyday."""

import re

import pytest

from tests.journeys.conftest import PHONE, SMALL_PHONE
from tests.journeys.screens import Screen, sign_in

pytestmark = pytest.mark.journey

PAGES = {
    "cell_coordinator": ("/", "/referrals", "/referrals/new", "/numbers", "/more", "/account", "/search?q=Gih"),
    "social_worker": ("/children", "/children/new", "/households/new", "/institutions", "/institutions/new", "/places"),
    "national_officer": ("/numbers/I01", "/numbers/I31/records", "/numbers/ledger", "/numbers/quoted"),
}
MOST_STOPS = 80
# Where the focus is, whether it can be seen there, and whether a bar lies over it.
FOCUS = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const shown = node.matches("[type=radio], [type=checkbox]") ? node.closest(".tick") ?? node : node;
  const style = getComputedStyle(shown);
  const box = shown.getBoundingClientRect();
  const at = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height, 40) / 2);
  return {
    what: node.outerHTML.slice(0, 100),
    text: node.textContent.trim(),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    free: at !== null && (shown.contains(at) || at.contains(shown)),
    covered_by: at?.outerHTML.slice(0, 60),
    main: node.id === "main",
  };
}"""


class AnyPage(Screen):
    heading = re.compile(".+")


@pytest.mark.parametrize("role", PAGES)
def test_nothing_is_cut_off_at_320_px(window, staff, role):
    small = window(role, SMALL_PHONE)
    sign_in(small, getattr(staff, role))
    for path in PAGES[role]:
        small.open(path)
        AnyPage(small)


@pytest.mark.parametrize("path", ["/", "/referrals/new", "/children/new", "/numbers"])
def test_a_keyboard_reaches_everything_in_sight(window, staff, path):
    phone = window("keyboard", PHONE)
    sign_in(phone, staff.social_worker)
    phone.open(path)
    keyboard = phone.page.keyboard
    keyboard.press("Tab")
    first = phone.page.evaluate(FOCUS)
    assert first["text"] == "Skip to the page"
    assert first["free"]
    keyboard.press("Enter")
    assert phone.page.evaluate(FOCUS)["main"]
    lost = []
    for _stop in range(MOST_STOPS):
        keyboard.press("Tab")
        stop = phone.page.evaluate(FOCUS)
        if stop is None:
            break
        if not (stop["ring"] and stop["free"]):
            lost.append(stop)
    else:
        pytest.fail("the Tab key never comes to the end of the page")
    assert not lost, "\n".join(str(stop) for stop in lost[:3])
