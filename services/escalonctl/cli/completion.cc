#include "services/escalonctl/cli/completion.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>

#include "services/escalonctl/cli/session.h"
#include "services/escalonctl/cli/settings.h"

namespace escalon::escalonctl {
namespace {

std::vector<std::string> Names(const Option& option) {
  std::vector<std::string> out;
  std::string rest = option.name;
  while (!rest.empty()) {
    const size_t comma = rest.find(',');
    out.push_back(rest.substr(0, comma));
    rest = comma == std::string::npos ? "" : rest.substr(comma + 1);
  }
  return out;
}

/// What may follow: words after a path of words, options of a command, words that an option takes.
struct Tables {
  struct Word {
    std::string word, what;
  };
  std::map<std::string, std::vector<Word>> words;    ///< "" and `handover`
  std::map<std::string, std::vector<Word>> options;  ///< by command
  std::map<std::string, std::string> choices;        ///< by `command --option`
  std::set<std::string> files;                       ///< `command --option` that takes a file

  explicit Tables(const Catalogue& catalogue) {
    std::set<std::string> seen;
    for (const CommandSection& section : catalogue.sections) {
      for (const CommandSpec& command : section.commands) {
        const size_t space = command.path.find(' ');
        const std::string first = command.path.substr(0, space);
        if (space == std::string::npos) {
          words[""].push_back({first, command.summary});
        } else {
          const CommandGroup* group = catalogue.FindGroup(first);
          if (seen.insert(first).second) words[""].push_back({first, group != nullptr ? group->summary : ""});
          words[first].push_back({command.path.substr(space + 1), command.summary});
        }
        for (const Option& option : command.options) Add(command.path, option);
        for (const Option& option : GlobalOptionsFor(command.reach)) Add(command.path, option);
        options[command.path].push_back({"--help", "Says more."});
      }
    }
  }

 private:
  void Add(const std::string& path, const Option& option) {
    if (option.positional()) {
      if (option.name == "FILE") files.insert(path + " ");
      for (const std::string& choice : option.choices) choices[path + " "] += " " + choice;
      return;
    }
    for (const std::string& name : Names(option)) {
      if (name.starts_with("--")) options[path].push_back({name, option.help});
      for (const std::string& choice : option.choices) choices[path + " " + name] += " " + choice;
      if (option.value == "FILE") files.insert(path + " " + name);
    }
  }
};

/// Within double quotes of a shell.
std::string Quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '$' || c == '`') out += '\\';
    out += c;
  }
  return out;
}

std::string Spaced(const std::vector<Tables::Word>& words) {
  std::string out;
  for (const Tables::Word& word : words) out += (out.empty() ? "" : " ") + word.word;
  return out;
}

constexpr std::string_view kBashHead = R"(# Completion of escalonctl for bash. Load it with
#   source <(escalonctl completion bash)
_escalonctl() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} place= word i next options=
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    [[ $word == -* ]] && break
    case "$place/$word" in
)";
constexpr std::string_view kBashMiddle = R"(      *) break ;;
    esac
  done
  case "$place $prev" in
)";
constexpr std::string_view kBashOptions = R"(  esac
  case "$place" in
)";
constexpr std::string_view kBashTail = R"(  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
  else
    COMPREPLY=($(compgen -W "$next" -- "$cur"))
    ((${#COMPREPLY[@]})) || compopt -o default 2> /dev/null
  fi
}
complete -F _escalonctl escalonctl
)";

constexpr std::string_view kZshHead = R"(#compdef escalonctl
# Completion of escalonctl for zsh. Put it into a folder of $fpath as _escalonctl:
#   escalonctl completion zsh > "${fpath[1]}/_escalonctl"
_escalonctl() {
  local place= word prev=${words[CURRENT-1]} i
  local -a next options
  for ((i = 2; i < CURRENT; i++)); do
    word=${words[i]}
    [[ $word == -* ]] && break
    case "$place/$word" in
)";
constexpr std::string_view kZshMiddle = R"(      *) break ;;
    esac
  done
  case "$place $prev" in
)";
constexpr std::string_view kZshTail = R"(  esac
  if [[ ${words[CURRENT]} == -* ]]; then
    _describe -o option options
  elif ((${#next})); then
    _describe command next
  else
    _files
  fi
}
if [[ $funcstack[1] == _escalonctl ]]; then _escalonctl "$@"; else compdef _escalonctl escalonctl; fi
)";

/// `"/handover") place="handover" ;;`: how the words so far name a command.
std::string PathCases(const Tables& tables) {
  std::string out;
  for (const auto& [path, words] : tables.words) {
    for (const Tables::Word& word : words) {
      const std::string whole = path.empty() ? word.word : path + " " + word.word;
      out += "      \"" + path + "/" + word.word + "\") place=\"" + whole + "\" ;;\n";
    }
  }
  return out;
}

/// Words with what they mean, for _describe; colons in them mean something.
std::string Described(const std::vector<Tables::Word>& words) {
  std::string out;
  for (const Tables::Word& word : words) {
    std::string what = word.what;
    std::replace(what.begin(), what.end(), ':', ',');
    out += " \"" + word.word + ":" + Quoted(what) + "\"";
  }
  return out;
}

ExitCode Print(Session& session, const std::string& script) {
  session.printer().out() << script;
  return ExitCode::kOk;
}

}  // namespace

