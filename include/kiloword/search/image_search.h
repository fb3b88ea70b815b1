#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kiloword/search/label_matcher.h"
#include "kiloword/search/searched_index.h"

namespace kiloword {

/// A query. An image must be similar to the embedding, show the labels, or both.
struct SearchQuery {
  SearchQuery() = default;
  /// Takes the number of images and the least cosine from `choices`, but not the labels.
  explicit SearchQuery(const SearchChoices& choices);

  std::vector<float> embedding;          ///< [D], of unit length; empty: labels alone decide
  const LabelMatcher* labels = nullptr;  ///< null: the embedding alone decides
  size_t top = 10;
  float min_cosine = -2;
  std::string folder;  ///< only images in it and below it; empty: all
  int threads = 0;     ///< 0: all cores
};

struct FoundImage {
  std::string path;                  ///< as it can be opened from the current folder
  std::optional<double> cosine;      ///< with the embedding
  std::optional<double> confidence;  ///< that it shows the labels
  bool is_inside = false;            ///< SearchedIndex::is_inside()
};

struct FoundImages {
  std::vector<FoundImage> images;  ///< best first: by cosine, or by confidence without an embedding
  size_t gone = 0;                 ///< images that would be among them, whose files were deleted
};

/// Searches one or several indexes of one model as if they were one. May be used from several threads.
class ImageSearch {
 public:
  /// `places`: index files, or folders with an index in them; at least one. Throws Error(kModel)
  /// for a file that is no index, was not finished (unless `incomplete`), or was made with another model than
  /// the first.
  explicit ImageSearch(const std::vector<std::string>& places, bool incomplete = false);

  /// The key of the indexes, without the folder.
  const IndexKey& key() const { return indexes_.front().index().key(); }
  /// How many images all of them have.
  size_t size() const;
  /// Throws Error(kModel) where the index was made with another encoder than that of this fingerprint.
  void require_fingerprint(const std::string& fingerprint) const;

  /// Throws Error(kUsage) for a folder that is in no index, Error(kModel) where an index is damaged.
  FoundImages find(const SearchQuery& query) const;

 private:
  struct Hit;
  /// A query's part for one index.
  struct Scope {
    size_t index;
    std::string prefix;  ///< of paths
    /// [rows], that an image shows the labels; without labels empty.
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

/// The sum, of unit length. Throws Error(kUsage) where the terms cancel each other out.
std::vector<float> summed(const std::vector<WeightedEmbedding>& terms, size_t dim);

}  // namespace kiloword
