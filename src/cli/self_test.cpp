#include "cli/self_test.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>
#include <system_error>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/image/image.h"
#include "kiloword/image/preprocess.h"
#include "kiloword/scoring/similarity.h"

namespace kiloword::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr uint64_t kMaxReferenceBytes = 1 << 20;
/// Other kernels and orders of summation than the reference's move a cosine of 32-bit floats by less than
/// this.
constexpr double kCosineTolerance = 1e-3;

/// The picture of the references: 64 x 64, pixel (x, y, c) = (4 x + 2 y c + 40 c) mod 256.
Image reference_image() {
  constexpr int kSide = 64;
  Image image{kSide, kSide, {}};
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      for (int c = 0; c < 3; ++c)
        image.rgb.push_back(static_cast<uint8_t>((4 * x + 2 * y * c + 40 * c) % 256));
    }
  }
  return image;
}

std::string in_digits(double value) {
  char buffer[32];  // NOLINT(modernize-avoid-c-arrays): snprintf's
  std::snprintf(buffer, sizeof buffer, "%.5f", value);
  return buffer;
}

CheckResult unit_length_check(const std::string& name, const Embeddings& embeddings) {
  constexpr double kTolerance = 1e-3;
  double worst = 0;
  bool finite = true;
  for (int64_t row = 0; row < embeddings.rows; ++row) {
    double squares = 0;
    for (int64_t i = 0; i < embeddings.dim; ++i) squares += std::pow(embeddings.row(row)[i], 2);
    finite = finite && std::isfinite(squares);
    worst = std::max(worst, std::abs(std::sqrt(squares) - 1));
  }
  return {name, finite && worst <= kTolerance, finite ? "length off by " + in_digits(worst) : "not finite"};
}

std::vector<CheckResult> compare_with_reference(ImageTextEncoder& encoder, const Embeddings& image,
                                                const Json& reference) {
  std::vector<CheckResult> checks;
  for (const Json& expected : reference.at("texts")) {
    const auto text = expected.at("text").get<std::string>();
    const double stated = expected.at("cosine").get<double>();
    const double measured = cosines(image.row(0), encoder.encode_texts({text})).front();
    checks.push_back({"cosine with \"" + text + "\"", std::abs(measured - stated) <= kCosineTolerance,
                      in_digits(measured) + ", reference " + in_digits(stated)});
  }
  return checks;
}

/// What `check` says of the reference values of the model in `folder`; nothing where it has none.
std::vector<CheckResult> check_reference(const fs::path& folder,
                                         const std::function<std::vector<CheckResult>(const Json&)>& check) {
  const fs::path path = folder / "reference.json";
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return {};
  try {
    return check(Json::parse(read_file(path, kMaxReferenceBytes, ErrorKind::kModel)));
  } catch (const Error& error) {
    throw error.at(path.string());
  } catch (const Json::exception&) {
    throw Error(ErrorKind::kModel, "ill-formed reference values", path.string(),
                "restore the file or delete it");
  }
}

/// A list of ids below `vocab_size`, at least one; throws as the JSON library does for anything else.
std::vector<int32_t> token_ids(const Json& list, int64_t vocab_size) {
  std::vector<int32_t> ids;
  for (size_t i = 0; i < std::max<size_t>(list.size(), 1); ++i) {
    const uint64_t id = list.at(i).get_ref<const Json::number_unsigned_t&>();
    if (id >= static_cast<uint64_t>(vocab_size)) {
      throw Error(ErrorKind::kModel, "reference values of another vocabulary");
    }
    ids.push_back(static_cast<int32_t>(id));
  }
  return ids;
}

std::vector<double> next_logprobs(LanguageModel& model, const std::vector<int32_t>& ids) {
  const std::vector<float> values = model.start(ids)->logprobs({0});
  return {values.begin(), values.end()};
}

CheckResult probability_check(LanguageModel& model) {
  double sum = 0;
  for (const double logprob : next_logprobs(model, model.encode_prompt("A photo of")))
    sum += std::exp(logprob);
  return {"next-token probabilities", std::abs(sum - 1) <= 1e-3, "sum " + in_digits(sum)};
}

std::vector<CheckResult> compare_with_reference(LanguageModel& model, const Json& reference) {
  std::vector<CheckResult> checks;
  for (const Json& expected : reference.at("cases")) {
    const std::vector<int32_t> ids = token_ids(expected.at("ids"), model.vocab_size());
    const Json& positions = expected.at("positions");
    const Json& last = positions.at(std::max<size_t>(positions.size(), 1) - 1);
    const double stated = last.at("best_logit").get<double>() - last.at("logsumexp").get<double>();
    const std::vector<double> logprobs = next_logprobs(model, ids);
    const auto best = std::max_element(logprobs.begin(), logprobs.end());
    const bool same =
        best - logprobs.begin() ==
        static_cast<ptrdiff_t>(last.at("best_3").at(0).get_ref<const Json::number_unsigned_t&>());
    constexpr double kTolerance = 1e-2;
    checks.push_back({"next token after \"" + expected.at("text").get<std::string>() + "\"",
                      same && std::abs(*best - stated) <= kTolerance,
                      "log-probability " + in_digits(*best) + ", reference " + in_digits(stated)});
  }
  return checks;
}

}  // namespace

std::vector<CheckResult> self_test(ImageTextEncoder& encoder, const fs::path& model_folder) {
  const Image picture = reference_image();
  const Embeddings image =
      encoder.encode_pictures(preprocess(picture, encoder.preprocess()),
                              {fitted_size({picture.width, picture.height}, encoder.preprocess())});
  std::vector<CheckResult> checks{
      unit_length_check("image embedding", image),
      unit_length_check("text embedding", encoder.encode_texts({"a photo", "a drawing of a house"}))};
  for (CheckResult& check : check_reference(model_folder, [&](const Json& reference) {
         return compare_with_reference(encoder, image, reference);
       }))
    checks.push_back(std::move(check));
  return checks;
}

std::vector<CheckResult> self_test(LanguageModel& model, const fs::path& model_folder) {
  std::vector<CheckResult> checks{probability_check(model)};
  for (CheckResult& check : check_reference(
           model_folder, [&](const Json& reference) { return compare_with_reference(model, reference); }))
    checks.push_back(std::move(check));
  return checks;
}

}  // namespace kiloword::cli
