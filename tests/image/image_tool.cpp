// Writes what the image module makes of files, for comparison with another program by a script. Reads one
// command a line from stdin:
//   decode FILE         the decoded image
//   resize W H FILE     decoded, then scaled to W x H
//   crop S FILE         decoded, then as a model of side S sees it
//   stretch S FILE      the same for a model that does not crop
//   reduced-crop S FILE, reduced-stretch S FILE     the same, a large JPEG decoded at a fraction of its size
// and answers each by "WIDTH HEIGHT\n" and RGB bytes, or by "error MESSAGE\n".
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/image/decode.h"
#include "kiloword/image/preprocess.h"

namespace {

kiloword::Image run(const std::string& line) {
  std::istringstream words(line);
  std::string command;
  std::string file;
  int width = 0;
  int height = 0;
  words >> command;
  if (command != "decode") {
    words >> width;
  }
  if (command == "resize") {
    words >> height;
  }
  std::getline(words >> std::ws, file);
  const std::string bytes = kiloword::read_file(file, uint64_t{1} << 32, kiloword::ErrorKind::kInput);
  kiloword::PreprocessSpec spec;
  spec.size_px = width;
  spec.mode = (command == "crop" || command == "reduced-crop") ? kiloword::ResizeMode::kShortest
                                                               : kiloword::ResizeMode::kStretch;
  if (command == "reduced-crop" || command == "reduced-stretch") {
    return kiloword::fit_for_model(kiloword::decode_for_model(bytes, spec), spec);
  }
  kiloword::Image image = kiloword::decode_image(bytes);
  if (command == "decode") {
    return image;
  }
  if (command == "resize") {
    return kiloword::resize(image, width, height);
  }
  return kiloword::fit_for_model(image, spec);
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    try {
      const kiloword::Image image = run(line);
      std::printf("%d %d\n", image.width, image.height);
      std::fwrite(image.rgb.data(), 1, image.rgb.size(), stdout);
    } catch (const kiloword::Error& error) {
      std::printf("error %s\n", error.message().c_str());
    }
    std::fflush(stdout);
  }
  return 0;
}
