#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "services/escalonctl/cli/exit_code.h"

/// Commands as data: what they are called, what they take, what they do. Parser, help, shell completion and the
/// requests to the services are all made from this one description.
namespace escalon::escalonctl {

class Session;

/// What a value has to look like.
enum class ValueKind : uint8_t {
  kFlag,  ///< takes none
  kText,
  kNumber,    ///< a whole one, `least`..`most`
  kChoice,    ///< one of `choices`
  kInstant,   ///< RFC 3339, `now`, or `+1h30m` from now by this machine's clock
  kDuration,  ///< `1h30m`
  kPair,      ///< NAME=VALUE
  kMoney,     ///< `1200.50 EUR`; on the wire its smallest units and the currency
};

/// An option, or a positional argument when the name has no dashes.
struct Option {
  std::string name;  ///< `--to-level`, `--output,-o`, `CASE`
  ValueKind kind = ValueKind::kText;
  std::string help;
  /// Where it goes in the request, dots between names: `filter.team`; empty: the command itself looks at it.
  std::string field = {};
  std::string prefix = {};  ///< of a choice's name on the wire: `TRACK_` makes `functional` TRACK_FUNCTIONAL
  std::vector<std::string> choices = {};
  bool required = false;
  bool repeated = false;
  int64_t least = 0;
  int64_t most = INT64_MAX;
  std::string fallback = {};  ///< said in the help; the command applies it
  std::string value = {};     ///< what stands for the value in the help: `TEAM`

  bool positional() const { return !name.starts_with('-'); }
  /// `to-level`: the first long name without dashes, or the positional name.
  std::string key() const;
};

/// Values by key, as they were given and judged.
class Arguments {
 public:
  void Set(const std::string& key, std::vector<std::string> values) { values_[key] = std::move(values); }
  bool Has(std::string_view key) const { return values_.find(key) != values_.end(); }
  /// The last one given; `fallback` when none was.
  std::string Text(std::string_view key, std::string_view fallback = {}) const;
  std::vector<std::string> List(std::string_view key) const;
  int64_t Number(std::string_view key, int64_t fallback) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

/// What a command talks to, for the options that its help shows.
enum Reach : uint8_t { kNothing = 0, kIntake = 1, kKafka = 2, kRedis = 4, kRouting = 8 };

struct Example {
  std::string line;
  std::string what;
};

struct CommandSpec {
  std::string path;  ///< `handover offer`
  std::string summary;
  std::string details = {};
  std::vector<Option> options = {};
  std::vector<Example> examples = {};
  uint8_t reach = kIntake;
  std::function<ExitCode(Session&, const Arguments&)> run = {};
};

/// A word before others: `handover`.
struct CommandGroup {
  std::string path;
  std::string summary;
};

}  // namespace escalon::escalonctl
