"""How templates become Python: as Jinja does it, but for three things that a page does a thousand times.

Jinja asks of all that is called whether it wants the context, makes an object of its own of each value that is written,
and puts the arguments of a macro in order one by one. Functions of ours never want the context, what is written is only
joined, and Python orders arguments by itself. So a page takes half the time.
"""

from collections.abc import Callable
from functools import partial
from keyword import iskeyword
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.runtime import Macro
from jinja2.utils import missing
from markupsafe import Markup, escape

try:
    from markupsafe._speedups import _escape_inner
except ImportError:
    from markupsafe._native import _escape_inner

safe: Callable[[str], Markup] = partial(str.__new__, Markup)
"""Text that is markup already, as such. `Markup(text)` would first ask it how it wants to be written."""


def written(value: Any) -> str:
    """A value as it stands in a page: markup as it is, all else escaped."""
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]
    return _escape_inner(value) if kind is str else escape(value)


def block(body: Callable[[], str]) -> Markup:
    """What stands between `call` and `endcall`; the macro asks for it with `caller()`."""
    return safe(body())


class Compiler(CodeGenerator):
    """Writes the Python of a template."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's name
        """A whole template, which knows our two functions."""
        self.writeline("from functools import partial")
        self.writeline(f"from {__name__} import block, written")
        super().visit_Template(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """A plain call, but of what Jinja's own extensions want the context for."""
        called = node.node
        name = called.name if isinstance(called, nodes.Name) else ""
        wants_context = hasattr(self.environment.globals.get(name), "jinja_pass_arg")
        if wants_context or any(iskeyword(argument.key) for argument in node.kwargs):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        if isinstance(called, nodes.Getattr) and called.node == nodes.Name("ui", "load"):
            self.visit(called.node, frame)
            self.write(f".{called.attr}")
        else:
            self.visit(called, frame)
        given = [("", argument) for argument in (*node.args, *node.kwargs)]
        given += [("*", node.dyn_args)] if node.dyn_args else []
        given += [("**", node.dyn_kwargs)] if node.dyn_kwargs else []
        self.write("(")
        for before, argument in given:
            self.write(before)
            self.visit(argument, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """A macro as an object, or a block without parameters as a function."""
        if isinstance(macro_ref.node, nodes.CallBlock) and not macro_ref.node.args:
            self.write("partial(block, macro)")
        else:
            super().macro_def(macro_ref, frame)

    def _output_child_pre(self, *_child: Any) -> None:
        self.write("written(")


def plain(macro: Macro) -> Callable[..., str]:
    """A macro as a function with parameters of its own, made of its signature as `dataclasses` makes `__init__`."""
    names = list(macro.arguments)
    if macro.catch_varargs or any(iskeyword(name) for name in names):
        return macro
    parameters = [f"{name}=_missing" for name in names]
    if macro.caller and "caller" not in names:
        parameters.append("caller=_nobody")
        names.append("caller")
    if macro.catch_kwargs:
        parameters.append("**kwargs")
        names.append("kwargs")
    known = {
        "_body": macro._func,  # noqa: SLF001 - Jinja's own
        "_missing": missing,
        "_nobody": macro._environment.undefined("No caller defined", name="caller"),  # noqa: SLF001
        "_safe": safe,
    }
    source = f"lambda {', '.join(parameters)}: _safe(_body({', '.join(names)}))"
    function: Callable[..., str] = eval(source, known)  # noqa: S307 - its names are those of our templates
    return function
