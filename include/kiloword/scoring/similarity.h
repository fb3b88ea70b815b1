#pragma once

#include <cstdint>
#include <vector>

#include "kiloword/model/image_text_encoder.h"

namespace kiloword {

/// Cosines of one unit vector `query` [D] with every row of `embeddings` [L, D], in row order. Each sum is
/// formed in a fixed order: the result depends only on the two vectors.
std::vector<float> cosines(const float* query, const Embeddings& embeddings);

/// The same for each of `queries` [B, D]; reads `embeddings` once.
std::vector<std::vector<float>> cosines(const Embeddings& queries, const Embeddings& embeddings);

/// Scales `vector` [dim] to unit length; a zero vector stays zero.
void normalize_in_place(float* vector, int64_t dim);

}  // namespace kiloword
