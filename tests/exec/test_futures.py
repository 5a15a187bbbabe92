"""FuturesBacktest from Python: the seed's calls, every further one, and what each refuses."""

from __future__ import annotations

import math
import threading

import pytest

from hquant_cffi._errors import ClosedError, LiquidatedError, ParameterError
from hquant_cffi._ffi import ffi
from hquant_cffi.futures import FuturesBacktest, Side

R = 1 / 1024  # a fee rate that binary floating point holds exactly


def make(
    cash: float = 1000, leverage: float = 10, taker: float = 0, mm: float = 0
) -> FuturesBacktest:
    return FuturesBacktest(cash, leverage, 1, 0, taker, mm)


def state(account: FuturesBacktest) -> list[str]:
    """All that the account can tell, bit for bit: the peak shows in the fall to other prices.

    The C test compares the struct's bytes.
    """
    numbers = [
        account.cash(),
        account.locked_margin(),
        account.fees(),
        account.realized_pnl(),
        account.liquidation_loss(),
        account.max_open_margin(0),
    ]
    sides: tuple[Side, Side] = ("long", "short")
    for side in sides:
        numbers += [account.contracts(side), account.entry_price(side)]
    for price in (1e-9, 64, 1e9):
        numbers += [float(value) for value in account.result(price).values()]
    return [float(number).hex() for number in numbers]


def test_layouts_are_those_of_the_specification() -> None:
    assert ffi.sizeof("BacktestParams") == 48
    assert ffi.sizeof("BacktestResult") == 40
    assert ffi.offsetof("BacktestResult", "liquidated") == 32


def test_seeds_constructor_takes_its_names() -> None:
    account = FuturesBacktest(
        initial_margin=1000,
        leverage=10,
        contract_size=0.5,
        maker_fee_rate=0.0002,
        taker_fee_rate=0.0004,
        maintenance_margin_rate=0.005,
    )
    assert account.cash() == 1000


def test_signal_in_any_case_trades_and_result_has_the_seeds_keys() -> None:
    account = make(taker=R)
    account.apply_signal("buy", 64, 128)  # 1280 of notional, 20 units, fee 1.25
    assert account.result(66) == {
        "equity": 1038.75,  # 1000 - 1.25 + 2 * 20
        "profit": 38.75,
        "profit_rate": 0.03875,
        "max_drawdown_rate": -0.00125,
        "liquidated": False,
    }
    account.apply_signal("Sell", 64, 0)
    assert account.cash() == 997.5  # the taker fee on both legs
    account.apply_signal("HOLD", 64, 0)
    assert account.cash() == 997.5


def test_every_getter_on_a_position_worked_out_by_hand() -> None:
    account = FuturesBacktest(1000, 10, 0.5, 0, 0, 0.0625)
    account.open_long(64, 128, R)  # 20 units, 40 contracts, fee 1.25
    assert (account.cash(), account.locked_margin(), account.fees()) == (870.75, 128, 1.25)
    assert (account.contracts("long"), account.contracts("short")) == (40, 0)
    assert account.entry_price("long") == 64 and math.isnan(account.entry_price("short"))
    assert (account.total_notional(66), account.maintenance_margin(66)) == (1320, 82.5)
    assert account.equity(66) == 1038.75
    assert account.max_open_margin(0) == 870.75
    account.close_long(66, 0)
    assert (account.realized_pnl(), account.cash()) == (40, 1038.75)
    account.open_short(64, 64, 0)  # 10 units
    account.close_short(60, 0)
    assert account.realized_pnl() == 80
    assert not account.liquidated() and account.liquidation_loss() == 0


def liquidated_account() -> FuturesBacktest:
    account = make(48, 2, mm=0.25)
    account.open_long(48, 48, 0)  # 2 units: equity 2p - 48, maintenance p / 2
    account.on_price(30)
    return account


def test_liquidated_account_is_silent_to_signals_and_refuses_orders() -> None:
    account = liquidated_account()
    assert account.liquidated() and account.liquidation_loss() == 12
    assert account.result(100) == {
        "equity": 0,
        "profit": -48,
        "profit_rate": -1,
        "max_drawdown_rate": -1,
        "liquidated": True,
    }
    before = state(account)
    account.apply_signal("BUY", 100, 10)
    account.on_price(100)
    for trade in (account.open_long, account.open_short):
        with pytest.raises(LiquidatedError):
            trade(100, 1, 0)
    for close in (account.close_long, account.close_short):
        with pytest.raises(LiquidatedError):
            close(100, 0)
    assert state(account) == before


BAD_PRICES = [math.nan, math.inf, -math.inf, 0.0, -0.0, -1.0, 1e101]
BAD_AMOUNTS = [math.nan, math.inf, -math.inf, -1.0, -5e-324]


