#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kiloword/search/label_matcher.h"
#include "kiloword/search/searched_index.h"

namespace kiloword {

/// A query by embedding, by labels, or by both.
struct SearchQuery {
  SearchQuery() = default;
  /// Takes the number of images and the minimum cosine from `choices`, but not the labels.
  explicit SearchQuery(const SearchChoices& choices);

  std::vector<float> embedding;          ///< [D], of unit length; empty: query by labels only
  const LabelMatcher* labels = nullptr;  ///< null: query by embedding only
  size_t top = 10;
  float min_cosine = -2;
  std::string folder;  ///< only images in this folder and below; empty: all
  int threads = 0;     ///< 0: all cores
};

struct FoundImage {
  std::string path;                  ///< relative to the current folder, or absolute
  std::optional<double> cosine;      ///< with the embedding
  std::optional<double> confidence;  ///< that the image shows the labels
  bool is_inside = false;            ///< SearchedIndex::is_inside()
};

struct FoundImages {
  std::vector<FoundImage> images;  ///< best first: by cosine, or by confidence without an embedding
  size_t gone = 0;                 ///< images omitted because their files were deleted
};

/// Searches one or more indexes of the same model as one. Thread-safe.
class ImageSearch {
 public:
  /// `places`: index files, or folders that contain an index; at least one. Throws Error(kModel) for a file
  /// that is not an index, is unfinished (unless `incomplete`), or was made with a different model than the
  /// first.
  explicit ImageSearch(const std::vector<std::string>& places, bool incomplete = false);

  /// The key shared by the indexes, except for `root`.
  const IndexKey& key() const { return indexes_.front().index().key(); }
  /// Total number of images.
  size_t size() const;
  /// Throws Error(kModel) if the indexes were made with an encoder of another fingerprint.
  void require_fingerprint(const std::string& fingerprint) const;

  /// Throws Error(kUsage) for a folder that no index covers, Error(kModel) if an index is corrupt.
  FoundImages find(const SearchQuery& query) const;

 private:
  struct Hit;
  /// The part of a query for one index.
  struct Scope {
    size_t index;
    std::string prefix;  ///< of paths
    /// [rows], that each image shows the labels; empty without labels.
    std::vector<std::optional<double>> confidences;
  };

  std::vector<Scope> scopes(const SearchQuery& query) const;
  std::vector<Hit> hits(const SearchQuery& query, const Scope& scope, size_t top) const;

  std::vector<SearchedIndex> indexes_;
};

/// A term of a query.
struct WeightedEmbedding {
  const float* embedding = nullptr;  ///< [D]
  float weight = 1;
};

/// The weighted sum, scaled to unit length. Throws Error(kUsage) if the terms cancel out.
std::vector<float> summed(const std::vector<WeightedEmbedding>& terms, size_t dim);

}  // namespace kiloword
