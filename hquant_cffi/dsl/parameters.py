"""The values of an indicator's parameters: literals and PARAMs, each inside its range."""

from __future__ import annotations

from typing import TypeAlias

from hquant_cffi.dsl import syntax
from hquant_cffi.dsl.catalog import Parameter, Row, refuse_params
from hquant_cffi.dsl.diagnostics import Report
from hquant_cffi.dsl.names import Names

__all__ = ["ParamValue", "check_together", "check_value", "param_value", "report_no_param"]

# The value of a literal, or the name of a PARAM.
ParamValue: TypeAlias = float | str

# Rows whose parameter says how far back they look.
_BACK = frozenset({"LAG", "CHANGE", "VALUEWHEN"})


def param_value(
    call: syntax.Call,
    row: Row,
    parameter: Parameter,
    index: int | None,
    names: Names,
) -> ParamValue:
    params, report = names.params, names.report
    if index is None:
        return 0.0 if parameter.default is None else parameter.default
    argument = call.arguments[index].value
    if isinstance(argument, syntax.Number):
        if argument.value < 0 and row.name in _BACK:
            report.error(
                "E2019",
                argument.span,
                f"{row.name} cannot look ahead: expected a whole number from 0, found "
                f"{argument.value:.17g}",
                "n counts bars back: the future is not known",
            )
            return 0.0
        check_value(argument, f"{parameter.name} of {row.name}", parameter, report)
        return argument.value
    if isinstance(argument, syntax.Name) and argument.name in params:
        _check_param(argument, row, parameter, params[argument.name], report)
        return argument.name
    report_no_param(argument, row, parameter, names)
    return 0.0


def report_no_param(argument: syntax.Expr, row: Row, parameter: Parameter, names: Names) -> None:
    kind = "a whole number" if parameter.is_integer else "a number"
    hint = "a parameter is fixed for the whole run: PARAM p = 14 and then p"
    found = "an expression"
    if isinstance(argument, syntax.Name):
        found = f"the name {argument.name}"
        number = names.literal(argument.name)
        if number is not None:
            hint = f"make it a PARAM: PARAM {argument.name} = {number}"
    names.report.error(
        "E2012",
        argument.span,
        f"{parameter.name} of {row.name}: expected {kind} or a PARAM, found {found}",
        hint,
    )


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
        _nearest(number.value, parameter),
    )


def _nearest(value: float, parameter: Parameter) -> str:
    near = min(max(value, parameter.minimum), parameter.maximum)
    return f"write {near:.0f}" if parameter.is_integer else f"the nearest is {near:.17g}"


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
        "E3008",
        argument.span,
        f"{parameter.name} of {row.name}: expected {kind} in "
        f"{parameter.minimum:.0f}..{parameter.maximum:.0f}, found PARAM {argument.name} with "
        f"{found}",
        "change the PARAM's value or its range",
    )


def check_together(
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
        defaults = [each.default for each in row.params if each.default is not None]
        words = ", ".join(f"{each:g}" for each in defaults)
        report.error("E3007", call.span, why, f"such as {row.name}({words})")
