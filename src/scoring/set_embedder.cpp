#include "scoring/set_embedder.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include "kiloword/scoring/similarity.h"
#include "scoring/shared_work.h"

namespace kiloword {
namespace {

using Clock = std::chrono::steady_clock;

/// Texts of a unit, the least that is claimed and kept: a fraction of a second's work for any network.
constexpr int64_t kTextsPerUnit = 32;
/// Texts that go through the encoder together: more share no more of their beginnings, and the rows of a
/// layer would not stay in the processor's cache.
constexpr int64_t kMaxUnits = 8;
/// How long a part should take, so that one takes no two seconds though the machine gets busier meanwhile.
constexpr double kSecondsPerPart = 0.8;
constexpr std::chrono::milliseconds kPoll{50};
/// Another process that has not finished a part for so long is not waited for.
constexpr std::chrono::seconds kPatience{30};

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// The mean of `count` unit rows from `first` on, scaled to unit length, into `out` [D].
void average_rows(const Embeddings& rows, int64_t first, int64_t count, float* out) {
  std::fill(out, out + rows.dim, 0.0F);
  for (int64_t row = first; row < first + count; ++row) {
    const float* values = rows.row(row);
    for (int64_t i = 0; i < rows.dim; ++i) out[i] += values[i];
  }
  normalize_in_place(out, rows.dim);
}

int64_t templates_of(const LabelSet& set) {
  return static_cast<int64_t>(set.prompt_templates.size());
}

}  // namespace

int64_t text_count(const LabelSet& set) {
  const auto labels =
      std::count_if(set.labels.begin(), set.labels.end(), [](const Label& label) { return label.has_text; });
  return labels * templates_of(set) + static_cast<int64_t>(set.negatives.size());
}

SetEmbedder::SetEmbedder(ImageTextEncoder& encoder, const EmbeddingCache& cache,
                         const EmbeddingProgress& progress, int64_t total)
    : encoder_(encoder),
      cache_(cache),
      progress_(progress),
      texts_(encoder.device() == "cpu" ? encoder.growing_texts()
                                       : std::make_unique<WholeTextEncoder>(encoder)),
      total_(total) {}

Embeddings SetEmbedder::embed_rows(const LabelSet& set, int64_t first, int64_t last) {
  const auto labels = static_cast<int64_t>(set.labels.size());
  std::vector<std::string> texts;
  std::vector<int64_t> texts_of_row;
  for (int64_t row = first; row < last; ++row) {
    const size_t before = texts.size();
    if (row >= labels) {
      texts.push_back(set.negatives[static_cast<size_t>(row - labels)]);
    } else {
      for (std::string& text : label_prompts(set, set.labels[static_cast<size_t>(row)]))
        texts.push_back(std::move(text));
    }
    texts_of_row.push_back(static_cast<int64_t>(texts.size() - before));
  }
  const int64_t dim = encoder_.embedding_dim();
  Embeddings result{last - first, dim, std::vector<float>(static_cast<size_t>((last - first) * dim))};
  if (texts.empty()) return result;
  const Embeddings encoded = texts_->encode(texts);
  texts_encoded_ += encoded.rows;
  int64_t next = 0;
  for (int64_t row = first; row < last; ++row) {
    const int64_t count = texts_of_row[static_cast<size_t>(row - first)];
    float* out = result.values.data() + (row - first) * dim;
    if (row >= labels) {
      std::copy_n(encoded.row(next), dim, out);  // a negative stands as the encoder has it
    } else if (count > 0) {
      average_rows(encoded, next, count, out);  // the row of a label without a text of its own stays 0
    }
    next += count;
  }
  return result;
}

void SetEmbedder::tell(int64_t done_of_set) {
  const int64_t done = std::min(done_before_ + done_of_set, total_);
  if (progress_ && done > told_) progress_(done, total_);
  told_ = std::max(told_, done);
}

bool SetEmbedder::would_take_longer(double limit_s) const {
  constexpr double kLeastSeconds = 1;  // a rate of less is chance
  if (encoding_s_ < kLeastSeconds) return false;
  const double rate = static_cast<double>(texts_encoded_) / encoding_s_;
  return encoding_s_ + static_cast<double>(total_ - told_) / rate > limit_s;
}

std::optional<Embeddings> SetEmbedder::embed(const LabelSet& set, const std::string& key, double limit_s) {
  const auto rows = static_cast<int64_t>(set.labels.size() + set.negatives.size());
  const int64_t texts = text_count(set);
  const int64_t rows_per_unit = std::max<int64_t>(1, kTextsPerUnit / std::max<int64_t>(templates_of(set), 1));
  SharedWork work(cache_, key, rows, encoder_.embedding_dim(), rows_per_unit);
  Clock::time_point moved = Clock::now();
  int64_t before = -1;
  while (true) {
    const int64_t finished = work.collect();
    tell(rows == 0 ? texts : texts * finished / rows);
    if (work.complete()) break;
    if (would_take_longer(limit_s)) return std::nullopt;
    if (finished != before) moved = Clock::now();
    before = finished;
    const auto units = static_cast<int64_t>(texts_per_s_ * kSecondsPerPart / kTextsPerUnit);
    const auto range = work.claim(std::clamp<int64_t>(units, 1, kMaxUnits));
    if (!range) {
      if (Clock::now() - moved > kPatience) work.stop_waiting();
      if (!work.complete()) std::this_thread::sleep_for(kPoll);
      continue;
    }
    const Clock::time_point begin = Clock::now();
    const int64_t encoded_before = texts_encoded_;
    work.finish(*range, embed_rows(set, range->first, range->last));
    encoding_s_ += seconds_since(begin);
    texts_per_s_ =
        static_cast<double>(texts_encoded_ - encoded_before) / std::max(seconds_since(begin), 1e-6);
  }
  work.store();
  done_before_ += texts;
  return work.take();
}

}  // namespace kiloword
