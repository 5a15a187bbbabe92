"""Searching PARAMs with optuna: ask for a batch, sweep it, tell what came out.

    python examples/optuna_search.py                 # on the S&P 500 series that is shipped
    python examples/optuna_search.py FILE.csv.gz     # on your own candles

The search is optuna's, at random first and then by TPE; a batch of its suggestions is one call of
`sweep`, which runs them in parallel. Needs ``pip install optuna``.
"""

from __future__ import annotations

import sys

import optuna

from hquant_cffi import Bars, Strategy, load, load_sp500, sweep

STRATEGY = Strategy.compile("""
PARAM fast = 20 IN 5..100
PARAM slow = 100 IN 20..300
PARAM loss = 5 IN 1..20

IF CROSSOVER(EMA(close, fast), EMA(close, slow)) THEN BUY STOP loss%
IF CROSSUNDER(EMA(close, fast), EMA(close, slow)) THEN SELL STOP loss%
""")
BATCH = 16
FEE = 0.0004


def suggest(trial: optuna.Trial) -> dict[str, float]:
    """A value for each PARAM, inside its range: whole lengths, any loss."""
    return {
        "fast": trial.suggest_int("fast", 5, 100),
        "slow": trial.suggest_int("slow", 20, 300),
        "loss": trial.suggest_float("loss", 1, 20),
    }


def search(
    bars: Bars, sampler: optuna.samplers.BaseSampler, batches: int
) -> optuna.Study:
    """Ask for batches of trials, run each as one sweep, and tell their Sharpe ratios."""
    study = optuna.create_study(direction="maximize", sampler=sampler)
    for _ in range(batches):
        trials = [study.ask() for _ in range(BATCH)]
        grid = [suggest(trial) for trial in trials]
        found = sweep(bars, STRATEGY, grid=grid, fee=FEE, n_jobs=-1)
        for trial, sharpe in zip(trials, found.table["sharpe"].tolist(), strict=True):
            if sharpe == sharpe:
                study.tell(trial, sharpe)
            else:  # no trade, so nothing to divide by
                study.tell(trial, state=optuna.trial.TrialState.FAIL)
    return study


def main() -> None:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    bars = load(sys.argv[1]) if len(sys.argv) > 1 else load_sp500()
    for sampler in (
        optuna.samplers.RandomSampler(seed=1),
        optuna.samplers.TPESampler(seed=1, n_startup_trials=2 * BATCH),
    ):
        study = search(bars, sampler, batches=8)
        best = ", ".join(f"{name}={value:g}" for name, value in study.best_params.items())
        name = type(sampler).__name__
        print(f"{name:<14}{len(study.trials)} trials, best sharpe {study.best_value:.3f} at {best}")


if __name__ == "__main__":
    main()
