#include "cli/parser/measure_commands.h"

#include "cli/parser/option_groups.h"

namespace kiloword::cli {
namespace {

CLI::Validator share() {
  return number_check<double>("a number from 0 to 1",
                              [](double number) { return number >= 0 && number <= 1; });
}

void add_set_and_map(CLI::App& command, LabelledOptions& options) {
  command.add_option("--set", options.set, "The label set: a name, or a label file")
      ->type_name("NAME|FILE")
      ->required()
      ->check(not_empty());
  command
      .add_option("--map", options.map_file,
                  "Lines CLASS<TAB>LABEL|LABEL: which labels are true of a class; default: that of its name")
      ->type_name("FILE")
      ->check(not_empty());
  add_decoding_options(command, options.limits);
}

void add_eval(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<EvalArguments>(builder.app(), "eval",
                                               "Measure a label set on images whose classes are known",
                                               command, builder.engine().eval);
  command
      ->add_option("INPUT", arguments.images.inputs,
                   "Folders with a folder of images for each class, tar or zip files of such")
      ->type_name("");
  command
      ->add_option("--list", arguments.images.list, "Read lines PATH<TAB>CLASS from FILE; -: standard input")
      ->type_name("FILE")
      ->check(not_empty());
  add_set_and_map(*command, arguments.images);
  command->add_option("--rank", arguments.rank, "What a statement's confidence is, as for caption")
      ->type_name("calibrated|probability|cosine")
      ->transform(one_of({"calibrated", "probability", "cosine"}))
      ->capture_default_str();
  command
      ->add_option("--min-confidence", arguments.min_confidence,
                   "Abstain below P; default: the threshold of the set")
      ->type_name("P")
      ->check(share());
  command
      ->add_option("--plot", arguments.plot_file, "Draw reliability, and risk against coverage, as an image")
      ->type_name("FILE.svg|FILE.png")
      ->check(not_empty());
  command->add_option("--details", arguments.details_file, "Write a JSON line for each image")
      ->type_name("FILE")
      ->check(not_empty());
  add_format_option(*command, arguments.format, "one JSON object");
  add_model_options(*command, arguments.model);
}

void add_calibrate(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<CalibrateArguments>(builder.app(), "calibrate",
                                                    "Calibrate the confidence of a label set under a model",
                                                    command, builder.engine().calibrate);
  command
      ->add_option("--images", arguments.backgrounds,
                   "Folders or archives of images of all kinds; default: those of --truth; repeatable")
      ->type_name("DIR")
      ->allow_extra_args(false);
  command
      ->add_option("--truth", arguments.truth.inputs,
                   "Folders with a folder of images for each class, or archives of such; repeatable")
      ->type_name("DIR")
      ->allow_extra_args(false);
  command
      ->add_option("--truth-list", arguments.truth.list,
                   "Read lines PATH<TAB>CLASS from FILE; -: standard input")
      ->type_name("FILE")
      ->check(not_empty());
  add_set_and_map(*command, arguments.truth);
  command
      ->add_option("--true-share", arguments.precision,
                   "Precision of the statements selected by default, at least")
      ->type_name("P")
      ->check(share())
      ->capture_default_str();
  command
      ->add_option("--false-on-absent", arguments.false_on_absent,
                   "False-positive rate on out-of-set images by default, at most")
      ->type_name("P")
      ->check(share())
      ->capture_default_str();
  command
      ->add_option("-o,--output", arguments.output,
                   "Output file; default: where caption and batch look for calibrations")
      ->type_name("FILE")
      ->check(not_empty());
  add_model_options(*command, arguments.model);
}

}  // namespace

void add_measure_commands(ParserBuilder& builder) {
  add_eval(builder);
  add_calibrate(builder);
}

}  // namespace kiloword::cli
