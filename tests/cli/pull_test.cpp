#include <csignal>
#include <filesystem>
#include <thread>

#include "cli/cli_fixture.h"
#include "kiloword/base/file.h"
#include "support/fake_hub.h"

namespace kiloword::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// The program with a hub of its own that serves a copy of nano as "owner/tiny", which the registry calls
/// "tiny".
class PullCommandTest : public CliTest {
 protected:
  PullCommandTest() {
    const fs::path source = fs::path(KILOWORD_SOURCE_DIR);
    for (const char* file : {"config.json", "kiloword.json", "preprocessor_config.json", "tokenizer.model"}) {
      hub_.add(file, content_of(source / "models/nano" / file));
    }
    hub_.add("model.safetensors", content_of(source / "models/nano/model.safetensors"), /*is_large=*/true);
    folder_.write("data/models/registry.json", R"({"schema": 1, "models": [{"name": "tiny", "kind": "encoder",
      "repository": "owner/tiny", "revision": "main", "license": "Apache-2.0", "good_for": "tests",
      "about_bytes": 12000000, "files": ["config.json", "model.safetensors", "preprocessor_config.json",
      "tokenizer.model", "kiloword.json"]}]})");
    fs::create_directory_symlink(source / "labels", folder_.path() / "data/labels");
    fs::create_directory_symlink(source / "models/nano", folder_.path() / "data/models/nano");
  }

  static std::string content_of(const fs::path& path) {
    return read_file(path, uint64_t{1} << 30, ErrorKind::kInput);
  }

  ProgramResult run_here(const std::vector<std::string>& arguments, ProgramSetup setup = {}) const {
    setup.environment.emplace_back("HF_ENDPOINT", hub_.address());
    setup.environment.emplace_back("no_proxy", "*");
    setup.environment.emplace_back("KILOWORD_DATA", path("data"));
    return run(arguments, setup);
  }

  fs::path repository() const { return fs::path(cache_folder()) / "huggingface/hub/models--owner--tiny"; }
  fs::path snapshot() const { return repository() / "snapshots" / FakeHub::kCommit; }

  FakeHub hub_;
};

TEST_F(PullCommandTest, PulledModelsAreListedFoundAndUsed) {
  const ProgramResult before = run_here({"caption", picture("a.ppm"), "--model", "tiny"});
  EXPECT_EQ(before.exit_code, 3);
  EXPECT_EQ(before.err,
            "kiloword: error: model 'tiny' is not on this machine; run: kiloword models pull tiny\n");
  EXPECT_TRUE(hub_.hub().requests().empty()) << "nothing is fetched unasked";

  const ProgramResult pulled = run_here({"models", "pull", "tiny"});
  EXPECT_EQ(pulled.exit_code, 0) << pulled.err;
  EXPECT_EQ(pulled.out, "");
  EXPECT_EQ(pulled.err,
            "kiloword: owner/tiny: 12.3 MB in 5 files, licence Apache-2.0\n"
            "kiloword: tiny: 12.3 MB fetched, ready in " +
                snapshot().string() + "\n");

  EXPECT_EQ(run_here({"models", "path", "tiny"}).out, snapshot().string() + "\n");
  // By probability: nano's calibrations lie beside the bundled model and are not fetched.
  const std::string expected =
      run_here({"caption", "--rank", "probability", picture("a.ppm"), "--model", "nano"}).out;
  for (const char* name : {"tiny", "owner/tiny", "owner/tiny@main"}) {
    const auto records = records_of(run_here(
        {"caption", "--rank", "probability", "--format", "json", picture("a.ppm"), "--model", name}));
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0]["model"], name);
    EXPECT_EQ(records[0]["caption"].get<std::string>() + "\n", expected);
  }
  const ProgramResult again = run_here({"models", "pull", "tiny"});
  EXPECT_EQ(again.err,
            "kiloword: owner/tiny: 12.3 MB in 5 files, licence Apache-2.0\n"
            "kiloword: tiny is already installed in " +
                snapshot().string() + "\n");
}

