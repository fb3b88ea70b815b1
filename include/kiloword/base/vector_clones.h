#pragma once

/// Placed before a function, compiles it for several instruction sets; the loader picks the best for the
/// processor. Only with GCC on x86-64, and not under the thread sanitizer, whose runtime the selection would
/// call before it is loaded; otherwise the function is compiled once.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
#define KILOWORD_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KILOWORD_CLONES
#endif
