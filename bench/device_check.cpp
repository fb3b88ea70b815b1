// Compares a device with the CPU: the same networks on the same inputs must give the same embeddings, hidden
// states and log-probabilities; then it is timed. Only the networks are needed, with weights of any kind:
// scripts/make_random_checkpoint.py makes some.
//
// usage: kiloword_device_check [--model FOLDER,...] [--lm FOLDER,...] [--device auto|cuda|cuda:N|cpu]
//                              [--precisions fp32,bf16] [--fp32-cosine C] [--bf16-cosine C] [--threads N]
//                              [--speed yes|no]
//
// The reference is the CPU in fp32. exit codes: 0 agrees, 1 does not, 2 wrong arguments, 3 a model cannot be
// read, 77 there is no CUDA device (with "auto" the CPU's bf16 was compared instead, and agrees).

#include <cstdio>
#include <sstream>

#include "agreement.h"
#include "checked_networks.h"
#include "device_speed.h"
#include "kiloword/base/error.h"
#include "kiloword/nn/compute.h"
#include "options.h"

namespace {

using kiloword::ComputeOptions;
using kiloword::bench::NamedRows;

constexpr int kDisagrees = 1;
constexpr int kUsage = 2;
constexpr int kNoModel = 3;
constexpr int kNoDevice = 77;

constexpr const char* kArguments =
    "kiloword_device_check [--model FOLDER,...] [--lm FOLDER,...] [--device auto|cuda|cuda:N|cpu] "
    "[--precisions fp32,bf16] [--fp32-cosine C] [--bf16-cosine C] [--threads N] [--speed yes|no]";

struct Options {
  std::vector<std::string> models;
  std::vector<std::string> language_models;
  std::vector<std::string> precisions;
  std::string device;
  double fp32_cosine = 0;
  double bf16_cosine = 0;
  int threads = 0;
  bool speed = true;
};

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts;
  std::istringstream stream(list);
  for (std::string part; std::getline(stream, part, ',');) {
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

Options parse(int argc, char** argv) {
  const auto given = kiloword::bench::read_options(argc, argv, kArguments,
                                                   {{"model", ","},
                                                    {"lm", ","},
                                                    {"device", "auto"},
                                                    {"precisions", "fp32,bf16"},
                                                    {"fp32-cosine", "0.99999"},
                                                    {"bf16-cosine", "0.9999"},
                                                    {"threads", kiloword::bench::all_threads()},
                                                    {"speed", "yes"}});
  Options options;
  options.models = split(given.at("model"));
  options.language_models = split(given.at("lm"));
  options.precisions = split(given.at("precisions"));
  options.device = given.at("device");
  options.fp32_cosine = std::atof(given.at("fp32-cosine").c_str());
  options.bf16_cosine = std::atof(given.at("bf16-cosine").c_str());
  options.threads = kiloword::bench::positive(given.at("threads"));
  options.speed = given.at("speed") == "yes";
  if (options.models.empty() && options.language_models.empty()) {
    std::fprintf(stderr, "usage: %s\n", kArguments);
    std::exit(kUsage);
  }
  return options;
}

/// Compares and times one model in one precision; false where a result disagrees.
template <typename Load>
bool check(const std::string& model, const Load& load, const std::vector<NamedRows>& reference,
           const std::string& precision, const Options& options) {
  const double wanted = precision == "bf16" ? options.bf16_cosine : options.fp32_cosine;
  const auto network = load(model, ComputeOptions{options.device, precision, options.threads});
  const std::vector<NamedRows> results = kiloword::bench::results_of(*network);
  bool agrees = true;
  for (size_t i = 0; i < results.size(); ++i) {
    const auto agreement = kiloword::bench::compare(results[i].rows, reference[i].rows);
    const bool holds = agreement.holds(wanted);
    const char* verdict = holds                               ? "agree"
                          : agreement.largest_other >= wanted ? "TOO ALIKE TO TELL"
                                                              : "DISAGREE";
    std::printf("  %s, %s: %lld rows, %s: %s\n", results[i].name.c_str(), precision.c_str(),
                static_cast<long long>(results[i].rows.rows), agreement.text().c_str(), verdict);
    agrees = agrees && holds;
  }
  if (options.speed) {
    const auto timed = kiloword::bench::time_device(network->device(), precision, options.threads);
    kiloword::bench::print_speed(*network, model, timed);
  }
  std::fflush(stdout);
  return agrees;
}

template <typename Load>
bool check_all(const std::vector<std::string>& models, const Load& load, const Options& options) {
  bool agrees = true;
  for (const std::string& model : models) {
    std::printf("%s\n", model.c_str());
    std::vector<NamedRows> reference;
    {
      const auto network = load(model, ComputeOptions{"cpu", "fp32", options.threads});
      reference = kiloword::bench::results_of(*network);
    }
    for (const std::string& precision : options.precisions)
      agrees = check(model, load, reference, precision, options) && agrees;
  }
  return agrees;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Options options = parse(argc, argv);
    const bool any = options.device == "auto";
    options.device = kiloword::make_compute(options.device, "fp32", options.threads).device.str();
    const bool absent = any && options.device == "cpu";
    if (absent) std::printf("There is no CUDA device: the CPU is compared with itself, in bf16.\n");
    std::printf("%s against the CPU in fp32, %d threads\n", options.device.c_str(), options.threads);
    const bool encoders = check_all(options.models, kiloword::bench::load_encoder, options);
    const bool language_models = check_all(options.language_models, kiloword::bench::load_lm, options);
    if (!encoders || !language_models) return kDisagrees;
    return absent ? kNoDevice : 0;
  } catch (const kiloword::Error& error) {
    std::fprintf(stderr, "kiloword_device_check: error: %s\n", error.what());
    if (error.kind() != kiloword::ErrorKind::kUsage) return kNoModel;
    return error.message().find("no CUDA device") == 0 ? kNoDevice : kUsage;
  }
}
