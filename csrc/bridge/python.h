/* Which Python compiles, and for how long it may. */
#ifndef HQ_BRIDGE_PYTHON_H
#define HQ_BRIDGE_PYTHON_H

#include <stddef.h>

/**
 * The interpreter: HQUANT_PYTHON; else that of the environment this library is installed in; else
 * the one recorded when it was built; else python3 on the PATH, of which relative folders are left out.
 * @param path      room for a path.
 * @param[out] why  why there is none, a constant text.
 * @return a path, relative only if HQUANT_PYTHON is; NULL when there is none.
 */
const char *hq_find_python(char *path, size_t size, const char **why);

/** What hq_find_python() looks for on the PATH. */
const char *hq_python_name(void);

/** HQUANT_COMPILE_TIMEOUT_MS or its default, ms; 0 when it is not a number of 1..3600000. */
int hq_compile_timeout_ms(void);

#endif
