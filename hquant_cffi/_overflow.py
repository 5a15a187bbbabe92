"""What to say of Python numbers that no C number holds."""

from __future__ import annotations

from hquant_cffi._errors import ParameterError

__all__ = ["out_of_range", "shown"]


def shown(value: object) -> str:
    """A value for a message; Python itself refuses to write the longest ints."""
    if isinstance(value, int) and value.bit_length() > 256:
        return f"an int of {value.bit_length()} bits"
    return str(value)


def out_of_range(*, timestamp: object = 0, **numbers: object) -> ParameterError:
    """Return what names the argument that made a call of C fail with OverflowError."""
    for name, value in numbers.items():
        if isinstance(value, int) and abs(value) > 10**100:
            return ParameterError(
                f"{name}: expected a finite number within +-1e100, found {shown(value)}"
            )
    return ParameterError(f"timestamp: expected an int64, ms, found {shown(timestamp)}")
