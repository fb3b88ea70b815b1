#include <cmath>
#include <nlohmann/json.hpp>

#include "kiloword/base/utf8.h"
#include "kiloword/evaluation/report.h"

namespace kiloword {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double value) {
  return std::round(value * 1e4) / 1e4;
}

/// hits / trials; null without trials.
Json share(size_t hits, size_t trials) {
  return trials == 0 ? Json() : Json(rounded(static_cast<double>(hits) / static_cast<double>(trials)));
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json class_json(const ClassAccuracy& of_class) {
  Json json;
  json["class"] = to_valid_utf8(of_class.class_name);
  json["absent"] = of_class.out_of_set;
  json["images"] = of_class.images;
  json["top1"] = of_class.top1;
  json["top5"] = of_class.top5;
  json["said"] = of_class.said;
  json["said_true"] = of_class.said_true;
  json["mistaken_for"] = of_class.mistaken_for;
  return json;
}

}  // namespace

std::string evaluation_json(const EvaluationSubject& subject, const Evaluation& evaluation) {
  Json json;
  json["model"] = subject.model;
  json["set"] = subject.set;
  json["rank"] = subject.rank;
  json["min_confidence"] = rounded(subject.min_confidence);
  json["images"] = evaluation.images;
  json["absent"] = evaluation.out_of_set;
  json["failed"] = evaluation.failed;
  json["top1"] = share(evaluation.top1, evaluation.present());
  json["top5"] = share(evaluation.top5, evaluation.present());
  json["coverage"] = share(evaluation.said - evaluation.said_out_of_set, evaluation.present());
  json["said"] = evaluation.said;
  json["said_true"] = evaluation.said_true;
  json["precision"] = share(evaluation.said_true, evaluation.said);
  json["said_absent"] = evaluation.said_out_of_set;
  json["false_on_absent"] = share(evaluation.said_out_of_set, evaluation.out_of_set);
  json["calibration_error"] = rounded(evaluation.calibration_error);
  json["risk_area"] = rounded(evaluation.risk_area);
  json["classes"] = Json::array();
  for (const ClassAccuracy& of_class : evaluation.classes) json["classes"].push_back(class_json(of_class));
  json["reliability"] = Json::array();
  for (const ReliabilityBin& bin : evaluation.reliability) {
    json["reliability"].push_back({{"from", bin.lower},
                                   {"images", bin.images},
                                   {"confidence", rounded(bin.mean_confidence)},
                                   {"true", rounded(bin.true_share)}});
  }
  json["risk"] = Json::array();
  for (const RiskPoint& point : evaluation.risk) {
    json["risk"].push_back({{"coverage", rounded(point.coverage)},
                            {"risk", rounded(point.risk)},
                            {"confidence", rounded(point.confidence)}});
  }
  if (!evaluation.specificity.empty()) json["said_hypernyms"] = evaluation.said_hypernyms;
  for (const SpecificityPoint& point : evaluation.specificity) {
    json["specificity"].push_back({{"confidence", rounded(point.confidence)},
                                   {"exact", rounded(point.exact)},
                                   {"hypernym", rounded(point.hypernym)},
                                   {"wrong", rounded(point.wrong)},
                                   {"information", rounded(point.information)}});
  }
  return dump(json);
}

std::string judged_image_json(const JudgedImage& image, const std::string& label) {
  Json json;
  json["path"] = to_valid_utf8(image.path);
  json["class"] = to_valid_utf8(image.class_name);
  json["absent"] = image.out_of_set;
  json["true_rank"] = image.out_of_set ? Json() : Json(image.true_rank);
  json["label"] = label;
  json["true"] = image.is_true();
  json["said"] = image.said;
  json["cosine"] = rounded(image.best.cosine);
  json["probability"] = rounded(image.best.probability);
  json["confidence"] = rounded(image.best.confidence);
  if (!image.said) json["reason"] = std::string(rejection_reason(image.rejection));
  return dump(json);
}

}  // namespace kiloword
