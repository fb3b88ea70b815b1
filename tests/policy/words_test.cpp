// Help, documentation and public headers use the field's words: words.txt lists those that they avoid.

#include <fnmatch.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "policy/source_tree.h"
#include "support/run_program.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;
using testing::read_lines;

const fs::path kRoot(KILOWORD_SOURCE_DIR);

struct AvoidedWord {
  std::string word;
  std::string instead;
  bool has_case;  ///< letter case matters
};

struct AllowedUse {
  std::string file;     ///< a shell pattern
  std::string context;  ///< the word, or more
  std::string line;     ///< of words.txt, for messages
};

struct WordList {
  std::vector<AvoidedWord> words;
  std::vector<AllowedUse> allowed;
};

/// A text in one line, each character with the number of the line that it comes from.
struct Text {
  std::string name;
  std::string characters;
  std::vector<size_t> lines;
};

struct Use {
  size_t begin;
  size_t end;
};

std::string trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(" \t");
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(trimmed(part));
  return parts;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

WordList read_words(const fs::path& path) {
  WordList list;
  std::string section;
  for (const std::string& line : read_lines(path)) {
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == '[') {
      section = line;
    } else if (section == "[allowed]") {
      const std::vector<std::string> fields = split(line, '|');
      const bool is_whole = fields.size() == 3 && !fields[1].empty() && !fields[2].empty();
      EXPECT_TRUE(is_whole) << "words.txt: file | use | why: " << line;
      if (is_whole) list.allowed.push_back({fields[0], lower(fields[1]), line});
    } else {
      const size_t colon = line.rfind(": ");
      EXPECT_NE(colon, std::string::npos) << "words.txt: words: instead: " << line;
      for (const std::string& word : split(line.substr(0, colon), ',')) {
        list.words.push_back({word, trimmed(line.substr(colon + 1)), section == "[identifiers]"});
      }
    }
  }
  return list;
}

/// Lines without the marks of comments and quotations, joined with single spaces.
Text joined(const std::string& name, const std::vector<std::string>& lines) {
  Text text{name, "", {}};
  for (size_t i = 0; i < lines.size(); ++i) {
    const size_t begin = lines[i].find_first_not_of(" \t/*>#");
    if (begin == std::string::npos) continue;
    for (const char c : lines[i].substr(begin) + " ") {
      if (c == ' ' && !text.characters.empty() && text.characters.back() == ' ') continue;
      text.characters += c;
      text.lines.push_back(i + 1);
    }
  }
  return text;
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Every whole word, or phrase, `word` in `text`.
std::vector<Use> uses_of(const std::string& word, const std::string& text) {
  std::vector<Use> uses;
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const size_t end = at + word.size();
    const bool starts = at == 0 || !is_word(text[at - 1]) || !is_word(word.front());
    const bool ends = end == text.size() || !is_word(text[end]) || !is_word(word.back());
    if (starts && ends) uses.push_back({at, end});
  }
  return uses;
}

/// The headers that are installed, as src/engine/CMakeLists.txt lists them.
std::vector<fs::path> public_headers() {
  std::vector<fs::path> headers;
  bool inside = false;
  for (const std::string& line : read_lines(kRoot / "src/engine/CMakeLists.txt")) {
    if (line.rfind("set(public_headers", 0) == 0) inside = true;
    if (!inside) continue;
    for (std::string& word : split(line, ' ')) {
      while (!word.empty() && word.back() == ')') word.pop_back();
      if (fs::path(word).extension() == ".h") headers.push_back("include/kiloword/" + word);
    }
    if (line.find(')') != std::string::npos) break;
  }
  return headers;
}

std::vector<fs::path> documents() {
  std::vector<fs::path> files = public_headers();
  EXPECT_GT(files.size(), 10U);
  files.emplace_back("labels/README.md");
  for (const char* folder : {"", "docs"}) {
    for (const auto& entry : fs::directory_iterator(kRoot / folder)) {
      if (entry.path().extension() == ".md") files.push_back(fs::relative(entry.path(), kRoot));
    }
  }
  for (const char* folder : {"models", "scripts"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      if (entry.path().extension() == ".md") files.push_back(fs::relative(entry.path(), kRoot));
    }
  }
  return files;
}

/// The help of `command`, and of the commands that it lists.
void add_help(const std::vector<std::string>& command, std::vector<Text>& texts) {
  std::vector<std::string> arguments{KILOWORD_PROGRAM, "help"};
  std::string name = "help";
  for (const std::string& word : command) {
    arguments.push_back(word);
    name += " " + word;
  }
  testing::ProgramSetup setup;
  setup.environment = {{"XDG_CONFIG_HOME", "/dev/null"}};
  const testing::ProgramResult help = testing::run_program(arguments, setup);
  EXPECT_EQ(help.exit_code, 0) << name << ": " << help.err;
  const std::vector<std::string> lines = [&help] {
    std::vector<std::string> all;
    std::istringstream stream(help.out);
    for (std::string line; std::getline(stream, line);) all.push_back(line);
    return all;
  }();
  texts.push_back(joined(name, lines));
  bool is_list = false;
  for (const std::string& line : lines) {
    if (line.empty()) is_list = false;
    if (is_list && line.size() > 2 && line[2] != ' ') {
      std::vector<std::string> below = command;
      below.push_back(line.substr(2, line.find(' ', 2) - 2));
      add_help(below, texts);
    }
    if (line == "Commands:") is_list = true;
  }
}

std::vector<Text> texts_to_check() {
  std::vector<Text> texts;
  for (const fs::path& file : documents()) texts.push_back(joined(file.string(), read_lines(kRoot / file)));
  const size_t documents = texts.size();
  add_help({}, texts);
  EXPECT_GT(texts.size() - documents, 20U) << "the program's help lists too few commands";
  return texts;
}

TEST(Words, HelpDocumentationAndPublicHeadersUseTheFieldsWords) {
  const WordList list = read_words(fs::path(KILOWORD_TESTS_DIR) / "policy/words.txt");
  ASSERT_GT(list.words.size(), 30U);
  std::map<std::string, size_t> found;  // of the allowed uses
  for (const Text& text : texts_to_check()) {
    const std::string lowered = lower(text.characters);
    std::vector<Use> allowed;
    for (const AllowedUse& use : list.allowed) {
      if (::fnmatch(use.file.c_str(), text.name.c_str(), 0) != 0) continue;
      for (const Use& place : uses_of(use.context, lowered)) {
        allowed.push_back(place);
        ++found[use.line];
      }
    }
    for (const AvoidedWord& word : list.words) {
      for (const Use& use :
           uses_of(word.has_case ? word.word : lower(word.word), word.has_case ? text.characters : lowered)) {
        const bool is_allowed = std::any_of(allowed.begin(), allowed.end(), [&use](const Use& place) {
          return place.begin <= use.begin && use.end <= place.end;
        });
        if (is_allowed) continue;
        const size_t start = use.begin < 30 ? 0 : use.begin - 30;
        ADD_FAILURE() << text.name << ":" << text.lines[use.begin] << ": \"" << word.word << "\" in \"..."
                      << text.characters.substr(start, use.end - start + 30)
                      << "...\"; instead: " << word.instead;
      }
    }
  }
  for (const AllowedUse& use : list.allowed) {
    const bool is_general = use.file.find('*') != std::string::npos;
    EXPECT_TRUE(is_general || found[use.line] > 0) << "no longer needed in words.txt: " << use.line;
  }
}

}  // namespace
}  // namespace kiloword
