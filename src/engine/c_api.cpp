#include "kiloword/engine/c_api.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <string_view>

#include "kiloword/base/option_field.h"
#include "kiloword/base/version.h"
#include "kiloword/engine/engine.h"
#include "kiloword/engine/engine_fields.h"
#include "kiloword/guided/description_options.h"
#include "kiloword/pipeline/caption_options.h"

struct kw_engine {
  kiloword::Engine engine;
};

namespace kiloword {
namespace {

/// Where an error's text would need memory that there is not.
constexpr const char* kNoMemory = "not enough memory";

struct LastError {
  std::string text;
  ErrorKind kind = ErrorKind::kInternal;
};

LastError& last_error() {
  thread_local LastError error;
  return error;
}

void remember(const char* what, ErrorKind kind = ErrorKind::kInternal) noexcept {
  LastError& error = last_error();
  error.kind = kind;
  try {
    error.text = what;
  } catch (...) {
    error.text.clear();
  }
}

/// What `call` returns; nothing, with an error to be asked for, where it throws.
template <typename Result, typename Call>
Result guarded(Call call) noexcept {
  try {
    return call();
  } catch (const Error& error) {
    remember(error.what(), error.kind());
  } catch (const std::bad_alloc&) {
    remember(kNoMemory);
  } catch (const std::exception& error) {
    remember(error.what());
  } catch (...) {
    remember("internal error");
  }
  return Result();
}

/// Sets the option in `text`, "name=value", if `table` has it.
template <typename Options>
bool set_option(Options& options, const OptionTable<Options>& table, std::string_view text) {
  const size_t equals = std::min(text.find('='), text.size());
  std::string name(text.substr(0, equals));
  std::replace(name.begin(), name.end(), '-', '_');
  for (const OptionField<Options>& field : table) {
    if (field.name != name) continue;
    field.set(options, text.substr(std::min(equals + 1, text.size())));
    return true;
  }
  return false;
}

/// Hands each of `texts` to `set`, which returns whether there is such an option.
template <typename Set>
void set_options(const char* const* texts, Set set) {
  for (; texts != nullptr && *texts != nullptr; ++texts) {
    if (set(*texts)) continue;
    throw Error(ErrorKind::kUsage, "unknown option", *texts, "see kiloword/engine/c_api.h");
  }
}

/// `text` as the caller frees it.
char* given_away(const std::string& text) {
  char* copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (copy == nullptr) throw std::bad_alloc();
  std::memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

template <typename Record>
char* given_away_record(const Record& record) {
  if (record.error) throw Error(*record.error);
  return given_away(to_json(record));
}

std::string_view view(const void* bytes, size_t size) {
  return {static_cast<const char*>(bytes), size};
}

Captioner captioner(const kw_engine& engine, const char* const* texts) {
  StatementChoices choices;
  set_options(texts, [&](std::string_view text) {
    return set_option(choices, caption_options(), text) || set_option(choices, reading_options(), text);
  });
  return engine.engine.captioner(choices);
}

Describer describer(const kw_engine& engine, const char* const* texts) {
  DescribeOptions options;
  set_options(texts, [&](std::string_view text) {
    return set_option(options.search, search_options(), text) ||
           set_option(options.rules, rule_options(), text);
  });
  return engine.engine.describer(options);
}

int copy_embedding(const Embeddings& embedding, float* values) {
  std::copy(embedding.values.begin(), embedding.values.end(), values);
  return 1;
}

}  // namespace
}  // namespace kiloword

using kiloword::guarded;

const char* kw_version(void) {
  return kiloword::kVersion;
}

kw_engine* kw_open(const char* const* options) {
  return guarded<kw_engine*>([&] {
    kiloword::EngineFields fields;
    kiloword::set_options(options, [&](std::string_view text) {
      return kiloword::set_option(fields, kiloword::engine_fields(), text);
    });
    return new kw_engine{kiloword::Engine::open(kiloword::engine_options(fields))};
  });
}

void kw_close(kw_engine* engine) {
  delete engine;
}

char* kw_caption_file(kw_engine* engine, const char* path, const char* const* options) {
  return guarded<char*>(
      [&] { return kiloword::given_away_record(kiloword::captioner(*engine, options).caption_file(path)); });
}

char* kw_caption_bytes(kw_engine* engine, const void* bytes, size_t size, const char* const* options) {
  return guarded<char*>([&] {
    return kiloword::given_away_record(
        kiloword::captioner(*engine, options).caption_bytes(kiloword::view(bytes, size)));
  });
}

char* kw_describe_file(kw_engine* engine, const char* path, const char* const* options) {
  return guarded<char*>(
      [&] { return kiloword::given_away_record(kiloword::describer(*engine, options).describe_file(path)); });
}

char* kw_describe_bytes(kw_engine* engine, const void* bytes, size_t size, const char* const* options) {
  return guarded<char*>([&] {
    return kiloword::given_away_record(
        kiloword::describer(*engine, options).describe_bytes(kiloword::view(bytes, size)));
  });
}

size_t kw_embedding_dim(kw_engine* engine) {
  return static_cast<size_t>(engine->engine.embedding_dim());
}

int kw_embed_image_file(kw_engine* engine, const char* path, float* values) {
  return guarded<int>(
      [&] { return kiloword::copy_embedding(engine->engine.embed_image_file(path), values); });
}

int kw_embed_image_bytes(kw_engine* engine, const void* bytes, size_t size, float* values) {
  return guarded<int>([&] {
    return kiloword::copy_embedding(engine->engine.embed_image_bytes(kiloword::view(bytes, size)), values);
  });
}

int kw_embed_texts(kw_engine* engine, const char* const* texts, size_t count, float* values) {
  return guarded<int>([&] {
    return kiloword::copy_embedding(engine->engine.embed_texts({texts, texts + count}), values);
  });
}

void kw_free(char* text) {
  std::free(text);
}

const char* kw_last_error(void) {
  return kiloword::last_error().text.c_str();
}

const char* kw_last_error_kind(void) {
  return kiloword::error_kind_name(kiloword::last_error().kind).data();
}
