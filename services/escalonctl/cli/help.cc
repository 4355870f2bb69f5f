#include "services/escalonctl/cli/help.h"

#include <algorithm>
#include <vector>

#include "services/escalonctl/cli/settings.h"

namespace escalon::escalonctl {
namespace {

constexpr size_t kWidth = 80;

constexpr std::string_view kExitStatus =
    "EXIT STATUS\n"
    "    0  done\n"
    "    1  refused, or failed for good\n"
    "    2  wrong usage or configuration: nothing was done\n"
    "    3  no such case, document or person, or not for this credential\n"
    "    4  something is away, or the outcome is unknown: a repeat may succeed\n"
    "    5  it ran and found something that is not as it must be\n";

/// Words of `text` in lines of at most kWidth columns, each after `indent` spaces.
std::string Wrapped(std::string_view text, size_t indent) {
  std::string out, line;
  const auto flush = [&] {
    if (!line.empty()) out += std::string(indent, ' ') + line + "\n";
    line.clear();
  };
  size_t at = 0;
  while (at < text.size()) {
    if (text[at] == '\n') {
      flush();
      ++at;
      continue;
    }
    const size_t end = std::min(text.find_first_of(" \n", at), text.size());
    const std::string_view word = text.substr(at, end - at);
    if (!line.empty() && indent + line.size() + 1 + word.size() > kWidth) flush();
    if (!word.empty()) line.append(line.empty() ? "" : " ").append(word);
    at = end < text.size() && text[end] == ' ' ? end + 1 : end;
  }
  flush();
  return out;
}

std::string OptionText(const Option& option) {
  std::string names = option.name;
  for (size_t comma = names.find(','); comma != std::string::npos; comma = names.find(',', comma + 2)) {
    names.replace(comma, 1, ", ");
  }
  std::string out = "    " + names;
  if (!option.positional() && option.kind != ValueKind::kFlag) out += " " + ValueName(option);
  out += "\n";
  std::string help = option.help;
  if (option.kind == ValueKind::kChoice) {
    help += " One of ";
    for (size_t i = 0; i < option.choices.size(); ++i) help += (i == 0 ? "" : ", ") + option.choices[i];
    help += ".";
  }
  if (!option.fallback.empty()) help += " Default: " + option.fallback + ".";
  if (option.repeated) help += " May be given several times.";
  if (option.required && !option.positional()) help += " Required.";
  return out + Wrapped(help, 8);
}

std::string Synopsis(const CommandSpec& command) {
  std::string line = "escalonctl " + command.path;
  for (const Option& option : command.options) {
    if (option.positional()) {
      const std::string name = option.name + (option.repeated ? "..." : "");
      line += option.required ? " " + name : " [" + name + "]";
    }
  }
  bool more = false;
  for (const Option& option : command.options) {
    if (option.positional()) continue;
    if (option.required) {
      line += " " + option.name.substr(0, option.name.find(',')) + " " + ValueName(option);
    } else {
      more = true;
    }
  }
  return line + (more ? " [option...]" : "");
}

std::string Row(std::string_view name, std::string_view what, size_t width) {
  return "    " + std::string(name) + std::string(width - name.size() + 2, ' ') + std::string(what) + "\n";
}

}  // namespace

std::string ValueName(const Option& option) {
  if (!option.value.empty()) return option.value;
  switch (option.kind) {
    case ValueKind::kFlag:
      return {};
    case ValueKind::kNumber:
      return "N";
    case ValueKind::kChoice:
      return "WORD";
    case ValueKind::kInstant:
      return "INSTANT";
    case ValueKind::kDuration:
      return "SPAN";
    case ValueKind::kPair:
      return "NAME=VALUE";
    case ValueKind::kMoney:
      return "AMOUNT";
    case ValueKind::kText:
      break;
  }
  return "TEXT";
}

std::string OverviewText(const Catalogue& catalogue) {
  std::string out =
      "NAME\n    escalonctl - operates and uses Escalon from the command line\n\n"
      "SYNOPSIS\n    escalonctl COMMAND [argument...] [option...]\n    escalonctl COMMAND --help\n";
  size_t width = 0;
  for (const CommandSection& section : catalogue.sections) {
    for (const CommandSpec& command : section.commands) width = std::max(width, command.path.size());
  }
  for (const CommandSection& section : catalogue.sections) {
    std::string title = section.title;
    std::transform(title.begin(), title.end(), title.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    out += "\n" + title + "\n";
    for (const CommandSpec& command : section.commands) out += Row(command.path, command.summary, width);
  }
  out += "\nOPTIONS OF EVERY COMMAND\n";
  for (const Option& option : GlobalOptionsFor(kNothing)) out += OptionText(option);
  out += "    --version, -V\n        Says which version this is.\n";
  out +=
      "\nCONFIGURATION\n"
      "    What is not given as an option comes from the environment (ESCALON_ADDRESS, ESCALON_KEY,\n"
      "    ESCALON_KEY_FILE, ESCALON_OUTPUT, ESCALON_TIMEOUT, ESCALON_KAFKA, ESCALON_PREFIX, ESCALON_REDIS,\n"
      "    ESCALON_REDIS_PASSWORD, ESCALON_ROUTING, ESCALON_TLS_AUTHORITY, ...), else from\n"
      "    ~/.config/escalon/ctl.yaml, whose keys are the names of the options with _ for -: address, key_file,\n"
      "    kafka, ...\n\n";
  return out + std::string(kExitStatus);
}

std::string GroupText(const Catalogue& catalogue, const CommandGroup& group) {
  std::string out = "NAME\n    escalonctl " + group.path + " - " + group.summary + "\n\nCOMMANDS\n";
  size_t width = 0;
  std::vector<const CommandSpec*> commands;
  for (const CommandSection& section : catalogue.sections) {
    for (const CommandSpec& command : section.commands) {
      if (!command.path.starts_with(group.path + " ")) continue;
      commands.push_back(&command);
      width = std::max(width, command.path.size());
    }
  }
  for (const CommandSpec* command : commands) out += Row(command->path, command->summary, width);
  return out + "\n    escalonctl " + group.path + " COMMAND --help says more.\n";
}

std::string CommandText(const CommandSpec& command) {
  std::string out = "NAME\n" + Wrapped("escalonctl " + command.path + " - " + command.summary, 4);
  out += "\nSYNOPSIS\n    " + Synopsis(command) + "\n";
  if (!command.details.empty()) out += "\nDESCRIPTION\n" + Wrapped(command.details, 4);
  if (!command.options.empty()) {
    out += "\nOPTIONS\n";
    for (const Option& option : command.options) out += OptionText(option);
  }
  out += "\nCOMMON OPTIONS\n";
  for (const Option& option : GlobalOptionsFor(command.reach)) out += OptionText(option);
  if (!command.examples.empty()) {
    out += "\nEXAMPLES\n";
    for (const Example& example : command.examples) {
      out += "    " + example.line + "\n" + Wrapped(example.what, 8);
    }
  }
  return out + "\n" + std::string(kExitStatus);
}

}  // namespace escalon::escalonctl
