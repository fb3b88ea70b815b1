// The programs are scripts of a few words for sh and the core utilities.

#include "kiloword/guided/scorer_process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "kiloword/base/descriptor.h"
#include "kiloword/base/error.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

/// Answers each request with the scores that `answer`, a word of sh, stands for; `$line` is the request.
std::string answering(const std::string& answer) {
  return "while IFS= read -r line; do printf '{\"scores\":[%s]}\\n' " + answer + "; done";
}

/// Reads a request without a look at its bytes, which sh does one at a time.
constexpr const char* kSkipLine = "head -n 1 >/dev/null";

/// The list of `count` zeros, as sh writes it.
std::string zeros(size_t count) {
  std::string list = "'0";
  for (size_t i = 1; i < count; ++i) list += ",0";
  return list + "'";
}

bool is_running(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(stat, line)) return false;
  const char state = line[line.rfind(')') + 2];
  return state != 'Z' && state != 'X';
}

/// A killed process may take a moment to be gone.
bool is_gone(pid_t pid) {
  for (int i = 0; i < 200; ++i) {
    if (!is_running(pid)) return true;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return false;
}

class ScorerProcessTest : public ::testing::Test {
 protected:
  ScorerProcessTest() { std::signal(SIGPIPE, SIG_IGN); }

  /// What asking for the scores of `texts` throws; it must throw the same again.
  static std::string error_of(ScorerProcess& process, const std::vector<std::string>& texts = {"a", "b"}) {
    std::string first;
    for (int i = 0; i < 2; ++i) {
      try {
        process.score("p.jpg", texts);
        return "no error";
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::kModel);
        EXPECT_THAT(std::string(error.what()), StartsWith(error.message() + ", " + error.where() + "; "));
        if (i == 0) first = error.message();
        EXPECT_EQ(error.message(), first);
      }
    }
    return first;
  }

  static std::string error_of(const std::string& command) {
    ScorerProcess process({command});
    return error_of(process);
  }

  testing::TemporaryFolder folder_;
};

TEST_F(ScorerProcessTest, AnswersForEachImageInTurn) {
  ScorerProcess process({answering("\"${#line}\"")});
  const std::unique_ptr<TextScorer> first = process.for_image("a.jpg");
  const std::unique_ptr<TextScorer> second = process.for_image("longer.jpg");
  EXPECT_THAT(first->score({"x"}), ElementsAre(30));
  EXPECT_THAT(second->score({"x"}), ElementsAre(35));
  EXPECT_THAT(first->score({"xyz"}), ElementsAre(32));
  EXPECT_THAT(process.score("a.jpg", {"x"}), ElementsAre(30));
}

TEST_F(ScorerProcessTest, IsNotAskedAboutNothing) {
  ScorerProcess process({"read -r line"});
  EXPECT_THAT(process.score("a.jpg", {}), IsEmpty());
}

TEST_F(ScorerProcessTest, GetsTheRequestAsOneLineOfJson) {
  const std::string file = (folder_.path() / "request").string();
  ScorerProcess process(
      {"IFS= read -r line; printf '%s\\n' \"$line\" > '" + file + "'; echo '{\"scores\":[1,2]}'"});
  EXPECT_THAT(process.score("a\xFF.jpg", {"two\nlines", "caf\xE9"}), ElementsAre(1, 2));
  std::ifstream stream(file);
  std::string request;
  std::getline(stream, request);
  EXPECT_EQ(request, "{\"path\":\"a\uFFFD.jpg\",\"texts\":[\"two\\nlines\",\"caf\uFFFD\"]}");
}

TEST_F(ScorerProcessTest, InheritsEnvironment) {
  ::setenv("KILOWORD_TEST_VALUE", "42", 1);
  ScorerProcess process({answering("\"$KILOWORD_TEST_VALUE\"")});
  EXPECT_THAT(process.score("a.jpg", {"x"}), ElementsAre(42));
}

TEST_F(ScorerProcessTest, TakesMegabytesAtOnce) {
  const std::vector<std::string> texts(1000, std::string(5000, 'x'));
  ScorerProcess process({std::string(kSkipLine) + "; printf '{\"scores\":[%s]}\\n' " + zeros(1000)});
  EXPECT_THAT(process.score("a.jpg", texts), SizeIs(1000));
}

