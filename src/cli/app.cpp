#include "cli/app.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <new>
#include <system_error>

#include "cli/output/console.h"
#include "cli/output/output.h"
#include "cli/parser/parser.h"
#include "kiloword/base/error.h"
#include "kiloword/base/interrupt.h"
#include "kiloword/base/output_target.h"
#include "kiloword/base/thread_error.h"

namespace kiloword::cli {

ExitCode exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage:
      return ExitCode::kUsage;
    case ErrorKind::kInput:
      return ExitCode::kSomeFailed;
    case ErrorKind::kModel:
    case ErrorKind::kLabels:
    case ErrorKind::kBusy:  // the model is there, but out of reach
      return ExitCode::kModelOrLabels;
    case ErrorKind::kOutput:
      return ExitCode::kOutput;
    case ErrorKind::kInternal:
      break;
  }
  return ExitCode::kInternal;
}

namespace {

ExitCode report(Console& console, const Error& error) {
  console.error(error);
  return exit_code(error.kind());
}

ExitCode run_reporting_errors(const Command& command, Console& console) {
  try {
    return static_cast<ExitCode>(command(console));
  } catch (const Error& error) {
    return report(console, error);
  } catch (const OutputClosed&) {
    return ExitCode::kOk;
  } catch (const std::bad_alloc&) {
    return report(
        console, Error(ErrorKind::kInternal, "not enough memory", "", "use a smaller model or fewer labels"));
  } catch (const std::system_error& error) {
    if (is_thread_failure(error)) return report(console, thread_error(error));
    return report(console, Error(ErrorKind::kInternal, error.what(), "", "please report this as a defect"));
  } catch (const std::exception& error) {
    return report(console, Error(ErrorKind::kInternal, error.what(), "", "please report this as a defect"));
  }
}

/// A descriptor that was closed before the start would become that of the next file opened, and messages
/// would land in it. Here reading and writing results fails, as it did; messages go nowhere.
void open_standard_descriptors() {
  constexpr int kModes[] = {O_WRONLY, O_RDONLY, O_WRONLY};  // NOLINT(modernize-avoid-c-arrays)
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) >= 0 || errno != EBADF) continue;
    if (::open("/dev/null", kModes[fd]) != fd) return;  // NOLINT: it takes the lowest number that is free
  }
}

}  // namespace

int run_app(int argc, char** argv, const EngineCommands& engine) {
  open_standard_descriptors();
  install_interrupt_handlers();
  ParsedCommandLine parsed;
  DisplayOptions display;
  Console early_console(display);
  const ExitCode parse_result = run_reporting_errors(
      [&](Console&) {
        parsed = parse_command_line(argc, argv, engine);
        return 0;
      },
      early_console);
  if (parse_result != ExitCode::kOk || !parsed.command) return static_cast<int>(parse_result);
  Console console(parsed.display);
  return static_cast<int>(run_reporting_errors(parsed.command, console));
}

}  // namespace kiloword::cli
