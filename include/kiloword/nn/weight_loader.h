#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "kiloword/checkpoint/checkpoint.h"

namespace kiloword {

/// A tensor that a network wants from its checkpoint.
struct TensorSpec {
  std::string name;
  std::vector<int64_t> shape;
};

/// Strict loading by name, in two steps: the parts of a network declare their weights, then `load` compares
/// all of it with the checkpoint, and only when everything fits hands out tensors.
class WeightLoader {
 public:
  using Receiver = std::function<void(std::vector<at::Tensor>)>;
  using Reader = std::function<std::vector<at::Tensor>()>;

  explicit WeightLoader(std::shared_ptr<const Checkpoint> file) : file_(std::move(file)) {}

  /// Declares `specs`; `receive` gets them in this order as fp32 on the CPU, row by row.
  void request(std::vector<TensorSpec> specs, Receiver receive);

  /// Reads `specs`, which `load` has found to fit, once more whenever it is called, also when this loader is
  /// gone: the mapped file costs no memory that cannot be taken back, a second copy of the weights would.
  Reader reader(std::vector<TensorSpec> specs) const;

  /// Whether the checkpoint has a tensor of this name: some networks are stored in more than one form.
  bool has(const std::string& name) const { return file_->find(name) != nullptr; }

  /// Declares that a tensor of this name may be there and is not used.
  void ignore(const std::string& name) { ignored_.insert(name); }

  /// Throws one Error(kModel) that lists every missing, unexpected and mis-shaped tensor; then converts and
  /// hands out, in the order of declaration. Throws Error(kModel) for a tensor that is no floating-point type
  /// or holds NaN or infinity.
  void load();

 private:
  struct Request {
    std::vector<TensorSpec> specs;
    Receiver receive;
  };

  void check() const;

  std::shared_ptr<const Checkpoint> file_;
  std::vector<Request> requests_;
  std::set<std::string> ignored_;
};

}  // namespace kiloword
