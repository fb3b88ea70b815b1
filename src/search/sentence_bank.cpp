#include "kiloword/search/sentence_bank.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "kiloword/base/byte_order_mark.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/hash.h"
#include "kiloword/base/utf8.h"
#include "kiloword/index/index_writer.h"
#include "kiloword/index/nearest.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTask = "embedding sentences";
/// Sentences that are embedded in one call, and written together.
constexpr size_t kSentencesAtOnce = 256;
constexpr std::chrono::seconds kFlushTime{2};
/// Sentences that a consensus is of: the best CIDEr-D on Flickr8k dev with a bank of its train captions.
constexpr size_t kInConsensus = 50;

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view kBlanks = " \t\r";
  const size_t begin = line.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(kBlanks) + 1 - begin);
}

/// The different sentences of `text`, in their order.
std::vector<std::string_view> sentences_of(std::string_view text, const std::string& file) {
  std::vector<std::string_view> sentences;
  std::unordered_set<std::string_view> seen;
  text = without_byte_order_mark(text);
  size_t line = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view sentence = trimmed(text.substr(at, end - at));
    at = end + 1;
    ++line;
    if (sentence.empty() || !seen.insert(sentence).second) continue;
    const auto refuse = [&](const std::string& what, const std::string& remedy) {
      throw Error(ErrorKind::kInput, what, file + ":" + std::to_string(line), remedy);
    };
    if (sentence.size() > kMaxSentenceBytes) {
      refuse("a sentence of more than " + std::to_string(kMaxSentenceBytes) + " bytes", "give one a line");
    }
    if (!is_valid_utf8(sentence)) refuse("not UTF-8", "convert the file, as with iconv");
    sentences.push_back(sentence);
  }
  if (sentences.empty()) throw Error(ErrorKind::kInput, "no sentences in it", file, "put one on each line");
  return sentences;
}

/// Embeds what the index has not yet.
void embed(const std::vector<std::string_view>& sentences, ImageTextEncoder& encoder, IndexWriter& writer,
           Observer& observer) {
  auto flushed = std::chrono::steady_clock::now();
  const auto stamp_of = [](std::string_view sentence) { return FileStamp{sentence.size(), 0}; };
  std::vector<std::string> wanted;
  for (const std::string_view sentence : sentences) {
    if (!writer.keep(std::string(sentence), stamp_of(sentence))) wanted.emplace_back(sentence);
  }
  const size_t known = sentences.size() - wanted.size();
  for (size_t begin = 0; begin < wanted.size(); begin += kSentencesAtOnce) {
    const size_t end = std::min(begin + kSentencesAtOnce, wanted.size());
    const std::vector<std::string> part(wanted.begin() + static_cast<std::ptrdiff_t>(begin),
                                        wanted.begin() + static_cast<std::ptrdiff_t>(end));
    const Embeddings embeddings = encoder.encode_texts(part);
    for (size_t i = 0; i < part.size(); ++i) {
      writer.add({part[i], stamp_of(part[i]), content_hash(part[i])},
                 embeddings.row(static_cast<int64_t>(i)));
    }
    if (std::chrono::steady_clock::now() - flushed > kFlushTime) {
      writer.flush();
      flushed = std::chrono::steady_clock::now();
    }
    observer.progress(kTask, static_cast<int64_t>(known + end), static_cast<int64_t>(sentences.size()));
  }
  writer.finish();
  if (!wanted.empty()) observer.progress_ended();
}

/// The index, if it is there and whole.
std::unique_ptr<const ImageIndex> finished_index(const fs::path& path, const IndexKey& key) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return nullptr;
  try {
    auto index = std::make_unique<const ImageIndex>(path, /*incomplete=*/false);
    if (index->key().fingerprint == key.fingerprint && index->key().dim == key.dim) return index;
  } catch (const Error&) {
    // It is finished below, or made anew.
  }
  return nullptr;
}

}  // namespace

SentenceBank::SentenceBank(const std::string& file, ImageTextEncoder& encoder, const fs::path& cache_folder,
                           Observer& observer) {
  const MappedFile text(file, ErrorKind::kInput);
  fingerprint_ = Fingerprint().add("sentences").add(text.bytes()).add(encoder.text_fingerprint()).hex();
  const IndexKey key{"sentences", fingerprint_, "", "", static_cast<size_t>(encoder.embedding_dim())};
  const fs::path path = cache_folder / (fingerprint_.substr(0, 32) + ".index");
  index_ = finished_index(path, key);
  if (index_) return;
  fs::create_directories(cache_folder);
  const std::vector<std::string_view> sentences = sentences_of(text.bytes(), file);
  const auto make = [&](bool overwrite) {
    IndexWriter writer(path, key, overwrite);
    embed(sentences, encoder, writer, observer);
  };
  try {
    make(/*overwrite=*/false);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kModel) throw;
    make(/*overwrite=*/true);  // it was damaged
  }
  index_ = std::make_unique<const ImageIndex>(path, /*incomplete=*/false);
}

std::vector<RetrievedSentence> SentenceBank::nearest(const float* image, size_t count) const {
  NearestOptions options;
  options.top = count;
  options.threads = 1;  // images are described side by side
  std::vector<RetrievedSentence> found;
  const size_t dim = index_->key().dim;
  std::vector<float> embeddings;
  std::vector<double> mean(dim);
  for (const Match& match : kiloword::nearest(*index_, image, options)) {
    found.push_back({std::string(index_->image_path(match.row)), static_cast<double>(match.cosine)});
    embeddings.resize(found.size() * dim);
    float* embedding = embeddings.data() + embeddings.size() - dim;
    index_->copy_embedding(match.row, embedding);
    if (found.size() > kInConsensus) continue;
    for (size_t d = 0; d < dim; ++d) mean[d] += static_cast<double>(embedding[d]);
  }
  for (size_t i = 0; i < found.size(); ++i) {  // the mean of cosines is the cosine with the mean
    const float* embedding = embeddings.data() + i * dim;
    for (size_t d = 0; d < dim; ++d) found[i].consensus += static_cast<double>(embedding[d]) * mean[d];
    found[i].consensus /= static_cast<double>(std::min(found.size(), kInConsensus));
  }
  return found;
}

}  // namespace kiloword