TEST_F(PullCommandTest, ListAndInfoTellWhatIsHere) {
  const auto list = [&] { return records_of(run_here({"models", "list", "--format", "json"})); };
  ASSERT_EQ(list().size(), 2U);
  EXPECT_EQ(list()[0]["place"], "bundled");
  EXPECT_EQ(list()[1]["name"], "tiny");
  EXPECT_EQ(list()[1]["place"], "not here");
  EXPECT_EQ(list()[1]["about_bytes"], 12000000);
  const json absent = records_of(run_here({"models", "info", "tiny", "--format", "json"})).at(0);
  EXPECT_EQ(absent["license"], "Apache-2.0");
  EXPECT_EQ(absent["files"].size(), 9U);
  EXPECT_NE(run_here({"models", "info", "tiny"}).out.find("repository   owner/tiny\n"), std::string::npos);

  EXPECT_EQ(run_here({"-q", "models", "pull", "owner/tiny"}).err, "");
  EXPECT_EQ(list()[1]["place"], "in the cache");
  EXPECT_EQ(list()[1]["path"], snapshot().string());
  const json here = records_of(run_here({"models", "info", "tiny", "--format", "json"})).at(0);
  EXPECT_GT(here["embedding_dim"].get<int>(), 0);
  EXPECT_EQ(here["repository"], "owner/tiny");
}

TEST_F(PullCommandTest, VerifyNamesWhatIsDamaged) {
  run_here({"models", "pull", "tiny"});
  const ProgramResult whole = run_here({"models", "verify", "tiny"});
  EXPECT_EQ(whole.exit_code, 0) << whole.err;
  EXPECT_NE(whole.out.find("model.safetensors         right\n"), std::string::npos) << whole.out;
  const fs::path blob = repository() / "blobs" / hub_.blob_name("model.safetensors");
  std::string content = content_of(blob);
  content[1000000] = static_cast<char>(content[1000000] ^ 1);
  write_file_atomically(blob, content);
  const ProgramResult damaged = run_here({"models", "verify", "tiny"});
  EXPECT_EQ(damaged.exit_code, 3);
  EXPECT_NE(damaged.out.find("model.safetensors         WRONG, checksum "), std::string::npos) << damaged.out;
  EXPECT_EQ(damaged.err, "kiloword: " + blob.string() +
                             ": file 'model.safetensors' of model 'tiny' is damaged; remove it and run: "
                             "kiloword models pull tiny\n");
  fs::remove(blob);
  EXPECT_EQ(run_here({"models", "pull", "tiny"}).exit_code, 0);
  EXPECT_EQ(run_here({"models", "verify", "tiny"}).exit_code, 0);
  EXPECT_EQ(run_here({"models", "verify", "nano"}).exit_code, 3);
}

TEST_F(PullCommandTest, RemoveTakesWhatPullBrought) {
  const ProgramResult absent = run_here({"models", "rm", "tiny"});
  EXPECT_EQ(absent.exit_code, 3);
  EXPECT_EQ(absent.err,
            "kiloword: error: model 'tiny' is not on this machine; 'kiloword models list' shows the models "
            "that can be removed\n");
  run_here({"models", "pull", "tiny"});
  const ProgramResult planned = run_here({"models", "rm", "--dry-run", "tiny"});
  EXPECT_EQ(planned.out, repository().string() + "\n");
  EXPECT_EQ(planned.err, "kiloword: tiny: 12.3 MB would be removed\n");
  EXPECT_TRUE(fs::exists(snapshot()));
  const ProgramResult removed = run_here({"models", "rm", "nano", "tiny"});
  EXPECT_EQ(removed.exit_code, 3);
  EXPECT_EQ(removed.out, "");
  EXPECT_EQ(removed.err, "kiloword: " + path("data/models/nano") +
                             ": model 'nano' came with kiloword; it is part of the installation\n"
                             "kiloword: tiny: 12.3 MB removed\n");
  EXPECT_FALSE(fs::exists(repository()));
}

TEST_F(PullCommandTest, PruneRemovesInterruptedDownloads) {
  const fs::path cache = repository().parent_path();
  run_here({"models", "pull", "tiny"});
  const fs::path torn = repository() / "blobs/torn.incomplete";
  write_file_atomically(torn, "half a file");
  EXPECT_EQ(run_here({"models", "prune"}).err, "kiloword: " + cache.string() + ": nothing to remove\n");
  for (const fs::path& changed : {torn, repository()})
    fs::last_write_time(changed, fs::file_time_type::clock::now() - std::chrono::hours(2));
  EXPECT_EQ(run_here({"models", "prune", "--dry-run"}).out, torn.string() + "\n");
  EXPECT_EQ(run_here({"models", "prune"}).err, "kiloword: " + cache.string() + ": 11 B removed\n");
  EXPECT_FALSE(fs::exists(torn));
  EXPECT_EQ(run_here({"models", "verify", "tiny"}).exit_code, 0);
}

