#pragma once

#include <string>

#include "kiloword/base/error.h"

namespace kiloword {

/// An error that is answered with an HTTP status of its own instead of a record.
class Refusal : public Error {
 public:
  Refusal(int status, ErrorKind kind, const std::string& what, const std::string& where = "",
          const std::string& remedy = "")
      : Error(kind, what, where, remedy), status_(status) {}

  int status() const { return status_; }

 private:
  int status_;
};

}  // namespace kiloword
