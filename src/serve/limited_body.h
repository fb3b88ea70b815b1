#pragma once

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "serve/memory_budget.h"

namespace kiloword {

/// A request body that satisfies Beast's Body concept: one string, limited in size and, together with all
/// other requests, by a MemoryBudget, whatever length the client declares.
struct LimitedBody {
  struct value_type {  // NOLINT(readability-identifier-naming): Beast's name
    std::string bytes;
    size_t max_bytes = 0;
    size_t cost = 1;  ///< budget per byte, to account for copies while reading and decoding
    std::unique_ptr<MemoryBudget::Share> share;
  };

  class reader {  // NOLINT(readability-identifier-naming): Beast's name
   public:
    template <bool kIsRequest, class Fields>
    reader(boost::beast::http::header<kIsRequest, Fields>& /*head*/, value_type& body) : body_(body) {}

    void init(const boost::optional<std::uint64_t>& length, boost::beast::error_code& error) {
      error = {};
      if (!length) return;
      const auto bytes = static_cast<size_t>(std::min<uint64_t>(*length, body_.max_bytes));
      // Untouched pages take no memory, but the system may allocate a huge page for the first byte.
      if (bytes >= kHugePageBytes && !body_.share->add(kHugePageBytes)) error = boost::asio::error::no_memory;
      body_.bytes.reserve(bytes);
    }

    template <class Buffers>
    size_t put(const Buffers& buffers, boost::beast::error_code& error) {
      const size_t count = boost::asio::buffer_size(buffers);
      error = {};
      if (count > body_.max_bytes - body_.bytes.size()) {
        error = boost::beast::http::error::body_limit;
      } else if (!body_.share->add(count * body_.cost)) {
        error = boost::asio::error::no_memory;
      } else {
        for (auto at = boost::asio::buffer_sequence_begin(buffers);
             at != boost::asio::buffer_sequence_end(buffers); ++at) {
          const boost::asio::const_buffer piece = *at;
          body_.bytes.append(static_cast<const char*>(piece.data()), piece.size());
        }
        return count;
      }
      return 0;
    }

    void finish(boost::beast::error_code& error) { error = {}; }

   private:
    static constexpr size_t kHugePageBytes = size_t{2} << 20U;

    value_type& body_;
  };
};

}  // namespace kiloword
