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
  std::vector<std::string> default_names;  ///< for requests without sets; files are allowed here
  /// Makes the bank of the sets called so, with examples and calibrations; called under a text turn.
  std::function<LabelBank(const std::vector<std::string>&)> open;
};

/// The label sets of requests, embedded at their first use; the most recent are kept.
class LabelBanks {
 public:
  /// Embeds the default sets. `text_turns`, under which texts are encoded, must outlive this.
  LabelBanks(LabelBankSource source, FairTurns& text_turns);

  /// The sets called `names`, or the default ones. Only installed sets and groups: a client's name opens no
  /// file. Throws Error(kUsage) for others, and what loading throws; Refusal as FairTurns does.
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
  std::list<KeptBank> kept_;  ///< the most recent first
};

}  // namespace kiloword
