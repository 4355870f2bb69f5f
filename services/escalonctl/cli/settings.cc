#include "services/escalonctl/cli/settings.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "common/runtime/address.h"
#include "common/runtime/nearest.h"
#include "common/runtime/yaml_values.h"

namespace escalon::escalonctl {
namespace {

constexpr size_t kMostFileBytes = 64 * 1024;

/// One setting by all its names. The key of the option is the key in the file with `_` for `-`.
struct Source {
  const char* option;    ///< key of the option
  const char* variable;  ///< of the environment; nullptr: none
};
constexpr Source kSources[] = {{"output", "ESCALON_OUTPUT"},
                               {"address", "ESCALON_ADDRESS"},
                               {"routing", "ESCALON_ROUTING"},
                               {"key", "ESCALON_KEY"},
                               {"key-file", "ESCALON_KEY_FILE"},
                               {"timeout", "ESCALON_TIMEOUT"},
                               {"tls-authority", "ESCALON_TLS_AUTHORITY"},
                               {"tls-certificate", "ESCALON_TLS_CERTIFICATE"},
                               {"tls-key", "ESCALON_TLS_KEY"},
                               {"kafka", "ESCALON_KAFKA"},
                               {"prefix", "ESCALON_PREFIX"},
                               {"generation", nullptr},
                               {"redis", "ESCALON_REDIS"},
                               {"redis-password", "ESCALON_REDIS_PASSWORD"}};

std::string FileKey(std::string_view option) {
  std::string key(option);
  std::replace(key.begin(), key.end(), '-', '_');
  return key;
}

struct FileValues {
  std::map<std::string, std::string> values;
  std::vector<std::string> kafka_settings;
};

Result<FileValues> ReadFile(const std::string& path) {
  Result<std::string> text = ReadGuardedFile("config", path, kMostFileBytes, false);
  if (!text) return text.error();
  std::vector<FieldViolation> problems;
  const auto leaves = runtime::ReadYaml(*text, problems);
  if (!leaves) return leaves.error();
  if (!problems.empty()) return InvalidField(path + ": " + problems.front().field, problems.front().message);
  std::vector<std::string> known{"kafka_settings"};
  for (const Source& source : kSources) known.push_back(FileKey(source.option));
  FileValues out;
  for (const runtime::YamlValue& leaf : *leaves) {
    const std::string where = path + ", line " + std::to_string(leaf.line) + ": " + leaf.name;
    if (std::find(known.begin(), known.end(), leaf.name) == known.end()) {
      return InvalidField(where, "is no setting" + runtime::DidYouMean(leaf.name, known));
    }
    if (leaf.value.is_list != (leaf.name == "kafka_settings")) {
      return InvalidField(where, leaf.value.is_list ? "takes one value" : "takes a list of NAME=VALUE");
    }
    if (leaf.value.is_list) {
      out.kafka_settings = leaf.value.items;
    } else {
      out.values[leaf.name] = leaf.value.text;
    }
  }
  // A secret in it makes the whole file one.
  if (out.values.contains("key") || out.values.contains("redis_password")) {
    if (const auto guarded = ReadGuardedFile("config", path, kMostFileBytes, true); !guarded) return guarded.error();
  }
  return out;
}

std::string DefaultFile(const Environment& environment) {
  std::string folder = environment("XDG_CONFIG_HOME");
  if (folder.empty()) {
    const std::string home = environment("HOME");
    if (home.empty()) return {};
    folder = home + "/.config";
  }
  return folder + "/escalon/ctl.yaml";
}

std::string Trimmed(std::string text) {
  const size_t last = text.find_last_not_of(" \t\r\n");
  text.erase(last == std::string::npos ? 0 : last + 1);
  return text;
}

/// Of one setting: the value and what to call it in an error.
struct Found {
  std::string value;
  std::string where;
  explicit operator bool() const { return !where.empty(); }
};

}  // namespace

log::KafkaConfig Settings::Kafka() const {
  log::KafkaConfig out;
  out.brokers = kafka;
  out.client_id = "escalonctl";
  out.extra = kafka_settings;
  return out;
}

std::vector<Option> GlobalOptions() { return GlobalOptionsFor(kIntake | kKafka | kRedis | kRouting); }

std::vector<Option> GlobalOptionsFor(uint8_t reach) {
  std::vector<Option> out{
      {.name = "--output,-o",
       .kind = ValueKind::kChoice,
       .help = "How to print.",
       .choices = {"table", "json"},
       .fallback = "table"},
      {.name = "--no-colour,--no-color",
       .kind = ValueKind::kFlag,
       .help = "No colours, also on a terminal (as NO_COLOR does)."},
      {.name = "--config", .help = "Configuration file.", .fallback = "~/.config/escalon/ctl.yaml", .value = "FILE"},
      {.name = "--timeout", .kind = ValueKind::kDuration, .help = "For each call.", .fallback = "10s"},
  };
  const auto add = [&](Option option) { out.push_back(std::move(option)); };
  if (reach & kIntake)
    add({.name = "--address", .help = "Intake's gRPC.", .fallback = "127.0.0.1:7001", .value = "HOST:PORT"});
  if (reach & kRouting) {
    add({.name = "--routing",
         .help = "gRPC of an instance of routing.",
         .fallback = "127.0.0.1:7003",
         .value = "HOST:PORT"});
  }
  if (reach & (kIntake | kRouting)) {
    add({.name = "--key",
         .help = "API key; better ESCALON_KEY or --key-file, which no other user can see.",
         .value = "TOKEN"});
    add({.name = "--key-file", .help = "File with the API key, readable by its owner only.", .value = "FILE"});
    add({.name = "--tls-authority", .help = "PEM file of the authority: turns TLS on.", .value = "FILE"});
    add({.name = "--tls-certificate",
         .help = "PEM file of the client's certificate, if the server wants one.",
         .value = "FILE"});
    add({.name = "--tls-key", .help = "PEM file of its key.", .value = "FILE"});
  }
  if (reach & kKafka) {
    add({.name = "--kafka,--brokers",
         .help = "Bootstrap brokers.",
         .fallback = "127.0.0.1:9092",
         .value = "HOST:PORT,..."});
    add({.name = "--prefix", .help = "Before the name of every topic.", .value = "TEXT"});
    add({.name = "--generation",
         .kind = ValueKind::kNumber,
         .help = "Of the case topic.",
         .least = 1,
         .most = 1000,
         .fallback = "1"});
    add({.name = "--kafka-setting",
         .kind = ValueKind::kPair,
         .help = "A librdkafka setting (security.protocol, sasl.*, ssl.*).",
         .repeated = true});
  }
  if (reach & kRedis) {
    add({.name = "--redis",
         .help = "Redis with the live view; its password is ESCALON_REDIS_PASSWORD's.",
         .value = "HOST:PORT"});
  }
  return out;
}

Result<Settings> ReadSettings(const Arguments& arguments, const Environment& environment) {
  FileValues file;
  std::string path = arguments.Text("config");
  const bool asked = !path.empty();
  if (!asked) path = DefaultFile(environment);
  std::error_code ignored;
  if (!path.empty() && (asked || std::filesystem::exists(path, ignored))) {
    Result<FileValues> read = ReadFile(path);
    if (!read) return read.error();
    file = std::move(*read);
  }
  const auto find = [&](const Source& source) -> Found {
    if (arguments.Has(source.option)) return {arguments.Text(source.option), std::string("--") + source.option};
    if (source.variable != nullptr) {
      if (std::string value = environment(source.variable); !value.empty()) return {std::move(value), source.variable};
    }
    const auto found = file.values.find(FileKey(source.option));
    if (found != file.values.end()) return {found->second, path + ": " + found->first};
    return {};
  };

  Settings out;
  std::string key_file, key_file_where;
  for (const Source& source : kSources) {
    const Found found = find(source);
    if (!found) continue;
    const std::string_view option = source.option;
    if (option == "output") {
      if (found.value != "table" && found.value != "json") return InvalidField(found.where, "must be table or json");
      out.json = found.value == "json";
    } else if (option == "address" || option == "routing" || option == "redis") {
      const auto address = runtime::ParseHostPort(found.value, found.where);
      if (!address) return address.error();
      (option == "address" ? out.address : option == "routing" ? out.routing : out.redis) = found.value;
    } else if (option == "key") {
      // A key given nearer than a file wins over it, whatever their order here.
      out.key = Secret(Trimmed(found.value));
    } else if (option == "key-file") {
      key_file = found.value;
      key_file_where = found.where;
    } else if (option == "timeout") {
      const Result<DurationMs> timeout = ParseDuration(found.value);
      if (!timeout) return InvalidField(found.where, timeout.error().message);
      if (*timeout < 1) return InvalidField(found.where, "must be at least 1ms");
      out.timeout = *timeout;
    } else if (option == "generation") {
      const char* end = found.value.data() + found.value.size();
      const auto [last, problem] = std::from_chars(found.value.data(), end, out.generation);
      if (problem != std::errc() || last != end || out.generation < 1)
        return InvalidField(found.where, "must be 1 or more");
    } else if (option == "redis-password") {
      out.redis_password = Secret(found.value);
    } else {
      (option == "tls-authority"     ? out.tls_authority
       : option == "tls-certificate" ? out.tls_certificate
       : option == "tls-key"         ? out.tls_key
       : option == "kafka"           ? out.kafka
                                     : out.prefix) = found.value;
    }
  }
  if (!key_file.empty() && (out.key.empty() || (arguments.Has("key-file") && !arguments.Has("key")))) {
    Result<std::string> text = ReadGuardedFile(key_file_where, key_file, kMostFileBytes, true);
    if (!text) return text.error();
    out.key = Secret(Trimmed(std::move(*text)));
    if (out.key.empty()) return InvalidField(key_file_where, key_file + " is empty; it must hold an API key");
  }
  std::vector<std::string> pairs = file.kafka_settings;
  for (std::string& pair : arguments.List("kafka-setting")) pairs.push_back(std::move(pair));
  for (const std::string& pair : pairs) {
    const size_t equals = pair.find('=');
    if (equals == 0 || equals == std::string::npos)
      return InvalidField("kafka-setting", "\"" + pair + "\" must be NAME=VALUE");
    out.kafka_settings[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  out.colour = !arguments.Has("no-colour") && environment("NO_COLOR").empty();
  return out;
}

}  // namespace escalon::escalonctl
