#include <algorithm>

#include "kiloword/pipeline/description_pipeline.h"
#include "kiloword/pipeline/sentence.h"

namespace kiloword {
namespace {

/// Sentences among which one is chosen. Few have no word that the image does not support.
constexpr size_t kSentences = 1000;
/// What the consensus counts for beside the cosine: the best CIDEr-D on Flickr8k dev with a bank of its train
/// captions (docs/guided.md).
constexpr double kConsensusWeight = 3;
/// Content words that a grounded sentence has at least: "A group of" says nothing.
constexpr size_t kContentWords = 2;

double fit(const RetrievedSentence& sentence) {
  return sentence.cosine + kConsensusWeight * sentence.consensus;
}

}  // namespace

bool DescriptionPipeline::describe_by_retrieval(const EncodedImage& image, DescriptionRecord& record) const {
  std::vector<RetrievedSentence> sentences =
      retrieval_->sentences.nearest(image.embedding.row(0), kSentences);
  std::stable_sort(sentences.begin(), sentences.end(),
                   [](const RetrievedSentence& a, const RetrievedSentence& b) { return fit(a) > fit(b); });
  std::optional<ImageFacts> facts;
  if (grounding_) facts = grounding_->facts.find(image.embedding, image.image.pixel_facts);
  for (const RetrievedSentence& sentence : sentences) {
    const std::string text = neutralize(sentence.text);
    if (!retrieval_->rules.allows(text)) continue;
    std::vector<WordEvidence> words;
    if (facts) {
      words = facts->words.evidence(text);
      const bool is_sure =
          words.size() >= kContentWords && least_support(words) >= grounding_->facts.thresholds().sentence;
      if (!is_sure) continue;
    }
    record.source = DescriptionSource::kBank;
    record.description = text;
    record.cosine = sentence.cosine;
    record.words = std::move(words);
    return true;
  }
  return false;
}

}  // namespace kiloword
