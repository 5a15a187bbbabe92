"""A status becomes the right exception, with the message that the core left."""

from __future__ import annotations

import pytest

from hquant_cffi import _errors
from hquant_cffi._ffi import _EXCEPTIONS, check, last_error, lib


def test_ok_raises_nothing() -> None:
    check(lib.HQ_OK)


def test_every_failing_status_has_its_exception() -> None:
    codes = {getattr(lib, name) for name in dir(lib) if name.startswith("HQ_E")}
    codes -= {lib.HQ_OK}
    assert set(_EXCEPTIONS) == codes


def test_every_error_is_also_a_builtin_one() -> None:
    for name in _errors.__all__:
        kind = getattr(_errors, name)
        builtin = kind.__bases__[-1]
        assert builtin.__module__ == "builtins"
        assert issubclass(kind, _errors.HQuantError)


def test_check_carries_the_message_of_the_core() -> None:
    assert lib.hquant_new(0) == lib.hquant_new(0)  # NULL both times
    with pytest.raises(ValueError, match="capacity") as caught:
        check(lib.HQ_EINVAL)
    assert type(caught.value) is _errors.ParameterError


def test_check_does_not_take_an_older_message_for_its_own() -> None:
    lib.hquant_new(0)
    with pytest.raises(MemoryError, match="^out of memory$"):
        check(lib.HQ_ENOMEM)


def test_last_error_names_the_failure() -> None:
    lib.hquant_new(0)
    assert isinstance(last_error(), _errors.ParameterError)
