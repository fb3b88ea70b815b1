#pragma once

/// Before a function: compiles it for each of several instruction sets; the loader picks the processor's
/// best. Compiles it once elsewhere than with GCC on x86-64, and under the thread sanitizer, whose run-time
/// library the choice would call before it is loaded.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
#define KILOWORD_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KILOWORD_CLONES
#endif
