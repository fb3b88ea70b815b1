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

/// Longer sentences are rejected.
constexpr size_t kMaxSentenceBytes = 1000;

/// The sentences of a text file, one per line, as an index of their embeddings. Captions of other images are
/// retrieved this way by Ramos et al. 2023 ("SmallCap", section 3.2) and Su et al. 2022 ("CLIPRe").
class SentenceBank : public SentenceSource {
 public:
  /// Embeds those sentences of `file` that its index in `cache_folder`, one per text and text tower, does not
  /// have yet; an interrupted run resumes there. Blank and repeated lines are ignored. Throws Error(kInput)
  /// at `file:line` for a line that is not UTF-8 or too long, and for a file without sentences;
  /// Error(kOutput) if the index cannot be written or another process is writing it.
  SentenceBank(const std::string& file, ImageTextEncoder& encoder, const std::filesystem::path& cache_folder,
               Observer& observer);

  std::vector<RetrievedSentence> nearest(const float* image, size_t count) const override;
  std::string fingerprint() const override { return fingerprint_; }

 private:
  std::string fingerprint_;
  std::unique_ptr<const ImageIndex> index_;  // its paths are the sentences
};

}  // namespace kiloword
