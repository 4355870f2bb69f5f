#include "services/escalonctl/cli/parser.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "common/domain/money.h"
#include "common/runtime/nearest.h"
#include "services/escalonctl/cli/settings.h"

namespace escalon::escalonctl {
namespace {

std::optional<InstantMs> InstantOf(const std::string& text, InstantMs now) {
  if (text == "now") return now;
  if (text.starts_with("+")) {
    const Result<DurationMs> span = ParseDuration(std::string_view(text).substr(1));
    if (!span) return std::nullopt;
    return now + *span;
  }
  const Result<InstantMs> at = ParseInstant(text);
  if (!at) return std::nullopt;
  return *at;
}

/// What is wrong with a value; empty: nothing.
std::string Judge(const Option& option, const std::string& value) {
  switch (option.kind) {
    case ValueKind::kNumber: {
      int64_t number = 0;
      const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
      if (problem == std::errc() && end == value.data() + value.size() && number >= option.least &&
          number <= option.most)
        return {};
      return option.most == INT64_MAX
                 ? "must be a whole number from " + std::to_string(option.least)
                 : "must be a whole number from " + std::to_string(option.least) + " to " + std::to_string(option.most);
    }
    case ValueKind::kChoice: {
      if (std::find(option.choices.begin(), option.choices.end(), value) != option.choices.end()) return {};
      std::string known;
      for (const std::string& choice : option.choices) known += (known.empty() ? "" : ", ") + choice;
      return "must be one of " + known + runtime::DidYouMean(value, option.choices);
    }
    case ValueKind::kInstant:
      if (InstantOf(value, 0)) return {};
      return "must be an instant such as 2030-04-23T16:00:00Z, now, or +1h30m from now";
    case ValueKind::kDuration:
      if (const Result<DurationMs> span = ParseDuration(value); !span) return span.error().message;
      return {};
    case ValueKind::kPair:
      if (const size_t equals = value.find('='); equals != 0 && equals != std::string::npos) return {};
      return "must be NAME=VALUE";
    case ValueKind::kMoney:
      if (const Result<Money> money = ParseMoney(value, ""); !money) return money.error().fields.front().message;
      return {};
    case ValueKind::kFlag:
    case ValueKind::kText:
      break;
  }
  return {};
}

struct Binding {
  const Option* option;
  CLI::Option* bound;
};

class Parser {
 public:
  Parser(const Catalogue& catalogue, const Clock& clock)
      : catalogue_(catalogue), clock_(clock), root_("", "escalonctl"), global_(GlobalOptions()) {
    root_.require_subcommand(1, 1);
    root_.set_version_flag("--version,-V", std::string("escalonctl"));
    for (const Option& option : global_) globals_.push_back(Bind(&root_, option));
    for (const CommandSection& section : catalogue.sections) {
      for (const CommandSpec& command : section.commands) AddCommand(command);
    }
  }

  Result<Parsed> Run(std::vector<std::string> words) {
    const std::vector<std::string> given = words;
    std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
    try {
      root_.parse(words);
    } catch (const CLI::CallForHelp&) {
      return Help();
    } catch (const CLI::CallForVersion&) {
      Parsed out;
      out.kind = Parsed::Kind::kVersion;
      return out;
    } catch (const CLI::ParseError& e) {
      return Wrong(e.what(), given);
    }
    Parsed out;
    for (const auto& [app, command] : apps_) {
      if (!app->parsed()) continue;
      out.command = command;
      out.path = command->path;
      Collect(bindings_.at(app), &out.arguments);
    }
    Collect(globals_, &out.arguments);
    return out;
  }

 private:
  static Binding Bind(CLI::App* app, const Option& option) {
    if (option.kind == ValueKind::kFlag) return {&option, app->add_flag(option.name)};
    CLI::Option* bound = app->add_option(option.name);
    bound->required(option.required);
    if (option.repeated) {
      if (option.positional()) bound->expected(-1);
      bound->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    }
    bound->check([&option](const std::string& value) { return Judge(option, value); }, "");
    return {&option, bound};
  }

  void AddCommand(const CommandSpec& command) {
    CLI::App* app = &root_;
    std::string rest = command.path, path;
    while (!rest.empty()) {
      const size_t space = rest.find(' ');
      const std::string word = rest.substr(0, space);
      rest = space == std::string::npos ? "" : rest.substr(space + 1);
      path += (path.empty() ? "" : " ") + word;
      CLI::App*& next = by_path_[path];
      if (next == nullptr) {
        next = app->add_subcommand(word);
        next->fallthrough();
        if (!rest.empty()) next->require_subcommand(1, 1);
      }
      app = next;
    }
    apps_.emplace_back(app, &command);
    std::vector<Binding>& bindings = bindings_[app];
    for (const Option& option : command.options) bindings.push_back(Bind(app, option));
  }

  void Collect(const std::vector<Binding>& bindings, Arguments* out) const {
    for (const Binding& binding : bindings) {
      if (binding.bound->count() == 0) continue;
      std::vector<std::string> values;
      if (binding.option->kind != ValueKind::kFlag) values = binding.bound->results();
      if (binding.option->kind == ValueKind::kInstant) {
        for (std::string& value : values) value = FormatInstant(InstantOf(value, clock_.WallMs()).value_or(0));
      }
      out->Set(binding.option->key(), std::move(values));
    }
  }

  std::string DeepestPath() const {
    std::string path;
    const CLI::App* app = &root_;
    while (true) {
      const auto under = app->get_subcommands();
      if (under.empty()) return path;
      app = under.front();
      path += (path.empty() ? "" : " ") + app->get_name();
    }
  }

  Parsed Help() const {
    Parsed out;
    out.kind = Parsed::Kind::kHelp;
    out.path = DeepestPath();
    return out;
  }

  Error Wrong(const std::string& what, const std::vector<std::string>& given) const {
    Error error{ErrorCode::kInvalidArgument, what};
    const std::string path = DeepestPath();
    const bool group = !path.empty() && catalogue_.Find(path) == nullptr;
    if (path.empty() || group) {
      const auto skipped = std::find_if(given.begin(), given.end(), [&](const std::string& word) {
        return !word.starts_with("-") && (path.empty() || word != path);
      });
      if (skipped != given.end()) {
        error.message = "no command \"" + (group ? path + " " : "") + *skipped + "\"" +
                        (group ? "" : runtime::DidYouMean(*skipped, catalogue_.FirstWords()));
      } else {
        error.message = group ? "\"" + path + "\" needs one more word" : "a command is required";
      }
    }
    error.message += "; see escalonctl " + (path.empty() ? "" : path + " ") + "--help";
    return error;
  }

  const Catalogue& catalogue_;
  const Clock& clock_;
  CLI::App root_;
  const std::vector<Option> global_;
  std::vector<Binding> globals_;
  std::map<std::string, CLI::App*> by_path_;
  std::vector<std::pair<CLI::App*, const CommandSpec*>> apps_;
  std::map<const CLI::App*, std::vector<Binding>> bindings_;
};

}  // namespace

Result<Parsed> Parse(const Catalogue& catalogue, const std::vector<std::string>& words, const Clock& clock) {
  return Parser(catalogue, clock).Run(words);
}

}  // namespace escalon::escalonctl
