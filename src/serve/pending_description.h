#pragma once

#include <memory>

#include "kiloword/guided/beam_search.h"
#include "kiloword/guided/decoder.h"
#include "kiloword/guided/output_rules.h"
#include "kiloword/guided/rule_options.h"
#include "kiloword/pipeline/image_facts.h"
#include "kiloword/pipeline/prepared_image.h"
#include "kiloword/scoring/label_bank.h"
#include "kiloword/serve/service.h"

namespace kiloword {

/// A description that is ready to begin once it gets its turn.
struct Service::PendingDescription {
  PreparedImage image;
  std::shared_ptr<const OutputRules> rules;
  std::shared_ptr<const GuidedDecoder> decoder;  ///< null: `search` is used, or the image has an error
  std::shared_ptr<const BeamSearch> search;      ///< with the encoder's own decoder
  OutputRuleOptions rule_options;                ///< that `rules` are made from
  std::shared_ptr<const LabelBank> bank;         ///< used by `facts`
  std::shared_ptr<const FactFinder> facts;       ///< null: the description is not grounded
};

/// Ends the search because the client has disconnected.
[[noreturn]] void give_up();

/// Calls `write`, which sends the rest of a stream; sends an error that it throws as an event called `event`.
void send_guarded(const SendPiece& send, const std::string& event, const std::function<void()>& write);

}  // namespace kiloword
