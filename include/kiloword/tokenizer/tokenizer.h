#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// Text to token ids and back. Implementations are immutable after construction: safe to share between
/// threads.
class Tokenizer {
 public:
  Tokenizer() = default;
  Tokenizer(const Tokenizer&) = delete;
  Tokenizer& operator=(const Tokenizer&) = delete;
  virtual ~Tokenizer() = default;

  /// Ids of `text` without start, end and padding. Invalid UTF-8 is read as U+FFFD. Throws Error(kInput) for
  /// a text over 16 MiB (1 MiB with SentencePiece, whose time can grow with the square of the length).
  virtual std::vector<int32_t> encode(std::string_view text) const = 0;

  /// The text of `ids` in valid UTF-8 (a character of which pieces are missing gives U+FFFD); ids outside the
  /// vocabulary give nothing.
  virtual std::string decode(const std::vector<int32_t>& ids) const = 0;

  /// The vocabulary's own spelling of one id ("Ġdog", "dog</w>", "▁dog"); empty outside the vocabulary.
  virtual std::string piece(int32_t id) const = 0;

  /// Number of ids, special ones included: ids are 0 .. vocab_size() - 1.
  virtual int32_t vocab_size() const = 0;

  /// Ids that open and close a text for the model; -1 where the vocabulary has none.
  virtual int32_t start_id() const = 0;
  virtual int32_t end_id() const = 0;
};

/// Which tokens of a text that is too long are removed: the last ones (OpenAI CLIP) or the first ones.
enum class CutSide { kEnd, kStart };

/// `[start] ids [end]`, cut at `side` so that it has at most `context_length` ids; start and end are always
/// kept (OpenAI CLIP, `tokenize(truncate=True)`). A start or end of -1 is omitted. `context_length` >= 2.
std::vector<int32_t> frame_tokens(std::vector<int32_t> ids, int32_t start_id, int32_t end_id,
                                  int context_length, CutSide side = CutSide::kEnd);

/// The cleaning of a text before it becomes tokens.
enum class TextCleaning {
  kNone,       ///< nothing beyond the tokenizer itself
  kLower,      ///< each letter in lower case (transformers' Siglip2Tokenizer)
  kCanonical,  ///< lower case, ASCII punctuation removed, runs of white space made one space, no space at
               ///< either end (canonicalize_text of transformers' SiglipTokenizer)
  kRepaired,   ///< as OpenAI's and OpenCLIP's tokenizer of CLIP does it, which transformers' does not: what
               ///< ftfy's fix_text repairs (but for wrong encodings) and HTML's references
  kRepairedCanonical,  ///< repaired, `_` made a space, then kCanonical (OpenCLIP's SigLIP)
  kRepairedCased,      ///< kRepaired without the lower case (OpenCLIP's tokenizers from Hugging Face)
  kOpenAiCased,        ///< the same for OpenCLIP's own tokenizer of CLIP (`clean` `whitespace`)
  kOpenAiCanonical     ///< kRepairedCanonical for OpenCLIP's own tokenizer of CLIP (`clean` `canonicalize`)
};

/// Loads the tokenizer that `path` holds: a SentencePiece `*.model` file, a `tokenizer.json` or OpenAI's
/// `bpe_simple_vocab_16e6.txt.gz`, or a folder with `tokenizer.model` / `spiece.model` (or one other
/// `*.model`; pieces of `sentencepiece.bpe.model` have XLM-R's numbers), with `tokenizer.json` or
/// `vocab.json` + `merges.txt` (CLIP's flavour when the vocabulary holds
/// `</w>` pieces, else GPT-2's) and the added tokens that tokenizer_config.json or added_tokens.json names,
/// or with `bpe_simple_vocab_16e6.txt.gz`, whose texts are always kRepaired. Texts are cleaned before it sees
/// them. Throws Error(kModel) with the missing or wrong part.
std::unique_ptr<Tokenizer> load_tokenizer(const std::filesystem::path& path,
                                          TextCleaning cleaning = TextCleaning::kNone);

/// Loads a network's tokenizer from the network's folder: load_tokenizer, or a stand-in where only
/// numbers matter.
using TokenizerLoader =
    std::function<std::unique_ptr<Tokenizer>(const std::filesystem::path& folder, TextCleaning cleaning)>;

}  // namespace kiloword
