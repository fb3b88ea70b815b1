#include "kiloword/labels/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "kiloword/base/error.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using ::testing::ElementsAre;

/// The text of a set with the labels `one` and `two`, and one more header line.
std::string set_text(const std::string& header_line = "") {
  return "category: x\nstatement: It is {label}.\n" + header_line + "\n---\none\ntwo\nthree\n";
}

class Catalog : public ::testing::Test {
 protected:
  Catalog() {
    for (const char* name : {"medium", "scene", "objects", "nano/medium", "nano/scene", "nano/objects"}) {
      folder_.write("labels/" + std::string(name) + ".txt", set_text());
    }
    folder_.write("labels/README.md", "no set");
    folder_.write("labels/.hidden.txt", "no set");
    folder_.write("labels/nano/deeper/unseen.txt", "no set");
  }

  std::filesystem::path labels() const { return folder_.path() / "labels"; }

  /// The names of what is chosen, those that only a gate looks at in brackets.
  std::vector<std::string> resolve(const std::vector<std::string>& names) const {
    std::vector<std::string> chosen;
    for (const ChosenLabelSet& set : resolve_label_sets(names, labels())) {
      chosen.push_back(set.selected ? set.set.name : "(" + set.set.name + ")");
    }
    return chosen;
  }

  /// The error of resolving `name`, the folder's own path left out.
  std::string error_of(const std::string& name) const {
    try {
      resolve_label_sets({name}, labels());
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kLabels);
      std::string text = error.what();
      const std::string root = folder_.path().string();
      for (size_t at = text.find(root); at != std::string::npos; at = text.find(root))
        text.erase(at, root.size());
      return text;
    }
    return "no error";
  }

  testing::TemporaryFolder folder_;
};

TEST_F(Catalog, ListsSetsThenGroups) {
  std::vector<std::string> names;
  for (const CatalogEntry& entry : list_label_sets(labels())) names.push_back(entry.name);
  EXPECT_THAT(names, ElementsAre("medium", "objects", "scene", "nano/medium", "nano/objects", "nano/scene"));
}

TEST_F(Catalog, AFolderThatIsNotThereIsAnError) {
  try {
    list_label_sets("/nonexistent");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kLabels);
    EXPECT_STREQ(error.what(),
                 "cannot list label sets: no such file or directory, /nonexistent; reinstall kiloword or "
                 "set KILOWORD_DATA");
  }
}

TEST_F(Catalog, NamesGroupsAndFilesInTheOrderAskedFor) {
  EXPECT_THAT(resolve({"scene", "medium"}), ElementsAre("scene", "medium"));
  EXPECT_THAT(resolve({"nano/scene", "scene"}), ElementsAre("nano/scene", "scene"));
  EXPECT_THAT(resolve({"nano"}), ElementsAre("nano/medium", "nano/objects", "nano/scene"));
  const std::string own = folder_.write("elsewhere/my own.txt", set_text()).string();
  EXPECT_THAT(resolve({own, "medium"}), ElementsAre("my own", "medium"));
  EXPECT_THAT(resolve({}), ElementsAre());
}

TEST_F(Catalog, EachSetOnceHoweverItIsNamed) {
  const std::string file = (labels() / "nano" / ".." / "medium.txt").string();
  EXPECT_THAT(resolve({"medium", "medium", file}), ElementsAre("medium"));
  EXPECT_THAT(resolve({"nano/objects", "nano"}), ElementsAre("nano/objects", "nano/medium", "nano/scene"));
}

TEST_F(Catalog, UnknownNamesSuggestCloseOnes) {
  EXPECT_EQ(error_of("mediun"),
            "unknown label set 'mediun'; did you mean 'medium'? run `kiloword labels list`");
  EXPECT_EQ(error_of("nano/sceen"),
            "unknown label set 'nano/sceen'; did you mean 'nano/scene'? run `kiloword labels list`");
  EXPECT_EQ(error_of("nono"), "unknown label set 'nono'; did you mean 'nano'? run `kiloword labels list`");
  EXPECT_EQ(error_of("quite different"), "unknown label set 'quite different'; run `kiloword labels list`");
  EXPECT_EQ(error_of(""), "unknown label set ''; run `kiloword labels list`");
  EXPECT_EQ(error_of("a\nb"),
            "unknown label set 'a\uFFFD"
            "b'; run `kiloword labels list`");
}

