#pragma once

namespace kiloword::bench {

/// Billions of floating-point operations a second in one fp32 product of 2048 x 2048 matrices by oneDNN on
/// `threads` cores, one factor in oneDNN's layout before: what a network's linear layers could reach here.
double matrix_gflops(int threads);

}  // namespace kiloword::bench
