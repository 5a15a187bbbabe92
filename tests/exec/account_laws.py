"""Random calls on an account beside the exact one: what differs, what breaks, what was reached."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from math import isnan
from typing import Any

from exact_account import ExactAccount

from hquant_cffi._errors import LiquidatedError

Params = tuple[float, float, float, float, float, float]
CALLS = 600
TOLERANCE = 1e-9


@dataclass
class Walk:
    """One account's way through a random sequence of calls."""

    violations: list[str] = field(default_factory=list)
    reached: Counter[str] = field(default_factory=Counter)


def random_params(rng: random.Random) -> Params:
    maker, taker = rng.choice([(0.0, 0.0), (0.0002, 0.0005), (0.0, 0.001), (0.01, 0.02)])
    leverage = rng.choice([1.0, 2.5, 5.0, 10.0, 20.0])
    return (
        10 ** rng.uniform(1, 6),
        leverage,
        rng.choice([1.0, 0.001, 100.0]),
        maker,
        taker,
        rng.choice([0.0, 0.005, 0.02]),
    )


def walk(make: Callable[..., Any], seed: int, stop_at_first: bool = True) -> Walk:
    """Drive `make(*params)` and an ExactAccount through the same 600 calls."""
    rng = random.Random(seed)
    params = random_params(rng)
    account, model, found = make(*params), ExactAccount(*params), Walk()
    price = 10 ** rng.uniform(-2, 5)
    deepest = 0.0
    for number in range(CALLS):
        price *= rng.choice([1.0, 1.0, rng.uniform(0.985, 1.015), rng.uniform(0.9, 1.1)])
        name, arguments = random_call(rng, params, price)
        note(found.reached, model, name, arguments)
        was_dead = model.liquidated()
        answers = [outcome(account, name, arguments), outcome(model, name, arguments)]
        where = f"seed {seed}, call {number}: {name}{arguments}"
        if answers[0] != answers[1]:
            found.violations.append(f"{where}: raised {answers[0]}, expected {answers[1]}")
        found.violations += [f"{where}: {text}" for text in differences(account, model, price)]
        found.violations += [f"{where}: {text}" for text in broken_laws(account, params, price)]
        drawdown = account.result(price)["max_drawdown_rate"]
        if drawdown > deepest:
            found.violations.append(f"{where}: drawdown rose from {deepest} to {drawdown}")
        if not name.startswith("close"):  # closing what is flat does not mark
            deepest = drawdown
        found.reached["liquidation"] += model.liquidated() and not was_dead
        if found.violations and stop_at_first:
            break
    found.reached["survival"] += not model.liquidated()
    return found


def random_call(rng: random.Random, params: Params, price: float) -> tuple[str, tuple[Any, ...]]:
    margin = rng.choice([0.0, params[0] * rng.uniform(0, 0.2), params[0] * 2.0, 1e300])
    rate = rng.choice(params[3:5])
    kind = rng.choices(
        ["BUY", "SELL", "HOLD", "on_price", "open_long", "open_short", "close_long", "close_short"],
        [4, 4, 1, 6, 2, 2, 1, 1],
    )[0]
    if kind in ("BUY", "SELL", "HOLD"):
        return "apply_signal", (kind, price, margin)
    if kind == "on_price":
        return kind, (price,)
    return kind, (price, margin, rate) if kind.startswith("open") else (price, rate)


def note(reached: Counter[str], model: ExactAccount, name: str, arguments: tuple[Any, ...]) -> None:
    """Count what the call is about to do."""
    held = {side for side, lot in model.lots.items() if lot.units}
    action = arguments[0] if name == "apply_signal" else name
    side, other = {
        "BUY": ("long", "short"),
        "SELL": ("short", "long"),
        "open_long": ("long", ""),
        "open_short": ("short", ""),
    }.get(action, ("", ""))
    if model.liquidated() or not side:
        return
    margin = arguments[2] if name == "apply_signal" else arguments[1]
    reached["merge"] += side in held and margin > 0
    reached["reversal"] += other in held and margin > 0
    reached["hedge"] += len(held) == 2
    reached["clamp"] += margin > model.cash() > 0


def outcome(account: Any, name: str, arguments: tuple[Any, ...]) -> str:
    try:
        getattr(account, name)(*arguments)
    except LiquidatedError:
        return "LiquidatedError"
    return "nothing"


def differences(account: Any, model: ExactAccount, price: float) -> list[str]:
    """Every getter against the model's."""
    pairs = {
        name: (getattr(account, name)(), getattr(model, name)())
        for name in ("cash", "locked_margin", "fees", "realized_pnl", "liquidation_loss")
    }
    for at in (price, price * 1.01, price * 0.97):
        for name in ("equity", "total_notional", "maintenance_margin"):
            pairs[f"{name}({at})"] = getattr(account, name)(at), getattr(model, name)(at)
        mine, exact = account.result(at), model.result(at)
        pairs |= {f"result({at})[{key!r}]": (mine[key], exact[key]) for key in exact}
    # Money is known to 1e-9 of all that was ever at stake; a ratio, a price or a count to 1e-6.
    scale = float(model.start) + abs(model.realized_pnl()) + model.total_notional(price)
    wrong = [
        f"{name} is {mine}, exactly {exact}"
        for name, (mine, exact) in pairs.items()
        if abs(mine - exact) > TOLERANCE * scale / (float(model.start) if "rate'" in name else 1)
    ]
    if account.liquidated() != model.liquidated():
        wrong.append(f"liquidated is {account.liquidated()}")
    for side in ("long", "short"):
        value = model.contracts(side) * float(model.contract_size) * price
        if value <= TOLERANCE * scale:  # a position of a rounding's size may be there or not
            continue
        for name in ("contracts", "entry_price"):
            mine, exact = getattr(account, name)(side), getattr(model, name)(side)
            if isnan(mine) or abs(mine / exact - 1) > TOLERANCE * scale / value:
                wrong.append(f"{name}({side}) is {mine}, exactly {exact}")
    return wrong


def broken_laws(account: Any, params: Params, price: float) -> list[str]:
    """What must hold without any model."""
    start = params[0]
    left = start + account.realized_pnl() - account.fees() - account.liquidation_loss()
    right = account.cash() + account.locked_margin()
    scale = start + abs(account.realized_pnl()) + account.fees()
    before = [account.cash(), account.result(price)]
    account.result(price * 0.01), account.result(price * 100)
    result = account.result(price)
    laws = {
        "the books balance": abs(left - right) <= 1e-12 * scale,
        "equity >= 0": account.equity(price) >= 0,
        "drawdown in -1..0": -1 <= result["max_drawdown_rate"] <= 0,
        "cash >= 0 when flat": account.locked_margin() > 0 or account.cash() >= 0,
        "result changes nothing": before == [account.cash(), result],
        "liquidated means empty": not account.liquidated() or right == 0,
    }
    return [f"broken law: {law}" for law, holds in laws.items() if not holds]
