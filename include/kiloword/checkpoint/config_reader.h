#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace kiloword {

/// A JSON object of a model's settings. Every getter checks type and range and throws Error(kModel) that
/// names the file and the key with its path ("vision_config.image_size").
class ConfigReader {
 public:
  /// Reads `path`; its top must be an object.
  static ConfigReader open(const std::filesystem::path& path);
  /// Reads `path`; its top must be a list of objects.
  static std::vector<ConfigReader> open_list(const std::filesystem::path& path);

  /// Whether there is a value that is not null.
  bool has(const std::string& key) const;
  bool is_null(const std::string& key) const;
  /// The object at `key`, which must be there.
  ConfigReader object(const std::string& key) const;
  /// A whole number in [low, high]; `fallback` where the key is missing.
  int64_t integer(const std::string& key, int64_t low, int64_t high, int64_t fallback) const;
  /// The same for a key that must be there.
  int64_t integer(const std::string& key, int64_t low, int64_t high) const;
  double number(const std::string& key, double low, double high, double fallback) const;
  /// The same for a key that must be there.
  double number(const std::string& key, double low, double high) const;
  bool boolean(const std::string& key, bool fallback) const;
  std::string text(const std::string& key, const std::string& fallback) const;
  /// A list of exactly `count` whole numbers in [low, high], which must be there.
  std::vector<int64_t> integers(const std::string& key, size_t count, int64_t low, int64_t high) const;
  /// One whole number in [low, high] or a list of such; none where the key is missing.
  std::vector<int64_t> one_or_more(const std::string& key, int64_t low, int64_t high) const;
  /// A list of exactly `count` numbers in [low, high], which must be there.
  std::vector<double> numbers(const std::string& key, size_t count, double low, double high) const;
  bool is_object(const std::string& key) const;
  bool is_list(const std::string& key) const;
  bool is_text(const std::string& key) const;

  /// Throws Error(kModel): `what` about `key`, which is wrong.
  [[noreturn]] void fail(const std::string& key, const std::string& what) const;
  /// Throws Error(kModel): `what` about `key`, which is right, but nothing that can be done here.
  [[noreturn]] void refuse(const std::string& key, const std::string& what) const;

 private:
  struct Values;

  ConfigReader(std::string file, std::string prefix, std::shared_ptr<const Values> values)
      : file_(std::move(file)), prefix_(std::move(prefix)), values_(std::move(values)) {}

  std::string file_;
  std::string prefix_;
  std::shared_ptr<const Values> values_;
};

/// The file `name` of a model folder. Throws Error(kModel) where there is no such folder or file.
std::filesystem::path require_model_file(const std::filesystem::path& folder, const std::string& name);

}  // namespace kiloword
