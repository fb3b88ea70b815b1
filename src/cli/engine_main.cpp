#include <sys/prctl.h>

#include "cli/app.h"
#include "cli/parser/engine_commands.h"
#include "cli/remote/remote_commands.h"

int main(int argc, char** argv) {
  ::prctl(PR_SET_NAME, "kiloword");  // what lists of processes show
  return kiloword::cli::run_app(argc, argv, kiloword::cli::or_on_server(kiloword::cli::engine_commands()));
}
