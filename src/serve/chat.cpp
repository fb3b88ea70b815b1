// Answers in the shape of OpenAI's chat completions.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "kiloword/pipeline/sentence.h"
#include "serve/pending_description.h"
#include "serve/replies.h"
#include "serve/stop_sequences.h"

namespace kiloword {
namespace {

/// Ends a search whose text has come to a stop sequence.
struct StopReached {};

/// The part of `settled` that no later token changes: up to its last word.
std::string settled_words(const std::string& settled) {
  return neutralize(settled.substr(0, std::min(settled.rfind(' '), settled.size())));
}

/// Says `text` word by word: clients that show a stream expect it of a sentence that was decided at once,
/// too.
void add_words(std::string_view text, const SendPiece& say) {
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, text.find(' ', 1));
    say(piece);
    text.remove_prefix(piece.size());
  }
}

}  // namespace

/// An answer that can begin.
struct Service::Chat {
  std::vector<std::string> captions;
  std::vector<PendingDescription> descriptions;
  std::optional<int> max_tokens;
  std::vector<std::string> stop;
  Deadline deadline;
  std::function<bool()> client_waits;
};

Service::ChatFinish Service::write_chat(const Chat& chat, const SendPiece& say) {
  ChatFinish finish{"stop", 0};
  StopSequences text(chat.stop, say);
  const auto add = [&text](std::string_view piece) {
    if (!text.add(piece)) give_up();
    if (text.reached()) throw StopReached{};
    return true;
  };
  try {
    for (size_t i = 0; i < chat.captions.size(); ++i) add((i > 0 ? "\n" : "") + chat.captions[i]);
    for (size_t i = 0; i < chat.descriptions.size(); ++i) {
      if (i > 0) add("\n");
      std::string said;
      const auto add_up_to = [&](const std::string& grown) {
        if (grown.size() <= said.size() || grown.compare(0, said.size(), said) != 0) return;
        const std::string rest = grown.substr(std::exchange(said, grown).size());
        add_words(rest, add);
      };
      const size_t tokens_before = finish.tokens;
      const DescriptionRecord record =
          write(chat.descriptions[i], chat.deadline, chat.client_waits, [&](const SearchView& view) {
            finish.tokens = tokens_before + static_cast<size_t>(view.step);
            // What is known of the image may decide for another text than the search's in the end.
            if (!chat.descriptions[i].facts) add_up_to(settled_words(view.settled));
          });
      if (record.error) throw Error(*record.error);
      finish.tokens = tokens_before + record.tokens.size();
      add_up_to(record.description);
      if (chat.max_tokens && record.tokens.size() >= static_cast<size_t>(*chat.max_tokens))
        finish.reason = "length";
    }
  } catch (const StopReached&) {
    finish.reason = "stop";
  }
  if (!text.finish()) give_up();
  return finish;
}

ServiceReply Service::chat(RequestBody&& request, const std::function<bool()>& client_waits) {
  ChatRequest parsed = parse_chat_request(std::move(request), options_.limits);
  const bool captions = parsed.model == kCaptionModel || !parts_.models.describes();
  const ChatHead head = new_chat_head(captions ? kCaptionModel : kDescribeModel);
  Chat chat;
  chat.max_tokens = parsed.max_tokens;
  chat.stop = std::move(parsed.stop);
  chat.deadline = deadline();
  chat.client_waits = client_waits;
  for (std::string& image : parsed.images) {
    std::optional<Error> error;
    if (captions) {
      const CaptionRecord record = caption_record({std::move(image), "-", options_.captions}, chat.deadline);
      error = record.error;
      chat.captions.push_back(record.caption);
    } else {
      DescribeRequest one;
      one.image = std::move(image);
      one.choices.tokens = parsed.max_tokens;
      one.choices.seed = parsed.seed.value_or(0);
      chat.descriptions.push_back(begin_description(std::move(one), chat.deadline));
      error = chat.descriptions.back().image.error;
    }
    if (error) throw Error(*error);
  }

  if (!parsed.stream) {
    std::string text;
    const ChatFinish finish = write_chat(chat, [&text](std::string_view piece) {
      text += piece;
      return true;
    });
    return json_reply(chat_completion(head, text, finish.reason, finish.tokens));
  }
  ServiceReply reply;
  reply.content_type = "text/event-stream";
  reply.headers.emplace_back("Cache-Control", "no-store");
  reply.stream = [this, chat = std::move(chat), head,
                  with_usage = parsed.include_usage](const SendPiece& send) {
    send_guarded(send, "", [&] {
      bool is_first = true;
      const ChatFinish finish = write_chat(chat, [&](std::string_view piece) {
        return send(
            server_sent_event("", chat_chunk(head, std::string(piece), std::exchange(is_first, false))));
      });
      send(server_sent_event("", chat_end(head, finish.reason)));
      if (with_usage) send(server_sent_event("", chat_usage(head, finish.tokens)));
      send("data: [DONE]\n\n");
    });
  };
  return reply;
}

}  // namespace kiloword
