#include "kiloword/guided/scorer_process.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "guided/child_process.h"
#include "guided/scorer_protocol.h"
#include "kiloword/base/suggestion.h"

namespace kiloword {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kPatience{1000};
constexpr const char* kOneLine = "it must write one line per request, and messages to standard error";

std::string duration_text(milliseconds duration) {
  return duration.count() % 1000 == 0 ? std::to_string(duration.count() / 1000) + " s"
                                      : std::to_string(duration.count()) + " ms";
}

Error failed(const std::string& what, const std::string& remedy) {
  return {ErrorKind::kModel, "scorer " + what, "", remedy};
}

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

class ImageScorer : public TextScorer {
 public:
  ImageScorer(ScorerProcess& process, std::string path) : process_(process), path_(std::move(path)) {}

  std::vector<double> score(const std::vector<std::string>& texts) override {
    return process_.score(path_, texts);
  }

 private:
  ScorerProcess& process_;
  std::string path_;
};

}  // namespace

ScorerProcess::ScorerProcess(ScorerOptions options)
    : options_(std::move(options)), process_(std::make_unique<ChildProcess>(options_.command)) {}

ScorerProcess::~ScorerProcess() = default;

std::unique_ptr<TextScorer> ScorerProcess::for_image(std::string path) {
  return std::make_unique<ImageScorer>(*this, std::move(path));
}

std::vector<double> ScorerProcess::score(const std::string& path, const std::vector<std::string>& texts) {
  if (failure_) throw Error(*failure_);
  if (texts.empty()) return {};
  try {
    check_silence();
    return parse_scorer_answer(exchange(scorer_request(path, texts)), texts.size());
  } catch (const Error& error) {
    failure_ = error.at(options_.command);
    process_->end(milliseconds{0});
    throw Error(*failure_);
  }
}

/// A line that nobody asked for would be taken for the answer to this request, and every answer for the next.
void ScorerProcess::check_silence() const {
  std::array<char, 256> buffer{};
  const ssize_t count = ::read(process_->output(), buffer.data(), buffer.size());
  if (count == 0) throw_ended("closed its output");
  if (count > 0) {
    throw failed("wrote without being asked: " + quote({buffer.data(), static_cast<size_t>(count)}),
                 kOneLine);
  }
}

/// Writes and reads at the same time: a program may answer while it reads, and neither pipe holds everything.
std::string ScorerProcess::exchange(std::string_view request) {
  const auto deadline = steady_clock::now() + options_.timeout;
  std::string answer;
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    if (left.count() <= 0) {
      throw failed("gave no answer within " + duration_text(options_.timeout),
                   "it must flush each answer; a slow program needs a longer time-out");
    }
    std::array<pollfd, 2> files{
        {{request.empty() ? -1 : process_->input(), POLLOUT, 0}, {process_->output(), POLLIN, 0}}};
    const auto wait = static_cast<int>(std::min<int64_t>(left.count(), 60'000));
    if (::poll(files.data(), files.size(), wait) <= 0) continue;
    if (files[0].revents != 0) {
      const ssize_t count = ::write(process_->input(), request.data(), request.size());
      if (count < 0 && !would_block(errno)) throw_ended("closed its input");
      if (count > 0) request.remove_prefix(static_cast<size_t>(count));
    }
    if (files[1].revents == 0 || !read_answer(answer)) continue;
    if (!request.empty()) {
      throw failed("answered before it had read the whole request", "it must read a line for each it writes");
    }
    return answer;
  }
}

/// Adds what can be read to `answer`; true at the end of the line, which is left out.
bool ScorerProcess::read_answer(std::string& answer) const {
  std::array<char, 1 << 16> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by read
  const ssize_t count = ::read(process_->output(), buffer.data(), buffer.size());
  if (count < 0 && would_block(errno)) return false;
  if (count <= 0) throw_ended("closed its output");
  const std::string_view fresh(buffer.data(), static_cast<size_t>(count));
  const size_t end = fresh.find('\n');
  answer += fresh.substr(0, end);
  if (answer.size() > options_.max_answer_bytes) {
    throw failed("responded with a line of more than " + std::to_string(options_.max_answer_bytes) + " bytes",
                 kOneLine);
  }
  if (end == std::string_view::npos) return false;
  if (end + 1 != fresh.size())
    throw failed("wrote more than one line: " + quote(fresh.substr(end + 1)), kOneLine);
  return true;
}

void ScorerProcess::throw_ended(const std::string& otherwise) const {
  const std::optional<std::string> end = process_->wait_for_end(kPatience);
  throw failed((end ? "ended " + *end : otherwise) + " before it answered",
               "check that the command runs and keeps reading until its input ends");
}

}  // namespace kiloword
