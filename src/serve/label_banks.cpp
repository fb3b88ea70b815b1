#include "kiloword/serve/label_banks.h"

#include <algorithm>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"
#include "kiloword/labels/catalog.h"

namespace kiloword {
namespace {

constexpr size_t kKeptBanks = 16;

}  // namespace

LabelBanks::LabelBanks(LabelBankSource source, FairTurns& text_turns)
    : source_(std::move(source)),
      text_turns_(text_turns),
      default_bank_(std::make_shared<LabelBank>(source_.open(source_.default_names))) {}

std::vector<std::string> LabelBanks::names() const {
  std::vector<std::string> names;
  for (const CatalogEntry& entry : list_label_sets(source_.labels_folder)) {
    const size_t slash = entry.name.find('/');
    const std::string group = slash == std::string::npos ? "" : entry.name.substr(0, slash);
    if (!group.empty() && std::find(names.begin(), names.end(), group) == names.end()) names.push_back(group);
    names.push_back(entry.name);
  }
  return names;
}

std::shared_ptr<const LabelBank> LabelBanks::find(const std::vector<std::string>& names, Deadline deadline) {
  if (names.empty() || names == source_.default_names) return default_bank_;
  const std::vector<std::string> allowed = this->names();
  for (const std::string& name : names) {
    if (std::find(allowed.begin(), allowed.end(), name) != allowed.end()) continue;
    throw Error(ErrorKind::kUsage, "no installed label set \"" + printable(name.substr(0, 60)) + "\"",
                "labels", "GET /v1/labels names them");
  }
  const auto kept_one = [&]() -> std::shared_ptr<const LabelBank> {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found =
        std::find_if(kept_.begin(), kept_.end(), [&](const KeptBank& kept) { return kept.names == names; });
    if (found == kept_.end()) return nullptr;
    kept_.splice(kept_.begin(), kept_, found);
    return kept_.front().bank;
  };
  if (auto bank = kept_one()) return bank;
  const FairTurns::Turn turn(text_turns_, deadline);
  if (auto bank = kept_one()) return bank;  // another request has made it meanwhile
  const auto bank = std::make_shared<const LabelBank>(source_.open(names));
  const std::lock_guard<std::mutex> lock(mutex_);
  kept_.push_front({names, bank});
  if (kept_.size() > kKeptBanks) kept_.pop_back();
  return bank;
}

}  // namespace kiloword
