#include "kiloword/nn/pair_turns.h"

namespace kiloword {

at::Tensor turn_pairs(const at::Tensor& qkv, int64_t heads, const PairTurns& turns) {
  const int64_t width = qkv.size(1) / 3;
  const int64_t places = turns.cosines.size(0);
  const int64_t pairs = turns.cosines.size(1);
  const at::Tensor both = qkv.narrow(1, 0, 2 * width)
                              .to(at::kFloat)
                              .reshape({-1, places, 2 * heads, pairs, 2});  // [B, T, 2H, D/2, 2]
  const at::Tensor first = both.select(-1, 0);
  const at::Tensor second = both.select(-1, 1);
  const at::Tensor cosines = turns.cosines.unsqueeze(1);  // [T, 1, D/2]
  const at::Tensor sines = turns.sines.unsqueeze(1);
  const at::Tensor turned =
      at::stack({first * cosines - second * sines, second * cosines + first * sines}, -1);
  return at::cat({turned.reshape({-1, 2 * width}).to(qkv.scalar_type()), qkv.narrow(1, 2 * width, width)},
                 1);  // [B * T, 3C]
}

}  // namespace kiloword
