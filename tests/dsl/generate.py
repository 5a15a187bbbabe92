"""Random valid programs: every construct of the language, in random spelling."""

from __future__ import annotations

from random import Random

SERIES = ["open", "high", "low", "close", "volume", "buy_volume", "hl2", "hlc3", "ohlc4"]
PERIODS = ["5m", "15m", "1h"]
LENGTH_PARAM, LEVEL_PARAM = "length", "level"

# Precedence, loosest first: what stands inside something tighter needs parentheses.
OR, AND, NOT, COMPARISON, SUM, PRODUCT, SIGN, ATOM = range(8)


def random_program(rng: Random, *, timeframes: bool = False) -> str:
    """Write a program.

    Parameters
    ----------
    rng : Random
        The same state gives the same program.
    timeframes : bool
        Whether it may read higher timeframes (5m, 15m, 1h).

    Returns
    -------
    str
        It compiles, needs at most 40 bars of warm-up for most of its parts, and has no clauses.
    """
    return _Writer(rng, timeframes).program()


class _Writer:
    def __init__(self, rng: Random, timeframes: bool) -> None:
        self.rng = rng
        self.timeframes = timeframes
        self.params: list[str] = []
        self.numbers: list[str] = []
        self.conditions: list[str] = []
        self.is_inside_period = False

    def program(self) -> str:
        rng = self.rng
        lines: list[str] = []
        if rng.random() < 0.5:
            lines.append(f"PARAM {LENGTH_PARAM} = {rng.randint(2, 9)} IN 2..9 STEP 1")
            self.params.append(LENGTH_PARAM)
        if rng.random() < 0.3:
            lines.append(f"{self.word('PARAM')} {LEVEL_PARAM} = {rng.uniform(0, 3):.3f}")
            self.params.append(LEVEL_PARAM)
        for i in range(rng.randint(0, 3)):
            lines.append(f"x{i} = {self.number(3, SUM)}")
            self.numbers.append(f"x{i}")
        if rng.random() < 0.3:
            period = f"@{rng.choice(PERIODS)}" if self.timeframes and rng.random() < 0.3 else ""
            lines.append(f"bands = BOLL({self.length()}, 2){period}")
            self.numbers += ["bands.upper", "bands.MID", "bands.lower", "bands"]
        for i in range(rng.randint(0, 2)):
            lines.append(f"is_{i} = {self.condition(2, OR)}")
            self.conditions.append(f"is_{i}")
        for _ in range(rng.randint(1, 4)):
            action = self.word(rng.choice(["BUY", "SELL", "HOLD"])) + rng.choice(["", "()"])
            condition = self.condition(3, OR)
            lines.append(f"{self.word('IF')} {condition} {self.word('THEN')} {action}")
        return "".join(self.ended(line) for line in lines)

    # ---------------------------------------------------------------- numbers

    def number(self, depth: int, level: int) -> str:
        """An expression that depends on the bars."""
        rng = self.rng
        if depth == 0:
            return self.leaf()
        kind = rng.random()
        if kind < 0.25:
            return self.leaf()
        if kind < 0.5:
            op, own = rng.choice([("+", SUM), ("-", SUM), ("*", PRODUCT), ("/", PRODUCT)])
            left = self.number(depth - 1, own)
            right = self.operand(depth - 1, own + 1)
            return self.wrapped(f"{left}{self.gap()}{op}{self.gap()}{right}", own, level)
        if kind < 0.55:
            return self.wrapped(f"-{self.number(depth - 1, SIGN)}", SIGN, level)
        if kind < 0.65:
            return f"{self.number(depth - 1, ATOM)}[{rng.randint(0, 4)}]"
        return self.call(depth - 1)

    def operand(self, depth: int, level: int) -> str:
        """A number that may be a constant."""
        if self.rng.random() < 0.3:
            return self.constant()
        return self.number(depth, level)

    def constant(self) -> str:
        rng = self.rng
        if self.params and rng.random() < 0.3:
            return rng.choice(self.params)
        return rng.choice([str(rng.randint(0, 9)), f"{rng.uniform(0, 3):.2f}", ".5", "3e1"])

    def leaf(self) -> str:
        rng = self.rng
        if self.numbers and not self.is_inside_period and rng.random() < 0.3:
            return rng.choice(self.numbers)
        series = self.word(rng.choice(SERIES))
        if self.timeframes and not self.is_inside_period and rng.random() < 0.3:
            series += f"@{rng.choice(PERIODS)}"
        return series

    def call(self, depth: int) -> str:
        """A call that gives a number, now and then on a higher timeframe."""
        if not self.timeframes or self.is_inside_period or self.rng.random() < 0.7:
            return self.plain_call(depth)
        self.is_inside_period = True
        text = f"{self.plain_call(depth)}@{self.rng.choice(PERIODS)}"
        self.is_inside_period = False
        return text

    def plain_call(self, depth: int) -> str:
        rng = self.rng
        kind = rng.choice(
            ["window", "window", "window", "bands", "macd", "range", "operator", "since", "when"]
        )
        if kind == "window":
            names = ["SMA", "EMA", "STDDEV", "RSI", "HIGHEST", "LOWEST", "SUM", "CHANGE", "LAG"]
            name = rng.choice(names)
            keyword = "period" if name in ("SMA", "EMA", "STDDEV", "RSI") else "n"
            return f"{self.word(name)}({self.windowed(depth, keyword)})"
        if kind == "bands":
            output = rng.choice(["", ".upper", ".mid", ".lower"])
            k = rng.choice(["", ", 2", ", k=1.5"])
            return f"BOLL({self.number(depth, OR)}, {self.length()}{k}){output}"
        if kind == "macd":
            fast = rng.randint(1, 6)
            output = rng.choice(["", ".macd", ".signal", ".hist"])
            arguments = f"{fast}, {fast + rng.randint(1, 6)}, signal={rng.randint(1, 5)}"
            return f"MACD({self.number(depth, OR)}, {arguments}){output}"
        if kind == "range":
            return rng.choice(["TR()", f"ATR({self.length()})", f"atr(period={self.length()})"])
        if kind == "since":
            return f"BARSSINCE({self.condition(depth, OR)})"
        if kind == "when":
            k = rng.choice(["", ", 1", ", k=2"])
            return f"VALUEWHEN({self.condition(depth, OR)}, {self.operand(depth, OR)}{k})"
        name = rng.choice(["ABS", "SQRT", "LOG", "MIN", "MAX", "NZ"])
        arguments = self.number(depth, OR)
        if name in ("MIN", "MAX") or (name == "NZ" and rng.random() < 0.5):
            arguments += f", {self.operand(depth, OR)}"
        return f"{self.word(name)}({arguments})"

    def windowed(self, depth: int, keyword: str) -> str:
        """Input and length of a windowed function, in one of the ways to write them."""
        rng = self.rng
        kind = rng.random()
        if kind < 0.3:
            return self.length()
        if kind < 0.6:
            return f"{self.number(depth, OR)},{self.gap()}{self.length()}"
        if kind < 0.8:
            return f"{self.number(depth, OR)}, {self.word(keyword)}={self.length()}"
        return f"FIELD={self.number(depth, OR)}, PERIOD={self.length()}"

    def length(self) -> str:
        if LENGTH_PARAM in self.params and self.rng.random() < 0.3:
            return LENGTH_PARAM
        return str(self.rng.randint(1, 9))

    # ------------------------------------------------------------- conditions

    def condition(self, depth: int, level: int) -> str:
        rng = self.rng
        kind = rng.random()
        if depth > 0 and kind < 0.4:
            word, own = rng.choice([("OR", OR), ("AND", AND)])
            left = self.condition(depth - 1, own)
            right = self.condition(depth - 1, own + 1)
            return self.wrapped(f"{left} {self.word(word)} {right}", own, level)
        if depth > 0 and kind < 0.5:
            word = rng.choice(["NOT ", "not ", "!"])
            return self.wrapped(f"{word}{self.condition(depth - 1, NOT)}", NOT, level)
        if self.conditions and not self.is_inside_period and kind < 0.6:
            return rng.choice(self.conditions)
        if depth > 0 and kind < 0.75:
            return self.crossing(depth - 1)
        op = rng.choice(["<", "<=", ">", ">=", "==", "!="])
        left = self.number(depth, SUM)
        right = self.operand(depth, SUM)
        return self.wrapped(f"{left}{self.gap()}{op}{self.gap()}{right}", COMPARISON, level)

    def crossing(self, depth: int) -> str:
        rng = self.rng
        if rng.random() < 0.4:
            name = rng.choice(["RISING", "FALLING"])
            return f"{self.word(name)}({self.number(depth, OR)}, {rng.randint(1, 3)})"
        name = rng.choice(["CROSSOVER", "CROSSUNDER", "CROSS"])
        return f"{self.word(name)}({self.number(depth, OR)}, {self.operand(depth, OR)})"

    # --------------------------------------------------------------- spelling

    def word(self, word: str) -> str:
        return self.rng.choice([word, word, word.lower(), word.title()])

    def gap(self) -> str:
        return self.rng.choice([" ", " ", "", "\t"])

    def wrapped(self, text: str, own: int, level: int) -> str:
        """In parentheses where the grammar wants them, and sometimes where it does not."""
        if own >= level and self.rng.random() < 0.9:
            return text
        inside = self.rng.choice(["", "", " ", "\n  ", " # why\n"])
        return f"({inside}{text}{inside})"

    def ended(self, line: str) -> str:
        return line + self.rng.choice(["\n", "\n", "\r\n", "  # note: IF THEN\n", "\n\n"])
