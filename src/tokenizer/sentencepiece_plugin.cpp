#include "tokenizer/sentencepiece_plugin.h"

#include <sentencepiece_processor.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <vector>

// Exported by the library, but declared in none of its installed headers.
namespace sentencepiece::logging {
void SetMinLogLevel(int level);
}

struct KilowordSentencePieceModel {
  sentencepiece::SentencePieceProcessor processor;
};

namespace {

constexpr int kLogNothingBelowFatal = 3;
constexpr KilowordSentencePieceBuffer kFailed{nullptr, 0};

void set_error(const std::string& message, char* error, size_t error_size) {
  if (error_size == 0) return;
  const size_t length = std::min(message.size(), error_size - 1);
  std::memcpy(error, message.data(), length);
  error[length] = '\0';
}

KilowordSentencePieceModel* load(const char* bytes, size_t size, char* error, size_t error_size) try {
  sentencepiece::logging::SetMinLogLevel(kLogNothingBelowFatal);
  auto model = std::make_unique<KilowordSentencePieceModel>();
  const auto status = model->processor.LoadFromSerializedProto({bytes, size});
  if (status.ok()) return model.release();
  set_error(status.message(), error, error_size);
  return nullptr;
} catch (const std::exception& failure) {
  set_error(failure.what(), error, error_size);
  return nullptr;
}

void free_model(KilowordSentencePieceModel* model) {
  delete model;
}

/// A copy of `content` that `free_buffer` frees.
template <typename Container>
KilowordSentencePieceBuffer buffer_of(const Container& content) {
  const size_t bytes = content.size() * sizeof(content[0]);
  void* data = std::malloc(std::max<size_t>(bytes, 1));
  if (data == nullptr) return kFailed;
  std::copy(content.begin(), content.end(), static_cast<typename Container::value_type*>(data));
  return {data, content.size()};
}

KilowordSentencePieceBuffer encode(const KilowordSentencePieceModel* model, const char* text,
                                   size_t size) try {
  std::vector<int> ids;
  return model->processor.Encode({text, size}, &ids).ok() ? buffer_of(ids) : kFailed;
} catch (const std::exception&) {
  return kFailed;
}

KilowordSentencePieceBuffer decode(const KilowordSentencePieceModel* model, const int32_t* ids,
                                   size_t count) try {
  std::string text;
  return model->processor.Decode(std::vector<int>(ids, ids + count), &text).ok() ? buffer_of(text) : kFailed;
} catch (const std::exception&) {
  return kFailed;
}

KilowordSentencePieceBuffer piece(const KilowordSentencePieceModel* model, int32_t id) try {
  return buffer_of(model->processor.IdToPiece(id));
} catch (const std::exception&) {
  return kFailed;
}

void free_buffer(KilowordSentencePieceBuffer buffer) {
  std::free(buffer.data);
}

int32_t vocab_size(const KilowordSentencePieceModel* model) {
  return model->processor.GetPieceSize();
}
int32_t bos_id(const KilowordSentencePieceModel* model) {
  return model->processor.bos_id();
}
int32_t eos_id(const KilowordSentencePieceModel* model) {
  return model->processor.eos_id();
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const KilowordSentencePieceApi*
kiloword_sentencepiece_api() {
  static constexpr KilowordSentencePieceApi kApi{load,        free_model, encode, decode, piece,
                                                 free_buffer, vocab_size, bos_id, eos_id};
  return &kApi;
}
