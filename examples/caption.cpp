// caption IMAGE...: prints the caption of each image.
#include <kiloword/engine/engine.h>

#include <iostream>

int main(int argc, char** argv) try {
  const kiloword::Engine engine = kiloword::Engine::open();
  const kiloword::Captioner captioner = engine.captioner();
  for (int i = 1; i < argc; ++i) {
    const kiloword::CaptionRecord record = captioner.caption_file(argv[i]);
    std::cout << (record.error ? record.error->what() : record.caption) << "\n";
  }
} catch (const kiloword::Error& error) {
  std::cerr << "caption: " << error.what() << "\n";
  return 1;
}
