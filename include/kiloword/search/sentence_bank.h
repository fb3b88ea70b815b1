#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "kiloword/base/observer.h"
#include "kiloword/index/image_index.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/pipeline/sentence_source.h"

namespace kiloword {

/// Longer sentences are refused.
constexpr size_t kMaxSentenceBytes = 1000;

/// The sentences of a text file, one a line, as an index of their embeddings (Ramos et al. 2023, "SmallCap",
/// section 3.2, and Su et al. 2022, "CLIPRe", retrieve captions of other images likewise).
class SentenceBank : public SentenceSource {
 public:
  /// Embeds the sentences of `file` that the index of this text and text tower in `cache_folder` has not yet;
  /// a run that is stopped goes on there. Blank lines and repeated ones count for nothing. Throws
  /// Error(kInput) at `file:line` for what is no UTF-8 or too long, and for a file without sentences;
  /// Error(kOutput) where the index cannot be written, or another process writes it.
  SentenceBank(const std::string& file, ImageTextEncoder& encoder, const std::filesystem::path& cache_folder,
               Observer& observer);

  std::vector<RetrievedSentence> nearest(const float* image, size_t count) const override;
  std::string fingerprint() const override { return fingerprint_; }

 private:
  std::string fingerprint_;
  std::unique_ptr<const ImageIndex> index_;  // of sentences as its paths
};

}  // namespace kiloword
