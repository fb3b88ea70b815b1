#include "tokenizer/bpe_vocabulary_parser.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kiloword/base/error.h"
#include "tokenizer/byte_alphabet.h"

namespace kiloword {
namespace {

constexpr size_t kOpenAiMerges = 49152 - 256 - 2;
constexpr const char* kRemedy = "download the tokenizer files again";

/// Collects the pairs of one flat JSON object; everything else in the file is an error.
class VocabularyHandler : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::vector<std::pair<std::string, uint64_t>>& entries() { return entries_; }
  const std::string& problem() const { return problem_; }

  bool null() override { return refuse(); }
  bool boolean(bool /*value*/) override { return refuse(); }
  bool number_integer(number_integer_t /*value*/) override { return refuse(); }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return refuse(); }
  bool string(string_t& /*value*/) override { return refuse(); }
  bool binary(binary_t& /*value*/) override { return refuse(); }
  bool start_array(size_t /*size*/) override { return refuse(); }
  bool end_array() override { return refuse(); }
  bool end_object() override { return true; }

  bool start_object(size_t /*size*/) override {
    if (opened_) return refuse();
    opened_ = true;
    return true;
  }
  bool key(string_t& value) override {
    entries_.emplace_back(std::move(value), 0);
    return true;
  }
  bool number_unsigned(number_unsigned_t value) override {
    if (entries_.empty()) return refuse();
    entries_.back().second = value;
    return true;
  }
  bool parse_error(size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    problem_ = "invalid JSON at byte " + std::to_string(position);
    return false;
  }

 private:
  bool refuse() {
    problem_ = entries_.empty() ? "vocabulary is not a JSON object of pieces and ids"
                                : "id of the piece " + quoted_piece(entries_.back().first) +
                                      " is not a whole number from 0";
    return false;
  }

  std::vector<std::pair<std::string, uint64_t>> entries_;
  bool opened_ = false;
  std::string problem_;
};

std::vector<std::string> parse_vocab_json(const VocabularyFile& file, const std::vector<AddedToken>& added) {
  VocabularyHandler handler;
  if (!nlohmann::json::sax_parse(file.text, &handler)) {
    throw Error(ErrorKind::kModel, handler.problem(), file.path, kRemedy);
  }
  const uint64_t own = handler.entries().size();  // whose ids are 0 to own - 1, or it is an error
  for (const AddedToken& token : added) {
    if (token.id >= 0 && static_cast<uint64_t>(token.id) >= own)
      handler.entries().emplace_back(token.content, static_cast<uint64_t>(token.id));
  }
  return pieces_by_id(std::move(handler.entries()), file.path);
}

/// Merges of `text`, one a line, from line `first_line` (counted from 1) on, at most `max_merges`. Lines may
/// end in CR LF; empty lines may only follow the last merge.
std::vector<BpePieces::Merge> parse_merges(std::string_view text, size_t first_line, size_t max_merges,
                                           const std::string& path) {
  std::vector<BpePieces::Merge> merges;
  size_t blank_line = 0;
  for (size_t line_number = 1; !text.empty() && merges.size() < max_merges; ++line_number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line_number < first_line) continue;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) {
      blank_line = line_number;
      continue;
    }
    const size_t space = line.find(' ');
    const bool two_pieces = space != std::string_view::npos && space > 0 && space + 1 < line.size() &&
                            line.find(' ', space + 1) == std::string_view::npos;
    if (blank_line != 0 || !two_pieces) {
      throw Error(ErrorKind::kModel, "merge is not two pieces with a space between",
                  path + ":" + std::to_string(blank_line != 0 ? blank_line : line_number), kRemedy);
    }
    merges.push_back({std::string(line.substr(0, space)), std::string(line.substr(space + 1)), line_number});
  }
  return merges;
}

bool ends_word(const std::string& piece) {
  return piece.size() >= kEndOfWord.size() &&
         piece.compare(piece.size() - kEndOfWord.size(), std::string::npos, kEndOfWord) == 0;
}

}  // namespace

std::vector<std::string> pieces_by_id(std::vector<std::pair<std::string, uint64_t>>&& entries,
                                      const std::string& path) {
  std::vector<std::string> pieces(entries.size());
  std::vector<bool> taken(entries.size(), false);
  for (auto& [piece, id] : entries) {
    const auto fail = [&, &piece_name = piece, number = id](const std::string& what) {
      throw Error(ErrorKind::kModel,
                  "id " + std::to_string(number) + " of the piece " + quoted_piece(piece_name) + " " + what,
                  path, kRemedy);
    };
    if (id >= entries.size()) fail("is not below the number of pieces, " + std::to_string(entries.size()));
    if (taken[id]) fail("is also that of " + quoted_piece(pieces[id]));
    taken[id] = true;
    pieces[id] = std::move(piece);
  }
  return pieces;
}

void append_missing(std::vector<AddedToken> added, std::vector<std::string>& pieces) {
  std::stable_sort(added.begin(), added.end(), [](const AddedToken& a, const AddedToken& b) {
    return static_cast<uint64_t>(a.id) < static_cast<uint64_t>(b.id);  // no number is the highest
  });
  for (const AddedToken& token : added) {
    const bool is_next =
        token.id == AddedToken::kUnnumbered || token.id == static_cast<int64_t>(pieces.size());
    if (is_next && !token.content.empty() &&
        std::find(pieces.begin(), pieces.end(), token.content) == pieces.end()) {
      pieces.push_back(token.content);
    }
  }
}

BpeFlavour flavour_of(const std::vector<std::string>& pieces) {
  return std::any_of(pieces.begin(), pieces.end(), ends_word) ? BpeFlavour::kClip : BpeFlavour::kGpt2;
}

BpeVocabulary parse_hugging_face_vocabulary(const VocabularyFile& vocab, const VocabularyFile& merges,
                                            const std::vector<AddedToken>& added) {
  BpePieces source;
  source.pieces_path = vocab.path;
  source.merges_path = merges.path;
  source.pieces = parse_vocab_json(vocab, added);
  const size_t first_line = merges.text.rfind("#version", 0) == 0 ? 2 : 1;
  source.merges = parse_merges(merges.text, first_line, SIZE_MAX, merges.path);
  const BpeFlavour flavour = flavour_of(source.pieces);
  if (flavour == BpeFlavour::kClip) append_missing(added, source.pieces);
  return {std::move(source), flavour};
}

BpeVocabulary parse_openai_clip_vocabulary(const VocabularyFile& file) {
  BpePieces source;
  source.pieces_path = source.merges_path = file.path;
  source.merges = parse_merges(file.text, 2, kOpenAiMerges, file.path);

  // OpenAI numbers the bytes that stand for themselves first, then the others.
  std::array<std::string, 256> bytes;
  size_t next = 0;
  for (const bool plain : {true, false}) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const bool stands_for_itself = spelled_byte(static_cast<char32_t>(byte)) >= 0;
      if (stands_for_itself == plain) bytes[next++] = byte_spelling(static_cast<uint8_t>(byte));
    }
  }
  source.pieces.assign(bytes.begin(), bytes.end());
  for (const std::string& byte : bytes) source.pieces.push_back(byte + std::string(kEndOfWord));
  for (const BpePieces::Merge& merge : source.merges) source.pieces.push_back(merge.left + merge.right);
  source.pieces.emplace_back("<|startoftext|>");
  source.pieces.emplace_back("<|endoftext|>");
  return {std::move(source), BpeFlavour::kClip};
}

}  // namespace kiloword
