#include "kiloword/engine/engine_fields.h"

#include <algorithm>
#include <limits>

namespace kiloword {

const OptionTable<EngineFields>& engine_fields() {
  using Fields = EngineFields;
  static const OptionTable<Fields> kTable{
      {"model", &Fields::model, "M", "A model's name, a folder or a file"},
      {"lm", &Fields::lm, "M", "A language model's name, or its folder"},
      {"device", &Fields::device, "DEVICE", "auto, cpu, cuda or cuda:N"},
      {"precision", &Fields::precision, "fp32|bf16|int8", "Number format of the network"},
      {"threads", &Fields::threads, "N", "Cores to use; 0: all", 0, 4096},
      {"memory", &Fields::memory, "BYTES",
       "For the pixels of images that are being decoded; 0: half of what is available"},
      {"max_pixels", &Fields::max_pixels, "N", "Refuse larger images before decoding them"},
      {"exact", &Fields::exact, "", "Decode large JPEGs at full size"},
      {"ignore_profile", &Fields::ignore_profile, "",
       "Treat colours as sRGB, whatever an embedded ICC profile states"},
      {"page", &Fields::page, "N", "The page of a PDF to read", 1, 1000000},
      {"many_images", &Fields::many_images, "",
       "One core for each call of the network, many calls at the same time"},
  };
  return kTable;
}

EngineOptions engine_options(const EngineFields& fields) {
  constexpr auto kMost = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  EngineOptions options;
  options.model = fields.model;
  options.language_model = fields.lm;
  options.compute = {fields.device, fields.precision, fields.threads};
  options.memory_bytes = fields.memory;
  options.decoding.max_pixels = static_cast<int64_t>(std::clamp<uint64_t>(fields.max_pixels, 1, kMost));
  options.decoding.exact = fields.exact;
  options.decoding.ignore_profile = fields.ignore_profile;
  options.decoding.page = fields.page;
  options.many_images = fields.many_images;
  return options;
}

}  // namespace kiloword
