#!/usr/bin/env bash
# Print the clang to fuzz with: `clang`, else the newest `clang-N`.
set -euo pipefail
command -v clang || command -v "$(compgen -c clang- | grep -x 'clang-[0-9]*' | sort -V | tail -1)"
