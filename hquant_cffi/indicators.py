"""The table of indicators, and each indicator as a function over whole columns.

``indicators.sma(close, 20)`` takes the same steps bar by bar as an engine does, so the results are
equal to the last bit. The functions are made from the C core's table, with which `table` answers.

Examples
--------
>>> from hquant_cffi import indicators
>>> indicators.sma([1, 2, 3, 4, 5], 3)
array([nan, nan,  2.,  3.,  4.])
>>> indicators.boll([1, 2, 3, 4, 5], 3, k=0).upper
array([nan, nan,  2.,  3.,  4.])
"""

from __future__ import annotations

from hquant_cffi._indicator_functions import function, result_name, result_type
from hquant_cffi._indicator_table import (
    Indicator,
    IndicatorInput,
    IndicatorParam,
    Mode,
    find,
    table,
)

__all__ = ["Indicator", "IndicatorInput", "IndicatorParam", "Mode", "find", "table"]

# Type checkers read indicators.pyi instead, which scripts/generate_stubs.py makes.
for _row in table():
    _result = result_type(_row)
    if _result is not None:
        globals()[result_name(_row)] = _result
        __all__ += [result_name(_row)]
    globals()[_row.name.lower()] = function(_row, _result)
    __all__ += [_row.name.lower()]