std::string BashCompletion(const Catalogue& catalogue) {
  const Tables tables(catalogue);
  std::string out = std::string(kBashHead) + PathCases(tables) + std::string(kBashMiddle);
  for (const auto& [place, words] : tables.choices) {
    if (place.ends_with(' ')) continue;
    out += "    \"" + place + "\") COMPREPLY=($(compgen -W \"" + words.substr(1) + "\" -- \"$cur\")); return ;;\n";
  }
  for (const std::string& place : tables.files) {
    if (!place.ends_with(' ')) out += "    \"" + place + "\") COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n";
  }
  out += kBashOptions;
  for (const auto& [path, words] : tables.words) out += "    \"" + path + "\") next=\"" + Spaced(words) + "\" ;;\n";
  for (const auto& [path, words] : tables.options) {
    const auto choices = tables.choices.find(path + " ");
    out += "    \"" + path + "\") options=\"" + Spaced(words) + "\"" +
           (choices == tables.choices.end() ? "" : " next=\"" + choices->second.substr(1) + "\"") + " ;;\n";
  }
  return out + std::string(kBashTail);
}

std::string ZshCompletion(const Catalogue& catalogue) {
  const Tables tables(catalogue);
  std::string out = std::string(kZshHead) + PathCases(tables) + std::string(kZshMiddle);
  for (const auto& [place, words] : tables.choices) {
    if (!place.ends_with(' ')) out += "    \"" + place + "\") compadd --" + words + "; return ;;\n";
  }
  for (const std::string& place : tables.files) {
    if (!place.ends_with(' ')) out += "    \"" + place + "\") _files; return ;;\n";
  }
  out += "  esac\n  case \"$place\" in\n";
  for (const auto& [path, words] : tables.words) out += "    \"" + path + "\") next=(" + Described(words) + " ) ;;\n";
  for (const auto& [path, words] : tables.options) {
    const auto choices = tables.choices.find(path + " ");
    out += "    \"" + path + "\") options=(" + Described(words) + " )" +
           (choices == tables.choices.end() ? "" : "; next=(" + choices->second.substr(1) + ")") + " ;;\n";
  }
  return out + std::string(kZshTail);
}

CommandSection ShellSection() {
  CommandSection out{.title = "Shell"};
  out.commands.push_back({.path = "completion",
                          .summary = "A script that completes commands and options in your shell.",
                          .options = {{.name = "SHELL",
                                       .kind = ValueKind::kChoice,
                                       .help = "Which.",
                                       .choices = {"bash", "zsh"},
                                       .required = true}},
                          .examples = {{"source <(escalonctl completion bash)", "For this shell."},
                                       {"escalonctl completion zsh > \"${fpath[1]}/_escalonctl\"", "For every zsh."}},
                          .reach = kNothing,
                          .run = [](Session& session, const Arguments& arguments) {
                            const Catalogue catalogue = AllCommands();
                            return Print(session, arguments.Text("SHELL") == "bash" ? BashCompletion(catalogue)
                                                                                    : ZshCompletion(catalogue));
                          }});
  return out;
}

}  // namespace escalon::escalonctl
