#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "kiloword/checkpoint/checkpoint.h"

namespace kiloword {

/// A tensor that a network requests from its checkpoint.
struct TensorSpec {
  std::string name;
  std::vector<int64_t> shape;
};

/// Strict loading by name, in two steps: the parts of a network declare their weights, then `load` compares
/// all of them with the checkpoint and hands out tensors only if everything matches.
class WeightLoader {
 public:
  using Receiver = std::function<void(std::vector<at::Tensor>)>;
  using Reader = std::function<std::vector<at::Tensor>()>;
  using RowReader = std::function<at::Tensor(const std::vector<int64_t>& rows)>;
  using Rest = std::function<void()>;

  explicit WeightLoader(std::shared_ptr<const Checkpoint> file) : file_(std::move(file)) {}

  /// Declares `specs`; `receive` gets them in this order, as fp32 on the CPU in row-major order.
  void request(std::vector<TensorSpec> specs, Receiver receive);

  // The functions returned below read the memory-mapped file, which uses only reclaimable memory. They may be
  // called after `load` has succeeded, even after this loader is destroyed. They throw Error(kModel) if the
  // file has been modified since it was opened, or if values are not finite.

  /// Returns a function that reads `specs` on every call. They must be requested as well.
  Reader reader(std::vector<TensorSpec> specs) const;

  /// Declares an embedding table [R, C] of which a text needs few rows, so that it is never converted as a
  /// whole. The returned function reads rows [N, C], as fp32 on the CPU; it throws Error(kInternal) for a row
  /// that is out of range.
  RowReader rows(const TensorSpec& table);

  /// Defers the requests that `declare` makes: `load` checks them, but the returned function hands them out,
  /// on its first call. It is thread-safe; each call returns once everything is handed out.
  Rest later(const std::function<void()>& declare);

  /// Whether the checkpoint has this tensor: some networks are stored in more than one form.
  bool has(const std::string& name) const { return file_->find(name) != nullptr; }

  /// Declares a tensor that may exist and is not used.
  void ignore(const std::string& name) { ignored_.insert(name); }

  /// Throws a single Error(kModel) that lists every missing, unexpected and mis-shaped tensor, or one for a
  /// tensor of an unsupported type. Then converts the tensors and hands them out in the order of declaration.
  /// Throws Error(kModel) for a tensor that contains NaN or infinity.
  void load();

 private:
  struct Request {
    std::vector<TensorSpec> specs;
    Receiver receive;
  };

  static void hand_out(const Checkpoint& file, const std::vector<Request>& requests);
  void check() const;

  std::shared_ptr<const Checkpoint> file_;
  std::vector<TensorSpec> wanted_;
  std::vector<Request> requests_;
  std::set<std::string> ignored_;
};

}  // namespace kiloword
