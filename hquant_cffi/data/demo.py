"""The series that ships with the package, so that everything can be tried without a download."""

from __future__ import annotations

from importlib.resources import as_file, files

from .bars import Bars
from .load import load


def load_sp500() -> Bars:
    """Daily bars of the S&P 500 index, 1999-01-04 to 2018-12-31.

    Returns
    -------
    Bars
        5,031 days. Prices are index points, volume is shares; the open time is the day's date at
        00:00 UTC.

    Notes
    -----
    The file is ``arch/data/sp500/sp500.csv.gz`` of the PyPI package ``arch`` 8.0.0 by Kevin
    Sheppard (NCSA licence), byte for byte; README.md beside it holds the notice. Its adjusted
    close, equal to the close for an index, is not used.
    """
    with as_file(files(__package__) / "sp500.csv.gz") as path:
        return load(path)
