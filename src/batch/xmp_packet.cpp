#include "batch/xmp_packet.h"

#include <exempi/xmp.h>
#include <exempi/xmpconsts.h>

#include <cstdint>
#include <memory>
#include <mutex>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

constexpr const char* kIptcCore = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/";
constexpr const char* kAltText = "AltTextAccessibility";

struct FreePacket {
  void operator()(XmpPtr packet) const { xmp_free(packet); }
};
struct FreeString {
  void operator()(XmpStringPtr text) const { xmp_string_free(text); }
};
struct FreeFile {
  void operator()(XmpFilePtr file) const { xmp_files_free(file); }
};
using OpenFile = std::unique_ptr<std::remove_pointer_t<XmpFilePtr>, FreeFile>;
using Packet = std::unique_ptr<std::remove_pointer_t<XmpPtr>, FreePacket>;
using Text = std::unique_ptr<std::remove_pointer_t<XmpStringPtr>, FreeString>;

[[noreturn]] void refuse(const std::string& what, const std::string& path) {
  throw Error(ErrorKind::kOutput, what, path, "move it, or write sidecars in another style");
}

/// Whether the packet has a description in x-default.
bool has_text(const Packet& packet, const char* schema, const char* name) {
  return xmp_get_localized_text(packet.get(), schema, name, "", "x-default", nullptr, nullptr, nullptr);
}

bool has_item(const Packet& packet, const char* name, const std::string& wanted) {
  const Text item(xmp_string_new());
  for (int32_t i = 1; xmp_get_array_item(packet.get(), NS_DC, name, i, item.get(), nullptr); ++i) {
    if (xmp_string_cstr(item.get()) == wanted) return true;
  }
  return false;
}

bool put(const Packet& packet, const XmpTexts& texts, bool adds) {
  bool good = true;
  const auto put_text = [&](const char* schema, const char* name) {
    if (texts.description.empty() || (adds && has_text(packet, schema, name))) return;
    good =
        xmp_set_localized_text(packet.get(), schema, name, "", "x-default", texts.description.c_str(), 0) &&
        good;
  };
  put_text(NS_DC, "description");
  put_text(kIptcCore, kAltText);
  if (!adds) xmp_delete_property(packet.get(), NS_DC, "subject");
  for (const std::string& tag : texts.tags) {
    if (has_item(packet, "subject", tag)) continue;
    good =
        xmp_append_array_item(packet.get(), NS_DC, "subject", XMP_PROP_ARRAY_IS_UNORDERED, tag.c_str(), 0) &&
        good;
  }
  return good;
}

/// The library, to be used while the lock is held: it has tables of namespaces that all packets share.
std::unique_lock<std::mutex> lock_library(const std::string& path) {
  static std::mutex mutex;
  std::unique_lock<std::mutex> lock(mutex);
  static const bool is_ready = xmp_init() && xmp_register_namespace(kIptcCore, "Iptc4xmpCore", nullptr);
  if (!is_ready) refuse("libexempi cannot be used", path);
  return lock;
}

std::string serialized(const Packet& packet, const std::string& path) {
  const Text text(xmp_string_new());
  if (!xmp_serialize(packet.get(), text.get(), XMP_SERIAL_OMITPACKETWRAPPER, 0)) {
    refuse("XMP that cannot be changed", path);
  }
  return xmp_string_cstr(text.get()) + std::string("\n");
}

}  // namespace

bool can_write_xmp() {
  return true;
}

std::string xmp_packet(const std::string& old, const XmpTexts& texts, bool adds, const std::string& path) {
  const std::unique_lock<std::mutex> lock = lock_library(path);
  const Packet packet(old.empty() ? xmp_new_empty() : xmp_new(old.data(), old.size()));
  if (!packet) refuse("already exists and is not XMP", path);
  if (!put(packet, texts, adds)) refuse("XMP that cannot be changed", path);
  return serialized(packet, path);
}

bool update_xmp_of_file(const std::string& file, const XmpTexts& texts, bool adds, const std::string& path) {
  const std::unique_lock<std::mutex> lock = lock_library(path);
  const auto options = static_cast<XmpOpenFileOptions>(XMP_OPEN_FORUPDATE | XMP_OPEN_USESMARTHANDLER);
  const OpenFile opened(xmp_files_open_new(file.c_str(), options));
  if (!opened) refuse("libexempi cannot read its metadata", path);
  Packet packet(xmp_files_get_new_xmp(opened.get()));
  const bool is_new = !packet;
  if (is_new) packet.reset(xmp_new_empty());
  const std::string before = serialized(packet, path);
  if (!put(packet, texts, adds)) refuse("XMP that cannot be changed", path);
  if (!is_new && serialized(packet, path) == before) return false;
  const bool written = xmp_files_can_put_xmp(opened.get(), packet.get()) &&
                       xmp_files_put_xmp(opened.get(), packet.get()) &&
                       xmp_files_close(opened.get(), XMP_CLOSE_NOOPTION);
  if (!written) refuse("libexempi cannot write its metadata", path);
  return true;
}

}  // namespace kiloword
