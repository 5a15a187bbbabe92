# Compiler flags of everything that is built here: target `hq_flags`.
add_library(hq_flags INTERFACE)

# No contraction and no -march: the same bits on every machine. errno of maths functions is not read.
# Single values stay single: packed in pairs, a step's line would go through memory from bar to bar, three
# times as slow. Nobody reads exception flags: both sides of a choice may be computed.
# The nodes' chain (csrc/indicator/row.h) lives on tail calls, at every level of optimisation.
target_compile_options(hq_flags INTERFACE
  -ffp-contract=off -fno-math-errno -foptimize-sibling-calls -fno-tree-slp-vectorize
  -fno-trapping-math)

if(HQ_ASSERTS)
  target_compile_options(hq_flags INTERFACE -UNDEBUG)
endif()
if(HQ_WERROR)
  target_compile_options(hq_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Werror)
endif()
# What is watched is compiled in a third of the time at -O1, with no more of debugging than lines.
if(HQ_SANITIZE)
  target_compile_options(hq_flags INTERFACE -fsanitize=${HQ_SANITIZE} -fno-omit-frame-pointer
                                            -fno-sanitize-recover=all -O1 -g1)
  target_link_options(hq_flags INTERFACE -fsanitize=${HQ_SANITIZE})
endif()
