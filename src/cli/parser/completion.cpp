#include "cli/parser/completion.h"

#include <algorithm>

#include "kiloword/base/error.h"
#include "kiloword/base/text.h"

namespace kiloword::cli {
namespace {

enum class ValueKind { kWords, kModel, kLabels, kFile, kOther };

ValueKind kind_of(const OptionLine& line) {
  const auto holds = [&](const char* part) { return line.value.find(part) != std::string::npos; };
  if (!line.words.empty()) return ValueKind::kWords;
  const bool is_placeholder = line.value == "M" || line.value == "[M]" || line.value == "M...";
  if (is_placeholder) return ValueKind::kModel;
  if (holds("NAME|FILE") || holds("SET")) return ValueKind::kLabels;
  const bool is_path = holds("FILE") || holds("DIR") || holds("PATH") || line.long_name.empty();
  return is_path ? ValueKind::kFile : ValueKind::kOther;
}

constexpr const char* kModelNames = "$(kiloword models list 2>/dev/null | sed -n '2,$s/ .*//p')";
constexpr const char* kLabelNames = "$(kiloword labels list 2>/dev/null | sed -n '2,$s/ .*//p')";

/// The words that complete a value in a POSIX shell's double quotes; empty where files do.
std::string candidates(const OptionLine& line) {
  if (kind_of(line) == ValueKind::kModel) return kModelNames;
  if (kind_of(line) == ValueKind::kLabels) return kLabelNames;
  return joined(line.words, " ");
}

/// A command's name below the program: "labels show"; empty for the program.
std::string below_program(const CommandPage& page) {
  const size_t space = page.path.find(' ');
  return space == std::string::npos ? "" : page.path.substr(space + 1);
}

std::string last_name(const CommandPage& page) {
  return page.path.substr(page.path.rfind(' ') + 1);
}

std::vector<const CommandPage*> all_pages(const CommandPage& program) {
  std::vector<const CommandPage*> pages{&program};
  for (const CommandPage& command : program.commands) {
    for (const CommandPage* page : all_pages(command)) pages.push_back(page);
  }
  return pages;
}

std::vector<OptionLine> all_options(const CommandPage& page) {
  std::vector<OptionLine> lines;
  for (const auto& [group, own] : page.groups) lines.insert(lines.end(), own.begin(), own.end());
  lines.insert(lines.end(), page.general.begin(), page.general.end());
  return lines;
}

std::vector<std::string> names_of(const OptionLine& line) {
  std::vector<std::string> names;
  if (!line.long_name.empty()) names.push_back("--" + line.long_name);
  if (!line.short_name.empty()) names.push_back("-" + line.short_name);
  return names;
}

/// `text` within a shell's single quotes.
std::string quoted(const std::string& text, const std::string& for_quote) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? for_quote : std::string(1, c);
  return result + "'";
}

/// "' caption' | ' labels' | 'labels list'": where one more word makes a longer command.
std::string command_patterns(const CommandPage& program) {
  std::string patterns;
  for (const CommandPage* page : all_pages(program)) {
    const std::string name = below_program(*page);
    if (name.empty()) continue;
    const std::string pattern = name.find(' ') == std::string::npos ? " " + name : name;
    patterns += (patterns.empty() ? "" : " | ") + ("'" + pattern + "'");
  }
  return patterns;
}

std::string bash_script(const CommandPage& program) {
  std::string options;
  std::string values;
  for (const CommandPage* page : all_pages(program)) {
    const std::string name = below_program(*page);
    std::string words;
    for (const CommandPage& command : page->commands) words += last_name(command) + " ";
    for (const OptionLine& argument : page->arguments) {
      const std::string own = candidates(argument);
      if (!own.empty()) words += own + " ";
    }
    std::string names;
    for (const OptionLine& line : all_options(*page)) {
      std::string pattern;
      for (const std::string& option : names_of(line)) {
        names += (names.empty() ? "" : " ") + option;
        pattern += (pattern.empty() ? "'" : " | '") + name + ":" + option + "'";
      }
      if (line.value.empty()) continue;
      values += "    " + pattern + ") words=\"" + candidates(line) + "\"; names='' ;;\n";
    }
    options += "    '" + name + "') words=\"" + words + "\"; names='" + names + "' ;;\n";
  }
  return R"(# bash completion for kiloword
_kiloword() {
  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command='' words='' names='' i
  if [[ $current == '=' ]]; then
    current=''
  elif [[ $before == '=' ]]; then
    before=${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$command ${COMP_WORDS[i]}" in
      )" +
         command_patterns(program) +
         R"() command="${command:+$command }${COMP_WORDS[i]}" ;;
    esac
  done
  case $command in
)" + options +
         R"(  esac
  case "$command:$before" in
)" + values +
         R"(  esac
  if [[ $current == -* ]]; then words=$names; fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o bashdefault -o default -F _kiloword kiloword
)";
}

