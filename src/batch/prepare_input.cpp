#include "kiloword/batch/prepare_input.h"

namespace kiloword {

PreparedImage prepare_input(const BatchInput& input, const PreprocessSpec& spec, const DecodeLimits& limits,
                            const Preparation& preparation) {
  if (input.error) {
    PreparedImage failed;
    failed.path = input.path;
    failed.error = input.error;
    return failed;
  }
  return input.bytes ? prepare_image_bytes(input.path, *input.bytes, spec, limits, preparation)
                     : prepare_image(input.path, spec, limits, preparation);
}

}  // namespace kiloword
