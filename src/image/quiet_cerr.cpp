#include "image/quiet_cerr.h"

#include <iostream>
#include <streambuf>

namespace kiloword {
namespace {

thread_local int quiet_depth = 0;

/// Hands everything on to another buffer, except from threads that are to be quiet.
class FilteringBuffer : public std::streambuf {
 public:
  explicit FilteringBuffer(std::streambuf* target) : target_(target) {}

 protected:
  int_type overflow(int_type character) override {
    if (quiet_depth > 0 || traits_type::eq_int_type(character, traits_type::eof())) {
      return traits_type::not_eof(character);
    }
    return target_->sputc(traits_type::to_char_type(character));
  }
  std::streamsize xsputn(const char* text, std::streamsize count) override {
    return quiet_depth > 0 ? count : target_->sputn(text, count);
  }
  int sync() override { return quiet_depth > 0 ? 0 : target_->pubsync(); }

 private:
  std::streambuf* target_;
};

}  // namespace

QuietCerr::QuietCerr() {
  // Stays to the end of the process: std::cerr is used after every other object is gone.
  static std::streambuf* const kFilter = [] {
    auto* buffer = new FilteringBuffer(std::cerr.rdbuf());
    std::cerr.rdbuf(buffer);
    return buffer;
  }();
  static_cast<void>(kFilter);
  ++quiet_depth;
}

QuietCerr::~QuietCerr() {
  --quiet_depth;
}

}  // namespace kiloword
