#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace kiloword {

/// A JSON object of a model's configuration. Every getter checks type and range and throws Error(kModel) with
/// the file and the full path of the key ("vision_config.image_size").
class ConfigReader {
 public:
  /// Reads `path`; the top-level value must be an object.
  static ConfigReader open(const std::filesystem::path& path);
  /// Reads `path`; the top-level value must be an array of objects.
  static std::vector<ConfigReader> open_list(const std::filesystem::path& path);

  /// Whether `key` exists and is not null.
  bool has(const std::string& key) const;
  bool is_null(const std::string& key) const;
  /// The object at `key`, which must exist.
  ConfigReader object(const std::string& key) const;
  /// An integer in [low, high]; `fallback` if the key is missing.
  int64_t integer(const std::string& key, int64_t low, int64_t high, int64_t fallback) const;
  /// The same for a required key.
  int64_t integer(const std::string& key, int64_t low, int64_t high) const;
  double number(const std::string& key, double low, double high, double fallback) const;
  /// The same for a required key.
  double number(const std::string& key, double low, double high) const;
  bool boolean(const std::string& key, bool fallback) const;
  std::string text(const std::string& key, const std::string& fallback) const;
  /// A required array of exactly `count` integers in [low, high].
  std::vector<int64_t> integers(const std::string& key, size_t count, int64_t low, int64_t high) const;
  /// One integer in [low, high] or an array of them; empty if the key is missing.
  std::vector<int64_t> one_or_more(const std::string& key, int64_t low, int64_t high) const;
  /// A required array of exactly `count` numbers in [low, high].
  std::vector<double> numbers(const std::string& key, size_t count, double low, double high) const;
  bool is_object(const std::string& key) const;
  bool is_list(const std::string& key) const;
  bool is_text(const std::string& key) const;

  /// Throws Error(kModel) "KEY WHAT" for an invalid value.
  [[noreturn]] void fail(const std::string& key, const std::string& what) const;
  /// Throws Error(kModel) "KEY WHAT" for a valid value that is not supported.
  [[noreturn]] void refuse(const std::string& key, const std::string& what) const;

 private:
  struct Values;

  ConfigReader(std::string file, std::string prefix, std::shared_ptr<const Values> values)
      : file_(std::move(file)), prefix_(std::move(prefix)), values_(std::move(values)) {}

  std::string file_;
  std::string prefix_;
  std::shared_ptr<const Values> values_;
};

/// The path of the file `name` in a model folder. Throws Error(kModel) if the folder or file does not exist.
std::filesystem::path require_model_file(const std::filesystem::path& folder, const std::string& name);

}  // namespace kiloword
