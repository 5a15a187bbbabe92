"""The C engine against the slow model and the laws, on random tapes."""

from __future__ import annotations

from execution_campaign import check_seed, tally, too_rare
from random_runs import BARS

TAPES = 250


def test_random_runs_agree_with_the_model_and_keep_the_laws() -> None:
    assert BARS >= 500
    counts, wrong = tally((check_seed(seed) for seed in range(TAPES)), TAPES)
    shown = "\n".join(f"tape {f.seed}: {f.wrong[0]}" for f in wrong)
    assert not wrong, shown
    assert not too_rare(counts, TAPES)
