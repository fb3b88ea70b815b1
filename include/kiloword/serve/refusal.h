#pragma once

#include <string>

#include "kiloword/base/error.h"

namespace kiloword {

/// A request that is not answered with a record: an error with its HTTP status.
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
