#include <algorithm>
#include <cstddef>
#include <string>
#include <system_error>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/other_formats.h"
#include "kiloword/tokenizer/cleaning_tokenizer.h"
#include "kiloword/tokenizer/tokenizer.h"
#include "tokenizer/bpe_tokenizer.h"
#include "tokenizer/bpe_vocabulary_parser.h"
#include "tokenizer/gzip.h"
#include "tokenizer/sentencepiece_tokenizer.h"
#include "tokenizer/tokenizer_json.h"
#include "tokenizer/unigram_tokenizer.h"
#include "tokenizer/xlm_vocabulary.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxVocabularyBytes = size_t{128} << 20;
constexpr const char* kOpenAiFile = "bpe_simple_vocab_16e6.txt.gz";
constexpr const char* kJsonFile = "tokenizer.json";
constexpr const char* kXlmFile = "sentencepiece.bpe.model";
constexpr const char* kGpt2Start = "<|endoftext|>";
constexpr const char* kExpected =
    "expected tokenizer.model, spiece.model, sentencepiece.bpe.model, vocab.json with merges.txt, "
    "tokenizer.json, or bpe_simple_vocab_16e6.txt.gz";

/// A link to nothing is there: what a broken download left out must not be passed over.
bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() != fs::file_type::not_found;
}

VocabularyFile read_vocabulary(const fs::path& path) {
  VocabularyFile file{path.string(), read_file(path, kMaxVocabularyBytes, ErrorKind::kModel)};
  refuse_other_formats(file.text, path);
  return file;
}

/// The same of a file that need not be there.
VocabularyFile read_if_there(const fs::path& path) {
  return is_there(path) ? read_vocabulary(path) : VocabularyFile{path.string(), ""};
}

/// What the files beside a vocabulary in `folder` say. OpenAI's and OpenCLIP's tokenizer takes from them no
/// more than the numbers of pieces.
TokenizerSettings read_settings(const fs::path& folder, ClipTextRules rules) {
  TokenizerSettings settings = parse_tokenizer_settings({read_if_there(folder / "tokenizer_config.json"),
                                                         read_if_there(folder / "special_tokens_map.json"),
                                                         read_if_there(folder / "added_tokens.json")});
  if (rules == ClipTextRules::kTransformers) return settings;
  TokenizerSettings numbers;
  for (AddedToken& token : settings.added) {
    if (token.id != AddedToken::kUnnumbered) numbers.added.push_back(std::move(token));
  }
  return numbers;
}

std::unique_ptr<Tokenizer> load_openai_clip(const fs::path& path, ClipTextRules rules) {
  VocabularyFile file = read_vocabulary(path);
  file.text = gunzip(file.text, kMaxVocabularyBytes, file.path);
  return std::make_unique<BpeTokenizer>(
      parse_openai_clip_vocabulary(file), file.path,
      rules == ClipTextRules::kTransformers ? ClipTextRules::kOpenAi : rules, TokenizerSettings());
}

std::unique_ptr<Tokenizer> load_hugging_face(const fs::path& vocab, const fs::path& merges,
                                             ClipTextRules rules) {
  if (!is_there(merges)) {
    throw Error(ErrorKind::kModel, "merges.txt is missing beside vocab.json", merges.string(),
                "download the tokenizer files again");
  }
  const TokenizerSettings settings = read_settings(vocab.parent_path(), rules);
  ByteLevelRules byte_level;
  if (settings.starts_texts) byte_level.start_token = settings.start.empty() ? kGpt2Start : settings.start;
  return std::make_unique<BpeTokenizer>(
      parse_hugging_face_vocabulary(read_vocabulary(vocab), read_vocabulary(merges), settings.added),
      vocab.string(), rules, settings, byte_level);
}

std::unique_ptr<Tokenizer> load_xlm(const fs::path& path) {
  return std::make_unique<UnigramTokenizer>(read_xlm_vocabulary(read_vocabulary(path)), path.string());
}

std::unique_ptr<Tokenizer> load_tokenizer_json(const fs::path& path, ClipTextRules rules) {
  return parse_tokenizer_json(read_vocabulary(path), rules, read_settings(path.parent_path(), rules));
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

std::unique_ptr<Tokenizer> load_folder(const fs::path& folder, ClipTextRules rules) {
  for (const char* name : {"tokenizer.model", "spiece.model"}) {
    if (is_there(folder / name)) return std::make_unique<SentencePieceTokenizer>(folder / name);
  }
  if (is_there(folder / kXlmFile)) return load_xlm(folder / kXlmFile);
  if (is_there(folder / kJsonFile)) return load_tokenizer_json(folder / kJsonFile, rules);
  if (is_there(folder / "vocab.json"))
    return load_hugging_face(folder / "vocab.json", folder / "merges.txt", rules);
  if (is_there(folder / kOpenAiFile)) return load_openai_clip(folder / kOpenAiFile, rules);
  const std::vector<fs::path> models = model_files(folder);
  if (models.empty() && is_there(folder / "vocab.txt")) {
    throw Error(ErrorKind::kModel, "a tokenizer of WordPiece (BERT's), which is not supported",
                (folder / "vocab.txt").string(),
                "use another model (docs/models.md lists what is supported)");
  }
  if (models.empty()) throw Error(ErrorKind::kModel, "no tokenizer found", folder.string(), kExpected);
  if (models.size() > 1) {
    throw Error(ErrorKind::kModel,
                "several SentencePiece models: " + models[0].filename().string() + ", " +
                    models[1].filename().string() + (models.size() > 2 ? ", ..." : ""),
                folder.string(), "name one of these files instead");
  }
  return std::make_unique<SentencePieceTokenizer>(models[0]);
}

std::unique_ptr<Tokenizer> load_any(const fs::path& path, ClipTextRules rules) {
  std::error_code ignored;
  if (!is_there(path)) throw Error(ErrorKind::kModel, "no such file or folder", path.string(), kExpected);
  if (fs::is_directory(path, ignored)) return load_folder(path, rules);
  if (path.filename() == kXlmFile) return load_xlm(path);
  if (path.extension() == ".model") return std::make_unique<SentencePieceTokenizer>(path);
  if (path.filename() == kJsonFile) return load_tokenizer_json(path, rules);
  if (path.extension() == ".gz") return load_openai_clip(path, rules);
  throw Error(ErrorKind::kModel, "not a tokenizer file", path.string(), kExpected);
}

ClipTextRules rules_of(TextCleaning cleaning) {
  switch (cleaning) {
    case TextCleaning::kRepaired:
      return ClipTextRules::kOpenAi;
    case TextCleaning::kOpenAiCased:
      return ClipTextRules::kOpenAiCased;
    case TextCleaning::kOpenAiCanonical:
      return ClipTextRules::kOpenAiCanonical;
    default:
      return ClipTextRules::kTransformers;
  }
}

}  // namespace

std::unique_ptr<Tokenizer> load_tokenizer(const fs::path& path, TextCleaning cleaning) {
  // The rules of CLIP's flavour include the cleaning.
  const ClipTextRules rules = rules_of(cleaning);
  std::unique_ptr<Tokenizer> tokenizer = load_any(path, rules);
  if (cleaning == TextCleaning::kNone || rules != ClipTextRules::kTransformers) return tokenizer;
  return std::make_unique<CleaningTokenizer>(std::move(tokenizer), cleaning);
}

}  // namespace kiloword
