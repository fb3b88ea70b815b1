#include "image/tiff_source.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "image/byte_reader.h"

namespace kiloword {
namespace {

TiffSource& source_of(thandle_t handle) {
  return *static_cast<TiffSource*>(handle);
}

tmsize_t on_read(thandle_t handle, void* to, tmsize_t count) {
  TiffSource& source = source_of(handle);
  const uint64_t left = source.bytes.size() - std::min<uint64_t>(source.position, source.bytes.size());
  const uint64_t available = std::min(static_cast<uint64_t>(count), left);
  source.read_past_end = source.read_past_end || available < static_cast<uint64_t>(count);
  std::memcpy(to, source.bytes.data() + (source.bytes.size() - left), available);
  source.position += available;
  return static_cast<tmsize_t>(available);
}

tmsize_t on_write(thandle_t /*handle*/, void* /*from*/, tmsize_t /*count*/) {
  return 0;
}

toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
  TiffSource& source = source_of(handle);
  const uint64_t base = whence == SEEK_CUR ? source.position : whence == SEEK_END ? source.bytes.size() : 0;
  source.position = base + offset;
  return source.position;
}

int on_close(thandle_t /*handle*/) {
  return 0;
}

toff_t on_size(thandle_t handle) {
  return source_of(handle).bytes.size();
}

/// Keeps libtiff's first message; returning 1 keeps it from the global handler, which prints.
int on_error(TIFF* /*tiff*/, void* user, const char* /*module*/, const char* format, va_list arguments) {
  std::string& message = static_cast<TiffSource*>(user)->message;
  if (message.empty()) {
    char text[256];
    std::vsnprintf(text, sizeof(text), format, arguments);
    message = text;
  }
  return 1;
}

int on_warning(TIFF* /*tiff*/, void* /*user*/, const char* /*module*/, const char* /*format*/,
               va_list /*args*/) {
  return 1;
}

}  // namespace

TiffHandle open_tiff(TiffSource& source, uint64_t max_bytes) {
  const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(),
                                                                                 TIFFOpenOptionsFree);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), on_error, &source);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), on_warning, nullptr);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(),
                                      static_cast<tmsize_t>(std::min<uint64_t>(max_bytes, INT64_MAX)));
  // "m": no memory mapping, so that on_read() sees when the file ends too early.
  return {TIFFClientOpenExt("", "rm", &source, on_read, on_write, on_seek, on_close, on_size, nullptr,
                            nullptr, options.get()),
          TIFFClose};
}

void throw_tiff_error(const TiffSource& source) {
  throw source.read_past_end ? truncated_error("TIFF") : corrupt_error("TIFF", source.message);
}

}  // namespace kiloword
