#include "cli/hand_over.h"

#include <unistd.h>

#include <cerrno>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/paths.h"

namespace kiloword::cli {
namespace {

struct BecomeEngine {
  char** argv;

  template <typename Arguments>
  int operator()(const Arguments& /*arguments*/, Console& /*console*/) const {
    const std::string engine = plugin_directory() / "kiloword-engine";
    ::execv(engine.c_str(), argv);
    throw Error(ErrorKind::kInternal, "cannot start: " + errno_message(errno), engine,
                "install kiloword again");
  }
};

}  // namespace

EngineCommands handed_over_commands(char** argv) {
  const BecomeEngine become{argv};
  return {become, become, become, become, become, become, become, become,
          become, become, become, become, become, become, become};
}

}  // namespace kiloword::cli
