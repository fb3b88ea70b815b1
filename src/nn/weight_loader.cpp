#include "kiloword/nn/weight_loader.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/text.h"
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

void read_values(const Checkpoint& file, const std::string& name, float* out) {
  constexpr int64_t kValuesPerThread = 1 << 20;
  const TensorView& view = *file.find(name);
  const std::string path = file.path().string();
  if (!is_weight_type(view.type)) {
    throw Error(ErrorKind::kModel,
                "tensor \"" + name + "\" is " + std::string(tensor_type_name(view.type)) +
                    ", only F64, F32, F16 and BF16 are supported",
                path, "convert the model to F16 or F32");
  }
  const size_t bytes = element_bytes(view.type);
  std::atomic<bool> finite{true};
  at::parallel_for(0, static_cast<int64_t>(view.bytes.size() / bytes), kValuesPerThread,
                   [&](int64_t begin, int64_t end) {
                     const auto first = static_cast<size_t>(begin);
                     const auto count = static_cast<size_t>(end - begin);
                     const std::string_view part = view.bytes.substr(first * bytes, count * bytes);
                     if (!read_weight_values(view.type, part, out + first)) finite = false;
                   });
  if (!finite) {
    throw Error(ErrorKind::kModel, "tensor \"" + name + "\" holds values that are not finite", path,
                "download the model again");
  }
  file.release(view);
}

/// `specs` from `file`, each into what `memory_for` gives it.
template <typename MemoryFor>
std::vector<at::Tensor> read_tensors(const Checkpoint& file, const std::vector<TensorSpec>& specs,
                                     MemoryFor memory_for) {
  std::vector<at::Tensor> tensors;
  for (const TensorSpec& spec : specs) {
    tensors.push_back(memory_for(spec));
    read_values(file, spec.name, tensors.back().template data_ptr<float>());
  }
  return tensors;
}

int64_t values_of(const TensorSpec& spec) {
  return c10::multiply_integers(spec.shape);
}

/// Memory for large tensors that are handed out and soon given back. One piece for each size that comes
/// again, instead of a new one each time: the weights that stay would close in the holes that those leave.
class ReadingBuffers {
 public:
  /// Is told of every tensor that will be taken.
  void expect(const TensorSpec& spec) { ++expected_[values_of(spec)]; }

  /// fp32 of the shape of `spec`, not initialised.
  at::Tensor take(const TensorSpec& spec) {
    const int64_t values = values_of(spec);
    const bool is_last = --expected_[values] == 0;
    if (values < kLargeValues) return at::empty(spec.shape, at::kFloat);
    const auto free = std::find_if(buffers_.begin(), buffers_.end(), [values](const at::Tensor& buffer) {
      return buffer.numel() == values && buffer.storage().use_count() == 1;  // nobody kept it
    });
    at::Tensor buffer = free == buffers_.end() ? at::empty({values}, at::kFloat) : *free;
    if (free == buffers_.end()) {
      if (!is_last) buffers_.push_back(buffer);
    } else if (is_last) {
      buffers_.erase(free);
    }
    return buffer.view(spec.shape);
  }

 private:
  static constexpr int64_t kLargeValues = 1 << 18;

  std::map<int64_t, int64_t> expected_;  // how many tensors of so many values are still to come
  std::vector<at::Tensor> buffers_;
};

}  // namespace

WeightLoader::Reader WeightLoader::reader(std::vector<TensorSpec> specs) const {
  return [file = file_, specs = std::move(specs)] {
    return read_tensors(*file, specs,
                        [](const TensorSpec& spec) { return at::empty(spec.shape, at::kFloat); });
  };
}

void WeightLoader::request(std::vector<TensorSpec> specs, Receiver receive) {
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
  ReadingBuffers buffers;
  for (const Request& request : requests_) {
    for (const TensorSpec& spec : request.specs) buffers.expect(spec);
  }
  for (const Request& request : requests_) {
    request.receive(read_tensors(*file_, request.specs,
                                 [&buffers](const TensorSpec& spec) { return buffers.take(spec); }));
  }
  requests_.clear();
}

}  // namespace kiloword
