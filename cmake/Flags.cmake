# Compiler flags of everything that is built here: target `hq_flags`.
add_library(hq_flags INTERFACE)

# No contraction and no -march: the same bits on every machine. errno of maths functions is not read.
# The nodes' chain (csrc/indicator/row.h) lives on tail calls, at every level of optimisation.
target_compile_options(hq_flags INTERFACE
  -ffp-contract=off -fno-math-errno -foptimize-sibling-calls)

if(HQ_ASSERTS)
  target_compile_options(hq_flags INTERFACE -UNDEBUG)
endif()
if(HQ_WERROR)
  target_compile_options(hq_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Werror)
endif()
if(HQ_SANITIZE)
  target_compile_options(hq_flags INTERFACE -fsanitize=${HQ_SANITIZE} -fno-omit-frame-pointer
                                            -fno-sanitize-recover=all -g)
  target_link_options(hq_flags INTERFACE -fsanitize=${HQ_SANITIZE})
endif()
