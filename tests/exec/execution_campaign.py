"""Random runs: the C engine against the slow model and against the laws.

From the command line, `python tests/exec/execution_campaign.py TAPES [FIRST_SEED]` takes that many
tapes on all cores and ends with 1 when a run differs or a kind of event was too rare.
`python tests/exec/execution_campaign.py --seed N` shows all that is wrong with one.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from execution_laws import broken_laws
from execution_model import MissingFundingError, Outcome, model_backtest
from model_compare import differences
from random_runs import BARS, RandomRun, random_run

from hquant_cffi import backtest
from hquant_cffi._errors import ParameterError

#: The least share of the tapes on which each of these must happen.
SHARES = {"liquidation": 0.01, "ambiguous bar": 0.10, "reversal": 0.30, "partial or rejected": 0.05}

Engine = Callable[..., Any]


@dataclass
class Finding:
    """What a tape showed."""

    seed: int
    wrong: list[str] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)


def has_reversal(fills: Any) -> bool:
    """Whether one signal or order closed one side and opened the other."""
    names = ("symbol", "bar", "order", "side", "reason", "price")
    keys = [tuple(f[name] for name in names) for f in fills]
    return any(
        fills["is_opening"][i + 1] and not fills["is_opening"][i] and keys[i] == keys[i + 1]
        for i in range(len(keys) - 1)
    )


def reached(report: Any) -> list[str]:
    found = {
        "liquidation": report.liquidated,
        "ambiguous bar": report.ambiguous_bars > 0,
        "reversal": has_reversal(report.fills),
        "partial or rejected": report.partial_orders + report.rejected_orders > 0,
        "partial": report.partial_orders > 0,
        "fills": len(report.fills) > 0,
        **{f"reject {name}": count > 0 for name, count in report.rejects.items()},
    }
    return [name for name, happened in found.items() if happened]


def check(run: RandomRun, engine: Engine = backtest, model: Engine = model_backtest) -> Finding:
    """One run through the engine, the model and the laws."""
    found = Finding(run.seed)
    try:
        report = engine(run.data, **run.options)
    except ParameterError as error:
        report = error
    try:
        outcome: Outcome | None = model(run.data, **run.options)
    except MissingFundingError:
        outcome = None
    if isinstance(report, ParameterError) or outcome is None:
        if not isinstance(report, ParameterError) or outcome is not None:
            answers = f"the engine says {report!r}, the model has {outcome!r}"
            found.wrong.append(f"funding: {answers}"[:400])
        elif "funding" not in str(report):
            found.wrong.append(f"the engine refused: {report}")
        found.reached.append("missing funding")
        return found
    found.wrong += differences(report, outcome, run.options["capital"])
    found.wrong += broken_laws(report, run.data, run.options)
    found.wrong += truncation(run, report, engine)
    found.reached += reached(report)
    return found


def truncation(run: RandomRun, report: Any, engine: Engine) -> list[str]:
    """Cutting the data after a time changes nothing before it; asked of every tenth run."""
    if run.seed % 10:
        return []
    at = BARS * (1 + run.seed // 10 % 8) // 10
    end = int(report.time[at])
    if not _is_followed(run, end):
        return []
    data, options = {}, dict(run.options)
    for name, bars in run.data.items():
        data[name] = bars[: int(np.searchsorted(bars.timestamp, end, "right"))]
    for key in ("signals", "funding"):
        if options.get(key) is not None:
            options[key] = {name: options[key][name][: len(data[name])] for name in data}
    if options.get("finer") is not None:
        # What belongs to the last bar of all may belong to it in the cut run only.
        ends = {name: _next_time(run.data[name], end) for name in data}
        options["finer"] = {
            name: finer[: int(np.searchsorted(finer.timestamp, ends[name], "left"))]
            for name, finer in options["finer"].items()
        }
    # Of the groups only those that are there may be named: group 0 is none.
    kept = [o for o in options["orders"] if o.bar < len(data[o.symbol])]
    groups = {g: i for i, g in enumerate(dict.fromkeys([0, *(o.oco for o in kept)]))}
    options["orders"] = [replace(o, oco=groups[o.oco]) for o in kept]
    cut = engine(data, **options)
    # An order's index in the list moves when others are left out; its place in time does not.
    names = [name for name in report.fills.dtype.names if name != "order"]
    early = report.fills[report.fills["time"] <= end]
    wrong = []
    if not np.array_equal(early[names], cut.fills[names]):
        wrong.append(f"truncation at {end}: the fills before it changed")
    for name in ("equity", "drawdown", "margin", "position"):
        if not np.array_equal(getattr(report, name)[: len(cut.time)], getattr(cut, name)):
            wrong.append(f"truncation at {end}: {name} before it changed")
    return wrong


def _is_followed(run: RandomRun, end: int) -> bool:
    """Whether no finer bars of a gap would be told apart by the end of the data [P1]."""
    if run.options.get("finer") is None:
        return True
    for bars in run.data.values():
        row = int(np.searchsorted(bars.timestamp, end, "right"))
        gaps = np.diff(bars.timestamp)
        if 0 < row < len(bars) and gaps[row - 1] > gaps[gaps > 0].min():
            return False
    return True


def _next_time(bars: Any, time: int) -> float:
    later = bars.timestamp[bars.timestamp > time]
    return float(later[0]) if len(later) else float("inf")


def check_seed(seed: int) -> Finding:
    try:
        return check(random_run(seed))
    except Exception as error:  # a crash of either side is a finding as well
        return Finding(seed, [f"raised {error!r}"])


def too_rare(counts: Counter[str], tapes: int) -> list[str]:
    return [
        f"{name}: {counts[name]} of {tapes} tapes, expected {share:.0%}"
        for name, share in SHARES.items()
        if counts[name] < share * tapes
    ]


def tally(findings: Iterable[Finding], tapes: int) -> tuple[Counter[str], list[Finding]]:
    """Counts of tapes by what they reached, and the findings with something wrong."""
    counts: Counter[str] = Counter()
    wrong = []
    start = time.monotonic()
    for done, found in enumerate(findings, 1):
        counts.update(found.reached)
        if found.wrong:
            wrong.append(found)
            if len(wrong) == 1:
                show(found)
        if done % 500 == 0:
            print(f"{done:,} of {tapes:,} tapes, {time.monotonic() - start:.0f} s", flush=True)
    return counts, wrong


def show(found: Finding) -> None:
    print(f"tape {found.seed}:")
    for text in found.wrong[:10]:
        print(f"  {text}")
    command = ".venv/bin/python tests/exec/execution_campaign.py --seed"
    print(f"again: {command} {found.seed}", flush=True)


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--seed"]:
        found = check_seed(int(arguments[1]))
        show(found)
        return int(bool(found.wrong))
    tapes, first = int(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 0
    print(f"{tapes:,} tapes of {BARS} bars from seed {first}, {os.cpu_count()} cores", flush=True)
    with multiprocessing.Pool() as pool:
        seeds = range(first, first + tapes)
        counts, wrong = tally(pool.imap_unordered(check_seed, seeds, chunksize=20), tapes)
    for name, count in sorted(counts.items()):
        print(f"{name:<22} {count:>7,} tapes, {count / tapes:.1%}")
    rare = too_rare(counts, tapes)
    print(f"{len(wrong)} tapes with something wrong: {sorted(f.seed for f in wrong)[:20]}")
    print(*rare, sep="\n")
    return int(bool(wrong or rare))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
