#include "tokenizer/sentencepiece_tokenizer.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/other_formats.h"
#include "kiloword/base/paths.h"
#include "kiloword/base/utf8.h"
#include "tokenizer/checked_text.h"
#include "tokenizer/sentencepiece_model_check.h"
#include "tokenizer/sentencepiece_plugin.h"

namespace kiloword {
namespace {

constexpr uint64_t kMaxModelBytes = uint64_t{64} << 20;
constexpr size_t kMaxTextMib = 1;

const KilowordSentencePieceApi& load_plugin() {
  const std::filesystem::path path = plugin_directory() / "kiloword_sentencepiece.so";
  const auto fail = [&path] {
    const char* reason = dlerror();
    return Error(ErrorKind::kModel,
                 std::string("SentencePiece plug-in cannot be loaded (") + (reason ? reason : "") + ")",
                 path.string(), "install kiloword again");
  };
  void* library = dlmopen(LM_ID_NEWLM, path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw fail();
  void* symbol = dlsym(library, "kiloword_sentencepiece_api");
  if (symbol == nullptr) throw fail();
  return *reinterpret_cast<decltype(&kiloword_sentencepiece_api)>(symbol)();
}

/// Loaded at the first call and kept until the process ends.
const KilowordSentencePieceApi& plugin() {
  static const KilowordSentencePieceApi& loaded = load_plugin();
  return loaded;
}

/// The content of `buffer`, which is freed.
template <typename Container>
Container take(const KilowordSentencePieceApi& api, KilowordSentencePieceBuffer buffer) {
  if (buffer.data == nullptr)
    throw Error(ErrorKind::kInput, "text cannot be tokenized by the SentencePiece model");
  const auto* first = static_cast<const typename Container::value_type*>(buffer.data);
  Container content(first, first + buffer.size);
  api.free_buffer(buffer);
  return content;
}

/// What the library says after the place in its source and the condition that failed ("x.cc(232) [condition]
/// text").
std::string readable(std::string reason) {
  const size_t condition_end = reason.find("] ");
  if (reason.find(".cc(") == std::string::npos || condition_end == std::string::npos) return reason;
  reason.erase(0, condition_end + 2);
  return reason.empty() ? "it is truncated or corrupt" : reason;
}

std::string read_model(const std::filesystem::path& path) {
  std::string bytes = read_file(path, kMaxModelBytes, ErrorKind::kModel);
  refuse_other_formats(bytes, path);
  return bytes;
}

KilowordSentencePieceModel* load_model(const KilowordSentencePieceApi& api,
                                       const std::filesystem::path& path) {
  const std::string bytes = read_model(path);
  const std::string remedy = "download the tokenizer files again";
  if (const std::string flaw = find_sentencepiece_flaw(bytes); !flaw.empty()) {
    throw Error(ErrorKind::kModel, "not a usable SentencePiece model: " + flaw, path.string(), remedy);
  }
  std::array<char, 256> reason{};
  KilowordSentencePieceModel* model = api.load(bytes.data(), bytes.size(), reason.data(), reason.size());
  if (model == nullptr) {
    throw Error(ErrorKind::kModel, "not a usable SentencePiece model: " + readable(reason.data()),
                path.string(), remedy);
  }
  return model;
}

}  // namespace

SentencePieceTokenizer::SentencePieceTokenizer(const std::filesystem::path& path)
    : api_(plugin()),
      model_(load_model(api_, path), api_.free_model),
      vocab_size_(api_.vocab_size(model_.get())) {}

std::vector<int32_t> SentencePieceTokenizer::encode(std::string_view text) const {
  const std::string valid = checked_text(text, kMaxTextMib);
  return take<std::vector<int32_t>>(api_, api_.encode(model_.get(), valid.data(), valid.size()));
}

std::string SentencePieceTokenizer::decode(const std::vector<int32_t>& ids) const {
  std::vector<int32_t> known;
  std::copy_if(ids.begin(), ids.end(), std::back_inserter(known),
               [this](int32_t id) { return contains(id); });
  return to_valid_utf8(take<std::string>(api_, api_.decode(model_.get(), known.data(), known.size())));
}

std::string SentencePieceTokenizer::piece(int32_t id) const {
  return contains(id) ? take<std::string>(api_, api_.piece(model_.get(), id)) : std::string();
}

int32_t SentencePieceTokenizer::start_id() const {
  return api_.bos_id(model_.get());
}
int32_t SentencePieceTokenizer::end_id() const {
  return api_.eos_id(model_.get());
}

}  // namespace kiloword
