#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "kiloword/base/descriptor.h"
#include "models/pull_fixture.h"

namespace kiloword::testing {
namespace {

namespace fs = std::filesystem;

/// Cuts the first `times` answers of the storage after `bytes` of their body.
FakeHub::Interference cut_first(int times, size_t bytes) {
  return [left = std::make_shared<std::atomic<int>>(times), bytes](
             const ServedRequest&, ServedReply reply) -> std::optional<ServedReply> {
    if ((*left)-- <= 0) return std::nullopt;
    reply.sent_bytes = bytes;
    return reply;
  };
}

TEST_F(PullTest, ACutTransferGoesOnWhereItStopped) {
  hub_.interfere_at_storage(cut_first(2, 100000));
  EXPECT_EQ(pull().fetched_bytes, 300000U + 22 + 4);
  expect_whole_model();
  EXPECT_EQ(hub_.storage().body_bytes_sent(), 300000U) << "no byte was sent twice";
  ASSERT_EQ(diary_.retries.size(), 2U);
  expect_contains(diary_.retries[0], "the transfer was interrupted");
  const auto requests = hub_.storage().requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].headers.count("range"), 0U);
  EXPECT_EQ(requests[1].headers.at("range"), "bytes=100000-");
  EXPECT_EQ(requests[2].headers.at("range"), "bytes=200000-");
}

TEST_F(PullTest, ATransferThatStaysCutFailsAndTheNextPullGoesOn) {
  hub_.interfere_at_storage([](const ServedRequest&, ServedReply reply) -> std::optional<ServedReply> {
    reply.sent_bytes = 50000;
    return reply;
  });
  expect_contains(pull_error(), "the transfer was interrupted");
  expect_nothing_visible();
  EXPECT_EQ(fs::file_size(incomplete("model.safetensors")), 150000U);
  hub_.interfere_at_storage({});
  const uint64_t sent = hub_.storage().body_bytes_sent();
  EXPECT_EQ(pull().fetched_bytes, 150000U + 4);
  EXPECT_EQ(hub_.storage().body_bytes_sent() - sent, 150000U);
  EXPECT_EQ(diary_.plans.back().missing_bytes, 150000U + 4);
  expect_whole_model();
}

TEST_F(PullTest, AnInterruptedPullShowsNothingAndGoesOn) {
  hub_.interfere_at_storage([](const ServedRequest&, ServedReply reply) -> std::optional<ServedReply> {
    reply.sent_bytes = 120000;
    reply.stalls = true;
    return reply;
  });
  options_.stop = [this] { return diary_.last.done_bytes >= 120000; };
  EXPECT_TRUE(pull().stopped);
  expect_nothing_visible();
  EXPECT_EQ(fs::file_size(incomplete("model.safetensors")), 120000U);
  hub_.interfere_at_storage({});
  options_.stop = [] { return false; };
  EXPECT_FALSE(pull().stopped);
  EXPECT_EQ(hub_.storage().requests().back().headers.at("range"), "bytes=120000-");
  expect_whole_model();
}

TEST_F(PullTest, AnInterruptEndsTheWaitForAnotherAttempt) {
  hub_.interfere([](const ServedRequest&, const ServedReply&) {
    ServedReply reply;
    reply.status = 503;
    return std::optional(reply);
  });
  options_.first_wait = std::chrono::seconds(100);
  options_.stop = [this] { return !diary_.retries.empty(); };
  EXPECT_TRUE(pull().stopped);
}

TEST_F(PullTest, AnInterruptEndsTheWaitForAnotherProgram) {
  const std::string lock =
      folder_.write("hub/.locks/models--owner--tiny/" + hub_.blob_name("model.safetensors") + ".lock", "");
  const Descriptor held(::open(lock.c_str(), O_RDWR | O_CLOEXEC));
  ASSERT_EQ(::flock(held.get(), LOCK_EX), 0);
  options_.stop = [this] { return !diary_.waited_for.empty(); };
  EXPECT_TRUE(pull().stopped);
  EXPECT_EQ(diary_.waited_for, std::vector<std::string>{"model.safetensors"});
}

TEST_F(PullTest, AServerThatStartsAgainAtTheBeginningIsFollowed) {
  folder_.write("hub/models--owner--tiny/blobs/" + hub_.blob_name("model.safetensors") + ".incomplete",
                weights().substr(0, 1000));
  hub_.interfere_at_storage([](const ServedRequest&, const ServedReply&) {
    ServedReply whole;
    whole.body = weights();
    return std::optional(whole);
  });
  pull();
  expect_whole_model();
}

TEST_F(PullTest, AWrongBeginningOfAnEarlierPullIsThrownAway) {
  const std::string name = hub_.blob_name("model.safetensors") + ".incomplete";
  for (const size_t size : {size_t{1000}, size_t{300000}, size_t{300001}}) {
    fs::remove_all(settings_.cache_folder);
    folder_.write("hub/models--owner--tiny/blobs/" + name, std::string(size, 'x'));
    pull();
    expect_whole_model();
  }
}

TEST_F(PullTest, ABlobOfTheWrongLengthIsFetchedAgain) {
  folder_.write("hub/models--owner--tiny/blobs/" + hub_.blob_name("model.safetensors"), "short");
  pull();
  expect_whole_model();
}

TEST_F(PullTest, APartThatWasNotAskedForIsRefused) {
  folder_.write("hub/models--owner--tiny/blobs/" + hub_.blob_name("model.safetensors") + ".incomplete",
                weights().substr(0, 1000));
  for (const char* range :
       {"bytes 999-299999/300000", "bytes 1000-299999/300001", "bytes 1000-/x", "items 1"}) {
    hub_.interfere_at_storage([range](const ServedRequest&, ServedReply reply) {
      reply.headers = {{"Content-Range", range}};
      return std::optional(reply);
    });
    expect_contains(pull_error(), "the server sends");
    expect_nothing_visible();
  }
}

TEST_F(PullTest, AServerThatCannotGoOnIsAskedForTheWhole) {
  folder_.write("hub/models--owner--tiny/blobs/" + hub_.blob_name("model.safetensors") + ".incomplete",
                weights().substr(0, 1000));
  hub_.interfere_at_storage(
      [](const ServedRequest& request, const ServedReply&) -> std::optional<ServedReply> {
        if (request.headers.count("range") == 0) return std::nullopt;
        ServedReply refusal;
        refusal.status = 416;
        return refusal;
      });
  pull();
  expect_whole_model();
}

}  // namespace
}  // namespace kiloword::testing