TEST_F(ScorerProcessTest, MayWriteMoreThanAPipeHoldsBeforeItReads) {
  const std::vector<std::string> texts(1000, std::string(5000, 'x'));
  // What comes before the first request has been written is refused, hence the wait.
  ScorerProcess process({"sleep 0.5; head -c 1000000 /dev/zero | tr '\\0' ' '; " + std::string(kSkipLine) +
                         "; printf '{\"scores\":[%s]}\\n' " + zeros(1000)});
  EXPECT_THAT(process.score("a.jpg", texts), SizeIs(1000));
}

TEST_F(ScorerProcessTest, MayAnswerInPieces) {
  ScorerProcess process({"read -r line; printf '{\"sco'; sleep 0.05; printf 'res\":[1]}'; sleep 0.05; echo"});
  EXPECT_THAT(process.score("a.jpg", {"x"}), ElementsAre(1));
}

TEST_F(ScorerProcessTest, StartsWithoutStandardInputAndOutput) {
  const Descriptor in(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10));
  const Descriptor out(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10));
  ::close(STDIN_FILENO);
  ::close(STDOUT_FILENO);
  std::vector<double> answer;
  {
    ScorerProcess process({answering("7")});
    answer = process.score("a.jpg", {"x"});
  }
  ::dup2(in.get(), STDIN_FILENO);
  ::dup2(out.get(), STDOUT_FILENO);
  EXPECT_THAT(answer, ElementsAre(7));
}

TEST_F(ScorerProcessTest, SaysHowTheProgramEnded) {
  EXPECT_EQ(error_of("no-such-program-anywhere 2>/dev/null"),
            "scorer ended with exit status 127 before it answered");
  EXPECT_EQ(error_of("exit 3"), "scorer ended with exit status 3 before it answered");
  EXPECT_EQ(error_of("read -r line; exit 0"), "scorer ended with exit status 0 before it answered");
  EXPECT_EQ(error_of("read -r line; printf '{\"scores\":'"),
            "scorer ended with exit status 0 before it answered");
  EXPECT_EQ(error_of("kill -KILL $$"), "scorer ended by signal 9 before it answered");
}

TEST_F(ScorerProcessTest, EndAfterAnAnswerShowsAtTheNextRequest) {
  ScorerProcess process({"read -r line; echo '{\"scores\":[1,2]}'; exit 4"});
  EXPECT_THAT(process.score("p.jpg", {"a", "b"}), ElementsAre(1, 2));
  EXPECT_EQ(error_of(process), "scorer ended with exit status 4 before it answered");
}

