#pragma once

#include <string>
#include <vector>

#include "kiloword/model/embeddings.h"

namespace kiloword {

/// Embeds texts that begin alike, call after call, for a search that tries many next words. Prefixes that the
/// texts of a call share with one another or with those of the call before are computed once.
class IncrementalTextEncoder {
 public:
  IncrementalTextEncoder() = default;
  IncrementalTextEncoder(const IncrementalTextEncoder&) = delete;
  IncrementalTextEncoder& operator=(const IncrementalTextEncoder&) = delete;
  virtual ~IncrementalTextEncoder() = default;

  /// The embeddings that ImageTextEncoder::encode_texts gives, to within 1e-5 of every value.
  virtual Embeddings encode(const std::vector<std::string>& texts) = 0;
};

}  // namespace kiloword
