#include "kiloword/models/hub_settings.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>

#include "kiloword/base/error.h"
#include "kiloword/base/url_path.h"
#include "models/http_session.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

/// The environment without what is read here, and put back afterwards.
class HubSettingsTest : public ::testing::Test {
 public:
  HubSettingsTest() {
    for (const char* name :
         {"HF_ENDPOINT", "HF_TOKEN", "HF_HOME", "HF_HUB_CACHE", "HF_HUB_OFFLINE", "XDG_CACHE_HOME", "HOME"}) {
      if (const char* value = std::getenv(name)) before_[name] = value;
      ::unsetenv(name);
      names_.emplace_back(name);
    }
  }
  ~HubSettingsTest() override {
    for (const std::string& name : names_) {
      ::unsetenv(name.c_str());
      if (before_.count(name) > 0) ::setenv(name.c_str(), before_[name].c_str(), 1);
    }
  }

 protected:
  static void set(const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); }

 private:
  std::vector<std::string> names_;
  std::map<std::string, std::string> before_;
};

TEST_F(HubSettingsTest, TheCacheIsWhereHuggingfaceHubHasIt) {
  EXPECT_EQ(hub_cache_folder(), "");
  set("HOME", "/home/ada");
  EXPECT_EQ(hub_cache_folder(), "/home/ada/.cache/huggingface/hub");
  set("XDG_CACHE_HOME", "/caches");
  EXPECT_EQ(hub_cache_folder(), "/caches/huggingface/hub");
  set("HF_HOME", "/hf");
  EXPECT_EQ(hub_cache_folder(), "/hf/hub");
  set("HF_HUB_CACHE", "/models");
  EXPECT_EQ(hub_cache_folder(), "/models");
}

TEST_F(HubSettingsTest, DefaultsAndValues) {
  HubSettings settings = HubSettings::from_environment();
  EXPECT_EQ(settings.endpoint, "https://huggingface.co");
  EXPECT_EQ(settings.token, "");
  EXPECT_FALSE(settings.offline);
  set("HF_ENDPOINT", "http://127.0.0.1:8080/hub/");
  set("HF_TOKEN", " hf_abc\n");
  set("HF_HUB_OFFLINE", "yes");
  settings = HubSettings::from_environment();
  EXPECT_EQ(settings.endpoint, "http://127.0.0.1:8080/hub");
  EXPECT_EQ(settings.token, "hf_abc");
  EXPECT_TRUE(settings.offline);
  set("HF_HUB_OFFLINE", "0");
  EXPECT_FALSE(HubSettings::from_environment().offline);
}

TEST_F(HubSettingsTest, ATokenMayStandInAFile) {
  const testing::TemporaryFolder folder;
  set("HF_HOME", folder.path().string());
  folder.write("token", "hf_from_file\n");
  EXPECT_EQ(HubSettings::from_environment().token, "hf_from_file");
  folder.write("token", "\xEF\xBB\xBFhf_marked\r\n");
  EXPECT_EQ(HubSettings::from_environment().token, "hf_marked");
  set("HF_TOKEN", "hf_from_environment");
  EXPECT_EQ(HubSettings::from_environment().token, "hf_from_environment");
}

TEST_F(HubSettingsTest, WhatCannotBeIsRefused) {
  for (const char* endpoint : {"huggingface.co", "ftp://huggingface.co", "file:///etc", "https://",
                               "https://user:word@huggingface.co", "https://hugging face.co"}) {
    set("HF_ENDPOINT", endpoint);
    EXPECT_THROW(HubSettings::from_environment(), Error) << endpoint;
  }
  set("HF_ENDPOINT", "");
  for (const char* token : {"two words", "a\nAuthorization: b", "caf\xC3\xA9"}) {
    set("HF_TOKEN", token);
    EXPECT_THROW(HubSettings::from_environment(), Error) << token;
  }
}

TEST(Url, OriginsTellHostsApart) {
  EXPECT_EQ(origin_of_url("https://Huggingface.co/a?b"), "https://huggingface.co:443");
  EXPECT_EQ(origin_of_url("https://huggingface.co:443"), "https://huggingface.co:443");
  EXPECT_NE(origin_of_url("http://huggingface.co"), origin_of_url("https://huggingface.co"));
  EXPECT_NE(origin_of_url("https://huggingface.co:8443"), origin_of_url("https://huggingface.co"));
  EXPECT_NE(origin_of_url("https://huggingface.co.evil.org"), origin_of_url("https://huggingface.co"));
  EXPECT_EQ(origin_of_url("https://huggingface.co@evil.org"), "");
}

TEST(Url, RedirectsAreResolved) {
  EXPECT_EQ(resolve_url("https://h.co/a/b?c", "/d?e=f"), "https://h.co/d?e=f");
  EXPECT_EQ(resolve_url("https://h.co/a/b", "https://cdn.org/x?sig=1%2F2"), "https://cdn.org/x?sig=1%2F2");
  EXPECT_EQ(resolve_url("https://h.co/a/b", "//cdn.org/x"), "https://cdn.org/x");
  for (const char* location : {"", "javascript:alert(1)", "https://a@h.co/x", "http:///"}) {
    EXPECT_EQ(resolve_url("https://h.co/a", location), "") << location;
  }
  EXPECT_EQ(escape_url_path("owner/na me@#?%"), "owner/na%20me%40%23%3F%25");
}

}  // namespace
}  // namespace kiloword
