#include "cli/app.h"

int main(int argc, char** argv) {
  return kiloword::cli::run_app(argc, argv);
}
