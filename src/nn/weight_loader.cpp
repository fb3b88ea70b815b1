#include "kiloword/nn/weight_loader.h"

#include <utility>

#include "kiloword/base/error.h"
#include "nn/weight_values.h"

namespace kiloword {
namespace {

constexpr size_t kListed = 8;

/// Names collected for one part of the error: the first few are spelled out.
class NameList {
 public:
  void add(const std::string& name) {
    if (++count_ <= kListed) text_ += (text_.empty() ? "" : ", ") + name;
  }
  size_t count() const { return count_; }
  std::string text() const {
    return count_ > kListed ? text_ + " and " + std::to_string(count_ - kListed) + " more" : text_;
  }

 private:
  size_t count_ = 0;
  std::string text_;
};

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// Buffers that frameworks store beside the weights.
bool is_known_buffer(const std::string& name) {
  return ends_with(name, "position_ids") || ends_with(name, "num_batches_tracked") ||
         name == "input_resolution" || name == "context_length" || name == "vocab_size";
}

std::string shape_text(const std::vector<int64_t>& shape) {
  std::string text = "[";
  for (const int64_t size : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  return text + "]";
}

at::Tensor to_float(const Checkpoint& file, const std::string& name) {
  const TensorView& view = *file.find(name);
  const std::string path = file.path().string();
  if (!is_weight_type(view.type)) {
    throw Error(ErrorKind::kModel,
                "tensor \"" + name + "\" is " + std::string(tensor_type_name(view.type)) +
                    ", only F32, F16 and BF16 are supported",
                path, "convert the model to F16 or F32");
  }
  at::Tensor tensor = at::empty(view.shape, at::kFloat);
  if (!read_weight_values(view.type, view.bytes, tensor.data_ptr<float>())) {
    throw Error(ErrorKind::kModel, "tensor \"" + name + "\" holds values that are not finite", path,
                "download the model again");
  }
  file.release(view);
  return tensor;
}

}  // namespace

WeightLoader::Reader WeightLoader::reader(std::vector<TensorSpec> specs) const {
  return [file = file_, specs = std::move(specs)] {
    std::vector<at::Tensor> tensors;
    for (const TensorSpec& spec : specs) tensors.push_back(to_float(*file, spec.name));
    return tensors;
  };
}

void WeightLoader::want(std::vector<TensorSpec> specs, Receiver receive) {
  requests_.push_back({std::move(specs), std::move(receive)});
}

void WeightLoader::check() const {
  NameList missing;
  NameList unexpected;
  NameList misshaped;
  std::set<std::string_view> wanted;
  for (const Request& request : requests_) {
    for (const TensorSpec& spec : request.specs) {
      wanted.insert(spec.name);
      const TensorView* view = file_->find(spec.name);
      if (view == nullptr) {
        missing.add(spec.name);
      } else if (view->shape != spec.shape) {
        misshaped.add(spec.name + " " + shape_text(view->shape) + " instead of " + shape_text(spec.shape));
      }
    }
  }
  for (const auto& [name, view] : file_->tensors()) {
    if (wanted.count(name) == 0 && ignored_.count(name) == 0 && !is_known_buffer(name)) unexpected.add(name);
  }
  std::string text;
  const auto append = [&text](const NameList& list, const char* what) {
    if (list.count() == 0) return;
    text += (text.empty() ? "" : "; ") + std::to_string(list.count()) + " " + what + ": " + list.text();
  };
  append(missing, "missing");
  append(unexpected, "unexpected");
  append(misshaped, "mis-shaped");
  if (text.empty()) return;
  throw Error(ErrorKind::kModel, "tensors do not fit config.json (" + text + ")", file_->path().string(),
              "use the config.json that belongs to these weights");
}

void WeightLoader::load() {
  check();
  for (Request& request : requests_) request.receive(reader(request.specs)());
  requests_.clear();
}

}  // namespace kiloword
