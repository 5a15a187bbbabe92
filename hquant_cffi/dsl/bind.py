"""Arguments of a call to the inputs and parameters of its function."""

from __future__ import annotations

from dataclasses import dataclass

from hquant_cffi.dsl import syntax
from hquant_cffi.dsl.catalog import SERIES, Function, Operator, Row
from hquant_cffi.dsl.diagnostics import Report, did_you_mean
from hquant_cffi.dsl.names import Names
from hquant_cffi.dsl.parameters import ParamValue, check_together, param_value, report_no_param
from hquant_cffi.dsl.source import Span

__all__ = ["Binding", "bind", "signature"]

_FIELDS = {number: name for name, number in SERIES.items()}


@dataclass(frozen=True, slots=True)
class Binding:
    """What a call means.

    Attributes
    ----------
    function : Function
    inputs : tuple of int or None
        For each explicit input or operand the number of its argument; None takes the default.
    params : tuple of ParamValue
        For each parameter of the row.
    """

    function: Function
    inputs: tuple[int | None, ...]
    params: tuple[ParamValue, ...]


def bind(call: syntax.Call, function: Function, names: Names) -> Binding | None:
    """Match a call with its function; None, with errors reported, when they do not match."""
    params, report = names.params, names.report
    before = len(report.errors)
    if isinstance(function, Operator):
        given = _match(call, function, list(function.operands), 0, report)
        required = function.operands[: None if function.default is None else -1]
        if len(report.errors) == before:
            _require(call, function, required, given, report)
        inputs = tuple(given.get(name) for name in function.operands)
        return Binding(function, inputs, ()) if len(report.errors) == before else None
    explicit = function.explicit_inputs
    slots = [each.name for each in explicit] + [each.name for each in function.params]
    skip = len(explicit) if _omits_input(call, function, params) else 0
    given = _match(call, function, slots, skip, report)
    required = (
        *(each.name for each in explicit if each.field is None),
        *(each.name for each in function.params if each.default is None),
    )
    if len(report.errors) == before:
        _require_params(call, function, given, names)
    if len(report.errors) == before:
        _require(call, function, required, given, report)
    values = [
        param_value(call, function, each, given.get(each.name), names) for each in function.params
    ]
    if len(report.errors) == before:
        check_together(call, function, values, params, report)
    if len(report.errors) > before:
        return None
    return Binding(function, tuple(given.get(each.name) for each in explicit), tuple(values))


def signature(function: Function) -> str:
    """Return a function as it is called, such as ``BOLL(x = close, period = 20, k = 2)``."""
    if isinstance(function, Operator):
        words = list(function.operands)
        if function.default is not None:
            words[-1] += f" = {function.default:g}"
    else:
        words = [
            each.name if each.field is None else f"{each.name} = {_FIELDS[each.field]}"
            for each in function.explicit_inputs
        ]
        words += [
            each.name if each.default is None else f"{each.name} = {each.default:g}"
            for each in function.params
        ]
    return f"{function.name}({', '.join(words)})"


def _example(function: Function) -> str:
    """A call that gives all that has to be given."""
    if isinstance(function, Operator):
        return f"{function.name}({', '.join(('close', 'open')[: len(function.operands)])})"
    words = [
        "close > open" if each.is_condition else ("close", "open")[i % 2]
        for i, each in enumerate(function.explicit_inputs)
    ]
    words += [
        f"{min(max(20.0, each.minimum), each.maximum):g}"
        for each in function.params
        if each.default is None
    ]
    return f"{function.name}({', '.join(words)})"


def _slots_hint(slots: list[str], function: Function) -> str:
    if not slots:
        return f"write {function.name}()"
    return f"its parameters are {', '.join(slots)}" if len(slots) > 1 else f"write {slots[0]}=..."


def _omits_input(call: syntax.Call, row: Row, params: dict[str, syntax.Param]) -> bool:
    """Whether the first argument is a parameter already: a literal or a PARAM is not a series."""
    first = next((each.value for each in call.arguments if each.keyword is None), None)
    is_parameter = isinstance(first, syntax.Number) or (
        isinstance(first, syntax.Name) and first.name in params
    )
    explicit = row.explicit_inputs
    return is_parameter and bool(explicit) and all(each.field is not None for each in explicit)


def _match(
    call: syntax.Call, function: Function, slots: list[str], skip: int, report: Report
) -> dict[str, int]:
    """The number of the argument for each slot that is given."""
    given: dict[str, int] = {}
    positional = [i for i, each in enumerate(call.arguments) if each.keyword is None]
    free = slots[skip:]
    given.update(zip(free, positional, strict=False))
    if len(positional) > len(free):
        _report_too_many(call, function, positional[len(free) :], skip, report)
    for i, argument in enumerate(call.arguments):
        if argument.keyword is None:
            continue
        slot = _slot(argument.keyword.lower(), function, slots)
        if slot is None:
            report.error(
                "E2010",
                argument.span,
                f"{function.name} has no parameter {argument.keyword}: "
                f"expected {signature(function)}",
                did_you_mean(argument.keyword, slots) or _slots_hint(slots, function),
            )
        elif slot in given:
            report.error(
                "E2011",
                argument.span,
                f"{slot} of {function.name} is given twice",
                "leave one of the two out",
            )
        else:
            given[slot] = i
    return given


def _slot(keyword: str, function: Function, slots: list[str]) -> str | None:
    """The slot of a keyword: its own name, or one of the names that are understood for it."""
    if keyword in slots:
        return keyword
    if keyword == "period" and "n" in slots:
        return "n"
    if keyword == "cond" and "condition" in slots:
        return "condition"
    if keyword == "field" and isinstance(function, Row) and len(function.explicit_inputs) == 1:
        return function.explicit_inputs[0].name
    return None


def _require_params(call: syntax.Call, row: Row, given: dict[str, int], names: Names) -> None:
    """Report a name of a number that stands in the place of the series: SMA(n) after n = 20."""
    explicit = row.explicit_inputs
    missing = [each for each in row.params if each.default is None and each.name not in given]
    if not missing or not explicit or explicit[0].name not in given:
        return
    argument = call.arguments[given[explicit[0].name]].value
    if isinstance(argument, syntax.Name) and names.literal(argument.name) is not None:
        report_no_param(argument, row, missing[0], names)


def _require(
    call: syntax.Call,
    function: Function,
    required: tuple[str, ...],
    given: dict[str, int],
    report: Report,
) -> None:
    missing = [name for name in required if name not in given]
    if missing:
        report.error(
            "E2009",
            call.span,
            f"{function.name} needs {' and '.join(missing)}: expected {signature(function)}",
            f"such as {_example(function)}",
        )


def _report_too_many(
    call: syntax.Call, function: Function, extra: list[int], skip: int, report: Report
) -> None:
    arguments = call.arguments
    count = sum(each.keyword is None for each in arguments)
    hint = "leave the rest out"
    if skip:
        hint = "its first argument is a number and so a parameter; a series stands before it"
    elif isinstance(function, Row) and len(function.params) == 1:
        hint = "for two lengths write two names"
    report.error(
        "E2008",
        Span(arguments[extra[0]].span.start, arguments[extra[-1]].span.end),
        f"too many arguments: expected {signature(function)}, found {count}",
        hint,
    )
