#include "kiloword/serve/request.h"

#include <gtest/gtest.h>

#include "kiloword/base/error.h"
#include "serve/host_check.h"

namespace kiloword {
namespace {

CaptionRequest caption(const std::string& type, const std::string& body, const QueryFields& query = {}) {
  return parse_caption_request({type, query, body}, {}, {});
}

std::string error_of(const std::string& type, const std::string& body, const QueryFields& query = {}) {
  try {
    caption(type, body, query);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    return error.message() + ", " + error.where();
  }
  return "no error";
}

TEST(Request, ARawBodyIsTheImageAndTheQueryItsOptions) {
  const CaptionRequest request =
      caption("image/png", "bytes",
              {{"top-k", "2"}, {"per-set", "3"}, {"labels", "a"}, {"labels", "b"}, {"explain", ""}});
  EXPECT_EQ(request.image, "bytes");
  EXPECT_EQ(request.name, "-");
  EXPECT_EQ(request.choices.top_k, 2);
  EXPECT_EQ(request.choices.per_set, 3);
  EXPECT_EQ(request.choices.labels, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(request.choices.explain);
}

TEST(Request, AFormHasTheImageAsAPart) {
  const CaptionRequest request =
      caption("multipart/form-data; boundary=\"x y\"",
              "--x y\r\nContent-Disposition: form-data; name=\"image\"; "
              "filename=\"a.jpg\"\r\n\r\nby\r\ntes\r\n--x y\r\n"
              "content-disposition: form-data; name=\"author\"\r\n\r\nAda\r\n--x y--\r\n");
  EXPECT_EQ(request.image, "by\r\ntes");
  EXPECT_EQ(request.name, "a.jpg");
  EXPECT_EQ(request.choices.author, "Ada");
}

TEST(Request, TheImageOfAFormMayBeCalledFile) {
  const auto form = [](const std::string& name) {
    return "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"x\"\r\n\r\n" +
           std::string(3000, 'i') + "\r\n--B--\r\n";
  };
  const std::string type = "multipart/form-data; boundary=B";
  EXPECT_EQ(caption(type, form("file")).image.size(), 3000U);
  EXPECT_EQ(error_of(type, form("photo")), "a file in a part of another name, photo");
}

TEST(Request, JsonHasTheImageAsBase64) {
  for (const char* image : {"aGVsbG8=", "aGVsbG8", "data:image/png;base64,aGVs\\nbG8=",
                            "DATA:image/png;BASE64,aGVsbG8=", "  data:;base64,aGVsbG8%3D", "aGVsbG8%3d"}) {
    const CaptionRequest request =
        caption("application/json",
                "{\"image\":\"" + std::string(image) + "\",\"min_confidence\":0.5,\"author\":null}");
    EXPECT_EQ(request.image, "hello");
    EXPECT_EQ(request.choices.min_confidence, 0.5);
  }
}

TEST(Request, WhatItDoesNotSayIsTheServersDefault) {
  StatementChoices defaults;
  defaults.top_k = 5;
  defaults.author = "Ada";
  const CaptionRequest request = parse_caption_request({"", {}, "bytes"}, defaults, {});
  EXPECT_EQ(request.choices.top_k, 5);
  EXPECT_EQ(request.choices.author, "Ada");
}

TEST(Request, WhatIsWrongIsNamed) {
  EXPECT_EQ(error_of("", ""), "no image, image");
  EXPECT_EQ(error_of("", "x", {{"top_k", "0"}}), "not a whole number from 1 to 1000, top_k");
  EXPECT_EQ(error_of("", "x", {{"min_confidence", "nan"}}), "not a number from 0 to 1, min_confidence");
  EXPECT_EQ(error_of("", "x", {{"rank", "best"}}), "unknown value \"best\", rank");
  EXPECT_EQ(error_of("", "x", {{"path", "/etc/passwd"}}), "unknown option, path");
  EXPECT_EQ(error_of("", "x", {{"author", std::string(3000, 'a')}}), "longer than 2000 bytes, author");
  EXPECT_EQ(error_of("application/json", "[]"), "the body is not a JSON object, ");
  EXPECT_EQ(error_of("application/json", "{"), "the body is not valid JSON, ");
  EXPECT_EQ(error_of("application/json", R"({"image":"http://example.org/a.png"})"),
            "images are not fetched from URLs, image");
  EXPECT_EQ(error_of("application/json", R"({"image":"file:///etc/passwd"})"),
            "images are not fetched from URLs, image");
  EXPECT_EQ(error_of("application/json", R"({"image":"***"})"), "the image is not valid base64, image");
  EXPECT_EQ(error_of("application/json", "{\"a\":" + std::string(100, '[')), "JSON nested too deep, ");
}

TEST(Request, ADescriptionTakesTheOptionsOfTheCommand) {
  const DescribeRequest request = parse_describe_request(
      {"application/json",
       {},
       R"({"image":"aGVsbG8=","tokens":5,"beams":2,"seed":7,"avoid":["cat","dog"],"must_include":"tree",
           "max_chars":80,"stop":"end","preset":"magic","stream":true})"},
      {});
  EXPECT_EQ(request.choices.tokens, 5);
  EXPECT_EQ(request.choices.beams, 2);
  EXPECT_EQ(request.choices.seed, 7U);
  EXPECT_EQ(request.choices.preset, "magic");
  EXPECT_EQ(request.choices.stop, "end");
  EXPECT_EQ(request.rules.avoided, (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(request.rules.required, std::vector<std::string>{"tree"});
  EXPECT_EQ(request.rules.max_chars, 80U);
  EXPECT_TRUE(request.stream);
}

TEST(Request, ADescriptionKeepsTheLimits) {
  RequestLimits limits;
  limits.max_tokens = 10;
  EXPECT_THROW(parse_describe_request({"", {{"tokens", "11"}}, "x"}, limits), Error);
}

TEST(Request, AChatsImagesAreThoseOfItsLastMessageWithAny) {
  const ChatRequest request =
      parse_chat_request({"application/json",
                          {},
                          R"({"model":"m","max_tokens":1000,"temperature":0.7,"messages":[
           {"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,b2xk"}}]},
           {"role":"user","content":[{"type":"text","text":"What is this?"},
                                     {"type":"image_url","image_url":{"url":"data:image/png;base64,bmV3"}}]},
           {"role":"assistant","content":"A cat."}]})"},
                         {});
  EXPECT_EQ(request.images, std::vector<std::string>{"new"});
  EXPECT_EQ(request.model, "m");
  EXPECT_EQ(request.max_tokens, 200);
  EXPECT_FALSE(request.stream);
}

/// A chat with an image and `more` fields.
std::string chat_body(const std::string& more) {
  return R"({"messages":[{"content":[{"image_url":{"url":"data:;base64,bmV3"}}]}])" + more + "}";
}

std::string chat_error(const std::string& more) {
  try {
    parse_chat_request({"application/json", {}, chat_body(more)}, {});
  } catch (const Error& error) {
    return error.where() + ": " + error.message();
  }
  return "";
}

TEST(Request, AChatThatAsksForAnotherKindOfAnswerIsRefused) {
  EXPECT_EQ(chat_error(R"(,"n":2)"), "n: there is one answer to a request");
  EXPECT_EQ(chat_error(R"(,"response_format":{"type":"json_object"})"),
            "response_format: answers are plain text");
  EXPECT_EQ(chat_error(R"(,"tools":[{"type":"function"}])"), "tools: no tool is ever called");
  EXPECT_EQ(chat_error(R"(,"logprobs":true)"), "logprobs: answers are plain text");
  EXPECT_EQ(chat_error(R"(,"tool_choice":"required")"), "tool_choice: no tool is ever called");
  EXPECT_EQ(chat_error(R"(,"top_logprobs":3)"), "top_logprobs: answers are plain text");
  EXPECT_EQ(chat_error(R"(,"modalities":["text","audio"])"), "modalities: answers are plain text");
  EXPECT_EQ(chat_error(R"(,"stream":"yes")"), "stream: neither true nor false");
  EXPECT_EQ(chat_error(R"(,"stream":true,"stream_options":5)"), "stream_options: not an object");
  EXPECT_EQ(chat_error(R"(,"stream_options":{"include_usage":true})"),
            "stream_options: only of a streamed answer");
  EXPECT_EQ(chat_error(R"(,"seed":1.5)"), "seed: not a whole number");
  EXPECT_EQ(chat_error(R"(,"max_tokens":"5")"), "max_tokens: not a whole number");
  EXPECT_EQ(chat_error(R"(,"tool_choice":"none","top_logprobs":0,"modalities":["text"],"seed":null)"), "");
  for (const char* stop : {"1", "\"\"", "[\"a\",2]", R"(["a","b","c","d","e"])"}) {
    EXPECT_NE(chat_error(",\"stop\":" + std::string(stop)), "") << stop;
  }
  EXPECT_EQ(chat_error(R"(,"n":1,"response_format":{"type":"text"},"tools":[],"logprobs":false,"stop":null)"),
            "");
}

TEST(Request, AChatSaysWhereItsTextStopsAndWhetherItIsCounted) {
  const auto parsed = [](const std::string& more) {
    return parse_chat_request({"application/json", {}, chat_body(more)}, {});
  };
  EXPECT_EQ(parsed(R"(,"stop":"\n")").stop, std::vector<std::string>{"\n"});
  EXPECT_EQ(parsed(R"(,"stop":["a","b"])").stop, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(parsed(R"(,"stream":true,"stream_options":{"include_usage":true})").include_usage);
  EXPECT_FALSE(parsed(R"(,"stream":true,"stream_options":null)").include_usage);
}

TEST(HostCheck, KnowsThisMachineAndItsOwnPage) {
  for (const char* own : {"", "localhost:8421", "127.0.0.1", "[::1]:80", "LocalHost:1", "localhost."})
    EXPECT_TRUE(is_loopback_host(own));
  for (const char* other : {"example.org", "127.0.0.1.example.org", "localhost.example.org:80"})
    EXPECT_FALSE(is_loopback_host(other));
  EXPECT_TRUE(is_own_origin("http://localhost:8421", "localhost:8421"));
  EXPECT_FALSE(is_own_origin("http://localhost:1", "localhost:8421"));
  EXPECT_FALSE(is_own_origin("null", "null"));
  EXPECT_TRUE(equal_in_constant_time("secret", "secret"));
  EXPECT_FALSE(equal_in_constant_time("secretsecret", "secret"));
  EXPECT_FALSE(equal_in_constant_time("", "secret"));
}

}  // namespace
}  // namespace kiloword
