#include "clip/model_folder.h"

#include <algorithm>
#include <cmath>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/clip/load_encoder.h"

namespace kiloword::testing {
namespace {

constexpr uint64_t kMaxBytes = 1 << 24;
const std::filesystem::path kData = std::filesystem::path(KILOWORD_TESTS_DIR) / "clip" / "data";

}  // namespace

ModelFolder::ModelFolder(const std::string& kind, const std::filesystem::path& tokenizer) {
  for (const std::filesystem::path& part : {std::filesystem::path(kind), tokenizer}) {
    std::filesystem::copy(
        kData / part, path(),
        std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
  }
}

nlohmann::json ModelFolder::config() const {
  return nlohmann::json::parse(read("config.json"));
}

std::string ModelFolder::read(const std::string& name) const {
  return read_file(path() / name, kMaxBytes, ErrorKind::kInput);
}

std::unique_ptr<ImageTextEncoder> ModelFolder::load(const std::string& precision, int threads) const {
  ComputeOptions options;
  options.device = "cpu";
  options.precision = precision;
  options.threads = threads;
  return load_image_text_encoder(path(), options);
}

std::unique_ptr<ImageTextEncoder> ModelFolder::load_for_many_images() const {
  ComputeOptions options;
  options.device = "cpu";
  options.many_images = true;
  return load_image_text_encoder(path(), options);
}

std::string ModelFolder::load_error() const {
  try {
    load();
  } catch (const Error& error) {
    std::string text = error.what();
    const size_t place = text.find(path().string());
    if (place != std::string::npos) text.replace(place, path().string().size(), "MODEL");
    return error.kind() == ErrorKind::kModel ? text
                                             : std::string(error_kind_name(error.kind())) + " error: " + text;
  }
  return "no error";
}

std::string data_file(const std::string& name) {
  return read_file(kData / name, kMaxBytes, ErrorKind::kInput);
}

std::vector<float> golden_pixels(int index, int width, int height) {
  std::vector<float> pixels;
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const int value = (7 + 5 * index) * x + (13 - 3 * index) * y + 29 * c + index * x * y;
        pixels.push_back(static_cast<float>(value % 64) / 32.0F - 1.0F);
      }
    }
  }
  return pixels;
}

double smallest_cosine(const Embeddings& a, const std::vector<std::vector<float>>& b) {
  double smallest = 1;
  for (size_t i = 0; i < b.size(); ++i) {
    const float* row = a.row(static_cast<int64_t>(i));
    double dot = 0;
    double norm = 0;
    for (size_t d = 0; d < b[i].size(); ++d) {
      dot += static_cast<double>(row[d]) * b[i][d];
      norm += static_cast<double>(b[i][d]) * b[i][d];
    }
    smallest = std::min(smallest, dot / std::sqrt(norm));
  }
  return smallest;
}

double largest_difference(const Embeddings& a, const Embeddings& b, int64_t b_begin) {
  double largest = 0;
  for (size_t i = 0; i < a.values.size(); ++i) {
    const size_t at = i + static_cast<size_t>(b_begin * b.dim);
    largest = std::max(largest, static_cast<double>(std::fabs(a.values[i] - b.values[at])));
  }
  return largest;
}

}  // namespace kiloword::testing
