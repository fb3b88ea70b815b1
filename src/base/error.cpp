#include "kiloword/base/error.h"

#include <utility>

#include "kiloword/base/utf8.h"

namespace kiloword {
namespace {

std::string one_line(const std::string& what, const std::string& where, const std::string& remedy) {
  std::string line = what;
  if (!where.empty()) line += ", " + where;
  if (!remedy.empty()) line += "; " + remedy;
  return printable(line);  // a path may hold anything, an error stays one readable line
}

}  // namespace

std::string_view error_kind_name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage:
      return "usage";
    case ErrorKind::kInput:
      return "input";
    case ErrorKind::kModel:
      return "model";
    case ErrorKind::kLabels:
      return "labels";
    case ErrorKind::kOutput:
      return "output";
    case ErrorKind::kBusy:
      return "busy";
    case ErrorKind::kInternal:
      break;
  }
  return "internal";
}

ErrorKind error_kind(std::string_view name) {
  for (const ErrorKind kind : {ErrorKind::kUsage, ErrorKind::kInput, ErrorKind::kModel, ErrorKind::kLabels,
                               ErrorKind::kOutput, ErrorKind::kBusy}) {
    if (error_kind_name(kind) == name) return kind;
  }
  return ErrorKind::kInternal;
}

Error::Error(ErrorKind kind, std::string what, std::string where, std::string remedy)
    : std::runtime_error(one_line(what, where, remedy)),
      kind_(kind),
      message_(std::move(what)),
      where_(std::move(where)),
      remedy_(std::move(remedy)) {}

Error Error::at(std::string where) const {
  return {kind_, message_, std::move(where), remedy_};
}

}  // namespace kiloword
