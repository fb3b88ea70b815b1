#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/tokenizer/tokenizer.h"

struct KilowordSentencePieceApi;
struct KilowordSentencePieceModel;

namespace kiloword {

/// A SentencePiece model (unigram or BPE), run by the sentencepiece library with the model's own
/// normalisation.
class SentencePieceTokenizer final : public Tokenizer {
 public:
  /// Throws Error(kModel) if the model or the plug-in cannot be used.
  explicit SentencePieceTokenizer(const std::filesystem::path& path);

  std::vector<int32_t> encode(std::string_view text) const override;
  std::string decode(const std::vector<int32_t>& ids) const override;
  std::string piece(int32_t id) const override;
  int32_t vocab_size() const override { return vocab_size_; }
  int32_t start_id() const override;
  int32_t end_id() const override;

 private:
  bool contains(int32_t id) const { return id >= 0 && id < vocab_size_; }

  const KilowordSentencePieceApi& api_;
  std::unique_ptr<KilowordSentencePieceModel, void (*)(KilowordSentencePieceModel*)> model_;
  int32_t vocab_size_ = 0;
};

}  // namespace kiloword
