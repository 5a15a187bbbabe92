"""``hquant explain``: what a code means, with an example and its repair."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from hquant_cffi.dsl.diagnostics import CODES
from hquant_cffi.dsl.explain import Page, explain

__all__ = ["explain_command"]


def explain_command(
    codes: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CODE]...", help="Such as E1001; none lists them all."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON array instead of text.")
    ] = False,
) -> None:
    """Explain the codes of errors and warnings."""
    pages = [explain(code) for code in codes or ()]
    if as_json:
        chosen = pages or [explain(code) for code in CODES]
        typer.echo(json.dumps([_to_dict(page) for page in chosen], indent=2))
    elif pages:
        typer.echo("\n\n\n".join(page.text() for page in pages))
    else:
        for code, title in CODES.items():
            typer.echo(f"{code}  {title}")


def _to_dict(page: Page) -> dict[str, str]:
    return {
        "code": page.code,
        "title": page.title,
        "text": page.prose,
        "broken": page.broken,
        "output": page.output,
        "repaired": page.repaired,
    }