TEST_F(ScorerProcessTest, SaysWhatTheProgramClosed) {
  EXPECT_EQ(error_of("exec >&-; sleep 100"), "scorer closed its output before it answered");
  ScorerProcess process({"exec <&-; exec sleep 100"});
  EXPECT_EQ(error_of(process, {std::string(200'000, 'x')}), "scorer closed its input before it answered");
}

TEST_F(ScorerProcessTest, SilenceEndsInATimeOut) {
  const auto start = steady_clock::now();
  ScorerProcess silent({"exec sleep 100", milliseconds(150)});
  EXPECT_EQ(error_of(silent), "scorer gave no answer within 150 ms");
  ScorerProcess deaf({"exec sleep 100", milliseconds(150)});
  EXPECT_EQ(error_of(deaf, {std::string(5'000'000, 'x')}), "scorer gave no answer within 150 ms");
  ScorerProcess endless({"read -r line; while :; do printf ' '; sleep 0.01; done", milliseconds(1000)});
  EXPECT_EQ(error_of(endless), "scorer gave no answer within 1 s");
  EXPECT_LT(steady_clock::now() - start, std::chrono::seconds(60));
}

TEST_F(ScorerProcessTest, BadAnswersAreRefusedAtTheCommand) {
  ScorerProcess process({"read -r line; echo '{\"scores\":[1,2,3]}'"});
  try {
    process.score("p.jpg", {"a", "b"});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(
        std::string(error.what()),
        "scorer answered 3 scores for 2 texts, read -r line; echo '{\"scores\":[1,2,3]}'; it must answer "
        "a line like {\"scores\":[0.3,0.1]}, one number per text");
  }
  EXPECT_EQ(error_of("read -r line; echo Loading..."),
            "scorer responded with something other than JSON: 'Loading...'");
}

TEST_F(ScorerProcessTest, LongLinesAreRefused) {
  ScorerProcess process(
      {"read -r line; head -c 5000000 /dev/zero | tr '\\0' ' '; sleep 100", milliseconds(30'000), 100'000});
  EXPECT_EQ(error_of(process), "scorer responded with a line of more than 100000 bytes");
}

TEST_F(ScorerProcessTest, OutputThatNobodyAskedForIsRefused) {
  const std::string file = (folder_.path() / "written").string();
  ScorerProcess early({"echo Hello; : > '" + file + "'; exec sleep 100"});
  while (!std::filesystem::exists(file)) std::this_thread::sleep_for(milliseconds(5));
  EXPECT_EQ(error_of(early), "scorer wrote without being asked: 'Hello\uFFFD'");
  EXPECT_EQ(error_of("read -r line; printf '{\"scores\":[1,2]}\\n{\"scores\":[1,2]}\\n'; sleep 100"),
            "scorer wrote more than one line: '{\"scores\":[1,2]}\uFFFD'");
  ScorerProcess hasty({"head -c 10 >/dev/null; echo '{\"scores\":[1]}'; sleep 100"});
  EXPECT_EQ(error_of(hasty, {std::string(1'000'000, 'x')}),
            "scorer answered before it had read the whole request");
}

TEST_F(ScorerProcessTest, SignalsActByDefault) {
  using Handler = void (*)(int);
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM}) {
    const Handler before = std::signal(signal, SIG_IGN);
    EXPECT_EQ(error_of("kill -" + std::to_string(signal) + " $$; exit 5"),
              "scorer ended by signal " + std::to_string(signal) + " before it answered");
    std::signal(signal, before);
  }
}

TEST_F(ScorerProcessTest, HasAProcessGroupOfItsOwn) {
  ScorerProcess process({"read -r _ _ _ _ group _ < /proc/$$/stat; " + answering("$$,$group")});
  const std::vector<double> pids = process.score("a.jpg", {"pid", "group"});
  EXPECT_EQ(pids[0], pids[1]);
  EXPECT_NE(static_cast<pid_t>(pids[1]), ::getpgrp());
}

TEST_F(ScorerProcessTest, SeesItsInputEndAndIsWaitedFor) {
  const std::string file = (folder_.path() / "ended").string();
  auto process = std::make_unique<ScorerProcess>(ScorerOptions{answering("$$") + "; : > '" + file + "'"});
  const auto pid = static_cast<pid_t>(process->score("a.jpg", {"x"})[0]);
  const ScorerProcess later({"read -r line"});  // must not hold the other's input open
  process.reset();
  EXPECT_TRUE(std::filesystem::exists(file));
  EXPECT_NE(::kill(pid, 0), 0) << "not even a zombie is left";
}

TEST_F(ScorerProcessTest, LeavesNothingBehind) {
  std::vector<double> pids;
  {
    ScorerProcess process({"sleep 100 & " + answering("$$,$!")});
    pids = process.score("a.jpg", {"program", "its helper"});
    EXPECT_TRUE(is_running(static_cast<pid_t>(pids[1])));
  }
  {
    ScorerProcess stubborn({"trap '' TERM; " + answering("$$") + "; while :; do sleep 0.1; done"});
    pids.push_back(stubborn.score("a.jpg", {"x"})[0]);
  }
  {
    ScorerProcess failing({"trap '' TERM; sleep 100 & " + answering("$$,$!"), milliseconds(30'000)});
    pids.push_back(failing.score("a.jpg", {"program", "its helper"})[1]);
    EXPECT_EQ(error_of(failing, {"one"}), "scorer answered 2 scores for 1 texts");
    EXPECT_TRUE(is_gone(static_cast<pid_t>(pids.back()))) << "ended at the failure, not later";
  }
  for (const double pid : pids) EXPECT_TRUE(is_gone(static_cast<pid_t>(pid))) << pid;
}

}  // namespace
}  // namespace kiloword
