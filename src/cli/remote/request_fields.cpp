#include "cli/remote/request_fields.h"

#include <nlohmann/json.hpp>
#include <type_traits>
#include <variant>

#include "kiloword/base/option_field.h"
#include "kiloword/guided/description_options.h"
#include "kiloword/guided/output_rules.h"
#include "kiloword/pipeline/caption_options.h"

namespace kiloword::cli {
namespace {

std::string field_text(const std::string& text) {
  return text;
}
template <typename Number>
std::string field_text(Number number) {
  return nlohmann::json(number).dump();
}

void add(RequestFields& fields, std::string_view name, bool flag) {
  if (flag) fields.emplace_back(name, "1");
}
void add(RequestFields& fields, std::string_view name, const std::vector<std::string>& list) {
  for (const std::string& text : list) fields.emplace_back(name, text);
}
template <typename Value>
void add(RequestFields& fields, std::string_view name, const std::optional<Value>& value) {
  if (value) fields.emplace_back(name, field_text(*value));
}
template <typename Value>
void add(RequestFields& fields, std::string_view name, const Value& value) {
  fields.emplace_back(name, field_text(value));
}

/// Every option that is given, or has a default.
template <typename Options>
void add_table(RequestFields& fields, const Options& options, const OptionTable<Options>& table) {
  for (const OptionField<Options>& field : table) {
    std::visit([&](auto member) { add(fields, field.name, options.*member); }, field.member);
  }
}

}  // namespace

RequestFields request_fields(const StatementOptions& options) {
  RequestFields fields;
  add_table(fields, options, caption_options());
  return fields;
}

RequestFields request_fields(const DescribeArguments& arguments) {
  RequestFields fields;
  add_table(fields, arguments.search, search_options());
  OutputRuleOptions rules = arguments.rules;
  for (const std::string& file : arguments.avoid_files) {
    for (std::string& phrase : read_avoid_file(file)) rules.avoided.push_back(std::move(phrase));
  }
  add_table(fields, rules, rule_options());
  return fields;
}

}  // namespace kiloword::cli
