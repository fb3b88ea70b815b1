#include <limits>
#include <string>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/npy.h"
#include "cli/session.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/pipeline/record.h"

namespace kiloword::cli {
namespace {

/// Where embeddings go: a JSON line each, or rows that are written to a NumPy file at the end.
class EmbeddingSink {
 public:
  EmbeddingSink(std::string npy_file, int64_t dim) : npy_file_(std::move(npy_file)), dim_(dim) {}

  void put(const std::string& key, const std::string& value, const float* embedding) {
    if (npy_file_.empty()) {
      write_line(embedding_json(key, value, embedding, static_cast<size_t>(dim_)));
    } else {
      rows_.insert(rows_.end(), embedding, embedding + dim_);
    }
  }

  /// A row of NaN keeps the rows of a NumPy file in step with the inputs.
  void put_error(const std::string& path, const Error& error) {
    if (npy_file_.empty()) {
      write_line(error_json(path, error));
    } else {
      rows_.insert(rows_.end(), static_cast<size_t>(dim_), std::numeric_limits<float>::quiet_NaN());
    }
  }

  void finish() const {
    if (npy_file_.empty()) return;
    write_file_atomically(npy_file_, npy_bytes(rows_, static_cast<int64_t>(rows_.size()) / dim_, dim_));
  }

 private:
  std::string npy_file_;
  int64_t dim_;
  std::vector<float> rows_;
};

}  // namespace

int run_embed(const EmbedArguments& arguments, Console& console) {
  const LoadedModel model = load_model(arguments.model, console);
  ImageTextEncoder& encoder = *model.encoder;
  EmbeddingSink sink(arguments.npy_file, encoder.embedding_dim());
  int exit_code = 0;
  if (arguments.texts.empty()) {
    exit_code = for_each_input(
        arguments.input, arguments.model, encoder.preprocess(), console, [&](const PreparedImage& image) {
          if (image.error) {
            sink.put_error(image.path, *image.error);
          } else {
            sink.put("path", image.path, encoder.encode_images(image.pixels, 1).row(0));
          }
        });
  } else {
    const Embeddings embeddings = encoder.encode_texts(arguments.texts);
    for (size_t i = 0; i < arguments.texts.size(); ++i) {
      sink.put("text", arguments.texts[i], embeddings.row(static_cast<int64_t>(i)));
    }
  }
  sink.finish();
  return exit_code;
}

}  // namespace kiloword::cli
