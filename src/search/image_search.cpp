#include "kiloword/search/image_search.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/for_each_part.h"
#include "kiloword/index/nearest.h"

namespace kiloword {
namespace {

/// Rows whose labels are looked at in one call.
constexpr size_t kRowsAtOnce = 64;

using Confidences = std::vector<std::optional<double>>;

bool is_below(const ImageIndex& index, size_t row, const std::string& prefix) {
  return index.image_path(row).substr(0, prefix.size()) == prefix;
}

/// Of each row below `prefix`, the confidence that it shows the labels.
Confidences confidences_of(const ImageIndex& index, const std::string& prefix, const LabelMatcher& labels,
                           int threads) {
  Confidences confidences(index.rows());
  const size_t parts = (index.rows() + kRowsAtOnce - 1) / kRowsAtOnce;
  for_each_part(parts, threads, [&](size_t part) {
    std::vector<size_t> rows;
    for (size_t row = part * kRowsAtOnce; row < std::min((part + 1) * kRowsAtOnce, index.rows()); ++row) {
      if (index.is_live(row) && is_below(index, row, prefix)) rows.push_back(row);
    }
    const size_t dim = index.key().dim;
    Embeddings embeddings;
    embeddings.rows = static_cast<int64_t>(rows.size());
    embeddings.dim = static_cast<int64_t>(dim);
    embeddings.values.resize(rows.size() * dim);
    for (size_t i = 0; i < rows.size(); ++i)
      index.copy_embedding(rows[i], embeddings.values.data() + i * dim);
    const Confidences found = labels.confidences(embeddings);
    for (size_t i = 0; i < rows.size(); ++i) confidences[rows[i]] = found[i];
  });
  return confidences;
}

}  // namespace

SearchQuery::SearchQuery(const SearchChoices& choices) : top(static_cast<size_t>(choices.top)) {
  if (choices.min_cosine) min_cosine = static_cast<float>(*choices.min_cosine);
}

struct ImageSearch::Hit {
  double rank = 0;  // the higher, the better
  size_t index = 0;
  size_t row = 0;
  std::optional<double> cosine = std::nullopt;
  std::optional<double> confidence = std::nullopt;
  std::string path = {};
};

ImageSearch::ImageSearch(const std::vector<std::string>& places, bool incomplete) {
  for (const std::string& place : places) {
    const std::string file = index_file_of(place);
    indexes_.emplace_back(file, incomplete);
    const IndexKey& its = indexes_.back().index().key();
    if (its.fingerprint != key().fingerprint || its.dim != key().dim) {
      throw Error(ErrorKind::kModel,
                  "the index was made with another model or precision ('" + its.model + "') than " +
                      indexes_.front().index().path(),
                  file, "search them one at a time, or rebuild one of them");
    }
  }
}

size_t ImageSearch::size() const {
  size_t images = 0;
  for (const SearchedIndex& searched : indexes_) images += searched.index().live_rows();
  return images;
}

void ImageSearch::require_fingerprint(const std::string& fingerprint) const {
  if (fingerprint == key().fingerprint) return;
  throw Error(ErrorKind::kModel, "the index was made with another model or precision ('" + key().model + "')",
              indexes_.front().index().path(),
              "name that with --model, or rebuild the index with 'kiloword index --overwrite'");
}

std::vector<ImageSearch::Scope> ImageSearch::scopes(const SearchQuery& query) const {
  std::vector<Scope> scopes;
  for (size_t i = 0; i < indexes_.size(); ++i) {
    std::optional<std::string> prefix = indexes_[i].prefix_of(query.folder);
    if (!prefix) continue;
    Scope scope{i, std::move(*prefix), {}};
    if (query.labels != nullptr) {
      scope.confidences = confidences_of(indexes_[i].index(), scope.prefix, *query.labels, query.threads);
    }
    scopes.push_back(std::move(scope));
  }
  if (scopes.empty()) indexes_.front().require_prefix_of(query.folder);
  return scopes;
}

std::vector<ImageSearch::Hit> ImageSearch::hits(const SearchQuery& query, const Scope& scope,
                                                size_t top) const {
  const ImageIndex& index = indexes_[scope.index].index();
  std::vector<Hit> hits;
  if (query.embedding.empty()) {
    for (size_t row = 0; row < scope.confidences.size(); ++row) {
      if (scope.confidences[row]) hits.push_back({*scope.confidences[row], scope.index, row});
    }
  } else {
    NearestOptions options;
    options.top = top;
    options.min_cosine = query.min_cosine;
    options.threads = query.threads;
    if (query.labels != nullptr) {
      options.accepts = [&](size_t row) { return scope.confidences[row].has_value(); };
    } else if (!scope.prefix.empty()) {
      options.accepts = [&](size_t row) { return is_below(index, row, scope.prefix); };
    }
    for (const Match& match : nearest(index, query.embedding.data(), options)) {
      const auto cosine = static_cast<double>(match.cosine);
      hits.push_back({cosine, scope.index, match.row, cosine});
    }
  }
  for (Hit& hit : hits) {
    if (query.labels != nullptr) hit.confidence = scope.confidences[hit.row];
    hit.path = indexes_[hit.index].shown(index.image_path(hit.row));
  }
  return hits;
}

FoundImages ImageSearch::find(const SearchQuery& query) const {
  const std::vector<Scope> scopes = this->scopes(query);
  for (size_t top = query.top;; top *= 2) {
    std::vector<Hit> found;
    bool has_more = false;  // than these
    for (const Scope& scope : scopes) {
      std::vector<Hit> of_one = hits(query, scope, top);
      has_more = has_more || (!query.embedding.empty() && of_one.size() == top);
      std::move(of_one.begin(), of_one.end(), std::back_inserter(found));
    }
    std::sort(found.begin(), found.end(), [](const Hit& a, const Hit& b) {
      return a.rank != b.rank ? a.rank > b.rank : a.path < b.path;
    });
    FoundImages result;
    std::set<std::string> seen;  // folders of several indexes may overlap
    for (const Hit& hit : found) {
      if (result.images.size() == query.top) break;
      if (!seen.insert(hit.path).second) continue;
      const std::string_view path = indexes_[hit.index].index().image_path(hit.row);
      if (indexes_[hit.index].is_there(path)) {
        result.images.push_back({hit.path, hit.cosine, hit.confidence, SearchedIndex::is_inside(path)});
      } else {
        ++result.gone;
      }
    }
    if (result.images.size() == query.top || !has_more) return result;
  }
}

std::vector<float> summed(const std::vector<WeightedEmbedding>& terms, size_t dim) {
  std::vector<float> sum(dim);
  for (const WeightedEmbedding& term : terms) {
    for (size_t d = 0; d < dim; ++d) sum[d] += term.weight * term.embedding[d];
  }
  double squares = 0;
  for (const float value : sum) squares += static_cast<double>(value) * static_cast<double>(value);
  const auto length = static_cast<float>(std::sqrt(squares));
  if (length < 1e-6F) throw Error(ErrorKind::kUsage, "the terms of the query cancel each other out");
  for (float& value : sum) value /= length;
  return sum;
}

}  // namespace kiloword
