#include "cli/app.h"
#include "cli/hand_over.h"
#include "cli/remote/remote_commands.h"

int main(int argc, char** argv) {
  return kiloword::cli::run_app(argc, argv,
                                kiloword::cli::or_on_server(kiloword::cli::handed_over_commands(argv)));
}
