#include "cli/app.h"
#include "cli/hand_over.h"

int main(int argc, char** argv) {
  return kiloword::cli::run_app(argc, argv, kiloword::cli::handed_over_commands(argv));
}
