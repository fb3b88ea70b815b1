#pragma once

#include <signal.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "cli/cli_fixture.h"
#include "support/http_client.h"

namespace kiloword::testing {

/// Runs `kiloword serve` for the time of a conversation.
class ServeTest : public CliTest {
 protected:
  /// Starts the server, calls `talk(address)`, ends it with SIGTERM.
  ProgramResult serve(const std::function<void(const std::string& address)>& talk,
                      std::vector<std::string> options = {}) const {
    const std::string socket = path("socket");
    options.insert(options.begin(), {"serve", "--socket", socket});
    ProgramSetup setup;
    setup.meanwhile = [&](pid_t program) {
      const std::string address = "unix:" + socket;
      for (int i = 0; i < 6000 && !answers(address); ++i) {
        if (::kill(program, 0) != 0) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
      talk(address);
      ::kill(program, SIGTERM);
    };
    return run(options, setup);
  }

 private:
  static bool answers(const std::string& address) {
    try {
      return get(address, "/healthz").status == 200;
    } catch (const std::runtime_error&) {
      return false;
    }
  }
};

}  // namespace kiloword::testing
