#include "kiloword/nn/weight_loader.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <map>
#include <mutex>
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

[[noreturn]] void fail_not_finite(const Checkpoint& file, const std::string& name) {
  throw Error(ErrorKind::kModel, "tensor \"" + name + "\" holds values that are not finite",
              file.path().string(), "download the model again");
}

void read_values(const Checkpoint& file, const std::string& name, float* out) {
  constexpr int64_t kValuesPerThread = 1 << 20;
  const TensorView& view = *file.find(name);
  const size_t bytes = element_bytes(view.type);
  std::atomic<bool> finite{true};
  at::parallel_for(0, static_cast<int64_t>(view.bytes.size() / bytes), kValuesPerThread,
                   [&](int64_t begin, int64_t end) {
                     const auto first = static_cast<size_t>(begin);
                     const auto count = static_cast<size_t>(end - begin);
                     const std::string_view part = view.bytes.substr(first * bytes, count * bytes);
                     if (!read_weight_values(view.type, part, out + first)) finite = false;
                   });
  if (!finite) fail_not_finite(file, name);
  file.release(view.bytes);
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
    file->require_unchanged();
    return read_tensors(*file, specs,
                        [](const TensorSpec& spec) { return at::empty(spec.shape, at::kFloat); });
  };
}

WeightLoader::RowReader WeightLoader::rows(const TensorSpec& table) {
  wanted_.push_back(table);
  return [file = file_, table](const std::vector<int64_t>& rows) {
    file->require_unchanged();
    const TensorView& view = *file->find(table.name);
    const int64_t columns = table.shape.at(1);
    const size_t row_bytes = static_cast<size_t>(columns) * element_bytes(view.type);
    const at::Tensor values = at::empty({static_cast<int64_t>(rows.size()), columns}, at::kFloat);
    auto* out = values.data_ptr<float>();
    for (const int64_t row : rows) {
      if (row < 0 || row >= table.shape[0])
        throw Error(ErrorKind::kInternal, "no such row in " + table.name, file->path().string());
      const std::string_view bytes = view.bytes.substr(static_cast<size_t>(row) * row_bytes, row_bytes);
      if (!read_weight_values(view.type, bytes, out)) fail_not_finite(*file, table.name);
      out += columns;
    }
    file->release(view.bytes);
    return values;
  };
}

WeightLoader::Rest WeightLoader::later(const std::function<void()>& declare) {
  struct Part {
    std::once_flag once;
    std::vector<Request> requests;
  };
  const size_t before = requests_.size();
  declare();
  const auto first = requests_.begin() + static_cast<std::ptrdiff_t>(before);
  const auto part = std::make_shared<Part>();
  part->requests.assign(std::make_move_iterator(first), std::make_move_iterator(requests_.end()));
  requests_.erase(first, requests_.end());
  return [file = file_, part] {
    std::call_once(part->once, [&] {
      file->require_unchanged();
      hand_out(*file, part->requests);
      part->requests.clear();
    });
  };
}

void WeightLoader::request(std::vector<TensorSpec> specs, Receiver receive) {
  wanted_.insert(wanted_.end(), specs.begin(), specs.end());
  requests_.push_back({std::move(specs), std::move(receive)});
}

void WeightLoader::check() const {
  NameList missing;
  NameList unexpected;
  NameList misshaped;
  std::set<std::string_view> wanted;
  for (const TensorSpec& spec : wanted_) {
    wanted.insert(spec.name);
    const TensorView* view = file_->find(spec.name);
    if (view == nullptr) {
      missing.add(spec.name);
    } else if (view->shape != spec.shape) {
      misshaped.add(spec.name + " " + shape_text(view->shape) + " instead of " + shape_text(spec.shape));
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
  if (!text.empty()) {
    throw Error(ErrorKind::kModel, "tensors do not fit config.json (" + text + ")", file_->path().string(),
                "use the config.json that belongs to these weights");
  }
  for (const TensorSpec& spec : wanted_) {
    const TensorType type = file_->find(spec.name)->type;
    if (is_weight_type(type)) continue;
    throw Error(ErrorKind::kModel,
                "tensor \"" + spec.name + "\" is " + std::string(tensor_type_name(type)) +
                    ", only F64, F32, F16 and BF16 are supported",
                file_->path().string(), "convert the model to F16 or F32");
  }
}

void WeightLoader::hand_out(const Checkpoint& file, const std::vector<Request>& requests) {
  ReadingBuffers buffers;
  for (const Request& request : requests) {
    for (const TensorSpec& spec : request.specs) buffers.expect(spec);
  }
  for (const Request& request : requests) {
    request.receive(
        read_tensors(file, request.specs, [&buffers](const TensorSpec& spec) { return buffers.take(spec); }));
  }
}

void WeightLoader::load() {
  check();
  hand_out(*file_, requests_);
  requests_.clear();
}

}  // namespace kiloword
