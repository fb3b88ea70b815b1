#pragma once

#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "kiloword/clip/encoder.h"
#include "kiloword/scoring/label_bank.h"
#include "kiloword/serve/fair_turns.h"

namespace kiloword {

/// Where the label banks of a server come from.
struct LabelBankSource {
  std::filesystem::path labels_folder;
  std::filesystem::path cache_folder;      ///< of embeddings; empty: none
  std::vector<std::string> default_names;  ///< what requests get that name no sets; files are allowed here
  /// Called with each new bank, perhaps from several threads at once: gives its sets their calibrations.
  std::function<void(LabelBank&)> calibrate;
  /// Called likewise with the sets of each new bank: gives them their examples.
  std::function<void(std::vector<ChosenLabelSet>&)> add_examples;
};

/// The label sets that requests ask for, embedded when they are first asked for; the most recent are kept.
class LabelBanks {
 public:
  /// Embeds the default sets. `encoder` and `text_turns`, which its texts are encoded under, must outlive
  /// this.
  LabelBanks(LabelBankSource source, ImageTextEncoder& encoder, FairTurns& text_turns);

  /// The sets called `names`, or the default ones. Only installed sets and groups: a client's name opens no
  /// file. Throws Error(kUsage) for others, and what loading throws; Refusal as FairTurns does.
  std::shared_ptr<const LabelBank> find(const std::vector<std::string>& names, Deadline deadline);

  const LabelBankSource& source() const { return source_; }
  /// Names that a request may use: sets, and groups of them.
  std::vector<std::string> names() const;

 private:
  std::shared_ptr<const LabelBank> make(const std::vector<std::string>& names);

  struct KeptBank {
    std::vector<std::string> names;
    std::shared_ptr<const LabelBank> bank;
  };

  LabelBankSource source_;
  ImageTextEncoder& encoder_;
  FairTurns& text_turns_;
  std::shared_ptr<const LabelBank> default_bank_;
  std::mutex mutex_;
  std::list<KeptBank> kept_;  ///< the most recent first
};

}  // namespace kiloword