@pytest.mark.parametrize("price", BAD_PRICES)
def test_bad_price_raises_and_changes_not_one_byte(price: float) -> None:
    account = make()
    account.open_long(64, 128, R)
    before = state(account)
    calls = [
        lambda: account.apply_signal("BUY", price, 1),
        lambda: account.apply_signal("HOLD", price, 1),
        lambda: account.on_price(price),
        lambda: account.open_long(price, 1, 0),
        lambda: account.open_short(price, 1, 0),
        lambda: account.close_long(price, 0),
        lambda: account.close_short(price, 0),
        lambda: account.equity(price),
        lambda: account.total_notional(price),
        lambda: account.maintenance_margin(price),
        lambda: account.result(price),
    ]
    for call in calls:
        with pytest.raises(ParameterError, match="price must be a finite number > 0"):
            call()
    assert state(account) == before


@pytest.mark.parametrize("amount", BAD_AMOUNTS)
def test_bad_margin_or_rate_raises_and_changes_not_one_byte(amount: float) -> None:
    account = make()
    account.open_long(64, 128, R)
    before = state(account)
    with pytest.raises(ParameterError, match="margin must be"):
        account.apply_signal("BUY", 64, amount)
    with pytest.raises(ParameterError, match="margin must be"):
        account.open_short(64, amount, 0)
    with pytest.raises(ParameterError, match="fee_rate must be"):
        account.open_short(64, 1, amount)
    with pytest.raises(ParameterError, match="fee_rate must be"):
        account.close_long(64, amount)
    with pytest.raises(ParameterError, match="fee_rate must be"):
        account.max_open_margin(amount)
    assert state(account) == before


@pytest.mark.parametrize("action", ["", "BUYY", "1", "LONG", 1, None, b"BUY"])
def test_unknown_action_raises_and_changes_not_one_byte(action: str) -> None:
    account = make()
    before = state(account)
    with pytest.raises(ParameterError, match="expected 'BUY', 'SELL' or 'HOLD'"):
        account.apply_signal(action, 64, 1)
    assert state(account) == before


def test_position_beyond_what_can_be_held_is_refused() -> None:
    account = make()
    before = state(account)
    with pytest.raises(ParameterError, match="quantity"):
        account.open_long(1e-300, 1, 0)
    assert state(account) == before
    with pytest.raises(ParameterError, match="quantity"):
        account.apply_signal("BUY", 1e-300, 1)
    assert account.contracts("long") == 0 and account.cash() == 1000


def test_unknown_side_is_refused() -> None:
    account = make()
    for side in ("LONG", "", 1, None):
        with pytest.raises(ParameterError, match="'long' or 'short'"):
            account.contracts(side)  # type: ignore[arg-type]


NAMES = (
    "initial_margin",
    "leverage",
    "contract_size",
    "maker_fee_rate",
    "taker_fee_rate",
    "maintenance_margin_rate",
)


@pytest.mark.parametrize("name", NAMES)
def test_bad_parameter_is_refused_by_name(name: str) -> None:
    good = dict(zip(NAMES, (1000.0, 10.0, 1.0, 0.0, 0.0, 0.0), strict=True))
    least = {"initial_margin": 0.0, "leverage": 0.5, "contract_size": 0.0}.get(name, -1e-9)
    for bad in (math.nan, math.inf, -math.inf, 1e101, -1.0, least):
        with pytest.raises(ParameterError, match=f"^{name} must be a finite number"):
            FuturesBacktest(**{**good, name: bad})


def test_closed_account_raises_from_every_method() -> None:
    with make() as account:
        pass
    account.close()
    methods = [name for name in vars(FuturesBacktest) if not name.startswith("_")]
    arguments = {
        "apply_signal": ("BUY", 1, 1),
        "open_long": (1, 1, 0),
        "open_short": (1, 1, 0),
        "close_long": (1, 0),
        "close_short": (1, 0),
        "max_open_margin": (0,),
        "contracts": ("long",),
        "entry_price": ("long",),
    }
    needs_price = {"on_price", "result", "equity", "total_notional", "maintenance_margin"}
    assert len(methods) == 19
    for name in methods:
        with pytest.raises(ClosedError):
            getattr(account, name)(*arguments.get(name, (1,) if name in needs_price else ()))
    with pytest.raises(ClosedError), account:
        pass


def test_accounts_on_threads_do_not_share_state() -> None:
    cash: dict[int, float] = {}

    def trade(seed: int) -> None:
        account = make(1000 + seed)
        for step in range(2000):
            account.apply_signal("BUY" if step % 2 else "SELL", 50 + (step * seed) % 3, 10)
        cash[seed] = account.cash()

    threads = [threading.Thread(target=trade, args=(seed,)) for seed in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together = dict(cash)
    for seed in range(1, 5):
        trade(seed)
    assert cash == together and len(set(cash.values())) == 4
