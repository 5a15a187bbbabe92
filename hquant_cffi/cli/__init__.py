"""The command ``hquant``.

Answers go to standard output, everything else to standard error. Exit codes: 0 done, 1 the input
is at fault (one message says how), 2 the command line is, 130 interrupted. `verify` keeps 1 for
a check that does not hold, and answers 2 where the input is at fault.
"""

from __future__ import annotations

from typing import Annotated

import typer

from hquant_cffi.cli import (
    _backtest,
    _check,
    _explain,
    _fmt,
    _info,
    _program,
    _run,
    _sweep,
    _verify,
    _walk_forward,
)
from hquant_cffi.cli._errors import Commands

__all__ = ["app"]

app = typer.Typer(
    cls=Commands,
    help="Market data, indicators, text strategies and futures backtests on one C core.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_info.print_version, help="Print the version."
        ),
    ] = False,
) -> None:
    pass


app.command("backtest")(_backtest.backtest_command)
app.command("run")(_run.run_command)
app.command("sweep")(_sweep.sweep_command)
app.command("walk-forward")(_walk_forward.walk_forward_command)
app.command("verify")(_verify.verify_command)
app.command("demo")(_backtest.demo_command)
app.command("check")(_check.check_command)
app.command("fmt")(_fmt.fmt_command)
app.command("explain")(_explain.explain_command)
app.command("compile")(_program.compile_command)
app.command("disasm")(_program.disasm_command)
app.command("indicators")(_info.indicators_command)
app.command("config")(_info.config_command)
