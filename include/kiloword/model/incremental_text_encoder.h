#pragma once

#include <string>
#include <vector>

#include "kiloword/model/embeddings.h"

namespace kiloword {

/// Embeds texts with common prefixes over many calls, for a search that tries many next words. Prefixes
/// shared by texts of a call, or with texts of the previous call, are computed once.
class IncrementalTextEncoder {
 public:
  IncrementalTextEncoder() = default;
  IncrementalTextEncoder(const IncrementalTextEncoder&) = delete;
  IncrementalTextEncoder& operator=(const IncrementalTextEncoder&) = delete;
  virtual ~IncrementalTextEncoder() = default;

  /// Like ImageTextEncoder::encode_texts(), with values equal to within 1e-5.
  virtual Embeddings encode(const std::vector<std::string>& texts) = 0;
};

}  // namespace kiloword
