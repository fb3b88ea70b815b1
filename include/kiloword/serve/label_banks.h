#pragma once

#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "kiloword/scoring/label_bank.h"
#include "kiloword/serve/fair_turns.h"

namespace kiloword {

/// Where the label banks of a server come from.
struct LabelBankSource {
  std::filesystem::path labels_folder;     ///< of the installed sets
  std::vector<std::string> default_names;  ///< for requests that name none; may be files
  /// Makes the bank of the sets with these names, with examples and calibrations; called while holding a text
  /// turn, except for the default sets.
  std::function<LabelBank(const std::vector<std::string>&)> open;
};

/// The label sets of requests, embedded on first use; a cache of the most recent ones.
class LabelBanks {
 public:
  /// Embeds the default sets. Texts are encoded while holding a turn of `text_turns`, which must outlive this
  /// object.
  LabelBanks(LabelBankSource source, FairTurns& text_turns);

  /// The bank of the sets `names`, or of the default ones. Allows only installed sets and groups, so that a
  /// client cannot open files. Throws Error(kUsage) for other names, what loading throws, and Refusal as
  /// FairTurns does.
  std::shared_ptr<const LabelBank> find(const std::vector<std::string>& names, Deadline deadline);

  const LabelBankSource& source() const { return source_; }
  /// Names that a request may use: sets, and groups of them.
  std::vector<std::string> names() const;

 private:
  struct KeptBank {
    std::vector<std::string> names;
    std::shared_ptr<const LabelBank> bank;
  };

  LabelBankSource source_;
  FairTurns& text_turns_;
  std::shared_ptr<const LabelBank> default_bank_;
  std::mutex mutex_;
  std::list<KeptBank> kept_;  ///< most recently used first
};

}  // namespace kiloword
