/* The standard headers, or what a compiler for CUDA kernels has built in. */
#ifndef PORTABLE_H
#define PORTABLE_H
#ifdef __CUDACC_RTC__
typedef unsigned char uint8_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
#else
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#endif
#endif
