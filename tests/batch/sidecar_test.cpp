#include "kiloword/batch/sidecar.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "batch/list_source.h"
#include "batch/xmp_packet.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SidecarTest : public ::testing::Test {
 protected:
  SidecarTest() {
    values_.caption = "[Image Attached: A dog. A lawn.]";
    values_.text = "A dog. A lawn.";
    values_.tags = {"dog", "lawn"};
  }

  SidecarResult write(const SidecarOptions& options) const {
    return write_sidecar(sidecar_path(image_, options), R"({"schema":1})", values_, options);
  }
  std::string content(const SidecarOptions& options) const {
    return read_file(sidecar_path(image_, options), 1 << 20, ErrorKind::kInput);
  }
  static SidecarOptions styled(SidecarStyle style) {
    SidecarOptions options;
    options.style = style;
    options.separator = style == SidecarStyle::kTags ? ", " : "\n";
    return options;
  }

  testing::TemporaryFolder folder_;
  std::string image_ = (folder_.path() / "a.b.jpg").string();
  RowValues values_;
};

TEST_F(SidecarTest, NamesFollowTheImageOrItsStem) {
  SidecarOptions options;
  EXPECT_EQ(sidecar_path("x/a.b.jpg", options), "x/a.b.jpg.txt");
  options.by_stem = true;
  EXPECT_EQ(sidecar_path("x/a.b.jpg", options), "x/a.b.txt");
  EXPECT_EQ(sidecar_path("x.y/photo", options), "x.y/photo.txt");
  EXPECT_EQ(sidecar_path("x/.jpg", options), "x/.jpg.txt");
  options.style = SidecarStyle::kJson;
  EXPECT_EQ(sidecar_path("a.jpg", options), "a.json");
}

TEST_F(SidecarTest, StylesHoldWhatTheirReadersWant) {
  SidecarOptions options = styled(SidecarStyle::kTags);
  options.prefix = "ohwx, ";
  options.suffix = ", 4k";
  EXPECT_EQ(write(options), SidecarResult::kWritten);
  EXPECT_EQ(content(options), "ohwx, dog, lawn, 4k\n");
  options = styled(SidecarStyle::kPlain);
  options.existing = ExistingSidecar::kOverwrite;
  write(options);
  EXPECT_EQ(content(options), "A dog. A lawn.\n");
  options = styled(SidecarStyle::kJson);
  write(options);
  EXPECT_EQ(content(options), "{\"schema\":1}\n");
}

TEST_F(SidecarTest, NothingIsWrittenWhereNothingIsSaid) {
  values_ = RowValues();
  for (const auto style :
       {SidecarStyle::kCaption, SidecarStyle::kPlain, SidecarStyle::kTags, SidecarStyle::kJson}) {
    EXPECT_EQ(write(styled(style)), SidecarResult::kNothing);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(SidecarTest, AppendingAddsWhatIsNotThere) {
  folder_.write("a.b.jpg.txt", "mine, dog\n");
  SidecarOptions options = styled(SidecarStyle::kTags);
  EXPECT_EQ(write(options), SidecarResult::kKept);
  options.existing = ExistingSidecar::kAppend;
  write(options);
  EXPECT_EQ(content(options), "mine, dog, lawn\n");
  write(options);
  EXPECT_EQ(content(options), "mine, dog, lawn\n") << "twice is once";
  options = styled(SidecarStyle::kPlain);
  options.existing = ExistingSidecar::kAppend;
  write(options);
  write(options);
  EXPECT_EQ(content(options), "mine, dog, lawn\nA dog. A lawn.\n");
}

TEST_F(SidecarTest, NothingIsAppendedThroughALink) {
  const auto target = folder_.write("target", "precious\n");
  std::filesystem::create_symlink(target, image_ + ".txt");
  SidecarOptions options = styled(SidecarStyle::kPlain);
  options.existing = ExistingSidecar::kAppend;
  EXPECT_EQ(write(options), SidecarResult::kKept);
  options.existing = ExistingSidecar::kOverwrite;
  EXPECT_EQ(write(options), SidecarResult::kWritten);
  EXPECT_EQ(read_file(target, 100, ErrorKind::kInput), "precious\n");
}

TEST_F(SidecarTest, XmpKeepsWhatOtherProgramsWrote) {
  if (!can_write_xmp()) GTEST_SKIP() << "built without libexempi";
  SidecarOptions options = styled(SidecarStyle::kXmp);
  write(options);
  const std::string first = content(options);
  EXPECT_THAT(first, HasSubstr("<rdf:li>dog</rdf:li>"));
  EXPECT_THAT(first, HasSubstr("AltTextAccessibility"));
  folder_.write(
      "a.b.jpg.xmp",
      R"(<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">)"
      R"(<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4">)"
      R"(<dc:subject xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Bag><rdf:li>mine</rdf:li></rdf:Bag>)"
      R"(</dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>)");
  options.existing = ExistingSidecar::kAppend;
  write(options);
  write(options);
  const std::string added = content(options);
  for (const char* kept : {"Rating", "mine", "lawn", "A dog. A lawn."}) EXPECT_THAT(added, HasSubstr(kept));
  EXPECT_EQ(added.find("<rdf:li>dog"), added.rfind("<rdf:li>dog"));
  options.existing = ExistingSidecar::kOverwrite;
  write(options);
  EXPECT_THAT(content(options), HasSubstr("Rating"));
  EXPECT_THAT(content(options), Not(HasSubstr("mine")));
  folder_.write("a.b.jpg.xmp", "no XMP");
  EXPECT_THROW(write(options), Error);
  EXPECT_EQ(content(options), "no XMP");
}

TEST_F(SidecarTest, ImagesOfOneStemAreRefusedByName) {
  SidecarOptions options;
  options.by_stem = true;
  const auto source = std::make_shared<testing::ListSource>(
      std::vector<std::string>{"a/x.jpg", "b/x.png", "a/x.png", "a/y.jpg", "a/x.jpg"});
  OneSidecarEach inputs(source, options);
  std::vector<std::string> errors;
  while (const auto input = inputs.next()) errors.push_back(input->error ? input->error->message() : "");
  EXPECT_EQ(errors, (std::vector<std::string>{"", "", "shares the sidecar a/x.txt with a/x.jpg", "", ""}));
}

}  // namespace
}  // namespace kiloword
