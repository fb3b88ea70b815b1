#include "cli/hand_over.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/paths.h"

namespace kiloword::cli {
namespace {

/// Threads of a network that wait for each other sleep, unless the environment says otherwise. OpenMP's
/// default is to spin, which costs a time slice a layer wherever other programs run too.
void let_waiting_threads_sleep() {
  ::setenv("OMP_WAIT_POLICY", "PASSIVE", /*overwrite=*/0);
}

struct BecomeEngine {
  char** argv;

  template <typename Arguments>
  int operator()(const Arguments& /*arguments*/, Console& /*console*/) const {
    const std::string engine = plugin_directory() / "kiloword-engine";
    let_waiting_threads_sleep();
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
