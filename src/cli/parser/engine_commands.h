#pragma once

#include <functional>

#include "cli/output/console.h"
#include "cli/parser/options.h"

namespace kiloword::cli {

template <typename Arguments>
using Runner = std::function<int(const Arguments&, Console&)>;

/// The commands that need networks or image libraries, whose loading takes most of a second. The engine
/// program runs them; the front-end program execs the engine.
struct EngineCommands {
  Runner<CaptionArguments> caption;
  Runner<BatchArguments> batch;
  Runner<DescribeArguments> describe;
  Runner<ScoreArguments> score;
  Runner<EmbedArguments> embed;
  Runner<IndexArguments> index;
  Runner<SearchArguments> search;
  Runner<EvalArguments> eval;
  Runner<CalibrateArguments> calibrate;
  Runner<ServeArguments> serve;
  Runner<ReportArguments> report;
  Runner<LabelsAddExampleArguments> labels_add_example;
  Runner<LabelsBuildArguments> labels_build;
  Runner<DoctorArguments> doctor;
  Runner<VersionArguments> version;
};

/// The implementations of these commands.
EngineCommands engine_commands();

}  // namespace kiloword::cli
