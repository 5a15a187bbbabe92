"""Arguments of a call to the inputs and parameters of its function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from hquant_cffi.dsl import syntax
from hquant_cffi.dsl.catalog import SERIES, Function, Operator, Parameter, Row, refuse_params
from hquant_cffi.dsl.diagnostics import Report, did_you_mean
from hquant_cffi.dsl.source import Span

__all__ = ["Binding", "ParamValue", "bind", "signature"]

# The value of a literal, or the name of a PARAM.
ParamValue: TypeAlias = float | str

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


def bind(
    call: syntax.Call, function: Function, params: dict[str, syntax.Param], report: Report
) -> Binding | None:
    """Match a call with its function; None, with errors reported, when they do not match.

    `params` are the PARAMs of the program.
    """
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
        _require(call, function, required, given, report)
    values = [
        _param_value(call, function, each, given.get(each.name), params, report)
        for each in function.params
    ]
    if len(report.errors) == before:
        _check_together(call, function, values, params, report)
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
                did_you_mean(argument.keyword, slots),
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
        )


def _report_too_many(
    call: syntax.Call, function: Function, extra: list[int], skip: int, report: Report
) -> None:
    arguments = call.arguments
    count = sum(each.keyword is None for each in arguments)
    hint = None
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


# ---------------------------------------------------------------------- values of parameters


def _param_value(
    call: syntax.Call,
    row: Row,
    parameter: Parameter,
    index: int | None,
    params: dict[str, syntax.Param],
    report: Report,
) -> ParamValue:
    if index is None:
        return 0.0 if parameter.default is None else parameter.default
    argument = call.arguments[index].value
    if isinstance(argument, syntax.Number):
        check_value(argument, f"{parameter.name} of {row.name}", parameter, report)
        return argument.value
    if isinstance(argument, syntax.Name) and argument.name in params:
        _check_param(argument, row, parameter, params[argument.name], report)
        return argument.name
    kind = "a whole number" if parameter.is_integer else "a number"
    report.error(
        "E2012",
        argument.span,
        f"{parameter.name} of {row.name}: expected {kind} or a PARAM, found an expression",
        "a parameter is fixed for the whole run: PARAM p = 14 and then p",
    )
    return 0.0


def check_value(number: syntax.Number, what: str, parameter: Parameter, report: Report) -> None:
    """Report a number that a parameter does not take."""
    if _fits(number.value, parameter) and (number.is_integer or not parameter.is_integer):
        return
    kind = "a whole number" if parameter.is_integer else "a number"
    report.error(
        "E3005",
        number.span,
        f"{what}: expected {kind} in {parameter.minimum:.0f}..{parameter.maximum:.0f}, "
        f"found {number.value:.17g}",
        f"write {number.value:.0f}"
        if parameter.is_integer and _fits(number.value, parameter)
        else None,
    )


def _fits(value: float, parameter: Parameter) -> bool:
    is_whole = value == value // 1
    return parameter.minimum <= value <= parameter.maximum and (
        is_whole or not parameter.is_integer
    )


def _check_param(
    argument: syntax.Name, row: Row, parameter: Parameter, param: syntax.Param, report: Report
) -> None:
    """Every value that the PARAM may take must be one that the parameter takes."""
    parts = {"value": param.value, "minimum": param.minimum, "maximum": param.maximum}
    for part, number in parts.items():
        if number is not None and not _fits(number.value, parameter):
            _report_param(argument, row, parameter, f"{part} {number.value:.17g}", report)
            return
    if parameter.is_integer and param.step is not None and param.step.value % 1:
        _report_param(argument, row, parameter, f"step {param.step.value:.17g}", report)


def _report_param(
    argument: syntax.Name, row: Row, parameter: Parameter, found: str, report: Report
) -> None:
    kind = "whole numbers" if parameter.is_integer else "numbers"
    report.error(
        "E3005",
        argument.span,
        f"{parameter.name} of {row.name}: expected {kind} in "
        f"{parameter.minimum:.0f}..{parameter.maximum:.0f}, found PARAM {argument.name} with "
        f"{found}",
        "change the PARAM's value or its range",
    )


def _check_together(
    call: syntax.Call,
    row: Row,
    values: list[ParamValue],
    params: dict[str, syntax.Param],
    report: Report,
) -> None:
    """Rules between parameters are the C core's; a PARAM counts with its default."""
    if len(values) < 2:
        return
    numbers = [params[each].value.value if isinstance(each, str) else each for each in values]
    why = refuse_params(row, numbers)
    if why is not None:
        report.error("E3005", call.span, why)
