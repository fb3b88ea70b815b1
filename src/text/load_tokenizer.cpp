#include <algorithm>
#include <cstddef>
#include <string>
#include <system_error>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/text/cleaning_tokenizer.h"
#include "kiloword/text/tokenizer.h"
#include "text/bpe_tokenizer.h"
#include "text/bpe_vocabulary_parser.h"
#include "text/gzip.h"
#include "text/sentencepiece_tokenizer.h"
#include "text/tokenizer_json.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxVocabularyBytes = size_t{64} << 20;
constexpr const char* kOpenAiFile = "bpe_simple_vocab_16e6.txt.gz";
constexpr const char* kJsonFile = "tokenizer.json";
constexpr const char* kExpected =
    "expected tokenizer.model, spiece.model, vocab.json with merges.txt, tokenizer.json, or "
    "bpe_simple_vocab_16e6.txt.gz";

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

VocabularyFile read_vocabulary(const fs::path& path) {
  return {path.string(), read_file(path, kMaxVocabularyBytes, ErrorKind::kModel)};
}

std::unique_ptr<Tokenizer> load_openai_clip(const fs::path& path) {
  VocabularyFile file = read_vocabulary(path);
  file.text = gunzip(file.text, kMaxVocabularyBytes, file.path);
  return std::make_unique<BpeTokenizer>(parse_openai_clip_vocabulary(file), file.path);
}

std::unique_ptr<Tokenizer> load_hugging_face(const fs::path& vocab, const fs::path& merges) {
  if (!is_there(merges)) {
    throw Error(ErrorKind::kModel, "merges.txt is missing beside vocab.json", merges.string(),
                "download the tokenizer files again");
  }
  return std::make_unique<BpeTokenizer>(
      parse_hugging_face_vocabulary(read_vocabulary(vocab), read_vocabulary(merges)), vocab.string());
}

std::unique_ptr<Tokenizer> load_tokenizer_json(const fs::path& path) {
  return parse_tokenizer_json(read_vocabulary(path));
}

/// The `*.model` files of `folder`, sorted by name.
std::vector<fs::path> model_files(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code failed;
  fs::directory_iterator entry(folder, failed);
  if (failed) {
    throw Error(ErrorKind::kModel, "folder cannot be read (" + failed.message() + ")", folder.string(),
                "check its permissions");
  }
  for (; entry != fs::directory_iterator(); entry.increment(failed)) {
    if (entry->path().extension() == ".model") found.push_back(entry->path());
    if (failed) break;
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::unique_ptr<Tokenizer> load_folder(const fs::path& folder) {
  for (const char* name : {"tokenizer.model", "spiece.model"}) {
    if (is_there(folder / name)) return std::make_unique<SentencePieceTokenizer>(folder / name);
  }
  if (is_there(folder / "vocab.json")) return load_hugging_face(folder / "vocab.json", folder / "merges.txt");
  if (is_there(folder / kJsonFile)) return load_tokenizer_json(folder / kJsonFile);
  if (is_there(folder / kOpenAiFile)) return load_openai_clip(folder / kOpenAiFile);
  const std::vector<fs::path> models = model_files(folder);
  if (models.empty()) throw Error(ErrorKind::kModel, "no tokenizer found", folder.string(), kExpected);
  if (models.size() > 1) {
    throw Error(ErrorKind::kModel,
                "several SentencePiece models: " + models[0].filename().string() + ", " +
                    models[1].filename().string() + (models.size() > 2 ? ", ..." : ""),
                folder.string(), "name one of these files instead");
  }
  return std::make_unique<SentencePieceTokenizer>(models[0]);
}

std::unique_ptr<Tokenizer> load_any(const fs::path& path) {
  std::error_code ignored;
  if (!is_there(path)) throw Error(ErrorKind::kModel, "no such file or folder", path.string(), kExpected);
  if (fs::is_directory(path, ignored)) return load_folder(path);
  if (path.extension() == ".model") return std::make_unique<SentencePieceTokenizer>(path);
  if (path.filename() == kJsonFile) return load_tokenizer_json(path);
  if (path.extension() == ".gz") return load_openai_clip(path);
  throw Error(ErrorKind::kModel, "not a tokenizer file", path.string(), kExpected);
}

}  // namespace

std::unique_ptr<Tokenizer> load_tokenizer(const fs::path& path, TextCleaning cleaning) {
  std::unique_ptr<Tokenizer> tokenizer = load_any(path);
  if (cleaning == TextCleaning::kNone) return tokenizer;
  return std::make_unique<CleaningTokenizer>(std::move(tokenizer), cleaning);
}

}  // namespace kiloword
