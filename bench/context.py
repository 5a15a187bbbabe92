"""What every workload is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from limits import Limits, UnavailableError, build_limits
from output import Output
from peers import Peer
from race import Goal, Race, Runner, race

__all__ = ["Bench", "find_limits"]


@dataclass(frozen=True)
class Bench:
    """Where to write, whom to compare with, how long, and where programs are built."""

    output: Output
    peers: list[Peer]
    limits: Limits | None
    how: Race
    short: bool  # small inputs, one round: whether all agree, not how fast
    programs: Path

    def who_can(self, what: str) -> Iterator[Peer]:
        """Return the peers that take part in a workload."""
        return (peer for peer in self.peers if peer.can(what))

    def compare(
        self,
        name: str,
        runners: Sequence[Runner],
        *,
        input: str,
        unit: str,
        goals: Sequence[Goal] = (),
    ) -> None:
        """Time runners side by side; in short form run each once."""
        if not self.short:
            self.output.times(name, input, unit, race(runners, self.how), goals)
            return
        for runner in runners:
            runner.work()
        self.output.say(f"{name}, {input}: {', '.join(each.name for each in runners)}")

    def size(self, full: int, short: int) -> int:
        """Return the bars of an input."""
        return short if self.short else full


def find_limits(output: Output, folder: Path) -> Limits | None:
    """Build the frozen loops; say why where they cannot be."""
    try:
        return build_limits(folder)
    except UnavailableError as error:
        output.skipped("limits", str(error))
        return None
