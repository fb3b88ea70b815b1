#pragma once

#include <string>

#include "kiloword/pipeline/record.h"

namespace kiloword::testing {

/// A statement of the set `set`.
inline StatementRecord statement(const std::string& set, const std::string& label, double confidence,
                                 bool said) {
  StatementRecord made;
  made.set = set;
  made.label = label;
  made.text = "This is " + label + ".";
  made.cosine = 0.25;
  made.probability = 0.5;
  made.confidence = confidence;
  made.said = said;
  return made;
}

inline CaptionRecord captioned(const std::string& path, std::vector<StatementRecord> statements) {
  CaptionRecord record;
  record.path = path;
  record.caption = "[Image Attached: This is a photo.]";
  record.statements = std::move(statements);
  record.width = 40;
  record.height = 30;
  record.model = "nano";
  record.ms = 1.5;
  return record;
}

inline DescriptionRecord described(const std::string& path) {
  DescriptionRecord record;
  record.path = path;
  record.caption = "[Image Attached: A dog runs.]";
  record.description = "A dog runs.";
  record.cosine = 0.4321;
  record.tokens = {{7, "A", -1.5, 0.2}};
  record.width = 40;
  record.height = 30;
  record.model = "nano";
  record.language_model = "nano-lm";
  record.source = DescriptionSource::kFacts;
  record.words = {{"dog", 0.9}};
  return record;
}

}  // namespace kiloword::testing
