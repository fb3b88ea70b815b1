#pragma once

/// Before a function: compile it once for each of several instruction sets, of which the loader picks the
/// processor's best. Elsewhere than with GCC on x86-64: once; under the thread sanitizer too, which has its
/// run-time library called by the choice before it is there.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
#define KILOWORD_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KILOWORD_CLONES
#endif
