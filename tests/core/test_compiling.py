"""Templates as `app.core.compiling` compiles them: nothing is written unescaped, and macros are called as in Jinja."""

from typing import Any

import pytest
from jinja2 import Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

from app.core.compiling import Compiler, plain, written
from app.core.templating import environment

MACRO = (
    "{% macro card(title, tone='info') %}<b class='{{ tone }}' {{ kwargs }}>{{ title }}</b>{{ caller() }}{% endmacro %}"
)


class Shown(str):  # noqa: SLOT000
    """A string of another kind, as the words of a lazy translation or an enumeration are."""


class Drawn:
    """Something that says itself how it is written."""

    def __html__(self) -> str:
        return "<i>drawn</i>"


def _render(source: str, **known: Any) -> str:
    return environment().from_string(source).render(known)


@pytest.mark.parametrize("value", ["<b>", Shown("<b>"), ["<b>"], {"<b>": 1}])
def test_what_is_written_is_escaped(value: Any) -> None:
    assert "<b>" not in _render("{{ value }}", value=value)
    assert "<b>" not in _render("{% call ui.button_row() %}{{ value }}{% endcall %}", value=value)
    assert "<b>" not in _render("{{ ui.tag(value) }}", value=value)
    assert "<b>" not in _render("{{ _('%(value)s', value=value) }}", value=value)
    assert "<b>" not in _render("{{ ngettext('%(num)s %(value)s', '%(num)s', 1, value=value) }}", value=value)
    assert "<b>" not in _render("{{ ui.button('x', data_confirm=value) }}", value=value)
    assert "<b>" not in _render("{% set kept %}{{ value }}{% endset %}{{ kept }}{{ value ~ kept }}", value=value)


def test_markup_is_written_once() -> None:
    assert written(Markup("<b>&amp;</b>")) == "<b>&amp;</b>"
    assert written(Drawn()) == "<i>drawn</i>"
    assert (written("a & b"), written(3), written(None)) == ("a &amp; b", "3", "None")


def test_a_macro_is_called_with_its_parameters_by_place_and_by_name() -> None:
    made = Environment(autoescape=True, undefined=StrictUndefined)
    made.code_generator_class = Compiler
    card = plain(made.from_string(MACRO).module.card)  # type: ignore[attr-defined]
    body = Markup("<p></p>")
    assert card("<", caller=lambda: body) == Markup("<b class='info' {}>&lt;</b><p></p>")
    assert card(tone="due", title="x", caller=lambda: body, id=1).startswith("<b class='due' {&#39;id&#39;: 1}>x")
    with pytest.raises(UndefinedError, match="'title' was not provided"):
        card(caller=lambda: body)
    with pytest.raises(UndefinedError, match="No caller defined"):
        card("x")


def test_jinja_gives_the_context_where_it_is_wanted() -> None:
    assert _render("{{ pgettext('a month', 'May') }}") == "May"
    assert _render("{{ _('100%') if false else _('a') }}") == "a"
