#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "kiloword/model/image_text_encoder.h"
#include "support/temporary_folder.h"

namespace kiloword::testing {

/// A copy of one of the small models below tests/clip/data, to be changed at will.
class ModelFolder {
 public:
  /// `kind` "vit", "resnet", "efficientnet", "coca", "open_clip", "siglip", "naflex", "metaclip2",
  /// "metaclip2_open_clip", or "tokenizer" for a folder without a model; with the files of a folder
  /// `tokenizer`, else of the kinds' common one.
  explicit ModelFolder(const std::string& kind, const std::filesystem::path& tokenizer = "tokenizer");

  const std::filesystem::path& path() const { return folder_.path(); }
  nlohmann::json config() const;
  void write_config(const nlohmann::json& config) const { write("config.json", config.dump()); }
  void write(const std::string& name, const std::string& content) const { folder_.write(name, content); }
  std::string read(const std::string& name) const;
  void remove(const std::string& name) const { std::filesystem::remove(path() / name); }

  std::unique_ptr<ImageTextEncoder> load(const std::string& precision = "fp32", int threads = 0) const;
  std::unique_ptr<ImageTextEncoder> load_for_many_images() const;
  /// What load() says, with the folder's path written as MODEL; "no error" if it loads.
  std::string load_error() const;

 private:
  TemporaryFolder folder_;
};

/// A file below tests/clip/data.
std::string data_file(const std::string& name);

/// The goldens' pixels of image `index`, [3, height, width].
std::vector<float> golden_pixels(int index, int width, int height);
/// The same of a square image.
inline std::vector<float> golden_pixels(int index, int side) {
  return golden_pixels(index, side, side);
}

/// Smallest cosine of a row of `a` with the same row of `b`.
double smallest_cosine(const Embeddings& a, const std::vector<std::vector<float>>& b);

/// Largest difference of a value in `a` from the same in `b`, rows from `b_begin` on.
double largest_difference(const Embeddings& a, const Embeddings& b, int64_t b_begin = 0);

}  // namespace kiloword::testing
