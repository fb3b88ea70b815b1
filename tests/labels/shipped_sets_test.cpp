#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "kiloword/labels/catalog.h"
#include "kiloword/labels/lint.h"

namespace kiloword {
namespace {

const std::filesystem::path kFolder = KILOWORD_SOURCE_DIR "/labels";

TEST(ShippedSets, AreCleanInEveryLine) {
  const std::vector<CatalogEntry> entries = list_label_sets(kFolder);
  EXPECT_GE(entries.size(), 10U);
  for (const CatalogEntry& entry : entries) {
    for (const Finding& finding : lint_label_file(entry.path)) {
      ADD_FAILURE() << finding.path.string() << ":" << finding.line << ": " << severity_name(finding.severity)
                    << ": " << finding.message << "; " << finding.remedy;
    }
  }
}

/// Each on its own, so that gates find their sets without help.
TEST(ShippedSets, LoadWithTheirGates) {
  for (const CatalogEntry& entry : list_label_sets(kFolder)) {
    const std::vector<ChosenLabelSet> chosen = resolve_label_sets({entry.name}, kFolder);
    EXPECT_EQ(chosen.front().set.name, entry.name);
    EXPECT_EQ(chosen.front().gate.has_value(), chosen.front().set.gate.has_value());
  }
}

/// `--labels eliza --rank cosine` is the first system's rule; nothing in the sets may interfere.
TEST(ShippedSets, ElizaSetsArePlain) {
  const std::vector<ChosenLabelSet> sets = resolve_label_sets({"eliza"}, kFolder);
  ASSERT_EQ(sets.size(), 4U);
  for (const ChosenLabelSet& chosen : sets) {
    EXPECT_EQ(chosen.set.prompt_templates, std::vector<std::string>{chosen.set.statement});
    EXPECT_TRUE(chosen.set.negatives.empty());
    EXPECT_FALSE(chosen.set.gate);
    EXPECT_FALSE(chosen.set.min_confidence);
  }
}

TEST(ShippedSets, ObjectsAreManyAndTouhouSpeaksAsTheContractSays) {
  const std::vector<ChosenLabelSet> sets =
      resolve_label_sets({"objects", "characters-touhou", "scene"}, kFolder);
  EXPECT_GE(sets[0].set.labels.size(), 1000U);
  const auto says = [](const LabelSet& set, const std::string& name) -> std::string {
    for (const Label& label : set.labels) {
      if (label.name == name) return statement_text(set, label);
    }
    return "no label " + name;
  };
  EXPECT_EQ(says(sets[1].set, "Tenshi Hinanawi"),
            "Image with the Touhou Project character Tenshi Hinanawi in it.");
  EXPECT_EQ(says(sets[2].set, "amusement park"), "This image depicts an amusement park.");
}

}  // namespace
}  // namespace kiloword
