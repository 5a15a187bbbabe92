#ifndef HQ_BASE_VERSION_H
#define HQ_BASE_VERSION_H
#define HQ_VERSION "0.1.0"
#define HQ_ABI_VERSION 0u
#endif