TEST_F(Catalog, ANameDoesNotLeaveTheFolder) {
  folder_.write("outside.txt", set_text());
  EXPECT_EQ(error_of("../outside"),
            "no such label file, ../outside; run `kiloword labels list` for the sets by name");
  EXPECT_EQ(error_of(".hidden"), "unknown label set '.hidden'; run `kiloword labels list`");
  EXPECT_EQ(error_of("nano/deeper/unseen"),
            "no such label file, nano/deeper/unseen; run `kiloword labels list` for the sets by name");
  EXPECT_EQ(error_of("absent.txt"),
            "no such label file, absent.txt; run `kiloword labels list` for the sets by name");
  EXPECT_EQ(error_of((folder_.path() / "labels").string()),
            "is a directory, /labels; name the label files in it");
}

TEST_F(Catalog, AGateBringsItsSetAlongUnspoken) {
  folder_.write("labels/characters.txt", set_text("gate: medium: three, one"));
  EXPECT_THAT(resolve({"characters", "scene"}), ElementsAre("characters", "scene", "(medium)"));
  EXPECT_THAT(resolve({"characters", "medium"}), ElementsAre("characters", "medium"));
  const std::vector<ChosenLabelSet> chosen = resolve_label_sets({"characters", "scene"}, labels());
  EXPECT_EQ(chosen[0].gate.value().set, 2U);
  EXPECT_THAT(chosen[0].gate.value().labels, ElementsAre(0, 2));
  EXPECT_FALSE(chosen[1].gate);
}

TEST_F(Catalog, AGateLooksBesideItsOwnFileFirst) {
  folder_.write("labels/nano/characters.txt", set_text("gate: medium: one"));
  EXPECT_THAT(resolve({"nano/characters", "medium"}),
              ElementsAre("nano/characters", "medium", "(nano/medium)"));
  folder_.write("labels/nano/people.txt", set_text("gate: alone: one"));
  folder_.write("labels/alone.txt", set_text());
  EXPECT_THAT(resolve({"nano/people"}), ElementsAre("nano/people", "(alone)"));
  const std::string own = folder_.write("elsewhere/own.txt", set_text("gate: style: one")).string();
  const std::string style = folder_.write("third/style.txt", set_text()).string();
  EXPECT_THAT(resolve({own, style}), ElementsAre("own", "style"));
}

TEST_F(Catalog, ManyGatesShareOneSetAndLookAtEachOther) {
  folder_.write("labels/a.txt", set_text("gate: b: one"));
  folder_.write("labels/b.txt", set_text("gate: a: two"));
  folder_.write("labels/c.txt", set_text("gate: scene: one"));
  folder_.write("labels/d.txt", set_text("gate: scene: two"));
  EXPECT_THAT(resolve({"a", "b"}), ElementsAre("a", "b"));
  EXPECT_THAT(resolve({"a"}), ElementsAre("a", "(b)"))
      << "the gate of a set that is not spoken is not followed";
  EXPECT_THAT(resolve({"c", "d"}), ElementsAre("c", "d", "(scene)"));
}

TEST_F(Catalog, GatesThatLeadNowhereAreErrors) {
  folder_.write("labels/a.txt", set_text("gate: absent: one"));
  folder_.write("labels/b.txt", set_text("gate: ../outside: one"));
  folder_.write("labels/c.txt", set_text("gate: medium: one, four"));
  folder_.write("outside.txt", set_text());
  EXPECT_EQ(error_of("a"),
            "gate on the unknown label set 'absent', /labels/a.txt; run `kiloword labels list`");
  EXPECT_EQ(error_of("b"),
            "gate on the unknown label set '../outside', /labels/b.txt; run `kiloword labels list`");
  EXPECT_EQ(
      error_of("c"),
      "gate on 'four', which is not a label of 'medium', /labels/c.txt; run `kiloword labels show medium`");
}

}  // namespace
}  // namespace kiloword
