#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>

#include "cli/commands/commands.h"
#include "cli/output.h"
#include "kiloword/base/error.h"
#include "kiloword/base/paths.h"
#include "kiloword/base/utf8.h"
#include "kiloword/clip/model_info.h"
#include "kiloword/models/model_store.h"
#include "kiloword/text/tokenizer.h"

namespace kiloword::cli {
namespace {

using Json = nlohmann::ordered_json;

void write_tokens(const Tokenizer& tokenizer, const std::string& text) {
  Json record;
  record["text"] = to_valid_utf8(text);
  const std::vector<int32_t> ids = tokenizer.encode(text);
  record["ids"] = ids;
  record["pieces"] = Json::array();
  for (const int32_t id : ids) record["pieces"].push_back(to_valid_utf8(tokenizer.piece(id)));
  write_line(record.dump());
}

std::string parse_json_string(const std::string& line, int line_number) {
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_string()) {
    throw Error(ErrorKind::kUsage, "not a JSON string", "standard input:" + std::to_string(line_number),
                "with --lines every line is one text in JSON, e.g. \"a photo\"");
  }
  return json.get<std::string>();
}

/// A model's folder, or a folder or file that may hold no more than a tokenizer.
std::filesystem::path tokenizer_path(const std::string& name) {
  const std::filesystem::path models = data_directory() / "models";
  if (const auto bundled = bundled_folder(name, models)) return *bundled;
  std::error_code ignored;
  return std::filesystem::exists(name, ignored) ? std::filesystem::path(name)
                                                : find_model(name, models).folder;
}

/// What the model in `path` does to texts; nothing where there is no more than a tokenizer.
TextCleaning cleaning_of(const std::filesystem::path& path) {
  for (const char* config : {"config.json", "open_clip_config.json"}) {
    std::error_code ignored;
    if (!std::filesystem::exists(path / config, ignored)) continue;
    try {
      return read_clip_model_info(path).cleaning;
    } catch (const Error&) {
      return TextCleaning::kNone;  // a language model, or another that has a tokenizer
    }
  }
  return TextCleaning::kNone;
}

}  // namespace

int run_tokenize(const TokenizeArguments& arguments) {
  if (arguments.texts.empty() && !arguments.lines) {
    throw Error(ErrorKind::kUsage, "no text", "",
                "give texts, or JSON strings on standard input with --lines");
  }
  const std::filesystem::path path = tokenizer_path(arguments.model);
  const auto tokenizer = load_tokenizer(path, cleaning_of(path));
  for (const std::string& text : arguments.texts) write_tokens(*tokenizer, text);
  if (!arguments.lines) return 0;
  int line_number = 0;
  for (std::string line; std::getline(std::cin, line);) {
    write_tokens(*tokenizer, parse_json_string(line, ++line_number));
  }
  return 0;
}

}  // namespace kiloword::cli
