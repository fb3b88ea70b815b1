#include "cli/output/record_text.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/output/output.h"
#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"

namespace kiloword::cli {
namespace {

using nlohmann::json;

/// "  0.2715   93.4 %  ", the cosine and the probability of a label or a text.
std::string numbers(const json& scored) {
  char buffer[48];  // NOLINT(modernize-avoid-c-arrays): snprintf's
  std::snprintf(buffer, sizeof buffer, "%7.4f  %5.1f %%  ", scored.at("cosine").get<double>(),
                100 * scored.at("probability").get<double>());
  return buffer;
}

std::string text(const json& object, const char* key) {
  return printable(object.at(key).get_ref<const std::string&>());
}

/// "photo.jpg: ", or nothing.
std::string name_before(const json& record, bool with_path) {
  if (!with_path) return "";
  const std::string path = text(record, "path");
  return (path == "-" ? "standard input" : path) + ": ";
}

/// "    is it    0.2715   93.4 %  dog: said, confidence 0.91"
void write_names(const json& names) {
  const char* head = "is it ";
  for (const json& name : names) {
    char confidence[32];  // NOLINT(modernize-avoid-c-arrays): snprintf's
    std::snprintf(confidence, sizeof confidence, ", confidence %.2f", name.at("confidence").get<double>());
    const std::string outcome = text(name, "outcome") == "said" ? "selected" : text(name, "outcome");
    write_line(std::string("    ") + head + numbers(name) + text(name, "label") + ": " + outcome +
               confidence);
    head = "is a  ";
  }
}

/// Hands `record` to `write`, unless it is to be written as it is, or has failed.
template <typename Write>
void write_record(const std::string& record, Format format, Write write) {
  if (format == Format::kJson) {
    write_line(record);
    return;
  }
  try {
    const json parsed = json::parse(record);
    if (parsed.at("status") == "ok") write(parsed);
  } catch (const json::exception&) {
    throw Error(ErrorKind::kModel, "not a record of this version of kiloword");
  }
}

}  // namespace

void write_caption(const std::string& record, Format format, bool with_path) {
  write_record(record, format, [with_path](const json& parsed) {
    write_line(name_before(parsed, with_path) + text(parsed, "caption"));
    if (!parsed.contains("explain")) return;
    for (const json& set : parsed.at("explain")) {
      const bool said = set.at("said").get<bool>();
      write_line("  " + text(set, "set") + ": " + (said ? "selected" : "rejected, " + text(set, "reason")));
      for (const json& label : set.at("labels")) write_line("    " + numbers(label) + text(label, "label"));
      if (set.contains("names")) write_names(set.at("names"));
    }
  });
}

void write_description(const std::string& record, Format format, bool with_path) {
  write_record(record, format, [with_path](const json& parsed) {
    write_line(name_before(parsed, with_path) + text(parsed, "description"));
  });
}

void write_scores(const std::string& record, Format format, bool with_path) {
  write_record(record, format, [with_path](const json& parsed) {
    if (with_path) write_line(text(parsed, "path") + ":");
    for (const json& score : parsed.at("scores")) write_line(numbers(score) + text(score, "text"));
  });
}

}  // namespace kiloword::cli
