#pragma once

#include "cli/output/console.h"
#include "cli/parser/options.h"

namespace kiloword::cli {

// One function per command, each in the file of that name. They return the exit code; errors that end the run
// are thrown. The parser calls those that need networks or image libraries through EngineCommands.
int run_caption(const CaptionArguments& arguments, Console& console);
int run_batch(const BatchArguments& arguments, Console& console);
int run_list(const ListArguments& arguments, Console& console);
int run_merge(const MergeArguments& arguments, Console& console);
int run_describe(const DescribeArguments& arguments, Console& console);
int run_eval(const EvalArguments& arguments, Console& console);
int run_calibrate(const CalibrateArguments& arguments, Console& console);
int run_report(const ReportArguments& arguments, Console& console);
int run_serve(const ServeArguments& arguments, Console& console);
int run_score(const ScoreArguments& arguments, Console& console);
int run_embed(const EmbedArguments& arguments, Console& console);
int run_index(const IndexArguments& arguments, Console& console);
int run_search(const SearchArguments& arguments, Console& console);
int run_duplicates(const DuplicatesArguments& arguments, Console& console);
int run_tokenize(const TokenizeArguments& arguments);
int run_labels_list(const LabelsListArguments& arguments, Console& console);
int run_labels_show(const LabelsShowArguments& arguments);
int run_labels_lint(const LabelsLintArguments& arguments);
int run_labels_add_example(const LabelsAddExampleArguments& arguments, Console& console);
int run_labels_remove_examples(const LabelsRemoveExamplesArguments& arguments, Console& console);
int run_labels_build(const LabelsBuildArguments& arguments, Console& console);
int run_models_list(const ModelsListArguments& arguments);
int run_models_info(const ModelsInfoArguments& arguments);
int run_models_pull(const ModelsPullArguments& arguments, Console& console);
int run_models_remove(const ModelsRemoveArguments& arguments, Console& console);
int run_models_prune(const ModelsPruneArguments& arguments, Console& console);
int run_models_add(const ModelsAddArguments& arguments, Console& console);
int run_models_path(const ModelsPathArguments& arguments);
int run_models_verify(const ModelsVerifyArguments& arguments, Console& console);
int run_doctor(const DoctorArguments& arguments, Console& console);
/// --version --verbose: with the libraries and programs that image formats need.
int run_version(const VersionArguments& arguments, Console& console);

}  // namespace kiloword::cli
