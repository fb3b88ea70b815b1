#pragma once

#include <cstdint>
#include <vector>

namespace kiloword {

/// One head of scaled dot-product attention over fp32 rows in memory.
/// Row i of a matrix starts at `pointer + i * stride`; every row has `dim` values, contiguous.
struct AttentionHead {
  const float* query = nullptr;
  const float* key = nullptr;
  const float* value = nullptr;
  float* out = nullptr;
  int64_t query_stride = 0;
  int64_t key_stride = 0;  ///< also of value
  int64_t out_stride = 0;
  int64_t queries = 0;
  int64_t keys = 0;
  int64_t dim = 0;
  bool causal = false;  ///< query i sees keys 0..i
};

/// out = softmax(query key^T / sqrt(dim)) value. `scratch` grows as needed and may be reused between calls.
void attend(const AttentionHead& head, std::vector<float>& scratch);

/// One query of multi-head attention over chosen rows of fp32 matrices in memory.
struct PathAttention {
  const float* query = nullptr;  ///< heads * dim values
  const float* keys = nullptr;   ///< row i starts at `keys + i * stride`
  const float* values = nullptr;
  float* out = nullptr;  ///< heads * dim values
  int64_t stride = 0;
  const int32_t* path = nullptr;  ///< indices of the rows to attend to, [count]
  int64_t count = 0;
  int64_t heads = 0;
  int64_t dim = 0;
};

/// out = softmax(query key^T / sqrt(dim)) value in every head. `scratch` as above.
void attend_path(const PathAttention& attention, std::vector<float>& scratch);

/// x = x * sigmoid(1.702 x) for `count` values (GELU's approximation in OpenAI's CLIP).
void quick_gelu(float* x, int64_t count);

/// x = x/2 * (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) for `count` values (GELU's approximation in GPT-2).
void tanh_gelu(float* x, int64_t count);

/// Converts `count` bfloat16 values to fp32, exactly.
void widen(const uint16_t* from, int64_t count, float* to);

/// Converts `count` fp32 values to bfloat16, rounding ties to even. NaN is preserved.
void narrow(const float* from, int64_t count, uint16_t* to);

/// to += from, with bfloat16 `from` and fp32 `to`.
void add_bf16(const uint16_t* from, int64_t count, float* to);

/// out = x / sqrt(mean(x^2) + epsilon) * weight, of `count` values each.
void rms_norm(const float* x, const float* weight, float epsilon, int64_t count, float* out);

/// out = gate * sigmoid(gate) * up, of `count` values each (SwiGLU: Shazeer 2020).
void gate_row(const float* gate, const float* up, int64_t count, float* out);

/// Quantisation of a row: value = scale * (level - zero), with levels from 0 to 255.
struct Int8Row {
  float scale = 0;
  int32_t zero = 0;  ///< the level of the value 0
};

/// Quantises `count` values to levels over the range of the values and 0. The scale is NaN if a value is not
/// finite.
Int8Row quantize_row(const float* values, int64_t count, uint8_t* levels);

}  // namespace kiloword