/// Help without what ends a description in zsh's specifications.
std::string zsh_description(const std::string& help) {
  std::string text;
  for (const char c : help) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

std::string zsh_action(const OptionLine& line) {
  switch (kind_of(line)) {
    case ValueKind::kWords:
      return "(" + candidates(line) + ")";
    case ValueKind::kModel:
      return "_kiloword_models";
    case ValueKind::kLabels:
      return "_kiloword_labels";
    case ValueKind::kFile:
      return "_files";
    case ValueKind::kOther:
      break;
  }
  return " ";
}

std::string zsh_script(const CommandPage& program) {
  std::string cases;
  for (const CommandPage* page : all_pages(program)) {
    cases += "    '" + below_program(*page) + "')\n      ";
    if (!page->commands.empty()) {
      cases += "if [[ $PREFIX != -* ]]; then\n        local -a commands=(";
      for (const CommandPage& command : page->commands) {
        cases += " " + quoted(last_name(command) + ":" + zsh_description(command.description), "'\\''");
      }
      cases += ")\n        _describe command commands\n        return\n      fi\n      ";
    }
    cases += "_arguments -s";
    for (const OptionLine& line : all_options(*page)) {
      for (const std::string& name : names_of(line)) {
        const bool is_long = name.compare(0, 2, "--") == 0;
        std::string spec =
            "*" + name + (!line.value.empty() && is_long ? "=" : "") + "[" + zsh_description(line.help) + "]";
        if (!line.value.empty()) spec += ":" + zsh_description(line.value) + ":" + zsh_action(line);
        cases += " \\\n        " + quoted(spec, "'\\''");
      }
    }
    const OptionLine* last = page->arguments.empty() ? nullptr : &page->arguments.front();
    cases += " \\\n        '*:argument:" + (last == nullptr ? "_files" : zsh_action(*last)) + "' ;;\n";
  }
  // clang-format off: it takes the script for C++
  return R"zsh(#compdef kiloword
_kiloword_models() { compadd -- ${(f)"$(kiloword models list 2>/dev/null | sed -n '2,$s/ .*//p')"} || _files; }
_kiloword_labels() { compadd -- ${(f)"$(kiloword labels list 2>/dev/null | sed -n '2,$s/ .*//p')"}; _files; }
_kiloword() {
  local command='' word
  for word in ${words[2,CURRENT-1]}; do
    case "$command $word" in
      )zsh" +
         command_patterns(program) +
         R"zsh() command="${command:+$command }$word" ;;
    esac
  done
  case $command in
)zsh" + cases +
         R"zsh(  esac
}
if [[ $funcstack[1] == _kiloword ]]; then _kiloword "$@"; else compdef _kiloword kiloword; fi
)zsh";
  // clang-format on
}

std::string fish_value(const OptionLine& line) {
  switch (kind_of(line)) {
    case ValueKind::kWords:
      return " -x -a '" + candidates(line) + "'";
    case ValueKind::kModel:
      return " -r -a '(kiloword models list 2>/dev/null | string replace -r \" .*\" \"\" | tail -n +2)'";
    case ValueKind::kLabels:
      return " -r -a '(kiloword labels list 2>/dev/null | string replace -r \" .*\" \"\" | tail -n +2)'";
    case ValueKind::kFile:
      return " -r";
    case ValueKind::kOther:
      break;
  }
  return " -x";
}

std::string fish_script(const CommandPage& program) {
  std::string names;
  std::string lines;
  for (const CommandPage* page : all_pages(program)) {
    const std::string name = below_program(*page);
    if (!name.empty()) names += " '" + name + "'";
    const std::string begin = "complete -c kiloword -n '__kiloword_at " + name + "'";
    for (const CommandPage& command : page->commands) {
      lines += begin + " -f -a " + last_name(command) + " -d " + quoted(command.description, "\\'") + "\n";
    }
    for (const OptionLine& argument : page->arguments) {
      const ValueKind kind = kind_of(argument);
      if (kind == ValueKind::kModel || kind == ValueKind::kLabels)
        lines += begin + fish_value(argument) + "\n";
    }
    for (const OptionLine& line : all_options(*page)) {
      lines += begin;
      if (!line.short_name.empty()) lines += " -s " + line.short_name;
      if (!line.long_name.empty()) lines += " -l " + line.long_name;
      if (!line.value.empty()) lines += fish_value(line);
      lines += " -d " + quoted(line.help, "\\'") + "\n";
    }
  }
  return R"(# fish completion for kiloword
function __kiloword_at
    set -l path
    for word in (commandline -opc)[2..]
        if contains -- (string join -- ' ' $path $word))" +
         names + R"(
            set -a path $word
        end
    end
    test (string join -- ' ' x $path) = (string join -- ' ' x $argv)
end
)" + lines;
}

}  // namespace

std::string completion_script(const CommandPage& program, const std::string& shell) {
  if (shell == "bash") return bash_script(program);
  if (shell == "zsh") return zsh_script(program);
  if (shell == "fish") return fish_script(program);
  throw Error(ErrorKind::kUsage, "no completion for this shell", shell, "use bash, zsh or fish");
}

}  // namespace kiloword::cli
