#include "cli/remote/remote_commands.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "cli/input/inputs.h"
#include "cli/output/embedding_sink.h"
#include "cli/output/output.h"
#include "cli/output/record_text.h"
#include "cli/output/watch.h"
#include "cli/remote/remote_inputs.h"
#include "cli/remote/request_fields.h"
#include "kiloword/client/event_reader.h"
#include "kiloword/pipeline/image_bytes.h"
#include "kiloword/pipeline/record.h"

namespace kiloword::cli {
namespace {

using nlohmann::json;

int remote_caption(const CaptionArguments& arguments, Console& console) {
  const bool named = shows_filenames(arguments.input);
  return for_each_remote_result(
      make_client(arguments.server), "/v1/caption", request_fields(arguments.statements), arguments.input,
      console, [&](const RemoteResult& result) { write_caption(result.record, arguments.format, named); });
}

int remote_score(const ScoreArguments& arguments, Console& console) {
  const bool many = shows_filenames(arguments.input);
  RequestFields fields;
  for (const std::string& text : arguments.texts) fields.emplace_back("text", text);
  return for_each_remote_result(
      make_client(arguments.server), "/v1/score", fields, arguments.input, console,
      [&](const RemoteResult& result) { write_scores(result.record, arguments.format, many); });
}

int64_t embedding_dim(const ServerClient& client) {
  const ServerAnswer answer = client.get("/v1/models");
  const json body = json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  if (answer.status != 200) throw_refusal(answer, client.address());
  constexpr uint64_t kMaxDim = 1 << 20;
  const json dim = body.is_object() ? body.value("embedding_dim", json()) : json();
  if (!dim.is_number_unsigned() || dim.get<uint64_t>() < 1 || dim.get<uint64_t>() > kMaxDim) {
    throw Error(ErrorKind::kModel, "the server does not state the length of its embeddings", client.address(),
                "check the address");
  }
  return dim.get<int64_t>();
}

int remote_embed(const EmbedArguments& arguments, Console& console) {
  const ServerClient client = make_client(arguments.server);
  EmbeddingSink sink(arguments.npy_file, embedding_dim(client));
  int exit_code = 0;
  if (arguments.texts.empty()) {
    exit_code = for_each_remote_result(client, "/v1/embed", {}, arguments.input, console,
                                       [&](const RemoteResult& result) {
                                         if (result.error) {
                                           sink.put_error(result.path, *result.error);
                                         } else {
                                           sink.put_json(result.path, result.record);
                                         }
                                       });
  } else {
    std::set<std::string> told;
    for (const std::string& text : arguments.texts) {
      const ServerAnswer answer = client.post("/v1/embed", {{"text", text}}, "");
      if (answer.status != 200) throw_refusal(answer, client.address());
      const std::string line = answer.body.substr(0, answer.body.find('\n'));
      tell_warnings(line, told, console);
      sink.put_json("", line);
    }
  }
  sink.finish();
  return exit_code;
}

/// What a `token` event shows; nothing of one that is not as it should be.
SearchView view_of(const std::string& data) {
  SearchView view;
  const json event = json::parse(data, nullptr, /*allow_exceptions=*/false);
  try {
    view.step = static_cast<int>(event.at("step").get_ref<const json::number_unsigned_t&>());
    view.text = event.at("text").get<std::string>();
    for (const json& candidate : event.at("candidates")) {
      view.candidates.push_back({candidate.at("text").get<std::string>(),
                                 candidate.at("logprob").get<double>(), candidate.at("cosine").get<double>(),
                                 candidate.at("value").get<double>()});
    }
  } catch (const json::exception&) {
    return {};
  }
  return view;
}

/// One image after the other, each shown while it is described.
int watch_remote_descriptions(const DescribeArguments& arguments, const ServerClient& client,
                              RequestFields fields, Console& console) {
  fields.emplace_back("stream", "1");
  bool some_failed = false;
  for (const std::string& path : collect_inputs(arguments.input)) {
    Watch watch;
    RemoteResult result;
    try {
      std::string last;
      EventReader events([&](const std::string& event, const std::string& data) {
        if (event == "token") watch.show(view_of(data));
        if (event != "token") last = data;
      });
      ServerAnswer answer = client.post("/v1/describe", fields, input_content(path, arguments.input),
                                        [&events](std::string_view piece) { events.read(piece); });
      if (answer.status == 200) answer.body = last;
      if (last.find(R"("status":"error")") != std::string::npos) answer.status = 422;
      result = result_of(answer, path, client.address());
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kInput) throw;
      const Error own = error.at(input_name(path));
      result = {path, error_json(path, own), own};
    }
    watch.clear();
    if (result.error) console.error(*result.error);
    some_failed = some_failed || result.error;
    write_description(result.record, arguments.format, shows_filenames(arguments.input));
  }
  return some_failed ? 1 : 0;
}

int remote_describe(const DescribeArguments& arguments, Console& console) {
  const ServerClient client = make_client(arguments.server);
  const RequestFields fields = request_fields(arguments);
  const bool named = shows_filenames(arguments.input);
  if (arguments.watch) return watch_remote_descriptions(arguments, client, fields, console);
  return for_each_remote_result(
      client, "/v1/describe", fields, arguments.input, console,
      [&](const RemoteResult& result) { write_description(result.record, arguments.format, named); });
}

/// `local`, or `remote` where the arguments name a server.
template <typename Arguments>
Runner<Arguments> either(Runner<Arguments> local, int (*remote)(const Arguments&, Console&)) {
  return [local = std::move(local), remote](const Arguments& arguments, Console& console) {
    return arguments.server.empty() ? local(arguments, console) : remote(arguments, console);
  };
}

}  // namespace

EngineCommands or_on_server(EngineCommands local) {
  local.caption = either(std::move(local.caption), remote_caption);
  local.describe = either(std::move(local.describe), remote_describe);
  local.score = either(std::move(local.score), remote_score);
  local.embed = either(std::move(local.embed), remote_embed);
  return local;
}

}  // namespace kiloword::cli
