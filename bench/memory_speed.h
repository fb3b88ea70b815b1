#pragma once

namespace kiloword::bench {

/// Billions of bytes a second that `threads` threads together read from memory: what bounds a product of a
/// few rows with a large weight matrix.
double memory_gigabytes(int threads);

}  // namespace kiloword::bench
