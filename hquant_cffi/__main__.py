"""``python -m hquant_cffi``: the same as the command ``hquant``."""

from hquant_cffi.cli import app

if __name__ == "__main__":
    app(prog_name="hquant")
