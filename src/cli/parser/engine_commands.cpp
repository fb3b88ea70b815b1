#include "cli/parser/engine_commands.h"

#include "cli/commands/commands.h"

namespace kiloword::cli {

EngineCommands engine_commands() {
  return {run_caption,      run_batch,  run_describe,  run_score, run_embed,  run_index,
          run_search,       run_eval,   run_calibrate, run_serve, run_report, run_labels_add_example,
          run_labels_build, run_doctor, run_version};
}

}  // namespace kiloword::cli
