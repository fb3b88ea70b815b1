#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// Converts text to token ids and back. Implementations are immutable after construction and therefore
/// thread-safe.
class Tokenizer {
 public:
  Tokenizer() = default;
  Tokenizer(const Tokenizer&) = delete;
  Tokenizer& operator=(const Tokenizer&) = delete;
  virtual ~Tokenizer() = default;

  /// Token ids of `text`, without start, end and padding tokens. Invalid UTF-8 is decoded as U+FFFD. Throws
  /// Error(kInput) for a text over 16 MiB (1 MiB with SentencePiece, whose time can be quadratic in the
  /// length).
  virtual std::vector<int32_t> encode(std::string_view text) const = 0;

  /// The text of `ids`, as valid UTF-8: incomplete characters become U+FFFD, and ids outside the vocabulary
  /// are ignored.
  virtual std::string decode(const std::vector<int32_t>& ids) const = 0;

  /// The token as spelled in the vocabulary ("Ġdog", "dog</w>", "▁dog"); empty for an id outside it.
  virtual std::string piece(int32_t id) const = 0;

  /// The number of ids, including special tokens: ids are 0 .. vocab_size() - 1.
  virtual int32_t vocab_size() const = 0;

  /// Start and end tokens of a text; -1 if the vocabulary has none.
  virtual int32_t start_id() const = 0;
  virtual int32_t end_id() const = 0;
};

/// The end at which a text that is too long is truncated: the last tokens are dropped (OpenAI CLIP), or the
/// first.
enum class CutSide { kEnd, kStart };

/// `[start] ids [end]`, truncated at `side` to at most `context_length` ids; start and end are always kept
/// (OpenAI CLIP, `tokenize(truncate=True)`). A start or end of -1 is omitted. `context_length` >= 2.
std::vector<int32_t> frame_tokens(std::vector<int32_t> ids, int32_t start_id, int32_t end_id,
                                  int context_length, CutSide side = CutSide::kEnd);

/// How a text is cleaned before it is tokenized.
enum class TextCleaning {
  kNone,   ///< no cleaning except the tokenizer's own
  kLower,  ///< lowercase, letter by letter (transformers' Siglip2Tokenizer)
  /// Lowercase, ASCII punctuation removed, runs of white space collapsed to one space, both ends stripped
  /// (canonicalize_text of transformers' SiglipTokenizer).
  kCanonical,
  /// As in OpenAI's and OpenCLIP's CLIP tokenizers, unlike transformers': ftfy's fix_text (except for wrong
  /// encodings), HTML entities replaced, white space collapsed, lowercase.
  kRepaired,
  kRepairedCanonical,  ///< kRepaired, `_` replaced by a space, then kCanonical (OpenCLIP's SigLIP)
  kRepairedCased,      ///< kRepaired, but not lowercased (OpenCLIP's Hugging Face tokenizers)
  kOpenAiCased,        ///< the same for OpenCLIP's own CLIP tokenizer (`clean` `whitespace`)
  kOpenAiCanonical     ///< kRepairedCanonical for OpenCLIP's own CLIP tokenizer (`clean` `canonicalize`)
};

/// Loads a tokenizer from a file: a SentencePiece `*.model`, a `tokenizer.json` or OpenAI's
/// `bpe_simple_vocab_16e6.txt.gz`; or from a folder, by the first that exists of
/// - `tokenizer.model`, `spiece.model`, `sentencepiece.bpe.model` (with XLM-R's ids);
/// - `tokenizer.json`, or `vocab.json` and `merges.txt` (CLIP's BPE if the vocabulary has `</w>` pieces, else
///   GPT-2's), with the added tokens of tokenizer_config.json and added_tokens.json;
/// - `bpe_simple_vocab_16e6.txt.gz`;
/// - a single other `*.model`.
/// Texts are cleaned before tokenization; OpenAI's vocabulary implies kRepaired unless `cleaning` is one of
/// the kOpenAi modes. Throws Error(kModel) that names the missing or invalid part.
std::unique_ptr<Tokenizer> load_tokenizer(const std::filesystem::path& path,
                                          TextCleaning cleaning = TextCleaning::kNone);

/// Loads the tokenizer in a network's folder: load_tokenizer, or a stub where only numbers matter.
using TokenizerLoader =
    std::function<std::unique_ptr<Tokenizer>(const std::filesystem::path& folder, TextCleaning cleaning)>;

}  // namespace kiloword