TEST_F(PullCommandTest, AnInterruptIsExit130AndThePullGoesOn) {
  std::atomic<bool> stalled{false};
  hub_.interfere_at_storage([&](const ServedRequest&, ServedReply reply) -> std::optional<ServedReply> {
    reply.sent_bytes = 5000000;
    reply.stalls = true;
    stalled = true;
    return reply;
  });
  const fs::path incomplete = repository() / "blobs" / (hub_.blob_name("model.safetensors") + ".incomplete");
  ProgramSetup setup;
  setup.meanwhile = [&](pid_t program) {
    std::error_code failed;
    for (int i = 0; i < 3000 && (!stalled || fs::file_size(incomplete, failed) != 5000000 || failed); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ::kill(program, SIGINT);
  };
  const ProgramResult interrupted = run_here({"models", "pull", "tiny"}, setup);
  EXPECT_EQ(interrupted.exit_code, 130);
  EXPECT_NE(interrupted.err.find("interrupted; pull tiny again to go on"), std::string::npos)
      << interrupted.err;
  EXPECT_FALSE(fs::exists(repository() / "snapshots"));
  EXPECT_FALSE(fs::exists(repository() / "refs"));
  hub_.interfere_at_storage({});
  const ProgramResult resumed = run_here({"models", "pull", "tiny"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(hub_.storage().requests().back().headers.at("range"), "bytes=5000000-");
  EXPECT_EQ(run_here({"models", "verify", "tiny"}).exit_code, 0);
}

TEST_F(PullCommandTest, TwoProgramsAtOnceShareOneTransfer) {
  ProgramResult other;
  std::thread second([&] { other = run_here({"models", "pull", "tiny"}); });
  const ProgramResult one = run_here({"models", "pull", "tiny"});
  second.join();
  EXPECT_EQ(one.exit_code, 0) << one.err;
  EXPECT_EQ(other.exit_code, 0) << other.err;
  EXPECT_EQ(hub_.storage().requests().size(), 1U);
  EXPECT_EQ(run_here({"models", "verify", "tiny"}).exit_code, 0);
}

TEST_F(PullCommandTest, FailuresAreOneLineAndTheOthersArePulled) {
  const ProgramResult mixed = run_here({"models", "pull", "owner/absent", "tyny", "tiny", "nano"});
  EXPECT_EQ(mixed.exit_code, 3);
  const auto lines = lines_of(mixed.err);
  ASSERT_EQ(lines.size(), 5U) << mixed.err;
  EXPECT_EQ(lines[0].rfind("kiloword: http://127.0.0.1:", 0), 0U) << lines[0];
  EXPECT_EQ(lines[1].rfind("kiloword: error: unknown model 'tyny'; did you mean 'tiny'?", 0), 0U) << lines[1];
  EXPECT_EQ(lines[4], "kiloword: nano comes with kiloword");
  EXPECT_TRUE(fs::exists(snapshot()));

  ProgramSetup offline;
  offline.environment.emplace_back("HF_HUB_OFFLINE", "1");
  EXPECT_EQ(run_here({"models", "pull", "tiny"}, offline).exit_code, 0);
  const ProgramResult refused = run_here({"models", "pull", "owner/other"}, offline);
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_EQ(refused.err,
            "kiloword: error: model 'owner/other' is not on this machine, and HF_HUB_OFFLINE is set; "
            "unset HF_HUB_OFFLINE and pull again\n");

  ProgramSetup wrong;
  wrong.environment.emplace_back("HF_ENDPOINT", "ftp://example.org");
  const ProgramResult usage = run({"models", "pull", "owner/other"}, wrong);
  EXPECT_EQ(usage.exit_code, 2);
  EXPECT_EQ(usage.err,
            "kiloword: HF_ENDPOINT: not the address of a hub; give one like https://huggingface.co\n");
}

}  // namespace
}  // namespace kiloword::testing
