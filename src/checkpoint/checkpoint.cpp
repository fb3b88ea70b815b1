#include "kiloword/checkpoint/checkpoint.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>

#include "checkpoint/legacy_torch_file.h"
#include "checkpoint/shard_index.h"
#include "checkpoint/torch_archive.h"
#include "checkpoint/zip_directory.h"
#include "kiloword/base/error.h"
#include "kiloword/base/other_formats.h"
#include "kiloword/base/text.h"
#include "kiloword/checkpoint/safetensors.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIndexEnding = ".index.json";

bool is_index(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.size() > kIndexEnding.size() &&
         name.compare(name.size() - kIndexEnding.size(), std::string::npos, kIndexEnding) == 0;
}

/// Tensors that were saved as a part of something else all have its name in front of theirs.
TensorViews without_common_prefix(TensorViews tensors) {
  constexpr std::array<std::string_view, 7> kPrefixes{"module.",     "_orig_mod.", "model.", "clip.",
                                                      "clip_model.", "siglip.",    "net."};
  for (bool found = !tensors.empty(); found;) {
    found = false;
    for (const std::string_view prefix : kPrefixes) {
      const bool all = std::all_of(tensors.begin(), tensors.end(),
                                   [prefix](const auto& entry) { return starts_with(entry.first, prefix); });
      if (!all) continue;
      TensorViews inner;
      for (auto& [name, view] : tensors) inner.emplace(name.substr(prefix.size()), std::move(view));
      tensors = std::move(inner);
      found = true;
    }
  }
  return tensors;
}

TensorViews parse(std::string_view bytes, std::deque<std::string>& copies) {
  if (looks_like_zip(bytes)) return parse_torch_archive(bytes, copies);
  if (looks_like_legacy_torch_file(bytes)) return parse_legacy_torch_file(bytes, copies);
  return parse_safetensors(bytes);
}

}  // namespace

std::shared_ptr<const Checkpoint> Checkpoint::open(const fs::path& path) {
  std::shared_ptr<Checkpoint> checkpoint(new Checkpoint(path));  // NOLINT: the constructor is private
  if (is_index(path)) {
    checkpoint->add_shards();
  } else {
    checkpoint->add_file(path);
  }
  return checkpoint;
}

void Checkpoint::add_file(const fs::path& path) {
  files_.emplace_back(path, ErrorKind::kModel);
  refuse_other_formats(files_.back().bytes(), path);
  try {
    tensors_.merge(without_common_prefix(parse(files_.back().bytes(), copies_)));
  } catch (const Error& error) {
    throw error.at(path.string());
  }
}

void Checkpoint::add_shards() {
  TensorViews chosen;
  for (const auto& [file, names] : read_shard_index(path_)) {
    tensors_.clear();
    std::error_code ignored;
    if (!fs::exists(path_.parent_path() / file, ignored))
      throw Error(ErrorKind::kModel, "the file " + file + ", which the index names, is missing",
                  path_.string(), "download the model again");
    add_file(path_.parent_path() / file);
    for (const std::string& name : names) {
      const TensorView* view = find(name);
      if (view == nullptr) {
        std::string what = "tensor \"";
        what.append(name).append("\" is not in ").append(file).append(", where the index has it");
        throw Error(ErrorKind::kModel, what, path_.string(), "download the model again");
      }
      chosen.emplace(name, *view);
    }
  }
  tensors_ = std::move(chosen);
}

const TensorView* Checkpoint::find(std::string_view name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? nullptr : &found->second;
}

void Checkpoint::require_unchanged() const {
  const bool unchanged =
      std::all_of(files_.begin(), files_.end(), [](const auto& file) { return file.unchanged(); });
  if (unchanged) return;
  throw Error(ErrorKind::kModel, "the file was written to while the model was in use", path_.string(),
              "start kiloword again");
}

void Checkpoint::release(std::string_view part) const {
  for (const MappedFile& file : files_) file.release(part);
}

fs::path find_weights(const fs::path& folder, bool open_clip) {
  const std::vector<const char*> common{"model.safetensors", "model.safetensors.index.json",
                                        "pytorch_model.bin", "pytorch_model.bin.index.json"};
  const std::vector<const char*> open_clips{"open_clip_model.safetensors", "open_clip_pytorch_model.bin"};
  std::error_code ignored;
  for (const auto* names : {open_clip ? &open_clips : &common, open_clip ? &common : &open_clips}) {
    for (const char* name : *names) {
      if (fs::exists(folder / name, ignored)) return folder / name;
    }
  }
  refuse_other_formats(folder);
  throw Error(
      ErrorKind::kModel, "no weights in the model folder", folder.string(),
      "it needs model.safetensors, pytorch_model.bin, open_clip_model.safetensors, or an index of such "
      "files");
}

}  // namespace kiloword
