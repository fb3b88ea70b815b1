#include "cli/request_fields.h"

#include <nlohmann/json.hpp>

#include "kiloword/guided/output_rules.h"

namespace kiloword::cli {
namespace {

using nlohmann::json;

void add(RequestFields& fields, const char* name, const std::string& value) {
  fields.emplace_back(name, value);
}
template <typename Number>
void add_number(RequestFields& fields, const char* name, Number value) {
  add(fields, name, json(value).dump());
}
void add_given(RequestFields& fields, const char* name, const std::optional<std::string>& value) {
  if (value) add(fields, name, *value);
}
template <typename Number>
void add_given(RequestFields& fields, const char* name, const std::optional<Number>& value) {
  if (value) add_number(fields, name, *value);
}

}  // namespace

RequestFields request_fields(const StatementOptions& options) {
  RequestFields fields;
  for (const std::string& name : options.labels) add(fields, "labels", name);
  add_number(fields, "top_k", options.top_k);
  add_number(fields, "per_set", options.per_set);
  add(fields, "rank", options.rank);
  add_given(fields, "min_confidence", options.min_confidence);
  add(fields, "author", options.author);
  if (options.explain) add(fields, "explain", "1");
  return fields;
}

RequestFields request_fields(const DescribeArguments& arguments) {
  RequestFields fields;
  add(fields, "preset", arguments.search.preset);
  add_given(fields, "prompt", arguments.search.prompt);
  add_given(fields, "candidates", arguments.search.candidates);
  add_given(fields, "tokens", arguments.search.tokens);
  add_given(fields, "beams", arguments.search.beams);
  add_given(fields, "lm_weight", arguments.search.lm_weight);
  add_given(fields, "clip_weight", arguments.search.clip_weight);
  add_given(fields, "temperature", arguments.search.temperature);
  add_given(fields, "stop", arguments.search.stop);
  add_number(fields, "seed", arguments.search.seed);
  for (const std::string& file : arguments.avoid_files) {
    for (const std::string& phrase : read_avoid_file(file)) add(fields, "avoid", phrase);
  }
  for (const std::string& phrase : arguments.rules.required) add(fields, "must_include", phrase);
  add_given(fields, "max_chars", arguments.rules.max_chars);
  return fields;
}

}  // namespace kiloword::cli
