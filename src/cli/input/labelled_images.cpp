#include "cli/input/labelled_images.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "cli/output/batch_progress.h"
#include "kiloword/base/file.h"
#include "kiloword/batch/input_lister.h"
#include "kiloword/batch/path_list.h"

namespace kiloword::cli {
namespace {

struct LabelledInput {
  ImageInput input;
  std::string class_name;
};

/// The name of the folder that `path` lies in; an archive's member may lie in none but the archive.
std::string folder_name(const std::string& path) {
  const size_t end = path.find_last_of("/!");
  if (end == std::string::npos || end == 0) return "";
  const size_t begin = path.find_last_of("/!", end - 1);
  return path.substr(begin == std::string::npos ? 0 : begin + 1,
                     end - (begin == std::string::npos ? 0 : begin + 1));
}

/// The images of trees and archives, then those of the list.
class LabelledSource {
 public:
  explicit LabelledSource(const LabelledOptions& options) : list_name_(options.list) {
    ListingOptions listing;
    listing.inputs = options.inputs;
    lister_ = std::make_unique<InputLister>(listing);
    if (!options.list.empty()) list_.emplace(options.list, '\n');
  }

  std::optional<LabelledInput> next() {
    if (auto input = lister_->next()) {
      std::string class_name = folder_name(input->path);
      return LabelledInput{std::move(*input), std::move(class_name)};
    }
    if (!list_) return std::nullopt;
    const std::optional<std::string> line = list_->next();
    if (!line) return std::nullopt;
    const size_t tab = line->rfind('\t');
    if (tab == std::string::npos || tab == 0 || tab + 1 == line->size()) {
      throw Error(ErrorKind::kInput, "not a path and a class with a tab between them: '" + *line + "'",
                  list_name_ == "-" ? "standard input" : list_name_, "write lines PATH<TAB>CLASS");
    }
    LabelledInput listed{{}, line->substr(tab + 1)};
    listed.input.path = line->substr(0, tab);
    return listed;
  }

  /// What of folders and archives is no image, by kind.
  std::string left_out() const { return lister_->left_out().text(/*all=*/true); }

 private:
  std::string list_name_;
  std::unique_ptr<InputLister> lister_;
  std::optional<PathList> list_;
};

}  // namespace

size_t for_each_labelled_image(const LabelledOptions& options, const Engine& engine, const LabelBank& bank,
                               Console& console, const std::function<void(const LabelledImage&)>& use) {
  LabelledSource source(options);
  std::deque<std::string> class_names;  // of the inputs that are on their way
  const auto next = [&]() -> std::optional<ImageInput> {
    auto input = source.next();
    if (!input) return std::nullopt;
    class_names.push_back(std::move(input->class_name));
    return std::move(input->input);
  };
  std::optional<InputCounter> counter;  // a list has as many as it has, which is known at its end
  ListingOptions counted;
  counted.inputs = options.inputs;
  if (options.list.empty()) counter.emplace(counted);
  size_t failed = 0;
  size_t done = 0;
  const EngineParts& parts = engine.parts();
  for_each_encoded_image(next, parts.encoder(), parts.encoding(), [&](const EncodedImage& encoded) {
    const std::string class_name = std::move(class_names.front());
    class_names.pop_front();
    if (encoded.image.error) {
      ++failed;
      console.error(*encoded.image.error);
    } else {
      use({encoded.image.path, class_name, bank.score(encoded.embedding).front()});
    }
    const std::optional<uint64_t> total = counter ? counter->total() : std::nullopt;
    console.images_done(static_cast<int64_t>(++done), total ? static_cast<int64_t>(*total) : -1,
                        /*between=*/false);
  });
  console.progress_ended();
  if (done == 0) {
    const std::string left_out = source.left_out();
    throw Error(ErrorKind::kInput, "no image found", "",
                left_out.empty() ? "name folders or archives of images" : "skipped: " + left_out);
  }
  return failed;
}

ClassMap load_class_map(const LabelledOptions& options, const LabelSet& set) {
  constexpr uint64_t kMaxMapBytes = 64U << 20U;
  ClassMap classes(set);
  if (!options.map_file.empty()) {
    classes.read(read_file(options.map_file, kMaxMapBytes, ErrorKind::kInput), options.map_file);
  }
  return classes;
}

std::shared_ptr<const LabelBank> open_one_set(const std::string& name, const Engine& engine, RankRule rule) {
  std::shared_ptr<const LabelBank> bank = engine.parts().label_bank({name}, rule);
  const auto selected = std::count_if(bank->sets().begin(), bank->sets().end(),
                                      [](const EmbeddedLabelSet& set) { return set.chosen.selected; });
  if (selected != 1) {
    throw Error(ErrorKind::kUsage, "--set " + name + " is a group of label sets", "", "name one of them");
  }
  return bank;
}

}  // namespace kiloword::cli
