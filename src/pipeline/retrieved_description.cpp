#include "pipeline/retrieved_description.h"

#include <algorithm>

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

bool describe_by_retrieval(const RetrievalParts& retrieval, const EncodedImage& image,
                           const ImageFacts* facts, double support, DescriptionRecord& record) {
  std::vector<RetrievedSentence> sentences = retrieval.sentences.nearest(image.embedding.row(0), kSentences);
  std::stable_sort(sentences.begin(), sentences.end(),
                   [](const RetrievedSentence& a, const RetrievedSentence& b) { return fit(a) > fit(b); });
  for (const RetrievedSentence& sentence : sentences) {
    const std::string text = neutralize(sentence.text);
    if (!retrieval.rules.allows(text)) continue;
    const std::vector<bool> included = retrieval.rules.included(text, /*finished=*/true);
    if (std::count(included.begin(), included.end(), false) > 0) continue;
    std::vector<WordEvidence> words;
    if (facts != nullptr) {
      words = facts->words.evidence(text);
      if (words.size() < kContentWords || least_support(words) < support) continue;
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
