#include "cli/parser/serve_command.h"

#include "cli/parser/option_groups.h"

namespace kiloword::cli {
namespace {

void add_address_options(CLI::App& command, ServeArguments& arguments) {
  const OptionGroup group(command, "Address");
  CLI::Option* host = command
                          .add_option("--host", arguments.host,
                                      "The address to listen on; others than this machine's need a token")
                          ->type_name("ADDRESS")
                          ->capture_default_str();
  CLI::Option* port =
      command.add_option("--port", arguments.port, "The port to listen on; 0: one that is free")
          ->type_name("N")
          ->check(CLI::Range(0, 65535))
          ->capture_default_str();
  command.add_option("--socket", arguments.socket, "Listen on a Unix socket instead")
      ->type_name("PATH")
      ->check(not_empty())
      ->excludes(host)
      ->excludes(port);
  command
      .add_option("--token-file", arguments.token_file,
                  "A file with the token that clients must send; default: KILOWORD_TOKEN, if set")
      ->type_name("FILE")
      ->check(not_empty());
}

void add_log_option(CLI::App& command, ServeArguments& arguments) {
  const OptionGroup group(command, "Messages");
  command
      .add_option("--log-format", arguments.log_format,
                  "Messages on stderr: text, or json for one object a line")
      ->type_name("FORMAT")
      ->transform(one_of({"text", "json"}))
      ->capture_default_str();
}

void add_limit_options(CLI::App& command, ServeArguments& arguments) {
  const OptionGroup group(command, "Limits");
  command.add_option("--max-body", arguments.max_body_mib, "Maximum size of a request in MiB")
      ->type_name("MIB")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  add_decoding_options(command, arguments.limits);
  add_reading_options(command, arguments.reading, "auto");
  command.add_option("--max-tokens", arguments.max_tokens, "Maximum tokens of a description")
      ->type_name("N")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command.add_option("--queue", arguments.queue, "Images waiting or in progress; further ones get 503")
      ->type_name("N")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command
      .add_option("--descriptions", arguments.descriptions, "Concurrent descriptions; further ones get 503")
      ->type_name("N")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command.add_option("--connections", arguments.connections, "Concurrent clients; further ones get 503")
      ->type_name("N")
      ->check(CLI::Range(1, 900))
      ->capture_default_str();
  command.add_option("--request-timeout", arguments.request_timeout_s, "Maximum seconds for an answer")
      ->type_name("S")
      ->check(range_check(0.1, 86400))
      ->capture_default_str();
  command
      .add_option("--receive-timeout", arguments.receive_timeout_s, "Maximum seconds for receiving a request")
      ->type_name("S")
      ->check(range_check(0.1, 86400))
      ->capture_default_str();
  add_batch_size_option(command, arguments.batch_size);
}

}  // namespace

void add_serve_command(ParserBuilder& builder) {
  CLI::App* command = nullptr;
  auto& arguments = builder.add<ServeArguments>(
      builder.app(), "serve", "Serve captions and descriptions over HTTP, with a page for browsers", command,
      builder.engine().serve);
  add_address_options(*command, arguments);
  add_log_option(*command, arguments);
  add_limit_options(*command, arguments);
  command
      ->add_option("--engine", arguments.engine,
                   "What writes descriptions: a language model, or the decoder of the (CoCa) model")
      ->type_name("lm|coca")
      ->transform(one_of({"lm", "coca"}))
      ->capture_default_str();
  command
      ->add_option("--rerank", arguments.rerank,
                   "With --engine coca: another model, which picks the best-fitting of a CoCa's texts")
      ->type_name("M")
      ->check(not_empty());
  command
      ->add_option("--lm", arguments.language_model,
                   "A language model's name, or its folder; none: no descriptions")
      ->type_name("M")
      ->capture_default_str();
  command
      ->add_option("--bank", arguments.bank_file,
                   "Sentences, one a line: of those that the image supports, the nearest is the description")
      ->type_name("FILE")
      ->check(CLI::ExistingFile.description(""));
  command
      ->add_option("--index", arguments.index_files,
                   "Answer searches in this index (kiloword index), or a folder's; repeatable")
      ->type_name("FILE")
      ->check(not_empty())
      ->allow_extra_args(false);
  add_statement_options(*command, arguments.statements);
  add_model_options(*command, arguments.model);
}

}  // namespace kiloword::cli
