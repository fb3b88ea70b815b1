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
/// all of them with the checkpoint and hands out tensors only if everything fits.
class WeightLoader {
 public:
  using Receiver = std::function<void(std::vector<at::Tensor>)>;
  using Reader = std::function<std::vector<at::Tensor>()>;
  using RowReader = std::function<at::Tensor(const std::vector<int64_t>& rows)>;
  using Rest = std::function<void()>;

  explicit WeightLoader(std::shared_ptr<const Checkpoint> file) : file_(std::move(file)) {}

  /// Declares `specs`; `receive` gets them in this order as fp32 on the CPU, row by row.
  void request(std::vector<TensorSpec> specs, Receiver receive);

  // What the functions below return reads the mapped file, which costs no memory that cannot be taken back,
  // after `load` has found all to fit, also when this loader is gone. They throw Error(kModel) where the file
  // was written to since, or for values that are not finite.

  /// Reads `specs`, which are requested as well, once more whenever it is called.
  Reader reader(std::vector<TensorSpec> specs) const;

  /// Declares a table [R, C] of embeddings, of which a text needs few rows: it is never converted as a whole.
  /// The function returns the wanted rows [N, C], fp32 on the CPU. Throws Error(kInternal) for a row that the
  /// table does not have.
  RowReader rows(const TensorSpec& table);

  /// Of what `declare` requests, `load` hands out nothing; the function returned does at its first call. Any
  /// threads may call it; each returns when all is handed out.
  Rest later(const std::function<void()>& declare);

  /// Whether the checkpoint has a tensor of this name: some networks are stored in more than one form.
  bool has(const std::string& name) const { return file_->find(name) != nullptr; }

  /// Declares that a tensor of this name may be there and is not used.
  void ignore(const std::string& name) { ignored_.insert(name); }

  /// Throws one Error(kModel) that lists every missing, unexpected and mis-shaped tensor, or one for a tensor
  /// that is no floating-point type; then converts and hands out, in the order of declaration. Throws
  /// Error(kModel) for a tensor that holds NaN or infinity.
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
