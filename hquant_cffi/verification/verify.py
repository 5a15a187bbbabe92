"""Proof that a backtest kept its rules, for a user's own strategy and data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from hquant_cffi._errors import ParameterError
from hquant_cffi._progress import Progress
from hquant_cffi.verification.accounting import check_accounting, check_trades
from hquant_cffi.verification.compare import digest
from hquant_cffi.verification.counts import check_counts
from hquant_cffi.verification.inputs import read_inputs
from hquant_cffi.verification.order import check_order
from hquant_cffi.verification.rebuild import rebuild
from hquant_cffi.verification.replay import check_replay
from hquant_cffi.verification.stream import check_stream, check_updates
from hquant_cffi.verification.truncation import check_truncation
from hquant_cffi.verification.verdict import Check, Failure, Verification

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hquant_cffi.backtest import StrategyLike
    from hquant_cffi.data.load import Source

__all__ = ["Check", "Failure", "Verification", "verify"]


def verify(
    data: Source | Mapping[str, Source],
    strategy: StrategyLike | Mapping[str, StrategyLike] | None = None,
    *,
    cuts: int | Literal["all"] | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    **options: Any,
) -> Verification:
    """Run a backtest and prove, from its results alone, that it kept the rules.

    truncation
        The data is really cut after a bar, and run again: signals, fills, curves and the trades
        that were closed by then are the same to the last bit; at the bars with a signal (`cuts`)
        and at 64 further ones.
    stream, updates
        An engine that is fed bar by bar gives every bar's signal; also when each bar comes wrong
        and is revised while it forms.
    replay
        Repeated, as bytecode, compiled anew, and in two threads at once, everything is the same.
    accounting, trades, counts
        Positions, cash, margins, equity and trades are rebuilt from the fills; counts add up.
    order
        No fill before its signal or order, none outside its bar but for slippage.

    Parameters
    ----------
    data, strategy
        As `backtest`.
    cuts : int or "all", optional
        At how many of the bars with a signal to cut, evenly spread. Left out: at every one, as long
        as the cut runs have 500 million bars or less in all; else at as many as that allows, and
        the verdict says how many.
    seed : int, optional
        Of the further cuts and of the revisions.
    progress : callable, optional
        Called with (cuts done, cuts in all). A true answer stops.
    **options
        Those of `backtest`, signals and orders included; `curves` is set.

    Returns
    -------
    Verification
        Its checks, each with its count and the first bar that breaks it; ``ok`` when none does.

    Raises
    ------
    ParameterError
        `cuts` is neither a number >= 0 nor "all".
    CancelledError
        `progress` asked for it.
    HQuantError
        What `backtest` raises for these inputs.

    Examples
    --------
    >>> from hquant_cffi import load_sp500, verify
    >>> verdict = verify(load_sp500()[:600], "IF RSI(14) < 30 THEN BUY STOP 5%", fee=0.0004)
    >>> verdict.ok, verdict["stream"].count
    (True, 600)
    """
    _check_cuts(cuts)
    options.pop("curves", None)
    inputs = read_inputs(data, strategy, options)
    report = inputs.run()
    ledger = rebuild(inputs, report)
    checks = (
        check_truncation(inputs, report, cuts, seed, progress),
        check_stream(inputs, report),
        check_updates(inputs, report, seed),
        check_replay(inputs, report),
        check_accounting(inputs, report, ledger),
        check_trades(inputs, report, ledger),
        check_counts(inputs, report),
        check_order(inputs, report, ledger),
    )
    return Verification(checks=checks, report=report, digest=digest(report))


def _check_cuts(cuts: object) -> None:
    if cuts is None or cuts == "all":
        return
    if not isinstance(cuts, int) or isinstance(cuts, bool) or cuts < 0:
        raise ParameterError(f"cuts: expected a number >= 0 or 'all', found {cuts!r}")
