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

/// A description that can begin: everything but the turn.
struct Service::PendingDescription {
  PreparedImage image;
  std::shared_ptr<const OutputRules> rules;
  std::shared_ptr<const GuidedDecoder> decoder;  ///< null: `search`, or the image has an error
  std::shared_ptr<const BeamSearch> search;      ///< of the encoder's own decoder
  OutputRuleOptions rule_options;                ///< what `rules` were made of
  std::shared_ptr<const LabelBank> bank;         ///< what `facts` goes by
  std::shared_ptr<const FactFinder> facts;       ///< null: the description is whatever the search finds
};

/// Ends the search: nobody waits for the rest.
[[noreturn]] void give_up();

/// Sends the end of a stream: what `write` gives, or the error that it throws, as an event called `event`.
void send_guarded(const SendPiece& send, const std::string& event, const std::function<void()>& write);

}  // namespace kiloword
