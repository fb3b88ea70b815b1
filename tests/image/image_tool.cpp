// Writes what the image module makes of files, for comparison with another program by a script.
//   image_tool decode FILE            pixels of the decoded image
//   image_tool resize W H FILE        decoded, scaled to W x H
//   image_tool fit S crop|stretch FILE  decoded, as a model of side S sees it
// Output: "WIDTH HEIGHT\n", then RGB bytes; or "error MESSAGE\n".
#include <cstdio>
#include <string>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/image/decode.h"
#include "kiloword/image/preprocess.h"

namespace {

kiloword::Image run(int argc, char** argv) {
  const std::string command = argv[1];
  const kiloword::Image image = kiloword::decode_image(
      kiloword::read_file(argv[argc - 1], uint64_t{1} << 32, kiloword::ErrorKind::kInput));
  if (command == "resize") {
    return kiloword::resize_bicubic(image, std::stoi(argv[2]), std::stoi(argv[3]));
  }
  if (command == "fit") {
    kiloword::PreprocessSpec spec;
    spec.size_px = std::stoi(argv[2]);
    spec.center_crop = std::string(argv[3]) == "crop";
    return kiloword::fit_for_model(image, spec);
  }
  return image;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: image_tool decode|resize|fit ... FILE\n", stderr);
    return 2;
  }
  try {
    const kiloword::Image image = run(argc, argv);
    std::printf("%d %d\n", image.width, image.height);
    std::fwrite(image.rgb.data(), 1, image.rgb.size(), stdout);
  } catch (const kiloword::Error& error) {
    std::printf("error %s\n", error.message().c_str());
  }
  return 0;
}
