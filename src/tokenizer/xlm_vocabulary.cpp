#include "tokenizer/xlm_vocabulary.h"

#include <array>
#include <string>
#include <utility>

#include "kiloword/base/error.h"
#include "tokenizer/protobuf_reader.h"
#include "tokenizer/sentencepiece_model_check.h"

namespace kiloword {
namespace {

using WireType = ProtobufReader::WireType;

// Field numbers and values of sentencepiece_model.proto.
constexpr uint32_t kModelPieces = 1;
constexpr uint32_t kModelTrainer = 2;
constexpr uint32_t kModelNormalizer = 3;
constexpr uint32_t kPieceText = 1;
constexpr uint32_t kPieceScore = 2;
constexpr uint32_t kTrainerModelType = 3;
constexpr uint64_t kUnigram = 1;
constexpr uint32_t kNormalizerCharacterMap = 2;

constexpr std::array<const char*, 3> kOwnMarks{"<unk>", "<s>", "</s>"};

ScoredPiece read_piece(std::string_view message) {
  ScoredPiece piece{"", 0};
  ProtobufReader reader(message);
  while (reader.next()) {
    if (reader.is(kPieceText, WireType::kBytes)) piece.text = reader.bytes();
    if (reader.is(kPieceScore, WireType::kFixed32)) piece.score = double{reader.real()};
  }
  return piece;
}

/// Takes the pieces of a SentencePiece model, in their order.
class XlmPieces {
 public:
  explicit XlmPieces(const std::string& path) : path_(path) {
    for (const char* mark : {"<s>", "<pad>", "</s>", "<unk>"}) vocabulary_.pieces.push_back({mark, 0});
    vocabulary_.marks = {0, 1, 2, 3};
    vocabulary_.unknown_id = 3;
    vocabulary_.start_id = 0;
    vocabulary_.end_id = 2;
  }

  void add(ScoredPiece piece) {
    if (count_ >= kOwnMarks.size()) {
      vocabulary_.pieces.push_back(std::move(piece));
    } else if (piece.text != kOwnMarks[count_]) {
      refuse("piece " + std::to_string(count_) + " is not " + kOwnMarks[count_]);
    }
    ++count_;
  }
  void read_trainer(std::string_view message) const {
    ProtobufReader reader(message);
    while (reader.next()) {
      if (reader.is(kTrainerModelType, WireType::kVarint) && reader.number() != kUnigram)
        refuse("it is not a Unigram model");
    }
  }
  void read_normalizer(std::string_view message) {
    ProtobufReader reader(message);
    while (reader.next()) {
      if (reader.is(kNormalizerCharacterMap, WireType::kBytes)) vocabulary_.character_map = reader.bytes();
    }
  }
  UnigramVocabulary take() {
    if (count_ <= kOwnMarks.size()) refuse("it has no pieces");
    vocabulary_.marks.push_back(static_cast<int32_t>(vocabulary_.pieces.size()));
    vocabulary_.pieces.push_back({"<mask>", 0});
    return std::move(vocabulary_);
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorKind::kModel, "not a SentencePiece model of XLM-R's kind: " + what, path_,
                "put the model's tokenizer.json in its place");
  }

  std::string path_;
  UnigramVocabulary vocabulary_;
  size_t count_ = 0;
};

}  // namespace

UnigramVocabulary read_xlm_vocabulary(const VocabularyFile& file) {
  if (const std::string flaw = find_sentencepiece_flaw(file.text); !flaw.empty()) {
    throw Error(ErrorKind::kModel, "not a usable SentencePiece model: " + flaw, file.path,
                "download the tokenizer files again");
  }
  XlmPieces pieces(file.path);
  ProtobufReader reader(file.text);
  while (reader.next()) {
    if (reader.is(kModelPieces, WireType::kBytes)) {
      pieces.add(read_piece(reader.bytes()));
    } else if (reader.is(kModelTrainer, WireType::kBytes)) {
      pieces.read_trainer(reader.bytes());
    } else if (reader.is(kModelNormalizer, WireType::kBytes)) {
      pieces.read_normalizer(reader.bytes());
    }
  }
  return pieces.take();
}

}  // namespace kiloword
