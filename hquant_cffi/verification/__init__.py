"""`verify`, its checks, a file each, and what they are made with.

`inputs` reads what a run is made from and cuts it, `rebuild` makes a `ledger`
of the fills, `compare` finds where two runs differ, `verdict` is what a check returns.
"""
