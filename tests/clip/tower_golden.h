#pragma once

#include <c10/core/InferenceMode.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "clip/image_tower.h"
#include "clip/model_folder.h"
#include "kiloword/checkpoint/checkpoint.h"
#include "kiloword/nn/compute.h"
#include "kiloword/nn/weight_loader.h"

namespace kiloword::testing {

using Vectors = std::vector<std::vector<float>>;

/// The weights tests/clip/data/`folder`/`name`.safetensors.
inline WeightLoader tower_weights(const std::string& folder, const std::string& name) {
  return WeightLoader(Checkpoint::open(std::filesystem::path(KILOWORD_TESTS_DIR) / "clip" / "data" / folder /
                                       (name + ".safetensors")));
}

/// Rows of any length as embeddings of unit length.
inline Embeddings unit_rows(const at::Tensor& rows) {
  const at::Tensor unit = (rows / rows.norm(2, {1}, true)).contiguous();
  Embeddings result;
  result.rows = unit.size(0);
  result.dim = unit.size(1);
  result.values.assign(unit.data_ptr<float>(), unit.data_ptr<float>() + unit.numel());
  return result;
}

/// The smallest cosine of the embedding of a golden's image by the tower that `make` (WeightLoader&, const
/// Compute&) builds of the weights `name` in `folder` with the golden's.
template <typename Make>
double image_cosine(const nlohmann::json& golden, const std::string& folder, const std::string& name,
                    const std::string& precision, const Make& make) {
  const c10::InferenceMode inference;
  WeightLoader loader = tower_weights(folder, name);
  const Compute compute = make_compute("cpu", precision, 1);
  const std::unique_ptr<ImageTower> tower = make(loader, compute);
  loader.load();
  const int side = golden.at("sides").at(name);
  const auto expected = golden.at(name).get<Vectors>();
  std::vector<at::Tensor> pixels;
  for (size_t i = 0; i < expected.size(); ++i)
    pixels.push_back(at::tensor(golden_pixels(static_cast<int>(i), side)).view({1, 3, side, side}));
  return smallest_cosine(unit_rows((*tower)(at::cat(pixels))), expected);
}

}  // namespace kiloword::testing
