#include "cli/hand_over.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include "cli/machine_load.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/paths.h"

namespace kiloword::cli {
namespace {

/// On a busy machine threads that wait for each other sleep, unless the environment says otherwise. OpenMP's
/// default is to spin, which costs a time slice a layer there, and saves a fifth of an image's time on an
/// idle machine.
void let_waiting_threads_sleep_if_busy() {
  std::string load;
  std::getline(std::ifstream("/proc/loadavg"), load);
  if (is_busy(load, std::thread::hardware_concurrency())) {
    ::setenv("OMP_WAIT_POLICY", "PASSIVE", /*overwrite=*/0);
  }
}

struct BecomeEngine {
  char** argv;

  template <typename Arguments>
  int operator()(const Arguments& /*arguments*/, Console& /*console*/) const {
    const std::string engine = plugin_directory() / "kiloword-engine";
    let_waiting_threads_sleep_if_busy();
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
